// Every kind of item, and a table of them, answered by touch, by keyboard alone and without JavaScript, in one question a
// screen and on one page, with and without a network: what stands in the database is what was answered.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { begin, browserTest, button, checkAccessibility, checkPage, checkWidth, newPage, says, screenshot, startBrowser, until, waitUntilKept, widths } from "./harness.js";
import { startServer } from "./server.js";

const heading = (page) => page.getByRole("heading", { level: 1 });

const answers = {
  single: 2, multiple: [1, 3], likert: 4, rating: 7, vas: 40, integer: 3, decimal: 1.62, day: "2026-03-01", short: "The café", long: "More trees\nand benches",
  yesno: 1, before: 1, row_1: 4, row_2: 2, row_3: 5, row_4: 1, row_5: 3, years: 12, after: 6,
};
const codes = Object.keys(answers);
const rows = codes.filter((code) => code.startsWith("row_"));
const numberOf = (code) => codes.indexOf(code) + 2; // in addresses; the first item is a text to read

let browser, server;
before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer({ study: "kinds", network: true })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const inputOf = (page, code, value) => page.locator(`[name="${code}"][value="${value}"]`);

/** Gives the answer to an item that stands on the page, as somebody with a finger or a mouse does. */
async function give(page, code, press = (locator) => locator.click()) {
  const value = answers[code];
  if (code === "day") {
    for (const [part, text] of Object.entries({ day: "1", month: "3", year: "2026" })) await page.locator(`#day-${part}`).fill(text);
  } else if (["integer", "decimal", "short", "long", "vas", "years", "after"].includes(code)) {
    await page.locator(`[name="${code}"]`).fill(String(value));
  } else {
    for (const one of [value].flat()) await press(page.locator("label.ww-choice").filter({ has: inputOf(page, code, one) }));
  }
}

/** Presses Continue and waits for the next page. */
async function goOn(page, name = "Continue") {
  const address = page.url();
  await button(page, name).click();
  await page.waitForURL((url) => url.href !== address);
}

const onHeading = async (page) => {
  await page.waitForFunction(() => document.activeElement.matches("h1"));
};

/** Holds the choices of a page to rows of the full width and of 48 px, those of a table and a rating to 48 px. */
async function checkTargets(page) {
  const form = await page.locator("main form").boundingBox();
  for (const choice of await page.locator("label.ww-choice").all()) {
    const { width, height } = await choice.boundingBox();
    const tile = await choice.evaluate((label) => Boolean(label.closest(".ww-rating, .ww-grid")));
    assert.ok(height >= 48, `a choice of ${page.url()} is ${height} px high`);
    assert.ok(tile ? width >= 40 : width >= form.width - 1, `a choice of ${page.url()} is ${width} px wide`);
  }
}

function checkAnswers(label, from = server) {
  const { answers: stored, finished_at: finished } = from.response(label);
  assert.deepEqual(stored, answers);
  assert.ok(finished);
}

describe("one question a screen", () => {
  browserTest("by touch on a phone", async () => {
    const page = await newPage(browser, server, { width: widths.phone });
    await begin(page, await server.enrol("P1"));
    await onHeading(page);
    await goOn(page);
    for (const code of codes) {
      await onHeading(page);
      assert.ok(page.url().endsWith(`/${numberOf(code)}`), `${code} is not asked at ${page.url()}`);
      await checkTargets(page);
      const address = page.url();
      if (code === "vas") {
        await page.locator(".ww-scale__line").scrollIntoViewIfNeeded();
        const line = await page.locator(".ww-scale__line").boundingBox();
        await page.touchscreen.tap(line.x + line.width, line.y + line.height * 0.6);
      } else await give(page, code, (choice) => choice.tap());
      assert.equal(page.url(), address, "nothing moves on by itself");
      if (code === "likert") await says(page, "Received by the study");
      await button(page, "Continue").tap();
      await page.waitForURL((url) => url.href !== address);
    }
    await button(page, "Finish").tap();
    await page.waitForURL(/\/thanks$/);
    checkAnswers("P1");
    await page.finish();
  });

  browserTest("by keyboard alone on a tablet, with a table", async () => {
    const page = await newPage(browser, server, { width: widths.tablet });
    const at = await begin(page, await server.enrol("P2"));
    const press = async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focus = () => page.evaluate(() => ({ name: document.activeElement.name ?? "", tag: document.activeElement.tagName, text: document.activeElement.textContent.trim() }));
    /** Goes to the only other stop of a group from which arrow keys choose, or types. */
    const chooseByArrows = async (code) => {
      await press("Tab");
      assert.equal((await focus()).name, code);
      const group = page.locator(`[name="${code}"]`);
      const wanted = await inputOf(page, code, answers[code]).elementHandle();
      for (let presses = 0; !(await wanted.isChecked()); presses++) {
        assert.ok(presses <= (await group.count()), `no way by arrows to ${answers[code]} of ${code}`);
        await press("ArrowDown");
      }
    };
    /** Continue is the next stop. */
    const leave = async () => {
      const address = page.url();
      await press("Tab");
      assert.equal((await focus()).text, "Continue");
      await press("Enter");
      await page.waitForURL((url) => url.href !== address);
    };
    await leave();
    for (const code of codes.filter((code) => !rows.includes(code) || code === "row_1")) {
      if (code === "row_1") await page.waitForURL(/\/grid-14$/);
      await onHeading(page);
      if (code === "multiple") {
        for (const value of [1, 2, 3]) await press("Tab", ...(answers[code].includes(value) ? ["Space"] : []));
      } else if (code === "day") await page.keyboard.press("Tab").then(() => page.keyboard.type("1")).then(() => press("Tab")).then(() => page.keyboard.type("3")).then(() => press("Tab")).then(() => page.keyboard.type("2026"));
      else if (code === "vas") await press("Tab", "PageDown", "Tab");
      else if (["integer", "decimal", "short", "long", "years", "after"].includes(code)) {
        await press("Tab");
        for (const [n, line] of String(answers[code]).split("\n").entries()) {
          if (n > 0) await press("Enter");
          await page.keyboard.type(line);
        }
      } else if (code === "row_1") for (const row of rows) await chooseByArrows(row);
      else await chooseByArrows(code);
      await leave();
    }
    await page.waitForURL(/\/check$/);
    await page.goto(at("16"));
    await page.waitForURL(/\/grid-14$/);
    for (const row of rows) assert.ok(await inputOf(page, row, answers[row]).isChecked(), `${row} is shown again`);
    await page.goto(at("check"));
    await goOn(page, "Finish");
    checkAnswers("P2");
    await page.finish();
  });

  for (const [name, width] of [["phone", widths.phone], ["tablet", widths.tablet]]) {
    browserTest(`without JavaScript on a ${name}`, async () => {
      const page = await newPage(browser, server, { width, javaScript: false });
      await begin(page, await server.enrol(`P3-${width}`));
      await goOn(page);
      for (const code of codes) {
        const inTable = width === widths.tablet && rows.includes(code);
        const link = page.getByRole("link", { name: "Show these questions in a table" });
        if (inTable && code !== rows[0]) continue;
        if (rows.includes(code)) assert.equal(await link.isVisible(), inTable, "a table is for a wide screen");
        if (inTable) {
          await link.click();
          for (const row of rows.slice(1)) await give(page, row);
          await button(page, "Continue").click();
          await page.getByRole("link", { name: "It is a good place to walk" }).waitFor();
        }
        await give(page, code);
        await goOn(page);
      }
      await goOn(page, "Finish");
      checkAnswers(`P3-${width}`);
      await page.finish();
    });
  }

  browserTest("a wrong answer is told where it stands, by the server and by the worker", async () => {
    const page = await newPage(browser, server, { width: widths.phone });
    const at = await begin(page, await server.enrol("P4"));
    await waitUntilKept(page);
    const tellWrong = async () => {
      for (const [code, field, fill] of [["integer", "integer", "many"], ["decimal", "decimal", "9"], ["day", "day-day", "31"]]) {
        await page.goto(at(numberOf(code)));
        await page.locator(`#${field}`).fill(fill);
        await button(page, "Continue").click();
        await page.getByRole("heading", { name: "There is a problem" }).waitFor();
        await page.waitForFunction(() => document.activeElement.matches("[role=alert]"));
        const input = page.locator(`#${field}`);
        assert.equal(await input.getAttribute("aria-invalid"), "true");
        assert.match(await input.getAttribute("aria-describedby"), new RegExp(`\\b${code}-error\\b`));
        assert.ok(await page.locator(`#${code}-error`).isVisible());
        assert.equal(await input.inputValue(), fill);
        await checkAccessibility(page);
        await page.getByRole("alert").getByRole("link").click();
        assert.ok(await input.evaluate((element) => element === document.activeElement), "the link leads to the field");
      }
    };
    await tellWrong();
    await server.network.whileCut(tellWrong);
    await screenshot(page, "items-wrong-offline");
    await page.finish();
  });
});

describe("in a table", () => {
  browserTest("what was missed, one question a screen instead, and without a network", async () => {
    const page = await newPage(browser, server, { width: widths.tablet });
    const at = await begin(page, await server.enrol("P5"));
    await waitUntilKept(page);
    const fillTable = async (offline) => {
      await page.goto(at("14"));
      await page.waitForURL(/\/grid-14$/);
      if (!offline) await checkPage(page, "grid");
      await checkTargets(page);
      await give(page, offline ? "row_2" : "row_1");
      await says(page, offline ? "Saved on this device" : "Received by the study");
      await button(page, "Continue").click();
      await page.getByRole("link", { name: "There is somewhere to sit down" }).waitFor();
      assert.ok(await inputOf(page, "row_1", answers.row_1).isChecked());
      await checkAccessibility(page);
    };
    await fillTable(false);
    await server.network.whileCut(() => fillTable(true));
    await page.goto(at("grid-14"));
    await page.getByRole("link", { name: "Show one question a screen" }).click();
    await page.waitForURL(/\/(14|16)$/);
    await page.waitForTimeout(300);
    assert.match(page.url(), /\/(14|16)$/, "it stays at what was chosen");
    await page.goto(at("18"));
    await page.getByRole("link", { name: "Show these questions in a table" }).click();
    await page.waitForURL(/\/grid-14$/);
    await page.setViewportSize({ width: widths.phone, height: 667 });
    await checkTargets(page);
    await checkAccessibility(page);
    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    await page.waitForURL(/\/1[46]$/); // a phone folds it to one question a screen
    await button(page, "Continue").waitFor();
    await until("what was saved without a network", () => {
      const { row_1: first, row_2: second } = server.response("P5").answers;
      return first === answers.row_1 && second === answers.row_2;
    });
    await page.finish();
  });
});

describe("all on one page", () => {
  let sheet;
  before(async () => {
    sheet = await startServer({ study: "sheet", network: true });
  });
  after(() => sheet?.stop());

  browserTest("without a network, and sent when there is one", async () => {
    const page = await newPage(browser, sheet, { width: widths.tablet });
    await begin(page, await sheet.enrol("P6"));
    await waitUntilKept(page);
    await sheet.network.whileCut(async () => {
      await page.reload();
      assert.equal(await page.locator('[name="years"]').count(), 0, "what does not apply is not asked");
      await checkPage(page, "sheet-offline");
      for (const code of codes.filter((code) => !["row_3", "years", "day"].includes(code))) await give(page, code);
      await says(page, "Saved on this device");
      await page.reload();
      assert.ok(await page.locator('[name="years"]').isVisible(), "what applies now is asked");
      await page.locator("#day-day").fill("31");
      await button(page, "Send my answers").click();
      await page.getByRole("heading", { name: "There is a problem" }).waitFor();
      await give(page, "day");
      await button(page, "Send my answers").click();
      await page.getByRole("heading", { name: "Some questions have no answer yet" }).waitFor();
      await checkAccessibility(page);
      await give(page, "row_3");
      await give(page, "years");
      await button(page, "Send my answers").click();
      await page.waitForURL(/\/thanks$/);
      assert.match(await page.locator("main").innerText(), /have not reached the study yet/);
    });
    await says(page, "Received by the study");
    checkAnswers("P6", sheet);
    sheet.run("doctor");
    await page.finish();
  });

  browserTest("without JavaScript", async () => {
    const page = await newPage(browser, sheet, { width: widths.phone, javaScript: false });
    await begin(page, await sheet.enrol("P7"));
    for (const code of codes.filter((code) => code !== "years" && code !== "row_1")) await give(page, code);
    await button(page, "Send my answers").click();
    await give(page, "years");
    await give(page, "row_1");
    await button(page, "Send my answers").click();
    await page.waitForURL(/\/thanks$/);
    checkAnswers("P7", sheet);
    await page.finish();
  });
});

browserTest("each kind keeps the promises of a page at every width, in light and dark, and in a reader's own colours", async () => {
  const page = await newPage(browser, server, { width: widths.desktop });
  const at = await begin(page, await server.enrol("P8"));
  await page.evaluate(() => (sessionStorage.view = "single"));
  for (const code of ["hello", ...codes.slice(0, 11), "grid"]) {
    await page.goto(at(code === "hello" ? 1 : code === "grid" ? "grid-14" : numberOf(code)));
    if (code === "grid") await page.evaluate(() => (sessionStorage.view = "grid")).then(() => page.goto(at("grid-14")));
    for (const width of Object.values(widths)) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: width === widths.phone || width === widths.tablet ? "dark" : "light" });
      await checkAccessibility(page);
      await checkWidth(page);
    }
    await page.setViewportSize({ width: widths.phone, height: 667 });
    for (const [name, media] of Object.entries({ forced: { forcedColors: "active" }, contrast: { contrast: "more" }, print: { media: "print" } })) {
      await page.emulateMedia({ colorScheme: "light", forcedColors: "none", contrast: "no-preference", media: "screen", ...media });
      await checkWidth(page);
      await screenshot(page, `items-${code}-${name}`);
    }
    await page.emulateMedia({ forcedColors: "none", contrast: "no-preference", media: "screen" });
  }
  await page.finish();
});
