package release_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// field is the tests' study with people in it whose answers a test decides.
type field struct {
	*store.Store
	tb     testing.TB
	now    time.Time
	people []surveys.EnrolmentID
	seq    int
}

// newField enrols n people, every other one in each arm.
func newField(tb testing.TB, db storetest.Database, n int) *field {
	tb.Helper()
	f := &field{tb: tb, now: storetest.Start}
	f.Store = db.Open(tb, storetest.Clock(func() time.Time { return f.now }))
	storetest.LoadStudy(tb, f.Store)
	f.people = storetest.Enrol(tb, f.Store, n)
	return f
}

// answer submits a person's answers to a wave in a sitting of their own.
func (f *field) answer(person int, wave surveys.WaveID, finish bool, answers ...surveys.ItemAnswer) {
	f.tb.Helper()
	f.submit(person, wave, surveys.Submission{Answers: answers, Finish: finish, How: surveys.Collection{Mode: surveys.Web}})
}

// bulk has a file bring or correct a person's baseline, which says when it was given.
func (f *field) bulk(person int, given time.Time, answers ...surveys.ItemAnswer) {
	f.tb.Helper()
	f.submit(person, storetest.Baseline, surveys.Submission{Answers: answers, Finish: true, Bulk: true, Correct: true, AnsweredAt: given,
		How: surveys.Collection{Mode: surveys.Bulk}})
}

func (f *field) submit(person int, wave surveys.WaveID, sub surveys.Submission) {
	f.tb.Helper()
	f.seq++
	sub.By, sub.Basis, sub.Study, sub.Enrolment, sub.Wave = surveys.Themselves(), surveys.Operator(), storetest.Study, f.people[person], wave
	sub.Sitting, sub.Seq, sub.How.Language = storetest.SittingID(1_000_000+f.seq), 1, "en"
	if _, err := f.Submit(context.Background(), sub); err != nil {
		f.tb.Fatalf("submit answers of person %d: %v", person, err)
	}
}

// baseline has every person answer the baseline questionnaire; age gives the age of each.
func (f *field) baseline(age func(person int) float64) {
	f.tb.Helper()
	f.baselineFrom(0, age)
}

// baselineFrom has every person from the first on do so.
func (f *field) baselineFrom(first int, age func(person int) float64) {
	f.tb.Helper()
	for i := range f.people {
		if i >= first {
			f.answer(i, storetest.Baseline, true, wholeBaseline(i, age(i))...)
		}
	}
}

// wholeBaseline answers every question of the baseline questionnaire.
func wholeBaseline(content int, age float64) []surveys.ItemAnswer {
	return append(storetest.Answers(content), surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(age)})
}

// approved is what lets a release leave that no account asked for.
var approved = surveys.Approval{By: "Dana Officer", Reference: "DSA-1"}

func (f *field) order(dir string) release.Order {
	return release.Order{Study: storetest.Study, Profile: surveys.TeamRelease, Dir: dir}
}

// release makes a release for the team in a new folder.
func (f *field) release() (dir string, m *release.Manifest) {
	f.tb.Helper()
	dir = filepath.Join(f.tb.TempDir(), "out")
	m, err := release.Make(context.Background(), f, f.order(dir))
	if err != nil {
		f.tb.Fatalf("Make() = %v", err)
	}
	return dir, m
}

// table reads a CSV file as a map by column, in the order of its rows.
func table(tb testing.TB, dir, name string) (headers []string, columns map[string][]string) {
	tb.Helper()
	rows, err := csv.NewReader(bytes.NewReader(read(tb, dir, name))).ReadAll()
	if err != nil {
		tb.Fatalf("read %s: %v", name, err)
	}
	columns = make(map[string][]string)
	for i, header := range rows[0] {
		columns[header] = []string{}
		for _, row := range rows[1:] {
			columns[header] = append(columns[header], row[i])
		}
	}
	return rows[0], columns
}

// reasons lists why cells of a column are empty, in a file that says so.
func reasons(tb testing.TB, dir, name, column string) (list []string) {
	tb.Helper()
	_, rows := table(tb, dir, name)
	for i, c := range rows["column"] {
		if c == column {
			list = append(list, rows["reason"][i])
		}
	}
	return list
}

func tally(cells []string) map[string]int {
	counts := make(map[string]int)
	for _, cell := range cells {
		counts[cell]++
	}
	return counts
}

func read(tb testing.TB, dir, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		tb.Fatalf("read %s: %v", name, err)
	}
	return data
}

func sorted(values []string) []string { return slices.Sorted(slices.Values(values)) }

func thirtyOrFifty(person int) float64 { return float64(30 + person/2%2*20) }

// audited lists the actions in the audit trail that concern releases.
func (f *field) audited() []string {
	f.tb.Helper()
	entries, err := f.ListAudit(context.Background(), storetest.Study, "", 10_000)
	if err != nil {
		f.tb.Fatal(err)
	}
	var actions []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Action, "release.") {
			actions = append(actions, entry.Action)
		}
	}
	return actions
}

// retitle replaces a text of the study file.
func (f *field) retitle(from, to string) {
	f.tb.Helper()
	source, err := f.StudySource(context.Background(), storetest.Study)
	if err != nil {
		f.tb.Fatal(err)
	}
	if _, _, err := f.LoadStudy(context.Background(), "", "study.yaml", []byte(strings.Replace(source, from, to, 1)), new(surveys.Definitions)); err != nil {
		f.tb.Fatal(err)
	}
}
