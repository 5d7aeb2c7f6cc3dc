package store

import (
	"context"
	"fmt"
	"math"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// erase is the one operation that changes the ledger. It blanks the content of everything that arrived from somebody, and
// the digest that would tell which content it was; who sent what, in which order and when stays. What was worked out
// from it is emptied to what folding a blank ledger gives, so that folding again goes on giving what is stored. Also gone
// is what was collected about the person in other ways. What they agreed to stays, because it is what the study may show
// for having asked them.
func erase(ctx context.Context, tx *engine.Tx, by surveys.AccountID, study surveys.StudyID, enrolment surveys.EnrolmentID) error {
	var responses []string
	if err := tx.List(ctx, &responses, `
		SELECT id
		FROM responses
		WHERE enrolment_id = ?
		ORDER BY id`, enrolment); err != nil {
		return fmt.Errorf("list the responses to erase: %w", err)
	}
	if err := eraseAlerts(ctx, tx, enrolment); err != nil {
		return fmt.Errorf("erase alerts: %w", err)
	}
	blanked := int64(0)
	for _, id := range responses {
		n, err := eraseResponse(ctx, tx, id)
		if err != nil {
			return fmt.Errorf("erase a response: %w", err)
		}
		blanked += n
	}
	for _, statement := range []string{`
		DELETE FROM enrolment_events
		WHERE enrolment_id = ?`, `
		DELETE FROM hand_overs
		WHERE enrolment_id = ?`, `
		DELETE FROM contact_details
		WHERE participant_id IN (
			SELECT participant_id
			FROM enrolments
			WHERE id = ?)`, `
		UPDATE enrolments
		SET simd_decile = NULL, simd_version = NULL
		WHERE id = ?`} {
		if _, err := tx.Exec(ctx, statement, enrolment); err != nil {
			return fmt.Errorf("erase what was collected about a person: %w", err)
		}
	}
	return insertAudit(ctx, tx, audit{by, "response.erase", study, string(enrolment), fmt.Sprintf("%d submissions", blanked)})
}

// eraseResponse blanks one response and returns how many submissions it had.
func eraseResponse(ctx context.Context, tx *engine.Tx, id string) (int64, error) {
	blanked, err := tx.Exec(ctx, `
		UPDATE submissions
		SET content = '', digest = '', erased_at = ?
		WHERE response_id = ? AND erased_at IS NULL`, engine.Stamp(tx.Now), id)
	if err != nil {
		return 0, err
	}
	if _, err := tx.Exec(ctx, `
		DELETE FROM scores
		WHERE response_id = ?`, id); err != nil {
		return 0, err
	}
	blank, err := replayLedger(ctx, tx, id, new(surveys.Questionnaire), "", math.MaxInt32) // no content is left to ask for items
	if err != nil {
		return 0, err
	}
	return blanked, updateReplay(tx.Batch(ctx), id, blank)
}

// ForgetErased has the engine overwrite or drop what it still keeps of erased rows, and does nothing where nothing was
// erased since it last did. It cannot reach what is outside the database's own files: backups, PostgreSQL's own
// write-ahead log and the archive of it, or blocks of a disk that nothing refers to any more.
func (s *Store) ForgetErased(ctx context.Context) error {
	var waiting int
	if err := s.db.Get(ctx, &waiting, `
		SELECT COUNT(*)
		FROM withdrawals
		WHERE level = ? AND forgotten_at IS NULL`, surveys.EraseAnswers.String()); err != nil {
		return surveys.Wrap("look for erasures", err)
	}
	if waiting == 0 {
		return nil
	}
	begun := engine.Stamp(s.now())
	if err := s.db.Forget(ctx, "enrolments", "submissions", "responses", "scores", "enrolment_events", "hand_overs", "contact_details", "papers", "paper_entries", "alerts", "alert_messages", "alert_actions"); err != nil {
		return surveys.Wrap("forget what was erased", s.db.Translate(err))
	}
	return surveys.Wrap("note that erased answers are forgotten", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE withdrawals
			SET forgotten_at = ?
			WHERE level = ? AND forgotten_at IS NULL AND at <= ?`, engine.Stamp(tx.Now), surveys.EraseAnswers.String(), begun)
		return err
	}))
}
