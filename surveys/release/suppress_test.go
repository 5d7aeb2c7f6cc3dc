package release_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// Four people of an arm are over 65, where five have to be: they lose the less important key, somebody else of the arm loses it
// with them, and what would give it back is not there either. Both engines choose the same person.
func TestSuppression(t *testing.T) {
	var first string
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := newField(t, db, 110)
		f.baseline(func(person int) float64 {
			if person%2 == 0 && person/2 < 4 {
				return 70
			}
			return 30
		})
		o := f.order(filepath.Join(t.TempDir(), "out"))
		tried, err := release.Try(context.Background(), pinned{f}, o)
		if err != nil || len(tried.Refused) > 0 || tried.Before[0].Smallest != 4 || tried.After[0].Smallest != 5 || tried.Blanked != (release.Share{Cells: 5, Of: 220, Most: 11}) {
			t.Fatalf("Try() = %+v, %v", tried, err)
		}
		if len(tried.Sites) != 1 || tried.Sites[0].Cells != 5 || tried.Keys[1].Blanked != 5 || tried.Keys[0].Blanked != 0 {
			t.Errorf("Try() says %+v of the sites and %+v of the keys", tried.Sites, tried.Keys)
		}
		if kept, err := f.ListReleases(context.Background(), storetest.Study); err != nil || len(kept) != 0 {
			t.Errorf("a try left %v, %v", kept, err)
		}
		if got := strings.Join(f.audited(), " "); !strings.Contains(got, "release.try") || strings.Contains(got, "release.make") {
			t.Errorf("audit trail holds %v", got)
		}
		m, err := release.Make(context.Background(), pinned{f}, o)
		if err != nil {
			t.Fatal(err)
		}
		if m.Release != 1 || m.KMeasured != 5 || !strings.Contains(strings.Join(m.Notes, " "), "not missing at random") {
			t.Errorf("release %d with k %d says %q", m.Release, m.KMeasured, m.Notes)
		}
		_, people := table(t, o.Dir, "participants.csv")
		if got := tally(people["about_age"]); got[""] != 5 || got["16 to 39"] != 105 || len(got) != 2 {
			t.Errorf("ages are %v, want five blanks and no band of few", got)
		}
		if got := tally(reasons(t, o.Dir, "participants_missing.csv", "about_age")); got["withheld"] != 5 || len(got) != 1 {
			t.Errorf("about_age is missing for %v", got)
		}
		if got := tally(people["arm"]); got["new"] != 55 || got["usual"] != 55 {
			t.Errorf("arms are %v, want both whole", got)
		}
		if first == "" {
			first = string(read(t, o.Dir, "participants.csv"))
		} else {
			sameLines(t, "participants.csv", read(t, o.Dir, "participants.csv"), []byte(first))
		}
	})
}

// The same people keep the rare company in every release: if others did, whoever holds two would know by their answers who lost
// a key in both.
func TestSuppressionChoosesTheSamePeople(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 110)
	f.baseline(func(person int) float64 {
		if person%2 == 0 && person/2 < 4 {
			return 70
		}
		return 30
	})
	lost := func() []int {
		dir, m := f.release()
		made, err := f.FindRelease(context.Background(), storetest.Study, m.Release)
		if err != nil {
			t.Fatal(err)
		}
		_, rows := table(t, dir, "participants.csv")
		var people []int
		for person, enrolment := range f.people {
			mac := hmac.New(sha256.New, made.Key)
			mac.Write([]byte(enrolment))
			if at := slices.Index(rows["id"], hex.EncodeToString(mac.Sum(nil)[:16])); at < 0 || rows["about_age"][at] == "" {
				people = append(people, person)
			}
		}
		return people
	}
	first := lost()
	if len(first) != 5 {
		t.Fatalf("%v lost a key, want the four and one more", first)
	}
	for range 6 { // of 51 people, another would be chosen nearly every time
		if again := lost(); !slices.Equal(again, first) {
			t.Fatalf("%v lost a key, and in another release %v", first, again)
		}
	}
}

// Beyond the team a file says less: not how and when, not why somebody did not answer, not where they are registered.
func TestBeyondTheTeam(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 110)
	f.retitle("    - {name: arm}", "    - {name: arm}\n    - {name: site}")
	for i := range f.people {
		mood := storetest.Answers(i)
		switch i {
		case 0:
			mood[0].Value = surveys.Absent(surveys.PreferNotToSay)
		case 1:
			mood[0].Value = surveys.Absent(surveys.Skipped)
		}
		f.answer(i, storetest.Baseline, true, append(mood, surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(thirtyOrFifty(i))})...)
	}
	o := f.order(filepath.Join(t.TempDir(), "out"))
	o.Profile, o.Approval = surveys.SharedRelease, approved
	m, err := release.Make(context.Background(), f, o)
	if err != nil {
		t.Fatal(err)
	}
	manifest := read(t, o.Dir, release.ManifestName)
	again := filepath.Join(t.TempDir(), "again")
	if _, err := release.Write(context.Background(), f, storetest.Study, m.Release, again); err != nil || string(read(t, again, release.ManifestName)) != string(manifest) {
		t.Errorf("written again: %v, with the manifest\n%s", err, manifest)
	}
	for _, tt := range []struct {
		by     string
		faults int
	}{{"Dana Officer", 0}, {"Somebody Else", 1}} {
		write(t, again, release.ManifestName, []byte(strings.Replace(string(manifest), `"by": "Dana Officer"`, `"by": "`+tt.by+`"`, 1)))
		if v, err := release.Verify(t.Context(), f, again); err != nil || len(v.Faults) != tt.faults {
			t.Errorf("approved by %s: %+v, %v, want %d faults", tt.by, v, err, tt.faults)
		}
	}
	headers, people := table(t, o.Dir, "participants.csv")
	if got := strings.Join(headers, " "); got != "id arm about_age baseline_disposition baseline_timing later_disposition later_timing" {
		t.Errorf("participants.csv has the columns %s", got)
	}
	if got := tally(people["later_disposition"]); got["none"] != 110 {
		t.Errorf("of later came %v, want none of all", got)
	}
	if got := tally(people["baseline_timing"]); got["in-window"] != 110 {
		t.Errorf("baseline came %v", got)
	}
	if got := tally(reasons(t, o.Dir, "baseline_mood_missing.csv", "mood_1")); got["not-answered"] != 2 || len(got) != 1 {
		t.Errorf("mood_1 is missing for %v", got)
	}
	for _, want := range []string{"The site:", "How and when answers were given"} {
		if !strings.Contains(strings.Join(m.NotIncluded, "\n"), want) {
			t.Errorf("not included are %q, want that they name %q", m.NotIncluded, want)
		}
	}
}
