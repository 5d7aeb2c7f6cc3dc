package scoring

import (
	"fmt"
	"math"
)

// RuleVersion is stored with every score. It changes when the same definition and answers would give another number, other
// than by the last digit of one that had been rounded or added up wrongly. What an older version gives can be asked for by
// ScoreBy as long as databases hold its scores and releases were made of them.
const RuleVersion = "2"

// FloatingRules is the version of the rules that calculated in floating point, which cannot see a tie: it made 1.02 of 41 ÷ 40 to
// two decimals. The last programs that stored its name calculated exactly already.
const FloatingRules = "1"

// ScoreBy scores one person's answers as Score does, by a version of the rules. It fails for a version that it does not know.
func (s *Scale) ScoreBy(version string, answers []Answer) (Score, error) {
	score := s.Score(answers)
	switch {
	case version != RuleVersion && version != FloatingRules:
		return Score{}, fmt.Errorf("there is no version %s of the rules of scoring", version)
	case version == FloatingRules && score.Valid:
		score.Value = s.floating(answers)
	}
	return score, nil
}

// floating returns the value of a valid score by FloatingRules.
func (s *Scale) floating(answers []Answer) float64 {
	if s.rule >= weightedRule {
		return s.floatingState(answers)
	}
	var sum float64
	answered, core := 0, !s.cored
	for i := range s.terms {
		t := &s.terms[i]
		a := answers[t.index]
		if !a.Given {
			continue
		}
		answered++
		value := a.Value
		if t.sign < 0 {
			value = t.lo + t.hi - a.Value
		}
		if s.rule == countRule {
			counts := value >= s.definition.atLeast(i)
			core = core || counts && t.core
			value = b2f(counts)
		}
		sum += value
	}
	if !core {
		sum = 0
	}
	switch {
	case s.rule == meanRule:
		sum /= float64(answered)
	case s.fills && answered < len(s.terms):
		sum = sum * float64(len(s.terms)) / float64(answered)
	}
	if s.table != nil {
		sum = s.lookUp(sum)
	}
	if t := s.definition.Transform; t != nil {
		sum += t.Add
		if t.Multiply != 0 {
			sum *= t.Multiply
		}
		if t.Divide != 0 {
			sum /= t.Divide
		}
	}
	if r := s.definition.Reaches; r != nil {
		sum = b2f(sum >= *r)
	}
	return floatingRound(sum, s.definition.Round)
}

// atLeast returns the value from which the i-th item counts.
func (d *Definition) atLeast(i int) float64 {
	if own, ok := d.AtLeastOf[d.Items[i]]; ok {
		return own
	}
	return *d.AtLeast
}

// floatingState returns the value of a state by FloatingRules.
func (s *Scale) floatingState(answers []Answer) float64 {
	sum, state := s.definition.FullHealth, 0
	var flags uint8
	for i := range s.terms {
		t := &s.terms[i]
		at := t.level(answers[t.index].Value)
		sum += t.levels[at].weight / s.unit
		flags |= t.levels[at].flags
		state = state*len(t.levels) + at
	}
	if s.rule == expectedRule {
		if v, other := s.floatingExpected[state]; other {
			return v
		}
		return s.expected[state]
	}
	var total float64
	for bit, term := range s.anyTerms {
		if flags&(1<<bit) != 0 {
			total += term.weight / s.unit
		}
	}
	return floatingRound(sum+total, s.definition.Round)
}

// floatingRound rounds half away from zero to each number of decimals in turn. The steps after the first work on the whole
// number that the first left, so that a 5 in the last place is exactly a half there.
func floatingRound(v float64, decimals []int) float64 {
	if len(decimals) == 0 {
		return v
	}
	last := decimals[0]
	n := math.Round(v * pow10(last))
	for _, d := range decimals[1:] {
		n = math.Round(n / pow10(last-d))
		last = d
	}
	return n/pow10(last) + 0 // not −0
}
