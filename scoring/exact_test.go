package scoring

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"wellwave/scoring/decimal"
)

// free returns items that take any number from lo to hi.
func free(n int, lo, hi float64) []Item {
	all := items(n, 0, 1)
	for i := range all {
		all[i].Min, all[i].Max, all[i].Options = lo, hi, nil
	}
	return all
}

// Every expected number is what arithmetic on the decimals gives, worked out by hand.
func TestScoreIsExact(t *testing.T) {
	forty := make([]float64, 40)
	forty[0], forty[1] = 40, 1
	tests := []struct {
		name    string
		def     Definition
		items   []Item
		answers []Answer
		want    float64
	}{
		{"41 ÷ 40 is 1.025", Definition{Rule: "mean", Round: []int{2}}, free(40, 0, 40), given(forty...), 1.03},
		{"a mean of one decimal", Definition{Rule: "mean", Round: []int{2}}, free(1, 0, 10), given(1.005), 1.01},
		{"a sum of one decimal", Definition{Rule: "sum", Round: []int{2}}, free(1, 0, 10), given(2.675), 2.68},
		{"below zero", Definition{Rule: "sum", Round: []int{2}}, free(1, -10, 10), given(-1.005), -1.01},
		{"nothing left is no minus", Definition{Rule: "sum", Round: []int{1}}, free(1, -10, 10), given(-0.04), 0},
		{"nearly a tie", Definition{Rule: "sum", Round: []int{2}}, free(1, 0, 10), given(1.00499999999), 1},
		{"a tie in two decimals", Definition{Rule: "sum", Round: []int{1}}, free(3, 0, 1), given(0.1, 0.1, 0.05), 0.3},
		{"twice", Definition{Rule: "sum", Round: []int{4, 3}}, free(1, 0, 1), given(0.12345), 0.124},
		{"twice, below zero", Definition{Rule: "sum", Round: []int{4, 3}}, free(1, -1, 1), given(-0.12345), -0.124},
		{"to a whole number", Definition{Rule: "mean", Round: []int{0}}, items(2, 1, 5), given(2, 3), 3},
		{"the mean of a third is not a tie", Definition{Rule: "mean", Round: []int{2}}, items(3, 1, 5), given(1, 1, 2), 1.33},
		{"prorated", Definition{Rule: "sum", Round: []int{0}, Missing: MissingRule{Allow: 1, Fill: "person-mean"}}, items(3, 1, 5),
			[]Answer{{Value: 2, Given: true}, {Value: 3, Given: true}, {}}, 8}, // 5 × 3 ÷ 2 = 7.5
		{"a transform by whole numbers", Definition{Rule: "mean", Transform: &Transform{Add: -1, Multiply: 25}}, items(5, 1, 5), given(1, 1, 1, 2, 2), 10},
		{"a transform by decimals", Definition{Rule: "sum", Transform: &Transform{Multiply: 0.1}, Round: []int{1}}, free(1, 0, 100), given(10.5), 1.1},
		{"a division by less than nothing", Definition{Rule: "sum", Transform: &Transform{Divide: -8}, Round: []int{2}}, free(1, 0, 100), given(1), -0.13},
		{"more decimals than a billionth", Definition{Rule: "sum", Round: []int{9}}, free(1, 0, 1), given(0.1234567885), 0.123456789},
		{"larger than fits", Definition{Rule: "sum", Round: []int{9}}, free(2, 0, 1e9), given(1e9, 1e9), 2e9},
		{"decimals without rounding", Definition{Rule: "sum"}, free(2, 0, 1), given(0.7, 0.1), 0.8},
		{"a mean of decimals", Definition{Rule: "mean"}, free(3, 0, 1), given(0.1, 0.2, 0.3), 0.2},
		{"just reached", Definition{Rule: "sum", Reaches: ref(0.8)}, free(2, 0, 1), given(0.7, 0.1), 1},
		{"just not reached", Definition{Rule: "sum", Reaches: ref(0.8)}, free(2, 0, 1), given(0.7, 0.099999999), 0},
		{"reached after a transform", Definition{Rule: "mean", Transform: &Transform{Add: -1, Multiply: 0.1}, Reaches: ref(0.14)}, free(5, 1, 5), given(2, 2, 3, 3, 2), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := compile(t, tt.def, tt.items).Score(tt.answers); !got.Valid || got.Value != tt.want {
				t.Errorf("Score() = %+v, want %v", got, tt.want)
			}
		})
	}
}

func ref(v float64) *float64 { return &v }

// A reversed item counts by the decimal value: 0.9 reversed on 0.1 to 1.1 is 0.3.
func TestCountIsExact(t *testing.T) {
	all := free(1, 0.1, 1.1)
	all[0].Reverse = true
	scale := compile(t, Definition{Rule: "count", AtLeast: ref(0.3)}, all)
	for answer, want := range map[float64]float64{0.9: 1, 0.8999: 1, 0.9001: 0, 1.1: 0, 0.1: 1} {
		if got := scale.Score(given(answer)); got.Value != want {
			t.Errorf("Score(%v) = %+v, want %v", answer, got, want)
		}
	}
}

// A table is looked up by the decimal sum, whatever floating point makes of 0.1 + 0.2.
func TestTableOfDecimals(t *testing.T) {
	all := items(2, 0, 1)
	all[0].Options, all[1].Options = []float64{0, 0.1, 1}, []float64{0, 0.2, 1}
	table := map[float64]float64{0: 0, 0.1: 1, 0.2: 2, 0.3: 3.005, 1: 4, 1.1: 5, 1.2: 6, 2: 7}
	scale := compile(t, Definition{Rule: "sum", Table: table, Round: []int{2}}, all)
	if got := scale.Score(given(0.1, 0.2)); got.Value != 3.01 {
		t.Errorf("Score(0.1, 0.2) = %+v, want 3.01", got)
	}
}

// Weights are added as decimals: 1 − 0.1 − 0.2 is 0.7, and 0.0125 + 0.1 rounds to 0.113.
func TestValueSetIsExact(t *testing.T) {
	all := items(2, 1, 3)
	weights := map[string]map[float64]float64{all[0].Code: {2: -0.1, 3: 0.0125}, all[1].Code: {2: -0.2, 3: 0.1}}
	tests := []struct {
		constant float64
		round    []int
		answers  []Answer
		want     float64
	}{
		{1, nil, given(2, 2), 0.7},
		{0, []int{3}, given(3, 3), 0.113},
		{-0.2, []int{3}, given(3, 3), -0.088}, // −0.0875
		{1e-10, []int{3}, given(3, 3), 0.113}, // not in billionths
		{-1e-10, []int{3}, given(3, 3), 0.112},
	}
	for _, tt := range tests {
		scale := compile(t, Definition{Rule: "weighted", FullHealth: tt.constant, Weights: weights, Round: tt.round}, all)
		if got := scale.Score(tt.answers); got.Value != tt.want {
			t.Errorf("with the constant %v Score() = %+v, want %v", tt.constant, got, tt.want)
		}
	}
}

// A crosswalk of one item with probabilities a half and a half lies between two weights, which is a tie.
func TestExpectedIsExact(t *testing.T) {
	all := items(1, 1, 2)
	scale := compile(t, Definition{Rule: "expected", FullHealth: 1, Weights: map[string]map[float64]float64{all[0].Code: {2: -0.001}},
		Probabilities: map[string]map[float64][]float64{all[0].Code: {1: {1, 0}, 2: {0.5, 0.5}}}, Round: []int{3}}, all)
	if got := scale.Score(given(2)); got.Value != 1 { // 0.9995
		t.Errorf("Score(2) = %+v, want 1", got)
	}
}

// Rounded scores are those of rational arithmetic on the decimals, for sums and means of any items.
func TestScoreRoundsAsRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "items")
		places := rapid.IntRange(0, 4).Draw(t, "decimals")
		unit := new(big.Rat).SetFrac64(1, int64(pow10(places)))
		number := func(label string, lo, hi int) float64 {
			v, _ := new(big.Rat).Mul(big.NewRat(int64(rapid.IntRange(lo, hi).Draw(t, label)), 1), unit).Float64()
			return v
		}
		all := free(n, number("lowest", -9999, 0), number("highest", 1, 9999))
		answers := make([]Answer, n)
		sum, answered := new(big.Rat), int64(0)
		for i := range all {
			all[i].Reverse = rapid.Bool().Draw(t, "reverse")
			if i > 0 && rapid.IntRange(0, 5).Draw(t, "missing") == 0 {
				continue
			}
			v := number("answer", -9999, 9999)
			v = min(max(v, all[i].Min), all[i].Max)
			answers[i] = Answer{Value: v, Given: true}
			answered++
			r := decimal.Rat(v)
			if all[i].Reverse {
				r.Sub(new(big.Rat).Add(decimal.Rat(all[i].Min), decimal.Rat(all[i].Max)), r)
			}
			sum.Add(sum, r)
		}
		def := Definition{ID: "s", Direction: "neutral", Items: codes(all), Rule: rapid.SampledFrom([]string{"sum", "mean"}).Draw(t, "rule"),
			Missing: MissingRule{Answered: 1, Fill: "person-mean"}, Round: []int{rapid.IntRange(0, 4).Draw(t, "round")}}
		by := big.NewRat(int64(n), answered)
		if def.Rule == "mean" {
			by = big.NewRat(1, answered)
		}
		want := sum.Mul(sum, by)
		if rapid.Bool().Draw(t, "transform") {
			def.Transform = &Transform{Add: float64(rapid.IntRange(-9, 9).Draw(t, "add")), Multiply: number("multiply", 1, 9999), Divide: float64(rapid.IntRange(1, 40).Draw(t, "divide"))}
			want.Add(want, decimal.Rat(def.Transform.Add))
			want.Mul(want, decimal.Rat(def.Transform.Multiply))
			want.Quo(want, decimal.Rat(def.Transform.Divide))
		}
		got := mustCompile(t, def, all).Score(answers)
		if rounded := decimal.Round(want, def.Round); got.Value != rounded {
			t.Errorf("Score(%v) = %v, want %v", answers, got.Value, rounded)
		}
	})
}

// BenchmarkScoreRounded scores means that are rounded and lie on a tie half of the time, of options and of decimals.
func BenchmarkScoreRounded(b *testing.B) {
	decimals := free(40, 0, 4)
	for name, all := range map[string][]Item{"options": items(40, 0, 4), "decimals": decimals} {
		b.Run(name, func(b *testing.B) {
			scale := compile(b, Definition{Rule: "mean", Round: []int{2}}, all)
			tie := slices.Repeat([]float64{1}, 40)
			tie[0] = 2
			answers, others := given(tie...), given(slices.Repeat([]float64{1.5}, 40)...)
			if name == "options" {
				others = given(slices.Repeat([]float64{3}, 40)...)
			}
			b.ReportAllocs()
			for b.Loop() {
				sink += scale.Score(answers).Value + scale.Score(others).Value
			}
		})
	}
}

func ExampleScale_Score() {
	all := []Item{{Code: "weight", Max: 300}}
	scale, err := Compile(Definition{ID: "rounded", Rule: "mean", Items: []string{"weight"}, Direction: "neutral", Round: []int{2}}, all)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(scale.Score([]Answer{{Value: 72.005, Given: true}}).Value)
	// Output: 72.01
}
