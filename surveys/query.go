package surveys

import (
	"slices"
	"time"
)

// Somebody may answer a wave twice: on a phone, and on the paper that came with the first letter. Once the wave is complete a
// questionnaire on paper or by telephone is kept whole as a query. Which of the two counts is for a data manager to decide, who
// sees neither arm nor score and so cannot choose by what it would do to the result. Until then the one that was completed on
// the earlier day stands; one whose day is not known counts as the later.

// Query is a questionnaire that came beside a complete one.
type Query struct {
	ID        string
	Study     StudyID
	Enrolment EnrolmentID
	Label     string // of the enrolment
	Wave      WaveID
	Response  ResponseID
	Sitting   string // under which the ledger keeps it
	Seq       int
	Stands    bool // until the decision, because it is the earlier
	Revision  int  // of the response before it
	LateDays  int  // of the one that does not stand
	RaisedAt  time.Time

	Decision  QueryDecision // 0 while it is open
	Reason    CorrectionReason
	By        AccountID
	DecidedAt time.Time
}

// QueryDecision says which of two questionnaires counts.
type QueryDecision uint8

// The decisions.
const (
	StandingKept QueryDecision = iota + 1 // what stood goes on standing
	OtherTaken                            // the other takes its place, whole
)

var queryDecisionWords = Words[QueryDecision]{StandingKept: "kept", OtherTaken: "taken"}

// String returns the word that stands in the database.
func (d QueryDecision) String() string { return queryDecisionWords.Word(d) }

// ParseQueryDecision returns the decision named by word.
func ParseQueryDecision(word string) (QueryDecision, bool) { return queryDecisionWords.Parse(word) }

// Versions are the two questionnaires of a query, as they are laid side by side.
type Versions struct {
	Questionnaire   *Questionnaire
	Standing, Other Version
}

// Version is one of them.
type Version struct {
	Answers []ItemAnswer // also those that were cleared or left out for a reason
	How     Collection
	GivenAt time.Time // zero where it is not known
}

// Version returns what a ledger comes to as one questionnaire.
func (r *Replay) Version() Version {
	return Version{Answers: r.Answers.Standing(), How: r.How, GivenAt: r.GivenAt()}
}

// Value returns what the version says of an item.
func (v *Version) Value(code string) Value {
	i := slices.IndexFunc(v.Answers, func(a ItemAnswer) bool { return a.Code == code })
	if i < 0 {
		return Value{}
	}
	return v.Answers[i].Value
}

// querying decides whether an entry is kept as a query: it came on paper or by telephone to a wave that another sitting has
// completed. It is put aside, unless it is the earlier of the two.
func (r *Response) querying(sub Submission, entry *Entry, c Circumstances) bool {
	mode := entry.How.Mode
	if sub.Bulk || sub.Decides != nil || mode != Paper && mode != Telephone || r.Outcome != Complete || entry.Verdict == Aside || r.Answers.ownsAny(sub.Sitting) {
		return false
	}
	if !sub.Finish || entry.Verdict == Late || !r.earlier(entry, c.Window.Closes.Location()) {
		entry.Verdict = Aside
	}
	return true
}

// earlier reports whether an entry was completed on an earlier day than what stands.
func (r *Response) earlier(entry *Entry, zone *time.Location) bool {
	if entry.AnsweredAt.IsZero() || entry.AnsweredAt.After(entry.ReceivedAt) {
		return false
	}
	stands := r.GivenAt()
	return stands.IsZero() || DayNumber(entry.AnsweredAt, zone) < DayNumber(stands, zone)
}

// replaceWhole has an entry take the place of all that stands, where it decides a query or is a query that stands until then. It
// fails with Closed where a decision came too late.
func (r *Response) replaceWhole(sub Submission, entry *Entry, queried bool) error {
	switch {
	case sub.Decides != nil && !entry.Verdict.Folded():
		return Errorf(Closed, "The study is locked, so nothing about its participants can be changed.")
	case sub.Decides != nil, queried && entry.Verdict.Folded():
		entry.Whole, entry.Accepted = true, r.Answers.instead(entry.Accepted)
	}
	return nil
}
