package page

import (
	"regexp"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// Base is what the frame needs from every page.
type Base struct {
	words        *locale.Pack
	Title        string
	Name         string     // in the name bar: the study's title, or the product's
	Language     string     // BCP 47
	Direction    string     // ltr or rtl
	Languages    []Language // in which the page is also available
	Reading      Reading
	Aids         []Aid  // buttons that change how the page is read, and the one for saying who helps
	SendsAnswers bool   // those buttons send the page's form, called answers, too
	Colour       string // of the name bar as six hex digits; empty means the sheet's own
	Banners      []Banner
	Alarms       []Banner // alerts that nobody has taken on
	Errors       []FieldError
	HelpLines    bool
	Contact      string // whom to ask, below the help lines
	Own          []Link // what a participant may look at and do about their own part
	UsedAids     string // aids to reading, as they are stored with the answers of the page
	Script       bool   // the page saves while somebody answers, and works without a network
	Notice       string // see SlotNotice
	Kiosk        KioskFrame

	Office     bool // the office and the desk: second sheet, menu and account
	Narrow     bool // text and forms rather than tables
	HomeURL    string
	Account    string // the name of whoever is signed in
	SignOutURL string
	Nav        []Link
}

// Banner is a sentence on every page of a study, with or without a link after it.
type Banner struct{ Kind, Text, URL, Link string }

// FieldError is one line of the error summary; Field is the id of the input it leads to.
type FieldError struct{ Field, Text string }

// Link is one entry of a menu.
type Link struct {
	Label, URL string
	Current    bool
}

const productName = "wellwave"

// Pack is what the page's own sentences come from; a page that nobody gave a language is in English.
func (b *Base) Pack() *locale.Pack {
	if b.words == nil {
		return locale.English()
	}
	return b.words
}

// PlainBase is the frame of a page that belongs to no study, for people who work on one: in English.
func PlainBase(title string) Base { return PlainBaseIn(locale.English(), title) }

// PlainBaseIn is the frame of a page in a language.
func PlainBaseIn(pack *locale.Pack, title string) Base {
	return Base{words: pack, Title: title, Name: productName, Language: pack.Language, Direction: pack.Direction}
}

// StudyBase is the frame of a page of a study: its title and colour, and the banners it must carry.
func StudyBase(title string, study *surveys.Study, state surveys.StudyState, neutral bool) Base {
	base := PlainBase(title)
	base.BelongTo(study, state, neutral)
	return base
}

// BelongTo gives the frame what all pages of a study carry.
func (b *Base) BelongTo(study *surveys.Study, state surveys.StudyState, neutral bool) {
	b.Name = study.Title
	b.Colour = BarColour(study.Colour)
	b.Banners = StudyBanners(b.Pack(), study.Demo, state, neutral)
}

// inDemonstration adds the banner of the demonstration to a page that does not have it from a study, such as sign-in, lists
// and errors.
func (b *Base) inDemonstration() {
	said := demoBanner(b.Pack())
	if !slices.ContainsFunc(b.Banners, func(one Banner) bool { return one.Kind == said.Kind }) {
		b.Banners = append([]Banner{said}, b.Banners...)
	}
}

func demoBanner(pack *locale.Pack) Banner {
	return Banner{Kind: "demo", Text: pack.Say("Demonstration with invented people.")}
}

// StudyBanners returns the sentences that stand on every page of a study in this state. neutral says that an
// instrument of it is shown without its published wording.
func StudyBanners(pack *locale.Pack, demo bool, state surveys.StudyState, neutral bool) []Banner {
	var banners []Banner
	if demo {
		banners = append(banners, demoBanner(pack))
	}
	if state == surveys.Pilot {
		banners = append(banners, Banner{Kind: "pilot", Text: pack.Say("This study is being tried out. Answers given now do not count.")})
	}
	if neutral {
		banners = append(banners, Banner{Kind: "neutral", Text: pack.Say("Some questions show neutral labels in place of their licensed wording.")})
	}
	return banners
}

var hexColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// BarColour returns the six digits of a colour from a study file, or an empty string if the colour is not valid.
func BarColour(colour string) string {
	colour = strings.ToLower(colour)
	if !hexColour.MatchString(colour) {
		return ""
	}
	return colour[1:]
}

// KioskFrame is what the frame needs to know on a kiosk.
type KioskFrame struct {
	On          bool
	ForStaff    bool   // a page for colleagues, which goes back to the PIN by itself
	LeaveAction string // a page for participants: where the kiosk is given back
	Done        bool   // nothing is left to answer
}
