package disclosure

import (
	"math"
	"time"
)

// Band is a count that is shown as a range, both ends included. Most says that it is more than nine in ten of the
// headcount (or the share that the rules have); then a page says "most" and no numbers.
type Band struct {
	Low  int  `json:"low"`
	High int  `json:"high"`
	Most bool `json:"most,omitempty"`
}

// Response returns how many of a site's staff answered, once a round is closed: a band of 5 (or what the rules have) that
// begins at a multiple of 5, or "most".
//
// The band under "most" would often be cut off, down to a single number: 10 of 12 staff is 83 %, and 11 are most. A band that
// is cut is joined to the one below it. A headcount of 0 is an unknown one, and nothing is most of it; more answers than
// staff, which happens where people come and go, are most.
func (r Rules) Response(n, headcount int) Band {
	low := n / r.Band * r.Band
	if headcount <= 0 {
		return Band{Low: low, High: low + r.Band - 1}
	}
	most := int(math.Floor(r.MostAbove*float64(headcount)+tolerance)) + 1
	if n >= most {
		return Band{Low: most, High: max(most, headcount), Most: true}
	}
	if last := r.lastBand(most); low >= last {
		return Band{Low: last, High: most - 1}
	}
	return Band{Low: low, High: low + r.Band - 1}
}

// lastBand returns where the highest band begins that ends below most.
func (r Rules) lastBand(most int) int {
	if whole := most / r.Band * r.Band; whole < most {
		return max(0, whole-r.Band)
	}
	return most - r.Band
}

// Counts of answers stand in steps, because the second of two exact ones would tell whether somebody who was seen with a
// card in between has sent it. QuietDays before a round ends no count is taken any more: the last would tell what the count
// after closing adds.
const (
	CountStep = 5
	QuietDays = 2
)

// WhileOpen reports whether the answers of a round may be counted at a moment: while it takes answers, but for its last
// days. quiet is the first moment of these, QuietDays of the calendar before the round closes. The caller counts those of all sites together with [CountDown], once a day, and shows that count until the next.
func WhileOpen(opens, quiet, now time.Time) bool {
	return !now.Before(opens) && now.Before(quiet)
}

// CountDown rounds a number of answers down to a multiple of CountStep.
func CountDown(n int) int { return n - n%CountStep }

// CountNear rounds a number of answers to the nearest multiple of CountStep, for after the end.
func CountNear(n int) int { return CountDown(n + CountStep/2) }

// Respondents counts those who answered in all, each group in a band of 5 where that says nothing more about any site, else
// from the least to the most that the sites' own bands come to. All is the sum of the two.
type Respondents struct {
	Programme Band `json:"programme"`
	Others    Band `json:"others"`
	All       Band `json:"all"`
}

func respondents(practices []Practice, measured []Measured, width int) Respondents {
	var totals [Others + 1]Band
	for _, group := range []Group{Programme, Others} {
		var bands []Band
		n := 0
		for i, p := range practices {
			if p.Group == group {
				bands = append(bands, p.Response)
				n += max(p.Response.Low, min(p.Response.High, measured[i].Respondents)) // no more of one site than its staff
			}
		}
		totals[group] = total(bands, n, width)
	}
	p, o := totals[Programme], totals[Others]
	return Respondents{p, o, Band{Low: p.Low + o.Low, High: p.High + o.High}}
}

// total returns the band of a sum of counts whose own bands are known.
func total(bands []Band, n, width int) Band {
	var wide Band
	for _, b := range bands {
		wide.Low, wide.High = wide.Low+b.Low, wide.High+b.High
	}
	narrow := Band{Low: n / width * width, High: n/width*width + width - 1}
	if narrow.Low <= wide.Low || narrow.High >= wide.High {
		return wide
	}
	for _, b := range bands {
		most := min(b.High, narrow.High-(wide.Low-b.Low))
		least := max(b.Low, narrow.Low-(wide.High-b.High))
		if most-least < min(b.High-b.Low, width-1) {
			return wide
		}
	}
	return narrow
}
