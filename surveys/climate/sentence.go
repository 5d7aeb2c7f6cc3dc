package climate

import (
	"math"

	"wellwave/scoring"
)

// RoseMore is the sentence of what rose more than the average, chance excluded.
const RoseMore = "rose more than the average"

// Sentence puts the programme's change into words, beside the average's, by a rule that was fixed before the numbers came.
// change and average are the two changes, d their difference with its interval, and margin how far below the average still
// counts as almost as much, nil where none was fixed before the round.
//
//   - What fell, or stayed where it was, is never said to have risen.
//   - “Rose more than the average” needs an interval above 0; else it is more “in these practices; chance is not excluded”.
//   - “Almost as much” needs a difference of 0 or less, an interval that includes 0 and ends above −margin at the low end.
//   - “Slightly less” needs an interval below 0 that ends above −margin at the low end.
//   - Without a margin neither of the two is said.
//
// An unknown interval includes everything. Numbers that round to 0 at ten decimals are 0, so that the last bits of a sum
// decide nothing; scores are of the size of 1. It is empty where a change is unknown.
func Sentence(change, average scoring.Figure, d Difference, margin *float64) string {
	if !change.Known || !average.Known || !d.Estimate.Known {
		return ""
	}
	c, a, more := settle(change), settle(average), settle(d.Estimate)
	lowest := math.Inf(1) // that is nearly as much
	if margin != nil {
		lowest = -settle(known(*margin))
	}
	nearly := d.Low.Known && settle(d.Low) > lowest // even at worst
	switch {
	case c <= 0 && a > 0:
		return "did not rise while the average did"
	case c <= 0 && more >= 0:
		return "fell less than the average"
	case c <= 0:
		return "fell more than the average"
	case a <= 0:
		return "rose while the average did not"
	case more > 0 && above(d):
		return RoseMore
	case more > 0:
		return "rose more in these practices; chance is not excluded"
	case below(d) && nearly:
		return "rose slightly less than the average"
	case below(d):
		return "rose less than the average"
	case nearly:
		return "rose almost as much as the average"
	case margin == nil || more >= lowest:
		return "rose about as much; too uncertain to say almost as much"
	}
	return "rose less in these practices; chance is not excluded"
}

// From says where the programme started beside the average. A start is higher or lower only where the interval of the
// difference of starts says so.
func From(start Difference) string {
	switch {
	case above(start):
		return "from a higher start"
	case below(start):
		return "from a lower start"
	}
	return "from a similar start"
}

// above reports whether the whole interval is above 0.
func above(d Difference) bool { return d.Low.Known && settle(d.Low) > 0 }

// below reports whether the whole interval is below 0.
func below(d Difference) bool { return d.High.Known && settle(d.High) < 0 }

// settle returns a figure without what is beyond ten decimals.
func settle(f scoring.Figure) float64 { return math.Round(f.Value*1e10) / 1e10 }
