package tickets

import "wellwave/surveys"

// Assistance says how a questionnaire is answered: with whose help and where, as the participant or the colleague who
// hands a kiosk over says; and on a kiosk, which kiosk it is and which handing-over this was. It is part of tickets and of
// delivery tokens.
type Assistance struct {
	Kiosk    surveys.KioskID
	HandOver surveys.HandOverID
	Helper   string // as surveys.Collection.Helper
	Place    string // as surveys.Collection.Place
}

// Lent reports whether the device was handed over.
func (in Assistance) Lent() bool { return in.Kiosk != "" }

// By is who sends what is answered: the person, on a device of their own or on the tablet that they were handed.
func (in Assistance) By() surveys.Author {
	if in.Lent() {
		return surveys.Author{Kind: surveys.ByTablet, ID: string(in.Kiosk)}
	}
	return surveys.Themselves()
}

// How says how answers are collected, in a language and with these aids to reading.
func (in Assistance) How(language, aids string) surveys.Collection {
	how := surveys.Collection{Mode: surveys.Web, Language: language, Helper: in.Helper, Place: in.Place, HandOver: in.HandOver, Aids: aids}
	if in.Lent() {
		how.Mode = surveys.Kiosk
	}
	return how
}

// assistanceLines is how many lines there are.
const assistanceLines = 4

// lines are the lines that readAssistance reads; none can hold a line break.
func (in Assistance) lines() []string {
	return []string{string(in.Kiosk), string(in.HandOver), in.Helper, in.Place}
}

// readAssistance reads what lines wrote.
func readAssistance(lines []string) Assistance {
	return Assistance{surveys.KioskID(lines[0]), surveys.HandOverID(lines[1]), lines[2], lines[3]}
}
