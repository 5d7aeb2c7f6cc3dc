// A tablet of a practice, from its setting up to its giving back, on a server and in a browser that can be started again.
import assert from "node:assert/strict";
import { join } from "node:path";

import { browserTest, button, link, openProfile, signIn, until, widths } from "./harness.js";
import { titles } from "./prove.js";
import { startServer } from "./server.js";

export const PIN = "739104";

/** Makes the page's browser, on which the practice is signed in, a tablet. */
export async function setUp(page, look = () => {}) {
  await link(page, "Tablets").click();
  await page.getByRole("heading", { name: "Tablets to hand over" }).waitFor();
  await look("kiosk-set-up");
  await page.getByLabel("What you call this tablet").fill("Waiting room");
  await page.getByLabel("PIN for this tablet").fill(PIN);
  await button(page, "Set this tablet up and sign out").click();
  await page.waitForURL("**/q/kiosk/");
  await page.waitForFunction(() => navigator.serviceWorker.controller);
}

export async function unlock(page) {
  await page.getByLabel("PIN", { exact: true }).fill(PIN);
  await button(page, "Open").click();
  await page.waitForURL("**/q/kiosk/people");
}

/**
 * Unlocks a tablet that has a network. One that waits too long for the server, as on a busy machine, goes on alone with those
 * who are loaded; then it is locked and unlocked again, as a colleague would do.
 */
export async function unlockWithServer(page) {
  await until("the server's list", async () => {
    await unlock(page);
    if ((await page.getByText("There is no network.").count()) === 0) return true;
    await page.goto("/q/kiosk/");
    return false;
  });
}

/** Hands the tablet to somebody of the list. */
export async function handTo(page, label, helper = "Nobody helps", look = () => {}) {
  await page.locator(".ww-due__link").filter({ hasText: label }).click();
  await page.getByLabel("Your initials").fill("mb");
  await page.getByText(helper, { exact: true }).click();
  await look("kiosk-hand-over");
  await button(page, "Hand over").click();
  await page.waitForURL(/\/q\/[0-9a-f]{16}\//);
  return page.url().split("/")[4];
}

/** Goes from the first page to the first question, and agrees to what has to be agreed to. */
export async function toQuestions(page) {
  if (page.url().endsWith("/welcome")) await link(page, "Start").click();
  await page.waitForURL(/\/(consent|\d+)$/);
  if (!page.url().endsWith("/consent")) return;
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await page.locator("main form button").last().click();
  await page.waitForURL(/\/\d+$/);
}

/** Chooses the nth option where the page stands and goes on. Resolves to the item's code and what was chosen. */
export async function answer(page, n) {
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
export async function agree(page, handle) {
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

export async function giveBack(page) {
  await button(page, "Stop here and give the tablet back").click();
  await page.waitForURL("**/q/kiosk/");
}

/** Returns all that the browser holds in the clear, as one text, and how much it keeps of questionnaires. */
export function remains(page) {
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
export async function checkForgotten(page, people) {
  const left = await remains(page);
  assert.deepEqual([left.responses, left.bundles, left.current, left.pages, left.readable], [0, 0, false, [], []]);
  for (const word of people) {
    const at = left.text.indexOf(word);
    assert.ok(at < 0, `${word} is still on the tablet: ${left.text.slice(Math.max(0, at - 200), at + 100)}`);
  }
  return left;
}

/** Runs steps on a tablet whose server and browser can both be started again. */
export function onTablet(name, steps, proving) {
  for (const title of titles(name, proving)) browserTest(title, async () => {
    const server = await startServer({ network: true });
    const open = () => openProfile(join(server.folder, "profile"), server, { width: widths.tablet });
    let page = await open();
    const restart = async () => {
      await page.finish();
      page = await open();
      return page;
    };
    try {
      await signIn(page, server, "practice");
      await steps(page, server, restart);
      await page.finish();
    } finally {
      await page.context().close().catch(() => {});
      await server.stop();
    }
  }, { minutes: 5 });
}
