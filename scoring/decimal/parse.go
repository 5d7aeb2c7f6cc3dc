package decimal

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Form says what is read beside plain decimal form, which is an optional sign and digits with at most one point among,
// before or behind them.
type Form uint8

// The forms can be joined.
const (
	Exponents Form = 1 << iota // 1e+05, as programs write 100000
	Comma                      // a comma for the point, as in 72,5
	Digits                     // the digits, signs and points of every script
	Nearest                    // the nearest number that can be held, for calculations that no digit more would change

	Typed   Form = 0                  // by a person, in a field that shows plain decimal form
	Written      = Exponents | Digits // by a program, in a file or a message
)

// The errors of Parse. Neither repeats what was read, which may be an answer.
var (
	ErrNotNumber = errors.New("not a number")
	ErrTooLong   = errors.New("more digits than can be kept")
)

// largest is the last whole number up to which a float64 holds every one.
const largest = 1 << 53

// Parse reads a number. It returns ErrNotNumber for what has another form, such as NaN, infinities, hexadecimal numbers and
// digits in groups, and ErrTooLong where no float64 is the number that was written: in size beyond 2⁵³, or with digits that
// would be lost. White space is not a part of a number. −0 is 0.
func Parse[T ~string | ~[]byte](text T, form Form) (float64, error) {
	if len(text) == 1 && text[0]-'0' <= 9 { // nearly every answer
		return float64(text[0] - '0'), nil
	}
	var room [48]byte
	digits, ok := plain(room[:0], text, form)
	if !ok {
		return 0, ErrNotNumber
	}
	v, err := strconv.ParseFloat(string(digits), 64)
	switch {
	case err != nil: // the form is right, so it is out of range
		return 0, ErrTooLong
	case form&Nearest == 0 && (v > largest || v < -largest || !form.holds(digits, v)):
		return 0, ErrTooLong
	}
	return v + 0, nil
}

// plain appends a number of this form as strconv reads it, and reports whether it is one.
func plain[T ~string | ~[]byte](b []byte, text T, form Form) ([]byte, bool) {
	digits, point := false, false
	for i := 0; i < len(text); {
		c, size := text[i], 1
		if c >= utf8.RuneSelf && form&Digits != 0 {
			c, size = foreign(string(text[i:min(i+utf8.UTFMax, len(text))]))
		}
		if c == ',' && form&Comma != 0 {
			c = '.'
		}
		switch {
		case c-'0' <= 9:
			digits = true
		case c == '.' && !point:
			point = true
		case (c == '+' || c == '-') && i == 0:
		case (c == 'e' || c == 'E') && digits && form&Exponents != 0:
			return exponent(append(b, 'e'), text[i+1:])
		default:
			return b, false
		}
		b = append(b, c)
		i += size
	}
	return b, digits
}

// exponent appends what stands behind an e, and reports whether it is a whole number.
func exponent[T ~string | ~[]byte](b []byte, text T) ([]byte, bool) {
	digits := false
	for i := range len(text) {
		switch c := text[i]; {
		case c-'0' <= 9:
			digits = true
		case (c == '+' || c == '-') && i == 0:
		default:
			return b, false
		}
		b = append(b, text[i])
	}
	return b, digits
}

// Latin returns a text with the digits of every script as 0 to 9, and all else as it is.
func Latin(text string) string {
	return strings.Map(func(r rune) rune {
		if digit, _ := foreign(string(r)); r >= utf8.RuneSelf && digit-'0' <= 9 {
			return rune(digit)
		}
		return r
	}, text)
}

// foreign returns the character in ASCII that the first one of text stands for in numbers of another script, 0 if none.
func foreign(text string) (c byte, size int) {
	r, size := utf8.DecodeRuneInString(text)
	switch r {
	case '−':
		return '-', size
	case '٫', '．': // the decimal separator of Arabic, and the full stop of full width
		return '.', size
	case '，':
		return ',', size
	}
	for _, all := range unicode.Nd.R16 { // each range holds the ten digits of one script or of several, in order
		if r >= rune(all.Lo) && r <= rune(all.Hi) {
			return '0' + byte((r-rune(all.Lo))%10), size
		}
	}
	for _, all := range unicode.Nd.R32 {
		if r >= rune(all.Lo) && r <= rune(all.Hi) {
			return '0' + byte((r-rune(all.Lo))%10), size
		}
	}
	return 0, size
}

// holds reports whether v is the number that was written: its shortest form has the same digits, or the seventeen with
// which many programs write every number.
func (form Form) holds(written []byte, v float64) bool {
	if len(written) <= figures && !slices.Contains(written, 'e') {
		return true // fewer digits always fit
	}
	if written[0] == '-' || written[0] == '+' {
		written = written[1:]
	}
	want, v := parts(written), math.Abs(v)
	for _, precision := range [...]int{-1, 16} {
		if precision > 0 && form&Exponents == 0 {
			break
		}
		var room [32]byte
		got := parts(strconv.AppendFloat(room[:0], v, 'e', precision, 64))
		if got.point == want.point && slices.Equal(got.digits, want.digits) {
			return true
		}
	}
	return false
}
