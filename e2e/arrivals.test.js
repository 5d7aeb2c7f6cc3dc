// How people come to their questionnaire: a scanner and a preview that open a link before them, an e-mail program that takes the
// sentence's full stop for a part of it, a private window, a browser without cookies, the Back button and a second tab.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { begin, browserTest, button, checkPage, link, newPage, startBrowser, widths } from "./harness.js";
import { startServer } from "./server.js";

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer({ study: "kinds" })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const phone = (options) => newPage(browser, server, { width: widths.phone, ...options });
const heading = (page) => page.getByRole("heading", { level: 1 }).innerText();
const choice = (page, code, value) => page.locator("label.ww-choice").filter({ has: page.locator(`[name="${code}"][value="${value}"]`) });

/** Chooses an answer on the page, sends it and waits for the next page. */
async function answer(page, code, value) {
  const address = page.url();
  await choice(page, code, value).click();
  await button(page, "Continue").click();
  await page.waitForURL((url) => url.href !== address);
}

browserTest("a link that programs opened first still opens, wherever the message put it", async () => {
  const address = await server.enrol("A1");
  const code = address.split("/").at(-1);
  for (const [method, agent] of [["HEAD", "LinkScanner/1.0"], ["GET", "LinkScanner/1.0"], ["GET", "facebookexternalhit/1.1"], ["GET", "WhatsApp/2.23"]]) {
    const reply = await fetch(address, { method, headers: { "User-Agent": agent }, redirect: "manual" });
    assert.equal(reply.status, 303, `${agent} is answered ${method} with ${reply.status}`);
    assert.match(reply.headers.get("Cache-Control"), /no-store/, "what stands between must not keep a ticket");
    const target = reply.headers.get("Location");
    assert.ok(!target.includes(code), "the code leaves the address");
    const page = await (await fetch(new URL(target, server.url), { headers: { "User-Agent": agent } })).text(); // without the cookie
    for (const told of ["A1", code, "Study of every kind"]) assert.ok(!page.includes(told), `a preview would show ${told}`);
  }
  assert.equal(server.submissions().length, 0, "opening a link changes nothing");

  const page = await phone();
  for (const behind of [".", ",", ")", ">", "%22", "\u200b", ".)"]) {
    await page.goto(`${address}${behind}`);
    assert.match(page.url(), /\/welcome$/, `a link with ${JSON.stringify(behind)} behind it`);
  }
  await page.finish();

  const typing = await phone();
  await typing.goto("/");
  await typing.getByLabel("Code").fill(`Your link: <${address}>.`);
  await button(typing, "Continue").click();
  await typing.waitForURL(/\/welcome$/);
  assert.ok(!(await typing.evaluate(() => document.referrer)).includes(code), "no page learns the code from where somebody came");
  await typing.finish();
});

for (const javaScript of [true, false]) {
  browserTest(`a browser without cookies is not sent round in a circle, ${javaScript ? "with" : "without"} JavaScript`, async () => {
    const page = await phone({ javaScript });
    await page.context().route("**", async (route) => {
      const request = route.request();
      const reply = await fetch(request.url(), { method: request.method(), redirect: "manual" });
      const headers = Object.fromEntries([...reply.headers].filter(([name]) => !["set-cookie", "content-encoding", "content-length"].includes(name)));
      await route.fulfill({ status: reply.status, headers, body: Buffer.from(await reply.arrayBuffer()) });
    });
    await page.goto(await server.enrol(`B${Number(javaScript)}`));
    assert.equal(await heading(page), "Open your link again, or allow cookies");
    assert.equal((await page.context().cookies()).length, 0);
    await page.getByText("Allow cookies for this website").waitFor();
    if (javaScript) await checkPage(page, "arrival-without-cookies");
    await page.finish();
  });

  browserTest(`what is chosen after going back stands, 3, then 4, then 3, ${javaScript ? "with" : "without"} JavaScript`, async () => {
    const label = `C${Number(javaScript)}`;
    const page = await phone({ javaScript });
    const at = await begin(page, await server.enrol(label));
    await button(page, "Continue").click(); // the first is a text to read
    await page.goto(at(4));
    for (const value of [3, 4, 3]) {
      await answer(page, "likert", value);
      await page.goBack();
      await choice(page, "likert", value).waitFor();
    }
    assert.equal(server.response(label).answers.likert, 3);
    await page.finish();
  });
}

browserTest("a private window goes on where somebody was, and leaves nothing when it closes", async () => {
  const address = await server.enrol("D1");
  const first = await phone();
  const at = await begin(first, address);
  await first.goto(at(2));
  await answer(first, "single", 2);
  await first.finish();

  const second = await phone();
  await second.goto(address);
  assert.ok(!second.url().endsWith("/welcome"), "somebody who agreed is not asked again");
  await second.goto(new URL(second.url()).pathname.replace(/[^/]+$/, "2"));
  assert.equal(await second.locator("input:checked").count(), 0, "what was answered in a window that is closed is not shown");
  await second.finish();
});

browserTest("after a link is closed, Back shows no answers and a second tab says so and loses nothing", async () => {
  const address = await server.enrol("E1");
  const page = await phone();
  const at = await begin(page, address);
  await page.goto(at(2));
  await answer(page, "single", 2);
  const tab = await page.context().newPage();
  await tab.goto(address);
  await tab.goto(at(2));
  assert.ok(await tab.locator('[name="single"][value="2"]').isChecked(), "both tabs are one person on one device");
  await choice(tab, "single", 3).click();

  await page.goto(at("welcome"));
  await page.goto(at(2));
  await page.context().clearCookies(); // as the end of the browser’s session does
  await page.goto("/");
  await page.goBack();
  assert.equal(await page.locator("input:checked").count(), 0, "Back shows an answer after the link was closed");
  assert.match(await heading(page), /^Open your link again/);

  await button(tab, "Continue").click();
  await tab.getByText("What you typed or chose is kept on this page").waitFor();
  await page.goto(address);
  await button(tab, "Save this now").click();
  await tab.waitForURL((url) => !url.pathname.endsWith("/2"));
  assert.equal(server.response("E1").answers.single, 3);
  await page.finish();
});
