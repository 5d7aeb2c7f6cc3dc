package accounts

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
)

// secondStep is what the partial second-step asks with: a code, or a passkey by a button.
type secondStep struct {
	Code     page.TextField
	Question string // for a passkey of the account, where it has one
	NoCode   bool   // the account has no authenticator, so the field is for recovery codes alone
}

// newSecondStep asks an account for its second step.
func (h *SigningIn) newSecondStep(c echo.Context, account surveys.Account) (s secondStep, err error) {
	factors, err := h.store.Factors(c.Request().Context(), account.ID)
	if err != nil {
		return s, err
	}
	if s.Question, err = h.passkeys.ask(c, account, factors.Passkeys); err != nil {
		return s, err
	}
	s.NoCode = !factors.Authenticator
	s.Code = page.TextField{ID: "one-time", Label: "Code from your authenticator app", Autocomplete: "one-time-code", Class: "ww-input--code",
		Hint: "Six digits. Without the app, type one of your recovery codes instead."}
	if s.NoCode {
		s.Code.Label, s.Code.Hint = "Recovery code", "Only if your passkey is not at hand. Each works once."
	}
	return s, nil
}

// secondStepForm is what the partial second-step sends, of which the two fields stand in each form that has it: only the
// exported fields of a form itself are bound.
type secondStepForm struct{ Code, Credential string }

// checkSecond takes an account's second step. It fails with Invalid or Unauthenticated for one that does not do, and with
// Closed while none is looked at.
func (h *SigningIn) checkSecond(c echo.Context, account surveys.Account, form secondStepForm) error {
	ctx := c.Request().Context()
	err := h.trySecond(c, account, form)
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Unauthenticated {
		if noted := h.store.NoteRefusal(ctx, "", "session.refuse-second", string(account.ID), access.Network(c)); noted != nil {
			return noted
		}
	}
	return err
}

func (h *SigningIn) trySecond(c echo.Context, account surveys.Account, form secondStepForm) error {
	ctx := c.Request().Context()
	if form.Credential == "" || h.passkeys == nil {
		if form.Code == "" {
			return &surveys.Error{Kind: surveys.Invalid, Message: "The second step is missing.", Fields: map[string]string{"one-time": "Type a code."}}
		}
		return h.store.CheckFactorCode(ctx, account.ID, form.Code)
	}
	factors, err := h.store.Factors(ctx, account.ID)
	if err != nil {
		return err
	}
	key, err := h.passkeys.read(c, account, factors.Passkeys, form.Credential)
	if err != nil {
		return err
	}
	return h.store.UsePasskey(ctx, account.ID, key)
}

// refusesSecond reports whether an error is for the page of the second step to say.
func refusesSecond(err error) (status int, ok bool) {
	switch kind := surveys.KindOf(err); kind {
	case surveys.Invalid, surveys.Unauthenticated:
		return page.KindStatus[kind], true
	case surveys.Closed:
		return http.StatusTooManyRequests, true
	default:
		return 0, false
	}
}

// secondPage asks for the second step of signing in.
type secondPage struct {
	page.Base
	Next   string
	Held   []page.HiddenField
	Second secondStep
	Demo   bool // may be left out
}

func (*secondPage) Template() string { return "office/second" }

// askSecond shows the page of the second step, to somebody whose password was right.
func (h *SigningIn) askSecond(c echo.Context, account surveys.Account, next string, held access.Held) error {
	p, err := h.secondPage(c, account, next, held)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *SigningIn) secondPage(c echo.Context, account surveys.Account, next string, held access.Held) (*secondPage, error) {
	p := &secondPage{Base: page.PlainBase("The second step"), Next: next, Held: held.Travelling(), Demo: h.sessions.WithoutFactor}
	p.Office, p.Narrow = true, true
	var err error
	p.Second, err = h.newSecondStep(c, account)
	return p, err
}

type signInSecondForm struct {
	Code       string `form:"one-time" validate:"max=64"`
	Credential string `form:"credential" validate:"max=16384"`
	Next       string `form:"next"`
	Skip       string `form:"skip"` // in the demonstration
}

// Second handles POST /sign-in/second. That page has no address of its own to open: it follows the password.
func (h *SigningIn) Second(c echo.Context) error {
	var form signInSecondForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	held, holds := access.ReadHeld(c)
	account, ok, err := h.sessions.PastPassword(c)
	if err != nil {
		return err
	}
	if !ok {
		p := h.page("", access.OwnPath(form.Next))
		p.Held = held.Travelling()
		p.Errors = []page.FieldError{{Field: "email", Text: "The second step has to follow the password within ten minutes. Begin again."}}
		return h.pages.Send(c, http.StatusUnauthorized, p)
	}
	if form.Skip == "" || !h.sessions.WithoutFactor {
		err = h.checkSecond(c, account, secondStepForm{form.Code, form.Credential})
	}
	if status, ok := refusesSecond(err); ok {
		p, pageErr := h.secondPage(c, account, access.OwnPath(form.Next), held)
		if pageErr != nil {
			return pageErr
		}
		p.Errors = page.ShowErrors(page.AboutField(err, "one-time"), &p.Second.Code)
		return h.pages.Send(c, status, p)
	}
	if err != nil {
		return err
	}
	if err := h.sessions.PastSecondStep(c, account); err != nil {
		return err
	}
	return h.signedIn(c, account, access.OwnPath(form.Next), held, holds)
}

// Restart handles GET /sign-in/second, which a reload or a way back leads to.
func (h *SigningIn) Restart(c echo.Context) error { return c.Redirect(http.StatusSeeOther, "/sign-in") }
