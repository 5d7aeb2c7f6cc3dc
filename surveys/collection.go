package surveys

import (
	"fmt"
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

// ParseMode returns the mode named by word.
func ParseMode(word string) (Mode, bool) { return modeWords.Parse(word) }

// CheckMode fails for what is no word of a mode.
func CheckMode(word string) error {
	if _, ok := ParseMode(word); !ok {
		return fmt.Errorf("“%s” is not a mode: write %s", Excerpt(word), Either(modeWords.Values()))
	}
	return nil
}

// Collection says how a sitting was held; helped answers differ, so it is stored with every save. A response has one too,
// of all its saves: see Then.
type Collection struct {
	Mode       Mode
	Language   string     // BCP 47
	Helper     string     // empty for nobody, or the code of a helper, such as ProxyHelper
	Place      string     // empty where it is not known, or the code of a place, such as AtHome
	Aids       string     // aids to reading that were used, as JoinAids writes them; empty for none
	DeviceTime time.Time  // what the device's clock said; zero if unknown
	HandOver   HandOverID // Kiosk only: which handing-over of the tablet
}

// Tidied returns the collection as it may be stored: without a helper, a place and aids that are in no table, and without a
// language and a handing-over that cannot be codes.
func (c Collection) Tidied() Collection {
	for _, word := range []*string{&c.Language, (*string)(&c.HandOver)} {
		if len(*word) > 35 || strings.Trim(*word, codeCharacters) != "" {
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

const codeCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// Proxy reports whether somebody answered in the person's place.
func (c Collection) Proxy() bool { return c.Helper == ProxyHelper }

// Then returns how a response was collected once another save is part of it: as that save was, with every aid that was
// used so far, and in the latest place that is known.
func (c Collection) Then(next Collection) Collection {
	next.Aids = JoinAids(c.Aids, next.Aids)
	if next.Place == "" {
		next.Place = c.Place
	}
	return next
}
