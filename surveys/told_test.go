package surveys

import (
	"fmt"
	"testing"
	"time"
)

// TestKeysHearTheSameOfAnyAnswers tries everything that a program could send into a chain of questions, each on everything that
// somebody else may have answered there: what it hears is always the same. So it is before and after the window closes.
func TestKeysHearTheSameOfAnyAnswers(t *testing.T) {
	q := foldQuestionnaire(t)
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	untouched := Value{}
	var sets [][]ItemAnswer // of the chain
	for _, work := range []Value{untouched, Number(0), Number(1), Absent(Cleared)} {
		for _, hours := range []Value{untouched, Number(10), Number(50), Absent(PreferNotToSay)} {
			for _, tired := range []Value{untouched, Number(0), Number(1)} {
				var set []ItemAnswer
				for code, v := range map[string]Value{"work": work, "hours": hours, "tired": tired} {
					if v != untouched {
						set = append(set, ItemAnswer{code, v})
					}
				}
				sets = append(sets, set)
			}
		}
	}
	hears := func(there, sent []ItemAnswer, late bool) (said string, refused bool) {
		t.Helper()
		r := NewResponse("r", "e", "baseline", q)
		c := OrdinaryCircumstances(now, Live, "w")
		if _, err := r.Take(Submission{By: Themselves(), Sitting: "a", Seq: 1, Answers: append([]ItemAnswer{{"w_1", Number(3)}}, there...)}, c); err != nil {
			t.Fatal(err)
		}
		if late {
			c.Window.Closes = now.Add(-time.Hour)
		}
		taken, err := r.Take(Submission{By: Author{ByKey, "k"}, Bulk: true, Correct: true, Sitting: "b", Seq: 1, Answers: sent}, c)
		if err != nil {
			return err.Error() + fmt.Sprint(err.(*Error).Fields), true
		}
		verdict := taken.Verdict
		if verdict == PartlyRefused { // which the receipt of a program says is accepted
			verdict = Accepted
		}
		return fmt.Sprint(verdict, taken.LateDays, taken.Seq, taken.Revision), false
	}
	refusals := 0
	for _, late := range []bool{false, true} {
		for _, sent := range sets {
			want, refused := hears(nil, sent, late)
			if refused {
				refusals++
			}
			for _, there := range sets {
				if got, _ := hears(there, sent, late); got != want {
					t.Fatalf("a program that sends %v (late: %v) hears %q where %v stands, and %q where nothing does", sent, late, got, there, want)
				}
			}
		}
	}
	if refusals == 0 || refusals == 2*len(sets) {
		t.Errorf("%d of %d submissions are refused, so this compares nothing", refusals, 2*len(sets))
	}
}
