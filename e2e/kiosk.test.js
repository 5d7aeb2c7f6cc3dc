// A tablet that a practice hands from one person to the next: nobody finds a trace of the one before, whatever happens to
// the network, the server and the browser, and every answer arrives as the right person's.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe } from "node:test";

import { chromium } from "playwright-core";

import { button, checkAccessibility, checkPage, device, link, walk, watch, widths } from "./harness.js";
import { startLasting } from "./lasting.js";

const PIN = "739104";

async function signIn(page, server) {
  const { email, password } = server.accounts.find(({ role }) => role === "practice");
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await button(page, "Sign in").click();
  await link(page, "Tablets").waitFor();
}

/** Makes the page's browser, on which the practice is signed in, a tablet. */
async function setUp(page, look = () => {}) {
  await link(page, "Tablets").click();
  await page.getByRole("heading", { name: "Tablets to hand over" }).waitFor();
  await look("kiosk-set-up");
  await page.getByLabel("What you call this tablet").fill("Waiting room");
  await page.getByLabel("PIN for this tablet").fill(PIN);
  await button(page, "Set this tablet up and sign out").click();
  await page.waitForURL("**/q/kiosk/");
  await page.waitForFunction(() => navigator.serviceWorker.controller);
}

async function unlock(page) {
  await page.getByLabel("PIN", { exact: true }).fill(PIN);
  await button(page, "Open").click();
  await page.waitForURL("**/q/kiosk/people");
}

/** Hands the tablet to somebody of the list. */
async function handTo(page, label, helper = "Nobody helps", look = () => {}) {
  await page.locator(".ww-due__link").filter({ hasText: label }).click();
  await page.getByLabel("Your initials").fill("mb");
  await page.getByText(helper, { exact: true }).click();
  await look("kiosk-hand-over");
  await button(page, "Hand over").click();
  await page.waitForURL(/\/q\/[0-9a-f]{16}\//);
  return page.url().split("/")[4];
}

/** Goes from the first page to the first question, and agrees to what has to be agreed to. */
async function toQuestions(page) {
  if (page.url().endsWith("/welcome")) await link(page, "Start").click();
  await page.waitForURL(/\/(consent|\d+)$/);
  if (!page.url().endsWith("/consent")) return;
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await page.locator("main form button").last().click();
  await page.waitForURL(/\/\d+$/);
}

/** Chooses the nth option where the page stands and goes on. Resolves to the item's code and what was chosen. */
async function answer(page, n) {
  const option = page.locator("main label.ww-choice").nth(n);
  const input = option.locator("input");
  const given = [await input.getAttribute("name"), Number(await input.getAttribute("value"))];
  await option.click();
  const address = page.url();
  await button(page, "Continue").click();
  await page.waitForURL((url) => url.href !== address);
  return given;
}

/** Agrees as the consent page's form does, and goes to the first question. */
async function agree(page, handle) {
  const consent = await (await page.request.get(`/q/${handle}/consent`)).text();
  const [, version] = /name="version"[^>]* value="([^"]*)"/.exec(consent);
  const clauses = [...consent.matchAll(/name="clause"[^>]* value="([^"]*)"/g)].map(([, id]) => ["clause", id]);
  await page.request.post(`/q/${handle}/consent`, {
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    data: new URLSearchParams([["version", version], ...clauses]).toString(),
    maxRedirects: 0,
  });
  await page.goto(`/q/${handle}/1`, { referer: page.url() });
}

async function giveBack(page) {
  await button(page, "Stop here and give the tablet back").click();
  await page.waitForURL("**/q/kiosk/");
}

/** Returns all that the browser holds in the clear, as one text, and how much it keeps of questionnaires. */
function remains(page) {
  return page.evaluate(async () => {
    const database = await new Promise((resolve) => (indexedDB.open("wellwave").onsuccess = ({ target }) => resolve(target.result)));
    const all = (name) => new Promise((resolve) => (database.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => resolve(target.result)));
    const records = {};
    for (const name of database.objectStoreNames) records[name] = await all(name);
    database.close();
    const cached = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) cached.push(request.url);
    }
    // What waits names its response by a handle, which opens nothing here, and is dealt with by itself.
    const outbox = records.outbox.map((entry) => Object.keys(entry).sort().join());
    delete records.outbox;
    const text = JSON.stringify([records, { ...localStorage }, { ...sessionStorage }, document.cookie, cached]) + document.documentElement.outerHTML;
    return {
      text,
      pages: cached.filter((url) => !new URL(url).pathname.startsWith("/static/")),
      responses: records.responses.length,
      bundles: records.bundles.length,
      current: records.kept.some(({ id }) => id === "current"),
      waiting: outbox.length,
      readable: outbox.filter((keys) => keys !== "at,box,handle,id,protocol,seq,sitting,token"),
    };
  });
}

/** Holds a tablet that shows its PIN screen to knowing nothing of these people. */
async function checkForgotten(page, people) {
  const left = await remains(page);
  assert.deepEqual([left.responses, left.bundles, left.current, left.pages, left.readable], [0, 0, false, [], []]);
  for (const word of people) {
    const at = left.text.indexOf(word);
    assert.ok(at < 0, `${word} is still on the tablet: ${left.text.slice(Math.max(0, at - 200), at + 100)}`);
  }
  return left;
}

/** Runs steps on a tablet whose server and browser can both be started again. */
function onTablet(name, steps) {
  walk(name, async () => {
    const server = await startLasting();
    const profile = join(server.folder, "profile");
    const open = async () => {
      const context = await chromium.launchPersistentContext(profile, {
        ...device(server, { width: widths.tablet }),
        executablePath: process.env.CHROMIUM,
        args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
      });
      return watch(context, server);
    };
    let page = await open();
    const restart = async () => {
      await page.finish();
      page = await open();
      return page;
    };
    try {
      await signIn(page, server);
      await steps(page, server, restart);
      await page.finish();
    } finally {
      await page.context().close().catch(() => {});
      await server.stop();
      rmSync(server.folder, { recursive: true });
    }
  }, { minutes: 5 });
}

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
    const arrived = server.arrived();
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

    await page.goto("/q/kiosk/people"); // which is locked again
    await page.getByText("This page is for the practice").waitFor();
    await checkAccessibility(page);
    await link(page, "Go on").click();
    await page.goto(`/q/${handle}/check`);
    await button(page, "Finish").click();
    await page.getByText("Please give the tablet back now.").waitFor();
    await look("kiosk-thanks");
    await page.clock.fastForward("01:02");
    await page.waitForURL("**/q/kiosk/");
  });

  onTablet("what arrives only when somebody has left is not kept", async (page) => {
    await setUp(page);
    await unlock(page);
    const label = await page.locator(".ww-due__link strong").first().textContent();
    const held = new Promise((resolve) => page.context().route(/\/q\/[0-9a-f]{16}\/offline\.json$/, resolve));
    const handle = await handTo(page, label);
    await toQuestions(page);
    const bundle = await held;
    const response = await bundle.fetch();
    assert.equal(response.status(), 200);
    await giveBack(page);
    await page.waitForTimeout(1000); // the PIN screen has the worker forget too, once
    await bundle.fulfill({ response });
    await page.waitForTimeout(1000); // for the worker to do with it what it likes
    await checkForgotten(page, [handle, label]);
  });

  onTablet("whoever was handed the tablet does not get at the others, not even without the server", async (page, server) => {
    await setUp(page);
    await unlock(page);
    await button(page, "Load these people for when there is no network").click();
    await page.getByText(/people are loaded on this tablet/).waitFor();
    const label = await page.locator(".ww-due__link strong").first().textContent();
    await handTo(page, label);
    await server.stop();
    for (const path of ["people", "ready/0123456789abcdef"]) {
      await page.goto(`/q/kiosk/${path}`);
      await page.getByLabel("PIN", { exact: true }).waitFor();
    }
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
    await link(page, "Lock the tablet").click();
    await server.stop();
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
    await server.start();
    await page.reload();
    await page.waitForFunction(() => document.getElementById("waiting").textContent === "");

    for (const [i, label] of newcomers.entries()) {
      if ([5, 11, 17].includes(i)) {
        page = await restart();
        await page.goto("/q/kiosk/");
      }
      if (i === 8 || i === 20) {
        await server.stop();
        await server.start();
      }
      await unlock(page);
      const handle = await handTo(page, label);
      assert.equal(await page.locator("main").getByText(label).count(), 0);
      if (i % 4 > 0) await agree(page, handle);
      else await toQuestions(page);
      if (i === 14) await page.locator("html[data-kept=yes]").waitFor({ state: "attached" });
      if (i === 14) await server.stop(); // from here on nothing reaches it
      note(label, await answer(page, i % 4));
      assert.equal(await page.locator("main input:checked").count(), 0);
      await giveBack(page);
      gone.push(handle);
      if (i === 14) {
        assert.equal((await checkForgotten(page, gone.slice(0, -1))).waiting, 1);
        await server.start();
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
    const arrived = server.arrived();
    const found = new Map();
    for (const { label, answers, initials, helper } of arrived) {
      for (const [code, value] of Object.entries(answers)) {
        assert.ok(!found.has(`${label} ${code}`), `${label} ${code} stands twice in the ledger`);
        found.set(`${label} ${code}`, value);
      }
      assert.deepEqual([initials, helper], ["MB", returning.includes(label) ? "family" : ""], label);
    }
    assert.deepEqual([...found].sort(), [...given].sort());
  });
});
