// Numbers in plain decimal form, written and read as in Go (scoring/decimal) and held to the same cases
// (scoring/decimal/testdata/numbers.json): what a page shows can always be sent back.

/** Writes a number without an exponent. */
export function writeNumber(value) {
  const [, sign, whole, decimals = "", exponent] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(value) ?? [];
  if (!exponent) return String(value);
  const digits = whole + decimals;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  const before = digits.slice(0, point).padEnd(point, "0");
  return sign + before + (point < digits.length ? `.${digits.slice(point)}` : "");
}

/** Returns the digits of a number in plain decimal form, without sign and without zeros that say nothing. */
const bare = (text) => text.replace(/^[+-]?0*/, "").replace(/(\.\d*?)0*$/, "$1").replace(/\.$/, "");

/** Returns the digit that a character stands for in its script: each has its ten in order, with other characters before. */
function digitOf(character) {
  const at = character.codePointAt(0);
  let before = 0;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(at - before - 1))) before++;
  return before % 10;
}

const scripts = { "−": "-", "٫": ".", "．": ".", "，": "," };

/**
 * Reads a number: undefined for what is none, NaN for what cannot be kept as it was written. The forms are what is taken
 * beside plain decimal form: a comma for the point, and the digits, signs and points of every script.
 */
export function parseNumber(text, { comma, digits } = {}) {
  if (digits) text = text.replace(/[−٫．，]/g, (c) => scripts[c]).replace(/\p{Nd}/gu, digitOf);
  if (comma) text = text.replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return undefined;
  const value = Number(text) + 0;
  return Math.abs(value) <= 2 ** 53 && bare(text) === bare(writeNumber(value)) ? value : NaN;
}
