package scoring

import (
	"cmp"
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

// With exactly as many answers missing as the rule allows there is a score, with one more there is none, whichever they are.
func TestMissingUpToTheAllowedAndOneMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "items")
		all := items(n, 0, 4)
		def := Definition{ID: "s", Direction: "neutral", Items: codes(all), Rule: "sum"}
		def.Missing.Fill = rapid.SampledFrom([]string{"person-mean", "none"}).Draw(t, "fill")
		needed := rapid.IntRange(1, n-1).Draw(t, "needed")
		switch rapid.IntRange(0, 2).Draw(t, "way of saying it") {
		case 0:
			def.Missing.Allow = n - needed
		case 1:
			def.Missing.Answered = needed
		default:
			def.Missing.Share = float64(needed) / float64(n)
		}
		scale := mustCompile(t, def, all)
		order := rapid.Permutation(codes(all)).Draw(t, "order in which they go")
		answers := make([]Answer, n)
		var sum float64
		for i, code := range order[n-needed:] {
			value := float64(rapid.IntRange(0, 4).Draw(t, "answer"))
			answers[slices.Index(codes(all), code)] = Answer{Value: value, Given: true}
			sum += value
			got := scale.Score(answers)
			if last := i == needed-1; got.Valid != last || got.Answered != i+1 {
				t.Fatalf("Score with %d of %d answered and %d needed = %+v", i+1, n, needed, got)
			}
		}
		want := sum
		if def.Missing.Fill == "person-mean" {
			want = sum * float64(n) / float64(needed)
		}
		if got := scale.Score(answers); math.Abs(got.Value-want) > near || got.Prorated != (def.Missing.Fill == "person-mean") {
			t.Errorf("Score with exactly the allowed missing = %+v, want %v", got, want)
		}
	})
}

// A conversion that rises keeps people in the order of their sums, and a threshold is reached exactly from there on.
func TestConversionKeepsTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := items(rapid.IntRange(1, 9).Draw(t, "items"), 1, 5)
		def := Definition{ID: "s", Direction: "neutral", Items: codes(all), Rule: "sum"}
		plain := mustCompile(t, def, all)
		lo, hi := plain.Range()
		converted, reaching := def, def
		if rapid.Bool().Draw(t, "by a table") {
			converted.Table = make(map[float64]float64)
			for sum, to := lo, -5.0; sum <= hi; sum++ {
				to += rapid.Float64Range(0.001, 3).Draw(t, "step")
				converted.Table[sum] = to
			}
		} else {
			converted.Transform = &Transform{Add: rapid.Float64Range(-50, 50).Draw(t, "add"), Multiply: rapid.Float64Range(0.01, 50).Draw(t, "multiply"),
				Divide: rapid.Float64Range(0.01, 50).Draw(t, "divide")}
		}
		threshold := float64(rapid.IntRange(int(lo)+1, int(hi)).Draw(t, "threshold"))
		reaching.Reaches = &threshold
		draw := func() []Answer {
			answers := make([]Answer, len(all))
			for i := range answers {
				answers[i] = Answer{Value: float64(rapid.IntRange(1, 5).Draw(t, "answer")), Given: true}
			}
			return answers
		}
		a, b := draw(), draw()
		scale, flag := mustCompile(t, converted, all), mustCompile(t, reaching, all)
		if before, after := cmp.Compare(plain.Score(a).Value, plain.Score(b).Value), cmp.Compare(scale.Score(a).Value, scale.Score(b).Value); before != after {
			t.Errorf("sums compare as %d, converted scores as %d", before, after)
		}
		if got, want := flag.Score(a).Value, b2f(plain.Score(a).Value >= threshold); got != want {
			t.Errorf("Score = %v, want %v", got, want)
		}
	})
}

// A count is the number of answers that count by themselves, whatever the thresholds, reversing and order.
func TestCountEqualsCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all, answers := drawItems(t)
		lo, hi := int(all[0].Min), int(all[0].Max)
		threshold := float64(rapid.IntRange(lo+1, hi).Draw(t, "threshold"))
		def := Definition{ID: "s", Direction: "neutral", Items: codes(all), Rule: "count", AtLeast: &threshold, AtLeastOf: make(map[string]float64)}
		def.Missing.Answered = 1
		want, answered := 0.0, 0
		for i, item := range all {
			own := threshold
			if rapid.Bool().Draw(t, "own threshold") {
				own = float64(rapid.IntRange(lo+1, hi).Draw(t, "threshold of its own"))
				def.AtLeastOf[item.Code] = own
			}
			value := answers[i].Value
			if item.Reverse {
				value = item.Min + item.Max - value
			}
			if answers[i].Given {
				answered++
				want += b2f(value >= own)
			}
		}
		def.Items = rapid.Permutation(def.Items).Draw(t, "order")
		got := mustCompile(t, def, all).Score(answers)
		if got.Value != want || got.Valid != (answered > 0) || got.Prorated {
			t.Errorf("Score = %+v, want %v of %d", got, want, answered)
		}
	})
}
