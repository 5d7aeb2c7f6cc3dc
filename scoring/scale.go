package scoring

import (
	"cmp"
	"math"
	"slices"
)

type rule uint8

const (
	sumRule rule = iota + 1
	meanRule
	countRule
	weightedRule
	expectedRule
)

var ruleNames = [...]string{sumRule: "sum", meanRule: "mean", countRule: "count", weightedRule: "weighted", expectedRule: "expected"}

// Scale is a definition that was checked against the items of its instrument. It never changes and may be used by any
// number of goroutines.
type Scale struct {
	definition Definition
	rule       rule
	width      int // items of the instrument
	terms      []term
	needed     int  // answers without which there is no score
	fills      bool // missing answers are filled in
	cored      bool // a count that is 0 unless a core item counts
	lo, hi     float64

	table    []row
	anyTerms []anyTerm // in the order of the bits of a level's flags
	expected []float64 // the expected rule's score of every state, first item slowest

	tooFew     []string // by number of items answered
	outOfRange []string // by term
	lacking    []string // by term, nil where no item is needed more than another
}

// term is one item of a scale.
type term struct {
	index  int // of the item in the instrument
	lo, hi float64
	// The item counts as base + sign × answer, which is reversing without a branch.
	base, sign float64
	atLeast    float64 // count only: the value from which it counts
	core       bool    // count only: one of those of which one must count
	required   bool    // no score without its answer, however many others there are
	levels     []level // weighted and expected only
}

// level is one option of an item under the weighted and expected rules.
type level struct {
	value, weight float64
	flags         uint8 // bit 0: a problem; bit i: the level of the i-th any_level term
}

// anyTerm is added once for the whole state. A level of 0 stands for any problem.
type anyTerm struct{ level, weight float64 }

type row struct{ from, to float64 }

const wrongWidth = "The answers are not those of this instrument."

// Definition returns what the scale was compiled from. The caller must not change what its slices and maps hold.
func (s *Scale) Definition() Definition { return s.definition }

// ID returns the scale's id.
func (s *Scale) ID() string { return s.definition.ID }

// Items returns the positions of the scale's items among those of the instrument, in the scale's order.
func (s *Scale) Items() []int {
	positions := make([]int, len(s.terms))
	for i, t := range s.terms {
		positions[i] = t.index
	}
	return positions
}

// Needed returns how many of the items must be answered for a score.
func (s *Scale) Needed() int { return s.needed }

// Range returns the lowest and the highest possible score.
func (s *Scale) Range() (lo, hi float64) { return s.lo, s.hi }

// Band returns the band in which value lies: the last whose lower bound it reaches. It is false for a scale without
// bands and below the first.
func (s *Scale) Band(value float64) (Band, bool) {
	bands := s.definition.Bands
	for i := len(bands) - 1; i >= 0; i-- {
		if value >= bands[i].From {
			return bands[i], true
		}
	}
	return Band{}, false
}

// Score scores one person's answers, which stand in the order of the items given to Compile. It does not allocate.
func (s *Scale) Score(answers []Answer) Score {
	if len(answers) != s.width {
		return Score{Of: len(s.terms), Why: wrongWidth}
	}
	if s.rule >= weightedRule {
		return s.scoreState(answers)
	}
	var sum float64
	answered, lacking, core := 0, -1, !s.cored
	for i := range s.terms {
		t := &s.terms[i]
		a := answers[t.index]
		if !a.Given {
			if t.required && lacking < 0 {
				lacking = i
			}
			continue
		}
		answered++
		if !(a.Value >= t.lo && a.Value <= t.hi) {
			return s.refuse(answers, i)
		}
		value := t.base + t.sign*a.Value
		if s.rule == countRule {
			counts := value >= t.atLeast
			core = core || counts && t.core
			value = b2f(counts)
		}
		sum += value
	}
	score := Score{Answered: answered, Of: len(s.terms)}
	switch {
	case answered < s.needed:
		score.Why = s.tooFew[answered]
		return score
	case lacking >= 0:
		score.Why = s.lacking[lacking]
		return score
	case !core:
		sum = 0
	}
	score.Value, score.Valid, score.Prorated = s.finish(sum, answered), true, s.fills && answered < len(s.terms)
	return score
}

// finish turns the sum over the answered items into the score.
func (s *Scale) finish(sum float64, answered int) float64 {
	switch {
	case s.rule == meanRule:
		sum /= float64(answered)
	case s.fills && answered < len(s.terms):
		sum = sum * float64(len(s.terms)) / float64(answered)
	}
	if s.table != nil {
		i, _ := slices.BinarySearchFunc(s.table, sum, func(r row, v float64) int { return cmp.Compare(r.from, v) })
		sum = s.table[min(i, len(s.table)-1)].to
	}
	return s.convert(sum)
}

// convert applies what comes after the rule and its table.
func (s *Scale) convert(v float64) float64 {
	if s.definition.Transform != nil {
		v = s.definition.Transform.apply(v)
	}
	if s.definition.Reaches != nil {
		v = b2f(v >= *s.definition.Reaches)
	}
	return roundAll(v, s.definition.Round)
}

// refuse is the score of answers among which the i-th term's is out of range.
func (s *Scale) refuse(answers []Answer, i int) Score {
	score := Score{Of: len(s.terms), Why: s.outOfRange[i]}
	for _, t := range s.terms {
		if answers[t.index].Given {
			score.Answered++
		}
	}
	return score
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// roundAll rounds half away from zero to each number of decimals in turn. The steps after the first work on the whole
// number that the first left, so that a 5 in the last place is exactly a half and not nearly one.
func roundAll(v float64, decimals []int) float64 {
	if len(decimals) == 0 {
		return v
	}
	last := decimals[0]
	n := math.Round(v * pow10(last))
	for _, d := range decimals[1:] {
		n = math.Round(n / pow10(last-d))
		last = d
	}
	if n == 0 {
		return 0 // not −0
	}
	return n / pow10(last)
}

func pow10(n int) float64 { return powers[n] }

// powers are the powers of ten that rounding needs; maxDecimals is the last.
var powers = [maxDecimals + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

const maxDecimals = 9
