package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// The files of testdata/cases are as people and programs write them. All people in them are invented.

// caseFile returns the path of a copy, beside which files can be written.
func caseFile(t *testing.T, name string) string {
	t.Helper()
	return writeFile(t, name, readFile(t, filepath.Join("testdata", "cases", name)))
}

// Rows of commas, as a spreadsheet leaves them, are no people.
func TestRowsOfCommas(t *testing.T) {
	got := decode(t, wellwave(t, "", "", "describe", "--instrument", "gad7", "--json", caseFile(t, "rows-of-commas.csv")))
	if n, missing := at(t, got, "items", "gad7_1", "n"), at(t, got, "items", "gad7_1", "missing"); n != 1.0 || missing != 0.0 {
		t.Errorf("describe: n %v and missing %v, want 1 and 0", n, missing)
	}
	if got := wellwave(t, "", "", "score", "--instrument", "gad7", caseFile(t, "rows-of-commas.csv")); got.code != exitDone || got.stdout != "id,gad7\n1,7\n" {
		t.Errorf("score: %+v", got)
	}
	counted := decode(t, wellwave(t, "", "", "rates", "--json", caseFile(t, "rows-of-commas-rates.csv")))
	if groups := at(t, counted, "groups").([]any); len(groups) != 2 {
		t.Errorf("rates: %d groups, want 2", len(groups))
	}
	batch := "design,n1,n2,delta,sd\nmeans,64,64,0.5,1\n,,,,\n , ,,,\n"
	if got := wellwave(t, "", batch, "power", "--batch", "-"); got.code != exitDone || strings.Count(got.stdout, "\n") != 2 {
		t.Errorf("power: %+v", got)
	}
}

// What separates the columns is recognised and said, and commas separate those that come out.
func TestSeparators(t *testing.T) {
	for content, note := range map[string]string{
		"id;" + strings.ReplaceAll(gad7Header, ",", ";") + "\n1,5" + strings.Repeat(";1", 7) + "\n":     "The columns are separated by semicolons.\n",
		"sep=\t\nid\t" + strings.ReplaceAll(gad7Header, ",", "\t") + "\n1,5" + strings.Repeat("\t1", 7): "The first line says that tabs separate the columns.\n",
		"id," + gad7Header + "\r\"1,5\"" + strings.Repeat(",1", 7) + "\r":                               "The lines end in carriage returns.\n",
		"id," + gad7Header + ",,\n\"1,5\"" + strings.Repeat(",1", 7) + ",,\n":                           "There are 2 columns without a name at the end: left out.\n",
	} {
		if got := wellwave(t, "", content, "score", "--instrument", "gad7"); got.code != exitDone || got.stdout != "id,gad7\n\"1,5\",7\n" || got.stderr != note {
			t.Errorf("%q: %+v, want %q", content, got, note)
		}
	}
}

// hunt loads and opens the study of the cases and returns its database.
func hunt(t *testing.T) string {
	t.Helper()
	database := newDatabase(t)
	must(t, database, "", "study", "load", filepath.Join("testdata", "cases", "study", "study.yaml"))
	must(t, database, "", "study", "open", "hunt", "--yes")
	return database
}

// takeIn takes a file in as the baseline of that study.
func takeIn(t *testing.T, database, file string, flags ...string) result {
	t.Helper()
	return wellwave(t, database, "", append([]string{"ingest", "--study", "hunt", "--wave", "base", file}, flags...)...)
}

// people returns the rows of a release of the study's baseline by the income of their person, which tells them apart.
func people(t *testing.T, database string) map[string]map[string]string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "release")
	must(t, database, "", "export", "--study", "hunt", "--profile", "team", "--out", folder)
	table := readCSV(t, filepath.Join(folder, "base.csv"))
	rows := make(map[string]map[string]string)
	for _, row := range table[1:] {
		cells := make(map[string]string)
		for i, name := range table[0] {
			cells[name] = row[i]
		}
		rows[cells["o_income"]] = cells
	}
	return rows
}

func TestIngestQuotationMarks(t *testing.T) {
	database := hunt(t)
	file := caseFile(t, "quotation-marks.csv")
	got := takeIn(t, database, file, "--enrol")
	if got.code != exitUsage || got.stdout != "read 6, stored 4, already there 0, rejected 2\n" ||
		!strings.Contains(got.stderr, "line 3, column o_long: the cell goes on behind its closing quotation mark") ||
		!strings.Contains(got.stderr, "line 5, column o_short: the quotation mark that begins this cell stays open") {
		t.Errorf("%+v", got)
	}
	rejected := readCSV(t, file+".rejected.csv")
	if len(rejected) != 3 || rejected[1][3] != "QQ-2" || rejected[2][3] != "QQ-4" || len(rejected[1]) != len(rejected[0]) || len(rejected[2]) != len(rejected[0]) ||
		rejected[1][15] != `he said "no" to me` || rejected[2][14] != `"abc` {
		t.Errorf("rejected: %q", rejected)
	}
}

func TestIngestSeparators(t *testing.T) {
	database := hunt(t)
	for file, note := range map[string]string{
		"semicolons.csv":            "separated by semicolons",
		"sep-line.csv":              "The first line says that commas",
		"carriage-returns.csv":      "The lines end in carriage returns",
		"unnamed-last-column.csv":   "1 column without a name",
		"rows-of-commas-ingest.csv": "",
	} {
		got := takeIn(t, database, caseFile(t, file), "--enrol")
		if got.code != exitDone || !strings.HasSuffix(got.stdout, ", already there 0, rejected 0\n") || !strings.Contains(got.stderr, note) {
			t.Errorf("%s: %+v", file, got)
		}
	}
}

func TestIngestHabitsOfR(t *testing.T) {
	database := hunt(t)
	file := caseFile(t, "habits-of-r.csv")
	got := takeIn(t, database, file, "--enrol", "--missing", "NA")
	if got.code != exitUsage || got.stdout != "read 9, stored 8, already there 0, rejected 1\n" || !strings.Contains(got.stderr, "line 6, column o_weight: “70,5” is not a number") {
		t.Errorf("%+v", got)
	}
	if got := takeIn(t, database, file, "--enrol", "--missing", "NA", "--decimal", ","); got.code != exitDone || got.stdout != "read 9, stored 1, already there 8, rejected 0\n" {
		t.Errorf("with decimal commas: %+v", got)
	}
}

// A blank in a correction replaces nothing unless somebody says so, and the closing line counts.
func TestIngestBlanks(t *testing.T) {
	for flag, want := range map[string]string{"": "answers kept 15, replaced 1, cleared 0", "--blank-clears": "answers kept 2, replaced 1, cleared 13"} {
		database := hunt(t)
		if got := takeIn(t, database, caseFile(t, "correction-before.csv"), "--enrol"); got.code != exitDone {
			t.Fatalf("%+v", got)
		}
		flags := []string{"--correct"}
		if flag != "" {
			flags = append(flags, flag)
		}
		file := caseFile(t, "correction-with-blanks.csv")
		if got := takeIn(t, database, file, flags...); got.code != exitDone || got.stdout != "read 1, stored 1, already there 0, rejected 0; "+want+"\n" {
			t.Errorf("%s: %+v", flag, got)
		}
		if got := takeIn(t, database, file, flags...); got.code != exitDone || !strings.HasPrefix(got.stdout, "read 1, stored 0, already there 1, rejected 0; ") {
			t.Errorf("%s again: %+v", flag, got)
		}
		must(t, database, "", "doctor")
	}
}
