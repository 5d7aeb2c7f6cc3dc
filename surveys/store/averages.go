package store

import (
	"context"
	"database/sql"
	"errors"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// beforeReport are the stages of a round whose report can still be compared with another average.
var beforeReport = []surveys.RoundStage{surveys.RoundPlanned, surveys.RoundOpen, surveys.RoundClosed, surveys.RoundOpened}

// StaffAverage returns the published average that is loaded for a round, as JSON, and nothing where none is.
func (s *Store) StaffAverage(ctx context.Context, id surveys.StudyID, wave surveys.WaveID) (string, error) {
	average, err := findAverage(ctx, s.db, id, wave)
	return average, surveys.Wrap("read a published average", err)
}

func findAverage(ctx context.Context, from querier, id surveys.StudyID, wave surveys.WaveID) (string, error) {
	var average string
	err := from.Get(ctx, &average, "SELECT average FROM staff_averages WHERE study_id = ? AND wave_id = ?", id, wave)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return average, err
}

// LoadAverage keeps a published average of that name, as JSON, for the report of a round, in place of the one before. It fails
// with NotFound, and with Conflict for a round that is reported.
func (s *Store) LoadAverage(ctx context.Context, by surveys.AccountID, id surveys.StudyID, wave surveys.WaveID, name, average string) error {
	study, _, _, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return err
	}
	return surveys.Wrap("load a published average", s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := holdRound(ctx, tx, study, wave, beforeReport...); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, audit{by, "average.load", id, string(wave), name}, `
			INSERT INTO staff_averages (study_id, wave_id, average)
			VALUES (?, ?, ?)
			ON CONFLICT (study_id, wave_id) DO UPDATE
			SET average = excluded.average`, id, wave, average)
		return err
	}))
}

// RemoveAverage takes away the published average of a round, if there is one. It fails with NotFound, and with Conflict for
// a round that is reported.
func (s *Store) RemoveAverage(ctx context.Context, by surveys.AccountID, id surveys.StudyID, wave surveys.WaveID) error {
	study, _, _, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return err
	}
	return surveys.Wrap("remove a published average", s.db.InTx(ctx, func(tx *engine.Tx) error {
		if err := holdRound(ctx, tx, study, wave, beforeReport...); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, audit{by, "average.remove", id, string(wave), ""}, "DELETE FROM staff_averages WHERE study_id = ? AND wave_id = ?", id, wave)
		return err
	}))
}
