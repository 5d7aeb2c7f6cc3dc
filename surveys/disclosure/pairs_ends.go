package disclosure

import (
	"cmp"
	"math"
	"slices"
)

// ends says how far the answers to the items of each factor lie from the two ends of the scale, below 7 and above 1, added
// up over the people of the tables. Where a factor's means are near an end there is little of it, and what is shown of its
// items may leave next to nothing for a hidden cell.
type ends struct {
	items  []string
	factor map[string]string     // of each item
	room   map[string][2]float64 // of each factor: how far its items lie away at most, by the practices' means
	used   map[string][2]float64 // of each item: how far it lies away at least, by what is shown of it
}

// distance returns how far an option, from 0, lies from both ends.
func distance(option int) [2]float64 { return [2]float64{float64(6 - option), float64(option)} }

// ends returns what the practices' own reports of some sites say.
func (r Round) ends(sites map[string]bool) ends {
	e := ends{factor: make(map[string]string), room: make(map[string][2]float64), used: make(map[string][2]float64)}
	for i := range r.Sites {
		m := &r.Sites[i]
		if !sites[m.Site] {
			continue
		}
		p := r.Rules.practice(m, 0)
		for j, own := range p.Items {
			if _, ok := e.factor[own.Code]; !ok {
				e.items = append(e.items, own.Code)
				e.factor[own.Code] = own.Factor
			}
			n, below, above := float64(m.Items[j].N()), highest-lowest, highest-lowest
			for _, f := range p.Factors {
				if f.Code == own.Factor && f.Hidden == 0 {
					below, above = min(below, highest-f.Mean+halfTenth), min(above, f.Mean+halfTenth-lowest)
				}
			}
			room, used := e.room[own.Factor], e.used[own.Code]
			e.room[own.Factor] = [2]float64{room[0] + n*below, room[1] + n*above}
			if own.Hidden == 0 {
				low, high := itemMean(own.Shares, m.Items[j].N())
				e.used[own.Code] = [2]float64{used[0] + n*(highest-high), used[1] + n*(low-lowest)}
			}
		}
	}
	return e
}

// shown returns how far the shown cells of a table lie from both ends at least, by either item.
func (p *PairShown) shown() (first, second [2]float64) {
	for a, row := range p.Cells {
		for b, cell := range row {
			if cell.Hidden == 0 {
				n := float64(cell.N - cellStep/2)
				for end := range 2 {
					first[end] += n * distance(a)[end]
					second[end] += n * distance(b)[end]
				}
			}
		}
	}
	return first, second
}

// learn notes what a shown table says of both its items.
func (e ends) learn(p *PairShown) {
	first, second := p.shown()
	for end := range 2 {
		a, b := e.used[p.A], e.used[p.B]
		a[end] = max(a[end], first[end])
		e.used[p.A] = a
		b[end] = max(b[end], second[end])
		e.used[p.B] = b
	}
}

// crowd reports whether what is shown leaves a hidden cell of a table of some people less than a range of 5, though the means
// alone would leave it that.
func (e ends) crowd(p *PairShown, people int) bool {
	for _, item := range []string{p.A, p.B} {
		factor, known := e.factor[item]
		if known && (e.crowdEnd(p, float64(people), factor, 0) || e.crowdEnd(p, float64(people), factor, 1)) {
			return true
		}
	}
	return false
}

// crowdEnd is crowd for one factor and one end of the scale. The other items of the factor take their part of its room,
// either item of the table at least what is known of it elsewhere, and everybody in the table, who all stand in some cell,
// as little as the shown cells allow.
func (e ends) crowdEnd(p *PairShown, people float64, factor string, end int) bool {
	room, knownA, knownB := e.room[factor][end], 0.0, 0.0
	for _, item := range e.items {
		switch {
		case e.factor[item] != factor:
		case item == p.A:
			knownA = e.used[item][end]
		case item == p.B:
			knownB = e.used[item][end]
		default:
			room -= e.used[item][end]
		}
	}
	away := func(a, b int) (x, y float64) {
		if e.factor[p.A] == factor {
			x = distance(a)[end]
		}
		if e.factor[p.B] == factor {
			y = distance(b)[end]
		}
		return x, y
	}
	var least spread
	for a, row := range p.Cells {
		for b, cell := range row {
			x, y := away(a, b)
			if cell.Hidden != 0 {
				least.cells = append(least.cells, crowded{math.Inf(1), x + y})
				continue
			}
			n := float64(cell.N - cellStep/2)
			least.n, least.first, least.second = least.n+n, least.first+n*x, least.second+n*y
			least.cells = append(least.cells, crowded{cellStep / 2 * 2, x + y})
		}
	}
	slices.SortFunc(least.cells, func(a, b crowded) int { return cmp.Compare(a.away, b.away) })
	for a, row := range p.Cells {
		for b, cell := range row {
			x, y := away(a, b)
			if cell.Hidden == 0 || x+y == 0 {
				continue
			}
			n := min(2*countRange, e.room[factor][end]/(x+y)) // twice, for what a factor and an end by themselves miss
			first, second := least.first+n*x, least.second+n*y
			all := first + second + least.rest(people-least.n-n)
			if max(all, knownA+second, first+knownB, knownA+knownB) > room+tolerance {
				return true
			}
		}
	}
	return false
}

// spread is a table with as few people in its shown cells as may be: how many, and how far they lie away by either item. Its
// cells say, the nearest first, how many more could stand how far away.
type spread struct {
	n, first, second float64
	cells            []crowded
}

type crowded struct{ n, away float64 }

// rest returns how far n more people lie away at least.
func (s spread) rest(n float64) float64 {
	sum := 0.0
	for _, cell := range s.cells {
		if n <= 0 {
			break
		}
		more := min(n, cell.n)
		sum, n = sum+more*cell.away, n-more
	}
	return sum
}
