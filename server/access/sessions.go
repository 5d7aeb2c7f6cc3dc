package access

import (
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"wellwave/server/page"
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

// Sessions are the sessions of accounts, kept in the database.
type Sessions struct {
	*scs.SessionManager
	store *store.Store
}

func NewSessions(kept *store.Store, secure bool, log *slog.Logger) *Sessions {
	m := scs.New()
	m.Store = kept.Sessions()
	m.IdleTimeout = sessionIdle
	m.Lifetime = sessionLifetime
	m.Cookie.Name = "ww_account"
	if secure {
		m.Cookie.Name = "__Host-" + m.Cookie.Name
		m.Cookie.Secure = true
	}
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false // so that a shared PC forgets it when the browser closes
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		log.Error("keep session", "error", err)
		http.Error(w, page.OursMessage, http.StatusServiceUnavailable)
	}
	return &Sessions{m, kept}
}

// Keep reads the browser's session before the handler and keeps it after. It also answers errors, so that a session that was
// ended or renewed before the error is kept too.
func (s *Sessions) Keep(next echo.HandlerFunc) echo.HandlerFunc {
	return echo.WrapMiddleware(s.LoadAndSave)(func(c echo.Context) error {
		if err := next(c); err != nil {
			c.Error(err)
		}
		return nil
	})
}

// accountKey is where the middleware leaves the signed-in account in an echo.Context.
const accountKey = "account"

// SignedIn returns the account of this request, if it has one.
func SignedIn(c echo.Context) (surveys.Account, bool) {
	account, ok := c.Get(accountKey).(surveys.Account)
	return account, ok
}

// Account returns the account of a request whose route is for accounts.
func Account(c echo.Context) surveys.Account {
	account, _ := SignedIn(c)
	return account
}

// Only lets the roles of a group pass, to the studies and sites that are their business. Somebody who is not signed in is
// asked to sign in. For a practice, pages that are not its own do not exist, and for nobody do studies that they were not
// given; otherwise roles are told that theirs does not include the page.
func (s *Sessions) Only(a Group) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			account, err := s.Find(c)
			if surveys.KindOf(err) == surveys.Unauthenticated {
				return s.askToSignIn(c)
			}
			if err != nil {
				return err
			}
			c.Set(accountKey, account)
			switch {
			case a.Has(account) && (a.Named || sees(account, c)):
				return next(c)
			case a.Has(account), account.Role == surveys.Practice:
				return echo.ErrNotFound
			default:
				return surveys.Errorf(surveys.Forbidden, "Your role, %s, does not include this page.", account.Role.Label())
			}
		}
	}
}

// sees reports whether the study and site of an address, if it has them, are the account's business.
func sees(account surveys.Account, c echo.Context) bool {
	study, site := surveys.StudyID(c.Param("study")), surveys.SiteID(c.Param("site"))
	switch {
	case study == "":
		return true
	case site == "":
		return account.SeesStudy(study)
	default:
		return account.SeesSite(study, site)
	}
}

// Find returns the account that this browser is signed in to.
func (s *Sessions) Find(c echo.Context) (surveys.Account, error) {
	ctx := c.Request().Context()
	id := s.GetString(ctx, sessionAccount)
	if id == "" {
		return surveys.Account{}, surveys.Errorf(surveys.Unauthenticated, "Please sign in.")
	}
	return s.store.SignedIn(ctx, surveys.AccountID(id), s.GetString(ctx, sessionProof))
}

// SignIn signs a browser in under a new token, so that one which somebody planted is worth nothing.
func (s *Sessions) SignIn(c echo.Context, email, password string) error {
	ctx := c.Request().Context()
	known := s.knownAs(c)
	account, proof, err := s.store.SignInFrom(ctx, known, email, password)
	if err != nil {
		return err
	}
	s.rememberAs(c, s.store.KnowBrowser(known, account.ID))
	if err := s.RenewToken(ctx); err != nil {
		return err
	}
	s.Put(ctx, sessionAccount, string(account.ID))
	s.Put(ctx, sessionProof, proof)
	return nil
}

// knownLife is how long a browser is known for an account after somebody has signed in there.
const knownLife = 180 * 24 * time.Hour

func (s *Sessions) knownName() string {
	if s.Cookie.Secure {
		return "__Host-ww_known"
	}
	return "ww_known"
}

// knownAs returns what the browser says of the accounts that it has signed in to before.
func (s *Sessions) knownAs(c echo.Context) string {
	cookie, err := c.Cookie(s.knownName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// rememberAs lets the browser say at the next sign-in that there was one before. It opens nothing: whoever guesses at an
// account elsewhere then uses up nobody's attempts here.
func (s *Sessions) rememberAs(c echo.Context, known string) {
	c.SetCookie(&http.Cookie{Name: s.knownName(), Value: known, Path: "/", MaxAge: int(knownLife.Seconds()), Secure: s.Cookie.Secure, HttpOnly: true,
		SameSite: http.SameSiteLaxMode})
}

// OnDevice reports whether an account is signed in in this browser. A session that has expired counts too until somebody
// signs out, because the device is still the practice's.
func (s *Sessions) OnDevice(c echo.Context) bool {
	cookie, err := c.Cookie(s.Cookie.Name)
	return err == nil && cookie.Value != ""
}

// askToSignIn leads to the sign-in page, and from there back to the page that was asked for.
func (s *Sessions) askToSignIn(c echo.Context) error {
	if c.Request().Method != http.MethodGet {
		return surveys.Errorf(surveys.Unauthenticated, "You are no longer signed in, so nothing was changed. Sign in again in another tab, then send this page once more.")
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request().URL.RequestURI()))
}
