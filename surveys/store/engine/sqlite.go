package engine

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"wellwave/surveys"
)

// oldestSQLite is the first version without the corruption that a WAL reset could cause (sqlite.org/wal.html, 2026).
const oldestSQLite = 3_051_003

type sqliteDialect struct{ path string }

func (sqliteDialect) name() string { return "sqlite" }

// lock comes after a look for the file, so that a mistyped path leaves nothing there.
func (d sqliteDialect) lock(o Options) (*Lock, error) {
	if o.Lock != nil {
		return nil, nil
	}
	if err := d.find(o.Create); err != nil {
		return nil, err
	}
	return lockShared(d.path)
}

func (d sqliteDialect) files() (*opened, error) { return asOpened(d.path) }

// open gives writing a pool of one and reading a pool that cannot write. Transactions take the write lock when they
// begin: deferred ones fail with "database is locked" when two of them upgrade at once.
func (d sqliteDialect) open(o Options) (write, read *sqlx.DB, err error) {
	if err := d.find(o.Create); err != nil {
		return nil, nil, err
	}
	const common = "?_foreign_keys=on&_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL&_stmt_cache_size=64&_mutex=no"
	path := sqliteURI(d.path)
	if write, err = sqlx.Open("sqlite3", path+common+"&mode=rw&_txlock=immediate&_secure_delete=on"); err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", d.path, err)
	}
	write.SetMaxOpenConns(1)
	if err := write.Ping(); err != nil { // turns the write-ahead log on, which the reading pool cannot
		_ = write.Close()
		return nil, nil, surveys.Errorf(surveys.Unavailable, "the database file %s cannot be opened: %w", d.path, err)
	}
	if read, err = sqlx.Open("sqlite3", path+common+"&mode=ro&_query_only=on"); err != nil {
		_ = write.Close()
		return nil, nil, fmt.Errorf("open %s for reading: %w", d.path, err)
	}
	conns := o.ReadConns
	if conns == 0 {
		conns = 4
	}
	read.SetMaxOpenConns(conns)
	read.SetMaxIdleConns(conns)
	return write, read, nil
}

// find looks for the database's file and, if told to, makes it for its owner alone; SQLite gives the files beside it the
// same mode.
func (d sqliteDialect) find(create bool) error {
	if !create {
		if _, err := os.Stat(d.path); errors.Is(err, os.ErrNotExist) {
			return surveys.Errorf(surveys.NotFound, "there is no database at %s", d.path)
		}
		return nil
	}
	if err := makePrivate(d.path); err != nil && !errors.Is(err, os.ErrExist) {
		return surveys.Errorf(surveys.Unavailable, "the database cannot be made: %w", err)
	}
	return nil
}

// makePrivate makes an empty file that only its owner may read. A file that is there is not even opened: closing it
// would drop the locks that SQLite holds on it in this process.
func makePrivate(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// sqliteURI returns the path as a URI. A path may hold what a URI gives a meaning to.
func sqliteURI(path string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

func (d sqliteDialect) check(ctx context.Context, write *sqlx.DB) error {
	if _, number, _ := sqlite3.Version(); number < oldestSQLite {
		return fmt.Errorf("SQLite %d is too old: %d or newer is needed", number, oldestSQLite)
	}
	for _, want := range []struct{ pragma, value, means string }{
		{"journal_mode", "wal", "write-ahead logging"},
		{"synchronous", "2", "a sync at every commit"},
		{"foreign_keys", "1", "foreign keys"},
		{"secure_delete", "1", "deleted rows overwritten"},
	} {
		var got string
		if err := write.GetContext(ctx, &got, "PRAGMA "+want.pragma); err != nil {
			return fmt.Errorf("read back %s: %w", want.pragma, err)
		}
		if got != want.value {
			return surveys.Errorf(surveys.Unavailable, "the database does not keep %s (%s is %s): is %s on a network disk?",
				want.means, want.pragma, got, url.PathEscape(d.path))
		}
	}
	return nil
}

func (sqliteDialect) fragments() *strings.Replacer {
	return strings.NewReplacer("{clustered}", "WITHOUT ROWID")
}

// LockRow is empty: a transaction that writes has the whole database to itself.
func (sqliteDialect) lockRow() string { return "" }

func (sqliteDialect) lockTables(...string) string { return "" }

func (sqliteDialect) hasTable() string {
	return "SELECT COUNT(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = ?"
}

func (sqliteDialect) goose() (goose.Dialect, []goose.ProviderOption, error) {
	return goose.DialectSQLite3, nil, nil
}

func (sqliteDialect) translate(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) || surveys.KindOf(err) != 0 {
		return err
	}
	switch {
	case e.ExtendedCode == sqlite3.ErrConstraintUnique, e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey:
		return refusal(surveys.Conflict, err)
	case e.ExtendedCode == sqlite3.ErrConstraintForeignKey:
		return refusal(surveys.NotFound, err)
	case e.ExtendedCode == sqlite3.ErrConstraintCheck, e.ExtendedCode == sqlite3.ErrConstraintNotNull:
		return refusal(surveys.Invalid, err)
	case noRoom(e):
		return full(err)
	case e.Code == sqlite3.ErrBusy, e.Code == sqlite3.ErrIoErr, e.Code == sqlite3.ErrReadonly,
		e.Code == sqlite3.ErrCantOpen:
		return refusal(surveys.Unavailable, err)
	default:
		return err
	}
}

// retry runs fn once: the single writer loses no races.
func (sqliteDialect) retry(_ context.Context, fn func() error) error { return fn() }

// forget folds the write-ahead log back into the database and empties it: secure_delete has overwritten deleted rows in
// the database, but the log holds every commit as it came. Somebody who reads for long keeps it from being emptied.
func (sqliteDialect) forget(ctx context.Context, db *sqlx.DB, _ ...string) error {
	var log struct {
		Busy  bool `db:"busy"`
		Pages int  `db:"log"`
		Moved int  `db:"checkpointed"`
	}
	if err := db.GetContext(ctx, &log, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	if log.Busy {
		return errors.New("the write-ahead log is being read")
	}
	return nil
}

// held is nothing: what the log holds is little, however large the tables are.
func (sqliteDialect) held(context.Context, *sqlx.DB, ...string) (int64, error) { return 0, nil }

func (sqliteDialect) others(context.Context, *sqlx.DB) (int, error) { return 0, nil }

func (sqliteDialect) serverTime() string { return "" }

func (d sqliteDialect) space() (surveys.Space, error) { return space(d.path) }

func (sqliteDialect) newGroupWriter(db *DB) groupWriter { return newSQLiteWriter(db) }

func (sqliteDialect) newRowReader(db *DB) (rowReader, error) { return newSnapshotReader(db) }
