// The way of an alert: somebody answers the ninth item of the PHQ-9 in a pilot, reads the study's words at once, the duty holder
// gets an e-mail that says whom to call and not why, and takes the alert on in the office.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { browserTest, button, checkPage, newPage, signIn, startBrowser, until, widths } from "./harness.js";
import { startServer } from "./server.js";

describe("an alert", () => {
  let browser, server, office;

  before(async () => {
    [browser, server] = await Promise.all([startBrowser(), startServer({ study: "care", network: true, mail: true })]);
    office = await signIn(await newPage(browser, { url: server.direct }), server, "administrator"); // its own network works
  });
  after(async () => {
    await office?.finish();
    await browser?.close();
    await server?.stop();
  });

  /** Adds somebody at the desk and returns their code. */
  async function enrol(number) {
    await office.goto("/desk/sites/care/north/enrol");
    await office.getByLabel("Study number").fill(number);
    await office.locator("main form button[type=submit]").first().click();
    await office.waitForURL(/\/desk\/people\/[0-9a-f]+/);
    await office.getByRole("button", { name: /link/i }).first().click();
    const text = await office.locator("main").innerText();
    const [code] = /[A-Z0-9]{3}[-‑][A-Z0-9]{3}[-‑][A-Z0-9]{4}/.exec(text) ?? assert.fail(text);
    return code;
  }

  /** Answers the nine items, the ninth as told, and stops at the page that follows. */
  async function answer(page, code, ninth, { offline = false } = {}) {
    await page.goto("/");
    await page.getByLabel("Code").fill(code);
    await button(page, "Continue").click();
    await page.getByRole("link", { name: "Start" }).click();
    for (const clause of await page.locator("label.ww-choice").all()) await clause.click();
    await button(page, "I agree and want to start").click();
    for (let item = 1; item <= 9; item++) {
      await page.waitForURL((url) => url.pathname.endsWith(`/${item}`));
      await page.locator("main form label.ww-choice").nth(item === 9 ? ninth : 0).click();
      if (item === 9) await page.waitForTimeout(page.javaScript ? 1500 : 0); // the page saves it by itself
      if (item === 9) await office.goto("/office");
      assert.equal(await office.getByText("open safety alert").count(), 0, "what a page saved by itself raised an alert");
      if (item === 9 && offline) await server.network.cut();
      await button(page, "Continue").click();
    }
    await page.waitForURL((url) => !url.pathname.endsWith("/9"));
  }

  for (const javaScript of [true, false]) {
    browserTest(`from the answer to the telephone, ${javaScript ? "with" : "without"} JavaScript`, async () => {
      const number = javaScript ? "P1" : "P2";
      const calm = await newPage(browser, server, { width: widths.phone, javaScript });
      await answer(calm, await enrol(`${number}0`), 0);
      assert.match(calm.url(), /\/10$/, "the lowest answer leads to the next question");
      await calm.finish();

      const code = await enrol(number);
      const page = await newPage(browser, server, { width: widths.phone, javaScript });
      await answer(page, code, 2);
      await page.waitForURL(/\/care$/);
      const words = await page.locator("main").innerText();
      for (const want of ["Thank you for telling us", "Somebody from the study may ring you", "Nobody is watching", "116 123", "999"]) assert.ok(words.includes(want), words);
      assert.ok(!/days|dead|hurting/i.test(words), words);
      await checkPage(page, javaScript ? "alert-care" : undefined);
      await page.getByRole("link", { name: "Continue" }).click();
      await page.waitForURL(/\/10$/);
      await page.goBack();
      await page.goForward();
      await page.finish();

      const about = (text) => text.includes(`participant: ${number}\n`);
      await until("the e-mail", () => server.mails.some(about));
      const sent = server.mails.filter(about);
      assert.equal(sent.length, 1);
      assert.match(sent[0], /^Subject: TRIAL: Safety alert/m);
      assert.match(sent[0], /Call under the protocol/);
      assert.ok(!/phq|dead|hurting|several|half the days/i.test(sent[0]), sent[0]);

      await office.goto("/office");
      await checkPage(office, javaScript ? "alert-banner" : undefined);
      await office.getByRole("link", { name: "See who is to be called" }).click();
      await checkPage(office, javaScript ? "alert-list" : undefined);
      await office.getByRole("link", { name: number, exact: true }).click();
      await checkPage(office, javaScript ? "alert-open" : undefined);
      await button(office, "Take it on").click();
      await office.getByRole("heading", { name: "There is a problem" }).waitFor();
      await checkPage(office);
      await office.getByLabel("I have taken this on and am calling under the protocol").check();
      await button(office, "Take it on").click();
      await office.getByLabel("The person was reached and the protocol followed").check();
      await button(office, "Record it").click();
      await checkPage(office, javaScript ? "alert-done" : undefined);
      assert.equal(await office.getByText("open safety alert").count(), 0);
    });
  }

  browserTest("an answer without a network raises its alert on arrival", async () => {
    const code = await enrol("P3");
    const page = await newPage(browser, server, { width: widths.phone });
    try {
      await answer(page, code, 0, { offline: true });
      await page.goBack();
      await page.waitForURL(/\/9$/);
      await page.locator("main form label.ww-choice").nth(3).click();
      await button(page, "Continue").click();
      await page.waitForURL(/\/10$/);
      assert.ok((await page.locator("footer").innerText()).includes("116 123"));
      await office.goto("/office");
      assert.equal(await office.getByText("open safety alert").count(), 0);
      await server.network.checkUnheard(/^\/office/);
      assert.deepEqual(server.dump().alerts.filter(({ label }) => label === "P3"), []);
    } finally {
      server.network.restore();
    }
    await page.locator("main form label.ww-choice").nth(0).click(); // whatever is saved next takes it along
    await until("the alert", async () => {
      await office.goto("/office");
      return (await office.getByText("open safety alert").count()) === 1;
    });
    await until("the e-mail", () => server.mails.some((text) => text.includes("participant: P3\n")));
    assert.deepEqual(server.dump().alerts.filter(({ label }) => label === "P3").map(({ item }) => item), ["phq9_9"]);
    await page.finish();
  });

  browserTest("the log says nothing of it", async () => {
    assert.ok(!/phq9_9|duty@example|dead|P1\b/.test(server.log()), server.log());
  });
});
