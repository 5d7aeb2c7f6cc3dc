package power

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// exceeds returns P(T > q) of the noncentral t distribution with df > 0 degrees of freedom and noncentrality lambda.
//
// T = (Z+λ)/S with Z standard normal and S² = χ²/df, so P(T > q) = E Φ(λ−qS) for q ≥ 0, and P(T > q) = 1 − P(−T ≥ −q)
// for q < 0, where −T has noncentrality −λ. The expectation is an integral over x = log S of an integrand that is smooth
// and falls off at both ends, which the trapezoidal rule sums to nearly all the digits of a float64 (Trefethen LN,
// Weideman JAC. SIAM Rev 2014;56:385–458). Every term is positive, so a small probability keeps its digits too, which the
// difference from 1 of the usual series (Lenth 1989, AS 243) doesn't; nor is there a limit to λ.
func exceeds(q, df, lambda float64) float64 {
	if q < 0 {
		return 1 - tails(-q, df, -lambda, false)
	}
	return tails(q, df, lambda, false)
}

// tails returns P(T > q), and with both P(|T| > q), for q ≥ 0. With both λ must not be negative.
func tails(q, df, lambda float64, both bool) float64 {
	switch {
	case math.IsNaN(q + df + lambda):
		return math.NaN()
	case q == 0 && both || math.IsInf(lambda, 1):
		return 1
	case q == 0:
		return phi(lambda)
	case math.IsInf(q, 1) || math.IsInf(lambda, -1):
		return 0
	case df > nearlyNormal && both:
		return phi(lambda-q) + phi(-lambda-q)
	case df > nearlyNormal:
		return phi(lambda - q)
	case lambda > 20 && lambda*lambda > 800*df: // where the other tail is nothing
		return exceedsFar(q, df, lambda)
	default:
		return tailsNear(q, df, lambda, both)
	}
}

// nearlyNormal is how many degrees of freedom make S so nearly 1 that its spread can't be told.
const nearlyNormal = 1e14

// negligible is the share of a sum below which a further term changes nothing.
const negligible = 1e-17

// tailsNear integrates Φ(λ−q·eˣ) over the distribution of x = log S, and with both Φ(−λ−q·eˣ) too.
func tailsNear(q, df, lambda float64, both bool) float64 {
	s := likeliestScale(q, df, lambda)
	// Φ changes over a space of 1/(qs) in log s: where the integrand is largest, or further right, where it falls. In its
	// tail the slope adds to that.
	steepest := q * s
	if lambda > steepest && df*logScaleExponent(math.Log(lambda/q)) > logNegligible {
		steepest = lambda
	}
	narrowness := 2*df*s*s + steepest*steepest + max(0, q*s-lambda)*q*s
	// 0.09 is what the doubly exponential right tail of log S needs when there are few degrees of freedom. Both numbers
	// were found by comparing with a third of the step: the difference is under 2e-13 of the result.
	h := min(0.09, 0.57/math.Sqrt(narrowness))
	density := func(x float64) float64 {
		cut := q * math.Exp(x)
		p := phi(lambda - cut)
		if both && cut+lambda < nothing {
			p += phi(-lambda - cut)
		}
		return p * math.Exp(df*logScaleExponent(x))
	}
	return min(h*logScaleConstant(df)*sumBothWays(density, math.Log(s), h), 1)
}

// logNegligible is the logarithm of negligible, and nothing a normal quantile beyond which a tail is less than that of
// what Φ(λ−q·eˣ) is at the same place.
const logNegligible, nothing = -39.2, 9

// likeliestScale returns about where the product of Φ(λ−qs) and the density of S has its maximum: the root of the equation
// of the mode with Φ replaced by its tail, and 1, where S itself is likeliest, at most.
func likeliestScale(q, df, lambda float64) float64 {
	a, b := q*q+df, q*lambda
	root := math.Sqrt(b*b + 4*a*df)
	if b < 0 { // without the difference of two nearly equal numbers
		return min(1, 2*df/(root-b))
	}
	return min(1, (b+root)/(2*a))
}

// logScaleConstant returns 2aᵃe⁻ᵃ/Γ(a) with a = df/2, the density of log S at 0.
func logScaleConstant(df float64) float64 {
	a := df / 2
	if a < 20 {
		gamma, _ := math.Lgamma(a)
		return 2 * math.Exp(a*math.Log(a)-a-gamma)
	}
	// By Stirling's series, because the logarithms would cancel.
	r := 1 / (a * a)
	return 2 * math.Sqrt(a/(2*math.Pi)) * math.Exp(-(1.0/12-r*(1.0/360-r*(1.0/1260-r/1680)))/a)
}

// logScaleExponent returns x − (e²ˣ−1)/2: df times it is the logarithm of the density of log S over that at 0.
func logScaleExponent(x float64) float64 {
	if math.Abs(x) > 0.05 {
		return x - math.Expm1(2*x)/2
	}
	// The series −Σ 2ᵏ⁻¹xᵏ/k! from k = 2 to 11, because x cancels.
	sum := 2.0/14175 + x*4.0/155925
	sum = 1.0/315 + x*(2.0/2835+x*sum)
	sum = 2.0/45 + x*(4.0/315+x*sum)
	sum = 1.0/3 + x*(2.0/15+x*sum)
	return -x * x * (1 + x*(2.0/3+x*sum))
}

// exceedsFar integrates P(S < (z+λ)/q) over the distribution of Z. It serves large λ with few degrees of freedom, where
// Φ(λ−qS) falls from 1 to 0 in too short a space for exceedsNear. A z of less than −λ doesn't matter then.
func exceedsFar(q, df, lambda float64) float64 {
	density := func(z float64) float64 {
		ratio := (z + lambda) / q
		return math.Exp(-z*z/2) * mathext.GammaIncReg(df/2, df*ratio*ratio/2)
	}
	const h = 0.5
	return min(h/math.Sqrt(2*math.Pi)*sumBothWays(density, 0, h), 1)
}

// sumBothWays adds f at at, at±h, at±2h and so on, until the terms no longer matter. f has one maximum, not far from at.
func sumBothWays(f func(float64) float64, at, h float64) float64 {
	first := f(at)
	sum := first
	for _, step := range [2]float64{h, -h} {
		before := first
		for i := 1; i < maxTerms; i++ {
			term := f(at + float64(i)*step)
			sum += term
			if term <= before && term <= negligible*sum {
				break
			}
			before = term
		}
	}
	return sum
}

// maxTerms bounds a sum that can't come to it: steps of 0.09 into a tail that falls by e^(−0.09·df) each.
const maxTerms = 1 << 16

// phi returns the standard normal distribution function.
func phi(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
