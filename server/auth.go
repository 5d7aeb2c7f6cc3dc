package server

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

// How long somebody stays signed in: without a request, and altogether.
const (
	sessionIdle     = time.Hour
	sessionLifetime = 12 * time.Hour
)

// Keys of what a session of the office or the desk holds.
const (
	sessionAccount = "account"
	sessionProof   = "proof"
)

func newSessions(kept *store.Sessions, secure bool, log *slog.Logger) *scs.SessionManager {
	m := scs.New()
	m.Store = kept
	m.IdleTimeout = sessionIdle
	m.Lifetime = sessionLifetime
	m.Cookie.Name = "ww_account"
	if secure {
		m.Cookie.Name = "__Host-" + m.Cookie.Name
		m.Cookie.Secure = true
	}
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false // a shared PC forgets it when the browser closes
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		log.Error("keep session", "error", err)
		http.Error(w, oursMessage, http.StatusServiceUnavailable)
	}
	return m
}

// withSession reads the browser's session before the handler and keeps it after. Errors are answered within, so that a
// session which they ended or renewed is kept too.
func (s *Server) withSession(next echo.HandlerFunc) echo.HandlerFunc {
	return echo.WrapMiddleware(s.sessions.LoadAndSave)(func(c echo.Context) error {
		if err := next(c); err != nil {
			c.Error(err)
		}
		return nil
	})
}

// access says for whom a route is. The zero value is for nobody, and a table that holds it does not start.
type access struct {
	name    string
	roles   []surveys.Role // for accounts of these roles; none for whom the handler itself knows
	session bool           // the handler needs the session of an account, signed in or not
}

// The audiences of routes that need no account. Participants, tablets and programs prove who they are in their own ways, which
// the handlers check.
var (
	everybody    = access{name: "everybody"}
	participants = access{name: "participants"}
	programs     = access{name: "programs"}
	kiosks       = access{name: "kiosks", session: true}
	signingIn    = access{name: "signing in", session: true}
)

// The audiences of accounts.
var (
	anyAccount = accounts("any account", surveys.Roles()...)
	readers    = accounts("readers", surveys.Administrator, surveys.Researcher, surveys.DataManager, surveys.Auditor)
	team       = accounts("team", surveys.Administrator, surveys.Researcher, surveys.DataManager)
	releasers  = accounts("releasers", surveys.Administrator, surveys.DataManager)
	alerted    = accounts("alerted", surveys.AlertRoles()...)
	alertable  = accounts("alertable", append(surveys.AlertRoles(), surveys.Auditor)...)
	auditors   = accounts("auditors", surveys.Administrator, surveys.Auditor)
	admins     = accounts("administrators", surveys.Administrator)
	enterers   = accounts("enterers", surveys.Interviewer, surveys.DataEntry)
	desk       = accounts("desk", surveys.Administrator, surveys.Practice, surveys.Interviewer, surveys.DataEntry)
)

// kioskKeepers set tablets up and revoke them.
var kioskKeepers = accounts("kiosk keepers", surveys.Administrator, surveys.Practice)

func accounts(name string, roles ...surveys.Role) access {
	return access{name: name, roles: roles, session: true}
}

// accountKey is where the middleware leaves the signed-in account in an echo.Context.
const accountKey = "account"

// signedInAccount returns the account of this request, if it has one.
func signedInAccount(c echo.Context) (surveys.Account, bool) {
	account, ok := c.Get(accountKey).(surveys.Account)
	return account, ok
}

// accountOf returns the account of a request whose route is for accounts.
func accountOf(c echo.Context) surveys.Account {
	account, _ := signedInAccount(c)
	return account
}

// only lets the roles of a pass. Somebody who is not signed in is asked to. A practice is told of pages that are not its
// own that they do not exist; other roles, that they are not theirs.
func (s *Server) only(a access) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			account, err := s.readSession(c)
			if surveys.KindOf(err) == surveys.Unauthenticated {
				return s.askToSignIn(c)
			}
			if err != nil {
				return err
			}
			c.Set(accountKey, account)
			switch {
			case slices.Contains(a.roles, account.Role):
				return next(c)
			case account.Role == surveys.Practice:
				return echo.ErrNotFound
			default:
				return surveys.Errorf(surveys.Forbidden, "Your role, %s, does not include this page.", roleLabel(account.Role))
			}
		}
	}
}

// readSession returns the account that this browser is signed in to.
func (s *Server) readSession(c echo.Context) (surveys.Account, error) {
	ctx := c.Request().Context()
	id := s.sessions.GetString(ctx, sessionAccount)
	if id == "" {
		return surveys.Account{}, surveys.Errorf(surveys.Unauthenticated, "Please sign in.")
	}
	return s.store.SignedIn(ctx, surveys.AccountID(id), s.sessions.GetString(ctx, sessionProof))
}

// askToSignIn leads to the sign-in page, and from there back here where that is a page.
func (s *Server) askToSignIn(c echo.Context) error {
	if c.Request().Method != http.MethodGet {
		return surveys.Errorf(surveys.Unauthenticated, "You are no longer signed in, so nothing was changed. Sign in again in another tab, then send this page once more.")
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request().URL.RequestURI()))
}

// home is where an account begins.
func home(account surveys.Account) string {
	if slices.Contains(readers.roles, account.Role) {
		return "/office"
	}
	if account.Role == surveys.DataEntry {
		return entryPath
	}
	return "/desk"
}

// signInPage asks for e-mail address and password.
type signInPage struct {
	basePage
	Next     string
	Email    textField
	Password textField
	SignIns  []DemoSignIn
}

func (*signInPage) template() string { return "office/sign-in" }

func (s *Server) newSignInPage(email, next string) *signInPage {
	p := &signInPage{basePage: plainBase("Sign in"), Next: next, SignIns: s.signIns}
	p.Office, p.Narrow = true, true
	p.Email = textField{ID: "email", Label: "E-mail address", Type: "email", Value: email, Autocomplete: "username"}
	p.Password = textField{ID: "password", Label: "Password", Type: "password", Autocomplete: "current-password"}
	return p
}

// showSignIn handles GET /sign-in.
func (s *Server) showSignIn(c echo.Context) error {
	if account, err := s.readSession(c); err == nil {
		return c.Redirect(http.StatusSeeOther, home(account))
	}
	return s.pages.page(c, http.StatusOK, s.newSignInPage("", ownPath(c.QueryParam("next"))))
}

type signInForm struct {
	Email    string `form:"email" validate:"required"`
	Password string `form:"password" validate:"required,max=1024"`
	Next     string `form:"next"`
}

// signIn handles POST /sign-in.
func (s *Server) signIn(c echo.Context) error {
	var form signInForm
	err := s.bind(c, &form)
	if err == nil {
		err = s.startSession(c, form.Email, form.Password)
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Unauthenticated {
		p := s.newSignInPage(form.Email, ownPath(form.Next))
		p.Errors = showErrors(err, &p.Email, &p.Password)
		return s.pages.page(c, kindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	next := ownPath(form.Next)
	if next == "" {
		next = "/home"
	}
	return c.Redirect(http.StatusSeeOther, next)
}

// startSession signs a browser in under a new token, so that one which somebody planted is worth nothing.
func (s *Server) startSession(c echo.Context, email, password string) error {
	ctx := c.Request().Context()
	account, proof, err := s.store.SignIn(ctx, email, password)
	if err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionAccount, string(account.ID))
	s.sessions.Put(ctx, sessionProof, proof)
	c.SetCookie(s.endedCookie()) // whoever signs in must not find a participant's page open
	return nil
}

// signOut handles POST /sign-out.
func (s *Server) signOut(c echo.Context) error {
	if err := s.sessions.Destroy(c.Request().Context()); err != nil {
		return err
	}
	c.SetCookie(s.endedCookie())
	return c.Redirect(http.StatusSeeOther, "/sign-in")
}

// goHome handles GET /home.
func (s *Server) goHome(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, home(accountOf(c)))
}

// ownPath returns a path of this server that may be redirected to, or nothing.
func ownPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t") {
		return ""
	}
	return path
}

// setUpPage sets the password of an account, or makes the first administrator.
type setUpPage struct {
	basePage
	Action   string
	First    bool
	For      string
	Fields   []textField
	Password textField
}

func (*setUpPage) template() string { return "office/set-up" }

// newSetUpPage builds the page of a link that still opens.
func (s *Server) newSetUpPage(c echo.Context, form setUpForm) (*setUpPage, error) {
	setUp, err := s.store.FindSetupLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return nil, err
	}
	title := "Set your password"
	if setUp.First {
		title = "Set up wellwave"
	}
	p := &setUpPage{basePage: plainBase(title), First: setUp.First, Action: c.Request().URL.Path}
	p.Office, p.Narrow = true, true
	if setUp.First {
		p.Fields = []textField{
			{ID: "name", Label: "Your name", Value: form.Name, Autocomplete: "name"},
			{ID: "email", Label: "Your e-mail address", Type: "email", Value: form.Email, Autocomplete: "username"},
		}
	} else {
		p.For = setUp.Account.Name + ", " + setUp.Account.Email
	}
	p.Password = textField{ID: "password", Label: "Password", Type: "password", Autocomplete: "new-password",
		Hint: "At least 12 characters. Three or four unrelated words make a good password."}
	return p, nil
}

type setUpForm struct {
	Name     string `form:"name"`
	Email    string `form:"email"`
	Password string `form:"password"`
}

// showSetUp handles GET /set-up/:token. Opening the link does not use it up.
func (s *Server) showSetUp(c echo.Context) error {
	p, err := s.newSetUpPage(c, setUpForm{})
	if err != nil {
		return err
	}
	return s.pages.page(c, http.StatusOK, p)
}

// setUp handles POST /set-up/:token and signs the new account in.
func (s *Server) setUp(c echo.Context) error {
	var form setUpForm
	if err := s.bind(c, &form); err != nil {
		return err
	}
	p, err := s.newSetUpPage(c, form)
	if err != nil {
		return err
	}
	account, err := s.finishSetUp(c.Request().Context(), p.First, c.Param("token"), form)
	if surveys.KindOf(err) == surveys.Invalid {
		p.Errors = showErrors(err, append(pointers(p.Fields), &p.Password)...)
		return s.pages.page(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	if err := s.startSession(c, account.Email, form.Password); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, home(account))
}

func (s *Server) finishSetUp(ctx context.Context, first bool, token string, form setUpForm) (surveys.Account, error) {
	if first {
		return s.store.SetUpFirst(ctx, token, form.Name, form.Email, form.Password)
	}
	return s.store.SetPassword(ctx, token, form.Password)
}

func pointers(fields []textField) []*textField {
	all := make([]*textField, len(fields))
	for i := range fields {
		all[i] = &fields[i]
	}
	return all
}
