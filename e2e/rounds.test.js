// A whole round of the staff survey in a real browser: a member of staff answers on a phone, the team closes the round, two
// custodians open it, the team shows the results, and the practice reads its own.
import assert from "node:assert/strict";
import { after, before } from "node:test";

import { browserTest, button, checkPage, link, newPage, signIn, startBrowser, widths } from "./harness.js";
import { startServer } from "./server.js";

const rounds = "/office/studies/links/rounds";

let browser, server;

before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const open = async (role) => signIn(await newPage(browser, server), server, role);

/** Answers every question of the page with its first answer and sends them twice, as somebody in a hurry does. */
async function answerAsStaff() {
  const phone = await newPage(browser, server, { width: widths.phone });
  await phone.goto(server.links.staff);
  await phone.getByText("nobody can read them until the round is closed").waitFor();
  await link(phone, "Start").click();
  for (const name of new Set(await phone.locator("input[type=radio]").evaluateAll((inputs) => inputs.map((input) => input.name)))) {
    await phone.locator(`input[name="${name}"]`).first().check({ force: true });
  }
  const work = phone.getByRole("group", { name: "What is your work in this practice?" });
  const since = phone.getByRole("group", { name: "How long have you worked in this practice?" });
  await work.getByLabel("Clinical").check({ force: true });
  await since.getByLabel("I would rather not say").check({ force: true });
  assert.equal(await work.getByRole("radio", { checked: true }).getAttribute("value"), "clinical");
  assert.equal(await since.getByRole("radio", { checked: true }).getAttribute("value"), "rather-not-say");
  await phone.getByText("it is locked by itself, and nothing connects the two").waitFor();
  await checkPage(phone, "staff-about-you");
  await button(phone, "Send my answers").dblclick();
  await phone.waitForURL(/\/staff\/thanks$/);
  await phone.finish();
}

/** Waits for a page that tells what is wrong. */
const refused = (page) => page.getByRole("heading", { name: "There is a problem" }).waitFor();

/** Loads a published average for the third round, at first with a misspelt factor, and goes on to the results beside it. */
async function loadAverage(team) {
  const rows = ["Workload", "Communication", "Leadership", "Teamwork", "Safety systems and learning"].flatMap((factor, i) =>
    [1, 2, 3].map((round) => `${round},${factor},${(4.1 + 0.1 * i + 0.05 * round).toFixed(2)},0.9,938,`));
  const send = async (lines) => {
    const content = ["round,factor,mean,sd,practices,respondents", ...lines, ""].join("\n");
    await team.getByLabel("File", { exact: true }).setInputFiles({ name: "scotland.csv", mimeType: "text/csv", buffer: Buffer.from(content) });
    await button(team, "Load the average").click();
  };
  await link(team, "Published average").click();
  await checkPage(team, "round-average");
  await team.getByLabel("What it is an average of").fill("Scotland, invented");
  await send(rows.map((row) => row.replace("Teamwork", "Teamwrk")));
  await refused(team);
  await team.getByText("there is no factor “Teamwrk”; the factors are Workload").first().waitFor();
  await checkPage(team, "round-average-refused");
  await send(rows);
  await team.getByText("What is loaded").waitFor();
  await checkPage(team, "round-average-loaded");
  await link(team, "Read the results beside it").click();
}

browserTest("a custodian's key is made, printed and read back, and shown once", async () => {
  const page = await open("researcher");
  await page.goto("/office/studies/try-it/custodians");
  await checkPage(page, "custodians-none");
  await link(page, /^Make a key for custodian 1/).click();
  await button(page, "Make the key").click();
  await refused(page);
  await page.getByLabel("Who keeps this key").fill("Ailsa Broun");
  await button(page, "Make the key").click();
  const key = (await page.locator(".ww-key").innerText()).trim();
  assert.match(key.replaceAll(/\s/g, ""), /^AGE-SECRET-KEY-1/);
  await checkPage(page, "custodian-key");
  await link(page, "It is printed: read the key back").click();
  await page.locator("textarea").fill(key.slice(0, -1) + (key.endsWith("A") ? "C" : "A"));
  await button(page, "Check the key").click();
  await page.getByText("A letter of this key is wrong or missing.").first().waitFor();
  assert.equal((await page.content()).includes(key.replaceAll(/\s/g, "").slice(20, 40)), false, "the page repeats the key");
  await checkPage(page, "custodian-proof-refused");
  await page.locator("textarea").fill(key.toLowerCase());
  await button(page, "Check the key").click();
  await page.waitForURL(/\/custodians$/);
  await checkPage(page, "custodians-one");
  await page.finish();
});

browserTest("a round from its last answer to the practice's report", async () => {
  await answerAsStaff();

  const early = await open("practice");
  assert.equal((await early.goto("/desk/sites/links/ashlaw/rounds/round-3")).status(), 404, "a practice sees nothing before the end");
  await early.finish();

  const team = await open("researcher");
  await team.goto(rounds);
  await link(team, "Third staff round").click();
  await checkPage(team, "round-open");
  await link(team, "Close the round").click();
  await checkPage(team, "round-close");
  await team.getByRole("checkbox").check();
  await button(team, "Close the round").click();
  await team.waitForURL(/\/round-3$/);
  await checkPage(team, "round-closed");

  await link(team, "Open the answers").click();
  const keys = await team.locator("dd .ww-code").allInnerTexts();
  assert.equal(keys.length, 3, "the demonstration shows the keys of its custodians");
  await team.locator("#first").fill(keys[0]);
  await team.locator("#second").fill(keys[0]);
  await team.getByLabel(/^Type “/).fill("links");
  await button(team, "Open the answers").click();
  await refused(team);
  await team.getByText("Both keys are of the same custodian.").first().waitFor();
  await checkPage(team, "round-open-refused");
  await team.locator("#first").fill(keys[2]);
  await team.locator("#second-file").setInputFiles({ name: "key.txt", mimeType: "text/plain", buffer: Buffer.from(`# a key\n${keys[1]}\n`) });
  await team.getByLabel(/^Type “/).fill("links");
  await button(team, "Open the answers").click();
  await team.getByText("Check sum of all that was sealed").waitFor();
  await checkPage(team, "round-opened");

  await loadAverage(team);
  await checkPage(team, "round-preview");
  await button(team, "Show these results to the practices and keep them as they are").click();
  await link(team, "Download as PDF").waitFor();
  await team.getByText("rose more than the average").first().waitFor();
  await team.getByText("the published average “Scotland, invented”, in which practices weigh alike").first().waitFor();
  await team.getByText("In this round there are none, because fewer answered.").waitFor(); // tables of pairs of items
  assert.equal(await button(team, "Show these results to the practices and keep them as they are").count(), 0);
  await checkPage(team, "round-report");
  await team.finish();

  const practice = await open("practice");
  await link(practice, /Third staff round/).first().click();
  await practice.getByRole("heading", { level: 1, name: "Ashlaw Medical Practice" }).waitFor();
  await checkPage(practice, "practice-report");
  assert.equal((await practice.goto("/desk/sites/links/calderhill/rounds/round-3")).status(), 404, "another practice's report");
  await practice.finish();
}, { minutes: 4 });
