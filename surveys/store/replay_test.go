package store_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// otherDatabase makes a database that holds steps of people's leaving and nothing else, and returns its name.
func otherDatabase(t *testing.T, steps ...[]any) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("CREATE TABLE withdrawals (enrolment_id TEXT, number INTEGER, level TEXT, channel TEXT, reason TEXT, account_id TEXT, at BIGINT)"); err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if _, err := db.Exec("INSERT INTO withdrawals VALUES (?, ?, ?, ?, ?, ?, ?)", step...); err != nil {
			t.Fatal(err)
		}
	}
	return "sqlite:" + path
}

func TestReplay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 4)
		ctx := context.Background()
		for i := range tr.people {
			tr.finish(i)
		}
		tr.withdraw(tr.people[2], surveys.StopContact) // the copy knows this
		id := func(i int) string { return string(tr.people[i]) }
		other := otherDatabase(t,
			[]any{id(0), 1, "no-contact", "code", "", nil, 1000},
			[]any{id(0), 2, "erasure", "letter", "", "an account made later", 2000},
			[]any{id(1), 1, "no-collection", "telephone", "", nil, 1000},
			[]any{id(1), 2, "", "", "mistake", nil, 2000},
			[]any{id(2), 1, "no-contact", "code", "", nil, 1000},
			[]any{"enrolled later", 1, "erasure", "code", "", nil, 1000})
		for try, want := range []store.Replayed{{People: 2, Erasures: 1, Unknown: 1}, {Unknown: 1}} {
			if got, err := tr.Replay(ctx, other); got != want || err != nil {
				t.Errorf("Replay() number %d = %+v, %v, want %+v", try+1, got, err, want)
			}
		}
		tr.wantRows("SELECT w.number, w.level, w.channel, w.reason, w.account_id, w.at FROM withdrawals w JOIN enrolments e ON e.id = w.enrolment_id WHERE e.label IN ('P00001', 'P00002') ORDER BY e.label, w.number",
			"1|no-contact|code|||1000", "2|erasure|letter|||2000", "1|no-collection|telephone|||1000", "2|||mistake||2000")
		tr.wantRows("SELECT e.withdrawal, r.answers = '{}', r.disposition FROM responses r JOIN enrolments e ON e.id = r.enrolment_id WHERE r.wave_id = 'baseline' AND e.label <> 'P00003' ORDER BY e.label",
			rowsOf(tr, "erasure|1|refusal", "|0|complete", "|0|complete")...)
		tr.wantRows("SELECT COUNT(*) FROM submissions WHERE content = ''", "1")
		tr.wantRows("SELECT COUNT(*) FROM audit WHERE action = 'withdrawal.replay'", "4")
		tr.wantFolds()

		if _, err := tr.Replay(ctx, "sqlite:"+filepath.Join(t.TempDir(), "none.db")); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Replay() from nowhere = %v, want NotFound", err)
		}
	})
}

// rowsOf writes truth as the engine does.
func rowsOf(tr *trial, rows ...string) []string {
	for i := range rows {
		if tr.Engine() == "postgres" {
			rows[i] = strings.NewReplacer("|0|", "|false|", "|1|", "|true|").Replace(rows[i])
		}
	}
	return rows
}

// A backup from before somebody left does not bring back what they had erased.
func TestRestoreErasesAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wellwave.db")
	backup, dsn, keyFile, ctx := path+".backup", "sqlite:"+path, path+".key", context.Background()
	s, err := store.Open(ctx, store.Options{DSN: dsn, Create: true, Now: func() time.Time { return storetest.Start }})
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadStudy(t, s)
	people := storetest.Enrol(t, s, 2)
	for i, person := range people {
		if _, err := s.Submit(ctx, surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person, Wave: storetest.Baseline, Sitting: storetest.SittingID(7), Seq: 1,
			Answers: storetest.Answers(i), Finish: true, How: surveys.Collection{Mode: surveys.Web, Language: "en"}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	if err := s.Withdraw(ctx, surveys.Withdrawal{Enrolment: people[0], Level: surveys.EraseAnswers, Channel: surveys.ByCode}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	done, err := store.Restore(ctx, dsn, "", store.BackupFile{Path: backup})
	if err != nil || done.Replayed != (store.Replayed{People: 1, Erasures: 1}) || done.Unread != nil || done.Kept == "" {
		t.Fatalf("Restore() = %+v, %v, want one erasure done again", done, err)
	}
	s = storetest.Database{DSN: dsn}.Open(t)
	if got := s.Inspect(t, "SELECT COUNT(*) FILTER (WHERE answers = '{}'), COUNT(*) FILTER (WHERE answers LIKE '%mood_1%') FROM responses WHERE revision > 0"); got[0] != "1|1" {
		t.Errorf("of two responses %s are erased and not", got[0])
	}
	if wrong, err := s.CheckFolds(ctx, nil); err != nil || len(wrong) > 0 {
		t.Errorf("CheckFolds() = %v, %v", wrong, err)
	}

	lost := filepath.Join(t.TempDir(), "lost.db")
	if done, err := store.Restore(ctx, "sqlite:"+lost, keyFile, store.BackupFile{Path: backup}); err != nil || surveys.KindOf(done.Unread) != surveys.NotFound || done.Kept != "" {
		t.Errorf("Restore() where no database was = %+v, %v, want it said that nothing could be read", done, err)
	}
	if _, err := os.Stat(lost); err != nil {
		t.Error(err)
	}

	damaged := filepath.Join(t.TempDir(), "damaged.db")
	if err := os.WriteFile(damaged, []byte("what a dying disk left of a database, long enough to be read as a header of one, and not one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if done, err := store.Restore(ctx, "sqlite:"+damaged, keyFile, store.BackupFile{Path: backup}); err != nil || done.Unread == nil || done.Kept != damaged+".before-restore" {
		t.Errorf("Restore() over a damaged database = %+v, %v, want it put aside and said that nothing could be read", done, err)
	}
	if done, err := store.Restore(ctx, "sqlite:"+damaged, keyFile, store.BackupFile{Path: backup}); err != nil || done.Kept != damaged+".before-restore-2" {
		t.Errorf("Restore() once more = %+v, %v, want what was put aside at first left alone", done, err)
	}
}
