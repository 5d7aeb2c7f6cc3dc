package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"
)

// EngineOptions say which database to open and by which clock.
type EngineOptions struct {
	// DSN is sqlite:PATH, or a postgres:// URL.
	DSN string
	// Create makes the file of an SQLite database that is not there; without it that is an error, because a mistyped
	// path would otherwise be a database that holds nothing.
	Create bool
	// Now is the clock of transactions.
	Now func() time.Time
	// ReadConns and WriteConns bound the pools; 0 means 4 for reading, and for writing 1 on SQLite, always, and 32 on
	// PostgreSQL, where one pool serves both.
	ReadConns, WriteConns int
}

// database is an open database. It is safe for use by many goroutines.
type database struct {
	dialect dialect
	write   *sqlx.DB // SQLite: the single writing connection
	read    *sqlx.DB // the same pool as write on PostgreSQL
	now     func() time.Time
	groups  groupWriter
	rows    rowReader
	ready   readiness
}

// openEngine opens the database, brings its schema up to date by the numbered files of schema and checks that the engine keeps its promises. A database
// that a newer binary has changed beyond this one's understanding is refused. It fails with NotFound for an SQLite
// database that is not there.
func openEngine(ctx context.Context, o EngineOptions, schema fs.FS) (*database, error) {
	d, err := parseDSN(o.DSN)
	if err != nil {
		return nil, err
	}
	db := &database{dialect: d, now: o.Now}
	if db.write, db.read, err = d.open(o); err != nil {
		return nil, err
	}
	if err := db.prepare(ctx, schema); err != nil {
		_ = db.close() // the first error is the one to tell
		return nil, err
	}
	return db, nil
}

func (db *database) prepare(ctx context.Context, schema fs.FS) (err error) {
	if err := db.migrate(ctx, schema); err != nil {
		return err
	}
	if err := db.dialect.check(ctx, db.write); err != nil {
		return err
	}
	db.groups = db.dialect.newGroupWriter(db)
	db.rows, err = db.dialect.newRowReader(db)
	return err
}

// openAsIs opens a database to read from it as it is, whatever its schema.
func openAsIs(dsn string) (*database, error) {
	d, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	db := &database{dialect: d}
	db.write, db.read, err = d.open(EngineOptions{ReadConns: 1, WriteConns: 1})
	return db, err
}

// hasTable reports whether there is a table of that name.
func (db *database) hasTable(ctx context.Context, name string) (there bool, err error) {
	err = db.dialect.translate(db.read.GetContext(ctx, &there, db.dialect.hasTable(), name))
	return there, err
}

// close waits for the writing under way and closes the database.
func (db *database) close() error {
	if db.groups != nil {
		db.groups.stop()
	}
	if db.rows != nil {
		db.rows.stop()
	}
	if db.read != nil && db.read != db.write {
		if err := db.read.Close(); err != nil {
			return fmt.Errorf("close reading connections: %w", err)
		}
	}
	if db.write == nil {
		return nil
	}
	if err := db.write.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// engine returns "sqlite" or "postgres".
func (db *database) engine() string { return db.dialect.name() }

// translate turns what the engine refused into a surveys.Error where a caller can act on it.
func (db *database) translate(err error) error { return db.dialect.translate(err) }

// lockRow ends a SELECT that must hold its row until the transaction ends.
func (db *database) lockRow() string { return db.dialect.lockRow() }

// forget makes the database's files forget rows of the tables that were deleted or moved.
func (db *database) forget(ctx context.Context, tables ...string) error {
	return db.dialect.translate(db.dialect.forget(ctx, db.write, tables...))
}

// tx is one transaction. Its methods rebind and translate, so that statements stay plain.
type tx struct {
	tx      *sqlx.Tx
	dialect dialect
	now     time.Time
}

// inTx runs fn in a transaction that writes. On PostgreSQL it is run again when it lost a race, so fn must not keep
// anything from a try that failed.
func (db *database) inTx(ctx context.Context, fn func(*tx) error) error {
	return db.dialect.retry(ctx, func() error {
		sqlTx, err := db.write.BeginTxx(ctx, nil)
		if err != nil {
			return db.dialect.translate(err)
		}
		if err := fn(&tx{sqlTx, db.dialect, db.now()}); err != nil {
			_ = sqlTx.Rollback() // err is the reason; a failed rollback ends with the connection
			return db.dialect.translate(err)
		}
		return db.dialect.translate(sqlTx.Commit())
	})
}

// get reads one row into dest, which is a pointer to a struct or to a scalar; no row is sql.ErrNoRows.
func (t *tx) get(ctx context.Context, dest any, query string, args ...any) error {
	return t.tx.GetContext(ctx, dest, t.tx.Rebind(query), args...)
}

// list reads all rows into dest, a pointer to a slice.
func (t *tx) list(ctx context.Context, dest any, query string, args ...any) error {
	return t.tx.SelectContext(ctx, dest, t.tx.Rebind(query), args...)
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(ctx, t.tx.Rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// translate is as that of the database.
func (t *tx) translate(err error) error { return t.dialect.translate(err) }

// lockRow is as that of the database.
func (t *tx) lockRow() string { return t.dialect.lockRow() }

// hold waits for every transaction under way that locks rows of the tables, and holds up those that come until this one
// ends; reading goes on.
func (t *tx) hold(ctx context.Context, tables ...string) error {
	statement := t.dialect.lockTables(tables...)
	if statement == "" {
		return nil
	}
	_, err := t.exec(ctx, statement)
	return err
}

// session lets statements that are made for inGroup run in this transaction.
func (t *tx) session(ctx context.Context) session { return &txSession{ctx: ctx, tx: t} }

type txSession struct {
	ctx context.Context
	tx  *tx
}

func (s *txSession) row(query string, args []any, dest ...any) error {
	return s.tx.tx.QueryRowContext(s.ctx, s.tx.tx.Rebind(query), args...).Scan(dest...)
}

func (s *txSession) later(query string, args ...any) error {
	_, err := s.tx.exec(s.ctx, query, args...)
	return err
}

// get reads one row outside a transaction, on the reading connections. One row is there before anybody could think
// better of it, so the reading is not cancelled with ctx: SQLite's driver would start a goroutine for that every time.
func (db *database) get(ctx context.Context, dest any, query string, args ...any) error {
	ctx = context.WithoutCancel(ctx)
	return db.dialect.translate(db.read.GetContext(ctx, dest, db.read.Rebind(query), args...))
}

// list reads all rows outside a transaction, on the reading connections.
func (db *database) list(ctx context.Context, dest any, query string, args ...any) error {
	return db.dialect.translate(db.read.SelectContext(ctx, dest, db.read.Rebind(query), args...))
}

// query reads rows one by one outside a transaction, on the reading connections. Whoever asks closes them.
func (db *database) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := db.read.QueryContext(ctx, db.read.Rebind(query), args...)
	return rows, db.dialect.translate(err)
}

// row scans one row, by the reader that pages of participants share; it fails with sql.ErrNoRows if there is none.
// Variables are strings, ints, bools and Scanners.
func (db *database) row(ctx context.Context, query string, args []any, dest ...any) error {
	return db.rows.row(ctx, query, args, dest...)
}

// inGroup runs work in a transaction, which on SQLite may share its commit with others, and returns once the commit is
// durable. Where the engine loses a race, work is run again.
func (db *database) inGroup(ctx context.Context, work func(session) error) error {
	return db.groups.run(ctx, work)
}
