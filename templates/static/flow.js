// Which questions somebody is asked, and in which order: the same rules as in Go (surveys/enable.go and
// server/participant/question.go), held to the same cases (surveys/testdata/enable_when.json and
// server/participant/testdata/ways.json).
//
// An answer is a number, a text, an array of numbers for a multiple choice, or {missing: reason}; null is an answer taken
// back and undefined a question that nobody has touched. ELSEWHERE stands for an answer that was given on another device
// and is not known here: its conditions carry whether they hold.

export const ELSEWHERE = { elsewhere: true };

/** Reports whether a value is an answer rather than an absence. */
export const isGiven = (value) =>
  value === ELSEWHERE || typeof value === "number" || typeof value === "string" || Array.isArray(value);

const compare = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  ">": (a, b) => a > b,
  "<": (a, b) => a < b,
  ">=": (a, b) => a >= b,
  "<=": (a, b) => a <= b,
};

function conditionHolds({ operator, answer, holds }, value) {
  if (value === ELSEWHERE) return Boolean(holds);
  if (operator === "exists") return isGiven(value) === (answer === true);
  const values = Array.isArray(value) ? value : [value];
  return values.some((one) => typeof one === typeof answer && compare[operator](one, answer));
}

/** Reports whether a condition holds for somebody with these answers; none always does. */
export function whenHolds(when, valueOf) {
  if (!when) return true;
  const holds = (condition) => conditionHolds(condition, valueOf(condition.question));
  return when.behaviour === "any" ? when.conditions.some(holds) : when.conditions.every(holds);
}

/** A questionnaire of one person: its items, and what stands in each. */
export class Flow {
  constructor(items, valueOf) {
    this.items = items;
    this.valueOf = valueOf;
    this.index = new Map(items.map((item, i) => [item.code, i]));
  }

  /** Reports whether the i-th item has a screen. What stands in an item that does not apply itself is no answer. */
  applies(i) {
    return whenHolds(this.items[i].when, (code) => {
      const value = this.valueOf(code);
      return isGiven(value) && !this.applies(this.index.get(code)) ? undefined : value;
    });
  }

  asked(i) {
    return this.items[i].kind !== "display" && this.applies(i);
  }

  /** Reports whether the i-th item still waits for an answer. */
  open(i) {
    const value = this.valueOf(this.items[i].code);
    return (value == null || value.missing === "cleared") && this.asked(i);
  }

  /** Returns the last part of the address of what comes after the i-th item. */
  next(i) {
    const n = this.items.length;
    for (let step = 0; step < n; step++) {
      let at = (i + 1 + step) % n;
      if (!this.open(at)) continue;
      while (at > i + 1 && this.items[at - 1].kind === "display" && this.applies(at - 1)) at--;
      return String(at + 1);
    }
    return "check";
  }

  /** Returns which question of how many the i-th item is, and where Back leads. */
  place(i) {
    let position = 0;
    let total = 0;
    let back = "welcome";
    for (let at = 0; at < this.items.length; at++) {
      if (at < i && this.applies(at)) back = String(at + 1);
      if (!this.asked(at)) continue;
      total++;
      if (at <= i) position++;
    }
    return { position, total, back };
  }
}
