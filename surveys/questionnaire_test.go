package surveys

import (
	"strings"
	"testing"
)

func TestNewQuestionnaire(t *testing.T) {
	q := foldQuestionnaire(t)
	if item, ok := q.Item("hours"); !ok || item.Index != 5 || item.First || q.Items[0].First != true {
		t.Errorf("Item(hours) = %+v, %v, want the sixth", item, ok)
	}
	if _, ok := q.Item("none"); ok || len(q.Scales) != 1 || q.Scales[0].ID() != "w" {
		t.Error("the questionnaire has what it has not, or has not what it has")
	}
	other, err := ParseInstrument("other.yaml", []byte(strings.NewReplacer("id: fold", "id: other", "id: w\n", "id: v\n").Replace(foldInstrument)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewQuestionnaire("s", "w", []*Instrument{q.Instruments[0], other}, nil); KindOf(err) != Invalid || !strings.Contains(err.Error(), "item w_1") {
		t.Errorf("NewQuestionnaire() with items of the same code = %v, want it refused", err)
	}
	codes := strings.NewReplacer("id: fold", "id: other", "w_", "v_", "work", "job", "hours", "time", "tired", "spent", "help", "aid", "note", "more")
	if other, err = ParseInstrument("other.yaml", []byte(codes.Replace(foldInstrument))); err != nil {
		t.Fatal(err)
	}
	if _, err := NewQuestionnaire("s", "w", []*Instrument{q.Instruments[0], other}, nil); KindOf(err) != Invalid || !strings.Contains(err.Error(), "scale w") {
		t.Errorf("NewQuestionnaire() with scales of the same id = %v, want it refused", err)
	}
	for name, hash := range map[string]string{"another study": QuestionnaireHash("s", "baseline", []string{q.Instruments[0].Hash}),
		"another wave":    QuestionnaireHash("trial", "later", []string{q.Instruments[0].Hash}),
		"more":            QuestionnaireHash("trial", "baseline", []string{q.Instruments[0].Hash, other.Hash}),
		"in another line": QuestionnaireHash("trial\nbaseline", "", []string{q.Instruments[0].Hash})} {
		if hash == q.Hash {
			t.Errorf("%s has the same hash", name)
		}
	}
}

// Whoever asks for no language, or for one that is not there, gets English, however the languages sort.
func TestEnglishComesFirst(t *testing.T) {
	q := foldQuestionnaire(t)
	ins := q.Instruments[0]
	var packs []*Wording
	for _, language := range []string{"ar", "en-GB", "fr"} {
		packs = append(packs, &Wording{Instrument: ins.ID, Version: ins.Version, Language: language})
	}
	q, err := NewQuestionnaire("s", "w", q.Instruments, packs)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(q.Languages(), " "); got != "en-GB ar fr" {
		t.Errorf("Languages() = %s, want en-GB ar fr", got)
	}
	for give, want := range map[string]string{"": "en-GB", "gd": "en-GB", "fr": "fr", "ar-EG": "ar"} {
		if pack, _ := q.Wording(ins, give); pack.Language != want {
			t.Errorf("Wording(%s) is in %s, want %s", give, pack.Language, want)
		}
	}
}

// The outcome goes by the primary scale, else by the first, else by every question that was asked.
func TestOutcomeWithoutThePrimaryScale(t *testing.T) {
	q := foldQuestionnaire(t)
	bare, err := ParseInstrument("bare.yaml", []byte(foldInstrument[:strings.Index(foldInstrument, "scales:")]))
	if err != nil {
		t.Fatal(err)
	}
	unscored, err := NewQuestionnaire("s", "w", []*Instrument{bare}, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := answers("w_1", 1, "w_2", 1, "w_3", 1, "w_4", 1, "work", 0, "help", Set(1), "note", "x")
	tests := []struct {
		name string
		q    *Questionnaire
		give []ItemAnswer
		want Disposition
	}{
		{"the first scale", q, all[:3], Complete},
		{"the first scale, half", q, all[:2], Partial},
		{"no scale, everything that is asked", unscored, all, Complete},
		{"no scale, all but one", unscored, all[:6], Partial},
		{"no scale, three of seven", unscored, all[:3], BreakOff},
	}
	for _, tt := range tests {
		r := NewReplay(tt.q)
		r.Fold(kept(Accepted, Submission{Sitting: phone, Seq: 1, Answers: tt.give}), "elsewhere")
		if r.Outcome != tt.want {
			t.Errorf("%s: outcome = %v, want %v", tt.name, r.Outcome, tt.want)
		}
	}
}

// Whoever does not work has no hours to be tired of, whatever they said of them while they worked.
func TestAskedFollowsTheChain(t *testing.T) {
	chain := strings.Replace(foldInstrument, "  - {code: help,", `  - code: rested
    kind: yes-no
    enable_when: {behaviour: all, conditions: [{question: hours, operator: exists, answer: false}]}
  - code: either
    kind: yes-no
    enable_when:
      behaviour: any
      conditions: [{question: hours, operator: ">", answer: 40}, {question: w_1, operator: "=", answer: 1}]
  - {code: help,`, 1)
	instrument, err := ParseInstrument("chain.yaml", []byte(chain))
	if err != nil {
		t.Fatal(err)
	}
	q, err := NewQuestionnaire("trial", "baseline", []*Instrument{instrument}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		give []ItemAnswer
		want string
	}{
		{"nothing said", nil, "rested"},
		{"every condition holds", answers("work", 1, "hours", 50), "hours tired either"},
		{"the first of the chain does not", answers("work", 0, "hours", 50, "tired", 1), "rested"},
		{"nor was it said", answers("hours", 50, "tired", 1), "rested"},
		{"nor is it any more", answers("work", Cleared, "hours", 50), "rested"},
		{"another condition is enough", answers("work", 0, "hours", 50, "w_1", 1), "rested either"},
	}
	for _, tt := range tests {
		r := NewReplay(q)
		r.Fold(kept(Accepted, Submission{Sitting: phone, Seq: 1, Answers: tt.give}), "w")
		s := r.Answers
		var asked []string
		for i, item := range q.Items {
			if item.EnableWhen != nil && q.Asked(i, s.Value) {
				asked = append(asked, item.Code)
			}
		}
		if got := strings.Join(asked, " "); got != tt.want {
			t.Errorf("%s: asked %q, want %q", tt.name, got, tt.want)
		}
	}
}
