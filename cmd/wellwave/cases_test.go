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
