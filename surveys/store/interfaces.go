package store

import (
	"context"
	"fmt"
	"slices"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// storeInterfaces stores the interface packs of a new version of a study.
func storeInterfaces(ctx context.Context, tx *engine.Tx, a audit, study *surveys.Study, version int) error {
	for _, pack := range study.Interfaces {
		if err := insertHashed(ctx, tx, a, "study_interfaces", study.ID, version, pack.Language, string(pack.Source)); err != nil {
			return fmt.Errorf("store interface pack: %w", err)
		}
	}
	return nil
}

// listInterfaces returns the interface packs of a version of a study, by language.
func listInterfaces(ctx context.Context, id surveys.StudyID, version int, from querier) ([]surveys.InterfaceSource, error) {
	var rows []struct {
		Language string `db:"language"`
		Source   string `db:"source"`
	}
	if err := from.List(ctx, &rows, `
		SELECT language, source
		FROM study_interfaces
		WHERE study_id = ? AND version = ?`, id, version); err != nil {
		return nil, fmt.Errorf("list interface packs: %w", err)
	}
	packs := make([]surveys.InterfaceSource, 0, len(rows))
	for _, row := range rows {
		pack, err := surveys.StoredInterface([]byte(row.Source))
		if err != nil {
			return nil, fmt.Errorf("read the stored interface pack %s of study %s: %w", row.Language, id, err)
		}
		packs = append(packs, pack)
	}
	slices.SortFunc(packs, surveys.ByLanguage)
	return packs, nil
}

// interfacesFor returns the interface packs that a study file may use: those that come with it, and for other languages those
// of the version that is current, so that a file can be loaded again without them.
func (s *Store) interfacesFor(ctx context.Context, source []byte, definitions *surveys.Definitions) ([]surveys.InterfaceSource, error) {
	packs := definitions.Interfaces()
	id, ok := surveys.StudyIDOf(source)
	if !ok {
		return packs, nil
	}
	var version int
	if err := s.db.Get(ctx, &version, `
		SELECT COALESCE(MAX(version), 0)
		FROM studies
		WHERE id = ?`, id); err != nil {
		return nil, fmt.Errorf("find the study's version: %w", err)
	}
	stored, err := listInterfaces(ctx, id, version, s.db)
	for _, pack := range stored {
		if !slices.ContainsFunc(packs, func(own surveys.InterfaceSource) bool { return own.Language == pack.Language }) {
			packs = append(packs, pack)
		}
	}
	slices.SortFunc(packs, surveys.ByLanguage)
	return packs, err
}
