// A server that a test can stop and start again on the same database, as practices' servers are.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { startServer } from "./harness.js";

const binary = fileURLToPath(new URL("../bin/wellwave", import.meta.url));

/** Resolves to a port that nobody listens on. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a server on a copy of the demonstration, that can be stopped and started again as often as a test likes. */
export async function startLasting() {
  const folder = mkdtempSync(join(tmpdir(), "wellwave-kiosk-"));
  const database = join(folder, "study.db");
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder; // where the demonstration keeps its database
  const demo = await startServer();
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  const [name] = readdirSync(folder).filter((one) => one.startsWith("wellwave-demo-"));
  execFileSync(binary, ["backup", "--database", `sqlite:${join(folder, name, "demo.db")}`, database]);
  await demo.stop();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const since = Date.now();
  let running;
  const server = {
    accounts: demo.accounts,
    url,
    folder,
    async start() {
      running = spawn(binary, ["serve", "--database", `sqlite:${database}`, "--addr", `127.0.0.1:${port}`, "--base-url", url], { stdio: "ignore" });
      for (let tries = 0; tries < 100; tries++) {
        if (await fetch(`${url}/readyz`).then((reply) => reply.ok, () => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.fail("the server does not start");
    },
    async stop() {
      if (!running) return;
      running.kill("SIGTERM");
      await once(running, "exit");
      running = undefined;
    },
    /** Returns what the database says to a query. */
    query(sql) {
      const rows = execFileSync("sqlite3", ["-json", `file:${database}?mode=ro`, sql]).toString();
      return JSON.parse(rows || "[]");
    },
    /** Returns what arrived from tablets since the start, of whom and how. */
    arrived: () =>
      server
        .query(
          `SELECT e.label, s.content, h.initials, h.helper FROM submissions s JOIN responses r ON r.id = s.response_id
           JOIN enrolments e ON e.id = r.enrolment_id LEFT JOIN hand_overs h ON h.id = json_extract(s.content, '$.hand_over')
           WHERE s.received_at >= ${since} AND json_extract(s.content, '$.mode') = 'kiosk' ORDER BY s.received_at, s.seq`,
        )
        .map(({ content, ...row }) => ({ ...row, ...JSON.parse(content) })),
  };
  await server.start();
  return server;
}
