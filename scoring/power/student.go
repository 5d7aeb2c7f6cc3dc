package power

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

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
	return min(tails(critical, t.df, math.Abs(lambda), true), 1)
}

// detectable returns the difference, in standard errors, that is found with probability wanted, which is over alpha.
func (t tTest) detectable(wanted float64) float64 {
	critical := t.critical()
	f := func(lambda float64) float64 { return probitGap(t.powerPast(critical, lambda), wanted) }
	return increasingRoot(f, 0, math.Inf(1), t.rough(critical, wanted), 1/math.Sqrt(1+critical*critical/(2*t.df)))
}

// rough returns about what detectable does, by a normal approximation to the noncentral t at its critical value: for power
// wanted, (λ − q(1−1/4df))/√(1+q²/2df) is the normal quantile of it.
func (t tTest) rough(critical, wanted float64) float64 {
	centre, spread := t.normalised(critical)
	return max(centre+normalQuantile(wanted)*spread, 0.1)
}

func (t tTest) normalised(critical float64) (centre, spread float64) {
	return critical * (1 - min(1/(4*t.df), 0.5)), math.Sqrt(1 + critical*critical/(2*t.df))
}

// roughSize returns about the size at which a test has the wanted power, and how fast the normal quantile of the power
// grows with size there. test says what test a size leads to, and size how large it must be for a noncentrality.
func roughSize(test func(size float64) tTest, size func(lambda float64) float64, wanted float64) (rough, slope float64) {
	at := func(size float64) (t tTest, critical float64) {
		t = test(size)
		t.df = max(t.df, 2)
		critical, _ = studentStart(t.sides.tail(t.alpha), t.df)
		return t, critical
	}
	t, critical := at(1e9)
	for range 4 { // each adds a digit, until the approximation has no more
		rough = size(t.rough(critical, wanted))
		t, critical = at(rough)
	}
	const more = 1.05
	lambda := t.rough(critical, wanted)
	t, critical = at(more * rough)
	centre, spread := t.normalised(critical)
	grown := (lambda*math.Sqrt(more)-centre)/spread - normalQuantile(wanted)
	return rough, max(grown/(more-1), 0.01) / rough
}

// StudentQuantile returns the value that Student's t with df degrees of freedom, a fraction or more than one, passes with
// probability tail, for intervals and tests of other packages. It agrees with 40-digit integration to 1e-12 of itself
// (testdata).
func StudentQuantile(tail, df float64) float64 { return studentQuantile(tail, df) }

// studentQuantile returns the q with P(T > q) = tail of Student's t with df degrees of freedom.
func studentQuantile(tail, df float64) float64 {
	switch {
	case tail == 0.5:
		return 0
	case tail > 0.5:
		return -studentQuantile(1-tail, df)
	}
	q, exact := studentStart(tail, df)
	if exact {
		return q
	}
	// Halley's method on log P as a function of log q, nearly a straight line in the far tail of few degrees of freedom.
	for range 60 {
		if math.IsInf(q, 1) { // a small fraction of a degree of freedom
			break
		}
		p := studentTail(q, df)
		slope := q * studentDensity(q, df) / p
		curvature := 1 - (df+1)*q*q/(df+q*q) + slope
		step := math.Log(p/tail) / slope
		step = max(min(step/(1+max(step*curvature/2, -0.5)), 2), -2)
		q *= math.Exp(step)
		if math.Abs(step) < 1e-5 { // the next step would be about its cube
			break
		}
	}
	return q
}

// studentStart returns a rough quantile: the Cornish–Fisher expansion about the normal one, which is exact where the first
// term left out is nothing, or where that is far off, the limit of the tail, P(T > q) ≈ c·q^(−df).
func studentStart(tail, df float64) (q float64, exact bool) {
	z := -normalQuantile(tail)
	z2 := z * z
	if z2 >= df || df < 1 {
		return math.Exp((studentLogConstant(df) + (df-1)/2*math.Log(df) - math.Log(tail)) / df), false
	}
	fourth := ((((79*z2+776)*z2+1482)*z2-1920)*z2 - 945) / (92160 * df)
	third := (((3*z2+19)*z2+17)*z2-15)/384 + fourth
	second := ((5*z2+16)*z2+3)/96 + third/df
	return z * (1 + ((z2+1)/4+second/df)/df), z2+3 < 0.005*df
}

// studentTail returns P(T > q) for q > 0. The incomplete beta function is quicker, and with many degrees of freedom loses
// digits.
func studentTail(q, df float64) float64 {
	if df > 300 {
		return exceeds(q, df, 0)
	}
	return mathext.RegIncBeta(df/2, 0.5, df/(df+q*q)) / 2
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
