package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// TestSubmitOnAFullDisk keeps the database from growing, which SQLite reports as it does a full disk, while many send.
// Nobody may get a receipt for what is not there, and all goes on once there is room.
func TestSubmitOnAFullDisk(t *testing.T) {
	const people = 64
	tr := newTrial(t, storetest.SQLite(t), people)
	ctx := context.Background()
	pages := tr.Inspect(t, "PRAGMA page_count")[0]
	if got := tr.Inspect(t, "PRAGMA max_page_count = "+pages)[0]; got != pages {
		t.Fatalf("the most pages are %s, want %s", got, pages)
	}
	send := func(round int) (receipts map[surveys.EnrolmentID]bool) {
		receipts = make(map[surveys.EnrolmentID]bool)
		var mu sync.Mutex
		var wg sync.WaitGroup
		for i, person := range tr.people {
			sub := tr.save(1000*round+i, 1)
			sub.Enrolment, sub.Finish, sub.Answers = person, true, append(storetest.Answers(i), given("about_note", strings.Repeat("long ", 90))...)
			wg.Go(func() {
				receipt, err := tr.Submit(ctx, sub)
				switch {
				case err == nil && receipt.Verdict == surveys.Accepted:
					mu.Lock()
					receipts[person] = true
					mu.Unlock()
				case surveys.KindOf(err) != surveys.Unavailable:
					t.Errorf("Submit() on a full disk = %+v, %v, want it unavailable", receipt, err)
				}
			})
		}
		wg.Wait()
		return receipts
	}
	stored := func() (n int) {
		for range tr.Inspect(t, "SELECT 1 FROM submissions") {
			n++
		}
		return n
	}
	first := send(1)
	if len(first) == people {
		t.Fatal("the disk was never full")
	}
	if n := stored(); n != len(first) {
		t.Errorf("%d receipts and %d submissions stored", len(first), n)
	}
	if err := tr.Consent(ctx, tr.people[0], storetest.Baseline, surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"},
		Sitting: strings.Repeat("x", 100_000)}); surveys.KindOf(err) != surveys.Unavailable {
		t.Errorf("Consent() on a full disk = %v, want it unavailable", err)
	}
	tr.Inspect(t, "PRAGMA max_page_count = 1000000")
	if second := send(2); len(second) != people {
		t.Errorf("%d of %d are taken once there is room again", len(second), people)
	}
	if n := stored(); n != len(first)+people {
		t.Errorf("%d submissions stored, want %d", n, len(first)+people)
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
	for name, dsn := range map[string]string{"no database": "sqlite:" + text, "no folder": "sqlite:" + filepath.Join(folder, "none", "x.db"),
		"a folder": "sqlite:" + folder, "no engine": "mysql://x", "nothing": "", "no path": "sqlite:"} {
		if s, err := store.Open(context.Background(), store.Options{DSN: dsn}); err == nil {
			_ = s.Close()
			t.Errorf("%s: Open(%s) opens it", name, dsn)
		} else if len(err.Error()) < 20 {
			t.Errorf("%s: Open(%s) = %v, want a sentence", name, dsn, err)
		}
	}
}
