package server

import "strings"

// entryPages lists the pages of paper questionnaires and of those who enter them.
func entryPages() []page {
	return []page{&blankPapersPage{}, &printPaperPage{}, &entryListPage{}, &entryPersonPage{}, &entryConsentPage{}, &entryFormPage{}, &decidePage{}}
}

// blankPapersPage lists the questionnaires of a study that can be printed.
type blankPapersPage struct {
	officePage
	Papers tableView
	Notes  []string
	Facts  []fact // how far the entry of papers has come
}

// printPaperPage is about to print one person's paper with a code of its own.
type printPaperPage struct {
	officePage
	Says              []string
	Action, CancelURL string
	In                selectField // which language
}

// entryListPage finds a person, and lists the papers that wait for somebody.
type entryListPage struct {
	officePage
	Study   selectField
	Number  textField
	Waiting tableView
	Empty   string
	Agree   tableView // how often two entries agree, by study
}

// entryPersonPage is one person and what can be entered for them.
type entryPersonPage struct {
	officePage
	Done    []string // what has just been entered
	Facts   []fact
	Waves   []entryWave
	DeskURL string
}

// entryWave is one wave of an entryPersonPage.
type entryWave struct {
	ID, Heading string
	State, Kind string // of the badge
	Says        string // why nothing can be entered, or how a paper stands
	Actions     []navLink
}

// entryConsentPage takes what somebody agreed to on paper or on the telephone.
type entryConsentPage struct {
	officePage
	Action, CancelURL string
	Version, Intro    string
	Day               textField
	Clauses           []clauseView
}

// entryFormPage is a whole questionnaire to be typed.
type entryFormPage struct {
	officePage
	Says              []string
	Action, CancelURL string
	Form              hiddenField
	Facts             []entryItem // day and helper
	In                selectField // which language
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

// entryItem is one line to type. Values are those after which the next line can come at once.
type entryItem struct {
	Code, Number, Text, Hint string
	Keys                     []string // what can be typed and what it means
	Error, Value             string
	InputMode                string
	Values                   string // parted by blanks; empty for what has no list
	Digits                   string // how many make the answer complete; empty where that is not known
	Wrong                    string // the sentence for anything else
	Wide, Read               bool   // a text; only to be read out
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
	officePage
	Lede              string
	Action, CancelURL string
	Form              hiddenField
	Differences       []differenceView
}

// differenceView is one difference to decide.
type differenceView struct {
	Choice choiceField
	Other  textField
}

func (*blankPapersPage) template() string  { return "entry/blank" }
func (*printPaperPage) template() string   { return "entry/print" }
func (*entryListPage) template() string    { return "entry/list" }
func (*entryPersonPage) template() string  { return "entry/person" }
func (*entryConsentPage) template() string { return "entry/consent" }
func (*entryFormPage) template() string    { return "entry/form" }
func (*decidePage) template() string       { return "entry/decide" }
