package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"wellwave/surveys"
)

// Names of the files that every release has besides its tables.
const (
	codebookCSV = "codebook.csv"
	codebookMD  = "codebook.md"
	riskJSON    = "risk.json"
	// ManifestName is the file that names the others; it alone is not in itself.
	ManifestName = "manifest.json"
)

// FileSum says what a file of the release must be.
type FileSum struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows,omitempty"` // of tables, without the line of headers
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Manifest says what a release is and what it is made of.
type Manifest struct {
	Format      int             `json:"format"` // of this file
	Study       surveys.StudyID `json:"study"`
	Title       string          `json:"title"`
	StudyHash   string          `json:"study_file_sha256"`
	Release     int             `json:"release"`
	Profile     string          `json:"profile"`
	KWanted     int             `json:"k_wanted"`
	KMeasured   int             `json:"k_measured"`
	FrozenOn    string          `json:"frozen_on"` // day, UTC
	MadeFor     string          `json:"made_for"`  // statistics or Excel
	Rule        string          `json:"scoring_rules"`
	Notes       []string        `json:"notes"`
	NotIncluded []string        `json:"not_included"`
	Files       []FileSum       `json:"files"`
}

// sameFiles reports whether two manifests name the same content.
func (m *Manifest) sameFiles(other *Manifest) bool { return slices.Equal(m.Files, other.Files) }

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

const riskMethod = "A person's combination is made of the keys of every file of this release that they are in, because the ids join the files. " +
	"In each file the people who share a combination were counted; k is the smallest count. An empty key counts as a value, and so does the word that says why it is empty. " +
	"Nothing was suppressed: a release below the wanted k is refused instead."

// describe writes the codebooks, the report on risk and the manifest.
func describe(r surveys.Release, plan *Plan, counted *classes, files []FileSum, w workshop) (*Manifest, error) {
	measures := counted.measures()
	k := 0
	for _, m := range measures {
		if m.Rows > 0 && (k == 0 || m.Smallest < k) {
			k = m.Smallest
		}
	}
	risk := Risk{Study: plan.Study, Release: r.Number, Profile: plan.Profile, KWanted: plan.K, KMeasured: k,
		Keys: plan.riskKeys(), Files: measures, Method: riskMethod}
	manifest := &Manifest{Format: 1, Study: plan.Study, Title: clean(plan.Title), StudyHash: plan.StudyHash, Release: r.Number,
		Profile: plan.Profile, KWanted: plan.K, KMeasured: k, FrozenOn: r.FrozenAt.UTC().Format(time.DateOnly), MadeFor: "statistics",
		Rule: plan.Rule, Notes: notes, NotIncluded: plan.notIncluded()}
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
	}{{codebookCSV, plan.codebookCSV()}, {codebookMD, plan.codebookMD(r.Number)}, {riskJSON, riskText}} {
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

// declaredNote says how many people did not agree on a page of the study.
func declaredNote(n int) string {
	people := fmt.Sprintf("%d people", n)
	if n == 1 {
		people = "1 person"
	}
	return "The consent of " + people + " in this release was declared by the study team, who took their answers in from files; the others gave it on a page of the study."
}

// notes are what a reader of the files must know.
var notes = []string{
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

func (p *Plan) notIncluded() []string {
	left := []string{
		"Answers in the person's own words, contact details, practice labels and internal ids.",
		"Answers given while the study was a pilot, and questionnaires in which nothing was answered.",
		"Every column that the study's release plan does not name.",
	}
	if len(p.Rounds) > 0 {
		left = append(left, fmt.Sprintf("The anonymous rounds of the staff survey (%s): they hold no person to give an id to.", join(p.Rounds)))
	}
	return left
}

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

func marshal(v any) ([]byte, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a release's JSON: %w", err)
	}
	return append(text, '\n'), nil
}

func writeFile(w workshop, name string, text []byte) (FileSum, error) {
	out, err := newOutput(w.product, name)
	if err != nil {
		return FileSum{}, err
	}
	defer out.abandon()
	out.line = text
	if err := out.flush(); err != nil {
		return FileSum{}, err
	}
	return out.finish()
}
