package disclosure

// ends says how far the answers to the items of each factor lie from an end of the scale, over all people of the tables.
// Where a factor's means are near the end there is little of it, and what is shown of its items may leave next to nothing
// for a hidden cell.
type ends struct {
	factor map[string]string     // item → factor
	room   map[string][2]float64 // factor → how far its items may lie below 7 and above 1, by the practices' means
	used   map[string][2]float64 // item → how far it does at least, by what is shown of it
}

// ends returns what the practices' own reports of some sites say.
func (r Round) ends(sites map[string]bool) ends {
	e := ends{make(map[string]string), make(map[string][2]float64), make(map[string][2]float64)}
	for i := range r.Sites {
		m := &r.Sites[i]
		if !sites[m.Site] {
			continue
		}
		p := r.Rules.practice(m, 0)
		means := make(map[string]float64)
		for _, f := range p.Factors {
			if f.Hidden == 0 {
				means[f.Code] = f.Mean
			}
		}
		for j, own := range p.Items {
			n := float64(m.Items[j].N())
			below, above := highest-lowest, highest-lowest
			if mean, ok := means[own.Factor]; ok {
				below, above = min(below, highest-mean+halfTenth), min(above, mean+halfTenth-lowest)
			}
			e.factor[own.Code] = own.Factor
			e.room[own.Factor] = add(e.room[own.Factor], n*below, n*above)
			if own.Hidden == 0 {
				low, high := itemMean(own.Shares, m.Items[j].N())
				e.used[own.Code] = add(e.used[own.Code], n*(highest-high), n*(low-lowest))
			}
		}
	}
	return e
}

func add(x [2]float64, below, above float64) [2]float64 { return [2]float64{x[0] + below, x[1] + above} }

// distance returns how far two options lie below 7 and above 1, each counted where its item is of the factor.
func (e ends) distance(p *PairShown, factor string, a, b int) [2]float64 {
	var d [2]float64
	if e.factor[p.A] == factor {
		d = add(d, float64(6-a), float64(a))
	}
	if e.factor[p.B] == factor {
		d = add(d, float64(6-b), float64(b))
	}
	return d
}

// shown returns how far the shown cells of a table lie from the ends at least.
func (e ends) shown(p *PairShown, factor string) [2]float64 {
	var sum [2]float64
	for a := range 7 {
		for b := range 7 {
			if cell := p.Cells[a][b]; cell.Hidden == 0 {
				d, n := e.distance(p, factor, a, b), float64(cell.N)-cellStep/2.0
				sum = add(sum, n*d[0], n*d[1])
			}
		}
	}
	return sum
}

// learn notes what a shown table says of both its items.
func (e ends) learn(p *PairShown) {
	for k, item := range []string{p.A, p.B} {
		one := *p
		if k == 0 {
			one.B = ""
		} else {
			one.A = ""
		}
		s, u := e.shown(&one, e.factor[item]), e.used[item]
		e.used[item] = [2]float64{max(u[0], s[0]), max(u[1], s[1])}
	}
}

// crowd reports whether what is shown leaves a hidden cell of a table less than a range of 5, though the means alone would
// leave it more.
func (e ends) crowd(p *PairShown) bool {
	for _, factor := range []string{e.factor[p.A], e.factor[p.B]} {
		room, taken := e.room[factor], e.shown(p, factor)
		for item, u := range e.used {
			if e.factor[item] == factor && item != p.A && item != p.B {
				taken = add(taken, u[0], u[1])
			}
		}
		for a := range 7 {
			for b := range 7 {
				d := e.distance(p, factor, a, b)
				for k := range d {
					if p.Cells[a][b].Hidden != 0 && room[k]-taken[k] < d[k]*countRange-tolerance && taken[k] > 0 {
						return true
					}
				}
			}
		}
	}
	return false
}
