// What the worker does besides on a kiosk that a practice hands over; there it stands before worker.js, so that it is asked
// first. It keeps people apart: their answers wait side by side, each with its own token, and whenever the PIN screen is
// shown nothing else of anybody is left. People whom colleagues loaded before can be handed the kiosk without a network;
// they are encrypted under a key that is made from the PIN and kept only while that has the kiosk open.

const KIOSK = "/q/kiosk/";
const LOCK = `${KIOSK}lock`;
const ROUNDS = 310_000; // of PBKDF2
const OPEN = 5 * 60_000; // how long the PIN opens the kiosk, as the server has it
const TRIES = 5; // wrong PINs without a network, until there is one

const kioskCipher = (iv) => ({ name: "AES-GCM", iv });

/** Makes the key from a PIN. */
async function pinKey(pin) {
  let salt = (await read("kept", "kiosk-salt"))?.salt;
  if (!salt) await keep("kept", { id: "kiosk-salt", salt: (salt = crypto.getRandomValues(new Uint8Array(16))) });
  const raw = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** Returns the people who are loaded, or rejects with the wrong key. */
async function loadedWith(key) {
  const record = await read("kept", "kiosk-ready");
  if (!record) return [];
  const plain = await crypto.subtle.decrypt(kioskCipher(record.iv), key, record.data);
  return JSON.parse(new TextDecoder().decode(plain)).filter(({ bundle }) => Date.now() < bundle.until);
}

async function keepLoaded(key, people) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(kioskCipher(iv), key, new TextEncoder().encode(JSON.stringify(people)));
  await keep("kept", { id: "kiosk-ready", iv, data });
}

let unlocking; // the making of the key that is under way, or was the last

/** Returns the key while the PIN has the kiosk open. */
async function openKey() {
  await unlocking;
  const record = await read("kept", "kiosk-open");
  return record && Date.now() < record.until ? record.key : undefined;
}

const openWith = (key) => keep("kept", { id: "kiosk-open", key, until: Date.now() + OPEN });

let locks = 0; // how often the kiosk was locked: a key takes long to make, and may come too late

async function lock() {
  locks++;
  if (await read("kept", "kiosk-open")) await remove("kept", "kiosk-open");
}

/** Asks the server. Rejects where it does not answer in time, fails itself or is not to answer any more: nothing comes then. */
async function ask({ url, method, body }, stop = new AbortController()) {
  const late = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const reply = await fetch(url, { method, body, redirect: "manual", signal: stop.signal });
    if (reply.status >= 500) throw new Error(`status ${reply.status}`);
    return reply;
  } finally {
    clearTimeout(late);
  }
}

/** Returns what ask takes of a request with a form. */
const posted = ({ url }, form) => ({ url, method: "POST", body: new URLSearchParams(form) });

// ---- what the server does not know ----

// Of what happened here without it the server knows nothing: for it the kiosk may still be open, or be with somebody who has
// left. Until it was told, nothing that is behind the PIN or somebody's is asked of it, whether or not there is a network.
const isAlone = () => read("kept", "kiosk-alone");
const goAlone = () => keep("kept", { id: "kiosk-alone" });

async function rejoin() {
  await remove("kept", "kiosk-alone");
  for (const { id } of await readAll("kept")) if (id.startsWith("leaving ")) await remove("kept", id); // of older workers
}

/** Keeps the pages that colleagues need without a network. */
async function keepKioskPages() {
  const known = await read("kept", "kiosk");
  if (known && Date.now() - known.at < 12 * 60 * 60_000) return;
  const reply = await fetch(`${KIOSK}offline.json`, { redirect: "error" });
  if (!reply.ok) return;
  const pages = await reply.json();
  await keep("kept", { ...pages, id: "kiosk", at: Date.now() });
  await (await caches.open(CACHE)).addAll(pages.assets);
}

/** Shows one of those pages, or fails as the network did where there is none. */
async function kioskPage(name, filled, status = 200) {
  const known = await read("kept", "kiosk");
  return known ? html(known.pages[name], filled, known, status) : Response.error();
}

async function kioskNotice(word, value) {
  const known = await read("kept", "kiosk");
  return known ? fill(known.notice, { [TEXT]: escape(say(known.words[word], value)) }) : "";
}

// ---- the PIN screen ----

/** Leaves nothing of whoever was here. What they answered waits or has arrived. */
async function clearKiosk() {
  adopting?.abort();
  await lock();
  await remove("kept", "kiosk-adopt");
  await forget();
}

/**
 * Answers GET /q/kiosk/. Asking changes nothing, and the server shows the PIN screen only where nobody has the tablet; but
 * what happened without it is told to it first, and where it does not answer the screen stands for a tablet that is locked.
 */
async function pinScreen({ url }) {
  try {
    if (await isAlone()) await lockKiosk();
    const reply = await ask({ url });
    if (reply.ok) await clearKiosk();
    return reply;
  } catch {
    await clearKiosk();
    await goAlone();
    return kioskPage("pin", { [NOTICE]: await kioskNotice((await read("kept", "kiosk-ready")) ? "loaded" : "network") });
  }
}

/** Locks the tablet here and at the server, which ends every session of this browser. Rejects where that does not answer. */
async function lockKiosk() {
  await clearKiosk();
  const reply = await ask({ url: LOCK, method: "POST" });
  await rejoin();
  return reply;
}

/** Answers POST /q/kiosk/lock. */
async function takeLock() {
  try {
    return await lockKiosk();
  } catch {
    await goAlone();
    return Response.redirect(KIOSK, 303);
  }
}

/** Answers the PIN. The server looks at it where it can be reached; else only the right one opens what was loaded. */
async function takePIN(request, later) {
  await clearKiosk();
  const before = locks;
  const form = await request.text();
  const pin = (new URLSearchParams(form).get("pin") ?? "").trim();
  try {
    const reply = await ask(posted(request, form));
    if (reply.type === "opaqueredirect") {
      await rejoin();
      unlocking = pinKey(pin).then((key) => locks === before && openWith(key)).catch(() => {});
      later(unlocking.then(keepKioskPages));
      await remove("kept", "kiosk-tries");
    }
    return reply;
  } catch {
    await goAlone(); // it may have taken the PIN all the same
    const tries = (await read("kept", "kiosk-tries"))?.tries ?? 0;
    if (!(await read("kept", "kiosk-ready")) || tries >= TRIES) return kioskPage("pin", { [NOTICE]: await kioskNotice("network") }, 403);
    await keep("kept", { id: "kiosk-tries", tries: tries + 1 });
    try {
      const key = await pinKey(pin);
      await loadedWith(key);
      if (locks !== before) return Response.redirect(KIOSK, 303);
      await openWith(key);
    } catch {
      return kioskPage("pin", { [NOTICE]: await kioskNotice("wrong") }, 403);
    }
    await remove("kept", "kiosk-tries");
    return Response.redirect(`${KIOSK}people`, 303);
  }
}

// ---- picking and handing over ----

/** Shows who is loaded where the server cannot say who is due. */
async function peoplePage({ url }) {
  const reply = (await isAlone()) ? undefined : await ask({ url }).catch(() => {});
  if (reply) return reply;
  const key = await openKey();
  if (!key) return Response.redirect(KIOSK, 303);
  const known = await read("kept", "kiosk");
  const people = await loadedWith(key);
  const rows = people.map(({ label, title, handle }) => fill(known.row, { [TEXT]: escape(label), [NOTE]: escape(title), [HANDLE]: handle }));
  return kioskPage("people", { [NOTICE]: await kioskNotice("people", people.length), [LIST]: rows.join("") });
}

/** Passes on what only colleagues do: picking by code, and handing over with the server. */
const behindPIN = async (request) => ((await isAlone()) ? Response.redirect(KIOSK, 303) : fetch(request));

/** Answers /q/kiosk/ready/:handle, which only this worker knows. */
async function handOverLoaded(request, handle) {
  const key = await openKey();
  const people = key ? await loadedWith(key) : [];
  const person = people.find((one) => one.handle === handle);
  if (!person) return Response.redirect(KIOSK, 303);
  const filled = { [HANDLE]: handle, [TEXT]: escape(person.label), [NOTE]: escape(person.title) };
  if (request.method === "GET") return kioskPage("hand", filled);
  const form = new URLSearchParams(await request.text());
  const said = { initials: (form.get("initials") ?? "").trim(), colleague: form.get("colleague") ?? "", helper: form.get("helper") ?? "" };
  if (!/^[a-z0-9]{1,6}$/i.test(said.initials) || !said.helper) {
    return kioskPage("hand", { ...filled, [NOTICE]: await kioskNotice("said") }, 400);
  }
  adopting?.abort();
  const { bundle, ticket } = person;
  const note = { ...said, at: Date.now() };
  // What is delivered under the token says with it how the kiosk was handed over.
  const lent = { ...bundle, token: `${bundle.token}~${btoa(JSON.stringify(note))}` };
  await forget();
  await unload(handle);
  await lock();
  await goAlone();
  await keep("bundles", { handle, version: bundle.version, until: bundle.until, box: await encrypt(lent) });
  await keep("kept", { id: "current", handle });
  await keep("kept", { id: "kiosk-adopt", handle, box: await encrypt({ ...note, ticket }) });
  const begun = bundle.items.some(({ own, elsewhere }) => own !== undefined || elsewhere);
  return seeOther(handle, begun ? "" : "welcome");
}

let adopting; // stops the request that makes a ticket; one that came when its person has left would be the next one's

/** Makes the browser's ticket that of whoever was handed the kiosk without it, as soon as it can be reached. */
async function adopt(handle) {
  const record = await read("kept", "kiosk-adopt");
  if (record?.handle !== handle) return;
  const { ticket, at, ...said } = await decrypt(record.box);
  const body = new URLSearchParams({ ...said, ticket, at, now: Date.now() });
  const stop = (adopting = new AbortController());
  const reply = await ask({ url: `${KIOSK}adopt`, method: "POST", body }, stop);
  await remove("kept", "kiosk-adopt");
  if (reply.ok && !stop.signal.aborted) await rejoin();
}

/** Loads people of a list while there is a network. Resolves to what the page is told. */
async function load(people) {
  try {
    const key = await openKey();
    if (!key) return { loaded: -1 };
    const reply = await fetch(`${KIOSK}load`, { method: "POST", body: new URLSearchParams(people.map((one) => ["person", one])) });
    if (!reply.ok) return { loaded: -1 };
    const { people: fresh, skipped } = await reply.json();
    await (await caches.open(CACHE)).addAll(fresh[0]?.bundle.assets ?? []);
    const kept = (await loadedWith(key).catch(() => [])).filter((one) => !fresh.some(({ handle }) => handle === one.handle));
    await keepLoaded(key, [...kept, ...fresh]);
    const { pages, headers, parts, words } = fresh[0]?.bundle ?? {};
    if (pages) await keep("kept", { id: "pages", queue: pages.queue, left: pages.left, refused: parts.refused, goOn: parts.goOn, headers, words });
    return { loaded: fresh.length, skipped };
  } catch {
    return { loaded: -1 };
  }
}

// ---- the questionnaire ----

/** Takes somebody off the list of who is loaded: what they answer from here on is not in the bundle there. */
async function unload(handle) {
  const key = await openKey();
  const people = key ? await loadedWith(key) : [];
  if (people.some((one) => one.handle === handle)) await keepLoaded(key, people.filter((one) => one.handle !== handle));
}

/** Shows a page of a questionnaire. An address that was typed, and not come to, shows nothing without the server. */
async function lentPage(request, handle, page) {
  await unload(handle).catch(() => {});
  await lock(); // whoever holds the kiosk now is not the one who knows the PIN
  await adopt(handle).catch(() => {});
  const typed = !request.referrer;
  if (await isAlone()) {
    const response = typed || (await currentHandle()) !== handle ? undefined : await responseOf(handle);
    return response ? fromBundle(response, page) : Response.redirect(KIOSK, 303);
  }
  if (!typed) return showPage(request, handle, page);
  return ask({ url: request.url }).catch(() => Response.redirect(KIOSK, 303));
}

/** Passes on what only the server can do with a questionnaire, such as leaving the study. */
const withServer = async (request, handle) => ((await isAlone()) ? seeOther(handle, "") : ((await answer(request)) ?? fetch(request)));

/** Answers POST /q/:handle/leave: sends what it can, wipes the rest and shows the PIN screen. */
async function giveBack(request) {
  adopting?.abort();
  await within(PATIENCE, send()).catch(() => {});
  await forget();
  await remove("kept", "kiosk-adopt");
  try {
    return await ask(posted(request, await request.text()));
  } catch {
    await goAlone();
    return Response.redirect(KIOSK, 303);
  }
}

/** Has every other tab go to the PIN screen, which one shows. */
async function sendAway(one) {
  for (const client of await self.clients.matchAll()) if (client.id !== one.id) client.postMessage({ left: true });
}

function kioskAnswer(request, later) {
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return undefined;
  const navigates = request.mode === "navigate";
  if (pathname === KIOSK && navigates) return request.method === "POST" ? takePIN(request, later) : pinScreen(request);
  if (pathname === LOCK && request.method === "POST") return takeLock();
  if (pathname === `${KIOSK}people` && navigates && request.method === "GET") return peoplePage(request);
  if (pathname.startsWith(`${KIOSK}people`) && navigates) return behindPIN(request);
  const [, ready] = /^\/q\/kiosk\/ready\/([0-9a-f]{16})$/.exec(pathname) ?? [];
  if (ready && navigates) return handOverLoaded(request, ready);
  const [, handle, page] = /^\/q\/([0-9a-f]{16})\/([a-z0-9-]*)$/.exec(pathname) ?? [];
  if (handle && request.method === "GET" && navigates) return lentPage(request, handle, page);
  if (request.method !== "POST") return undefined;
  if (handle && page === "leave") return giveBack(request);
  if (handle && !/^(\d+|grid-\d+|all|check)$/.test(page)) return withServer(request, handle);
  if (pathname === "/q/queue") return Promise.resolve(Response.redirect("/q/queue", 303)); // nobody forgets what others answered
  return undefined;
}

self.addEventListener("fetch", (event) => {
  const spare = event.request.method === "POST" ? event.request.clone() : event.request;
  const reply = kioskAnswer(event.request, (work) => event.waitUntil(work.catch(() => {})));
  if (!reply) return;
  event.stopImmediatePropagation();
  event.respondWith(reply.catch(() => fetch(spare)));
});

self.addEventListener("message", (event) => {
  const { load: people, forget: atPIN } = event.data;
  if (atPIN) event.waitUntil(sendAway(event.source));
  if (people) event.waitUntil(load(people).then((told) => event.source.postMessage(told)));
});
