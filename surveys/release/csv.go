package release

import (
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/csvtable"
)

// bom tells Excel that a file is UTF-8. Statistics packages take it for a part of the first column's name.
const bom = "\ufeff"

// appendCell writes a text cell. For Excel a text that a spreadsheet would run as a formula is put behind an apostrophe;
// for statistics the text is left as it is, because there it would be a changed value.
func appendCell(b []byte, s string, excel bool) []byte {
	if excel && csvtable.Runs(s) {
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

// appendNumber writes a number without exponent.
func appendNumber(b []byte, n float64) []byte { return surveys.AppendNumber(b, n) }
