package climate

import (
	"slices"

	"wellwave/scoring"
)

// againstOthers compares the programme's practices with the others.
func (c *comparison) againstOthers(t *Theme) {
	p, o := c.programme, c.others
	if len(p) == 0 || len(o) == 0 {
		return
	}
	switch {
	case len(p) == 1 && len(o) > 1:
		t.Method = CaseMethod
		t.StartDifference, t.DifferenceOfChanges = c.oneAgainst(p[0], o)
	case len(p) == 2 && len(o) > 1:
		t.Method = PooledMethod
		t.Warning = "The programme has two practices, which say nearly nothing about how practices differ: the interval takes it that they differ as much as the others."
		t.StartDifference = pooled(starts(p), starts(o), c.dust)
		t.DifferenceOfChanges = pooled(changes(p), changes(o), c.dust)
	default:
		if len(o) > 1 {
			t.Method = WelchMethod
		}
		t.StartDifference = welch(starts(p), starts(o), c.dust)
		t.DifferenceOfChanges = welch(changes(p), changes(o), c.dust)
	}
	t.RespondentsWeighted = respondentsWeighted(p, o, c.dust)
	t.AdjustedForStart = adjusted(starts(p), changes(p), starts(o), changes(o), c.dust)
	t.Census = census(t.DifferenceOfChanges, p, o)
}

// oneAgainst compares one practice with the others, in start and change.
func (c *comparison) oneAgainst(u unit, others []unit) (start, change Difference) {
	eStarts, eChanges := c.sampling(others)
	return correctedCase(u.first.mean, u.first.sampling(), starts(others), eStarts, c.dust),
		correctedCase(u.change(), u.sampling(), changes(others), eChanges, c.dust)
}

// againstAverage compares the programme's practices with a published average, whose means are taken as fixed.
func (c *comparison) againstAverage(t *Theme) {
	from, _ := c.average.At(c.theme.name, c.first) // both are there, says covers
	to, _ := c.average.At(c.theme.name, c.last)
	t.Others = Group{Practices: to.Practices, Respondents: [2]int{from.Respondents, to.Respondents}, Start: known(from.Mean), Change: known(to.Mean - from.Mean)}
	if len(c.programme) == 0 {
		return
	}
	if len(c.programme) > 1 {
		t.Method = FixedMethod
	}
	t.StartDifference = oneSample(starts(c.programme), from.Mean, c.dust)
	t.DifferenceOfChanges = oneSample(changes(c.programme), to.Mean-from.Mean, c.dust)
	t.RespondentsWeighted = respondentsAgainst(c.programme, to.Mean-from.Mean, c.dust)
	t.Census = census(t.DifferenceOfChanges, c.programme)
}

// census returns the difference in the census view: its variance is the sum over groups of k practices of Σe/k², with e the
// variance that comes from those of the staff who did not answer, v/n·(1 − n/N) in both rounds together; the interval is
// normal. More respondents than staff count as all of them. It is nil where a headcount is unknown, or where a practice
// has one respondent and more staff.
//
// Source: Cochran WG. Sampling techniques, 3rd edition. Wiley 1977, sections 2.6 and 5.3.
func census(d Difference, groups ...[]unit) *Difference {
	variance := 0.0
	for _, units := range groups {
		k := float64(len(units))
		for _, u := range units {
			e := sum(u.first.census(), u.last.census())
			if !e.Known {
				return nil
			}
			variance += e.Value / (k * k)
		}
	}
	view := byNormal(d.Estimate.Value, variance)
	return &view
}

// practices returns every practice that has a score on the theme.
func (c *comparison) practices() []Practice {
	var all []Practice
	next := 0 // of the units
	ds := changes(c.units)
	_, sampling := c.sampling(c.units)
	for at, p := range c.data.practices {
		result := Practice{Practice: p.name, Programme: p.programme}
		if next < len(c.units) && c.units[next].practice == at {
			c.fill(&result, c.units[next])
			if c.first != c.last {
				others := without(ds, next)
				result.AgainstOthers = crawfordHowell(ds[next], others, c.dust)
				result.AgainstOthersCorrected = correctedCase(ds[next], c.units[next].sampling(), others, without(sampling, next), c.dust)
			}
			next++
			all = append(all, result)
			continue
		}
		somewhere := false
		for _, r := range c.theme.rounds {
			somewhere = somewhere || r.sample(at).N() > 0
		}
		if !somewhere {
			continue
		}
		for i, number := range []int{c.first, c.last} {
			s := c.theme.rounds[number].sample(at)
			if result.Respondents[i] = s.N(); s.N() == 0 && !slices.Contains(result.Missing, number) {
				result.Missing = append(result.Missing, number)
			}
			if i == 0 {
				result.Start = s.Mean()
			}
		}
		all = append(all, result)
	}
	return all
}

// without returns a copy of xs but for the one at i.
func without[T any](xs []T, i int) []T { return slices.Delete(slices.Clone(xs), i, i+1) }

// fill adds what a practice with respondents in both rounds has by itself.
func (c *comparison) fill(p *Practice, u unit) {
	p.Respondents = [2]int{u.first.n, u.last.n}
	p.Start = known(u.first.mean)
	if c.first == c.last {
		return
	}
	p.Change = known(u.change())
	p.Own = ownChange(u.change(), u.first.sampling(), u.last.sampling(), u)
	p.OwnCensus = ownChange(u.change(), u.first.census(), u.last.census(), u)
}

// ownChange returns the change of one practice with the interval of Welch's t for the two variances of its means.
func ownChange(change float64, first, last scoring.Figure, u unit) Difference {
	variance := sum(first, last)
	if !variance.Known {
		return only(change)
	}
	return byT(change, variance.Value, satterthwaite(first.Value, float64(u.first.n-1), last.Value, float64(u.last.n-1)), 0)
}

// rounds returns the theme in every round.
func (c *comparison) rounds(scale Scale) []ThemeRound {
	all := make([]ThemeRound, 0, len(c.data.rounds))
	for _, number := range c.data.rounds {
		r := c.theme.rounds[number]
		point := ThemeRound{Round: number, Programme: r.mean(c.programme), Others: r.mean(c.others), Agreement: c.data.agreement(r, scale)}
		if c.average != nil {
			point.Others = Mean{}
			if m, ok := c.average.At(c.theme.name, number); ok {
				point.Others = Mean{Practices: m.Practices, Respondents: m.Respondents, Mean: known(m.Mean)}
			}
		}
		all = append(all, point)
	}
	return all
}

// mean returns the mean of some practices' means.
func (r *themeRound) mean(units []unit) Mean {
	var m Mean
	total := 0.0
	for _, u := range units {
		s := r.sample(u.practice)
		if s.N() == 0 {
			continue
		}
		m.Practices++
		m.Respondents += s.N()
		total += s.Mean().Value
	}
	if m.Practices > 0 {
		m.Mean = known(total / float64(m.Practices))
	}
	return m
}
