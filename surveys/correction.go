package surveys

import "slices"

// CorrectionReason says why somebody replaces answers that stand. It is one of a list, so that no name, code or answer gets
// into the audit trail with it.
type CorrectionReason uint8

// The reasons.
const (
	SourceSays    CorrectionReason = iota + 1 // a file or another system: there it is so
	TypedWrong                                // what stands is not what the paper says, or what was said on the telephone
	PersonAsked                               // the person says that another answer is right
	QueryAnswered                             // somebody asked back, and was told
)

var correctionReasonWords = Words[CorrectionReason]{SourceSays: "source", TypedWrong: "typed", PersonAsked: "asked", QueryAnswered: "query"}

var correctionReasonLabels = Words[CorrectionReason]{SourceSays: "the source of the answers says otherwise", TypedWrong: "it was typed wrong",
	PersonAsked: "the person asked for it", QueryAnswered: "a query about it was answered"}

// CorrectionReasons lists every reason.
func CorrectionReasons() []CorrectionReason { return correctionReasonWords.Values() }

// String returns the word that stands in the ledger, in files and in the audit trail.
func (r CorrectionReason) String() string { return correctionReasonWords.Word(r) }

// Label says the reason behind “because”.
func (r CorrectionReason) Label() string { return correctionReasonLabels.Word(r) }

// ParseCorrectionReason returns the reason named by word.
func ParseCorrectionReason(word string) (CorrectionReason, bool) {
	return correctionReasonWords.Parse(word)
}

// Correction counts what a submission that may replace answers did to those that stood.
type Correction struct {
	Kept     int // stand as before
	Replaced int // by another answer
	Cleared  int // there is none any more
}

// Plus returns the sum of two counts.
func (c Correction) Plus(other Correction) Correction {
	return Correction{c.Kept + other.Kept, c.Replaced + other.Replaced, c.Cleared + other.Cleared}
}

// withoutBlanks leaves out of a submission what it did not record of items that have an answer, where a blank is to keep it.
func (s *Answers) withoutBlanks(sub Submission) Submission {
	if !sub.BlankKeeps {
		return sub
	}
	keeps := func(a ItemAnswer) bool {
		return a.Value == Absent(NotRecorded) && s.Value(a.Code).Given()
	}
	if slices.ContainsFunc(sub.Answers, keeps) {
		sub.Answers = slices.DeleteFunc(slices.Clone(sub.Answers), keeps)
	}
	return sub
}

// standing returns a copy of the values that stand, by item.
func (s *Answers) standing() []Value { return slices.Clone(s.values) }

// since counts what became of the answers that stood before.
func (s *Answers) since(before []Value) Correction {
	var c Correction
	for i, v := range before {
		switch now := s.values[i]; {
		case !v.Given():
		case now == v:
			c.Kept++
		case now.Given():
			c.Replaced++
		default:
			c.Cleared++
		}
	}
	return c
}
