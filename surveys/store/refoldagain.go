package store

import (
	"context"
	"fmt"
	"math"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// refoldAtOnce bounds how many responses one transaction folds again.
const refoldAtOnce = 100

// refoldWaiting folds the responses again that a migration has put into refolds. Servers that start together share the
// work, and what one of them did not finish the next one does.
func (s *Store) refoldWaiting(ctx context.Context) error {
	for {
		var waiting []waitingFold
		if err := s.db.List(ctx, &waiting, `
			SELECT r.id, r.enrolment_id, r.wave_id, r.questionnaire, e.study_id
			FROM refolds f
			JOIN responses r ON r.id = f.response_id
			JOIN enrolments e ON e.id = r.enrolment_id
			ORDER BY f.response_id
			LIMIT ?`, refoldAtOnce); err != nil {
			return surveys.Wrap("list responses to fold again", err)
		}
		if len(waiting) == 0 {
			return nil
		}
		for i := range waiting { // before the transaction, which must not wait for another connection
			if err := waiting[i].prepare(ctx, s); err != nil {
				return surveys.Wrap("fold responses again", err)
			}
		}
		if err := s.db.InTx(ctx, func(tx *engine.Tx) error {
			for i := range waiting {
				if err := waiting[i].foldAgain(ctx, tx, s); err != nil {
					return fmt.Errorf("response %s: %w", waiting[i].Response, err)
				}
			}
			return nil
		}); err != nil {
			return surveys.Wrap("fold responses again", err)
		}
	}
}

// waitingFold is a response that is to be folded again.
type waitingFold struct {
	Response  string              `db:"id"`
	Enrolment surveys.EnrolmentID `db:"enrolment_id"`
	Wave      surveys.WaveID      `db:"wave_id"`
	Hash      string              `db:"questionnaire"`
	Study     surveys.StudyID     `db:"study_id"`

	questionnaire *surveys.Questionnaire
	primary       surveys.ScaleID
}

func (w *waitingFold) prepare(ctx context.Context, s *Store) error {
	var err error
	if w.questionnaire, err = s.Questionnaire(ctx, w.Hash); err != nil {
		return err
	}
	study, _, err := s.Study(ctx, w.Study)
	if err != nil {
		return err
	}
	w.primary = study.Primary
	return nil
}

// foldAgain folds one response again, if no other server has. It locks the response first, as every fold does.
func (w *waitingFold) foldAgain(ctx context.Context, tx *engine.Tx, s *Store) error {
	batch := tx.Batch(ctx, byClock)
	row, err := lockResponse(batch, tx.LockRow(), surveys.Operator(), w.Enrolment, w.Wave)
	if err != nil {
		return err
	}
	ours, err := tx.Exec(ctx, housekeeping, `
		DELETE FROM refolds
		WHERE response_id = ?`, w.Response)
	if err != nil || ours == 0 {
		return err
	}
	r, err := row.response(w.questionnaire)
	if err != nil {
		return err
	}
	again, err := replayLedger(ctx, tx, w.Response, w.questionnaire, w.primary, math.MaxInt32)
	if err != nil {
		return err
	}
	before, number := r.Answers.Scores(w.primary), r.Dispositions
	changes := r.Refold(again, tx.Now)
	if err := updateResponse(batch, r); err != nil {
		return err
	}
	scores := r.Answers.Scores(w.primary)
	written := scores[:0:0]
	for i, score := range scores {
		if score.Answered > 0 || score != before[i] { // also where nothing changed: it may be the first by this version of the rules
			written = append(written, score)
		}
	}
	if err := upsertScores(batch, r.ID, written); err != nil {
		return err
	}
	for i, change := range changes {
		if err := s.insertDisposition(batch, r.ID, number+i+1, change); err != nil {
			return err
		}
	}
	return nil
}
