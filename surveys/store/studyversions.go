package store

import (
	"context"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// ListStudyVersions returns every version of a study file that was loaded, newest first.
func (s *Store) ListStudyVersions(ctx context.Context, study surveys.StudyID) ([]surveys.StudyVersion, error) {
	var rows []struct {
		Version  int          `db:"version"`
		Hash     string       `db:"hash"`
		LoadedAt engine.Stamp `db:"loaded_at"`
	}
	if err := s.db.List(ctx, &rows, `
		SELECT version, hash, loaded_at
		FROM study_versions
		WHERE study_id = ?
		ORDER BY version DESC`, string(study)); err != nil {
		return nil, surveys.Wrap("list study versions", err)
	}
	versions := make([]surveys.StudyVersion, 0, len(rows))
	for _, r := range rows {
		versions = append(versions, surveys.StudyVersion{Version: r.Version, Hash: r.Hash, LoadedAt: r.LoadedAt.Time()})
	}
	return versions, nil
}

// StudySource returns the current file of a study as it was loaded. It fails with NotFound.
func (s *Store) StudySource(ctx context.Context, study surveys.StudyID) (string, error) {
	var source string
	err := s.db.Get(ctx, &source, `
		SELECT v.source
		FROM studies s
		JOIN study_versions v ON v.study_id = s.id AND v.version = s.version
		WHERE s.id = ?`, string(study))
	return source, surveys.Wrap("read study file", notFound(err, "There is no study called %s.", study))
}
