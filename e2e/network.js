// A network between browser and server that fails as real ones do, and what stands in the ledger in the end.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { startServer } from "./harness.js";

const binary = fileURLToPath(new URL("../bin/wellwave", import.meta.url));

/** Sends a request on and resolves to the whole reply. */
function forward(target, { method, url, headers }, body) {
  return new Promise((resolve, reject) => {
    const onward = http.request(new URL(url, target), { method, headers, agent: false }, async (reply) => {
      const chunks = [];
      for await (const chunk of reply) chunks.push(chunk);
      resolve({ status: reply.statusCode, headers: reply.rawHeaders, body: Buffer.concat(chunks) });
    });
    onward.on("error", reject).end(body);
  });
}

/**
 * Starts the demonstration behind a network. Its url and links lead through the network, which can be told to be down, to
 * lose every second reply after the server has acted, and to bring every fifth request twice. received says how many bytes
 * browsers got, by path, and scripts how many of them were script.
 */
export async function startServerBehindNetwork() {
  const folder = mkdtempSync(join(tmpdir(), "wellwave-e2e-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder; // where the demonstration keeps its database
  const server = await startServer();
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;

  const network = { down: false, losing: false, doubling: false, received: {}, scripts: 0, requests: 0 };
  const proxy = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (network.down) return request.socket.destroy();
    const n = ++network.requests;
    try {
      const body = Buffer.concat(chunks);
      let reply = await forward(server.url, request, body);
      if (network.doubling && n % 5 === 0) reply = await forward(server.url, request, body);
      if (network.down || (network.losing && n % 2 === 0)) return request.socket.destroy();
      const { pathname } = new URL(request.url, server.url);
      network.received[pathname] = (network.received[pathname] ?? 0) + reply.body.length + reply.headers.join("  ").length;
      if (pathname.endsWith(".js")) network.scripts += reply.body.length;
      response.writeHead(reply.status, reply.headers).end(reply.body);
    } catch {
      request.socket.destroy();
    }
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${proxy.address().port}`;
  const links = Object.fromEntries(Object.entries(server.links).map(([name, link]) => [name, link.replace(server.url, url)]));
  const since = Date.now();

  return {
    ...server,
    url,
    links,
    network,
    /** Returns the submissions since the start, in the order in which they were folded. */
    ledger() {
      const [demo] = readdirSync(folder).filter((name) => name.startsWith("wellwave-demo-"));
      const copy = join(folder, `copy-${Date.now()}.db`);
      execFileSync(binary, ["backup", "--database", `sqlite:${join(folder, demo, "demo.db")}`, copy]);
      const rows = execFileSync("sqlite3", ["-json", copy,
        `SELECT response_id, sitting, seq, attempt, verdict, content FROM submissions WHERE received_at >= ${since} ORDER BY received_at, revision`]);
      return JSON.parse(rows.toString() || "[]").map(({ content, ...row }) => ({ ...row, ...JSON.parse(content) }));
    },
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Holds the ledger to each of the answers exactly once, in one sitting and without a conflict, and to one finish. */
export function checkLedger(rows, answers) {
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
