package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

func (tr *trial) faults(noted store.AuditHead) []string {
	tr.t.Helper()
	ctx := tr.t.Context()
	checked, err := tr.CheckRows(ctx)
	if err != nil {
		tr.t.Fatal(err)
	}
	if err := tr.SealAudit(ctx); err != nil {
		tr.t.Fatal(err)
	}
	trail, err := tr.CheckAudit(ctx, noted)
	if err != nil {
		tr.t.Fatal(err)
	}
	return append(checked.Faults, trail...)
}

// TestAuditChain removes entries, and cuts the trail off with its seals, which only a head that was noted tells.
func TestAuditChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx := t.Context()
		other := db.Open(t, storetest.Clock(tr.now))
		first, err := tr.SealedHead(ctx)
		if err != nil || first.Number == 0 {
			t.Fatalf("SealedHead() = %v, %v", first, err)
		}
		var all sync.WaitGroup
		for i := range 12 { // two servers that write and seal at once
			s := []*store.Store{tr.Store, other}[i%2]
			all.Go(func() {
				if _, _, err := s.AddKey(ctx, "", storetest.Study, fmt.Sprint("key ", i), surveys.SubmitScope); err != nil {
					t.Error(err)
				}
				if err := s.SealAudit(ctx); err != nil {
					t.Errorf("SealAudit() = %v", err)
				}
			})
		}
		all.Wait()
		head, err := tr.SealedHead(ctx)
		if err != nil || head.Number <= first.Number {
			t.Fatalf("SealedHead() = %v, %v, want one after %v", head, err, first)
		}
		for _, noted := range []store.AuditHead{{}, first, head} {
			if got := tr.faults(noted); len(got) > 0 {
				t.Errorf("faults of what nobody changed: %q", got)
			}
		}
		if again, err := store.ParseAuditHead(head.String()); again != head || err != nil {
			t.Errorf("ParseAuditHead(%s) = %v, %v", head, again, err)
		}
		for _, typo := range []string{"", "1", "0:" + head.Hash, head.String()[1:] + "0", "x:" + head.Hash} {
			if h, err := store.ParseAuditHead(typo); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("ParseAuditHead(%q) = %v, %v, want it refused", typo, h, err)
			}
		}
		exec := func(query string, args ...any) {
			t.Helper()
			if err := tr.Exec(ctx, query, args...); err != nil {
				t.Fatal(err)
			}
		}
		exec("DELETE FROM audit WHERE seal = ?", head.Number)
		if got := tr.faults(store.AuditHead{}); len(got) != 1 || !strings.Contains(got[0], "there are 0") {
			t.Errorf("faults without an entry: %q", got)
		}
		exec("DELETE FROM audit_seals WHERE number = ?", head.Number)
		if got := tr.faults(store.AuditHead{}); len(got) > 0 {
			t.Errorf("faults of a trail that was cut off: %q, want none without a head", got)
		}
		if got := tr.faults(head); len(got) != 1 || !strings.Contains(got[0], "does not hold the head") {
			t.Errorf("faults of a trail that was cut off: %q, want the head missed", got)
		}
	})
}

// TestRestoreComparesTheTrail restores backups whose audit trail is the beginning of the one that is there, is no longer what was
// noted, or is another's.
func TestRestoreComparesTheTrail(t *testing.T) {
	db := storetest.SQLite(t)
	tr := newTrial(t, db, 1)
	ctx := t.Context()
	folder := t.TempDir()
	noted, err := tr.SealedHead(ctx)
	if err != nil {
		t.Fatal(err)
	}
	good, cut := folder+"/good.db", folder+"/cut.db"
	if err := tr.Backup(ctx, good); err != nil {
		t.Fatal(err)
	}
	if _, _, err := tr.AddKey(ctx, "", storetest.Study, "a key", surveys.SubmitScope); err != nil {
		t.Fatal(err)
	}
	later, err := tr.SealedHead(ctx)
	if err == nil {
		err = tr.Exec(ctx, "UPDATE audit_seals SET head = 'x' WHERE number = ?", noted.Number)
	}
	if err == nil {
		err = tr.Backup(ctx, cut)
	}
	if err == nil {
		err = tr.Exec(ctx, "UPDATE audit_seals SET head = ? WHERE number = ?", noted.Hash, noted.Number)
	}
	if err := errors.Join(err, tr.Close()); err != nil {
		t.Fatal(err)
	}
	restore := func(path string, noted store.AuditHead) (store.Restored, error) {
		return store.Restore(ctx, db.DSN, db.KeyFile, store.BackupFile{Path: path, Noted: noted})
	}
	if _, err := restore(cut, noted); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "was changed; ") {
		t.Errorf("Restore(a trail that was changed) = %v, want it refused", err)
	}
	if _, err := restore(good, later); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "does not hold the head") {
		t.Errorf("Restore(an older one than was noted) = %v, want it refused", err)
	}
	if done, err := restore(good, noted); err != nil || done.Head != noted || len(done.Trail) > 0 {
		t.Errorf("Restore(as was noted) = %+v, %v, want the head %v", done, err, noted)
	}
	if done, err := restore(cut, store.AuditHead{}); err != nil || done.Head != later || len(done.Trail) < 2 {
		t.Errorf("Restore(a trail that was changed, of which nothing was noted) = %+v, %v, want it said", done, err)
	}
}
