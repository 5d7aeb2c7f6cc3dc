package server

import "wellwave/surveys"

// setting is what a session, and a token to deliver with, know of how a questionnaire is answered: with whose help and
// where, as the participant says or whoever hands a tablet over, and on a tablet which one it is and which handing-over
// this was.
type setting struct {
	Kiosk    surveys.KioskID
	HandOver surveys.HandOverID
	Helper   string // as surveys.Collection.Helper
	Place    string // as surveys.Collection.Place
}

// lent reports whether the device was handed over.
func (in setting) lent() bool { return in.Kiosk != "" }

// how says how answers are collected, in a language and with these aids to reading.
func (in setting) how(language, aids string) surveys.Collection {
	how := surveys.Collection{Mode: surveys.Web, Language: language, Helper: in.Helper, Place: in.Place, HandOver: in.HandOver, Aids: aids}
	if in.lent() {
		how.Mode = surveys.Kiosk
	}
	return how
}

// lines are the lines that readSetting reads; none can hold a line break.
func (in setting) lines() []string {
	if in == (setting{}) {
		return nil
	}
	return []string{string(in.Kiosk), string(in.HandOver), in.Helper, in.Place}
}

// readSetting reads lines of this server, or of one before it that knew of no place.
func readSetting(lines []string) (in setting, ok bool) {
	switch len(lines) {
	case 0:
		return setting{}, true
	case 3:
		return setting{surveys.KioskID(lines[0]), surveys.HandOverID(lines[1]), lines[2], surveys.AtPractice}, true
	case 4:
		return setting{surveys.KioskID(lines[0]), surveys.HandOverID(lines[1]), lines[2], lines[3]}, true
	default:
		return setting{}, false
	}
}
