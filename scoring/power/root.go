package power

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// increasingRoot returns the zero between low and high, neither of which is tried, of a function that increases there from
// below 0 to above it. start is a guess, and slope about the derivative there.
//
// It takes a secant step and then steps of inverse quadratic interpolation, and halves the interval instead where a step
// would leave it or steps go on for too long.
func increasingRoot(f func(float64) float64, low, high, start, slope float64) float64 {
	const enough, patience, most = 1e-12, 10, 200
	a := point{start, f(start)}
	if a.y == 0 {
		return a.x
	}
	low, high = narrowed(low, high, a)
	b := a // the best but one so far, behind c and before a
	c := point{x: within(low, high, a.x-max(min(a.y/slope, 0.5*a.x), -a.x))}
	for i := range most {
		c.y = f(c.x)
		low, high = narrowed(low, high, c)
		if c.y == 0 || high-low <= 1e-15*math.Abs(c.x) {
			return c.x
		}
		next := towardsZero(a, b, c)
		if !(next > low && next < high) || i > patience && i%2 == 0 {
			next = within(low, high, c.x-c.y*(c.x-b.x)/(c.y-b.y))
		} else if math.Abs((next-a.x)*(next-b.x)*(next-c.x)) <= enough*math.Abs(next*next*next) && a != b {
			return next // whose error is about the product of those of the last three
		}
		a, b, c = b, c, point{x: next}
	}
	return c.x
}

// point is a place and the value of a function there.
type point struct{ x, y float64 }

// towardsZero returns where the parabola x(y) through three points is at y = 0, or the line if two of them are the same.
func towardsZero(a, b, c point) float64 {
	if a == b {
		return c.x - c.y*(c.x-b.x)/(c.y-b.y)
	}
	return a.x*b.y*c.y/((a.y-b.y)*(a.y-c.y)) + b.x*a.y*c.y/((b.y-a.y)*(b.y-c.y)) + c.x*a.y*b.y/((c.y-a.y)*(c.y-b.y))
}

// narrowed returns the part of the interval that holds the zero, now that a point is known.
func narrowed(low, high float64, p point) (float64, float64) {
	if p.y < 0 {
		return max(low, p.x), high
	}
	return low, min(high, p.x)
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
