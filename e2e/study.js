// A server of its own with a study of the tests on it, and what stands in its database in the end.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { button, link } from "./harness.js";

const binary = fileURLToPath(new URL("../bin/wellwave", import.meta.url));
const desk = { email: "desk@example.org", password: "hill cedar lantern 47 quarry" };

/**
 * Loads a study file from beside this one, starts a pilot of it and `wellwave serve`. Resolves to its url, enrol(),
 * which enrols somebody and resolves to their link, and answers(), what stands in somebody's response.
 */
export async function startStudy(file, { study, site }) {
  const home = mkdtempSync(join(tmpdir(), "wellwave-e2e-"));
  const database = `sqlite:${join(home, "study.db")}`;
  const wellwave = (input, ...words) => execFileSync(binary, words, { input, env: { ...process.env, WELLWAVE_DATABASE: database }, stdio: ["pipe", "pipe", "pipe"] });
  wellwave("", "study", "load", fileURLToPath(new URL(file, import.meta.url)));
  wellwave("", "study", "open", study, "--pilot", "--yes");
  wellwave(`${desk.password}\n`, "account", "add", desk.email, "--name", "Desk", "--role", "practice", "--study", study, "--site", site);

  const server = spawn(binary, ["serve", "--database", database, "--addr", "127.0.0.1:0"], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(server, "exit");
  let log = "";
  const url = await new Promise((resolve, reject) => {
    createInterface(server.stderr).on("line", (line) => {
      log += `${line}\n`;
      const [found] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(line) ?? [];
      if (found) resolve(found);
    });
    ended.then(([code]) => reject(new Error(`wellwave serve ended with ${code}:\n${log}`)));
  });

  const cookies = new Map();
  /** Asks as the desk does; a form is sent, and where a reply leads is followed. */
  async function ask(path, form) {
    const reply = await fetch(new URL(path, url), {
      method: form ? "POST" : "GET",
      body: form && new URLSearchParams(form),
      headers: { Cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
      redirect: "manual",
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    if (reply.status === 303) return ask(new URL(reply.headers.get("Location"), new URL(path, url)).pathname);
    assert.equal(reply.status, 200, `${path} answers ${reply.status}`);
    return reply.text();
  }
  await ask("/sign-in", desk);

  function responseOf(label) {
    const copy = join(home, `copy-${Date.now()}.db`);
    wellwave("", "backup", copy);
    const rows = execFileSync("sqlite3", ["-json", copy,
      `SELECT r.* FROM responses r JOIN enrolments e ON e.id = r.enrolment_id WHERE e.label = '${label}'`]);
    const [row] = JSON.parse(rows.toString() || "[]");
    return row;
  }

  return {
    url,
    async enrol(label) {
      const place = `/desk/sites/${study}/${site}/enrol`;
      const hidden = /name="form" type="hidden" value="([^"]*)"/.exec(await ask(place));
      const person = await ask(place, { label, decile: "0", ...(hidden && { form: hidden[1] }) });
      const [, action] = /action="([^"]*\/link)"/.exec(person);
      const [, code] = /\/s\/([\w-]+)/.exec(await ask(action, {}));
      return `${url}/s/${code}`;
    },
    /** Returns what stands in the response of somebody, as stored. */
    answers(label) {
      const row = responseOf(label);
      return { answers: JSON.parse(row.answers), finished: row.finished_at !== null };
    },
    /** Returns how somebody's answers were collected: language, helper, place, aids. */
    collected: (label) => responseOf(label),
    /** Folds every response again and holds it to what is stored. */
    doctor: () => wellwave("", "doctor"),
    async stop() {
      server.kill("SIGTERM");
      const [code, signal] = await ended;
      rmSync(home, { recursive: true });
      assert.equal(code, 0, `wellwave serve ended with ${code ?? signal}:\n${log}`);
    },
  };
}

/** Opens somebody's link, consents and stands at what comes first. Resolves to the address of any page of theirs. */
export async function begin(page, address) {
  await page.goto(address);
  await link(page, "Start").click();
  await page.locator("label.ww-choice").first().click();
  await button(page, "I agree and want to start").click();
  await page.waitForURL(/\/(1|all)$/);
  const [, handle] = /\/q\/(\w+)\//.exec(page.url());
  return (place) => `/q/${handle}/${place}`;
}
