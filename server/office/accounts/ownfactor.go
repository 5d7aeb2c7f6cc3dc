package accounts

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
)

// factorPage sets the second step of one's own account up, and changes it.
type factorPage struct {
	signedin.Frame
	Needed    string // until when it may be left out, where it may not be for good
	Overdue   bool
	LaterURL  string
	Has       bool
	HasApp    bool
	QR        template.HTML
	Secret    []string // in groups
	Code      page.TextField
	Passkeys  []passkeyView
	Question  string // for a new passkey; empty where browsers know none for this address
	Device    page.TextField
	CodesLeft string
	CodesLow  bool
}

func (*factorPage) Template() string { return "office/second-step" }

// passkeyView is a passkey as its owner sees it.
type passkeyView struct{ Name, Made, Used, RemoveAction string }

// codesPage shows recovery codes, once.
type codesPage struct {
	signedin.Frame
	For   string
	Codes []string
}

func (*codesPage) Template() string { return "office/recovery-codes" }

// AskFactor handles GET /account/second-step. To change a second step, somebody has to prove that it is they.
func (h *Own) AskFactor(c echo.Context) error {
	if !access.Account(c).Factor.IsZero() {
		if fresh, err := h.sessions.WantFresh(c); !fresh {
			return err
		}
	}
	p, err := h.factorPage(c)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Own) factorPage(c echo.Context) (*factorPage, error) {
	account, ctx := access.Account(c), c.Request().Context()
	factors, err := h.store.Factors(ctx, account.ID)
	if err != nil {
		return nil, err
	}
	secret, err := h.store.PendingAuthenticator(ctx, account.ID)
	if err != nil {
		return nil, err
	}
	p := &factorPage{Frame: h.frames.Plain(c, "Your second step", ownCrumb), Has: factors.Any(), HasApp: factors.Authenticator}
	p.Narrow = true
	if h.sessions.WantsFactor(account) {
		p.Needed = page.SayTime(account.FactorDue, page.HomeZone)
		if p.Overdue = !h.sessions.Now().Before(account.FactorDue); !p.Overdue {
			if p.LaterURL = access.OwnPath(c.QueryParam("next")); p.LaterURL == "" {
				p.LaterURL = "/home"
			}
		}
	}
	if p.QR, err = page.QRCodeOf("secret for your app", surveys.AuthenticatorAddress(account.Email, secret)); err != nil {
		return nil, err
	}
	for text := surveys.SecretText(secret); text != ""; text = text[min(4, len(text)):] {
		p.Secret = append(p.Secret, text[:min(4, len(text))])
	}
	p.Code = page.TextField{ID: "one-time", Label: "Code that the app shows", Autocomplete: "one-time-code", InputMode: "numeric", Class: "ww-input--code"}
	for _, key := range factors.Passkeys {
		view := passkeyView{Name: key.Name, Made: page.SayTime(key.MadeAt, page.HomeZone), Used: "never", RemoveAction: ownAccountPath + "/passkeys/" + key.ID + "/remove"}
		if !key.UsedAt.IsZero() {
			view.Used = page.SayTime(key.UsedAt, page.HomeZone)
		}
		p.Passkeys = append(p.Passkeys, view)
	}
	if h.passkeys != nil {
		if p.Question, err = h.passkeys.askNew(c, account, factors.Passkeys); err != nil {
			return nil, err
		}
		p.Device = page.TextField{ID: "name", Label: "Where the passkey is", Hint: "For example Work laptop.", Class: "ww-input--medium", Autocomplete: "off"}
	}
	if factors.Any() {
		p.CodesLeft, p.CodesLow = fmt.Sprintf("%d of %d", factors.CodesLeft, surveys.RecoveryCodes), factors.CodesLeft < 3
	}
	return p, nil
}

type factorForm struct {
	Code string `form:"one-time" validate:"required,max=64"`
}

// ConfirmApp handles POST /account/second-step: the first code of an authenticator app.
func (h *Own) ConfirmApp(c echo.Context) error {
	var form factorForm
	return h.change(c, func() ([]string, error) {
		if err := page.Bind(c, &form); err != nil {
			return nil, err
		}
		return h.store.ConfirmAuthenticator(c.Request().Context(), access.Account(c).ID, access.SignInOf(c).ID, form.Code)
	})
}

type passkeyForm struct {
	Name       string `form:"name" validate:"required,max=60"`
	Credential string `form:"credential" validate:"max=16384"`
}

// AddPasskey handles POST /account/passkeys.
func (h *Own) AddPasskey(c echo.Context) error {
	if h.passkeys == nil {
		return echo.ErrNotFound
	}
	var form passkeyForm
	return h.change(c, func() ([]string, error) {
		if err := page.Bind(c, &form); err != nil {
			return nil, err
		}
		account := access.Account(c)
		key, err := h.passkeys.readNew(c, account, form.Credential)
		if err != nil {
			return nil, err
		}
		key.Name = form.Name
		return h.store.AddPasskey(c.Request().Context(), account.ID, access.SignInOf(c).ID, key)
	})
}

// RemoveApp handles POST /account/authenticator/remove.
func (h *Own) RemoveApp(c echo.Context) error {
	return h.change(c, func() ([]string, error) {
		return nil, h.store.RemoveAuthenticator(c.Request().Context(), access.Account(c).ID, access.SignInOf(c).ID)
	})
}

// RemovePasskey handles POST /account/passkeys/:passkey/remove.
func (h *Own) RemovePasskey(c echo.Context) error {
	return h.change(c, func() ([]string, error) {
		return nil, h.store.RemovePasskey(c.Request().Context(), access.Account(c).ID, access.SignInOf(c).ID, c.Param("passkey"))
	})
}

// NewCodes handles POST /account/recovery-codes.
func (h *Own) NewCodes(c echo.Context) error {
	return h.change(c, func() ([]string, error) {
		if access.Account(c).Factor.IsZero() {
			return nil, surveys.Errorf(surveys.Conflict, "Recovery codes come with the second step. Set that up first.")
		}
		return h.store.NewRecoveryCodes(c.Request().Context(), access.Account(c).ID, access.SignInOf(c).ID)
	})
}

// change changes one's own second step, and shows the recovery codes that came of it, once. Whoever has one already must have
// proved that it is they.
func (h *Own) change(c echo.Context, do func() (codes []string, err error)) error {
	account := access.Account(c)
	if !account.Factor.IsZero() {
		if fresh, err := h.sessions.WantFresh(c); !fresh {
			return err
		}
	}
	codes, err := do()
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Conflict {
		p, pageErr := h.factorPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Errors = page.ShowErrors(err, &p.Code, &p.Device)
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	if len(codes) == 0 {
		return c.Redirect(http.StatusSeeOther, access.SecondStepPath)
	}
	p := &codesPage{Frame: h.frames.Plain(c, "Your recovery codes", ownCrumb), For: strings.TrimSpace(account.Name + ", " + account.Email), Codes: codes}
	p.Narrow = true
	return h.pages.Send(c, http.StatusOK, p)
}
