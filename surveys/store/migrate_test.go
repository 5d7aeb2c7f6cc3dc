package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wellwave/migrations"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	files, err := fs.Glob(migrations.FS, "*")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.sql$`)
	number := 0
	for _, name := range files {
		if name == "embed.go" {
			continue
		}
		number++
		if !form.MatchString(name) || !strings.HasPrefix(name, fmt.Sprintf("%04d_", number)) {
			t.Errorf("migration %s, want %04d_topic.sql", name, number)
		}
	}
	if number == 0 {
		t.Error("there is no migration")
	}
}

// backTo makes the database what it was at an earlier schema: without the constraints and columns that tables got since, and
// by the statements without what else came. Every program from that schema on may use it.
func (tr *trial) backTo(schema int, statements ...string) {
	tr.t.Helper()
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		tr.t.Fatal(err)
	}
	added := regexp.MustCompile(`ALTER TABLE (\w+) ADD (CONSTRAINT|COLUMN) (\w+)`)
	made := regexp.MustCompile(`CREATE TABLE (\w+)`)
	index := regexp.MustCompile(`CREATE INDEX (\w+) ON audit`)
	for _, file := range slices.Backward(files[schema:]) {
		text, err := fs.ReadFile(migrations.FS, file)
		if err != nil {
			tr.t.Fatal(err)
		}
		for _, i := range index.FindAllStringSubmatch(string(text), -1) { // the trail stays
			tr.sql("DROP INDEX IF EXISTS " + i[1])
		}
		for _, c := range slices.Backward(added.FindAllStringSubmatch(string(text), -1)) {
			tr.sql("ALTER TABLE " + c[1] + " DROP " + c[2] + " " + c[3])
		}
		for _, c := range slices.Backward(made.FindAllStringSubmatch(string(text), -1)) {
			tr.sql("DROP TABLE " + c[1])
		}
	}
	for _, statement := range statements {
		tr.sql(statement)
	}
	tr.sql(fmt.Sprintf("DELETE FROM goose_db_version WHERE version_id > %d", schema))
	tr.sql(fmt.Sprintf("UPDATE compatibility SET oldest_schema = %d", schema))
}

// sql runs a statement that no use case needs.
func (tr *trial) sql(statement string) {
	tr.t.Helper()
	if err := tr.Exec(context.Background(), statement); err != nil {
		tr.t.Fatalf("%s: %v", statement, err)
	}
}

// TestOpenAgain opens a database that is there already, twice and by several servers at once.
func TestOpenAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		first := newTrial(t, db, 1)
		first.submit(first.save(9, 1, "mood_1", 1))
		applied := first.Inspect(t, "SELECT version_id FROM goose_db_version ORDER BY version_id")
		second := db.Open(t, storetest.Clock(first.now))
		if receipt, err := second.Submit(context.Background(), first.save(9, 1, "mood_1", 1)); err != nil || !receipt.Repeated {
			t.Errorf("Submit() through another store = %+v, %v, want the receipt that is there", receipt, err)
		}
		first.wantRows("SELECT version_id FROM goose_db_version ORDER BY version_id", applied...)
	})
}

func TestOpenRefusesANewerDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		if err := db.Open(t).Exec(context.Background(), "UPDATE compatibility SET oldest_schema = 999"); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(context.Background(), store.Options{DSN: db.DSN, KeyFile: db.KeyFile})
		if err == nil {
			_ = s.Close()
			t.Fatal("Open() takes a database that a newer program has changed")
		}
		for _, part := range []string{"newer wellwave", "needs schema 999", "install the newer version"} {
			if surveys.KindOf(err) != surveys.Unavailable || !strings.Contains(err.Error(), part) {
				t.Errorf("Open() = %v, want a sentence with %q", err, part)
			}
		}
	})
}
