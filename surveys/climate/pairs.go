package climate

import (
	"slices"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// ReportPairs are the tables of pairs of items of a round, for work on the scale itself.
type ReportPairs struct {
	// Hidden says why there are none at all.
	Hidden disclosure.Reason `json:"hidden,omitempty"`
	// From is how many respondents they need in all, and CellFrom how many a shown cell has at least.
	From     int          `json:"from"`
	CellFrom int          `json:"cell_from"`
	Tables   []ReportPair `json:"tables,omitempty"`
}

// Shown returns how many tables are shown.
func (p *ReportPairs) Shown() int {
	shown := 0
	for _, table := range p.Tables {
		if table.Hidden == 0 {
			shown++
		}
	}
	return shown
}

// ReportPair is how the answers to two items go together, over all practices with enough of them. Cells are the shown ones as
// answer to A, answer to B and how many gave both, to the nearest 5; answers run from 1 to 7, after reversing.
type ReportPair struct {
	A      string            `json:"a"`
	B      string            `json:"b"`
	Cells  [][3]int          `json:"cells,omitempty"`
	Hidden disclosure.Reason `json:"hidden,omitempty"`
}

// pairs works out what may be shown of pairs of items of the last round, nil where it has no two of them.
func (m *measured) pairs() (*ReportPairs, error) {
	last := len(m.rounds) - 1
	round := m.survey.Rounds[last]
	tables, err := countPairs(m.rounds[last], round.PairSites())
	if err != nil || len(tables) == 0 {
		return nil, err
	}
	shown, err := round.Pairs(tables)
	if err != nil {
		return nil, err
	}
	pairs := &ReportPairs{From: round.Rules.PairsFrom, CellFrom: round.Rules.PairCellFrom}
	if !slices.ContainsFunc(shown, func(p disclosure.PairShown) bool { return p.Hidden != disclosure.TooFew }) {
		pairs.Hidden = disclosure.TooFew // which all are, or none
		return pairs, nil
	}
	for _, p := range shown {
		table := ReportPair{A: p.A, B: p.B, Hidden: p.Hidden}
		for a := range options {
			for b := range options {
				if p.Hidden == 0 && p.Cells[a][b].Hidden == 0 {
					table.Cells = append(table.Cells, [3]int{a + 1, b + 1, p.Cells[a][b].N})
				}
			}
		}
		pairs.Tables = append(pairs.Tables, table)
	}
	return pairs, nil
}

// pairItem is an item of the tables, and where its answer stands.
type pairItem struct {
	scale   surveys.QuestionScale
	place   int
	code    string
	reverse bool
}

// pairItems returns the items of the factors that have the seven options, each once, in the questionnaire's order.
func pairItems(q *surveys.Questionnaire) []pairItem {
	var items []pairItem
	seen := make(map[string]bool)
	for _, scale := range factors(q) {
		for _, place := range scale.Items() {
			item := &scale.Instrument.Items[place]
			if counted(item) && !seen[item.Code] {
				seen[item.Code] = true
				items = append(items, pairItem{scale, place, item.Code, item.Reverse})
			}
		}
	}
	return items
}

// value returns the answer as it enters the factor, 0 for none.
func (i pairItem) value(given []scoring.Answer) int {
	answer := i.scale.Of(given)[i.place]
	switch {
	case !answer.Given:
		return 0
	case i.reverse:
		return int(bottom + top - answer.Value)
	}
	return int(answer.Value)
}

// countPairs counts every pair of items at some sites together.
func countPairs(round surveys.OpenedRound, sites []string) ([]disclosure.Pair, error) {
	items := pairItems(round.Questionnaire)
	var tables []disclosure.Pair
	for i := range items {
		for k := range i {
			tables = append(tables, disclosure.Pair{A: items[k].code, B: items[i].code})
		}
	}
	enter := make(map[string]bool, len(sites))
	for _, site := range sites {
		enter[site] = true
	}
	values := make([]int, len(items))
	for _, answer := range round.Answers {
		if !enter[string(answer.Site)] {
			continue
		}
		answers, err := surveys.ReadAnswers(round.Questionnaire, answer.Answers, "", 0)
		if err != nil {
			return nil, err
		}
		given := answers.ForScoring()
		for i, item := range items {
			values[i] = item.value(given)
		}
		at := 0
		for i, b := range values {
			for _, a := range values[:i] {
				if a > 0 && b > 0 {
					tables[at].Counts[a-1][b-1]++
				}
				at++
			}
		}
	}
	return tables, nil
}
