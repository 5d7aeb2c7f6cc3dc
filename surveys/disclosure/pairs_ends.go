package disclosure

import "math"

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
				n := float64(cell.N) - cellStep/2.0
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
	if e.crowdFactor(p, people, e.factor[p.A]) {
		return true
	}
	return e.factor[p.A] != e.factor[p.B] && e.crowdFactor(p, people, e.factor[p.B])
}

// crowdFactor is crowd for one factor of the two.
//
// The other items of the factor and the shown cells take their part of its room. Whoever is in no shown cell is in a hidden
// one, and so at least as far away as the nearest of these. And either item takes at least what is known of it elsewhere.
func (e ends) crowdFactor(p *PairShown, people int, factor string) bool {
	room, others := e.room[factor], [2]float64{}
	for _, item := range e.items {
		if e.factor[item] == factor && item != p.A && item != p.B {
			others[0], others[1] = others[0]+e.used[item][0], others[1]+e.used[item][1]
		}
	}
	first, second := p.shown()
	hasA, hasB := 0.0, 0.0
	if e.factor[p.A] == factor {
		hasA = 1
	}
	if e.factor[p.B] == factor {
		hasB = 1
	}
	elsewhere, nearest := float64(people), [2]float64{math.Inf(1), math.Inf(1)}
	for a, row := range p.Cells {
		for b, cell := range row {
			if cell.Hidden == 0 {
				elsewhere -= float64(cell.N) + cellStep/2.0
				continue
			}
			for end := range 2 {
				nearest[end] = min(nearest[end], hasA*distance(a)[end]+hasB*distance(b)[end])
			}
		}
	}
	for a, row := range p.Cells {
		for b, cell := range row {
			for end := range 2 {
				away := [2]float64{hasA * distance(a)[end], hasB * distance(b)[end]}
				if cell.Hidden == 0 || away[0]+away[1] == 0 {
					continue
				}
				n := min(countRange, room[end]/(away[0]+away[1]))
				shownA, shownB := hasA*first[end]+n*away[0], hasB*second[end]+n*away[1]
				knownA, knownB := hasA*e.used[p.A][end], hasB*e.used[p.B][end]
				needed := max(shownA+shownB+max(0, elsewhere-n)*nearest[end], knownA+shownB, shownA+knownB, knownA+knownB)
				if others[end]+needed > room[end]+tolerance {
					return true
				}
			}
		}
	}
	return false
}
