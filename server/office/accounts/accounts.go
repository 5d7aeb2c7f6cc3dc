package accounts

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

var accountsCrumb = page.Link{Label: "Accounts", URL: "/office/accounts"}

// Accounts are who may sign in: administrators add, disable and enable them, and hand over links to set them up.
type Accounts struct {
	frames  *signedin.Frames
	store   *store.Store
	pages   *page.Renderer
	baseURL *url.URL // of the links
}

// List handles GET /office/accounts.
func (h *Accounts) List(c echo.Context) error {
	accounts, err := h.store.ListAccounts(c.Request().Context())
	if err != nil {
		return err
	}
	p := &accountsPage{Frame: h.frames.Plain(c, "Accounts")}
	p.Accounts = page.Table{ID: "accounts", Caption: "Who may sign in", Heads: page.Heads("Name", "E-mail", "Role", "Site", "State")}
	for _, a := range accounts {
		p.Accounts.Rows = append(p.Accounts.Rows, page.Row(
			page.Cell{Text: a.Name, URL: "/office/accounts/" + string(a.ID), Head: true},
			page.TextCell(a.Email), page.TextCell(a.Role.Label()), page.TextCell(siteOfAccount(a)), accountState(a)))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func accountState(a surveys.Account) page.Cell {
	if a.DisabledAt.IsZero() {
		return page.BadgeCell("good", "active")
	}
	return page.BadgeCell("plain", "disabled")
}

func siteOfAccount(a surveys.Account) string {
	if a.Site == "" {
		return ""
	}
	return string(a.Study) + " / " + string(a.Site)
}

type accountForm struct {
	Name    string   `form:"name"`
	Email   string   `form:"email"`
	Role    string   `form:"role"`
	Site    string   `form:"site"`    // study and site, with a slash between
	Studies []string `form:"studies"` // as of a grantForm
}

// account returns the account that the form describes.
func (f accountForm) account() surveys.NewAccount {
	role, _ := surveys.ParseRole(f.Role)
	study, site, _ := strings.Cut(f.Site, "/")
	return surveys.NewAccount{Name: f.Name, Email: f.Email, Role: role, Study: surveys.StudyID(study), Site: surveys.SiteID(site), Grant: grantForm{f.Studies}.grant()}
}

// Ask handles GET /office/accounts/new.
func (h *Accounts) Ask(c echo.Context) error {
	p, err := h.newPage(c, accountForm{})
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Accounts) newPage(c echo.Context, form accountForm) (*accountNewPage, error) {
	sites, err := h.siteChoices(c, form.Site)
	if err != nil {
		return nil, err
	}
	p := &accountNewPage{Frame: h.frames.Plain(c, "Add an account", accountsCrumb)}
	p.Narrow = true
	p.FullName = page.TextField{ID: "name", Label: "Name", Value: form.Name}
	p.Email = page.TextField{ID: "email", Label: "E-mail address", Type: "email", Value: form.Email}
	p.Role = page.ChoiceField{ID: "role", Name: "role", Label: "Role"}
	for i, role := range surveys.Roles() {
		option := page.Choice{ID: "role-" + role.String(), Value: role.String(), Label: roleSays(role), Chosen: role.String() == form.Role}
		if i == 0 {
			option.ID = p.Role.ID
		}
		p.Role.Options = append(p.Role.Options, option)
	}
	p.Site = page.SelectField{ID: "site", Label: "Site", Hint: "For the role practice only.", Options: sites}
	p.Studies, err = h.studyBoxes(c, grantForm{form.Studies}.grant())
	return p, err
}

// roleSays is what a role may do, in a line.
func roleSays(r surveys.Role) string {
	switch r {
	case surveys.Administrator:
		return "Administrator: accounts, studies and everything else"
	case surveys.Researcher:
		return "Researcher: studies, the monitor and reports"
	case surveys.DataManager:
		return "Data manager: as a researcher, and makes releases"
	case surveys.DataEntry:
		return "Data entry: enters questionnaires that came on paper"
	case surveys.Interviewer:
		return "Interviewer: reaches people by telephone"
	case surveys.Practice:
		return "Practice: enrols people at one site and sees who is due, never answers"
	default:
		return "Auditor: reads the monitor and the audit trail, changes nothing"
	}
}

// siteChoices lists the sites of every study.
func (h *Accounts) siteChoices(c echo.Context, chosen string) ([]page.Choice, error) {
	options := []page.Choice{{Label: "No site"}}
	studies, err := signedin.ListStudies(c, h.store)
	if err != nil {
		return nil, err
	}
	for _, study := range studies {
		for _, site := range study.Sites {
			value := string(study.ID) + "/" + string(site.ID)
			options = append(options, page.Choice{Value: value, Label: site.Title + " (" + study.Title + ")", Chosen: value == chosen})
		}
	}
	return options, nil
}

// Add handles POST /office/accounts/new and shows the set-up link, once.
func (h *Accounts) Add(c echo.Context) error {
	var form accountForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	account, token, err := h.store.CreateAccount(c.Request().Context(), access.Account(c).ID, form.account())
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Conflict {
		return h.again(c, form, err)
	}
	if err != nil {
		return err
	}
	return h.showSetupLink(c, account, token)
}

// again shows the form once more with what is wrong.
func (h *Accounts) again(c echo.Context, form accountForm, err error) error {
	p, pageErr := h.newPage(c, form)
	if pageErr != nil {
		return pageErr
	}
	p.Errors = page.ShowErrors(err, &p.FullName, &p.Email)
	var refused *surveys.Error
	if errors.As(err, &refused) {
		p.Role.Error, p.Site.Error = refused.Fields["role"], refused.Fields["site"]
	}
	return h.pages.Send(c, page.KindStatus[surveys.KindOf(err)], p)
}

func (h *Accounts) showSetupLink(c echo.Context, account surveys.Account, token string) error {
	p := &accountLinkPage{Frame: h.frames.Plain(c, "Hand over this link", accountsCrumb)}
	p.For, p.Link = account.Name, h.baseURL.JoinPath("set-up", token).String()
	return h.pages.Send(c, http.StatusOK, p)
}

// Show handles GET /office/accounts/:account.
func (h *Accounts) Show(c echo.Context) error {
	a, err := h.store.FindAccount(c.Request().Context(), surveys.AccountID(c.Param("account")))
	if err != nil {
		return err
	}
	p := &accountPage{Frame: h.frames.Plain(c, a.Name, accountsCrumb)}
	p.Facts = []page.Fact{{Term: "E-mail", Text: a.Email}, {Term: "Role", Text: a.Role.Label()}}
	if a.Site != "" {
		p.Facts = append(p.Facts, page.Fact{Term: "Site", Text: siteOfAccount(a)})
	}
	sees, err := h.sayGrant(c, a)
	if err != nil {
		return err
	}
	p.Facts = append(p.Facts, page.Fact{Term: "Sees", Text: sees}, page.Fact{Term: "Second step", Text: sayFactor(a)})
	p.Facts = append(p.Facts, page.Fact{Term: "Added", Text: page.SayTime(a.CreatedAt, page.HomeZone)})
	at := "/office/accounts/" + string(a.ID)
	switch {
	case !a.DisabledAt.IsZero():
		p.Facts = append(p.Facts, page.Fact{Term: "Disabled", Text: page.SayTime(a.DisabledAt, page.HomeZone)})
		p.Actions = []page.Link{{Label: "Enable", URL: at + "/enable"}}
	default:
		p.Actions = []page.Link{{Label: "Make a new set-up link", URL: at + "/link"}}
		if a.Role.Granted() {
			p.Actions = append(p.Actions, page.Link{Label: "Give or take studies", URL: at + "/studies"})
		}
		if !a.Factor.IsZero() && a.ID != access.Account(c).ID {
			p.Actions = append(p.Actions, page.Link{Label: "Take the second step away", URL: at + "/second-step"})
		}
		if a.ID != access.Account(c).ID {
			p.Actions = append(p.Actions, page.Link{Label: "Disable", URL: at + "/disable"})
		}
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// accountChange is a change of an account that has to be confirmed first.
type accountChange struct {
	title  string // of the page that asks, before the name
	says   string
	button string
	alarm  bool
	do     func(*Accounts, echo.Context, surveys.Account) error
}

var accountChanges = map[string]accountChange{
	"disable": {"Disable the account of", "They are signed out at once and cannot sign in again until the account is enabled. What they did stays recorded.",
		"Disable", true, (*Accounts).disable},
	"enable": {"Enable the account of", "They can sign in again with the password they had.", "Enable", false, (*Accounts).enable},
	"second-step": {"Take the second step from the account of", "They are signed out at once. At their next sign-in they set a second step up anew. Make sure that it is they who ask: call them on a number that you know.",
		"Take it away", true, (*Accounts).resetFactors},
	"link": {"Make a new set-up link for", "The link lets its holder choose a new password. Earlier links end; the present password works until then.",
		"Make the link", false, (*Accounts).renewLink},
}

// ConfirmChange handles GET /office/accounts/:account/:change.
func (h *Accounts) ConfirmChange(c echo.Context) error {
	change, a, err := h.findChange(c)
	if err != nil {
		return err
	}
	at := "/office/accounts/" + string(a.ID)
	p := &signedin.ConfirmPage{Frame: h.frames.Plain(c, change.title+" "+a.Name+"?", accountsCrumb)}
	p.Says, p.Button, p.Alarm = []string{change.says}, change.button, change.alarm
	p.Action, p.CancelURL = at+"/"+c.Param("change"), at
	return h.pages.Send(c, http.StatusOK, p)
}

// Change handles POST /office/accounts/:account/:change.
func (h *Accounts) Change(c echo.Context) error {
	change, a, err := h.findChange(c)
	if err != nil {
		return err
	}
	return change.do(h, c, a)
}

func (h *Accounts) findChange(c echo.Context) (accountChange, surveys.Account, error) {
	change, ok := accountChanges[c.Param("change")]
	if !ok {
		return accountChange{}, surveys.Account{}, echo.ErrNotFound
	}
	a, err := h.store.FindAccount(c.Request().Context(), surveys.AccountID(c.Param("account")))
	return change, a, err
}

func (h *Accounts) disable(c echo.Context, a surveys.Account) error {
	if err := h.store.DisableAccount(c.Request().Context(), access.Account(c).ID, a.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/accounts/"+string(a.ID))
}

func (h *Accounts) enable(c echo.Context, a surveys.Account) error {
	if err := h.store.EnableAccount(c.Request().Context(), access.Account(c).ID, a.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/accounts/"+string(a.ID))
}

func sayFactor(a surveys.Account) string {
	switch {
	case !a.Factor.IsZero():
		return "since " + page.SayTime(a.Factor, page.HomeZone)
	case a.Role.NeedsFactor():
		return "not yet, and it needs one"
	default:
		return "none, and it needs none"
	}
}

func (h *Accounts) resetFactors(c echo.Context, a surveys.Account) error {
	if a.ID == access.Account(c).ID {
		return surveys.Errorf(surveys.Invalid, "You cannot take the second step from your own account. Ask another administrator.")
	}
	if err := h.store.ResetFactors(c.Request().Context(), access.Account(c).ID, a.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/accounts/"+string(a.ID))
}

func (h *Accounts) renewLink(c echo.Context, a surveys.Account) error {
	token, err := h.store.RenewSetupLink(c.Request().Context(), access.Account(c).ID, a.ID)
	if err != nil {
		return err
	}
	return h.showSetupLink(c, a, token)
}

// accountsPage lists everybody who may sign in.
type accountsPage struct {
	signedin.Frame
	Accounts page.Table
}

func (*accountsPage) Template() string { return "office/accounts" }

// accountNewPage asks for a new account.
type accountNewPage struct {
	signedin.Frame
	FullName, Email page.TextField
	Role            page.ChoiceField
	Site            page.SelectField
	Studies         []page.Clause
}

func (*accountNewPage) Template() string { return "office/account-new" }

// accountLinkPage shows a set-up link, once.
type accountLinkPage struct {
	signedin.Frame
	For, Link string
}

func (*accountLinkPage) Template() string { return "office/account-link" }

// accountPage is one account and what can be done with it.
type accountPage struct {
	signedin.Frame
	Facts   []page.Fact
	Actions []page.Link
}

func (*accountPage) Template() string { return "office/account" }
