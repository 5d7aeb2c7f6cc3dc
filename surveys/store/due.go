package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"wellwave/surveys"
)

// ListDue returns every enrolment of a site, or of the whole study where site is empty, at every wave that it has
// reached, in no particular order. Of somebody who has left the study only what is final is there: nothing is due from them.
func (s *Store) ListDue(ctx context.Context, id surveys.StudyID, site surveys.SiteID, now time.Time) ([]surveys.Due, error) {
	study, _, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	due, err := s.listDue(ctx, study, now, "e.study_id = ? AND (? = '' OR e.site_id = ?)", id, site, site)
	return due, surveys.Wrap("list who is due", err)
}

// ListDueOf returns what ListDue does of one person, in the order of the study's waves. It fails with NotFound.
func (s *Store) ListDueOf(ctx context.Context, id surveys.EnrolmentID, now time.Time) ([]surveys.Due, error) {
	person, err := s.FindEnrolment(ctx, id)
	if err != nil {
		return nil, err
	}
	study, _, err := s.Study(ctx, person.Study)
	if err != nil {
		return nil, err
	}
	due, err := s.listDue(ctx, study, now, "e.id = ?", id)
	return due, surveys.Wrap("list what is due from a person", err)
}

// listDue returns the enrolments that a fixed condition picks, wave by wave.
func (s *Store) listDue(ctx context.Context, study *surveys.Study, now time.Time, where string, args ...any) ([]surveys.Due, error) {
	var due []surveys.Due
	for _, wave := range study.PatientWaves() {
		var rows []dueRow
		given := append([]any{wave.ID, wave.ID, surveys.Pending.String(), surveys.Pending.String()}, args...)
		if err := s.db.List(ctx, &rows, `
			SELECT e.id, e.label, e.site_id, e.arm_id, e.sampled_day, e.baseline_day, r.disposition, r.disposition_source,
				r.disposition_reason, r.revision,
				EXISTS (
					SELECT 1
					FROM invitations i
					WHERE i.enrolment_id = e.id AND i.wave_id = ? AND i.ended_at IS NULL) AS invited
			FROM enrolments e
			LEFT JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = ?
			WHERE (e.withdrawn_at IS NULL OR COALESCE(r.disposition, ?) <> ?) AND `+where, given...); err != nil {
			return nil, err
		}
		for _, row := range rows {
			d, err := row.due(study, wave, now)
			if err != nil {
				return nil, err
			}
			due = append(due, d)
		}
	}
	return due, nil
}

// dueRow is an enrolment at a wave.
type dueRow struct {
	reachedWave
	ID       surveys.EnrolmentID `db:"id"`
	Label    string              `db:"label"`
	Revision sql.NullInt64       `db:"revision"`
	Invited  bool                `db:"invited"`
}

func (r dueRow) due(study *surveys.Study, wave surveys.Wave, now time.Time) (surveys.Due, error) {
	window, ok := r.window(study, wave)
	recorded, wrong := r.recorded()
	source, wrongSource := wordOrNone("responses.disposition_source", surveys.ParseDispositionSource, r.Source.String)
	return surveys.Due{Enrolment: r.ID, Label: r.Label, Site: r.Site, Arm: r.Arm, Wave: wave.ID, Window: window, HasWindow: ok,
		Disposition: recorded.Standing(window, ok, now), Source: source, Reason: r.Reason.String, Begun: r.Revision.Int64 > 0,
		Invited: r.Invited}, errors.Join(wrong, wrongSource)
}
