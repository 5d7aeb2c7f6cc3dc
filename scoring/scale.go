package scoring

import (
	"cmp"
	"math/big"
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
	whole      bool    // every answer is a whole number, so that sums of them are exact
	slack      float64 // by how much floating point may miss what is reached and rounded

	table    []row
	anyTerms []anyTerm // in the order of the bits of a level's flags
	constant float64   // weighted and expected: what every state has, in units
	unit     float64   // how many units of weight make 1: a billion where all weights are whole billionths, else 1
	expected []float64 // the expected rule's score of every state, first item slowest
	// Those of the states to which FloatingRules gave another, nil where there are none.
	floatingExpected map[int]float64

	tooFew     []string // by number of items answered
	outOfRange []string // by term
	lacking    []string // by term, nil where no item is needed more than another
}

// term is one item of a scale.
type term struct {
	index  int // of the item in the instrument
	lo, hi float64
	// The item counts as base + sign × answer, which is reversing without a branch.
	base, sign     float64
	exactBase      *big.Rat
	baseBillionths float64 // if fixed
	fixed          bool    // the base is a whole number of billionths
	from           float64 // count only: the item counts if sign × answer is this or more
	core           bool    // count only: one of those of which one must count
	required       bool    // no score without its answer, however many others there are
	levels         []level // weighted and expected only
}

// level is one option of an item under the weighted and expected rules. Its weight is in units of the scale.
type level struct {
	value, weight float64
	flags         uint8 // bit 0: a problem; bit i: the level of the i-th any_level term
}

// anyTerm is added once for the whole state, in units of the scale. A level of 0 stands for any problem.
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
		if s.rule == countRule {
			counts := t.counts(a.Value)
			core = core || counts && t.core
			sum += b2f(counts)
			continue
		}
		sum += t.base + t.sign*a.Value
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
	score.Value, score.Valid, score.Prorated = s.finish(s.sumOf(answers, sum), answered, answers), true, s.fills && answered < len(s.terms)
	return score
}

// counts reports whether the item counts with an answer, after reversing.
func (t *term) counts(answer float64) bool { return t.sign*answer >= t.from }

// finish turns the sum over the answered items into the score.
func (s *Scale) finish(sum fraction, answered int, answers []Answer) float64 {
	switch {
	case s.rule == meanRule:
		sum.den *= float64(answered)
	case s.fills && answered < len(s.terms):
		sum.num *= float64(len(s.terms))
		sum.den *= float64(answered)
	}
	if s.table != nil {
		sum = fraction{s.lookUp(sum.value()), 1, false}
	}
	return s.convert(sum, answers)
}

// lookUp returns what the table makes of a sum.
func (s *Scale) lookUp(sum float64) float64 {
	i, _ := slices.BinarySearchFunc(s.table, sum, func(r row, v float64) int { return cmp.Compare(r.from, v) })
	return s.table[min(i, len(s.table)-1)].to
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

func pow10(n int) float64 { return powers[n] }

// powers are the powers of ten that rounding needs; maxDecimals is the last.
var powers = [maxDecimals + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

const maxDecimals = 9
