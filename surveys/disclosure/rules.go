package disclosure

import (
	"fmt"
	"math"

	"wellwave/scoring/decimal"
)

// Scale and precision of what is shown. A mean of one site stands to one decimal, so it is known to half a tenth.
const (
	lowest, highest = 1.0, 7.0
	halfTenth       = 0.05
)

// What a hidden cell keeps whatever else is shown: a mean half a point of the scale, a count 5, or all that it could be.
const (
	meanRange  = 0.5
	countRange = 5
)

// tolerance stands for what is lost where floating-point numbers are added up.
const tolerance = 1e-9

// Rules are the thresholds of a round. They freeze when the round opens, because whoever answers relies on them.
type Rules struct {
	// MeanFrom is how many answers a site's factor mean needs, and MeanShare which part of the headcount they must be.
	MeanFrom  int     `json:"mean_from"`
	MeanShare float64 `json:"mean_share"`
	// ItemFrom is how many answers the distribution of one item needs at a site.
	ItemFrom int `json:"item_from"`
	// RolesFrom is how many must have said their role before a site's mix is shown, and RoleFrom how many each shown role has.
	RolesFrom int `json:"roles_from"`
	RoleFrom  int `json:"role_from"`
	// PoolFrom is how many sites a pool has at least.
	PoolFrom int `json:"pool_from"`
	// Band is the width of the bands in which respondents are counted. A response above MostAbove of the headcount is "most".
	Band      int     `json:"band"`
	MostAbove float64 `json:"most_above"`
	// PairsFrom is how many respondents tables of pairs of items need in all, and PairCellFrom how many a shown cell has.
	PairsFrom    int `json:"pairs_from"`
	PairCellFrom int `json:"pair_cell_from"`
}

// DefaultRules returns the thresholds of a round that asks for no others.
func DefaultRules() Rules {
	return Rules{MeanFrom: 8, MeanShare: 0.5, ItemFrom: 10, RolesFrom: 20, RoleFrom: 5, PoolFrom: 3, Band: 5, MostAbove: 0.9,
		PairsFrom: 100, PairCellFrom: 10}
}

// leastMean is the smallest MeanFrom.
const leastMean = 6

// Check fails where a threshold is weaker than it may be: every default may be made stricter, and only MeanFrom may be
// lowered, to 6.
func (r Rules) Check() error {
	d := DefaultRules()
	for _, c := range []struct {
		name        string
		have, least int
	}{
		{"mean_from", r.MeanFrom, leastMean}, {"item_from", r.ItemFrom, d.ItemFrom}, {"roles_from", r.RolesFrom, d.RolesFrom},
		{"role_from", r.RoleFrom, d.RoleFrom}, {"pool_from", r.PoolFrom, d.PoolFrom}, {"band", r.Band, d.Band},
		{"pairs_from", r.PairsFrom, d.PairsFrom}, {"pair_cell_from", r.PairCellFrom, d.PairCellFrom},
	} {
		if c.have < c.least {
			return fmt.Errorf("%s is %d; it must be at least %d", c.name, c.have, c.least)
		}
	}
	if !(r.MeanShare >= d.MeanShare && r.MeanShare <= 1) {
		return fmt.Errorf("mean_share is %v; it must lie between %v and 1", r.MeanShare, d.MeanShare)
	}
	if !(r.MostAbove >= d.MeanShare && r.MostAbove <= d.MostAbove) {
		return fmt.Errorf("most_above is %v; it must lie between %v and %v", r.MostAbove, d.MeanShare, d.MostAbove)
	}
	return nil
}

// enough reports whether n answers are from at least, and half of the headcount. Where nobody knows the headcount they
// are not.
func (r Rules) enough(n, from, headcount int) bool {
	return headcount > 0 && n >= from && float64(n) >= r.MeanShare*float64(headcount)-tolerance
}

// round1 and round2 round to one and two decimals, halves away from 0.
func round1(x float64) float64 { return decimal.Rounded(x, 1) }
func round2(x float64) float64 { return decimal.Rounded(x, 2) }

// percent returns the share of n in all to the nearest 10 %.
func percent(n, all int) int { return int(math.Round(10*float64(n)/float64(all))) * 10 }
