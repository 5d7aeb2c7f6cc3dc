package disclosure

import (
	"cmp"
	"slices"
)

// Mix is a table of counts by category as it may be shown.
type Mix struct {
	Shown []Share `json:"shown,omitempty"`
	// Rest names the categories that are shown only together, and RestPercent is their share.
	Rest        []string `json:"rest,omitempty"`
	RestPercent int      `json:"rest_percent,omitempty"`
	Hidden      Reason   `json:"hidden,omitempty"`
}

// Share is a category's part of all, in percent to the nearest 10.
type Share struct {
	Name    string `json:"name"`
	Percent int    `json:"percent"`
}

// Mix returns what may be shown of one table of counts by categories that exclude each other, such as the roles of those
// who answered: nothing under RolesFrom in all, and each shown category has RoleFrom or more.
//
// Categories under that, also those that nobody chose, are shown together. The shown ones would give their sum, so the
// smallest of the others join them until they are RoleFrom and two categories at least, each of which may then be anything
// from none to all of them. Where that leaves nothing beside them the table is hidden. The order of the shown categories is
// that of the counts.
func (r Rules) Mix(counts []Count) Mix {
	all := 0
	for _, c := range counts {
		all += c.N
	}
	if all < r.RolesFrom {
		return Mix{Hidden: TooFew}
	}
	bySize := make([]int, len(counts))
	for i := range bySize {
		bySize[i] = i
	}
	slices.SortStableFunc(bySize, func(a, b int) int { return cmp.Compare(counts[a].N, counts[b].N) })
	rest, together := 0, 0
	for rest < len(counts) && (counts[bySize[rest]].N < r.RoleFrom || rest > 0 && (together < r.RoleFrom || rest < 2)) {
		together += counts[bySize[rest]].N
		rest++
	}
	if rest == len(counts) {
		return Mix{Hidden: TooFew}
	}
	var mix Mix
	for i, c := range counts {
		if slices.Contains(bySize[:rest], i) {
			mix.Rest = append(mix.Rest, c.Name)
		} else {
			mix.Shown = append(mix.Shown, Share{c.Name, percent(c.N, all)})
		}
	}
	if rest > 0 {
		mix.RestPercent = percent(together, all)
	}
	return mix
}

// PoolMix returns what may be shown of one table of counts over several sites that are too small for one of their own, whose
// staff answered: as [Rules.Mix], and nothing of fewer sites than a pool has.
func (r Rules) PoolMix(counts []Count, sites int) Mix {
	if sites < r.PoolFrom {
		return Mix{Hidden: TooFew}
	}
	return r.Mix(counts)
}
