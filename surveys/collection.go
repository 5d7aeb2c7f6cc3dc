package surveys

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Mode says how an answer was collected.
type Mode uint8

// The modes.
const (
	Web       Mode = iota + 1 // the participant's own device
	Kiosk                     // a shared tablet
	Paper                     // entered from paper
	Telephone                 // read out and entered by an interviewer
	Bulk                      // from a file or another system
)

var modeWords = Words[Mode]{Web: "web", Kiosk: "kiosk", Paper: "paper", Telephone: "telephone", Bulk: "bulk"}

// modeLabels are what codebooks say.
var modeLabels = Words[Mode]{Web: "the participant's own device", Kiosk: "a shared tablet", Paper: "entered from paper",
	Telephone: "read out and entered by an interviewer", Bulk: "from a file or another system"}

// DescribedModes lists every mode that can be stored, as codebooks describe it.
func DescribedModes() []Choice {
	var choices []Choice
	for _, mode := range modeWords.Values() {
		choices = append(choices, Choice{Code: mode.String(), Label: modeLabels.Word(mode)})
	}
	return choices
}

// String returns the word that stands in files and columns.
func (m Mode) String() string { return modeWords.Word(m) }

// Label says how, as codebooks describe it.
func (m Mode) Label() string { return modeLabels.Word(m) }

// ParseMode returns the mode named by word.
func ParseMode(word string) (Mode, bool) { return modeWords.Parse(word) }

// CheckMode fails for what is no word of a mode.
func CheckMode(word string) error {
	if _, ok := ParseMode(word); !ok {
		return fmt.Errorf("“%s” is not a mode: write %s", Excerpt(word), Either(modeWords.Values()))
	}
	return nil
}

// MarshalText returns the word.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the word, or nothing for no mode.
func (m *Mode) UnmarshalText(text []byte) error {
	var ok bool
	if *m, ok = ParseMode(string(text)); !ok && len(text) > 0 {
		return fmt.Errorf("unknown mode %q", text)
	}
	return nil
}

// Collection says how a sitting was held; helped answers differ, so it is stored with every save. A response has one too,
// of all its saves: see Then. The tags are the names in the ledger.
//
// One more fact is one more field here, a name in factNames and a line in each of Words, CollectionOf and Set. With that it
// is a column of files and of the table of responses, which needs a migration, and a name in study files that a release may
// carry; package release says what its column means.
type Collection struct {
	Mode       Mode       `json:"mode"`
	Language   string     `json:"language,omitempty"`  // BCP 47
	Helper     string     `json:"helper,omitempty"`    // empty for nobody, or the code of a helper, such as ProxyHelper
	Place      string     `json:"place,omitempty"`     // empty where it is not known, or the code of a place, such as AtHome
	Aids       string     `json:"aids,omitempty"`      // aids to reading that were used, as JoinAids writes them; empty for none
	HandOver   HandOverID `json:"hand_over,omitempty"` // Kiosk only: which handing-over of the kiosk; of one save
	DeviceTime time.Time  `json:"-"`                   // what the device's clock said, zero if unknown; of one save
}

// factNames are what files, the columns of the database and those of releases call the facts that a response has too. They
// are in the order of Words.
var factNames = [...]string{"mode", "language", "helper", "place", "aids"}

// CollectionWords are the facts that a response has too, as words: empty for one that is not known.
type CollectionWords [len(factNames)]string

// CollectionNames lists the names of CollectionWords.
func CollectionNames() []string { return slices.Clone(factNames[:]) }

// Words returns the facts that a response has too.
func (c *Collection) Words() CollectionWords {
	return CollectionWords{c.Mode.String(), c.Language, c.Helper, c.Place, c.Aids}
}

// CollectionOf returns the collection that has these words. It fails for a mode that is none.
func CollectionOf(words CollectionWords) (Collection, error) {
	c := Collection{Language: words[1], Helper: words[2], Place: words[3], Aids: words[4]}
	return c, c.Mode.UnmarshalText([]byte(words[0]))
}

// Set reads the fact with the given name as a file has it. The error says what is wrong with it.
func (c *Collection) Set(name, value string) error {
	switch name {
	case "language":
		if c.Language = value; !isCode(value) {
			return fmt.Errorf("“%s” is not a language: write its code, such as en-GB", Excerpt(value))
		}
	case "helper":
		c.Helper = strings.ToLower(value) // Proxy is the same as proxy, which decides about a score
		return CheckHelper(c.Helper)
	case "place":
		c.Place = strings.ToLower(value)
		return CheckPlace(c.Place)
	case "aids":
		c.Aids = JoinAids(value)
		return CheckAids(value)
	case "mode":
		if value == "" {
			return nil
		}
		c.Mode, _ = ParseMode(value)
		return CheckMode(value)
	}
	return nil
}

// contradicts reports whether a row of a file that was collected so says something else than was known before. What the row
// leaves out it does not say, and that it is from a file says nothing of how the answers were collected.
func (c Collection) contradicts(before Collection) bool {
	if c.Mode == Bulk {
		c.Mode = 0
	}
	c = c.Tidied()
	now, was := c.Words(), before.Words()
	for i, word := range now {
		if word != "" && word != was[i] {
			return true
		}
	}
	return false
}

// Tidied returns the collection as it may be stored: without a helper, a place and aids that are in no table, and without a
// language and a handing-over that cannot be codes.
func (c Collection) Tidied() Collection {
	for _, word := range []*string{&c.Language, (*string)(&c.HandOver)} {
		if !isCode(*word) {
			*word = ""
		}
	}
	if !helpers.has(c.Helper) {
		c.Helper = ""
	}
	if !places.has(c.Place) {
		c.Place = ""
	}
	c.Aids = JoinAids(c.Aids)
	return c
}

// isCode reports whether a word can be the code of a language or the like. Nothing can.
func isCode(word string) bool { return len(word) <= 35 && strings.Trim(word, codeCharacters) == "" }

const codeCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// Proxy reports whether somebody answered in the person's place.
func (c Collection) Proxy() bool { return c.Helper == ProxyHelper }

// Then returns how a response was collected once another save is part of it: as that save was, with every aid that was
// used so far, and in the latest place that is known. What is true of one save alone is left out.
func (c Collection) Then(next Collection) Collection {
	next.HandOver, next.DeviceTime = "", time.Time{}
	next.Aids = JoinAids(c.Aids, next.Aids)
	if next.Place == "" {
		next.Place = c.Place
	}
	return next
}
