package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// exponent is how a number looks that is not in plain decimal form.
var exponent = regexp.MustCompile(`\b[0-9.]+[eE][+-]?[0-9]+\b`)

// Numbers from a million on and next to nothing go in as programs write them and come out in plain decimal form, in every
// file of a release: options, members of sets, answers that are typed.
func TestNumbersFromEndToEnd(t *testing.T) {
	database := newDatabase(t)
	folder := filepath.Join("testdata", "numbers")
	const consent = "version 1; 2026-01-15; signed forms at the sites; A. Researcher"
	must(t, database, "", "study", "load", filepath.Join(folder, "study.yaml"))
	must(t, database, "", "study", "open", "hunt", "--yes")
	must(t, database, "", "ingest", "--study", "hunt", "--wave", "base", "--enrol",
		"--consent-declared", consent, filepath.Join(folder, "big-and-small.csv"))

	table := readTable(t, filepath.Join(folder, "big-and-small.csv"))
	rewritten := slices.Clone(table[:2])
	rewritten[1] = slices.Clone(table[4]) // three millions
	for i, name := range table[0] {
		switch name {
		case "participant":
			rewritten[1][i] = "Y1"
		case "o_income":
			rewritten[1][i] = "3e+06"
		case "o_small":
			rewritten[1][i] = "4e-05"
		case "o_big":
			rewritten[1][i] = "2e+06"
		}
	}
	var text strings.Builder
	if err := csv.NewWriter(&text).WriteAll(rewritten); err != nil {
		t.Fatal(err)
	}
	if got := wellwave(t, database, "", "ingest", "--study", "hunt", "--wave", "base", "--enrol", "--consent-declared", consent, writeFile(t, "programs.csv", text.String())); got.code != exitDone {
		t.Fatalf("a file of numbers with exponents: %+v", got)
	}
	again := strings.NewReplacer("3e+06", "3000000", "4e-05", "0.00004", "2e+06", "2000000.0").Replace(text.String())
	if got := must(t, database, "", "ingest", "--study", "hunt", "--wave", "base", "--enrol", "--consent-declared", consent, writeFile(t, "again.csv", again)); !strings.Contains(got, "already there 1") {
		t.Errorf("the same numbers in plain decimal form: %s, want them to be there already", got)
	}
	for from, to := range map[string]string{"3e+06": "9007199254740993", "4e-05": "0.00001234567890123456789"} {
		bad := strings.NewReplacer("Y1", "Y2", from, to).Replace(text.String())
		got := wellwave(t, database, "", "ingest", "--study", "hunt", "--wave", "base", "--enrol", "--consent-declared", consent, writeFile(t, "bad.csv", bad))
		if got.code != exitUsage || !strings.Contains(got.stderr, "has more digits than can be kept") {
			t.Errorf("the number %s: %+v, want a refusal", to, got)
		}
	}

	out := filepath.Join(t.TempDir(), "release")
	must(t, database, "", "export", "--study", "hunt", "--profile", "team", "--out", out)
	files, err := filepath.Glob(filepath.Join(out, "*.csv"))
	if err != nil || len(files) < 2 {
		t.Fatalf("the release has the files %v, %v", files, err)
	}
	var all strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(data), "\n") {
			_, cells, _ := strings.Cut(line, ",") // ids are hexadecimal
			if found := exponent.FindString(cells); found != "" {
				t.Errorf("%s holds %s in %s", filepath.Base(file), found, line)
			}
		}
		all.Write(data)
	}
	for _, want := range []string{",1 1000000,", ",0.00001,", ",2000000,", "1000000 = Million"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("the release does not hold %q", want)
		}
	}
}

func readTable(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	table, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// 41 points over 40 items are a mean of 1.025, which floating point holds as a little less.
func TestScoreRoundsExactly(t *testing.T) {
	var header, row strings.Builder
	header.WriteString("i1")
	row.WriteString("2")
	for i := 2; i <= 40; i++ {
		header.WriteString(",i" + decimal(float64(i)))
		row.WriteString(",1")
	}
	got := must(t, "", header.String()+"\n"+row.String()+"\n", "score", "--file", filepath.Join("testdata", "numbers", "mean-of-40.yaml"))
	if got != "m\n1.03\n" {
		t.Errorf("score prints %q, want 1.03", got)
	}
}

// What a release cannot carry is refused months before somebody wants one.
func TestStudyCheckRefusesNamesOfReleases(t *testing.T) {
	got := wellwave(t, "", "", "study", "check", filepath.Join("testdata", "names", "study.yaml"))
	if got.code != exitUsage {
		t.Errorf("exit %d, want %d", got.code, exitUsage)
	}
	for _, name := range []string{"“id”", "“day”", "“late”", "“r1_answered”"} {
		if !strings.Contains(got.stderr, "The release cannot carry "+name) {
			t.Errorf("nothing is said of %s:\n%s", name, got.stderr)
		}
	}
}

// A file as Windows' editor writes it is an instrument like any other, beside a study too.
func TestStudyWithByteOrderMarks(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"study.yaml", "odd.yaml", "odd.en-GB.yaml"} {
		data, err := os.ReadFile(filepath.Join("testdata", "numbers", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), append([]byte("\ufeff"), data...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := wellwave(t, "", "", "study", "check", filepath.Join(folder, "study.yaml")); got.code != exitDone {
		t.Errorf("study check: %+v", got)
	}
	if got := wellwave(t, "", "", "instrument", "check", filepath.Join(folder, "odd.yaml"), "--wording", filepath.Join(folder, "odd.en-GB.yaml")); got.code != exitDone {
		t.Errorf("instrument check: %+v", got)
	}
}
