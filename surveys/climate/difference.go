package climate

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"wellwave/scoring"
	"wellwave/scoring/power"
)

// z95 is the normal quantile of 0.975.
const z95 = 1.959963984540054

// Difference is a difference with its 95 % interval, in the units of the scores. DF and P are unknown where the interval is
// a normal one; all but the estimate are where there is nothing to judge chance by.
type Difference struct {
	Estimate scoring.Figure
	SE, DF   scoring.Figure
	Low      scoring.Figure
	High     scoring.Figure
	P        scoring.Figure // two-sided
}

// known returns v as a figure, and an unknown one if v is no ordinary number.
func known(v float64) scoring.Figure {
	if !finite(v) {
		return scoring.Figure{}
	}
	return scoring.Figure{Value: v, Known: true}
}

// only is a difference of which nothing but the estimate is known.
func only(estimate float64) Difference { return Difference{Estimate: known(estimate)} }

// byT returns the estimate with the interval of Student's t: estimate ± t(.975, df)·√variance. It is only the estimate
// where variance is not above dust, which is what rounding leaves of none, or df not above 0.
func byT(estimate, variance, df, dust float64) Difference {
	if !(variance > dust && df > 0) {
		return only(estimate)
	}
	t, se := distuv.StudentsT{Sigma: 1, Nu: df}, math.Sqrt(variance)
	half := power.StudentQuantile(0.025, df) * se
	return Difference{Estimate: known(estimate), SE: known(se), DF: known(df), Low: known(estimate - half), High: known(estimate + half),
		P: known(2 * t.CDF(-math.Abs(estimate)/se))}
}

// byNormal returns the estimate with the interval estimate ± z·√variance. A variance of 0 is one: of a census.
func byNormal(estimate, variance float64) Difference {
	se := math.Sqrt(variance)
	return Difference{Estimate: known(estimate), SE: known(se), Low: known(estimate - z95*se), High: known(estimate + z95*se)}
}

// dustOf returns the variance that rounding may leave where there is none, for numbers as large as these.
func dustOf(largest float64) float64 { return 1e-24 * largest * largest }

// oneSample compares the mean of xs with a fixed number, by Student's t with k − 1 degrees of freedom: the estimate is
// mean − fixed and its variance s²/k. It is only the estimate for one practice.
func oneSample(xs []float64, fixed, dust float64) Difference {
	k := float64(len(xs))
	estimate := stat.Mean(xs, nil) - fixed
	if k < 2 {
		return only(estimate)
	}
	return byT(estimate, stat.Variance(xs, nil)/k, k-1, dust)
}

// welch compares the means of xs and ys, xs minus ys: variance s₁²/k₁ + s₂²/k₂, and degrees of freedom by
// (a+b)² / (a²/(k₁−1) + b²/(k₂−1)) with a and b its two parts. It is only the estimate where either has one number.
//
// Source: Welch BL. Biometrika 1947;34:28–35.
func welch(xs, ys []float64, dust float64) Difference {
	estimate := stat.Mean(xs, nil) - stat.Mean(ys, nil)
	if len(xs) < 2 || len(ys) < 2 {
		return only(estimate)
	}
	k1, k2 := float64(len(xs)), float64(len(ys))
	a, b := stat.Variance(xs, nil)/k1, stat.Variance(ys, nil)/k2
	return byT(estimate, a+b, satterthwaite(a, k1-1, b, k2-1), dust)
}

// satterthwaite returns the degrees of freedom of the sum of two independent variances.
func satterthwaite(a, dfA, b, dfB float64) float64 { return (a + b) * (a + b) / (a*a/dfA + b*b/dfB) }

// pooled compares the means of xs and ys, xs minus ys, by Student's t with one variance for both and k₁ + k₂ − 2 degrees of
// freedom. It is only the estimate where either has one number.
//
// Source: Student. Biometrika 1908;6:1–25.
func pooled(xs, ys []float64, dust float64) Difference {
	estimate := stat.Mean(xs, nil) - stat.Mean(ys, nil)
	if len(xs) < 2 || len(ys) < 2 {
		return only(estimate)
	}
	k1, k2 := float64(len(xs)), float64(len(ys))
	variance := ((k1-1)*stat.Variance(xs, nil) + (k2-1)*stat.Variance(ys, nil)) / (k1 + k2 - 2)
	return byT(estimate, variance*(1/k1+1/k2), k1+k2-2, dust)
}

// crawfordHowell compares one number with the mean of k others: the estimate is x − mean, its variance s²(1 + 1/k) and the
// degrees of freedom k − 1. It is only the estimate for fewer than two others.
//
// It asks whether x could be one more of the others, and takes it that they are all measured alike: an x from fewer
// respondents than the others strays further by chance alone, and the interval is then too narrow. [correctedCase] is not.
//
// Source: Crawford JR, Howell DC. Clin Neuropsychol 1998;12:482–486.
func crawfordHowell(x float64, others []float64, dust float64) Difference {
	if len(others) == 0 {
		return Difference{}
	}
	k := float64(len(others))
	estimate := x - stat.Mean(others, nil)
	if k < 2 {
		return only(estimate)
	}
	return byT(estimate, stat.Variance(others, nil)*(1+1/k), k-1, dust)
}

// correctedCase is [crawfordHowell] corrected for the sampling of staff. own is the sampling variance of x, v₁/n₁ + v₂/n₂ of
// a change with v the variance of the practice's scores and n its respondents in each round, and sampling are those of the
// others. The variance of the estimate is
//
//	s²(1 + 1/k) − ē + own
//
// where ē is the mean of sampling: s² holds the others' true spread and their sampling, of which the latter is taken out of
// the case and the practice's own put in. The degrees of freedom are k − 1.
//
// Where s² is less than ē the others' true spread is estimated as 0 and not below it, so the variance is s²/k + own and
// never 0 or less. With 15 others of 16 respondents and a practice of 6 to 16 the interval covers in .95 to .97 of
// simulations, whatever the true spread, where without this floor it covers in .93 to .95 and worse for others with
// fewer, and the printed one in .80 to .95.
//
// It is only the estimate for fewer than two others, and where own or one of sampling is unknown.
func correctedCase(x float64, own scoring.Figure, others []float64, sampling []scoring.Figure, dust float64) Difference {
	if len(others) == 0 {
		return Difference{}
	}
	k := float64(len(others))
	estimate := x - stat.Mean(others, nil)
	if k < 2 || !own.Known {
		return only(estimate)
	}
	variances := make([]float64, len(sampling))
	for i, e := range sampling {
		if !e.Known {
			return only(estimate)
		}
		variances[i] = e.Value
	}
	spread := stat.Variance(others, nil)
	return byT(estimate, max(0, spread-floats.Sum(variances)/k)+spread/k+own.Value, k-1, dust)
}

// adjusted compares the mean changes of two groups, the first minus the second, at one start: the coefficient of the group
// in the least squares of change on group and start, with k − 3 degrees of freedom. The slope b is that within the groups;
// the estimate is D − bB with D and B the differences of mean changes and mean starts, and its variance
// σ²(1/k₁ + 1/k₂ + B²/S) with S the sum of squares of starts within groups and σ² what is left over.
//
// Practices that start low by chance rise by chance, so a slope below 0 is nothing of note. It is unknown for fewer than
// four practices, without practices in either group, and where practices of a group all start alike.
//
// Source: Cochran WG. Biometrics 1957;13:261–281.
func adjusted(starts1, changes1, starts2, changes2 []float64, dust float64) Difference {
	k1, k2 := float64(len(changes1)), float64(len(changes2))
	if k1 == 0 || k2 == 0 || k1+k2 < 4 {
		return Difference{}
	}
	x1, x2, apart := centred(starts1, starts2)
	y1, y2, more := centred(changes1, changes2)
	xs, ys := append(x1, x2...), append(y1, y2...)
	xx := floats.Dot(xs, xs)
	if !(xx > dust) {
		return Difference{}
	}
	slope, df := floats.Dot(xs, ys)/xx, k1+k2-3
	floats.AddScaled(ys, -slope, xs) // what is left over; from sums alone it would be less exact
	left := floats.Dot(ys, ys)
	return byT(more-slope*apart, left/df*(1/k1+1/k2+apart*apart/xx), df, dust)
}

// centred returns the numbers of two groups without their means, and how far apart these are.
func centred(as, bs []float64) (a, b []float64, apart float64) {
	a, b = slices.Clone(as), slices.Clone(bs)
	meanA, meanB := stat.Mean(a, nil), stat.Mean(b, nil)
	floats.AddConst(-meanA, a)
	floats.AddConst(-meanB, b)
	return a, b, meanA - meanB
}
