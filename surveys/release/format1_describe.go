package release

import (
	"slices"
	"strings"
	"time"

	"wellwave/surveys"
)

// Risk is the report on how well the release hides people.
type Risk struct {
	Study     surveys.StudyID `json:"study"`
	Release   int             `json:"release"`
	Profile   string          `json:"profile"`
	KWanted   int             `json:"k_wanted"`
	KMeasured int             `json:"k_measured"`
	Keys      []RiskKey       `json:"keys"`
	Files     []Measure       `json:"files"`
	Method    string          `json:"method"`
}

// RiskKey is one key and how it was made coarser.
type RiskKey struct {
	Name  string   `json:"name"`
	Files []string `json:"files"`
	Bands []string `json:"bands,omitempty"`
}

const method1 = "A person's combination is made of the keys of every file of this release that they are in, because the ids join the files. " +
	"In each file the people who share a combination were counted; k is the smallest count. An empty key counts as a value, and so does the word that says why it is empty. " +
	"Nothing was suppressed: a release below the wanted k is refused instead."

// describe1 writes the codebooks, the report on risk and the manifest.
func describe1(r surveys.Release, plan *Plan, counted *classes1, files []FileSum, w workshop) (*Manifest, error) {
	measures := counted.measures()
	k := 0
	for _, m := range measures {
		if m.Rows > 0 && (k == 0 || m.Smallest < k) {
			k = m.Smallest
		}
	}
	risk := Risk{Study: plan.Study, Release: r.Number, Profile: plan.Profile, KWanted: plan.K, KMeasured: k,
		Keys: plan.riskKeys(), Files: measures, Method: method1}
	manifest := &Manifest{Format: 1, Study: plan.Study, Title: clean(plan.Title), StudyHash: plan.StudyHash, Release: r.Number,
		Profile: plan.Profile, KWanted: plan.K, KMeasured: k, FrozenOn: r.FrozenAt.UTC().Format(time.DateOnly), MadeFor: "statistics",
		Rule: plan.Rule, Notes: notes1, NotIncluded: plan.notIncluded()}
	if r.Declared > 0 {
		manifest.Notes = append(slices.Clone(manifest.Notes), declaredNote(r.Declared))
	}
	if plan.Excel {
		manifest.MadeFor = "Excel"
		manifest.Notes = append(slices.Clone(manifest.Notes), "Texts that a spreadsheet would run as a formula stand behind an apostrophe. For statistics use a release without this change.")
	}
	riskText, err := marshal(risk)
	if err != nil {
		return nil, err
	}
	for _, file := range []struct {
		name string
		text []byte
	}{{codebookCSV, plan.codebookCSV1()}, {codebookMD, plan.codebookMD1(r.Number)}, {riskJSON, riskText}} {
		sum, err := writeFile(w, file.name, file.text)
		if err != nil {
			return nil, err
		}
		files = append(files, sum)
	}
	manifest.Files = files
	text, err := marshal(manifest)
	if err != nil {
		return nil, err
	}
	_, err = writeFile(w, ManifestName, text)
	return manifest, err
}

// notes1 are what a reader of the files must know.
var notes1 = []string{
	"The ids are new in this release and equal across its files. They say nothing about the ids of another release, but a person's answers may be alike in both: whoever is given two releases of a study may be able to put them together.",
	"Dates are days since the person's baseline.",
	"An empty cell is a missing value. The column that ends in _missing says why: " + missingWords + ".",
	"A scale's cell is empty where its missing-data rule does not allow a score; the column that ends in _answered counts its answered items.",
}

// missingWords are all that can stand in a column that ends in _missing.
var missingWords = func() string {
	var described []string
	for _, reason := range surveys.StoredMissing() {
		described = append(described, reason.Described())
	}
	return strings.Join(described, ", ")
}()

func (p *Plan) riskKeys() []RiskKey {
	var keys []RiskKey
	for i := range p.Files {
		f := &p.Files[i]
		for _, c := range f.Columns {
			if c.Class != surveys.ClassKey {
				continue
			}
			at := slices.IndexFunc(keys, func(k RiskKey) bool { return k.Name == c.Name })
			if at < 0 {
				at = len(keys)
				keys = append(keys, RiskKey{Name: c.Name, Bands: c.Labels})
			}
			keys[at].Files = append(keys[at].Files, f.Name)
		}
	}
	return keys
}
