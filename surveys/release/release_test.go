package release_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

func TestMake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := newField(t, db, 48)
		f.baseline(thirtyOrFifty)
		f.now = f.now.AddDate(0, 0, 95)
		for i := range 40 {
			f.answer(i, storetest.Later, true, storetest.Answers(i+1)...)
		}
		f.answer(40, storetest.Later, false, surveys.ItemAnswer{Code: "mood_1", Value: surveys.Absent(surveys.PreferNotToSay)}) // answers nothing
		dir, m := f.release()

		headers, people := table(t, dir, "participants.csv")
		if diff := cmp.Diff([]string{"id", "arm", "about_age", "baseline_disposition", "baseline_due", "baseline_opens", "baseline_closes", "baseline_mode", "baseline_day",
			"later_disposition", "later_due", "later_opens", "later_closes", "later_mode", "later_day"}, headers); diff != "" {
			t.Errorf("participants.csv has other columns (-want +got):\n%s", diff)
		}
		mood := []string{"mood_1", "mood_2", "mood", "mood_answered", "mood_prorated"}
		headers, first := table(t, dir, "baseline_mood.csv")
		if diff := cmp.Diff(append([]string{"id"}, mood...), headers); diff != "" {
			t.Errorf("baseline_mood.csv has other columns (-want +got):\n%s", diff)
		}
		_, second := table(t, dir, "later_mood.csv")
		headers, wide := table(t, dir, "wide.csv")
		if want := len(people) + 2*len(mood); len(headers) != want || headers[len(people)] != "baseline_mood_1" || headers[want-1] != "later_mood_prorated" {
			t.Errorf("wide.csv has the columns %q", headers)
		}
		headers, long := table(t, dir, "long.csv")
		if diff := cmp.Diff(append([]string{"id", "wave", "arm", "about_age", "disposition", "due", "opens", "closes", "mode", "day"}, mood...), headers); diff != "" {
			t.Errorf("long.csv has other columns (-want +got):\n%s", diff)
		}
		if len(people["id"]) != 48 || len(first["id"]) != 48 || len(second["id"]) != 40 || len(wide["id"]) != 48 || len(long["id"]) != 96 {
			t.Fatalf("%d people, %d and %d answers, %d and %d rows, want 48, 48 and 40, 48 and 96", len(people["id"]), len(first["id"]), len(second["id"]), len(wide["id"]), len(long["id"]))
		}
		if got := tally(people["later_disposition"]); got["complete"] != 40 || got["pending"] != 8 {
			t.Errorf("of later came %v, want 40 complete and 8 pending", got)
		}
		if got := tally(reasons(t, dir, "wide_missing.csv", "later_mood_1")); got["no-questionnaire"] != 8 {
			t.Errorf("later_mood_1 is missing for %v, want 8 who answered nothing", got)
		}
		for _, id := range second["id"] {
			if !slices.Contains(first["id"], id) {
				t.Errorf("id %s of later_mood.csv is not in baseline_mood.csv", id)
			}
			if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(id) {
				t.Errorf("id %q is not 128 bits in lower-case hex", id)
			}
		}
		for name, ids := range map[string][]string{"baseline_mood.csv": first["id"], "later_mood.csv": second["id"], "long.csv": long["id"]} {
			if !slices.IsSorted(ids) {
				t.Errorf("rows of %s are not in the order of their ids", name)
			}
		}
		if got := slices.Compact(sorted(people["later_day"])); !slices.Equal(got, []string{"", "95"}) {
			t.Errorf("days of later = %v, want 95 for all", got)
		}
		if got := slices.Compact(sorted(people["about_age"])); !slices.Equal(got, []string{"16 to 39", "40 to 64"}) {
			t.Errorf("ages = %v, want bands", got)
		}
		// The sum of mood over persons follows from what was submitted.
		want := make([]string, 48)
		for i := range want {
			sum := 0.0
			for _, a := range storetest.Answers(i) {
				sum += a.Value.Number
			}
			want[i] = fmt.Sprint(sum)
		}
		if diff := cmp.Diff(sorted(want), sorted(first["mood"])); diff != "" {
			t.Errorf("mood differs (-submitted +released):\n%s", diff)
		}
		if m.Release != 1 || m.KWanted != 5 || m.KMeasured != 10 {
			t.Errorf("release %d with k %d of %d, want release 1 with 10 of 5: later has forty people in four combinations", m.Release, m.KMeasured, m.KWanted)
		}
		if !slices.ContainsFunc(m.NotIncluded, func(s string) bool { return strings.Contains(s, "round-1") }) {
			t.Errorf("the manifest does not say that round-1 is not included: %q", m.NotIncluded)
		}
	})
}

func TestManifestVerifies(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.baseline(thirtyOrFifty)
	dir, m := f.release()
	var written release.Manifest
	if err := json.Unmarshal(read(t, dir, "manifest.json"), &written); err != nil {
		t.Fatal(err)
	}
	m.Assessment = nil // which risk.json has
	if diff := cmp.Diff(m, &written); diff != "" {
		t.Errorf("manifest.json differs from what was returned:\n%s", diff)
	}
	names := []string{"manifest.json"}
	for _, file := range written.Files {
		names = append(names, file.Name)
		data := read(t, dir, file.Name)
		sum := sha256.Sum256(data)
		if int64(len(data)) != file.Bytes || hex.EncodeToString(sum[:]) != file.SHA256 {
			t.Errorf("%s is not what the manifest says", file.Name)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
		if info, err := entry.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has permissions %v, %v, want 0600", entry.Name(), info.Mode(), err)
		}
	}
	if diff := cmp.Diff(sorted(names), sorted(found)); diff != "" {
		t.Errorf("files differ (-manifest +folder):\n%s", diff)
	}
}

func TestCodebookListsEveryColumn(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.baseline(thirtyOrFifty)
	dir, _ := f.release()
	_, book := table(t, dir, "codebook.csv")
	var described, there []string
	for i, file := range book["file"] {
		described = append(described, file+" "+book["column"][i])
		if book["label"][i] == "" || book["type"][i] == "" || book["class"][i] == "" {
			t.Errorf("the codebook says too little of %s in %s", book["column"][i], file)
		}
	}
	for _, name := range []string{"participants.csv", "baseline_mood.csv", "later_mood.csv", "wide.csv", "long.csv"} {
		headers, _ := table(t, dir, name)
		for _, header := range headers {
			there = append(there, name+" "+header)
		}
	}
	if diff := cmp.Diff(there, described); diff != "" {
		t.Errorf("columns differ (-files +codebook):\n%s", diff)
	}
	readable := string(read(t, dir, "codebook.html"))
	if !strings.Contains(readable, `<th scope="row">mood_1</th><td dir="auto">ordinary</td><td dir="auto">code</td><td dir="auto">How often is statement 1 true of you today?</td><td dir="auto">1 = Never; 2 = Rarely;`) {
		t.Errorf("codebook.html does not describe mood_1:\n%s", readable)
	}
}

// Nothing that points at a person from outside may be in any file: not the ids of the platform, not the practice's label.
func TestNoDirectIdentifiers(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.baseline(thirtyOrFifty)
	f.answer(0, storetest.Baseline, true, surveys.ItemAnswer{Code: "about_note", Value: surveys.Text("I am Morag")})
	dir, m := f.release()
	for _, file := range m.Files {
		data := string(read(t, dir, file.Name))
		for i, person := range f.people {
			if strings.Contains(data, string(person)) || strings.Contains(data, fmt.Sprintf("P%05d", i+1)) {
				t.Errorf("%s holds an id or label of person %d", file.Name, i)
			}
		}
		if strings.Contains(data, "Morag") || strings.Contains(data, "about_note") {
			t.Errorf("%s holds free text", file.Name)
		}
	}
}

func TestEveryReleaseHasItsOwnIds(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.baseline(thirtyOrFifty)
	firstDir, _ := f.release()
	secondDir, second := f.release()
	if second.Release != 2 {
		t.Errorf("the second release has number %d", second.Release)
	}
	_, a := table(t, firstDir, "baseline_mood.csv")
	_, b := table(t, secondDir, "baseline_mood.csv")
	for _, id := range a["id"] {
		if slices.Contains(b["id"], id) {
			t.Fatalf("id %s is in two releases", id)
		}
	}
	if slices.Equal(a["mood"], b["mood"]) {
		t.Error("rows of two releases stand in the same order")
	}
}

func TestSmallestCombinationDecides(t *testing.T) {
	tests := []struct {
		name      string
		giveOlder int // people of 70 in the arm "new", of 24
		wantKind  surveys.Kind
	}{
		{"at k", 5, 0},
		{"one below k, and too many blanks", 4, surveys.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db storetest.Database) {
				f := newField(t, db, 48)
				f.baseline(func(person int) float64 {
					if person%2 == 0 && person/2 < tt.giveOlder {
						return 70
					}
					return 30
				})
				parent := t.TempDir()
				dir := filepath.Join(parent, "out")
				_, err := release.Make(context.Background(), f, f.order(dir))
				if surveys.KindOf(err) != tt.wantKind || tt.wantKind == 0 && err != nil {
					t.Fatalf("Make() = %v, want kind %v", err, tt.wantKind)
				}
				if err == nil {
					return
				}
				for _, want := range []string{"5 of 96 cells of its keys would have to be blanked", "and at most 4 may be", "fewer than 5 people share arm=new, about_age=65 and over;",
					"what would help most: about_age left out: smallest class 4 → 24"} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("Make() = %q, want it to say %q", err, want)
					}
				}
				if left, _ := os.ReadDir(parent); len(left) != 0 {
					t.Errorf("a refused release left %v on disk", left)
				}
				if kept, err := f.ListReleases(context.Background(), storetest.Study); err != nil || len(kept) != 0 {
					t.Errorf("ListReleases() = %v, %v, want none", kept, err)
				}
				if got := f.audited(); !slices.Contains(got, "release.refuse") || slices.Contains(got, "release.make") {
					t.Errorf("audit trail holds %v, want release.refuse", got)
				}
			})
		})
	}
}

// Why a key is missing is released, so it tells people apart as the key does: people of one arm of whom most are
// 50, four skipped the question and one prefers not to say.
func TestMissingWordsOfKeysCount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := newField(t, db, 44)
		for i := range f.people {
			age := surveys.Number(50)
			switch { // everybody of the other arm is 50
			case i == 0:
				age = surveys.Absent(surveys.PreferNotToSay)
			case i%2 == 0 && i <= 8:
				age = surveys.Absent(surveys.Skipped)
			}
			f.answer(i, storetest.Baseline, true, append(storetest.Answers(i), surveys.ItemAnswer{Code: "about_age", Value: age})...)
		}
		_, err := release.Make(context.Background(), f, f.order(filepath.Join(t.TempDir(), "out")))
		if surveys.KindOf(err) != surveys.Invalid {
			t.Fatalf("Make() = %v, want a refusal", err)
		}
		for _, want := range []string{"arm=new, about_age=(prefer-not-to-say)", "arm=new, about_age=(skipped)"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("Make() = %q, want it to say %q", err, want)
			}
		}
		f.answer(0, storetest.Baseline, true, surveys.ItemAnswer{Code: "about_age", Value: surveys.Absent(surveys.Skipped)})
		if _, m := f.release(); m.KMeasured != 5 {
			t.Errorf("k = %d where five people skipped the question, want 5", m.KMeasured)
		}
	})
}

// A file of the release tells who answered its wave, so keys that only another file has still count within it.
func TestKeysOfEveryFileCount(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.baseline(thirtyOrFifty)
	f.now = f.now.AddDate(0, 0, 95)
	for i := range 24 {
		if i == 0 || thirtyOrFifty(i) == 50 || i%2 == 1 { // of arm "new" aged 30 only person 0
			f.answer(i, storetest.Later, true, storetest.Answers(i)...)
		}
	}
	_, err := release.Make(context.Background(), f, f.order(filepath.Join(t.TempDir(), "out")))
	if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "the mean risk of being found in later is") {
		t.Errorf("Make() = %v, want a refusal for later", err)
	}
}

func TestMissingWords(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 24)
	for i := range f.people {
		age := surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(30)}
		first := surveys.ItemAnswer{Code: "mood_1", Value: surveys.Absent(surveys.PreferNotToSay)}
		f.answer(i, storetest.Baseline, i%2 == 0, first, age)
	}
	dir, _ := f.release()
	_, columns := table(t, dir, "baseline_mood.csv")
	for name, want := range map[string][]string{"mood_1": {""}, "mood_2": {""}, "mood": {""}, "mood_answered": {"0"}} {
		if got := slices.Compact(sorted(columns[name])); !slices.Equal(got, want) {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string][]string{
		"mood_1": {"prefer-not-to-say"}, "mood_2": {"not-reached", "skipped"}, // a finished questionnaire was seen to its end
		"mood": {"no-score"}, "mood_answered": nil,
	} {
		if got := slices.Compact(sorted(reasons(t, dir, "baseline_mood_missing.csv", name))); !slices.Equal(got, want) {
			t.Errorf("%s is missing for %q, want %q", name, got, want)
		}
	}
	if got := reasons(t, dir, "participants_missing.csv", "about_age"); len(got) > 0 {
		t.Errorf("about_age is missing for %q", got)
	}
}

func TestPilotAnswersStayIn(t *testing.T) {
	f := &field{tb: t, now: storetest.Start}
	f.Store = storetest.New(t, storetest.Clock(func() time.Time { return f.now }))
	storetest.LoadStudyIn(t, f.Store, surveys.Pilot)
	f.people = storetest.Enrol(t, f.Store, 48)
	f.baseline(thirtyOrFifty)
	if err := f.SetStudyState(context.Background(), "", storetest.Study, surveys.Live); err != nil {
		t.Fatal(err)
	}
	_, err := release.Make(context.Background(), f, f.order(filepath.Join(t.TempDir(), "out")))
	if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "nothing to release") {
		t.Errorf("Make() of pilot answers = %v, want that there is nothing to release", err)
	}
}

func TestWriteAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := newField(t, db, 48)
		f.baseline(thirtyOrFifty)
		dir, _ := f.release()
		// What comes later changes nothing: answers corrected, people added, another day.
		f.now = f.now.AddDate(0, 0, 3)
		f.answer(0, storetest.Baseline, true, surveys.ItemAnswer{Code: "mood_1", Value: surveys.Number(5)},
			surveys.ItemAnswer{Code: "mood_2", Value: surveys.Absent(surveys.Cleared)}, surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(99)})
		again := filepath.Join(t.TempDir(), "again")
		m, err := release.Write(context.Background(), f, storetest.Study, 1, again)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range append(m.Files, release.FileSum{Name: "manifest.json"}) {
			if !bytes.Equal(read(t, dir, file.Name), read(t, again, file.Name)) {
				t.Errorf("%s differs when release 1 is written again", file.Name)
			}
		}
		if _, err := release.Write(context.Background(), f, storetest.Study, 7, filepath.Join(t.TempDir(), "x")); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Write() of a release that is not there = %v, want NotFound", err)
		}
	})
}

func TestFolders(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.baseline(thirtyOrFifty)
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{full: "is not empty", filepath.Join(full, "a", "b"): "there is no folder"} {
		if _, err := release.Make(context.Background(), f, f.order(dir)); surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("Make() into %s = %v, want that it %s", dir, err, want)
		}
	}
	empty := t.TempDir()
	if _, err := release.Make(context.Background(), f, f.order(empty)); err != nil {
		t.Errorf("Make() into an empty folder = %v", err)
	}
}

func TestForExcel(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.baseline(thirtyOrFifty)
	o := f.order(filepath.Join(t.TempDir(), "out"))
	o.Excel = true
	if _, err := release.Make(context.Background(), f, o); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"participants.csv", "wide_missing.csv", "codebook.csv"} {
		if !bytes.HasPrefix(read(t, o.Dir, name), []byte("\ufeff")) {
			t.Errorf("%s for Excel does not begin with a byte order mark", name)
		}
	}
}
