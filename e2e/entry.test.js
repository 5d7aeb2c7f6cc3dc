// Those who type what stands on paper: two clerks by keyboard alone, one on a desktop and one on a phone, and a third
// person who decides where they differ.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { browserTest, button, checkPage, link, newPage, signIn, startBrowser, widths } from "./harness.js";
import { startServer } from "./server.js";

let browser, server;

before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens a browser in which an account of the demonstration has signed in. */
const open = async (email, options) => signIn(await newPage(browser, server, options), server, email);

/** Finds a participant of the study to try by their number. */
async function find(page, number) {
  await page.goto("/entry");
  await page.getByLabel("Study", { exact: true }).selectOption({ label: "Try it yourself" });
  await page.getByLabel("Study number").fill(number);
  await button(page, "Find the person").click();
  await page.waitForURL(/\/entry\/people\//);
}

const focused = (page) => page.evaluate(() => document.activeElement.id);

/** Types on the line that has the focus and says where the focus is afterwards. */
async function type(page, keys, press = []) {
  await page.keyboard.type(keys);
  for (const key of press) await page.keyboard.press(key);
  return focused(page);
}

/** Types a whole baseline questionnaire as fast as a clerk does, with the given answer to its second question. */
async function typeBaseline(page, second) {
  assert.equal(await focused(page), "entry-day", "whoever opens the page can type at once");
  const [day, month, year] = new Date().toLocaleDateString("en-GB", { timeZone: "Europe/London" }).split("/");
  assert.equal(await type(page, day + month + year), "entry-helper", "a whole day moves on");
  assert.equal(await type(page, "1"), "wb_1", "a helper moves on");
  assert.equal(await type(page, "4"), "wb_2", "an answer moves on");
  assert.equal(await type(page, second), "wb_3");
  assert.equal(await type(page, "", ["Enter"]), "wb_4", "Enter leaves a blank");
  assert.equal(await type(page, "p"), "wb_5", "so does what stands for an absence");
  assert.equal(await type(page, "", ["ArrowUp"]), "wb_4", "the arrow goes back");
  assert.equal(await type(page, "", ["ArrowDown"]), "wb_5");
  assert.equal(await type(page, "", ["Tab"]), "wb_6", "a line is one stop of the Tab key");
  assert.equal(await type(page, "3".repeat(9)), "ons4_1", "nine answers are nine keys");
  assert.equal(await type(page, "1"), "ons4_1", "a 1 may become a 10");
  assert.equal(await type(page, "0"), "ons4_2", "and nothing follows a 10");
  assert.equal(await type(page, "1", ["Enter"]), "ons4_3");
  assert.equal(await type(page, "80"), "about_age");
  assert.equal(await type(page, "47", ["Enter"]), "about_gender");
  assert.equal(await type(page, "4"), "about_gender_own");
  assert.equal(await type(page, "in my own way", ["Enter"]), "about_living");
}

browserTest("a clerk enters a questionnaire by keyboard, another enters it again, and a third decides", async () => {
  const first = await open("data-entry@demo.example");
  assert.equal(new URL(first.url()).pathname, "/entry");
  await first.getByText("No paper waits").waitFor();
  await checkPage(first, "entry-empty");
  await first.getByLabel("Study number").fill("NOBODY-1");
  await button(first, "Find the person").click();
  await first.getByRole("heading", { name: "There is a problem" }).waitFor();
  await checkPage(first, "entry-nobody");

  await find(first, "visitor-1");
  await link(first, "Enter what they agreed to").first().click();
  await checkPage(first, "entry-consent");
  await first.getByText("I want to try the questionnaire.").click();
  await button(first, "Record what they agreed to").click();
  await link(first, "Enter from paper").first().click();
  await first.waitForURL(/\/paper$/);
  await checkPage(first, "entry-form");
  await first.reload();

  assert.equal(await type(first, "99"), "entry-day");
  await first.locator("#wb_1").focus();
  assert.equal(await type(first, "9"), "wb_1", "what is no answer does not move on");
  await first.locator("#wb_1-error", { hasText: "not one of the answers" }).waitFor();
  await checkPage(first, "entry-slip");
  await button(first, "Enter the questionnaire").click();
  await first.getByRole("heading", { name: "There is a problem" }).waitFor();
  assert.equal(await first.locator("#wb_1").inputValue(), "9", "what was typed is still there");
  await checkPage(first, "entry-refused");
  await link(first, /The answers are 1 to 5/).click();
  assert.equal(await focused(first), "wb_1", "the list of what is wrong leads to the line");
  for (const id of ["wb_1", "entry-day"]) await first.locator(`#${id}`).fill("");
  await first.locator("#entry-day").focus();
  await typeBaseline(first, "2");
  assert.equal(await type(first, "2"), "", "after the last line comes the button");
  await first.keyboard.press("Enter");
  await first.getByText("The first entry is kept").waitFor();
  await checkPage(first, "entry-person");
  await first.goto("/entry");
  await first.getByText("by somebody else than you").waitFor();
  await checkPage(first, "entry-list");
  await first.finish();

  const second = await open("second-entry@demo.example", { width: widths.phone });
  await link(second, /Enter it again/).click();
  await second.waitForURL(/\/paper$/);
  assert.equal(await second.locator("#wb_1").inputValue(), "", "the first entry is not shown");
  await typeBaseline(second, "5");
  await second.keyboard.type("2");
  await second.keyboard.press("Enter");
  await second.getByText("The two entries differ").waitFor();
  await second.finish();

  const third = await open("interviewer@demo.example");
  await third.goto("/entry");
  await link(third, /^Decide/).click();
  await third.getByText("21 of 22 items agree").waitFor();
  await checkPage(third, "entry-decide");
  await button(third, "Enter the questionnaire").click();
  await third.getByRole("heading", { name: "There is a problem" }).waitFor();
  await checkPage(third, "entry-decide-refused");
  await third.getByText("Second entry: 5").click();
  await button(third, "Enter the questionnaire").click();
  await third.getByText("entered and received by the study").waitFor();
  await third.goto("/entry");
  await third.getByText("How often two entries agree").waitFor();
  await third.finish();
});

browserTest("without JavaScript an interviewer's call is a plain form", async () => {
  const page = await open("interviewer@demo.example", { javaScript: false });
  await find(page, "VISITOR-1");
  await link(page, "Enter on the telephone").first().click();
  await page.getByText("in another way already").waitFor();
  await page.locator("#wb_1").fill("3");
  await page.locator("#wb_2").fill("33");
  await page.getByText("What I typed takes the place").click();
  await button(page, "Enter the questionnaire").click();
  await page.getByRole("heading", { name: "There is a problem" }).waitFor();
  await checkPage(page, "entry-plain");
  assert.equal(await page.locator("#wb_1").inputValue(), "3");
  await page.locator("#wb_2").fill("4");
  await button(page, "Enter the questionnaire").click();
  await page.getByText("entered and received by the study").waitFor();
  await page.finish();
});

browserTest("a practice never reaches the screens of entry, and prints a paper", async () => {
  const page = await open("practice@demo.example");
  assert.equal((await page.goto("/entry")).status(), 404);
  await page.goto("/desk");
  await page.locator("table a").first().click();
  await link(page, "Print on paper").first().click();
  await checkPage(page, "print-paper");
  const [file] = await Promise.all([page.waitForEvent("download"), button(page, "Make the PDF").click()]);
  assert.match(file.suggestedFilename(), /\.pdf$/);
  await page.finish();
});

browserTest("the team prints the blank papers", async () => {
  const page = await open("researcher@demo.example");
  await page.goto("/office/studies/links/paper");
  await checkPage(page, "blank-papers");
  const [file] = await Promise.all([page.waitForEvent("download"), link(page, /^Print/).first().click()]);
  assert.equal(file.suggestedFilename(), "links-baseline-en-GB.pdf");
  await page.finish();
});
