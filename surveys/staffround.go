package surveys

import (
	"time"

	"wellwave/surveys/locale"
)

// StaffRound is what a page of the anonymous staff survey needs to know. There is nobody in it.
type StaffRound struct {
	Study         *Study
	State         StudyState
	Wave          Wave
	Stage         RoundStage
	Sealing       Sealing
	Questionnaire *Questionnaire
	Attributes    []StaffAttribute // what whoever answers is asked about themselves
	WithAnswers   bool             // the attributes are kept with the answers, else sealed apart from them
	Now           time.Time
}

// Open fails with Closed outside the round's dates and while the study takes no answers.
func (r StaffRound) Open() error {
	switch {
	case !r.State.Takes(), r.Stage == RoundPlanned:
		return Errorf(Closed, "This survey is not open.")
	case r.Stage != RoundOpen:
		return Errorf(Closed, "This survey is closed.")
	case r.Now.Before(r.Wave.Opens):
		return Errorf(Closed, "This survey opens on %s.", locale.Date(r.Wave.Opens.In(r.Study.Zone)))
	case !r.Now.Before(r.Wave.Closes):
		return Errorf(Closed, "This survey closed on %s.", locale.Date(AddDays(r.Wave.Closes.In(r.Study.Zone), -1)))
	}
	return nil
}

// Take checks the answers of one member of staff and returns their stored form. It refuses the whole questionnaire where
// anything is wrong with it, which is possible because its answers are still in the page.
func (r StaffRound) Take(answers []ItemAnswer) (string, error) {
	state := NewAnswers(r.Questionnaire)
	accepted, refused := state.check(answers, false)
	if len(refused) > 0 {
		return "", refuseWhole(refused)
	}
	state.fold(&Entry{Seq: 1, Verdict: Accepted, Accepted: accepted})
	if state.Given() == 0 {
		return "", Errorf(Invalid, "No question is answered yet, so there is nothing to send.")
	}
	return state.Encode(), nil
}
