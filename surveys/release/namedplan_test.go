package release_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// Another plan than the study's own says what leaves and how it is recoded, and stands in the manifest. Written again, it is the
// same.
func TestNamedPlan(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 60)
	f.baseline(func(person int) float64 { return float64(20 + person) })
	o := f.order(filepath.Join(t.TempDir(), "out"))
	o.Plan = &release.NamedPlan{Name: "ends.yaml", Source: []byte("release:\n  keys:\n    - {name: about_age, bottom: 40, top: 41}\n  scales: [mood]\n")}
	m, err := release.Make(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	headers, people := table(t, o.Dir, "participants.csv")
	if got := tally(people["about_age"]); got["40"] != 21 || got["41"] != 39 || len(got) != 2 || slices.Contains(headers, "arm") {
		t.Errorf("ages %v, columns %q", got, headers)
	}
	if headers, _ := table(t, o.Dir, "baseline_mood.csv"); slices.Contains(headers, "mood_1") || m.Plan != "ends.yaml" {
		t.Errorf("columns %q by plan %q", headers, m.Plan)
	}
	if book := string(read(t, o.Dir, "codebook.csv")); !strings.Contains(book, "smaller values stand as 40; larger values stand as 41") {
		t.Error("the codebook does not say how ages were recoded")
	}
	again, err := release.Write(context.Background(), f, storetest.Study, m.Release, filepath.Join(t.TempDir(), "again"))
	if err != nil || again.Plan != m.Plan {
		t.Errorf("written again: %+v, %v", again, err)
	}
	for give, want := range map[string]string{
		"release:\n  keys: [{name: about_age, bottom: 40, top: 30}]\n":                  "plan.yaml:2:36: The bottom of “about_age” must be less than its top.",
		"release:\n  keys: [{name: about_age, bands: [40], top: 30}]\n":                 "plan.yaml:2:10: “about_age” has bands, so it needs no top and no bottom.",
		"release:\n  keys: [{name: arm, top: 30}]\n":                                    "only numbers have a top and a bottom",
		"release:\n  keys: [{name: about_age, groups: [{label: old, options: [1]}]}]\n": "only answers that are chosen from a list",
		"release:\n  items: [zebra]\n":                                                  "plan.yaml:2:11: No instrument of the patients' waves has an item “zebra”.",
		"release:\n  classes: []\n":                                                     "plan.yaml:2:3:",
		"keys: []\n":                                                                    "plan.yaml:1:1:",
	} {
		o.Plan = &release.NamedPlan{Name: "plan.yaml", Source: []byte(give)}
		if _, err := release.Try(context.Background(), f, o); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) {
			t.Errorf("%q: %v, want %q", give, err, want)
		}
	}
}
