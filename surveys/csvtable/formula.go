package csvtable

import (
	"strings"

	"wellwave/scoring/decimal"
)

// Runs reports whether a spreadsheet might take a cell for a formula. A plain number, such as a negative score, is never one.
// Files for spreadsheets put such a text behind an apostrophe.
func Runs(cell string) bool {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return false
	}
	_, err := decimal.Parse(cell, decimal.Written|decimal.Nearest)
	return err != nil
}
