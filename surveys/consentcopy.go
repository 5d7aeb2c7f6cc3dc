package surveys

import (
	"slices"
	"time"

	"wellwave/surveys/locale"
)

// ConsentCopy is what a participant agreed to, for them to keep: the text of that version, whatever the study file says by
// now, and what becomes of their answers should they leave.
type ConsentCopy struct {
	Title   string // of the study
	Contact string // whom to ask
	Demo    bool
	Zone    *time.Location
	Label   string  // the person's number in the study
	Text    Consent // in the version agreed to
	Given   ConsentGiven
	At      time.Time
	Left    Withdrawal // the zero value while the person takes part
	Study   *Study     // whose pages it stands on
}

// Agreed reports whether the clause was ticked.
func (c *ConsentCopy) Agreed(clause string) bool { return slices.Contains(c.Given.Clauses, clause) }

// Pack is what the pages and papers around the copy say, in the language of the text that was agreed to.
func (c *ConsentCopy) Pack() *locale.Pack {
	if pack, ok := c.Study.Pack(c.Given.Language); ok {
		return pack
	}
	return locale.English()
}

// Says tells when the consent was given and to what, in a language.
func (c *ConsentCopy) Says(pack *locale.Pack) string {
	return pack.Say("Given on %s, to version %s of the text.", pack.Moment(c.At.In(c.Zone)), c.Text.Version)
}
