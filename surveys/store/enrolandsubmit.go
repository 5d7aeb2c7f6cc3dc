package store

import (
	"context"

	"wellwave/surveys"
)

// EnrolAndSubmit adds a person to a study together with their first submission. What Submit would refuse of them is
// refused before they are enrolled, so that nobody is counted as a participant on the strength of a row that was never
// taken. It fails as Enrol and Submit do.
func (s *Store) EnrolAndSubmit(ctx context.Context, by surveys.AccountID, n surveys.NewEnrolment, sub surveys.Submission) (surveys.Receipt, error) {
	if err := s.checkFirst(ctx, sub); err != nil {
		return surveys.Receipt{}, err
	}
	enrolled, err := s.Enrol(ctx, by, n)
	if err != nil {
		return surveys.Receipt{}, err
	}
	sub.Enrolment = enrolled.ID
	return s.Submit(ctx, sub)
}

// checkFirst says what Submit would say to the first submission of somebody enrolled today. It changes nothing.
func (s *Store) checkFirst(ctx context.Context, sub surveys.Submission) error {
	if err := checkSitting(sub); err != nil {
		return err
	}
	a, err := s.prepareArrival(ctx, sub)
	if err != nil {
		return err
	}
	newcomer := facts{state: a.current.state, sampled: surveys.DayNumber(a.now, a.study.Zone), baseline: -1, stands: true}
	r := surveys.NewResponse(a.fresh.ID, "", sub.Wave, a.fresh.Answers.Questionnaire())
	_, err = r.Take(sub, a.circumstances(newcomer))
	return err
}
