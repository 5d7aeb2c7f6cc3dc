// Package engine opens SQLite and PostgreSQL, and runs statements on both in the same way. It knows no noun of what is
// kept: not one table but the one in which a schema says how old a program may use it.
//
// SQLite has one writing connection and a pool of reading ones; transactions that wait for the writer together share a
// commit ([DB.InGroup]), and rows that pages wait for together share a snapshot ([DB.Row]). PostgreSQL gives every
// transaction a connection of its own and runs it again when it lost a race.
package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"
)

// Options say which database to open and by which clock.
type Options struct {
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
	// Noted is called after each commit of a transaction that left a record; nil means nobody.
	Noted func()
	// Begun is called when a transaction has begun, of InTx alone, and may refuse it; nil means nobody.
	Begun func(context.Context, *Tx) error
	// RowHash returns the hash that a row of a table is written with, of the values that are hashed.
	RowHash func(table string, values []any) string
	// Lock is held by the caller for as long as the database is open; nil means that an SQLite database is locked here,
	// together with others.
	Lock *Lock
}

// DB is an open database. It is safe for use by many goroutines.
type DB struct {
	dialect dialect
	write   *sqlx.DB // SQLite: the single writing connection
	read    *sqlx.DB // the same pool as write on PostgreSQL
	now     func() time.Time
	noted   func()
	begun   func(context.Context, *Tx) error
	rowHash func(string, []any) string
	groups  groupWriter
	rows    rowReader
	ready   readiness
	lock    *Lock // of SQLite, if it was taken here
	place   place
}

// Open opens the database, brings its schema up to date by the numbered files of schema, and checks that the engine keeps
// its promises. A database that a newer binary has changed beyond this one's understanding is refused. It fails with
// NotFound for an SQLite database that is not there.
func Open(ctx context.Context, o Options, schema fs.FS) (*DB, error) {
	d, err := parseDSN(o.DSN)
	if err != nil {
		return nil, err
	}
	db := &DB{dialect: d, now: o.Now, noted: o.Noted, begun: o.Begun, rowHash: o.RowHash}
	if db.lock, err = d.lock(o); err != nil {
		return nil, err
	}
	if db.write, db.read, err = d.open(o); err != nil {
		return nil, errors.Join(err, db.lock.Release())
	}
	if err := db.prepare(ctx, schema); err != nil {
		_ = db.Close() // the first error is the one to tell
		return nil, err
	}
	return db, nil
}

func (db *DB) prepare(ctx context.Context, schema fs.FS) (err error) {
	if err := db.migrate(ctx, schema); err != nil {
		return err
	}
	if err := db.dialect.check(ctx, db.write); err != nil {
		return err
	}
	if db.place.opened, err = db.dialect.files(); err != nil {
		return err
	}
	db.groups = db.dialect.newGroupWriter(db)
	db.rows, err = db.dialect.newRowReader(db)
	return err
}

// OpenAsIs opens a database to read from it as it is, whatever its schema.
func OpenAsIs(dsn string) (*DB, error) {
	d, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	db := &DB{dialect: d}
	db.write, db.read, err = d.open(Options{ReadConns: 1, WriteConns: 1})
	return db, err
}

// HasTable reports whether there is a table of that name.
func (db *DB) HasTable(ctx context.Context, name string) (there bool, err error) {
	err = db.dialect.translate(db.read.GetContext(ctx, &there, db.dialect.hasTable(), name))
	return there, err
}

// Close waits for the writing under way and closes the database.
func (db *DB) Close() error {
	return errors.Join(db.close(), db.lock.Release())
}

func (db *DB) close() error {
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

// Name returns "sqlite" or "postgres".
func (db *DB) Name() string { return db.dialect.name() }

// Translate turns what the engine refused into a surveys.Error where a caller can act on it.
func (db *DB) Translate(err error) error { return db.dialect.translate(err) }

// LockRow ends a SELECT that must hold its row until the transaction ends.
func (db *DB) LockRow() string { return db.dialect.lockRow() }

// Forget makes the database's files forget rows of the tables that were deleted or moved.
func (db *DB) Forget(ctx context.Context, tables ...string) error {
	return db.dialect.translate(db.dialect.forget(ctx, db.write, tables...))
}

// Held returns how many bytes of a table Forget writes while nobody else can write to it, at most.
func (db *DB) Held(ctx context.Context, tables ...string) (int64, error) {
	n, err := db.dialect.held(ctx, db.write, tables...)
	return n, db.dialect.translate(err)
}

// Tx is one transaction. Its methods rebind and translate, so that statements stay plain.
type Tx struct {
	tx      *sqlx.Tx
	dialect dialect
	Now     time.Time
	noted   map[Record]bool
	rowHash func(string, []any) string
}

// InTx runs fn in a transaction that writes. On PostgreSQL it is run again when it lost a race, so fn must not keep
// anything from a try that failed.
func (db *DB) InTx(ctx context.Context, fn func(*Tx) error) error { return db.inTx(ctx, nil, fn) }

// InOneSnapshot is InTx where every statement sees the database as it was at the first.
func (db *DB) InOneSnapshot(ctx context.Context, fn func(*Tx) error) error {
	return db.inTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead}, fn)
}

func (db *DB) inTx(ctx context.Context, opts *sql.TxOptions, fn func(*Tx) error) error {
	if err := db.place.known(); err != nil {
		return err
	}
	return db.dialect.retry(ctx, func() error {
		sqlTx, err := db.write.BeginTxx(ctx, opts)
		if err != nil {
			return db.dialect.translate(err)
		}
		tx := &Tx{tx: sqlTx, dialect: db.dialect, Now: db.now(), rowHash: db.rowHash}
		if db.begun != nil {
			err = db.begun(ctx, tx)
		}
		if err == nil {
			err = fn(tx)
		}
		if err != nil {
			_ = sqlTx.Rollback() // err is the reason; a failed rollback ends with the connection
			return db.dialect.translate(err)
		}
		if err := sqlTx.Commit(); err != nil {
			return db.dialect.translate(err)
		}
		if len(tx.noted) > 0 && db.noted != nil {
			db.noted()
		}
		return db.place.look()
	})
}

// Get reads one row into dest, which is a pointer to a struct or to a scalar; no row is sql.ErrNoRows.
func (t *Tx) Get(ctx context.Context, dest any, query string, args ...any) error {
	if err := mustRead(query); err != nil {
		return err
	}
	return t.tx.GetContext(ctx, dest, t.tx.Rebind(query), args...)
}

// List reads all rows into dest, a pointer to a slice.
func (t *Tx) List(ctx context.Context, dest any, query string, args ...any) error {
	if err := mustRead(query); err != nil {
		return err
	}
	return t.tx.SelectContext(ctx, dest, t.tx.Rebind(query), args...)
}

// Query reads rows one by one. Whoever asks closes them before the next statement.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := mustRead(query); err != nil {
		return nil, err
	}
	return t.tx.QueryContext(ctx, t.tx.Rebind(query), args...)
}

// exec runs a statement and returns how many rows it changed.
func (t *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(ctx, t.tx.Rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Translate is as that of the database.
func (t *Tx) Translate(err error) error { return t.dialect.translate(err) }

// RowHash is as in Options.
func (t *Tx) RowHash(table string, values []any) string { return t.rowHash(table, values) }

// LockRow is as that of the database.
func (t *Tx) LockRow() string { return t.dialect.lockRow() }

// Hold waits for every transaction under way that locks rows of the tables, and holds up those that come until this one
// ends; reading goes on.
func (t *Tx) Hold(ctx context.Context, tables ...string) error {
	statement := t.dialect.lockTables(tables...)
	if statement == "" {
		return nil
	}
	_, err := t.exec(ctx, statement)
	return err
}

// Batch lets statements that are made for InGroup run in this transaction. What they change has the record r.
func (t *Tx) Batch(ctx context.Context, r Record) Batch {
	return &txBatch{ctx: ctx, tx: t, record: r}
}

type txBatch struct {
	ctx    context.Context
	tx     *Tx
	record Record
}

func (s *txBatch) Row(query string, args []any, dest ...any) error {
	return s.tx.tx.QueryRowContext(s.ctx, s.tx.tx.Rebind(query), args...).Scan(dest...)
}

func (s *txBatch) Later(query string, args ...any) error {
	_, err := s.tx.Exec(s.ctx, s.record, query, args...)
	return err
}

// Get reads one row outside a transaction, on the reading connections. One row is there before anybody could think
// better of it, so the reading is not cancelled with ctx: SQLite's driver would start a goroutine for that every time.
func (db *DB) Get(ctx context.Context, dest any, query string, args ...any) error {
	if err := mustRead(query); err != nil {
		return err
	}
	if err := db.place.known(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	return db.dialect.translate(db.read.GetContext(ctx, dest, db.read.Rebind(query), args...))
}

// List reads all rows outside a transaction, on the reading connections.
func (db *DB) List(ctx context.Context, dest any, query string, args ...any) error {
	if err := mustRead(query); err != nil {
		return err
	}
	if err := db.place.known(); err != nil {
		return err
	}
	return db.dialect.translate(db.read.SelectContext(ctx, dest, db.read.Rebind(query), args...))
}

// Query reads rows one by one outside a transaction, on the reading connections. Whoever asks closes them.
func (db *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := mustRead(query); err != nil {
		return nil, err
	}
	if err := db.place.known(); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, db.read.Rebind(query), args...)
	return rows, db.dialect.translate(err)
}

// Row scans one row, by the reader that pages of participants share; it fails with sql.ErrNoRows if there is none.
// Variables are strings, ints, bools and Scanners.
func (db *DB) Row(ctx context.Context, query string, args []any, dest ...any) error {
	if err := mustRead(query); err != nil {
		return err
	}
	if err := db.place.known(); err != nil {
		return err
	}
	return db.rows.row(ctx, query, args, dest...)
}

// InGroup runs work in a transaction, which on SQLite may share its commit with others, and returns once the commit is
// durable. Where the engine loses a race, work is run again.
func (db *DB) InGroup(ctx context.Context, work func(Batch) error) error {
	if err := db.place.known(); err != nil {
		return err
	}
	return db.groups.run(ctx, work)
}
