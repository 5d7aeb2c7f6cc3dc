package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"

	"wellwave/surveys"
)

// dialect is everything that differs between the engines.
type dialect interface {
	name() string
	// lock takes the lock of the database's file together with others, where there is a file and Options hold no lock.
	lock(Options) (*Lock, error)
	// files returns which files the database was opened as, nil where they are the engine's alone to know.
	files() (*opened, error)
	// open returns the writing and the reading pool.
	open(Options) (write, read *sqlx.DB, err error)
	// check reads back what the promises to participants rest on, and refuses an engine that does not keep it.
	check(context.Context, *sqlx.DB) error
	// fragments are the engine-specific texts that migrations name in braces.
	fragments() *strings.Replacer
	// LockRow ends a SELECT that must hold its row until the transaction ends.
	lockRow() string
	// lockTables waits for every transaction under way that locks rows of the tables, and holds up those that come until
	// the transaction ends. It is empty where transactions that write come one after the other by themselves.
	lockTables(tables ...string) string
	// HasTable asks whether the table named by its one argument exists.
	hasTable() string
	// goose names the engine to the migration library and, where servers may start together, how one waits for another.
	goose() (goose.Dialect, []goose.ProviderOption, error)
	// translate turns what the engine refused into a surveys.Error where a caller can act on it.
	translate(error) error
	// retry runs fn until it did not lose a race, a few times at most.
	retry(ctx context.Context, fn func() error) error
	// forget makes the database's files forget rows of the tables that were deleted or moved.
	forget(ctx context.Context, db *sqlx.DB, tables ...string) error
	// held returns how many bytes of a table forget writes while nobody else writes to that, at most.
	held(ctx context.Context, db *sqlx.DB, tables ...string) (int64, error)
	// others returns how many other programs are connected. It is 0 for SQLite, of which LockAlone tells.
	others(ctx context.Context, db *sqlx.DB) (int, error)
	// serverTime asks for the time of the database's server, and is empty where there is none besides this machine's.
	serverTime() string
	// space returns the room on the database's disk; errUnknownSpace where that is another machine's.
	space() (surveys.Space, error)
	// newGroupWriter starts the writer of submissions.
	newGroupWriter(*DB) groupWriter
	// newRowReader starts the reader of single rows.
	newRowReader(*DB) (rowReader, error)
}

// parseDSN tells the engines apart.
func parseDSN(dsn string) (dialect, error) {
	switch {
	case strings.HasPrefix(dsn, "sqlite:") && len(dsn) > len("sqlite:"):
		return sqliteDialect{path: strings.TrimPrefix(dsn, "sqlite:")}, nil
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		return postgresDialect{url: dsn}, nil
	default:
		return nil, surveys.Errorf(surveys.Invalid, "the database must be given as sqlite:PATH or postgres://USER@HOST/NAME")
	}
}

// SQLiteFile returns the path of an SQLite database, and nothing for one of PostgreSQL.
func SQLiteFile(dsn string) (path string, err error) {
	d, err := parseDSN(dsn)
	if on, ok := d.(sqliteDialect); ok {
		return on.path, nil
	}
	return "", err
}

// errUnknownSpace says that nobody here knows how much room the database's disk has.
var errUnknownSpace = errors.New("the room on the database's disk is not known here")

// Space returns the room on the database's disk, and false where it is not known.
func (db *DB) Space() (room surveys.Space, known bool, err error) {
	room, err = db.dialect.space()
	if errors.Is(err, errUnknownSpace) {
		return surveys.Space{}, false, nil
	}
	return room, err == nil, err
}

// ServerTime returns the time by the clock of the database's server, and false where there is no such clock.
func (db *DB) ServerTime(ctx context.Context) (now time.Time, known bool, err error) {
	query := db.dialect.serverTime()
	if query == "" {
		return time.Time{}, false, nil
	}
	var at Stamp
	err = db.Get(ctx, &at, query)
	return at.Time(), err == nil, err
}

// full words the refusal of a write for which there was no room.
func full(err error) error {
	return refusal(surveys.Unavailable, fmt.Errorf("%w: %w", surveys.ErrDiskFull, err))
}

// refusal words a constraint that the engine enforced. What broke it is the cause, for the log and for no page.
func refusal(kind surveys.Kind, err error) error {
	switch kind {
	case surveys.Conflict:
		return surveys.Refuse(kind, "this is already there", err)
	case surveys.NotFound:
		return surveys.Refuse(kind, "something that this refers to is not there", err)
	case surveys.Unavailable:
		return surveys.Refuse(kind, "nothing could be saved just now; what was sent is not lost on your side, please try again", err)
	default:
		return surveys.Refuse(kind, "the database refused a value", err)
	}
}
