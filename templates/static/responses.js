// What the worker knows of responses: the bundle that the server gave for each, with what was given here, and how things
// stand with the network and with what waits.

import { ELSEWHERE, Flow } from "./flow.js";
import { decrypt, deliver, encrypt, given, keep, keepSince, read, retry, sinceNow, waiting, wipe } from "./outbox.js";

export const CACHE = "pages";
export const PATIENCE = 4000; // milliseconds for the network, where there is another way

export const within = (time, promise) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(reject, time))]);

// ---- bundles ----

/** Returns the bundle of a response with what stands in each item, or nothing where there is none. */
export async function responseOf(handle) {
  const record = await read("bundles", handle);
  if (!record) return undefined;
  const bundle = await decrypt(record.box);
  const { secret, answers, finished } = await given(handle);
  const shows = !bundle.shared && Date.now() < bundle.until;
  const values = {};
  for (const { code, own, elsewhere } of bundle.items) {
    const value = code in answers ? answers[code] : own ?? (elsewhere && ELSEWHERE);
    values[code] = shows || value == null ? value : ELSEWHERE;
  }
  const valueOf = (code) => values[code];
  const shown = (code) => (valueOf(code) === ELSEWHERE ? undefined : valueOf(code));
  return { ...bundle, handle, secret, finished: finished || bundle.finished, valueOf, shown, flow: new Flow(bundle.items, valueOf) };
}

export const currentHandle = async () => (await read("kept", "current"))?.handle;

/** Makes a response the current one, unless its person has left since. */
export const makeCurrent = (since, handle) => keepSince(since, "kept", { id: "current", handle });

/** Fetches the bundle of a response, unless the one here is good: of the version asked for, if any, and not at its end. */
export async function fetchBundle(handle, version) {
  const since = sinceNow();
  const record = await read("bundles", handle);
  if (record && record.version === (version ?? record.version) && Date.now() < record.until) return;
  const reply = await fetch(`/q/${handle}/offline.json`, { redirect: "error" });
  if (!reply.ok) throw new Error(`status ${reply.status}`);
  const bundle = await reply.json();
  await keepSince(since, "bundles", { handle, version: bundle.version, until: bundle.until, box: await encrypt(bundle) });
  const { pages, headers, parts, words, language } = bundle;
  const { refused, goOn } = parts;
  await keep("kept", { id: "pages", queue: pages.queue, left: pages.left, refused, goOn, headers, words, language });
  await makeCurrent(since, handle);
  const cache = await caches.open(CACHE);
  await cache.addAll(bundle.assets);
  await retry(handle, bundle.token);
}

/** Brings the bundle of the current response up to date with what the server said. */
async function refresh({ handle, version, shared }) {
  const since = sinceNow();
  const record = await read("bundles", handle);
  if (!record) return;
  const bundle = await decrypt(record.box);
  if (bundle.shared !== shared) await keepSince(since, "bundles", { ...record, box: await encrypt({ ...bundle, shared }) });
  if (bundle.version !== version) await fetchBundle(handle, version);
}

// ---- taking turns ----

let turns = Promise.resolve();

/** Does work after all that came before it: the later answer stands, and none that came before a wipe is kept after it. */
export function inTurn(work) {
  const turn = turns.then(work);
  turns = turn.catch(() => {});
  return turn;
}

/** Wipes everything kept of the person before, except what waits to be sent. */
export const forget = () => inTurn(wipe);

// ---- sending ----

export const network = { failed: false }; // when it was last tried
export const isOffline = () => network.failed || !navigator.onLine;

let careFor; // the response whose person is to read the safety plan's text
let sending;
let sendAgain = false;

/** Reports whether a response's person is to read the safety plan's text now, which is so once. */
export function isDueCare(handle) {
  if (careFor !== handle) return false;
  careFor = undefined;
  return true;
}

/** Sends what waits, and tells every page how it went. Calls while it runs make it run once more. */
export function send() {
  sendAgain = !!sending;
  sending ??= (async () => {
    let told = {};
    try {
      do {
        sendAgain = false;
        const said = await deliver();
        told = { ...told, ...said };
        careFor = said.care ?? careFor;
      } while (sendAgain);
      network.failed = false;
    } catch {
      network.failed = true;
    }
    sending = undefined;
    if (told.version) await refresh(told).catch(() => {});
    for (const client of await self.clients.matchAll()) client.postMessage(await state(told));
    return !network.failed;
  })();
  return sending;
}

/** Says how many answers wait, in a form that pages understand. */
export async function state(told = {}) {
  const entries = await waiting();
  const refused = entries.find((entry) => entry.refused)?.refused ?? (told.state === "received" ? told.message : undefined);
  return { waiting: entries.filter((entry) => !entry.refused).length, refused, late: told.state === "late", offline: isOffline() };
}
