package power

import "math"

// Means is a comparison of the means of two independent groups by Student's t test, with equal variances.
//
// The statistic has n₁+n₂−2 degrees of freedom and noncentrality δ/SE with SE² = σ²(1−r²)(1/n₁ + 1/n₂).
type Means struct {
	N1, N2      float64 // people analysed
	SD          float64
	Correlation float64 // of the outcome with its baseline; 0 for an unadjusted comparison
	Alpha       float64
	Sides       Sides
}

// Check says what is wrong with the design, or nil.
func (d Means) Check() error {
	switch {
	case !(d.N1 >= 1 && d.N2 >= 1 && d.N1+d.N2 > 2):
		return ErrSizes
	default:
		return checkTest(d.SD, d.Correlation, d.Alpha)
	}
}

func checkTest(sd, correlation, alpha float64) error {
	switch {
	case !(sd > 0) || math.IsInf(sd, 0):
		return ErrSD
	case !(math.Abs(correlation) < 1):
		return ErrCorrelation
	case !(alpha > 0 && alpha < 1):
		return ErrAlpha
	default:
		return nil
	}
}

// StandardError returns the standard error of the difference.
func (d Means) StandardError() float64 {
	return d.SD * math.Sqrt((1-d.Correlation*d.Correlation)*(1/d.N1+1/d.N2))
}

func (d Means) test() tTest { return tTest{d.N1 + d.N2 - 2, d.Alpha, d.Sides} }

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
	if !(wanted > d.Alpha && wanted < 1) {
		return 0, ErrPower
	}
	return d.test().detectable(wanted) * d.StandardError(), nil
}

// Solve returns the design with the fewest people that finds delta with the wanted power: whole numbers, in the ratio of
// d's N1 and N2 as near as that allows.
func (d Means) Solve(delta, wanted float64) (Means, error) {
	if err := checkTest(d.SD, d.Correlation, d.Alpha); err != nil {
		return Means{}, err
	}
	if !(d.N1 > 0 && d.N2 > 0) {
		return Means{}, ErrSizes
	}
	if err := checkGoal(delta, wanted, d.Alpha); err != nil {
		return Means{}, err
	}
	smaller := min(d.N1, d.N2)
	sized := func(n int) Means {
		s := d
		s.N1, s.N2 = ceil(float64(n)*d.N1/smaller), ceil(float64(n)*d.N2/smaller)
		return s
	}
	n := firstTrue(2, func(n int) bool {
		s := sized(n)
		return s.test().power(delta/s.StandardError()) >= wanted
	})
	return sized(n), nil
}

func checkGoal(delta, wanted, alpha float64) error {
	switch {
	case !(delta > 0) || math.IsInf(delta, 0):
		return ErrDifference
	case !(wanted > alpha && wanted < 1):
		return ErrPower
	default:
		return nil
	}
}

// ceil rounds up, forgiving the last bits that a ratio such as 3·(1/3) loses.
func ceil(x float64) float64 { return math.Ceil(x - 1e-9*max(1, x)) }

// firstTrue returns the smallest n from start on for which a monotone condition holds. The condition must hold somewhere.
func firstTrue(start int, holds func(int) bool) int {
	if holds(start) {
		return start
	}
	low, high := start, 2*start
	for !holds(high) {
		low, high = high, 2*high
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		if holds(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
