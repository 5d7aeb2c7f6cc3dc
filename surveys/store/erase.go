package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// Erasure has two steps, each of them one transaction. What somebody answered is first withheld: the ledger marks it as
// erased, so that whoever reads or folds the ledger leaves it out, and what was worked out from it is emptied. Nothing shows
// it any more, and all of it is still there, so that revive can take the step back. When the erasure is due its content is
// blanked for good.

// withhold takes everything that arrived from somebody out of use. What was worked out from it is emptied to what folding a
// blank ledger gives, so that folding again goes on giving what is stored.
func withhold(ctx context.Context, tx *engine.Tx, a audit, enrolment surveys.EnrolmentID) error {
	responses, err := responsesOf(ctx, tx, enrolment)
	if err != nil {
		return err
	}
	for _, id := range responses {
		if _, err := tx.Exec(ctx, a, `
			UPDATE submissions
			SET erased_at = ?
			WHERE response_id = ? AND erased_at IS NULL`, engine.Stamp(tx.Now), id); err != nil {
			return fmt.Errorf("withhold a response: %w", err)
		}
		if _, err := tx.Exec(ctx, a, `
			DELETE FROM scores
			WHERE response_id = ?`, id); err != nil {
			return fmt.Errorf("withhold scores: %w", err)
		}
		blank, err := replayLedger(ctx, tx, id, new(surveys.Questionnaire), "", math.MaxInt32) // no content is left to ask for items
		if err != nil {
			return err
		}
		if err := updateReplay(tx.Batch(ctx, a), id, blank); err != nil {
			return fmt.Errorf("empty a response: %w", err)
		}
	}
	return nil
}

// waitsToErase is the condition of an erasure that waits, of an enrolment.
const waitsToErase = "enrolment_id = ? AND done_at IS NULL AND undone_at IS NULL"

func responsesOf(ctx context.Context, tx *engine.Tx, enrolment surveys.EnrolmentID) (ids []string, err error) {
	err = tx.List(ctx, &ids, `
		SELECT id
		FROM responses
		WHERE enrolment_id = ?
		ORDER BY id`, enrolment)
	return ids, surveys.Wrap("list the responses of a person", err)
}

// revive puts back into use what was withheld, as folding it again gives it, and notes that the erasure is taken back.
func (l *leavingStep) revive(ctx context.Context, tx *engine.Tx, a audit) error {
	if _, err := tx.Exec(ctx, a, `
		UPDATE submissions
		SET erased_at = NULL
		WHERE content <> '' AND erased_at IS NOT NULL AND response_id IN (
			SELECT id
			FROM responses
			WHERE enrolment_id = ?)`, l.Enrolment); err != nil {
		return fmt.Errorf("put answers back into use: %w", err)
	}
	if _, err := changeHashed(ctx, tx, a, change{"erasures", "undone_at = ?", waitsToErase, []any{engine.Stamp(l.At)}, []any{l.Enrolment}}); err != nil {
		return fmt.Errorf("take an erasure back: %w", err)
	}
	responses, err := responsesOf(ctx, tx, l.Enrolment)
	if err != nil || len(responses) == 0 {
		return err
	}
	for _, st := range l.standings {
		if err := st.refill(ctx, tx, a, l.primary); err != nil {
			return err
		}
	}
	return nil
}

// refill makes a response again what its ledger comes to, with its scores.
func (st *dispositionEdit) refill(ctx context.Context, tx *engine.Tx, a audit, primary surveys.ScaleID) error {
	batch := tx.Batch(ctx, a)
	row, err := lockResponse(batch, tx.LockRow(), surveys.Operator(), st.enrolment, st.wave.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case row.questionnaire != st.questionnaire.Hash:
		return errJustBegun
	}
	again, err := replayLedger(ctx, tx, row.id, st.questionnaire, primary, math.MaxInt32)
	if err != nil {
		return err
	}
	if err := updateReplay(batch, row.id, again); err != nil {
		return err
	}
	return upsertScores(batch, surveys.ResponseID(row.id), changedScores(nil, again.Answers.Scores(primary)))
}

// erase is the one operation that takes anything out of the ledger. It blanks the content of everything that arrived from
// somebody, and the digest that would tell which content it was; who sent what, in which order and when stays. Also gone is
// what was collected about the person in other ways. What they agreed to stays, because it is what the study may show for
// having asked them.
func erase(ctx context.Context, tx *engine.Tx, study surveys.StudyID, enrolment surveys.EnrolmentID) error {
	const theirs = `response_id IN (
			SELECT id
			FROM responses
			WHERE enrolment_id = ?)`
	var blanked int
	if err := tx.Get(ctx, &blanked, `
		SELECT COUNT(*)
		FROM submissions
		WHERE content <> '' AND `+theirs, enrolment); err != nil {
		return fmt.Errorf("count the submissions to erase: %w", err)
	}
	a := audit{action: "response.erase", study: study, object: string(enrolment), detail: fmt.Sprintf("%d submissions", blanked)}
	if _, err := changeHashed(ctx, tx, a, change{"submissions", "content = '', digest = ''", "content <> '' AND " + theirs, nil, []any{enrolment}}); err != nil {
		return fmt.Errorf("erase submissions: %w", err)
	}
	if err := eraseAlerts(ctx, tx, a, enrolment); err != nil {
		return fmt.Errorf("erase alerts: %w", err)
	}
	if err := dropPapers(ctx, tx, a, enrolment, true); err != nil {
		return err
	}
	for _, statement := range []string{`
		DELETE FROM queries
		WHERE ` + theirs, `
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
		if _, err := tx.Exec(ctx, a, statement, enrolment); err != nil {
			return fmt.Errorf("erase what was collected about a person: %w", err)
		}
	}
	if _, err := changeHashed(ctx, tx, a, change{"erasures", "done_at = ?", waitsToErase, []any{engine.Stamp(tx.Now)}, []any{enrolment}}); err != nil {
		return fmt.Errorf("note that answers are erased: %w", err)
	}
	return tx.Note(ctx, a) // also of somebody of whom there was nothing
}

// dueErasure is an erasure whose time has come.
type dueErasure struct {
	Enrolment surveys.EnrolmentID `db:"enrolment_id"`
	Number    int                 `db:"number"`
	Study     surveys.StudyID     `db:"study_id"`
}

// EraseDue carries the erasures out that are due, and returns how many. Each person is a transaction of its own, so that
// saves get their turn in between and whatever stops the server stops it between two people. Servers that do this at once
// share the work. What fails for one person fails for nobody else.
func (s *Store) EraseDue(ctx context.Context) (erased int, err error) {
	if s.CheckClock(ctx) != nil { // what nobody can take back waits for a clock that is right
		return 0, nil
	}
	var due []dueErasure
	if err := s.db.List(ctx, &due, `
		SELECT r.enrolment_id, r.number, e.study_id
		FROM erasures r
		JOIN enrolments e ON e.id = r.enrolment_id
		WHERE r.done_at IS NULL AND r.undone_at IS NULL AND r.due_at <= ?
		ORDER BY r.due_at, r.enrolment_id`, engine.Stamp(s.now())); err != nil {
		return 0, surveys.Wrap("list the erasures that are due", err)
	}
	for _, d := range due {
		if ctx.Err() != nil {
			return erased, errors.Join(err, ctx.Err())
		}
		did, failed := s.eraseDue(ctx, d)
		if failed != nil {
			err = errors.Join(err, surveys.Wrap("erase answers", failed))
		} else if did {
			erased++
		}
	}
	return erased, err
}

// eraseDue erases one person's answers, unless another server has or the erasure was taken back.
func (s *Store) eraseDue(ctx context.Context, d dueErasure) (did bool, err error) {
	err = s.db.InTx(ctx, func(tx *engine.Tx) error {
		did = false
		if _, err := lockEnrolment(ctx, tx, d.Enrolment); err != nil {
			return err
		}
		var waits int
		if err := tx.Get(ctx, &waits, `
			SELECT COUNT(*)
			FROM erasures
			WHERE enrolment_id = ? AND number = ? AND done_at IS NULL AND undone_at IS NULL`, d.Enrolment, d.Number); err != nil || waits == 0 {
			return err
		}
		did = true
		return erase(ctx, tx, d.Study, d.Enrolment)
	})
	return did, err
}

// overdue is how long after its time an erasure may wait before something is wrong: a server may have been off over night.
const overdue = 24 * time.Hour

// examineErasures lists in words where the signs of an erasure do not agree, and erasures that no server has carried out.
func (s *Store) examineErasures(ctx context.Context) (faults []string, err error) {
	const theirs = `
		FROM submissions s
		JOIN responses r ON r.id = s.response_id
		JOIN enrolments e ON e.id = r.enrolment_id
		WHERE `
	const waits = `
			SELECT 1
			FROM erasures x
			WHERE x.enrolment_id = e.id AND x.done_at IS NULL AND x.undone_at IS NULL`
	for _, look := range []struct {
		says, query string
		args        []any
	}{
		{"%d submissions are in use of people whose answers are to be erased", `
		SELECT COUNT(*)` + theirs + `e.withdrawal = ? AND s.erased_at IS NULL`, []any{surveys.EraseAnswers.String()}},
		{"%d submissions are withheld, and no erasure waits", `
		SELECT COUNT(*)` + theirs + `s.erased_at IS NOT NULL AND s.content <> '' AND NOT EXISTS (` + waits + `)`, nil},
		{"%d erasures wait of people who have not asked for it", `
		SELECT COUNT(*)
		FROM enrolments e
		WHERE e.withdrawal <> ? AND EXISTS (` + waits + `)`, []any{surveys.EraseAnswers.String()}},
		{"%d people asked for erasure, and none waits or was carried out", `
		SELECT COUNT(*)
		FROM enrolments e
		WHERE e.withdrawal = ? AND NOT EXISTS (
			SELECT 1
			FROM erasures x
			WHERE x.enrolment_id = e.id AND x.undone_at IS NULL)`, []any{surveys.EraseAnswers.String()}},
		{"%d erasures were due more than a day ago: start a server, which carries them out", `
		SELECT COUNT(*)
		FROM erasures
		WHERE done_at IS NULL AND undone_at IS NULL AND due_at < ?`, []any{engine.Stamp(s.now().Add(-overdue))}},
	} {
		var n int
		if err := s.db.Get(ctx, &n, look.query, look.args...); err != nil {
			return nil, surveys.Wrap("examine erasures", err)
		}
		if n > 0 {
			faults = append(faults, fmt.Sprintf(look.says, n))
		}
	}
	return faults, nil
}

// Where forgetting would hold saves up, it waits for a quiet moment, but not for ever.
const (
	heldAtMost   = 4 << 20            // bytes of a table that are written while saves wait: some tens of milliseconds
	quietFor     = 10 * time.Minute   // in which nobody has saved anything
	forgetWithin = 7 * 24 * time.Hour // after which saves wait once
)

// traces are the tables of which erasing deletes or empties rows.
var traces = []string{"enrolments", "submissions", "responses", "scores", "enrolment_events", "hand_overs", "contact_details", "papers", "paper_entries",
	"alerts", "alert_messages", "alert_actions"}

// ForgetErased has the engine overwrite or drop what it still keeps of erased rows, and does nothing where nothing was
// erased since it last did, nor yet where that would hold up those who are saving. It cannot reach what is outside the
// database's own files: backups, PostgreSQL's own write-ahead log and the archive of it, or blocks of a disk that nothing
// refers to any more.
func (s *Store) ForgetErased(ctx context.Context) error {
	const erased = `level = ? AND forgotten_at IS NULL AND EXISTS (
			SELECT 1
			FROM erasures r
			WHERE r.enrolment_id = withdrawals.enrolment_id AND r.number = withdrawals.number AND r.done_at <= ?)`
	now := s.now()
	begun := engine.Stamp(now)
	var waiting struct {
		People int          `db:"people"`
		Since  engine.Stamp `db:"since"`
	}
	if err := s.db.Get(ctx, &waiting, `
		SELECT COUNT(*) AS people, MIN((
			SELECT MIN(r.done_at)
			FROM erasures r
			WHERE r.enrolment_id = withdrawals.enrolment_id AND r.number = withdrawals.number)) AS since
		FROM withdrawals
		WHERE `+erased, surveys.EraseAnswers.String(), begun); err != nil {
		return surveys.Wrap("look for erasures", err)
	}
	if waiting.People == 0 {
		return nil
	}
	if now.Sub(waiting.Since.Time()) < forgetWithin {
		if later, err := s.wouldHoldUp(ctx, now); err != nil || later {
			return surveys.Wrap("see whether erased answers can be forgotten", err)
		}
	}
	if err := s.db.Forget(ctx, traces...); err != nil {
		return surveys.Wrap("forget what was erased", s.db.Translate(err))
	}
	return surveys.Wrap("note that erased answers are forgotten", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			UPDATE withdrawals
			SET forgotten_at = ?
			WHERE `+erased, engine.Stamp(tx.Now), surveys.EraseAnswers.String(), begun)
		return err
	}))
}

// wouldHoldUp reports whether forgetting would make people wait who are saving now.
func (s *Store) wouldHoldUp(ctx context.Context, now time.Time) (bool, error) {
	held, err := s.db.Held(ctx, traces...)
	if err != nil || held <= s.heldAtMost {
		return false, err
	}
	var recent int
	err = s.db.Get(ctx, &recent, `
		SELECT COUNT(*)
		FROM submissions
		WHERE received_at > ?`, engine.Stamp(now.Add(-quietFor)))
	return recent > 0, err
}
