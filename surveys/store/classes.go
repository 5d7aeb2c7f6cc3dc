package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/engine"
)

// studyClasses is what the files of a team's own instruments say of the classes of their items, by the instrument's hash and the
// item's code. It is kept for each study, because the stored copy of an instrument serves every study that uses it: what one team
// calls harmless is not so for the others. Instruments of the library are not in it; of those the program knows the classes.
type studyClasses map[string]map[string]surveys.SaidClass

// readClasses reads what study_classes has, which is nothing for a study without a row.
func readClasses(text string) (studyClasses, error) {
	if text == "" {
		return nil, nil
	}
	var classes studyClasses
	if err := json.Unmarshal([]byte(text), &classes); err != nil {
		return nil, fmt.Errorf("read the stored classes of a study: %w", err)
	}
	return classes, nil
}

// classesFor returns the classes that are current for the study of a file, so that it can be loaded again without its instruments.
func (s *Store) classesFor(ctx context.Context, source []byte) (studyClasses, error) {
	id, ok := surveys.StudyIDOf(source)
	if !ok {
		return nil, nil
	}
	text, err := findClasses(ctx, s.db, id)
	if err != nil {
		return nil, err
	}
	return readClasses(text)
}

func findClasses(ctx context.Context, from querier, id surveys.StudyID) (string, error) {
	var text string
	err := from.Get(ctx, &text, `
		SELECT classes
		FROM study_classes
		WHERE study_id = ?`, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("find the classes of a study: %w", err)
	}
	return text, nil
}

// storeClasses keeps what the study's own instruments say of their items now, and reports whether anything is different from
// before. Of an instrument whose file did not come along the classes stay.
func storeClasses(ctx context.Context, tx *engine.Tx, a audit, study *surveys.Study, definitions *surveys.Definitions) (bool, error) {
	before, err := findClasses(ctx, tx, study.ID)
	if err != nil {
		return false, err
	}
	standing, err := readClasses(before)
	if err != nil {
		return false, err
	}
	classes := make(studyClasses)
	for _, ref := range study.Instruments {
		said := standing[ref.Hash]
		if source, ok := definitions.Instrument(ref.ID, ref.Version); ok {
			said = source.SaidClasses()
		}
		if _, ok := library.Same(ref.ID, ref.Hash); !ok && len(said) > 0 {
			classes[ref.Hash] = said
		}
	}
	var text string
	if len(classes) > 0 {
		written, err := json.Marshal(classes)
		if err != nil {
			return false, fmt.Errorf("store the classes of a study: %w", err)
		}
		text = string(written)
	}
	if text == before {
		return false, nil
	}
	a.detail = "classes of items"
	n, err := changeHashed(ctx, tx, a, change{"study_classes", "classes = ?", "study_id = ?", []any{text}, []any{study.ID}})
	if err == nil && n == 0 {
		err = insertHashed(ctx, tx, a, "study_classes", study.ID, text)
	}
	return true, surveys.Wrap("store the classes of a study", err)
}
