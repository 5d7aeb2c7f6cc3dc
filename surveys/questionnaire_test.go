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
	if _, ok := q.Item("none"); ok || q.HasScale("none") || !q.HasScale("w") {
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
		s := NewState(tt.q)
		s.Apply(phone, 1, tt.give)
		if got := s.Outcome("elsewhere", s.Scores()); got != tt.want {
			t.Errorf("%s: Outcome() = %v, want %v", tt.name, got, tt.want)
		}
	}
}
