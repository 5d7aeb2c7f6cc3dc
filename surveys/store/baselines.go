package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// beginBaseline records the day from which the person's later waves count, unless there is one.
func beginBaseline(tx engine.Batch, enrolment surveys.EnrolmentID, day int) error {
	return tx.Later(`
		UPDATE enrolments
		SET baseline_day = ?
		WHERE id = ? AND baseline_day IS NULL`, day, string(enrolment))
}

// moveBaseline records that a correction brought another day of baseline, and undoes what the clock concluded from the wrong
// one: later waves are judged anew, so that one whose window is open by the right day, or has not opened yet, waits for answers
// again, and answers are late only by the right day.
func (a *arrival) moveBaseline(tx engine.Batch, f facts, day int) error {
	if day == f.baseline {
		return nil
	}
	enrolment := string(a.sub.Enrolment)
	entry := audit{"", "baseline.move", a.study.ID, enrolment, string(a.wave.ID)}.of(a.sub.By)
	var moves int
	if err := tx.Row("SELECT COUNT(*) FROM baseline_moves WHERE enrolment_id = ?", []any{enrolment}, &moves); err != nil {
		return err
	}
	if err := tx.Later(`
		INSERT INTO baseline_moves (enrolment_id, number, day_before, day_after, at, row_hash)
		VALUES (?, ?, ?, ?, ?, ?)`, enrolment, moves+1, f.baseline, day, a.now.UnixMilli(),
		a.store.rowHash("baseline_moves", enrolment, moves+1, f.baseline, day, a.now.UnixMilli())); err != nil {
		return err
	}
	if err := tx.Later(`
		UPDATE enrolments
		SET baseline_day = ?
		WHERE id = ?`, day, enrolment); err != nil {
		return err
	}
	if err := tx.Later(insertAudit, entry.values(a.now)...); err != nil {
		return err
	}
	// Whoever begins a later wave at the same time is waited for, so that their answers are judged by this day too.
	if err := tx.Row("SELECT baseline_day FROM enrolments WHERE id = ? "+a.store.db.LockRow(), []any{enrolment}, new(int)); err != nil {
		return err
	}
	for _, wave := range a.study.PatientWaves() {
		before, had := a.study.WindowOf(wave, f.sampled, f.baseline)
		after, has := a.study.WindowOf(wave, f.sampled, day)
		if wave.Baseline || !had || !has {
			continue
		}
		if err := a.moveWindow(tx, f, wave.ID, before, after); err != nil {
			return err
		}
	}
	return nil
}

// moveWindow judges a later wave of the person anew, whose window moved.
func (a *arrival) moveWindow(tx engine.Batch, f facts, wave surveys.WaveID, before, after surveys.Window) error {
	row, err := lockResponse(tx, a.store.db.LockRow(), surveys.Operator(), a.sub.Enrolment, wave)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	q, ok := a.store.studies.questionnaire(row.questionnaire)
	if !ok {
		return &missingQuestionnaire{row.questionnaire}
	}
	r, err := row.response(q)
	if err != nil {
		return err
	}
	ledger, err := walkLedger(tx, r.ID)
	if err != nil {
		return err
	}
	c := surveys.Circumstances{Now: a.now, Window: after}
	if f.closed >= 0 {
		c.ClosedAt = time.UnixMilli(int64(f.closed))
	}
	again, scores := &r.Replay, r.Answers.Scores(a.study.Primary)
	if judgements := surveys.MoveWindow(ledger, before, after, c.ClosedAt); len(judgements) > 0 {
		again = replay(ledger, q, a.study.Primary)
		again.Revision = r.Revision + 1
		for _, j := range judgements {
			if err := tx.Later(`
				INSERT INTO judgements (response_id, revision, sitting, seq, verdict, late_days, row_hash)
				VALUES (?, ?, ?, ?, ?, ?, ?)`, string(r.ID), again.Revision, j.Sitting, j.Seq, j.Verdict.String(), j.LateDays,
				a.store.rowHash("judgements", string(r.ID), again.Revision, j.Sitting, j.Seq, j.Verdict.String(), j.LateDays)); err != nil {
				return err
			}
		}
	}
	changes := r.Rejudge(again, c)
	if len(changes) == 0 && again == &r.Replay {
		return nil
	}
	if err := updateResponse(tx, r); err != nil {
		return err
	}
	if err := upsertScores(tx, r.ID, changedScores(scores, r.Answers.Scores(a.study.Primary))); err != nil {
		return err
	}
	for i, change := range changes {
		if err := a.store.insertDisposition(tx, r.ID, r.Dispositions-len(changes)+i+1, change); err != nil {
			return err
		}
	}
	return nil
}

// baselineMoveRow is a row of baseline_moves, with whom it is about.
type baselineMoveRow struct {
	Enrolment surveys.EnrolmentID `db:"enrolment_id"`
	Label     string              `db:"label"`
	Site      surveys.SiteID      `db:"site_id"`
	Number    int                 `db:"number"`
	Before    int                 `db:"day_before"`
	After     int                 `db:"day_after"`
	At        engine.Stamp        `db:"at"`
}

// ListBaselineMoves returns every correction of a day of baseline in a study, by study number and then in the order in which
// they came.
func (s *Store) ListBaselineMoves(ctx context.Context, id surveys.StudyID) ([]surveys.BaselineMove, error) {
	study, _, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	var rows []baselineMoveRow
	if err := s.db.List(ctx, &rows, `
		SELECT m.enrolment_id, e.label, e.site_id, m.number, m.day_before, m.day_after, m.at
		FROM baseline_moves m
		JOIN enrolments e ON e.id = m.enrolment_id
		WHERE e.study_id = ?`, id); err != nil {
		return nil, surveys.Wrap("list corrected days of baseline", err)
	}
	slices.SortFunc(rows, func(a, b baselineMoveRow) int {
		return cmp.Or(surveys.CompareLabels(a.Label, b.Label), cmp.Compare(a.Number, b.Number))
	})
	moves := make([]surveys.BaselineMove, 0, len(rows))
	for _, row := range rows {
		moves = append(moves, surveys.BaselineMove{Enrolment: row.Enrolment, Label: row.Label, Site: row.Site, Before: row.Before,
			After: row.After, At: row.At.Time(), Later: study.Moved(row.Before, row.After)})
	}
	return moves, nil
}
