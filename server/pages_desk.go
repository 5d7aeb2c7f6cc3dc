package server

import "html/template"

// deskPages lists the pages of practices, interviewers and data entry.
func deskPages() []page {
	return []page{&deskSitesPage{}, &duePage{}, &enrolPage{}, &personPage{}, &handOverPage{}, &outcomePage{},
		&withdrawalPage{}, &withdrawalConfirmPage{}, &kiosksPage{}}
}

// deskSitesPage lets an account that is bound to no site choose one.
type deskSitesPage struct {
	officePage
	Studies []tableView
}

// duePage is who is due at one site. It never shows an answer.
type duePage struct {
	officePage
	Site      string
	Filters   []navLink
	Search    string
	Action    string
	Filter    string
	EnrolURL  string
	KiosksURL string // none for those who set no tablets up
	People    tableView
	Empty     string
	AnyPeople bool
}

// enrolPage asks for a person's study number.
type enrolPage struct {
	officePage
	Action, CancelURL string
	Label             textField
	Decile            selectField
}

// personPage is one person and what can be done for them.
type personPage struct {
	officePage
	Facts     []fact
	Waves     []personWave
	LeaveURL  string
	LeaveSays string
	EntryURL  string // for those who may enter answers
}

// personWave is one wave of a personPage.
type personWave struct {
	ID, Heading  string
	State, Kind  string // of the badge
	Facts        []fact
	LinkAction   string // where a new link is asked for; none where nobody can answer
	LinkButton   string
	PaperURL     string
	OutcomeURL   string
	UndoAction   string
	UndoSays     string
	History      tableView
	ShowsHistory bool
}

// handOverPage shows a new link and code, once.
type handOverPage struct {
	officePage
	Person, Wave string
	Address      string // where the code is typed
	Code, Link   string
	QR           template.HTML // drawn by qrSVG from our own modules
	BackURL      string
}

// outcomePage asks why somebody cannot answer.
type outcomePage struct {
	officePage
	Action, CancelURL string
	Groups            []choiceField
	LeaveURL          string
}

func (*deskSitesPage) template() string { return "desk/sites" }
func (*duePage) template() string       { return "desk/due" }
func (*enrolPage) template() string     { return "desk/enrol" }
func (*personPage) template() string    { return "desk/person" }
func (*handOverPage) template() string  { return "desk/hand-over" }
func (*outcomePage) template() string   { return "desk/outcome" }
