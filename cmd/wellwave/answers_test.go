package main

import (
	"strings"
	"testing"
)

// The calculations take files as other people write them, in the form that ingest takes them in.
func TestCalculationsTakeFilesAsTheyCome(t *testing.T) {
	const states = "ID;state;VAS;sex\nE-1;21345;80;f\nE-2;NA;;m\nE-3;11111.0;-99;f\n"
	names := writeFile(t, "items.csv", "column,item\nID,participant\nstate,eq5d5l\nsex,\nelsewhere,eq5d5l_mo\nVAS,vas\n")
	got := wellwave(t, "", states, "score", "--instrument", "eq5d5l", "--scale", "england_2018", "--map", names, "--missing", "NA,-99")
	if got.code != exitDone || got.stdout != "ID,VAS,england_2018\nE-1,80,0.314\nE-2,,\nE-3,-99,1\n" ||
		!strings.Contains(got.stderr, "The file has no column “elsewhere” of the map.") || !strings.Contains(got.stderr, "The map says that “VAS” is vas, which is no item of eq5d5l.") {
		t.Errorf("states: %+v", got)
	}
	if got := wellwave(t, "", strings.Replace(states, "21345", "21745", 1), "score", "--instrument", "eq5d5l", "--map", names, "--missing", "NA"); got.code != exitUsage ||
		!strings.Contains(got.stderr, "line 2, column 2 (state): digit 3 (eq5d5l_ua): 7 is not an option") {
		t.Errorf("a digit that is no level: %+v", got)
	}
	if got := wellwave(t, "", strings.Replace(states, "21345", "2134", 1), "describe", "--instrument", "eq5d5l", "--map", names, "--missing", "NA"); got.code != exitUsage ||
		!strings.Contains(got.stderr, "“2134” is no state: it has 5 digits, one for each of eq5d5l_mo, eq5d5l_sc") {
		t.Errorf("a state too short: %+v", got)
	}
	described := decode(t, wellwave(t, "", states, "describe", "--instrument", "eq5d5l", "--map", names, "--missing", "NA", "--json"))
	if n, missing, mean := at(t, described, "items", "eq5d5l_ad", "n"), at(t, described, "items", "eq5d5l_ad", "missing"), at(t, described, "items", "eq5d5l_ad", "mean"); n != 2.0 || missing != 1.0 || mean != 3.0 {
		t.Errorf("describe: n %v, missing %v, mean %v, want 2, 1 and 3", n, missing, mean)
	}
}

// Decimals, codes for missing answers and words for yes and no are read as ingest reads them.
func TestCalculationsReadCells(t *testing.T) {
	instrument := writeFile(t, "w.yaml", strings.Join([]string{"id: w", "version: \"1\"", "title: Weights", "citation: ours", "licence: {wording: own, holder: us, terms: free}", "items:",
		"  - {code: kg, kind: decimal, min: -99, max: 200}", "  - {code: far, kind: decimal, min: 0, max: 1000000}",
		"  - {code: often, kind: yes-no}", "  - {code: why, kind: short-text}", "scales:",
		"  - {id: w, rule: sum, items: [kg, far, often], direction: neutral}", ""}, "\n"))
	const table = "kg;far;often;why\n72,5;1e5;TRUE;NA\n-99,0;-99;no;x\n1,25;3.5;1;\n"
	got := wellwave(t, "", table, "score", "--file", instrument, "--decimal", ",", "--missing", "NA,-99", "--provenance")
	if want := "w,w_answered,w_prorated,w_why\n100073.5,3,0,\n"; got.code != exitDone || !strings.HasPrefix(got.stdout, want) ||
		!strings.Contains(got.stderr, "-99 is an answer to kg and is read as one there, not as missing.") || !strings.HasSuffix(got.stdout, "\n5.75,3,0,\n") {
		t.Errorf("%+v, want %q", got, want)
	}
	if rows := strings.Split(got.stdout, "\n"); !strings.HasPrefix(rows[2], ",2,0,") {
		t.Errorf("kg is answered and far is missing, got %q", rows[2])
	}
	described := decode(t, wellwave(t, "", table, "describe", "--file", instrument, "--decimal", ",", "--missing", "NA,-99", "--json"))
	if given, missing := at(t, described, "items", "why", "n"), at(t, described, "items", "far", "missing"); given != 1.0 || missing != 1.0 {
		t.Errorf("why is given %v times and far missing %v times, want 1 and 1", given, missing)
	}
	for flags, want := range map[string]string{
		"--decimal ;":            "before decimals stands a comma or a point",
		"--missing 1":            "line 2, column 1 (kg): “72,5” is not an answer",
		"--missing":              "it needs a code, such as NA,-99",
		"--missing --keep-going": "it needs a code, such as NA,-99",
	} {
		if got := wellwave(t, "", table, append([]string{"score", "--file", instrument}, strings.Fields(flags)...)...); got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %+v, want %q", flags, got, want)
		}
	}
}

// A map that gives two columns one name, or takes a column away that is needed, must not lose answers without a word.
func TestCalculationsRefuseAMapThatLoses(t *testing.T) {
	table := "a,id," + gad7Header + "\n3,1,0,0,0,0,0,0,0\n"
	for names, want := range map[string]string{
		"column,item\na,gad7_1\n":             "line 1, column 3 (gad7_1): two columns are to be “gad7_1”; the first is column 1",
		"column,item\ngad7_1,\n":              "line 1: there is no column gad7_1",
		"column,item\ngad7_1,gad7-1\n":        "line 1: there is no column gad7_1 (column 3 is called “gad7-1”)",
		"column,item\na,\na,gad7_2\n":         ":3:1: column: the column “a” stands here twice",
		"column,item\na,gad7_1 gad7_2\nid,\n": "two columns are to be “gad7_1”",
	} {
		got := wellwave(t, "", table, "score", "--instrument", "gad7", "--map", writeFile(t, "m.csv", names))
		if got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, want) {
			t.Errorf("%q: %+v, want %q", names, got, want)
		}
	}
	swapped := writeFile(t, "m.csv", "column,item\ngad7_1,gad7_2\ngad7_2,gad7_1\na,\n")
	if got := wellwave(t, "", table, "score", "--instrument", "gad7", "--map", swapped); got.code != exitDone || got.stdout != "id,gad7\n1,0\n" {
		t.Errorf("swapped: %+v", got)
	}
}
