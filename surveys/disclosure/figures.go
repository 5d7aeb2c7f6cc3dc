package disclosure

import "slices"

// show returns the programme's copy of a factor.
func (f *factor) show() FactorShown {
	shown := FactorShown{Code: f.code}
	inUnit := make([]bool, len(f.cells))
	first := make(map[int][]int, len(f.units))
	for _, unit := range f.units {
		first[unit[0]] = unit
		for _, i := range unit {
			inUnit[i] = true
		}
	}
	for i, c := range f.cells {
		switch unit := first[i]; {
		case unit != nil:
			shown.Rows = append(shown.Rows, Row{Group: c.site.Group, Sites: f.names(unit), Mean: f.mean(unit)})
		case !inUnit[i]:
			shown.Rows = append(shown.Rows, Row{Group: c.site.Group, Sites: []string{c.site.ID}, Hidden: TooFew})
		}
	}
	shown.Programme = f.figure(Programme)
	shown.Others = f.figure(Others)
	shown.All = f.figure(Programme, Others)
	return shown
}

func (f *factor) names(unit []int) []string {
	names := make([]string, len(unit))
	for k, i := range unit {
		names[k] = f.cells[i].site.ID
	}
	return names
}

// mean returns the mean of the sites' means as it may be shown: to two decimals, to one where it is the mean of one site.
func (f *factor) mean(sites []int) float64 {
	sum := 0.0
	for _, i := range sites {
		sum += f.cells[i].mean
	}
	if len(sites) == 1 {
		return round1(sum)
	}
	return round2(sum / float64(len(sites)))
}

// figure returns the mean over all sites of some groups that are in a unit.
func (f *factor) figure(groups ...Group) Figure {
	var sites []int
	var figure Figure
	for _, unit := range f.units {
		if slices.Contains(groups, f.cells[unit[0]].site.Group) {
			sites = append(sites, unit...)
			figure.Units = append(figure.Units, f.names(unit))
		}
	}
	if len(sites) == 0 {
		return Figure{Hidden: TooFew}
	}
	figure.Mean = f.mean(sites)
	return figure
}

// changes returns the changes of each factor of the last round, from each round before it that had the factor.
func changes(rounds []round) []Change {
	if len(rounds) == 0 {
		return nil
	}
	var all []Change
	last := rounds[len(rounds)-1]
	for i := range last.factors {
		to := &last.factors[i]
		for _, r := range rounds[:len(rounds)-1] {
			j := slices.IndexFunc(r.factors, func(f factor) bool { return f.code == to.code })
			if j < 0 {
				continue
			}
			c := change(&r.factors[j], to)
			c.From, c.To = r.ID, last.ID
			all = append(all, c)
		}
	}
	return all
}

// change returns how a factor moved. It is made of whole pools in both rounds, so that it is a sum of what is known
// already: with part of a pool in it, the change and the pool would give the rest.
func change(from, to *factor) Change {
	parts := common(from, to)
	c := Change{Factor: to.code}
	var programme, others float64
	c.Programme, programme = moved(parts, Programme)
	c.Others, others = moved(parts, Others)
	c.All, _ = moved(parts, Programme, Others)
	switch {
	case c.Programme.Hidden != 0 || c.Others.Hidden != 0:
		c.Hidden = NotBoth
	case c.Programme.Sites() == 1 || c.Others.Sites() == 1:
		c.Difference = round1(programme - others)
	default:
		c.Difference = round2(programme - others)
	}
	return c
}

// pair is a site in two rounds.
type pair struct {
	site     Site
	from, to float64
}

// common returns the sites that stand in units of both rounds, in parts that hold whole units of both: two sites are in one
// part when they share a pool in either round. A part with a site that stands in one of the two rounds only is left out.
func common(from, to *factor) [][]pair {
	above := make(map[string]string) // site → another of its part, up to one that stands for all of it
	head := func(id string) string {
		for above[id] != "" {
			id = above[id]
		}
		return id
	}
	for _, f := range []*factor{from, to} {
		for _, unit := range f.units {
			top := head(f.cells[unit[0]].site.ID)
			for _, i := range unit[1:] {
				if other := head(f.cells[i].site.ID); other != top {
					above[other] = top
				}
			}
		}
	}
	before, after := from.standing(), to.standing()
	broken := make(map[string]bool)
	for id := range before {
		if _, ok := after[id]; !ok {
			broken[head(id)] = true
		}
	}
	for id := range after {
		if _, ok := before[id]; !ok {
			broken[head(id)] = true
		}
	}
	var parts [][]pair
	at := make(map[string]int)
	for _, c := range to.cells {
		id := c.site.ID
		if _, ok := after[id]; !ok || broken[head(id)] {
			continue
		}
		i, ok := at[head(id)]
		if !ok {
			i = len(parts)
			at[head(id)] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], pair{c.site, before[id], after[id]})
	}
	return parts
}

// standing returns the means of the sites that are in a unit.
func (f *factor) standing() map[string]float64 {
	means := make(map[string]float64, len(f.cells))
	for _, unit := range f.units {
		for _, i := range unit {
			means[f.cells[i].site.ID] = f.cells[i].mean
		}
	}
	return means
}

// moved returns the mean change of some groups as it may be shown, and exactly.
func moved(parts [][]pair, groups ...Group) (Moved, float64) {
	var m Moved
	start, end, n := 0.0, 0.0, 0.0
	for _, part := range parts {
		if !slices.Contains(groups, part[0].site.Group) {
			continue
		}
		unit := make([]string, len(part))
		for i, p := range part {
			unit[i] = p.site.ID
			start, end, n = start+p.from, end+p.to, n+1
		}
		m.Units = append(m.Units, unit)
	}
	switch {
	case n == 0:
		return Moved{Hidden: NotBoth}, 0
	case n == 1: // as the practice's own report has it
		start, end = round1(start), round1(end)
		m.Start, m.Change = start, round1(end-start)
		return m, m.Change
	}
	m.Start, m.Change = round2(start/n), round2((end-start)/n)
	return m, (end - start) / n
}

// Spread returns the mean of a figure from the exact means of its units and how many sites each has, and from them the
// variance of one site's mean: σ² = Σ k(x − mean)² / (U − 1), with U − 1 degrees of freedom for U units of k sites each.
// The variance of the figure is σ² over the number of sites.
//
// A pool of k sites varies as σ²/k, so σ² is the mean square between units of a one-way analysis of variance and without
// bias when the sites of pools vary as the others do. Without pools it is the sample variance. Nothing but the units' means
// enters, so it says nothing about the sites of a pool; the variance of all sites would, and where they are alike it would
// say everything. For fewer than two units the variance is unknown: 0, with no degrees of freedom.
//
// Source: Searle SR, Casella G, McCulloch CE. Variance components. Wiley 1992, chapter 3.
func Spread(means []float64, sites []int) (mean, variance float64, df int) {
	n := 0.0
	for i, x := range means {
		mean += float64(sites[i]) * x
		n += float64(sites[i])
	}
	if n == 0 {
		return 0, 0, 0
	}
	mean /= n
	df = len(means) - 1
	if df < 1 {
		return mean, 0, 0
	}
	for i, x := range means {
		variance += float64(sites[i]) * (x - mean) * (x - mean)
	}
	return mean, variance / float64(df), df
}
