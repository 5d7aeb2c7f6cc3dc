// Keeping a copy of what was agreed to, and leaving a study: by oneself on a phone, at the desk and in the office.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe } from "node:test";

import { browserTest, button, checkPage, link, newPage, signIn, startBrowser, widths } from "./harness.js";
import { startServer } from "./server.js";

const heading = (page) => page.getByRole("heading", { level: 1 }).innerText();

/** Moves the focus by the keyboard alone until it is on what the selector finds. */
async function tabTo(page, selector) {
  const there = () => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
  for (let presses = 0; !(await there()); presses++) {
    assert.ok(presses < 60, `no way by keyboard to ${selector} on ${page.url()}`);
    await page.keyboard.press("Tab");
  }
}

/** Opens the desk's pages of people who have not left, one after the other, and resolves to their addresses. */
async function peopleAtDesk(desk) {
  await desk.goto(`${desk.url()}?show=all`);
  return desk.locator("table th a").evaluateAll((links) => links.map(({ href }) => href));
}

/** What the desk's page says of somebody's questionnaires. */
const standing = (desk) => desk.locator("section.ww-card h2").allInnerTexts();

/** Asks at the desk for the erasure of the person whose page it shows, up to the page that asks once more. */
async function askForErasure(desk) {
  await link(desk, "They want to leave the study").click();
  await desk.getByText("“Erase what can be erased”").first().click();
  await desk.getByText("On the telephone", { exact: true }).click();
  await button(desk, "Continue").click();
  await button(desk, "Erase their answers").waitFor();
}

for (const javaScript of [true, false]) {
  describe(javaScript ? "with JavaScript" : "without JavaScript", () => {
    let browser, server;
    const named = (name) => (javaScript ? name : undefined);
    const phone = () => newPage(browser, server, { width: widths.phone, javaScript });

    before(async () => {
      [browser, server] = await Promise.all([startBrowser(), startServer()]);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    browserTest("a patient keeps a copy, leaves by keyboard, and goes further to erasure", async () => {
      const page = await phone();
      await page.goto(server.links.patient);
      await link(page, "Start").click();
      for (const clause of await page.locator("label.ww-choice").all()) await clause.click();
      await button(page, "I agree and want to start").click();
      await page.locator(".ww-progress").waitFor();
      const question = page.url();
      await page.locator("label.ww-choice").first().click();
      await button(page, "Continue").click();
      await page.waitForURL((url) => url.href !== question);

      await link(page, "What you agreed to").click();
      assert.equal(await heading(page), "What you agreed to");
      await page.getByText("You agreed", { exact: true }).first().waitFor();
      await checkPage(page, named("agreed"));
      const [file] = await Promise.all([page.waitForEvent("download"), link(page, "Keep a copy (PDF)").click()]);
      assert.equal(file.suggestedFilename(), "what-you-agreed-to.pdf");
      assert.equal((await readFile(await file.path())).subarray(0, 5).toString(), "%PDF-");

      await page.getByRole("navigation", { name: "Your part in the study" }).getByRole("link", { name: "Leave the study" }).click();
      await checkPage(page, named("withdraw"));
      await button(page, "Continue").click();
      await page.getByRole("heading", { name: "There is a problem" }).waitFor();
      await checkPage(page, named("withdraw-error"));
      await tabTo(page, "main input[type=radio]");
      await page.keyboard.press("Space");
      await tabTo(page, "main button[type=submit]");
      await page.keyboard.press("Enter");
      await page.getByText("Nothing has happened yet").waitFor();
      await checkPage(page, named("withdraw-confirm"));
      await tabTo(page, "main button[type=submit]");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/withdrawn$/);
      await checkPage(page, named("withdrawn"));

      await page.goto(question);
      assert.equal(await heading(page), "You have left the study");
      await checkPage(page, named("closed-left"));
      await link(page, "How you have left the study").click();
      await link(page, "Ask for more than this").click();
      await page.getByText("Erase what can be erased", { exact: true }).first().click();
      await button(page, "Continue").click();
      await checkPage(page, named("withdraw-erase"));
      await button(page, "Leave and erase my answers").click();
      await page.waitForURL(/\/withdrawn$/);
      await page.getByText("Your answers are out of use.").waitFor();
      await checkPage(page, named("withdrawn-erasure"));
      assert.equal(await link(page, "Ask for more than this").count(), 0, "nothing goes further than erasure");
      await page.goBack();
      await page.goForward();
      assert.equal(await heading(page), "You have left the study");
      await button(page, "Finish on this device").click();
      await page.finish();

      const again = await phone();
      await again.goto(server.links.patient);
      assert.equal(await heading(again), "This code or link does not work");
      await again.finish();
    });

    browserTest("a practice records that somebody telephoned, and the team takes it back", async () => {
      const desk = await signIn(await newPage(browser, server, { javaScript }), server, "practice");
      await desk.goto(`${desk.url()}?show=all`);
      await desk.locator("table th a").first().click();
      const number = (await heading(desk)).replace("Person ", "");
      await link(desk, "They want to leave the study").click();
      await checkPage(desk, named("desk-withdrawal"));
      await button(desk, "Continue").click();
      await desk.getByRole("heading", { name: "There is a problem" }).waitFor();
      await checkPage(desk, named("desk-withdrawal-error"));
      await desk.getByText("“Do not collect anything more about me”").first().click();
      await desk.getByText("On the telephone").click();
      await button(desk, "Continue").click();
      await checkPage(desk, named("desk-withdrawal-confirm"));
      await button(desk, "Record that they leave").click();
      await desk.getByRole("heading", { name: "They have left the study" }).waitFor();
      await checkPage(desk, named("desk-withdrawal-done"));
      assert.equal(await button(desk, "Take the withdrawal back").count(), 0, "a practice takes no withdrawal back");
      await desk.finish();

      const office = await signIn(await newPage(browser, server, { javaScript }), server, "researcher");
      await office.goto("/office/studies/links/withdrawals");
      await checkPage(office, named("office-withdrawals"));
      await office.getByLabel("Study number").fill(number);
      await button(office, "Find the person").click();
      await office.waitForURL(/withdrawals\/./);
      await checkPage(office, named("office-withdrawal"));
      await office.locator(".ww-choice__label", { hasText: "recorded by mistake" }).click();
      await button(office, "Take the withdrawal back").click();
      await office.getByText("Taken back", { exact: true }).waitFor();
      await checkPage(office, named("office-withdrawal-back"));
      await office.finish();
    });

    browserTest(
      "a practice asks for erasures, the fourth waits for somebody else, and the team takes the first back",
      async () => {
        const desk = await signIn(await newPage(browser, server, { javaScript }), server, "practice");
        const people = [];
        for (const address of await peopleAtDesk(desk)) {
          await desk.goto(address);
          const answered = (await standing(desk)).some((text) => /complete/i.test(text));
          if (answered && (await link(desk, "They want to leave the study").count()) > 0) people.push(address);
          if (people.length === 4) break;
        }
        assert.equal(people.length, 4, "the practice has four people who have answered");

        await desk.goto(people[0]);
        const number = (await heading(desk)).replace("Person ", "");
        const before = await standing(desk);
        await askForErasure(desk);
        await checkPage(desk, named("desk-erasure-confirm"));
        await link(desk, "Choose that instead").waitFor();
        await button(desk, "Erase their answers").click();
        await desk.getByText("Their answers are out of use").waitFor();
        await checkPage(desk, named("desk-erasure-waits"));
        await desk.goto(people[0]);
        assert.notDeepEqual(await standing(desk), before, "the answers are out of use");
        await checkPage(desk, named("desk-person-erased"));
        for (const address of people.slice(1)) {
          await desk.goto(address);
          await askForErasure(desk);
          await button(desk, "Erase their answers").click();
          await desk.waitForURL(/\/withdrawal$/);
        }
        await desk.getByText("Nothing is erased yet").waitFor();
        await checkPage(desk, named("desk-erasure-second-person"));
        assert.equal(await button(desk, "Take the withdrawal back").count(), 0, "a practice takes nothing back");

        const office = await signIn(await newPage(browser, server, { javaScript }), server, "researcher");
        await office.goto("/office/studies/links/withdrawals");
        await office.getByText("out of use; erased for good on").first().waitFor();
        await checkPage(office, named("office-erasures"));
        await link(office, "Second person").first().click();
        await checkPage(office, named("second-person"));
        await link(office, "Erase a person’s answers").first().click();
        await button(office, "Decide").click();
        await office.getByRole("heading", { name: "There is a problem" }).waitFor();
        await checkPage(office, named("second-person-error"));
        await office.getByText("Agree: I have checked that this is meant").click();
        await button(office, "Decide").click();
        await office.getByText("Decided by").waitFor();
        await checkPage(office, named("second-person-agreed"));

        await office.goto("/office/studies/links/withdrawals");
        await link(office, number).click();
        await checkPage(office, named("office-erasure"));
        await office.locator(".ww-choice__label", { hasText: "recorded by mistake" }).click();
        await button(office, "Take the withdrawal back").click();
        await button(office, "Take the withdrawal back").waitFor({ state: "detached" });
        await office.getByText("Taken back", { exact: true }).first().waitFor(); // one may have been before
        await checkPage(office, named("office-erasure-undone"));
        await office.finish();

        await desk.reload();
        await desk.getByText("Their answers are out of use").waitFor(); // of the fourth, as was agreed
        await desk.goto(people[0]);
        assert.deepEqual(await standing(desk), before, "the answers are back");
        await desk.finish();
      },
      { minutes: 5 },
    );

    browserTest("what cannot be undone is confirmed by typing the study’s id", async () => {
      const office = await signIn(await newPage(browser, server, { javaScript }), server, "administrator");
      for (const [place, name] of [
        ["state/closed", "Close the study"],
        ["releases/new", "Make the release"],
        ["state/locked", "Lock the data"],
      ]) {
        await office.goto(`/office/studies/links/${place}`);
        await checkPage(office, named(`confirm-${place.replace("/", "-")}`));
        await button(office, name).click();
        if (place === "state/closed") { // which can be taken back
          await office.waitForURL(/\/links$/);
          continue;
        }
        await office.getByRole("heading", { name: "There is a problem" }).waitFor();
        await checkPage(office, named(`confirm-${place.replace("/", "-")}-error`));
      }
      await office.getByLabel("Type “links” to confirm").fill("Links");
      await button(office, "Lock the data").click();
      await office.waitForURL(/\/links$/);
      await office.finish();
    });
  });
}
