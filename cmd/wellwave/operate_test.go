package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// TestRestoreSaysWhatItDidAgain restores a backup from before two people left, and one where no database was.
func TestRestoreSaysWhatItDidAgain(t *testing.T) {
	ctx := context.Background()
	database := "sqlite:" + filepath.Join(t.TempDir(), "wellwave.db")
	backup := filepath.Join(t.TempDir(), "copy.db")
	s, err := store.Open(ctx, store.Options{DSN: database, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadStudy(t, s)
	people := storetest.Enrol(t, s, 2)
	if err := s.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	for i, level := range []surveys.WithdrawalLevel{surveys.StopContact, surveys.EraseAnswers} {
		if err := s.Withdraw(ctx, surveys.Withdrawal{Enrolment: people[i], Level: level, Channel: surveys.ByCode}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got, want := must(t, database, "", "restore", "--yes", backup), "Done again: the withdrawals of 2 participants, 1 with erasure."; !strings.Contains(got, want) {
		t.Errorf("restore said %q, want %q", got, want)
	}
	if got, want := must(t, database, "", "restore", "--yes", backup), "Done again: the withdrawals of 2 participants"; !strings.Contains(got, want) {
		t.Errorf("a second restore said %q, want %q", got, want)
	}
	elsewhere := "sqlite:" + filepath.Join(t.TempDir(), "new.db")
	if got := wellwave(t, elsewhere, "", "restore", "--yes", backup); got.code != exitUsage || !strings.Contains(got.stderr, "root key of this database is not at") {
		t.Errorf("restore elsewhere without the root key: %+v", got)
	}
	key, err := rootkey.Read(strings.TrimPrefix(database, "sqlite:") + ".key")
	if err != nil {
		t.Fatal(err)
	}
	if err := key.Write(strings.TrimPrefix(elsewhere, "sqlite:") + ".key"); err != nil {
		t.Fatal(err)
	}
	got := wellwave(t, elsewhere, "", "restore", "--yes", backup)
	if want := "could not be done again, because there was no database"; got.code != exitDone || !strings.Contains(got.stderr, want) {
		t.Errorf("restore where nothing was: %+v, want %q", got, want)
	}
	if got, want := must(t, elsewhere, "", "replay", database), "Done again: the withdrawals of 2 participants, 1 with erasure."; !strings.Contains(got, want) {
		t.Errorf("replay said %q, want %q", got, want)
	}
	if got, want := must(t, elsewhere, "", "replay", database), "Nobody has left or come back since, as far as this database knows its people.\nNothing else was taken back since."; !strings.Contains(got, want) {
		t.Errorf("replay twice said %q, want %q", got, want)
	}
	must(t, elsewhere, "", "doctor")
	if got := wellwave(t, elsewhere, "", "replay", "sqlite:/nonexistent.db"); got.code == exitDone {
		t.Errorf("replay from nowhere: %+v", got)
	}
}
