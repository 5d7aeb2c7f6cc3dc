package release_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// pinned is a store whose releases have a known key and whose people have known ids, so that two stores with the same
// answers must give the same bytes.
type pinned struct{ *field }

func (p pinned) FreezeRelease(ctx context.Context, r surveys.Release) (surveys.Release, error) {
	r, err := p.field.FreezeRelease(ctx, r)
	r.Key = bytes.Repeat([]byte{7}, 32)
	return r, err
}

func (p pinned) FindRelease(ctx context.Context, study surveys.StudyID, number int) (surveys.Release, error) {
	r, err := p.field.FindRelease(ctx, study, number)
	r.Key = bytes.Repeat([]byte{7}, 32)
	return r, err
}

func (p pinned) name(id surveys.EnrolmentID) surveys.EnrolmentID {
	return surveys.EnrolmentID(fmt.Sprint(slices.Index(p.people, id)))
}

func (p pinned) EachReleasedPerson(ctx context.Context, r surveys.Release, fn func(*surveys.ReleasedPerson) error) error {
	return p.field.EachReleasedPerson(ctx, r, func(person *surveys.ReleasedPerson) error {
		person.Enrolment = p.name(person.Enrolment)
		return fn(person)
	})
}

func (p pinned) EachReleasedMember(ctx context.Context, r surveys.Release, fn func(surveys.EnrolmentID) error) error {
	return p.field.EachReleasedMember(ctx, r, func(id surveys.EnrolmentID) error { return fn(p.name(id)) })
}

func (p pinned) EachReleased(ctx context.Context, r surveys.Release, wave surveys.WaveID, scales []surveys.ScaleID, rule string, share, of int,
	fn func(*surveys.ReleasedResponse) error) error {
	return p.field.EachReleased(ctx, r, wave, scales, rule, share, of, func(row *surveys.ReleasedResponse) error {
		row.Enrolment = p.name(row.Enrolment)
		return fn(row)
	})
}

var update = flag.Bool("update", false, "rewrite the golden files")

// sixty people answer in the order that the numbers 0 to 59 are given in.
func sixty(t *testing.T, db storetest.Database, order func(yield func(int) bool)) *field {
	t.Helper()
	f := newField(t, db, 60)
	for i := range order {
		f.answer(i, storetest.Baseline, true, append(storetest.Answers(i), surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(thirtyOrFifty(i))})...)
	}
	f.now = f.now.AddDate(0, 0, 92)
	for i := range order { // thirteen or twelve answers of fourteen, so that sums are prorated to fractions
		f.answer(i, storetest.Later, i%3 == 0, storetest.Answers(i)[i%2+1:]...)
	}
	return f
}

// everybody makes a release of sixty people and returns its files.
func everybody(t *testing.T, db storetest.Database, order func(yield func(int) bool)) map[string][]byte {
	t.Helper()
	f := sixty(t, db, order)
	o := f.order(filepath.Join(t.TempDir(), "out"))
	m, err := release.Make(context.Background(), pinned{f}, o)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for _, file := range append(m.Files, release.FileSum{Name: release.ManifestName}) {
		files[file.Name] = read(t, o.Dir, file.Name)
	}
	if _, columns := table(t, o.Dir, "later_mood.csv"); !slices.ContainsFunc(columns["mood"], func(s string) bool { return len(s) > 10 }) {
		t.Errorf("no score is a long fraction: %v", columns["mood"])
	}
	return files
}

func forwards(yield func(int) bool) {
	for i := 0; i < 60 && yield(i); i++ {
	}
}

func backwards(yield func(int) bool) {
	for i := 59; i >= 0 && yield(i); i-- {
	}
}

// Both engines give the same bytes, fractions included, whether rows lie in memory or on disk, whoever reads them and in
// whatever order people answered. The files are those in testdata/agreed, so each engine is held to something even where
// the other is not there.
func TestEnginesAgree(t *testing.T) {
	other := everybody(t, storetest.SQLite(t), backwards)
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		files := everybody(t, db, forwards)
		if len(files) != len(other) {
			t.Errorf("%d files, want %d", len(files), len(other))
		}
		for name, data := range files {
			sameLines(t, name+" of people who answered in another order", data, other[name])
		}
		for _, name := range []string{"participants.csv", "later_mood.csv", "wide.csv", "long.csv", "long_missing.csv", "codebook.csv", "codebook.html", "datapackage.json", "load.R", "load.py", "load.sps", "load.do"} {
			path := filepath.Join("testdata", "agreed", name)
			if *update {
				if err := os.WriteFile(path, files[name], 0o644); err != nil {
					t.Fatal(err)
				}
			}
			golden, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			sameLines(t, path, files[name], golden)
		}
	})
}

// sameLines wants the same bytes and says which line is the first that differs.
func sameLines(t *testing.T, name string, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	lines, wanted := bytes.SplitAfter(got, []byte("\n")), bytes.SplitAfter(want, []byte("\n"))
	for i := range max(len(lines), len(wanted)) {
		var line, wantedLine []byte
		if i < len(lines) {
			line = lines[i]
		}
		if i < len(wanted) {
			wantedLine = wanted[i]
		}
		if !bytes.Equal(line, wantedLine) {
			t.Errorf("%s, line %d: %q, want %q", name, i+1, line, wantedLine)
			return
		}
	}
}

// A release whose answers were erased since cannot be written again, and nothing is left of the try. The next one does not
// know the person.
func TestWriteAfterErasure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := newField(t, db, 48)
		f.baseline(thirtyOrFifty)
		f.release()
		ctx := context.Background()
		gone := surveys.Withdrawal{Enrolment: f.people[3], Level: surveys.EraseAnswers, Channel: surveys.ByLetter}
		if err := f.Withdraw(ctx, gone); err != nil {
			t.Fatal(err)
		}
		parent := t.TempDir()
		_, err := release.Write(ctx, f, storetest.Study, 1, filepath.Join(parent, "again"))
		if surveys.KindOf(err) != surveys.Conflict || !strings.Contains(err.Error(), "erased") {
			t.Errorf("Write() after erasure = %v, want a conflict that says so", err)
		}
		if left, _ := os.ReadDir(parent); len(left) != 0 {
			t.Errorf("Write() left %v on disk", left)
		}
		dir, _ := f.release()
		_, columns := table(t, dir, "participants.csv")
		if n := len(columns["id"]); n != 47 {
			t.Errorf("the next release holds %d people, want all but the one", n)
		}
	})
}

const readInR = `
setwd(commandArgs(TRUE)[1])
requireNamespace <- function(...) FALSE # as where haven is not installed
source("load.R")
release <- load_release()
both <- merge(release$baseline_mood, release$later_mood, by = "id", suffixes = c("", ".later"))
both <- merge(both, release$participants, by = "id")
why <- attr(release$later_mood, "missing")
grouped <- load_release(tables = "wide", factors = TRUE)$wide
stopifnot(is.numeric(both$mood_1), is.numeric(both$later_day), is.character(both$about_age), identical(names(attr(release$wide$baseline_mood_1, "labels"))[2], "Rarely"),
	identical(attr(release$wide$arm, "label"), "Arm of the study"), identical(levels(grouped$arm), c("New", "Usual")), is.ordered(grouped$about_age))
cat(nrow(both), format(mean(both$mood), digits = 15), format(mean(both$mood.later), digits = 15),
	sum(is.na(both$mood_1.later)), sum(why$column == "mood_1" & why$reason == "skipped"), "\n")
`

// R is what most people will open a release with.
func TestReadInR(t *testing.T) {
	program, err := exec.LookPath("Rscript")
	if err != nil {
		t.Skip("Rscript is not installed, so nobody reads a release in R here: apt-get install r-base-core")
	}
	f := newField(t, storetest.SQLite(t), 48)
	f.baseline(thirtyOrFifty)
	f.now = f.now.AddDate(0, 0, 95)
	for i := range f.people {
		f.answer(i, storetest.Later, true, storetest.Answers(i)[i%2:]...)
	}
	dir, _ := f.release()
	script := filepath.Join(t.TempDir(), "read.R")
	if err := os.WriteFile(script, []byte(readInR), 0o600); err != nil {
		t.Fatal(err)
	}
	printed, err := exec.Command(program, "--vanilla", script, dir).Output()
	if err != nil {
		t.Fatalf("Rscript: %v", err)
	}
	got := strings.Fields(string(printed))
	missing := 0
	var before, after float64
	for i := range f.people { // the sum over the answered, prorated to fourteen items
		all, answered := storetest.Answers(i), storetest.Answers(i)[i%2:]
		before += sumOf(all) / float64(len(f.people))
		after += sumOf(answered) * 14 / float64(len(answered)) / float64(len(f.people))
		missing += i % 2
	}
	if len(got) != 5 || got[0] != strconv.Itoa(len(f.people)) || !near(got[1], before) || !near(got[2], after) ||
		got[3] != strconv.Itoa(missing) || got[4] != strconv.Itoa(missing) {
		t.Errorf("R reads %v, want %d people, means %v and %v, and %d missing", got, len(f.people), before, after, missing)
	}
}

func sumOf(answers []surveys.ItemAnswer) float64 {
	sum := 0.0
	for _, a := range answers {
		sum += a.Value.Number
	}
	return sum
}

func near(text string, want float64) bool {
	got, err := strconv.ParseFloat(text, 64)
	return err == nil && got-want < 1e-9 && want-got < 1e-9
}

// Whatever language a label is written in, the codebook stays a table and no character in it turns another's direction.
func TestLabelsOfAnyLanguage(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.retitle("Trial of the tests", "كيف \u202eحالك | 🙂 =1+1")
	f.baseline(thirtyOrFifty)
	dir, m := f.release()
	if want := "كيف حالك | 🙂 =1+1"; m.Title != want {
		t.Errorf("title = %q, want %q", m.Title, want)
	}
	for _, file := range m.Files {
		if strings.ContainsRune(string(read(t, dir, file.Name)), '\u202e') {
			t.Errorf("%s holds a right-to-left override", file.Name)
		}
	}
	if !strings.Contains(html.UnescapeString(string(read(t, dir, "codebook.html"))), `<h1 dir="auto">كيف حالك | 🙂 =1+1</h1>`) {
		t.Error("codebook.html does not show the title")
	}
	if _, err := csv.NewReader(bytes.NewReader(read(t, dir, "codebook.csv"))).ReadAll(); err != nil {
		t.Errorf("codebook.csv: %v", err)
	}
}
