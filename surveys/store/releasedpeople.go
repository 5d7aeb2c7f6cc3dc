package store

import (
	"context"
	"database/sql"
	"fmt"

	"wellwave/surveys"
)

// EachReleasedMember calls fn for everybody who was in a release when it was frozen, in any order, those who were erased since
// among them. Of a release of an older version it is those who had answered.
func (s *Store) EachReleasedMember(ctx context.Context, r surveys.Release, fn func(surveys.EnrolmentID) error) error {
	query := `
		SELECT enrolment_id
		FROM release_people
		WHERE study_id = ? AND number = ?`
	if r.People == 0 {
		query = `
		SELECT DISTINCT o.enrolment_id
		FROM release_responses rr
		JOIN responses o ON o.id = rr.response_id
		WHERE rr.study_id = ? AND rr.number = ?`
	}
	rows, err := s.db.Query(ctx, query, string(r.Study), r.Number)
	if err != nil {
		return surveys.Wrap("read who was in a release", s.db.Translate(err))
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	for rows.Next() {
		var id surveys.EnrolmentID
		if err := rows.Scan(&id); err != nil {
			return fmt.Errorf("read who was in a release: %w", err)
		}
		if err := fn(id); err != nil {
			return err
		}
	}
	return surveys.Wrap("read who was in a release", s.db.Translate(rows.Err()))
}

// EachReleasedPerson calls fn for everybody in a frozen release, in any order; fn must not keep its argument. Those who were
// erased since are not among them.
func (s *Store) EachReleasedPerson(ctx context.Context, r surveys.Release, fn func(*surveys.ReleasedPerson) error) error {
	rows, err := s.db.Query(ctx, `
		SELECT p.enrolment_id, p.site_id, p.arm_id, p.simd_decile, p.sampled_day, p.baseline_day, o.wave_id, rr.disposition
		FROM release_people p
		JOIN enrolments e ON e.id = p.enrolment_id
		LEFT JOIN responses o ON o.enrolment_id = p.enrolment_id
		LEFT JOIN release_responses rr ON rr.study_id = p.study_id AND rr.number = p.number AND rr.response_id = o.id
		WHERE p.study_id = ? AND p.number = ? AND e.withdrawal <> ?
		ORDER BY p.enrolment_id`, string(r.Study), r.Number, surveys.EraseAnswers.String())
	if err != nil {
		return surveys.Wrap("read the people of a release", s.db.Translate(err))
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var person *surveys.ReleasedPerson
	for rows.Next() {
		var enrolment, site, arm string
		var decile, baseline maybeInt
		var sampled int
		var wave, outcome sql.NullString
		if err := rows.Scan(&enrolment, &site, &arm, &decile, &sampled, &baseline, &wave, &outcome); err != nil {
			return fmt.Errorf("read the people of a release: %w", err)
		}
		if person == nil || string(person.Enrolment) != enrolment {
			if person != nil {
				if err := fn(person); err != nil {
					return err
				}
			}
			person = &surveys.ReleasedPerson{Enrolment: surveys.EnrolmentID(enrolment), Site: surveys.SiteID(site), Arm: surveys.ArmID(arm),
				SIMDDecile: int(decile.n), Sampled: sampled, Baseline: -1, Outcomes: make(map[surveys.WaveID]surveys.Disposition)}
			if baseline.known {
				person.Baseline = int(baseline.n)
			}
		}
		if !outcome.Valid {
			continue
		}
		d, err := wordOrNone("release_responses.disposition", surveys.ParseDisposition, outcome.String)
		if err != nil {
			return err
		}
		if d != 0 {
			person.Outcomes[surveys.WaveID(wave.String)] = d
		}
	}
	if err := rows.Err(); err != nil {
		return surveys.Wrap("read the people of a release", s.db.Translate(err))
	}
	if person == nil {
		return nil
	}
	return fn(person)
}
