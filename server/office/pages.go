package office

import (
	"slices"

	"wellwave/server/office/accounts"
	"wellwave/server/office/desk"
	"wellwave/server/office/entry"
	"wellwave/server/office/people"
	"wellwave/server/office/releases"
	"wellwave/server/office/rounds"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

// Pages lists the pages of people who sign in.
func Pages() []page.Page {
	team := []page.Page{
		&signedin.ConfirmPage{}, &auditPage{},
		&studiesPage{}, &studyPage{}, &studyLoadPage{}, &datesPage{}, &monitorPage{},
		&alertsPage{}, &alertPage{}, &blankPapersPage{}, &proposalsPage{}, &proposalPage{},
	}
	return slices.Concat(team, accounts.Pages(), releases.Pages(), rounds.Pages(), people.Pages(), desk.Pages(), entry.Pages())
}

// studiesPage lists the studies.
type studiesPage struct {
	signedin.Frame
	Studies page.Table
	MayLoad bool
}

// studyPage is what a study is made of and how far it has come.
type studyPage struct {
	signedin.Frame
	State     string
	StateKind string // of the badge
	StateSays string
	Changes   []page.Link // what its state may become
	MayLoad   bool
	LoadURL   string
	Facts     []page.Fact
	Tables    []page.Table
	Recent    page.Table
	AuditURL  string
	DatesURL  string
}

// studyLoadPage takes a study file.
type studyLoadPage struct {
	signedin.Frame
	Source  string
	File    page.TextField
	With    int      // instruments and wording packs that came with the file
	Faults  []string // with file, line and column
	Checked bool     // the file was checked and nothing is wrong
}

func (*studiesPage) Template() string   { return "office/studies" }
func (*studyPage) Template() string     { return "office/study" }
func (*studyLoadPage) Template() string { return "office/study-load" }
