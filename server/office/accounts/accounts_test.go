package accounts_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestFirstSetUp(t *testing.T) {
	o := servertest.NewOffice(t)
	token, needed, err := o.Store.SetupLink(t.Context())
	if err != nil || !needed {
		t.Fatalf("SetupLink() = %v, %v, want a link", needed, err)
	}
	b := o.Client()
	path := "/set-up/" + token
	servertest.WantText(t, "the page", b.Get(path), "first administrator", `autocomplete="new-password"`)
	r := b.Post(path, url.Values{"name": {"Ada"}, "email": {"ada"}, "password": {"short"}})
	servertest.WantStatus(t, "a poor account", r, http.StatusBadRequest)
	servertest.WantText(t, "a poor account", r, "at least 12 characters", "Enter an e-mail address", `href="#password"`, `value="ada"`)
	if strings.Contains(r.Body, `value="short"`) {
		t.Error("the password is sent back")
	}
	for _, password := range []string{"ada@example.org", "Ada Lovelace of London"} {
		servertest.WantStatus(t, "a password that is "+password, b.Post(path, url.Values{"name": {"Ada Lovelace of London"}, "email": {"ada@example.org"}, "password": {password}}), http.StatusBadRequest)
	}
	r = b.Post(path, url.Values{"name": {"Ada"}, "email": {"Ada@Example.org"}, "password": {servertest.Password}})
	servertest.WantStatus(t, "a good account", r, http.StatusSeeOther)
	servertest.WantStatus(t, "the office", b.Get("/office"), http.StatusOK)
	servertest.WantStatus(t, "the link again", o.Client().Get(path), http.StatusNotFound)
	servertest.WantStatus(t, "the link again", o.Client().Post(path, url.Values{"name": {"Eve"}, "email": {"eve@example.org"}, "password": {servertest.Password}}), http.StatusNotFound)
	if _, needed, err := o.Store.SetupLink(t.Context()); err != nil || needed {
		t.Errorf("SetupLink() afterwards = %v, %v, want none needed", needed, err)
	}
	if o.Audited("account.create") != 1 {
		t.Error("the first account is not in the audit trail")
	}
}

func TestSignIn(t *testing.T) {
	o := servertest.NewOffice(t)
	account := o.Account(surveys.Researcher)
	b := o.Client()
	unknown := b.Post("/sign-in", url.Values{"email": {"nobody@example.org"}, "password": {servertest.Password}})
	wrong := b.Post("/sign-in", url.Values{"email": {account.Email}, "password": {"three unrelated worms"}})
	servertest.WantStatus(t, "unknown e-mail", unknown, http.StatusUnauthorized)
	servertest.WantStatus(t, "wrong password", wrong, http.StatusUnauthorized)
	if strings.ReplaceAll(unknown.Body, "nobody@example.org", account.Email) != wrong.Body {
		t.Error("an unknown e-mail address reads differently from a wrong password")
	}
	servertest.WantStatus(t, "nothing typed", b.Post("/sign-in", nil), http.StatusBadRequest)

	r := b.Get("/office/studies/trial/monitor?wave=later")
	if got, want := r.Header.Get("Location"), "/sign-in?next=%2Foffice%2Fstudies%2Ftrial%2Fmonitor%3Fwave%3Dlater"; got != want {
		t.Errorf("a page without a session leads to %q, want %q", got, want)
	}
	form := url.Values{"email": {strings.ToUpper(account.Email)}, "password": {servertest.Password}, "next": {"//evil.example"}}
	r = b.Post("/sign-in", form)
	if got := r.Header.Get("Location"); r.Status != http.StatusSeeOther || got != "/account/second-step" {
		t.Errorf("sign-in with a next page elsewhere: %d %q, want 303 to one's own second step", r.Status, got)
	}
	cookies := r.Header.Values("Set-Cookie")
	cookie := cookies[slices.IndexFunc(cookies, func(c string) bool { return strings.HasPrefix(c, "ww_account=") })]
	for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
	if r := b.Get("/home"); r.Header.Get("Location") != "/office" {
		t.Errorf("a researcher begins at %q, want /office", r.Header.Get("Location"))
	}
	servertest.WantStatus(t, "signed in", b.Get("/office"), http.StatusOK)
	servertest.WantStatus(t, "sign-out", b.Post("/sign-out", nil), http.StatusSeeOther)
	servertest.WantStatus(t, "signed out", b.Get("/office"), http.StatusSeeOther)
	if o.Audited("account.sign-in") != 1 {
		t.Errorf("%d sign-ins in the audit trail, want 1", o.Audited("account.sign-in"))
	}
	for _, secret := range []string{account.Email, "nobody@example.org", servertest.Password, "127.0.0.1"} {
		if strings.Contains(strings.ToLower(o.Log.String()), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestSessionsEndWithTheAccountsRight(t *testing.T) {
	o := servertest.NewOffice(t)
	admin := o.As(surveys.Administrator)
	researcher := o.Account(surveys.Researcher)
	b := o.Client()
	b.SignIn(researcher.Email, servertest.Password)
	at := "/office/accounts/" + string(researcher.ID)

	servertest.WantText(t, "the question", admin.Get(at+"/disable"), "signed out at once", "Cancel")
	servertest.WantStatus(t, "asking alone", b.Get("/office"), http.StatusOK)
	servertest.WantStatus(t, "disable", admin.Post(at+"/disable", nil), http.StatusSeeOther)
	servertest.WantStatus(t, "disabled", b.Get("/office"), http.StatusSeeOther)
	servertest.WantStatus(t, "sign in while disabled", b.Post("/sign-in", url.Values{"email": {researcher.Email}, "password": {servertest.Password}}), http.StatusUnauthorized)
	servertest.WantStatus(t, "enable", admin.Post(at+"/enable", nil), http.StatusSeeOther)
	b.SignIn(researcher.Email, servertest.Password)

	link := setupLink(t, admin.Post(at+"/link", nil))
	servertest.WantStatus(t, "until the new password is set", b.Get("/office"), http.StatusOK)
	other := o.Client()
	servertest.WantText(t, "the link", other.Get(link), "Choose a password for The researcher")
	servertest.WantStatus(t, "new password", other.Post(link, url.Values{"password": {"four entirely different words"}}), http.StatusSeeOther)
	servertest.WantStatus(t, "the session of the old password", b.Get("/office"), http.StatusSeeOther)
	servertest.WantStatus(t, "the session of the new password", other.Get("/office"), http.StatusOK)
	for _, action := range []string{"account.disable", "account.enable", "account.new-link", "account.set-password"} {
		if o.Audited(action) != 1 {
			t.Errorf("%s is in the audit trail %d times, want once", action, o.Audited(action))
		}
	}
}

// setupLink finds the path of the link on a page that hands it over.
func setupLink(t *testing.T, r servertest.Reply) string {
	t.Helper()
	link := regexp.MustCompile(`http://study\.example\.org(/set-up/[\w-]+)`).FindStringSubmatch(r.Body)
	if link == nil {
		t.Fatalf("no set-up link on the page (status %d)\n%s", r.Status, servertest.Excerpt(r.Body))
	}
	return link[1]
}

func TestAccounts(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	admin := o.As(surveys.Administrator)
	r := admin.Post("/office/accounts/new", url.Values{"name": {"Reception"}, "email": {"desk@example.org"}, "role": {"practice"}})
	servertest.WantStatus(t, "a practice without a site", r, http.StatusBadRequest)
	servertest.WantText(t, "a practice without a site", r, "Choose the practice", `href="#site"`)
	r = admin.Post("/office/accounts/new", url.Values{"name": {""}, "email": {"desk"}, "role": {"emperor"}})
	servertest.WantStatus(t, "nothing right", r, http.StatusBadRequest)
	servertest.WantText(t, "nothing right", r, "Enter a name", "Enter an e-mail address", "Choose a role")
	form := url.Values{"name": {"Reception"}, "email": {"desk@example.org"}, "role": {"practice"}, "site": {"trial/north"}}
	link := setupLink(t, admin.Post("/office/accounts/new", form))
	servertest.WantStatus(t, "the same again", admin.Post("/office/accounts/new", form), http.StatusConflict)
	b := o.Client()
	r = b.Post(link, url.Values{"password": {servertest.Password}})
	if r.Status != http.StatusSeeOther || r.Header.Get("Location") != "/desk" {
		t.Errorf("a practice that set its password goes to %d %q, want 303 /desk", r.Status, r.Header.Get("Location"))
	}
	if got := b.Get("/desk").Header.Get("Location"); got != "/desk/sites/trial/north" {
		t.Errorf("its desk is at %q, want its own site's", got)
	}
	servertest.WantText(t, "the list", admin.Get("/office/accounts"), "desk@example.org", "trial / north")
	self := admin.Get("/office/accounts").Body
	own := regexp.MustCompile(`/office/accounts/(\w{32})">The administrator`).FindStringSubmatch(self)
	if own == nil {
		t.Fatal("the administrator is not in the list")
	}
	servertest.WantStatus(t, "disabling oneself", admin.Post("/office/accounts/"+own[1]+"/disable", nil), http.StatusBadRequest)
}
