// Answers as forms hold them: read and checked as the server does (server/question/form.go), put back into a page, and
// written in words. Both are held to the same cases (server/question/testdata/forms.json).

import { parseNumber, writeNumber } from "./number.js";

export const escape = (text) =>
  String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Puts values into a sentence: the first at %, the others at %1, %2. */
export const say = (sentence, value, ...others) =>
  sentence.replace(/%(\d?)/g, (_, n) => (n ? others[n - 1] : value));

const plain = (value) => (typeof value === "number" ? writeNumber(value) : value);

const refuse = (sentence, ...said) => ({ problem: say(sentence, ...said.map(plain)) });

const dateParts = ["day", "month", "year"];

/** Reads the answer to an item: {value}, {problem}, or neither where nothing was typed or chosen. */
export function readAnswer(item, form, words) {
  const all = form.getAll(item.code);
  switch (item.kind) {
    case "display":
      return {};
    case "date":
      return readDate(item, form, words);
    case "multiple": {
      const chosen = all.map((one) => readNumber(item, one.trim(), words));
      const values = new Set(chosen.map(({ value }) => value).filter((value) => value !== undefined));
      return chosen.find(({ problem }) => problem) ?? (values.size ? { value: [...values].sort((a, b) => a - b) } : {});
    }
  }
  if (all.length > 1) return refuse(words.option, all.join(", ")); // no page sends two
  const typed = (all[0] ?? "").trim();
  if (!item.kind.endsWith("text")) return readNumber(item, typed, words);
  const text = typed.replaceAll("\r\n", "\n").normalize("NFC").trim();
  const length = [...text].length;
  if (length > item.length) return refuse(words.length, length, item.length);
  return text ? { value: text } : {};
}

function readNumber({ kind, options, min, max }, typed, words) {
  if (!typed) return {};
  const value = parseNumber(typed);
  if (isNaN(value)) return refuse(value === undefined ? words.number : words.long, typed.slice(0, 40));
  if (options && kind !== "rating") return options.includes(value) ? { value } : refuse(words.option, value);
  if (kind !== "decimal" && value % 1) return refuse(words.whole, value);
  return value < min || value > max ? refuse(words.range, value, min, max) : { value };
}

function readDate(item, form, words) {
  const [day, month, year] = dateParts.map((part) => form.getAll(`${item.code}-${part}`).join(", ").trim()); // two are none
  if (day + month + year === "") return {};
  const written = `${year}-${month.padStart(2, 0)}-${day.padStart(2, 0)}`;
  // A day that there is not, such as 30 February, is none or another once it is a date.
  if (!/^\d{4}(-\d\d){2}$/.test(written) || !JSON.stringify(new Date(written)).includes(written)) return refuse(words.day);
  return year < 1900 || year >= 2200 ? refuse(words.year, year) : { value: written };
}

/** Returns the fields that a form with this answer would send. */
export function formOf(item, value) {
  const form = new URLSearchParams();
  if (item.kind === "date" && typeof value === "string") {
    const parts = value.split("-");
    dateParts.forEach((part, i) => form.set(`${item.code}-${part}`, +parts[2 - i]));
  } else if (Array.isArray(value)) {
    for (const one of value) form.append(item.code, writeNumber(one));
  } else if (typeof value !== "object" && value !== undefined) {
    form.set(item.code, plain(value));
  }
  return form;
}

/** Puts what a form held into a page that shows the item without an answer. */
export function fillIn(html, form) {
  for (const [name, value] of form) {
    if (!/^[\w-]+$/.test(name)) continue;
    html = html
      .replace(`name="${name}" type="radio" value="${escape(value)}"`, "$& checked")
      .replace(`name="${name}" type="checkbox" value="${escape(value)}"`, "$& checked")
      .replace(new RegExp(`(<input [^>]*name="${name}" type="text"[^>]* value=")"`), (_, start) => `${start}${escape(value)}"`)
      .replace(new RegExp(`(<textarea [^>]*name="${name}"[^>]*>)(?=</textarea>)`), (_, start) => start + escape(value));
  }
  return html;
}

/** Asks for a language with the digits that its pages have. */
export const plainDigits = (language) => language && `${language}-u-nu-latn`;

/** Writes an answer as the page that lists the answers does. */
export function inWords(item, value, language) {
  if (item.labels) return [value].flat().map((one) => item.labels[writeNumber(one)]).join("\n");
  if (item.kind === "date") {
    return new Date(value).toLocaleDateString(plainDigits(language), { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }
  return plain(value);
}
