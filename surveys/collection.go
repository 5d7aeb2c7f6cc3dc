package surveys

import (
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

var modeNames = [...]string{Web: "web", Kiosk: "kiosk", Paper: "paper", Telephone: "telephone", Bulk: "bulk"}

// String returns the word that stands in files and columns.
func (m Mode) String() string {
	if int(m) >= len(modeNames) {
		return ""
	}
	return modeNames[m]
}

// ParseMode returns the mode named by word.
func ParseMode(word string) (Mode, bool) {
	i := slices.Index(modeNames[:], word)
	return Mode(max(i, 0)), i > 0
}

// ProxyHelper is the code of a helper who answered in the person's place.
const ProxyHelper = "proxy"

// The aids to reading that a person may use, as the codes of Collection.Aids.
const (
	AidEasyRead   = "easy-read"   // pages in shorter sentences and with more room; never an instrument's own words
	AidLargePrint = "large-print" // in larger letters than the page comes with
	AidListened   = "listened"    // read out by the device
)

// aidCodes are all of them, sorted.
var aidCodes = [...]string{AidEasyRead, AidLargePrint, AidListened}

// Collection says how a sitting was held; helped answers differ, so it is stored with every save. A response has one too,
// of all its saves: see Then.
type Collection struct {
	Mode       Mode
	Language   string     // BCP 47
	Helper     string     // empty, or a code: staff, family, interpreter, links-practitioner, interviewer, proxy
	Place      string     // empty, or a code: home, practice, elsewhere
	Aids       string     // aids to reading that were used, as JoinAids writes them; empty for none
	DeviceTime time.Time  // what the device's clock said; zero if unknown
	HandOver   HandOverID // Kiosk only: which handing-over of the kiosk
}

// Tidied returns the collection without words that cannot be codes.
func (c Collection) Tidied() Collection {
	for _, word := range []*string{&c.Language, &c.Helper, &c.Place, (*string)(&c.HandOver)} {
		if len(*word) > 35 || strings.Trim(*word, codeCharacters) != "" {
			*word = ""
		}
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

// JoinAids returns the aids to reading named by any of the lists, sorted, once each and parted by a blank, so that two can
// be compared with ==. A list holds codes parted by blanks; words that are none are left out.
func JoinAids(lists ...string) string {
	var used [len(aidCodes)]bool
	joined := ""
	for _, list := range lists {
		for word := range strings.FieldsSeq(list) {
			for i, code := range aidCodes {
				used[i] = used[i] || word == code
			}
		}
	}
	for i, code := range aidCodes {
		switch {
		case used[i] && joined != "":
			joined += " " + code
		case used[i]:
			joined = code
		}
	}
	return joined
}

// UnknownAid returns the first word of a list of aids that is none, and nothing where each is one.
func UnknownAid(list string) string {
	for word := range strings.FieldsSeq(list) {
		if JoinAids(word) == "" {
			return word
		}
	}
	return ""
}
