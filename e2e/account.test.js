// How people who sign in look after their own account: the second step by an authenticator app, a recovery code and a passkey,
// the list of where they are signed in, and what was typed before a sign-in ended.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before } from "node:test";

import { browserTest, button, checkPage, link, newPage, signIn, startBrowser, widths } from "./harness.js";
import { startServer } from "./server.js";

let server, browser;

before(async () => {
  server = await startServer({ study: "care", host: "localhost" });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const account = { email: "duty@example.org", password: "three unrelated words" };

/** The code that an authenticator app shows, steps of half a minute from now. */
function appCode(secret, steps = 0) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const number = (mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, "0");
}

/** Types e-mail address and password. */
async function typePassword(page) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await button(page, "Sign in").click();
}

/** Gives the page's browser a device that makes passkeys and says yes. */
async function plugIn(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
}

let secret, codes;

browserTest("an administrator sets an authenticator app up, and signs in with it and with a recovery code", async () => {
  const page = await newPage(browser, server, { javaScript: false }); // which it must not need
  await typePassword(page);
  await heading(page, "Your second step");
  await checkPage(page, "second-step");
  secret = (await page.locator(".ww-code").first().innerText()).replaceAll(" ", "");
  await page.getByLabel("Code that the app shows").fill("000000");
  await button(page, "Use this app").click();
  await page.getByRole("heading", { name: "There is a problem" }).waitFor();
  await page.getByLabel("Code that the app shows").fill(appCode(secret));
  await button(page, "Use this app").click();
  await heading(page, "Your recovery codes");
  await checkPage(page, "recovery-codes");
  codes = await page.locator(".ww-recovery .ww-code").allInnerTexts();
  assert.equal(codes.length, 10);
  await button(page, "Sign out").click();

  await typePassword(page);
  await heading(page, "The second step");
  await checkPage(page, "sign-in-second");
  await page.getByLabel("Code from your authenticator app").fill(appCode(secret, -4));
  await button(page, "Sign in").click();
  await page.getByText(/The clock of your authenticator app is about 2 minutes behind/).first().waitFor();
  await checkPage(page, "sign-in-second-refused");
  await page.getByLabel("Code from your authenticator app").fill(codes[0].toLowerCase());
  await button(page, "Sign in").click();
  await heading(page, "Studies");
  await page.goto("/account/second-step");
  await page.getByText("9 of 10 codes are left.").waitFor();
  await checkPage(page, "second-step-has");
  await page.finish();
});

browserTest("a passkey is made, signs in, and confirms who somebody is", async () => {
  const page = await newPage(browser, server);
  await plugIn(page);
  await typePassword(page);
  await heading(page, "The second step");
  await page.getByLabel("Code from your authenticator app").fill(codes[1]);
  await button(page, "Sign in").click();
  await heading(page, "Studies");
  await page.goto("/account/second-step");
  await page.getByLabel("Where the passkey is").fill("Work laptop");
  await button(page, "Make a passkey").click();
  await page.getByText("Work laptop").first().waitFor();
  await checkPage(page, "second-step-passkey");
  await button(page, "Sign out").click();

  await typePassword(page);
  await heading(page, "The second step");
  await button(page, "Use your passkey").click();
  await heading(page, "Studies");
  await page.goto("/confirm?next=/account");
  await heading(page, "Is it still you?");
  await checkPage(page, "confirm");
  await page.getByLabel("Your password").fill(account.password);
  await button(page, "Use your passkey").click();
  await heading(page, "Your account");
  await page.finish();
});

browserTest("a passkey of another device does not do", async () => {
  const page = await newPage(browser, server);
  await plugIn(page); // which has none of this account
  await typePassword(page);
  await heading(page, "The second step");
  await button(page, "Use your passkey").click();
  await page.getByText("The passkey was not used.").waitFor();
  await checkPage(page, "sign-in-second-fault");
  await page.getByLabel("Code from your authenticator app").fill(codes[2]);
  await button(page, "Sign in").click();
  await heading(page, "Studies");
  await page.finish();
});

browserTest("somebody sees where they are signed in and ends another browser", async () => {
  const desk = { width: widths.phone };
  const other = await signIn(await newPage(browser, server, desk), server, "practice");
  await link(other, "Enrol a person").first().click();
  await other.getByLabel("study number").fill("KEPT-1");

  const page = await signIn(await newPage(browser, server), server, "practice");
  await page.goto("/account");
  await checkPage(page, "account");
  await page.locator("td form button").first().click();
  await page.locator("td form button").first().waitFor({ state: "detached" });
  await page.finish();

  await button(other, "Enrol").click();
  await heading(other, "Please sign in"); // whoever it was, nothing of it was sent
  await checkPage(other, "ended");
  await other.finish();
});

browserTest("an administrator sees who is signed in", async () => {
  const page = await newPage(browser, server);
  await typePassword(page);
  await page.getByLabel("Code from your authenticator app").fill(codes[3]);
  await button(page, "Sign in").click();
  await page.goto("/office/accounts/sessions");
  await heading(page, "Who is signed in");
  await checkPage(page, "sessions");
  await page.goto("/account/password");
  await page.getByLabel("Present password").fill(account.password);
  await page.getByLabel("New password").fill("password1234");
  await button(page, "Change the password").click();
  await page.getByText(/Many people use this password/).first().waitFor();
  await checkPage(page, "password");
  await page.finish();
});
