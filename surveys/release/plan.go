package release

import (
	"slices"

	"wellwave/scoring"
	"wellwave/surveys"
)

const (
	idColumn       = surveys.ReleaseID
	missingEnding  = surveys.MissingEnding
	answeredEnding = surveys.AnsweredEnding
)

// Plan says which columns a release has and how each is made. It is stored with the release, so that a later version of
// the study changes nothing about it.
type Plan struct {
	Study     surveys.StudyID  `json:"study"`
	Title     string           `json:"title"`
	StudyHash string           `json:"study_hash"`
	Profile   string           `json:"profile"`
	K         int              `json:"k"`
	Excel     bool             `json:"excel,omitempty"`
	Rule      string           `json:"rule"` // version of the scoring rules
	Files     []File           `json:"files"`
	Rounds    []surveys.WaveID `json:"rounds,omitempty"` // anonymous, so not in a release
}

// File is one wave's table.
type File struct {
	Wave    surveys.WaveID `json:"wave"`
	Title   string         `json:"title"`
	Name    string         `json:"name"`
	Columns []Column       `json:"columns"`
}

// Column is one value of a person. In the file it may take two columns, see Names.
type Column struct {
	Name    string        `json:"name"`
	Class   surveys.Class `json:"class"`
	From    From          `json:"from"`
	Type    Type          `json:"type"`
	Label   string        `json:"label"`
	Options []Option      `json:"options,omitempty"` // what the codes mean
	Min     float64       `json:"min,omitempty"`
	Max     float64       `json:"max,omitempty"`
	Bands   []float64     `json:"bands,omitempty"`  // lower bounds; the cells hold Labels
	Labels  []string      `json:"labels,omitempty"` // of bands, from below the first bound on
	Source  string        `json:"source,omitempty"`
}

// Option is one code and what it means.
type Option struct {
	Code  string `json:"code"`
	Label string `json:"label"`
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

// NewPlan lays out a release of the study from its release plan and what its waves of patients ask at present.
func NewPlan(study *surveys.Study, questionnaires map[surveys.WaveID]*surveys.Questionnaire, profile surveys.ReleaseProfile, excel bool) (*Plan, error) {
	if profile.K() == 0 {
		return nil, surveys.Errorf(surveys.Invalid, "a release needs a profile: %s", surveys.Either(surveys.ReleaseProfiles()))
	}
	p := &Plan{Study: study.ID, Title: study.Title, StudyHash: study.Hash, Profile: profile.String(), K: profile.K(), Excel: excel,
		Rule: scoring.RuleVersion}
	for _, wave := range study.Waves {
		switch {
		case wave.Audience == surveys.Staff:
			p.Rounds = append(p.Rounds, wave.ID)
		case wave.Audience == surveys.Patients && questionnaires[wave.ID] != nil:
			file, err := newFile(study, wave, questionnaires[wave.ID])
			if err != nil {
				return nil, err
			}
			p.Files = append(p.Files, file)
		}
	}
	if len(p.Files) == 0 {
		return nil, surveys.Errorf(surveys.Invalid, "the study has no wave of patients, so there is nothing to release: results of staff rounds leave as reports")
	}
	return p, nil
}

func newFile(study *surveys.Study, wave surveys.Wave, q *surveys.Questionnaire) (File, error) {
	f := File{Wave: wave.ID, Title: wave.Title, Name: string(wave.ID) + ".csv"}
	if f.Name == codebookCSV {
		f.Name = "wave-" + f.Name
	}
	plan := &study.Release
	for _, key := range plan.Keys {
		if item, ok := q.Item(key.Name); ok {
			if err := admit(study, item, surveys.ClassKey); err != nil {
				return f, err
			}
		}
		if column, ok := keyColumn(study, q, key); ok {
			f.Columns = append(f.Columns, column)
		}
	}
	for _, name := range plan.Paradata {
		f.Columns = append(f.Columns, paradataColumn(name))
	}
	for _, item := range q.Items {
		var class surveys.Class
		switch {
		case slices.Contains(plan.Sensitive, item.Code):
			class = surveys.ClassSensitive
		case slices.Contains(plan.Items, item.Code):
			class = surveys.ClassOrdinary
		default:
			continue
		}
		if err := admit(study, item, class); err != nil {
			return f, err
		}
		f.Columns = append(f.Columns, itemColumn(q, item, class))
	}
	for _, scale := range q.Scales {
		if slices.Contains(plan.Scales, surveys.ScaleID(scale.ID())) {
			if why := study.WithholdsScale(scale.Instrument, scale.Scale); why != "" {
				return f, surveys.Errorf(surveys.Invalid, "%s", why)
			}
			column := scaleColumn(scale, study.ScaleClass(scale.Instrument, scale.Scale))
			if q.Decides(scale, study.Primary) {
				column.Label += "; no score where a proxy gave any of its answers"
			}
			f.Columns = append(f.Columns, column)
		}
	}
	return f, f.check()
}

// admit refuses an item that its class keeps from leaving in a column of the class as, which a study file of before there were
// classes may ask for.
func admit(study *surveys.Study, item surveys.QuestionItem, as surveys.Class) error {
	if why := study.Withholds(item.Instrument, item.Item, as); why != "" {
		return surveys.Errorf(surveys.Invalid, "%s", why)
	}
	return nil
}

// check refuses what a study file cannot mean, so that no mistake elsewhere lets free text out or lets one column hide
// another.
func (f *File) check() error {
	seen := map[string]bool{idColumn: true}
	for i := range f.Columns {
		c := &f.Columns[i]
		if c.Type == 0 {
			return surveys.Errorf(surveys.Invalid, "%s cannot be released: what people write themselves may name them or others", c.Name)
		}
		if !ascends(c.Bands) {
			return surveys.Errorf(surveys.Invalid, "the lower bounds of the bands of %s must ascend", c.Name)
		}
		for _, name := range c.Names() {
			if seen[name] {
				return surveys.Errorf(surveys.Invalid, "the file of wave %s would have two columns %s: give one of them another code in its instrument", f.Wave, name)
			}
			seen[name] = true
		}
	}
	return nil
}
