package disclosure

import (
	"cmp"
	"slices"
)

// part decides in which parts the factors of a round that was never shown are shown. Rounds before it say which pools to
// keep, so that changes between rounds lose as few sites as may be.
func (r *round) part(before []round) {
	for i := range r.factors {
		f := &r.factors[i]
		past := history(f.code, before)
		f.units = nil
		for _, group := range []Group{Programme, Others} {
			f.units = append(f.units, f.partGroup(group, r.Rules.PoolFrom, past)...)
		}
		slices.SortFunc(f.units, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	}
}

// partAs parts the factors as they were shown.
func (r *round) partAs(shown RoundShown) {
	for _, old := range shown.Factors {
		i := slices.IndexFunc(r.factors, func(f factor) bool { return f.code == old.Code })
		if i < 0 {
			continue // what comes of it will not be the same, and is refused for that
		}
		f := &r.factors[i]
		for _, row := range old.Rows {
			var unit []int
			for _, site := range row.Sites {
				j := slices.IndexFunc(f.cells, func(c cell) bool { return c.site.ID == site })
				if j < 0 || f.cells[j].n == 0 || row.Hidden != 0 {
					unit = nil
					break
				}
				unit = append(unit, j)
			}
			if unit != nil {
				f.units = append(f.units, unit)
			}
		}
	}
}

// past is what earlier rounds say of a factor at a site: the pool in which it stood last, from 1, and in how many rounds it
// stood at all.
type past struct {
	pool  int
	times int
}

func history(code string, before []round) map[string]past {
	sites := make(map[string]past)
	pools := 0
	for _, r := range before {
		for _, f := range r.factors {
			if f.code != code {
				continue
			}
			for _, unit := range f.units {
				pools++
				for _, i := range unit {
					p := sites[f.cells[i].site.ID]
					p.times++
					if len(unit) > 1 {
						p.pool = pools
					}
					sites[f.cells[i].site.ID] = p
				}
			}
		}
	}
	return sites
}

// partGroup returns the units of one group. A site that may not be shown stands in a pool with others of the kind, or, where
// there are too few of them, with shown sites as company, which then leave the programme's copy. Where no pool is safe
// the sites that may not be shown are left out. The choice looks at how many answered and never at what they answered,
// except where means so near an end of the scale that they give themselves away stand together.
func (f *factor) partGroup(group Group, poolFrom int, past map[string]past) [][]int {
	var hidden, company []int
	for i, c := range f.cells {
		switch {
		case c.site.Group != group || c.n == 0:
		case c.shown:
			company = append(company, i)
		default:
			hidden = append(hidden, i)
		}
	}
	pools := [][]int{}
	if len(hidden) > 0 {
		pools = f.pools(hidden, poolFrom, past)
	}
	if !f.safe(pools, poolFrom) {
		pools = [][]int{f.withCompany(hidden, company, poolFrom, past)}
	}
	var units [][]int
	for _, i := range company {
		if !slices.ContainsFunc(pools, func(pool []int) bool { return slices.Contains(pool, i) }) {
			units = append(units, []int{i})
		}
	}
	for _, pool := range pools {
		if len(pool) > 0 {
			slices.Sort(pool)
			units = append(units, pool)
		}
	}
	return units
}

// pools cuts the sites that may not be shown into pools as small as may be, keeping together those that stood in one pool
// last. Where there are fewer than a pool needs it returns one pool that is too small.
func (f *factor) pools(hidden []int, poolFrom int, past map[string]past) [][]int {
	last := func(i int) int { return past[f.cells[i].site.ID].pool }
	mates := make(map[int][]int)
	for _, i := range hidden {
		mates[last(i)] = append(mates[last(i)], i)
	}
	var pools [][]int
	var rest []int
	for _, i := range hidden {
		switch pool := mates[last(i)]; {
		case last(i) == 0 || len(pool) < poolFrom:
			rest = append(rest, i)
		case pool[0] == i:
			pools = append(pools, pool)
		}
	}
	// Sites that stood in every round come first, so that one that joined or left spoils no more than its own pool.
	slices.SortStableFunc(rest, func(a, b int) int {
		return cmp.Compare(past[f.cells[b].site.ID].times, past[f.cells[a].site.ID].times)
	})
	for len(rest) >= 2*poolFrom {
		pools = append(pools, rest[:poolFrom:poolFrom])
		rest = rest[poolFrom:]
	}
	switch {
	case len(rest) >= poolFrom || len(pools) == 0:
		pools = append(pools, rest)
	default:
		pools[len(pools)-1] = append(pools[len(pools)-1], rest...)
	}
	return pools
}

// withCompany returns one pool of all sites that may not be shown and as few others as make it safe, or nil. Company is
// chosen for having stood in a pool with them last, for having stood in every round, and then for few answers.
func (f *factor) withCompany(hidden, company []int, poolFrom int, past map[string]past) []int {
	last := make(map[int]bool)
	for _, i := range hidden {
		last[past[f.cells[i].site.ID].pool] = true
	}
	stranger := func(i int) int {
		if pool := past[f.cells[i].site.ID].pool; pool > 0 && last[pool] {
			return 0
		}
		return 1
	}
	company = slices.Clone(company)
	slices.SortStableFunc(company, func(a, b int) int {
		return cmp.Or(
			cmp.Compare(stranger(a), stranger(b)),
			cmp.Compare(past[f.cells[b].site.ID].times, past[f.cells[a].site.ID].times),
			cmp.Compare(f.cells[a].n, f.cells[b].n))
	})
	pool := slices.Clone(hidden)
	for !f.safe([][]int{pool}, poolFrom) {
		if len(company) == 0 {
			return nil
		}
		pool, company = append(pool, company[0]), company[1:]
	}
	return pool
}

// safe reports whether each site that may not be shown keeps its range though the exact sum of its pool is known, for two
// readers: one who has the own reports of all shown sites, to one decimal, and one who knows the mean of any one site of the
// pool exactly, because its staff told each other, and no more of the others.
//
// What a site could be at most is the sum less the least that all others could be, and at least the sum less the most. Two
// hidden sites leave each other room almost anywhere on the scale. One hidden site is known as well as the rounding of
// its company leaves it, which is 0.1 for each, so that it needs five of them.
func (f *factor) safe(pools [][]int, poolFrom int) bool {
	for _, pool := range pools {
		if len(pool) < poolFrom {
			return false
		}
		sum, low, high := 0.0, 0.0, 0.0
		for _, i := range pool {
			l, h := f.cells[i].known()
			sum, low, high = sum+f.cells[i].mean, low+l, high+h
		}
		unknown := float64(len(pool) - 2) // to the second reader, beside the site itself and the one that is known
		for _, i := range pool {
			if f.cells[i].shown {
				continue
			}
			if narrow(sum, low-lowest, high-highest) {
				return false
			}
			for _, j := range pool {
				if j != i && narrow(sum-f.cells[j].mean, unknown*lowest, unknown*highest) {
					return false
				}
			}
		}
	}
	return true
}

// narrow reports whether a mean has less than its range when it and others come to a sum, and the others to between low
// and high.
func narrow(sum, low, high float64) bool {
	return min(highest, sum-low)-max(lowest, sum-high) < meanRange-tolerance
}

// known returns the limits of a cell for somebody who has the practice's own report.
func (c cell) known() (low, high float64) {
	if !c.shown {
		return lowest, highest
	}
	return max(lowest, round1(c.mean)-halfTenth), min(highest, round1(c.mean)+halfTenth)
}
