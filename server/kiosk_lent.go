package server

import "wellwave/surveys"

// lending is what a session, and a token to deliver with, know of the tablet that a questionnaire is answered on: which one
// it is, which handing-over this was, and who helps. It is empty on a device of somebody's own.
type lending struct {
	Kiosk    surveys.KioskID
	HandOver surveys.HandOverID
	Helper   string
}

// lent reports whether the device was handed over.
func (l lending) lent() bool { return l.Kiosk != "" }

// how says how answers are collected, in a language.
func (l lending) how(language string) surveys.Collection {
	if !l.lent() {
		return surveys.Collection{Mode: surveys.Web, Language: language}
	}
	return surveys.Collection{Mode: surveys.Kiosk, Language: language, Helper: l.Helper, Place: "practice", HandOver: l.HandOver}
}

// lines are the lines that readLending reads; none can hold a line break.
func (l lending) lines() []string {
	if !l.lent() {
		return nil
	}
	return []string{string(l.Kiosk), string(l.HandOver), l.Helper}
}

func readLending(lines []string) (l lending, ok bool) {
	switch len(lines) {
	case 0:
		return lending{}, true
	case 3:
		return lending{surveys.KioskID(lines[0]), surveys.HandOverID(lines[1]), lines[2]}, true
	default:
		return lending{}, false
	}
}
