package power

import "math"

// Proportions is a comparison of two independent proportions by a normal approximation.
//
// The default is the z test with the variance pooled under the null hypothesis: with p̄ = (n₁p₁+n₂p₂)/(n₁+n₂),
// s₀² = p̄(1−p̄)(1/n₁+1/n₂) and s₁² = p₁(1−p₁)/n₁ + p₂(1−p₂)/n₂, the power is Φ((|p₁−p₂| − z·s₀)/s₁), and in a two-sided
// test Φ((−|p₁−p₂| − z·s₀)/s₁) besides. For equal groups this is R's power.prop.test(strict = TRUE). With Arcsine it is
// Cohen's: h = 2·asin√p₁ − 2·asin√p₂ and power Φ(|h|·√(n₁n₂/(n₁+n₂)) − z), with the other tail likewise; that is
// pwr.2p.test and pwr.2p2n.test of R's package pwr. Ranges: p in [0, 1], not both 0 or both 1; n > 0, whole or not. A
// one-sided test looks in the direction in which p₁ and p₂ differ.
//
// Neither is exact: with expected counts under five it is wiser to simulate.
//
// Sources: Fleiss JL, Levin B, Paik MC. Statistical methods for rates and proportions, 3rd edition. Wiley 2003, chapter 4;
// Cohen J. Statistical power analysis for the behavioral sciences, 2nd edition. Erlbaum 1988, chapter 6.
type Proportions struct {
	N1, N2  float64 // people analysed, or as many as they are worth
	Alpha   float64
	Sides   Sides
	Arcsine bool
}

// Check says what is wrong with the design, or nil.
func (d Proportions) Check() error {
	if !(d.N1 > 0 && d.N2 > 0) || math.IsInf(d.N1+d.N2, 0) {
		return ErrSizes
	}
	return checkAlpha(d.Alpha)
}

func checkProportions(p1, p2 float64) error {
	switch {
	case !(p1 >= 0 && p1 <= 1 && p2 >= 0 && p2 <= 1):
		return ErrProportion
	case p1 == p2 && (p1 == 0 || p1 == 1):
		return ErrSame
	default:
		return nil
	}
}

// StandardErrors returns those of the difference, under the null hypothesis and under the alternative.
func (d Proportions) StandardErrors(p1, p2 float64) (null, alternative float64) {
	mean := (d.N1*p1 + d.N2*p2) / (d.N1 + d.N2)
	return math.Sqrt(mean * (1 - mean) * (1/d.N1 + 1/d.N2)), math.Sqrt(p1*(1-p1)/d.N1 + p2*(1-p2)/d.N2)
}

// EffectSize returns Cohen's h, 2·asin√p₁ − 2·asin√p₂.
func EffectSize(p1, p2 float64) float64 {
	return 2*math.Asin(math.Sqrt(p1)) - 2*math.Asin(math.Sqrt(p2))
}

// Power returns the probability of finding that p1 and p2 differ.
func (d Proportions) Power(p1, p2 float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	if err := checkProportions(p1, p2); err != nil {
		return 0, err
	}
	return d.power(p1, p2), nil
}

func (d Proportions) power(p1, p2 float64) float64 {
	z := -normalQuantile(d.Sides.tail(d.Alpha))
	difference, null, alternative := math.Abs(p1-p2), 1.0, 1.0
	if d.Arcsine {
		difference = math.Abs(EffectSize(p1, p2)) * math.Sqrt(1/(1/d.N1+1/d.N2))
	} else {
		null, alternative = d.StandardErrors(p1, p2)
	}
	p := phi((difference - z*null) / alternative)
	if d.Sides != OneSided {
		p += phi((-difference - z*null) / alternative)
	}
	return min(p, 1)
}

// Solve returns the design whose groups, in the ratio of d's N1 and N2, are just large enough to tell p1 from p2 with the
// wanted power. The sizes are the roots of the equation, not rounded.
func (d Proportions) Solve(p1, p2, wanted float64) (Proportions, error) {
	if err := d.Check(); err != nil {
		return Proportions{}, err
	}
	if err := checkProportionGoal(p1, p2, wanted, d.Alpha); err != nil {
		return Proportions{}, err
	}
	sized := func(times float64) Proportions {
		s := d
		s.N1, s.N2 = d.N1*times, d.N2*times
		return s
	}
	rough := d.roughTimes(p1, p2, wanted)
	times := increasingRoot(func(times float64) float64 { return probitGap(sized(times).power(p1, p2), wanted) },
		0, math.Inf(1), rough, sizeSlope(normalQuantile(wanted)-normalQuantile(d.Sides.tail(d.Alpha)), rough))
	return sized(times), solved(times * max(d.N1, d.N2))
}

func checkProportionGoal(p1, p2, wanted, alpha float64) error {
	if err := checkProportions(p1, p2); err != nil {
		return err
	}
	if p1 == p2 {
		return ErrDifference
	}
	return checkWanted(wanted, alpha)
}

// roughTimes returns about how many times the people of d are needed: exactly so for a one-sided test.
func (d Proportions) roughTimes(p1, p2, wanted float64) float64 {
	z, zWanted := -normalQuantile(d.Sides.tail(d.Alpha)), normalQuantile(wanted)
	null, alternative := d.StandardErrors(p1, p2)
	difference := math.Abs(p1 - p2)
	if d.Arcsine {
		null, alternative = 1, 1
		difference = math.Abs(EffectSize(p1, p2)) * math.Sqrt(1/(1/d.N1+1/d.N2))
	}
	return math.Pow(max(z*null+zWanted*alternative, 1e-3*difference)/difference, 2)
}

// Above returns the smallest proportion over p that is told from p with the wanted power, where p is that of the first
// group or of the second. It fails with ErrNoOther if even 1 is too near.
func (d Proportions) Above(p float64, first bool, wanted float64) (float64, error) {
	return d.other(p, 1, first, wanted)
}

// Below returns the largest proportion under p that is told from p with the wanted power.
func (d Proportions) Below(p float64, first bool, wanted float64) (float64, error) {
	return d.other(p, 0, first, wanted)
}

func (d Proportions) other(p, end float64, first bool, wanted float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	if !(p >= 0 && p <= 1) {
		return 0, ErrProportion
	}
	if err := checkWanted(wanted, d.Alpha); err != nil {
		return 0, err
	}
	if p == end {
		return 0, ErrNoOther
	}
	at := func(distance float64) float64 { return p + math.Copysign(distance, end-p) }
	power := func(distance float64) float64 {
		if first {
			return d.power(p, at(distance))
		}
		return d.power(at(distance), p)
	}
	furthest, found := math.Abs(end-p), false
	for _, share := range shares {
		if found = power(share*furthest) >= wanted; found {
			furthest *= share
			break
		}
	}
	if !found {
		return 0, ErrNoOther
	}
	// By halves: near 0 and 1, where the variance vanishes, the power may rise too suddenly for larger steps.
	low, high := 0.0, furthest
	for middle := high / 2; middle > low && middle < high; middle = low + (high-low)/2 {
		if power(middle) < wanted {
			low = middle
		} else {
			high = middle
		}
	}
	return at(high), nil
}

// shares are the places between a proportion and 0 or 1 at which other looks for enough power: at the end first, then, as
// with very few people the power falls again before the end, where the variance of the other proportion vanishes, on the
// way there.
var shares = func() []float64 {
	const steps = 64
	all := []float64{1}
	for i := 1; i < steps; i++ {
		all = append(all, float64(i)/steps)
	}
	return all
}()
