package surveys

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// LookReason says why somebody looks at a person's answers.
type LookReason uint8

// The reasons.
const (
	LookToCheck  LookReason = iota + 1 // against the source
	LookForThem                        // the person asked what they had answered
	LookForHelp                        // to help the person, under the safety plan
	LookToVerify                       // on a monitoring visit
)

var lookReasonWords = Words[LookReason]{LookToCheck: "check", LookForThem: "asked", LookForHelp: "safety", LookToVerify: "monitoring"}

var lookReasonLabels = Words[LookReason]{LookToCheck: "To check or correct answers against their source", LookForThem: "The person asked what they had answered",
	LookForHelp: "For the safety of the person", LookToVerify: "For a monitoring visit"}

// LookReasons lists every reason.
func LookReasons() []LookReason { return lookReasonWords.Values() }

// String returns the word that stands in the audit trail.
func (r LookReason) String() string { return lookReasonWords.Word(r) }

// Label says the reason on a page.
func (r LookReason) Label() string { return lookReasonLabels.Word(r) }

// ParseLookReason returns the reason named by word.
func ParseLookReason(word string) (LookReason, bool) { return lookReasonWords.Parse(word) }

// Look is why somebody looks at a person's answers, as the audit trail keeps it.
type Look struct {
	Why  LookReason
	Note string // one line, such as the number of a visit; mostly empty
}

// MaxLookNote is how many characters the note of a look has room for.
const MaxLookNote = 120

// Check fails with Invalid without a reason, and for a note that is no short line of characters that can be seen. Its Fields are
// reason and note.
func (l Look) Check() error {
	fields := make(map[string]string)
	if l.Why.String() == "" {
		fields["reason"] = "Choose why you look at the answers."
	}
	switch {
	case utf8.RuneCountInString(l.Note) > MaxLookNote:
		fields["note"] = fmt.Sprintf("Use at most %d characters.", MaxLookNote)
	case !utf8.ValidString(l.Note), strings.ContainsFunc(l.Note, func(r rune) bool { return unseen(r) || r == '\n' || r == '\t' }):
		fields["note"] = "Write one line of letters and signs that can be seen."
	}
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "Nothing is shown without a reason.", Fields: fields}
}

// String is what the audit trail says of the look.
func (l Look) String() string {
	if l.Note == "" {
		return l.Why.String()
	}
	return l.Why.String() + ": " + l.Note
}

// ShowsAnswers reports whether somebody with the role may see answers of one person: data managers, and researchers unless the
// study is masked and not locked yet.
func (s *Study) ShowsAnswers(role Role, state StudyState) bool {
	return role == DataManager || role == Researcher && !s.Hides(state)
}

// Hides reports whether nobody may see answers beside arm and site: in a masked study before its lock.
func (s *Study) Hides(state StudyState) bool { return s.Masked && state != Locked }
