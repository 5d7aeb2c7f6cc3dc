package surveys

import (
	"strings"
	"testing"
	"time"
)

// foldInstrument has what the rules of taking a submission depend on: a scale, a chain of conditions and every kind of
// value.
const foldInstrument = `
id: fold
version: "1"
title: For the tests of folding
citation: Made up for the tests of wellwave.
licence: {wording: own, holder: The wellwave authors, terms: Apache-2.0}
recall: today
option_sets:
  often: [1, 2, 3, 4, 5]
items:
  - {code: w_1, kind: likert, option_set: often}
  - {code: w_2, kind: likert, option_set: often}
  - {code: w_3, kind: likert, option_set: often}
  - {code: w_4, kind: likert, option_set: often}
  - {code: work, kind: yes-no}
  - code: hours
    kind: integer
    min: 0
    max: 168
    enable_when: {behaviour: all, conditions: [{question: work, operator: "=", answer: 1}]}
  - code: tired
    kind: yes-no
    enable_when: {behaviour: all, conditions: [{question: hours, operator: ">", answer: 40}]}
  - {code: help, kind: multiple, options: [1, 2, 3]}
  - {code: note, kind: short-text, max_length: 20}
scales:
  - id: w
    title: W
    rule: sum
    items: [w_1, w_2, w_3, w_4]
    missing: {allow: 1, fill: person-mean, source: unconfirmed}
    range: [4, 20]
    direction: higher-better
    source: Made up for the tests of wellwave.
`

func foldQuestionnaire(tb testing.TB) *Questionnaire {
	tb.Helper()
	instrument, err := ParseInstrument("fold.yaml", []byte(foldInstrument))
	if err != nil {
		tb.Fatal(err)
	}
	q, err := NewQuestionnaire("trial", "baseline", []*Instrument{instrument}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return q
}

// Three sittings.
var (
	phone  = strings.Repeat("a", 32)
	tablet = strings.Repeat("b", 32)
	paper  = strings.Repeat("c", 32)
)

var london = func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	return zone
}()

// openOn are circumstances in which everything is well on the given day of February 2026, whose window is the month.
func openOn(day int) Circumstances {
	return Circumstances{Now: time.Date(2026, time.February, day, 12, 0, 0, 0, london), Study: Live, Primary: "w", HasWindow: true, Consented: true,
		Window: Window{Opens: time.Date(2026, time.February, 1, 0, 0, 0, 0, london), Closes: time.Date(2026, time.March, 1, 0, 0, 0, 0, london)}}
}

// answers reads pairs of item code and value.
func answers(pairs ...any) []ItemAnswer {
	var list []ItemAnswer
	for i := 0; i < len(pairs); i += 2 {
		a := ItemAnswer{Code: pairs[i].(string)}
		switch v := pairs[i+1].(type) {
		case int:
			a.Value = Number(float64(v))
		case string:
			a.Value = Text(v)
		case Missing:
			a.Value = Absent(v)
		case Value:
			a.Value = v
		}
		list = append(list, a)
	}
	return list
}

func save(sitting string, seq int, pairs ...any) Submission {
	return Submission{Sitting: sitting, Seq: seq, Answers: answers(pairs...), How: Collection{Mode: Web, Language: "en"}}
}

// finishing returns the submission with the word that nothing more is to come.
func finishing(sub Submission) Submission {
	sub.Finish = true
	return sub
}

func newResponse(tb testing.TB) *Response {
	tb.Helper()
	return NewResponse("r", "e", "baseline", foldQuestionnaire(tb))
}

// take folds a submission that must not fail.
func take(t *testing.T, r *Response, sub Submission, c Circumstances) *Taken {
	t.Helper()
	taken, err := r.Take(sub, c)
	if err != nil {
		t.Fatalf("Take(%s/%d) = %v, want it taken", sub.Sitting[:1], sub.Seq, err)
	}
	return taken
}

func TestTakeFoldsInOrderOfReceipt(t *testing.T) {
	tests := []struct {
		name          string
		give          []Submission
		want          string
		wantDiffering int
	}{
		{"one sitting, in order", []Submission{save(phone, 1, "w_1", 1), save(phone, 2, "w_1", 2)}, `{"w_1":2}`, 0},
		{"a late lower sequence never overrides", []Submission{save(phone, 2, "w_1", 2), save(phone, 1, "w_1", 1)}, `{"w_1":2}`, 0},
		{"but gives what the higher one did not speak of", []Submission{save(phone, 2, "w_1", 2), save(phone, 1, "w_1", 1, "w_2", 5)}, `{"w_1":2,"w_2":5}`, 0},
		{"a late lower sequence does not clear", []Submission{save(phone, 2, "w_1", 2), save(phone, 1, "w_1", Cleared)}, `{"w_1":2}`, 0},
		{"nor undo a clearing", []Submission{save(phone, 2, "w_1", Cleared), save(phone, 1, "w_1", 4)}, `{}`, 0},
		{"two sittings that agree", []Submission{save(phone, 1, "w_1", 2), save(tablet, 1, "w_1", 2)}, `{"w_1":2}`, 0},
		{"two sittings that differ", []Submission{save(phone, 1, "w_1", 2), save(tablet, 1, "w_1", 3)}, `{"w_1":3}`, 1},
		{"one that agrees first and then differs", []Submission{save(phone, 1, "w_1", 2), save(tablet, 1, "w_1", 2), save(tablet, 2, "w_1", 3)}, `{"w_1":3}`, 1},
		{"one that agrees with itself after another", []Submission{save(phone, 1, "w_1", 2), save(tablet, 1, "w_1", 2), save(phone, 2, "w_1", 2), save(phone, 3, "w_1", 3)}, `{"w_1":3}`, 1},
		{"and once only", []Submission{save(phone, 1, "w_1", 2), save(tablet, 1, "w_1", 2), save(tablet, 2, "w_1", 3), save(tablet, 3, "w_1", 4)}, `{"w_1":4}`, 1},
		{"there and back", []Submission{save(phone, 1, "w_1", 2), save(tablet, 1, "w_1", 3), save(phone, 2, "w_1", 2)}, `{"w_1":2}`, 2},
		{"the other sitting's number is its own", []Submission{save(phone, 9, "w_1", 2), save(tablet, 1, "w_1", 3)}, `{"w_1":3}`, 1},
		{"a late lower one of an overridden sitting", []Submission{save(phone, 2, "w_1", 2), save(tablet, 1, "w_1", 3), save(phone, 1, "w_1", 5)}, `{"w_1":3}`, 1},
		{"a late lower one with another item", []Submission{save(phone, 2, "w_1", 2), save(tablet, 1, "w_2", 3), save(phone, 1, "w_2", 5)}, `{"w_1":2,"w_2":5}`, 1},
		{"a skip is no difference", []Submission{save(phone, 1, "w_1", 2), save(tablet, 1, "w_1", Skipped)}, `{"w_1":{"missing":"skipped"}}`, 0},
		{"cleared by the other sitting", []Submission{save(phone, 1, "w_1", 2), save(tablet, 1, "w_1", Cleared)}, `{}`, 0},
		{"cleared, then answered", []Submission{save(phone, 1, "w_1", 2), save(phone, 2, "w_1", Cleared), save(phone, 3, "w_1", 4)}, `{"w_1":4}`, 0},
		{"an absent item changes nothing", []Submission{save(phone, 1, "w_1", 2), save(phone, 2)}, `{"w_1":2}`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newResponse(t)
			for i, sub := range tt.give {
				if entry := take(t, r, sub, openOn(2)); entry.Verdict != Accepted || entry.Revision != i+1 {
					t.Errorf("submission %d: %v at revision %d, want it accepted at %d", i, entry.Verdict, entry.Revision, i+1)
				}
			}
			if got := r.Answers.Encode(); got != tt.want {
				t.Errorf("answers = %s, want %s", got, tt.want)
			}
			if r.Answers.Differing != tt.wantDiffering {
				t.Errorf("sittings differed %d times, want %d", r.Answers.Differing, tt.wantDiffering)
			}
		})
	}
}

func TestTakeSetsAsideWhatIsWrong(t *testing.T) {
	tests := []struct {
		name        string
		before      []any
		give        []any
		want        string // answers
		wantRefused string // codes
	}{
		{"an unknown item", nil, []any{"w_1", 3, "w_9", 3}, `{"w_1":3}`, "w_9"},
		{"no option", nil, []any{"w_1", 6, "w_2", 2}, `{"w_2":2}`, "w_1"},
		{"half an option", nil, []any{"w_1", Number(2.5)}, `{}`, "w_1"},
		{"out of range", nil, []any{"work", 1, "hours", 169}, `{"work":1}`, "hours"},
		{"a text for a number", nil, []any{"w_1", "3"}, `{}`, "w_1"},
		{"a number for a text", nil, []any{"note", 3}, `{}`, "note"},
		{"too long a text", nil, []any{"note", strings.Repeat("x", 21)}, `{}`, "note"},
		{"not UTF-8", nil, []any{"note", "a\xff"}, `{}`, "note"},
		{"U+0000", nil, []any{"note", "a\x00"}, `{}`, "note"},
		{"a choice that is not there", nil, []any{"help", Set(1, 4)}, `{}`, "help"},
		{"a reason that only the server gives", nil, []any{"w_1", NotAsked, "w_2", NotReached}, `{}`, "w_1 w_2"},
		{"an item twice: the first stands", nil, []any{"w_1", 1, "w_1", 2}, `{"w_1":1}`, "w_1"},
		{"applies after another answer of the same submission", nil, []any{"work", 1, "hours", 20}, `{"work":1,"hours":20}`, ""},
		{"in whatever order they come", nil, []any{"hours", 20, "work", 1}, `{"work":1,"hours":20}`, ""},
		{"does not apply to no answer", nil, []any{"hours", 20}, `{}`, "hours"},
		{"does not apply any more after the same submission", []any{"work", 1}, []any{"work", 0, "hours", 20}, `{"work":0}`, "hours"},
		{"applies after an earlier answer", []any{"work", 1}, []any{"hours", 20}, `{"work":1,"hours":20}`, ""},
		{"rests on an answer that was refused", nil, []any{"work", 0, "hours", 50, "tired", 1}, `{"work":0}`, "hours tired"},
		{"rests on one, backwards", nil, []any{"tired", 1, "hours", 50, "work", 0}, `{"work":0}`, "hours tired"},
		{"rests on one that is out of range", nil, []any{"work", 1, "hours", 500, "tired", 1}, `{"work":1}`, "hours tired"},
		{"clearing what does not apply", []any{"work", 1, "hours", 20}, []any{"work", 0, "hours", Cleared}, `{"work":0}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newResponse(t)
			if tt.before != nil {
				take(t, r, save(phone, 1, tt.before...), openOn(2))
			}
			entry := take(t, r, save(phone, 2, tt.give...), openOn(2))
			var refused []string
			for _, item := range entry.Refused {
				refused = append(refused, item.Code)
				if !strings.ContainsRune("“abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", []rune(item.Reason)[0]) {
					t.Errorf("reason for %s = %q, want a sentence", item.Code, item.Reason)
				}
			}
			if got := strings.Join(refused, " "); got != tt.wantRefused {
				t.Errorf("refused %q, want %q", got, tt.wantRefused)
			}
			if want := map[bool]Verdict{true: Accepted, false: PartlyRefused}[tt.wantRefused == ""]; entry.Verdict != want {
				t.Errorf("verdict = %v, want %v", entry.Verdict, want)
			}
			if got := r.Answers.Encode(); got != tt.want {
				t.Errorf("answers = %s, want %s", got, tt.want)
			}

			bulk := save(phone, 2, tt.give...)
			bulk.Bulk = true
			strict := newResponse(t)
			if tt.before != nil {
				take(t, strict, save(phone, 1, tt.before...), openOn(2))
			}
			before := strict.Answers.Encode() + strict.Answers.Origins()
			_, err := strict.Take(bulk, openOn(2))
			if tt.wantRefused == "" {
				if err != nil {
					t.Errorf("Take() in bulk = %v, want it taken", err)
				}
				return
			}
			var refusal *Error
			if KindOf(err) != Invalid || !asError(err, &refusal) || len(refusal.Fields) == 0 {
				t.Fatalf("Take() in bulk = %v, want it refused with a message for each item", err)
			}
			if after := strict.Answers.Encode() + strict.Answers.Origins(); after != before {
				t.Errorf("a refused row left %s, want %s", after, before)
			}
		})
	}
}

func TestTakeStoresTextInOneForm(t *testing.T) {
	r := newResponse(t)
	sub := save(phone, 0, "note", " cafe\u0301\r\nau lait ") // e and a combining accent
	take(t, r, sub, openOn(2))
	if got, want := r.Answers.Value("note"), Text("caf\u00e9\nau lait"); got != want {
		t.Errorf("stored text = %q, want %q", got.Text, want.Text)
	}
	if !r.Repeats(sub) {
		t.Error("the same text sent again is not taken for a repetition")
	}
}

func TestTakeVerdicts(t *testing.T) {
	late, ended, locked := openOn(2), openOn(2), openOn(2)
	late.Now = late.Window.Closes.Add(time.Hour)
	ended.Study, locked.Study = Ended, Locked
	ended.ClosedAt, locked.ClosedAt = ended.Now, locked.Now
	tests := []struct {
		name       string
		give       Submission
		in         Circumstances
		want       Verdict
		wantAnswer string
	}{
		{"accepted", save(phone, 1, "w_1", 1), openOn(2), Accepted, `{"w_1":1}`},
		{"partly refused", save(phone, 1, "w_1", 1, "w_2", 9), openOn(2), PartlyRefused, `{"w_1":1}`},
		{"late", save(phone, 1, "w_1", 1), late, Late, `{"w_1":1}`},
		{"late and partly refused is late", save(phone, 1, "w_1", 1, "w_2", 9), late, Late, `{"w_1":1}`},
		{"after the study was closed", save(phone, 1, "w_1", 1), ended, Late, `{"w_1":1}`},
		{"after the lock", save(phone, 1, "w_1", 1), locked, Aside, `{}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newResponse(t)
			entry := take(t, r, tt.give, tt.in)
			if entry.Verdict != tt.want {
				t.Errorf("verdict = %v, want %v", entry.Verdict, tt.want)
			}
			if got := r.Answers.Encode(); got != tt.wantAnswer {
				t.Errorf("answers = %s, want %s", got, tt.wantAnswer)
			}
			if folded := entry.Revision == 1 && r.Revision == 1; folded != tt.want.Folded() {
				t.Errorf("folded is %v, want %v", folded, tt.want.Folded())
			}
			if r.Answers.Highest(phone) != 1 {
				t.Error("the sequence is not remembered")
			}
			if want := map[string]int{"partly refused": 1, "late and partly refused is late": 1}[tt.name]; len(entry.Refused) != want {
				t.Errorf("%d items refused, want %d", len(entry.Refused), want)
			}
		})
	}
}

// What came in time is not changed by what comes late, and what came in time but arrives after it still counts.
func TestLateAnswersReplaceNothing(t *testing.T) {
	type arrival struct {
		sub  Submission
		late bool
	}
	in := func(sub Submission) arrival { return arrival{sub, false} }
	late := func(sub Submission) arrival { return arrival{sub, true} }
	tests := []struct {
		name          string
		give          []arrival
		want          string
		wantDiffering int
	}{
		{"an answer of the same sitting", []arrival{in(save(phone, 1, "w_1", 2)), late(save(phone, 2, "w_1", 3))}, `{"w_1":2}`, 0},
		{"an answer of another", []arrival{in(save(phone, 1, "w_1", 2)), late(save(tablet, 1, "w_1", 3))}, `{"w_1":2}`, 0},
		{"taking an answer back", []arrival{in(save(phone, 1, "w_1", 2)), late(save(phone, 2, "w_1", Cleared))}, `{"w_1":2}`, 0},
		{"an item that nobody spoke of", []arrival{in(save(phone, 1, "w_1", 2)), late(save(phone, 2, "w_2", 3))}, `{"w_1":2,"w_2":3}`, 0},
		{"an item that was skipped", []arrival{in(save(phone, 1, "w_1", Skipped)), late(save(phone, 2, "w_1", 3))}, `{"w_1":3}`, 0},
		{"an item that was cleared", []arrival{in(save(phone, 1, "w_1", 2)), in(save(phone, 2, "w_1", Cleared)), late(save(phone, 3, "w_1", 3))}, `{"w_1":3}`, 0},
		{"another reason for no answer", []arrival{in(save(phone, 1, "w_1", PreferNotToSay)), late(save(phone, 2, "w_1", Skipped))}, `{"w_1":{"missing":"prefer-not-to-say"}}`, 0},
		{"a reason where nothing was said", []arrival{late(save(phone, 1, "w_1", Skipped))}, `{"w_1":{"missing":"skipped"}}`, 0},
		{"a late one after another", []arrival{late(save(phone, 1, "w_1", 2)), late(save(phone, 2, "w_1", 3))}, `{"w_1":2}`, 0},
		{"a lower sequence", []arrival{in(save(phone, 2, "w_1", Cleared)), late(save(phone, 1, "w_1", 3))}, `{}`, 0},
		{"one in time that arrives after it", []arrival{late(save(phone, 1, "w_1", 3)), in(save(phone, 2, "w_1", 2))}, `{"w_1":2}`, 0},
		{"one in time with a lower sequence", []arrival{late(save(phone, 2, "w_1", 3)), in(save(phone, 1, "w_1", 2))}, `{"w_1":2}`, 0},
		{"one in time of another sitting", []arrival{late(save(phone, 1, "w_1", 3)), in(save(tablet, 1, "w_1", 2))}, `{"w_1":2}`, 1},
		{"what rests on an answer that does not stand", []arrival{in(save(phone, 1, "work", 0)), late(save(phone, 2, "work", 1, "hours", 20))}, `{"work":0}`, 0},
		{"what rests on one that does", []arrival{in(save(phone, 1, "w_1", 2)), late(save(phone, 2, "work", 1, "hours", 20))}, `{"w_1":2,"work":1,"hours":20}`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, again := newResponse(t), NewReplay(foldQuestionnaire(t))
			for _, a := range tt.give {
				c, want := openOn(20), Accepted
				c.Now = c.Window.Closes
				if a.late {
					want = Late
				} else {
					a.sub.AnsweredAt = c.Now.Add(-time.Hour) // received late and given in time
				}
				entry := take(t, r, a.sub, c)
				if entry.Verdict != want {
					t.Errorf("verdict = %v, want %v", entry.Verdict, want)
				}
				if n := len(entry.Accepted) + len(entry.Refused); n != len(a.sub.Answers) {
					t.Errorf("the ledger keeps %d of %d answers", n, len(a.sub.Answers))
				}
				again.Fold(entry.Entry, c.Primary)
			}
			if got := r.Answers.Encode(); got != tt.want {
				t.Errorf("answers = %s, want %s", got, tt.want)
			}
			if r.Answers.Differing != tt.wantDiffering {
				t.Errorf("sittings differed %d times, want %d", r.Answers.Differing, tt.wantDiffering)
			}
			wantReplayed(t, r, again)
		})
	}
}

// A correction that would change nothing must say so to whoever meant it.
func TestLateCorrection(t *testing.T) {
	late := openOn(2)
	late.Now = late.Window.Closes
	correct := func(pairs ...any) Submission {
		sub := save(paper, 0, pairs...)
		sub.Bulk, sub.Correct = true, true
		return sub
	}
	inTime := correct("w_1", 4)
	inTime.AnsweredAt = late.Now.Add(-time.Hour)
	tests := []struct {
		name string
		give Submission
		want string // answers; empty where it is refused
	}{
		{"another answer", correct("w_1", 4, "w_2", 3), ""},
		{"the same and one more", correct("w_1", 2, "w_2", 3), `{"w_1":2,"w_2":3}`},
		{"given in time", inTime, `{"w_1":4}`},
	}
	for _, tt := range tests {
		r := newResponse(t)
		take(t, r, save(phone, 1, "w_1", 2), openOn(2))
		_, err := r.Take(tt.give, late)
		if tt.want == "" {
			if KindOf(err) != Conflict || r.Revision != 1 {
				t.Errorf("%s: Take() = %v at revision %d, want a conflict and nothing taken", tt.name, err, r.Revision)
			}
			continue
		}
		if got := r.Answers.Encode(); err != nil || got != tt.want {
			t.Errorf("%s: Take() = %v, answers %s, want %s", tt.name, err, got, tt.want)
		}
	}
}

func TestTakeBulkConflicts(t *testing.T) {
	row := func(sitting string, seq, value int) Submission {
		sub := save(sitting, seq, "w_1", value)
		sub.Bulk = true
		return sub
	}
	corrected := row(paper, 0, 2)
	corrected.Correct = true
	elsewhere := row(tablet, 1, 2)
	elsewhere.Correct = true
	tests := []struct {
		name   string
		before []Submission
		give   Submission
		want   Kind
	}{
		{"the first", nil, row(paper, 0, 1), 0},
		{"changed content under no number", []Submission{row(paper, 0, 1)}, row(paper, 0, 2), Conflict},
		{"changed content that is meant", []Submission{row(paper, 0, 1)}, corrected, 0},
		{"the next save of the same sitting", []Submission{row(paper, 1, 1)}, row(paper, 2, 2), 0},
		{"another sitting", []Submission{row(paper, 1, 1)}, row(tablet, 1, 2), Conflict},
		{"another sitting that is meant", []Submission{row(paper, 1, 1)}, elsewhere, 0},
		{"after the participant's own answers", []Submission{save(phone, 1, "w_1", 1)}, row(paper, 0, 2), Conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newResponse(t)
			for _, sub := range tt.before {
				take(t, r, sub, openOn(2))
			}
			if _, err := r.Take(tt.give, openOn(2)); KindOf(err) != tt.want || (err == nil) != (tt.want == 0) {
				t.Errorf("Take() = %v, want kind %v", err, tt.want)
			}
		})
	}
}

func TestRepeats(t *testing.T) {
	first := finishing(save(phone, 0, "w_1", 1, "note", "x"))
	r := newResponse(t)
	if r.Repeats(first) {
		t.Error("something is repeated before anything came")
	}
	take(t, r, first, openOn(2))
	tests := []struct {
		name string
		give Submission
		want bool
	}{
		{"a double click", first, true},
		{"a part of it", save(phone, 0, "w_1", 1), true},
		{"another answer", save(phone, 0, "w_1", 2), false},
		{"taken back", save(phone, 0, "w_1", Cleared), false},
		{"another item", save(phone, 0, "w_1", 1, "w_2", 1), false},
		{"another sitting that says the same", save(tablet, 0, "w_1", 1), false},
		{"with a number of its own", save(phone, 2, "w_1", 1), false},
	}
	for _, tt := range tests {
		if got := r.Repeats(tt.give); got != tt.want {
			t.Errorf("%s: Repeats() = %v, want %v", tt.name, got, tt.want)
		}
	}
	take(t, r, save(tablet, 0, "w_1", 3), openOn(2))
	if r.Repeats(save(phone, 0, "w_1", 1)) {
		t.Error("an answer that another sitting replaced is taken for repeated, so it could never be given back")
	}
}

func TestTakeOfAPilot(t *testing.T) {
	c := openOn(2)
	c.Study = Pilot
	r := newResponse(t)
	take(t, r, save(phone, 1, "w_1", 1), c)
	take(t, r, save(phone, 2, "w_2", 1), openOn(3)) // the study went live meanwhile
	if !r.Pilot {
		t.Error("a response begun in the pilot has come to count")
	}
}
