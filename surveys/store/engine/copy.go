package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"wellwave/surveys"
)

// CopyTo writes a copy of the database to a new file while others go on reading and writing, and checks the copy before
// it gets its name: a file that is there under that name is whole. Only its owner may read it. PostgreSQL has tools of its
// own for this.
func (db *DB) CopyTo(ctx context.Context, path string) error {
	if err := db.copyable(); err != nil {
		return err
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
	if _, err := db.write.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return fmt.Errorf("copy the database to %s: %w", part, err)
	}
	if err := CheckCopy(ctx, part); err != nil {
		return err
	}
	if err := SyncFile(part); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	return nil
}

// copyable fails with Invalid for a database that its own tools copy.
func (db *DB) copyable() error {
	if db.Name() != "sqlite" {
		return surveys.Errorf(surveys.Invalid, "this database is on PostgreSQL, whose own pg_dump or base backups copy it")
	}
	return nil
}

// CheckCopy examines the copy, which nobody else has open.
func CheckCopy(ctx context.Context, path string) (err error) {
	db, err := sqlx.Open("sqlite3", sqliteURI(path)+"?mode=ro&immutable=1")
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	defer func() { _ = db.Close() }() // it was only read
	faults, err := examineSQLite(ctx, db)
	if err == nil && len(faults) > 0 {
		err = damagedCopy(faults)
	}
	return surveys.Wrap("check the copy", err)
}

func SyncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// Examine asks the engine whether the database is whole and lists what it finds wrong. That it keeps its promises about
// durability was read back when it was opened.
func (db *DB) Examine(ctx context.Context) ([]string, error) {
	if db.Name() != "sqlite" {
		return nil, db.dialect.check(ctx, db.write) // PostgreSQL checks its pages as it reads them
	}
	faults, err := examineSQLite(ctx, db.read)
	return faults, surveys.Wrap("examine the database", db.Translate(err))
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

// refuseInUse fails with Conflict if another process has the database open: leaving the write-ahead log, which folds it
// back into the one file, needs to be alone with it.
func refuseInUse(ctx context.Context, path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	db, err := sqlx.Open("sqlite3", sqliteURI(path)+"?mode=rw&_busy_timeout=200")
	if err != nil {
		return fmt.Errorf("open the present database: %w", err)
	}
	defer func() { _ = db.Close() }() // nothing is left to write
	var mode string
	err = db.GetContext(ctx, &mode, "PRAGMA journal_mode=DELETE")
	if isDamaged(err) { // which nobody can have in use, and may be why there is a restore
		return nil
	}
	if kind := surveys.KindOf(sqliteDialect{}.translate(err)); kind == surveys.Unavailable || err == nil && mode != "delete" {
		return errInUse(path)
	}
	if err != nil {
		return fmt.Errorf("look whether the present database is in use: %w", err)
	}
	return nil
}

// RefuseOthers fails with Conflict if another program is connected to a database on PostgreSQL. For SQLite see LockAlone.
func (db *DB) RefuseOthers(ctx context.Context) error {
	n, err := db.dialect.others(ctx, db.write)
	if err != nil {
		return surveys.Wrap("look who is connected", db.Translate(err))
	}
	if n > 0 {
		return surveys.Errorf(surveys.Conflict, "other programs are connected to the database (%d connections): stop the servers first", n)
	}
	return nil
}

// isDamaged reports whether SQLite cannot make sense of a file.
func isDamaged(err error) bool {
	var refused sqlite3.Error
	return errors.As(err, &refused) && (refused.Code == sqlite3.ErrNotADB || refused.Code == sqlite3.ErrCorrupt)
}

func CopyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "the backup cannot be read: %w", err)
	}
	defer func() { _ = source.Close() }() // it was only read
	target, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	_, err = io.Copy(target, source)
	if err = errors.Join(err, target.Close()); err != nil {
		return fmt.Errorf("copy the backup: %w", err)
	}
	return nil
}
