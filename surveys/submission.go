package surveys

import "time"

// ItemAnswer is the value of one item in a submission.
type ItemAnswer struct {
	Code  string
	Value Value
}

// Submission is one save of one sitting, and the only way in which answers enter.
//
// The sitting's id is made by whatever holds the sitting: the browser's script, a kiosk, a file's reader, or the server
// on behalf of a browser without script. Answers holds only the items changed since the sitting's previous save; an
// absent item changes nothing, and clearing is the explicit value Absent(Cleared).
type Submission struct {
	Study     StudyID
	Enrolment EnrolmentID
	Wave      WaveID
	Sitting   string // 128 bits, lower-case hex
	Seq       int    // from 1; 0 asks for the sitting's next, for pages that cannot count
	// Renumber asks for the sitting's next number where Seq was used for other content, in place of a conflict. It is for
	// pages without script, which somebody can go back to and send again changed.
	Renumber bool
	// Page is the number that a page held whose save has another now, because it was sent again changed: 0 where it has its own.
	Page    int
	Anew    bool // the page had last sent something else, so this counts as said even where it stands already
	Answers []ItemAnswer
	Finish  bool
	// Draft says that a page saved this by itself: the person has not confirmed it, by going on or in another way. It is
	// kept like every answer, and raises no alert.
	Draft bool
	How   Collection
	// AnsweredAt is when the answers were given, where a file or device says so. It decides lateness in place of the
	// time of receipt and is zero if unknown.
	AnsweredAt time.Time
	// Bulk asks for the stricter reading: anything refused rejects the whole submission and stores nothing, and an
	// existing response of another sitting is a conflict unless Correct is set. What a program must not hear of is set aside.
	Bulk    bool
	Correct bool
	// BlankKeeps says that an answer that was not recorded replaces none that is given: in a table that corrects, an empty
	// cell mostly means that nothing was to be changed there.
	BlankKeeps bool
	By         Author           // who sends it; the store takes none of nobody
	Why        CorrectionReason // of one that may correct; 0 stands for SourceSays
	Decides    *Query           // the query that it decides: it is the questionnaire that did not stand, and takes the place of the other whole
	// Basis is what the sender's way in rests on. Once that was taken back nothing more is taken, but for what waited on a
	// tablet: that is kept aside.
	Basis Basis
}

// Verdict says what became of a submission.
type Verdict uint8

// The verdicts.
const (
	Accepted      Verdict = iota + 1
	PartlyRefused         // some items were refused and kept aside with a reason
	Late                  // received after closing, kept and flagged
	Conflicted            // other content under an id and sequence already used; kept aside
	Aside                 // received after the study was locked, or a query, or from a tablet that was revoked; kept and not folded
)

// RefusedItem is an item that was not taken into the response, and why.
type RefusedItem struct {
	Code   string
	Reason string // a sentence
	Value  Value
}

// DoesNotApply is why an answer is refused to a question that the other answers do not lead to.
const DoesNotApply = "this question does not apply after the answers given before it"

// Receipt is what the sender of a submission gets once it is safe on disk.
type Receipt struct {
	Response    ResponseID
	Alone       bool // no other sitting has spoken in the response
	Sitting     string
	Seq         int
	Revision    int // submissions folded into the response so far
	Verdict     Verdict
	Refused     []RefusedItem
	ReceivedAt  time.Time
	LateDays    int  // days after closing, 1 on the first; 0 in time
	Finished    bool // the response is finished
	Disposition Disposition
	Repeated    bool // this submission was already there
	Alert       bool // an answer in it raised an alert
	Revoked     bool // kept aside because the tablet that it comes from was revoked
	Queried     bool // it is kept as a query, for a data manager to decide
	Correction       // what it did to answers that stood, where it may replace them
}

// Told returns why the first item was refused of which the sender may hear that, or nothing. That a question is not asked
// follows from other answers, which somebody else may have given, or on another device.
func (r Receipt) Told() string {
	for _, item := range r.Refused {
		if item.Reason != DoesNotApply {
			return item.Reason
		}
	}
	return ""
}

var verdictWords = Words[Verdict]{Accepted: "accepted", PartlyRefused: "partly-refused", Late: "late", Conflicted: "conflict", Aside: "aside"}

// String returns the word that stands in the ledger and in receipts.
func (v Verdict) String() string { return verdictWords.Word(v) }

// ParseVerdict returns the verdict named by word.
func ParseVerdict(word string) (Verdict, bool) { return verdictWords.Parse(word) }

// Folded reports whether a submission with this verdict is part of its response.
func (v Verdict) Folded() bool { return v == Accepted || v == PartlyRefused || v == Late }
