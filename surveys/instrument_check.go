package surveys

import (
	"errors"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"wellwave/scoring/decimal"
	"wellwave/surveys/csvtable"
)

// Default lengths of text answers, in characters.
const (
	shortTextLength = 500
	longTextLength  = 5000
)

// Check returns nil if v may stand in the item, else an Invalid error whose message tells the person who answered what
// to do about it. A typed absence may stand in every item, except those that the server works out itself.
func (i *Item) Check(v Value) error {
	if v.Kind == AbsentValue {
		if v.Missing < Skipped || v.Missing > Cleared {
			return Errorf(Invalid, "Why there is no answer must be one of skipped, prefer-not-to-say, not-applicable, not-recorded and cleared.")
		}
		return nil
	}
	switch {
	case !v.Given():
		return Errorf(Invalid, "There is no answer here.")
	case i.Kind == KindDisplay:
		return Errorf(Invalid, "This is a text to read and takes no answer.")
	case i.Kind.Numeric():
		return i.checkNumber(v)
	case i.Kind == KindMultiple:
		return i.checkSet(v)
	case v.Kind != TextValue:
		return Errorf(Invalid, "“%s” is not an answer to this question, which takes a text.", v)
	case i.Kind == KindDate:
		return checkDate(v.Text)
	}
	return i.checkText(v.Text)
}

func (i *Item) checkNumber(v Value) error {
	switch {
	case v.Kind != NumberValue:
		return Errorf(Invalid, "“%s” is not a number.", Excerpt(v.Text))
	case math.IsNaN(v.Number) || math.IsInf(v.Number, 0):
		return Errorf(Invalid, "This is not a number.")
	case i.Kind.Chosen():
		return i.checkOption(v.Number)
	case i.Kind != KindDecimal && v.Number != math.Trunc(v.Number):
		return Errorf(Invalid, "“%s” is not a whole number.", v)
	case v.Number < i.Min || v.Number > i.Max:
		return Errorf(Invalid, "“%s” is out of range. The answer is between %s and %s.", v, FormatNumber(i.Min), FormatNumber(i.Max))
	}
	return nil
}

func (i *Item) checkOption(n float64) error {
	if slices.Contains(i.Options, n) {
		return nil
	}
	return Errorf(Invalid, "“%s” is not an answer to this question. The answers are %s.", FormatNumber(n), i.optionList())
}

func (i *Item) checkSet(v Value) error {
	if v.Kind != SetValue {
		return Errorf(Invalid, "“%s” is not an answer to this question, which takes a list of choices.", Excerpt(v.String()))
	}
	members := v.Members()
	if len(members) == 0 || Set(members...) != v {
		return Errorf(Invalid, "The choices are numbers, each given once.")
	}
	for _, n := range members {
		if err := i.checkOption(n); err != nil {
			return err
		}
	}
	return nil
}

// optionList writes the options as "1 to 5" where they are consecutive, else one by one.
func (i *Item) optionList() string {
	o := i.Options
	if n := len(o); n > 2 && o[0] == math.Trunc(o[0]) && !slices.ContainsFunc(o, func(v float64) bool { return v != math.Trunc(v) }) && o[n-1]-o[0] == float64(n-1) {
		return FormatNumber(o[0]) + " to " + FormatNumber(o[n-1])
	}
	words := make([]string, len(o))
	for j, v := range o {
		words[j] = FormatNumber(v)
	}
	if len(words) == 1 {
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func checkDate(text string) error {
	if !isDate(text) {
		return Errorf(Invalid, "“%s” is not a day. Write it as 2026-03-31.", Excerpt(text))
	}
	return nil
}

// isDate reports whether text is a day of the calendar as YYYY-MM-DD that somebody could mean.
func isDate(text string) bool {
	day, err := time.Parse(time.DateOnly, text)
	return err == nil && InReach(day)
}

func (i *Item) checkText(text string) error {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Errorf(Invalid, "The text holds characters that cannot be stored.")
	}
	if n := utf8.RuneCountInString(norm.NFC.String(text)); n > i.MaxLength {
		return Errorf(Invalid, "The text has %d characters. The most that can be stored is %d.", n, i.MaxLength)
	}
	if strings.TrimSpace(text) == "" {
		return Errorf(Invalid, "There is no answer here.")
	}
	return nil
}

// Excerpt keeps what somebody typed short enough to be repeated in a sentence.
func Excerpt(text string) string {
	const most = 40
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most]) + "…"
	}
	return text
}

// NormalText returns text in the form in which it is stored: Unicode NFC, lines ended by a line feed, no white space
// around it.
func NormalText(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.TrimSpace(norm.NFC.String(text))
}

// ParseValue reads what stands in a cell of a CSV file, and checks it. An empty cell is an untouched value, which the caller
// may take for a reason to be missing. Several choices are parted by blanks.
func ParseValue(item *Item, cell string) (Value, error) {
	return ParseValueAs(item, cell, decimal.Written)
}

// ParseTyped reads what came from a form field as ParseValue does a cell. Nobody types exponents, but people type the digits of
// their own script, and in many countries a comma before decimals. One that could part thousands, as in 1,000, is refused: it
// would be a thousandth of what was meant.
func ParseTyped(item *Item, typed string) (Value, error) {
	if item.Kind.Numeric() && groupsDigits(typed) {
		return Value{}, Errorf(Invalid, "“%s” is not a number.", Excerpt(typed))
	}
	return ParseValueAs(item, typed, decimal.Typed|decimal.Digits|decimal.Comma)
}

// PlainDigits returns a number that was typed in the digits of another script in those that programs read, and any other text as
// it is.
func PlainDigits(typed string) string {
	n, err := decimal.Parse(typed, decimal.Digits)
	if err != nil || strings.IndexFunc(typed, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return typed
	}
	return decimal.Format(n)
}

// groupsDigits reports whether a comma stands before exactly three digits, behind more than zeros.
func groupsDigits(typed string) bool {
	whole, behind, comma := strings.Cut(strings.ReplaceAll(strings.TrimSpace(typed), "，", ","), ",")
	return comma && utf8.RuneCountInString(behind) == 3 && strings.Trim(whole, "+-−0٠۰０") != ""
}

// ParseValueAs reads what somebody or some program wrote, whose numbers have the given form.
func ParseValueAs(item *Item, cell string, form decimal.Form) (Value, error) {
	if csvtable.TrimText(cell) == "" {
		return Value{}, nil
	}
	v, err := readCell(item, cell, form)
	if err != nil {
		return Value{}, err
	}
	return v, item.Check(v)
}

func readCell(item *Item, cell string, form decimal.Form) (Value, error) {
	switch {
	case item.Kind == KindMultiple:
		var members []float64
		for _, field := range strings.Fields(cell) {
			n, err := readNumberCell(field, form)
			if err != nil {
				return Value{}, err
			}
			members = append(members, n)
		}
		return Set(members...), nil
	case item.Kind.Numeric():
		n, err := readNumberCell(csvtable.TrimText(cell), form)
		return Number(n), err
	}
	return Text(NormalText(cell)), nil
}

// readNumberCell reads a number, and says what is wrong with one that is none or cannot be kept.
func readNumberCell(field string, form decimal.Form) (float64, error) {
	n, err := decimal.Parse(field, form)
	switch {
	case errors.Is(err, decimal.ErrTooLong):
		return 0, Errorf(Invalid, "“%s” has more digits than can be kept.", Excerpt(field))
	case err != nil:
		return 0, Errorf(Invalid, "“%s” is not a number.", Excerpt(field))
	}
	return n, nil
}
