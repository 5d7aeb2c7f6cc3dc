package power

import "math"

// Sides says whether a test looks for a difference in one direction or in both. The zero value is both.
type Sides int

// The two kinds of test.
const (
	OneSided Sides = 1
	TwoSided Sides = 2
)

// tail returns the probability that the test leaves beyond its critical value on one side.
func (s Sides) tail(alpha float64) float64 {
	if s == OneSided {
		return alpha
	}
	return alpha / 2
}

// tTest is the test that comparisons of means end in: a difference over its standard error, against Student's t.
type tTest struct {
	df    float64
	alpha float64
	sides Sides
}

// critical returns the value that the statistic has to pass.
func (t tTest) critical() float64 { return studentQuantile(t.sides.tail(t.alpha), t.df) }

// power returns the probability of passing the critical value when the true difference is lambda standard errors. A
// one-sided test finds nothing below 0.
func (t tTest) power(lambda float64) float64 { return t.powerPast(t.critical(), lambda) }

func (t tTest) powerPast(critical, lambda float64) float64 {
	if t.sides == OneSided {
		return exceeds(critical, t.df, lambda)
	}
	lambda = math.Abs(lambda)
	p := exceeds(critical, t.df, lambda)
	if lambda < otherTail {
		p += exceeds(critical, t.df, -lambda)
	}
	return min(p, 1)
}

// otherTail is the noncentrality from which on the tail on the wrong side is under 1e-17 of the power: their ratio is at
// least Φ(λ)/Φ(−λ).
const otherTail = 8.6

// detectable returns the difference, in standard errors, that is found with probability wanted, which is over alpha.
func (t tTest) detectable(wanted float64) float64 {
	critical := t.critical()
	f := func(lambda float64) float64 { return probitGap(t.powerPast(critical, lambda), wanted) }
	// A normal approximation to the noncentral t at its critical value, (λ − q(1−1/4df))/√(1+q²/2df).
	start := critical*(1-min(1/(4*t.df), 0.5)) + normalQuantile(wanted)*math.Sqrt(1+critical*critical/(2*t.df))
	return increasingRoot(f, 0, math.Inf(1), max(start, 0.1))
}

// studentQuantile returns the q with P(T > q) = tail of Student's t with df degrees of freedom.
func studentQuantile(tail, df float64) float64 {
	switch {
	case tail == 0.5:
		return 0
	case tail > 0.5:
		return -studentQuantile(1-tail, df)
	}
	q := studentStart(tail, df)
	// Newton's method on log P as a function of log q, nearly a straight line in the far tail of few degrees of freedom,
	// and convex, so the steps can't swing.
	for range 60 {
		if math.IsInf(q, 1) { // a small fraction of a degree of freedom
			break
		}
		p := exceeds(q, df, 0)
		step := p / (q * studentDensity(q, df)) * math.Log(p/tail)
		q *= math.Exp(max(min(step, 2), -2))
		if math.Abs(step) < 1e-7 { // the next step would be its square
			break
		}
	}
	return q
}

// studentStart returns a rough quantile: the Cornish–Fisher expansion about the normal one, or where that is far off, the
// limit of the tail, P(T > q) ≈ c·q^(−df).
func studentStart(tail, df float64) float64 {
	z := -normalQuantile(tail)
	if z*z < df {
		z2 := z * z
		return z * (1 + ((z2+1)/4+((5*z2+16)*z2+3)/(96*df)+(((3*z2+19)*z2+17)*z2-15)/(384*df*df))/df)
	}
	return math.Exp((studentLogConstant(df) + (df-1)/2*math.Log(df) - math.Log(tail)) / df)
}

// studentLogConstant returns the logarithm of the density of Student's t at 0.
func studentLogConstant(df float64) float64 {
	over, _ := math.Lgamma((df + 1) / 2)
	under, _ := math.Lgamma(df / 2)
	return over - under - math.Log(math.Pi*df)/2
}

func studentDensity(q, df float64) float64 {
	return math.Exp(studentLogConstant(df) - (df+1)/2*math.Log1p(q*q/df))
}
