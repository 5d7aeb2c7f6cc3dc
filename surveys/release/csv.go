package release

import (
	"math"
	"strconv"
	"strings"
)

// bom tells Excel that a file is UTF-8. Statistics packages take it for a part of the first column's name.
const bom = "\ufeff"

// appendCell writes a text cell. For Excel a text that a spreadsheet would run as a formula is put behind an apostrophe;
// for statistics the text is left as it is, because there it would be a changed value.
func appendCell(b []byte, s string, excel bool) []byte {
	if excel && runs(s) {
		s = "'" + s
	}
	if !strings.ContainsAny(s, ",\"\r\n") {
		return append(b, s...)
	}
	b = append(b, '"')
	for i := range len(s) {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// runs reports whether a spreadsheet might take the cell for a formula. A plain number, such as a negative score, is never one.
func runs(s string) bool {
	if s == "" || !strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return false
	}
	n, err := strconv.ParseFloat(s, 64)
	return err != nil || math.IsInf(n, 0) || math.IsNaN(n)
}

// appendNumber writes a number without exponent.
func appendNumber(b []byte, n float64) []byte {
	if n == math.Trunc(n) && math.Abs(n) < 1e15 {
		return strconv.AppendInt(b, int64(n), 10)
	}
	return strconv.AppendFloat(b, n, 'f', -1, 64)
}
