package release

import (
	"fmt"

	"wellwave/surveys"
)

// From says where a column's values come from.
type From uint8

// The origins of values.
const (
	FromArm From = iota + 1
	FromSite
	FromDecile
	FromQuintile
	FromMode // and what follows, in the order of surveys.CollectionNames
	FromLanguage
	FromHelper
	FromPlace
	FromAids
	FromProxy
	FromDay
	FromLate
	FromItem
	FromScale
	FromOutcome // of a wave, and so are those that follow
	FromTiming
	FromDue
	FromOpens
	FromCloses
)

// fromWords are also the names of the columns, except those of items and scales.
var fromWords = surveys.Words[From]{FromArm: "arm", FromSite: "site", FromDecile: "simd_decile", FromQuintile: "simd_quintile",
	FromMode: "mode", FromLanguage: "language", FromHelper: "helper",
	FromPlace: "place", FromAids: "aids", FromProxy: "proxy", FromDay: "day", FromLate: "late", FromItem: "item", FromScale: "scale",
	FromOutcome: "disposition", FromTiming: "timing", FromDue: "due", FromOpens: "opens", FromCloses: "closes"}

// String returns the word that stands in stored plans.
func (f From) String() string { return fromWords.Word(f) }

// MarshalText returns the word.
func (f From) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads the word.
func (f *From) UnmarshalText(text []byte) (err error) {
	*f, err = planWord(fromWords, text)
	return err
}

// Type says how to read a column's cells.
type Type uint8

// The types of columns.
const (
	Code    Type = iota + 1 // a word, or the number of an option
	Number                  // a number
	Set                     // the codes of the chosen options, parted by blanks
	Days                    // days since the person's baseline; negative before it
	Banded                  // the band that the value lies in
	Boolean                 // 1 for yes, 0 for no
)

var typeWords = surveys.Words[Type]{Code: "code", Number: "number", Set: "set of codes", Days: "days since baseline", Banded: "band", Boolean: "1 yes, 0 no"}

// String returns the words that stand in codebooks.
func (t Type) String() string { return typeWords.Word(t) }

// MarshalText returns the words.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the words.
func (t *Type) UnmarshalText(text []byte) (err error) {
	*t, err = planWord(typeWords, text)
	return err
}

// planWord reads a word of a stored plan.
func planWord[T ~uint8](words surveys.Words[T], text []byte) (T, error) {
	value, ok := words.Parse(string(text))
	if !ok {
		return 0, fmt.Errorf("read stored release plan: unknown word %q", text)
	}
	return value, nil
}
