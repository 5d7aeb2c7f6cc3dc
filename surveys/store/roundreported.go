package store

import (
	"context"
	"database/sql"

	"wellwave/surveys"
)

// ReportedRounds returns the rounds of a study that are reported, in the order of its file.
func (s *Store) ReportedRounds(ctx context.Context, id surveys.StudyID) ([]surveys.Wave, error) {
	study, _, err := s.Study(ctx, id)
	if err != nil {
		return nil, err
	}
	var reported []string
	if err := s.db.List(ctx, &reported, "SELECT wave_id FROM staff_rounds WHERE study_id = ? AND stage = ?", id, surveys.RoundReported.String()); err != nil {
		return nil, surveys.Wrap("list reported rounds", err)
	}
	var rounds []surveys.Wave
	for _, wave := range study.Waves {
		for _, found := range reported {
			if found == string(wave.ID) {
				rounds = append(rounds, wave)
			}
		}
	}
	return rounds, nil
}

// ReportedRound returns what is shown of a round, without reading any answer. It fails with NotFound for a round that is not
// reported, as for one that does not exist.
func (s *Store) ReportedRound(ctx context.Context, id surveys.StudyID, wave surveys.WaveID) (surveys.ReportedRound, error) {
	_, _, w, err := s.staffWave(ctx, id, wave)
	if err != nil {
		return surveys.ReportedRound{}, err
	}
	var report sql.NullString
	err = s.db.Get(ctx, &report, "SELECT report FROM staff_rounds WHERE study_id = ? AND wave_id = ? AND stage = ?", id, wave, surveys.RoundReported.String())
	if err := notFound(err, "This round has no results yet."); err != nil {
		return surveys.ReportedRound{}, surveys.Wrap("read what is shown of a round", err)
	}
	round := surveys.ReportedRound{Wave: w, Report: report.String}
	round.Questionnaire, err = s.Questionnaire(ctx, w.Questionnaire)
	return round, err
}
