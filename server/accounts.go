package server

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

var accountsCrumb = navLink{Label: "Accounts", URL: "/office/accounts"}

// listAccounts handles GET /office/accounts.
func (h *officeHandlers) listAccounts(c echo.Context) error {
	accounts, err := h.store.ListAccounts(c.Request().Context())
	if err != nil {
		return err
	}
	p := &accountsPage{officePage: h.officeFrame(c, "Accounts")}
	p.Accounts = tableView{ID: "accounts", Caption: "Who may sign in", Heads: heads("Name", "E-mail", "Role", "Site", "State")}
	for _, a := range accounts {
		p.Accounts.Rows = append(p.Accounts.Rows, row(
			tableCell{Text: a.Name, URL: "/office/accounts/" + string(a.ID), Head: true},
			cell(a.Email), cell(a.Role.Label()), cell(siteOfAccount(a)), accountState(a)))
	}
	return h.pages.page(c, http.StatusOK, p)
}

func accountState(a surveys.Account) tableCell {
	if a.DisabledAt.IsZero() {
		return badgeCell("good", "active")
	}
	return badgeCell("plain", "disabled")
}

func siteOfAccount(a surveys.Account) string {
	if a.Site == "" {
		return ""
	}
	return string(a.Study) + " / " + string(a.Site)
}

type accountForm struct {
	Name  string `form:"name"`
	Email string `form:"email"`
	Role  string `form:"role"`
	Site  string `form:"site"` // study and site, parted by a stroke
}

// account returns what the form says.
func (f accountForm) account() surveys.NewAccount {
	role, _ := surveys.ParseRole(f.Role)
	study, site, _ := strings.Cut(f.Site, "/")
	return surveys.NewAccount{Name: f.Name, Email: f.Email, Role: role, Study: surveys.StudyID(study), Site: surveys.SiteID(site)}
}

// newAccount handles GET /office/accounts/new.
func (h *officeHandlers) newAccount(c echo.Context) error {
	p, err := h.accountNewPage(c, accountForm{})
	if err != nil {
		return err
	}
	return h.pages.page(c, http.StatusOK, p)
}

func (h *officeHandlers) accountNewPage(c echo.Context, form accountForm) (*accountNewPage, error) {
	sites, err := h.siteChoices(c, form.Site)
	if err != nil {
		return nil, err
	}
	p := &accountNewPage{officePage: h.officeFrame(c, "Add an account", accountsCrumb)}
	p.Narrow = true
	p.FullName = textField{ID: "name", Label: "Name", Value: form.Name}
	p.Email = textField{ID: "email", Label: "E-mail address", Type: "email", Value: form.Email}
	p.Role = choiceField{ID: "role", Name: "role", Label: "Role"}
	for i, role := range surveys.Roles() {
		option := choice{ID: "role-" + role.String(), Value: role.String(), Label: roleSays(role), Chosen: role.String() == form.Role}
		if i == 0 {
			option.ID = p.Role.ID
		}
		p.Role.Options = append(p.Role.Options, option)
	}
	p.Site = selectField{ID: "site", Label: "Site", Hint: "For the role practice only.", Options: sites}
	return p, nil
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
func (h *officeHandlers) siteChoices(c echo.Context, chosen string) ([]choice, error) {
	options := []choice{{Label: "No site"}}
	studies, err := h.store.ListStudies(c.Request().Context())
	if err != nil {
		return nil, err
	}
	for _, study := range studies {
		for _, site := range study.Sites {
			value := string(study.ID) + "/" + string(site.ID)
			options = append(options, choice{Value: value, Label: site.Title + " (" + study.Title + ")", Chosen: value == chosen})
		}
	}
	return options, nil
}

// addAccount handles POST /office/accounts/new and shows the set-up link, once.
func (h *officeHandlers) addAccount(c echo.Context) error {
	var form accountForm
	if err := bind(c, &form); err != nil {
		return err
	}
	account, token, err := h.store.CreateAccount(c.Request().Context(), accountOf(c).ID, form.account())
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Conflict {
		return h.accountAgain(c, form, err)
	}
	if err != nil {
		return err
	}
	return h.showSetupLink(c, account, token)
}

// accountAgain shows the form once more with what is wrong.
func (h *officeHandlers) accountAgain(c echo.Context, form accountForm, err error) error {
	p, pageErr := h.accountNewPage(c, form)
	if pageErr != nil {
		return pageErr
	}
	p.Errors = showErrors(err, &p.FullName, &p.Email)
	var refused *surveys.Error
	if errors.As(err, &refused) {
		p.Role.Error, p.Site.Error = refused.Fields["role"], refused.Fields["site"]
	}
	return h.pages.page(c, kindStatus[surveys.KindOf(err)], p)
}

func (h *officeHandlers) showSetupLink(c echo.Context, account surveys.Account, token string) error {
	p := &accountLinkPage{officePage: h.officeFrame(c, "Hand over this link", accountsCrumb)}
	p.For, p.Link = account.Name, h.base.JoinPath("set-up", token).String()
	return h.pages.page(c, http.StatusOK, p)
}

// showAccount handles GET /office/accounts/:account.
func (h *officeHandlers) showAccount(c echo.Context) error {
	a, err := h.store.FindAccount(c.Request().Context(), surveys.AccountID(c.Param("account")))
	if err != nil {
		return err
	}
	p := &accountPage{officePage: h.officeFrame(c, a.Name, accountsCrumb)}
	p.Facts = []fact{{"E-mail", a.Email}, {"Role", a.Role.Label()}}
	if a.Site != "" {
		p.Facts = append(p.Facts, fact{"Site", siteOfAccount(a)})
	}
	p.Facts = append(p.Facts, fact{"Added", sayTime(a.CreatedAt, homeZone)})
	at := "/office/accounts/" + string(a.ID)
	switch {
	case !a.DisabledAt.IsZero():
		p.Facts = append(p.Facts, fact{"Disabled", sayTime(a.DisabledAt, homeZone)})
		p.Actions = []navLink{{Label: "Enable", URL: at + "/enable"}}
	default:
		p.Actions = []navLink{{Label: "Make a new set-up link", URL: at + "/link"}}
		if a.ID != accountOf(c).ID {
			p.Actions = append(p.Actions, navLink{Label: "Disable", URL: at + "/disable"})
		}
	}
	return h.pages.page(c, http.StatusOK, p)
}

// accountChange is something to do to an account, once it was confirmed.
type accountChange struct {
	title  string // of the page that asks, before the name
	says   string
	button string
	alarm  bool
	do     func(*officeHandlers, echo.Context, surveys.Account) error
}

var accountChanges = map[string]accountChange{
	"disable": {"Disable the account of", "They are signed out at once and cannot sign in again until the account is enabled. What they did stays recorded.",
		"Disable", true, (*officeHandlers).disableAccount},
	"enable": {"Enable the account of", "They can sign in again with the password they had.", "Enable", false, (*officeHandlers).enableAccount},
	"link": {"Make a new set-up link for", "The link lets its holder choose a new password. Earlier links end; the present password works until then.",
		"Make the link", false, (*officeHandlers).renewLink},
}

// confirmAccountChange handles GET /office/accounts/:account/:change.
func (h *officeHandlers) confirmAccountChange(c echo.Context) error {
	change, a, err := h.findAccountChange(c)
	if err != nil {
		return err
	}
	at := "/office/accounts/" + string(a.ID)
	p := &confirmPage{officePage: h.officeFrame(c, change.title+" "+a.Name+"?", accountsCrumb)}
	p.Says, p.Button, p.Alarm = []string{change.says}, change.button, change.alarm
	p.Action, p.CancelURL = at+"/"+c.Param("change"), at
	return h.pages.page(c, http.StatusOK, p)
}

// changeAccount handles POST /office/accounts/:account/:change.
func (h *officeHandlers) changeAccount(c echo.Context) error {
	change, a, err := h.findAccountChange(c)
	if err != nil {
		return err
	}
	return change.do(h, c, a)
}

func (h *officeHandlers) findAccountChange(c echo.Context) (accountChange, surveys.Account, error) {
	change, ok := accountChanges[c.Param("change")]
	if !ok {
		return accountChange{}, surveys.Account{}, echo.ErrNotFound
	}
	a, err := h.store.FindAccount(c.Request().Context(), surveys.AccountID(c.Param("account")))
	return change, a, err
}

func (h *officeHandlers) disableAccount(c echo.Context, a surveys.Account) error {
	if err := h.store.DisableAccount(c.Request().Context(), accountOf(c).ID, a.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/accounts/"+string(a.ID))
}

func (h *officeHandlers) enableAccount(c echo.Context, a surveys.Account) error {
	if err := h.store.EnableAccount(c.Request().Context(), accountOf(c).ID, a.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/accounts/"+string(a.ID))
}

func (h *officeHandlers) renewLink(c echo.Context, a surveys.Account) error {
	token, err := h.store.RenewSetupLink(c.Request().Context(), accountOf(c).ID, a.ID)
	if err != nil {
		return err
	}
	return h.showSetupLink(c, a, token)
}
