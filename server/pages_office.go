package server

import (
	"html/template"
	"strings"
)

// officePages lists the pages of signing in and of the university team.
func officePages() []page {
	return []page{
		&errorPage{}, &signInPage{}, &setUpPage{}, &confirmPage{},
		&accountsPage{}, &accountNewPage{}, &accountLinkPage{}, &accountPage{}, &auditPage{},
		&studiesPage{}, &studyPage{}, &studyLoadPage{}, &monitorPage{}, &releasesPage{}, &releaseNewPage{},
		&roundsPage{}, &cardsPage{},
	}
}

// officePage is the frame of the pages of the office and the desk.
type officePage struct {
	basePage
	Crumbs []navLink
	Tabs   []navLink // the parts of a study
}

// tableView is a table as the partial table prints it.
type tableView struct {
	ID, Caption string
	Heads       []tableCell
	Rows        []tableRow
}

type tableRow struct {
	Cells []tableCell
	Total bool
	Group string // heads the rows below it and has no cells
	Span  int    // columns of the table, for Group
}

// tableCell is one cell: a text, a link, or a badge of the given kind.
type tableCell struct {
	Text   string
	URL    string
	Badge  string // good, notice, warn, alarm or plain
	Note   string // small print after the text
	Hidden string // for screen readers: what the link or the column is about
	Number bool
	Head   bool // names the row
}

func head(text string) tableCell            { return tableCell{Text: text, Head: true} }
func cell(text string) tableCell            { return tableCell{Text: text} }
func numberCell(text string) tableCell      { return tableCell{Text: text, Number: true} }
func badgeCell(kind, text string) tableCell { return tableCell{Text: text, Badge: kind} }
func linkCell(text, url, about string) tableCell {
	return tableCell{Text: text, URL: url, Hidden: about}
}
func row(cells ...tableCell) tableRow   { return tableRow{Cells: cells} }
func hiddenHead(about string) tableCell { return tableCell{Hidden: about} }

// heads makes column headings; one that starts with # heads a column of numbers.
func heads(texts ...string) []tableCell {
	cells := make([]tableCell, len(texts))
	for i, text := range texts {
		cells[i].Text, cells[i].Number = strings.CutPrefix(text, "#")
	}
	return cells
}

// fact is a term and what it is.
type fact struct{ Term, Text string }

// choice is one option of a list or of radio buttons.
type choice struct {
	ID, Value, Label string
	Chosen           bool
}

// selectField is a list to choose one from.
type selectField struct {
	ID, Label, Hint, Error string
	Options                []choice
}

// Described lists the ids of the sentences that describe the field.
func (f selectField) Described() string {
	return textField{ID: f.ID, Hint: f.Hint, Error: f.Error}.Described()
}

// choiceField is one of several radio buttons. ID is that of the first, to which the error summary leads.
type choiceField struct {
	ID, Name, Label, Error string
	Options                []choice
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
