package scoring

import "gonum.org/v1/gonum/stat/distuv"

// OneWay is the one-way analysis of variance of scores by group. The figures made from it are unknown for fewer than two
// groups and where no group has two people.
type OneWay struct {
	Groups int
	N      int
	// Between and Within are the mean squares, with Groups − 1 and N − Groups degrees of freedom.
	Between, Within float64
	// N0 is the size that stands for unequal ones in the expected mean square, (N − Σn²/N) / (Groups − 1).
	N0 float64
}

// NewOneWay returns the analysis of variance of the groups. Empty ones do not count.
//
// Source: Shrout PE, Fleiss JL. Psychol Bull 1979;86:420–428, case 1; N0 after Donner A. Int Stat Rev 1986;54:67–82.
func NewOneWay(groups []Sample) OneWay {
	var o OneWay
	pivot, sum, within, squaredSizes := 0.0, 0.0, 0.0, 0.0
	for _, g := range groups {
		if g.n == 0 {
			continue
		}
		if o.Groups == 0 {
			pivot = g.Mean().Value
		}
		n := float64(g.n)
		o.Groups++
		o.N += g.n
		sum += n * (g.Mean().Value - pivot)
		within += g.deviations()
		squaredSizes += n * n
	}
	if !o.known() {
		return o
	}
	people, between := float64(o.N), 0.0
	mean := pivot + sum/people
	for _, g := range groups {
		if g.n > 0 {
			d := g.Mean().Value - mean
			between += float64(g.n) * d * d
		}
	}
	o.Between = between / float64(o.Groups-1)
	o.Within = within / float64(o.N-o.Groups)
	o.N0 = (people - squaredSizes/people) / float64(o.Groups-1)
	return o
}

func (o OneWay) known() bool { return o.Groups > 1 && o.N > o.Groups }

// MeanSize returns the mean number of people in a group.
func (o OneWay) MeanSize() float64 { return float64(o.N) / float64(o.Groups) }

// ICC1 returns the intraclass correlation of one person's score, (B−W)/(B + (m−1)W), from the mean squares between and
// within groups of size m. For unequal groups m is [OneWay.MeanSize], as is usual, or N0, which is less biased.
//
// It lies between −1/(m−1) and 1 and is not held at 0: a negative value says that the groups' means are closer together
// than chance would have them. Higher means that people of one group are more alike. It is unknown where nothing varies.
//
// Source: Shrout PE, Fleiss JL. Psychol Bull 1979;86:420–428, ICC(1,1).
func (o OneWay) ICC1(m float64) Figure {
	if !o.known() {
		return Figure{}
	}
	return known((o.Between - o.Within) / (o.Between + (m-1)*o.Within))
}

// ICC1Interval returns the 95 % interval of ICC1: (F/q−1)/(F/q + m−1) with F = B/W and q the quantiles .975 and .025 of the
// F distribution with Groups−1 and N−Groups degrees of freedom.
//
// It is exact for normal scores in groups of one size, and an approximation for unequal ones. It is unknown where ICC1 is.
//
// Source: Shrout PE, Fleiss JL. Psychol Bull 1979;86:420–428, formulas for ICC(1,1).
func (o OneWay) ICC1Interval(m float64) (Interval, bool) {
	if !o.ICC1(m).Known {
		return Interval{}, false
	}
	df1, df2 := float64(o.Groups-1), float64(o.N-o.Groups)
	bound := func(p float64) float64 { // with both sides times qW, so that a W of 0 gives 1
		w := fQuantile(p, df1, df2) * o.Within
		return (o.Between - w) / (o.Between + (m-1)*w)
	}
	return Interval{Low: bound(0.975), High: bound(0.025)}, true
}

// ICC2 returns the reliability of a group's mean, (B−W)/B.
//
// It is at most 1 and has no lower bound; higher means that the groups' means can be told apart. For groups of one size m
// it is what the Spearman-Brown formula makes of ICC1 for m people. It is unknown where the groups' means are all the same.
//
// Source: Shrout PE, Fleiss JL. Psychol Bull 1979;86:420–428, ICC(1,k).
func (o OneWay) ICC2() Figure {
	if !o.known() {
		return Figure{}
	}
	return known((o.Between - o.Within) / o.Between)
}

// WithinGroupAgreement returns r_wg(J), how far the people of one group agree on J items: J(1−q)/(J(1−q) + q), where q is the
// mean over the items of their variance in the group (divisor n−1) over the variance that answers at random among the
// options would have, (A²−1)/12 for A options.
//
// It lies between 0 and 1, higher for closer agreement. Where people differ more than answers at random would, q is more
// than 1 and the result 0, as its authors advise. The null of answers spread evenly over the options is generous, so
// values are upper bounds. It is unknown for fewer than two people and where the items' nulls differ or are unknown,
// because then one q would mean different things.
//
// Source: James LR, Demaree RG, Wolf G. J Appl Psychol 1984;69:85–98.
func WithinGroupAgreement(items []Sample, nulls []Figure) Figure {
	if len(items) == 0 || len(items) != len(nulls) {
		return Figure{}
	}
	q, j := 0.0, float64(len(items))
	for i := range items {
		variance := items[i].Variance()
		if !variance.Known || !(nulls[i].Value > 0) || nulls[i] != nulls[0] {
			return Figure{}
		}
		q += variance.Value / nulls[i].Value / j
	}
	q = min(q, 1)
	return known(j * (1 - q) / (j*(1-q) + q))
}

// fQuantile returns the value below which an F distribution with df1 and df2 degrees of freedom has probability p.
//
// R's qf is the same up to 400,000 degrees of freedom, from which on it takes the chi-squared distribution instead and is
// right to three or four digits.
func fQuantile(p, df1, df2 float64) float64 { return distuv.F{D1: df1, D2: df2}.Quantile(p) }
