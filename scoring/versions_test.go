package scoring

import "testing"

// Every expected number of FloatingRules is what the program gave before scores were exact; 1,200,000 scores by any rule were the
// same to the last bit then, of which 3,800 are others today.
func TestScoreBy(t *testing.T) {
	forty := make([]float64, 40)
	forty[0], forty[1] = 40, 1
	two := items(2, 1, 3)
	weights := map[string]map[float64]float64{two[0].Code: {2: -0.1, 3: 0.0125}, two[1].Code: {2: -0.2, 3: 0.1}}
	reversed := free(1, 0.1, 1.1)
	reversed[0].Reverse = true
	one := items(1, 1, 2)
	tests := []struct {
		name          string
		def           Definition
		items         []Item
		answers       []Answer
		floating, now float64
	}{
		{"41 ÷ 40", Definition{Rule: "mean", Round: []int{2}}, free(40, 0, 40), given(forty...), 1.02, 1.03},
		{"1.005", Definition{Rule: "mean", Round: []int{2}}, free(1, 0, 10), given(1.005), 1, 1.01},
		{"below zero", Definition{Rule: "sum", Round: []int{2}}, free(1, -10, 10), given(-1.005), -1, -1.01},
		{"nothing left", Definition{Rule: "sum", Round: []int{1}}, free(1, -10, 10), given(-0.04), 0, 0},
		{"a threshold", Definition{Rule: "sum", Reaches: ref(0.8)}, free(2, 0, 1), given(0.7, 0.1), 0, 1},
		{"no tie", Definition{Rule: "sum", Round: []int{4, 3}}, free(1, 0, 1), given(0.12345), 0.124, 0.124},
		{"a count", Definition{Rule: "count", AtLeast: ref(0.3)}, reversed, given(0.9), 1, 1},
		{"a transform", Definition{Rule: "sum", Transform: &Transform{Add: 1, Multiply: 0.1, Divide: 0.3}, Round: []int{2}}, free(1, 0, 10), given(2), 1, 1},
		{"prorated", Definition{Rule: "sum", Round: []int{0}, Missing: MissingRule{Allow: 1, Fill: "person-mean"}}, items(3, 1, 5),
			[]Answer{{Value: 2, Given: true}, {Value: 3, Given: true}, {}}, 8, 8},
		{"a value set", Definition{Rule: "weighted", Weights: weights, Round: []int{3}}, two, given(3, 3), 0.113, 0.113},
		{"its decimals", Definition{Rule: "weighted", FullHealth: 1, Weights: weights}, two, given(2, 2), 0.7, 0.7},
		{"a crosswalk", Definition{Rule: "expected", FullHealth: -1, Weights: map[string]map[float64]float64{one[0].Code: {2: -0.01}},
			Probabilities: map[string]map[float64][]float64{one[0].Code: {1: {1, 0}, 2: {0.5, 0.5}}}, Round: []int{2}}, one, given(2), -1, -1.01},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			scale := compile(t, tt.def, tt.items)
			for version, want := range map[string]float64{FloatingRules: tt.floating, RuleVersion: tt.now} {
				if got, err := scale.ScoreBy(version, tt.answers); err != nil || !got.Valid || got.Value != want {
					t.Errorf("ScoreBy(%s) = %+v, %v, want %v", version, got, err, want)
				}
			}
		})
	}
	scale := compile(t, Definition{Rule: "sum"}, items(2, 0, 1))
	if _, err := scale.ScoreBy("3", given(1, 1)); err == nil {
		t.Error("ScoreBy(3) knows a version that there is not")
	}
	if got, err := scale.ScoreBy(FloatingRules, given(1, 2)); err != nil || got.Valid || got.Why == "" {
		t.Errorf("out of range by %s: %+v, %v", FloatingRules, got, err)
	}
}
