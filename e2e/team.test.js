// The ways of those who sign in, on a desktop: the university team, and a practice, which never sees an answer.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";

import { browserTest, button, checkPage, link, newPage, signIn, startBrowser, widths } from "./harness.js";
import { startServer } from "./server.js";

const path = (page) => new URL(page.url()).pathname;

let browser, server;

before(async () => {
  [browser, server] = await Promise.all([startBrowser(), startServer()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Opens a desktop on which the demonstration's account with that role has signed in. */
const open = async (role) => signIn(await newPage(browser, server), server, role);

/** Presses a link to a file and returns the file's name and content. */
async function download(page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), link(page, name).first().click()]);
  return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
}

/** Returns an address with everything taken out that tells one study, site, person or account from another. */
function shape({ pathname, search }) {
  const kind = pathname
    .replace(/\/(studies|people|accounts|releases|rounds|custodians)\/(?!new$)[^/]+/g, "/$1/:id")
    .replace(/\/sites\/[^/]+\/[^/]+/g, "/sites/:id")
    .replace(/\/rounds\/:id\/[^/]+\/cards$/, "/rounds/:id/:site/cards")
    .replace(/^(\/desk\/people\/:id)\/[^/]+/, "$1/:wave");
  return kind + (kind.endsWith("/monitor") ? search : "");
}

/** Whether an address only shows what another one does, which the page has as a link too: a monitor's own shows one of its waves. */
const showsAnother = (kind) => kind.endsWith("/monitor");

/** Checks one page of every shape that can be reached by links from the page. Links change nothing, so all are safe. */
async function checkEveryPage(page, role) {
  const origin = new URL(page.url()).origin;
  const seen = new Set();
  const waiting = [page.url()];
  while (waiting.length > 0) {
    const address = waiting.shift();
    const url = new URL(address);
    const kind = shape(url);
    if (url.origin !== origin || !/^\/(office|desk)/.test(url.pathname) || /\.\w+$/.test(url.pathname) || seen.has(kind)) continue;
    seen.add(kind);
    const response = await page.goto(address);
    assert.equal(response.status(), 200, `${role} is led to ${url.pathname}`);
    if (!showsAnother(kind)) await checkPage(page, `${role}${kind.replaceAll(/[^a-z]+/g, "-")}`);
    waiting.push(...(await page.locator("a[href]").evaluateAll((links) => links.map((a) => a.href))));
  }
  return [...seen];
}

browserTest("a wrong password is refused without saying what was wrong", async () => {
  const page = await newPage(browser, server);
  await page.goto("/sign-in");
  await checkPage(page, "sign-in");
  for (const email of [server.accounts[0].email, "nobody@demo.example"]) {
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await button(page, "Sign in").click();
    await page.getByRole("heading", { name: "There is a problem" }).waitFor();
  }
  await checkPage(page, "sign-in-refused");
  await page.finish();
});

browserTest("a researcher reads the monitor and takes the report home", async () => {
  const page = await open("researcher");
  await link(page, "Community links practitioners").first().click();
  await link(page, "Monitor").click();
  await link(page, "Nine months").click();
  const text = await page.locator("main").innerText();
  // Of the model study's enrolled, 288 and 612, 214 and 561 are complete; power for 0.30 SD, ICC 0.01 and r 0.5.
  for (const number of ["74.3", "91.7", "86.1", "17.4", "0.919"]) assert.ok(text.includes(number), `the monitor lacks ${number}`);
  assert.ok((await page.locator("main svg[role=img]").count()) > 0, "the monitor has no chart");
  const { name, content } = await download(page, "Download as PDF");
  assert.match(name, /\.pdf$/);
  assert.equal(content.subarray(0, 5).toString(), "%PDF-");
  await button(page, "Sign out").click();
  await page.goto("/office");
  assert.equal(path(page), "/sign-in", "signing out ends the session");
  await page.finish();
});

browserTest("a data manager makes a release and downloads it", async () => {
  const page = await open("data-manager");
  await link(page, "Try it yourself").first().click();
  await link(page, "Releases").click();
  await link(page, "Make a release").click();
  await page.getByText("The study’s own team, under").click();
  await page.getByLabel(/^Type “/).fill("try-it");
  await button(page, "Make the release").click();
  await page.getByRole("cell", { name: /k = 5/ }).waitFor();
  await checkPage(page, "data-manager-releases");
  const { name, content } = await download(page, "Download");
  assert.match(name, /\.zip$/);
  assert.equal(content.subarray(0, 2).toString(), "PK");
  await page.finish();
});

browserTest("a data manager says why, looks at a person's answers and corrects one", async () => {
  const page = await open("data-manager");
  await link(page, "Community links practitioners").first().click();
  await link(page, "People").click();
  await checkPage(page, "data-manager-people");
  await page.getByLabel("Study number").fill("L0001");
  await button(page, "Find the person").click();
  await checkPage(page, "data-manager-look");
  await button(page, "Show the answers").click();
  await page.getByRole("heading", { name: "There is a problem" }).waitFor();
  await page.getByText("To check or correct answers").click();
  await button(page, "Show the answers").click();
  await checkPage(page, "data-manager-answers");
  await page.getByRole("link", { name: /^Correct/ }).first().click();
  await checkPage(page, "data-manager-correction");
  await page.locator("main .ww-choice").first().click();
  await page.getByText("It was typed wrong").click();
  await button(page, "Correct the answer").click();
  await page.getByText("The answer was corrected.").waitFor();
  await page.finish();
});

browserTest("a study file with a misspelt key is refused with its line and column", async () => {
  const page = await open("administrator");
  await page.goto("/office/load");
  await page.locator("textarea").fill("id: spelt\ntitel: Spelt wrongly\n");
  await button(page, "Only check").click();
  await page.getByText(/2:1|line 2/).first().waitFor();
  await checkPage(page, "study-load-refused");
  await page.finish();
});

browserTest("a researcher sees what a corrected day of baseline moved", async () => {
  const ingest = async (month, ...flags) => {
    const file = join(server.folder, `days-${month}.csv`);
    await writeFile(file, `participant,site,completed_at,ons4_1,ons4_2,ons4_3,ons4_4\nDAY-1,alder-road,${month}-01,1,2,3,4\n`);
    server.run("ingest", "--study", "try-it", "--wave", "baseline", ...flags, file);
  };
  const year = new Date().getFullYear() - 1;
  await ingest(`${year}-09`, "--enrol", "--consent-declared", `1; ${year}-09-01; paper; the practice`);
  await ingest(`${year}-10`, "--correct");
  const page = await open("researcher");
  await page.goto("/office/studies/try-it/dates");
  await page.getByRole("cell", { name: `${year}-10-01` }).waitFor();
  await checkPage(page, "dates-moved");
  await page.finish();
});

browserTest("an administrator adds an account, and its owner chooses the password", async () => {
  const page = await open("administrator");
  await page.goto("/office/accounts/new");
  await page.getByLabel("Name", { exact: true }).fill("Nora Newcomer");
  await page.getByLabel("E-mail address").fill("newcomer@demo.example");
  await page.getByText(/^Researcher:/).click();
  await button(page, "Add the account").click();
  await page.getByRole("heading", { name: "Hand over this link" }).waitFor();
  await checkPage(page, "account-link");
  const setUp = await page.locator(".ww-code").innerText();
  await page.finish();

  const newcomer = await newPage(browser, server);
  await newcomer.goto(setUp);
  await newcomer.getByLabel("Password").fill("short");
  await button(newcomer, "Save and sign in").click();
  await newcomer.getByRole("heading", { name: "There is a problem" }).waitFor();
  await checkPage(newcomer, "set-up");
  await newcomer.getByLabel("Password").fill("four unrelated words make one");
  await button(newcomer, "Save and sign in").click();
  await newcomer.getByText("Nora Newcomer").waitFor();
  await newcomer.finish();
});

browserTest("a researcher prints cards, and a card opens the survey", async () => {
  const page = await open("researcher");
  await page.goto("/office/studies/links/rounds");
  await page.locator(".ww-card", { has: page.locator(".ww-badge", { hasText: /^open$/ }) }).getByRole("link").first().click();
  await link(page, /^Make cards/).last().click();
  await page.getByLabel("On a page of this browser").check();
  await button(page, "Make the cards").click();
  await page.locator(".ww-cards__code").first().waitFor();
  await checkPage(page, "cards");
  const code = await page.locator(".ww-cards__code").last().innerText();
  await page.finish();

  const phone = await newPage(browser, server, { width: widths.phone });
  await phone.goto("/");
  await phone.getByLabel("Code").fill(code.toLowerCase().replaceAll("-", " "));
  await button(phone, "Continue").click();
  await phone.waitForURL(/\/staff\/$/);
  await phone.finish();
});

browserTest("a practice enrols a person, hands over a link and records why somebody cannot answer", async () => {
  const page = await open("practice");
  assert.match(path(page), /^\/desk/);
  await link(page, "Enrol a person").first().click();
  await button(page, "Enrol").click();
  await page.getByRole("heading", { name: "There is a problem" }).waitFor();
  await checkPage(page, "practice-enrol-refused");
  await page.getByLabel("study number").fill("E2E-1");
  await button(page, "Enrol").click();
  await page.waitForURL(/\/desk\/people\//);
  const person = page.url();

  await button(page, /link/).first().click();
  await page.getByRole("heading", { name: "Hand this over" }).waitFor();
  await checkPage(page, "practice-hand-over");
  const patient = await newPage(browser, server, { width: widths.phone });
  await patient.goto(await page.locator(".ww-code", { hasText: "http" }).innerText());
  await patient.getByRole("link", { name: "Start" }).waitFor();
  await patient.finish();

  await page.goto(person);
  await link(page, "They cannot answer").first().click();
  await page.getByText("Said no", { exact: true }).click();
  await button(page, "Record").click();
  await page.waitForURL(person);
  await page.locator(".ww-badge", { hasText: /said no/i }).waitFor();
  await checkPage(page, "practice-person-refused");
  await button(page, "Take back “Said no”").click();
  await page.locator(".ww-badge", { hasText: /said no/i }).waitFor({ state: "detached" });
  await page.finish();
});

browserTest("a practice is kept out of the office and of other sites", async () => {
  const page = await open("practice");
  for (const address of ["/office", "/office/studies/links/monitor", "/office/audit", "/desk/sites/links/harrowlee"]) {
    const response = await page.goto(address);
    assert.ok([403, 404].includes(response.status()), `${address} answers ${response.status()}`);
  }
  await checkPage(page, "practice-refused");
  await page.finish();
});

for (const role of ["administrator", "practice"]) {
  browserTest(`every page that links lead the ${role} to keeps its promises`, async () => {
    const page = await open(role);
    const kinds = await checkEveryPage(page, role);
    assert.ok(kinds.length >= 3, `only ${kinds} were found`);
    if (role === "administrator") assert.equal(kinds.filter((kind) => kind.includes("/monitor?wave=")).length, 3, "waves of the monitor");
    await page.finish();
  }, { minutes: 5 });
}
