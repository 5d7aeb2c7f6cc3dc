// On the pages of a kiosk that was handed over, and on no others: asks whether anybody is still there, clears the screen
// when nobody answers, and leaves nothing for Back. What was typed is saved before, and until it is, the screen stays
// covered and the answers stay with it.

const IDLE = 3 * 60_000; // until it asks
const DONE = 60_000; // until a page on which nothing is left to do goes away
const GRACE = 60_000; // from then until the screen is cleared
const SOON = 20_000; // before that it says so once more
const PIN = "/q/kiosk/";
const SEEN = "kiosk-seen"; // when the kiosk was last touched, whichever of its tabs that was

const dialog = document.getElementById("still");
const giveBack = document.getElementById("give-back");
const waiting = document.getElementById("waiting");

// Back shows nothing: a page that the browser kept is emptied when it is left and fetched anew when it returns.
addEventListener("pagehide", () => (document.body.hidden = true));
addEventListener("pageshow", (event) => {
  document.body.hidden = event.persisted;
  if (event.persisted) location.reload();
});

// ---- when the kiosk was last touched ----

let seen = Date.now();
let asked; // since when the question stands
let clearing = false;

function touch() {
  if (asked) return; // only the button answers the question
  seen = Date.now();
  try {
    localStorage.setItem(SEEN, seen);
  } catch {
    // Then each tab knows of itself alone.
  }
}

function idleFor() {
  try {
    seen = Math.max(seen, Number(localStorage.getItem(SEEN)) || 0);
  } catch {
    // As above.
  }
  seen = Math.min(seen, Date.now()); // the clock may have been set back
  return Date.now() - seen;
}

for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) addEventListener(kind, touch, { passive: true });
touch();

// ---- asking ----

const primary = (language) => language.toLowerCase().split(/[-_]/)[0];

/** Speaks a sentence with a voice of this device in the page's language, or stays silent. */
function speak(text) {
  const speech = window.speechSynthesis;
  const voice = speech?.getVoices().find(({ localService, lang }) => localService && primary(lang) === primary(document.documentElement.lang));
  if (!voice) return;
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice;
  words.lang = voice.lang;
  speech.cancel();
  speech.speak(words);
}

window.speechSynthesis?.getVoices(); // some browsers begin to look for them only now

const text = (id) => document.getElementById(id);
function ask() {
  asked = Date.now();
  text("still-left").textContent = "";
  dialog.showModal();
  speak(`${text("still-title").textContent} ${text("still-text").textContent}`);
}

/** Takes the button, and the Escape key, for an answer, unless it is too late to go on: the kiosk may have slept. */
function answer(event) {
  if (Date.now() - asked > GRACE) clear();
  if (clearing) return event.preventDefault();
  asked = undefined;
  window.speechSynthesis?.cancel();
  touch();
}

dialog?.addEventListener("submit", answer);
dialog?.addEventListener("cancel", answer);
dialog?.addEventListener("close", () => clearing && dialog.showModal()); // Escape, pressed often, closes it all the same

function tick() {
  if (clearing) return;
  if (!dialog) {
    if (!waiting && idleFor() > IDLE) lock();
    return;
  }
  if ("done" in dialog.dataset) {
    if (idleFor() > DONE) clear();
    return;
  }
  if (!asked) {
    if (idleFor() > IDLE + GRACE) clear(); // it has slept, and who wakes it need not be who left it
    else if (idleFor() > IDLE) ask();
    return;
  }
  asked = Math.min(asked, Date.now());
  const left = asked + GRACE - Date.now();
  if (idleFor() < IDLE) {
    asked = undefined; // answered in another tab
    return dialog.close();
  }
  if (left <= SOON && !text("still-left").textContent) {
    text("still-left").textContent = text("still-soon").content.textContent;
    speak(text("still-left").textContent);
  }
  if (left <= 0) clear();
}

setInterval(tick, 1000);

// ---- clearing ----

/** Saves what stands on the page as the page itself does. Rejects where it could not be saved or kept. */
async function save() {
  const form = document.querySelector("main form");
  if (!form || !/\/((grid-)?\d+|all)$/.test(form.getAttribute("action") ?? "")) return;
  const body = new URLSearchParams(new FormData(form));
  body.delete("skip");
  const reply = await fetch(`${form.getAttribute("action")}/save`, { method: "POST", body });
  if (reply.status >= 500 || reply.status === 429) throw new Error(`status ${reply.status}`);
}

/** Saves, ends the session and goes to the PIN screen; tries until it could. */
async function clear() {
  if (clearing) return;
  clearing = true;
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("form").hidden = true;
  text("still-left").textContent = "";
  for (;;) {
    try {
      await save();
      const reply = await fetch(giveBack.action, { method: "POST", redirect: "manual" });
      if (reply.status >= 500) throw new Error(`status ${reply.status}`);
      return location.replace(PIN);
    } catch {
      text("still-text").textContent = dialog.dataset.wait;
      await new Promise((resolve) => setTimeout(resolve, 5000));
    }
  }
}

/** Locks what colleagues left open and goes to the PIN screen. */
async function lock() {
  clearing = true;
  document.body.hidden = true;
  await fetch(`${PIN}lock`, { method: "POST", redirect: "manual" }).catch(() => {}); // the server ends it a little later by itself
  location.replace(PIN);
}

giveBack?.addEventListener("submit", (event) => {
  event.preventDefault();
  clear();
});

// Another tab shows the PIN screen: whoever this page was for is gone.
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (!data.left || waiting) return;
  document.body.hidden = true;
  location.replace(PIN);
});

// ---- what waits, and who is loaded ----

// The PIN screen has the worker there for the kiosk, which forgets whoever was here before and sends what waits.
async function keepSending() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener("message", ({ data }) => {
    const n = data.waiting;
    if (n !== undefined) waiting.textContent = n > 0 ? (n === 1 ? waiting.dataset.one : waiting.dataset.many.replace("%", n)) : "";
  });
  await workers.register("/q/sw.js", { scope: "/q/" });
  const { active } = await workers.ready;
  const send = () => (workers.controller ?? active).postMessage({});
  (workers.controller ?? active).postMessage({ forget: true });
  send();
  setInterval(send, 30_000);
  addEventListener("online", send);
}

if (waiting) keepSending().catch(() => {}); // without a worker nothing waits

const load = document.getElementById("load");
if (load && navigator.serviceWorker?.controller) {
  const loaded = document.getElementById("loaded");
  load.hidden = false;
  load.addEventListener("click", () => {
    const people = [...document.querySelectorAll(".ww-due__link")].map(({ pathname }) => pathname.split("/").slice(-2).join("/"));
    navigator.serviceWorker.controller.postMessage({ load: people });
  });
  navigator.serviceWorker.addEventListener("message", ({ data: { loaded: n, skipped } }) => {
    if (n === undefined) return;
    const said = n < 0 ? [loaded.dataset.failed] : [loaded.dataset.done.replace("%", n)];
    if (skipped) said.push(loaded.dataset.skipped.replace("%", skipped));
    loaded.textContent = said.join(" ");
  });
}
