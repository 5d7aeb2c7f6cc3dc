package climate

import (
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wellwave/scoring"
)

// drawScores draws a small survey: up to 6 practices in each group, two or three rounds, one or two themes, a practice
// missing here and there, scores from 1 to 7 in quarters.
func drawScores(t *rapid.T) []Score {
	var all []Score
	programme, others := rapid.IntRange(0, 6).Draw(t, "programme"), rapid.IntRange(0, 6).Draw(t, "others")
	rounds := rapid.IntRange(2, 3).Draw(t, "rounds")
	headcounts := rapid.Bool().Draw(t, "headcounts")
	for _, theme := range []string{"workload", "teamwork"}[:rapid.IntRange(1, 2).Draw(t, "themes")] {
		for practice := range programme + others {
			for round := 1; round <= rounds; round++ {
				staff := 0
				if headcounts {
					staff = 3 + practice%3
				}
				for _, quarters := range rapid.SliceOfN(rapid.IntRange(4, 28), 0, 5).Draw(t, "scores") {
					all = append(all, Score{Practice: string(rune('A' + practice)), Programme: practice < programme, Round: round, Staff: staff,
						Theme: theme, Value: float64(quarters) / 4})
				}
			}
		}
	}
	return all
}

// results compares scores, or returns nil where they cannot be.
func results(t *rapid.T, scores []Score, margin *float64) *Results {
	d := new(Data)
	for _, s := range scores {
		if err := d.Add(s); err != nil {
			t.Fatal(err)
		}
	}
	r, err := d.Compare(Options{Margin: margin})
	if err != nil {
		return nil
	}
	return r
}

const dust = 1e-9

// fair fails if a sentence says more than its numbers.
func fair(t *rapid.T, sentence string, change, average scoring.Figure, d Difference) {
	rose := strings.HasPrefix(sentence, "rose")
	if rose && change.Value <= 0 || !rose && sentence != "" && change.Value > dust {
		t.Fatalf("%q of a change of %v", sentence, change)
	}
	unsure := !d.Low.Known || d.Low.Value <= 0
	if strings.HasPrefix(sentence, "rose more") && unsure && !strings.Contains(sentence, "chance is not excluded") {
		t.Fatalf("%q with %+v", sentence, d)
	}
	if strings.HasPrefix(sentence, "rose less than") && (!d.High.Known || d.High.Value >= 0) {
		t.Fatalf("%q with %+v", sentence, d)
	}
	if strings.Contains(sentence, "while the average did not") && average.Value > dust {
		t.Fatalf("%q of an average of %v", sentence, average)
	}
}

// TestFairSentences wants no sentence that says more than its numbers, and no number that is none.
func TestFairSentences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := results(t, drawScores(t), drawMargin(t))
		if r == nil {
			return
		}
		sound(t, r)
		for _, theme := range r.Themes {
			fair(t, theme.Sentence, theme.Programme.Change, theme.Others.Change, theme.DifferenceOfChanges)
			if r.Margin == nil && (strings.Contains(theme.Sentence, "rose almost") || strings.Contains(theme.Sentence, "slightly")) {
				t.Fatalf("%q without a margin", theme.Sentence)
			}
			for i, m := range []Mean{theme.Rounds[0].Programme, theme.Rounds[len(theme.Rounds)-1].Programme} {
				if want := theme.Programme.Start.Value + float64(i)*theme.Programme.Change.Value; math.Abs(m.Mean.Value-want) > dust || m.Practices != theme.Programme.Practices {
					t.Fatalf("the line over the rounds is at %+v, want %v: %+v", m, want, theme.Programme)
				}
			}
			start := theme.StartDifference
			if strings.Contains(theme.Sentence, "higher start") && !(start.Low.Value > 0) || strings.Contains(theme.Sentence, "lower start") && !(start.High.Value < 0) {
				t.Fatalf("%q with %+v", theme.Sentence, start)
			}
		}
	})
}

// TestFairSentence wants the same of numbers that no survey need have.
func TestFairSentence(t *testing.T) {
	near := rapid.OneOf(rapid.Float64Range(-1, 1), rapid.SampledFrom([]float64{0, 0.1, -0.1, 1e-12, -1e-12, 0.3 - 0.1 - 0.2}))
	figure := rapid.Custom(func(t *rapid.T) scoring.Figure {
		if rapid.IntRange(0, 9).Draw(t, "unknown") == 0 {
			return scoring.Figure{}
		}
		return known(near.Draw(t, "value"))
	})
	rapid.Check(t, func(t *rapid.T) {
		change, average := figure.Draw(t, "change"), figure.Draw(t, "average")
		d := Difference{Low: figure.Draw(t, "low"), High: figure.Draw(t, "high")}
		if change.Known && average.Known {
			d.Estimate = known(change.Value - average.Value)
		}
		sentence := Sentence(change, average, d, drawMargin(t))
		if sentence == "" != !d.Estimate.Known {
			t.Fatalf("%q of %v and %v", sentence, change, average)
		}
		fair(t, sentence, change, average, d)
	})
}

func drawMargin(t *rapid.T) *float64 {
	if rapid.Bool().Draw(t, "no margin") {
		return nil
	}
	m := rapid.SampledFrom([]float64{0.05, 0.15, 0.5}).Draw(t, "margin")
	return &m
}

// TestShiftAndScale wants results to move with the scores: times a number and plus another, as if staff had answered on
// another scale, and in whatever order they come.
func TestShiftAndScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := drawScores(t)
		margin := drawMargin(t)
		before := results(t, scores, margin)
		if before == nil {
			return
		}
		factor := rapid.SampledFrom([]float64{0.5, 1, 3, 10}).Draw(t, "factor")
		shift := rapid.SampledFrom([]float64{-4, 0, 0.1, 20}).Draw(t, "shift")
		moved := slices.Clone(scores)
		for i := range moved {
			moved[i].Value = moved[i].Value*factor + shift
		}
		if margin != nil {
			wider := *margin * factor
			margin = &wider
		}
		after := results(t, moved, margin)
		for i := range before.Themes {
			moves(t, "", reflect.ValueOf(before.Themes[i]), reflect.ValueOf(after.Themes[i]), factor, shift)
		}
		if order := rapid.Permutation(scores).Draw(t, "order"); len(order) > 0 {
			byName := func(r *Results) map[string]Difference {
				m := make(map[string]Difference)
				for _, theme := range r.Themes {
					m[theme.Theme] = theme.DifferenceOfChanges
				}
				return m
			}
			a, b := byName(before), byName(results(t, order, nil))
			for name := range a {
				moves(t, name, reflect.ValueOf(a[name]), reflect.ValueOf(b[name]), 1, 0)
			}
		}
	})
}

// levels are the figures that are scores, beside those that are differences of scores, and the ones that are neither.
var (
	levels    = []string{"Start", "Mean"}
	unitsFree = []string{"DF", "P", "N0", "ICC1", "ICC1Low", "ICC1High", "ICC2"}
)

// moves fails unless every figure of b is that of a after the move.
func moves(t *rapid.T, name string, a, b reflect.Value, factor, shift float64) {
	if before, ok := a.Interface().(scoring.Figure); ok {
		got, want := b.Interface().(scoring.Figure), before
		switch {
		case !before.Known:
		case slices.Contains(levels, name):
			want.Value = want.Value*factor + shift
		case !slices.Contains(unitsFree, name):
			want.Value *= factor
		}
		if got.Known != want.Known || math.Abs(got.Value-want.Value) > 1e-7*max(1, math.Abs(want.Value)) {
			t.Fatalf("%s = %v, want %v, from %v", name, got, want, before)
		}
		return
	}
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			moves(t, a.Type().Field(i).Name, a.Field(i), b.Field(i), factor, shift)
		}
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			t.Fatalf("%s: %d and %d", name, a.Len(), b.Len())
		}
		for i := range a.Len() {
			moves(t, name, a.Index(i), b.Index(i), factor, shift)
		}
	case reflect.Pointer:
		if a.IsNil() != b.IsNil() {
			t.Fatalf("%s is there once", name)
		}
		if !a.IsNil() {
			moves(t, name, a.Elem(), b.Elem(), factor, shift)
		}
	default:
		if !a.Equal(b) {
			t.Fatalf("%s = %v, want %v", name, b, a)
		}
	}
}

// TestCorrectedCoverage measures how often the interval of one practice against 15 others includes 0 where the practice is
// one of their kind, with fewer or as many respondents: the corrected one nearly always as it should, the printed one not.
func TestCorrectedCoverage(t *testing.T) {
	const others, sd = 15, 0.9
	repeats := 1500
	if os.Getenv("WELLWAVE_PROVE") != "" {
		repeats = 40_000
		t.Logf("prove: %d simulated practices of each size and spread", repeats)
	}
	random := rand.New(rand.NewPCG(1998, 12))
	change := func(n int, spread float64) (d, e float64) {
		for range 2 {
			var s scoring.Sample
			for range n {
				s.Add(sd * random.NormFloat64())
			}
			d = s.Mean().Value - d
			e += s.Variance().Value / float64(n)
		}
		return d + spread*random.NormFloat64(), e
	}
	tests := []struct {
		respondents                int
		spread                     float64
		mixed                      bool // others of 6 to 16 respondents, else of 16
		wantPrinted, wantCorrected float64
	}{
		{6, 0.2, false, 0.838, 0.95}, {10, 0.2, false, 0.907, 0.955}, {16, 0.2, false, 0.95, 0.956},
		{6, 0, false, 0.804, 0.95}, {16, 0, false, 0.948, 0.966},
		{6, 0.2, true, 0.893, 0.95}, {16, 0.2, true, 0.976, 0.954}, {16, 0, true, 0.983, 0.971},
	}
	for _, tt := range tests {
		printed, corrected := 0, 0
		for range repeats {
			var ds []float64
			var es []scoring.Figure
			for range others {
				n := 16
				if tt.mixed {
					n = 6 + random.IntN(11)
				}
				d, e := change(n, tt.spread)
				ds, es = append(ds, d), append(es, known(e))
			}
			d, e := change(tt.respondents, tt.spread)
			includes := func(x Difference) int {
				if x.Low.Value <= 0 && x.High.Value >= 0 {
					return 1
				}
				return 0
			}
			printed += includes(crawfordHowell(d, ds, 0))
			corrected += includes(correctedCase(d, known(e), ds, es, 0))
		}
		p, c := float64(printed)/float64(repeats), float64(corrected)/float64(repeats)
		t.Logf("%d respondents, spread %.1f, others mixed %t: printed %.3f, corrected %.3f", tt.respondents, tt.spread, tt.mixed, p, c)
		near := func(got, want float64) bool {
			return math.Abs(got-want) < 0.004+4*math.Sqrt(want*(1-want)/float64(repeats))
		}
		if !near(p, tt.wantPrinted) || !near(c, tt.wantCorrected) || c < 0.93 {
			t.Errorf("%+v: printed %.3f, corrected %.3f", tt, p, c)
		}
	}
}
