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

// pairs attacks some hidden cells of tables of pairs, of either kind as many as asked for at most, and the items that practices' own reports hide, from all tables and
// all reports of a round in which everybody answered everything. A count keeps a range of 5, or what the means of factors
// leave of it by themselves.
func (a *attacker) pairs(random *rand.Rand, most int, round Round, m *practiceMaker, tables []Pair, shown []PairShown) (cells, items int, all []found, err error) {
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
		for _, target := range targets[i][:min(len(targets[i]), most)] {
			low, high, err := s.extent(target.terms, countRange)
			if err != nil {
				return 0, 0, nil, err
			}
			if high-low < countRange-1e-6 {
				l, h, err := before.extent(target.terms, countRange)
				if err != nil {
					return 0, 0, nil, err
				}
				if high-low < min(countRange, h-l)-1e-6 {
					all = append(all, found{target.what, low, high})
				}
			}
		}
	}
	return min(most, len(targets[1])), min(most, len(targets[0])), all, nil
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
					lo, hi := box(share, item.N())
					p.know(terms, max(1, lo), hi)
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
				p.limit(v, max(10, float64(cell.N)-2), float64(cell.N)+2)
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

func TestPairsTellNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	hidden, items, tables, out, few := 0, 0, 0, 0, 0
	for n := range times(t, "surveys whose pairs of items are attacked", 3, 100) {
		_, m := drawSurvey(random)
		m.missing, m.items = false, 2
		if m.factors == 1 {
			m.items = 2 + random.IntN(2)
		}
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
		h, i, all, err := a.pairs(random, 10, s.Rounds[0], m, pairs, shown)
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

// TestPairs holds the thresholds of a table by hand.
func TestPairs(t *testing.T) {
	table := func(counts [7][7]int) []Pair { return []Pair{{"a", "b", counts}} }
	survey := func(n int) Round {
		s := small([][]float64{{4, 4}}, [][]int{{n - 50, 50}})
		for i := range s.Rounds[0].Sites {
			s.Rounds[0].Sites[i].Headcount = 60
		}
		return s.Rounds[0]
	}
	counts := [7][7]int{{12, 13, 14, 15, 16, 0, 30}}
	if shown, err := survey(100).Pairs(table(counts)); err != nil || shown[0].Hidden != 0 {
		t.Errorf("of 100 respondents Pairs() = %+v, %v", shown, err)
	}
	if shown, err := survey(99).Pairs(table([7][7]int{{99}})); err != nil || shown[0].Hidden != TooFew || shown[0].Cells != nil {
		t.Errorf("of 99 respondents Pairs() = %+v, %v", shown, err)
	}
	if _, err := survey(99).Pairs(table(counts)); err == nil {
		t.Error("100 people are in a table of 99 respondents")
	}
	if _, err := survey(100).Pairs(table([7][7]int{{-1}})); err == nil {
		t.Error("a count below none is taken")
	}
	small := survey(100)
	small.Sites[0].Respondents = 9
	if got := small.PairSites(); !slices.Equal(got, []string{"site-2"}) {
		t.Errorf("PairSites() = %v", got)
	}
}

func TestCells(t *testing.T) {
	var counts, want [7][7]int
	for a := range counts {
		for b := range counts[a] {
			counts[a][b], want[a][b] = 20+a+b, (22+a+b)/5*5
		}
	}
	// One cell of 9 takes the smallest of its row and of its column with it, and they the corner that they share.
	counts[2][3], counts[2][5], counts[6][3], counts[6][5] = 9, 10, 11, 10
	for _, cell := range [][2]int{{2, 3}, {2, 5}, {6, 3}, {6, 5}} {
		want[cell[0]][cell[1]] = -1
	}
	counts[0][0], counts[0][1], counts[0][2], want[0][0], want[0][1], want[0][2] = 12, 13, 10, 10, 15, 10
	for a, row := range DefaultRules().cells(counts) {
		for b, cell := range row {
			got := cell.N
			if cell.Hidden != 0 {
				got = -1
			}
			if got != want[a][b] {
				t.Errorf("%d stands as %d, want %d", counts[a][b], got, want[a][b])
			}
		}
	}
}

// TestAttackerFindsPairs shows that the attacker finds what Pairs leaves out: where nearly everybody is content, the means
// and the large cells of a table tell the small ones.
func TestAttackerFindsPairs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	m := &practiceMaker{random: random, factors: 1, items: 2, level: 6.6, spread: 0.5, between: 0.1,
		options: make(map[string]map[string][7]int), answers: make(map[string][][]int)}
	s := m.survey(9, 1, 0.5, 0, 0.8)
	a, tables := newAttacker(s, release(t, s)), m.tables(s.Rounds[0])
	shown, err := s.Rounds[0].Pairs(tables)
	if err != nil || shown[0].Hidden != FewOrAlike {
		t.Fatalf("Pairs() = %+v, %v; want it left out", shown, err)
	}
	leak := []PairShown{{A: tables[0].A, B: tables[0].B, Cells: s.Rounds[0].Rules.cells(tables[0].Counts)}}
	if cells, _, all, err := a.pairs(random, 10, s.Rounds[0], m, tables, leak); err != nil || cells == 0 || len(all) == 0 {
		t.Errorf("with the table %v of %d cells are found, %v; want some", all, cells, err)
	}
}

// TestAttackerFindsTellingPairs shows the other reason: nine sites of ten people, whose shares are counts, and a tenth that
// hides that all of its people chose 7. The 64 people in the cell of two 7s, of whom 54 are known, are at least 63.
func TestAttackerFindsTellingPairs(t *testing.T) {
	m := &practiceMaker{options: make(map[string]map[string][7]int)}
	s := Survey{Rounds: []Round{{ID: "round-1", Rules: DefaultRules()}}}
	for i := range 10 {
		id, a, b := fmt.Sprint("site-", i), [7]int{1, 0, 0, 3, 0, 0, 6}, [7]int{6: 10}
		if i == 9 {
			a = b
		}
		m.options[id+"round-1"] = map[string][7]int{"a": a, "b": b}
		s.Sites = append(s.Sites, Site{ID: id, Group: Others})
		s.Rounds[0].Sites = append(s.Rounds[0].Sites, Measured{Site: id, Headcount: 15, Respondents: 10,
			Items: []Item{{Code: "a", Counts: Grouped(a)}, {Code: "b", Counts: Grouped(b)}}})
	}
	tables := []Pair{{"a", "b", [7][7]int{0: {6: 9}, 3: {6: 27}, 6: {6: 64}}}}
	shown, err := s.Rounds[0].Pairs(tables)
	if err != nil || shown[0].Hidden != FewOrAlike {
		t.Errorf("Pairs() = %+v, %v; want it left out", shown, err)
	}
	leak := []PairShown{{A: "a", B: "b", Cells: s.Rounds[0].Rules.cells(tables[0].Counts)}}
	a := newAttacker(s, release(t, s))
	_, _, all, err := a.pairs(rand.New(rand.NewPCG(1, 1)), 50, s.Rounds[0], m, tables, leak)
	if err != nil || !slices.ContainsFunc(all, func(f found) bool { return f.what == "a" }) {
		t.Errorf("with the table %v are found, %v; want the item", all, err)
	}
}

// BenchmarkPairs shows the 435 tables of a round's 30 items.
func BenchmarkPairs(b *testing.B) {
	s, m := benchSurvey(b)
	tables := m.tables(s.Rounds[0])
	b.ReportAllocs()
	for b.Loop() {
		shown, err := s.Rounds[0].Pairs(tables)
		if err != nil {
			b.Fatal(err)
		}
		left := 0
		for _, p := range shown {
			if p.Hidden != 0 {
				left++
			}
		}
		b.ReportMetric(float64(left), "hidden-tables")
	}
}
