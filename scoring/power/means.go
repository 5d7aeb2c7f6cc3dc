package power

import "math"

// Means is a comparison of the means of two independent groups by Student's t test, with equal variances.
//
// The statistic has n₁+n₂−2 degrees of freedom and noncentrality δ/√V with V = σ²(1−r²)(1/n₁ + 1/n₂)·B, where B is 1 or
// what BaselineDifference makes of it. Ranges: n ≥ 1 each and above 2 together, whole or not; σ > 0; r in (−1, 1). A
// positive δ is one that a one-sided test looks for; a two-sided test takes δ and −δ alike and counts both tails. Without
// covariate this is R's power.t.test(strict = TRUE), also at sizes that are no whole numbers.
//
// Source: Cohen J. Statistical power analysis for the behavioral sciences, 2nd edition. Erlbaum 1988, chapter 2.
type Means struct {
	N1, N2             float64 // people analysed
	SD                 float64
	Correlation        float64 // of the outcome with its baseline; 0 for an unadjusted comparison
	BaselineDifference float64 // between the groups, in SDs, that the adjustment has to make up for
	Alpha              float64
	Sides              Sides
}

// Check says what is wrong with the design, or nil.
func (d Means) Check() error {
	switch {
	case !(d.N1 >= 1 && d.N2 >= 1 && d.DF() >= leastDF) || math.IsInf(d.N1+d.N2, 0):
		return ErrSizes
	default:
		return d.checkTest()
	}
}

func (d Means) checkTest() error {
	return checkMeans(d.SD, d.Correlation, d.BaselineDifference, d.Alpha)
}

func checkMeans(sd, correlation, baseline, alpha float64) error {
	switch {
	case !(sd > 0) || math.IsInf(sd, 0):
		return ErrSD
	case !(math.Abs(correlation) < 1):
		return ErrCorrelation
	case math.IsNaN(baseline) || math.IsInf(baseline, 0):
		return ErrBaseline
	default:
		return checkAlpha(alpha)
	}
}

func checkAlpha(alpha float64) error {
	if !(alpha > 0 && alpha < 1) {
		return ErrAlpha
	}
	return nil
}

func checkWanted(wanted, alpha float64) error {
	if !(wanted > alpha && wanted < 1) {
		return ErrPower
	}
	return nil
}

// checkGoal checks a difference and the power to find it with, of which a size is to follow.
func checkGoal(delta, wanted, alpha float64, sides Sides) error {
	if sides != OneSided {
		delta = math.Abs(delta)
	}
	if !(delta > 0) || math.IsInf(delta, 0) {
		return ErrDifference
	}
	return checkWanted(wanted, alpha)
}

// baselineFactor returns how many times the variance grows because the groups differ by d SDs at baseline, a difference
// that the analysis of covariance takes out with a slope that is itself estimated: 1 + d²/((n₁+n₂−2)(1/n₁ + 1/n₂)).
func baselineFactor(d, n1, n2 float64) float64 {
	if d == 0 {
		return 1
	}
	return 1 + d*d/((n1+n2-2)*(1/n1+1/n2))
}

// StandardError returns the standard error of the difference, √V.
func (d Means) StandardError() float64 {
	return d.SD * math.Sqrt((1-d.Correlation*d.Correlation)*(1/d.N1+1/d.N2)*baselineFactor(d.BaselineDifference, d.N1, d.N2))
}

// DF returns the degrees of freedom, n₁+n₂−2.
func (d Means) DF() float64 { return d.N1 + d.N2 - 2 }

func (d Means) test() tTest { return tTest{d.DF(), d.Alpha, d.Sides} }

// Power returns the probability of finding a true difference of delta.
func (d Means) Power(delta float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	return d.test().power(delta / d.StandardError()), nil
}

// Detectable returns the smallest difference that is found with the wanted power.
func (d Means) Detectable(wanted float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	if err := checkWanted(wanted, d.Alpha); err != nil {
		return 0, err
	}
	return d.test().detectable(wanted) * d.StandardError(), nil
}

// Solve returns the design whose groups, in the ratio of d's N1 and N2, are just large enough to find delta with the
// wanted power. The sizes are the roots of the equation, not rounded.
func (d Means) Solve(delta, wanted float64) (Means, error) {
	if err := d.checkTest(); err != nil {
		return Means{}, err
	}
	if !(d.N1 > 0 && d.N2 > 0) {
		return Means{}, ErrSizes
	}
	if err := checkGoal(delta, wanted, d.Alpha, d.Sides); err != nil {
		return Means{}, err
	}
	share1, share2 := d.N1/(d.N1+d.N2), d.N2/(d.N1+d.N2)
	sized := func(total float64) Means {
		s := d
		s.N1, s.N2 = total*share1, total*share2
		return s
	}
	gap := func(total float64) float64 {
		s := sized(total)
		return probitGap(s.test().power(delta/s.StandardError()), wanted)
	}
	unit := sized(1e9).StandardError() * math.Sqrt(1e9) // where the factor for a baseline difference has come to rest
	rough, slope := roughSize(func(total float64) tTest { return sized(total).test() },
		func(lambda float64) float64 { return math.Pow(lambda*unit/delta, 2) }, wanted)
	total, err := sizeRoot(gap, 2+leastDF, math.Inf(1), max(rough, 4), slope)
	if err != nil {
		return Means{}, err
	}
	return sized(total), solved(total)
}

// leastDF is the fraction of a degree of freedom that a comparison of means needs. With next to none the power is not
// alpha, as it would be without people, but up to twice that, and critical values leave the range of a float64.
const leastDF = 0.2

// sizeRoot returns the size between least and most at which the gap to the wanted power closes. start is a guess. It fails
// with ErrTooFew if there is no gap at the least size either.
func sizeRoot(gap func(float64) float64, least, most, start, slope float64) (float64, error) {
	root := increasingRoot(gap, least, most, start, slope)
	if root <= least*(1+1e-9) {
		return 0, ErrTooFew
	}
	return root, nil
}

// sizeSlope returns about how fast the normal quantile of the power, λ−z, grows with a size: λ goes with its root.
func sizeSlope(lambda, size float64) float64 { return max(lambda, 0.1) / (2 * size) }

// solved returns an error if a search for a size has failed or led to one that no study will ever have.
func solved(size float64) error {
	switch {
	case !(size < mostPeople):
		return ErrTooMany
	case size < leastPeople:
		return ErrTooFew
	default:
		return nil
	}
}

// mostPeople and leastPeople are sizes beyond which it makes no sense to go: some clusters can do with a fraction of a
// person.
const mostPeople, leastPeople = 1e15, 1e-6
