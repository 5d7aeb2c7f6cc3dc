// Typing a whole questionnaire by keyboard. Without this script the page is a plain form that works the same; with it the
// focus moves on as soon as an answer is complete, Enter and the arrows go from line to line, and a slip is told at once.

const form = document.getElementById("entry");
const lines = [...form.querySelectorAll("input[type=text], textarea")];
const absent = ["p", "n", "/p", "/n"];

/** Moves the focus by so many lines, and behind the last one to the button. */
function go(from, by) {
  const to = lines[lines.indexOf(from) + by] ?? (by > 0 ? form.querySelector("input[type=checkbox], button[type=submit]") : from);
  to.focus();
  to.select?.();
}

/** Says under a line that what was typed cannot be right; an empty sentence takes it back. */
function tell(line, sentence) {
  document.getElementById(`${line.id}-error`).textContent = sentence;
  line.classList.toggle("ww-input--error", sentence !== "");
  line.closest(".ww-entry__line").classList.toggle("ww-question--error", sentence !== "");
  if (sentence) line.setAttribute("aria-invalid", "true");
  else line.removeAttribute("aria-invalid");
}

/** Returns what may be typed on a line, nothing where that is no list. */
const answersOf = (line) => (line.dataset.values ? [...line.dataset.values.split(" "), ...absent] : undefined);

form.addEventListener("input", ({ target: line }) => {
  if (!lines.includes(line)) return;
  const typed = line.value.trim().toLowerCase();
  const answers = answersOf(line);
  const possible = answers?.filter((answer) => answer.startsWith(typed)) ?? [];
  tell(line, answers && typed && possible.length === 0 ? line.dataset.wrong : "");
  const complete = answers ? possible.length === 1 && possible[0] === typed : line.dataset.digits && new RegExp(`^\\d{${line.dataset.digits}}$`).test(typed);
  if (complete) go(line, 1);
});

form.addEventListener("focusout", ({ target: line }) => {
  const answers = lines.includes(line) && answersOf(line);
  const typed = line.value?.trim().toLowerCase();
  if (answers && typed && !answers.includes(typed)) tell(line, line.dataset.wrong);
});

form.addEventListener("keydown", (event) => {
  const { target: line, key } = event;
  if (!lines.includes(line) || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const prose = line.tagName === "TEXTAREA";
  if (key === "Enter" || (key === "ArrowDown" && !prose)) go(line, 1);
  else if (key === "ArrowUp" && !prose) go(line, -1);
  else return;
  event.preventDefault();
});

// Whoever opens the page can type at once; after a slip the list of what is wrong has the focus.
if (!document.querySelector("[role=alert]")) lines[0]?.focus();
