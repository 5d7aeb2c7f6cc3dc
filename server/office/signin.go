package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
)

// home is where an account begins.
func home(account surveys.Account) string {
	if access.Readers.Has(account) {
		return "/office"
	}
	if account.Role == surveys.DataEntry {
		return entryPath
	}
	return "/desk"
}

// signInPage asks for e-mail address and password.
type signInPage struct {
	page.Base
	Next     string
	Email    page.TextField
	Password page.TextField
	SignIns  []DemoSignIn
}

func (*signInPage) Template() string { return "office/sign-in" }

func (h *Handlers) newSignInPage(email, next string) *signInPage {
	p := &signInPage{Base: page.PlainBase("Sign in"), Next: next, SignIns: h.SignIns}
	p.Office, p.Narrow = true, true
	p.Email = page.TextField{ID: "email", Label: "E-mail address", Type: "email", Value: email, Autocomplete: "username"}
	p.Password = page.TextField{ID: "password", Label: "Password", Type: "password", Autocomplete: "current-password"}
	return p
}

// ShowSignIn handles GET /sign-in.
func (h *Handlers) ShowSignIn(c echo.Context) error {
	if account, err := h.Sessions.Find(c); err == nil {
		return c.Redirect(http.StatusSeeOther, home(account))
	}
	return h.Pages.Send(c, http.StatusOK, h.newSignInPage("", ownPath(c.QueryParam("next"))))
}

type signInForm struct {
	Email    string `form:"email" validate:"required"`
	Password string `form:"password" validate:"required,max=1024"`
	Next     string `form:"next"`
}

// SignIn handles POST /sign-in.
func (h *Handlers) SignIn(c echo.Context) error {
	var form signInForm
	err := page.Bind(c, &form)
	if err == nil {
		err = h.startSession(c, form.Email, form.Password)
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Unauthenticated {
		p := h.newSignInPage(form.Email, ownPath(form.Next))
		p.Errors = page.ShowErrors(err, &p.Email, &p.Password)
		return h.Pages.Send(c, page.KindStatus[kind], p)
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

// startSession signs a browser in.
func (h *Handlers) startSession(c echo.Context, email, password string) error {
	if err := h.Sessions.SignIn(c, email, password); err != nil {
		return err
	}
	h.Cookies.DropTicket(c) // whoever signs in must not find a participant's page open
	return nil
}

// SignOut handles POST /sign-out.
func (h *Handlers) SignOut(c echo.Context) error {
	if err := h.Sessions.Destroy(c.Request().Context()); err != nil {
		return err
	}
	h.Cookies.DropTicket(c)
	return c.Redirect(http.StatusSeeOther, "/sign-in")
}

// GoHome handles GET /home.
func (h *Handlers) GoHome(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, home(access.Account(c)))
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
	page.Base
	Action   string
	First    bool
	For      string
	Fields   []page.TextField
	Password page.TextField
}

func (*setUpPage) Template() string { return "office/set-up" }

// newSetUpPage builds the page of a link that still opens.
func (h *Handlers) newSetUpPage(c echo.Context, form setUpForm) (*setUpPage, error) {
	setUp, err := h.Store.FindSetupLink(c.Request().Context(), c.Param("token"))
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
		Hint: "At least 12 characters. Three or four unrelated words make a good password."}
	return p, nil
}

type setUpForm struct {
	Name     string `form:"name"`
	Email    string `form:"email"`
	Password string `form:"password"`
}

// ShowSetUp handles GET /set-up/:token. Opening the link does not use it up.
func (h *Handlers) ShowSetUp(c echo.Context) error {
	p, err := h.newSetUpPage(c, setUpForm{})
	if err != nil {
		return err
	}
	return h.Pages.Send(c, http.StatusOK, p)
}

// SetUp handles POST /set-up/:token and signs the new account in.
func (h *Handlers) SetUp(c echo.Context) error {
	var form setUpForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	p, err := h.newSetUpPage(c, form)
	if err != nil {
		return err
	}
	account, err := h.finishSetUp(c.Request().Context(), p.First, c.Param("token"), form)
	if surveys.KindOf(err) == surveys.Invalid {
		p.Errors = page.ShowErrors(err, append(pointers(p.Fields), &p.Password)...)
		return h.Pages.Send(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	if err := h.startSession(c, account.Email, form.Password); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, home(account))
}

func (h *Handlers) finishSetUp(ctx context.Context, first bool, token string, form setUpForm) (surveys.Account, error) {
	if first {
		return h.Store.SetUpFirst(ctx, token, form.Name, form.Email, form.Password)
	}
	return h.Store.SetPassword(ctx, token, form.Password)
}

func pointers(fields []page.TextField) []*page.TextField {
	all := make([]*page.TextField, len(fields))
	for i := range fields {
		all[i] = &fields[i]
	}
	return all
}

// DemoSignIn is an account of the demonstration that anybody may try.
type DemoSignIn struct{ Role, Email, Password string }
