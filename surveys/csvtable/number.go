package csvtable

import (
	"bytes"

	"wellwave/scoring/decimal"
)

// ParseNumber reads a number as decimal.Written has it, such as 3, −0.5 with a hyphen, 1.0 or 2e-3, with white space around
// it. given is false where there is nothing but white space, which is a missing value. ok is false for anything else: NaN,
// infinities, hexadecimal numbers, digits grouped by signs, and numbers that cannot be held as they are written.
func ParseNumber(cell []byte) (value float64, given, ok bool) {
	return ParseNumberAs(cell, decimal.Written)
}

// ParseNumberAs reads a number of the given form as ParseNumber does.
func ParseNumberAs(cell []byte, form decimal.Form) (value float64, given, ok bool) {
	if len(cell) == 1 && cell[0]-'0' <= 9 { // nearly every answer
		return float64(cell[0] - '0'), true, true
	}
	cell = bytes.TrimSpace(cell)
	if len(cell) == 0 {
		return 0, false, true
	}
	value, err := decimal.Parse(cell, form)
	return value, err == nil, err == nil
}
