package store

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

// Restored says what Restore did.
type Restored struct {
	Kept     string // where the database is that was there; empty if there was none
	Replayed Replayed
	Unread   error // why the withdrawals of the database that was there could not be read, if so
}

// Restore puts a backup in the place of the database that dsn names. The backup is copied, opened and checked first. Then
// the withdrawals and erasures of the database that was there are done again in it, before anybody can use it. That
// database is kept beside it. It fails with Conflict while a server or another command has the database open.
func Restore(ctx context.Context, dsn, file string) (done Restored, err error) {
	d, err := parseDSN(dsn)
	if err != nil {
		return done, err
	}
	target, ok := d.(sqliteDialect)
	if !ok {
		return done, surveys.Errorf(surveys.Invalid, "this database is on PostgreSQL, whose own tools restore it")
	}
	if err := refuseInUse(ctx, target.path); err != nil {
		return done, err
	}
	part := target.path + ".part"
	defer func() { _ = os.Remove(part) }() // gone already if all went well
	if err := copyFile(file, part); err != nil {
		return done, err
	}
	if err := checkCopy(ctx, part); err != nil {
		return done, surveys.Errorf(surveys.Invalid, "%s is not a backup that can be restored: %w", file, err)
	}
	s, err := Open(ctx, Options{DSN: "sqlite:" + part}) // as a server would: migrated, or refused for being newer
	if err != nil {
		return done, surveys.Errorf(surveys.Invalid, "%s cannot be restored: %w", file, err)
	}
	done.Replayed, done.Unread, err = replayInto(ctx, s, target.path)
	if err = errors.Join(err, s.Close()); err != nil {
		return done, err
	}
	if err := syncFile(part); err != nil {
		return done, fmt.Errorf("write the database: %w", err)
	}
	if _, err := os.Stat(target.path); err == nil {
		done.Kept = freeName(target.path + ".before-restore")
		if err := os.Rename(target.path, done.Kept); err != nil {
			return done, fmt.Errorf("keep the present database: %w", err)
		}
	}
	if err := os.Rename(part, target.path); err != nil {
		return done, fmt.Errorf("put the database in place: %w", err)
	}
	return done, nil
}

// freeName returns the path, or where something is there already the path with the first number that makes it free.
func freeName(path string) string {
	name := path
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, os.ErrNotExist) {
			return name
		}
		name = fmt.Sprintf("%s-%d", path, n)
	}
}

// replayInto does again what the database at path knows of withdrawals. A database that cannot be read may be why there is
// a restore at all, so that is told and does not stop it.
func replayInto(ctx context.Context, s *Store, path string) (done Replayed, unread, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return done, surveys.Errorf(surveys.NotFound, "there was no database at %s", path), nil
	}
	other := "sqlite:" + path
	if _, err := readSteps(ctx, other); err != nil {
		return done, err, nil
	}
	done, err = s.Replay(ctx, other)
	return done, nil, err
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
		return surveys.Errorf(surveys.Conflict, "the database %s is in use: stop the server first", path)
	}
	if err != nil {
		return fmt.Errorf("look whether the present database is in use: %w", err)
	}
	return nil
}

// isDamaged reports whether SQLite cannot make sense of a file.
func isDamaged(err error) bool {
	var refused sqlite3.Error
	return errors.As(err, &refused) && (refused.Code == sqlite3.ErrNotADB || refused.Code == sqlite3.ErrCorrupt)
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
