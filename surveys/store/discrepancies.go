package store

import (
	"context"
	"slices"
	"strings"

	"wellwave/surveys"
)

// ListDiscrepancies lists the questionnaires of a wave to which more than one answer came for the same question, by study
// number. People of the pilot are left out once a study is live, as the monitor leaves them out.
func (s *Store) ListDiscrepancies(ctx context.Context, study surveys.StudyID, wave surveys.WaveID) ([]surveys.Discrepancy, error) {
	_, state, err := s.Study(ctx, study)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Label    string         `db:"label"`
		Site     surveys.SiteID `db:"site_id"`
		Replaced int            `db:"differing"`
		Aside    int            `db:"aside"`
	}
	// The verdict is a literal, because only then SQLite takes the index on conflicts.
	if err := s.db.List(ctx, &rows, `
		SELECT e.label, e.site_id, r.differing, COALESCE(c.aside, 0) AS aside
		FROM enrolments e
		JOIN responses r ON r.enrolment_id = e.id AND r.wave_id = ?
		LEFT JOIN (
			SELECT response_id, COUNT(*) AS aside
			FROM submissions
			WHERE verdict = 'conflict' AND erased_at IS NULL
			GROUP BY response_id) c ON c.response_id = r.id
		WHERE `+whoCounts+` AND (r.differing > 0 OR c.aside > 0)`, wave, study, asInt(state.Fixed())); err != nil {
		return nil, surveys.Wrap("list discrepancies", err)
	}
	discrepancies := make([]surveys.Discrepancy, 0, len(rows))
	for _, row := range rows {
		discrepancies = append(discrepancies, surveys.Discrepancy(row))
	}
	slices.SortFunc(discrepancies, func(a, b surveys.Discrepancy) int { return strings.Compare(a.Label, b.Label) })
	return discrepancies, nil
}
