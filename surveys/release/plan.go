package release

import (
	"slices"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

const (
	idColumn       = surveys.ReleaseID
	missingEnding  = surveys.MissingEnding
	answeredEnding = surveys.AnsweredEnding
)

// Format is that of new releases. Those of older versions say none: a table a wave, and beside each answer a column of why it
// is missing. They are written again as they were.
const Format = 2

// Plan says which columns a release has and how each is made. It is stored with the release, so that a later version of
// the study changes nothing about it.
type Plan struct {
	Format    int              `json:"format,omitempty"`
	Study     surveys.StudyID  `json:"study"`
	Title     string           `json:"title"`
	StudyHash string           `json:"study_hash"`
	Profile   string           `json:"profile"`
	K         int              `json:"k"`
	Excel     bool             `json:"excel,omitempty"`
	Rule      string           `json:"rule"`             // version of the scoring rules
	Named     string           `json:"named,omitempty"`  // the plan that stood in place of the study's own
	Keys      []string         `json:"keys,omitempty"`   // the most important first: of the last a cell is blanked before one of the others
	People    []Column         `json:"people,omitempty"` // what is known of everybody, whether they answered or not
	Files     []File           `json:"files"`
	Cited     []Cited          `json:"instruments,omitempty"`
	Left      []string         `json:"left,omitempty"`     // what the study's plan names and this release may not carry
	Rounds    []surveys.WaveID `json:"rounds,omitempty"`   // anonymous, so not in a release
	Compared  []int            `json:"compared,omitempty"` // earlier releases that this one was compared with
	Replaces  []int            `json:"replaces,omitempty"` // earlier releases that are confirmed to be destroyed
}

// File is what people answered in one wave; in releases of older versions it is a table of its own.
type File struct {
	Wave     surveys.WaveID `json:"wave"`
	Title    string         `json:"title"`
	Name     string         `json:"name,omitempty"`   // of the table, in older versions
	Prefix   string         `json:"prefix,omitempty"` // of its columns in tables of several waves
	Baseline bool           `json:"baseline,omitempty"`
	DueAfter int            `json:"due_after,omitempty"` // with what follows, when the wave falls due; see surveys.Wave
	Before   int            `json:"before,omitempty"`
	After    int            `json:"after,omitempty"`
	Columns  []Column       `json:"columns"`
}

// Column is one value of a person. In a table it may take more than one column, see Names and parts.
type Column struct {
	Name       string         `json:"name"`
	Class      surveys.Class  `json:"class"`
	From       From           `json:"from"`
	Type       Type           `json:"type"`
	Wave       surveys.WaveID `json:"wave,omitempty"`       // of what came of it
	Instrument string         `json:"instrument,omitempty"` // of items and scales
	Label      string         `json:"label"`
	Options    []Option       `json:"options,omitempty"` // what the codes mean
	Min        float64        `json:"min,omitempty"`
	Max        float64        `json:"max,omitempty"`
	Bands      []float64      `json:"bands,omitempty"`  // lower bounds; the cells hold Labels
	Labels     []string       `json:"labels,omitempty"` // of bands, from below the first bound on
	Rule       string         `json:"rule,omitempty"`   // of scoring, of scales
	Bottom     *float64       `json:"bottom,omitempty"`
	Top        *float64       `json:"top,omitempty"`
	Groups     []Group        `json:"groups,omitempty"`
	Tells      []string       `json:"tells,omitempty"` // keys that this tells something of: where one of them is blanked, so is this
	Source     string         `json:"source,omitempty"`
}

// Cited is an instrument as whoever uses its answers cites it.
type Cited struct {
	Instrument string `json:"instrument"`
	Title      string `json:"title"`
	Version    string `json:"version"`
	Citation   string `json:"citation"`
	DOI        string `json:"doi,omitempty"`
	Licence    string `json:"licence"`
}

// Option is one code and what it means.
type Option struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// Group is codes in whose place one label stands.
type Group struct {
	Label string   `json:"label"`
	Codes []string `json:"codes"`
}

// Names returns the headers of the columns that c takes in its file.
func (c *Column) Names() []string {
	switch c.From {
	case FromItem, FromDecile, FromQuintile:
		return []string{c.Name, c.Name + missingEnding}
	case FromScale:
		return []string{c.Name, c.Name + answeredEnding}
	default:
		return []string{c.Name}
	}
}

// ofPerson reports whether the value belongs to the person, so that it is the same in every file.
func (c *Column) ofPerson() bool { return c.From <= FromQuintile }

// scales lists the scales of a file in the order of its columns.
func (f *File) scales() []surveys.ScaleID {
	var ids []surveys.ScaleID
	for i := range f.Columns {
		if f.Columns[i].From == FromScale {
			ids = append(ids, surveys.ScaleID(f.Columns[i].Name))
		}
	}
	return ids
}

// headers lists every column of the file as it stands in its first line.
func (f *File) headers() []string {
	names := []string{idColumn}
	for i := range f.Columns {
		names = append(names, f.Columns[i].Names()...)
	}
	return names
}

// NewPlan lays out a release of the study, which is in the given state, from its release plan and what its waves of patients
// ask at present.
func NewPlan(study *surveys.Study, state surveys.StudyState, questionnaires map[surveys.WaveID]*surveys.Questionnaire, profile surveys.ReleaseProfile, excel bool) (*Plan, error) {
	if profile.K() == 0 {
		return nil, surveys.Errorf(surveys.Invalid, "a release needs a profile: %s", surveys.Either(surveys.ReleaseProfiles()))
	}
	p := &planner{study: study, profile: profile, masked: study.Hides(state),
		plan: &Plan{Format: Format, Study: study.ID, Title: study.Title, StudyHash: study.Hash, Profile: profile.String(), K: profile.K(), Excel: excel,
			Rule: scoring.RuleVersion}}
	for _, wave := range study.Waves {
		if wave.Audience == surveys.Staff {
			p.plan.Rounds = append(p.plan.Rounds, wave.ID)
		}
	}
	for _, wave := range study.PatientWaves() {
		if q := questionnaires[wave.ID]; q != nil {
			p.asks = append(p.asks, q)
			p.plan.Files = append(p.plan.Files, File{Wave: wave.ID, Title: wave.Title, Baseline: wave.Baseline, DueAfter: wave.DueAfter, Before: wave.Before, After: wave.After})
		}
	}
	if len(p.plan.Files) == 0 {
		return nil, surveys.Errorf(surveys.Invalid, "the study has no wave of patients, so there is nothing to release: results of staff rounds leave as reports")
	}
	p.people()
	for i := range p.plan.Files {
		if err := p.answers(i); err != nil {
			return nil, err
		}
	}
	p.prefixes()
	p.rank()
	return p.plan, p.plan.check()
}

// meanRisk is the greatest mean risk that the plan's profile allows.
func (p *Plan) meanRisk() float64 {
	profile, _ := surveys.ParseReleaseProfile(p.Profile) // NewPlan wrote it
	return profile.MeanRisk()
}

// check refuses what a study file cannot mean, so that no mistake elsewhere lets free text out or lets one column hide
// another.
func (p *Plan) check() error {
	if len(p.Keys) > disclosure.MaxSuppressed {
		return surveys.Errorf(surveys.Invalid, "a release has %d keys at most, and the release plan of this study names %d", disclosure.MaxSuppressed, len(p.Keys))
	}
	for _, f := range p.Files {
		for i := range f.Columns {
			c := &f.Columns[i]
			if c.Type == 0 {
				return surveys.Errorf(surveys.Invalid, "%s cannot be released: what people write themselves may name them or others", c.Name)
			}
			if !ascends(c.Bands) {
				return surveys.Errorf(surveys.Invalid, "the lower bounds of the bands of %s must ascend", c.Name)
			}
		}
	}
	files := []string{ManifestName}
	for _, doc := range documents {
		files = append(files, doc.name)
	}
	for _, t := range p.tables() {
		for _, name := range []string{t.name, reasonsOf(t.name)} {
			if slices.Contains(files, name) {
				return surveys.Errorf(surveys.Invalid, "the release would have two files %s: give the wave or the instrument another name", name)
			}
			files = append(files, name)
		}
		seen := make(map[string]bool)
		for _, c := range t.columns {
			if seen[c.name] {
				return surveys.Errorf(surveys.Invalid, "the file %s would have two columns %s: give one of them another code in its instrument", t.name, c.name)
			}
			seen[c.name] = true
		}
	}
	return nil
}
