package scoring

import "testing"

func TestTexts(t *testing.T) {
	two, high := 2.0, 75.0
	core := items(9, 0, 3)
	tests := []struct {
		name                  string
		give                  Definition
		items                 []Item
		wantRule, wantMissing string
	}{
		{"one item", Definition{Rule: "sum"}, items(1, 0, 10), "the answer itself", "no answer may be missing"},
		{"half", Definition{Rule: "sum", Missing: MissingRule{Share: .5, Fill: "person-mean"}}, items(7, 0, 3), "the sum of 7 items",
			"at least 4 of 7 items answered (a share of 0.5); the person's mean stands in for the others"},
		{"left out", Definition{Rule: "sum", Missing: MissingRule{Allow: 1, Only: []string{"i1"}, Fill: "none"}}, items(5, 0, 8), "the sum of 5 items",
			"at least 4 of 5 items answered, only i1 may be missing; the others add nothing"},
		{"hundred", Definition{Rule: "mean", Missing: MissingRule{Answered: 3}, Transform: &Transform{Add: -1, Multiply: 25}, Reaches: &high}, items(6, 1, 5),
			"the mean of 6 items, then (score − 1) × 25, then 1 from 75 on and 0 below", "at least 3 of 6 items answered; the mean is of those answered"},
		{"criteria", Definition{Rule: "count", AtLeast: &two, AtLeastOf: map[string]float64{"i9": 1}, OneOf: []string{"i1", "i2"},
			Table: map[float64]float64{0: 0, 1: 0, 2: 1, 3: 1, 4: 1, 5: 2, 6: 2, 7: 2, 8: 2, 9: 2}}, core,
			"how many of 9 items are 2 or more, i9 from 1 on, none unless i1 or i2 does, converted by a table", "no answer may be missing"},
		{"plain count", Definition{Rule: "count", AtLeast: &two, Missing: MissingRule{Allow: 1}}, items(6, 1, 3), "how many of 6 items are 2 or more",
			"at least 5 of 6 items answered; the others add nothing"},
		{"value set", uk3L, eq5dItems(3), "the weights of the answers to 5 items added up, rounded to 3 decimals", "no answer may be missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			scale := compile(t, tt.give, tt.items)
			if got := scale.RuleText(); got != tt.wantRule {
				t.Errorf("RuleText() = %q, want %q", got, tt.wantRule)
			}
			if got := scale.MissingText(); got != tt.wantMissing {
				t.Errorf("MissingText() = %q, want %q", got, tt.wantMissing)
			}
		})
	}
}
