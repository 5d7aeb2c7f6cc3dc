// How people read: in another language and from right to left, in large print and easy read, by listening, and with
// somebody's help. Whatever is chosen on the way, no answer is lost, and each is stored with how it was given.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { begin, browserTest, button, checkPage, newPage, says, startBrowser, waitUntilKept, widths } from "./harness.js";
import { startServer } from "./server.js";

const pressed = (page, name) => page.locator(`.ww-aids button[aria-pressed="true"]`, { hasText: name });
const direction = (page) => page.locator("html").getAttribute("dir");
const field = (page, name) => page.locator(`[name="${name}"]`);

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer({ study: "kinds", network: true })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens the help to read and presses one of its buttons. */
async function press(page, name) {
  const aids = page.locator(".ww-aids");
  if ((await aids.getAttribute("open")) === null) await aids.locator("summary").click();
  const load = page.waitForEvent("load");
  await button(aids, name).click();
  await load;
}

/** Presses a button of another language. */
async function speak(page, name) {
  const load = page.waitForEvent("load");
  await button(page, name).click();
  await load;
}

for (const javaScript of [true, false]) {
  const way = javaScript ? "with JavaScript" : "without JavaScript";
  describe(way, () => {
    const person = (letter) => `${letter}${javaScript ? 1 : 2}`;

    browserTest("somebody changes the language on the way, and what they typed stays", async () => {
      const page = await newPage(browser, server, { width: widths.phone, javaScript });
      const at = await begin(page, await server.enrol(person("L")));
      await page.goto(at("2"));
      await page.locator("label.ww-choice").nth(1).click();
      await speak(page, "العربية");
      assert.equal(await direction(page), "rtl");
      assert.equal(await page.locator("input:checked").getAttribute("value"), "2", "what was chosen stands");
      await page.goto(at("11"));
      await field(page, "long").fill("First\nsecond");
      await speak(page, "English");
      assert.equal(await direction(page), "ltr");
      assert.equal(await field(page, "long").inputValue(), "First\nsecond");
      await page.goto(at("9"));
      for (const [part, text] of Object.entries({ day: "31", month: "2", year: "2026" })) await page.locator(`#day-${part}`).fill(text);
      await speak(page, "العربية");
      assert.equal(await page.locator("#day-day").inputValue(), "31", "what cannot be right yet stands as well");
      await page.finish();
    });

    browserTest("large print and easy read stay until they are switched off, and are stored", async () => {
      const page = await newPage(browser, server, { width: widths.small, javaScript });
      const label = person("R");
      const at = await begin(page, await server.enrol(label));
      await page.goto(at("2"));
      const size = () => page.locator("h1").evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
      const ordinary = await size();
      await press(page, "Large print");
      assert.ok((await size()) > 1.25 * ordinary, "large print is larger");
      await press(page, "Easy read");
      await page.locator(".ww-aids summary").click();
      await pressed(page, "Large print").waitFor();
      await pressed(page, "Easy read").waitFor();
      if (javaScript) await checkPage(page, "easy-large-question"); // without it the page is the same
      await page.locator("label.ww-choice").nth(0).click();
      await button(page, "Continue").click();
      await page.waitForURL(/\/3$/);
      for (const place of ["14", "help", "check", "welcome", "agreed", "withdraw"]) {
        await page.goto(at(place));
        if (javaScript) await checkPage(page, `easy-large-${place}`);
      }
      await page.goto(at("14"));
      assert.equal(await page.locator("[data-other]").count(), 0, "easy read has no tables");
      await press(page, "Large print");
      assert.equal(await pressed(page, "Large print").count(), 0);
      const { aids } = server.response(label);
      assert.deepEqual(aids.split(" ").sort(), ["easy-read", "large-print"]);
      await page.finish();
    });

    browserTest("somebody says who helps them", async () => {
      const page = await newPage(browser, server, { width: widths.phone, javaScript });
      const label = person("H");
      const at = await begin(page, await server.enrol(label));
      await page.goto(at("2"));
      await page.locator("label.ww-choice").nth(2).click();
      await press(page, "Somebody helps me");
      await page.waitForURL(/\/help$/);
      if (javaScript) await checkPage(page, "who-helps");
      await page.getByLabel("An interpreter helps me").check();
      await page.getByLabel("At home").check();
      await button(page, "Continue").click();
      await page.waitForURL(/\/3$/);
      await page.locator("label.ww-choice").nth(0).click();
      await button(page, "Continue").click();
      await page.waitForURL(/\/4$/);
      if (javaScript) await waitUntilKept(page);
      await page.goto(at("4"));
      const { helper, place } = server.response(label);
      assert.deepEqual({ helper, place }, { helper: "interpreter", place: "home" });
      assert.equal(server.response(label).answers.single, 3, "what was chosen before stands");
      await page.finish();
    });
  });
}

// Without JavaScript these pages are the same.
browserTest("every page is as good from right to left", async () => {
  const page = await newPage(browser, server, { width: widths.phone });
  await page.goto(await server.enrol("A1"));
  await speak(page, "العربية");
  await checkPage(page, "arabic-welcome");
  const start = page.locator("a.ww-button");
  await start.click();
  await page.waitForURL(/\/consent$/);
  await page.locator("main form button.ww-button").click();
  await checkPage(page, "arabic-consent");
  await page.locator("label.ww-choice").first().click();
  await page.locator("main form button.ww-button").click();
  await page.waitForURL(/\/1$/);
  const [, handle] = /\/q\/(\w+)\//.exec(page.url());
  for (let number = 1; number <= 20; number++) {
    await page.goto(`/q/${handle}/${number}`);
    await checkPage(page, `arabic-${number}`);
  }
  for (const place of ["grid-14", "check", "help", "agreed", "withdraw"]) {
    await page.goto(`/q/${handle}/${place}`);
    await checkPage(page, `arabic-${place}`);
  }
  await page.goto(`/q/${handle}/check`);
  await page.locator("main form button.ww-button").click();
  await page.waitForURL(/\/thanks$/);
  assert.equal(await direction(page), "rtl");
  await checkPage(page, "arabic-thanks");
  for (const place of ["/", "/s/NO-SUCH-CODE", "/q/queue", "/no/such/page"]) {
    await page.goto(place);
    await checkPage(page, `arabic-${place.replaceAll("/", "-").slice(1) || "start"}`);
  }
  await page.finish();
}, { minutes: 5 });

browserTest("so are the pages on which something goes another way, and those of somebody who leaves", async () => {
  const page = await newPage(browser, server, { width: widths.phone });
  const onwards = () => page.locator("main form button.ww-button").first().click();
  const begun = async (label) => {
    await page.goto(await server.enrol(label));
    await page.locator("a.ww-button").click();
    await page.waitForURL(/\/consent$/);
  };
  await page.goto(await server.enrol("B0"));
  await speak(page, "العربية");
  await begun("B1");
  await onwards();
  await page.locator("[role=alert]").waitFor();
  await checkPage(page, "arabic-consent-error");
  await page.locator("label.ww-choice").first().click();
  await onwards();
  await page.waitForURL(/\/1$/);
  await page.goto(page.url().replace(/1$/, "2"));
  const question = page.url();
  await onwards();
  await page.locator(".ww-panel").waitFor();
  await checkPage(page, "arabic-missed");
  await page.goto(question.replace(/2$/, "7"));
  await field(page, "integer").fill("many");
  await onwards();
  await page.locator("[role=alert]").waitFor();
  await checkPage(page, "arabic-wrong");

  await page.goto(question.replace(/2$/, "withdraw"));
  await onwards();
  await page.locator("[role=alert]").waitFor();
  await checkPage(page, "arabic-withdraw-error");
  await page.locator("label.ww-choice").first().click();
  await onwards();
  await page.locator("main input[name=level][type=hidden]").waitFor({ state: "attached" });
  await checkPage(page, "arabic-withdraw-confirm");
  await onwards();
  await page.waitForURL(/\/withdrawn$/);
  await checkPage(page, "arabic-withdrawn");
  await page.goto(question);
  assert.equal(await page.locator("main form").count(), 0, "the questionnaire is closed");
  await checkPage(page, "arabic-closed");
  await page.goto(question.replace(/2$/, "withdrawn"));
  await onwards();
  await page.waitForURL(/left=yes$/);
  await checkPage(page, "arabic-left");

  await begun("B2");
  await page.locator("label.ww-choice").first().click();
  await onwards();
  await page.waitForURL(/\/1$/);
  await page.goto(page.url().replace(/1$/, "2"));
  const other = await page.context().newPage();
  await other.goto(await server.enrol("B3"));
  await page.locator("label.ww-choice").first().click();
  await onwards();
  await page.locator("html[lang=ar] main form").waitFor();
  assert.equal(await page.locator(".ww-progress").count(), 0, "this page belongs to another link");
  await checkPage(page, "arabic-moved");
  await page.finish();
});

browserTest("a question is read out by a voice of the device, in its language and no other", async () => {
  const page = await newPage(browser, server, { width: widths.phone });
  await page.addInitScript(() => {
    window.voices = [{ lang: "en-US", localService: false, name: "somebody else's" }];
    window.spoken = [];
    speechSynthesis.getVoices = () => window.voices;
    speechSynthesis.cancel = () => window.spoken.push(null);
    Object.defineProperty(speechSynthesis, "pending", { get: () => true });
    speechSynthesis.speak = ({ text, lang }) => window.spoken.push(`${lang}: ${text.trim()}`);
    window.SpeechSynthesisUtterance = class {
      constructor(text) {
        this.text = text;
      }
    };
  });
  const at = await begin(page, await server.enrol("V1"));
  await page.goto(at("2"));
  const listen = button(page, "Listen");
  await page.locator("[data-listen]").waitFor({ state: "attached" });
  assert.equal(await listen.count(), 0, "a voice of another machine is none");
  const place = () => page.locator("label.ww-choice").first().boundingBox();
  const before = await place();

  await page.evaluate(() => {
    window.voices = [{ lang: "en-US", localService: true, name: "ours" }, { lang: "ar", localService: true, name: "هنا" }];
    speechSynthesis.dispatchEvent(new Event("voiceschanged"));
  });
  await listen.waitFor();
  assert.deepEqual(await place(), before, "a voice that is found late moves no answer");
  await listen.click();
  assert.equal(await listen.getAttribute("aria-pressed"), "true");
  assert.deepEqual(await page.evaluate(() => window.spoken.filter(Boolean)), ["en-US: Please think of the last week.", "en-US: How did you mostly get about?",
    "en-US: On foot", "en-US: By bus", "en-US: By car or taxi"]);
  await checkPage(page, "listen");
  await listen.click();
  assert.equal(await listen.getAttribute("aria-pressed"), "false");
  assert.equal(await page.evaluate(() => window.spoken.at(-1)), null, "pressing it again stops it");
  await page.locator("label.ww-choice").nth(1).click();
  await button(page, "Continue").click();
  await page.waitForURL(/\/3$/);
  await waitUntilKept(page);
  await page.goto(at("3"));
  assert.equal(server.response("V1").aids, "listened");
  await page.finish();
});

browserTest("somebody who wants to read in another way without a network keeps what they typed", async () => {
  const page = await newPage(browser, server, { width: widths.phone });
  const at = await begin(page, await server.enrol("N1"));
  await waitUntilKept(page);
  await page.goto(at("7"));
  await server.network.whileCut(async () => {
    await field(page, "integer").fill("4");
    await speak(page, "العربية");
    await page.getByText("the page that you asked for needs a network").waitFor();
    assert.equal(await field(page, "integer").inputValue(), "4");
    await checkPage(page, "reading-offline");
    await press(page, "Somebody helps me");
    await page.getByText("the page that you asked for needs a network").waitFor();
    assert.equal(await field(page, "integer").inputValue(), "4");
  });
  await speak(page, "العربية");
  assert.equal(await direction(page), "rtl");
  assert.equal(await field(page, "integer").inputValue(), "4");
  await page.finish();
});
