// Package signedin has what the pages of people who sign in have in common: the frame around them, the page that asks before
// something is done and the form that is carried out once, finding what an address names where it is the account's business, and
// how small things are worded. It has no page of its own with an address.
package signedin

import (
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Frames makes what stands around a page: the name bar, the menu, banners, and the way back.
type Frames struct {
	Store *store.Store // which alerts nobody has taken on
	Log   *slog.Logger
	Space func() (surveys.Space, bool) // on the database's disk, where it is known
}

// Base is the frame of a page for a signed-in account: name bar, menu and sign-out.
func (f *Frames) Base(c echo.Context, account surveys.Account, title string) page.Base {
	base := page.PlainBase(title)
	base.Office = true
	base.HomeURL = Home(account)
	base.Account = account.Name
	base.SignOutURL = "/sign-out"
	base.Alarms = append(f.roomLeft(account), f.alarms(c, account)...)
	for _, entry := range []struct {
		label, url string
		who        access.Group
	}{
		{"Studies", "/office", access.Readers},
		{"Desk", "/desk", access.Desk},
		{"Enter answers", EntryPath, access.Enterers},
		{"Accounts", "/office/accounts", access.Administrators},
		{"Audit", "/office/audit", access.Auditors},
	} {
		if entry.who.Has(account) {
			base.Nav = append(base.Nav, page.Link{Label: entry.label, URL: entry.url})
		}
	}
	markCurrent(base.Nav, c.Request().URL.Path)
	if len(base.Nav) < 2 {
		base.Nav = nil // one entry is no menu
	}
	return base
}

// markCurrent marks the entry whose address is the longest beginning of path.
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

// Plain is the frame of an office page that belongs to no study.
func (f *Frames) Plain(c echo.Context, title string, crumbs ...page.Link) Frame {
	return Frame{Base: f.Base(c, access.Account(c), title), Crumbs: crumbs}
}

// Study is the frame of an office page of a study, with its colour, banners and parts.
func (f *Frames) Study(c echo.Context, title string, study *surveys.Study, state surveys.StudyState) Frame {
	account := access.Account(c)
	p := Frame{Base: f.Base(c, account, title)}
	p.BelongTo(study, state, false)
	base := "/office/studies/" + string(study.ID)
	p.Tabs = []page.Link{{Label: "Study", URL: base}, {Label: "Monitor", URL: base + "/monitor"}}
	if HasRounds(study) {
		p.Tabs = append(p.Tabs, page.Link{Label: "Staff rounds", URL: base + "/rounds"})
	}
	if study.Safety != nil || slices.ContainsFunc(p.Alarms, func(b page.Banner) bool { return b.URL == base+"/alerts" }) {
		p.Tabs = append(p.Tabs, page.Link{Label: "Alerts", URL: base + "/alerts"})
	}
	p.Tabs = append(p.Tabs, page.Link{Label: "Paper", URL: base + "/paper"}, page.Link{Label: "Releases", URL: base + "/releases"}, page.Link{Label: "Withdrawals", URL: base + "/withdrawals"})
	if access.Deciders.Has(account) {
		p.Tabs = append(p.Tabs, page.Link{Label: "Queries", URL: base + "/queries"})
	}
	if access.Lookers.Has(account) && study.ShowsAnswers(account.Role, state) {
		p.Tabs = append(p.Tabs, page.Link{Label: "People", URL: base + "/people"})
	}
	second := page.Link{Label: "Second person", URL: ProposalsPath(study.ID)}
	if n := f.waiting(c, account, study.ID); n > 0 {
		second.Label += " (" + strconv.Itoa(n) + ")"
	}
	p.Tabs = append(p.Tabs, second)
	markCurrent(p.Tabs, c.Request().URL.Path)
	return p
}

// HasRounds reports whether the staff of a study are asked too.
func HasRounds(study *surveys.Study) bool {
	return slices.ContainsFunc(study.Waves, func(w surveys.Wave) bool { return w.Audience == surveys.Staff })
}

// Site is the frame of a page about one site.
func (f *Frames) Site(c echo.Context, title string, study *surveys.Study, state surveys.StudyState, site surveys.Site) Frame {
	account := access.Account(c)
	p := Frame{Base: f.Base(c, account, title)}
	p.BelongTo(study, state, false)
	if account.Role != surveys.Practice {
		p.Crumbs = append(p.Crumbs, page.Link{Label: "Sites", URL: "/desk"})
	}
	if here := SitePath(study.ID, site.ID); c.Request().URL.Path != here {
		p.Crumbs = append(p.Crumbs, page.Link{Label: site.Title, URL: here})
	}
	return p
}

// Entry is the frame of a page about one person.
func (f *Frames) Entry(c echo.Context, title string, who Person) Frame {
	p := Frame{Base: f.Base(c, access.Account(c), title), Crumbs: []page.Link{{Label: "Enter answers", URL: EntryPath}}}
	p.BelongTo(who.TheirStudy, who.StudyState, false)
	if here := EntryPersonPath(who.ID); c.Request().URL.Path != here {
		p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: here})
	}
	return p
}

// roomLeft is the banner that the disk is nearly full, on every page of the team: when it is full nothing more can be saved.
func (f *Frames) roomLeft(account surveys.Account) []page.Banner {
	if !access.Readers.Has(account) {
		return nil
	}
	room, known := f.Space()
	if !known || !room.Low() {
		return nil
	}
	return []page.Banner{{Kind: "alarm", Text: "The disk that holds the answers is nearly full: " + strconv.FormatUint(room.Free/1_000_000, 10) +
		" MB are free. When it is full, no more answers can be saved. Tell whoever looks after the server."}}
}

// alarms are the banners about alerts that nobody has taken on, for every page of those who may see them.
func (f *Frames) alarms(c echo.Context, account surveys.Account) []page.Banner {
	ctx := c.Request().Context()
	open, err := f.Store.OpenAlerts(ctx)
	if err != nil {
		f.Log.Error("count open alerts", "error", err)
		return []page.Banner{{Kind: "alarm", Text: "Whether there are open safety alerts could not be found out just now."}}
	}
	var banners []page.Banner
	for _, entry := range slices.Sorted(maps.Keys(open)) {
		study, _, err := f.Store.Study(ctx, entry)
		if err != nil {
			f.Log.Error("read a study with open alerts", "error", err)
			continue
		}
		if see, _ := MaySeeAlerts(account, study); !see {
			continue
		}
		text := "1 open safety alert in “" + study.Title + "”."
		if n := open[entry]; n > 1 {
			text = strconv.Itoa(n) + " open safety alerts in “" + study.Title + "”."
		}
		banners = append(banners, page.Banner{Kind: "alarm", Text: text, URL: AlertsPath(entry), Link: "See who is to be called"})
	}
	return banners
}

// Frame is the frame of the pages of the office and the desk.
type Frame struct {
	page.Base
	Crumbs []page.Link
	Tabs   []page.Link // the parts of a study
}

// waiting counts what an account could decide in a study, for the tab that leads there.
func (f *Frames) waiting(c echo.Context, account surveys.Account, study surveys.StudyID) int {
	n, err := f.Store.CountProposals(c.Request().Context(), account, study)
	if err != nil {
		f.Log.Error("count what waits for a second person", "error", err)
	}
	return n
}

// MaySeeAlerts reports whether an account may look at a study's alerts, and act on them. Whoever the safety plan names may,
// whether they were given the study or not: an alert must not wait for an administrator.
func MaySeeAlerts(account surveys.Account, study *surveys.Study) (see, act bool) {
	named, sees := study.Safety.Names(account.Email) && access.Alerted.Has(account), account.SeesStudy(study.ID)
	return named || sees && access.Readers.Has(account), named || sees && access.Team.Has(account)
}
