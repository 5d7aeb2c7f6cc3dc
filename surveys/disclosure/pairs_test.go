package disclosure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// tables counts the pairs of a round's items at the sites whose respondents enter.
func (m *practiceMaker) tables(r Round) []Pair {
	var pairs []Pair
	n := m.factors * m.items
	code := func(i int) string { return fmt.Sprintf("item-%d-%d", i/m.items+1, i%m.items+1) }
	for a := range n {
		for b := range a {
			var counts [7][7]int
			for _, site := range r.PairSites() {
				for _, answers := range m.answers[site+r.ID] {
					if answers[a] > 0 && answers[b] > 0 {
						counts[answers[a]-1][answers[b]-1]++
					}
				}
			}
			pairs = append(pairs, Pair{code(a), code(b), counts})
		}
	}
	return pairs
}

// pairs attacks some hidden cells of tables of pairs, and the items that practices' own reports hide, from all tables and
// all reports of a round in which everybody answered everything. A count keeps a range of 5, or what the means of factors
// leave of it by themselves.
func (a *attacker) pairs(random *rand.Rand, round Round, m *practiceMaker, tables []Pair, shown []PairShown) (cells, items int, all []found, err error) {
	with, alone := &program{}, &program{}
	var targets [2][]target
	for i, p := range []*program{with, alone} {
		first := a.reports(p, i == 0, round, m, func(item string, terms []term) {
			if shownIn(shown, item) {
				targets[0] = append(targets[0], target{item, terms})
			}
		})
		for k, table := range tables {
			if shown[k].Hidden == 0 {
				targets[1] = append(targets[1], p.table(i == 0, table, shown[k], round.PairSites(), first)...)
			}
		}
		if err := p.check(); err != nil {
			return 0, 0, nil, fmt.Errorf("what is shown is not true: %w", err)
		}
	}
	s, before := newSimplex(with), newSimplex(alone)
	for i := range targets {
		random.Shuffle(len(targets[i]), func(a, b int) { targets[i][a], targets[i][b] = targets[i][b], targets[i][a] })
		for _, target := range targets[i][:min(len(targets[i]), 12)] {
			least, most, err := s.extent(target.terms, countRange)
			if err != nil {
				return 0, 0, nil, err
			}
			if most-least < countRange-1e-6 {
				l, h, err := before.extent(target.terms, countRange)
				if err != nil {
					return 0, 0, nil, err
				}
				if most-least < min(countRange, h-l)-1e-6 {
					all = append(all, found{target.what, least, most})
				}
			}
		}
	}
	return min(12, len(targets[1])), min(12, len(targets[0])), all, nil
}

type target struct {
	what  string
	terms []term
}

type siteItem struct{ site, item string }

// reports adds the answers at the sites of the tables to a program, with what is known of them: how many answered, the
// means, and the shares of items where these are asked for. It calls hidden with each group of a hidden item, and returns
// where the options of each item at each site begin.
func (a *attacker) reports(p *program, shares bool, round Round, m *practiceMaker, hidden func(item string, terms []term)) map[siteItem]int {
	first := make(map[siteItem]int)
	for _, site := range round.Sites {
		if !slices.Contains(round.PairSites(), site.Site) {
			continue
		}
		own := a.report(0, site.Site)
		means := make(map[string][]term)
		for i, item := range site.Items {
			at, n := len(p.x), float64(item.N())
			first[siteItem{site.Site, item.Code}] = at
			for o, count := range m.options[site.Site+round.ID][item.Code] {
				v := p.variable(float64(count), 0, n)
				means[item.Factor] = append(means[item.Factor], term{v, float64(o + 1)})
			}
			p.know(groupTerms(at, 0, 7), n, n)
			for k, share := range own.Items[i].Shares {
				terms := groupTerms(at, groupEnds[k], groupEnds[k+1])
				if own.Items[i].Hidden != 0 {
					if shares {
						hidden(item.Code, terms)
					}
				} else if shares {
					p.know(terms, max(1, (float64(share)/100-0.05)*n), (float64(share)/100+0.05)*n)
				}
			}
		}
		for _, f := range own.Factors {
			if n := float64(m.items * site.Respondents); f.Hidden == 0 {
				p.know(means[f.Code], (f.Mean-0.05)*n, (f.Mean+0.05)*n)
			}
		}
	}
	return first
}

// table adds a table to a program, with the shown cells where these are asked for, and returns the hidden ones.
func (p *program) table(cells bool, table Pair, shown PairShown, sites []string, first map[siteItem]int) []target {
	var hidden []target
	at, all := len(p.x), 0
	for _, row := range table.Counts {
		for _, n := range row {
			all += n
		}
	}
	for x, row := range table.Counts {
		for y, n := range row {
			v := p.variable(float64(n), 0, float64(all))
			switch cell := shown.Cells[x][y]; {
			case !cells:
			case cell.Hidden != 0:
				hidden = append(hidden, target{fmt.Sprint(table.A, ", ", table.B, " ", x, y), []term{{v, 1}}})
			default:
				p.limit(v, max(10, float64(cell.N)-2.5), float64(cell.N)+2.5)
			}
		}
	}
	for x := range 7 {
		var row, column []term
		for y := range 7 {
			row, column = append(row, term{at + 7*x + y, 1}), append(column, term{at + 7*y + x, 1})
		}
		for _, site := range sites {
			row = append(row, term{first[siteItem{site, table.A}] + x, -1})
			column = append(column, term{first[siteItem{site, table.B}] + x, -1})
		}
		p.know(row, 0, 0)
		p.know(column, 0, 0)
	}
	return hidden
}

func shownIn(shown []PairShown, item string) bool {
	return slices.ContainsFunc(shown, func(p PairShown) bool { return p.Hidden == 0 && (p.A == item || p.B == item) })
}

func TestPairsTellNothingHidden(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	hidden, items, tables, out, few := 0, 0, 0, 0, 0
	for n := range times(t, "surveys whose pairs of items are attacked", 10, 100) {
		_, m := drawSurvey(random)
		m.missing, m.items = false, 2+random.IntN(2)
		s := m.survey(7+random.IntN(12), 1, 0.5, 0.1, 0.6+0.4*random.Float64())
		pairs := m.tables(s.Rounds[0])
		shown, err := s.Rounds[0].Pairs(pairs)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range shown {
			if p.Hidden == TooFew {
				few++
			} else if p.Hidden != 0 {
				out++
			} else {
				tables++
			}
		}
		a := newAttacker(s, release(t, s))
		h, i, all, err := a.pairs(random, s.Rounds[0], m, pairs, shown)
		if err != nil {
			t.Fatalf("survey %d: %v", n, err)
		}
		for _, f := range all {
			t.Errorf("survey %d: %v", n, f)
		}
		hidden, items = hidden+h, items+i
	}
	t.Logf("attacked %d hidden cells of %d tables (%d left out, %d of too few people) and %d counts of hidden items", hidden, tables, out, few, items)
}
