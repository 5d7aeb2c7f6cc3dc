// What every browser test shares: a real Chromium, ways to move on pages, and the promises that hold on each page whatever
// it is for.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import axe from "axe-core";
import { chromium } from "playwright-core";

const screenshots = fileURLToPath(new URL("screenshots/", import.meta.url));

/** The widths that pages are held to: a small phone, a common one, a tablet and a desktop. */
export const widths = { small: 320, phone: 375, tablet: 820, desktop: 1280 };

// What people press, by its name, and what the line about saving says.
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const link = (page, name) => page.getByRole("link", { name });
export const says = (page, text) => page.locator("#saving").filter({ hasText: text }).waitFor();

/** Declares a test that may take some minutes, and not for ever. */
export const browserTest = (name, steps, { minutes = 2 } = {}) => test(name, { timeout: minutes * 60_000 }, steps);

/** Waits until something holds. */
export async function until(what, holds) {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return;
    await sleep(100);
  }
  assert.fail(`${what} did not come about`);
}

/** How the Chromium that .ci/with-browser found is started, without anything that would speak to its maker. */
function launchOptions() {
  const executablePath = process.env.CHROMIUM;
  assert.ok(executablePath, "CHROMIUM names no browser: run the tests by `make test-browser`");
  return { executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"] };
}

// Whoever starts a browser closes it, but of a file whose hook failed on the way nothing runs that would: a browser left open
// would keep that file from ever ending.
const started = [];
after(() => Promise.all(started.map((browser) => browser.close())));

/** Starts a browser that keeps nothing when it ends. */
export async function startBrowser() {
  const browser = await chromium.launch(launchOptions());
  started.push(browser);
  return browser;
}

/** Starts a browser that keeps its profile in a folder, and opens a page in it. */
export async function openProfile(folder, server, options = {}) {
  const context = await chromium.launchPersistentContext(folder, { ...device(server, options), ...launchOptions() });
  started.push(context);
  return watch(context, server, options);
}

/** What a browser of this width is like. */
const device = (server, { width = widths.desktop, javaScript = true } = {}) => ({
  baseURL: server.url,
  viewport: { width, height: width < widths.tablet ? 667 : 900 },
  isMobile: width < widths.tablet,
  hasTouch: width < widths.tablet,
  javaScriptEnabled: javaScript,
  reducedMotion: "reduce", // axe is not to measure a colour half-way to another
  locale: "en-GB",
  timezoneId: "Europe/London",
});

/**
 * Opens a page in a browser profile of its own, as one person on one device. Whatever happens on it, these hold: no
 * request goes to another origin, no script fails, no file is missing. finish() closes the page and checks them.
 */
export async function newPage(browser, server, options = {}) {
  return watch(await browser.newContext(device(server, options)), server, options);
}

/** Opens a page in a browser profile that is there, and holds it to the same. */
async function watch(context, server, { javaScript = true } = {}) {
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const origin = new URL(server.url).origin;
  const faults = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) faults.push(`asked ${url.origin} for ${url.pathname}`);
  });
  context.on("response", (response) => {
    // A worker that passes a page on asks for it itself. Whether a page is refused is for the test to say.
    const asset = response.request().resourceType() !== "document" && (!response.request().serviceWorker() || response.url().includes("/static/"));
    // What a page saves by itself is refused once its link has moved, and the page says so.
    const moved = response.status() === 409 && response.url().endsWith("/save");
    if (asset && !moved && response.status() >= 400) faults.push(`${response.status()} for ${response.url()}`);
  });
  page.on("pageerror", (error) => faults.push(`script failed: ${error.message}`));
  page.on("console", (message) => {
    // A page that was refused says so itself; what is left is a broken script or a blocked style.
    if (message.type() === "error" && !message.text().includes("Failed to load resource")) faults.push(`console: ${message.text()}`);
  });
  return Object.assign(page, {
    javaScript,
    async finish() {
      await context.close();
      assert.equal(faults.length, 0, `faults on the way:\n${faults.join("\n")}`);
    },
  });
}

/** Signs a page in with the account of the server that has a role or an e-mail address. Resolves to the page. */
export async function signIn(page, server, who) {
  const { email, password } = server.accounts.find((account) => [account.role, account.email].includes(who));
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await button(page, "Sign in").click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  return page;
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

/** Waits until the page's questionnaire is kept on the device. */
export const waitUntilKept = (page) => page.locator("html[data-kept=yes]").waitFor({ state: "attached" });

/** The widths that axe looks at: the narrowest on each side of where the layouts change, all of them between these two. */
const layouts = [widths.small, widths.tablet];

/**
 * Holds the page as it stands to what every page promises: no WCAG 2.2 AA violation that axe finds in any layout, nor any of
 * colours in the dark, where nothing else changes; one heading of the first level; a title; no scrolling sideways at any
 * width, nor with text twice as large. A name saves screenshots for people to look at.
 */
export async function checkPage(page, name) {
  assert.notEqual(await page.title(), "", `${page.url()} has no title`);
  assert.equal(await page.locator("h1").count(), 1, `${page.url()} should have one h1`);
  await page.emulateMedia({ colorScheme: "dark" });
  await checkAccessibility(page, colourRules);
  await page.emulateMedia({ colorScheme: "light" });
  const before = page.viewportSize();
  for (const width of Object.values(widths)) {
    await page.setViewportSize({ ...before, width });
    await checkWidth(page);
    if (layouts.includes(width)) await checkAccessibility(page);
    if (name && [widths.phone, widths.desktop].includes(width)) await screenshot(page, `${name}-${width}`);
  }
  await page.setViewportSize({ ...before, width: widths.small });
  await textSize(page, "200%");
  await checkWidth(page);
  await textSize(page, "");
  await page.setViewportSize(before);
}

/** Sets the size of text, as a browser's own setting does; an empty one gives it back. */
const textSize = (page, size) =>
  page.evaluate((fontSize) => {
    document.documentElement.style.fontSize = fontSize;
  }, size);

/** The tags of the rules that pages are held to, and those of these rules that look at colours. */
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const colourRules = ["color-contrast", "link-in-text-block"];

/** Fails with every WCAG 2.2 AA violation that axe finds, where it is and what to do about it. */
export async function checkAccessibility(page, runOnly = tags) {
  // It stays in the page until that is left. Of what is in order axe would otherwise describe every element, which takes it
  // longer than to look.
  if (!(await page.evaluate(() => "axe" in window))) {
    if (!page.javaScript) await reviveTimers(page);
    await page.evaluate(axe.source);
  }
  const violations = await page.evaluate(async (options) => (await window.axe.run(document, options)).violations, { runOnly, resultTypes: ["violations"] });
  const told = violations.map(
    ({ id, help, helpUrl, nodes }) =>
      `${id}: ${help} (${helpUrl})\n` + nodes.map(({ html, failureSummary }) => `  ${html}\n    ${failureSummary?.replaceAll("\n", "\n    ")}`).join("\n"),
  );
  assert.equal(told.length, 0, `axe on ${page.url()}:\n${told.join("\n")}`);
}

/**
 * Chromium runs what a test evaluates on a page without JavaScript, promises too, but no timers, and axe hands itself
 * the next step by timers of no delay. Those become promises; the long ones, which only give up waiting, stay silent.
 */
async function reviveTimers(page) {
  await page.evaluate(() => {
    window.setTimeout = (step, delay = 0, ...values) => {
      if (delay < 100) Promise.resolve().then(() => step(...values));
      return 0;
    };
  });
}

/** Fails when the page is wider than the window, which a phone's browser would hide by zooming out. */
export async function checkWidth(page) {
  const content = await page.evaluate(() => document.scrollingElement.scrollWidth);
  const { width } = page.viewportSize();
  assert.ok(content <= width, `${page.url()} is ${content} px wide in a window of ${width} px`);
}

/** Saves the whole page as screenshots/<name>.png where SCREENSHOTS asks for it. */
export async function screenshot(page, name) {
  if (!process.env.SCREENSHOTS) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}${name}.png`, fullPage: true });
}
