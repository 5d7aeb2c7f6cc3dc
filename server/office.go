package server

import (
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// officeBase is the frame of a page for a signed-in account: name bar, menu and sign-out.
func (s *Server) officeBase(c echo.Context, account surveys.Account, title string) basePage {
	base := plainBase(title)
	base.Office = true
	base.HomeURL = home(account)
	base.Account = account.Name
	base.SignOutURL = "/sign-out"
	base.Alarms = s.alarms(c, account)
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
		if may(account, entry.who) {
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

// may reports whether a route for these is open to account.
func may(account surveys.Account, who access) bool { return slices.Contains(who.roles, account.Role) }

// officeFrame is the frame of an office page that belongs to no study.
func (s *Server) officeFrame(c echo.Context, title string, crumbs ...navLink) officePage {
	return officePage{basePage: s.officeBase(c, accountOf(c), title), Crumbs: crumbs}
}

// studyFrame is the frame of an office page of a study, with its colour, banners and parts.
func (s *Server) studyFrame(c echo.Context, title string, study *surveys.Study, state surveys.StudyState) officePage {
	account := accountOf(c)
	p := officePage{basePage: s.officeBase(c, account, title)}
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

// roleLabel is a role's name in a sentence or a list.
func roleLabel(r surveys.Role) string {
	switch r {
	case surveys.DataManager:
		return "data manager"
	case surveys.DataEntry:
		return "data entry"
	default:
		return r.String()
	}
}

// sayTime is a moment as pages show it.
func sayTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2 January 2006, 15:04")
}

// sayDay is a day as pages show it.
func sayDay(t time.Time, zone *time.Location) string { return t.In(zone).Format("2 January 2006") }

// shortDay is a day in a table, on one line.
func shortDay(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2\u00a0Jan\u00a02006")
}

// homeZone is the zone of pages that belong to no study.
var homeZone = loadHomeZone()

func loadHomeZone() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil { // no zone table on this machine
		return time.UTC
	}
	return zone
}
