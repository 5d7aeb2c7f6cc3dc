package server

import (
	"html/template"
	"slices"
)

// officePages lists the pages of whoever signs in.
func officePages() []page { return slices.Concat(teamPages(), deskPages(), entryPages()) }

// teamPages lists the pages of signing in and of the university team.
func teamPages() []page {
	return []page{
		&signInPage{}, &setUpPage{}, &confirmPage{},
		&accountsPage{}, &accountNewPage{}, &accountLinkPage{}, &accountPage{}, &auditPage{},
		&studiesPage{}, &studyPage{}, &studyLoadPage{}, &monitorPage{}, &releasesPage{}, &releaseNewPage{},
		&roundsPage{}, &cardsPage{}, &alertsPage{}, &alertPage{}, &withdrawalsPage{},
	}
}

// officePage is the frame of the pages of the office and the desk.
type officePage struct {
	basePage
	Crumbs []navLink
	Tabs   []navLink // the parts of a study
}

// confirmPage says what is about to happen and does nothing yet.
type confirmPage struct {
	officePage
	Says      []string
	Warning   string
	Action    string
	Fields    []hiddenField
	Button    string
	Alarm     bool // cannot be undone
	CancelURL string
}

// accountsPage lists everybody who may sign in.
type accountsPage struct {
	officePage
	Accounts tableView
}

// accountNewPage asks for a new account.
type accountNewPage struct {
	officePage
	FullName, Email textField
	Role            choiceField
	Site            selectField
}

// accountLinkPage shows a set-up link, once.
type accountLinkPage struct {
	officePage
	For, Link string
}

// accountPage is one account and what can be done with it.
type accountPage struct {
	officePage
	Facts   []fact
	Actions []navLink
}

// auditPage is a stretch of the audit trail.
type auditPage struct {
	officePage
	Study    selectField
	Filtered bool
	Entries  tableView
	OlderURL string
}

// studiesPage lists the studies.
type studiesPage struct {
	officePage
	Studies tableView
	MayLoad bool
}

// studyPage is what a study is made of and how far it has come.
type studyPage struct {
	officePage
	State     string
	StateKind string // of the badge
	StateSays string
	Changes   []navLink // what its state may become
	MayLoad   bool
	LoadURL   string
	Facts     []fact
	Tables    []tableView
	Recent    tableView
	AuditURL  string
}

// studyLoadPage takes a study file.
type studyLoadPage struct {
	officePage
	Source  string
	File    textField
	Faults  []string // with line and column
	Checked bool     // the file was checked and nothing is wrong
}

// releasesPage lists the releases of a study.
type releasesPage struct {
	officePage
	Releases tableView
	MayMake  bool
	NewURL   string
}

// releaseNewPage asks for the profile of a release, and says why one was refused.
type releaseNewPage struct {
	officePage
	Action, CancelURL string
	Form              hiddenField
	Profile           choiceField
	Excel             bool
}

// roundsPage lists the rounds of the anonymous staff survey.
type roundsPage struct {
	officePage
	Rounds []tableView
}

// cardsPage is printed and cut up: identical cards, a code each, shown once.
type cardsPage struct {
	officePage
	Study, Site, Wave string
	Address           string
	Until             string
	BackURL           string
	Cards             []cardView
}

// cardView is one card.
type cardView struct {
	Code string
	QR   template.HTML // drawn by qrSVG from our own modules
}

func (*confirmPage) template() string     { return "office/confirm" }
func (*accountsPage) template() string    { return "office/accounts" }
func (*accountNewPage) template() string  { return "office/account-new" }
func (*accountLinkPage) template() string { return "office/account-link" }
func (*accountPage) template() string     { return "office/account" }
func (*auditPage) template() string       { return "office/audit" }
func (*studiesPage) template() string     { return "office/studies" }
func (*studyPage) template() string       { return "office/study" }
func (*studyLoadPage) template() string   { return "office/study-load" }
func (*monitorPage) template() string     { return "office/monitor" }
func (*releasesPage) template() string    { return "office/releases" }
func (*releaseNewPage) template() string  { return "office/release-new" }
func (*roundsPage) template() string      { return "office/rounds" }
func (*cardsPage) template() string       { return "office/cards" }
