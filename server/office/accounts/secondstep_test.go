package accounts_test

import (
	"encoding/base32"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

var (
	secretOnPage = regexp.MustCompile(`Secret: <span class="ww-code">([A-Z2-7 ]+)<`)
	codeOnPage   = regexp.MustCompile(`<li><span class="ww-code">([A-Z0-9-]+)<`)
)

// app is an authenticator app at an office whose clock moves.
type app struct {
	t      *testing.T
	secret string
	now    func() time.Time
}

// shows is the code of the app when its clock is off by so much.
func (a app) shows(off time.Duration) string {
	a.t.Helper()
	code, err := totp.GenerateCode(a.secret, a.now().Add(off))
	if err != nil {
		a.t.Fatal(err)
	}
	return code
}

// newApp sets an app up for whoever is signed in, and returns their recovery codes too.
func newApp(t *testing.T, b *servertest.Client, now func() time.Time) (a app, codes []string) {
	t.Helper()
	page := b.Get("/account/second-step")
	servertest.WantStatus(t, "the page to set a second step up", page, http.StatusOK)
	found := secretOnPage.FindStringSubmatch(page.Body)
	if found == nil {
		t.Fatalf("the page has no secret:\n%s", servertest.Excerpt(page.Body))
	}
	a = app{t, strings.ReplaceAll(found[1], " ", ""), now}
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(a.secret); err != nil {
		t.Fatal(err)
	}
	shown := b.Post("/account/second-step", url.Values{"one-time": {a.shows(0)}})
	servertest.WantStatus(t, "the first code", shown, http.StatusOK)
	for _, code := range codeOnPage.FindAllStringSubmatch(shown.Body, -1) {
		codes = append(codes, code[1])
	}
	if len(codes) != surveys.RecoveryCodes {
		t.Fatalf("%d recovery codes are shown:\n%s", len(codes), servertest.Excerpt(shown.Body))
	}
	return a, codes
}

func TestSecondStepIsSetUpWithinADay(t *testing.T) {
	o, pass := later(t)
	o.Account(surveys.Researcher)
	o.Account(surveys.Practice)
	signIn := func(email string) (*servertest.Client, servertest.Reply) {
		b := o.Client()
		return b, b.Post("/sign-in", url.Values{"email": {email}, "password": {servertest.Password}, "next": {"/office/studies/trial"}})
	}
	b, got := signIn("researcher@example.org")
	if to := got.Header.Get("Location"); to != "/account/second-step?next=%2Foffice%2Fstudies%2Ftrial" {
		t.Errorf("the first sign-in leads to %q, want the second step", to)
	}
	servertest.WantText(t, "within the day", b.Get(got.Header.Get("Location")), "You can do without until", `href="/office/studies/trial">Do it later`)
	servertest.WantStatus(t, "within the day", b.Get("/office"), http.StatusOK)
	pass(25 * time.Hour)
	b, _ = signIn("researcher@example.org")
	if got := b.Get("/office"); got.Header.Get("Location") != "/account/second-step" {
		t.Errorf("after the day the office answers %d to %q, want the second step", got.Status, got.Header.Get("Location"))
	}
	servertest.WantStatus(t, "a change after the day", b.Post("/office/load", url.Values{"source": {"x"}}), http.StatusForbidden)
	servertest.WantStatus(t, "one's own account after the day", b.Get("/account"), http.StatusSeeOther)
	newApp(t, b, func() time.Time { return storetest.Start.Add(25 * time.Hour) })
	servertest.WantStatus(t, "with a second step", b.Get("/office"), http.StatusOK)
	if _, got := signIn("practice@example.org"); got.Header.Get("Location") != "/office/studies/trial" {
		t.Errorf("a practice is led to %q, want on", got.Header.Get("Location"))
	}
}

func TestSecondStepOfSigningIn(t *testing.T) {
	now := storetest.Start
	o := servertest.NewOfficeAt(t, func() time.Time { return now }, server.Config{})
	storetest.LoadStudy(t, o.Store)
	account := o.Account(surveys.DataManager)
	first := o.Client()
	first.SignIn(account.Email, servertest.Password)
	phone, codes := newApp(t, first, func() time.Time { return now })
	now = now.Add(time.Hour)

	b := o.Client()
	password := url.Values{"email": {account.Email}, "password": {servertest.Password}, "next": {"/office/studies/trial"}}
	servertest.WantText(t, "after the password", b.Post("/sign-in", password), "The second step", "Code from your authenticator app")
	if got := b.Get("/office"); !strings.HasPrefix(got.Header.Get("Location"), "/sign-in") {
		t.Errorf("between the steps the office answers %d to %q, want to be asked", got.Status, got.Header.Get("Location"))
	}
	for code, says := range map[string]string{"": "Type a code", "000000": "not the code", phone.shows(-2 * time.Minute): "about 2 minutes behind", "HJKM-2345-WXYA": "recovery code is not one"} {
		got := b.Post("/sign-in/second", url.Values{"one-time": {code}, "next": {"/office/studies/trial"}})
		if got.Status != http.StatusUnauthorized && got.Status != http.StatusBadRequest {
			t.Errorf("the code %q: status %d", code, got.Status)
		}
		servertest.WantText(t, "the code "+code, got, says)
	}
	right := phone.shows(30 * time.Second)
	if got := b.Post("/sign-in/second", url.Values{"one-time": {right}, "next": {"/office/studies/trial"}}); got.Header.Get("Location") != "/office/studies/trial" {
		t.Errorf("a right code: status %d to %q\n%s", got.Status, got.Header.Get("Location"), servertest.Excerpt(got.Body))
	}
	servertest.WantStatus(t, "signed in", b.Get("/office"), http.StatusOK)

	replay := o.Client()
	replay.Post("/sign-in", password)
	servertest.WantText(t, "the same code again", replay.Post("/sign-in/second", url.Values{"one-time": {right}}), "used before")
	if got := replay.Post("/sign-in/second", url.Values{"one-time": {codes[3]}}); got.Status != http.StatusSeeOther {
		t.Errorf("a recovery code: status %d", got.Status)
	}
	late := o.Client()
	late.Post("/sign-in", password)
	now = now.Add(11 * time.Minute)
	servertest.WantText(t, "too late", late.Post("/sign-in/second", url.Values{"one-time": {phone.shows(0)}}), "within ten minutes")
	servertest.WantText(t, "without a password", o.Client().Post("/sign-in/second", url.Values{"one-time": {phone.shows(0)}}), "within ten minutes")

	// What cannot be undone wants both steps anew.
	servertest.WantText(t, "to confirm", b.Get("/confirm"), "Code from your authenticator app")
	servertest.WantStatus(t, "the password alone", b.Post("/confirm", url.Values{"present": {servertest.Password}}), http.StatusBadRequest)
	servertest.WantStatus(t, "both", b.Post("/confirm", url.Values{"present": {servertest.Password}, "one-time": {phone.shows(0)}}), http.StatusSeeOther)
	servertest.WantText(t, "new codes", b.Post("/account/recovery-codes", nil), "They are not shown again")

	// An administrator helps whoever has lost everything.
	administrator := o.As(surveys.Administrator)
	at := "/office/accounts/" + string(account.ID) + "/second-step"
	servertest.WantText(t, "the account", administrator.Get("/office/accounts/"+string(account.ID)), "Take the second step away")
	servertest.WantText(t, "to take it away", administrator.Get(at), "call them on a number that you know")
	servertest.WantStatus(t, "taken away", administrator.Post(at, nil), http.StatusSeeOther)
	servertest.WantStatus(t, "signed out", b.Get("/office"), http.StatusSeeOther)
	if o.Audited("session.refuse-second") < 5 || o.Audited("factor.add") != 1 || o.Audited("factor.reset") != 1 || o.Audited("factor.use-code") != 1 {
		t.Errorf("%d refused second steps, %d added, %d reset are audited", o.Audited("session.refuse-second"), o.Audited("factor.add"), o.Audited("factor.reset"))
	}
}

// In the demonstration nobody is asked, everybody may try it, and nobody is shut out by it.
func TestSecondStepInTheDemonstration(t *testing.T) {
	o := servertest.NewOfficeAt(t, time.Now, server.Config{Demo: true})
	account := o.Account(surveys.Researcher)
	b := o.Client()
	if got := b.Post("/sign-in", url.Values{"email": {account.Email}, "password": {servertest.Password}}); got.Header.Get("Location") != "/home" {
		t.Errorf("signing in leads to %q, want home", got.Header.Get("Location"))
	}
	newApp(t, b, time.Now)
	other := o.Client()
	servertest.WantText(t, "the next visitor", other.Post("/sign-in", url.Values{"email": {account.Email}, "password": {servertest.Password}}), "Go on without it")
	if got := other.Post("/sign-in/second", url.Values{"skip": {"yes"}}); got.Status != http.StatusSeeOther {
		t.Errorf("going on without it: status %d", got.Status)
	}
	servertest.WantStatus(t, "signed in", other.Get("/office"), http.StatusOK)
}

// Elsewhere the second step cannot be left out by asking for it.
func TestSecondStepCannotBeSkipped(t *testing.T) {
	o := servertest.NewOffice(t)
	account := o.Account(surveys.Researcher)
	b := o.Client()
	b.SignIn(account.Email, servertest.Password)
	newApp(t, b, time.Now)
	other := o.Client()
	other.Post("/sign-in", url.Values{"email": {account.Email}, "password": {servertest.Password}})
	servertest.WantStatus(t, "skipping it", other.Post("/sign-in/second", url.Values{"skip": {"yes"}}), http.StatusBadRequest)
	for _, path := range []string{"/office", "/account", "/home", "/account/second-step"} {
		if got := other.Get(path); !strings.HasPrefix(got.Header.Get("Location"), "/sign-in") {
			t.Errorf("%s between the steps: status %d to %q", path, got.Status, got.Header.Get("Location"))
		}
	}
}

// A new password, chosen by the link that an administrator made, leaves the second step as it was.
// To change the second step itself, somebody has to prove that it is they.
func TestNewPasswordKeepsTheSecondStep(t *testing.T) {
	o, pass := later(t)
	account, administrator := o.Account(surveys.Researcher), o.As(surveys.Administrator)
	b := o.Client()
	b.SignIn(account.Email, servertest.Password)
	newApp(t, b, func() time.Time { return storetest.Start })
	pass(11 * time.Minute)
	for _, path := range []string{"/account/recovery-codes", "/account/second-step", "/account/passkeys"} {
		servertest.WantStatus(t, path, b.Post(path, url.Values{"one-time": {"000000"}, "name": {"Laptop"}}), http.StatusForbidden)
	}
	link := setupLink(t, administrator.Post("/office/accounts/"+string(account.ID)+"/link", nil))
	other := o.Client()
	servertest.WantText(t, "after the new password", other.Post(link, url.Values{"password": {"four entirely different words"}}), "Code from your authenticator app")
	if got := other.Get("/office"); !strings.HasPrefix(got.Header.Get("Location"), "/sign-in") {
		t.Errorf("without the second step the office answers %d to %q", got.Status, got.Header.Get("Location"))
	}
}

// What a role may not ask for is in the trail with who asked, and so is a study that an account was not given.
func TestRefusalsAreInTheTrail(t *testing.T) {
	o, _ := later(t)
	storetest.LoadOther(t, o.Store)
	interviewer, practice := o.As(surveys.Interviewer), o.As(surveys.Practice)
	servertest.WantStatus(t, "a role", interviewer.Get("/office/audit"), http.StatusForbidden)
	servertest.WantStatus(t, "another site", practice.Get("/desk/sites/trial/south"), http.StatusNotFound)
	servertest.WantStatus(t, "another study", practice.Post("/desk/sites/other/north/enrol", nil), http.StatusNotFound)
	if n := o.Audited("access.refuse"); n != 3 {
		t.Errorf("%d refusals are in the trail, want 3", n)
	}
}
