// On the pages of a tablet that was handed over, and on no others: asks whether anybody is still there, clears the screen
// when nobody answers, and leaves nothing for Back. What was typed is saved before, and until it is, the screen stays
// covered and the answers stay with it.

const IDLE = 3 * 60_000; // until it asks
const GRACE = 60_000; // from then until the screen is cleared
const SOON = 20_000; // before that it says so once more
const PIN = "/q/kiosk/";
const SEEN = "kiosk-seen"; // when the tablet was last touched, whichever of its tabs that was

const dialog = document.getElementById("still");
const giveBack = document.getElementById("give-back");
const waiting = document.getElementById("waiting");
const worker = () => navigator.serviceWorker?.controller;

// Back shows nothing: a page that the browser kept is emptied when it is left and fetched anew when it returns.
addEventListener("pagehide", () => (document.body.hidden = true));
addEventListener("pageshow", (event) => {
  document.body.hidden = event.persisted;
  if (event.persisted) location.reload();
});

// ---- when the tablet was last touched ----

let seen = Date.now();

function touch() {
  if (dialog?.open) return; // only its button answers the question
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
let asked; // since when the question stands

function ask() {
  asked = Date.now();
  text("still-left").textContent = "";
  dialog.showModal();
  speak(`${text("still-title").textContent} ${text("still-text").textContent}`);
}

function answer() {
  if (clearing) return dialog.showModal(); // it is too late to go on
  asked = undefined;
  window.speechSynthesis?.cancel();
  touch();
}

dialog?.addEventListener("close", answer);

function tick() {
  if (clearing) return;
  if (!dialog) {
    if (!waiting && idleFor() > IDLE) location.replace(PIN);
    return;
  }
  if (!asked) {
    if (idleFor() > IDLE) ask();
    return;
  }
  const left = asked + GRACE - Date.now();
  if (idleFor() < IDLE) return dialog.close(); // answered in another tab
  if (left <= SOON && !text("still-left").textContent) {
    text("still-left").textContent = text("still-soon").content.textContent;
    speak(text("still-left").textContent);
  }
  if (left <= 0) clear();
}

setInterval(tick, 1000);

// ---- clearing ----

let clearing = false;

/** Saves what stands on the page as the page itself does. Rejects where it could not be saved or kept. */
async function save() {
  const form = document.querySelector("main form");
  if (!form || !/\/(\d+|all)$/.test(form.getAttribute("action") ?? "")) return;
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

giveBack?.addEventListener("submit", (event) => {
  event.preventDefault();
  clear();
});

// ---- what waits ----

// The PIN screen forgets what the browser knows of whoever was here before, and sends what waits.
if (waiting) {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    const n = data.waiting;
    waiting.textContent = n > 0 ? (n === 1 ? waiting.dataset.one : waiting.dataset.many.replace("%", n)) : "";
  });
  const send = () => worker()?.postMessage({});
  worker()?.postMessage({ forget: true });
  send();
  setInterval(send, 30_000);
  addEventListener("online", send);
}
