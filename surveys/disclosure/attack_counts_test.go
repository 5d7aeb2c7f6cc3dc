package disclosure

import (
	"fmt"
	"math"
	"slices"
)

// respondents attacks the counts of those who answered, which are known in bands. None may be known better than from its
// own band, or to fewer than 5 numbers.
func (a *attacker) respondents() (cells int, all []found, err error) {
	for r, round := range a.survey.Rounds {
		p := &program{}
		var groups [Others + 1][]term
		var own []Band
		for _, m := range round.Sites {
			practice := a.report(r, m.Site)
			band := practice.Response
			v := p.variable(float64(min(m.Respondents, band.High)), float64(band.Low), float64(band.High))
			own = append(own, band)
			groups[practice.Group] = append(groups[practice.Group], term{v, 1})
		}
		shown := a.shown.Rounds[r].Respondents
		p.know(groups[Programme], float64(shown.Programme.Low), float64(shown.Programme.High))
		p.know(groups[Others], float64(shown.Others.Low), float64(shown.Others.High))
		p.know(slices.Concat(groups[Programme], groups[Others]), float64(shown.All.Low), float64(shown.All.High))
		if err := p.check(); err != nil {
			return 0, nil, fmt.Errorf("what is shown is not true: %w", err)
		}
		s := newSimplex(p)
		for v, band := range own {
			need := float64(min(4, band.High-band.Low)) // the most less the least of 5 numbers
			least, most, err := s.extent([]term{{v, 1}}, need)
			if err != nil {
				return 0, nil, err
			}
			if most-least < need-1e-6 {
				all = append(all, found{fmt.Sprint("respondents of ", round.ID, " ", own[v]), least, most})
			}
			cells++
		}
	}
	return cells, all, nil
}

// items attacks the hidden items of one practice: it knows how many answered, that the mean of a factor is the mean of its
// items, and the shares that are shown. The range of a group's count is at least 5, or what the mean of the factor alone
// leaves of it.
func (a *attacker) items(round int, m Measured, options map[string][7]int) (cells int, all []found, err error) {
	own := a.report(round, m.Site)
	for _, f := range own.Factors {
		if f.Hidden != 0 {
			continue
		}
		with, alone := &program{}, &program{}
		for _, p := range []*program{with, alone} {
			var mean []term
			n := 0
			for i, item := range m.Items {
				if item.Factor != f.Code {
					continue
				}
				n += item.N()
				first := len(p.x)
				for o, count := range options[item.Code] {
					p.variable(float64(count), 0, float64(item.N()))
					mean = append(mean, term{first + o, float64(o + 1)})
				}
				p.know(groupTerms(first, 0, 7), float64(item.N()), float64(item.N()))
				if p == with && own.Items[i].Hidden == 0 {
					for k, share := range own.Items[i].Shares {
						lo, hi := box(share, item.N())
						p.know(groupTerms(first, groupEnds[k], groupEnds[k+1]), max(1, lo), hi)
					}
				}
			}
			p.know(mean, (f.Mean-0.05)*float64(n), (f.Mean+0.05)*float64(n))
			if err := p.check(); err != nil {
				return 0, nil, fmt.Errorf("what is shown is not true: %w", err)
			}
		}
		s, before := newSimplex(with), newSimplex(alone)
		first := 0
		for i, item := range m.Items {
			if item.Factor != f.Code {
				continue
			}
			for k := range 3 {
				if own.Items[i].Hidden == 0 {
					break
				}
				terms := groupTerms(first, groupEnds[k], groupEnds[k+1])
				l, h, err := before.extent(terms, countRange)
				if err != nil {
					return 0, nil, err
				}
				need := min(countRange, h-l)
				least, most, err := s.extent(terms, need)
				if err != nil {
					return 0, nil, err
				}
				if most-least < need-1e-6 {
					all = append(all, found{fmt.Sprintf("%s %s group %d of %d (%v), alone %.3f to %.3f", m.Site, item.Code, k, item.N(), own.Items, l, h), least, most})
				}
				cells++
			}
			first += 7
		}
	}
	return cells, all, nil
}

// box returns the least and the most people of n that are a share to the nearest 10 %: with 10 people that is one number.
func box(share, n int) (lo, hi float64) {
	up := func(percent int) int { return (percent*n + 99) / 100 }
	return float64(up(max(0, share-5))), float64(up(share+5) - 1)
}

// groupEnds are where the three groups of options begin and end.
var groupEnds = [4]int{0, 3, 4, 7}

func groupTerms(first, from, to int) []term {
	var terms []term
	for o := from; o < to; o++ {
		terms = append(terms, term{first + o, 1})
	}
	return terms
}

// roles attacks the roles and tenures that are shown together, or not at all.
func (a *attacker) roles(round int, m Measured) (cells int, all []found, err error) {
	report := a.report(round, m.Site)
	cells, all, err = a.mix(m.Site, m.Roles, report.Roles)
	if err != nil || report.Tenures == nil {
		return cells, all, err
	}
	more, also, err := a.mix(m.Site, m.Tenures, *report.Tenures)
	return cells + more, append(all, also...), err
}

// mix attacks one table of counts.
func (a *attacker) mix(site string, counts []Count, mix Mix) (cells int, all []found, err error) {
	n := 0
	for _, c := range counts {
		n += c.N
	}
	p := &program{}
	var everybody, rest []term
	var hidden []int
	for i, c := range counts {
		v := p.variable(float64(c.N), 0, float64(n))
		everybody = append(everybody, term{v, 1})
		if at := slices.IndexFunc(mix.Shown, func(s Share) bool { return s.Name == c.Name }); at >= 0 {
			lo, hi := box(mix.Shown[at].Percent, n)
			p.limit(v, max(5, lo), hi)
			continue
		}
		hidden, rest = append(hidden, i), append(rest, term{v, 1})
	}
	p.know(everybody, float64(n), float64(n))
	if len(mix.Rest) > 0 {
		lo, hi := box(mix.RestPercent, n)
		p.know(rest, lo, hi)
	}
	if err := p.check(); err != nil {
		return 0, nil, fmt.Errorf("what is shown is not true: %w", err)
	}
	s := newSimplex(p)
	for _, v := range hidden {
		need := math.Min(countRange, float64(n))
		least, most, err := s.extent([]term{{v, 1}}, need)
		if err != nil {
			return 0, nil, err
		}
		if most-least < need-1e-6 {
			all = append(all, found{fmt.Sprint(site, " ", counts[v], " beside ", mix), least, most})
		}
		cells++
	}
	return cells, all, nil
}
