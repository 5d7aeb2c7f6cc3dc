// The worker: a little server between the questionnaire's pages and the network. A question without an answer is shown
// from the bundle, which is the very page that the server would send; everything else comes from the network while there
// is one. Each answer goes into the outbox first and to the study from there, so that it makes no difference to the page
// whether there is a network.

import { Flow, isGiven } from "./flow.js";
import { escape, fillIn, formOf, inWords, plainDigits, readAnswer, say } from "./form.js";
import { ACTION, BACK, HANDLE, LIST, NOTE, NOTICE, POSITION, SEQ, TEXT, TOTAL, after, fill, links, sheet, spanOf, tell } from "./pages.js";
import { keep, read, remove, sinceNow, submit, waiting } from "./outbox.js";
import { PATIENCE, currentHandle, fetchBundle, forget, inTurn, isDueCare, isOffline, makeCurrent, network, responseOf, send, state, within } from "./responses.js";

const json = (content) => new Response(JSON.stringify(content), { headers: { "Content-Type": "application/json" } });
const seeOther = (handle, page) => Response.redirect(`/q/${handle}/${page}`, 303);

// ---- pages ----

async function html(pieces, words, { headers }, status = 200) {
  return new Response(fill(pieces, words), { status, headers: { ...headers, "Content-Type": "text/html; charset=utf-8" } });
}

/** Shows the questions of a page from the bundle, with what was typed or stands, and a notice above them. */
function questions(response, page, { form, part, missed, wrong = [], action = "", flow = response.flow } = {}) {
  const { handle, pages, parts } = response;
  const [from, to] = spanOf(response, page);
  const some = to - from > 1 ? "Some" : "";
  const items = response.items.slice(from, to);
  const { position, total, back } = flow.place(from);
  let notice = isOffline() ? fill(parts.offline, {}) : "";
  if (part) notice += fill(parts[part], {});
  if (missed) notice += fill(parts[`missed${some}`], links(missed));
  if (wrong.length) notice += fill(parts.wrong, links(wrong));
  const hidden = ({ code }) => response.shown(code) !== response.valueOf(code);
  if (!form && !part && items.some(hidden)) notice += fill(parts[`earlier${some}`], {});
  const filled = { [HANDLE]: handle, [BACK]: back, [POSITION]: position, [TOTAL]: total, [SEQ]: 0, [NOTICE]: notice, [ACTION]: action,
    [LIST]: sheet(response, flow), [TEXT]: flow.place(to - 1).position };
  const values = form ?? items.flatMap((item) => [...formOf(item, response.shown(item.code))]);
  let text = fillIn(fill(pages[page], filled), values);
  if (form) text = text.replace(/ data-other="\w+"/, ""); // it says something that the other page would not
  for (const problem of wrong) text = tell(text, problem);
  if (wrong.length) text = text.replace("<title>", "<title>Error: ");
  return html([text], {}, response, wrong.length ? 400 : 200);
}

/** Shows the page that lists the answers. */
function check(response, part = "offline") {
  const { flow, handle, pages, parts, words, items } = response;
  const sections = [];
  let back = "welcome";
  for (const [i, item] of items.entries()) {
    if (item.first) sections.push({ heading: item.heading, rows: "" });
    if (!flow.asked(i)) continue;
    back = String(i + 1);
    const value = flow.valueOf(item.code);
    const answer = response.shown(item.code) !== value ? words.earlier : isGiven(value) ? inWords(item, value, response.language) : words.none;
    const row = { [TEXT]: escape(item.text), [NOTE]: escape(answer), [HANDLE]: handle, [POSITION]: back };
    sections.at(-1).rows += fill(isGiven(value) ? parts.row : parts.blank, row);
  }
  const list = sections.map(({ heading, rows }) =>
    fill(heading ? parts.section : parts.list, { [TEXT]: escape(heading ?? ""), [LIST]: rows }),
  );
  const notice = isOffline() ? fill(parts[part], {}) : "";
  return html(pages.check, { [HANDLE]: handle, [BACK]: back, [SEQ]: 0, [NOTICE]: notice, [LIST]: list.join("") }, response);
}

/** Shows any page from the bundle. */
async function fromBundle(response, page) {
  const { flow, handle, pages } = response;
  const onward = after(response, page.replace(/\D/g, "") - 1, true);
  const span = spanOf(response, page);
  if (span && pages[page]) return page !== "all" && !flow.applies(span[0]) ? seeOther(handle, onward) : questions(response, page);
  if (page === "check" && onward !== "all") return check(response);
  if (page === "thanks" && response.finished) {
    const some = (await waiting()).length;
    return html(some ? pages.waiting : pages.thanks, { [HANDLE]: handle }, response);
  }
  if (page === "welcome") return html(pages.welcome, { [HANDLE]: handle, [NOTICE]: fill(response.parts.offline, {}) }, response);
  if (/^(next|thanks|$)/.test(page)) return seeOther(handle, response.finished ? "thanks" : onward);
  return onward === "all" ? questions(response, "all", { part: "network" }) : check(response, "network");
}

/** Says how many answers wait and since when; looking sends them. */
async function queuePage(request) {
  const known = await read("kept", "pages");
  if (!known) return fetch(request);
  if (request.method === "POST") {
    const ours = request.referrer.startsWith(self.location.origin + "/"); // no other site's form may forget answers
    for (const entry of await waiting()) if (ours && entry.refused) await remove("outbox", entry.id);
    return Response.redirect("/q/queue", 303);
  }
  await within(PATIENCE, send()).catch(() => {});
  const entries = await waiting();
  const since = (at) => new Date(at).toLocaleString(plainDigits(known.language), { dateStyle: "long", timeStyle: "short" });
  const { words } = known;
  const text = entries.length ? say(words.waits, entries.length, since(entries[0].at)) : words.empty;
  const refused = entries.find((entry) => entry.refused);
  const current = await currentHandle();
  const list =
    (refused ? fill(known.refused, { [TEXT]: escape(refused.refused) }) : "") + (current ? fill(known.goOn, { [HANDLE]: current }) : "");
  return html(known.queue, { [TEXT]: escape(text), [LIST]: list }, known);
}

// ---- requests ----

/** Answers GET /q/:handle/:page. */
async function showPage(request, handle, page) {
  if (await read("kept", `leaving ${handle}`)) return leaving(handle);
  const since = sinceNow();
  const response = await responseOf(handle);
  const current = response && (await currentHandle()) === handle;
  if (current && Date.now() < response.until) {
    const span = spanOf(response, page);
    const fresh = ({ code }) => !isGiven(response.valueOf(code));
    if (span && response.pages[page] && response.items.slice(...span).every(fresh) && (page === "all" || response.flow.applies(span[0]))) {
      return questions(response, page);
    }
    const unsent = (await waiting()).some((entry) => !entry.refused);
    if (unsent && !(await within(PATIENCE, send()).catch(() => false))) return fromBundle(response, page);
  }
  try {
    const headers = response ? { "Wellwave-Sitting": response.secret } : {};
    const asked = new Request(request.url, { headers, redirect: "manual" });
    const reply = await within(current ? PATIENCE : 60_000, fetch(asked));
    settled(reply);
    network.failed = false;
    if (reply.status === 200) await makeCurrent(since, handle).catch(() => {});
    if (current && [401, 409].includes(reply.status)) await remove("kept", "current"); // the session has ended or moved
    return reply;
  } catch (failure) {
    network.failed = true;
    if (current) return fromBundle(response, page);
    throw failure;
  }
}

/** Answers POST /q/:handle/:page and …/save. */
async function takeAnswer(request, handle, page, byItself) {
  const reply = await inTurn(() => keepAnswers(request, handle, page, byItself));
  return reply();
}

/** Checks the answers of a page as the server would and keeps them. Resolves to what makes the reply. */
async function keepAnswers(request, handle, page, byItself) {
  const response = await responseOf(handle);
  const span = response && spanOf(response, page);
  if (!span || !response.pages[page]) return () => fetch(request);
  const form = new URLSearchParams(await request.clone().text());
  const again = (notice) => () => questions(response, page, { form, ...notice });
  const orElse = (part) => () => fetch(request).catch(byItself ? Response.error : again({ part }));
  if ((await currentHandle()) !== handle) return orElse("moved");
  const { valueOf, shown, words, parts, token } = response;
  const asked = response.items.slice(...span);
  const typed = new Map(asked.map((item) => [item.code, readAnswer(item, form, words)]));
  // What is asked depends on what stands on the page, and where nothing does on what stood before and is not shown.
  const flow = new Flow(response.items, (code) => {
    const { value, problem } = typed.get(code) ?? {};
    return value ?? (typed.has(code) && !problem && shown(code) !== undefined ? null : valueOf(code));
  });
  const answers = {};
  const wrong = [];
  const missed = [];
  for (const [n, item] of asked.entries()) {
    if (!(flow.asked(span[0] + n) ?? asked.length < 2)) continue;
    const { code } = item;
    const { value, problem } = typed.get(code);
    const stands = isGiven(valueOf(code));
    if (problem) wrong.push({ item, problem, text: asked.length > 1 ? `${item.text} ${problem}` : problem });
    else if (value !== undefined) answers[code] = value;
    else if (shown(code) !== valueOf(code)) continue;
    else if (!byItself) {
      answers[code] = { missing: "skipped" };
      if (item.required && !form.has("skip")) missed.push({ item, text: item.text });
    } else if (stands) answers[code] = null;
  }
  const back = !byItself && wrong.length + missed.length > 0;
  if (back) for (const code in answers) if (answers[code]?.missing) delete answers[code];
  const all = page === "all";
  try {
    await submit(handle, token, answers, {
      finish: all && !back && !byItself,
      draft: byItself && asked.some(({ safety }) => safety),
      aids: form.get("aids") ?? "",
      proxy: response.proxy,
    });
  } catch {
    return orElse("keepless");
  }
  const sent = send();
  if (back) {
    const action = wrong.length ? "" : fill(parts.skip, {});
    return again(wrong.length ? { wrong, flow } : { missed, flow, action });
  }
  return async () => {
    if (byItself || all || asked.some(({ safety }) => safety)) await within(PATIENCE, sent).catch(() => {});
    if (!byItself) return cared(handle) ?? seeOther(handle, all ? "next-0" : after(await responseOf(handle), span[1] - 1));
    return json(wrong.length && !Object.keys(answers).length ? { refused: wrong[0].problem } : await state());
  };
}

/** Leads once to the safety plan's text where the study has said so. */
const cared = (handle) => (isDueCare(handle) ? seeOther(handle, "care") : undefined);

/** Answers POST /q/:handle/check. */
async function finish(request, handle) {
  const keepFinish = async () => {
    const response = await responseOf(handle);
    if (!response || (await currentHandle()) !== handle) return false;
    await submit(handle, response.token, {}, { finish: true });
    return true;
  };
  if (!(await inTurn(keepFinish).catch(() => false))) return fetch(request);
  await within(PATIENCE, send()).catch(() => {});
  return cared(handle) ?? seeOther(handle, "thanks");
}

/** Answers POST /q/:handle/leave: sends what it can and wipes the rest, at once and whatever the network does. */
async function leave(request, handle) {
  await within(PATIENCE, send()).catch(() => {});
  await forget();
  return within(PATIENCE, fetch(request)).then(settled).catch(async () => {
    await keep("kept", { id: `leaving ${handle}` });
    return leftPage();
  });
}

/** Returns a reply of a server that did what it was asked for. */
function settled(reply) {
  if (reply.status >= 500) throw new Error(`status ${reply.status}`);
  return reply;
}

/** Answers for a response that was left without a network: the session is still to be closed. */
async function leaving(handle) {
  try {
    settled(await within(PATIENCE, fetch(`/q/${handle}/leave`, { method: "POST", redirect: "manual" })));
    await remove("kept", `leaving ${handle}`);
    return Response.redirect("/?left=yes", 303);
  } catch {
    return leftPage();
  }
}

async function leftPage() {
  const known = await read("kept", "pages");
  const text = (await waiting()).length ? known.words.leftWait : "";
  return html(known.left, { [TEXT]: escape(text) }, known);
}

/**
 * Passes on that somebody wants to read in another way, or who helps, and what was typed, which the server keeps. The
 * pages here are in the old way, so they go; without a network they are all there is, and keep what was typed.
 */
async function reread(request, handle, page) {
  const spare = request.clone();
  const before = request.clone();
  await within(PATIENCE, send()).catch(() => {});
  try {
    const reply = await within(PATIENCE, fetch(request));
    await remove("bundles", handle);
    return reply;
  } catch (failure) {
    network.failed = true;
    const response = await responseOf(handle);
    if (!response || (await currentHandle()) !== handle) throw failure;
    if (!spanOf(response, page) || !response.pages[page]) return fromBundle(response, page);
    await takeAnswer(spare, handle, page, true);
    return questions(await responseOf(handle), page, { form: new URLSearchParams(await before.text()), part: "network" });
  }
}

/** Passes on what only the server can decide, such as leaving the study, and asks it for a new bundle afterwards. */
async function decide(request, handle) {
  await remove("bundles", handle);
  return fetch(request);
}

async function asset(request) {
  return (await caches.match(request)) ?? fetch(request);
}

function answer(request) {
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== self.location.origin) return undefined;
  if (pathname.startsWith("/static/")) return asset(request);
  if (pathname === "/q/queue") return queuePage(request);
  const [, handle, page, save] = /^\/q\/([0-9a-f]{16})\/([a-z0-9-]*)(\/save)?$/.exec(pathname) ?? [];
  if (!handle) return undefined;
  if (request.method === "GET") return request.mode === "navigate" ? showPage(request, handle, page) : undefined;
  if (request.method !== "POST") return undefined;
  if (search === "?reading" || page === "help") return reread(request, handle, page);
  if (/^(\d+|grid-\d+|all)$/.test(page)) return takeAnswer(request, handle, page, Boolean(save));
  if (save) return undefined;
  if (page === "check") return finish(request, handle);
  if (page === "leave") return leave(request, handle);
  return decide(request, handle);
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  // A worker whose own store fails is no reason to fail: the server does the same without it.
  const spare = event.request.method === "POST" ? event.request.clone() : event.request;
  const reply = answer(event.request);
  if (reply) event.respondWith(reply.catch(() => fetch(spare)));
});

// Pages ask to keep a response, or to send what waits, and get told how things are. Pages of accounts ask to forget.
self.addEventListener("message", (event) => {
  const { keep: handle, forget: wiping } = event.data;
  event.waitUntil(
    (async () => {
      try {
        if (wiping) return await forget();
        if (handle) await fetchBundle(handle);
        await send();
        event.source.postMessage({ ...(await state()), kept: handle && true });
      } catch {
        const kept = await read("bundles", handle ?? "").catch(() => undefined);
        event.source.postMessage({ kept: handle && Boolean(kept) });
      }
    })(),
  );
});
