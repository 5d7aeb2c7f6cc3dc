// Numbers in plain decimal form, written and read as in Go (scoring/decimal) and held to the same cases
// (scoring/decimal/testdata/numbers.json): what a page shows can always be sent back.

/** Writes a number without an exponent. */
export function writeNumber(value) {
  const [written, exponent] = String(value).split("e");
  if (!exponent) return written;
  // An exponent is written from 1e21 on, where it is larger than any number of digits, and under 1e-6.
  return written.replace(".", "").replace(/\d+/, (digits) =>
    exponent > 0 ? digits.padEnd(+exponent + 1, "0") : "0.".padEnd(1 - exponent, "0") + digits);
}

/** Returns the digits of a number that count, without sign, point, exponent and zeros at both ends. */
const digitsOf = (text) => text.replace(/e.*|\D/g, "").replace(/^0+|0+$/g, "");

/** Reads a number: undefined for what is none, NaN for what cannot be kept as it was written. */
export function parseNumber(text) {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return undefined;
  const value = Number(text) + 0;
  return Math.abs(value) <= 2 ** 53 && digitsOf(text) === digitsOf(String(value)) ? value : NaN;
}
