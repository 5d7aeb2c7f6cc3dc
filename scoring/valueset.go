package scoring

import (
	"math"
	"math/big"

	"wellwave/scoring/decimal"
)

// scoreState scores a state under the weighted and expected rules, which need every answer.
func (s *Scale) scoreState(answers []Answer) Score {
	sum := s.constant
	var flags uint8
	state, answered := 0, 0
	for i := range s.terms {
		t := &s.terms[i]
		a := answers[t.index]
		if !a.Given {
			continue
		}
		answered++
		at := t.level(a.Value)
		if at < 0 {
			return s.refuse(answers, i)
		}
		sum += t.levels[at].weight
		flags |= t.levels[at].flags
		state = state*len(t.levels) + at
	}
	if answered < len(s.terms) {
		return Score{Answered: answered, Of: len(s.terms), Why: s.tooFew[answered]}
	}
	score := Score{Valid: true, Answered: answered, Of: answered}
	if s.rule == expectedRule {
		score.Value = s.expected[state]
	} else {
		score.Value = s.convert(s.ofUnits(sum+s.anyTotal(flags)), answers)
	}
	return score
}

// ofUnits returns a number of units as a fraction.
func (s *Scale) ofUnits(n float64) fraction { return fraction{n, s.unit, s.unit == billion}.checked() }

// exactState calculates a weighted state on the decimal values.
func (s *Scale) exactState(answers []Answer) *big.Rat {
	sum := decimal.Rat(s.constant)
	var flags uint8
	for i := range s.terms {
		t := &s.terms[i]
		l := &t.levels[t.level(answers[t.index].Value)]
		sum.Add(sum, decimal.Rat(l.weight))
		flags |= l.flags
	}
	for bit, term := range s.anyTerms {
		if flags&(1<<bit) != 0 {
			sum.Add(sum, decimal.Rat(term.weight))
		}
	}
	return sum.Quo(sum, decimal.Rat(s.unit))
}

// level returns the position of the level with the given value, −1 if there is none.
func (t *term) level(value float64) int {
	for i := range t.levels {
		if t.levels[i].value == value {
			return i
		}
	}
	return -1
}

// anyTotal adds up the terms that hold once for the whole state.
func (s *Scale) anyTotal(flags uint8) (total float64) {
	for bit, term := range s.anyTerms {
		if flags&(1<<bit) != 0 {
			total += term.weight
		}
	}
	return total
}

// weightedRange returns the lowest and highest index of all states. The any-terms couple the items, so it keeps the
// extremes for every combination of flags that the items so far can have set.
func (s *Scale) weightedRange() (lo, hi float64) {
	type extremes struct{ lo, hi float64 }
	reached := map[uint8]extremes{0: {s.constant, s.constant}}
	for _, t := range s.terms {
		next := make(map[uint8]extremes, len(reached))
		for flags, e := range reached {
			for _, l := range t.levels {
				to := flags | l.flags
				n, ok := next[to]
				if !ok {
					n = extremes{math.Inf(1), math.Inf(-1)}
				}
				next[to] = extremes{min(n.lo, e.lo+l.weight), max(n.hi, e.hi+l.weight)}
			}
		}
		reached = next
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for flags, e := range reached {
		once := s.anyTotal(flags)
		lo, hi = min(lo, e.lo+once), max(hi, e.hi+once)
	}
	return s.rounded(s.ofUnits(lo).value()), s.rounded(s.ofUnits(hi).value())
}

// target is one dimension of the expected rule: the weights of the other version's levels, and for each level of this
// version the probabilities of those.
type target struct {
	weights       []float64
	probabilities [][]float64
}

// expectedValues computes the score of every state, the first item slowest.
//
// The index of the other version is full_health + Σ w(level) + any_problem [some level > 1] + any_level n [some level =
// n]. Because the dimensions are independent given the answers, its mean over the other version's states needs no
// enumeration of them:
//
//	E = full_health + Σᵢ Σₗ pᵢ(l)·wᵢ(l) + any_problem·(1 − Πᵢ pᵢ(1)) + Σₙ any_level n·(1 − Πᵢ (1 − pᵢ(n)))
//
// Source: van Hout B, Janssen MF, Feng YS, et al. Value in Health 2012;15:708–715, doi 10.1016/j.jval.2012.02.008.
func (s *Scale) expectedValues(targets []target) []float64 {
	states := 1
	for _, t := range targets {
		states *= len(t.probabilities)
	}
	values := make([]float64, states)
	at := make([][]float64, len(targets)) // the probabilities of each dimension in this state
	for state := range values {
		rest := state
		for i := len(targets) - 1; i >= 0; i-- {
			n := len(targets[i].probabilities)
			at[i], rest = targets[i].probabilities[rest%n], rest/n
		}
		v := s.expectation(targets, at)
		floating := floatingRound(v, s.definition.Round)
		if s.definition.Round != nil {
			n, ok := roundNear(v, s.definition.Round[0], s.slack)
			if v = roundFurther(n, s.definition.Round); !ok {
				v = decimal.Round(s.exactExpectation(targets, at), s.definition.Round)
			}
		}
		if values[state] = v; v != floating {
			if s.floatingExpected == nil {
				s.floatingExpected = make(map[int]float64)
			}
			s.floatingExpected[state] = floating
		}
	}
	return values
}

func (s *Scale) expectation(targets []target, at [][]float64) float64 {
	sum := s.constant
	for i, p := range at {
		for l, w := range targets[i].weights {
			sum += p[l] * w
		}
	}
	for _, term := range s.anyTerms {
		nowhere := 1.0 // the probability that the term does not hold in any dimension
		for _, p := range at {
			if term.level == 0 {
				nowhere *= p[0]
			} else {
				nowhere *= 1 - p[int(term.level)-1]
			}
		}
		sum += term.weight * (1 - nowhere)
	}
	return sum
}

// exactExpectation is expectation on the decimal values.
func (s *Scale) exactExpectation(targets []target, at [][]float64) *big.Rat {
	one, sum := big.NewRat(1, 1), decimal.Rat(s.constant)
	product := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
	for i, p := range at {
		for l, w := range targets[i].weights {
			sum.Add(sum, product(decimal.Rat(p[l]), decimal.Rat(w)))
		}
	}
	for _, term := range s.anyTerms {
		nowhere := one
		for _, p := range at {
			if term.level == 0 {
				nowhere = product(nowhere, decimal.Rat(p[0]))
			} else {
				nowhere = product(nowhere, new(big.Rat).Sub(one, decimal.Rat(p[int(term.level)-1])))
			}
		}
		sum.Add(sum, product(decimal.Rat(term.weight), new(big.Rat).Sub(one, nowhere)))
	}
	return sum
}
