package surveys

import "slices"

// StudyState says how far a study has come.
type StudyState uint8

// The states. Answers given in Pilot never reach a release.
const (
	Draft  StudyState = iota + 1 // may change in any way; nobody can answer
	Pilot                        // people can answer, to try it out
	Live                         // people answer; the study takes additions only
	Ended                        // closed: no answers are taken, chasing has stopped
	Locked                       // the data are final
)

var stateWords = Words[StudyState]{Draft: "draft", Pilot: "pilot", Live: "live", Ended: "closed", Locked: "locked"}

// String returns the word that stands in the database and on pages.
func (s StudyState) String() string { return stateWords.Word(s) }

// ParseStudyState returns the state named by word.
func ParseStudyState(word string) (StudyState, bool) { return stateWords.Parse(word) }

// CheckUnlock fails with Conflict unless the study is locked.
func CheckUnlock(from StudyState) error {
	if from != Locked {
		return Errorf(Conflict, "The study is not locked.")
	}
	return nil
}

// next lists the states that may follow each state. Pilot never returns to draft, because its answers exist; live never
// returns to pilot, because its answers count.
var next = [...][]StudyState{
	Draft:  {Pilot, Live},
	Pilot:  {Live, Ended},
	Live:   {Ended},
	Ended:  {Live, Locked},
	Locked: {Ended},
}

// Next lists the states that may follow this one.
func (s StudyState) Next() []StudyState {
	if int(s) >= len(next) {
		return nil
	}
	return slices.Clone(next[s])
}

// Takes reports whether the study takes answers in this state.
func (s StudyState) Takes() bool { return s == Pilot || s == Live }

// Fixed reports whether the meaning of the study stands: a study file may then only add to it.
func (s StudyState) Fixed() bool { return s >= Live }

// StudyListing is a study in a list of studies.
type StudyListing struct {
	*Study
	State StudyState
}
