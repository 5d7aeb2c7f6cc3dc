package power

import "math"

// Paired is a comparison of two measurements of the same people by Student's t test of their differences.
//
// The statistic has n−1 degrees of freedom for n pairs, and noncentrality √n·δ/σ with the standard deviation σ of the
// differences. Ranges: n > 1, whole or not; σ > 0. Sides and tails are as in [Means]; the numbers are those of R's
// power.t.test(type = "paired", strict = TRUE).
//
// Source: Cohen J. Statistical power analysis for the behavioral sciences, 2nd edition. Erlbaum 1988, section 2.3.5.
type Paired struct {
	Pairs float64
	SD    float64 // of the differences
	Alpha float64
	Sides Sides
}

// DifferenceSD returns the standard deviation of the difference between two measurements that each have the standard
// deviation sd and correlate by r: sd·√(2(1−r)).
func DifferenceSD(sd, r float64) float64 { return sd * math.Sqrt(2*(1-r)) }

// Check says what is wrong with the design, or nil.
func (d Paired) Check() error {
	if !(d.DF() >= leastDF) || math.IsInf(d.Pairs, 0) {
		return ErrPairs
	}
	return d.checkTest()
}

func (d Paired) checkTest() error { return checkMeans(d.SD, 0, 0, d.Alpha) }

// StandardError returns the standard error of the mean difference, σ/√n.
func (d Paired) StandardError() float64 { return d.SD / math.Sqrt(d.Pairs) }

// DF returns the degrees of freedom, n−1.
func (d Paired) DF() float64 { return d.Pairs - 1 }

func (d Paired) test() tTest { return tTest{d.DF(), d.Alpha, d.Sides} }

// Power returns the probability of finding a true mean difference of delta.
func (d Paired) Power(delta float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	return d.test().power(delta / d.StandardError()), nil
}

// Detectable returns the smallest mean difference that is found with the wanted power.
func (d Paired) Detectable(wanted float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	if err := checkWanted(wanted, d.Alpha); err != nil {
		return 0, err
	}
	return d.test().detectable(wanted) * d.StandardError(), nil
}

// Solve returns the design with just as many pairs as find delta with the wanted power, the root of the equation.
func (d Paired) Solve(delta, wanted float64) (Paired, error) {
	if err := d.checkTest(); err != nil {
		return Paired{}, err
	}
	if err := checkGoal(delta, wanted, d.Alpha, d.Sides); err != nil {
		return Paired{}, err
	}
	gap := func(pairs float64) float64 {
		s := d
		s.Pairs = pairs
		return probitGap(s.test().power(delta/s.StandardError()), wanted)
	}
	rough, slope := roughSize(func(pairs float64) tTest { return tTest{pairs - 1, d.Alpha, d.Sides} },
		func(lambda float64) float64 { return math.Pow(lambda*d.SD/delta, 2) }, wanted)
	var err error
	if d.Pairs, err = sizeRoot(gap, 1+leastDF, math.Inf(1), max(rough, 2), slope); err != nil {
		return Paired{}, err
	}
	return d, solved(d.Pairs)
}
