// The parts of the worker that decide by themselves, outside a browser: conditions by the same cases as the server's, and
// answers read from forms as the server reads them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";

/** Loads a module that browsers get, from where they get it. */
async function load(name) {
  const source = await readFile(new URL(`../templates/static/${name}`, import.meta.url), "utf8");
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}
const { ELSEWHERE, Flow, whenHolds } = await load("flow.js");
const { fillIn, formOf, inWords, readAnswer } = await load("form.js");

describe("enable_when", async () => {
  const { cases } = JSON.parse(await readFile(new URL("../surveys/testdata/enable_when.json", import.meta.url), "utf8"));
  assert.ok(cases.length >= 40, `${cases.length} cases, want at least 40`);
  for (const { name, when, answers, holds } of cases) {
    test(name, () => assert.equal(whenHolds(when, (code) => answers[code]), holds));
  }
});

test("a question without a condition is always asked", () => assert.equal(whenHolds(undefined, () => undefined), true));

describe("the way through a questionnaire", () => {
  const on = (question, answer) => ({ behaviour: "all", conditions: [{ question, operator: "=", answer }] });
  const items = [
    { code: "intro", kind: "display" },
    { code: "a", kind: "yes-no" },
    { code: "b", kind: "short-text", when: on("a", 1) },
    { code: "text", kind: "display" },
    { code: "c", kind: "short-text", when: on("b", "x") },
    { code: "more", kind: "display" },
    { code: "d", kind: "integer" },
  ];
  const flow = (answers) => new Flow(items, (code) => answers[code]);

  test("begins with the text before the first question", () => assert.equal(flow({}).next(-1), "1"));
  test("leaves out what does not apply, and shows the text before what does", () => assert.equal(flow({ a: 0 }).next(1), "6"));
  test("asks what applies", () => assert.equal(flow({ a: 1 }).next(1), "3"));
  test("goes back to what was left", () => assert.equal(flow({ d: 1 }).next(6), "2"));
  test("asks again what was taken back", () => assert.equal(flow({ a: null, d: 1 }).next(6), "2"));
  test("ends where nothing is open", () => assert.equal(flow({ a: 0, d: 1 }).next(6), "check"));
  test("passes over what was skipped", () => assert.equal(flow({ a: { missing: "skipped" }, d: 1 }).next(6), "check"));
  test("an answer to a question that no longer applies is none", () => assert.equal(flow({ a: 0, b: "x" }).applies(4), false));
  test("counts what is asked", () => assert.deepEqual(flow({ a: 1 }).place(2), { position: 2, total: 3, back: "2" }));

  test("believes the server about answers of another device", () => {
    const known = structuredClone(items);
    const verdict = (holds) => {
      known[2].when.conditions[0].holds = holds;
      return new Flow(known, (code) => (code === "a" ? ELSEWHERE : undefined)).applies(2);
    };
    assert.equal(verdict(true), true);
    assert.equal(verdict(false), false);
  });
});

// The forms and verdicts of TestPatientAnswersOneQuestionAScreen in server/participant/participant_test.go, and what lies beside them.
describe("answers from forms", () => {
  const words = { number: "number %", whole: "whole %", range: "% not %1 to %2", option: "option %", day: "day", year: "year %", length: "% of %1" };
  const read = (item, form) => readAnswer({ code: "x", min: 0, max: 100, ...item }, new URLSearchParams(form), words);
  const cases = [
    ["an option", { kind: "likert", options: [1, 2, 3] }, "x=3", { value: 3 }],
    ["no option", { kind: "likert", options: [1, 2, 3] }, "x=7", { problem: "option 7" }],
    ["nothing chosen", { kind: "single", options: [1, 2] }, "", {}],
    ["zero", { kind: "yes-no", options: [0, 1] }, "x=0", { value: 0 }],
    ["several", { kind: "multiple", options: [1, 2, 3] }, "x=3&x=1", { value: [1, 3] }],
    ["none of several", { kind: "multiple", options: [1, 2, 3] }, "", {}],
    ["a number with blanks", { kind: "vas" }, "x=+40+", { value: 40 }],
    ["out of range", { kind: "vas" }, "x=101", { problem: "101 not 0 to 100" }],
    ["a word", { kind: "integer" }, "x=forty", { problem: "number forty" }],
    ["an exponent", { kind: "integer" }, "x=1e1", { problem: "number 1e1" }],
    ["a half", { kind: "integer" }, "x=1.5", { problem: "whole 1.5" }],
    ["a decimal", { kind: "decimal" }, "x=1.75", { value: 1.75 }],
    ["a decimal without a zero", { kind: "decimal" }, "x=.5", { value: 0.5 }],
    ["minus nothing", { kind: "decimal" }, "x=-0", { value: 0 }],
    ["a day", { kind: "date" }, "x-day=1&x-month=03&x-year=2026", { value: "2026-03-01" }],
    ["no day of the calendar", { kind: "date" }, "x-day=30&x-month=2&x-year=2026", { problem: "day" }],
    ["half a date", { kind: "date" }, "x-day=3&x-month=&x-year=", { problem: "day" }],
    ["a year to come", { kind: "date" }, "x-day=1&x-month=3&x-year=2999", { problem: "year 2999" }],
    ["no date", { kind: "date" }, "x-day=&x-month=&x-year=", {}],
    ["lines", { kind: "long-text", length: 20 }, "x=Rain%0D%0Aand+wind", { value: "Rain\nand wind" }],
    ["an accent in two parts", { kind: "short-text", length: 4 }, "x=cafe%CC%81", { value: "café" }],
    ["too long", { kind: "short-text", length: 3 }, "x=abcd", { problem: "4 of 3" }],
    ["only blanks", { kind: "short-text", length: 3 }, "x=++", {}],
  ];
  for (const [name, item, form, want] of cases) test(name, () => assert.deepEqual(read(item, form), want));

  test("minus nothing is nothing", () => assert.ok(Object.is(read({ kind: "decimal" }, "x=-0").value, 0)));

  test("an answer goes back into its page", () => {
    const radio = (checked) => `<input class="c" id="x-1" name="x" type="radio" value="1"><input class="c" id="x-2" name="x" type="radio" value="10"${checked}>`;
    assert.equal(fillIn(radio(""), formOf({ code: "x", kind: "single" }, 10)), radio(" checked"));
    const line = (value) => `<input name="seq" type="hidden" value="4"><input class="c" id="x" name="x" type="text" value="${value}">`;
    assert.equal(fillIn(line(""), formOf({ code: "x", kind: "short-text" }, `$& "<em>`)), line("$&#38; &#34;&#60;em&#62;"));
    const area = (value) => `<textarea class="c" id="x" name="x" rows="6">${value}</textarea>`;
    assert.equal(fillIn(area(""), formOf({ code: "x", kind: "long-text" }, "a\nb")), area("a\nb"));
    assert.deepEqual([...formOf({ code: "x", kind: "date" }, "2026-03-01")], [["x-day", "1"], ["x-month", "3"], ["x-year", "2026"]]);
    assert.deepEqual([...formOf({ code: "x", kind: "multiple" }, [1, 3])], [["x", "1"], ["x", "3"]]);
    assert.deepEqual([...formOf({ code: "x", kind: "single" }, { missing: "skipped" })], []);
  });

  test("an answer in words", () => {
    assert.equal(inWords({ kind: "multiple", labels: { 1: "Family", 3: "Others" } }, [1, 3], "en-GB"), "Family\nOthers");
    assert.equal(inWords({ kind: "date" }, "2026-03-01", "en-GB"), "1 March 2026");
    assert.equal(inWords({ kind: "decimal" }, 1.75, "en-GB"), "1.75");
  });
});
