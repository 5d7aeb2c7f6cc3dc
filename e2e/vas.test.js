// The visual analogue scale: by touch, by keyboard, by typing a number and without JavaScript, and empty until then.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { browserTest, button, checkAccessibility, checkPage, newPage, says, screenshot, startBrowser, waitUntilKept, widths } from "./harness.js";
import { startServer } from "./server.js";

const field = (page) => page.locator(".ww-vas").getByRole("textbox");

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer({ network: true })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens the scale of the EQ-5D-5L, the sixth question, in a new browser. */
async function openScale(options) {
  const page = await newPage(browser, server, { width: widths.phone, ...options });
  await page.goto(server.links.follow_up);
  const [, handle] = /\/q\/(\w+)\//.exec(page.url());
  await page.goto(`/q/${handle}/6`);
  await page.locator(".ww-vas").waitFor();
  return page;
}

/** Holds scale and field to one value; none is an empty scale. */
async function shows(page, value) {
  const slider = page.getByRole("slider");
  const mark = page.locator(".ww-scale__mark");
  assert.equal(await field(page).inputValue(), value === undefined ? "" : String(value));
  assert.equal(await slider.getAttribute("aria-valuenow"), value === undefined ? null : String(value));
  assert.equal(await slider.getAttribute("aria-valuetext"), value === undefined ? "No answer yet" : String(value));
  assert.equal(await mark.isVisible(), value !== undefined);
  if (value === undefined) return;
  const [line, box] = [await page.locator(".ww-scale__line").boundingBox(), await mark.boundingBox()];
  const height = (100 * (line.y + line.height - box.y - box.height / 2)) / line.height;
  assert.ok(Math.abs(height - value) < 0.5, `the mark stands at ${height}, want ${value}`);
}

/** Returns the point of the scale that stands for a value. */
async function pointOf(page, value) {
  const line = await page.locator(".ww-scale__line").boundingBox();
  return { x: line.x + line.width, y: line.y + line.height * (1 - value / 100) };
}

/** Moves a finger over the page from one point to another. */
async function drag(page, from, to) {
  const touch = await page.context().newCDPSession(page);
  const send = (type, ...touchPoints) => touch.send("Input.dispatchTouchEvent", { type, touchPoints });
  await send("touchStart", from);
  for (let step = 1; step <= 8; step++) {
    await send("touchMove", { x: from.x + ((to.x - from.x) * step) / 8, y: from.y + ((to.y - from.y) * step) / 8 });
  }
  await send("touchEnd");
}

const scrolled = (page) => page.evaluate(() => window.scrollY);

describe("the visual analogue scale", () => {
  browserTest("by typing, and empty again when that is taken back", async () => {
    const page = await openScale();
    await checkPage(page, "vas-empty");
    await field(page).fill("64");
    await shows(page, 64);
    await says(page, "Received by the study");
    await checkPage(page, "vas");
    for (const wrong of ["101", "6.5", "warm"]) {
      await field(page).fill(wrong);
      assert.equal(await page.locator(".ww-scale__mark").isVisible(), false, `${wrong} is nowhere on the scale`);
    }
    await field(page).fill("");
    await shows(page);
    await waitUntilKept(page);
    await page.waitForTimeout(1500);
    await page.reload();
    await shows(page);

    await server.network.whileCut(async () => {
      await page.reload();
      await page.getByRole("slider").press("End");
      await shows(page, 100);
      await says(page, "Saved on this device");
      await page.reload();
      await shows(page, 100);
    });
    await page.finish();
  });

  browserTest("by touch", async () => {
    const page = await openScale();
    await page.getByRole("slider").scrollIntoViewIfNeeded();
    await page.evaluate(() => document.querySelector(".ww-scale").scrollIntoView({ block: "center" }));
    await shows(page);
    const { width } = await page.getByRole("slider").boundingBox();
    assert.ok(width >= 48, `the scale is ${width} px wide`);

    const before = await scrolled(page);
    const seventy = await pointOf(page, 70);
    await page.touchscreen.tap(seventy.x, seventy.y);
    await shows(page, 70);
    await says(page, "Received by the study");

    await drag(page, await pointOf(page, 70), await pointOf(page, 35));
    await shows(page, 35);
    await drag(page, await pointOf(page, 90), { ...seventy, y: -50 });
    await shows(page, 100);
    assert.equal(await scrolled(page), before, "moving the mark scrolls nothing");
    await drag(page, { x: widths.phone - 8, y: 500 }, { x: widths.phone - 8, y: 420 });
    assert.notEqual(await scrolled(page), before, "beside the scale the page scrolls");
    await page.finish();
  });

  browserTest("by keyboard alone, shown again on going back", async () => {
    const page = await openScale({ width: widths.tablet });
    const slider = page.getByRole("slider", { name: await page.locator("h1").innerText() });
    const keys = async (...names) => {
      for (const name of names) await page.keyboard.press(name);
    };
    await keys("Tab");
    assert.ok(await slider.evaluate((element) => element === document.activeElement), "the heading is followed by the scale");
    await shows(page);
    for (const [key, value] of [
      ["ArrowUp", 51], ["ArrowRight", 52], ["ArrowDown", 51], ["ArrowLeft", 50], ["PageUp", 60], ["PageDown", 50],
      ["End", 100], ["ArrowUp", 100], ["Home", 0], ["PageDown", 0], ["PageUp", 10],
    ]) {
      await keys(key);
      await shows(page, value);
    }
    await screenshot(page, "vas-focus-820");
    await keys("Tab");
    assert.ok(await field(page).evaluate((element) => element === document.activeElement), "one Tab stop, then the field");
    await keys("Tab", "Enter");
    await page.waitForURL(/\/7$/);
    await page.goBack();
    await page.locator(".ww-vas").waitFor();
    await shows(page, 10);
    await page.getByRole("link", { name: "Back" }).click();
    await page.waitForURL(/\/5$/);
    await page.goto(page.url().replace(/5$/, "6"));
    await shows(page, 10);
    await page.finish();
  });

  browserTest("beside the field from right to left, in forced colours, and moving nothing", async () => {
    for (const [name, width] of [["phone", widths.phone], ["tablet", widths.tablet]]) {
      const page = await openScale({ width });
      const moved = await page.evaluate(
        () =>
          new Promise((resolve) => {
            new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0))).observe({ type: "layout-shift", buffered: true });
            setTimeout(resolve, 500, 0);
          }),
      );
      assert.equal(moved, 0, "something moved when the script came");
      await page.getByRole("slider").press("PageUp");
      await page.emulateMedia({ colorScheme: "dark" });
      await screenshot(page, `vas-dark-${name}`);
      await page.emulateMedia({ colorScheme: "light" });
      await screenshot(page, `vas-light-${name}`);
      await page.emulateMedia({ forcedColors: "active" });
      await screenshot(page, `vas-forced-${name}`);
      await page.emulateMedia({ forcedColors: "none", media: "print" });
      await screenshot(page, `vas-print-${name}`);
      await page.emulateMedia({ media: "screen" });
      await page.evaluate(() => (document.documentElement.dir = "rtl"));
      await checkAccessibility(page);
      const [scale, input] = [await page.getByRole("slider").boundingBox(), await field(page).boundingBox()];
      assert.ok(scale.x > input.x + input.width, "the scale stands at the start of the line");
      await shows(page, 60);
      await page.getByRole("slider").press("ArrowLeft");
      await shows(page, 61);
      await page.getByRole("slider").press("ArrowRight");
      await shows(page, 60);
      await screenshot(page, `vas-rtl-${name}`);
      await page.evaluate(() => (document.documentElement.dir = "ltr"));
      await page.setViewportSize({ width: widths.small, height: 667 });
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      await shows(page, 60);
      await screenshot(page, `vas-large-${name}`);
      await page.finish();
    }
  });

  browserTest("without JavaScript it is a number field with both ends named", async () => {
    const page = await openScale({ javaScript: false });
    assert.equal(await page.getByRole("slider").count(), 0);
    assert.equal(await page.locator(".ww-scale").isVisible(), false);
    assert.equal(await page.getByText("Or touch the scale").isVisible(), false);
    assert.ok(await page.getByText("100: Highest").isVisible());
    await checkPage(page, "vas-plain");
    await field(page).fill("101");
    await button(page, "Continue").click();
    await page.getByText("is out of range").first().waitFor();
    await field(page).fill("40");
    await button(page, "Continue").click();
    await page.waitForURL(/\/7$/);
    await page.getByRole("link", { name: "Back" }).click();
    assert.equal(await field(page).inputValue(), "40");
    await page.finish();
  });
});
