// What somebody answered on their own phone does not show on a colleague's device in what follows from it: two people whose
// answers differ are the same there, until somebody goes on with the server, and without a network to the end.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { begin, browserTest, button, newPage, startBrowser, waitUntilKept, widths } from "./harness.js";
import { startServer } from "./server.js";

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser?.close());

/** Returns what the server gives a device to keep, without what is drawn anew each time. */
const bundleOf = (page, place) =>
  page.evaluate(async (address) => {
    const reply = await fetch(address);
    const { token, until, ...rest } = await reply.json();
    return { ...rest, length: token.length };
  }, place("offline.json"));

/** Returns the address of a questionnaire's pages on a page's device, and its items. */
async function open(page, address) {
  await page.goto(address);
  const [, handle] = /\/q\/(\w+)\//.exec(page.url());
  const place = (name) => `/q/${handle}/${name}`;
  const bundle = await bundleOf(page, place);
  return { handle, place, bundle, number: (code) => bundle.items.findIndex((item) => item.code === code) + 1 };
}

async function moveOn(page) {
  const address = page.url();
  await button(page, "Continue").click();
  await page.waitForURL((url) => url.href !== address && !url.href.includes("/next-"));
}

const choose = (page, value) => page.locator(`label.ww-choice:has(input[value="${value}"])`).click();

describe("answers of another device", () => {
  browserTest("show in nothing that follows from them, with or without a network", async () => {
    const server = await startServer({ study: "kinds", network: true });
    const seen = [];
    try {
      for (const [label, said] of [["P01", 1], ["P02", 0]]) {
        const link = await server.enrol(label);
        const phone = await newPage(browser, server, { width: widths.phone });
        const at = await begin(phone, link);
        const { number, bundle } = await open(phone, link);
        assert.ok(!bundle.items.some(({ elsewhere }) => elsewhere), "the phone's own answers are known there");
        await phone.goto(at(number("before")));
        await choose(phone, said);
        await moveOn(phone);
        await phone.goto(at(number("years")));
        assert.equal(phone.url().endsWith(at(number("years"))), said === 1, "on the phone it is known what follows");
        await phone.finish();

        const page = await newPage(browser, server, { width: widths.phone });
        const device = await open(page, link);
        await page.goto(device.place("2"));
        await waitUntilKept(page);
        const views = [JSON.stringify(device.bundle)];
        for (const name of ["welcome", "2", String(number("before")), "check"]) {
          await page.goto(device.place(name));
          views.push(await page.locator("body").innerHTML());
        }
        seen.push(views.map((view) => view.replaceAll(device.handle, "HANDLE").replaceAll(/ data-kept="yes"/g, "")));
        assert.ok(!views.at(-1).includes(bundle.items[number("years") - 1].text), "the list of answers leaves out what follows");

        // Without a network what follows is left; with one the server asks it of somebody who goes on.
        await server.network.cut();
        await page.goto(device.place(number("row_5")));
        await choose(page, 3);
        await moveOn(page);
        const next = page.url();
        assert.ok(!next.endsWith(device.place(number("years"))), `without a network ${next} follows`);
        await page.goto(device.place(number("years")));
        assert.ok(!page.url().endsWith(device.place(number("years"))), "without a network the question is not shown");
        server.network.restore();
        await page.goto(device.place(`next-${number("row_5")}`));
        assert.equal(page.url().endsWith(device.place(number("years"))), said === 1, `the server asks ${page.url()}`);
        if (said === 1) {
          await page.getByRole("textbox").fill("7");
          await moveOn(page);
          await page.goto(device.place("check"));
          assert.ok((await page.locator("main").innerText()).includes(bundle.items[number("years") - 1].text), "what was answered here is on the list");
        }
        await page.finish();
      }
      for (const [i, view] of seen[0].entries()) assert.equal(seen[1][i], view, `view ${i} tells the two people apart`);
    } finally {
      await server.stop();
    }
  });
});
