package store

import (
	"context"
	"errors"
	"math"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// LookAtAnswers returns what a person has answered at each wave and what was changed, by the study's order of waves. Who looks and
// why is in the audit trail before anything of it is read. It fails as Look.Check does, with NotFound for nobody, and with Closed
// for somebody whose answers are erased or about to be.
func (s *Store) LookAtAnswers(ctx context.Context, by surveys.AccountID, enrolment surveys.EnrolmentID, look surveys.Look) ([]surveys.Answered, error) {
	if err := look.Check(); err != nil {
		return nil, err
	}
	person, err := s.FindEnrolment(ctx, enrolment)
	if err != nil {
		return nil, err
	}
	if person.Left == surveys.EraseAnswers {
		return nil, surveys.Errorf(surveys.Closed, "This person has asked that their answers be erased, so nobody looks at them any more.")
	}
	if err := s.db.InTx(ctx, func(tx *engine.Tx) error {
		return tx.Note(ctx, audit{by, "answers.look", person.Study, string(enrolment), look.String()})
	}); err != nil {
		return nil, surveys.Wrap("note a look at answers", err)
	}
	return s.answersOf(ctx, person)
}

// ListChanges lists when any answer of a person was changed, by whom and why, without the answers.
func (s *Store) ListChanges(ctx context.Context, enrolment surveys.EnrolmentID) ([]surveys.Change, error) {
	person, err := s.FindEnrolment(ctx, enrolment)
	if err != nil || person.Left == surveys.EraseAnswers {
		return nil, err
	}
	all, err := s.answersOf(ctx, person)
	var told []surveys.Change
	for _, wave := range all {
		told = append(told, surveys.WithoutAnswers(wave.Changes)...)
	}
	return told, err
}

// answersOf folds the ledger of each wave of a person.
func (s *Store) answersOf(ctx context.Context, person surveys.Enrolment) ([]surveys.Answered, error) {
	study, _, err := s.Study(ctx, person.Study)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID            string         `db:"id"`
		Wave          surveys.WaveID `db:"wave_id"`
		Questionnaire string         `db:"questionnaire"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT id, wave_id, questionnaire
		FROM responses
		WHERE enrolment_id = ? AND revision > 0`, person.ID); err != nil {
		return nil, surveys.Wrap("list the responses of a person", err)
	}
	var all []surveys.Answered
	for _, wave := range study.Waves {
		for _, row := range rows {
			if row.Wave != wave.ID {
				continue
			}
			q, err := s.Questionnaire(ctx, row.Questionnaire)
			if err != nil {
				return nil, err
			}
			ledger, err := readLedger(ctx, s.db, row.ID, math.MaxInt32)
			if err != nil {
				return nil, err
			}
			all = append(all, surveys.AnsweredBy(q, wave.ID, ledger))
		}
	}
	return all, nil
}

// CorrectAnswer puts one answer of a person in the place of the one that stands, on behalf of somebody who says why; the audit
// trail and the ledger keep both. A form has an id, under which it corrects once. It fails with Conflict where nothing is answered
// at the wave yet or the form was sent before with another answer, with Invalid for what is no answer, and as Submit does.
func (s *Store) CorrectAnswer(ctx context.Context, by surveys.AccountID, enrolment surveys.EnrolmentID, wave surveys.WaveID, form string, answer surveys.ItemAnswer, why surveys.CorrectionReason) error {
	if why.String() == "" {
		return surveys.Errorf(surveys.Invalid, "Choose why the answer is corrected.")
	}
	person, err := s.FindEnrolment(ctx, enrolment)
	if err != nil {
		return err
	}
	all, err := s.answersOf(ctx, person)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Wave != wave {
			continue
		}
		sub := surveys.Submission{Basis: restsOn(ctx), Study: person.Study, Enrolment: enrolment, Wave: wave, Sitting: form, Seq: 1, Answers: []surveys.ItemAnswer{answer},
			How: a.HowOf(answer.Code), AnsweredAt: a.CountedAt, Bulk: true, Correct: true, Why: why, By: surveys.AccountAuthor(by)}
		_, err := s.Submit(ctx, sub)
		return wordRefusal(err)
	}
	return surveys.Errorf(surveys.Conflict, "Nothing is answered at this wave, so there is nothing to correct. Answers that are new are entered.")
}

// wordRefusal turns what is told to programs about a submission into a sentence for a page.
func wordRefusal(err error) error {
	var refused *surveys.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return err
	}
	for _, reason := range refused.Fields {
		return surveys.Errorf(refused.Kind, "%s", reason)
	}
	return err
}
