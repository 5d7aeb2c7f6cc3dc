package surveys

import (
	"fmt"
	"slices"
	"strings"

	"wellwave/scoring/decimal"
)

// ValueKind says which part of a Value holds the answer.
type ValueKind uint8

// The kinds of value. The zero kind is an item that nobody has touched.
const (
	Untouched   ValueKind = iota
	NumberValue           // options, ratings, scales, integers, decimals, yes (1) and no (0)
	TextValue             // short and long text, and a date as YYYY-MM-DD
	SetValue              // multiple choice: the chosen option values
	AbsentValue           // a typed missing value
)

// Missing says why an item has no answer.
type Missing uint8

// The reasons. NotAsked and NotReached are computed by the server and never accepted from outside.
const (
	NotAsked       Missing = iota + 1 // the wave or the rule of the item did not ask it
	NotReached                        // the person stopped before it
	Skipped                           // seen and passed over
	PreferNotToSay                    // declined in so many words
	NotApplicable                     // does not apply to this person
	NotRecorded                       // blank in a bulk file or on paper
	Cleared                           // an earlier answer taken back; the item is open again
)

var missingWords = Words[Missing]{NotAsked: "not-asked", NotReached: "not-reached", Skipped: "skipped",
	PreferNotToSay: "prefer-not-to-say", NotApplicable: "not-applicable", NotRecorded: "not-recorded", Cleared: "cleared"}

// String returns the word that stands in files and in the <item>_missing columns of a release.
func (m Missing) String() string { return missingWords.Word(m) }

// missingLabels say more where the word alone does not.
var missingLabels = Words[Missing]{NotAsked: "this wave, or the item's own condition, did not ask it",
	NotReached: "the person stopped before it", NotRecorded: "unknown, or blank in a file or on paper"}

// Label says what the word means, or nothing where the word says it.
func (m Missing) Label() string { return missingLabels.Word(m) }

// Described returns the word and what it means, as a codebook has it.
func (m Missing) Described() string {
	if label := m.Label(); label != "" {
		return m.String() + " (" + label + ")"
	}
	return m.String()
}

// StoredMissing lists the reasons that a response can hold: an answer that was taken back leaves the item as if nobody had
// touched it.
func StoredMissing() []Missing {
	return slices.DeleteFunc(missingWords.Values(), func(m Missing) bool { return m == Cleared })
}

// SaidMissing lists the reasons that whoever sends an answer may give.
func SaidMissing() []Missing {
	return slices.DeleteFunc(StoredMissing(), func(m Missing) bool { return m < Skipped })
}

// ParseMissing returns the reason named by word.
func ParseMissing(word string) (Missing, bool) { return missingWords.Parse(word) }

// Value is what stands in one item: a number, a text, a set of option values, or the reason why nothing does.
// Values are comparable with ==.
type Value struct {
	Kind    ValueKind
	Missing Missing // AbsentValue only
	Number  float64 // NumberValue only
	Text    string  // TextValue: the text; SetValue: the values in ascending order, joined by a blank
}

// Number returns a numeric value.
func Number(n float64) Value { return Value{Kind: NumberValue, Number: n} }

// Text returns a text value.
func Text(s string) Value { return Value{Kind: TextValue, Text: s} }

// Absent returns a typed missing value.
func Absent(m Missing) Value { return Value{Kind: AbsentValue, Missing: m} }

// Set returns the value of a multiple choice, in ascending order and without repeats.
func Set(values ...float64) Value {
	sorted := slices.Compact(slices.Sorted(slices.Values(values)))
	var b strings.Builder
	for i, v := range sorted {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(FormatNumber(v))
	}
	return Value{Kind: SetValue, Text: b.String()}
}

// Members returns the chosen values of a multiple choice.
func (v Value) Members() []float64 {
	if v.Kind != SetValue || v.Text == "" {
		return nil
	}
	parts := strings.Split(v.Text, " ")
	members := make([]float64, 0, len(parts))
	for _, part := range parts {
		if n, err := decimal.Parse(part, decimal.Typed); err == nil {
			members = append(members, n)
		}
	}
	return members
}

// Given reports whether the value is an answer rather than an absence.
func (v Value) Given() bool {
	return v.Kind == NumberValue || v.Kind == TextValue || v.Kind == SetValue
}

// normal returns the value in the one form in which it is stored.
func (v Value) normal() Value {
	if v.Kind == TextValue {
		v.Text = NormalText(v.Text)
	}
	return v
}

// String returns the value as it stands in a CSV cell: empty where nothing was given.
func (v Value) String() string {
	switch v.Kind {
	case NumberValue:
		return FormatNumber(v.Number)
	case TextValue, SetValue:
		return v.Text
	default:
		return ""
	}
}

// GoString helps in test failures, where an absence must be visible.
func (v Value) GoString() string {
	if v.Kind == AbsentValue {
		return "missing:" + v.Missing.String()
	}
	return fmt.Sprintf("%d:%s", v.Kind, v.String())
}

// FormatNumber writes a number in plain decimal form, as every page, file and message has it; what it writes is read back as
// the same number.
func FormatNumber(n float64) string { return decimal.Format(n) }

// FixedNumber writes a number with so many decimals, rounded half away from zero.
func FixedNumber(n float64, decimals int) string { return decimal.Fixed(n, decimals) }

// AppendNumber appends what FormatNumber returns.
func AppendNumber(b []byte, n float64) []byte { return decimal.Append(b, n) }
