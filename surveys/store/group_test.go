package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// TestSubmitFailsAlone sends good and bad submissions at once. On SQLite they share commits, and none of the bad ones may
// cost a good one its place.
func TestSubmitFailsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		const people = 40
		tr := newTrial(t, db, people)
		ctx := context.Background()
		tr.submit(tr.save(9, 1, "mood_1", 1))
		var wg sync.WaitGroup
		for i, person := range tr.people {
			good := tr.save(100+i, 1, "mood_2", i%5+1)
			good.Enrolment = person
			wg.Go(func() {
				receipt, err := tr.Submit(ctx, good)
				if err != nil || receipt.Verdict != surveys.Accepted || receipt.Sitting != good.Sitting {
					t.Errorf("a good submission among bad ones = %+v, %v, want it accepted", receipt, err)
				}
			})
			bad := tr.save(200+i, 1, "mood_2", 1)
			want := surveys.NotFound
			switch i % 4 {
			case 0:
				bad.Enrolment = "nobody"
			case 1:
				bad.Wave = storetest.Later // not open
				want = surveys.Closed
			case 2:
				bad.Bulk, bad.Correct, bad.Answers, want = true, true, given("mood_1", 9), surveys.Invalid
			case 3:
				bad.Sitting, bad.Answers, want = storetest.SittingID(9), given("mood_1", i/4%4+2), surveys.Conflict
			}
			wg.Go(func() { tr.refused("a bad submission", bad, want) })
		}
		wg.Wait()
		tr.wantRows("SELECT COUNT(*) FROM responses", fmt.Sprint(people))
		tr.wantRows("SELECT verdict, COUNT(*) FROM submissions GROUP BY verdict ORDER BY verdict", fmt.Sprintf("accepted|%d", people+1), "conflict|4")
		for i := range people {
			tr.wantRows(fmt.Sprintf("SELECT answers FROM responses WHERE origins LIKE '%%%s%%'", storetest.SittingID(100+i)),
				map[bool]string{true: fmt.Sprintf(`{"mood_1":1,"mood_2":%d}`, i%5+1), false: fmt.Sprintf(`{"mood_2":%d}`, i%5+1)}[i == 0])
		}
		tr.wantFolds()
	})
}

// TestSubmitOnAFullDisk keeps the database from growing, which SQLite reports as it does a full disk, while many send. The
// statements of the submissions fail.
func TestSubmitOnAFullDisk(t *testing.T) {
	tr := newTrial(t, storetest.SQLite(t), 64)
	pages := tr.Inspect(t, "PRAGMA page_count")[0]
	if got := tr.Inspect(t, "PRAGMA max_page_count = "+pages)[0]; got != pages {
		t.Fatalf("the most pages are %s, want %s", got, pages)
	}
	tr.wantNoFalseReceipts(func() {
		if err := tr.Consent(context.Background(), tr.people[0], storetest.Baseline, surveys.ConsentGiven{Version: "1", Language: "en",
			Clauses: []string{"take-part"}, Sitting: strings.Repeat("x", 100_000)}); surveys.KindOf(err) != surveys.Unavailable {
			t.Errorf("Consent() on a full disk = %v, want it unavailable", err)
		}
		tr.Inspect(t, "PRAGMA max_page_count = 1000000")
	})
}

// sendAll sends a long questionnaire of everybody at once and returns whose was receipted. All others must be told to try
// again.
func (tr *trial) sendAll(round int) (receipts int) {
	tr.t.Helper()
	var taken atomic.Int32
	var wg sync.WaitGroup
	for i, person := range tr.people {
		sub := tr.save(1000*round+i, 1)
		sub.Enrolment, sub.Finish, sub.Answers = person, true, append(storetest.Answers(i), given("about_note", strings.Repeat("long ", 90))...)
		wg.Go(func() {
			receipt, err := tr.Submit(context.Background(), sub)
			switch {
			case err == nil && receipt.Verdict == surveys.Accepted:
				taken.Add(1)
			case surveys.KindOf(err) != surveys.Unavailable:
				tr.t.Errorf("Submit() on a full disk = %+v, %v, want it unavailable", receipt, err)
			}
		})
	}
	wg.Wait()
	return int(taken.Load())
}

// wantNoFalseReceipts sends while nothing more can be stored, makes room and sends again. Nobody may get a receipt for
// what is not there, nothing may be there without one, and all goes on once there is room.
func (tr *trial) wantNoFalseReceipts(makeRoom func()) {
	tr.t.Helper()
	first := tr.sendAll(1)
	if first == len(tr.people) {
		tr.t.Error("the disk was never full")
	}
	if n := len(tr.Inspect(tr.t, ledger)); n != first {
		tr.t.Errorf("%d receipts and %d submissions stored", first, n)
	}
	makeRoom()
	if n := len(tr.Inspect(tr.t, ledger)); n != first {
		tr.t.Errorf("%d receipts and %d submissions stored once there is room", first, n)
	}
	if second := tr.sendAll(2); second != len(tr.people) {
		tr.t.Errorf("%d of %d are taken once there is room again", second, len(tr.people))
	}
	if n := len(tr.Inspect(tr.t, ledger)); n != first+len(tr.people) {
		tr.t.Errorf("%d submissions stored, want %d", n, first+len(tr.people))
	}
	tr.wantFolds()
}

// TestDurability reads back, on the connection that submissions are written on, what a receipt rests on.
func TestDurability(t *testing.T) {
	tr := newTrial(t, storetest.SQLite(t), 1)
	tr.submit(tr.save(9, 1, "mood_1", 1)) // after this the writer has its connection for good
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "locking_mode": "normal"} {
		if got := tr.Inspect(t, "PRAGMA "+pragma)[0]; got != want {
			t.Errorf("%s on the writing connection = %s, want %s", pragma, got, want)
		}
	}
}

// TestOpenRefuses holds Open to a sentence that says what to do.
func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	text := filepath.Join(folder, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("this is no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	const neither = "the database must be given as sqlite:PATH or postgres://USER@HOST/NAME"
	tests := []struct{ name, dsn, want string }{
		{"no database", "sqlite:" + text, text + " cannot be opened: file is not a database"},
		{"no folder", "sqlite:" + filepath.Join(folder, "none", "x.db"), "the database cannot be made: open " + folder},
		{"a folder", "sqlite:" + folder, folder + " cannot be opened: "},
		{"no engine", "mysql://x", neither},
		{"nothing", "", neither},
		{"no path", "sqlite:", neither},
	}
	for _, tt := range tests {
		s, err := store.Open(context.Background(), store.Options{DSN: tt.dsn, Create: true})
		if err == nil {
			_ = s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Open(%s) = %v, want %q", tt.name, tt.dsn, err, tt.want)
		}
	}
}
