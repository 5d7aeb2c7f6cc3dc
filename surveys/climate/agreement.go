package climate

import (
	"math"
	"slices"

	"wellwave/scoring"
)

// Scale is what is known of a theme's scale beside the scores.
type Scale struct {
	Options int     // of each item, A consecutive whole numbers; 0 where unknown
	Top     float64 // the highest score there can be; 0 where unknown
}

// Agreement says whether it is right to average within practices in a round: that staff of one practice agree, and that
// practices can be told apart. It is of all respondents with a score; alpha and r_wg(j) are of those who answered every
// item, and unknown without answers to items.
type Agreement struct {
	Practices, Respondents int
	// ICC1 is the share of the variance that is between practices, from a one-way analysis of variance at the size N0 that
	// stands for unequal ones, with its F interval; ICC2 is the reliability of a practice's mean.
	N0                      scoring.Figure
	ICC1, ICC1Low, ICC1High scoring.Figure
	ICC2                    scoring.Figure
	// Agree are the r_wg(j) of the practices that have one, in their order, against answers spread evenly over the options.
	Agree []PracticeAgreement
	// MedianAgree is the median of them, and ShareAgreed the share at [WellAgreed] or above.
	MedianAgree, ShareAgreed   scoring.Figure
	Alpha, AlphaLow, AlphaHigh scoring.Figure
	AtTop                      scoring.Figure // share of respondents with the highest score there can be
}

// PracticeAgreement is the agreement of the staff of one practice.
type PracticeAgreement struct {
	Practice    string
	Respondents int // who answered every item
	Agree       float64
}

// WellAgreed is the r_wg(j) from which staff are commonly said to agree well enough to be averaged.
const WellAgreed = 0.70

// agreement works out the agreement of a theme in a round.
//
// ICC(1), its interval, ICC(2), r_wg(j) and alpha are those of package scoring, which names their sources.
func (d *Data) agreement(r *themeRound, scale Scale) Agreement {
	var a Agreement
	samples := make([]scoring.Sample, 0, len(r.cells))
	var values []float64
	for at := range r.cells {
		cell := &r.cells[at]
		if cell.scores.N() == 0 {
			continue
		}
		samples = append(samples, cell.scores)
		agree := scoring.WithinGroupAgreement(cell.items, evenly(scale.Options, len(cell.items)))
		if agree.Known {
			a.Agree = append(a.Agree, PracticeAgreement{Practice: d.practices[at].name, Respondents: cell.items[0].N(), Agree: agree.Value})
			values = append(values, agree.Value)
		}
	}
	o := scoring.NewOneWay(samples)
	a.Practices, a.Respondents = o.Groups, o.N
	if o.N0 > 0 {
		a.N0 = known(o.N0)
	}
	a.ICC1 = o.ICC1(o.N0)
	if o.Between > 1e-9*o.Within { // else the means are all the same, and rounding would make a huge number of it
		a.ICC2 = o.ICC2()
	}
	a.ICC1Low, a.ICC1High = ends(o.ICC1Interval(o.N0))
	a.MedianAgree, a.ShareAgreed = median(values), share(values)
	if r.moments != nil {
		a.Alpha = scoring.Alpha(r.moments.Covariances())
		a.AlphaLow, a.AlphaHigh = ends(scoring.FeldtInterval(a.Alpha, r.moments.N(), r.moments.Items()))
	}
	if scale.Top != 0 && o.N > 0 {
		a.AtTop = scoring.Figure{Known: true}
		if r.top >= scale.Top {
			a.AtTop = known(float64(r.atTop) / float64(o.N))
		}
	}
	return a
}

// evenly returns the variance that answers spread evenly over the options would have, (A²−1)/12, for each item.
func evenly(options, items int) []scoring.Figure {
	a := float64(options)
	nulls := make([]scoring.Figure, items)
	for i := range nulls {
		nulls[i] = scoring.Figure{Value: (a*a - 1) / 12, Known: options > 1}
	}
	return nulls
}

func median(values []float64) scoring.Figure {
	if len(values) == 0 {
		return scoring.Figure{}
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return known(sorted[middle])
	}
	return known((sorted[middle-1] + sorted[middle]) / 2)
}

// share returns the share of values at WellAgreed or above.
func share(values []float64) scoring.Figure {
	if len(values) == 0 {
		return scoring.Figure{}
	}
	n := 0
	for _, v := range values {
		if v >= WellAgreed-1e-12 {
			n++
		}
	}
	return known(float64(n) / float64(len(values)))
}

// ends returns the ends of an interval, both unknown if it is.
func ends(i scoring.Interval, is bool) (low, high scoring.Figure) {
	if !is || math.IsNaN(i.Low) || math.IsNaN(i.High) {
		return scoring.Figure{}, scoring.Figure{}
	}
	return known(i.Low), known(i.High)
}
