package release_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store/storetest"
)

// held submits a person's answers to the baseline as they were collected.
func (f *field) held(person int, how surveys.Collection, answers ...surveys.ItemAnswer) {
	f.tb.Helper()
	f.seq++
	if _, err := f.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: f.people[person], Wave: storetest.Baseline,
		Sitting: storetest.SittingID(1_000_000 + f.seq), Seq: 1, Answers: answers, Finish: true, How: how}); err != nil {
		f.tb.Fatalf("submit answers of person %d: %v", person, err)
	}
}

// codesOf returns the codes that the codebook explains for a column.
func codesOf(t *testing.T, codebook []byte, column string) (codes []string) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(codebook)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], "values")
	for _, row := range rows[1:] {
		if at >= 0 && row[0] == "participants.csv" && row[1] == column {
			for option := range strings.SplitSeq(row[at], "; ") {
				code, _, _ := strings.Cut(option, " = ")
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// How answers were given leaves only where the study file names it, and comes out the same after they moved on.
func TestParadata(t *testing.T) {
	var first []byte
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		f := newField(t, db, 48)
		f.baselineFrom(3, thirtyOrFifty)
		f.held(0, surveys.Collection{Mode: surveys.Kiosk, Language: "en", Helper: "staff", Place: "practice", Aids: "large-print listened"}, wholeBaseline(3, thirtyOrFifty(0))...)
		f.held(0, surveys.Collection{Mode: surveys.Web, Language: "en", Aids: "easy-read"}, storetest.Answers(0)[:1]...)
		f.held(1, surveys.Collection{Mode: surveys.Paper, Language: "en", Helper: "family", Place: "home"}, wholeBaseline(1, thirtyOrFifty(1))...)
		f.held(2, surveys.Collection{Mode: surveys.Telephone, Language: "en", Helper: surveys.ProxyHelper}, wholeBaseline(1, thirtyOrFifty(2))...)
		dir, _ := f.release()
		if _, columns := table(t, dir, "participants.csv"); columns["baseline_place"] != nil || columns["baseline_aids"] != nil {
			t.Error("place and aids are in a release that does not ask for them")
		}
		f.retitle("paradata: [mode, day]", "paradata: [mode, place, aids, proxy]")
		dir, m := f.release()
		headers, columns := table(t, dir, "wide.csv")
		if diff := cmp.Diff([]string{"baseline_mode", "baseline_day", "baseline_place", "baseline_aids", "baseline_proxy"}, headers[7:12]); diff != "" {
			t.Fatalf("paradata (-want +got):\n%s", diff)
		}
		got := make(map[string]int)
		for i := range columns["id"] {
			got[columns["baseline_mode"][i]+","+columns["baseline_place"][i]+","+columns["baseline_aids"][i]+","+columns["baseline_proxy"][i]]++
			if scored := columns["baseline_mood"][i] != ""; scored == (columns["baseline_proxy"][i] == "1") || columns["baseline_mood_answered"][i] != "14" {
				t.Errorf("row %d: a score of %q, %s answered, proxy %s", i, columns["baseline_mood"][i], columns["baseline_mood_answered"][i], columns["baseline_proxy"][i])
			}
		}
		if diff := cmp.Diff(map[string]int{"web,,,0": 45, "kiosk,practice,easy-read large-print listened,0": 1, "paper,home,,0": 1, "telephone,,,1": 1}, got); diff != "" {
			t.Errorf("how the answers were given (-want +got):\n%s", diff)
		}
		codebook := read(t, dir, "codebook.csv")
		for _, want := range []string{
			"participants.csv,baseline_place,paradata,code,Where the answers were given; empty where it is not known,home = at home; practice = at the practice; elsewhere = somewhere else,",
			"participants.csv,baseline_proxy,paradata,\"1 yes, 0 no\",Whether somebody else gave any of the answers in the person's place,1 = yes; 0 = no,",
			"baseline_mood.csv,mood,ordinary,number,Mood",
			"no score where a proxy gave any of its answers",
			"participants.csv,baseline_aids,paradata,set of codes,Aids to reading that were used for any of the answers; empty for none,\"easy-read = the pages, not the questions, in shorter sentences and with more room; large-print = larger letters; listened = read out by the device\",",
		} {
			if !strings.Contains(string(codebook), want) {
				t.Errorf("the codebook does not hold %q", want)
			}
		}
		used := strings.Fields(strings.Join(slices.Compact(sorted(columns["baseline_aids"])), " "))
		if diff := cmp.Diff(used, codesOf(t, codebook, "baseline_aids")); diff != "" { // every aid was used, by one person
			t.Errorf("aids (-in the table +in the codebook):\n%s", diff)
		}
		if first == nil {
			first = codebook
		} else if diff := cmp.Diff(string(first), string(codebook)); diff != "" {
			t.Errorf("the codebook differs between the engines:\n%s", diff)
		}

		f.held(0, surveys.Collection{Mode: surveys.Paper, Language: "en", Place: "home"}, storetest.Answers(5)...)
		f.held(2, surveys.Collection{Mode: surveys.Web, Language: "en"}, storetest.Answers(2)...)
		again, err := release.Write(context.Background(), f, storetest.Study, m.Release, filepath.Join(t.TempDir(), "again"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Errorf("written again after an answer moved on (-first +second):\n%s", diff)
		}
	})
}

// TestHowIsDescribed has every way of answering stored once and finds each code that left in the codebook, which describes
// no other.
func TestHowIsDescribed(t *testing.T) {
	f := newField(t, storetest.SQLite(t), 48)
	f.baselineFrom(7, thirtyOrFifty)
	columns := map[string][]surveys.Choice{"mode": surveys.DescribedModes(), "helper": surveys.DescribedHelpers(),
		"place": surveys.DescribedPlaces(), "aids": surveys.DescribedAids()}
	for i := range 6 {
		code := func(name string) string { return columns[name][i%len(columns[name])].Code }
		mode, _ := surveys.ParseMode(code("mode"))
		f.held(i, surveys.Collection{Mode: mode, Language: "en", Helper: code("helper"), Place: code("place"), Aids: code("aids")}, wholeBaseline(1, thirtyOrFifty(i))...)
	}
	f.held(6, surveys.Collection{Mode: surveys.Web, Language: "en", Helper: "Mrs-Brown", Place: "Elm-Street"}, wholeBaseline(1, thirtyOrFifty(6))...)
	f.retitle("paradata: [mode, day]", "paradata: ["+strings.Join(surveys.ParadataColumns(), ", ")+"]")
	dir, _ := f.release()
	headers, cells := table(t, dir, "participants.csv")
	for _, name := range surveys.ParadataColumns() {
		if !slices.Contains(headers, "baseline_"+name) {
			t.Errorf("participants.csv has no baseline_%s", name)
		}
	}
	_, codebook := table(t, dir, "codebook.csv")
	for name, codes := range columns {
		var options, described []string
		for _, one := range codes {
			options = append(options, one.Code+" = "+one.Label)
			described = append(described, one.Code)
		}
		at := slices.Index(codebook["column"], "baseline_"+name)
		if at < 0 || codebook["values"][at] != strings.Join(options, "; ") {
			t.Errorf("the codebook does not describe the values of %s as %q", name, options)
		}
		var left []string
		for _, cell := range cells["baseline_"+name] {
			if cell != "" && !slices.Contains(left, cell) {
				left = append(left, cell)
			}
		}
		if got, want := sorted(left), sorted(described); !slices.Equal(got, want) {
			t.Errorf("%s holds %v, described are %v", name, got, want)
		}
	}
}
