package release

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"wellwave/surveys"
)

// description is what the documents of a release are written from.
type description struct {
	release surveys.Release
	plan    *Plan
	made    *made
}

// document is a file of a release that holds no people. Where it writes nothing the release goes without.
type document struct {
	name  string
	write func(*description) ([]byte, error)
}

// documents lists them in the order of the manifest.
var documents = []document{
	{codebookCSV, (*description).codebookCSV},
	{codebookHTML, (*description).codebookHTML},
	{datapackageJSON, (*description).datapackage},
	{loadR, (*description).loadR},
	{loadPy, (*description).loadPython},
	{loadSPSS, (*description).loadSPSS},
	{loadDo, (*description).loadStata},
	{riskJSON, (*description).risk},
}

// describe writes the documents and the manifest.
func describe(r surveys.Release, plan *Plan, made *made, w workshop) (*Manifest, error) {
	d := &description{r, plan, made}
	manifest := d.manifest()
	manifest.Files = made.files
	for _, doc := range documents {
		text, err := doc.write(d)
		if err != nil {
			return nil, err
		}
		if text == nil {
			continue
		}
		sum, err := writeFile(w, doc.name, text)
		if err != nil {
			return nil, err
		}
		manifest.Files = append(manifest.Files, sum)
	}
	manifest.Approval, manifest.Assessment = approvalOf(r.Approval), made.Assessment
	text, err := marshal(manifest)
	if err != nil {
		return nil, err
	}
	_, err = writeFile(w, ManifestName, text)
	return manifest, err
}

// manifest says what the release is, without its files.
func (d *description) manifest() *Manifest {
	m := &Manifest{Format: Format, Study: d.plan.Study, Title: clean(d.plan.Title), StudyHash: d.plan.StudyHash, Plan: d.plan.Named, Release: d.release.Number,
		Profile: d.plan.Profile, KWanted: d.plan.K, KMeasured: d.smallest(), FrozenOn: d.release.FrozenAt.UTC().Format(time.DateOnly), MadeFor: "statistics",
		Rule: d.plan.Rule, Notes: d.notes(), NotIncluded: append(d.plan.notIncluded(), d.plan.Left...)}
	if d.plan.Excel {
		m.MadeFor = "Excel"
	}
	return m
}

// smallest is the k of the release: the fewest people of a file who share what is left of the keys.
func (d *description) smallest() int {
	k := 0
	for _, m := range d.made.After {
		if m.Rows > 0 && (k == 0 || m.Smallest < k) {
			k = m.Smallest
		}
	}
	return k
}

// notes are what a reader of the files must know.
func (d *description) notes() []string {
	list := []string{
		"The ids are new in this release and equal across its files. They say nothing about the ids of another release, but a person's answers may be alike in both: whoever is given two releases of a study may be able to put them together.",
		"Dates are days since the person's baseline.",
		"An empty cell is a missing value. The file that ends in " + missingEnding + ".csv says why, cell by cell: " + strings.Join(saidReasons(d.plan.reasons()), ", ") + ".",
	}
	if d.made.Blanked.Cells > 0 {
		list = append(list, "Keys of some people are blanked so that nobody is found, and with them what would tell them: see "+riskJSON+". Those who lost one are not missing at random.")
	}
	if len(d.plan.Compared) > 0 {
		list = append(list, "In no group by the keys, and in no file, does it differ by fewer than "+strconv.Itoa(fewestApart)+" people from "+numbered(d.plan.Compared)+", if it differs at all.")
	}
	if len(d.plan.Replaces) > 0 {
		list = append(list, "It replaces "+numbered(d.plan.Replaces)+", which the recipients have confirmed to be destroyed.")
	}
	if d.release.Declared > 0 {
		list = append(list, declaredNote(d.release.Declared))
	}
	if d.plan.Excel {
		list = append(list, "Texts that a spreadsheet would run as a formula stand behind an apostrophe. For statistics use a release without this change.")
	}
	return list
}

// numbered names releases.
func numbered(releases []int) string {
	var words []string
	for _, n := range slices.Sorted(slices.Values(releases)) {
		words = append(words, "release "+strconv.Itoa(n))
	}
	return strings.Join(words, ", ")
}

// riskReport is risk.json.
type riskReport struct {
	Study     surveys.StudyID `json:"study"`
	Release   int             `json:"release"`
	KMeasured int             `json:"k_measured"`
	*Assessment
	Sensitive []SensitiveRisk `json:"sensitive,omitempty"`
	Method    string          `json:"method"`
}

const method = "The ids join the files of this release, so whoever holds one file holds all. In each file the people were counted who share a combination of all keys; k is the smallest count. " +
	"A blank is a value like any other, and so is the word that says why a cell is empty. Blanked cells were chosen by local suppression, of the least important key first, within the budget given. " +
	"Greatest and mean risk are prosecutor risks: one divided by the size of a person's class, and the number of classes divided by that of people. " +
	"l-diversity and t-closeness are measured of each sensitive column over the classes of its file."

func (d *description) risk() ([]byte, error) {
	return marshal(riskReport{d.plan.Study, d.release.Number, d.smallest(), d.made.Assessment, d.made.sensitive, method})
}
