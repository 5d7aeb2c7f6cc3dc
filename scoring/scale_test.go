package scoring

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// items makes n items with the options lo to hi.
func items(n int, lo, hi float64) []Item {
	all := make([]Item, n)
	for i := range all {
		all[i] = Item{Code: fmt.Sprintf("i%d", i+1), Min: lo, Max: hi}
		for v := lo; v <= hi; v++ {
			all[i].Options = append(all[i].Options, v)
		}
	}
	return all
}

func codes(all []Item) []string {
	names := make([]string, len(all))
	for i, item := range all {
		names[i] = item.Code
	}
	return names
}

// given makes answers of values; NaN stands for a missing one.
func given(values ...float64) []Answer {
	answers := make([]Answer, len(values))
	for i, v := range values {
		if !math.IsNaN(v) {
			answers[i] = Answer{Value: v, Given: true}
		}
	}
	return answers
}

func compile(t testing.TB, def Definition, all []Item) *Scale {
	t.Helper()
	if def.ID == "" {
		def.ID = "scale"
	}
	if def.Direction == "" {
		def.Direction = "neutral"
	}
	if def.Items == nil {
		def.Items = codes(all)
	}
	scale, err := Compile(def, all)
	if err != nil {
		t.Fatalf("Compile(%s) failed: %v", def.Rule, err)
	}
	return scale
}

var missing = math.NaN()

// The expected numbers are arithmetic written out beside each case.
func TestScore(t *testing.T) {
	three, seventyFive := 3.0, 75.0
	reversed := items(3, 1, 5)
	reversed[1].Reverse = true
	allowing := MissingRule{Allow: 2, Fill: "person-mean"}
	tests := []struct {
		name       string
		give       Definition
		giveItems  []Item
		giveAnswer []Answer
		want       Score
	}{
		{"sum", Definition{Rule: "sum"}, items(3, 0, 3), given(0, 1, 3), Score{4, true, 3, 3, false, ""}},
		{"sum, zero is an answer", Definition{Rule: "sum"}, items(3, 0, 3), given(0, 0, 0), Score{0, true, 3, 3, false, ""}},
		{"sum, one reversed: 1 + (1+5−1) + 1", Definition{Rule: "sum"}, reversed, given(1, 1, 1), Score{7, true, 3, 3, false, ""}},
		{"sum, one reversed: 5 + (1+5−5) + 5", Definition{Rule: "sum"}, reversed, given(5, 5, 5), Score{11, true, 3, 3, false, ""}},
		{"mean after reversing: (5 + 5 + 2) ÷ 3", Definition{Rule: "mean"}, reversed, given(5, 1, 2), Score{4, true, 3, 3, false, ""}},
		{"count of 3 or more", Definition{Rule: "count", AtLeast: &three}, items(4, 1, 5), given(1, 3, 5, 2), Score{2, true, 4, 4, false, ""}},
		{"count after reversing: 6−1 counts, 6−5 does not", Definition{Rule: "count", AtLeast: &three}, reversed, given(1, 1, 1), Score{1, true, 3, 3, false, ""}},
		{"transform: (6 − 3) × 100 ÷ 12", Definition{Rule: "sum", Transform: &Transform{Add: -3, Multiply: 100, Divide: 12}}, items(3, 1, 5), given(2, 2, 2), Score{25, true, 3, 3, false, ""}},
		{"transform of a mean", Definition{Rule: "mean", Transform: &Transform{Multiply: 20}}, items(2, 0, 5), given(1, 2), Score{30, true, 2, 2, false, ""}},
		{"one missing, none allowed", Definition{Rule: "sum"}, items(3, 0, 3), given(0, missing, 3), Score{0, false, 2, 3, false, "2 of 3 items are answered, and the score needs 3."}},
		{"prorated, one missing: 21 × 9 ÷ 8", Definition{Rule: "sum", Missing: allowing}, items(9, 0, 3), given(3, 3, 3, 3, 3, 3, 3, 0, missing), Score{23.625, true, 8, 9, true, ""}},
		{"prorated, PHQ-9 of 13 on eight items: 13 × 9 ÷ 8", Definition{Rule: "sum", Missing: allowing}, items(9, 0, 3), given(3, 3, 3, 3, 1, 0, 0, 0, missing), Score{14.625, true, 8, 9, true, ""}},
		{"prorated, exactly the allowed two: 14 × 9 ÷ 7", Definition{Rule: "sum", Missing: allowing}, items(9, 0, 3), given(2, 2, 2, 2, 2, 2, 2, missing, missing), Score{18, true, 7, 9, true, ""}},
		{"prorated, one more than allowed", Definition{Rule: "sum", Missing: allowing}, items(9, 0, 3), given(2, 2, 2, 2, 2, 2, missing, missing, missing), Score{0, false, 6, 9, false, "6 of 9 items are answered, and the score needs 7."}},
		{"prorated after reversing: (1 + 5) × 3 ÷ 2", Definition{Rule: "sum", Missing: MissingRule{Allow: 1, Fill: "person-mean"}}, reversed, given(1, 1, missing), Score{9, true, 2, 3, true, ""}},
		{"mean of half", Definition{Rule: "mean", Missing: MissingRule{Answered: 2}}, items(4, 1, 7), given(missing, 7, missing, 4), Score{5.5, true, 2, 4, true, ""}},
		{"mean of fewer than half", Definition{Rule: "mean", Missing: MissingRule{Answered: 2}}, items(4, 1, 7), given(missing, 7, missing, missing), Score{0, false, 1, 4, false, "1 of 4 items are answered, and the score needs 2."}},
		{"count with one missing", Definition{Rule: "count", AtLeast: &three, Missing: MissingRule{Allow: 1}}, items(3, 1, 5), given(3, missing, 1), Score{1, true, 2, 3, false, ""}},
		{"count with thresholds of their own: 1 of i1 counts, 2 of i2 does not", Definition{Rule: "count", AtLeast: &three, AtLeastOf: map[string]float64{"i1": 1}},
			items(2, 0, 3), given(1, 2), Score{1, true, 2, 2, false, ""}},
		{"count with a core item that counts", Definition{Rule: "count", AtLeast: &three, OneOf: []string{"i2"}}, items(3, 0, 3), given(3, 3, 3), Score{3, true, 3, 3, false, ""}},
		{"count with a core item that does not", Definition{Rule: "count", AtLeast: &three, OneOf: []string{"i2"}}, items(3, 0, 3), given(3, 2, 3), Score{0, true, 3, 3, false, ""}},
		{"count by a table", Definition{Rule: "count", AtLeast: &three, Table: map[float64]float64{0: 0, 1: 0, 2: 1, 3: 2}}, items(3, 0, 3), given(3, 2, 3), Score{1, true, 3, 3, false, ""}},
		{"at least half of three is two", Definition{Rule: "sum", Missing: MissingRule{Share: .5, Fill: "person-mean"}}, items(3, 1, 5), given(2, missing, 3), Score{7.5, true, 2, 3, true, ""}},
		{"fewer than half of three", Definition{Rule: "sum", Missing: MissingRule{Share: .5, Fill: "person-mean"}}, items(3, 1, 5), given(2, missing, missing),
			Score{0, false, 1, 3, false, "1 of 3 items are answered, and the score needs 2."}},
		{"0.7 of ten is seven and not eight", Definition{Rule: "mean", Missing: MissingRule{Share: .7}}, items(10, 1, 5), given(1, 1, 1, 1, 1, 1, 1, missing, missing, missing),
			Score{1, true, 7, 10, true, ""}},
		{"left out, not filled in: 3 + 2", Definition{Rule: "sum", Missing: MissingRule{Allow: 1, Fill: "none"}}, items(3, 0, 8), given(missing, 3, 2), Score{5, true, 2, 3, false, ""}},
		{"the item that may be missing", Definition{Rule: "sum", Missing: MissingRule{Allow: 1, Only: []string{"i1"}, Fill: "none"}}, items(3, 0, 8), given(missing, 3, 2), Score{5, true, 2, 3, false, ""}},
		{"an item that may not", Definition{Rule: "sum", Missing: MissingRule{Allow: 1, Only: []string{"i1"}, Fill: "none"}}, items(3, 0, 8), given(1, missing, 2),
			Score{0, false, 2, 3, false, "i2 is not answered, and the score needs it."}},
		{"reached: (4 − 1) × 25 = 75", Definition{Rule: "mean", Transform: &Transform{Add: -1, Multiply: 25}, Reaches: &seventyFive}, items(2, 1, 5), given(3, 5), Score{1, true, 2, 2, false, ""}},
		{"not reached: (3.5 − 1) × 25 = 62.5", Definition{Rule: "mean", Transform: &Transform{Add: -1, Multiply: 25}, Reaches: &seventyFive}, items(2, 1, 5), given(3, 4), Score{0, true, 2, 2, false, ""}},
		{"nobody answered", Definition{Rule: "mean", Missing: MissingRule{Answered: 1}}, items(2, 1, 5), given(missing, missing), Score{0, false, 0, 2, false, "0 of 2 items are answered, and the score needs 1."}},
		{"above the range", Definition{Rule: "sum"}, items(3, 0, 3), given(0, 4, missing), Score{0, false, 2, 3, false, "The answer to i2 is not one of its answers."}},
		{"below the range", Definition{Rule: "mean"}, items(2, 1, 5), given(0, 3), Score{0, false, 2, 2, false, "The answer to i1 is not one of its answers."}},
		{"not a number", Definition{Rule: "sum"}, items(1, 1, 5), []Answer{{math.NaN(), true}}, Score{0, false, 1, 1, false, "The answer to i1 is not one of its answers."}},
		{"answers of another instrument", Definition{Rule: "sum"}, items(3, 0, 3), given(1, 1), Score{0, false, 0, 3, false, wrongWidth}},
		{"rounding", Definition{Rule: "mean", Round: []int{1}}, items(3, 1, 5), given(1, 2, 2), Score{1.7, true, 3, 3, false, ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := compile(t, tt.give, tt.giveItems).Score(tt.giveAnswer); got != tt.want {
				t.Errorf("Score(%v) = %+v, want %+v", tt.giveAnswer, got, tt.want)
			}
		})
	}
}

// A scale may use some of the instrument's items, in an order of its own.
func TestScoreUsesItsOwnItems(t *testing.T) {
	all := items(5, 1, 5)
	all[3].Reverse = true
	scale := compile(t, Definition{Rule: "sum", Items: []string{"i4", "i2"}}, all)
	if got, want := scale.Score(given(missing, 2, missing, 1, missing)).Value, 7.0; got != want { // 2 + (6 − 1)
		t.Errorf("Score = %v, want %v", got, want)
	}
	if got := scale.Items(); !slices.Equal(got, []int{3, 1}) {
		t.Errorf("Items() = %v, want [3 1]", got)
	}
}

// Raw sum to metric score of the SWEMWBS: Stewart-Brown S, et al. Health and Quality of Life Outcomes 2009;7:15, doi
// 10.1186/1477-7525-7-15. Numbers only.
var swemwbs = map[float64]float64{7: 7.00, 8: 9.51, 9: 11.25, 10: 12.40, 11: 13.33, 12: 14.08, 13: 14.75, 14: 15.32, 15: 15.84,
	16: 16.36, 17: 16.88, 18: 17.43, 19: 17.98, 20: 18.59, 21: 19.25, 22: 19.98, 23: 20.73, 24: 21.54, 25: 22.35, 26: 23.21,
	27: 24.11, 28: 25.03, 29: 26.02, 30: 27.03, 31: 28.13, 32: 29.31, 33: 30.70, 34: 32.55, 35: 35.00}

func TestTable(t *testing.T) {
	scale := compile(t, Definition{Rule: "sum", Table: swemwbs, Range: []float64{7, 35}}, items(7, 1, 5))
	for raw, want := range swemwbs {
		answers := given(1, 1, 1, 1, 1, 1, 1)
		for i, rest := 0, raw-7; rest > 0; i++ { // hand out the sum item by item
			step := min(rest, 4)
			answers[i].Value, rest = answers[i].Value+step, rest-step
		}
		if got := scale.Score(answers); !got.Valid || got.Value != want {
			t.Errorf("Score with the sum %v = %+v, want %v", raw, got, want)
		}
	}
	if got := scale.Score(given(1, 1, 1, 1, 1, 1, missing)); got.Valid {
		t.Errorf("Score with one missing = %+v, want none: the metric is for complete answers only", got)
	}
}

func TestBand(t *testing.T) {
	phq9 := compile(t, Definition{Rule: "sum", Missing: MissingRule{Allow: 2, Fill: "person-mean"},
		Bands: []Band{{0, "minimal"}, {5, "mild"}, {10, "moderate"}, {15, "moderately severe"}, {20, "severe"}}}, items(9, 0, 3))
	// Lower bounds: Kroenke K, et al. J Gen Intern Med 2001;16:606–613.
	for give, want := range map[float64]string{0: "minimal", 4.9: "minimal", 5: "mild", 14: "moderate", 14.625: "moderate", 15: "moderately severe", 27: "severe"} {
		if got, ok := phq9.Band(give); !ok || got.Label != want {
			t.Errorf("Band(%v) = %v, %v, want %v", give, got.Label, ok, want)
		}
	}
	if got, ok := phq9.Band(-1); ok {
		t.Errorf("Band(-1) = %v, want none", got)
	}
}

func TestCompileFaults(t *testing.T) {
	two := 2.0
	valid := Definition{ID: "s", Rule: "sum", Direction: "neutral", Items: []string{"i1", "i2"}}
	wide := items(2, 1, 5)
	wide[1].Max, wide[1].Options = 7, []float64{1, 3, 7}
	free := []Item{{Code: "i1", Min: 0, Max: 10}, {Code: "i2", Min: 0, Max: 10}}
	tests := []struct {
		name      string
		change    func(*Definition)
		items     []Item
		wantField string
		wantText  string
	}{
		{"no id", func(d *Definition) { d.ID = "" }, items(2, 1, 5), "id", "needs an id"},
		{"unknown rule", func(d *Definition) { d.Rule = "median" }, items(2, 1, 5), "rule", "“median” is not a rule"},
		{"unknown direction", func(d *Definition) { d.Direction = "up" }, items(2, 1, 5), "direction", "“up”"},
		{"no items", func(d *Definition) { d.Items = nil }, items(2, 1, 5), "items", "at least one"},
		{"unknown item", func(d *Definition) { d.Items[1] = "i9" }, items(2, 1, 5), "items[1]", "“i9” is not a scored item"},
		{"item twice", func(d *Definition) { d.Items[1] = "i1" }, items(2, 1, 5), "items[1]", "twice"},
		{"item without a range", func(d *Definition) {}, []Item{{Code: "i1"}, {Code: "i2", Min: 1, Max: 2}}, "items[0]", "no lowest and highest"},
		{"both missing rules", func(d *Definition) { d.Missing = MissingRule{Allow: 1, Answered: 1} }, items(2, 1, 5), "missing", "not more than one"},
		{"a share and a number", func(d *Definition) { d.Missing = MissingRule{Share: .5, Answered: 1} }, items(2, 1, 5), "missing", "not more than one"},
		{"more than all", func(d *Definition) { d.Missing.Share = 1.5 }, items(2, 1, 5), "missing.share", "between 0 and 1"},
		{"only some of none", func(d *Definition) { d.Missing.Only = []string{"i1"} }, items(2, 1, 5), "missing.only", "nothing to name"},
		{"only a foreign item", func(d *Definition) {
			d.Missing = MissingRule{Allow: 1, Only: []string{"x"}, Fill: "person-mean"}
		}, items(2, 1, 5), "missing.only.x", "not an item of this scale"},
		{"left out below the range", func(d *Definition) { d.Missing = MissingRule{Allow: 1, Fill: "none"} }, items(2, 1, 5), "missing.fill", "0 is the lowest"},
		{"left out of a mean", func(d *Definition) { d.Rule, d.Missing = "mean", MissingRule{Allow: 1, Fill: "none"} }, items(2, 0, 5), "missing.fill", "Only a sum"},
		{"threshold of a foreign item", func(d *Definition) {
			d.Rule, d.AtLeast, d.AtLeastOf = "count", &two, map[string]float64{"x": 2}
		}, items(2, 1, 5), "at_least_of.x", "not an item of this scale"},
		{"own threshold that is never reached", func(d *Definition) {
			d.Rule, d.AtLeast, d.AtLeastOf = "count", &two, map[string]float64{"i2": 6}
		}, items(2, 1, 5), "at_least_of.i2", "always or never"},
		{"core with missing answers", func(d *Definition) {
			d.Rule, d.AtLeast, d.OneOf, d.Missing.Allow = "count", &two, []string{"i1"}, 1
		}, items(2, 1, 5), "missing", "may be the one"},
		{"core of a sum", func(d *Definition) { d.OneOf = []string{"i1"} }, items(2, 1, 5), "needs_one_of", "does not belong"},
		{"count table with a hole", func(d *Definition) {
			d.Rule, d.AtLeast, d.Table = "count", &two, map[float64]float64{0: 0, 2: 1}
		}, items(2, 1, 5), "table", "no score for the count 1"},
		{"reached always", func(d *Definition) { d.Reaches = &two }, items(2, 1, 5), "reaches", "always be 1"},
		{"reached by a value set", func(d *Definition) {
			d.Rule, d.Reaches, d.Weights = "weighted", &two, map[string]map[float64]float64{"i1": {2: 1}, "i2": {2: 1}}
		}, items(2, 1, 2), "reaches", "does not belong"},
		{"all may be missing", func(d *Definition) { d.Missing = MissingRule{Allow: 2, Fill: "person-mean"} }, items(2, 1, 5), "missing.allow", "0 to 1"},
		{"more needed than there are", func(d *Definition) { d.Missing.Answered = 3 }, items(2, 1, 5), "missing.answered", "between 1 and 2"},
		{"sum without fill", func(d *Definition) { d.Missing.Allow = 1 }, items(2, 1, 5), "missing", "person-mean"},
		{"unknown fill", func(d *Definition) { d.Missing = MissingRule{Allow: 1, Fill: "zero"} }, items(2, 1, 5), "missing.fill", "“zero”"},
		{"fill over different ranges", func(d *Definition) { d.Missing = MissingRule{Allow: 1, Fill: "person-mean"} }, wide, "missing", "same lowest and highest"},
		{"count without a threshold", func(d *Definition) { d.Rule = "count" }, items(2, 1, 5), "at_least", "needs at_least"},
		{"count that is always true", func(d *Definition) { d.Rule, d.AtLeast = "count", &two }, items(2, 2, 5), "at_least", "always or never"},
		{"threshold of a sum", func(d *Definition) { d.AtLeast = &two }, items(2, 1, 5), "at_least", "does not belong"},
		{"table with a hole", func(d *Definition) { d.Table = map[float64]float64{2: 0, 4: 1} }, items(2, 1, 2), "table", "no score for the sum 3"},
		{"table with a row too many", func(d *Definition) { d.Table = map[float64]float64{2: 0, 3: 1, 4: 2, 5: 3} }, items(2, 1, 2), "table", "row for 5"},
		{"table over free numbers", func(d *Definition) { d.Table = map[float64]float64{2: 0} }, free, "table", "has none"},
		{"table with missing answers", func(d *Definition) {
			d.Table, d.Missing = map[float64]float64{2: 0, 3: 1, 4: 2}, MissingRule{Allow: 1, Fill: "person-mean"}
		}, items(2, 1, 2), "missing", "needs every answer"},
		{"table and transform", func(d *Definition) {
			d.Table, d.Transform = map[float64]float64{2: 0, 3: 1, 4: 2}, &Transform{Multiply: 2}
		}, items(2, 1, 2), "transform", "does not go with"},
		{"wrong range", func(d *Definition) { d.Range = []float64{0, 10} }, items(2, 1, 5), "range", "from 2 to 10"},
		{"band outside the range", func(d *Definition) { d.Bands = []Band{{0, "low"}} }, items(2, 1, 5), "bands[0].from", "outside the scores from 2 to 10"},
		{"bands out of order", func(d *Definition) { d.Bands = []Band{{5, "mid"}, {5, "high"}} }, items(2, 1, 5), "bands[1].from", "ascending"},
		{"band without a label", func(d *Definition) { d.Bands = []Band{{2, ""}} }, items(2, 1, 5), "bands[0]", "label"},
		{"difference of nothing", func(d *Definition) { d.Difference = &Difference{} }, items(2, 1, 5), "minimal_important_difference.value", "more than 0"},
		{"rounding to ever more decimals", func(d *Definition) { d.Round = []int{3, 4} }, items(2, 1, 5), "round[1]", "fewer"},
		{"weights of a sum", func(d *Definition) { d.Weights = map[string]map[float64]float64{} }, items(2, 1, 5), "weights", "does not belong"},
		{"missing weight", func(d *Definition) {
			d.Rule, d.Weights = "weighted", map[string]map[float64]float64{"i1": {2: 1}, "i2": {}}
		}, items(2, 1, 2), "weights.i2", "answer 2 to i2 has no weight"},
		{"weight of no answer", func(d *Definition) {
			d.Rule, d.Weights = "weighted", map[string]map[float64]float64{"i1": {2: 1, 3: 1}, "i2": {2: 1}}
		}, items(2, 1, 2), "weights.i1", "“3” is not an answer"},
		{"weights of a foreign item", func(d *Definition) {
			d.Rule, d.Weights = "weighted", map[string]map[float64]float64{"i1": {2: 1}, "i2": {2: 1}, "x": {}}
		}, items(2, 1, 2), "weights.x", "not an item of this scale"},
		{"weighted with missing answers", func(d *Definition) {
			d.Rule, d.Missing = "weighted", MissingRule{Allow: 1}
		}, items(2, 1, 2), "missing", "needs every answer"},
		{"probabilities that add up to more", func(d *Definition) {
			d.Rule, d.Weights = "expected", map[string]map[float64]float64{"i1": {2: 1}, "i2": {2: 1}}
			d.Probabilities = map[string]map[float64][]float64{"i1": {1: {1, 0}, 2: {.6, .6}}, "i2": {1: {1, 0}, 2: {0, 1}}}
		}, items(2, 1, 2), "probabilities.i1.2", "add up to 1"},
		{"too many states", func(d *Definition) {
			all := items(9, 1, 5)
			d.Rule, d.Items, d.Weights, d.Probabilities = "expected", codes(all), map[string]map[float64]float64{}, map[string]map[float64][]float64{}
			for _, item := range all {
				d.Weights[item.Code] = map[float64]float64{2: 0}
				d.Probabilities[item.Code] = map[float64][]float64{1: {1, 0}, 2: {1, 0}, 3: {1, 0}, 4: {0, 1}, 5: {0, 1}}
			}
		}, items(9, 1, 5), "items", "too many"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			def := valid
			def.Items = slices.Clone(valid.Items)
			tt.change(&def)
			_, err := Compile(def, tt.items)
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("Compile() = %v, want Faults", err)
			}
			if f := faults[0]; f.Field != tt.wantField || !strings.Contains(f.Message, tt.wantText) {
				t.Errorf("Compile() = %q at %q, want one with %q at %q", f.Message, f.Field, tt.wantText, tt.wantField)
			}
		})
	}
}

func TestCompileListsEveryFault(t *testing.T) {
	_, err := Compile(Definition{Rule: "median", Items: []string{"i1", "x"}}, items(2, 1, 5))
	var faults Faults
	if errors.As(err, &faults); len(faults) != 4 { // id, rule, direction, items[1]
		t.Errorf("Compile() = %v, want four faults", faults)
	}
}
