package page

import "strings"

// Table is a table as the partial table prints it.
type Table struct {
	ID, Caption string
	Heads       []Cell
	Rows        []TableRow
}

type TableRow struct {
	Cells []Cell
	Total bool
	Group string // heads the rows below it and has no cells
	Span  int    // columns of the table, for Group
}

// Cell is one cell: a text, a link, or a badge of the given kind.
type Cell struct {
	Text   string
	URL    string
	Badge  string // good, notice, warn, alarm or plain
	Note   string // small print after the text
	Hidden string // for screen readers: what the link or the column is about
	Number bool
	Head   bool // names the row
}

func HeadCell(text string) Cell { return Cell{Text: text, Head: true} }

func TextCell(text string) Cell { return Cell{Text: text} }

func NumberCell(text string) Cell { return Cell{Text: text, Number: true} }

func BadgeCell(kind, text string) Cell { return Cell{Text: text, Badge: kind} }

func LinkCell(text, url, about string) Cell {
	return Cell{Text: text, URL: url, Hidden: about}
}

func Row(cells ...Cell) TableRow { return TableRow{Cells: cells} }

func HiddenHead(about string) Cell { return Cell{Hidden: about} }

// Heads makes column headings; one that starts with # heads a column of numbers.
func Heads(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i].Text, cells[i].Number = strings.CutPrefix(text, "#")
	}
	return cells
}
