// What the next person, or anybody without the PIN, must not get at on a tablet: late replies, and whatever the server missed.
import assert from "node:assert/strict";
import { describe } from "node:test";

import { button, link, waitUntilKept } from "./harness.js";
import { answer, checkForgotten, giveBack, handTo, onTablet, setUp, toQuestions, unlock } from "./tablet.js";

describe("kiosk locks", () => {
  onTablet("what arrives only when somebody has left is not kept", async (page, server) => {
    await setUp(page);
    await unlock(page);
    const label = await page.locator(".ww-due__link strong").first().textContent();
    const held = server.network.hold(/\/q\/[0-9a-f]{16}\/offline\.json$/);
    const handle = await handTo(page, label);
    await toQuestions(page);
    const bundle = await held;
    assert.equal(await bundle.send(), 200);
    await giveBack(page);
    await page.waitForTimeout(1000); // the PIN screen has the worker forget too, once
    await bundle.reply();
    await page.waitForTimeout(1000); // for the worker to do with it what it likes
    await checkForgotten(page, [handle, label]);
  });

  onTablet("nobody gets at the others without the PIN, whatever the server missed", async (page, server) => {
    const closed = async (path) => {
      await page.goto(path);
      await page.getByLabel("PIN", { exact: true }).waitFor();
    };
    await setUp(page);
    await unlock(page);
    await button(page, "Load these people for when there is no network").click();
    await page.getByText(/people are loaded on this tablet/).waitFor();
    const labels = await page.locator(".ww-due__link strong").allTextContents();

    // Handed over with the server, then without it.
    await handTo(page, labels[0]);
    await server.halt();
    for (const path of ["/q/kiosk/people", "/q/kiosk/ready/0123456789abcdef"]) await closed(path);
    await server.resume();

    // Locked without the server.
    await page.reload();
    await unlock(page);
    await server.halt();
    await page.reload();
    const ready = await page.locator(".ww-due__link strong").first().textContent();
    await button(page, "Lock the tablet").click();
    await page.getByLabel("PIN", { exact: true }).waitFor();
    await server.resume();
    await closed("/q/kiosk/people");

    // Given back without it.
    await unlock(page);
    const given = await handTo(page, ready);
    await toQuestions(page);
    await waitUntilKept(page);
    await server.halt();
    await giveBack(page);
    await server.resume();
    await closed(`/q/${given}/2`);

    // Handed over without it, and the server hears of that only when somebody else has the tablet.
    await unlock(page);
    await server.halt();
    await page.reload();
    const [loaded, ...others] = await page.locator(".ww-due__link strong").allTextContents();
    assert.ok(![loaded, ...others].includes(ready), "who had the tablet since is still loaded");
    await handTo(page, loaded);
    await server.resume();
    await closed("/q/kiosk/people");
    await server.halt();
    await unlock(page);
    const before = await handTo(page, await page.locator(".ww-due__link strong").first().textContent());
    const held = server.network.hold(/^\/q\/kiosk\/adopt$/);
    await server.resume();
    await page.goto(`/q/${before}/1`, { referer: page.url() });
    const adopt = await held;
    await giveBack(page);
    await unlock(page);
    const next = await handTo(page, labels.find((label) => ![ready, loaded, ...others].includes(label)));
    await toQuestions(page);
    await adopt.send(); // though the tablet has given it up
    await adopt.reply();
    await page.waitForTimeout(500);
    await answer(page, 1);
    assert.equal(page.url().split("/")[4], next, "somebody else’s questionnaire");
  });
});
