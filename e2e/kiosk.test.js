// A tablet that a practice hands from one person to the next: nobody finds a trace of the one before, whatever happens to
// the network, the server and the browser, and every answer arrives as the right person's.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { button, checkAccessibility, checkPage, link, waitUntilKept } from "./harness.js";
import { PIN, agree, answer, checkForgotten, giveBack, handTo, onTablet, remains, setUp, toQuestions, unlock, unlockWithServer } from "./tablet.js";

describe("kiosk", () => {
  onTablet("the tablet asks whether anybody is there, saves what stands, and the next handing-over goes on from it", async (page, server) => {
    const look = (name) => checkPage(page, name);
    await page.clock.install();
    await page.context().addInitScript(() => {
      const said = [];
      Object.assign(window, { said });
      const voices = [{ lang: "fr-FR", localService: true }, { lang: "en-GB", localService: false }, { lang: "en_GB", localService: true }];
      Object.defineProperty(window, "SpeechSynthesisUtterance", { value: class { constructor(text) { this.text = text; } } });
      Object.defineProperty(window, "speechSynthesis", { value: { getVoices: () => voices, cancel() {}, speak: ({ text, voice }) => said.push([text, voice.lang, voice.localService]) } });
    });
    await setUp(page, look);
    await look("kiosk-pin");
    await page.getByLabel("PIN", { exact: true }).fill("000001");
    await button(page, "Open").click();
    await page.getByText("This is not the PIN").first().waitFor();
    await unlock(page);
    await look("kiosk-people");
    const label = await page.locator(".ww-due__link strong").first().textContent();
    const handle = await handTo(page, label, "An interpreter helps", look);
    await toQuestions(page);
    const [code] = await answer(page, 1);
    await look("kiosk-question");

    const asks = page.getByRole("alertdialog", { name: "Are you still there?" });
    for (let times = 0; times < 10; times++) {
      await page.clock.fastForward("03:02");
      await asks.waitFor();
      if (times === 0) {
        assert.deepEqual(await page.evaluate(() => window.said.map(([, ...voice]) => voice)), [["en_GB", true]], "spoken once, by a voice of the device");
        assert.ok(await button(page, "I am still here").evaluate((it) => it === document.activeElement), "the button has the focus");
        await look("kiosk-asks");
      }
      await page.clock.fastForward("00:30");
      await button(page, "I am still here").click();
      await asks.waitFor({ state: "hidden" });
    }
    await page.locator("main label.ww-choice").nth(2).click();
    const chosen = await page.locator("main input:checked").getAttribute("name");
    await page.clock.fastForward("03:02");
    await asks.waitFor();
    await page.clock.fastForward("00:42");
    await page.getByText("This screen is cleared in 20 seconds.").waitFor();
    await page.clock.fastForward("00:20");
    await page.waitForURL("**/q/kiosk/");
    await checkForgotten(page, [handle, label]);
    const arrived = server.submissions().filter(({ mode }) => mode === "kiosk");
    assert.deepEqual(arrived.map((row) => [row.label, ...Object.keys(row.answers), row.helper, row.initials, row.place]),
      [[label, code, "interpreter", "MB", "practice"], [label, chosen, "interpreter", "MB", "practice"]]);

    // Back, and addresses that somebody remembers, lead nowhere.
    await page.goBack();
    await page.waitForURL(/\/q\/kiosk\//);
    for (const path of [`/q/${handle}/2`, `/q/${handle}/check`, "/", "/kiosk"]) {
      await page.goto(path);
      assert.match(page.url(), /\/q\/kiosk\/$/, `${path} leads elsewhere`);
    }
    for (const path of ["/desk", "/office"]) {
      await page.goto(path);
      assert.match(page.url(), /\/sign-in/, `${path} is open`);
    }
    await page.goto("/kiosk");
    await unlock(page);
    assert.equal(await handTo(page, label), handle);
    assert.match(page.url(), /\/3$/, "the next handing-over goes on with the next question");
    await page.goto(`/q/${handle}/2`);
    assert.equal(await page.locator("main input:checked").count(), 0, "what was answered before is not shown");

    for (const path of ["/q/kiosk/people", "/q/kiosk/"]) { // locked again, and nobody's yet
      await page.goto(path);
      await page.getByText("This page is for the practice").first().waitFor();
      await checkAccessibility(page);
      await link(page, "Go on").click();
    }
    await page.goto(`/q/${handle}/check`);
    await button(page, "Finish").click();
    await page.getByText("Please give the tablet back now.").waitFor();
    await look("kiosk-thanks");
    await page.clock.fastForward("01:02");
    await page.waitForURL("**/q/kiosk/");

    // A second tab goes with the first; and whoever wakes a tablet that has slept is not asked.
    await unlock(page);
    const another = await page.locator(".ww-due__link strong").first().textContent();
    await handTo(page, another);
    await toQuestions(page);
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await tab.locator("main form").first().waitFor();
    await giveBack(page);
    await tab.waitForURL("**/q/kiosk/");
    await tab.close();
    await unlock(page);
    await handTo(page, another);
    await page.clock.fastForward("02:00:00");
    await page.waitForURL("**/q/kiosk/");
  });

  onTablet("thirty people, five restarts and a network that fails leave no trace and lose nothing", async (page, server, restart) => {
    const newcomers = Array.from({ length: 24 }, (_, i) => `K${1001 + i}`);
    const enrol = `${page.url()}/enrol`;
    for (const label of newcomers) assert.equal((await page.request.post(enrol, { form: { label } })).ok(), true);
    await setUp(page);
    await unlock(page);
    const returning = (await page.locator(".ww-due__link").filter({ hasNotText: "K1" }).locator("strong").allTextContents()).slice(0, 6);
    assert.equal(returning.length, 6);

    // Those who agreed before are loaded, and answer while there is no network.
    await button(page, "Load these people for when there is no network").click();
    await page.getByText(/people are loaded on this tablet.*cannot be loaded/).waitFor();
    await button(page, "Lock the tablet").click();
    await server.halt();
    const given = new Map();
    const gone = [];
    const note = (label, [code, value]) => given.set(`${label} ${code}`, value);
    for (const [i, label] of returning.entries()) {
      if (i === 2 || i === 4) {
        page = await restart();
        await page.goto("/q/kiosk/");
      }
      await page.getByLabel("PIN", { exact: true }).fill(i === 1 ? "111222" : PIN);
      await button(page, "Open").click();
      if (i === 1) {
        await page.getByText("this is not the PIN").waitFor();
        await checkAccessibility(page);
        await unlock(page);
      }
      await page.getByText("There is no network.").waitFor();
      if (i === 0) await checkAccessibility(page);
      const handle = await handTo(page, label, "Family or a friend helps");
      await toQuestions(page);
      await page.waitForURL(/\/\d+$/);
      note(label, await answer(page, i % 3));
      if (i < 2) note(label, await answer(page, 2));
      await giveBack(page);
      gone.push(handle);
      const { waiting } = await checkForgotten(page, returning);
      assert.equal(waiting, given.size, "everybody’s answers wait side by side");
      await page.goto(`/q/${handle}/1`); // typed by whoever comes next
      assert.match(page.url(), /\/q\/kiosk\/$/);
    }
    await page.goto("/q/queue");
    await page.getByText("Answers that wait on this device: 8.").waitFor();
    await checkForgotten(page, returning);
    await page.goto("/q/kiosk/");
    await server.resume();
    await page.reload();
    await page.waitForFunction(() => document.getElementById("waiting").textContent === "");

    for (const [i, label] of newcomers.entries()) {
      if ([5, 11, 17].includes(i)) {
        page = await restart();
        await page.goto("/q/kiosk/");
      }
      if (i === 8 || i === 20) {
        await server.halt();
        await server.resume();
      }
      await unlockWithServer(page);
      const handle = await handTo(page, label);
      assert.equal(await page.locator("main").getByText(label).count(), 0);
      if (i % 4 > 0) await agree(page, handle);
      else await toQuestions(page);
      if (i === 14) await waitUntilKept(page);
      if (i === 14) await server.halt(); // from here on nothing reaches it
      note(label, await answer(page, i % 4));
      assert.equal(await page.locator("main input:checked").count(), 0);
      await giveBack(page);
      gone.push(handle);
      if (i === 14) {
        assert.equal((await checkForgotten(page, gone.slice(0, -1))).waiting, 1);
        await server.resume();
        await page.reload();
        await page.waitForFunction(() => document.getElementById("waiting").textContent === "");
      }
      if (i % 6 === 0) {
        await page.goBack();
        assert.ok(!(await page.content()).includes(handle), "Back shows the one before");
        await page.goto("/q/kiosk/");
      }
      await checkForgotten(page, gone);
    }
    assert.equal(gone.length, new Set(gone).size);
    assert.equal(gone.length, 30);
    assert.equal((await remains(page)).waiting, 0);
    const arrived = server.submissions().filter(({ mode }) => mode === "kiosk");
    const found = new Map();
    for (const { label, answers, initials, helper } of arrived) {
      for (const [code, value] of Object.entries(answers)) {
        assert.ok(!found.has(`${label} ${code}`), `${label} ${code} stands twice in the ledger`);
        found.set(`${label} ${code}`, value);
      }
      assert.deepEqual([initials, helper], ["MB", returning.includes(label) ? "family" : ""], label);
    }
    assert.deepEqual([...found].sort(), [...given].sort());
  }, 10);
});
