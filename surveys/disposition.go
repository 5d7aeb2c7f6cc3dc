package surveys

import (
	"slices"
	"time"
)

// Disposition is the outcome of an enrolment at a wave, after the AAPOR Standard Definitions (10th edition, 2023) for
// surveys of specifically named persons. The zero value is none.
type Disposition uint8

// The dispositions. NotYetDue and Pending are not final.
const (
	NotYetDue          Disposition = iota + 1 // the window has not opened
	Pending                                   // the window is open and nothing final is known
	Complete                                  // the primary outcome can be scored
	Partial                                   // not complete, yet at least half of the applicable scored items are answered
	BreakOff                                  // fewer than that
	Refusal                                   // the person or their proxy declined
	NonContact                                // enrolled, and never reached in the window
	OtherEligible                             // died, too ill, lost capacity, language
	UnknownEligibility                        // sampled and untraceable
	Ineligible                                // found against the inclusion rule, at baseline only
)

var dispositionWords = Words[Disposition]{NotYetDue: "not-yet-due", Pending: "pending", Complete: "complete", Partial: "partial",
	BreakOff: "break-off", Refusal: "refusal", NonContact: "non-contact", OtherEligible: "other-eligible",
	UnknownEligibility: "unknown-eligibility", Ineligible: "ineligible"}

// Dispositions lists every disposition in the order in which tables show them.
func Dispositions() []Disposition { return dispositionWords.Values() }

// String returns the word that stands in files, tables and columns.
func (d Disposition) String() string { return dispositionWords.Word(d) }

// ParseDisposition returns the disposition named by word.
func ParseDisposition(word string) (Disposition, bool) { return dispositionWords.Parse(word) }

var dispositionLabels = Words[Disposition]{NotYetDue: "Not yet due", Pending: "Pending", Complete: "Complete", Partial: "Partial",
	BreakOff: "Break-off", Refusal: "Refused", NonContact: "Non-contact", OtherEligible: "Other eligible",
	UnknownEligibility: "Eligibility unknown", Ineligible: "Ineligible"}

// Label returns the disposition as a heading for people.
func (d Disposition) Label() string { return dispositionLabels.Word(d) }

// Final reports whether nothing more is expected.
func (d Disposition) Final() bool { return d >= Complete }

// SetByPerson reports whether an account may record d by hand: what the answers themselves decide may not be.
func (d Disposition) SetByPerson() bool { return d >= Refusal }

// Standing returns the disposition of an enrolment at a wave and a moment, of which d is recorded: that one if it is final,
// and otherwise whether anything is due yet. Nothing is due where there is no window.
func (d Disposition) Standing(w Window, hasWindow bool, now time.Time) Disposition {
	switch {
	case d.Final():
		return d
	case !hasWindow || now.Before(w.Opens):
		return NotYetDue
	default:
		return Pending
	}
}

// DispositionSource says who decided. What the server computes never replaces what a person recorded.
type DispositionSource uint8

// The sources.
const (
	ByAnswers DispositionSource = iota + 1 // computed when a submission was folded
	ByWindow                               // computed when the window closed
	ByPerson                               // recorded by an account, with a reason
)

var sourceWords = Words[DispositionSource]{ByAnswers: "answers", ByWindow: "window", ByPerson: "person"}

// String returns the word that stands in the database.
func (s DispositionSource) String() string { return sourceWords.Word(s) }

// ParseDispositionSource returns the source named by word.
func ParseDispositionSource(word string) (DispositionSource, bool) { return sourceWords.Parse(word) }

// DispositionChange is one entry of an enrolment's history at a wave.
type DispositionChange struct {
	At          time.Time
	Disposition Disposition
	Source      DispositionSource
	Reason      string // a code from DispositionReasons, for ByPerson
	By          AccountID
}

// Reason is why an account recorded a disposition: a code for tables and a sentence for pages.
type Reason struct {
	Code, Label string
	// Lasting reasons hold for every later wave too: nobody is to be asked again.
	Lasting bool
}

// Withdrew is the code of the reason that a withdrawal leaves at the waves that were not answered. Nobody records it by
// itself: see Withdrawal.
const Withdrew = "withdrew"

// Died is the code of the reason that is counted by itself.
const Died = "died"

// LastingReason reports whether the reason with this code holds for every later wave too.
func LastingReason(d Disposition, code string) bool {
	return slices.ContainsFunc(DispositionReasons(d), func(r Reason) bool { return r.Code == code && r.Lasting })
}

// ReasonLabel returns a reason in words, or its code where it is unknown.
func ReasonLabel(d Disposition, code string) string {
	if code == Withdrew {
		return "Withdrew from the study"
	}
	return labelOf(DispositionReasons(d), code)
}

// labelOf returns a reason in words, or its code where it is unknown.
func labelOf(reasons []Reason, code string) string {
	for _, reason := range reasons {
		if reason.Code == code {
			return reason.Label
		}
	}
	return code
}

// DispositionReasons lists the reasons that an account may give for a disposition recorded by hand.
// A reason is a code and never free text, because a practice must not write about a patient here.
func DispositionReasons(d Disposition) []Reason {
	switch d {
	case Refusal:
		return []Reason{{"declined", "Said no", false}, {"declined-by-proxy", "Somebody said no for them", false}}
	case NonContact:
		return []Reason{{"no-reply", "No reply to any contact", false}, {"moved", "Moved, and no new address is known", false}}
	case OtherEligible:
		return []Reason{{Died, "Died", true}, {"too-ill", "Too ill", false}, {"lost-capacity", "Lost capacity to consent", true},
			{"language", "No questionnaire in their language", false}}
	case UnknownEligibility:
		return []Reason{{"untraceable", "Could not be traced", false}}
	case Ineligible:
		return []Reason{{"outside-criteria", "Does not meet the inclusion rule", false}}
	default:
		return nil
	}
}
