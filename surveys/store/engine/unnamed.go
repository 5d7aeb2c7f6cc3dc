package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"wellwave/surveys"
)

const (
	copiedAtOnce = 1024 // pages, after which a copy looks whether it shall go on
	// fileFormat is where the header of an SQLite file says which kind of journal reading and writing it takes: two bytes.
	fileFormat = 18
)

// CopyUnnamed returns a checked copy of the database in a file that has no name, so that nothing is left of it once it is closed,
// however this process ends. The folder is that of the database, whose disk such a copy may fill. Others go on reading and
// writing. It fails with Invalid on PostgreSQL, and where a system takes no name from an open file.
func (db *DB) CopyUnnamed(ctx context.Context, folder string) (_ *os.File, err error) {
	if err := db.copyable(); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(folder, ".wellwave-backup-")
	if err != nil {
		return nil, surveys.Errorf(surveys.Invalid, "the copy cannot be made beside the database: %w", err)
	}
	named := true
	unname := func() error {
		if !named {
			return nil
		}
		named = false
		return os.Remove(file.Name())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), unname())
		}
	}()
	// SQLite finds a file by its name alone, so whoever is to fill the copy and who is to check it open it while it is empty and
	// still has one. Without a journal and temporary files, nothing else gets a name after it.
	filling, err := openEmpty(ctx, file.Name(), "rw&_journal_mode=OFF&_synchronous=OFF")
	if err != nil {
		return nil, err
	}
	defer func() { _ = filling.Close() }() // closed already if all went well
	checking, err := openEmpty(ctx, file.Name(), "ro")
	if err != nil {
		return nil, err
	}
	defer func() { _ = checking.Close() }() // it only reads
	if err := unname(); err != nil {
		return nil, surveys.Errorf(surveys.Invalid, "this system cannot hold a copy that has no name, and another could be left unsealed: %w", err)
	}
	if err := db.copyInto(ctx, filling); err != nil {
		return nil, fmt.Errorf("copy the database: %w", db.Translate(err))
	}
	if err := filling.Close(); err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	if _, err := file.WriteAt([]byte{1, 1}, fileFormat); err != nil { // no log: it would be looked for by name
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	faults, err := examineSQLite(ctx, checking)
	if err == nil && len(faults) > 0 {
		err = damagedCopy(faults)
	}
	return file, surveys.Wrap("check the copy", err)
}

// openEmpty opens a file of no bytes with one connection, which has it open when this returns.
func openEmpty(ctx context.Context, path, mode string) (*sqlx.DB, error) {
	db, err := sqlx.ConnectContext(ctx, "sqlite3", sqliteURI(path)+"?mode="+mode)
	if err != nil {
		return nil, fmt.Errorf("open the copy: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "PRAGMA temp_store = MEMORY"); err != nil {
		return nil, errors.Join(fmt.Errorf("open the copy: %w", err), db.Close())
	}
	return db, nil
}

// copyInto copies every page of the database as it stands at one moment.
func (db *DB) copyInto(ctx context.Context, to *sqlx.DB) error {
	tx, err := db.read.Connx(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Close() }() // it goes back to its pool
	target, err := to.Connx(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = target.Close() }() // as above
	// A backup begins anew whenever somebody has written between its steps, unless its source is held at one moment.
	if _, err := tx.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
		return err
	}
	defer func() { _, _ = tx.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }() // nothing was written
	var version int
	if err := tx.GetContext(ctx, &version, "PRAGMA schema_version"); err != nil { // a moment begins with the first look
		return err
	}
	return withSQLite(tx.Conn, func(from *sqlite3.SQLiteConn) error {
		return withSQLite(target.Conn, func(into *sqlite3.SQLiteConn) error {
			backup, err := into.Backup("main", from, "main")
			if err != nil {
				return err
			}
			for done := false; err == nil && !done; {
				if err = ctx.Err(); err == nil {
					done, err = backup.Step(copiedAtOnce)
				}
			}
			return errors.Join(err, backup.Close())
		})
	})
}

// withSQLite hands a connection to work as its driver knows it.
func withSQLite(conn *sql.Conn, work func(*sqlite3.SQLiteConn) error) error {
	return conn.Raw(func(raw any) error {
		c, ok := raw.(*sqlite3.SQLiteConn)
		if !ok {
			return fmt.Errorf("a connection to SQLite is a %T", raw)
		}
		return work(c)
	})
}

func damagedCopy(faults []string) error {
	return fmt.Errorf("the copy is damaged: %s", strings.Join(faults, "; "))
}
