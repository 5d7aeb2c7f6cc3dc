// Answers without a network, with a bad one, in two tabs and on a device that somebody leaves: each is in the ledger
// exactly once, and none is left behind.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { browserTest, button, checkPage, link, newPage, says, startBrowser, until, waitUntilKept, widths } from "./harness.js";
import { startServer } from "./server.js";
import { titles } from "./prove.js";

const onCheck = (page) => page.url().endsWith("/check");

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser?.close());

/** Holds the ledger to each of the answers exactly once, in one sitting and without a conflict, and to one finish. */
function checkLedger(rows, answers) {
  const found = new Map();
  for (const row of rows) {
    assert.equal(row.verdict, "accepted", JSON.stringify(row));
    for (const [code, value] of Object.entries(row.answers)) {
      assert.ok(!found.has(code), `${code} stands twice in the ledger`);
      found.set(code, value);
    }
  }
  assert.deepEqual(Object.fromEntries([...found].sort()), Object.fromEntries(Object.entries(answers).sort()));
  assert.equal(new Set(rows.map((row) => row.sitting)).size, 1, "one device is one sitting");
  assert.equal(rows.filter((row) => row.finish).length, 1, "finished once");
}

/** Holds the ledger to one submission with these answers and nothing else. */
const checkOnce = (rows, given) => assert.deepEqual(rows.map((row) => row.answers), [given]);

/** Runs steps on a phone at the first question of a long questionnaire that the phone has kept. */
function onPhone(name, steps, proving) {
  for (const title of titles(name, proving)) browserTest(title, async (t) => {
    const server = await startServer({ network: true });
    const page = await newPage(browser, server, { width: widths.phone });
    try {
      await page.goto(server.links.follow_up);
      await link(page, "Start").click();
      await waitUntilKept(page);
      await steps({ t, page, server, network: server.network, context: page.context() });
      await page.finish();
    } finally {
      await page.context().close();
      await server.stop();
    }
  });
}

/** Chooses or types an answer and notes it under its code, as the ledger writes it. */
async function answer(page, given, choice) {
  const options = page.locator("main form label.ww-choice");
  const n = await options.count();
  if (n > 0) {
    const input = options.nth(choice % n).locator("input");
    await options.nth(choice % n).click();
    given[await input.getAttribute("name")] = Number(await input.getAttribute("value"));
  }
  for (const field of await page.locator("main form").getByRole("textbox").all()) {
    await field.fill("47");
    given[await field.getAttribute("name")] = 47;
  }
}

async function moveOn(page) {
  const address = page.url();
  await button(page, "Continue").click();
  await page.waitForURL((url) => url.href !== address);
}

/** Answers from where the page stands to the list of answers, and calls between after each. */
async function answerAll(page, given, between = () => page) {
  for (let i = 0; !onCheck(page); i++) {
    assert.ok(i < 60, "the questionnaire does not end");
    await answer(page, given, i);
    await moveOn(page);
    page = await between(page, i);
  }
  return page;
}

/** Returns what the browser holds of questionnaires. */
function contents(page) {
  return page.evaluate(async () => {
    const database = await new Promise((resolve) => (indexedDB.open("wellwave").onsuccess = ({ target }) => resolve(target.result)));
    const all = (name) => new Promise((resolve) => (database.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => resolve(target.result)));
    const [responses, bundles, kept, outbox] = await Promise.all(["responses", "bundles", "kept", "outbox"].map(all));
    database.close();
    const cached = [];
    for (const name of await caches.keys()) cached.push(...(await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname));
    return {
      responses: responses.length,
      bundles: bundles.length,
      cached: cached.filter((path) => !path.startsWith("/static/")),
      extractable: kept.find(({ id }) => id === "key")?.key.extractable,
      outbox: outbox.map((entry) => [Object.keys(entry).sort().join(), Object.prototype.toString.call(entry.box.data)]),
    };
  });
}

/** Has a page hear from its device that there is a network or none. */
const tellOfNetwork = (page, there) =>
  page.evaluate((onLine) => {
    Object.defineProperty(navigator, "onLine", { value: onLine, configurable: true });
    dispatchEvent(new Event(onLine ? "online" : "offline"));
  }, there);

/** Opens the list of what waits until nothing does. */
async function waitForDelivery(page) {
  for (let tries = 0; tries < 20; tries++) {
    await page.goto("/q/queue");
    if (await page.getByText("No answers wait on this device").count()) return;
  }
  assert.fail("answers still wait");
}

describe("offline", () => {
  onPhone("a whole questionnaire without a network arrives once there is one", async ({ page, server, network, context }) => {
    const given = {};
    await network.cut();
    await answer(page, given, 0);
    await says(page, "Saved on this device. You are offline");
    let last = await answerAll(page, given, async (at, i) => {
      if (i === 1) await checkPage(at, "offline-question");
      if (i === 4) {
        await link(at, "Back").click();
        await at.waitForURL(/\/5$/);
        assert.equal(await at.locator("input:checked").count(), 1, "what was given here offline is shown on going back");
        await moveOn(at);
      }
      if (i === 6) await at.reload();
      if (i !== 9) return at;
      const address = at.url();
      const next = await context.newPage();
      await at.close();
      await next.goto(address);
      return next;
    });
    assert.ok(Object.keys(given).length >= 38, `${Object.keys(given).length} answers, want a long questionnaire`);
    assert.equal(await last.getByText("Not answered").count(), 0, "every answer is on the list");
    await checkPage(last, "offline-check");
    await button(last, "Finish").click();
    await last.getByText("have not reached the study yet").waitFor();
    await checkPage(last, "offline-thanks");
    await last.goto("/q/queue");
    await last.getByText(`Answers that wait on this device: ${Object.keys(given).length + 1}.`).waitFor();
    await checkPage(last, "offline-queue");
    await link(last, "Go on with the questionnaire").click();
    await last.waitForURL(/\/thanks$/);
    await link(last, "Leave the study").click();
    await last.getByText("the page that you asked for needs a network").waitFor();
    await last.goBack();
    assert.deepEqual(server.submissions(), [], "nothing can have arrived");
    await network.checkUnheard();

    network.restore();
    await says(last, "Received by the study");
    checkLedger(server.submissions(), given);
    await last.reload();
    await last.getByText("Your answers are saved.").waitFor();
  }, 20);

  onPhone("half of the replies lost and a fifth of the requests sent twice change nothing", async ({ page, server, network }) => {
    const given = {};
    network.losing = network.doubling = true;
    await answerAll(page, given);
    await button(page, "Finish").click();
    await page.waitForURL(/\/thanks$/);
    await waitForDelivery(page);
    checkLedger(server.submissions(), given);
  }, 20);

  onPhone("two tabs and a double press lose and double nothing", async ({ page, server, context }) => {
    const other = await context.newPage();
    await other.goto(page.url());
    const given = {};
    await answer(page, given, 0);
    await says(page, "Received by the study");
    await answer(other, given, 1);
    const [code] = Object.keys(given);
    await button(other, "Continue").dblclick();
    await other.waitForURL(/\/2$/);
    await answer(page, given, 2);
    await moveOn(page);
    await Promise.all([answer(page, given, 1), answer(other, {}, 1)]);
    await Promise.all([moveOn(page), moveOn(other)]);
    await waitForDelivery(page);
    const rows = server.submissions();
    assert.deepEqual(rows.map((row) => row.answers[code]).filter((value) => value !== undefined), [1, 2, 3], "each change once, in order");
    assert.equal(rows.length, 4, "the same answer from both tabs is one");
    assert.equal(new Set(rows.map((row) => row.sitting)).size, 1);
    assert.deepEqual(rows.map((row) => row.seq), [1, 2, 3, 4]);
  }, 20);

  onPhone("leaving a device wipes it, but for what has not arrived", async ({ page, server, network, context }) => {
    const given = {};
    await answer(page, given, 0);
    await moveOn(page);
    const question = page.url();
    await until("the arrival of the first answer", async () => (await contents(page)).outbox.length === 0);
    await network.cut();
    await answer(page, given, 1);
    await moveOn(page);
    await page.goto(question.replace(/\d+$/, "check"));
    await button(page, "Finish").click();
    await page.getByText("have not reached the study yet").waitFor();
    await button(page, "Finish on this device").click();
    await page.getByText("You have finished on this device").waitFor();
    await checkPage(page, "offline-left");
    await page.goto(question);
    await page.getByText("You have finished on this device").waitFor();

    const encrypted = ["at,box,handle,id,protocol,seq,sitting,token", "[object ArrayBuffer]"];
    assert.deepEqual(await contents(page), { responses: 0, bundles: 0, cached: [], extractable: false, outbox: [encrypted, encrypted] });

    await network.checkUnheard();
    network.restore();
    await waitForDelivery(page);
    checkLedger(server.submissions(), given);
    await page.goto(question);
    await page.getByText("You have finished on this device").waitFor();
    assert.equal(new URL(page.url()).pathname, "/", "the session is closed as soon as there is a network");
    assert.equal((await page.goto(question)).status(), 401, "the link is to be opened again");
  });

  onPhone("another person's link in the same browser gets nothing, and gives nothing away", async ({ page, server, context }) => {
    const given = {};
    await answer(page, given, 1);
    await moveOn(page);
    const mine = page.url();
    const other = await context.newPage();
    await other.goto(server.links.patient);
    await other.getByRole("heading", { level: 1 }).waitFor();
    await answer(page, {}, 2);
    await button(page, "Continue").click();
    await page.getByRole("heading", { name: "This page belongs to another link" }).waitFor();
    await page.goto(server.links.follow_up);
    await page.goto(mine);
    assert.equal(await page.locator("input:checked").count(), 0);
    checkOnce(server.submissions(), given);
  });

  onPhone("an account's pages make the browser forget what a participant gave", async ({ page, server }) => {
    const given = {};
    await answer(page, given, 1);
    await says(page, "Received by the study");
    assert.equal((await contents(page)).responses, 1);
    await page.goto("/sign-in");
    await until("the end of what was kept", async () => (await contents(page)).responses === 0);
    assert.equal((await contents(page)).bundles, 0);
    assert.equal(server.submissions().length, 1);
  });

  browserTest("a browser that keeps nothing says so, and saves at once", async () => {
    const server = await startServer({ network: true });
    const context = await browser.newContext({ baseURL: server.url, serviceWorkers: "block" });
    try {
      const page = await context.newPage();
      await page.goto(server.links.follow_up);
      await link(page, "Start").click();
      await says(page, "This browser keeps nothing; stay online until you have finished.");
      const given = {};
      await answer(page, given, 1);
      await says(page, "Received by the study.");
      await moveOn(page);
      await answer(page, given, 2);
      await button(page, "Continue").click(); // before the page saves by itself
      await page.waitForURL(/\/3$/);
      await server.network.cut();
      await tellOfNetwork(page, false);
      await answer(page, given, 1);
      await button(page, "Continue").click();
      await says(page, "Not saved yet. Stay on this page until there is a network.");
      assert.ok(page.url().endsWith("/3"), "there is no other page without a network");
      await server.network.checkUnheard();
      server.network.restore();
      await tellOfNetwork(page, true);
      await says(page, "Received by the study.");
      await moveOn(page);
      const rows = server.submissions();
      assert.deepEqual(rows.map((row) => row.answers), Object.entries(given).map(([code, value]) => ({ [code]: value })));
    } finally {
      await context.close();
      await server.stop();
    }
  });
});

describe("weight", () => {
  browserTest("the first question is light and does not move, the others lighter", async (t) => {
    const server = await startServer({ network: true });
    const context = await browser.newContext({ baseURL: server.url, viewport: { width: widths.phone, height: 667 } });
    try {
      await context.request.get(server.links.follow_up); // the session without a page, so that nothing is cached
      const handle = /\/q\/(\w+)\//.exec((await context.request.get(server.links.follow_up)).url())[1];
      const page = await context.newPage();
      server.network.slow = { latency: 400, throughput: 50_000 };
      server.network.received = {};
      const weigh = (of = () => true) => Object.entries(server.network.received).reduce((sum, [path, size]) => sum + (of(path) ? size : 0), 0);
      await page.goto(`/q/${handle}/1`);
      const { usable, moved } = await page.evaluate(
        () =>
          new Promise((resolve) => {
            new PerformanceObserver((list) => {
              const moved = list.getEntries().reduce((sum, { value }) => sum + value, 0);
              resolve({ moved });
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(resolve, 500, { moved: 0 });
          }).then(({ moved }) => {
            const [navigation] = performance.getEntriesByType("navigation");
            const [paint] = performance.getEntriesByName("first-contentful-paint");
            return { moved, usable: Math.max(navigation.domInteractive, paint.startTime) };
          }),
      );
      const first = weigh((path) => path.endsWith("/1") || path.startsWith("/static/"));
      await waitUntilKept(page);
      server.network.slow = undefined;
      const kept = weigh();
      const script = server.network.scripts;
      t.diagnostic(JSON.stringify(server.network.received));
      await answerAll(page, {});
      await button(page, "Finish").click();
      await page.waitForURL(/\/thanks$/);
      const whole = weigh();
      t.diagnostic(`first question ${first} bytes, usable after ${Math.round(usable)} ms; script in all ${script}; kept for later ${kept - first}; the whole questionnaire ${whole - kept} more`);
      assert.ok(first <= 60 * 1024, `the first question weighs ${first} bytes`);
      assert.ok(script > 0 && script <= 10 * 1024, `script weighs ${script} bytes`);
      assert.ok(whole - first < 100 * 1024, `the rest of the questionnaire weighs ${whole - first} bytes`);
      assert.equal(moved, 0, "something moved");
    } finally {
      await context.close();
      await server.stop();
    }
  });
});
