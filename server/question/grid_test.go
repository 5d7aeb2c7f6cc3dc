package question

import (
	"slices"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

func TestGridAt(t *testing.T) {
	likert := func(code string, options ...float64) surveys.Item {
		return surveys.Item{Code: code, Kind: surveys.KindLikert, Options: options}
	}
	conditional := likert("e", 1, 2)
	conditional.EnableWhen = &surveys.EnableWhen{Behaviour: "all"}
	ins := &surveys.Instrument{ID: "x", Version: "1", Items: []surveys.Item{
		likert("a", 1, 2), likert("b", 1, 2), likert("c", 1, 2, 3), likert("d", 1, 2), conditional, likert("f", 1, 2), likert("g", 1, 2),
		likert("h", 1, 2), likert("i", 1, 2, 3, 4, 5, 6, 7, 8), likert("j", 1, 2, 3, 4, 5, 6, 7, 8),
	}}
	pack, err := surveys.ParseWording("x.yaml", []byte(`{instrument: x, version: "1", language: en-GB, title: X, options: {1: "No", 2: "Yes"}, items: {a: {text: A}, b: {text: B}, h: {text: H, options: {1: Never, 2: Always}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	q, err := surveys.NewQuestionnaire("s", "w", []*surveys.Instrument{ins}, []*surveys.Wording{pack})
	if err != nil {
		t.Fatal(err)
	}
	w := WordingOf(q, locale.English(), "en-GB")
	none := Span{}
	want := []Span{{0, 2}, {0, 2}, none, none, none, {5, 7}, {5, 7}, none, none, none}
	got := make([]Span, len(q.Items))
	for i := range q.Items {
		if in, ok := w.GridAt(q, i); ok {
			got[i] = in
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("gridAt = %v, want %v", got, want)
	}
}
