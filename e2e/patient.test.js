// A patient's way on a phone, and that of practice staff, each with and without JavaScript.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { browserTest, button, checkPage, link, newPage, startBrowser, widths } from "./harness.js";
import { startServer } from "./server.js";

const heading = (page) => page.getByRole("heading", { level: 1 }).innerText();
const onCheck = (page) => page.url().endsWith("/check");

/** Gives some answer to each question that stands on the page: an option of those shown, or a number that fits. */
async function answer(page, choice = 1) {
  for (const group of await page.locator("main form fieldset").all()) {
    const options = group.locator("label.ww-choice");
    await options.nth(choice % (await options.count())).click();
  }
  for (const field of await page.locator("main form").getByRole("textbox").all()) await field.fill("47");
}

/** Returns which question of how many the page shows. */
async function progress(page) {
  const [, position, total] = /Question (\d+) of (\d+)/.exec(await page.locator(".ww-progress").innerText());
  return { position: Number(position), total: Number(total) };
}

/** Answers the question on the page and moves on. */
async function answerAndContinue(page, choice) {
  const address = page.url();
  await answer(page, choice);
  await button(page, "Continue").click();
  await page.waitForURL((url) => url.href !== address);
}

/** Chooses an answer and moves on by the keyboard alone. */
async function answerByKeyboard(page) {
  const address = page.url();
  const focused = (selector) => page.evaluate((wanted) => document.activeElement.matches(wanted), selector);
  const tabTo = async (selector) => {
    for (let presses = 0; !(await focused(selector)); presses++) {
      assert.ok(presses < 30, `no way by keyboard to ${selector} on ${address}`);
      await page.keyboard.press("Tab");
    }
  };
  await tabTo("main input[type=radio]");
  await page.keyboard.press("Space");
  await tabTo("main button[type=submit]");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== address);
}

for (const javaScript of [true, false]) {
  describe(javaScript ? "with JavaScript" : "without JavaScript", () => {
    let browser, server;
    // Both ways look the same, so one of them is enough to look at.
    const named = (name) => (javaScript ? name : undefined);
    const phone = () => newPage(browser, server, { width: widths.phone, javaScript });

    before(async () => {
      [browser, server] = await Promise.all([startBrowser(), startServer()]);
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
    });

    browserTest("a patient answers on one phone, stops, and finishes on another", async () => {
      const page = await phone();
      await page.goto(server.links.patient);
      const code = server.links.patient.split("/").at(-1);
      assert.ok(!page.url().includes(code), "the code should have left the address bar");
      await checkPage(page, named("patient-welcome"));

      await link(page, "Start").click();
      await button(page, "I agree and want to start").click();
      await page.getByRole("heading", { name: "There is a problem" }).waitFor();
      await checkPage(page, named("patient-consent-error"));
      for (const clause of await page.locator("label.ww-choice").all()) await clause.click();
      await checkPage(page, named("patient-consent"));
      await button(page, "I agree and want to start").click();

      const { position, total } = await progress(page);
      assert.equal(position, 1);
      await button(page, "Continue").click();
      await page.getByText("You have not answered this one").waitFor();
      await checkPage(page, named("patient-missed"));
      await button(page, "Carry on without answering").click();
      assert.equal((await progress(page)).position, 2, "skipping moves on");

      await answerByKeyboard(page);
      await answerAndContinue(page);
      await link(page, "Back").click();
      assert.equal((await progress(page)).position, 3);
      await page.waitForLoadState(); // the answers stand below the progress, and come after it
      assert.equal(await page.locator("input:checked").count(), 1, "the answer given here stands when going back");
      await checkPage(page, named("patient-question"));
      await button(page, "Continue").click();
      assert.equal((await progress(page)).position, 4);
      await page.finish();

      const other = await phone();
      await other.goto(server.links.patient);
      assert.equal((await progress(other)).position, 4, "another device goes on at the next open question");
      await link(other, "Back").click();
      assert.equal(await other.locator("input:checked").count(), 0, "an answer from another device is not shown");
      await checkPage(other, named("patient-earlier"));
      await button(other, "Continue").click();

      const checked = new Set();
      for (let screens = 0; !onCheck(other); screens++) {
        assert.ok(screens < 2 * total, "the questionnaire does not end");
        const kind = await other.locator("main .ww-choices, main .ww-rating, main .ww-field").first().getAttribute("class");
        if (!checked.has(kind)) await checkPage(other, named(`patient-${kind.split(" ")[0].replace("ww-", "")}`));
        checked.add(kind);
        await answerAndContinue(other, screens);
      }
      assert.ok(await other.getByText("Asked earlier").count(), "answers from the first device are not shown");
      await checkPage(other, named("patient-check"));
      await button(other, "Finish").click();
      await other.waitForURL(/\/thanks$/);
      assert.equal(await heading(other), "Thank you");
      await checkPage(other, named("patient-thanks"));
      await other.finish();

      const again = await phone();
      await again.goto(server.links.patient);
      assert.equal(await heading(again), "Thank you", "the link of a finished questionnaire says that it arrived");
      await again.finish();
    });

    browserTest("two people's links in one browser never mix", async () => {
      const page = await phone();
      await page.goto(server.links.follow_up);
      await link(page, "Start").click();
      await answerAndContinue(page, 2);
      const other = await page.context().newPage();
      await other.goto(server.links.patient);
      const address = page.url();
      await answer(page, 0);
      await button(page, "Continue").click();
      await page.getByRole("heading", { name: "This page belongs to another link" }).waitFor();
      assert.equal(page.url(), address, "nothing was written, so nothing moved on");
      await checkPage(page, named("patient-moved"));

      await other.goto(server.links.follow_up);
      await button(page, "Save this now").click();
      await page.waitForURL((url) => url.href !== address);
      await link(page, "Back").click();
      assert.equal(page.url(), address);
      assert.ok(await page.locator("main input[type=radio]").first().isChecked(), "what was typed before is saved now");
      await page.finish();
    });

    browserTest("an unknown code gets a kind answer", async () => {
      const page = await phone();
      await page.goto("/");
      await checkPage(page, named("start"));
      await page.getByLabel("Code").fill("ABC-DEF-GHJK");
      await button(page, "Continue").click();
      await page.getByText("ask your practice or the study team").waitFor();
      await checkPage(page, named("unknown-code"));
      await page.finish();
    });

    browserTest("practice staff answer in one sitting, once a card", async () => {
      const page = await phone();
      await page.goto(server.links.staff);
      await checkPage(page, named("staff-welcome"));
      await link(page, "Start").click();
      await checkPage(page, named("staff-survey"));
      await answer(page, 4);
      await button(page, "Send my answers").click();
      await page.waitForURL(/\/staff\/thanks$/);
      await checkPage(page, named("staff-thanks"));

      await page.goto(server.links.staff);
      assert.notEqual(new URL(page.url()).pathname, "/staff/survey", "a card works once");
      await checkPage(page, named("staff-card-used"));
      await page.finish();
    });
  });
}
