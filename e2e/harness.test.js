// The checks themselves are checked on a page that breaks each of them: one that found nothing would never be missed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { browserTest, checkAccessibility, checkPage, checkWidth, newPage, startBrowser, widths } from "./harness.js";
import { startNetwork } from "./network.js";

const wrap = (body) =>
  `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
  <title>Page</title><main><h1>Heading</h1>${body}</main></html>`;
const pages = {
  "/good": wrap("<p>Nothing is wrong here.</p>"),
  "/unlabelled": wrap('<input name="answer">'),
  "/pale": wrap('<p style="color: #aaa; background: #fff">Hard to read.</p>'),
  "/pale-at-night": wrap(
    "<style>:root { color-scheme: light dark } @media (prefers-color-scheme: dark) { p { color: #555; background: #222 } }</style><p>Hard to read.</p>",
  ),
  "/hidden-link-at-night": wrap(
    `<style>a { color: #00c } @media (prefers-color-scheme: dark) { body { background: #fff } p { color: #000 } a { color: #223; text-decoration: none } }</style>
    <p>Words before <a href="/good">a link</a> and words after it.</p>`,
  ),
  "/wide": wrap('<div style="width: 500px">Wider than a phone.</div>'),
  "/elsewhere": wrap('<img src="http://fonts.example/pixel.png" alt="">'),
  "/broken": wrap("<script>missing();</script>"),
};

let http, server, browser;
let asked = 0; // how many requests have come, which the server tells as wellwave does

const metrics = () => (asked > 0 ? `wellwave_requests_total{method="GET",route="/q/:handle/:page",status="200"} ${asked}\n` : "");

before(async () => {
  http = createServer((request, response) => {
    if (request.url !== "/metrics") asked++;
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(request.url === "/metrics" ? metrics() : (pages[request.url] ?? ""));
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  server = { url: `http://127.0.0.1:${http.address().port}` };
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  http?.close();
});

browserTest("a file whose server does not start ends, and leaves no browser and no network open", async () => {
  const file = `
    import { before, test } from "node:test";
    import { startBrowser } from "./harness.js";
    import { startServer } from "./server.js";
    before(async () => {
      await startBrowser();
      await startServer({ study: "that there is not", network: true });
    });
    test("nothing", () => {});`;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = execFile(process.execPath, ["--input-type=module", "-e", file], { cwd: fileURLToPath(new URL(".", import.meta.url)), env, timeout: 60_000, killSignal: "SIGKILL" });
  assert.deepEqual(await once(run, "exit"), [1, null], "it fails and ends by itself");
});

/** Opens a path on a phone and returns the page. */
async function open(path, options) {
  const page = await newPage(browser, server, { width: widths.phone, ...options });
  await page.goto(path);
  return page;
}

for (const javaScript of [true, false]) {
  browserTest(`a good page passes every check ${javaScript ? "with" : "without"} JavaScript`, async () => {
    const page = await open("/good", { javaScript });
    await checkPage(page);
    await page.finish();
  });

  browserTest(`axe speaks up ${javaScript ? "with" : "without"} JavaScript`, async () => {
    for (const [path, rule] of [["/unlabelled", /label: /], ["/pale", /color-contrast: /]]) {
      const page = await open(path, { javaScript });
      await assert.rejects(checkAccessibility(page), rule);
      await page.finish();
    }
  });

  browserTest(`a page wider than its window is found ${javaScript ? "with" : "without"} JavaScript`, async () => {
    const page = await open("/wide", { javaScript });
    await assert.rejects(checkWidth(page), / is 5\d\d px wide in a window of 375 px/);
    await page.finish();
  });
}

browserTest("colours that are wrong in the dark alone are found", async () => {
  for (const [path, rule] of [["/pale-at-night", /color-contrast: /], ["/hidden-link-at-night", /link-in-text-block: /]]) {
    const page = await open(path);
    await page.emulateMedia({ colorScheme: "light" });
    await checkAccessibility(page);
    await assert.rejects(checkPage(page), rule);
    await page.finish();
  }
});

browserTest("a request to another origin is found", async () => {
  const page = await open("/elsewhere");
  await assert.rejects(page.finish(), /asked http:\/\/fonts\.example/);
});

browserTest("a script that fails is found", async () => {
  const page = await open("/broken");
  await assert.rejects(page.finish(), /script failed/);
});

/** Runs steps with a network in front of the server and a page that has come through it. */
function behindNetwork(name, steps) {
  browserTest(name, async () => {
    const network = Object.assign(await startNetwork(), { target: server.url });
    const page = await newPage(browser, network);
    try {
      await page.goto("/good");
      await steps(network, page);
    } finally {
      await page.context().close();
      network.stop();
    }
  });
}

behindNetwork("nothing passes a network that is cut, and the server hears nothing", async (network, page) => {
  const before = asked;
  await network.whileCut(async () => {
    assert.equal(await page.evaluate(() => fetch("/good").then(() => "a reply", () => "none")), "none");
    await assert.rejects((await page.context().newPage()).goto("/good"), /net::ERR_/);
    await assert.rejects(fetch(new URL("/good", network.url)));
  });
  assert.equal(asked, before);
  await page.goto("/good");
});

behindNetwork("a request that reaches the server though the network is cut is found", async (network) => {
  const past = () => fetch(new URL("/good", server.url));
  await assert.rejects(network.whileCut(past), /the server was reached without a network[^]*GET \/q\/:handle\/:page 200/);
  await network.whileCut(past, { except: /^\/q/ });
  assert.equal((await fetch(new URL("/good", network.url))).status, 200, "a failure leaves no network cut");
});

behindNetwork("what is under way when the network is cut is no fault, and its reply is lost", async (network, page) => {
  network.slow = { latency: 300, throughput: Infinity };
  const reply = page.evaluate(() => fetch("/good").then(() => "a reply", () => "none"));
  await page.waitForRequest("**/good");
  await network.whileCut(() => {});
  assert.equal(await reply, "none");
});

behindNetwork("a server that counts nothing is found", async (network) => {
  asked = 0;
  await assert.rejects(network.cut(), /no longer counts them/);
});
