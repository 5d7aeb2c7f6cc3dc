package store

import (
	"context"

	"wellwave/surveys"
)

// latest is which version of a study was current, and in which state, when this server last looked. It saves reading
// both for every submission; the transaction compares it with the truth.
type latest struct {
	version int
	state   surveys.StudyState
}

// latest returns what is remembered of a study, or reads it. It fails with NotFound.
func (s *Store) latest(ctx context.Context, id surveys.StudyID) (latest, error) {
	if known, ok := s.latestStudies.Load(id); ok {
		return known.(latest), nil
	}
	var row struct {
		State   string `db:"state"`
		Version int    `db:"version"`
	}
	if err := s.db.Get(ctx, &row, `
		SELECT state, version
		FROM studies
		WHERE id = ?`, id); err != nil {
		return latest{}, notFound(err, "There is no study called %q.", id)
	}
	state, err := word("studies.state", surveys.ParseStudyState, row.State)
	if err != nil {
		return latest{}, err
	}
	found := latest{row.Version, state}
	s.latestStudies.Store(id, found)
	return found, nil
}
