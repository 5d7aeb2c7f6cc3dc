package release

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"wellwave/surveys"
)

// Names of the files that every release has besides its tables.
const (
	codebookCSV  = "codebook.csv"
	codebookHTML = "codebook.html"
	riskJSON     = "risk.json"
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
	Plan        string          `json:"release_plan,omitempty"` // empty for the study file's own
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
	// Approval stands in the file and not in the manifest that is recorded: it may be given after the release was made. Nothing
	// leaves the team before it is given, and it is given once, so that the file is always the same.
	Approval *Approval `json:"approval,omitempty"`

	Assessment *Assessment `json:"-"` // which risk.json has
}

// Approval says in a manifest who agreed that the release leaves the team.
type Approval struct {
	By        string `json:"by"`
	On        string `json:"on"` // day, UTC
	Reference string `json:"reference,omitempty"`
}

// approvalOf returns what the manifest says of an approval, and nothing where nobody has agreed.
func approvalOf(a surveys.Approval) *Approval {
	if a.At.IsZero() {
		return nil
	}
	return &Approval{clean(a.By), a.At.UTC().Format(time.DateOnly), clean(a.Reference)}
}

// recorded returns the manifest as it is recorded, in JSON.
func (m Manifest) recorded() (string, error) {
	m.Approval = nil
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("store the manifest: %w", err)
	}
	return string(text), nil
}

// sameFiles reports whether two manifests name the same content.
func (m *Manifest) sameFiles(other *Manifest) bool { return slices.Equal(m.Files, other.Files) }

// declaredNote says how many people did not agree on a page of the study.
func declaredNote(n int) string {
	people := fmt.Sprintf("%d people", n)
	if n == 1 {
		people = "1 person"
	}
	return "The consent of " + people + " in this release was declared by the study team, who took their answers in from files; the others gave it on a page of the study."
}

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
