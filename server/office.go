package server

import (
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

// officeHandlers answer whoever signs in: the university team, the practices, and those who enter answers.
type officeHandlers struct {
	store     *store.Store
	pages     *Renderer
	sessions  *accountSessions
	cookies   *cookies
	base      *url.URL // the address that people type
	log       *slog.Logger
	now       func() time.Time
	signIns   []DemoSignIn
	sendsMail bool   // of alerts
	kioskPath string // where a browser goes that has become a kiosk
}

// officeBase is the frame of a page for a signed-in account: name bar, menu and sign-out.
func (h *officeHandlers) officeBase(c echo.Context, account surveys.Account, title string) basePage {
	base := plainBase(title)
	base.Office = true
	base.HomeURL = home(account)
	base.Account = account.Name
	base.SignOutURL = "/sign-out"
	base.Alarms = h.alarms(c, account)
	for _, entry := range []struct {
		label, url string
		who        access
	}{
		{"Studies", "/office", readers},
		{"Desk", "/desk", desk},
		{"Enter answers", entryPath, enterers},
		{"Accounts", "/office/accounts", admins},
		{"Audit", "/office/audit", auditors},
	} {
		if entry.who.has(account) {
			base.Nav = append(base.Nav, navLink{Label: entry.label, URL: entry.url})
		}
	}
	markCurrent(base.Nav, c.Request().URL.Path)
	if len(base.Nav) < 2 {
		base.Nav = nil // a menu of one is no choice
	}
	return base
}

// markCurrent marks the entry below which path lies most closely.
func markCurrent(nav []navLink, path string) {
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
func (h *officeHandlers) officeFrame(c echo.Context, title string, crumbs ...navLink) officePage {
	return officePage{basePage: h.officeBase(c, accountOf(c), title), Crumbs: crumbs}
}

// studyFrame is the frame of an office page of a study, with its colour, banners and parts.
func (h *officeHandlers) studyFrame(c echo.Context, title string, study *surveys.Study, state surveys.StudyState) officePage {
	account := accountOf(c)
	p := officePage{basePage: h.officeBase(c, account, title)}
	p.Name, p.Colour = study.Title, barColour(study.Colour)
	p.Banners = studyBanners(p.pack(), study.Demo, state, false)
	base := "/office/studies/" + string(study.ID)
	p.Tabs = []navLink{{Label: "Study", URL: base}, {Label: "Monitor", URL: base + "/monitor"}}
	if hasRounds(study) {
		p.Tabs = append(p.Tabs, navLink{Label: "Staff rounds", URL: base + "/rounds"})
	}
	if study.Safety != nil || slices.ContainsFunc(p.Alarms, func(b banner) bool { return b.URL == base+"/alerts" }) {
		p.Tabs = append(p.Tabs, navLink{Label: "Alerts", URL: base + "/alerts"})
	}
	p.Tabs = append(p.Tabs, navLink{Label: "Paper", URL: base + "/paper"}, navLink{Label: "Releases", URL: base + "/releases"}, navLink{Label: "Withdrawals", URL: base + "/withdrawals"})
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
