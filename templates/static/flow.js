// Which questions somebody is asked, and in which order: the same rules as in Go (surveys/enable.go and
// server/participant/question.go), held to the same cases (surveys/testdata/enable_when.json and
// server/participant/testdata/ways.json).
//
// An answer is a number, a text, an array of numbers for a multiple choice, or {missing: reason}; null is an answer taken
// back and undefined a question that nobody has touched. ELSEWHERE stands for what was said on another device and is not
// known here, and what rests on it is null: whether such a question is asked only the server says, when it is its turn.

export const ELSEWHERE = { elsewhere: true };

/** Reports whether a value is an answer rather than an absence. */
export const isGiven = (value) => value != null && !value.missing;

/** Compares two numbers or texts by an operator, which names what may hold between them; != names what may not. */
const compare = (operator, a, b) => operator.includes(a < b ? "<" : a > b ? ">" : "=") !== (operator === "!=");

function conditionHolds({ operator, answer }, value) {
  if (value === ELSEWHERE) return null;
  if (operator === "exists") return isGiven(value) === answer;
  return [value].flat().some((one) => typeof one === typeof answer && compare(operator, one, answer));
}

/** Reports whether a condition holds for somebody with these answers; none always does. */
export function whenHolds(when, valueOf) {
  if (!when) return true;
  const decisive = when.behaviour === "any";
  const found = when.conditions.map((condition) => conditionHolds(condition, valueOf(condition.question)));
  return found.includes(decisive) ? decisive : found.includes(null) ? null : !decisive;
}

/** A questionnaire of one person: its items, and what stands in each. */
export class Flow {
  constructor(items, valueOf) {
    this.items = items;
    this.valueOf = valueOf;
    this.index = new Map(items.map((item, i) => [item.code, i]));
  }

  /**
   * Reports whether the i-th item has a screen. What stands in an item that does not apply itself is no answer, and what was
   * answered here was asked.
   */
  applies(i) {
    const { when, code } = this.items[i];
    const holds = whenHolds(when, (code) => {
      const asked = this.applies(this.index.get(code));
      return asked == null ? ELSEWHERE : asked ? this.valueOf(code) : null;
    });
    return holds ?? (![undefined, ELSEWHERE].includes(this.valueOf(code)) || null);
  }

  asked(i) {
    return this.items[i].kind !== "display" && this.applies(i);
  }

  /** Reports whether the i-th item still waits for an answer. */
  open(i) {
    const value = this.valueOf(this.items[i].code);
    return (value == null || value.missing === "cleared") && this.asked(i);
  }

  /** Returns the last part of the address of what comes after the i-th item, as the server says or as far as it is known here. */
  next(i, alone) {
    const n = this.items.length;
    for (let step = 0; step < n; step++) {
      let at = (i + 1 + step) % n;
      if (!alone && this.applies(at) == null) return `next-${i + 1}`;
      if (!this.open(at)) continue;
      while (at > i + 1 && this.items[at - 1].kind === "display" && this.applies(at - 1)) at--;
      return String(at + 1);
    }
    return "check";
  }

  /** Returns which question of how many the i-th item is, which counts itself, and where Back leads. */
  place(i) {
    let position = 0;
    let total = 0;
    let back = "welcome";
    for (let at = 0; at < this.items.length; at++) {
      if (at < i && this.applies(at)) back = String(at + 1);
      if (!(this.asked(at) ?? at === i)) continue;
      total++;
      if (at <= i) position++;
    }
    return { position, total, back };
  }
}
