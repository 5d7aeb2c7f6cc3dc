// The one way to start a server: with the demonstration or a study of the tests on it, with or without a network in front of
// it and mail to send.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

import { startMail } from "./mail.js";
import { startNetwork } from "./network.js";

const binary = fileURLToPath(new URL("../bin/wellwave", import.meta.url));
const dump = fileURLToPath(new URL("../bin/dump", import.meta.url));

/** Who signs in where a study of the tests is. Each of these studies has a site named north. */
const accounts = [
  { role: "administrator", email: "duty@example.org", password: "three unrelated words" },
  { role: "practice", email: "desk@example.org", password: "hill cedar lantern 47 quarry" },
];
const site = "north";

const newFolder = () => mkdtempSync(join(tmpdir(), "wellwave-e2e-"));

/** Runs a command on a database to its end. */
const run = (database, words, input = "") => execFileSync(binary, [...words, "--database", `sqlite:${database}`], { input, stdio: ["pipe", "pipe", "pipe"] });

// What is left of a file whose hook failed on the way; see harness.js.
const left = new Set(); // what ends each part that runs
after(() => {
  for (const end of left) end();
});

const patience = 120_000; // milliseconds for a server to be ready

/** Starts a command that serves, and resolves to what ready finds on a line that it prints, log() and stop(), which fails if it does not end well. */
async function launch(words, ready, env = process.env) {
  const child = spawn(binary, words, { stdio: ["ignore", "pipe", "pipe"], env });
  const ended = once(child, "exit");
  const end = () => child.kill("SIGTERM");
  left.add(end);
  child.once("exit", () => left.delete(end));
  const lines = [];
  const log = () => lines.join("\n");
  let late;
  const found = await new Promise((resolve, reject) => {
    late = setTimeout(() => child.kill("SIGKILL"), patience);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        lines.push(line);
        const what = ready(line);
        if (what) resolve(what);
      });
    }
    ended.then(([code, signal]) => reject(new Error(`wellwave ${words[0]} ended with ${code ?? signal} before it was ready:\n${log()}`)), reject);
  }).finally(() => clearTimeout(late));
  return {
    found,
    log,
    async stop() {
      child.kill("SIGTERM");
      const [code, signal] = await ended;
      assert.equal(code, 0, `wellwave ${words[0]} ended with ${code ?? signal}:\n${log()}`);
    },
  };
}

/** Starts the demonstration as visitors do, with its database in a folder. */
async function launchDemo(folder) {
  const demo = await launch(["demo", "--addr", "127.0.0.1:0", "--json"], (line) => line.startsWith("{") && JSON.parse(line), { ...process.env, TMPDIR: folder });
  const [name] = readdirSync(folder).filter((one) => one.startsWith("wellwave-demo-"));
  return { demo, database: join(folder, name, "demo.db") };
}

let filled;

/** Resolves to a database with the demonstration, and its links and accounts. It is filled once for all tests of a file. */
const filledDemo = () =>
  (filled ??= (async () => {
    const folder = newFolder();
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    const { demo, database } = await launchDemo(folder);
    const copy = join(folder, "demo.db");
    run(database, ["backup", copy]); // which holds no root key
    copyFileSync(`${database}.key`, `${copy}.key`);
    await demo.stop();
    return { ...demo.found, database: copy };
  })());

/** Makes a database with a pilot of the study in studies/study-<id>.yaml and with the accounts. */
function loadStudy(database, id) {
  run(database, ["study", "load", fileURLToPath(new URL(`studies/study-${id}.yaml`, import.meta.url))]);
  run(database, ["study", "open", id, "--pilot", "--yes"]);
  for (const { role, email, password } of accounts) {
    const place = role === "practice" ? ["--study", id, "--site", site] : [];
    run(database, ["account", "add", email, "--name", email, "--role", role, ...place], `${password}\n`);
  }
}

/**
 * Starts a server. Without a study it is `wellwave demo`, with its links; behind a network or with mail it is `wellwave
 * serve` on a database like it; with a study it is that on a pilot of it.
 *
 * host is what it listens on; passkeys need one with a name. Its url is what browsers open, which leads through the network where there is one; direct leads past that.
 */
export async function startServer({ study, network: networked = false, mail: mailed = false, host = "127.0.0.1" } = {}) {
  const folder = newFolder();
  const network = networked ? await startNetwork() : undefined;
  const mail = mailed ? await startMail() : undefined;
  const endOthers = () => {
    left.delete(endOthers);
    network?.stop();
    mail?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  left.add(endOthers);
  let database = join(folder, "study.db");
  let known = { links: {}, accounts }; // what there is to open, and who signs in
  let running;

  if (study) loadStudy(database, study);
  else if (networked || mailed) {
    known = await filledDemo();
    for (const part of ["", ".key"]) copyFileSync(known.database + part, database + part);
  } else {
    const started = await launchDemo(folder);
    [running, database, known] = [started.demo, started.database, started.demo.found];
  }

  const log = [];
  async function serve() {
    const flags = mail ? ["--smtp", `smtp+plain://127.0.0.1:${mail.port}`, "--smtp-from", "alerts@example.org"] : [];
    running = await launch(["serve", "--database", `sqlite:${database}`, "--addr", `${host}:0`, ...flags], (line) => /msg=serving url=(\S+)/.exec(line)?.[1]);
    server.direct = running.found;
    if (network) network.target = running.found;
  }
  async function end() {
    const [ending] = [running, (running = undefined)];
    if (network) network.target = undefined;
    log.push(ending?.log());
    await ending?.stop();
  }

  const since = Date.now();
  const cookies = new Map();
  /** Asks as the practice does; a form is sent, and where a reply leads is followed. */
  async function ask(path, form) {
    const reply = await fetch(new URL(path, server.direct), {
      method: form ? "POST" : "GET",
      body: form && new URLSearchParams(form),
      headers: { Cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
      redirect: "manual",
    });
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      cookies.set(name, value);
    }
    if (reply.status === 303) return ask(new URL(reply.headers.get("Location"), new URL(path, server.direct)).pathname);
    assert.equal(reply.status, 200, `${path} answers ${reply.status}`);
    return reply.text();
  }

  const server = {
    ...known,
    network,
    mails: mail?.mails,
    folder,
    direct: known.url,
    /** Ends the server's process for now. Its network stands and leads nowhere until resume() starts another on the same database. */
    async halt() {
      assert.ok(network, "without a network a server that starts again has another address");
      await end();
    },
    async resume() {
      if (!running) await serve();
    },
    /** Ends everything, and fails if the server has not ended well. */
    async stop() {
      try {
        await end();
      } finally {
        endOthers();
      }
    },
    /** Returns what the server's processes have said. */
    log: () => [...log, running?.log()].join("\n"),
    /** Runs a command on the server's database. */
    run: (...words) => run(database, words),
    /** Enrols somebody in the study and resolves to their link. */
    async enrol(label) {
      if (cookies.size === 0) await ask("/sign-in", accounts.find(({ role }) => role === "practice"));
      const place = `/desk/sites/${study}/${site}/enrol`;
      const hidden = /name="form" type="hidden" value="([^"]*)"/.exec(await ask(place));
      const person = await ask(place, { label, decile: "0", ...(hidden && { form: hidden[1] }) });
      const [, action] = /action="([^"]*\/link)"/.exec(person);
      const [, code] = /\/s\/([\w-]+)/.exec(await ask(action, {}));
      return `${server.url}/s/${code}`;
    },
    /** Returns what arrived since the start: responses, submissions and alerts, as e2e/dump prints them. */
    dump: () => JSON.parse(execFileSync(dump, ["-since", String(since), database], { maxBuffer: 2 ** 26 })),
    /** Returns what stands in somebody's response, and how it was collected. */
    response: (label) => server.dump().responses.find((response) => response.label === label),
    /** Returns the submissions since the start, in the order of their receipt, each with its content and how the tablet was handed over. */
    submissions: () => server.dump().submissions.map(({ content, hand_over, ...row }) => ({ ...row, ...hand_over, ...content })),
  };
  if (!running) await serve();
  server.url = network ? network.url : server.direct;
  server.links = Object.fromEntries(Object.entries(known.links).map(([name, link]) => [name, link.replace(known.url, server.url)]));
  return server;
}
