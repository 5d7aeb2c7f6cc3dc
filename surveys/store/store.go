// Package store keeps everything that wellwave knows in SQLite or PostgreSQL, and holds all of its SQL.
//
// An exported method is one use case in one transaction; an unexported function takes the transaction and is one
// statement. What differs between the engines, and how submissions share a commit, is package engine's.
package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"time"

	"wellwave/migrations"
	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store/engine"
)

// Options say which database to open, by which clock, and what passwords cost.
type Options struct {
	// DSN is sqlite:PATH, or a postgres:// URL.
	DSN string
	// KeyFile is the file of the root key; empty means beside an SQLite database, and is an error on PostgreSQL. See KeyFile.
	KeyFile string
	// Create makes the file of an SQLite database that is not there; without it that is an error, because a mistyped
	// path would otherwise be a database that holds nothing.
	Create bool
	// Now is the clock; nil means time.Now, watched as CheckClock says.
	Now func() time.Time
	// Elapsed counts time by a clock that nobody can set, by which Now is watched; nil means that of the machine, and that a Now
	// which is given is believed.
	Elapsed func() time.Duration
	// Boot names the start of the machine since which Elapsed counts; empty means that of the machine where Elapsed is, and else none.
	Boot string
	// ReadConns and WriteConns bound the pools; 0 means 4 for reading, and for writing 1 on SQLite, always, and 32 on
	// PostgreSQL, where one pool serves both.
	ReadConns, WriteConns int
	// PasswordMemory is what the hash of a new password takes, in KiB: 0 means 64 MiB, which takes about a third of a
	// second. Tests and the demonstration take less.
	PasswordMemory uint32
	// lock is held by the caller who has an SQLite database to itself.
	lock *engine.Lock
}

// Store is the one way to the database. It is safe for use by many goroutines.
type Store struct {
	db  *engine.DB
	now func() time.Time
	// clock is watched, and is nil where the caller's is believed.
	clock *steadyClock
	boot  string // which start of the machine the clock counts from, empty where nobody knows
	// passwordMemory is as in Options.
	passwordMemory uint32
	root           rootkey.Key
	madeKey        string // the file that was made for it, if so
	file           string // of an SQLite database
	keys           keyring
	studies        studyCache

	currentVersions sync.Map // surveys.StudyID to latest

	unsealed unsealed // entries of the audit trail

	heldAtMost int64 // as the constant says; less in tests

	shuffling sync.Mutex // held by ShuffleStaff
	shuffled  int        // how many staff answers there were when it last ran
}

// Open opens the database, brings its schema up to date, checks that the engine keeps its promises and returns the
// store. A database that a newer binary has changed beyond this one's understanding is refused. It fails with NotFound
// for an SQLite database that is not there, and with NotFound or Invalid where its root key is not, or is another's.
func Open(ctx context.Context, o Options) (*Store, error) {
	keyFile, err := KeyFile(o.DSN, o.KeyFile)
	if err != nil {
		return nil, err
	}
	s, err := openWithoutKey(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, keyFile); err != nil {
		_ = s.Close() // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

// openWithoutKey opens a store that cannot use its keys.
func openWithoutKey(ctx context.Context, o Options) (*Store, error) {
	var clock *steadyClock
	if o.Now == nil || o.Elapsed != nil {
		wall, count := o.Now, o.Elapsed
		if wall == nil {
			wall = time.Now
		}
		if count == nil {
			count, o.Boot = elapsed, bootID()
		}
		clock = newSteadyClock(wall, count)
		o.Now = func() time.Time {
			now, _ := clock.read()
			return now
		}
	}
	file, err := engine.SQLiteFile(o.DSN)
	if err != nil {
		return nil, err
	}
	s := &Store{file: file, now: o.Now, clock: clock, boot: o.Boot, unsealed: make(unsealed, 1), passwordMemory: cmp.Or(o.PasswordMemory, argonMemory), heldAtMost: heldAtMost}
	s.db, err = engine.Open(ctx, engine.Options{DSN: o.DSN, Create: o.Create, Now: o.Now, ReadConns: o.ReadConns, WriteConns: o.WriteConns,
		Noted: s.unsealed.soon, Lock: o.lock, Begun: askAgain, RowHash: func(table string, values []any) string { return s.rowHash(table, values...) }}, migrations.FS)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context, keyFile string) error {
	if err := s.loadKeys(ctx, keyFile); err != nil {
		return err
	}
	if err := s.hashExisting(ctx); err != nil {
		return err
	}
	if err := s.watchClock(ctx); err != nil {
		return err
	}
	if err := s.refoldWaiting(ctx); err != nil {
		return err
	}
	s.unsealed.soon() // what a server that was killed has left
	return nil
}

// Close waits for the submissions under way, seals what is left of the audit trail and closes the database.
func (s *Store) Close() error {
	if len(s.unsealed) > 0 {
		_ = s.SealAudit(context.Background()) // what cannot be sealed now is by whoever opens the database next
	}
	return s.db.Close()
}

// Engine returns "sqlite" or "postgres".
func (s *Store) Engine() string { return s.db.Name() }

// Ready reports whether the database can be read and takes a commit: on a full disk it is still read, and every save
// fails.
func (s *Store) Ready(ctx context.Context) error { return s.db.Ready(ctx) }

// Space returns the room on the disk of the database, and false where it is not known, as on PostgreSQL.
func (s *Store) Space() (room surveys.Space, known bool, err error) { return s.db.Space() }

// Backup writes a copy of the database to a new file while others go on reading and writing, and checks the copy before
// it gets its name. PostgreSQL has tools of its own for this.
func (s *Store) Backup(ctx context.Context, path string) error { return s.db.CopyTo(ctx, path) }

// Examine asks the engine whether the database is whole and lists what it finds wrong, and what is half erased. That the engine
// keeps its promises about durability was read back when it was opened.
func (s *Store) Examine(ctx context.Context) ([]string, error) {
	faults, err := s.db.Examine(ctx)
	if err != nil {
		return nil, err
	}
	halves, err := s.examineErasures(ctx)
	return append(faults, halves...), err
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
