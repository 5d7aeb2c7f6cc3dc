package scoring

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func sampleOf(values ...float64) Sample {
	var s Sample
	for _, v := range values {
		s.Add(v)
	}
	return s
}

// Expected values: Shrout PE, Fleiss JL. Psychol Bull 1979;86:420–428, table 2 (six targets, four judges) and table 4:
// mean squares 11.24 and 6.26, ICC(1,1) .17 and ICC(1,4) .44; interval −.133 to .723 by R 4.2.2's qf on
// anova(lm(score ~ target)).
func TestOneWayOfShroutAndFleiss(t *testing.T) {
	o := NewOneWay([]Sample{sampleOf(9, 2, 5, 8), sampleOf(6, 1, 3, 2), sampleOf(8, 4, 6, 8), sampleOf(7, 1, 2, 6), sampleOf(10, 5, 6, 9), sampleOf(6, 2, 4, 7)})
	interval, ok := o.ICC1Interval(4)
	for _, tt := range []struct {
		name                 string
		got, want, tolerance float64
	}{
		{"mean square between", o.Between, 11.24, 0.005},
		{"mean square within", o.Within, 6.26, 0.005},
		{"ICC(1,1)", o.ICC1(4).Value, 0.17, 0.005},
		{"ICC(1,4)", o.ICC2().Value, 0.44, 0.005},
		{"low", interval.Low, -0.132932324875, 1e-9},
		{"high", interval.High, 0.722560062328, 1e-9},
		{"n0 of groups of one size", o.N0, 4, 1e-14},
	} {
		if !within(tt.got, tt.want, tt.tolerance) {
			t.Errorf("%s = %.10f, want %v", tt.name, tt.got, tt.want)
		}
	}
	if !ok {
		t.Error("no interval")
	}
}

func TestUndefinedOneWay(t *testing.T) {
	tests := []struct {
		name                         string
		give                         []Sample
		wantICC1, wantICC2, wantEdge Figure
	}{
		{"no group", nil, Figure{}, Figure{}, Figure{}},
		{"one group", []Sample{sampleOf(1, 2, 3), {}}, Figure{}, Figure{}, Figure{}},
		{"one person a group", []Sample{sampleOf(1), sampleOf(2), sampleOf(3)}, Figure{}, Figure{}, Figure{}},
		{"no variance", []Sample{sampleOf(2, 2), sampleOf(2, 2)}, Figure{}, Figure{}, Figure{}},
		{"none within groups", []Sample{sampleOf(1, 1), sampleOf(2, 2)}, Figure{1, true}, Figure{1, true}, Figure{1, true}},
		{"none between groups", []Sample{sampleOf(1, 3), sampleOf(3, 1)}, Figure{-1, true}, Figure{}, Figure{-1, true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := NewOneWay(tt.give)
			if got := o.ICC1(o.MeanSize()); got != tt.wantICC1 {
				t.Errorf("ICC(1) = %v, want %v", got, tt.wantICC1)
			}
			if got := o.ICC2(); got != tt.wantICC2 {
				t.Errorf("ICC(2) = %v, want %v", got, tt.wantICC2)
			}
			interval, ok := o.ICC1Interval(o.MeanSize())
			if edge := (Interval{tt.wantEdge.Value, tt.wantEdge.Value}); ok != tt.wantEdge.Known || interval != edge {
				t.Errorf("interval %v, %v; want %v", interval, ok, edge)
			}
		})
	}
}

// TestICC1OfRandomGroups wants ICC(1) of scores that know nothing of their groups near 0, and its interval to hold 0 about
// 19 times in 20: of 400 trials 380 ± 4 standard errors of 4.4.
func TestICC1OfRandomGroups(t *testing.T) {
	const trials = 400
	random := rand.New(rand.NewPCG(19, 79))
	holds, sum := 0, 0.0
	for range trials {
		groups := make([]Sample, 20)
		for range 400 {
			groups[random.IntN(len(groups))].Add(random.NormFloat64())
		}
		o := NewOneWay(groups)
		interval, _ := o.ICC1Interval(o.MeanSize())
		if interval.Low <= 0 && interval.High >= 0 {
			holds++
		}
		sum += o.ICC1(o.MeanSize()).Value
	}
	if math.Abs(sum/trials) > 0.005 || holds < 362 || holds > 398 {
		t.Errorf("ICC(1) is %v on average and its interval holds 0 in %d of %d trials", sum/trials, holds, trials)
	}
}

func TestOneWayProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 27), 0, 12), 2, 8).Draw(t, "scores")
		groups, moved := make([]Sample, len(scores)), make([]Sample, len(scores))
		for i, group := range scores {
			for j, v := range group {
				groups[i].Add(float64(v))
				moved[len(scores)-1-i].Add(1e6 + 4*float64(group[len(group)-1-j])) // groups and people turned round, scores moved and stretched
			}
		}
		o, p := NewOneWay(groups), NewOneWay(moved)
		m := o.MeanSize()
		icc, same := o.ICC1(m), p.ICC1(m)
		if icc.Known != same.Known || !within(icc.Value, same.Value, 1e-9) {
			t.Errorf("ICC(1) = %v, of moved scores %v", icc, same)
		}
		if !icc.Known {
			return
		}
		interval, ok := o.ICC1Interval(m)
		if !ok || !(interval.Low <= icc.Value+1e-12 && icc.Value <= interval.High+1e-12) || icc.Value > 1 || icc.Value < -1/(m-1)-1e-12 {
			t.Errorf("ICC(1) = %v, interval %v", icc, interval)
		}
		if o.N0 > m+1e-12 {
			t.Errorf("n0 = %v above the mean size %v", o.N0, m)
		}
	})
}

// Expected values: by hand from the formula with the variance 2 of five options, (25−1)/12.
func TestWithinGroupAgreement(t *testing.T) {
	five := []Figure{{2, true}, {2, true}}
	tests := []struct {
		name  string
		items []Sample
		nulls []Figure
		want  Figure
	}{
		{"all the same", []Sample{sampleOf(3, 3, 3), sampleOf(4, 4, 4)}, five, Figure{1, true}},
		{"variances 1 and 0.5, q 0.375", []Sample{sampleOf(2, 3, 4), sampleOf(4, 5)}, five, Figure{1.25 / 1.625, true}},
		{"one item", []Sample{sampleOf(2, 3, 4)}, five[:1], Figure{0.5, true}},
		{"further apart than at random", []Sample{sampleOf(1, 5), sampleOf(1, 5)}, five, Figure{0, true}},
		{"one person", []Sample{sampleOf(1), sampleOf(1)}, five, Figure{}},
		{"options differ", []Sample{sampleOf(1, 2), sampleOf(1, 2)}, []Figure{{2, true}, {4, true}}, Figure{}},
		{"no options", []Sample{sampleOf(1, 2), sampleOf(1, 2)}, []Figure{{}, {}}, Figure{}},
		{"no item", nil, nil, Figure{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := WithinGroupAgreement(tt.items, tt.nulls); got.Known != tt.want.Known || !within(got.Value, tt.want.Value, 1e-15) {
				t.Errorf("r_wg(j) = %v, want %v", got, tt.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		j := rapid.IntRange(1, 8).Draw(t, "items")
		items, nulls := make([]Sample, j), make([]Figure, j)
		for i := range items {
			nulls[i] = Figure{2, true}
			for _, v := range rapid.SliceOfN(rapid.IntRange(1, 5), 2, 20).Draw(t, "answers") {
				items[i].Add(float64(v))
			}
		}
		if got := WithinGroupAgreement(items, nulls); !got.Known || !(got.Value >= 0 && got.Value <= 1) {
			t.Errorf("r_wg(j) = %v, want 0 to 1", got)
		}
	})
}

// TestSampleFarFromNought wants the digits kept that a sum of squares would lose.
func TestSampleFarFromNought(t *testing.T) {
	s := sampleOf(1e9+1, 1e9+2, 1e9+3, 1e9+4)
	if got := s.Variance(); !within(got.Value, 5.0/3, 1e-15) || s.Mean().Value != 1e9+2.5 {
		t.Errorf("mean %v, variance %v", s.Mean(), got)
	}
}
