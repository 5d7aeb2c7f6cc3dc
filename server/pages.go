package server

import (
	"regexp"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// basePage is what the frame needs from every page.
type basePage struct {
	words        *locale.Pack
	Title        string
	Name         string         // in the name bar: the study's title, or the product's
	Language     string         // BCP 47
	Direction    string         // ltr or rtl
	Languages    []languageView // that the page can be had in as well
	Reading      reading
	Aids         []aidView // buttons that change how it is read, and say who helps
	SendsAnswers bool      // the buttons that change how the page is read send its form, called answers, along
	Colour       string    // of the name bar as six hex digits; the sheet's own where empty
	Banners      []banner
	Alarms       []banner // alerts that nobody has taken on
	Errors       []fieldError
	HelpLines    bool
	Contact      string    // whom to ask, below the help lines
	Own          []navLink // what a participant may look at and do about their own part
	UsedAids     string    // aids to reading, as they are stored with the answers of the page
	Script       bool      // saves as somebody goes, and goes on without a network
	Notice       string    // see slotNotice
	Kiosk        kioskFrame

	Office     bool // the office and the desk: second sheet, menu and account
	Narrow     bool // text and forms rather than tables
	HomeURL    string
	Account    string // the name of whoever is signed in
	SignOutURL string
	Nav        []navLink
}

// banner is a sentence that stands on every page of a study, with or without a link after it.
type banner struct{ Kind, Text, URL, Link string }

// fieldError is one line of the error summary; Field is the id of the input it leads to.
type fieldError struct{ Field, Text string }

// navLink is one entry of a menu.
type navLink struct {
	Label, URL string
	Current    bool
}

const productName = "wellwave"

// pack is what the page's own sentences come from; a page that nobody gave a language is in English.
func (b *basePage) pack() *locale.Pack {
	if b.words == nil {
		return locale.English()
	}
	return b.words
}

// plainBase is the frame of a page that belongs to no study, for people who work on one: in English.
func plainBase(title string) basePage { return baseIn(locale.English(), title) }

// baseIn is the frame of a page in a language.
func baseIn(pack *locale.Pack, title string) basePage {
	return basePage{words: pack, Title: title, Name: productName, Language: pack.Language, Direction: pack.Direction}
}

// studyBase is the frame of a page of a study: its title and colour, and the banners it must carry.
func studyBase(title string, study *surveys.Study, state surveys.StudyState, neutral bool) basePage {
	base := plainBase(title)
	base.belongTo(study, state, neutral)
	return base
}

// belongTo gives the frame what all pages of a study carry.
func (b *basePage) belongTo(study *surveys.Study, state surveys.StudyState, neutral bool) {
	b.Name = study.Title
	b.Colour = barColour(study.Colour)
	b.Banners = studyBanners(b.pack(), study.Demo, state, neutral)
}

// inDemonstration lets a page of a demonstration say so if its study has not done it: sign-in, lists and errors have none.
func (b *basePage) inDemonstration() {
	said := demoBanner(b.pack())
	if !slices.ContainsFunc(b.Banners, func(one banner) bool { return one.Kind == said.Kind }) {
		b.Banners = append([]banner{said}, b.Banners...)
	}
}

func demoBanner(pack *locale.Pack) banner {
	return banner{Kind: "demo", Text: pack.Say("Demonstration with invented people.")}
}

// studyBanners returns the sentences that stand on every page of a study in this state. neutral says that an
// instrument of it is shown without its published wording.
func studyBanners(pack *locale.Pack, demo bool, state surveys.StudyState, neutral bool) []banner {
	var banners []banner
	if demo {
		banners = append(banners, demoBanner(pack))
	}
	if state == surveys.Pilot {
		banners = append(banners, banner{Kind: "pilot", Text: pack.Say("This study is being tried out. Answers given now do not count.")})
	}
	if neutral {
		banners = append(banners, banner{Kind: "neutral", Text: pack.Say("Some questions show neutral labels in place of their licensed wording.")})
	}
	return banners
}

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// barColour returns the six digits of a colour from a study file, or nothing where it is none.
func barColour(colour string) string {
	colour = strings.ToLower(colour)
	if !hexColour.MatchString(colour) {
		return ""
	}
	return colour[1:]
}

// kioskFrame is what the frame needs to know on a tablet that was handed over.
type kioskFrame struct {
	On          bool
	ForStaff    bool   // a page for colleagues: it leads back to the PIN by itself
	LeaveAction string // a page for participants: where the tablet is given back
	Done        bool   // nothing is left to answer
}
