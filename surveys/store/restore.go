package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jmoiron/sqlx"

	"wellwave/surveys"
)

// Restore puts a backup in the place of the database that dsn names. The backup is copied, opened and checked first; the
// database that was there is kept beside it, under the name that is returned, empty if there was none. It fails with
// Conflict while a server or another command has the database open.
func Restore(ctx context.Context, dsn, file string) (replaced string, err error) {
	d, err := parseDSN(dsn)
	if err != nil {
		return "", err
	}
	target, ok := d.(sqliteDialect)
	if !ok {
		return "", surveys.Errorf(surveys.Invalid, "this database is on PostgreSQL, whose own tools restore it")
	}
	if err := refuseInUse(ctx, target.path); err != nil {
		return "", err
	}
	part := target.path + ".part"
	defer func() { _ = os.Remove(part) }() // gone already if all went well
	if err := copyFile(file, part); err != nil {
		return "", err
	}
	if err := checkCopy(ctx, part); err != nil {
		return "", surveys.Errorf(surveys.Invalid, "%s is not a backup that can be restored: %w", file, err)
	}
	s, err := Open(ctx, Options{DSN: "sqlite:" + part}) // as a server would: migrated, or refused for being newer
	if err != nil {
		return "", surveys.Errorf(surveys.Invalid, "%s cannot be restored: %w", file, err)
	}
	if err := s.Close(); err != nil {
		return "", err
	}
	if err := syncFile(part); err != nil {
		return "", fmt.Errorf("write the database: %w", err)
	}
	if _, err := os.Stat(target.path); err == nil {
		replaced = target.path + ".before-restore"
		if err := os.Rename(target.path, replaced); err != nil {
			return "", fmt.Errorf("keep the present database: %w", err)
		}
	}
	if err := os.Rename(part, target.path); err != nil {
		return replaced, fmt.Errorf("put the database in place: %w", err)
	}
	return replaced, nil
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
	if kind := surveys.KindOf(sqliteDialect{}.translate(err)); kind == surveys.Unavailable || err == nil && mode != "delete" {
		return surveys.Errorf(surveys.Conflict, "the database %s is in use: stop the server first", path)
	}
	if err != nil {
		return fmt.Errorf("look whether the present database is in use: %w", err)
	}
	return nil
}

func copyFile(from, to string) error {
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
