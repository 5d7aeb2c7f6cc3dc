package engine

import (
	"context"
	crand "crypto/rand"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"wellwave/surveys"
)

// Codes of PostgreSQL (appendix A of its manual) that a caller can act on.
const (
	pgUnique        = "23505"
	pgForeignKey    = "23503"
	pgNotNull       = "23502"
	pgCheck         = "23514"
	pgEncoding      = "22021" // a text with U+0000
	pgSerialisation = "40001"
	pgDeadlock      = "40P01"
	pgLockTimeout   = "55P03"
	pgDiskFull      = "53100"
)

// pgTries bounds how often a transaction that lost a race is run.
const pgTries = 8

type postgresDialect struct{ url string }

func (postgresDialect) name() string { return "postgres" }

func (d postgresDialect) open(o Options) (write, read *sqlx.DB, err error) {
	config, err := pgx.ParseConfig(d.url)
	if err != nil {
		return nil, nil, surveys.Errorf(surveys.Invalid, "the database URL cannot be read") // the cause may hold a password
	}
	config.RuntimeParams["application_name"] = "wellwave " + crand.Text() // by which others tells our own connections
	db := sqlx.NewDb(stdlib.OpenDB(*config), "pgx")
	conns := o.WriteConns
	if conns == 0 {
		conns = 32
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, db, nil
}

func (postgresDialect) lock(Options) (*Lock, error) { return nil, nil }

func (postgresDialect) files() (*opened, error) { return nil, nil }

func (postgresDialect) check(ctx context.Context, db *sqlx.DB) error {
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		var got string
		if err := db.GetContext(ctx, &got, "SELECT current_setting($1)", setting); err != nil {
			return fmt.Errorf("read back %s: %w", setting, err)
		}
		if got == "off" {
			return surveys.Errorf(surveys.Unavailable, "PostgreSQL runs with %s off, so a receipt could be lost: switch it on", setting)
		}
	}
	return nil
}

func (postgresDialect) fragments() *strings.Replacer { return strings.NewReplacer("{clustered}", "") }

func (postgresDialect) lockRow() string { return "FOR UPDATE" }

// lockTables takes the weakest lock that SELECT … FOR UPDATE and DELETE wait for; reading goes on. Whoever waited for it
// sees what was committed meanwhile, because a statement takes its snapshot only when it has its locks.
func (postgresDialect) lockTables(tables ...string) string {
	return "LOCK TABLE " + strings.Join(tables, ", ") + " IN EXCLUSIVE MODE"
}

func (postgresDialect) hasTable() string { return "SELECT to_regclass($1) IS NOT NULL" }

func (postgresDialect) goose() (goose.Dialect, []goose.ProviderOption, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return "", nil, fmt.Errorf("make the migration lock: %w", err)
	}
	return goose.DialectPostgres, []goose.ProviderOption{goose.WithSessionLocker(locker)}, nil
}

func (postgresDialect) translate(err error) error {
	if err == nil || surveys.KindOf(err) != 0 {
		return err
	}
	if lostConnection(err) {
		return refusal(surveys.Unavailable, err)
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case pgUnique:
		return refusal(surveys.Conflict, err)
	case pgForeignKey:
		return refusal(surveys.NotFound, err)
	case pgCheck, pgNotNull, pgEncoding:
		return refusal(surveys.Invalid, err)
	case pgDiskFull:
		return full(err)
	}
	switch e.Code[:2] {
	case "53", "57", "58", "08": // no resources, operator's doing, disk, connection
		return refusal(surveys.Unavailable, err)
	}
	return err
}

// lostConnection reports whether the server could not be reached, or went away before it answered. Whether it committed is
// then unknown; the sender's next try tells.
func lostConnection(err error) bool {
	var connect *pgconn.ConnectError
	var network *net.OpError
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err)
}

func (postgresDialect) retry(ctx context.Context, fn func() error) error {
	for try := 1; ; try++ {
		err := fn()
		var e *pgconn.PgError
		if err == nil || !errors.As(err, &e) || e.Code != pgSerialisation && e.Code != pgDeadlock {
			return err
		}
		if try == pgTries {
			return refusal(surveys.Unavailable, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * (5 + rand.N[time.Duration](10)) * time.Millisecond):
		}
	}
}

// How long forgetting waits for a table to itself, and how often it tries. Everybody else waits behind it meanwhile.
const (
	forgetPatience = "100ms"
	forgetTries    = 20
)

// forget writes the tables into new files, without the rows that are dead: an ordinary vacuum frees their place and
// leaves the bytes in it. It needs each table to itself while it writes that. Where somebody reads for long, as pg_dump
// does, it gives up.
func (postgresDialect) forget(ctx context.Context, db *sqlx.DB, tables ...string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // gives it back to the pool
	if _, err := conn.ExecContext(ctx, "SET lock_timeout = '"+forgetPatience+"'"); err != nil {
		return err
	}
	for _, table := range tables {
		for try := 1; ; try++ {
			_, err = conn.ExecContext(ctx, "VACUUM (FULL) "+table)
			var e *pgconn.PgError
			if try == forgetTries || !errors.As(err, &e) || e.Code != pgLockTimeout {
				break
			}
		}
		if err != nil {
			break
		}
	}
	_, resetting := conn.ExecContext(context.WithoutCancel(ctx), "RESET lock_timeout")
	return errors.Join(err, resetting)
}

// held is how large the largest of the tables is with its indexes, all of which forget writes while nobody else does.
func (postgresDialect) held(ctx context.Context, db *sqlx.DB, tables ...string) (most int64, err error) {
	for _, table := range tables {
		var size int64
		if err := db.GetContext(ctx, &size, "SELECT pg_total_relation_size(CAST($1 AS regclass))", table); err != nil {
			return 0, err
		}
		most = max(most, size)
	}
	return most, nil
}

func (postgresDialect) others(ctx context.Context, db *sqlx.DB) (n int, err error) {
	err = db.GetContext(ctx, &n, `
		SELECT COUNT(*)
		FROM pg_stat_activity
		WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> current_setting('application_name')`)
	return n, err
}

func (postgresDialect) serverTime() string {
	return "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
}

// space is not known: the database may be another machine's.
func (postgresDialect) space() (surveys.Space, error) { return surveys.Space{}, errUnknownSpace }

func (postgresDialect) newGroupWriter(db *DB) groupWriter { return newPostgresWriter(db) }

func (postgresDialect) newRowReader(db *DB) (rowReader, error) { return &poolReader{db: db}, nil }
