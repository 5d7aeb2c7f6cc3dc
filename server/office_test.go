package server

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestAPracticeSeesItsOwnSiteAlone(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	people := storetest.Enrol(t, o.store, 2) // north, south
	b := o.as(surveys.Practice)
	own, other := "/desk/people/"+string(people[0]), "/desk/people/"+string(people[1])
	wantStatus(t, "own site", b.get("/desk/sites/trial/north"), http.StatusOK)
	wantStatus(t, "own person", b.get(own), http.StatusOK)
	missing := b.get("/desk/people/nobody")
	for _, path := range []string{"/desk/sites/trial/south", "/desk/sites/trial/south/enrol", "/desk/sites/other/north", other,
		other + "/baseline/outcome"} {
		r := b.get(path)
		wantStatus(t, path, r, http.StatusNotFound)
		if strings.Contains(r.body, "P00002") {
			t.Errorf("%s names the person of another site", path)
		}
	}
	wantStatus(t, "somebody who is not there", missing, http.StatusNotFound)
	for _, path := range []string{"/desk/sites/trial/south/enrol", other + "/baseline/link", other + "/baseline/outcome", other + "/baseline/undo"} {
		wantStatus(t, "POST "+path, b.post(path, url.Values{"label": {"S-1"}, "reason": {"refusal/declined"}}), http.StatusNotFound)
	}
	if n := o.audited("invitation.create"); n != 0 {
		t.Errorf("%d invitations made for another site's person, want none", n)
	}
}

func TestFirstSetUp(t *testing.T) {
	o := newOffice(t)
	token, needed, err := o.store.SetupLink(t.Context())
	if err != nil || !needed {
		t.Fatalf("SetupLink() = %v, %v, want a link", needed, err)
	}
	b := o.client()
	path := "/set-up/" + token
	wantText(t, "the page", b.get(path), "first administrator", `autocomplete="new-password"`)
	r := b.post(path, url.Values{"name": {"Ada"}, "email": {"ada"}, "password": {"short"}})
	wantStatus(t, "a poor account", r, http.StatusBadRequest)
	wantText(t, "a poor account", r, "at least 12 characters", "Enter an e-mail address", `href="#password"`, `value="ada"`)
	if strings.Contains(r.body, `value="short"`) {
		t.Error("the password is sent back")
	}
	for _, password := range []string{"ada@example.org", "Ada Lovelace of London"} {
		wantStatus(t, "a password that is "+password, b.post(path, url.Values{"name": {"Ada Lovelace of London"}, "email": {"ada@example.org"}, "password": {password}}), http.StatusBadRequest)
	}
	r = b.post(path, url.Values{"name": {"Ada"}, "email": {"Ada@Example.org"}, "password": {testPassword}})
	wantStatus(t, "a good account", r, http.StatusSeeOther)
	wantStatus(t, "the office", b.get("/office"), http.StatusOK)
	wantStatus(t, "the link again", o.client().get(path), http.StatusNotFound)
	wantStatus(t, "the link again", o.client().post(path, url.Values{"name": {"Eve"}, "email": {"eve@example.org"}, "password": {testPassword}}), http.StatusNotFound)
	if _, needed, err := o.store.SetupLink(t.Context()); err != nil || needed {
		t.Errorf("SetupLink() afterwards = %v, %v, want none needed", needed, err)
	}
	if o.audited("account.create") != 1 {
		t.Error("the first account is not in the audit trail")
	}
}

func TestSignIn(t *testing.T) {
	o := newOffice(t)
	account := o.account(surveys.Researcher)
	b := o.client()
	unknown := b.post("/sign-in", url.Values{"email": {"nobody@example.org"}, "password": {testPassword}})
	wrong := b.post("/sign-in", url.Values{"email": {account.Email}, "password": {"three unrelated worms"}})
	wantStatus(t, "unknown e-mail", unknown, http.StatusUnauthorized)
	wantStatus(t, "wrong password", wrong, http.StatusUnauthorized)
	if strings.ReplaceAll(unknown.body, "nobody@example.org", account.Email) != wrong.body {
		t.Error("an unknown e-mail address reads differently from a wrong password")
	}
	wantStatus(t, "nothing typed", b.post("/sign-in", nil), http.StatusBadRequest)

	r := b.get("/office/studies/trial/monitor?wave=later")
	if got, want := r.header.Get("Location"), "/sign-in?next=%2Foffice%2Fstudies%2Ftrial%2Fmonitor%3Fwave%3Dlater"; got != want {
		t.Errorf("a page without a session leads to %q, want %q", got, want)
	}
	form := url.Values{"email": {strings.ToUpper(account.Email)}, "password": {testPassword}, "next": {"//evil.example"}}
	r = b.post("/sign-in", form)
	if got := r.header.Get("Location"); r.status != http.StatusSeeOther || got != "/home" {
		t.Errorf("sign-in with a next page elsewhere: %d %q, want 303 /home", r.status, got)
	}
	cookies := r.header.Values("Set-Cookie")
	cookie := cookies[slices.IndexFunc(cookies, func(c string) bool { return strings.HasPrefix(c, "ww_account=") })]
	for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
	if r := b.get("/home"); r.header.Get("Location") != "/office" {
		t.Errorf("a researcher begins at %q, want /office", r.header.Get("Location"))
	}
	wantStatus(t, "signed in", b.get("/office"), http.StatusOK)
	wantStatus(t, "sign-out", b.post("/sign-out", nil), http.StatusSeeOther)
	wantStatus(t, "signed out", b.get("/office"), http.StatusSeeOther)
	if o.audited("account.sign-in") != 1 {
		t.Errorf("%d sign-ins in the audit trail, want 1", o.audited("account.sign-in"))
	}
	for _, secret := range []string{account.Email, "nobody@example.org", testPassword, "127.0.0.1"} {
		if strings.Contains(strings.ToLower(o.log.String()), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestSessionsEndWithTheAccountsRight(t *testing.T) {
	o := newOffice(t)
	admin := o.as(surveys.Administrator)
	researcher := o.account(surveys.Researcher)
	b := o.client()
	b.signIn(researcher.Email, testPassword)
	at := "/office/accounts/" + string(researcher.ID)

	wantText(t, "the question", admin.get(at+"/disable"), "signed out at once", "Cancel")
	wantStatus(t, "asking alone", b.get("/office"), http.StatusOK)
	wantStatus(t, "disable", admin.post(at+"/disable", nil), http.StatusSeeOther)
	wantStatus(t, "disabled", b.get("/office"), http.StatusSeeOther)
	wantStatus(t, "sign in while disabled", b.post("/sign-in", url.Values{"email": {researcher.Email}, "password": {testPassword}}), http.StatusUnauthorized)
	wantStatus(t, "enable", admin.post(at+"/enable", nil), http.StatusSeeOther)
	b.signIn(researcher.Email, testPassword)

	link := setupLink(t, admin.post(at+"/link", nil))
	wantStatus(t, "until the new password is set", b.get("/office"), http.StatusOK)
	other := o.client()
	wantText(t, "the link", other.get(link), "Choose a password for The researcher")
	wantStatus(t, "new password", other.post(link, url.Values{"password": {"four entirely different words"}}), http.StatusSeeOther)
	wantStatus(t, "the session of the old password", b.get("/office"), http.StatusSeeOther)
	wantStatus(t, "the session of the new password", other.get("/office"), http.StatusOK)
	for _, action := range []string{"account.disable", "account.enable", "account.new-link", "account.set-password"} {
		if o.audited(action) != 1 {
			t.Errorf("%s is in the audit trail %d times, want once", action, o.audited(action))
		}
	}
}

// setupLink finds the path of the link on a page that hands it over.
func setupLink(t *testing.T, r reply) string {
	t.Helper()
	link := regexp.MustCompile(`http://study\.example\.org(/set-up/[\w-]+)`).FindStringSubmatch(r.body)
	if link == nil {
		t.Fatalf("no set-up link on the page (status %d)\n%s", r.status, excerpt(r.body))
	}
	return link[1]
}

func TestAccounts(t *testing.T) {
	o := newOffice(t)
	storetest.LoadStudy(t, o.store)
	admin := o.as(surveys.Administrator)
	r := admin.post("/office/accounts/new", url.Values{"name": {"Reception"}, "email": {"desk@example.org"}, "role": {"practice"}})
	wantStatus(t, "a practice without a site", r, http.StatusBadRequest)
	wantText(t, "a practice without a site", r, "Choose the practice", `href="#site"`)
	r = admin.post("/office/accounts/new", url.Values{"name": {""}, "email": {"desk"}, "role": {"emperor"}})
	wantStatus(t, "nothing right", r, http.StatusBadRequest)
	wantText(t, "nothing right", r, "Enter a name", "Enter an e-mail address", "Choose a role")
	form := url.Values{"name": {"Reception"}, "email": {"desk@example.org"}, "role": {"practice"}, "site": {"trial/north"}}
	link := setupLink(t, admin.post("/office/accounts/new", form))
	wantStatus(t, "the same again", admin.post("/office/accounts/new", form), http.StatusConflict)
	b := o.client()
	r = b.post(link, url.Values{"password": {testPassword}})
	if r.status != http.StatusSeeOther || r.header.Get("Location") != "/desk" {
		t.Errorf("a practice that set its password goes to %d %q, want 303 /desk", r.status, r.header.Get("Location"))
	}
	if got := b.get("/desk").header.Get("Location"); got != "/desk/sites/trial/north" {
		t.Errorf("its desk is at %q, want its own site's", got)
	}
	wantText(t, "the list", admin.get("/office/accounts"), "desk@example.org", "trial / north")
	self := admin.get("/office/accounts").body
	own := regexp.MustCompile(`/office/accounts/(\w{32})">The administrator`).FindStringSubmatch(self)
	if own == nil {
		t.Fatal("the administrator is not in the list")
	}
	wantStatus(t, "disabling oneself", admin.post("/office/accounts/"+own[1]+"/disable", nil), http.StatusBadRequest)
}
