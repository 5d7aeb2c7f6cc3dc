// Package store keeps everything that wellwave knows in SQLite or PostgreSQL, and holds all of its SQL.
//
// An exported method is one use case in one transaction; an unexported function takes the transaction and is one
// statement. SQLite has one writing connection and a pool of reading ones; submissions that wait for the writer share a
// commit (folder_sqlite.go). PostgreSQL gives every use case a transaction of its own, tried again when it lost a race.
package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sync"
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
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// ReadConns and WriteConns bound the pools; 0 means 4 for reading, and for writing 1 on SQLite, always, and 32 on
	// PostgreSQL, where one pool serves both.
	ReadConns, WriteConns int
	// PasswordMemory is what the hash of a new password takes, in KiB: 0 means 64 MiB, which takes about a third of a
	// second. Tests and the demonstration take less.
	PasswordMemory uint32
}

// Store is the one way to the database. It is safe for use by many goroutines.
type Store struct {
	dialect dialect
	write   *sqlx.DB // SQLite: the single writing connection
	read    *sqlx.DB // the same pool as write on PostgreSQL
	now     func() time.Time
	// passwordMemory is as in Options.
	passwordMemory uint32
	keys           keyring
	studies        studyCache
	folds          folder
	rows           rowReader

	latestStudies sync.Map // surveys.StudyID to latest

	ready readiness

	shuffling sync.Mutex // held by ShuffleStaff
	shuffled  int        // how many staff answers there were when it last ran
}

// Open opens the database, brings its schema up to date, checks that the engine keeps its promises and returns the
// store. A database that a newer binary has changed beyond this one's understanding is refused. It fails with NotFound
// for an SQLite database that is not there.
func Open(ctx context.Context, o Options) (*Store, error) {
	d, err := parseDSN(o.DSN)
	if err != nil {
		return nil, err
	}
	s := &Store{dialect: d, now: o.Now, passwordMemory: cmp.Or(o.PasswordMemory, argonMemory)}
	if s.now == nil {
		s.now = time.Now
	}
	if s.write, s.read, err = d.open(o); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, o); err != nil {
		_ = s.Close() // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context, o Options) error {
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if err := s.dialect.check(ctx, s.write); err != nil {
		return err
	}
	if err := s.loadKeys(ctx); err != nil {
		return err
	}
	folds, err := s.dialect.newFolder(s)
	if err != nil {
		return err
	}
	s.folds = folds
	if s.rows, err = s.dialect.newRowReader(s); err != nil {
		return err
	}
	return s.refoldWaiting(ctx)
}

// Close waits for the submissions under way and closes the database.
func (s *Store) Close() error {
	if s.folds != nil {
		s.folds.stop()
	}
	if s.rows != nil {
		s.rows.stop()
	}
	if s.read != nil && s.read != s.write {
		if err := s.read.Close(); err != nil {
			return fmt.Errorf("close reading connections: %w", err)
		}
	}
	if s.write == nil {
		return nil
	}
	if err := s.write.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Engine returns "sqlite" or "postgres".
func (s *Store) Engine() string { return s.dialect.name() }

// tx is one transaction. Its methods rebind and translate, so that statements stay plain.
type tx struct {
	*sqlx.Tx
	dialect dialect
	now     time.Time
}

// inTx runs fn in a transaction that writes. On PostgreSQL it is run again when it lost a race, so fn must not keep
// anything from a try that failed.
func (s *Store) inTx(ctx context.Context, fn func(*tx) error) error {
	return s.dialect.retry(ctx, func() error {
		sqlTx, err := s.write.BeginTxx(ctx, nil)
		if err != nil {
			return s.dialect.translate(err)
		}
		if err := fn(&tx{sqlTx, s.dialect, s.now()}); err != nil {
			_ = sqlTx.Rollback() // err is the reason; a failed rollback ends with the connection
			return s.dialect.translate(err)
		}
		return s.dialect.translate(sqlTx.Commit())
	})
}

// get reads one row into dest, which is a pointer to a struct or to a scalar; no row is sql.ErrNoRows.
func (t *tx) get(ctx context.Context, dest any, query string, args ...any) error {
	return t.GetContext(ctx, dest, t.Rebind(query), args...)
}

// list reads all rows into dest, a pointer to a slice.
func (t *tx) list(ctx context.Context, dest any, query string, args ...any) error {
	return t.SelectContext(ctx, dest, t.Rebind(query), args...)
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.ExecContext(ctx, t.Rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// get reads one row outside a transaction, on the reading connections. One row is there before anybody could think
// better of it, so the reading is not cancelled with ctx: SQLite's driver would start a goroutine for that every time.
func (s *Store) get(ctx context.Context, dest any, query string, args ...any) error {
	ctx = context.WithoutCancel(ctx)
	return s.dialect.translate(s.read.GetContext(ctx, dest, s.read.Rebind(query), args...))
}

// list reads all rows outside a transaction, on the reading connections.
func (s *Store) list(ctx context.Context, dest any, query string, args ...any) error {
	return s.dialect.translate(s.read.SelectContext(ctx, dest, s.read.Rebind(query), args...))
}

// newID returns an identifier of 128 bits in hex that sorts by the time of its making: rows made together lie together,
// which spares SQLite about a third of the pages that a commit writes.
func newID(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(b[:6], ms[2:])
	return hex.EncodeToString(b[:])
}

// randomID returns 128 random bits in hex, for rows whose order must not show and for sittings.
func randomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}
