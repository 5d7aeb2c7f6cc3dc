package power

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Sides says whether a test looks for a difference in one direction or in both. The zero value is both.
type Sides int

// The two kinds of test.
const (
	OneSided Sides = 1
	TwoSided Sides = 2
)

// Errors that say why there is no number.
var (
	ErrAlpha       = errors.New("power: alpha must lie between 0 and 1")
	ErrPower       = errors.New("power: the wanted power must be higher than alpha and lower than 1")
	ErrDifference  = errors.New("power: the difference must be above 0")
	ErrSD          = errors.New("power: the standard deviation must be above 0")
	ErrCorrelation = errors.New("power: the correlation must lie above −1 and below 1")
	ErrICC         = errors.New("power: the intracluster correlation must lie between 0 and 1")
	ErrSizes       = errors.New("power: each arm needs people, and both together more than two")
	ErrClusters    = errors.New("power: each arm needs a cluster and people, and both arms together at least three clusters")
	ErrOutOfReach  = errors.New("power: no number of people can reach this power with these clusters")
)

// tTest is the test that every design here ends in: a difference over its standard error, against Student's t.
type tTest struct {
	df    float64
	alpha float64
	sides Sides
}

// critical returns the value that the statistic has to pass.
func (t tTest) critical() float64 {
	tail := t.alpha / 2
	if t.sides == OneSided {
		tail = t.alpha
	}
	return -distuv.StudentsT{Sigma: 1, Nu: t.df}.Quantile(tail)
}

// power returns the probability of passing the critical value when the true difference is lambda standard errors.
func (t tTest) power(lambda float64) float64 { return t.powerPast(t.critical(), math.Abs(lambda)) }

func (t tTest) powerPast(critical, lambda float64) float64 {
	p := upperTail(critical, t.df, lambda)
	if t.sides != OneSided {
		p += lowerTail(-critical, t.df, lambda)
	}
	return min(max(p, 0), 1)
}

// detectable returns the difference, in standard errors, that is found with probability wanted.
func (t tTest) detectable(wanted float64) float64 {
	critical := t.critical()
	low, high := 0.0, critical+1
	for t.powerPast(critical, high) < wanted {
		low, high = high, 2*high
	}
	// Bisection, because the power is monotone and flat at both ends, where Newton's method strays.
	for {
		middle := low + (high-low)/2
		if middle <= low || middle >= high || high-low < 1e-13*high {
			return middle
		}
		if t.powerPast(critical, middle) < wanted {
			low = middle
		} else {
			high = middle
		}
	}
}

// seriesLimit is the noncentrality up to which the series of AS 243 starts from a weight that a float64 can hold.
// Beyond it gonum falls back on a normal approximation that is wrong by up to 0.03 and, for negative arguments, by 1.
const seriesLimit = 37

// upperTail returns P(T > q) of the noncentral t distribution with df degrees of freedom, for lambda ≥ 0.
func upperTail(q, df, lambda float64) float64 {
	if lambda <= seriesLimit || q <= 0 {
		return 1 - lowerTail(q, df, lambda)
	}
	// T = (Z+λ)/√(χ²/ν), so T > q just when χ² < ν((Z+λ)/q)²: integrate that probability over Z. The integrand is smooth
	// wherever the outcome is in doubt, because a critical value this large comes with few degrees of freedom.
	tail := func(z float64) float64 {
		ratio := (z + lambda) / q
		return math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) * mathext.GammaIncReg(df/2, df*ratio*ratio/2)
	}
	return quad.Fixed(tail, -9, 9, 96, quad.Legendre{}, 0)
}

// lowerTail returns P(T < q) of the noncentral t distribution with df degrees of freedom, for lambda ≥ 0.
func lowerTail(q, df, lambda float64) float64 {
	switch {
	case lambda <= seriesLimit:
		return distuv.NoncentralT{Nu: df, Mu: lambda}.CDF(q)
	case q <= 0:
		return 0 // below Φ(−37)
	default:
		return 1 - upperTail(q, df, lambda)
	}
}
