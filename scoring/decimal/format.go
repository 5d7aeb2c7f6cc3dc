package decimal

import (
	"bytes"
	"math"
	"strconv"
)

// Append appends the shortest plain decimal form that is read as exactly v: no exponent, no needless zeros, a point before
// decimals, a hyphen before what is less than 0. Zero has no sign. What is no number is written as strconv does, for messages.
func Append(b []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 { // nearly every number, and −0
		return strconv.AppendInt(b, int64(v), 10)
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

// Format returns what Append appends.
func Format(v float64) string {
	var b [32]byte
	return string(Append(b[:0], v))
}

// figures is how many significant digits a float64 always holds; a computed number is vouched for no further.
const figures = 15

// Fixed returns v with a given number of decimals, 0 or more, rounded half away from zero on the decimal value: 1.005 to two
// decimals is 1.01, and so is 1.00499999999999989 that a calculation made of it. Zero has no sign.
func Fixed(v float64, decimals int) string {
	if !(math.Abs(v) < 1e15) { // whole, or no number
		return strconv.FormatFloat(v, 'f', decimals, 64)
	}
	var room [64]byte
	return string(fixed(room[:0], v, decimals))
}

// Rounded returns the number that Fixed writes.
func Rounded(v float64, decimals int) float64 {
	x := v * math.Pow10(decimals)
	if near := math.Abs(x-math.Trunc(x)) - 0.5; math.Abs(near) > 1e-3 && math.Abs(x) < 1e9 { // no tie, also in decimal
		return math.Round(x)/math.Pow10(decimals) + 0
	}
	n, _ := strconv.ParseFloat(Fixed(v, decimals), 64) // which is a number, or none as v is none
	return n
}

// Figures returns v in plain decimal form with so many significant digits at most, 1 to 17.
func Figures(v float64, digits int) string {
	n, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64) // which is a number, or none as v is none
	return Format(n)
}

// fixed rounds the digits that a float64 holds, one by one as a person would.
func fixed(b []byte, v float64, decimals int) []byte {
	n := parts(strconv.AppendFloat(nil, math.Abs(v), 'e', figures-1, 64))
	digits := n.round(decimals)
	if v < 0 && len(digits) > 0 {
		b = append(b, '-')
	}
	for len(digits) <= decimals { // 0.005 has the digits 5
		digits = append([]byte{'0'}, digits...)
	}
	point := len(digits) - decimals
	b = append(b, digits[:point]...)
	if decimals > 0 {
		b = append(append(b, '.'), digits[point:]...)
	}
	return b
}

// number is a decimal number without its sign: digits × 10^(point − len(digits)), the digits without zeros at either end.
// Zero has none.
type number struct {
	digits []byte
	point  int // digits before the point, less than 0 where zeros follow it
}

// round returns the digits of the number times 10^decimals, rounded half away from zero to a whole number; none for 0.
func (n number) round(decimals int) []byte {
	keep := n.point + decimals
	if keep < 0 || len(n.digits) == 0 {
		return nil
	}
	digits := make([]byte, 0, keep+1)
	for i := range keep {
		if i < len(n.digits) {
			digits = append(digits, n.digits[i])
		} else {
			digits = append(digits, '0')
		}
	}
	if keep >= len(n.digits) || n.digits[keep] < '5' {
		return digits
	}
	for i := keep - 1; i >= 0; i-- {
		if digits[i] != '9' {
			digits[i]++
			return digits
		}
		digits[i] = '0'
	}
	return append([]byte{'1'}, digits...)
}

// parts takes a text apart that is a number with or without point and exponent, and no sign.
func parts(text []byte) number {
	if i := bytes.IndexByte(text, 'e'); i >= 0 {
		n := parts(text[:i])
		if len(n.digits) > 0 {
			n.point += power(text[i+1:])
		}
		return n
	}
	n := number{digits: make([]byte, 0, len(text))}
	fraction := false
	for _, c := range text {
		switch {
		case c == '.':
			fraction = true
			continue
		case c != '0' || len(n.digits) > 0:
			n.digits = append(n.digits, c)
			if !fraction {
				n.point++
			}
		case fraction: // a zero between the point and the first digit
			n.point--
		}
	}
	n.digits = bytes.TrimRight(n.digits, "0")
	if len(n.digits) == 0 {
		return number{}
	}
	return n
}

// mostPower bounds an exponent: what lies beyond is no number that a float64 holds.
const mostPower = 9999

// power reads the digits of an exponent.
func power(text []byte) int {
	sign, n := 1, 0
	for _, c := range text {
		switch {
		case c == '-':
			sign = -1
		case c != '+':
			n = min(10*n+int(c-'0'), mostPower)
		}
	}
	return sign * n
}
