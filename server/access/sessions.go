package access

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// sessionLife is how long a browser keeps its session at most. How long an account stays signed in is for the sign-in that the
// session names; the session outlives it, so that a form which comes late is known to be of the same account.
const sessionLife = 24 * time.Hour

// secondStepLife is how long after the password the second step may come.
const secondStepLife = 10 * time.Minute

// Keys of what a session of the office or the desk holds: the sign-in that it rests on, and between password and second step
// whose password it was, what proves that, and until when it does.
const (
	sessionSignIn    = "sign-in"
	sessionPast      = "past-password"
	sessionPastProof = "past-password-proof"
	sessionPastUntil = "past-password-until"
)

// Sessions are the sessions of accounts, kept in the database.
type Sessions struct {
	*scs.SessionManager
	store *store.Store
	// Now is the clock.
	Now func() time.Time
	// WithoutFactor asks nobody to set a second step up.
	WithoutFactor bool
	// Ask shows the page on which somebody proves who they are before a form is carried out that they have sent: again, where
	// they are signed in, or by signing in. Nil means that such a form is refused.
	Ask func(c echo.Context, form Held, again bool) error
}

func NewSessions(kept *store.Store, secure bool, log *slog.Logger) *Sessions {
	m := scs.New()
	m.Store = kept.Sessions()
	m.Lifetime = sessionLife
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
	return &Sessions{SessionManager: m, store: kept, Now: time.Now}
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

// accountKey and signInKey are where the middleware leaves the signed-in account and its sign-in in an echo.Context.
const (
	accountKey = "account"
	signInKey  = "sign-in"
)

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

// SignInOf returns the sign-in of a request whose route is for accounts.
func SignInOf(c echo.Context) surveys.SignIn {
	signIn, _ := c.Get(signInKey).(surveys.SignIn)
	return signIn
}

// Only lets the roles of a group pass, to the studies and sites that are their business. Somebody who is not signed in is
// asked to sign in. For a practice, pages that are not its own do not exist, and for nobody do studies that they were not
// given; otherwise roles are told that theirs does not include the page.
func (s *Sessions) Only(a Group) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			account, signIn, err := s.find(c)
			if surveys.KindOf(err) == surveys.Unauthenticated {
				return s.askToSignIn(c, signIn)
			}
			if err != nil {
				return err
			}
			c.Set(accountKey, account)
			c.Set(signInKey, signIn)
			c.SetRequest(c.Request().WithContext(store.RestingOn(c.Request().Context(), surveys.Basis{Kind: surveys.OnSignIn, ID: string(signIn.ID)})))
			if a.Has(account) && (a.Named || sees(account, c)) {
				if s.WantsFactor(account) && !a.Unready && !s.Now().Before(account.FactorDue) {
					return askForFactor(c)
				}
				if a.Fresh {
					if fresh, err := s.WantFresh(c); !fresh {
						return err
					}
				}
				return next(c)
			}
			if err := s.store.NoteRefusal(c.Request().Context(), account.ID, "access.refuse", c.Request().Method+" "+c.Path(), Network(c)); err != nil {
				return err
			}
			switch {
			case a.Has(account), account.Role == surveys.Practice:
				return echo.ErrNotFound
			default:
				return surveys.Errorf(surveys.Forbidden, "Your role, %s, does not include this page.", account.Role.Label())
			}
		}
	}
}

// askForFactor leads somebody whose day of grace is over to where they set their second step up.
func askForFactor(c echo.Context) error {
	if c.Request().Method == http.MethodGet {
		return c.Redirect(http.StatusSeeOther, SecondStepPath)
	}
	return surveys.Errorf(surveys.Forbidden, "Your account needs a second step for signing in, so nothing was changed. Open “Your account” in another tab and set it up, then send this page once more.")
}

// SecondStepPath is where somebody sets their second step up.
const SecondStepPath = "/account/second-step"

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
	account, _, err := s.find(c)
	return account, err
}

// find also returns the sign-in, and that too of one which has come to its end.
func (s *Sessions) find(c echo.Context) (surveys.Account, surveys.SignIn, error) {
	ctx := c.Request().Context()
	id := s.GetString(ctx, sessionSignIn)
	if id == "" {
		return surveys.Account{}, surveys.SignIn{}, surveys.Errorf(surveys.Unauthenticated, "Please sign in.")
	}
	return s.store.SignedIn(ctx, surveys.SignInID(id))
}

// SignIn signs a browser in by e-mail address and password, under a new token, so that one which somebody planted is worth
// nothing. For an account that has a second step it only notes that the first is done: see PastPassword.
func (s *Sessions) SignIn(c echo.Context, email, password string) (account surveys.Account, second bool, err error) {
	ctx := c.Request().Context()
	account, proof, err := s.store.SignInFrom(ctx, s.knownAs(c), email, password)
	if surveys.KindOf(err) == surveys.Unauthenticated {
		if noted := s.store.NoteFailedSignIn(ctx, email, Network(c)); noted != nil {
			return account, false, noted
		}
	}
	if err != nil {
		return account, false, err
	}
	if account.Factor.IsZero() {
		return account, false, s.begin(c, account.ID, proof)
	}
	if err := s.RenewToken(ctx); err != nil {
		return account, true, err
	}
	s.Put(ctx, sessionPast, string(account.ID))
	s.Put(ctx, sessionPastProof, proof)
	s.Put(ctx, sessionPastUntil, s.Now().Add(secondStepLife).Unix())
	return account, true, nil
}

// PastPassword returns the account whose password was given in this browser a few minutes ago, and whose second step was not.
func (s *Sessions) PastPassword(c echo.Context) (surveys.Account, bool, error) {
	ctx := c.Request().Context()
	id := surveys.AccountID(s.GetString(ctx, sessionPast))
	if id == "" || s.Now().Unix() >= s.GetInt64(ctx, sessionPastUntil) {
		return surveys.Account{}, false, nil
	}
	account, err := s.store.FindAccount(ctx, id)
	return account, err == nil, err
}

// PastSecondStep signs the browser in to the account that PastPassword returns.
func (s *Sessions) PastSecondStep(c echo.Context, account surveys.Account) error {
	ctx := c.Request().Context()
	proof := s.GetString(ctx, sessionPastProof)
	for _, key := range []string{sessionPast, sessionPastProof, sessionPastUntil} {
		s.Remove(ctx, key)
	}
	return s.begin(c, account.ID, proof)
}

// WantsFactor reports whether an account has to set its second step up.
func (s *Sessions) WantsFactor(account surveys.Account) bool {
	return !s.WithoutFactor && account.Role.NeedsFactor() && account.Factor.IsZero()
}

func (s *Sessions) begin(c echo.Context, account surveys.AccountID, proof string) error {
	ctx := c.Request().Context()
	id, err := s.store.BeginSignIn(ctx, account, proof, Network(c))
	if err != nil {
		return err
	}
	if err := s.end(c); err != nil { // what this browser was signed in to before
		return err
	}
	s.rememberAs(c, s.store.KnowBrowser(s.knownAs(c), account))
	if err := s.RenewToken(ctx); err != nil {
		return err
	}
	s.Put(ctx, sessionSignIn, string(id))
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

// SignOut ends what the browser is signed in to, and its session.
func (s *Sessions) SignOut(c echo.Context) error {
	if err := s.end(c); err != nil {
		return err
	}
	return s.Destroy(c.Request().Context())
}

func (s *Sessions) end(c echo.Context) error {
	ctx := c.Request().Context()
	id := surveys.SignInID(s.GetString(ctx, sessionSignIn))
	if id == "" {
		return nil
	}
	account, _, err := s.store.SignedIn(ctx, id)
	if err == nil {
		err = s.store.EndSignIn(ctx, account.ID, account.ID, id)
	}
	if kind := surveys.KindOf(err); kind == surveys.Unauthenticated || kind == surveys.NotFound { // it has ended already
		return nil
	}
	return err
}

// OnDevice reports whether an account is signed in in this browser. A session that has expired counts too until somebody
// signs out, because the device is still the practice's.
func (s *Sessions) OnDevice(c echo.Context) bool {
	cookie, err := c.Cookie(s.Cookie.Name)
	return err == nil && cookie.Value != ""
}
