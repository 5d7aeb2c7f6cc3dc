// On a questionnaire's pages: puts the focus where the page begins, saves an answer when it is given, says where it is,
// asks the worker to keep the questionnaire on this device, and reads questions out. Without this script the pages do the
// same on Continue.

const PAUSE = 1000; // milliseconds after the last change
const main = document.querySelector("main");
const told = document.getElementById("saving");
const form = main.querySelector("form");
const saves = form && /\/(\d+|all|grid-\d+)$/.test(form.action);
const handle = location.pathname.split("/")[2];
const workers = navigator.serviceWorker;

// Questions that also stand in a table: the page goes to the other of the two where the screen, or whoever chose, says so.
const other = main.querySelector("[data-other]");
if (other) {
  const { other: shown } = other.dataset;
  try {
    const wanted = sessionStorage.view ?? (matchMedia("(min-width: 48em)").matches ? "grid" : "single");
    if (wanted !== shown) location.replace(other.href);
    other.onclick = () => (sessionStorage.view = shown === "grid" ? "single" : "grid");
  } catch {} // a browser that keeps nothing stays at what was asked for
}

const start = main.querySelector("[role=alert]") ?? main.querySelector("h1");
if (!location.hash) {
  start.tabIndex = -1;
  start.focus({ preventScroll: true });
}

// A page that comes back from the browser's memory may belong to somebody who has left since.
addEventListener("pageshow", (event) => event.persisted && location.reload());

let keepless = false;

function say(...names) {
  if (!told) return;
  const text = [...names, keepless && "keepless"].filter(Boolean).map((name) => told.dataset[name] ?? name).join(" ");
  if (told.textContent !== text) told.textContent = text;
}

/** Says how things are: what the worker reports, or the server where there is none. */
function report(state) {
  if (state.refused) say("refused", state.refused);
  else if (state.waiting > 0) say("device", state.offline && "offline");
  else if (state.late) say("late");
  else if (state.waiting === 0 || state.received) say("study");
}

// ---- saving ----

let timer;
let changed = false;
let saving;

const answers = () => {
  const data = new URLSearchParams(new FormData(form));
  data.delete("skip");
  return data;
};

/** Reports whether a date is still being typed. */
const halfDate = () => {
  const parts = [...form.querySelectorAll(".ww-parts input")];
  return parts.some((part) => part.value) && parts.some((part) => !part.value);
};

async function save() {
  clearTimeout(timer);
  if (!changed || halfDate()) return;
  changed = false;
  try {
    const reply = await fetch(`${form.action}/save`, { method: "POST", body: answers(), keepalive: true });
    const type = reply.headers.get("Content-Type") ?? "";
    if (!type.includes("json")) return say("moved");
    const state = await reply.json();
    if (state.seq) form.elements.seq.value = state.seq;
    report(state);
  } catch {
    changed = true;
    say("unsaved");
  }
}

if (saves) {
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      saving = save().finally(() => (saving = undefined));
    }, PAUSE);
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (keepless && !navigator.onLine) {
      // The browser would show that there is no network, and what was typed would be gone.
      event.preventDefault();
      changed = true;
      return say("unsaved");
    }
    changed = false;
    if (!saving || workers?.controller) return;
    // What is under way to the server arrives first, so that it cannot replace what Continue sends.
    event.preventDefault();
    await Promise.race([saving, new Promise((resolve) => setTimeout(resolve, 1500))]);
    saving = undefined;
    form.requestSubmit(event.submitter);
  });
  for (const kind of ["online", "pagehide"]) addEventListener(kind, save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
}

// ---- listening ----

// Only voices that run on this device read a question out, and only in its language: a text that went to somebody else's
// server to be spoken would tell them who is asked what. Without such a voice there is no button.

const speech = window.speechSynthesis;
const primary = (language) => language.split(/[-_]/)[0];
let speaking; // the button whose question is read out

// Of one question a screen the button stands above the question.
const questionOf = (button) => button.closest(".ww-grid__row, .ww-question");

function voiceFor(button) {
  const { lang: language } = (questionOf(button) ?? main.querySelector("h1")).closest("[lang]");
  const voices = speech.getVoices().filter(({ localService, lang }) => localService && primary(lang) === primary(language));
  return voices.find(({ lang }) => lang === language) ?? voices[0];
}

/** Shows the buttons that there are voices for; some browsers know their voices only after a while. */
const showListening = () => {
  for (const button of form.querySelectorAll("[data-listen]")) button.hidden = !voiceFor(button);
};

function hush() {
  speech.cancel();
  speaking?.setAttribute("aria-pressed", "false");
  speaking = undefined;
}

/** Reads out the text of a question, what helps to understand it, and its answers. */
function speak(button) {
  speaking = button;
  button.setAttribute("aria-pressed", "true");
  const scope = questionOf(button) ?? form;
  for (const part of scope.querySelectorAll(".ww-intro, h1, h3, th > span, .ww-hint[id], .ww-ends span, .ww-choice__label")) {
    const words = new SpeechSynthesisUtterance(part.textContent);
    words.voice = voiceFor(button);
    words.lang = words.voice.lang;
    words.onend = () => speech.pending || hush();
    speech.speak(words);
  }
  const { aids } = form.elements;
  if (!aids.value.includes("listened")) aids.value += " listened";
}

if (saves && speech) {
  showListening();
  speech.onvoiceschanged = showListening;
  addEventListener("pagehide", hush);
  form.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-listen]");
    if (!button) return;
    const again = button === speaking;
    hush();
    if (!again) speak(button);
  });
}

// ---- keeping ----

const ask = (question) => workers?.controller?.postMessage(question);
let waits = false;
let retry;
let pause = 1000;

/** Sends what waits, at once and then after ever longer pauses: “online” often comes before the network works. */
function sendNow() {
  pause = 1000;
  ask({});
}

function sendLater() {
  clearTimeout(retry);
  retry = setTimeout(ask, pause, {});
  pause = Math.min(2 * pause, 30_000);
}

function noKeeping() {
  keepless = saves;
  if (saves) say();
}

async function keepHere() {
  if (!workers) return noKeeping();
  try {
    workers.addEventListener("message", ({ data }) => {
      waits = data.waiting > 0;
      if (waits) sendLater();
      if (data.kept === false) noKeeping();
      else if (waits || data.refused || (told?.textContent ?? "") !== "") report(data);
      if (data.kept) document.documentElement.dataset.kept = "yes";
    });
    if (!workers.controller) {
      const taken = new Promise((resolve) => workers.addEventListener("controllerchange", resolve, { once: true }));
      if (!(await workers.register("/q/sw.js", { scope: "/q/" }))) return noKeeping();
      // After a hard reload the worker is there and leaves this page alone.
      if (!workers.controller) await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, 10_000))]);
      if (!workers.controller) return noKeeping();
    }
    ask(saves ? { keep: handle } : {});
  } catch {
    noKeeping();
  }
}

addEventListener("online", sendNow);
addEventListener("offline", () => waits && say("device", "offline"));
document.addEventListener("visibilitychange", () => document.hidden || sendNow());
if (document.readyState === "complete") keepHere();
else addEventListener("load", keepHere);
