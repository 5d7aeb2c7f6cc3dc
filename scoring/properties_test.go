package scoring

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

const near = 1e-9 // sums taken in another order differ in their last bits

// drawItems draws an instrument of items with one range, some reversed, and answers to them, some missing.
func drawItems(t *rapid.T) ([]Item, []Answer) {
	n := rapid.IntRange(2, 30).Draw(t, "items")
	lo := float64(rapid.IntRange(-2, 2).Draw(t, "lowest"))
	hi := lo + float64(rapid.IntRange(1, 9).Draw(t, "steps"))
	all, answers := items(n, lo, hi), make([]Answer, n)
	for i := range all {
		all[i].Reverse = rapid.Bool().Draw(t, "reverse")
		if rapid.IntRange(0, 9).Draw(t, "missing") > 0 {
			answers[i] = Answer{Value: rapid.SampledFrom(all[i].Options).Draw(t, "answer"), Given: true}
		}
	}
	return all, answers
}

func drawDefinition(t *rapid.T, all []Item) Definition {
	def := Definition{ID: "s", Direction: "neutral", Items: codes(all), Rule: rapid.SampledFrom([]string{"sum", "mean"}).Draw(t, "rule")}
	if allow := rapid.IntRange(0, len(all)-1).Draw(t, "allow"); allow > 0 {
		def.Missing = MissingRule{Allow: allow, Fill: "person-mean"}
	}
	return def
}

func mustCompile(t *rapid.T, def Definition, all []Item) *Scale {
	scale, err := Compile(def, all)
	if err != nil {
		t.Fatalf("Compile() failed: %v", err)
	}
	return scale
}

// Reversing an item and answering it from the other end is the same.
func TestReversingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, answers := drawItems(t)
		def := drawDefinition(t, all)
		want := mustCompile(t, def, all).Score(answers)
		for i := range all {
			all[i].Reverse = !all[i].Reverse
			answers[i].Value = all[i].Min + all[i].Max - answers[i].Value
		}
		got := mustCompile(t, def, all).Score(answers)
		if math.Abs(got.Value-want.Value) > near || got.Valid != want.Valid || got.Answered != want.Answered {
			t.Errorf("Score after reversing twice = %+v, want %+v", got, want)
		}
	})
}

// The order in which a scale lists its items does not matter.
func TestOrderOfItemsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, answers := drawItems(t)
		def := drawDefinition(t, all)
		want := mustCompile(t, def, all).Score(answers)
		def.Items = rapid.Permutation(def.Items).Draw(t, "order")
		got := mustCompile(t, def, all).Score(answers)
		if math.Abs(got.Value-want.Value) > near || got.Valid != want.Valid || got.Why != want.Why {
			t.Errorf("Score in another order = %+v, want %+v", got, want)
		}
	})
}

// A valid score lies within the range of the scale, prorated or not, and filling in the missing answers by hand with
// the person's mean gives the prorated sum.
func TestProrationStaysInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, answers := drawItems(t)
		scale := mustCompile(t, drawDefinition(t, all), all)
		got := scale.Score(answers)
		if !got.Valid {
			return
		}
		if lo, hi := scale.Range(); got.Value < lo-near || got.Value > hi+near {
			t.Errorf("Score = %v, outside %v to %v", got.Value, lo, hi)
		}
		var values []float64
		for i, a := range answers {
			if a.Given && all[i].Reverse {
				a.Value = all[i].Min + all[i].Max - a.Value
			}
			if a.Given {
				values = append(values, a.Value)
			}
		}
		mean := 0.0
		for _, v := range values {
			mean += v / float64(len(values))
		}
		want := mean
		if scale.Definition().Rule == "sum" {
			want *= float64(len(all))
		}
		if math.Abs(got.Value-want) > near {
			t.Errorf("Score = %v, want %v", got.Value, want)
		}
	})
}

// An answer out of range spoils the score, whatever else was answered; nothing is clamped.
func TestOutOfRangeIsNeverClamped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, answers := drawItems(t)
		scale := mustCompile(t, drawDefinition(t, all), all)
		i := rapid.IntRange(0, len(all)-1).Draw(t, "which")
		beyond := rapid.SampledFrom([]float64{all[i].Min - 1, all[i].Max + 1, math.Inf(1), math.NaN()}).Draw(t, "value")
		answers = slices.Clone(answers)
		answers[i] = Answer{Value: beyond, Given: true}
		if got := scale.Score(answers); got.Valid || got.Value != 0 || got.Why == "" {
			t.Errorf("Score with %v = %+v, want none", beyond, got)
		}
	})
}
