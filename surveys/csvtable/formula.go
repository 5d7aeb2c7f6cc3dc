package csvtable

import (
	"math"
	"strconv"
	"strings"
)

// Runs reports whether a spreadsheet might take a cell for a formula. A plain number, such as a negative score, is never one.
// Files for spreadsheets put such a text behind an apostrophe.
func Runs(cell string) bool {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return false
	}
	n, err := strconv.ParseFloat(cell, 64)
	return err != nil || math.IsInf(n, 0) || math.IsNaN(n)
}
