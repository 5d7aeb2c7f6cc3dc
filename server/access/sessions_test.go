package access_test

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

const password = "four quiet unrelated words"

// site is a server with four addresses: one signs in as ?as, one signs out, one says who is signed in, and one is for the
// team.
type site struct {
	t     *testing.T
	store *store.Store
	url   string
}

func newSite(t *testing.T) site {
	t.Helper()
	s := site{t: t, store: storetest.New(t)}
	sessions := access.NewSessions(s.store, false, slog.New(slog.DiscardHandler))
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.NoContent(page.TroubleOf(err).Status) }
	e.GET("/sign-in", func(c echo.Context) error { _, _, err := sessions.SignIn(c, c.QueryParam("as"), password); return err }, sessions.Keep)
	e.GET("/sign-out", func(c echo.Context) error { return sessions.SignOut(c) }, sessions.Keep)
	e.GET("/who", func(c echo.Context) error {
		account, err := sessions.Find(c)
		if err != nil {
			return err
		}
		if !sessions.OnDevice(c) {
			t.Error("OnDevice() = false for somebody who is signed in")
		}
		return c.String(http.StatusOK, account.Name)
	}, sessions.Keep)
	team := func(c echo.Context) error {
		if account, ok := access.SignedIn(c); !ok || account.ID != access.Account(c).ID || account.Role != surveys.Researcher {
			t.Errorf("SignedIn() = %+v, %v, want the researcher", account, ok)
		}
		return c.NoContent(http.StatusNoContent)
	}
	e.Match([]string{http.MethodGet, http.MethodPost}, "/team", team, sessions.Keep, sessions.Only(access.Team))
	running := httptest.NewServer(e)
	t.Cleanup(running.Close)
	s.url = running.URL
	return s
}

// account adds an account and returns the address that signs in to it.
func (s site) account(role surveys.Role) (surveys.Account, string) {
	s.t.Helper()
	n := surveys.NewAccount{Email: role.String() + "@example.org", Name: "The " + role.String(), Role: role, Grant: surveys.Grant{Every: true}}
	if role == surveys.Practice {
		n.Study, n.Site = storetest.Study, "north"
	}
	account, err := s.store.AddAccount(s.t.Context(), "", n, password)
	if err != nil {
		s.t.Fatal(err)
	}
	return account, "/sign-in?as=" + url.QueryEscape(account.Email)
}

// browser keeps cookies and follows no redirects.
func (s site) browser() func(method, path string) *http.Response {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return func(method, path string) *http.Response {
		s.t.Helper()
		req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, nil)
		if err != nil {
			s.t.Fatal(err)
		}
		reply, err := client.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		_ = reply.Body.Close() // only the head is looked at
		return reply
	}
}

func TestOnly(t *testing.T) {
	s := newSite(t)
	storetest.LoadStudy(t, s.store)
	tests := []struct {
		giveRole surveys.Role
		want     int
	}{
		{surveys.Researcher, http.StatusNoContent},
		{surveys.Auditor, http.StatusForbidden},
		{surveys.Practice, http.StatusNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.giveRole.String(), func(t *testing.T) {
			_, signIn := s.account(tt.giveRole)
			ask := s.browser()
			ask(http.MethodGet, signIn)
			if got := ask(http.MethodGet, "/team").StatusCode; got != tt.want {
				t.Errorf("status %d, want %d", got, tt.want)
			}
		})
	}
}

func TestOnlyAsksToSignIn(t *testing.T) {
	ask := newSite(t).browser()
	reply := ask(http.MethodGet, "/team?wave=later")
	if got, want := reply.Header.Get("Location"), "/sign-in?next=%2Fteam%3Fwave%3Dlater"; reply.StatusCode != http.StatusSeeOther || got != want {
		t.Errorf("GET leads to %q with %d, want %q with 303", got, reply.StatusCode, want)
	}
	if got := ask(http.MethodPost, "/team").StatusCode; got != http.StatusUnauthorized { // a redirect would lose the form
		t.Errorf("POST: status %d, want 401", got)
	}
}

func TestSignIn(t *testing.T) {
	s := newSite(t)
	account, signIn := s.account(surveys.Researcher)
	ask := s.browser()
	if got := ask(http.MethodGet, "/sign-in?as=nobody@example.org").StatusCode; got != http.StatusUnauthorized {
		t.Errorf("an unknown account: status %d, want 401", got)
	}
	first := token(t, ask(http.MethodGet, signIn))
	if got := ask(http.MethodGet, "/who").StatusCode; got != http.StatusOK {
		t.Errorf("after signing in: status %d, want 200", got)
	}
	if second := token(t, ask(http.MethodGet, signIn)); second == first {
		t.Error("signing in kept the token, which somebody may have planted")
	}
	if err := s.store.DisableAccount(t.Context(), "", account.ID); err != nil {
		t.Fatal(err)
	}
	if got := ask(http.MethodGet, "/who").StatusCode; got != http.StatusUnauthorized {
		t.Errorf("a disabled account: status %d, want 401", got)
	}
}

func TestSignOut(t *testing.T) {
	s := newSite(t)
	_, signIn := s.account(surveys.Researcher)
	ask := s.browser()
	ask(http.MethodGet, signIn)
	ask(http.MethodGet, "/sign-out")
	if got := ask(http.MethodGet, "/who").StatusCode; got != http.StatusUnauthorized {
		t.Errorf("after signing out: status %d, want 401", got)
	}
}

// token returns the session token that a reply sets.
func token(t *testing.T, reply *http.Response) string {
	t.Helper()
	for _, cookie := range reply.Cookies() {
		if cookie.Name == "ww_account" {
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
				t.Errorf("the cookie is %v, want it out of the reach of scripts and other sites", cookie)
			}
			return cookie.Value
		}
	}
	t.Fatalf("status %d without a session cookie", reply.StatusCode)
	return ""
}

func TestSecureCookie(t *testing.T) {
	sessions := access.NewSessions(storetest.New(t), true, slog.Default())
	if got := sessions.Cookie; got.Name != "__Host-ww_account" || !got.Secure || got.Persist {
		t.Errorf("the cookie over https is %+v", got)
	}
	c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder())
	if sessions.OnDevice(c) {
		t.Error("OnDevice() = true for a browser without a cookie")
	}
	c.Request().AddCookie(&http.Cookie{Name: "__Host-ww_account", Value: "expired"})
	if !sessions.OnDevice(c) {
		t.Error("OnDevice() = false for a session that has expired, want true until somebody signs out")
	}
}
