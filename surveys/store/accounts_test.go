package store_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/mattn/go-sqlite3"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

const password = "three unrelated words"

var ada = surveys.NewAccount{Name: " Ada  Lovelace ", Email: "Ada@Example.org ", Role: surveys.Administrator}

// clock is a time that a test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func TestAccounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), db.Open(t)
		account, err := s.AddAccount(ctx, "", ada, password)
		if err != nil {
			t.Fatal(err)
		}
		if account.Name != "Ada Lovelace" || account.Email != "ada@example.org" {
			t.Errorf("AddAccount() = %+v, want it cleaned", account)
		}
		var refused *surveys.Error
		if _, err := s.AddAccount(ctx, "", ada, password); !errors.As(err, &refused) || refused.Kind != surveys.Conflict || refused.Fields["email"] == "" {
			t.Errorf("AddAccount() of the same address = %v, want a Conflict about the address", err)
		}
		practice := surveys.NewAccount{Name: "Desk", Email: "desk@example.org", Role: surveys.Practice, Study: "none", Site: "none"}
		if _, _, err := s.CreateAccount(ctx, account.ID, practice); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("CreateAccount() for a site that is not there = %v, want NotFound", err)
		}
		for _, wrong := range []string{"three unrelated worms", "", strings.ToUpper(password)} {
			if _, _, err := s.SignIn(ctx, "ada@example.org", wrong); surveys.KindOf(err) != surveys.Unauthenticated {
				t.Errorf("SignIn() with %q = %v, want Unauthenticated", wrong, err)
			}
		}
		got, proof, err := s.SignIn(ctx, " ADA@example.org", password)
		if err != nil || got.ID != account.ID {
			t.Fatalf("SignIn() = %v, %v, want %v", got, err, account)
		}
		signedIn, err := s.BeginSignIn(ctx, account.ID, proof, "192.0.2.0/24")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.SignedIn(ctx, signedIn); err != nil {
			t.Errorf("SignedIn() = %v, want nil", err)
		}
		if _, err := s.BeginSignIn(ctx, account.ID, "of another password", "192.0.2.0/24"); surveys.KindOf(err) != surveys.Unauthenticated {
			t.Errorf("BeginSignIn() with another proof = %v, want Unauthenticated", err)
		}
		for _, id := range []surveys.SignInID{"", "unknown"} {
			if _, _, err := s.SignedIn(ctx, id); surveys.KindOf(err) != surveys.Unauthenticated {
				t.Errorf("SignedIn(%q) = %v, want Unauthenticated", id, err)
			}
		}
		if err := s.DisableAccount(ctx, account.ID, account.ID); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("DisableAccount() of oneself = %v, want Invalid", err)
		}
		if err := s.DisableAccount(ctx, account.ID, "nobody"); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("DisableAccount() of nobody = %v, want NotFound", err)
		}
		if err := s.DisableAccount(ctx, "", account.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.EnableAccount(ctx, "", account.ID); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.SignedIn(ctx, signedIn); surveys.KindOf(err) != surveys.Unauthenticated {
			t.Errorf("SignedIn() of an account that was disabled and enabled = %v, want Unauthenticated", err)
		}
		if err := s.DisableAccount(ctx, "", account.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.RenewSetupLink(ctx, "", account.ID); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("RenewSetupLink() of a disabled account = %v, want Conflict", err)
		}
		newcomer, link, err := s.CreateAccount(ctx, "", surveys.NewAccount{Name: "Bea", Email: "bea@example.org", Role: surveys.Auditor})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.DisableAccount(ctx, "", newcomer.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.FindSetupLink(ctx, link); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("FindSetupLink() of a disabled account = %v, want NotFound", err)
		}
	})
}

func TestSetupLinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, at := t.Context(), &clock{time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
		s := db.Open(t, storetest.Clock(at.Now))
		old, needed, err := s.SetupLink(ctx)
		if err != nil || !needed {
			t.Fatalf("SetupLink() = %v, %v, want one", needed, err)
		}
		at.now = at.now.Add(surveys.SetUpLife + time.Second)
		if _, err := s.FindSetupLink(ctx, old); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("FindSetupLink() after a day = %v, want NotFound", err)
		}
		if _, err := s.SetUpFirst(ctx, old, "Eve", "eve@example.org", password); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("SetUpFirst() after a day = %v, want NotFound", err)
		}
		first, _, err := s.SetupLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		second, _, err := s.SetupLink(ctx) // of a second server
		if err != nil {
			t.Fatal(err)
		}
		account, err := s.SetUpFirst(ctx, first, "Ada", "ada@example.org", password)
		if err != nil || account.Role != surveys.Administrator {
			t.Fatalf("SetUpFirst() = %v, %v, want an administrator", account, err)
		}
		if _, err := s.SetUpFirst(ctx, second, "Eve", "eve@example.org", password); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("SetUpFirst() with the second server's link = %v, want NotFound", err)
		}
		bob, link, err := s.CreateAccount(ctx, account.ID, surveys.NewAccount{Name: "Bob", Email: "bob@example.org", Role: surveys.Auditor})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.SignIn(ctx, bob.Email, ""); surveys.KindOf(err) != surveys.Unauthenticated {
			t.Errorf("SignIn() before a password is set = %v, want Unauthenticated", err)
		}
		if _, err := s.SetUpFirst(ctx, link, "Eve", "eve@example.org", password); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("SetUpFirst() with an account's link = %v, want NotFound", err)
		}
		newer, err := s.RenewSetupLink(ctx, account.ID, bob.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SetPassword(ctx, link, password); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("SetPassword() with a link that was replaced = %v, want NotFound", err)
		}
		if _, err := s.SetPassword(ctx, newer, "Bob"); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("SetPassword() to a short one = %v, want Invalid", err)
		}
		if _, err := s.SetPassword(ctx, newer, password); err != nil {
			t.Errorf("SetPassword() = %v, want nil", err)
		}
		if _, err := s.SetPassword(ctx, newer, password+"!"); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("SetPassword() with a used link = %v, want NotFound", err)
		}
	})
}

// TestSetupLinkAfterAnAccount makes the first account in another way while a link for the first administrator is out.
func TestSetupLinkAfterAnAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), db.Open(t)
		link, _, err := s.SetupLink(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddAccount(ctx, "", ada, password); err != nil {
			t.Fatal(err)
		}
		if rowsHold(t, db, "SELECT token_hash, expires_at FROM setup_links", "") {
			t.Error("the link outlived the first account")
		}
		// As a server leaves it that looked for accounts before this one was there.
		if err := s.Exec(ctx, "INSERT INTO setup_links (token_hash, expires_at) VALUES (?, ?)", s.HashCode(link), time.Now().Add(time.Hour).UnixMilli()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SetUpFirst(ctx, link, "Eve", "eve@example.org", password); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("SetUpFirst() beside an account = %v, want NotFound", err)
		}
		if accounts, err := s.ListAccounts(ctx); err != nil || len(accounts) != 1 {
			t.Errorf("ListAccounts() = %v, %v, want Ada alone", accounts, err)
		}
	})
}

func TestSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, at := t.Context(), &clock{time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
		s := db.Open(t, storetest.Clock(at.Now))
		sessions := s.Sessions()
		const token = "token-of-a-browser"
		if _, found, err := sessions.FindCtx(ctx, token); found || err != nil {
			t.Errorf("FindCtx() of nothing = %v, %v", found, err)
		}
		data := []byte{0, 255, 1}
		if err := sessions.CommitCtx(ctx, token, data, at.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if got, found, err := sessions.FindCtx(ctx, token); !found || err != nil || string(got) != string(data) {
			t.Errorf("FindCtx() = %v, %v, %v, want what was kept", got, found, err)
		}
		if rowsHold(t, db, "SELECT token_hash, data FROM account_sessions", token) {
			t.Error("the token itself is in the database")
		}
		at.now = at.now.Add(30 * time.Minute)
		if err := sessions.CommitCtx(ctx, token, []byte("new"), at.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		at.now = at.now.Add(45 * time.Minute)
		if got, found, _ := sessions.FindCtx(ctx, token); !found || string(got) != "new" {
			t.Errorf("FindCtx() of a renewed session = %q, %v", got, found)
		}
		at.now = at.now.Add(time.Hour)
		if _, found, _ := sessions.FindCtx(ctx, token); found {
			t.Error("FindCtx() finds a session that has expired")
		}
		if err := s.SweepSessions(ctx); err != nil {
			t.Fatal(err)
		}
		if rowsHold(t, db, "SELECT token_hash, data FROM account_sessions", "") {
			t.Error("an expired session is still in the database")
		}
		if err := sessions.Commit(token, data, at.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := sessions.Delete(token); err != nil {
			t.Fatal(err)
		}
		if _, found, _ := sessions.Find(token); found {
			t.Error("Find() finds a session that was ended")
		}
	})
}

// rowsHold reports whether any row of a query on two texts contains part.
func rowsHold(t *testing.T, db storetest.Database, query, part string) bool {
	t.Helper()
	driver, source := "pgx", db.DSN
	if path, ok := strings.CutPrefix(db.DSN, "sqlite:"); ok {
		driver, source = "sqlite3", path
	}
	raw, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	rows, err := raw.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(a+" "+b, part) {
			return true
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return false
}

func TestAPIKeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), db.Open(t)
		storetest.LoadStudy(t, s)
		key, secret, err := s.AddKey(ctx, "", storetest.Study, "  the  trial's app ", surveys.SubmitScope)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.FindKey(ctx, secret)
		if err != nil || got != key || got.Name != "the trial's app" {
			t.Errorf("FindKey() = %+v, %v, want %+v", got, err, key)
		}
		if rowsHold(t, db, "SELECT key_hash, name FROM api_keys", secret) {
			t.Error("the key itself is in the database")
		}
		if _, _, err := s.AddKey(ctx, "", "none", "app", surveys.ReadScope); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("AddKey() for a study that is not there = %v, want NotFound", err)
		}
		for name, scope := range map[string]surveys.KeyScope{" ": surveys.ReadScope, strings.Repeat("x", 101): surveys.ReadScope, "app": 0} {
			if _, _, err := s.AddKey(ctx, "", storetest.Study, name, scope); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("AddKey(%.10q, %v) = %v, want Invalid", name, scope, err)
			}
		}
		if err := s.RevokeKey(ctx, "", key.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.RevokeKey(ctx, "", key.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("RevokeKey() a second time = %v, want NotFound", err)
		}
		for _, wrong := range []string{secret, "", "ww_"} {
			if _, err := s.FindKey(ctx, wrong); surveys.KindOf(err) != surveys.Unauthenticated {
				t.Errorf("FindKey() of a key that does not open = %v, want Unauthenticated", err)
			}
		}
		keys, err := s.ListKeys(ctx, "")
		if err != nil || len(keys) != 1 || keys[0].RevokedAt.IsZero() {
			t.Errorf("ListKeys() = %+v, %v, want the revoked key", keys, err)
		}
	})
}

func TestAuditTrail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, at := t.Context(), &clock{time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
		s := db.Open(t, storetest.Clock(at.Now))
		account, err := s.AddAccount(ctx, "", ada, password)
		if err != nil {
			t.Fatal(err)
		}
		storetest.LoadStudy(t, s)
		for range 3 {
			made, err := s.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease, Plan: "{}"})
			if err != nil {
				t.Fatal(err)
			}
			made.Manifest = "{}"
			if err := s.KeepRelease(ctx, made); err != nil {
				t.Fatal(err)
			}
		}
		at.now = at.now.Add(time.Minute)
		if err := s.RecordDownload(ctx, account.ID, storetest.Study, 3); err != nil {
			t.Fatal(err)
		}
		all, err := s.ListAudit(ctx, "", "", 100)
		if err != nil || len(all) < 4 {
			t.Fatalf("ListAudit() = %d entries, %v", len(all), err)
		}
		newest := all[0]
		if newest.Action != "release.download" || newest.By != account.ID || newest.Object != "3" || !newest.At.Equal(at.now) {
			t.Errorf("the newest entry is %+v", newest)
		}
		page, err := s.ListAudit(ctx, "", newest.ID, 1)
		if err != nil || len(page) != 1 || page[0].ID != all[1].ID {
			t.Errorf("ListAudit() before the newest = %+v, %v, want the second", page, err)
		}
		study, err := s.ListAudit(ctx, storetest.Study, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range study {
			if e.Study != storetest.Study {
				t.Errorf("one study's trail holds %+v", e)
			}
		}
		if len(study) == 0 || len(study) >= len(all) {
			t.Errorf("%d of %d entries are of the study", len(study), len(all))
		}
	})
}
