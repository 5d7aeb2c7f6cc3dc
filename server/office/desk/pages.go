package desk

import (
	"html/template"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

// Pages lists the pages.
func Pages() []page.Page {
	return []page.Page{&deskSitesPage{}, &duePage{}, &enrolPage{}, &personPage{}, &linkPage{}, &printPaperPage{}, &outcomePage{}, &kiosksPage{}}
}

// deskSitesPage lets an account that is bound to no site choose one.
type deskSitesPage struct {
	signedin.Frame
	Studies []page.Table
}

// duePage is who is due at one site. It never shows an answer.
type duePage struct {
	signedin.Frame
	Site      string
	Filters   []page.Link
	Search    string
	Action    string
	Filter    string
	EnrolURL  string
	KiosksURL string      // empty for those who may not set up kiosks
	Results   []page.Link // of the rounds of the staff survey that are reported, for those who may read them
	People    page.Table
	Empty     string
	AnyPeople bool
}

// enrolPage asks for a person's study number.
type enrolPage struct {
	signedin.Frame
	Action, CancelURL string
	Label             page.TextField
	Decile            page.SelectField
	Other             page.Clause // where the number is like another
}

// personPage is one person and what can be done for them.
type personPage struct {
	signedin.Frame
	Facts          []page.Fact
	Waves          []personWave
	WithdrawalURL  string
	WithdrawalSays string
	EntryURL       string // for those who may enter answers
}

// personWave is one wave of a personPage.
type personWave struct {
	ID, Heading  string
	State, Kind  string // of the badge
	Facts        []page.Fact
	LinkAction   string // where a new link is asked for; empty if nobody can answer
	LinkButton   string
	PaperURL     string
	OutcomeURL   string
	UndoAction   string
	UndoSays     string
	History      page.Table
	ShowsHistory bool
	Changes      page.Table // that something was changed in the answers, and by whom
	ShowsChanges bool
}

// linkPage shows a new link and code, once.
type linkPage struct {
	signedin.Frame
	Person, Wave string
	Address      string // where the code is typed
	Code, Link   string
	QR           template.HTML // drawn by QRCode from our own modules
	BackURL      string
}

// outcomePage asks why somebody cannot answer.
type outcomePage struct {
	signedin.Frame
	Action, CancelURL string
	Groups            []page.ChoiceField
	WithdrawalURL     string
}

func (*deskSitesPage) Template() string { return "desk/sites" }

func (*duePage) Template() string     { return "desk/due" }
func (*enrolPage) Template() string   { return "desk/enrol" }
func (*personPage) Template() string  { return "desk/person" }
func (*linkPage) Template() string    { return "desk/hand-over" }
func (*outcomePage) Template() string { return "desk/outcome" }

// printPaperPage is about to print one person's paper with a code of its own.
type printPaperPage struct {
	signedin.Frame
	Says              []string
	Action, CancelURL string
	In                page.SelectField // which language
}

func (*printPaperPage) Template() string { return "entry/print" }

// kiosksPage lists a site's kiosks at the desk and sets one up.
type kiosksPage struct {
	signedin.Frame
	Action      string
	Device, PIN page.TextField
	Devices     []kioskView
}

// kioskView is one kiosk.
type kioskView struct {
	Name, Made, Ends string
	State, Kind      string // of the badge
	RevokeAction     string // none where it has ended
}

func (*kiosksPage) Template() string { return "desk/kiosks" }
