package surveys

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Approval says who agreed that a release goes to people beyond the team, and under which agreement or decision. It belongs to the
// release and is given once: by a second person on a page or, where the release is made at the command line, by whoever is named
// there.
type Approval struct {
	Reference string    // of the agreement or decision, in its own words; at most 200 characters
	By        string    // who agreed; empty as long as nobody has
	At        time.Time // zero as long as nobody has
}

// Clean returns the approval as it is stored.
func (a Approval) Clean() Approval {
	a.Reference, a.By = strings.Join(strings.Fields(a.Reference), " "), strings.Join(strings.Fields(a.By), " ")
	return a
}

// CheckFor fails with Invalid where a cleaned approval cannot stand for a release of the profile: beyond the team it needs a
// reference, and its texts are short ones that hide nothing.
func (a Approval) CheckFor(profile ReleaseProfile) error {
	wrong := map[string]string{}
	switch {
	case profile != TeamRelease && a.Reference == "":
		wrong["approval"] = "Say under which approval or agreement it leaves the team, such as a number or a date."
	case unfit(a.Reference):
		wrong["approval"] = "Write at most 200 characters that can all be seen."
	case unfit(a.By):
		wrong["approved-by"] = "Write a name of at most 200 characters that can all be seen."
	default:
		return nil
	}
	for _, says := range wrong {
		return &Error{Kind: Invalid, Message: says, Fields: wrong}
	}
	return nil
}

func unfit(text string) bool {
	return !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxName || strings.ContainsFunc(text, unseen)
}

// MayLeave reports whether a release may go to those whom it is for: what is for the team stays with it, and anything else needs
// somebody who agreed.
func (r Release) MayLeave() bool { return r.Profile == TeamRelease || !r.Approval.At.IsZero() }

// CheckLeaves fails with Forbidden for a release that may not leave yet.
func (r Release) CheckLeaves() error {
	if r.MayLeave() {
		return nil
	}
	return Errorf(Forbidden, "Release %d is for people beyond the team, so a second person has to agree before it leaves.", r.Number)
}

// CheckAgain fails where it is known that a release cannot be written again: with Conflict once answers in it were erased, and with
// Closed where its key is lost.
func (r Release) CheckAgain() error {
	switch {
	case r.Erased > 0:
		return Errorf(Conflict, "Release %d cannot be written again: it holds answers that were erased since. Make a new release.", r.Number)
	case r.KeyLost:
		return Errorf(Closed, "Release %d cannot be written again: what makes its identifiers was lost with the root key.", r.Number)
	}
	return nil
}
