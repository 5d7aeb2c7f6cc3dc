package surveys

import (
	"strings"
	"time"
)

// KioskPlan is what a study says about kiosks that practices hand over.
type KioskPlan struct {
	// LinksPractitioners lets links practitioners hand a kiosk over and help with the answers. They are part of what
	// the study is about, so people may answer them as they think that they would like.
	LinksPractitioners bool
}

// How long a kiosk stays set up, how long the PIN opens it for colleagues, and how long somebody to whom it was handed
// over may take.
const (
	KioskLife       = 90 * 24 * time.Hour
	KioskUnlockLife = 5 * time.Minute
	HandOverLife    = 4 * time.Hour
)

// KioskDevice is a tablet that a practice hands over to people of one site of one study. It holds no account: what it proves is
// that it is this kiosk, and colleagues prove themselves by its PIN.
type KioskDevice struct {
	ID        KioskID
	Study     StudyID
	Site      SiteID
	Name      string // what the practice calls it, such as Waiting room
	By        AccountID
	MadeAt    time.Time
	EndsAt    time.Time
	RevokedAt time.Time  // zero unless somebody revoked it
	RetryAt   time.Time  // zero, or when the next PIN is looked at
	LentTo    HandOverID // the handing-over that has it now; empty for none
}

// Works reports whether the kiosk may be used.
func (k KioskDevice) Works(now time.Time) bool { return k.RevokedAt.IsZero() && now.Before(k.EndsAt) }

// NewKiosk is a kiosk about to be set up.
type NewKiosk struct {
	Study StudyID
	Site  SiteID
	Name  string
	PIN   string
}

// Lengths of a PIN and of a kiosk's name.
const (
	minPIN       = 6
	maxPIN       = 12
	maxKioskName = 40
)

// Check fails with Invalid for an empty or overlong name and for a PIN that somebody who watches would guess.
func (n *NewKiosk) Check() error {
	n.Name = strings.TrimSpace(n.Name)
	wrong := Errorf(Invalid, "this tablet cannot be set up like that")
	wrong.Fields = make(map[string]string)
	if n.Name == "" || len([]rune(n.Name)) > maxKioskName {
		wrong.Fields["name"] = "Give the tablet a name of at most 40 characters, such as Waiting room."
	}
	switch {
	case len(n.PIN) < minPIN || len(n.PIN) > maxPIN || strings.Trim(n.PIN, "0123456789") != "":
		wrong.Fields["pin"] = "A PIN has 6 to 12 digits."
	case guessable(n.PIN):
		wrong.Fields["pin"] = "This PIN is too easy to guess. Do not use one digit throughout, or digits in a row."
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// guessable reports whether each digit follows from the one before in the same way.
func guessable(pin string) bool {
	step := int(pin[1]) - int(pin[0])
	if step < -1 || step > 1 {
		return false
	}
	for i := 2; i < len(pin); i++ {
		if int(pin[i])-int(pin[i-1]) != step {
			return false
		}
	}
	return true
}

// freeTries is how many wrong PINs in a row cost nothing; after that each doubles the wait, up to an hour.
const freeTries = 4

// PINWait returns how long after so many wrong PINs in a row the next one is not looked at. With it, guessing all through a
// kiosk's life tries about one PIN of six digits in 500.
func PINWait(tries int) time.Duration {
	if tries <= freeTries {
		return 0
	}
	return min(time.Minute<<min(tries-freeTries-1, 10), time.Hour)
}

// HandOver is one time that a kiosk is given to somebody.
type HandOver struct {
	ID        HandOverID
	Kiosk     KioskID
	Study     StudyID
	Site      SiteID
	Enrolment EnrolmentID
	Wave      WaveID
	Initials  string // of whoever gives it
	Colleague string // which kind of colleague that is: practice or links-practitioner
	Helper    string // who helps with the answers, as Collection.Helper
	At        time.Time
}

// The kinds of colleagues who hand a kiosk over.
const (
	PracticeColleague = "practice"
	LinksPractitioner = "links-practitioner"
)

// maxInitials bounds the initials of a colleague.
const maxInitials = 6

// Check fails with Invalid where it is not said, in a code, who hands the kiosk over and who helps, and with Forbidden for
// a links practitioner where the study has none do so. It writes the initials in capitals.
func (h *HandOver) Check(study *Study) error {
	wrong := Errorf(Invalid, "something about the handing-over is missing")
	wrong.Fields = make(map[string]string)
	h.Initials = strings.ToUpper(strings.TrimSpace(h.Initials))
	if h.Initials == "" || len(h.Initials) > maxInitials || strings.Trim(h.Initials, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		wrong.Fields["initials"] = "Type your initials: 1 to 6 letters or digits, no name."
	}
	if h.Colleague == "" {
		h.Colleague = PracticeColleague
	}
	switch {
	case h.Colleague == LinksPractitioner && !study.Kiosk.LinksPractitioners,
		h.Helper == LinksPractitioner && !study.Kiosk.LinksPractitioners:
		return Errorf(Forbidden, "In this study links practitioners do not hand the tablet over and do not help with the answers.")
	case h.Colleague != PracticeColleague && h.Colleague != LinksPractitioner:
		wrong.Fields["colleague"] = "Choose one of the options."
	}
	if !Chosen(h.Helper, study.KioskHelpers()) {
		wrong.Fields["helper"] = "Choose one of the options."
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}
