// The pieces that the pages of a bundle are made of (server/cutpages.go), and how they are put together.

import { escape } from "./form.js";

// The slots of pages, as in server/cutpages.go.
export const [HANDLE, BACK, POSITION, TOTAL, SEQ, NOTICE, ACTION, LIST, TEXT, NOTE] = Array(10).keys();

export const fill = (pieces, words) => pieces.map((piece) => (typeof piece === "number" ? words[piece] ?? "" : piece)).join("");

/** Returns which items a page asks: the first of them, and the first after them; nothing where it asks none. */
export const spanOf = ({ items, sheets }, page) => sheets?.[page] ?? (items[page - 1] && [page - 1, Number(page)]);

/** Returns the last part of the address of what comes after the i-th item. */
export const after = ({ flow, sheets }, i, alone) => (sheets?.all ? "all" : flow.next(i, alone));

/** Joins problems, each with its item, to the words of a link that stands in a list. */
export const links = (problems) => ({
  [NOTE]: problems[0].item.field,
  [TEXT]: problems.map(({ item, text }, n) => (n ? `</a></li><li><a href="#${item.field}">` : "") + escape(text)).join(""),
});

/** Puts a problem beside the field that it is about. */
export function tell(page, { item: { code, field, kind }, problem }) {
  const told = `<p class="ww-error" id="${code}-error">${escape(problem)}</p>`;
  const described = (_, input) => `${input} aria-invalid="true" aria-describedby="${code}-error ${code}-hint ${code}-ends"`;
  const place = kind === "date" ? `<div class="ww-parts">(?=\\s*<div>\\s*<label[^>]*"${field}")` : `<(input|textarea)[^>]* id="${field}"`;
  return page.replace(new RegExp(place), (found) => told + found).replace(new RegExp(`(<(?:input|textarea)[^>]* id="${field}")`), described);
}

/** Puts together the questions of a page of all of them, without those that do not apply. */
export function sheet({ items, sections = [], blocks }, flow) {
  const lists = [];
  for (const [i, item] of items.entries()) {
    if (item.first) lists.push("");
    if (sections.length && flow.applies(i)) lists[lists.length - 1] += blocks[i];
  }
  return sections.map((pieces, n) => fill(pieces, { [LIST]: lists[n] })).join("");
}
