package accounts

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Own is what everybody who signs in sees and changes of their own account, and the sign-ins of all for administrators.
type Own struct {
	frames   *signedin.Frames
	store    *store.Store
	pages    *page.Renderer
	sessions *access.Sessions
	passkeys *passkeys // nil where browsers know none for this address
}

const ownAccountPath = "/account"

var ownCrumb = page.Link{Label: "Your account", URL: ownAccountPath}

// signInView is one browser in which somebody is signed in.
type signInView struct {
	Who, Network, Began, Seen, Ends string
	Here                            bool // the browser that asks
	EndAction                       string
}

// ownPage is somebody's own account.
type ownPage struct {
	signedin.Frame
	Facts   []page.Fact
	Changed string // what has just been done
	SignIns []signInView
	Others  bool // there are more than this browser
}

func (*ownPage) Template() string { return "office/own" }

// sessionsPage lists the sign-ins of everybody.
type sessionsPage struct {
	signedin.Frame
	SignIns []signInView
}

func (*sessionsPage) Template() string { return "office/sessions" }

// passwordPage changes one's own password.
type passwordPage struct {
	signedin.Frame
	Fields []page.TextField
}

func (*passwordPage) Template() string { return "office/password" }

// Show handles GET /account.
func (h *Own) Show(c echo.Context) error {
	account := access.Account(c)
	list, err := h.store.ListSignIns(c.Request().Context(), account.ID)
	if err != nil {
		return err
	}
	p := &ownPage{Frame: h.frames.Plain(c, "Your account")}
	p.Facts = []page.Fact{{Term: "Name", Text: account.Name}, {Term: "E-mail", Text: account.Email}, {Term: "Role", Text: page.Capital(account.Role.Label())}}
	p.SignIns = viewSignIns(c, list, nil, ownAccountPath+"/sessions/")
	p.Others = len(p.SignIns) > 1
	return h.pages.Send(c, http.StatusOK, p)
}

// viewSignIns words sign-ins; names says whose each is.
func viewSignIns(c echo.Context, list []surveys.SignIn, names map[surveys.AccountID]string, at string) []signInView {
	here := access.SignInOf(c).ID
	views := make([]signInView, 0, len(list))
	for _, one := range list {
		views = append(views, signInView{Who: names[one.Account], Network: one.Network, Here: one.ID == here, EndAction: at + string(one.ID) + "/end",
			Began: page.SayTime(one.BeganAt, page.HomeZone), Seen: page.SayTime(one.SeenAt, page.HomeZone), Ends: page.SayTime(one.EndsAt, page.HomeZone)})
	}
	return views
}

// EndSession handles POST /account/sessions/:session/end.
func (h *Own) EndSession(c echo.Context) error {
	account := access.Account(c).ID
	return h.end(c, account, account, ownAccountPath)
}

// EndOthers handles POST /account/sessions/end.
func (h *Own) EndOthers(c echo.Context) error {
	account, ctx := access.Account(c).ID, c.Request().Context()
	list, err := h.store.ListSignIns(ctx, account)
	if err != nil {
		return err
	}
	for _, one := range list {
		if one.ID == access.SignInOf(c).ID {
			continue
		}
		if err := h.store.EndSignIn(ctx, account, account, one.ID); err != nil && surveys.KindOf(err) != surveys.NotFound {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, ownAccountPath)
}

// ListAll handles GET /office/accounts/sessions.
func (h *Own) ListAll(c echo.Context) error {
	ctx := c.Request().Context()
	list, err := h.store.ListSignIns(ctx, "")
	if err != nil {
		return err
	}
	accounts, err := h.store.ListAccounts(ctx)
	if err != nil {
		return err
	}
	names := make(map[surveys.AccountID]string, len(accounts))
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	p := &sessionsPage{Frame: h.frames.Plain(c, "Who is signed in", accountsCrumb), SignIns: viewSignIns(c, list, names, "/office/accounts/sessions/")}
	return h.pages.Send(c, http.StatusOK, p)
}

// EndAny handles POST /office/accounts/sessions/:session/end.
func (h *Own) EndAny(c echo.Context) error {
	return h.end(c, access.Account(c).ID, "", "/office/accounts/sessions")
}

// end ends a sign-in, of one account or of any. One that has ended already is as good.
func (h *Own) end(c echo.Context, by, account surveys.AccountID, back string) error {
	err := h.store.EndSignIn(c.Request().Context(), by, account, surveys.SignInID(c.Param("session")))
	if err != nil && surveys.KindOf(err) != surveys.NotFound {
		return err
	}
	return c.Redirect(http.StatusSeeOther, back)
}

// AskPassword handles GET /account/password.
func (h *Own) AskPassword(c echo.Context) error {
	return h.pages.Send(c, http.StatusOK, h.passwordPage(c))
}

func (h *Own) passwordPage(c echo.Context) *passwordPage {
	p := &passwordPage{Frame: h.frames.Plain(c, "Change your password", ownCrumb)}
	p.Narrow = true
	p.Fields = []page.TextField{
		{ID: "present", Label: "Present password", Type: "password", Autocomplete: "current-password"},
		{ID: "password", Label: "New password", Type: "password", Autocomplete: "new-password", Hint: passwordHint},
	}
	return p
}

type passwordForm struct {
	Present  string `form:"present" validate:"required,max=1024"`
	Password string `form:"password" validate:"required,max=1024"`
}

// ChangePassword handles POST /account/password.
func (h *Own) ChangePassword(c echo.Context) error {
	var form passwordForm
	err := page.Bind(c, &form)
	ctx, account := c.Request().Context(), access.Account(c).ID
	if err == nil {
		err = h.store.ChangePassword(ctx, account, access.SignInOf(c).ID, form.Present, form.Password)
	}
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Conflict {
		p := h.passwordPage(c)
		p.Errors = page.ShowErrors(err, pointers(p.Fields)...)
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	if err := h.sessions.RenewToken(ctx); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, ownAccountPath)
}
