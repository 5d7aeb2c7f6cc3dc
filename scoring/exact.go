package scoring

import (
	"math"
	"math/big"

	"wellwave/scoring/decimal"
)

// Scores are decimal numbers, and a float64 cannot see that 41 ÷ 40 lies exactly between 1.02 and 1.03, nor that 0.7 + 0.1
// is 0.8. So a score is kept as a fraction of two whole numbers until its last step: of answers that are whole numbers their
// sum, of others the sum of their billionths. Both are exact in a float64 up to 2⁵³. What does not fit there, such as a
// transform by a number that is not whole, is calculated in floating point, and again exactly if it comes so close to a tie
// or a threshold that floating point cannot tell.

const (
	billion = 1e9
	fits    = 1 << 53 // whole numbers below are exact
)

// fraction is a result before its last step. It is exact if both parts are the whole numbers that arithmetic on the decimal
// values gives, below 2⁵³; else value is only near it.
type fraction struct {
	num, den float64
	exact    bool
}

func (f fraction) value() float64 {
	if f.den == 1 {
		return f.num
	}
	return f.num / f.den
}

// checked returns the fraction, exact only if it still fits.
func (f fraction) checked() fraction {
	f.exact = f.exact && math.Abs(f.num) < fits && math.Abs(f.den) < fits
	return f
}

// billionths returns v × 10⁹ as a whole number, and whether v is a decimal number that this holds exactly.
func billionths(v float64) (float64, bool) {
	n := math.Round(v * billion)
	return n, math.Abs(n) < fits && n/billion == v
}

// sumOf returns the sum of the answered items as a fraction, given what floating point makes of it.
func (s *Scale) sumOf(answers []Answer, sum float64) fraction {
	if s.whole || s.rule == countRule {
		return fraction{sum, 1, true}
	}
	var n float64
	for i := range s.terms {
		t := &s.terms[i]
		a := answers[t.index]
		if !a.Given {
			continue
		}
		b, ok := billionths(a.Value)
		if !ok || !t.fixed {
			return fraction{sum, 1, false}
		}
		if n += t.baseBillionths + t.sign*b; math.Abs(n) >= fits {
			return fraction{sum, 1, false}
		}
	}
	return fraction{n, billion, true}
}

// apply transforms a fraction.
func (t Transform) apply(f fraction) fraction {
	add := t.Add * f.den
	f.exact = f.exact && math.Abs(add) < fits && isWhole(add)
	f.num += add
	if t.Multiply != 0 {
		f.exact = f.exact && isWhole(t.Multiply)
		f.num *= t.Multiply
	}
	if t.Divide != 0 {
		f.exact = f.exact && isWhole(t.Divide)
		f.den *= t.Divide
	}
	return f.checked()
}

func isWhole(v float64) bool { return v == math.Trunc(v) }

// convert applies what comes after the rule and its table. The answers are asked again only where floating point cannot tell.
func (s *Scale) convert(f fraction, answers []Answer) float64 {
	f = f.checked()
	if s.definition.Transform != nil {
		f = s.definition.Transform.apply(f)
	}
	v := f.value()
	if r := s.definition.Reaches; r != nil {
		if !f.exact && math.Abs(v-*r) <= s.slack {
			return b2f(s.exactly(answers).Cmp(decimal.Rat(*r)) >= 0)
		}
		return b2f(v >= *r)
	}
	if len(s.definition.Round) == 0 {
		return v + 0 // not −0
	}
	if f.exact {
		if n, ok := f.round(s.definition.Round[0]); ok {
			return roundFurther(n, s.definition.Round)
		}
	} else if n, ok := roundNear(v, s.definition.Round[0], s.slack); ok {
		return roundFurther(n, s.definition.Round)
	}
	return decimal.Round(s.exactly(answers), s.definition.Round)
}

// round returns an exact fraction times 10^decimals, rounded half away from zero, and whether whole numbers are large enough
// for that.
func (f fraction) round(decimals int) (n int64, ok bool) {
	num, den, by := int64(f.num), int64(f.den), int64(pow10(decimals))
	if den < 0 {
		num, den = -num, -den
	}
	for by > 1 && den%10 == 0 { // billionths are nearly always divided out
		by, den = by/10, den/10
	}
	if math.Abs(f.num)*float64(by) >= fits {
		return 0, false
	}
	num *= by
	if num < 0 {
		return -((den - 2*num) / (2 * den)), true
	}
	return (2*num + den) / (2 * den), true
}

// roundNear rounds what floating point has calculated, unless a tie is within slack of it.
func roundNear(v float64, decimals int, slack float64) (n int64, ok bool) {
	x := v * pow10(decimals)
	if math.Abs(math.Abs(x-math.Trunc(x))-0.5) <= slack*pow10(decimals) || !(math.Abs(x) < fits) {
		return 0, false
	}
	return int64(math.Round(x)), true
}

// roundFurther rounds n, which counts units of the first number of decimals, to each of the others in turn.
func roundFurther(n int64, decimals []int) float64 {
	last := decimals[0]
	for _, d := range decimals[1:] {
		by := int64(pow10(last - d))
		if n < 0 {
			n = -((by - 2*n) / (2 * by))
		} else {
			n = (2*n + by) / (2 * by)
		}
		last = d
	}
	return float64(n) / pow10(last)
}

// rounded rounds an end of the range, which is calculated to fifteen digits.
func (s *Scale) rounded(v float64) float64 {
	if len(s.definition.Round) == 0 {
		return v
	}
	return decimal.Round(decimal.Rat(decimal.Rounded(v, 12)), s.definition.Round)
}

// exactly calculates what convert reaches and rounds, on the decimal values.
func (s *Scale) exactly(answers []Answer) *big.Rat {
	if s.rule >= weightedRule {
		return s.exactState(answers)
	}
	sum, answered := new(big.Rat), int64(0)
	for i, t := range s.terms {
		a := answers[t.index]
		if !a.Given {
			continue
		}
		answered++
		value := decimal.Rat(a.Value)
		switch {
		case s.rule == countRule:
			value.SetInt64(int64(b2f(t.counts(a.Value))))
		case t.sign < 0:
			value.Sub(s.terms[i].exactBase, value)
		}
		sum.Add(sum, value)
	}
	items := int64(len(s.terms))
	switch {
	case s.rule == meanRule:
		sum.Quo(sum, big.NewRat(answered, 1))
	case s.fills && answered < items:
		sum.Mul(sum, big.NewRat(items, answered))
	}
	if s.table != nil {
		v, _ := sum.Float64()
		sum = decimal.Rat(s.lookUp(v))
	}
	if t := s.definition.Transform; t != nil {
		sum.Add(sum, decimal.Rat(t.Add))
		if t.Multiply != 0 {
			sum.Mul(sum, decimal.Rat(t.Multiply))
		}
		if t.Divide != 0 {
			sum.Quo(sum, decimal.Rat(t.Divide))
		}
	}
	return sum
}

// precise works out how far floating point can be trusted, and what is exact.
func (s *Scale) precise(items []Item) {
	s.whole = true
	var most float64
	for i := range s.terms {
		t, item := &s.terms[i], items[i]
		t.exactBase = new(big.Rat)
		if item.Reverse {
			t.exactBase.Add(decimal.Rat(item.Min), decimal.Rat(item.Max))
		}
		t.base, _ = t.exactBase.Float64()
		t.baseBillionths, t.fixed = billionths(t.base)
		s.whole = s.whole && isWhole(t.base) && len(item.Options) > 0
		for _, option := range item.Options {
			s.whole = s.whole && isWhole(option)
		}
		most += math.Abs(t.base) + max(math.Abs(item.Min), math.Abs(item.Max))
	}
	s.whole = s.whole && most*float64(len(s.terms)) < fits
	most *= float64(len(s.terms)) // prorating may multiply by so much
	if t := s.definition.Transform; t != nil {
		most += math.Abs(t.Add)
		if t.Multiply != 0 {
			most *= math.Abs(t.Multiply)
		}
		if t.Divide != 0 {
			most /= math.Abs(t.Divide)
		}
	}
	s.slack = slackOf(max(most, 1))
}

// slackOf returns by how much floating point may miss a result whose parts add up to most at most: far more than the rounding
// of a thousand operations.
func slackOf(most float64) float64 { return most * 1e-12 }

// inUnits puts the weights of a value set into billionths, if all of them are whole numbers of these. The sums are then exact.
func (s *Scale) inUnits() {
	weights := []*float64{&s.constant}
	for i := range s.terms {
		for l := range s.terms[i].levels {
			weights = append(weights, &s.terms[i].levels[l].weight)
		}
	}
	for i := range s.anyTerms {
		weights = append(weights, &s.anyTerms[i].weight)
	}
	var most float64
	fixed := true
	for _, w := range weights {
		b, ok := billionths(*w)
		fixed, most = fixed && ok, most+math.Abs(b)
	}
	s.unit, s.slack = 1, slackOf(max(most/billion, 1))
	if !fixed || most >= fits {
		return
	}
	s.unit = billion
	for _, w := range weights {
		*w, _ = billionths(*w)
	}
}
