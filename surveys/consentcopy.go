package surveys

import (
	"slices"
	"time"
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
}

// Agreed reports whether the clause was ticked.
func (c *ConsentCopy) Agreed(clause string) bool { return slices.Contains(c.Given.Clauses, clause) }

// Day writes when the consent was given.
func (c *ConsentCopy) Day() string { return c.At.In(c.Zone).Format("Monday 2 January 2006, 15:04") }
