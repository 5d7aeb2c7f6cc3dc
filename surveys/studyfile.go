package surveys

import (
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"wellwave/surveys/strictyaml"
)

// FindInstrument returns the instrument of exactly this id and version, or a NotFound error.
type FindInstrument func(id InstrumentID, version string) (*Instrument, error)

// studyFile is a study as its author writes it. Fields stand in the order in which the demonstration's file, which is
// also the manual's example, explains them.
type studyFile struct {
	ID           string                        `yaml:"id"`
	Title        string                        `yaml:"title"`
	Zone         string                        `yaml:"zone"`
	Colour       string                        `yaml:"colour"`
	Demo         bool                          `yaml:"demo"`
	Masked       bool                          `yaml:"masked"`
	ErasureDelay *int                          `yaml:"erasure_delay"`
	Contact      string                        `yaml:"contact"`
	Starts       string                        `yaml:"starts"`
	Consent      consentEntry                  `yaml:"consent"`
	Arms         []armEntry                    `yaml:"arms"`
	Sites        []siteEntry                   `yaml:"sites"`
	Instruments  map[string]string             `yaml:"instruments"`
	Licences     map[string]licenceRecordEntry `yaml:"licences"`
	Primary      string                        `yaml:"primary"`
	Waves        []waveEntry                   `yaml:"waves"`
	Targets      []targetEntry                 `yaml:"targets"`
	Release      releaseEntry                  `yaml:"release"`
	Paper        paperEntry                    `yaml:"paper"`
	Kiosk        kioskEntry                    `yaml:"kiosk"`
	StaffSurvey  staffSurveyEntry              `yaml:"staff_survey"`
	Safety       *safetyEntry                  `yaml:"safety"`
	Translations map[string]translationEntry   `yaml:"translations"`
}

type paperEntry struct {
	DoubleEntry bool `yaml:"double_entry"`
}

type kioskEntry struct {
	LinksPractitioners bool `yaml:"links_practitioners"`
}

type staffSurveyEntry struct {
	Sealing    string   `yaml:"sealing"`
	Programme  string   `yaml:"programme"`
	Margin     *float64 `yaml:"margin"`
	Attributes []string `yaml:"attributes"`
}

type consentEntry struct {
	Version string        `yaml:"version"`
	Intro   string        `yaml:"intro"`
	Clauses []clauseEntry `yaml:"clauses"`
}

type clauseEntry struct {
	ID       string `yaml:"id"`
	Text     string `yaml:"text"`
	Required bool   `yaml:"required"`
}

type armEntry struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
}

type siteEntry struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	Arm   string `yaml:"arm"`
	Staff int    `yaml:"staff"`
}

type waveEntry struct {
	ID          string   `yaml:"id"`
	Title       string   `yaml:"title"`
	Audience    string   `yaml:"audience"`
	Baseline    bool     `yaml:"baseline"`
	Due         int      `yaml:"due"`
	Before      int      `yaml:"before"`
	After       int      `yaml:"after"`
	Opens       string   `yaml:"opens"`
	Closes      string   `yaml:"closes"`
	Layout      string   `yaml:"layout"`
	Grids       bool     `yaml:"grids"`
	Instruments []string `yaml:"instruments"`
}

type targetEntry struct {
	ID          string           `yaml:"id"`
	Title       string           `yaml:"title"`
	Wave        string           `yaml:"wave"`
	Scale       string           `yaml:"scale"`
	Difference  float64          `yaml:"difference"`
	SD          float64          `yaml:"sd"`
	Alpha       float64          `yaml:"alpha"`
	Power       float64          `yaml:"power"`
	ICC         float64          `yaml:"icc"`
	Correlation float64          `yaml:"correlation"`
	Arms        []targetArmEntry `yaml:"arms"`
}

type targetArmEntry struct {
	Arm      string  `yaml:"arm"`
	People   int     `yaml:"people"`
	Clusters int     `yaml:"clusters"`
	CV       float64 `yaml:"cv"`
	Loss     float64 `yaml:"loss"`
}

type releaseEntry struct {
	Keys      []keyEntry   `yaml:"keys"`
	Items     []string     `yaml:"items"`
	Scales    []string     `yaml:"scales"`
	Paradata  []string     `yaml:"paradata"`
	Sensitive []string     `yaml:"sensitive"`
	Classes   []classEntry `yaml:"classes"`
}

type classEntry struct {
	Item   string `yaml:"item"`
	Class  string `yaml:"class"`
	Reason string `yaml:"reason"`
}

type keyEntry struct {
	Name   string       `yaml:"name"`
	Bands  []float64    `yaml:"bands"`
	Bottom *float64     `yaml:"bottom"`
	Top    *float64     `yaml:"top"`
	Groups []groupEntry `yaml:"groups"`
}

type groupEntry struct {
	Label   string    `yaml:"label"`
	Options []float64 `yaml:"options"`
}

// Bounds of a study file. They are far above any real study and keep a wrong file from filling a page or a disk.
const (
	maxWord     = 40
	maxTitle    = 200
	maxText     = 4000
	maxDays     = 3660
	maxEntries  = 500
	maxStaff    = 5000
	maxPeople   = 1_000_000
	minContrast = 4.5 // of white on the colour: WCAG 2.2, success criterion 1.4.3
)

// The defaults of what a study file may leave out.
const (
	defaultZone   = "Europe/London"
	defaultColour = "#1f4e79"
)

// word is what an identifier of a study file looks like: it stands in addresses and in file names.
var word = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ParseStudy reads the study file data, which is called name in messages. The error lists every mistake, one a line,
// each with the file, line and column where it stands. Of the interface packs that come with the file the study takes those
// in languages that it is translated into.
func ParseStudy(name string, data []byte, find FindInstrument, own ...InterfaceSource) (*Study, error) {
	return parseStudy(name, data, find, own, (*studyReader).refuseForeseen)
}

// ParseStoredStudy reads a study file that was stored. Those who answer it must go on, so it is held to what makes it a study
// and not to what ParseStudy foresees of its targets, releases and texts.
func ParseStoredStudy(name string, data []byte, find FindInstrument, own ...InterfaceSource) (*Study, error) {
	return parseStudy(name, data, find, own, func(*studyReader) {})
}

func parseStudy(name string, data []byte, find FindInstrument, own []InterfaceSource, foresee func(*studyReader)) (*Study, error) {
	var f studyFile
	doc, err := strictyaml.Decode(name, data, &f)
	if err != nil {
		return nil, wrongFile(err)
	}
	sum := hashOf(data, f.Translations, own)
	r := &studyReader{doc: doc, find: find, own: own, f: f, study: &Study{Hash: hex.EncodeToString(sum[:])}}
	r.readHead()
	r.readConsent()
	r.readArmsAndSites()
	r.readInstruments()
	r.readLicences()
	r.readWaves()
	r.readPrimary()
	r.readTargets()
	r.readRelease()
	r.readPaper()
	r.readKiosk()
	r.readMasked()
	r.readErasureDelay()
	r.readStaffSurvey()
	r.readSafety()
	r.readInterfaces()
	r.readTranslations()
	if doc.Err() == nil { // what a mistake entails is not reported beside it
		foresee(r)
	}
	if err := wrongFile(doc.Err()); err != nil {
		return nil, err
	}
	r.study.Remarks = doc.Remarks()
	for _, id := range slices.Sorted(maps.Keys(r.instruments)) {
		if instrument := r.instruments[id]; instrument != nil {
			r.study.Remarks = append(r.study.Remarks, instrument.Remarks...)
		}
	}
	for i := range r.study.Waves {
		wave := &r.study.Waves[i]
		wave.Questionnaire = QuestionnaireHash(r.study.ID, wave.ID, r.study.InstrumentHashes(*wave))
	}
	return r.study, nil
}

// studyReader turns a study file into a Study and collects what is wrong with it.
type studyReader struct {
	doc         *strictyaml.File
	find        FindInstrument
	own         []InterfaceSource
	f           studyFile
	study       *Study
	instruments map[InstrumentID]*Instrument // those that the file declares and that were found
	titles      []title
}

// wrong notes a mistake at a path of the file such as waves[1].due. The message becomes a sentence.
func (r *studyReader) wrong(path, format string, args ...any) {
	message := fmt.Sprintf(format, args...)
	if !strings.HasSuffix(message, ".") {
		message += "."
	}
	first, size := utf8.DecodeRuneInString(message)
	r.doc.Reject(path, "%c%s", unicode.ToUpper(first), message[size:])
}

// word checks an identifier and that it is the first of its kind.
func (r *studyReader) word(path, id, what string, seen map[string]bool) {
	switch {
	case id == "":
		r.wrong(path, "%s has no id", what)
	case len(id) > maxWord || !word.MatchString(id):
		r.wrong(path, "the id “%s” is not a lower-case word of letters, digits and hyphens (at most %d)", id, maxWord)
	case seen[id]:
		r.wrong(path, "the id “%s” is used twice", id)
	}
	seen[id] = true
}

// text checks that something is written and not absurdly long, and returns it without blanks around it.
func (r *studyReader) text(path, text, what string, limit int) string {
	text = strings.TrimSpace(text)
	if text == "" {
		r.wrong(path, "%s is missing", what)
	}
	if n := len([]rune(text)); n > limit {
		r.wrong(path, "%s is %d characters long; at most %d fit", what, n, limit)
	}
	if limit == maxTitle {
		r.titles = append(r.titles, title{path, text, what})
	}
	return text
}

// between checks a whole number.
func (r *studyReader) between(path string, n, low, high int, what string) int {
	if n < low || n > high {
		r.wrong(path, "%s is %d; it must be from %d to %d", what, n, low, high)
	}
	return n
}

func (r *studyReader) readHead() {
	s, f := r.study, &r.f
	r.word("id", f.ID, "the study", map[string]bool{})
	s.ID = StudyID(f.ID)
	s.Title = r.text("title", f.Title, "the title of the study", maxTitle)
	s.Contact = r.text("contact", f.Contact, "the contact, whom participants may ask,", maxTitle)
	s.Demo = f.Demo
	s.Zone = r.zone()
	s.Starts = r.starts()
	s.Colour = r.colour()
}

func (r *studyReader) zone() *time.Location {
	name := r.f.Zone
	if name == "" {
		name = defaultZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		r.wrong("zone", "“%s” is not a time zone; write one such as Europe/London", name)
		return time.UTC
	}
	return zone
}

func (r *studyReader) readPaper() {
	r.study.Paper.DoubleEntry = r.f.Paper.DoubleEntry
	if r.f.Paper.DoubleEntry && !slices.ContainsFunc(r.study.Waves, func(w Wave) bool { return w.Audience == Patients }) {
		r.wrong("paper.double_entry", "no wave is for patients, so no paper is ever entered")
	}
}

func (r *studyReader) readKiosk() {
	r.study.Kiosk.LinksPractitioners = r.f.Kiosk.LinksPractitioners
	if r.f.Kiosk.LinksPractitioners && !slices.ContainsFunc(r.study.Waves, func(w Wave) bool { return w.Audience == Patients }) {
		r.wrong("kiosk.links_practitioners", "no wave is for patients, so no tablet is ever handed over")
	}
}

func (r *studyReader) readMasked() {
	r.study.Masked = r.f.Masked
	if r.f.Masked && !slices.ContainsFunc(r.study.Waves, func(w Wave) bool { return w.Audience == Patients }) {
		r.wrong("masked", "no wave is for patients, so there are no answers to mask")
	}
}

func (r *studyReader) readErasureDelay() {
	const path = "erasure_delay"
	r.study.ErasureDays = DefaultErasureDays
	if r.f.ErasureDelay == nil {
		return
	}
	r.study.ErasureDays = r.between(path, *r.f.ErasureDelay, 0, maxErasureDays, "the number of days that erasure waits")
	if r.study.ErasureDays == 0 {
		r.doc.Remark(path, "What somebody at a desk or in the team has erased is gone at once, and nobody can take it back.")
	}
}

func (r *studyReader) readConsent() {
	c := r.f.Consent
	patients := false
	for _, w := range r.f.Waves {
		patients = patients || w.Audience != Staff.String()
	}
	if !patients && c.Version == "" && c.Intro == "" && len(c.Clauses) == 0 {
		return
	}
	r.study.Consent = Consent{Version: r.text("consent.version", c.Version, "the version of the consent text", maxWord),
		Intro: r.text("consent.intro", c.Intro, "the introduction of the consent text", maxText)}
	seen, required := map[string]bool{}, false
	for i, clause := range c.Clauses {
		path := fmt.Sprintf("consent.clauses[%d]", i)
		r.word(path+".id", clause.ID, "this clause", seen)
		required = required || clause.Required
		r.study.Consent.Clauses = append(r.study.Consent.Clauses, Clause{ID: clause.ID, Required: clause.Required,
			Text: r.text(path+".text", clause.Text, "the text of this clause", maxText)})
	}
	if !required {
		r.wrong("consent.clauses", "no clause of the consent text is required, so nobody would have to agree to anything")
	}
}

func (r *studyReader) readArmsAndSites() {
	if len(r.f.Arms) == 0 {
		r.wrong("arms", "the study has no arm")
	}
	if len(r.f.Sites) == 0 {
		r.wrong("sites", "the study has no site")
	}
	if n := len(r.f.Sites); n > maxEntries {
		r.wrong("sites", "%d sites are too many; at most %d fit", n, maxEntries)
	}
	arms, sites := map[string]bool{}, map[string]bool{}
	for i, a := range r.f.Arms {
		path := fmt.Sprintf("arms[%d]", i)
		r.word(path+".id", a.ID, "this arm", arms)
		r.study.Arms = append(r.study.Arms, Arm{ID: ArmID(a.ID), Title: r.text(path+".title", a.Title, "the title of this arm", maxTitle)})
	}
	for i, site := range r.f.Sites {
		path := fmt.Sprintf("sites[%d]", i)
		r.word(path+".id", site.ID, "this site", sites)
		if !arms[site.Arm] {
			r.wrong(path+".arm", "the arm “%s” of site “%s” is not declared under arms", site.Arm, site.ID)
		}
		r.study.Sites = append(r.study.Sites, Site{ID: SiteID(site.ID), Arm: ArmID(site.Arm),
			Title: r.text(path+".title", site.Title, "the title of this site", maxTitle),
			Staff: r.between(path+".staff", site.Staff, 0, maxStaff, "the headcount of staff")})
	}
}
