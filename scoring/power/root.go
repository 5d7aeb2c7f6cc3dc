package power

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// increasingRoot returns the zero between low and high, neither of which is tried, of a function that increases there from
// below 0 to above it. start is a guess, and slope about the derivative there.
//
// It takes secant steps, and halves the interval instead where a step would leave it or steps go on for too long.
func increasingRoot(f func(float64) float64, low, high, start, slope float64) float64 {
	const enough, patience, most = 1e-12, 10, 200
	x0 := start
	y0 := f(x0)
	if y0 == 0 {
		return x0
	}
	low, high = narrowed(low, high, x0, y0)
	x1 := within(low, high, x0-max(min(y0/slope, 0.5*x0), -x0))
	for i := range most {
		y1 := f(x1)
		low, high = narrowed(low, high, x1, y1)
		if y1 == 0 || high-low <= 1e-15*math.Abs(x1) {
			return x1
		}
		next := x1 - y1*(x1-x0)/(y1-y0)
		if !(next > low && next < high) || i > patience && i%2 == 0 {
			next = within(low, high, next)
		} else if math.Abs((next-x1)*(next-x0)) <= enough*next*next {
			return next // whose error is about the product of those of the last two
		}
		x0, y0, x1 = x1, y1, next
	}
	return x1
}

// narrowed returns the part of the interval that holds the zero, now that f(x) = y is known.
func narrowed(low, high, x, y float64) (float64, float64) {
	if y < 0 {
		return max(low, x), high
	}
	return low, min(high, x)
}

// within returns x if it lies inside the interval, otherwise a place in its middle or, if it has no end, further out.
func within(low, high, x float64) float64 {
	switch {
	case x > low && x < high:
		return x
	case math.IsInf(high, 1):
		return 2*low + 1
	case low > 0 && high > 4*low:
		return math.Sqrt(low * high)
	default:
		return low + (high-low)/2
	}
}

// probitGap returns the distance of a power from the wanted one in normal quantiles, in which powers run straighter.
func probitGap(power, wanted float64) float64 {
	return normalQuantile(min(max(power, 1e-300), 1-1e-16)) - normalQuantile(wanted)
}

// normalQuantile returns the z with Φ(z) = p.
func normalQuantile(p float64) float64 { return mathext.NormalQuantile(p) }
