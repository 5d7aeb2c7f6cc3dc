// What this device keeps: for each response the bundle that the server gave and the answers given here, and the outbox,
// whose entries leave it when the study has them. All answers are encrypted with a key that no script can read out. Only
// the worker opens this database.

const DATABASE = "wellwave";
const STORES = { responses: "handle", bundles: "handle", kept: "id", outbox: "id" };

let opening;

function openDatabase() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        request.result.createObjectStore(name, { keyPath, autoIncrement: name === "outbox" });
      }
    };
    request.onsuccess = () => {
      const forget = () => (opening = undefined);
      request.result.onclose = forget;
      request.result.onversionchange = () => (request.result.close(), forget());
      resolve(request.result);
    };
    request.onerror = request.onblocked = () => reject(request.error);
  });
  opening.catch(() => (opening = undefined));
  return opening;
}

/**
 * Runs work in one transaction over all stores and resolves once it is on disk. work gets a function from names to
 * stores, and returns the request whose result is wanted.
 */
async function inTransaction(mode, work) {
  const database = await openDatabase();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(Object.keys(STORES), mode, { durability: "strict" });
    const wanted = work((name) => transaction.objectStore(name), transaction);
    transaction.oncomplete = () => resolve(wanted?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("aborted"));
  });
}

export const read = (store, key) => inTransaction("readonly", (stores) => stores(store).get(key));
export const readAll = (store) => inTransaction("readonly", (stores) => stores(store).getAll());
export const keep = (store, record) => inTransaction("readwrite", (stores) => stores(store).put(record));

let wipes = 0; // of everything, so far

/** Returns what keepSince takes: how things are now. */
export const sinceNow = () => wipes;

/** Keeps a record unless everything was wiped since. What began for somebody who has left keeps nothing of them. */
export const keepSince = (since, store, record) =>
  inTransaction("readwrite", (stores, transaction) => (since === wipes ? stores(store).put(record) : transaction.abort()));

export const remove = (store, key) => inTransaction("readwrite", (stores) => stores(store).delete(key));

async function key() {
  const found = await read("kept", "key");
  if (found) return found.key;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    await inTransaction("readwrite", (stores) => stores("kept").add({ id: "key", key: made }));
    return made;
  } catch {
    return (await read("kept", "key")).key; // made by somebody else in the meantime
  }
}

export async function encrypt(content) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(content));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), plain) };
}

export async function decrypt({ iv, data }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), data);
  return JSON.parse(new TextDecoder().decode(plain));
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const sittingLife = 24 * 60 * 60 * 1000;

/**
 * Returns what was given here for a response: {stored, record, secret, answers, finished}, with a new sitting after a day.
 * The sitting's id is the hash of the secret, so that an id which was seen somewhere shows nobody what was given here.
 */
export async function given(handle) {
  const stored = await read("responses", handle);
  if (stored && Date.now() - stored.made < sittingLife) {
    return { stored, record: stored, ...(await decrypt(stored.box)) };
  }
  const secret = hex(crypto.getRandomValues(new Uint8Array(16)));
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  const sitting = hex(new Uint8Array(hash, 0, 16));
  return { stored, record: { handle, sitting, seq: 0, made: Date.now() }, secret, answers: {}, finished: false };
}

/**
 * Puts a submission into the outbox together with what now stands, both or neither. Answers that stand already are left
 * out, and nothing new makes no entry; so a second press, or a page that saved by itself before, doubles nothing. But what
 * was a draft, because its page saved it by itself, is sent again when it is confirmed, and what somebody answered in the
 * person's place (proxy) when the person answers, or the other way round.
 */
export async function submit(handle, token, answers, { finish = false, draft = false, aids = "", proxy = false } = {}) {
  for (let tries = 0; tries < 5; tries++) {
    const now = await given(handle);
    const news = Object.fromEntries(
      Object.entries(answers).filter(
        ([code, value]) =>
          JSON.stringify(now.answers[code]) !== JSON.stringify(value) || (!draft && now.drafts?.[code]) || Boolean(now.proxies?.[code]) !== proxy,
      ),
    );
    finish &&= !now.finished;
    if (!Object.keys(news).length && !finish) return;
    const seq = now.record.seq + 1;
    const drafts = { ...now.drafts };
    const proxies = { ...now.proxies };
    for (const code of Object.keys(news)) [drafts[code], proxies[code]] = [draft, proxy];
    const all = await encrypt({ secret: now.secret, answers: { ...now.answers, ...news }, drafts, proxies, finished: now.finished || finish });
    const box = await encrypt({ answers: news, finish, draft, aids });
    const entry = { protocol: 1, handle, token, sitting: now.record.sitting, seq, at: Date.now(), box };
    try {
      await inTransaction("readwrite", (stores, transaction) => {
        const check = stores("responses").get(handle);
        check.onsuccess = () => {
          const same = check.result?.sitting === now.stored?.sitting && check.result?.seq === now.stored?.seq;
          if (!same) return transaction.abort(); // another tab was faster: once more, on top of it
          stores("responses").put({ ...now.record, seq, box: all });
          stores("outbox").add(entry);
        };
      });
      return;
    } catch (failure) {
      if (tries === 4 || failure?.name === "QuotaExceededError") throw failure;
    }
  }
}

/** Returns the entries that wait, oldest first; those that the study refused carry why. */
export const waiting = () => readAll("outbox");

/**
 * Sends what waits, in order, and forgets each entry when its receipt is here. Resolves to what the server said last, and
 * rejects where the network or the server fails; all is then as before, and the same can be sent again.
 */
export async function deliver() {
  let told = {};
  const entries = (await waiting()).filter((entry) => !entry.refused);
  while (entries.length) {
    const [{ handle, token }] = entries;
    const other = entries.findIndex((entry) => entry.token !== token);
    const batch = entries.splice(0, Math.min(50, other < 0 ? entries.length : other));
    const submissions = [];
    for (const { sitting, seq, at, box } of batch) submissions.push({ sitting, seq, at, ...(await decrypt(box)) });
    const reply = await fetch(`/q/${handle}/deliver`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ protocol: batch[0].protocol, token, now: Date.now(), submissions }),
      signal: AbortSignal.timeout?.(20_000),
    });
    if (reply.status >= 500 || reply.status === 429) throw new Error(`status ${reply.status}`);
    const said = await reply.json();
    for (const [i, entry] of batch.entries()) {
      const receipt = said.receipts?.[i] ?? { state: "refused", message: said.message };
      if (receipt.state === "refused") {
        await keep("outbox", { ...entry, refused: receipt.message });
        await remove("bundles", handle); // from now on the server says itself what it does not take
      } else await remove("outbox", entry.id);
      told = { ...said, handle, state: receipt.state, message: receipt.message, care: receipt.care ? handle : told.care };
    }
  }
  return told;
}

/** Gives refused entries of a response another try with a new token. */
export async function retry(handle, token) {
  for (const entry of await waiting()) {
    if (entry.refused && entry.handle === handle) await keep("outbox", { ...entry, token, refused: undefined });
  }
}

/** Wipes everything but the entries that the study does not have yet, and the key that they need. */
export async function wipe() {
  await inTransaction("readwrite", (stores) => {
    wipes++;
    stores("responses").clear();
    stores("bundles").clear();
    stores("kept").delete("current");
    const count = stores("outbox").count();
    count.onsuccess = () => count.result || stores("kept").delete("key");
  });
}
