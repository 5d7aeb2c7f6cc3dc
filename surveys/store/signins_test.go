package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// signedIn returns a store with an account of a role that is signed in, and the clock.
func signedIn(t *testing.T, db storetest.Database, role surveys.Role) (s signInTest) {
	t.Helper()
	s.clock = &clock{time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	s.t, s.trial = t, &trial{t: t, Store: db.Open(t, storetest.Clock(s.clock.Now))}
	storetest.LoadStudy(t, s.Store)
	n := surveys.NewAccount{Name: "Bea", Email: "bea@example.org", Role: role}
	if role == surveys.Practice {
		n.Study, n.Site = storetest.Study, "north"
	}
	var err error
	if s.account, err = s.AddAccount(t.Context(), "", n, password); err != nil {
		t.Fatal(err)
	}
	s.id = s.begin(password)
	return s
}

type signInTest struct {
	*trial
	t       *testing.T
	clock   *clock
	account surveys.Account
	id      surveys.SignInID
}

func (s signInTest) begin(password string) surveys.SignInID {
	s.t.Helper()
	_, proof, err := s.SignIn(s.t.Context(), s.account.Email, password)
	if err != nil {
		s.t.Fatal(err)
	}
	id, err := s.BeginSignIn(s.t.Context(), s.account.ID, proof, "192.0.2.0/24")
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s signInTest) wants(what string, id surveys.SignInID, lives bool) {
	s.t.Helper()
	if _, _, err := s.SignedIn(s.t.Context(), id); (err == nil) != lives || err != nil && surveys.KindOf(err) != surveys.Unauthenticated {
		s.t.Errorf("%s: SignedIn() = %v, want it to live: %v", what, err, lives)
	}
}

func TestSignInsEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s := signedIn(t, db, surveys.Researcher)
		for range 31 { // in use all the time, seven hours and three quarters
			s.clock.now = s.clock.now.Add(surveys.Researcher.Idle() - time.Millisecond)
			s.wants("in use", s.id, true)
		}
		s.clock.now = s.clock.now.Add(surveys.Researcher.Idle() - time.Millisecond)
		s.clock.now = s.clock.now.Add(time.Second)
		s.wants("after eight hours", s.id, false)
		_, last, _ := s.SignedIn(t.Context(), s.id)
		if last.Account != s.account.ID {
			t.Errorf("of a sign-in that came to its end it says %+v, want whose it was", last)
		}
		idle := s.begin(password)
		s.clock.now = s.clock.now.Add(surveys.Researcher.Idle())
		s.wants("idle for a quarter of an hour", idle, false)
		s.clock.now = s.clock.now.Add(2 * 24 * time.Hour)
		if err := s.SweepSessions(t.Context()); err != nil {
			t.Fatal(err)
		}
		if rowsHold(t, db, "SELECT id, network FROM sign_ins", "") {
			t.Error("sign-ins of the day before yesterday are still in the database")
		}
	})
}

func TestDesksStaySignedIn(t *testing.T) {
	s := signedIn(t, storetest.SQLite(t), surveys.Practice)
	s.clock.now = s.clock.now.Add(surveys.SignInLife - time.Second)
	s.wants("a desk nearly eight hours later", s.id, true)
	s.clock.now = s.clock.now.Add(time.Second)
	s.wants("a desk eight hours later", s.id, false)
}

func TestChangePassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), signedIn(t, db, surveys.Researcher)
		other := s.begin(password)
		for _, tt := range []struct{ present, next string }{
			{"not this one at all", "four other unrelated words"}, {password, "password1234"}, {password, "short"}, {password, "North-Practice-2026"}, {password, "Bea@example.org"},
		} {
			if err := s.ChangePassword(ctx, s.account.ID, s.id, tt.present, tt.next); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("ChangePassword(%q, %q) = %v, want Invalid", tt.present, tt.next, err)
			}
		}
		s.wants("after refusals", other, true)
		if err := s.ChangePassword(ctx, s.account.ID, s.id, password, "four other unrelated words"); err != nil {
			t.Fatal(err)
		}
		s.wants("the browser that changed the password", s.id, true)
		s.wants("another browser", other, false)
		if _, _, err := s.SignIn(ctx, s.account.Email, password); surveys.KindOf(err) != surveys.Unauthenticated {
			t.Errorf("SignIn() with the old password = %v, want Unauthenticated", err)
		}
		s.begin("four other unrelated words")
	})
}

// Whoever sits at a browser that is signed in gets no further at its password than a stranger, and reads what they can do.
func TestPresentPasswordIsCounted(t *testing.T) {
	s := signedIn(t, storetest.SQLite(t), surveys.Researcher)
	for i := range 10 {
		if err := s.CheckPresentPassword(t.Context(), s.account.ID, "wrong"); surveys.KindOf(err) != surveys.Invalid {
			t.Fatalf("wrong password %d: %v, want Invalid", i+1, err)
		}
	}
	err := s.CheckPresentPassword(t.Context(), s.account.ID, password)
	if surveys.KindOf(err) != surveys.TooMany || strings.Contains(err.Error(), "e-mail") {
		t.Errorf("the password after ten wrong ones: %v, want TooMany without advice about signing in", err)
	}
	if _, _, err := s.SignIn(t.Context(), s.account.Email, "wrong"); surveys.KindOf(err) != surveys.Unauthenticated {
		t.Errorf("signing in after that: %v, want it counted apart", err)
	}
}

func TestEndSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), signedIn(t, db, surveys.Researcher)
		administrator, err := s.AddAccount(ctx, "", ada, password)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.EndSignIn(ctx, administrator.ID, administrator.ID, s.id); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("EndSignIn() of somebody else as one's own = %v, want NotFound", err)
		}
		s.wants("not ended", s.id, true)
		if list, err := s.ListSignIns(ctx, administrator.ID); err != nil || len(list) != 0 {
			t.Errorf("ListSignIns() of somebody else = %+v, %v", list, err)
		}
		list, err := s.ListSignIns(ctx, "")
		if err != nil || len(list) != 1 || list[0].ID != s.id || list[0].Network != "192.0.2.0/24" {
			t.Errorf("ListSignIns() = %+v, %v, want the one", list, err)
		}
		if err := s.EndSignIn(ctx, administrator.ID, "", s.id); err != nil {
			t.Fatal(err)
		}
		s.wants("ended", s.id, false)
	})
}

func TestRefusalsAreBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), signedIn(t, db, surveys.Researcher)
		count := func() (n int, last surveys.AuditEntry) {
			entries, err := s.ListAudit(ctx, "", "", 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.Action == "session.refuse" {
					n++
					if n == 1 {
						last = e
					}
				}
			}
			return n, last
		}
		for range 15 {
			s.clock.now = s.clock.now.Add(time.Second)
			if err := s.NoteFailedSignIn(ctx, s.account.Email, "192.0.2.0/24"); err != nil {
				t.Fatal(err)
			}
		}
		if n, last := count(); n != 10 || !strings.HasPrefix(last.Detail, "192.0.2.0/24, and no more") || last.Object != string(s.account.ID) {
			t.Errorf("fifteen refusals left %d entries, the last %+v, want ten that say so", n, last)
		}
		if err := s.NoteFailedSignIn(ctx, "nobody@example.org", "192.0.2.0/24"); err != nil {
			t.Fatal(err)
		}
		if n, last := count(); n != 11 || last.Object != "" {
			t.Errorf("a refusal of another kind left %+v of %d, want an entry that names nobody", last, n)
		}
		s.clock.now = s.clock.now.Add(time.Hour)
		if err := s.NoteFailedSignIn(ctx, s.account.Email, "192.0.2.0/24"); err != nil {
			t.Fatal(err)
		}
		if n, _ := count(); n != 12 {
			t.Errorf("an hour later there are %d entries, want one more", n)
		}
	})
}

// What ends an account's sign-ins also ends what was about to become one: a password that was given before, whose second step
// comes only then. A sign-in that makes the change itself goes on.
func TestWhatEndsSignIns(t *testing.T) {
	const other = "seven slow brown herons"
	tests := []struct {
		name  string
		end   func(ctx context.Context, s signInTest) error
		lives bool // the sign-in that did it
	}{
		{"disabled and enabled again", func(ctx context.Context, s signInTest) error {
			if err := s.DisableAccount(ctx, "", s.account.ID); err != nil {
				return err
			}
			return s.EnableAccount(ctx, "", s.account.ID)
		}, false},
		{"the second step was reset", func(ctx context.Context, s signInTest) error { return s.ResetFactors(ctx, "", s.account.ID) }, false},
		{"a passkey was added", func(ctx context.Context, s signInTest) error {
			_, err := s.AddPasskey(ctx, s.account.ID, s.id, surveys.Passkey{ID: "a", Name: "Laptop", Credential: "{}"})
			return err
		}, true},
		{"a passkey was removed", func(ctx context.Context, s signInTest) error {
			if _, err := s.AddPasskey(ctx, s.account.ID, s.id, surveys.Passkey{ID: "b", Name: "Phone", Credential: "{}"}); err != nil {
				return err
			}
			return s.RemovePasskey(ctx, s.account.ID, s.id, "a")
		}, true},
		{"an app was added", func(ctx context.Context, s signInTest) error {
			secret, err := s.PendingAuthenticator(ctx, s.account.ID)
			if err != nil {
				return err
			}
			_, err = s.ConfirmAuthenticator(ctx, s.account.ID, s.id, appCode(s.t, secret, s.clock.now))
			return err
		}, true},
		{"there are new recovery codes", func(ctx context.Context, s signInTest) error {
			_, err := s.NewRecoveryCodes(ctx, s.account.ID, s.id)
			return err
		}, true},
		{"another password", func(ctx context.Context, s signInTest) error {
			return s.ChangePassword(ctx, s.account.ID, s.id, password, other)
		}, true},
	}
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s := signedIn(t, db, surveys.Researcher)
		for _, tt := range tests {
			_, proof, err := s.SignIn(t.Context(), s.account.Email, password)
			if err != nil {
				t.Fatal(err)
			}
			begin := func() surveys.SignInID {
				id, err := s.BeginSignIn(t.Context(), s.account.ID, proof, "192.0.2.0/24")
				if err != nil {
					t.Fatalf("%s: %v", tt.name, err)
				}
				return id
			}
			s.id = begin()
			elsewhere := begin()
			if err := tt.end(t.Context(), s); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			s.wants(tt.name+", elsewhere", elsewhere, false)
			s.wants(tt.name+", here", s.id, tt.lives)
			if _, err := s.BeginSignIn(t.Context(), s.account.ID, proof, "192.0.2.0/24"); surveys.KindOf(err) != surveys.Unauthenticated {
				t.Errorf("%s: BeginSignIn() with the password of before = %v, want Unauthenticated", tt.name, err)
			}
		}
	})
}
