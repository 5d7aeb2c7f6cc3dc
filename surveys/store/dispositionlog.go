package store

import (
	"context"
	"database/sql"

	"wellwave/surveys"
)

// ListDispositions returns the history of an enrolment at a wave, oldest first.
func (s *Store) ListDispositions(ctx context.Context, enrolment surveys.EnrolmentID, wave surveys.WaveID) ([]surveys.DispositionChange, error) {
	var rows []struct {
		Disposition string         `db:"disposition"`
		Source      string         `db:"source"`
		Reason      string         `db:"reason"`
		AccountID   sql.NullString `db:"account_id"`
		At          stamp          `db:"at"`
	}
	if err := s.list(ctx, &rows, `
		SELECT d.disposition, d.source, d.reason, d.account_id, d.at
		FROM dispositions d
		JOIN responses r ON r.id = d.response_id
		WHERE r.enrolment_id = ? AND r.wave_id = ?
		ORDER BY d.number`, string(enrolment), string(wave)); err != nil {
		return nil, wrap("list dispositions", err)
	}
	history := make([]surveys.DispositionChange, 0, len(rows))
	for _, r := range rows {
		d, _ := surveys.ParseDisposition(r.Disposition)
		source, _ := surveys.ParseDispositionSource(r.Source)
		history = append(history, surveys.DispositionChange{At: r.At.time(), Disposition: d, Source: source, Reason: r.Reason,
			By: surveys.AccountID(r.AccountID.String)})
	}
	return history, nil
}
