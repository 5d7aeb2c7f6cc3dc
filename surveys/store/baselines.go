package store

import (
	"cmp"
	"context"
	"slices"

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
// one: a later wave whose window is open by the right day, or has not opened yet, waits for answers again.
func (a *arrival) moveBaseline(tx engine.Batch, f facts, day int) error {
	if day == f.baseline {
		return nil
	}
	enrolment := string(a.sub.Enrolment)
	entry := audit{a.sub.By, "baseline.move", a.study.ID, enrolment, string(a.wave.ID)}
	if err := tx.Later(`
		INSERT INTO baseline_moves (enrolment_id, number, day_before, day_after, at)
		SELECT ?, COUNT(*) + 1, CAST(? AS INTEGER), CAST(? AS INTEGER), CAST(? AS BIGINT)
		FROM baseline_moves
		WHERE enrolment_id = ?`, enrolment, f.baseline, day, a.now.UnixMilli(), enrolment); err != nil {
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
	for _, wave := range a.study.PatientWaves() {
		window, ok := a.study.WindowOf(wave, f.sampled, day)
		if wave.Baseline || !ok || !a.now.Before(window.Closes) {
			continue
		}
		if err := reopenWindow(tx, enrolment, wave.ID, a.now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

// reopenWindow makes a disposition that came with the end of a window pending again.
func reopenWindow(tx engine.Batch, enrolment string, wave surveys.WaveID, at int64) error {
	pending, byAnswers, byWindow := surveys.Pending.String(), surveys.ByAnswers.String(), surveys.ByWindow.String()
	if err := tx.Later(`
		INSERT INTO dispositions (response_id, number, disposition, source, reason, account_id, at)
		SELECT id, dispositions + 1, CAST(? AS TEXT), CAST(? AS TEXT), '', NULL, CAST(? AS BIGINT)
		FROM responses
		WHERE enrolment_id = ? AND wave_id = ? AND disposition_source = ?`, pending, byAnswers, at, enrolment, string(wave), byWindow); err != nil {
		return err
	}
	return tx.Later(`
		UPDATE responses
		SET disposition = ?, disposition_source = ?, disposition_reason = '', dispositions = dispositions + 1
		WHERE enrolment_id = ? AND wave_id = ? AND disposition_source = ?`, pending, byAnswers, enrolment, string(wave), byWindow)
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
