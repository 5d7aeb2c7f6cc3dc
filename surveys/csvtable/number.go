package csvtable

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"wellwave/scoring/decimal"
)

// ParseNumber reads a number as decimal.Written has it, such as 3, −0.5, 1.0 or 2e-3 in the digits of any script, with what Trim
// takes away around it. given is false where there is nothing but white space, which is a missing value. ok is false for anything else: NaN,
// infinities, hexadecimal numbers, digits grouped by signs, and numbers that cannot be held as they are written.
func ParseNumber(cell []byte) (value float64, given, ok bool) {
	return ParseNumberAs(cell, decimal.Written)
}

// ParseNumberAs reads a number of the given form as ParseNumber does.
func ParseNumberAs(cell []byte, form decimal.Form) (value float64, given, ok bool) {
	if len(cell) == 1 && cell[0]-'0' <= 9 { // nearly every answer
		return float64(cell[0] - '0'), true, true
	}
	cell = Trim(cell)
	if len(cell) == 0 {
		return 0, false, true
	}
	value, err := decimal.Parse(cell, form)
	return value, err == nil, err == nil
}

// Trim returns a cell without the white space around it, nor the marks there that nobody sees, which come along when text is
// copied from pages and from writing right to left.
func Trim(cell []byte) []byte {
	cell = bytes.TrimSpace(cell)
	if len(cell) == 0 || cell[0] < utf8.RuneSelf && cell[len(cell)-1] < utf8.RuneSelf { // nearly every cell
		return cell
	}
	return bytes.TrimFunc(cell, unseen)
}

// TrimText is Trim of a text.
func TrimText(cell string) string { return strings.TrimFunc(cell, unseen) }

// unseen reports whether nothing can be seen of a character: white space, joiners and spaces of no width, directions of writing
// and byte order marks. What turns the order of the digits behind it is seen, in them.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202c' || r >= '\u2060' && r <= '\u2069' || r == '\ufeff'
}
