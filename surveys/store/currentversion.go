package store

import (
	"context"

	"wellwave/surveys"
)

// currentVersion is which version of a study was current, and in which state, when this server last looked. It saves reading
// both for every submission; the transaction compares it with the truth.
type currentVersion struct {
	version int
	state   surveys.StudyState
}

// currentVersion returns what is remembered of a study, or reads it. It fails with NotFound.
func (s *Store) currentVersion(ctx context.Context, id surveys.StudyID) (currentVersion, error) {
	if known, ok := s.currentVersions.Load(id); ok {
		return known.(currentVersion), nil
	}
	var row struct {
		State   string `db:"state"`
		Version int    `db:"version"`
	}
	if err := s.db.Get(ctx, &row, `
		SELECT state, version
		FROM studies
		WHERE id = ?`, id); err != nil {
		return currentVersion{}, notFound(err, "There is no study called %q.", id)
	}
	state, _ := surveys.ParseStudyState(row.State)
	found := currentVersion{row.Version, state}
	s.currentVersions.Store(id, found)
	return found, nil
}
