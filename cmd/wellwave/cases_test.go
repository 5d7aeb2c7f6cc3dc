package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
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

// agreed declares consent to the first version of a study's text.
const agreed = "version 1; 2024-01-15; signed forms kept at the sites; A. Researcher"

// withConsent declares the consent of people who may be enrolled.
func withConsent(flags []string) []string {
	if slices.Contains(flags, "--enrol") {
		flags = append(flags, "--consent-declared", agreed)
	}
	return flags
}

// takeIn takes a file in as the baseline of that study.
func takeIn(t *testing.T, database, file string, flags ...string) result {
	t.Helper()
	return wellwave(t, database, "", append([]string{"ingest", "--study", "hunt", "--wave", "base", file}, withConsent(flags)...)...)
}

// people returns the rows of a release of the study's baseline by the income of their person, which tells them apart.
func people(t *testing.T, database string) map[string]map[string]string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "release")
	must(t, database, "", "export", "--study", "hunt", "--profile", "team", "--out", folder)
	table := readCSV(t, filepath.Join(folder, "wide.csv"))
	rows, ids := make(map[string]map[string]string), make(map[string]map[string]string)
	for _, row := range table[1:] {
		cells := make(map[string]string)
		for i, name := range table[0] {
			cells[strings.TrimPrefix(name, "base_")] = row[i]
		}
		rows[cells["o_income"]], ids[cells["id"]] = cells, cells
	}
	for _, why := range readCSV(t, filepath.Join(folder, "wide_missing.csv"))[1:] {
		ids[why[0]][strings.TrimPrefix(why[1], "base_")+"_missing"] = why[2]
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

// The later row of a person wins in a correction, in every run and however their number is written.
func TestIngestLaterRowWins(t *testing.T) {
	for range 3 {
		database := hunt(t)
		if got := takeIn(t, database, caseFile(t, "race-first.csv"), "--enrol"); got.code != exitDone || got.stdout != "read 60, stored 60, already there 0, rejected 0\n" {
			t.Fatalf("%+v", got)
		}
		later := caseFile(t, "race-later.csv")
		if got := takeIn(t, database, later, "--correct"); got.code != exitDone || !strings.HasPrefix(got.stdout, "read 120, stored 120, already there 0, rejected 0; ") {
			t.Errorf("%+v", got)
		}
		again := must(t, database, "", "ingest", "--study", "hunt", "--wave", "base", "--correct", onlyCapitals(t, later))
		if !strings.HasPrefix(again, "read 60, stored 0, already there 60") {
			t.Errorf("the later rows do not stand: %s", again)
		}
	}
	database := hunt(t)
	twice := "participant,site,o_income" + missingItems + "\ns002,s1,5" + missingCells + "\n S002 ,s1,5" + missingCells + "\n"
	if got := takeIn(t, database, writeFile(t, "twice.csv", twice), "--enrol"); got.code != exitDone || got.stdout != "read 2, stored 1, already there 1, rejected 0\n" {
		t.Errorf("the same twice: %+v", got)
	}
}

// The other items of the study, and a cell for each.
const (
	missingItems = ",o_weight,o_small,o_big,o_multi,o_half,o_neg,o_day,o_short,o_long,o_yes,o_rate,o_vas"
	missingCells = ",,,,,,,,,,,,"
)

// onlyCapitals returns a file without the rows whose number begins with a small letter.
func onlyCapitals(t *testing.T, path string) string {
	t.Helper()
	var kept strings.Builder
	for line := range strings.Lines(readFile(t, path)) {
		if !strings.HasPrefix(line, "rc-") {
			kept.WriteString(line)
		}
	}
	return writeFile(t, "capitals.csv", kept.String())
}

func TestIngestRefusesWhatIdentifies(t *testing.T) {
	database := hunt(t)
	file := caseFile(t, "lost-leading-zero.csv")
	for _, flag := range []string{"--enrol", "--correct"} {
		got := takeIn(t, database, file, flag)
		if got.code != exitUsage || !strings.HasPrefix(got.stdout, "read 2, stored 0, already there 0, rejected 2") || !strings.Contains(got.stderr, "line 2: ten digits look like") ||
			!strings.Contains(got.stderr, "line 3: nine digits look like a CHI number that has lost its first 0") || strings.Contains(got.stderr, "203450") {
			t.Errorf("%s: %+v", flag, got)
		}
	}
}

func TestIngestRefusesALanguageOffTheList(t *testing.T) {
	database := hunt(t)
	for language, want := range map[string]string{"en": "stored 1", "EN-GB": "stored 1", "klingon": "rejected 1"} {
		row := "participant,site,language,o_income" + missingItems + "\nP1-" + language + ",s1," + language + ",5" + missingCells + "\n"
		got := takeIn(t, database, writeFile(t, "language.csv", row), "--enrol")
		if !strings.Contains(got.stdout, want) || language == "klingon" && !strings.Contains(got.stderr, "line 2, column language: “klingon” is not a language of this questionnaire: write en-GB") {
			t.Errorf("%s: %+v", language, got)
		}
	}
}

// So is a helper, a place, a mode and an aid, in whichever way a file says it.
func TestIngestRefusesWhatIsOnNoList(t *testing.T) {
	database := hunt(t)
	header, cells := "participant,site,o_income"+missingItems, ",s1,5"+missingCells
	plain := writeFile(t, "plain.csv", header+"\nP1"+cells+"\n")
	for _, fact := range []string{"helper", "place", "language", "mode", "aids"} {
		for file, flag := range map[string]string{
			writeFile(t, "column.csv", fact+","+header+"\nproxie,P1"+cells+"\n"):                                                 "",
			writeFile(t, "objects.ndjson", `{"participant":"P1","site":"s1","`+fact+`":"proxie","answers":{"o_income":5}}`+"\n"): "",
			plain: "--set=" + fact + "=proxie",
		} {
			flags := []string{"--enrol"}
			if flag != "" {
				flags = append(flags, flag)
			}
			if got := takeIn(t, database, file, flags...); got.code != exitUsage || strings.Contains(got.stdout, "stored 1") || !strings.Contains(got.stderr, "“proxie” is ") || !strings.Contains(got.stderr, fact) {
				t.Errorf("%s of %s %s: %+v", fact, filepath.Base(file), flag, got)
			}
		}
	}
}

func TestRatesOnePersonTwice(t *testing.T) {
	if got := wellwave(t, "", "", "rates", caseFile(t, "one-person-twice.csv")); got.code != exitUsage || !strings.Contains(got.stderr, "participant “P1” stands here for wave “nine” again; the first time is on line 2") ||
		!strings.Contains(got.stderr, ":5:2: arm: “usual ” is “usual” on line 4 but for blanks or capitals") || !strings.Contains(got.stderr, ":6:2: arm: “Usual” is “usual” on line 4") {
		t.Errorf("%+v", got)
	}
	tests := []struct{ rows, want string }{
		{"1,usual,B,nine,complete\n2,usual ,B,nine,refusal\n", "line 3, column 2 (arm): “usual ” is “usual” on line 2 but for blanks or capitals"},
		{"1,usual,B,nine,complete\n2,usual,b,nine,refusal\n", "line 3, column 3 (site): “b” is “B” on line 2"},
		{"p1,usual,B,nine,complete\nP1,links,B,ten,refusal\n", "line 3, column 2 (arm): participant “P1” is in arm “usual” on line 2 and in arm “links” here"},
	}
	for _, tt := range tests {
		if got := wellwave(t, "", dispositionsHeader+tt.rows, "rates"); got.code != exitUsage || !strings.Contains(got.stderr, tt.want) {
			t.Errorf("%q: %+v, want %q", tt.rows, got, tt.want)
		}
	}
}

// 007 and 7 are two people to the program, and may be one to whoever wrote the file.
func TestIngestWarnsOfNumbersAlike(t *testing.T) {
	database := hunt(t)
	row := func(number string) string { return number + ",s1,5" + missingCells + "\n" }
	header := "participant,site,o_income" + missingItems + "\n"
	if got := takeIn(t, database, writeFile(t, "a.csv", header+row("7")+row("8")+row("08")), "--enrol"); !strings.Contains(got.stderr, "line 4: participant 08 is not participant 8; are they one person") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("in one file: %+v", got)
	}
	if got := takeIn(t, database, writeFile(t, "b.csv", header+row("007")+row("10")), "--enrol"); got.code != exitDone || !strings.Contains(got.stderr, "line 2: participant 007 is not participant 7; are they one person") {
		t.Errorf("in two files: %+v", got)
	}
}

// A baseline typed wrong is questioned or refused at once, and a corrected one moves what counts from it.
func TestIngestCorrectedBaseline(t *testing.T) {
	database := hunt(t)
	today := time.Now().In(london(t))
	file := func(days ...string) string {
		content := "participant,site,completed_at,o_income" + missingItems + "\n"
		for i, day := range days {
			content += fmt.Sprintf("BD-%d,s1,%s,%d%s\n", i+1, day, i+1, missingCells)
		}
		return writeFile(t, "baseline.csv", content)
	}
	day := func(ago int) string { return today.AddDate(0, 0, -ago).Format(time.DateOnly) }
	got := takeIn(t, database, file(day(0), day(365), "1970-01-01", "1969-05-05", day(-1), day(900), day(0), day(0), day(0), day(0), day(0), day(0), day(0), day(0)), "--enrol") // ten are the fewest that the team may be given
	if got.code != exitUsage || got.stdout != "read 14, stored 10, already there 0, rejected 4\n" {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{
		"line 3: the baseline of participant BD-2 was given on " + day(365) + ", 365 days ago. Is the day right?",
		"line 4: these answers say that they were given on 1 January 1970, more than two years before this person was enrolled; if the study began so early, its file says when: starts: 1970-01-01",
		"line 5: these answers say that they were given on 5 May 1969, more than two years",
		"line 6: these answers say that they were given on", ", which has not come yet",
		"line 7: these answers say",
	} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("standard error lacks %q:\n%s", want, got.stderr)
		}
	}
	if got := takeIn(t, database, file(day(0), day(1)), "--correct"); got.code != exitDone || !strings.HasPrefix(got.stdout, "read 2, stored 1, already there 1") {
		t.Errorf("%+v", got)
	}
	moved := must(t, database, "", "study", "dates", "hunt")
	want := []string{"BD-2", "s1", day(365), day(1), "later", today.AddDate(0, 0, -335).Format(time.DateOnly), today.AddDate(0, 0, 29).Format(time.DateOnly), today.AddDate(0, 0, 71).Format(time.DateOnly)}
	if fields := strings.Fields(moved[strings.Index(moved, "\n")+1:]); !slices.Equal(fields, want) {
		t.Errorf("study dates: %q, want %q", fields, want)
	}
	for income, row := range people(t, database) {
		if row["day"] != "0" {
			t.Errorf("person %s answered on day %s, want 0", income, row["day"])
		}
	}
	must(t, database, "", "doctor")
}

func london(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Nobody is enrolled by a file without consent: of a column, or declared for all of them.
func TestIngestConsent(t *testing.T) {
	database := hunt(t)
	header, row := "participant,site,o_income"+missingItems, ",s1,5"+missingCells
	run := func(file string, flags ...string) result {
		return wellwave(t, database, "", append([]string{"ingest", "--study", "hunt", "--wave", "base", "--enrol", file}, flags...)...)
	}
	plain := writeFile(t, "plain.csv", header+"\nP1"+row+"\n")
	refused := run(plain)
	flag := regexp.MustCompile(`--consent-declared "([^"]+)"`).FindStringSubmatch(refused.stderr)
	if refused.code != exitUsage || refused.stdout != "" || flag == nil || !strings.Contains(refused.stderr, "a column consented_on") {
		t.Fatalf("without consent: %+v", refused)
	}
	for _, text := range []string{"", "version 1", "1; 2024-01-15; forms", "2024-01-15; forms; me", "version 2; 2024-01-15; forms; me", "version 1; 2999-01-15; forms; me", "version 1; 2024-02-31; forms; me"} {
		if got := run(plain, "--consent-declared", text); got.code != exitUsage || got.stdout != "" {
			t.Errorf("%q: %+v, want exit 2", text, got)
		}
	}
	if got := run(plain, "--consent-declared", flag[1]); got.code != exitDone {
		t.Errorf("what the sentence shows: %+v", got)
	}
	for i, text := range []string{"1, 2024-01-15, paper forms, Dr Jones", "version=1; day=2024-01-15; basis=paper forms; by=Dr Jones", "v1 on 2024-01-15; paper forms, in the safe; declared by Dr Jones"} {
		if got := run(writeFile(t, "more.csv", header+fmt.Sprintf("\nQ%d", i)+row+"\n"), "--consent-declared", text); got.code != exitDone {
			t.Errorf("%q: %+v", text, got)
		}
	}
	column := writeFile(t, "column.csv", "consented_on,consent_version,"+header+"\n2024-01-15,1,P2"+row+"\n,1,P3"+row+"\n2024-01-15,7,P4"+row+"\n2024-01-15,,P5"+row+"\n")
	if got := run(column); got.stdout != "read 4, stored 2, already there 0, rejected 2\n" || !strings.Contains(got.stderr, "line 3: the row does not say when this person agreed") ||
		!strings.Contains(got.stderr, "line 4: the consent text of this study has no version “7”; it has had 1") {
		t.Errorf("by column: %+v", got)
	}
	objects := writeFile(t, "objects.ndjson", strings.Join([]string{
		`{"participant":"O1","site":"s1","consented_on":"2024-01-15","consent_version":"1","answers":{"o_income":5}}`,
		`{"participant":"O2","site":"s1","answers":{"o_income":5}}`,
		`{"participant":"O3","site":"s1","consented_on":"15 January","answers":{"o_income":5}}`,
		`{"participant":"O4","site":"s1","consented_on":"2999-01-15","answers":{"o_income":5}}`, ""}, "\n"))
	if got := run(objects); got.stdout != "read 4, stored 1, already there 0, rejected 3\n" || !strings.Contains(got.stderr, "line 2: the row does not say when this person agreed") ||
		!strings.Contains(got.stderr, "line 3, column consented_on") {
		t.Errorf("by a part of each object: %+v", got)
	}
	if got := run(objects+".rejected.csv", "--consent-declared", agreed); got.stdout != "read 3, stored 1, already there 0, rejected 2\n" {
		t.Errorf("declared for those that do not say: %+v", got)
	}
	if got := run(writeFile(t, "two.csv", header+"\nR1"+row+"\nR2"+row+"\n"), "--consent-declared", agreed); got.code != exitDone {
		t.Errorf("two more: %+v", got)
	}
	folder := filepath.Join(t.TempDir(), "release")
	must(t, database, "", "export", "--study", "hunt", "--profile", "team", "--out", folder)
	if manifest := readFile(t, folder, "manifest.json"); !strings.Contains(manifest, "The consent of 10 people in this release was declared by the study team") {
		t.Errorf("the manifest does not say how many: %s", manifest)
	}
}
