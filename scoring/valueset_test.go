package scoring

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

var eq5d = []string{"mo", "sc", "ua", "pd", "ad"}

func eq5dItems(levels int) []Item {
	all := items(len(eq5d), 1, float64(levels))
	for i := range all {
		all[i].Code = eq5d[i]
	}
	return all
}

// weightsOf gives the levels from 2 on their weights, dimension by dimension.
func weightsOf(rows ...[]float64) map[string]map[float64]float64 {
	weights := make(map[string]map[float64]float64)
	for i, row := range rows {
		weights[eq5d[i]] = make(map[float64]float64)
		for l, w := range row {
			weights[eq5d[i]][float64(l+2)] = w
		}
	}
	return weights
}

// state makes answers of a state such as 21345.
func state(levels string) []Answer {
	answers := make([]Answer, len(levels))
	for i, l := range levels {
		answers[i] = Answer{Value: float64(l - '0'), Given: true}
	}
	return answers
}

// uk3L is the UK time trade-off value set of EQ-5D-3L: Dolan P. Medical Care 1997;35:1095–1108. Its published values
// 21111 = 0.850, 11113 = 0.414 and 33333 = −0.594 exercise each kind of term.
var uk3L = Definition{Rule: "weighted", FullHealth: 1, AnyProblem: -0.081, AnyLevel: map[float64]float64{3: -0.269},
	Weights: weightsOf([]float64{-0.069, -0.314}, []float64{-0.104, -0.214}, []float64{-0.036, -0.094}, []float64{-0.123, -0.386}, []float64{-0.071, -0.236}),
	Round:   []int{3}, Range: []float64{-0.594, 1}}

func TestWeighted(t *testing.T) {
	// Netherlands, EQ-5D-5L: Versteegh MM, et al. Value in Health 2016, doi 10.1016/j.jval.2016.01.003; the paper's range
	// is −0.446 to 1.
	netherlands := Definition{Rule: "weighted", FullHealth: 1, AnyProblem: -0.047, Weights: weightsOf(
		[]float64{-0.035, -0.057, -0.166, -0.203}, []float64{-0.038, -0.061, -0.168, -0.168}, []float64{-0.039, -0.087, -0.192, -0.192},
		[]float64{-0.066, -0.092, -0.36, -0.415}, []float64{-0.07, -0.145, -0.356, -0.421}), Round: []int{3}, Range: []float64{-0.446, 1}}
	// ICECAP-A, a tariff without a constant: Flynn TN, et al. Health Economics 2015;24:258–269, doi 10.1002/hec.3014.
	icecap := Definition{Rule: "weighted", Weights: map[string]map[float64]float64{
		"mo": {4: 0.222, 3: 0.191, 2: 0.101, 1: -0.001}, "sc": {4: 0.228, 3: 0.189, 2: 0.096, 1: -0.024}, "ua": {4: 0.188, 3: 0.156, 2: 0.084, 1: 0.006},
		"pd": {4: 0.181, 3: 0.159, 2: 0.091, 1: 0.021}, "ad": {4: 0.181, 3: 0.154, 2: 0.069, 1: -0.003}}, Round: []int{3}, Range: []float64{-0.001, 1}}
	tests := []struct {
		name   string
		give   Definition
		levels int
		state  string
		want   float64
	}{
		{"3L full health", uk3L, 3, "11111", 1},
		{"3L any problem", uk3L, 3, "21111", 0.850},
		{"3L any level 3", uk3L, 3, "11113", 0.414},
		{"3L worst", uk3L, 3, "33333", -0.594},
		{"Netherlands full health", netherlands, 5, "11111", 1},
		{"Netherlands any problem: 1 − 0.047 − 0.035", netherlands, 5, "21111", 0.918},
		{"Netherlands worst", netherlands, 5, "55555", -0.446},
		{"ICECAP-A full capability", icecap, 4, "44444", 1},
		{"ICECAP-A none: −0.001 − 0.024 + 0.006 + 0.021 − 0.003", icecap, 4, "11111", -0.001},
		{"ICECAP-A 43214: 0.222 + 0.189 + 0.084 + 0.021 + 0.181", icecap, 4, "43214", 0.697},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := compile(t, tt.give, eq5dItems(tt.levels)).Score(state(tt.state))
			if want := (Score{tt.want, true, 5, 5, false, ""}); got != want {
				t.Errorf("Score(%s) = %+v, want %+v", tt.state, got, want)
			}
		})
	}
}

func TestWeightedNeedsEveryLevel(t *testing.T) {
	scale := compile(t, uk3L, eq5dItems(3))
	answers := state("11211")
	answers[1] = Answer{}
	if got, want := scale.Score(answers), (Score{0, false, 4, 5, false, "4 of 5 items are answered, and the score needs 5."}); got != want {
		t.Errorf("Score with one missing = %+v, want %+v", got, want)
	}
	for _, level := range []float64{0, 4, 1.5, math.NaN()} {
		answers[1] = Answer{Value: level, Given: true}
		if got := scale.Score(answers); got.Valid || got.Why != "The answer to sc is not one of its answers." {
			t.Errorf("Score with level %v = %+v, want none", level, got)
		}
	}
}

// The closed form of the expected rule equals the sum over all states of the other version, for any value set and any
// probabilities.
func TestExpectedEqualsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-1, 1)
		def := Definition{ID: "x", Rule: "expected", Direction: "neutral", FullHealth: 1, AnyProblem: number.Draw(t, "any problem"),
			AnyLevel: map[float64]float64{2: number.Draw(t, "any 2"), 3: number.Draw(t, "any 3")},
			Weights:  make(map[string]map[float64]float64), Probabilities: make(map[string]map[float64][]float64)}
		all := items(3, 1, 2)
		def.Items = codes(all)
		for _, code := range def.Items {
			def.Weights[code] = map[float64]float64{2: number.Draw(t, "w2"), 3: number.Draw(t, "w3")}
			def.Probabilities[code] = make(map[float64][]float64)
			for _, l := range []float64{1, 2} {
				p1 := rapid.Float64Range(0, 1).Draw(t, "p1")
				p2 := rapid.Float64Range(0, 1-p1).Draw(t, "p2")
				def.Probabilities[code][l] = []float64{p1, p2, 1 - p1 - p2}
			}
		}
		scale, err := Compile(def, all)
		if err != nil {
			t.Fatalf("Compile() failed: %v", err)
		}
		index, err := Compile(Definition{ID: "y", Rule: "weighted", Direction: "neutral", FullHealth: def.FullHealth,
			AnyProblem: def.AnyProblem, AnyLevel: def.AnyLevel, Items: def.Items, Weights: def.Weights}, items(3, 1, 3))
		if err != nil {
			t.Fatalf("Compile() failed: %v", err)
		}
		answers := given(rapid.SampledFrom([]float64{1, 2}).Draw(t, "a"), rapid.SampledFrom([]float64{1, 2}).Draw(t, "b"), rapid.SampledFrom([]float64{1, 2}).Draw(t, "c"))
		want := 0.0
		for s := range 27 {
			to := given(float64(s/9+1), float64(s/3%3+1), float64(s%3+1))
			p := 1.0
			for i, code := range def.Items {
				p *= def.Probabilities[code][answers[i].Value][int(to[i].Value)-1]
			}
			want += p * index.Score(to).Value
		}
		if got := scale.Score(answers); !got.Valid || math.Abs(got.Value-want) > 1e-12 {
			t.Errorf("Score(%v) = %+v, want %v", answers, got, want)
		}
	})
}

// The range of a weighted scale is that of its states, the terms for the whole state included.
func TestWeightedRangeEqualsEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-1, 1)
		def := Definition{ID: "x", Rule: "weighted", Direction: "neutral", AnyProblem: number.Draw(t, "any problem"),
			AnyLevel: map[float64]float64{2: number.Draw(t, "any 2"), 3: number.Draw(t, "any 3")}, Weights: make(map[string]map[float64]float64)}
		all := items(3, 1, 3)
		def.Items = codes(all)
		for _, code := range def.Items {
			def.Weights[code] = map[float64]float64{2: number.Draw(t, "w2"), 3: number.Draw(t, "w3")}
		}
		scale, err := Compile(def, all)
		if err != nil {
			t.Fatalf("Compile() failed: %v", err)
		}
		wantLo, wantHi := math.Inf(1), math.Inf(-1)
		for s := range 27 {
			v := scale.Score(given(float64(s/9+1), float64(s/3%3+1), float64(s%3+1))).Value
			wantLo, wantHi = min(wantLo, v), max(wantHi, v)
		}
		if lo, hi := scale.Range(); math.Abs(lo-wantLo) > 1e-12 || math.Abs(hi-wantHi) > 1e-12 {
			t.Errorf("Range() = %v, %v, want %v, %v", lo, hi, wantLo, wantHi)
		}
	})
}
