package rounds

import (
	"html/template"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

// Pages lists the pages of the staff survey in the office, and those of its results for practices.
func Pages() []page.Page {
	return []page.Page{&roundsPage{}, &roundPage{}, &roundOpenPage{}, &cardsPage{}, &findingsPage{}, &averagePage{},
		&custodiansPage{}, &custodianNewPage{}, &custodianKeyPage{}, &custodianProofPage{}, &practiceReportPage{}}
}

// roundsPage lists the rounds of the anonymous staff survey.
type roundsPage struct {
	signedin.Frame
	Rounds        []roundView
	Keepers       []page.Fact // who the custodians are
	CustodiansURL string      // none where the study has none
}

// roundView is one round in the list.
type roundView struct {
	ID, Title, URL string
	Stage, Kind    string // of the badge
	Facts          []page.Fact
	Next           string
}

// roundPage is one round: how far it has come, what is to be done, and its practices.
type roundPage struct {
	signedin.Frame
	Window        string
	Steps         []stepView
	Next          string
	Links         []page.Link // to where the team does it
	Count         string
	Protects      []string
	Keepers       []string // whose keys open it
	CustodiansURL string   // where they can still be changed
	AverageURL    string   // of the published average, while it can be loaded
	Certificate   []page.Fact
	Action        string // of the form with practices; none where it is a table to read
	Sites         []roundSiteView
	Table         page.Table
	CardsURL      string
	PosterURL     string
	Reminder      string
}

// stepView is one stage of a round.
type stepView struct {
	Label         string
	Current, Done bool
}

// roundSiteView is one practice in the form of a round.
type roundSiteView struct {
	ID, Title, Note string
	Staff, Contact  cellField
	Cards, CardsURL string
}

// cellField is one of a column of fields with the same name.
type cellField struct {
	page.TextField
	Name, About string // About names its row
}

// roundOpenPage asks for two custodians' keys.
type roundOpenPage struct {
	signedin.Frame
	Action, CancelURL string
	Keepers           string
	Typed             page.TextField
	First, Second     page.TextField
	InTheOpen         []page.Fact // the keys of a demonstration's custodians
}

// cardsPage is printed and cut up into cards that differ only in their code. It is shown once.
type cardsPage struct {
	signedin.Frame
	Study, Site, Wave string
	Address           string
	Until             string
	BackURL           string
	Cards             []cardView
}

// cardView is one card.
type cardView struct {
	Code string
	QR   template.HTML // drawn by QRCode from our own modules
}

// custodiansPage lists the three custodians.
type custodiansPage struct {
	signedin.Frame
	Keepers  []keeperView
	ByServer bool // the study's rounds need no custodians
}

// keeperView is one custodian in the list.
type keeperView struct {
	Number, Name            string
	State, Kind             string // of the badge
	Make, MakeURL, ProofURL string // none for whoever may not
}

// custodianNewPage asks who is to keep a key.
type custodianNewPage struct {
	signedin.Frame
	Action, CancelURL string
	Form              page.HiddenField
	Keeper            page.TextField
	Replaced          string // whose key is replaced
	Tick              page.Clause
}

// custodianKeyPage shows a key, once, to be printed.
type custodianKeyPage struct {
	signedin.Frame
	Study, Number, Made string
	Groups              []string
	QR                  template.HTML // drawn by QRCodeOf from our own modules
	Replaces            bool
	ProofURL, BackURL   string
}

// custodianProofPage asks for a key to see that it can be read back.
type custodianProofPage struct {
	signedin.Frame
	Action, CancelURL string
	Key               page.TextField
	Proved            bool
}

func (*roundsPage) Template() string         { return "office/rounds" }
func (*roundPage) Template() string          { return "office/round" }
func (*roundOpenPage) Template() string      { return "office/round-open" }
func (*cardsPage) Template() string          { return "office/cards" }
func (*custodiansPage) Template() string     { return "office/custodians" }
func (*custodianNewPage) Template() string   { return "office/custodian-new" }
func (*custodianKeyPage) Template() string   { return "office/custodian-key" }
func (*custodianProofPage) Template() string { return "office/custodian-proof" }
