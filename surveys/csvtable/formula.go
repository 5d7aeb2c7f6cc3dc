package csvtable

import (
	"regexp"
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

// shielded cells begin with what a spreadsheet takes for a formula, behind any number of apostrophes.
var shielded = regexp.MustCompile("^'*[=+\\-@\t\r]")

// Shield puts one more apostrophe before a cell that a spreadsheet might take for a formula, so that it leaves the cell alone.
// Plain numbers stay as they are.
func Shield(cell string) string {
	if !shielded.MatchString(cell) || cell[0] != '\'' && !Runs(cell) {
		return cell
	}
	return "'" + cell
}

// Unshield takes the apostrophe away again that Shield put there.
func Unshield(cell string) string {
	if shielded.MatchString(cell) {
		return strings.TrimPrefix(cell, "'")
	}
	return cell
}
