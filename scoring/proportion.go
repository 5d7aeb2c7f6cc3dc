package scoring

import "math"

// z95 is the normal quantile of 0.975.
const z95 = 1.959963984540054

// Interval is a 95 % confidence interval.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Wilson returns the 95 % score interval of a proportion: (p̂ + z²/2n ± z√(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n).
//
// Count and n may be effective numbers and need not be whole. It stays within 0 and 1 and has a width even where nobody
// or everybody counts; for n = 0 it is 0 to 1, which is all that nobody can tell.
//
// Source: Wilson EB. J Am Stat Assoc 1927;22:209–212; Newcombe RG. Stat Med 1998;17:857–872, method 3.
func Wilson(count, n float64) Interval {
	if !(n > 0) {
		return Interval{0, 1}
	}
	p, zz := count/n, z95*z95
	middle := p + zz/(2*n)
	half := z95 * math.Sqrt(p*(1-p)/n+zz/(4*n*n))
	return Interval{max(0, (middle-half)/(1+zz/n)), min(1, (middle+half)/(1+zz/n))}
}

// Newcombe returns the 95 % interval of the difference p₁ − p₂ of two independent proportions, from their Wilson intervals
// (l, u): p₁−p₂ − √((p₁−l₁)² + (u₂−p₂)²) to p₁−p₂ + √((u₁−p₁)² + (p₂−l₂)²). Nothing is known where either has nobody: −1 to 1.
//
// Source: Newcombe RG. Stat Med 1998;17:873–890, method 10.
func Newcombe(count1, n1, count2, n2 float64) Interval {
	if !(n1 > 0 && n2 > 0) {
		return Interval{-1, 1}
	}
	p1, p2 := count1/n1, count2/n2
	w1, w2 := Wilson(count1, n1), Wilson(count2, n2)
	d := p1 - p2
	return Interval{
		Low:  d - math.Hypot(p1-w1.Low, w2.High-p2),
		High: d + math.Hypot(w1.High-p1, p2-w2.Low),
	}
}
