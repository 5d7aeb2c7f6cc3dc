// The way of an alert: somebody answers the ninth item of the PHQ-9 in a pilot, reads the study's words at once, the duty holder
// gets an e-mail that says whom to call and not why, and takes the alert on in the office.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe } from "node:test";
import { fileURLToPath } from "node:url";

import { button, checkPage, newPage, startBrowser, walk, widths } from "./harness.js";

const binary = fileURLToPath(new URL("../bin/wellwave", import.meta.url));
const duty = { email: "duty@example.org", password: "three unrelated words" };

const study = `
id: care
title: A study that cares
contact: The trial office
consent:
  version: "1"
  intro: Please read this.
  clauses:
    - {id: take-part, text: "I agree to take part. If an answer says that I may not be safe, the study may ring me.", required: true}
arms:
  - {id: all, title: Everybody}
sites:
  - {id: north, title: North Practice, arm: all, staff: 4}
instruments: {phq9: "1"}
primary: phq9
waves:
  - {id: baseline, title: First questionnaire, audience: patients, baseline: true, after: 60, instruments: [phq9]}
safety:
  duty_holder: {name: Dr Duty, email: ${duty.email}}
  deputy: {name: Dr Deputy, email: deputy@example.org}
  escalate_to: {name: Professor Lead, email: lead@example.org}
  hours:
    - {days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00"}
  acknowledge_within: 1h
  escalate_after: 4h
  text: Thank you for telling us how you feel. Somebody from the study may ring you.
  clause: take-part
`;

/** Starts a mail server that keeps what it gets. */
async function startMail() {
  const mails = [];
  const server = createServer((socket) => {
    let mail;
    const say = (line) => socket.write(`${line}\r\n`);
    say("220 localhost");
    createInterface({ input: socket, crlfDelay: Infinity }).on("line", (line) => {
      if (mail !== undefined && line === ".") {
        mails.push(mail);
        mail = undefined;
        say("250 kept");
      } else if (mail !== undefined) mail += `${line}\n`;
      else if (/^DATA/i.test(line)) {
        mail = "";
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 bye");
        socket.end();
      } else say("250 ok");
    });
    socket.on("error", () => {}); // a client may hang up
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { mails, port: server.address().port, stop: () => server.close() };
}

/** Starts `wellwave serve` on a database of its own with the study as a pilot. Resolves to its url, log and stop(). */
async function startServe(folder, mailPort) {
  const database = `sqlite:${join(folder, "wellwave.db")}`;
  const run = (input, ...words) => {
    const { status, stderr } = spawnSync(binary, ["--database", database, ...words], { input, encoding: "utf8" });
    assert.equal(status, 0, `${words.join(" ")}:\n${stderr}`);
  };
  writeFileSync(join(folder, "study.yaml"), study);
  run("", "study", "load", join(folder, "study.yaml"));
  run("", "study", "open", "care", "--pilot", "--yes");
  run(`${duty.password}\n`, "account", "add", duty.email, "--name", "Dr Duty", "--role", "administrator");
  const flags = ["serve", "--addr", "127.0.0.1:0", "--smtp", `smtp+plain://127.0.0.1:${mailPort}`, "--smtp-from", "alerts@example.org"];
  const server = spawn(binary, ["--database", database, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(server, "exit");
  const log = [];
  const url = await new Promise((resolve, reject) => {
    createInterface(server.stderr).on("line", (line) => {
      log.push(line);
      const [, found] = /msg=serving url=(\S+)/.exec(line) ?? [];
      if (found) resolve(found);
    });
    ended.then(() => reject(new Error(log.join("\n"))));
  });
  return {
    url,
    log: () => log.join("\n"),
    async stop() {
      server.kill("SIGTERM");
      assert.deepEqual(await ended, [0, null], log.join("\n"));
    },
  };
}

/** Waits until something holds. */
async function until(what, holds) {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${what} did not come about`);
}

describe("an alert", () => {
  let browser, server, mail, folder, office;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "wellwave-alert-"));
    mail = await startMail();
    [browser, server] = await Promise.all([startBrowser(), startServe(folder, mail.port)]);
    office = await newPage(browser, server);
    await office.goto("/sign-in");
    await office.getByLabel("E-mail address").fill(duty.email);
    await office.getByLabel("Password").fill(duty.password);
    await button(office, "Sign in").click();
    await office.waitForURL((url) => url.pathname === "/office");
  });
  after(async () => {
    await office?.finish();
    await browser?.close();
    await server?.stop();
    mail?.stop();
    if (folder) rmSync(folder, { recursive: true });
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
      if (item === 9 && offline) await page.context().setOffline(true);
      await button(page, "Continue").click();
    }
    await page.waitForURL((url) => !url.pathname.endsWith("/9"));
  }

  for (const javaScript of [true, false]) {
    walk(`from the answer to the telephone, ${javaScript ? "with" : "without"} JavaScript`, async () => {
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
      await until("the e-mail", () => mail.mails.some(about));
      const sent = mail.mails.filter(about);
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

  walk("an answer without a network raises its alert on arrival", async () => {
    const code = await enrol("P3");
    const page = await newPage(browser, server, { width: widths.phone });
    await answer(page, code, 0, { offline: true });
    await page.goBack();
    await page.waitForURL(/\/9$/);
    await page.locator("main form label.ww-choice").nth(3).click();
    await button(page, "Continue").click();
    await page.waitForURL(/\/10$/);
    assert.ok((await page.locator("footer").innerText()).includes("116 123"));
    await office.goto("/office");
    assert.equal(await office.getByText("open safety alert").count(), 0);
    await page.context().setOffline(false);
    await page.locator("main form label.ww-choice").nth(0).click(); // whatever is saved next takes it along
    await until("the alert", async () => {
      await office.goto("/office");
      return (await office.getByText("open safety alert").count()) === 1;
    });
    await until("the e-mail", () => mail.mails.some((text) => text.includes("participant: P3\n")));
    await page.finish();
  });

  walk("the log says nothing of it", async () => {
    assert.ok(!/phq9_9|duty@example|dead|P1\b/.test(server.log()), server.log());
  });
});
