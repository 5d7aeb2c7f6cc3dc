package store

import (
	"context"
	"fmt"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// Checked is what CheckRows found.
type Checked struct {
	Faults []string
	Rows   int // that are as they were written
	// Taken says of which rows nobody knows whether they are as they were written, because their hashes are of what stood there when
	// they were made: for databases that are older than the hashes, and where a lost root key was replaced.
	Taken []string
}

// CheckRows compares the rows of every table that has hashes with them, the sources of studies with the hashes that they are
// known by, and, where those are as they were written, what follows from them.
func (s *Store) CheckRows(ctx context.Context) (done Checked, err error) {
	for i := range hashedTables {
		if err := s.checkTable(ctx, s.db, &hashedTables[i], &done, nil); err != nil {
			return done, err
		}
	}
	var taken []struct {
		Name  string       `db:"name"`
		Rows  int          `db:"existing"`
		Since engine.Stamp `db:"since"`
	}
	if err := s.db.List(ctx, &taken, "SELECT name, existing, since FROM hashed_tables WHERE existing > 0 ORDER BY name"); err != nil {
		return done, surveys.Wrap("read since when rows are hashed", err)
	}
	for _, t := range taken {
		done.Taken = append(done.Taken, fmt.Sprintf("%d of %s, as they stood at %s", t.Rows, t.Name, shown(t.Since.Time())))
	}
	if err := s.checkSources(ctx, &done); err != nil {
		return done, surveys.Wrap("check the sources of studies", err)
	}
	if len(done.Faults) > 0 { // which may keep a study from being read
		return done, nil
	}
	return done, s.checkDerived(ctx, &done)
}

// checkTable compares the rows of a table with their hashes, and has wrong, unless nil, told of those that differ.
func (s *Store) checkTable(ctx context.Context, from rowReader, of *hashedTable, done *Checked, wrong func(hashedRow)) error {
	return of.each(ctx, from, func(row hashedRow) error {
		if row.hash == s.rowHash(of.table, row.values...) {
			done.Rows++
			return nil
		}
		if wrong != nil {
			wrong(row)
		}
		done.Faults = append(done.Faults, fmt.Sprintf("the %s %s is not as it was written", of.name, strings.TrimSuffix(fmt.Sprintln(row.values[:of.key]...), "\n")))
		return nil
	})
}

// checkSources parses every stored study file, instrument and wording again and compares its hash with the one under which it is
// kept.
func (s *Store) checkSources(ctx context.Context, done *Checked) error {
	compare := func(what, hash string, parse func() (string, error)) {
		switch again, err := parse(); {
		case err != nil:
			done.Faults = append(done.Faults, fmt.Sprintf("%s cannot be read any more: %s", what, err))
		case again != hash:
			done.Faults = append(done.Faults, what+" is not as it was stored")
		default:
			done.Rows++
		}
	}
	var versions []struct {
		Study   surveys.StudyID `db:"study_id"`
		Version int             `db:"version"`
		Hash    string          `db:"hash"`
	}
	if err := s.db.List(ctx, &versions, `
		SELECT study_id, version, hash
		FROM study_versions
		ORDER BY study_id, version`); err != nil {
		return err
	}
	for _, v := range versions {
		compare(fmt.Sprintf("version %d of the file of study %s", v.Version, v.Study), v.Hash, func() (string, error) {
			study, err := readStudyVersion(ctx, v.Study, v.Version, "", s.db)
			if err != nil {
				return "", err
			}
			return study.Hash, nil
		})
	}
	var sources []struct {
		Hash   string `db:"hash"`
		Name   string `db:"name"`
		Source string `db:"source"`
	}
	if err := s.db.List(ctx, &sources, "SELECT hash, id AS name, source FROM instruments ORDER BY hash"); err != nil {
		return err
	}
	for _, source := range sources {
		compare("instrument "+source.Name, source.Hash, func() (string, error) {
			instrument, err := surveys.ParseStoredInstrument(source.Name, []byte(source.Source))
			if err != nil {
				return "", err
			}
			return instrument.Hash, nil
		})
	}
	sources = nil
	if err := s.db.List(ctx, &sources, "SELECT hash, language AS name, source FROM wordings ORDER BY hash"); err != nil {
		return err
	}
	for _, source := range sources {
		compare("a wording in "+source.Name, source.Hash, func() (string, error) {
			pack, err := surveys.ParseStoredWording(source.Name, []byte(source.Source))
			if err != nil {
				return "", err
			}
			return pack.Hash, nil
		})
	}
	return nil
}
