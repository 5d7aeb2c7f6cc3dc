package entry

import (
	"strings"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

// Pages lists the pages.
func Pages() []page.Page {
	return []page.Page{&entryListPage{}, &entryPersonPage{}, &entryConsentPage{}, &entryFormPage{}, &decidePage{}}
}

// entryListPage finds a person, and lists the papers that wait for somebody.
type entryListPage struct {
	signedin.Frame
	Study   page.SelectField
	Number  page.TextField
	Waiting page.Table
	Empty   string
	Agree   page.Table // how often two entries agree, by study
}

// entryPersonPage is one person and what can be entered for them.
type entryPersonPage struct {
	signedin.Frame
	Done    []string // what has just been entered
	Facts   []page.Fact
	Waves   []entryWave
	DeskURL string
}

// entryWave is one wave of an entryPersonPage.
type entryWave struct {
	ID, Heading string
	State, Kind string // of the badge
	Says        string // why nothing can be entered, or how a paper stands
	Actions     []page.Link
}

// entryConsentPage takes what somebody agreed to on paper or on the telephone.
type entryConsentPage struct {
	signedin.Frame
	Action, CancelURL string
	Version, Intro    string
	Day               page.TextField
	Clauses           []page.Clause
}

// entryFormPage is a whole questionnaire to be typed.
type entryFormPage struct {
	signedin.Frame
	Says              []string
	Action, CancelURL string
	Form              page.HiddenField
	Facts             []entryItem      // day and helper
	In                page.SelectField // which language
	Sections          []entrySection
	AsksOver          bool // somebody answered in another way before
	Over              bool
	Submit            string
}

// entrySection is one instrument of an entryFormPage.
type entrySection struct {
	Heading, Intro string
	Items          []entryItem
}

// entryItem is one line to type. After one of Values the script goes on to the next line.
type entryItem struct {
	Code, Number, Text, Hint string
	Keys                     []string // what can be typed and what it means
	Error, Value             string
	InputMode                string
	Values                   string // separated by spaces; empty if there is no list
	Digits                   string // how many digits make the answer complete; empty if that is not known
	Wrong                    string // the sentence for anything else
	Wide, Read               bool   // a long text; an item to read out and not to answer
}

// Described lists the ids of the sentences that describe the input.
func (i entryItem) Described() string {
	var ids []string
	if i.Hint != "" {
		ids = append(ids, i.Code+"-hint")
	}
	if len(i.Keys) > 0 {
		ids = append(ids, i.Code+"-keys")
	}
	return strings.Join(append(ids, i.Code+"-error"), " ")
}

// decidePage shows where two entries of a paper differ.
type decidePage struct {
	signedin.Frame
	Lede              string
	Action, CancelURL string
	Form              page.HiddenField
	Differences       []differenceView
}

// differenceView is one difference to decide.
type differenceView struct {
	Choice page.ChoiceField
	Other  page.TextField
}

func (*entryListPage) Template() string    { return "entry/list" }
func (*entryPersonPage) Template() string  { return "entry/person" }
func (*entryConsentPage) Template() string { return "entry/consent" }
func (*entryFormPage) Template() string    { return "entry/form" }
func (*decidePage) Template() string       { return "entry/decide" }
