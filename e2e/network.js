// A network in front of a server, which can be cut and can fail in other ways that real ones do. It is a proxy, so it is the
// same for a page, its worker and whatever else a browser has: what browsers themselves emulate reaches some of these only,
// and not in every version.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** Reads a whole body. */
async function read(message) {
  const chunks = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends a request on and resolves to the whole reply. */
function forward(target, { method, url, headers }, body) {
  return new Promise((resolve, reject) => {
    const onward = http.request(new URL(url, target), { method, headers, agent: false }, (reply) =>
      read(reply).then((content) => resolve({ status: reply.statusCode, headers: reply.rawHeaders, body: content }), reject),
    );
    onward.on("error", reject).end(body);
  });
}

/** Resolves to how many requests a server has answered, by method, route and status. It does not count assets and where codes are typed. */
async function countRequests(target) {
  const reply = await fetch(new URL("/metrics", target));
  assert.equal(reply.status, 200, "the server's metrics cannot be read");
  const counts = new Map();
  for (const [, method, route, status, n] of (await reply.text()).matchAll(/^wellwave_requests_total\{method="(\w+)",route="([^"]*)",status="(\d+)"\} (\d+)/gm)) {
    if (route !== "/metrics") counts.set(`${method} ${route} ${status}`, Number(n));
  }
  return counts;
}

/** A part of a reply that goes out at once where the line is slow, in bytes. */
const PIECE = 2048;

/** Starts a network. What it leads to is its target, which may change; without one it leads nowhere. */
export async function startNetwork() {
  let isCut = false;
  let before; // what the server had answered when the network was cut
  let line = Promise.resolve(); // until it is free
  const underWay = new Set();
  const holds = [];

  const network = {
    target: undefined,
    /** Loses every second reply after the server has acted. */
    losing: false,
    /** Brings every fifth request twice. */
    doubling: false,
    /** What a slow line does: milliseconds before a reply, and bytes a second for all replies together. */
    slow: undefined,
    requests: 0,
    /** How many bytes browsers got, by path, and how many of them were script. */
    received: {},
    scripts: 0,

    /** Cuts the network: connections end, and no new ones come about. Resolves once the server is done with what it had. */
    async cut() {
      isCut = true;
      proxy.closeAllConnections();
      await Promise.all(underWay);
      before = await countRequests(network.target);
      for (let tries = 0; ; tries++) {
        // A reply may be out before it is counted.
        assert.ok(tries < 50, "the server is never at rest");
        await sleep(50);
        const now = await countRequests(network.target);
        const rests = JSON.stringify([...now]) === JSON.stringify([...before]);
        before = now;
        if (rests) return assert.notEqual(before.size, 0, "no page was asked for before, or the server no longer counts them");
      }
    },

    restore() {
      isCut = false;
    },

    /** Fails if the server was asked for anything since the network was cut, except for these routes. */
    async checkUnheard(except = /^$/) {
      const heard = [...(await countRequests(network.target))].filter(([what, n]) => n > (before.get(what) ?? 0) && !except.test(what.split(" ")[1]));
      assert.deepEqual(heard.map(([what]) => what), [], "the server was reached without a network");
    },

    /** Takes steps for which no network is needed, and holds them to that. */
    async whileCut(steps, { except } = {}) {
      await network.cut();
      try {
        const result = await steps();
        await network.checkUnheard(except);
        return result;
      } finally {
        network.restore();
      }
    },

    /**
     * Holds the next request whose path matches, and resolves when it is here. Its send() passes it on to the server and
     * resolves to the reply's status, and its reply() lets the browser have that.
     */
    hold(pattern) {
      return new Promise((take) => holds.push({ pattern, take }));
    },

    stop() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };

  async function answer(response, pathname, { status, headers, body }) {
    network.received[pathname] = (network.received[pathname] ?? 0) + body.length + headers.join("  ").length;
    if (pathname.endsWith(".js")) network.scripts += body.length;
    const { slow } = network;
    if (slow) await sleep(slow.latency);
    response.writeHead(status, headers);
    for (let at = 0; slow && at < body.length; at += PIECE) {
      const piece = body.subarray(at, at + PIECE);
      line = line.then(() => sleep((1000 * piece.length) / slow.throughput));
      await line;
      response.write(piece);
    }
    response.end(slow ? undefined : body);
  }

  async function pass(request, response) {
    const body = await read(request);
    if (isCut) return request.socket.destroy();
    const { pathname } = new URL(request.url, "http://network");
    const held = holds.findIndex(({ pattern }) => pattern.test(pathname));
    if (held >= 0) {
      let reply;
      return holds.splice(held, 1)[0].take({
        async send() {
          reply = await forward(network.target, request, body);
          return reply.status;
        },
        reply: () => answer(response, pathname, reply),
      });
    }
    const n = ++network.requests;
    let reply = await forward(network.target, request, body);
    if (network.doubling && n % 5 === 0) reply = await forward(network.target, request, body);
    if (isCut || (network.losing && n % 2 === 0)) return request.socket.destroy();
    await answer(response, pathname, reply);
  }

  const proxy = http.createServer((request, response) => {
    const passing = pass(request, response)
      .catch(() => request.socket.destroy()) // the server is not there, or whoever asked has gone
      .finally(() => underWay.delete(passing));
    underWay.add(passing);
  });
  proxy.on("connection", (socket) => isCut && socket.destroy());
  await once(proxy.listen(0, "127.0.0.1").unref(), "listening");
  return Object.assign(network, { url: `http://127.0.0.1:${proxy.address().port}` });
}
