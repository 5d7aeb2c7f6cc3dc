package store_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// A vandal writes to a database behind the program's back: no reference and no CHECK is in the way, as they are not in that of a
// failing disk, or of somebody who has the file.
type vandal struct {
	t  *testing.T
	db *sqlx.DB
}

func newVandal(t *testing.T, db storetest.Database) *vandal {
	t.Helper()
	driver, dsn := "pgx", db.DSN
	if file, ok := strings.CutPrefix(db.DSN, "sqlite:"); ok {
		driver, dsn = "sqlite3", "file:"+file+"?_foreign_keys=off&_busy_timeout=5000&_synchronous=off"
	}
	v := &vandal{t, sqlx.MustOpen(driver, dsn)}
	t.Cleanup(func() { _ = v.db.Close() }) // the test is over
	v.db.SetMaxOpenConns(1)
	if driver == "sqlite3" {
		v.exec("PRAGMA ignore_check_constraints = on")
		return v
	}
	v.exec("SET synchronous_commit = off")
	v.exec(strings.Join(v.list("SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname) FROM pg_constraint WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace"), "; "))
	return v
}

func (v *vandal) exec(query string, args ...any) {
	v.t.Helper()
	if _, err := v.db.Exec(v.db.Rebind(query), args...); err != nil {
		v.t.Fatalf("%s %v: %v", query, args, err)
	}
}

func (v *vandal) list(query string) (found []string) {
	v.t.Helper()
	if err := v.db.Select(&found, query); err != nil {
		v.t.Fatalf("%s: %v", query, err)
	}
	return found
}

// flipped returns a value with one bit changed, and of nothing something.
func flipped(value any, kind string) any {
	switch v := value.(type) {
	case nil:
		if kind == "TEXT" {
			return "x"
		}
		return 7
	case bool:
		return !v
	case int64:
		return v ^ 1<<10 // which no row that is numbered has
	case float64:
		return v + 1
	case []byte:
		return flipped(string(v), kind)
	case string:
		if v == "" {
			return "x"
		}
		return v[:len(v)-1] + string(v[len(v)-1]^16)
	}
	panic(fmt.Sprintf("a %T", value))
}

// flip changes one bit of a column in a row that has something there, if one has, and returns what puts it back. There may be no
// row.
func (v *vandal) flip(table, column string, key []string) (back func()) {
	v.t.Helper()
	rows, err := v.db.Queryx("SELECT " + strings.Join(append(slices.Clone(key), column), ", ") + " FROM " + table + " ORDER BY " + column + " IS NULL, " + strings.Join(key, ", ") + " LIMIT 1")
	if err != nil {
		v.t.Fatalf("read %s.%s: %v", table, column, err)
	}
	if !rows.Next() {
		_ = rows.Close()
		return nil
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		v.t.Fatal(err)
	}
	values, err := rows.SliceScan()
	_ = rows.Close()
	if err != nil {
		v.t.Fatal(err)
	}
	was, is := values[len(key)], flipped(values[len(key)], types[len(key)].DatabaseTypeName())
	set := func(from, to any) {
		v.t.Helper()
		where := slices.Clone(values[:len(key)])
		for i, name := range key {
			if name == column {
				where[i] = from
			}
		}
		v.exec("UPDATE "+table+" SET "+column+" = ? WHERE "+strings.Join(key, " = ? AND ")+" = ?", append([]any{to}, where...)...)
	}
	set(was, is)
	return func() { set(is, was) }
}

// fullWorld is a database in which everything has happened, and what is found in it.
func fullWorld(t *testing.T, db storetest.Database) *world {
	t.Helper()
	w := newWorld(t, db)
	w.happen(func(mutation, []surveys.AuditEntry) {})
	account, err := w.AddAccount(t.Context(), "", surveys.NewAccount{Email: "eve@example.org", Name: "Eve", Role: surveys.Researcher,
		Grant: surveys.Grant{Studies: []surveys.StudyID{storetest.Study}}}, password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddPasskey(t.Context(), account.ID, "", surveys.Passkey{ID: "kept", Name: "Laptop", Credential: "{}"}); err != nil {
		t.Fatal(err)
	}
	return w
}

// doctor returns what any of the checks finds.
func doctor(tr *trial) []string {
	tr.t.Helper()
	found := tr.faults(store.AuditHead{})
	examined, err := tr.Examine(tr.t.Context())
	if err != nil {
		tr.t.Fatal(err)
	}
	return slices.Concat(found, examined, tr.folds())
}

// folds returns what is wrong with responses, or keeps them from being folded again.
func (tr *trial) folds() (found []string) {
	tr.t.Helper()
	wrong, err := tr.CheckFolds(tr.t.Context(), nil)
	if err != nil {
		found = append(found, err.Error())
	}
	for _, m := range wrong {
		found = append(found, m.What)
	}
	return found
}

// TestEveryBit changes one bit of every column of every table that is hashed or compared. Each is found, and nothing once it is put
// back.
func TestEveryBit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		w := fullWorld(t, db)
		w.refusesOtherWords()
		if got := doctor(w.trial); len(got) > 0 {
			t.Fatalf("faults of what nobody changed: %q", got)
		}
		v := newVandal(t, db)
		w.wantEveryColumnSorted(v)
		if got := doctor(w.trial); len(got) > 0 {
			t.Fatalf("faults once all is put back: %q", got)
		}
		v.exec("INSERT INTO declared_consents (enrolment_id, version, day, basis, declared_by, declared_at) VALUES ('x', '1', 1, 'forms', 'Ada', 1)")
		v.exec("INSERT INTO study_interfaces (study_id, version, language, source) VALUES ('trial', 9, 'cy', 'x')")
		v.exec("UPDATE hashed_tables SET since = 0 WHERE name IN ('declared_consents', 'study_interfaces')")
		w.Store = db.Open(t, storetest.Clock(w.now)) // which hashes them
		for _, of := range store.HashedTables() {
			for _, column := range append(slices.Clone(of.Columns), "row_hash") {
				back := v.flip(of.Name, column, of.Columns[:of.Key])
				if back == nil {
					t.Errorf("there is no row in %s, so this shows nothing of it", of.Name)
					break
				}
				if n := of.Faults(t.Context(), w.Store); n != 1 {
					t.Errorf("one bit of %s.%s was changed, and %d rows are found", of.Name, column, n)
				}
				back()
			}
			v.exec("UPDATE " + of.Name + " SET row_hash = ''")
			if of.Faults(t.Context(), w.Store) == 0 {
				t.Errorf("rows of %s have no hash, and nothing is found", of.Name)
			}
			v.exec("DELETE FROM hashed_tables WHERE name = ?", of.Name) // so that the next start hashes them
		}
		again := db.Open(t, storetest.Clock(w.now))
		checked, err := again.CheckRows(t.Context())
		if err != nil || len(checked.Faults) > 0 || len(checked.Taken) != len(store.HashedTables()) {
			t.Errorf("CheckRows() of rows that were hashed as they stood = %+v, %v, want all of them told of", checked, err)
		}
		if rows := again.Inspect(t, "SELECT COUNT(*) FROM audit WHERE action = 'rows.hash'"); rows[0] != fmt.Sprint(len(store.HashedTables())) {
			t.Errorf("%s entries in the trail say that rows were hashed as they stood, want %d", rows[0], len(store.HashedTables()))
		}
	})
}

// TestChangedRowsStayChanged changes a right behind the program's back, and then another column of the row by the program, the
// root key, and the key that was lost. The first three leave the fault; after the last nobody can know.
func TestChangedRowsStayChanged(t *testing.T) {
	db := storetest.SQLite(t)
	c := newClerks(t, db, 2)
	ctx := context.Background()
	c.submit(c.save(1, 1, "mood_1", 4))
	if err := c.Withdraw(ctx, surveys.Withdrawal{Enrolment: c.people[1], Level: surveys.StopContact, Channel: surveys.ByLetter}); err != nil {
		t.Fatal(err)
	}
	v := newVandal(t, db)
	v.exec("UPDATE accounts SET role = 'administrator' WHERE id = ?", c.first)
	if err := v.db.Close(); err != nil { // or the key could not be rotated
		t.Fatal(err)
	}
	want := func(when string, faults, taken int) {
		t.Helper()
		got, err := c.CheckRows(ctx)
		if err != nil || len(got.Faults) != faults || len(got.Taken) != taken || faults > 0 && got.Faults[0] != "the account "+string(c.first)+" is not as it was written" {
			t.Errorf("CheckRows() %s = %+v, %v, want %d faults and %d tables told of", when, got, err, faults, taken)
		}
	}
	reopen := func() {
		t.Helper()
		c.Store = db.Open(t, storetest.Clock(c.now))
	}
	want("at once", 1, 0)
	if err := c.DisableAccount(ctx, c.second, c.first); err != nil {
		t.Fatal(err)
	}
	want("after another change of the row", 1, 0)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.RotateRootKey(ctx, db.DSN, db.KeyFile, false); err != nil {
		t.Fatal(err)
	}
	reopen()
	want("after a rotation", 1, 0)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(strings.TrimPrefix(db.DSN, "sqlite:") + ".key"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.ReplaceRootKey(ctx, db.DSN, db.KeyFile); err != nil {
		t.Fatal(err)
	}
	reopen()
	got, err := c.CheckRows(ctx)
	if err != nil || len(got.Faults) > 0 || !slices.ContainsFunc(got.Taken, func(s string) bool { return strings.HasPrefix(s, "3 of accounts, as they stood at ") }) {
		t.Errorf("CheckRows() after a replacement = %+v, %v, want it said that rows were taken as they stood", got, err)
	}
}

// TestOlderRowsAreHashed opens a database of before rows had these hashes. The submissions, which had others, are taken over where
// those fit.
func TestOlderRowsAreHashed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 2)
		tr.submit(tr.save(1, 1, "mood_1", 4))
		tr.submit(tr.save(1, 2, "mood_2", 4))
		ctx := t.Context()
		if err := store.HashAsBefore(ctx, tr.Store); err != nil {
			t.Fatal(err)
		}
		tr.backTo(30)
		v := newVandal(t, db)
		v.exec("UPDATE submissions SET late_days = 3 WHERE seq = 2")
		tr.Store = db.Open(t, storetest.Clock(tr.now))
		got, err := tr.CheckRows(ctx)
		if err != nil || len(got.Faults) != 1 || !strings.HasPrefix(got.Faults[0], "the submission ") {
			t.Errorf("CheckRows() = %+v, %v, want the submission that was changed", got, err)
		}
		v.exec("UPDATE submissions SET late_days = 0 WHERE seq = 2")
		v.exec("UPDATE hashed_tables SET since = 0 WHERE name = 'submissions'") // killed before it was done
		tr.Store = db.Open(t, storetest.Clock(tr.now))
		if got := doctor(tr); len(got) > 0 {
			t.Errorf("faults once it is put back: %q", got)
		}
	})
}
