package store_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wellwave/migrations"
	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// handedOut is one of everything that somebody may hold in their hands while keys are rotated.
type handedOut struct {
	db         storetest.Database
	tr         *trial
	invitation surveys.Invitation
	cards      []string
	opened     surveys.Opened // the last of the cards, typed in before
	apiKey     string
	setUp      string
	page       string // of the staff survey, that arrived
	sent       surveys.Submission
	release    surveys.Release
}

func handOut(t *testing.T, db storetest.Database) *handedOut {
	t.Helper()
	ctx := context.Background()
	h := &handedOut{db: db, tr: newTrial(t, db, 2), page: "a page"}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	h.invitation, err = h.tr.Invite(ctx, "", h.tr.people[0], storetest.Baseline)
	check(err)
	h.cards, err = h.tr.MakeStaffCodes(ctx, "", storetest.Study, storetest.Round, "north", 4)
	check(err)
	card, err := h.tr.OpenLink(ctx, h.cards[0])
	check(err)
	check(h.tr.SubmitStaff(ctx, surveys.StaffSubmission{StaffCode: card.StaffCode, Page: h.page, Language: "en", Answers: given("climate_1", 3)}))
	h.opened, err = h.tr.OpenLink(ctx, h.cards[3])
	check(err)
	_, h.apiKey, err = h.tr.AddKey(ctx, "", storetest.Study, "hospital", surveys.SubmitScope)
	check(err)
	h.setUp, _, err = h.tr.SetupLink(ctx)
	check(err)
	first, err := h.tr.ClaimForm(ctx, "a form")
	if check(err); !first {
		t.Fatal("a form was sent before")
	}
	h.sent = h.tr.save(9, 1, "mood_1", 1)
	h.tr.submit(h.sent)
	h.release, err = h.tr.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease, Plan: "{}"})
	check(err)
	h.release.Manifest = "{}"
	check(h.tr.KeepRelease(ctx, h.release))
	check(h.tr.Sessions().CommitCtx(ctx, "a session", []byte("data"), h.tr.now().AddDate(1, 0, 0)))
	return h
}

// wantValid checks that everything works as before, but for accounts, which sign in again.
func (h *handedOut) wantValid(t *testing.T, s *store.Store) {
	t.Helper()
	ctx := context.Background()
	for _, code := range append(slices.Clone(h.cards[1:]), h.invitation.Link, h.invitation.Code) {
		if _, err := s.OpenLink(ctx, code); err != nil {
			t.Errorf("OpenLink() of a code of before = %v", err)
		}
	}
	if spent, err := s.OpenLink(ctx, h.cards[0]); err != nil {
		t.Errorf("OpenLink() of a card that was spent = %v, want it as of any card", err)
	} else if err := s.SubmitStaff(ctx, climate(spent, 3)); surveys.KindOf(err) != surveys.NotFound {
		t.Errorf("SubmitStaff() with a card that was spent = %v, want NotFound", err)
	}
	if _, err := s.FindKey(ctx, h.apiKey); err != nil {
		t.Errorf("FindKey() = %v", err)
	}
	if _, err := s.FindSetupLink(ctx, h.setUp); err != nil {
		t.Errorf("FindSetupLink() = %v", err)
	}
	if arrived, err := s.StaffArrived(ctx, h.page); err != nil || !arrived {
		t.Errorf("StaffArrived() = %v, %v, want it known", arrived, err)
	}
	if first, err := s.ClaimForm(ctx, "a form"); err != nil || first {
		t.Errorf("ClaimForm() = %v, %v, want it known", first, err)
	}
	if receipt, err := s.Submit(ctx, h.sent); err != nil || !receipt.Repeated {
		t.Errorf("Submit() again = %+v, %v, want it known", receipt, err)
	}
	if r, err := s.FindRelease(ctx, storetest.Study, h.release.Number); err != nil || !bytes.Equal(r.Key, h.release.Key) {
		t.Errorf("FindRelease() = %+v, %v, want the same key", r, err)
	}
	if _, found, err := s.Sessions().FindCtx(ctx, "a session"); err != nil || found {
		t.Errorf("an account is signed in as before: %v", err)
	}
}

// Whatever was handed out stays valid when keys are rotated, however often, and nothing opens with the old root key.
func TestRotate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, h := context.Background(), handOut(t, db)
		before := rootKeyOf(t, db)
		hashes := h.tr.Inspect(t, "SELECT link_hash, code_hash FROM invitations")
		sealing, err := h.tr.SealingKeys(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.RotateRootKey(ctx, db.DSN, db.KeyFile, false); surveys.KindOf(err) != surveys.Conflict {
			t.Fatalf("RotateRootKey() while the database is open = %v, want Conflict", err)
		}
		if err := h.tr.Close(); err != nil {
			t.Fatal(err)
		}
		for times := range 2 {
			done, err := store.RotateRootKey(ctx, db.DSN, db.KeyFile, false)
			if err != nil || done.Unforgotten != nil {
				t.Fatalf("RotateRootKey() = %+v, %v", done, err)
			}
			after := rootKeyOf(t, db)
			if kept, err := rootkey.Read(done.Kept); err != nil || kept != before || after == before || done.Fingerprint != after.Fingerprint() {
				t.Fatalf("RotateRootKey() = %+v with the key %v kept (%v), want %v", done, kept, err, before)
			}
			s := db.Open(t, storetest.Clock(h.tr.now))
			h.wantValid(t, s)
			for _, row := range s.Inspect(t, "SELECT id, purpose, secret FROM server_keys") {
				parts := strings.Split(row, "|")
				if _, err := before.Open("server key "+parts[1], parts[0], parts[2]); err == nil {
					t.Errorf("a secret for %s opens with the old root key", parts[1])
				}
			}
			if got := s.Inspect(t, "SELECT link_hash, code_hash FROM invitations"); slices.Equal(got, hashes) {
				t.Error("hashes are as they were")
			} else {
				hashes = got
			}
			keys, err := s.SealingKeys(ctx)
			if err != nil || len(keys) != times+2 || !keys[0].RetiredAt.IsZero() || keys[1].RetiredAt.IsZero() || keys[len(keys)-1].ID != sealing[0].ID {
				t.Errorf("SealingKeys() = %d keys, %v, want a new one before those of before", len(keys), err)
			}
			if got := s.Inspect(t, "SELECT COUNT(*) FROM audit WHERE action = 'root-key.rotate'"); got[0] != []string{"1", "2"}[times] {
				t.Errorf("%s rotations are in the audit trail", got[0])
			}
			if times == 0 { // typed in before, sent only now
				if err := s.SubmitStaff(ctx, surveys.StaffSubmission{StaffCode: h.opened.StaffCode, Page: "another", Language: "en", Answers: given("climate_1", 3)}); err != nil {
					t.Errorf("SubmitStaff() with a card that was open = %v", err)
				}
				h.cards = h.cards[:3]
			}
			if wrong, err := s.CheckFolds(ctx, nil); err != nil || len(wrong) > 0 {
				t.Errorf("CheckFolds() = %v, %v", wrong, err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			before = after
		}
		if _, err := store.RotateRootKey(ctx, db.DSN, db.KeyFile, true); err != nil {
			t.Fatal(err)
		}
		s := db.Open(t, storetest.Clock(h.tr.now))
		h.wantValid(t, s)
		if keys, err := s.SealingKeys(ctx); err != nil || len(keys) != 1 || !keys[0].RetiredAt.IsZero() {
			t.Errorf("SealingKeys() after sessions were ended = %d keys, %v, want a new one alone", len(keys), err)
		}
	})
}

// A rotation that was broken off when the database knew the new key and the file had not its name yet is finished by whoever
// opens the database next; one that was broken off before that has changed nothing.
func TestRotateBrokenOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, h := context.Background(), handOut(t, db)
		if err := h.tr.Close(); err != nil {
			t.Fatal(err)
		}
		file, err := store.KeyFile(db.DSN, db.KeyFile)
		if err != nil {
			t.Fatal(err)
		}
		if err := rootkey.New().Write(file + ".next"); err != nil { // broken off before
			t.Fatal(err)
		}
		if err := db.Open(t).Close(); err != nil {
			t.Fatal(err)
		}
		done, err := store.RotateRootKey(ctx, db.DSN, db.KeyFile, false)
		if err != nil {
			t.Fatal(err)
		}
		want := rootKeyOf(t, db)
		for _, move := range [][2]string{{file, file + ".next"}, {done.Kept, file}} { // as if broken off before the files were named
			if err := os.Rename(move[0], move[1]); err != nil {
				t.Fatal(err)
			}
		}
		h.wantValid(t, db.Open(t, storetest.Clock(h.tr.now)))
		if got := rootKeyOf(t, db); got != want {
			t.Errorf("the file holds %v, want %v", got, want)
		}
		if _, err := os.Stat(file + ".next"); err == nil {
			t.Error("the new key is still beside the old one")
		}
	})
}

// A database whose root key is lost for good goes on with a new one: with every answer, and without anything that was handed
// out.
func TestReplaceLostRootKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, h := context.Background(), handOut(t, db)
		responses := h.tr.Inspect(t, "SELECT id, answers FROM responses ORDER BY id")
		if err := h.tr.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := store.ReplaceRootKey(ctx, db.DSN, db.KeyFile); surveys.KindOf(err) != surveys.Conflict {
			t.Fatalf("ReplaceRootKey() of a key that is there = %v, want Conflict", err)
		}
		file, err := store.KeyFile(db.DSN, db.KeyFile)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if done, err := store.ReplaceRootKey(ctx, db.DSN, db.KeyFile); err != nil || done.Kept != "" || done.Fingerprint != rootKeyOf(t, db).Fingerprint() {
			t.Fatalf("ReplaceRootKey() = %+v, %v", done, err)
		}
		s := db.Open(t, storetest.Clock(h.tr.now))
		if got := s.Inspect(t, "SELECT id, answers FROM responses ORDER BY id"); !slices.Equal(got, responses) {
			t.Errorf("there are responses %v, want %v", got, responses)
		}
		if wrong, err := s.CheckFolds(ctx, nil); err != nil || len(wrong) > 0 {
			t.Errorf("CheckFolds() = %v, %v", wrong, err)
		}
		for _, code := range append(slices.Clone(h.cards), h.invitation.Link, h.invitation.Code) {
			if _, err := s.OpenLink(ctx, code); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("OpenLink() of a code of before = %v, want NotFound", err)
			}
		}
		if _, err := s.FindKey(ctx, h.apiKey); surveys.KindOf(err) != surveys.Unauthenticated {
			t.Errorf("FindKey() = %v, want Unauthenticated", err)
		}
		if _, err := s.FindRelease(ctx, storetest.Study, h.release.Number); surveys.KindOf(err) != surveys.Closed {
			t.Errorf("FindRelease() = %v, want Closed", err)
		}
		made, err := s.Invite(ctx, "", h.tr.people[0], storetest.Baseline)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.OpenLink(ctx, made.Code); err != nil {
			t.Errorf("OpenLink() of a new code = %v", err)
		}
		if got := s.Inspect(t, "SELECT COUNT(*) FROM audit WHERE action = 'root-key.replace'"); got[0] != "1" {
			t.Errorf("%s entries in the audit trail", got[0])
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := store.RotateRootKey(ctx, db.DSN, db.KeyFile, false); err != nil {
			t.Errorf("RotateRootKey() after that = %v", err)
		}
	})
}

// Every column whose name says that it holds a hash is listed as what it is, so that no keyed hash is forgotten when keys are
// rotated, and every sealed text as well.
func TestHashedColumnsAreListed(t *testing.T) {
	unkeyed := map[string]string{"wordings.instrument_hash": "of a file", "scores.instrument_hash": "of a file",
		"account_sessions.token_hash": "ended when keys are rotated"}
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	inTable := regexp.MustCompile(`(?s)\b(?:CREATE|ALTER) TABLE (\w+)\b[^;]*`)
	isHash := regexp.MustCompile(`(?m)^\s*(?:ADD COLUMN )?(\w+_hash)\s+TEXT|ADD COLUMN (\w+_hash)\s+TEXT`)
	for _, file := range files {
		text, err := fs.ReadFile(migrations.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range inTable.FindAllStringSubmatch(string(text), -1) {
			for _, column := range isHash.FindAllStringSubmatch(table[0], -1) {
				name := table[1] + "." + column[1] + column[2]
				if column[1]+column[2] != "row_hash" && unkeyed[name] == "" && !slices.Contains(store.HashedColumns(), name) {
					t.Errorf("%s: %s is neither among the keyed hashes nor among the others", file, name)
				}
			}
		}
	}
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		w := newWorld(t, db)
		w.happen(func(mutation, []surveys.AuditEntry) {})
		listed := append(store.SealedColumns(), "server_keys.secret")
		for _, c := range textColumns(w) {
			table, column, _ := strings.Cut(c, ".")
			if n := w.Inspect(t, "SELECT COUNT(*) FROM "+table+" WHERE "+column+" LIKE 'sealed1.%'"); n[0] != "0" && !slices.Contains(listed, c) {
				t.Errorf("%s holds sealed texts and is not among sealedColumns", c)
			}
		}
	})
}

// textColumns lists the columns of the database that hold text.
func textColumns(w *world) []string {
	if w.Engine() == "postgres" {
		return w.Inspect(w.t, "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'")
	}
	return w.Inspect(w.t, "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'TEXT'")
}
