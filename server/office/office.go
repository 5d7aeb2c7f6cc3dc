// Package office has the pages of whoever signs in: the university team's, the desk of a practice, and those on which
// answers are entered.
package office

import (
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/server/sealed"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Handlers answer whoever signs in: the university team, the practices, and those who enter answers.
type Handlers struct {
	Store     *store.Store
	Pages     *page.Renderer
	Sessions  *access.Sessions
	Cookies   *sealed.Cookies
	BaseURL   *url.URL // the address that people type
	Log       *slog.Logger
	Now       func() time.Time
	SignIns   []DemoSignIn
	SendsMail bool   // of alerts
	KioskPath string // where a browser goes that has become a kiosk
}

// Base is the frame of a page for a signed-in account: name bar, menu and sign-out.
func (h *Handlers) Base(c echo.Context, account surveys.Account, title string) page.Base {
	base := page.PlainBase(title)
	base.Office = true
	base.HomeURL = home(account)
	base.Account = account.Name
	base.SignOutURL = "/sign-out"
	base.Alarms = h.alarms(c, account)
	for _, entry := range []struct {
		label, url string
		who        access.Group
	}{
		{"Studies", "/office", access.Readers},
		{"Desk", "/desk", access.Desk},
		{"Enter answers", entryPath, access.Enterers},
		{"Accounts", "/office/accounts", access.Administrators},
		{"Audit", "/office/audit", access.Auditors},
	} {
		if entry.who.Has(account) {
			base.Nav = append(base.Nav, page.Link{Label: entry.label, URL: entry.url})
		}
	}
	markCurrent(base.Nav, c.Request().URL.Path)
	if len(base.Nav) < 2 {
		base.Nav = nil // a menu of one is no choice
	}
	return base
}

// markCurrent marks the entry below which path lies most closely.
func markCurrent(nav []page.Link, path string) {
	nearest := -1
	for i, link := range nav {
		if (path == link.URL || strings.HasPrefix(path, link.URL+"/")) && (nearest < 0 || len(link.URL) > len(nav[nearest].URL)) {
			nearest = i
		}
	}
	if nearest >= 0 {
		nav[nearest].Current = true
	}
}

// officeFrame is the frame of an office page that belongs to no study.
func (h *Handlers) officeFrame(c echo.Context, title string, crumbs ...page.Link) frame {
	return frame{Base: h.Base(c, access.Account(c), title), Crumbs: crumbs}
}

// studyFrame is the frame of an office page of a study, with its colour, banners and parts.
func (h *Handlers) studyFrame(c echo.Context, title string, study *surveys.Study, state surveys.StudyState) frame {
	account := access.Account(c)
	p := frame{Base: h.Base(c, account, title)}
	p.Name, p.Colour = study.Title, page.BarColour(study.Colour)
	p.Banners = page.StudyBanners(p.Pack(), study.Demo, state, false)
	base := "/office/studies/" + string(study.ID)
	p.Tabs = []page.Link{{Label: "Study", URL: base}, {Label: "Monitor", URL: base + "/monitor"}}
	if hasRounds(study) {
		p.Tabs = append(p.Tabs, page.Link{Label: "Staff rounds", URL: base + "/rounds"})
	}
	if study.Safety != nil || slices.ContainsFunc(p.Alarms, func(b page.Banner) bool { return b.URL == base+"/alerts" }) {
		p.Tabs = append(p.Tabs, page.Link{Label: "Alerts", URL: base + "/alerts"})
	}
	p.Tabs = append(p.Tabs, page.Link{Label: "Paper", URL: base + "/paper"}, page.Link{Label: "Releases", URL: base + "/releases"}, page.Link{Label: "Withdrawals", URL: base + "/withdrawals"})
	markCurrent(p.Tabs, c.Request().URL.Path)
	return p
}

func hasRounds(study *surveys.Study) bool {
	return slices.ContainsFunc(study.Waves, func(w surveys.Wave) bool { return w.Audience == surveys.Staff })
}

func yesNo(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
