// Reads a question out. Only voices that run on this device are used, and only in the language of the question: a text
// that went to somebody else's server to be spoken would tell them who is asked what. Without such a voice there is no
// button.

const speech = window.speechSynthesis;
const form = document.getElementById("answers");
const buttons = [...form.querySelectorAll("[data-listen]")];
const primary = (language) => language.toLowerCase().split(/[-_]/)[0];
let speaking;

function voiceFor(language) {
  const voices = speech.getVoices().filter((voice) => voice.localService && primary(voice.lang) === primary(language));
  return voices.find(({ lang }) => lang.replace("_", "-").toLowerCase() === language.toLowerCase()) ?? voices[0];
}

const languageOf = (button) => button.closest("[lang]").lang;

/** Shows the buttons that there are voices for; some browsers know their voices only after a while. */
function show() {
  for (const button of buttons) button.hidden = !voiceFor(languageOf(button));
}

/** Returns what is to be said of a question: its text, what helps to understand it, and its answers. */
function textsOf(button) {
  const scope = button.closest(".ww-grid__row, .ww-question") ?? form;
  const parts = scope.querySelectorAll(".ww-intro, h1, h3, th > span, .ww-hint, .ww-ends span, .ww-choice__label, .ww-parts .ww-label");
  return [...parts].filter((part) => part.checkVisibility?.({ visibilityProperty: true }) ?? true).map((part) => part.textContent.trim());
}

function stop() {
  if (!speaking) return;
  speaking.setAttribute("aria-pressed", "false");
  speaking = undefined;
  speech.cancel();
}

function speak(button) {
  const voice = voiceFor(languageOf(button));
  if (!voice) return;
  speaking = button;
  button.setAttribute("aria-pressed", "true");
  const texts = textsOf(button);
  for (const [i, text] of texts.entries()) {
    const words = new SpeechSynthesisUtterance(text);
    words.voice = voice;
    words.lang = voice.lang;
    words.rate = 0.9;
    if (i === texts.length - 1) words.onend = () => speaking === button && stop();
    speech.speak(words);
  }
  const { aids } = form.elements;
  if (!aids.value.includes("listened")) aids.value += " listened";
}

if (speech) {
  show();
  speech.addEventListener?.("voiceschanged", show);
  addEventListener("pagehide", stop);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-listen]");
    if (!button) return;
    const again = speaking === button;
    stop();
    if (!again) speak(button);
  });
}
