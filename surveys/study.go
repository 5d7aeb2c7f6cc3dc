package surveys

import (
	"slices"
	"time"
)

// Study is the protocol of one evaluation: who is asked what, where and when, and how many answers are enough.
// It is written as a YAML file by the university team, checked by ParseStudy and stored whole under the hash of its
// content. Nothing in a Study changes after it was parsed.
type Study struct {
	ID     StudyID
	Title  string
	Hash   string // SHA-256 of the file, hex
	Zone   *time.Location
	Starts time.Time // the first moment of the first day on which a baseline can have been given; zero where the file does not say
	Colour string    // of the name bar, as #rrggbb; dark enough for white text
	Demo   bool      // every page says that the people are invented
	Masked bool      // before the lock nobody sees answers beside arm and site
	// ErasureDays is how many days answers wait, out of use, until they are erased for good, where staff have recorded that they
	// are to be: 0 to 30.
	ErasureDays int
	Arms        []Arm
	Sites       []Site
	Waves       []Wave
	Primary     ScaleID // the one primary scale
	Consent     Consent
	Contact     string // whom a participant may ask, one line
	// Remarks are what is in order in the file and its instruments and may yet not be meant, each as name:line:column: sentence.
	Remarks      []string
	Targets      []Target
	Release      ReleasePlan
	Paper        PaperPlan
	Kiosk        KioskPlan
	StaffSurvey  StaffPlan
	Safety       *SafetyPlan       // nil where the file has none
	Instruments  []InstrumentRef   // every instrument that any wave uses
	Licences     []LicenceRecord   // by instrument, of those whose wording needs one
	Interfaces   []InterfaceSource // packs of its own for the pages, by language
	Translations []Translation     // by language

	asks map[InstrumentID]*Instrument // what it was read with; their items have the classes that hold for this study
}

// InstrumentRef names the exact content of an instrument that a study version uses.
type InstrumentRef struct {
	ID      InstrumentID
	Version string
	Hash    string
}

// Arm is an allocated group.
type Arm struct {
	ID    ArmID
	Title string
}

// Site is a place that recruits: a general practice.
type Site struct {
	ID    SiteID
	Title string
	Arm   ArmID
	Staff int // headcount, for the staff survey's codes
}

// Audience says who answers a wave.
type Audience uint8

// The audiences.
const (
	Patients Audience = iota + 1
	Staff             // anonymous: a wave of theirs is a round
	Organisations
)

var audienceWords = Words[Audience]{Patients: "patients", Staff: "staff", Organisations: "organisations"}

// String returns the word that stands in study files and in the database.
func (a Audience) String() string { return audienceWords.Word(a) }

// ParseAudience returns the audience named by word.
func ParseAudience(word string) (Audience, bool) { return audienceWords.Parse(word) }

// Layout says how a wave's questions are spread over pages.
type Layout uint8

// The layouts.
const (
	OneAScreen Layout = iota + 1 // one question a screen
	OnePage                      // all questions on one page
)

var layoutWords = Words[Layout]{OneAScreen: "one-a-screen", OnePage: "one-page"}

// String returns the word that stands in study files.
func (l Layout) String() string { return layoutWords.Word(l) }

// ParseLayout returns the layout named by word.
func ParseLayout(word string) (Layout, bool) { return layoutWords.Parse(word) }

// Wave is one planned measurement occasion. Patients' waves fall due relative to the participant's own baseline; a
// round of the anonymous staff survey has fixed dates.
type Wave struct {
	ID            WaveID
	Title         string
	Audience      Audience
	Baseline      bool      // the wave that other waves count from; exactly one in a study with patients
	DueAfter      int       // days from baseline to the due date
	Before        int       // days by which the window opens before the due date
	After         int       // days by which it stays open after it, the due date itself included
	Opens         time.Time // rounds only: first day, at 00:00 in the study's zone
	Closes        time.Time // rounds only: the first moment after the last day
	Layout        Layout
	Grids         bool           // consecutive questions with the same answers stand in a table where there is room
	Instruments   []InstrumentID // the primary outcome first
	Questionnaire string         // hash of what the wave asks
}

// Consent is the text that a participant agrees to, with its version; each clause is ticked by itself.
type Consent struct {
	Version string
	Intro   string
	Clauses []Clause
}

// Clause is one statement of a consent text.
type Clause struct {
	ID       string
	Text     string
	Required bool
}

// ReleasePlan says what a release may carry. A column that it does not name is not exported.
type ReleasePlan struct {
	Keys      []KeyColumn // what somebody might know about a person already: k is counted over these
	Items     []string    // item codes released as they were answered
	Scales    []ScaleID
	Paradata  []string // see paradata
	Sensitive []string // item codes that need a reason; released, never used as keys
	Classes   []DeclaredClass
}

// DeclaredClass is the class that a study file gives an item, and why.
type DeclaredClass struct {
	Item   string
	Class  Class
	Reason string
}

// KeyColumn is a quasi-identifier and how it is recoded.
type KeyColumn struct {
	Name        string     // arm, site, simd_decile, simd_quintile, or an item code
	Bands       []float64  // lower bounds of bands, ascending; none for a value released as it is
	Bottom, Top *float64   // smaller and larger values stand as these; nil for none, and where there are bands
	Groups      []KeyGroup // options that stand together
}

// KeyGroup is some options of a key that leave as one value.
type KeyGroup struct {
	Label   string // what stands in their place, and is no option
	Options []float64
}

// Arm returns the arm called id.
func (s *Study) Arm(id ArmID) (Arm, bool) {
	for _, a := range s.Arms {
		if a.ID == id {
			return a, true
		}
	}
	return Arm{}, false
}

// ArmTitle returns the title of an arm, and its id where the study gives it none.
func (s *Study) ArmTitle(id ArmID) string {
	if arm, ok := s.Arm(id); ok && arm.Title != "" {
		return arm.Title
	}
	return string(id)
}

// Site returns the site called id.
func (s *Study) Site(id SiteID) (Site, bool) {
	for _, site := range s.Sites {
		if site.ID == id {
			return site, true
		}
	}
	return Site{}, false
}

// SiteTitle returns a site's title, or its id where the file no longer names it.
func (s *Study) SiteTitle(id SiteID) string {
	if site, ok := s.Site(id); ok {
		return site.Title
	}
	return string(id)
}

// sitesOf returns how many sites an arm has.
func (s *Study) sitesOf(arm ArmID) int {
	n := 0
	for _, site := range s.Sites {
		if site.Arm == arm {
			n++
		}
	}
	return n
}

// Wave returns the wave called id.
func (s *Study) Wave(id WaveID) (Wave, bool) {
	for _, w := range s.Waves {
		if w.ID == id {
			return w, true
		}
	}
	return Wave{}, false
}

// PatientWaves lists the waves that named participants answer, in the order of the study file.
func (s *Study) PatientWaves() []Wave {
	var waves []Wave
	for _, w := range s.Waves {
		if w.Audience == Patients {
			waves = append(waves, w)
		}
	}
	return waves
}

// LaterWaves lists the waves of participants that fall due after a wave.
func (s *Study) LaterWaves(than WaveID) []Wave {
	wave, _ := s.Wave(than)
	return slices.DeleteFunc(s.PatientWaves(), func(w Wave) bool { return w.DueAfter <= wave.DueAfter })
}

// WindowOf returns somebody's window in a wave: that of baseline counts from the day on which they were sampled, that of
// every other wave from the day of their own baseline. There is none before baseline, whose day is negative then.
func (s *Study) WindowOf(w Wave, sampled, baseline int) (Window, bool) {
	from := baseline
	if w.Baseline {
		from = sampled
	}
	if from < 0 {
		return Window{}, false
	}
	return w.Window(s.Zone, DayStart(from, s.Zone))
}

// LastClosed returns the last day, as DayNumber counts them, from which a window of the wave has closed by today's.
func (w Wave) LastClosed(today int) int { return today - w.DueAfter - w.After - 1 }

// Window is the time in which answers to a wave are on time: from Opens up to but not including Closes.
type Window struct{ Opens, Due, Closes time.Time }

// Window returns the wave's window for somebody whose baseline fell on the given day. For a round the argument is not
// used. A follow-up wave of somebody without a baseline has no window yet: ok is false.
func (w Wave) Window(zone *time.Location, baseline time.Time) (window Window, ok bool) {
	if w.Audience == Staff {
		return Window{Opens: w.Opens, Due: w.Opens, Closes: w.Closes}, true
	}
	if baseline.IsZero() {
		return Window{}, false
	}
	first := DayNumber(baseline, zone)
	day := func(n int) time.Time { return DayStart(first+n, zone) }
	return Window{Opens: day(w.DueAfter - w.Before), Due: day(w.DueAfter), Closes: day(w.DueAfter + w.After + 1)}, true
}
