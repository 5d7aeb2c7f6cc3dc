package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jmoiron/sqlx"

	"wellwave/surveys"
)

// Backup writes a copy of the database to a new file while others go on reading and writing, and checks the copy before
// it gets its name: a file that is there under that name is whole. Only its owner may read it. PostgreSQL has tools of its
// own for this.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.Engine() != "sqlite" {
		return surveys.Errorf(surveys.Invalid, "this database is on PostgreSQL, whose own pg_dump or base backups copy it")
	}
	if _, err := os.Stat(path); err == nil {
		return surveys.Errorf(surveys.Invalid, "there is already a file %s", path)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove what an earlier backup left: %w", err)
	}
	if err := makePrivate(part); err != nil { // which SQLite fills
		return surveys.Errorf(surveys.Invalid, "the backup cannot be written there: %w", err)
	}
	defer func() { _ = os.Remove(part) }() // gone already if all went well
	if _, err := s.write.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return fmt.Errorf("copy the database to %s: %w", part, err)
	}
	if err := checkCopy(ctx, part); err != nil {
		return err
	}
	if err := syncFile(part); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	return nil
}

// checkCopy examines the copy, which nobody else has open.
func checkCopy(ctx context.Context, path string) (err error) {
	db, err := sqlx.Open("sqlite3", sqliteURI(path)+"?mode=ro&immutable=1")
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	defer func() { _ = db.Close() }() // it was only read
	faults, err := examineSQLite(ctx, db)
	if err == nil && len(faults) > 0 {
		err = fmt.Errorf("the copy is damaged: %s", strings.Join(faults, "; "))
	}
	return wrap("check the copy", err)
}

func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// Examine asks the engine whether the database is whole and lists what it finds wrong. That it keeps its promises about
// durability was read back when it was opened.
func (s *Store) Examine(ctx context.Context) ([]string, error) {
	if s.Engine() != "sqlite" {
		return nil, s.dialect.check(ctx, s.write) // PostgreSQL checks its pages as it reads them
	}
	faults, err := examineSQLite(ctx, s.read)
	return faults, wrap("examine the database", s.dialect.translate(err))
}

func examineSQLite(ctx context.Context, db *sqlx.DB) ([]string, error) {
	var faults []string
	if err := db.SelectContext(ctx, &faults, "PRAGMA integrity_check"); err != nil {
		return nil, fmt.Errorf("check its pages: %w", err)
	}
	if len(faults) == 1 && faults[0] == "ok" {
		faults = nil
	}
	var orphans []struct {
		Table  string `db:"table"`
		Row    *int64 `db:"rowid"` // null in a table that is kept in its primary key alone
		Parent string `db:"parent"`
		Key    int    `db:"fkid"`
	}
	if err := db.SelectContext(ctx, &orphans, "PRAGMA foreign_key_check"); err != nil {
		return nil, fmt.Errorf("check its references: %w", err)
	}
	for _, o := range orphans {
		faults = append(faults, fmt.Sprintf("a row of %s refers to a row of %s that is not there", o.Table, o.Parent))
	}
	return faults, nil
}
