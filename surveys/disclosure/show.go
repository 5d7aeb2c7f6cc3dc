package disclosure

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Show returns what may be shown of all rounds of a survey, given everything that was shown of it before.
//
// A round that was shown before is repeated as it was and never made again, with the rules that it had then; the new ones
// are made so that nothing hidden can be had from all of it together. The survey must hold every round that was shown, with
// the answers that it had: Show fails where one is missing, where its answers, sites or rules give something else now, and
// where something in the survey cannot be, such as a mean outside 1 to 7.
func Show(s Survey, before ...Shown) (Shown, error) {
	if err := s.check(); err != nil {
		return Shown{}, err
	}
	earlier, err := merge(before)
	if err != nil {
		return Shown{}, err
	}
	for _, old := range earlier {
		if !slices.ContainsFunc(s.Rounds, func(r Round) bool { return r.ID == old.ID }) {
			return Shown{}, fmt.Errorf("round %s was shown before and is missing", old.ID)
		}
	}
	var shown Shown
	var rounds []round
	for _, measured := range s.Rounds {
		r := newRound(s.Sites, measured)
		old := slices.IndexFunc(earlier, func(o RoundShown) bool { return o.ID == measured.ID })
		if old < 0 {
			r.part(rounds)
		} else {
			r.partAs(earlier[old])
		}
		now := r.show()
		if old >= 0 && !same(now, earlier[old]) {
			return Shown{}, fmt.Errorf("round %s does not give any more what was shown of it", measured.ID)
		}
		rounds = append(rounds, r)
		shown.Rounds = append(shown.Rounds, now)
	}
	shown.Changes = changes(rounds)
	return shown, nil
}

// merge returns the rounds that were shown before. It fails where one round was shown in two ways.
func merge(before []Shown) ([]RoundShown, error) {
	var rounds []RoundShown
	for _, shown := range before {
		for _, r := range shown.Rounds {
			i := slices.IndexFunc(rounds, func(o RoundShown) bool { return o.ID == r.ID })
			switch {
			case i < 0:
				rounds = append(rounds, r)
			case !same(rounds[i], r):
				return nil, fmt.Errorf("round %s was shown before in two ways", r.ID)
			}
		}
	}
	return rounds, nil
}

// same reports whether two rounds are the same once they are kept. That they can be marshalled is what tests say.
func same(a, b RoundShown) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// round is a round at work: what was measured, and in which parts it is shown.
type round struct {
	Round
	sites   []Site
	factors []factor
}

// factor is one factor at all sites of a round.
type factor struct {
	code  string
	cells []cell // in the order of the survey's sites, also those with no answers
	// units are the sites that stand alone, and the pools; a site of none of them is left out.
	units [][]int
}

// cell is a site's mean of a factor.
type cell struct {
	site  Site
	n     int
	mean  float64
	shown bool // in the practice's own report
}

// newRound sorts what was measured by factor. A factor is part of a round when any site has it, and a site of a factor when
// it stands in the round.
func newRound(sites []Site, measured Round) round {
	r := round{Round: measured, sites: sites}
	at := make(map[string]*Measured, len(measured.Sites))
	for i := range measured.Sites {
		at[measured.Sites[i].Site] = &measured.Sites[i]
	}
	for _, m := range measured.Sites {
		for _, f := range m.Factors {
			if !slices.ContainsFunc(r.factors, func(g factor) bool { return g.code == f.Code }) {
				r.factors = append(r.factors, factor{code: f.Code})
			}
		}
	}
	r.Sites = nil // in the order of the survey's sites from here on
	for _, site := range sites {
		m := at[site.ID]
		if m == nil {
			continue
		}
		r.Sites = append(r.Sites, *m)
		for i := range r.factors {
			c := cell{site: site}
			if j := slices.IndexFunc(m.Factors, func(f Factor) bool { return f.Code == r.factors[i].code }); j >= 0 {
				c.n, c.mean = m.Factors[j].N, m.Factors[j].Mean
				c.shown = measured.Rules.enough(c.n, measured.Rules.MeanFrom, m.Headcount)
			}
			r.factors[i].cells = append(r.factors[i].cells, c)
		}
	}
	return r
}

// show returns what may be shown of a round whose factors are parted.
func (r *round) show() RoundShown {
	shown := RoundShown{ID: r.ID, Rules: r.Rules}
	groups := make(map[string]Group, len(r.sites))
	for _, site := range r.sites {
		groups[site.ID] = site.Group
	}
	for i := range r.Sites {
		shown.Practices = append(shown.Practices, r.Rules.practice(&r.Sites[i], groups[r.Sites[i].Site]))
	}
	for i := range r.factors {
		shown.Factors = append(shown.Factors, r.factors[i].show())
	}
	shown.Respondents = respondents(shown.Practices, r.Sites, r.Rules.Band)
	return shown
}
