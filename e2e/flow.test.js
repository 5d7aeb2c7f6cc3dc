// The parts of the worker that decide by themselves, outside a browser, held to the cases that the server is held to:
// conditions, the way through a questionnaire, and answers read from forms.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";

/** Loads modules that browsers get, from where they get them, as one: each after those that it imports. */
async function load(...names) {
  const sources = await Promise.all(names.map((name) => readFile(new URL(`../templates/static/${name}`, import.meta.url), "utf8")));
  return import(`data:text/javascript,${encodeURIComponent(sources.join("").replace(/^import .*\n/gm, ""))}`);
}
const { ELSEWHERE, Flow, whenHolds } = await load("flow.js");
/** Reads cases that Go runs too. */
const testdata = async (path) => JSON.parse(await readFile(new URL(`../${path}`, import.meta.url), "utf8"));
const { fillIn, formOf, inWords, parseNumber, readAnswer, writeNumber } = await load("number.js", "form.js");

// The same cases are run against the server. Exponents, commas and digits of other scripts have no reader here.
describe("numbers", async () => {
  const { writes, reads } = await testdata("scoring/decimal/testdata/numbers.json");
  assert.ok(writes.length >= 25 && reads.length >= 90, `${writes.length} and ${reads.length} cases, want at least 25 and 90`);
  for (const { number, text } of writes) {
    test(`writes ${number}`, () => assert.equal(writeNumber(number), text));
  }
  const refused = { number: undefined, long: NaN };
  for (const { text, forms = [], number, refused: why } of reads) {
    if (forms.length > 0) continue;
    test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseNumber(text), why ? refused[why] : number));
  }
});

describe("enable_when", async () => {
  const { cases } = await testdata("surveys/testdata/enable_when.json");
  assert.ok(cases.length >= 40, `${cases.length} cases, want at least 40`);
  for (const { name, when, answers, holds } of cases) {
    test(name, () => assert.equal(whenHolds(when, (code) => answers[code]), holds));
  }
});

test("a question without a condition is always asked", () => assert.equal(whenHolds(undefined, () => undefined), true));

// The same cases are run against the server, which numbers items from 1 too.
describe("the way through a questionnaire", async () => {
  const { questionnaires, cases } = await testdata("server/participant/testdata/ways.json");
  assert.ok(cases.length >= 55, `${cases.length} cases, want at least 55`);
  for (const { name, questionnaire, answers, elsewhere = {}, resolved, alone, ...want } of cases) {
    test(name, () => {
      const items = questionnaires[questionnaire];
      const open = (value) => value == null || value.missing === "cleared";
      // As the server tells the worker of what was said on another device: that it was, and no more.
      const flow = new Flow(items, (code) => answers[code] ?? (open(elsewhere[code]) ? undefined : ELSEWHERE));
      const numbers = items.map((_, i) => i + 1);
      assert.deepEqual(
        {
          screens: numbers.filter((n) => flow.applies(n - 1)),
          open: numbers.filter((n) => flow.open(n - 1)),
          next: [0, ...numbers].map((n) => flow.next(n - 1)),
          places: numbers.map((n) => flow.place(n - 1)).map(({ position, total, back }) => [position, total, back]),
        },
        want,
      );
      assert.deepEqual([0, ...numbers].map((n) => flow.next(n - 1, true)), alone ?? want.next);
    });
  }

  const items = [{ code: "a", kind: "yes-no" }, { code: "b", kind: "integer", when: { behaviour: "all", conditions: [{ question: "a", operator: "=", answer: 1 }] } }];
  test("asks again what was taken back here", () => assert.equal(new Flow(items, (code) => ({ a: null, b: 1 })[code]).next(-1), "1"));
  test("knows that a question was asked where it was answered here", () => {
    const flow = (b) => new Flow(items, (code) => ({ a: ELSEWHERE, b })[code]);
    assert.deepEqual([flow(undefined).applies(1), flow(ELSEWHERE).applies(1), flow(1).applies(1), flow(null).applies(1)], [null, null, true, true]);
  });
});

// The same cases are run against the server.
describe("answers from forms", async () => {
  const words = { number: "number %", long: "long %", whole: "whole %", range: "range % %1 %2", option: "option %", day: "day", year: "year %", length: "length % %1" };
  const read = (item, form) => readAnswer({ code: "x", ...item }, new URLSearchParams(form), words);
  const { reads, sends } = await testdata("server/question/testdata/forms.json");
  assert.ok(reads.length >= 120 && sends.length >= 15, `${reads.length} and ${sends.length} cases, want at least 120 and 15`);
  for (const { name, item, form, value, problem } of reads) {
    test(name, () => {
      const got = read(item, form);
      if (problem) got.problem = got.problem?.split(" ")[0];
      assert.deepEqual(got, problem ? { problem } : value === undefined ? {} : { value });
    });
  }
  for (const { item, value, form } of sends) {
    test(`${JSON.stringify(value)} goes back into a form`, () => assert.equal(String(formOf({ code: "x", ...item }, value)), form));
  }

  test("sentences say what was typed", () => {
    assert.equal(read({ kind: "vas", min: 0, max: 100 }, "x=101").problem, "range 101 0 100");
    assert.equal(read({ kind: "single", options: [1, 2] }, "x=7").problem, "option 7");
    assert.equal(read({ kind: "decimal", min: 1e-7, max: 1 }, "x=0.00000001").problem, "range 0.00000001 0.0000001 1");
    assert.equal(read({ kind: "single", options: [1, 2] }, "x=2&x=1").problem, "option 2, 1");
    assert.equal(read({ kind: "short-text", length: 3 }, "x=abcd").problem, "length 4 3");
    assert.equal(read({ kind: "date" }, "x-day=1&x-month=3&x-year=2999").problem, "year 2999");
  });
  test("minus nothing is nothing", () => assert.ok(Object.is(read({ kind: "decimal" }, "x=-0").value, 0)));

  test("an answer goes back into its page", () => {
    const radio = (checked) => `<input class="c" id="x-1" name="x" type="radio" value="1"><input class="c" id="x-2" name="x" type="radio" value="10"${checked}>`;
    assert.equal(fillIn(radio(""), formOf({ code: "x", kind: "single" }, 10)), radio(" checked"));
    const line = (value) => `<input name="seq" type="hidden" value="4"><input class="c" id="x" name="x" type="text" value="${value}">`;
    assert.equal(fillIn(line(""), formOf({ code: "x", kind: "short-text" }, `$& "<em>`)), line("$&#38; &#34;&#60;em&#62;"));
    const area = (value) => `<textarea class="c" id="x" name="x" rows="6">${value}</textarea>`;
    assert.equal(fillIn(area(""), formOf({ code: "x", kind: "long-text" }, "a\nb")), area("a\nb"));
  });

  test("an answer in words", () => {
    assert.equal(inWords({ kind: "multiple", labels: { 1: "Family", 3: "Others" } }, [1, 3], "en-GB"), "Family\nOthers");
    assert.equal(inWords({ kind: "date" }, "2026-03-01", "en-GB"), "1 March 2026");
    assert.equal(inWords({ kind: "decimal" }, 1.75, "en-GB"), "1.75");
    assert.equal(inWords({ kind: "decimal" }, 1e-7, "en-GB"), "0.0000001");
    assert.equal(inWords({ kind: "single", labels: { 1000000: "A million", "0.0000001": "Next to nothing" } }, 1e-7, "en-GB"), "Next to nothing");
  });
});
