package accounts

import (
	"cmp"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
)

// Here somebody proves again who they are: because their sign-in came to its end while they typed, or because what they ask
// for cannot be undone. What they had typed travels with them.

// againPage asks somebody who is signed in to prove that it is they.
type againPage struct {
	signedin.Frame
	Next     string
	Present  page.TextField
	Second   *secondStep // where the account has one
	Held     []page.HiddenField
	HasFiles bool
	SignIns  []access.DemoSignIn // of the demonstration, that of this account alone
}

func (*againPage) Template() string { return "office/again" }

// goOnPage has a form that was held, to be sent at last.
type goOnPage struct {
	signedin.Frame
	Action    string
	InParts   bool
	Fields    []page.HiddenField
	CancelURL string
}

func (*goOnPage) Template() string { return "office/go-on" }

// Ask shows the page on which somebody proves who they are, with the form that they have sent: by signing in, or again, where
// they are signed in. It is what access.Sessions asks with.
func (h *SigningIn) Ask(c echo.Context, held access.Held, again bool) error {
	if again {
		p, err := h.againPage(c, "", held)
		if err != nil {
			return err
		}
		return h.pages.Send(c, http.StatusForbidden, p)
	}
	p := h.page("", "")
	p.Held, p.HasFiles = held.Travelling(), held.HasFiles
	return h.pages.Send(c, http.StatusUnauthorized, p)
}

func (h *SigningIn) againPage(c echo.Context, next string, held access.Held) (*againPage, error) {
	p := &againPage{Frame: h.frames.Plain(c, "Is it still you?"), Next: next, Held: held.Travelling(), HasFiles: held.HasFiles}
	p.Narrow = true
	p.Present = page.TextField{ID: "present", Label: "Your password", Type: "password", Autocomplete: "current-password"}
	for _, one := range h.signIns {
		if one.Email == access.Account(c).Email {
			p.SignIns = append(p.SignIns, one)
		}
	}
	if !h.asksSecond(access.Account(c)) {
		return p, nil
	}
	second, err := h.newSecondStep(c, access.Account(c))
	p.Second = &second
	return p, err
}

// asksSecond reports whether an account proves with its second step too that it is still the same person.
func (h *SigningIn) asksSecond(account surveys.Account) bool {
	return !account.Factor.IsZero() && !h.sessions.WithoutFactor
}

// AskAgain handles GET /confirm.
func (h *SigningIn) AskAgain(c echo.Context) error {
	p, err := h.againPage(c, access.OwnPath(c.QueryParam("next")), access.Held{})
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

type againForm struct {
	Code       string `form:"one-time" validate:"max=64"`
	Credential string `form:"credential" validate:"max=16384"`
	Next       string `form:"next"`
	Present    string `form:"present" validate:"required,max=1024"`
}

// Again handles POST /confirm.
func (h *SigningIn) Again(c echo.Context) error {
	var form againForm
	err := page.Bind(c, &form)
	held, holds := access.ReadHeld(c)
	account, ctx := access.Account(c), c.Request().Context()
	if err == nil {
		err = h.store.CheckPresentPassword(ctx, account.ID, form.Present)
		if surveys.KindOf(err) == surveys.Invalid {
			if noted := h.store.NoteRefusal(ctx, account.ID, "session.refuse", string(account.ID), access.Network(c)); noted != nil {
				return noted
			}
		}
	}
	if err == nil && h.asksSecond(account) {
		err = page.AboutField(h.checkSecond(c, account, secondStepForm{form.Code, form.Credential}), "one-time")
	}
	if status, ok := refusesSecond(err); ok {
		p, pageErr := h.againPage(c, access.OwnPath(form.Next), held)
		if pageErr != nil {
			return pageErr
		}
		fields := []*page.TextField{&p.Present}
		if p.Second != nil {
			fields = append(fields, &p.Second.Code)
		}
		p.Errors = page.ShowErrors(err, fields...)
		return h.pages.Send(c, status, p)
	}
	if err != nil {
		return err
	}
	if err := h.store.ConfirmSignIn(ctx, account.ID, access.SignInOf(c).ID); err != nil {
		return err
	}
	if holds {
		return h.goOn(c, account, held)
	}
	return c.Redirect(http.StatusSeeOther, cmp.Or(access.OwnPath(form.Next), "/home"))
}

// goOn shows somebody who has signed in the form that they had sent before. A form that another account sent goes no further:
// it would be recorded as done by this one.
func (h *SigningIn) goOn(c echo.Context, account surveys.Account, held access.Held) error {
	if held.Account != account.ID {
		return surveys.Errorf(surveys.Forbidden, "You are signed in. What was typed on the page before was typed by another account, so it was not sent. Whoever typed it can go back in this browser and sign in themselves.")
	}
	p := &goOnPage{Frame: signedin.Frame{Base: h.frames.Base(c, account, "You are signed in again")}, Action: held.Action, InParts: held.InParts, Fields: held.Fields, CancelURL: signedin.Home(account)}
	p.Narrow = true
	return h.pages.Send(c, http.StatusOK, p)
}
