// Package storetest gives tests stores of their own: each test gets a fresh, migrated database, on SQLite, on PostgreSQL,
// or on one after the other.
//
// SQLite needs nothing. PostgreSQL is the server whose postgres:// URL stands in WELLWAVE_TEST_POSTGRES, and on which
// databases may be made and dropped: .ci/with-postgres starts one for the length of a command. Where the variable is
// absent, tests of PostgreSQL skip and say so; with CI=true they fail, because there nothing may be skipped.
package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"wellwave/surveys/rootkey"
	"wellwave/surveys/store"
)

// serverVar names the environment variable that holds the URL of the PostgreSQL server.
const serverVar = "WELLWAVE_TEST_POSTGRES"

// An Option changes how a store is opened.
type Option func(*store.Options)

// Clock gives the store a clock.
func Clock(now func() time.Time) Option {
	return func(o *store.Options) { o.Now = now }
}

// New returns a store on a fresh SQLite database, for tests in which the engine makes no difference.
func New(tb testing.TB, options ...Option) *store.Store {
	tb.Helper()
	return SQLite(tb).Open(tb, options...)
}

// Each runs a test once on every engine, as the subtests sqlite and postgres.
func Each(t *testing.T, test func(t *testing.T, db Database)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// Database is one test's own, and is gone after it. Opened twice it serves two stores, as two servers would share it.
type Database struct {
	// DSN and KeyFile are what store.Options take. KeyFile is empty where the root key lies beside the database.
	DSN, KeyFile string
}

// cheapPasswords is the memory of a password's hash in tests, in KiB.
const cheapPasswords = 256

// Open opens a store on the database and closes it when the test ends. Its new passwords cost little.
func (d Database) Open(tb testing.TB, options ...Option) *store.Store {
	tb.Helper()
	o := store.Options{DSN: d.DSN, KeyFile: d.KeyFile, Create: true, PasswordMemory: cheapPasswords}
	for _, option := range options {
		option(&o)
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		tb.Fatalf("open test database: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close test database: %v", err)
		}
	})
	return s
}

// Unmade returns a database that is not there yet: whoever opens it first makes it, a file in the test's temporary folder.
func Unmade(tb testing.TB) Database {
	tb.Helper()
	return Database{DSN: "sqlite:" + filepath.Join(tb.TempDir(), "wellwave.db")}
}

// SQLite returns a database that is a file in the test's temporary folder, with its root key beside it.
func SQLite(tb testing.TB) Database {
	tb.Helper()
	content, err := templateFile()
	if err != nil {
		tb.Fatalf("make the template of test databases: %v", err)
	}
	d := Unmade(tb)
	keyFile, err := store.KeyFile(d.DSN, "")
	if err == nil {
		err = errors.Join(os.WriteFile(strings.TrimPrefix(d.DSN, "sqlite:"), content, 0o600), templateKey().Write(keyFile))
	}
	if err != nil {
		tb.Fatalf("make test database: %v", err)
	}
	return d
}

// templateFile returns what stands in the file of a migrated database, made once a process and written for each test in a
// fraction of the time that migrating takes.
var templateFile = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "wellwave-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }() // every test writes its own file
	path := filepath.Join(folder, "wellwave.db")
	if err := migrate("sqlite:"+path, filepath.Join(folder, "wellwave.key")); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // whole, since the last that closes a database empties its log into it
})

// migrate makes a database under the root key of the templates, which it writes into keyFile.
func migrate(dsn, keyFile string) error {
	if err := templateKey().Write(keyFile); err != nil {
		return err
	}
	s, err := store.Open(context.Background(), store.Options{DSN: dsn, KeyFile: keyFile, Create: true})
	if err != nil {
		return err
	}
	return s.Close()
}

// Postgres returns a database on the server for tests.
func Postgres(tb testing.TB) Database {
	tb.Helper()
	server := os.Getenv(serverVar)
	if server == "" {
		if os.Getenv("CI") == "true" {
			tb.Fatalf("%s is not set, and with CI=true nothing may be skipped: run this under .ci/with-postgres", serverVar)
		}
		tb.Skipf("%s is not set: make test-postgres runs this on PostgreSQL", serverVar)
	}
	source, err := template()
	if err != nil {
		tb.Fatalf("make the template of test databases: %v", err)
	}
	name := newName()
	if err := execute(server, "CREATE DATABASE "+name+" TEMPLATE "+source); err != nil {
		tb.Fatalf("make test database: %v", err)
	}
	tb.Cleanup(func() {
		if err := execute(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("drop test database: %v", err)
		}
	})
	dsn, err := inDatabase(server, name)
	if err != nil {
		tb.Fatalf("name test database: %v", err)
	}
	keyFile := filepath.Join(tb.TempDir(), "wellwave.key")
	if err := templateKey().Write(keyFile); err != nil {
		tb.Fatalf("write the root key of test databases: %v", err)
	}
	return Database{dsn, keyFile}
}

// templateKey is the root key of the templates, and so of all databases that are copied from them.
var templateKey = sync.OnceValue(rootkey.New)

// template returns the name of a migrated database, made once a process, that PostgreSQL copies for each test in a
// fraction of the time that migrating takes. It stays on the server when the process ends.
var template = sync.OnceValues(func() (string, error) {
	server, name := os.Getenv(serverVar), newName()
	if err := execute(server, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	dsn, err := inDatabase(server, name)
	if err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "wellwave-template-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(folder) }()                      // every test writes the key for itself
	return name, migrate(dsn, filepath.Join(folder, "wellwave.key")) // and closed: PostgreSQL copies only what nobody is connected to
})

func newName() string { return "wellwave_test_" + strings.ToLower(rand.Text()) }

// inDatabase returns the server's URL with another database.
func inDatabase(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("read %s: it is not a URL", serverVar) // the cause may hold a password
	}
	u.Path = "/" + name
	return u.String(), nil
}

// execute runs one statement on a connection of its own.
func execute(server, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("reach the server for tests: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // the statement's error is the one that matters
	_, err = conn.Exec(ctx, statement)
	return err
}
