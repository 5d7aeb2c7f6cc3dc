package disclosure

import (
	"fmt"
	"math"
	"slices"
)

// Pair is a table of two items at all sites of [Round.PairSites] together: Counts[a][b] people chose option a+1 of the
// first and option b+1 of the second, after reversing.
type Pair struct {
	A, B   string
	Counts [7][7]int
}

// PairShown is what may be shown of a [Pair], with no margins and no total.
type PairShown struct {
	A      string      `json:"a"`
	B      string      `json:"b"`
	Cells  *[7][7]Cell `json:"cells,omitempty"` // nil where the whole table is hidden
	Hidden Reason      `json:"hidden,omitempty"`
}

// Cell is a count to the nearest 5.
type Cell struct {
	N      int    `json:"n"`
	Hidden Reason `json:"hidden,omitempty"`
}

// cellStep is to which number the cells of pairs are rounded.
const cellStep = 5

// PairSites returns the sites whose respondents enter tables of pairs of items: those with enough of them for items.
func (r Round) PairSites() []string {
	var sites []string
	for _, m := range r.Sites {
		if r.Rules.enough(m.Respondents, r.Rules.ItemFrom, m.Headcount) {
			sites = append(sites, m.Site)
		}
	}
	return sites
}

// Pairs returns what may be shown of tables of pairs of items, for work on the scale itself, or nothing of any where fewer
// than PairsFrom respondents are in them. A round shows its tables once and all together.
//
// A cell under PairCellFrom is hidden, the others stand to the nearest 5. The tables of an item with all others narrow its
// margin down, so in a row or column with one hidden cell the smallest of the others is hidden too. Tables of an item are
// left out where they and the practices' own reports would tell what a practice's report hides of it. Pairs fails where a
// table counts more people than there are.
func (r Round) Pairs(tables []Pair) ([]PairShown, error) {
	sites := make(map[string]bool)
	for _, site := range r.PairSites() {
		sites[site] = true
	}
	respondents := 0
	for _, m := range r.Sites {
		if sites[m.Site] {
			respondents += m.Respondents
		}
	}
	shown := make([]PairShown, len(tables))
	margins := make(map[string]*moves)
	for i, table := range tables {
		if err := table.check(respondents); err != nil {
			return nil, fmt.Errorf("pair %s, %s: %w", table.A, table.B, err)
		}
		shown[i] = PairShown{A: table.A, B: table.B, Cells: r.Rules.cells(table.Counts)}
		if respondents < r.Rules.PairsFrom {
			shown[i].Cells, shown[i].Hidden = nil, TooFew
			continue
		}
		first, second := table.moves(shown[i].Cells)
		meet(margins, table.A, first)
		meet(margins, table.B, second)
	}
	telling, ends := r.telling(sites, margins), r.ends(sites)
	for i := range shown {
		if shown[i].Cells != nil {
			ends.learn(&shown[i])
		}
	}
	for i := range shown {
		if shown[i].Cells != nil && (telling[shown[i].A] || telling[shown[i].B] || ends.crowd(&shown[i], tables[i].people())) {
			shown[i].Cells, shown[i].Hidden = nil, FewOrAlike
		}
	}
	return shown, nil
}

func (p Pair) check(respondents int) error {
	for _, row := range p.Counts {
		if least := slices.Min(row[:]); least < 0 {
			return fmt.Errorf("the count %d cannot be", least)
		}
	}
	if p.people() > respondents {
		return fmt.Errorf("%d people are in the table, of %d", p.people(), respondents)
	}
	return nil
}

// people returns how many are in the table.
func (p Pair) people() int {
	all := 0
	for _, row := range p.Counts {
		for _, n := range row {
			all += n
		}
	}
	return all
}

// cells hides the small cells of a table, and others so that no row and no column has just one hidden.
func (r Rules) cells(counts [7][7]int) *[7][7]Cell {
	var cells [7][7]Cell
	for a, row := range counts {
		for b, n := range row {
			cells[a][b].N = int(math.Round(float64(n)/cellStep)) * cellStep
			if n < r.PairCellFrom {
				cells[a][b] = Cell{Hidden: TooFew}
			}
		}
	}
	for again := true; again; {
		again = false
		for i := range counts {
			var row, column [7]*Cell
			var inRow, inColumn [7]int
			for k := range counts {
				row[k], inRow[k] = &cells[i][k], counts[i][k]
				column[k], inColumn[k] = &cells[k][i], counts[k][i]
			}
			rowToo := hideSecond(row, inRow)
			again = hideSecond(column, inColumn) || rowToo || again
		}
	}
	return &cells
}

// hideSecond hides the smallest shown cell of a row or column that has just one hidden, and reports whether it did.
func hideSecond(line [7]*Cell, counts [7]int) bool {
	hidden, smallest := 0, -1
	for i, cell := range line {
		switch {
		case cell.Hidden != 0:
			hidden++
		case smallest < 0 || counts[i] < counts[smallest]:
			smallest = i
		}
	}
	if hidden != 1 {
		return false
	}
	*line[smallest] = Cell{Hidden: TooFew}
	return true
}
