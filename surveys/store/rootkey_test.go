package store_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/rootkey"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// rootKeyOf reads the root key of a test's database.
func rootKeyOf(t *testing.T, db storetest.Database) rootkey.Key {
	t.Helper()
	file, err := store.KeyFile(db.DSN, db.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	key, err := rootkey.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// asBeforeRootKeys puts a database back to before root keys: its secrets stand in it as they are. It returns them.
func (tr *trial) asBeforeRootKeys(db storetest.Database) [][]byte {
	tr.t.Helper()
	secrets := tr.unsealKeys(db)
	tr.backTo(11)
	return secrets
}

// unsealKeys puts the secrets into the database as they are, and has it know no root key.
func (tr *trial) unsealKeys(db storetest.Database) (secrets [][]byte) {
	tr.t.Helper()
	key := rootKeyOf(tr.t, db)
	for _, row := range tr.Inspect(tr.t, "SELECT id, purpose, secret FROM server_keys") {
		parts := strings.Split(row, "|")
		secret, err := key.Open("server key "+parts[1], parts[0], parts[2])
		if err != nil {
			tr.t.Fatal(err)
		}
		tr.sql("UPDATE server_keys SET secret = '" + hex.EncodeToString(secret) + "' WHERE id = '" + parts[0] + "'")
		secrets = append(secrets, secret)
	}
	tr.sql("DELETE FROM root_key")
	return secrets
}

// spellings are the ways in which a secret may stand in a file.
func spellings(secret []byte) map[string][]byte {
	return map[string][]byte{
		"as it is": secret, "in hex": []byte(hex.EncodeToString(secret)), "in upper-case hex": []byte(strings.ToUpper(hex.EncodeToString(secret))),
		"in base64": []byte(base64.RawStdEncoding.EncodeToString(secret)), "in URL base64": []byte(base64.RawURLEncoding.EncodeToString(secret)),
	}
}

// onDiskOf returns how often any of the secrets stands in the database's files. PostgreSQL's write-ahead log is left out: it
// holds what was written until it is reused.
func onDiskOf(t *testing.T, db storetest.Database, secrets [][]byte) (found int) {
	t.Helper()
	for path, content := range db.Disk(t) {
		if strings.Contains(path, "pg_wal") {
			continue
		}
		for _, secret := range secrets {
			for _, text := range spellings(secret) {
				found += bytes.Count(content, text)
			}
		}
	}
	return found
}

// A database of an older program is taken over: its secrets are sealed and gone from its files, and everything that was
// handed out stays valid.
func TestUpgradeSealsSecrets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		old, ctx := newTrial(t, db, 2), context.Background()
		invitation, err := old.Invite(ctx, "", old.people[0], storetest.Baseline)
		if err != nil {
			t.Fatal(err)
		}
		_, apiKey, err := old.AddKey(ctx, "", storetest.Study, "hospital", surveys.SubmitScope)
		if err != nil {
			t.Fatal(err)
		}
		cards, err := old.MakeStaffCodes(ctx, "", storetest.Study, storetest.Round, "north", 3)
		if err != nil {
			t.Fatal(err)
		}
		first := old.save(9, 1, "mood_1", 1)
		old.submit(first)
		session, err := old.SealingKeys(ctx)
		if err != nil {
			t.Fatal(err)
		}
		secrets := old.asBeforeRootKeys(db)
		if n := onDiskOf(t, db, secrets); n == 0 {
			t.Fatal("the old database does not hold the secrets, so this shows nothing")
		}

		s := db.Open(t, storetest.Clock(old.now))
		if n := onDiskOf(t, db, secrets); n > 0 {
			t.Errorf("secrets stand in the upgraded database %d times", n)
		}
		for _, row := range s.Inspect(t, "SELECT secret FROM server_keys") {
			if !rootkey.IsSealed(row) {
				t.Error("a secret is not sealed")
			}
		}
		if got := s.Inspect(t, "SELECT fingerprint FROM root_key WHERE forgotten_at IS NOT NULL"); len(got) != 1 || got[0] != rootKeyOf(t, db).Fingerprint() {
			t.Errorf("the database knows the root key as %v", got)
		}
		for _, code := range append(cards, invitation.Link, invitation.Code) {
			if _, err := s.OpenLink(ctx, code); err != nil {
				t.Errorf("a code of before: OpenLink() = %v", err)
			}
		}
		if _, err := s.FindKey(ctx, apiKey); err != nil {
			t.Errorf("an API key of before: FindKey() = %v", err)
		}
		if receipt, err := s.Submit(ctx, first); err != nil || !receipt.Repeated {
			t.Errorf("a submission of before: Submit() = %+v, %v, want it known", receipt, err)
		}
		if keys, err := s.SealingKeys(ctx); err != nil || len(keys) != 1 || keys[0].ID != session[0].ID || !bytes.Equal(keys[0].Secret, session[0].Secret) {
			t.Errorf("the key of sessions is another, %v", err)
		}
	})
}

// A store that is given no key, another's or one that others may read says so, and what to do.
func TestOpenAsksForItsRootKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t)
		fingerprint := rootKeyOf(t, db).Fingerprint()
		folder := t.TempDir()
		another, open := filepath.Join(folder, "another.key"), filepath.Join(folder, "open.key")
		for _, file := range []string{another, open} {
			if err := rootkey.New().Write(file); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(open, 0o644); err != nil {
			t.Fatal(err)
		}
		tests := []struct {
			name, file string
			wantKind   surveys.Kind
			want       []string
		}{
			{"no file", filepath.Join(folder, "none.key"), surveys.NotFound, []string{"not at " + folder, "WELLWAVE_KEY_FILE", "root-key restore", fingerprint}},
			{"another key", another, surveys.Invalid, []string{another, "is not the root key of this database", fingerprint, "the same key"}},
			{"for all to read", open, surveys.Invalid, []string{"chmod 600 " + open}},
		}
		for _, tt := range tests {
			other, err := store.Open(context.Background(), store.Options{DSN: db.DSN, KeyFile: tt.file})
			if err == nil {
				_ = other.Close()
			}
			if surveys.KindOf(err) != tt.wantKind {
				t.Errorf("%s: Open() = %v, want %v", tt.name, err, tt.wantKind)
			}
			for _, part := range tt.want {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("%s: Open() = %v, want it to say %q", tt.name, err, part)
				}
			}
		}
		if _, err := os.Stat(filepath.Join(folder, "none.key")); err == nil {
			t.Error("a key was made for a database that has another")
		}
		if err := s.Ready(context.Background()); err != nil {
			t.Errorf("Ready() = %v", err)
		}
	})
	if _, err := store.Open(context.Background(), store.Options{DSN: "postgres://nowhere.invalid/x"}); surveys.KindOf(err) != surveys.Invalid ||
		!strings.Contains(err.Error(), "WELLWAVE_KEY_FILE") {
		t.Errorf("Open() on PostgreSQL without a key file = %v, want it asked for", err)
	}
}

// A server with another key is refused beside one that runs, in a sentence that says what to do, and leaves everything as it was.
func TestAnotherKeyBesideAServer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.submit(tr.save(1, 1, "mood_1", 4))
		other := filepath.Join(t.TempDir(), "other.key")
		if err := rootkey.New().Write(other); err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), store.Options{DSN: db.DSN, KeyFile: other})
		if err == nil {
			_ = s.Close()
		}
		if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), other+" is not the root key of this database") || !strings.Contains(err.Error(), "the same key") {
			t.Errorf("Open(with another key) = %v, want it refused, and which is wanted", err)
		}
		tr.submit(tr.save(1, 2, "mood_2", 3))
		tr.wantRows("SELECT answers FROM responses", `{"mood_1":4,"mood_2":3}`)
		tr.Store = db.Open(t, storetest.Clock(tr.now))
		if receipt := tr.submit(tr.save(1, 2, "mood_2", 3)); receipt.Seq != 2 {
			t.Errorf("the same again on a server with the right key: %+v", receipt)
		}
		if got := tr.faults(store.AuditHead{}); len(got) > 0 {
			t.Errorf("faults: %q", got)
		}
	})
}

// Two servers that start together on a database that knows no root key, with keys of their own: one is first, and the other
// is refused.
func TestTwoServersWithDifferentKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		old := newTrial(t, db, 1)
		old.unsealKeys(db)
		folder := t.TempDir()
		files := [2]string{filepath.Join(folder, "one.key"), filepath.Join(folder, "two.key")}
		var stores [2]*store.Store
		var refusals [2]error
		done := make(chan int)
		for i := range files {
			go func() {
				stores[i], refusals[i] = store.Open(context.Background(), store.Options{DSN: db.DSN, KeyFile: files[i]})
				done <- i
			}()
		}
		<-done
		<-done
		opened := 0
		for i := range stores {
			if refusals[i] == nil {
				opened++
				if err := stores[i].Close(); err != nil {
					t.Error(err)
				}
			} else if kind := surveys.KindOf(refusals[i]); kind != surveys.Invalid && kind != surveys.NotFound || !strings.Contains(refusals[i].Error(), "root key of this database") {
				t.Errorf("Open() = %v, want the first one's key asked for", refusals[i])
			}
		}
		if opened != 1 {
			t.Errorf("%d of two servers with different keys were let in", opened)
		}
	})
}
