package accounts

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

const passwordHint = "At least 12 characters. Three or four unrelated words make a good password."

// SigningIn opens and ends the sessions of accounts, and sets passwords.
type SigningIn struct {
	frames   *signedin.Frames
	store    *store.Store
	pages    *page.Renderer
	sessions *access.Sessions
	passkeys *passkeys // nil where browsers know none for this address
	cookies  *tickets.Cookies
	signIns  []access.DemoSignIn
}

// signInPage asks for e-mail address and password.
type signInPage struct {
	page.Base
	Next     string
	Email    page.TextField
	Password page.TextField
	Held     []page.HiddenField
	HasFiles bool // of the form that is held
	SignIns  []access.DemoSignIn
}

func (*signInPage) Template() string { return "office/sign-in" }

func (h *SigningIn) page(email, next string) *signInPage {
	p := &signInPage{Base: page.PlainBase("Sign in"), Next: next, SignIns: h.signIns}
	p.Office, p.Narrow = true, true
	p.Email = page.TextField{ID: "email", Label: "E-mail address", Type: "email", Value: email, Autocomplete: "username"}
	p.Password = page.TextField{ID: "password", Label: "Password", Type: "password", Autocomplete: "current-password"}
	return p
}

// Show handles GET /sign-in.
func (h *SigningIn) Show(c echo.Context) error {
	if account, err := h.sessions.Find(c); err == nil {
		return c.Redirect(http.StatusSeeOther, signedin.Home(account))
	}
	return h.pages.Send(c, http.StatusOK, h.page("", access.OwnPath(c.QueryParam("next"))))
}

type signInForm struct {
	Email    string `form:"email" validate:"required"`
	Password string `form:"password" validate:"required,max=1024"`
	Next     string `form:"next"`
}

// SignIn handles POST /sign-in.
func (h *SigningIn) SignIn(c echo.Context) error {
	var form signInForm
	err := page.Bind(c, &form)
	held, holds := access.ReadHeld(c)
	var account surveys.Account
	second := false
	if err == nil {
		account, second, err = h.startSession(c, form.Email, form.Password)
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Unauthenticated {
		p := h.page(form.Email, access.OwnPath(form.Next))
		p.Held = held.Travelling()
		p.Errors = page.ShowErrors(err, &p.Email, &p.Password)
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	if second {
		return h.askSecond(c, account, access.OwnPath(form.Next), held)
	}
	return h.signedIn(c, account, access.OwnPath(form.Next), held, holds)
}

// signedIn leads somebody who has just signed in to where they were going: to a form that they had sent, to a page, or home.
// Whoever has to set their second step up is led there first.
func (h *SigningIn) signedIn(c echo.Context, account surveys.Account, next string, held access.Held, holds bool) error {
	switch {
	case holds:
		return h.goOn(c, account, held)
	case h.sessions.WantsFactor(account):
		to := access.SecondStepPath
		if next != "" {
			to += "?next=" + url.QueryEscape(next)
		}
		return c.Redirect(http.StatusSeeOther, to)
	default:
		return c.Redirect(http.StatusSeeOther, cmp.Or(next, "/home"))
	}
}

// startSession signs a browser in.
func (h *SigningIn) startSession(c echo.Context, email, password string) (account surveys.Account, second bool, err error) {
	if account, second, err = h.sessions.SignIn(c, email, password); err != nil {
		return account, second, err
	}
	return account, second, h.cookies.DropTicket(c) // whoever signs in must not find a participant's page open
}

// SignOut handles POST /sign-out.
func (h *SigningIn) SignOut(c echo.Context) error {
	if err := h.sessions.SignOut(c); err != nil {
		return err
	}
	if err := h.cookies.DropTicket(c); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in")
}

// GoHome handles GET /home.
func (h *SigningIn) GoHome(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, signedin.Home(access.Account(c)))
}

// setUpPage sets the password of an account, or makes the first administrator.
type setUpPage struct {
	page.Base
	Action   string
	First    bool
	For      string
	Fields   []page.TextField
	Password page.TextField
}

func (*setUpPage) Template() string { return "office/set-up" }

// setUpPage builds the page of a link. It fails if the link no longer works.
func (h *SigningIn) setUpPage(c echo.Context, form setUpForm) (*setUpPage, error) {
	setUp, err := h.store.FindSetupLink(c.Request().Context(), c.Param("token"))
	if err != nil {
		return nil, err
	}
	title := "Set your password"
	if setUp.First {
		title = "Set up wellwave"
	}
	p := &setUpPage{Base: page.PlainBase(title), First: setUp.First, Action: c.Request().URL.Path}
	p.Office, p.Narrow = true, true
	if setUp.First {
		p.Fields = []page.TextField{
			{ID: "name", Label: "Your name", Value: form.Name, Autocomplete: "name"},
			{ID: "email", Label: "Your e-mail address", Type: "email", Value: form.Email, Autocomplete: "username"},
		}
	} else {
		p.For = setUp.Account.Name + ", " + setUp.Account.Email
	}
	p.Password = page.TextField{ID: "password", Label: "Password", Type: "password", Autocomplete: "new-password",
		Hint: passwordHint}
	return p, nil
}

type setUpForm struct {
	Name     string `form:"name"`
	Email    string `form:"email"`
	Password string `form:"password"`
}

// ShowSetUp handles GET /set-up/:token. Opening the link does not use it up.
func (h *SigningIn) ShowSetUp(c echo.Context) error {
	p, err := h.setUpPage(c, setUpForm{})
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// SetUp handles POST /set-up/:token and signs the new account in.
func (h *SigningIn) SetUp(c echo.Context) error {
	var form setUpForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	p, err := h.setUpPage(c, form)
	if err != nil {
		return err
	}
	account, err := h.finishSetUp(c.Request().Context(), p.First, c.Param("token"), form)
	if surveys.KindOf(err) == surveys.Invalid {
		p.Errors = page.ShowErrors(err, append(pointers(p.Fields), &p.Password)...)
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	account, second, err := h.startSession(c, account.Email, form.Password)
	if err != nil {
		return err
	}
	if second { // the password is new, and the second step as it was
		return h.askSecond(c, account, "", access.Held{})
	}
	return h.signedIn(c, account, signedin.Home(account), access.Held{}, false)
}

func (h *SigningIn) finishSetUp(ctx context.Context, first bool, token string, form setUpForm) (surveys.Account, error) {
	if first {
		return h.store.SetUpFirst(ctx, token, form.Name, form.Email, form.Password)
	}
	return h.store.SetPassword(ctx, token, form.Password)
}

func pointers(fields []page.TextField) []*page.TextField {
	all := make([]*page.TextField, len(fields))
	for i := range fields {
		all[i] = &fields[i]
	}
	return all
}
