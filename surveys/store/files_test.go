package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/engine"
	"wellwave/surveys/store/storetest"
)

// copyOver copies a file, as somebody does who puts a backup in place by hand.
func copyOver(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// TestMovedFiles moves each file of an open database, with or without another in its place. Nothing is acknowledged from then on,
// and what was acknowledged before is there once the file is back.
func TestMovedFiles(t *testing.T) {
	for _, tt := range []struct {
		name, ending string
		replaced     bool
	}{{"database", "", true}, {"database alone", "", false}, {"log", "-wal", false}, {"index", "-shm", true}} {
		t.Run(tt.name, func(t *testing.T) {
			ending, replaced := tt.ending, tt.replaced
			path := filepath.Join(t.TempDir(), "wellwave.db")
			tr := newTrial(t, storetest.Database{DSN: "sqlite:" + path}, 1)
			ctx := t.Context()
			backup := path + ".backup"
			if err := tr.Backup(ctx, backup); err != nil {
				t.Fatal(err)
			}
			tr.submit(tr.save(1, 1, "mood_1", 4))
			if err := tr.Ready(ctx); err != nil { // so that a verdict is remembered
				t.Fatal(err)
			}
			rename(t, path+ending, path+".moved")
			if replaced {
				copyOver(t, map[bool]string{true: backup, false: path + ".moved"}[ending == ""], path+ending)
			}
			for range 2 {
				if receipt, err := tr.Submit(ctx, tr.save(1, 2, "mood_2", 3)); surveys.KindOf(err) != surveys.Unavailable || !errors.Is(err, surveys.ErrMoved) {
					t.Errorf("Submit(after the move) = %+v, %v, want it unavailable because the files were moved", receipt, err)
				}
			}
			if err := tr.Ready(ctx); !errors.Is(err, surveys.ErrMoved) || !strings.Contains(errors.Unwrap(err).Error(), "stop every wellwave") {
				t.Errorf("Ready() = %v, want it to say what to do", err)
			}
			if _, err := tr.ListStudies(ctx); !errors.Is(err, surveys.ErrMoved) {
				t.Errorf("ListStudies() = %v, want no reading from files that may be others", err)
			}
			if _, err := store.Restore(ctx, "sqlite:"+path, "", store.BackupFile{Path: backup}); surveys.KindOf(err) != surveys.Conflict {
				t.Errorf("Restore(beside the open store) = %v, want a conflict", err)
			}
			rename(t, path+".moved", path+ending)
			if _, err := tr.Submit(ctx, tr.save(1, 2, "mood_2", 3)); !errors.Is(err, surveys.ErrMoved) {
				t.Errorf("Submit(once it is back) = %v, want none before a new start", err)
			}
			if err := tr.Close(); err != nil {
				t.Fatal(err)
			}
			tr.Store = storetest.Database{DSN: "sqlite:" + path}.Open(t, storetest.Clock(tr.now))
			tr.submit(tr.save(1, 2, "mood_2", 3))
			tr.wantRows("SELECT answers FROM responses", `{"mood_1":4,"mood_2":3}`)
		})
	}
}

// TestRestoreWithoutTheLogOfAnother leaves the log of a database that was moved away without it, as a killed server and a hasty
// hand do, and restores a backup. SQLite would write that log over the backup.
func TestRestoreWithoutTheLogOfAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wellwave.db")
	db := storetest.Database{DSN: "sqlite:" + path}
	tr := newTrial(t, db, 1)
	backup := path + ".backup"
	if err := tr.Backup(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	tr.submit(tr.save(1, 1, "mood_1", 4))
	copyOver(t, path+"-wal", path+".log")
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
	rename(t, path, path+".moved")
	rename(t, path+".log", path+"-wal")
	if _, err := store.Restore(t.Context(), db.DSN, "", store.BackupFile{Path: backup}); err != nil {
		t.Fatal(err)
	}
	tr.Store = db.Open(t, storetest.Clock(tr.now))
	if faults, err := tr.Examine(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("Examine() = %v, %v, want a whole database", faults, err)
	}
	tr.wantRows("SELECT COUNT(*) FROM submissions", "0")
	if _, err := os.Stat(path + ".before-restore-wal"); err != nil {
		t.Errorf("the log of the other: %v, want it kept", err)
	}
}

// TestAloneWithADatabase takes the lock as restore does.
func TestAloneWithADatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wellwave.db")
	db := storetest.Database{DSN: "sqlite:" + path}
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	s, other := db.Open(t), db.Open(t) // commands share it
	for _, name := range []string{path, link} {
		if _, err := engine.LockAlone(t.Context(), name); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("LockAlone(%s) beside a store = %v, want a conflict", name, err)
		}
	}
	if err := errors.Join(s.Close(), other.Close()); err != nil {
		t.Fatal(err)
	}
	lock, err := engine.LockAlone(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := store.Open(t.Context(), store.Options{DSN: db.DSN}); surveys.KindOf(err) != surveys.Conflict {
		t.Errorf("Open(beside restore) = %v, %v, want a conflict", s, err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	db.Open(t)
	nowhere := filepath.Join(t.TempDir(), "typo.db")
	if _, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + nowhere}); surveys.KindOf(err) != surveys.NotFound {
		t.Errorf("Open(a mistyped path) = %v, want it not found", err)
	}
	if _, err := os.Stat(nowhere + ".lock"); err == nil {
		t.Error("a mistyped path left a lock behind")
	}
}

// TestUpgradeAtOnce has servers and commands start together on one file whose schema is to be made. Each step runs once.
func TestUpgradeAtOnce(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "wellwave.db")
	var all sync.WaitGroup
	for range storetest.Times(t, "programs upgrade one file at once", 5, 40) {
		all.Go(func() {
			s, err := store.Open(context.Background(), store.Options{DSN: dsn, Create: true, PasswordMemory: 256})
			if err == nil {
				err = s.Close()
			}
			if err != nil {
				t.Errorf("Open(at the same time) = %v", err)
			}
		})
	}
	all.Wait()
	tr := &trial{t: t, Store: storetest.Database{DSN: dsn}.Open(t)}
	tr.wantRows("SELECT version_id FROM goose_db_version GROUP BY version_id HAVING COUNT(*) > 1")
}
