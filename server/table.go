package server

import "strings"

// tableView is a table as the partial table prints it.
type tableView struct {
	ID, Caption string
	Heads       []tableCell
	Rows        []tableRow
}

type tableRow struct {
	Cells []tableCell
	Total bool
	Group string // heads the rows below it and has no cells
	Span  int    // columns of the table, for Group
}

// tableCell is one cell: a text, a link, or a badge of the given kind.
type tableCell struct {
	Text   string
	URL    string
	Badge  string // good, notice, warn, alarm or plain
	Note   string // small print after the text
	Hidden string // for screen readers: what the link or the column is about
	Number bool
	Head   bool // names the row
}

func head(text string) tableCell { return tableCell{Text: text, Head: true} }

func cell(text string) tableCell { return tableCell{Text: text} }

func numberCell(text string) tableCell { return tableCell{Text: text, Number: true} }

func badgeCell(kind, text string) tableCell { return tableCell{Text: text, Badge: kind} }

func linkCell(text, url, about string) tableCell {
	return tableCell{Text: text, URL: url, Hidden: about}
}

func row(cells ...tableCell) tableRow { return tableRow{Cells: cells} }

func hiddenHead(about string) tableCell { return tableCell{Hidden: about} }

// heads makes column headings; one that starts with # heads a column of numbers.
func heads(texts ...string) []tableCell {
	cells := make([]tableCell, len(texts))
	for i, text := range texts {
		cells[i].Text, cells[i].Number = strings.CutPrefix(text, "#")
	}
	return cells
}
