package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// appCode is what an authenticator app with the secret shows at a time.
func appCode(t *testing.T, secret []byte, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(surveys.SecretText(secret), at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// withApp returns an account that is signed in and has an authenticator, its secret, and its recovery codes.
func withApp(t *testing.T, db storetest.Database) (s signInTest, secret []byte, codes []string) {
	t.Helper()
	ctx := t.Context()
	s = signedIn(t, db, surveys.Researcher)
	secret, err := s.PendingAuthenticator(ctx, s.account.ID)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.PendingAuthenticator(ctx, s.account.ID); err != nil || string(again) != string(secret) {
		t.Errorf("PendingAuthenticator() again = %x, %v, want the same", again, err)
	}
	if _, err := s.ConfirmAuthenticator(ctx, s.account.ID, "", "000000"); surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("ConfirmAuthenticator() of a wrong code = %v, want Invalid", err)
	}
	if account, err := s.FindAccount(ctx, s.account.ID); err != nil || !account.Factor.IsZero() {
		t.Errorf("after a wrong code there is a second step: %+v, %v", account, err)
	}
	if codes, err = s.ConfirmAuthenticator(ctx, s.account.ID, "", appCode(t, secret, s.clock.now)); err != nil || len(codes) != surveys.RecoveryCodes {
		t.Fatalf("ConfirmAuthenticator() = %v, %v, want ten codes", codes, err)
	}
	return s, secret, codes
}

// refusedWith fails the test unless a code is refused in words that hold part.
func (s signInTest) refusedWith(what, code, part string) {
	s.t.Helper()
	err := s.CheckFactorCode(s.t.Context(), s.account.ID, code)
	if err == nil || !strings.Contains(err.Error(), part) {
		s.t.Errorf("%s: CheckFactorCode() = %v, want it refused with %q", what, err, part)
	}
}

func TestAuthenticator(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, secret, _ := withApp(t, db)
		ctx, step := t.Context(), 30*time.Second
		account, err := s.FindAccount(ctx, s.account.ID)
		if err != nil || account.Factor.IsZero() {
			t.Errorf("FindAccount() = %+v, %v, want a second step", account, err)
		}
		s.refusedWith("the code that set it up", appCode(t, secret, s.clock.now), "used before")
		for _, off := range []time.Duration{0, step, -step} { // one step of difference either way
			s.clock.now = s.clock.now.Add(5 * time.Minute)
			code := appCode(t, secret, s.clock.now.Add(off))
			if err := s.CheckFactorCode(ctx, s.account.ID, code[:3]+" "+code[3:]); err != nil {
				t.Errorf("a code %v off: %v", off, err)
			}
			s.refusedWith("the same code again", code, "used before")
		}
		if rowsHold(t, db, "SELECT secret, secret FROM authenticators", surveys.SecretText(secret)) || rowsHold(t, db, "SELECT secret, secret FROM authenticators", string(secret)) {
			t.Error("the secret lies unsealed in the database")
		}
	})
}

// An authenticator whose clock is two minutes off gets a sentence with the way out, and no code of it works before or after.
func TestAuthenticatorWithAWrongClock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, secret, codes := withApp(t, db)
		ctx := t.Context()
		s.clock.now = s.clock.now.Add(time.Hour)
		s.refusedWith("two minutes behind", appCode(t, secret, s.clock.now.Add(-2*time.Minute)), "about 2 minutes behind")
		ahead := appCode(t, secret, s.clock.now.Add(2*time.Minute))
		s.refusedWith("two minutes ahead", ahead, "about 2 minutes ahead")
		s.refusedWith("a second code of a time to come", appCode(t, secret, s.clock.now.Add(3*time.Minute)), "is wrong")
		if err := s.CheckFactorCode(ctx, s.account.ID, codes[0]); err != nil { // the way out
			t.Errorf("a recovery code: %v", err)
		}
		s.clock.now = s.clock.now.Add(2 * time.Minute)
		s.refusedWith("the code whose time was told", ahead, "used before")
		if err := s.CheckFactorCode(ctx, s.account.ID, appCode(t, secret, s.clock.now.Add(30*time.Second))); err != nil {
			t.Errorf("the code after it: %v", err)
		}
	})
}

func TestRecoveryCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, _, codes := withApp(t, db)
		ctx := t.Context()
		if rowsHold(t, db, "SELECT code_hash, account_id FROM recovery_codes", strings.ReplaceAll(codes[0], "-", "")) {
			t.Error("a recovery code itself is in the database")
		}
		other, err := s.AddAccount(ctx, "", ada, password)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.NewRecoveryCodes(ctx, other.ID, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.CheckFactorCode(ctx, other.ID, codes[0]); surveys.KindOf(err) != surveys.Unauthenticated {
			t.Errorf("a code of another account = %v, want it refused", err)
		}
		for _, code := range codes {
			if err := s.CheckFactorCode(ctx, s.account.ID, strings.ToLower(strings.ReplaceAll(code, "-", " "))); err != nil {
				t.Errorf("a recovery code: %v", err)
			}
			if code == codes[0] {
				s.refusedWith("the same code again", code, "used before")
			}
		}
		s.refusedWith("all used", codes[0], "ask an administrator")
		renewed, err := s.NewRecoveryCodes(ctx, s.account.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		s.refusedWith("an old code beside new ones", codes[0], "used before")
		if err := s.CheckFactorCode(ctx, s.account.ID, renewed[9]); err != nil {
			t.Errorf("a new code: %v", err)
		}
		if f, err := s.Factors(ctx, s.account.ID); err != nil || f.CodesLeft != 9 {
			t.Errorf("Factors() = %+v, %v, want nine codes left", f, err)
		}
	})
}

// Guessing is held up, also for the right code, until the wait is over.
func TestGuessingCodes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, secret, codes := withApp(t, db)
		ctx := t.Context()
		s.clock.now = s.clock.now.Add(time.Hour)
		for range 5 {
			s.refusedWith("a guess", "000000", "not the code")
		}
		if err := s.CheckFactorCode(ctx, s.account.ID, codes[0]); surveys.KindOf(err) != surveys.Closed {
			t.Errorf("a right code after five guesses = %v, want Closed", err)
		}
		s.clock.now = s.clock.now.Add(surveys.PINWait(5))
		if err := s.CheckFactorCode(ctx, s.account.ID, appCode(t, secret, s.clock.now)); err != nil {
			t.Errorf("a right code after the wait: %v", err)
		}
		s.refusedWith("the first guess after a right one", "000000", "not the code")
	})
}

func TestResetFactors(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, secret, codes := withApp(t, db)
		ctx := t.Context()
		if err := s.ResetFactors(ctx, "", "nobody"); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("ResetFactors() of nobody = %v, want NotFound", err)
		}
		if err := s.ResetFactors(ctx, "", s.account.ID); err != nil {
			t.Fatal(err)
		}
		s.wants("after the reset", s.id, false)
		s.refusedWith("a code of before", codes[0], "All recovery codes")
		s.refusedWith("the app of before", appCode(t, secret, s.clock.now.Add(time.Minute)), "no authenticator app")
		s.clock.now = s.clock.now.Add(48 * time.Hour)
		account, _, err := s.SignedIn(ctx, s.begin(password))
		if err != nil || !account.Factor.IsZero() || !account.FactorDue.Equal(s.clock.now.Add(surveys.FactorGrace)) {
			t.Errorf("after the reset the account is %+v, %v, want a new day of grace", account, err)
		}
	})
}

func TestPasskeys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), signedIn(t, db, surveys.Researcher)
		if _, err := s.AddPasskey(ctx, s.account.ID, "", surveys.Passkey{ID: "a", Name: " ", Credential: "{}"}); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("AddPasskey() without a name = %v, want Invalid", err)
		}
		codes, err := s.AddPasskey(ctx, s.account.ID, "", surveys.Passkey{ID: "a", Name: "Laptop", Credential: "{}"})
		if err != nil || len(codes) != surveys.RecoveryCodes {
			t.Fatalf("AddPasskey() = %v, %v, want ten codes", codes, err)
		}
		if _, err := s.AddPasskey(ctx, s.account.ID, "", surveys.Passkey{ID: "a", Name: "Laptop", Credential: "{}"}); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("AddPasskey() of a known one = %v, want Conflict", err)
		}
		if err := s.RemovePasskey(ctx, s.account.ID, "", "a"); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("RemovePasskey() of the only second step = %v, want Conflict", err)
		}
		if codes, err = s.AddPasskey(ctx, s.account.ID, "", surveys.Passkey{ID: "b", Name: "Phone", Credential: "{}"}); err != nil || codes != nil {
			t.Errorf("AddPasskey() of a second = %v, %v, want no new codes", codes, err)
		}
		if err := s.UsePasskey(ctx, s.account.ID, surveys.Passkey{ID: "b", Credential: `{"used":1}`}); err != nil {
			t.Fatal(err)
		}
		if err := s.RemovePasskey(ctx, s.account.ID, "", "a"); err != nil {
			t.Fatal(err)
		}
		f, err := s.Factors(ctx, s.account.ID)
		if err != nil || len(f.Passkeys) != 1 || f.Passkeys[0].Credential != `{"used":1}` || f.Passkeys[0].UsedAt.IsZero() {
			t.Errorf("Factors() = %+v, %v, want the second as it was used", f, err)
		}
		if err := s.RemoveAuthenticator(ctx, s.account.ID, ""); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("RemoveAuthenticator() of none = %v, want NotFound", err)
		}
	})
}
