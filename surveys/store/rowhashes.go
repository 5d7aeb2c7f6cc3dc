package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"wellwave/surveys"
)

// rowHash returns the keyed hash of what never changes in a row: texts, numbers and nil, in a fixed order. Without the root key
// nobody can make one that fits a row which they changed.
func (s *Store) rowHash(table string, values ...any) string {
	text := append(make([]byte, 0, 512), table...)
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			text = append(text, " -"...)
		case string:
			text = strconv.AppendInt(append(text, ' '), int64(len(v)), 10)
			text = append(append(text, ':'), v...)
		case int:
			text = strconv.AppendInt(append(text, " #"...), int64(v), 10)
		case int64:
			text = strconv.AppendInt(append(text, " #"...), v, 10)
		default:
			panic(fmt.Sprintf("a %T in the hash of a row", v)) // which only who wrote the program can meet
		}
	}
	return chainMAC(s.keys.ledger, string(text))
}

// hashedRows are the tables whose rows have a hash, with the columns that it is of, in its order.
var hashedRows = []struct{ table, name, columns, content string }{
	{"submissions", "submission", "response_id, sitting, seq, attempt, revision, verdict, late_days, content, account_id, author, author_id, received_at", "content"},
	{"consents", "consent", "id, enrolment_id, version, language, clauses, sitting, given_at", "id"},
}

// Checked is what CheckRows found.
type Checked struct {
	Faults []string
	Rows   int // that are as they were written
	// Unhashed counts the rows that cannot be checked: of before rows had a hash, or of before the root key was replaced.
	Unhashed int
}

// CheckRows reads the ledger and the consents, and the sources of studies, and compares them with their hashes. Of what was
// erased nothing is left to compare.
func (s *Store) CheckRows(ctx context.Context) (done Checked, err error) {
	for _, of := range hashedRows {
		rows, err := s.db.Query(ctx, "SELECT row_hash, "+of.columns+" FROM "+of.table+" WHERE row_hash <> '' OR "+of.content+" <> ''")
		if err != nil {
			return done, surveys.Wrap("read "+of.table, err)
		}
		if err := s.checkRows(rows, of.table, of.name, &done); err != nil {
			return done, surveys.Wrap("read "+of.table, err)
		}
	}
	return done, surveys.Wrap("check the sources of studies", s.checkSources(ctx, &done))
}

func (s *Store) checkRows(rows *sql.Rows, table, name string, done *Checked) error {
	defer func() { _ = rows.Close() }() // it was only read
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			if bytes, ok := v.([]byte); ok {
				values[i] = string(bytes)
			}
		}
		switch hash := values[0]; {
		case hash == "":
			done.Unhashed++
		case hash != s.rowHash(table, values[1:]...):
			done.Faults = append(done.Faults, fmt.Sprintf("the %s %v %v is not as it was written", name, values[1], values[2]))
		default:
			done.Rows++
		}
	}
	return rows.Err()
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
			study, err := readStudyVersion(ctx, v.Study, v.Version, s.db)
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
