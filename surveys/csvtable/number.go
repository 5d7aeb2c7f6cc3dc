package csvtable

import (
	"bytes"
	"strconv"
)

// ParseNumber reads a decimal number such as 3, −0.5 with a hyphen, 1.0 or 2e-3, with white space around it. given is
// false where there is nothing but white space, which is a missing value. ok is false for anything else: NaN, infinities,
// hexadecimal numbers, digits grouped by signs, and numbers too large to be held.
func ParseNumber(cell []byte) (value float64, given, ok bool) {
	if len(cell) == 1 && cell[0]-'0' <= 9 { // nearly every answer
		return float64(cell[0] - '0'), true, true
	}
	cell = bytes.TrimSpace(cell)
	if len(cell) == 0 {
		return 0, false, true
	}
	for _, c := range cell { // strconv alone would take more than numbers in decimal
		if !decimal[c] {
			return 0, false, false
		}
	}
	value, err := strconv.ParseFloat(string(cell), 64)
	if err != nil {
		return 0, false, false
	}
	return value + 0, true, true // −0 is 0
}

// decimal marks what a decimal number is made of.
var decimal = [256]bool{'0': true, '1': true, '2': true, '3': true, '4': true, '5': true, '6': true, '7': true, '8': true,
	'9': true, '+': true, '-': true, '.': true, 'e': true, 'E': true}
