package surveys

import (
	"fmt"
	"slices"
	"strings"
)

// Who helped with answers, where they were given and with which aids to reading stands in three tables, a row a code. What
// pages, paper and entry screens offer, what can be stored and what codebooks describe follow from them. Codes stay for
// ever: they are in the ledger, in files and in releases.

// way is a row: the code that is stored, what it is called wherever it can be chosen, and what codebooks say. It is offered
// where it has a label. The row without a code is what people choose to say nothing, or that there is nothing to say.
type way struct {
	code      string
	own       string // to participants on a device of their own: a message of package locale
	kiosk     string // to whoever hands a tablet over
	paper     string // on paper, and where paper is typed
	telephone string // where an interviewer types
	number    int    // under which paper and entry screens have it
	codebook  string
}

type wayTable []way

// ProxyHelper is the code of a helper who answered in the person's place.
const ProxyHelper = "proxy"

// Helpers other than a proxy, as Collection.Helper.
const (
	FamilyHelper      = "family"
	StaffHelper       = "staff"
	InterpreterHelper = "interpreter"
	InterviewerHelper = "interviewer"
)

var helpers = wayTable{
	{own: "I answer by myself", kiosk: "Nobody helps", paper: "Nobody", number: 1},
	{code: FamilyHelper, own: "Family or a friend helps me", kiosk: "Family or a friend helps", paper: "Family or a friend helped", number: 2,
		codebook: "family or a friend"},
	{code: StaffHelper, own: "Somebody of the practice helps me", kiosk: "Somebody of the practice helps", paper: "Somebody at the practice helped", number: 3,
		codebook: "somebody of the practice"},
	{code: InterpreterHelper, own: "An interpreter helps me", kiosk: "An interpreter helps", codebook: "an interpreter"},
	{code: LinksPractitioner, own: "A links practitioner helps me", kiosk: "A links practitioner helps", codebook: "a links practitioner"},
	{code: InterviewerHelper, telephone: "The interviewer read the questions out", number: 1, codebook: "an interviewer, who read the questions out"},
	{code: ProxyHelper, own: "I am somebody else, and answer in the person’s place", kiosk: "Somebody answers in their place",
		paper: "Somebody answered in my place", telephone: "Somebody answered in my place", number: 4,
		codebook: "somebody else, who answered in the person's place"},
}

// Places where somebody may answer, as Collection.Place. A tablet of a practice is at the practice.
const (
	AtHome     = "home"
	AtPractice = "practice"
	Elsewhere  = "elsewhere"
)

var places = wayTable{
	{own: "I do not want to say"},
	{code: AtHome, own: "At home", codebook: "at home"},
	{code: AtPractice, own: "At my practice", codebook: "at the practice"},
	{code: Elsewhere, own: "Somewhere else", codebook: "somewhere else"},
}

// The aids to reading that a person may use, as the codes of Collection.Aids.
const (
	AidEasyRead   = "easy-read"   // pages in shorter sentences and with more room; never an instrument's own words
	AidLargePrint = "large-print" // in larger letters than the page comes with
	AidListened   = "listened"    // read out by the device
)

// aids are sorted by code.
var aids = wayTable{
	{code: AidEasyRead, own: "Easy read", codebook: "the pages, not the questions, in shorter sentences and with more room"},
	{code: AidLargePrint, own: "Large print", codebook: "larger letters"},
	{code: AidListened, own: "Listen", codebook: "read out by the device"},
}

// Choice is one of a closed set: the code that is stored, and the words to choose it by.
type Choice struct {
	Code, Label string
	Number      int // under which paper prints it, where it does
}

// offered lists the rows that have a label of a kind, in their order.
func (t wayTable) offered(label func(way) string) []Choice {
	var choices []Choice
	for _, w := range t {
		if text := label(w); text != "" {
			choices = append(choices, Choice{w.code, text, w.number})
		}
	}
	return choices
}

func (t wayTable) has(code string) bool {
	return slices.ContainsFunc(t, func(w way) bool { return w.code == code })
}

// either lists the codes for a sentence.
func (t wayTable) either() string {
	var codes []string
	for _, w := range t {
		if w.code != "" {
			codes = append(codes, w.code)
		}
	}
	return either(codes)
}

// helpersBy lists who may help in the study, with labels of a kind.
func (s *Study) helpersBy(label func(way) string) []Choice {
	return slices.DeleteFunc(helpers.offered(label), func(c Choice) bool {
		return c.Code == LinksPractitioner && !s.Kiosk.LinksPractitioners
	})
}

// OwnHelpers lists who may help somebody who answers on a device of their own, as they would say it. The first is nobody.
func (s *Study) OwnHelpers() []Choice { return s.helpersBy(func(w way) string { return w.own }) }

// KioskHelpers lists who may help somebody at a tablet of the study. The first is nobody.
func (s *Study) KioskHelpers() []Choice { return s.helpersBy(func(w way) string { return w.kiosk }) }

// EntryHelpers lists who may have helped with what is entered, as paper prints it: on the telephone the interviewer always
// has, or else it was a proxy. What is left empty means the first.
func EntryHelpers(m Mode) []Choice {
	return helpers.offered(func(w way) string {
		if m == Telephone {
			return w.telephone
		}
		return w.paper
	})
}

// OwnPlaces lists where somebody may answer. The first is that they do not say.
func OwnPlaces() []Choice { return places.offered(func(w way) string { return w.own }) }

// Aids lists the aids to reading, as pages call them.
func Aids() []Choice { return aids.offered(func(w way) string { return w.own }) }

// AidLabel returns what pages call an aid to reading.
func AidLabel(code string) string {
	i := slices.IndexFunc(aids, func(w way) bool { return w.code == code })
	return aids[i].own
}

// Chosen reports whether a code is among the choices.
func Chosen(code string, among []Choice) bool {
	return slices.ContainsFunc(among, func(c Choice) bool { return c.Code == code })
}

// DescribedHelpers lists every code of a helper that can be stored, as codebooks describe it.
func DescribedHelpers() []Choice { return helpers.offered(func(w way) string { return w.codebook }) }

// DescribedPlaces lists every code of a place that can be stored, as codebooks describe it.
func DescribedPlaces() []Choice { return places.offered(func(w way) string { return w.codebook }) }

// DescribedAids lists every code of an aid that can be stored, as codebooks describe it.
func DescribedAids() []Choice { return aids.offered(func(w way) string { return w.codebook }) }

// CheckHelper fails for what is no code of a helper. None is one: nobody helped.
func CheckHelper(code string) error {
	if helpers.has(code) {
		return nil
	}
	return fmt.Errorf("“%s” is nobody who helps: write %s, or nothing where nobody helped", Excerpt(code), helpers.either())
}

// CheckPlace fails for what is no code of a place. None is one: it is not known.
func CheckPlace(code string) error {
	if places.has(code) {
		return nil
	}
	return fmt.Errorf("“%s” is not a place: write %s, or nothing where it is not known", Excerpt(code), places.either())
}

// CheckAids fails for a list of aids to reading, parted by blanks, with a word that is none.
func CheckAids(list string) error {
	for word := range strings.FieldsSeq(list) {
		if !aids.has(word) {
			return fmt.Errorf("“%s” is no aid to reading: write %s, parted by blanks", Excerpt(word), aids.either())
		}
	}
	return nil
}

// JoinAids returns the aids to reading named by any of the lists, sorted, once each and parted by a blank, so that two can
// be compared with ==. A list holds codes parted by blanks; other words are left out.
func JoinAids(lists ...string) string {
	var used uint // bits, by row
	for _, list := range lists {
		for word := range strings.FieldsSeq(list) {
			for i := range aids {
				if word == aids[i].code {
					used |= 1 << i
				}
			}
		}
	}
	joined := ""
	for i := range aids {
		switch {
		case used&(1<<i) == 0:
		case joined == "":
			joined = aids[i].code
		default:
			joined += " " + aids[i].code
		}
	}
	return joined
}
