package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

// traits loads and opens the study of personality items and returns its database.
func traits(t *testing.T) string {
	t.Helper()
	database := newDatabase(t)
	must(t, database, "", "study", "load", filepath.Join("testdata", "bfi", "study.yaml"))
	must(t, database, "", "study", "open", "traits", "--yes")
	return database
}

// items are the columns of the personality items.
func items() []string {
	var codes []string
	for _, factor := range "ACENO" {
		for i := 1; i <= 5; i++ {
			codes = append(codes, fmt.Sprintf("%c%d", factor, i))
		}
	}
	return codes
}

// line returns a row of a file: participant, site and the same answer to every item.
func line(participant, site, answer string) string {
	return participant + "," + site + strings.Repeat(","+answer, 25) + "\n"
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestIngestCSV(t *testing.T) {
	database := traits(t)
	header := "participant,site," + strings.Join(items(), ",") + "\n"
	// A byte order mark, line ends of Windows and quotes are how spreadsheets write.
	file := writeFile(t, "answers.csv", "\ufeff"+strings.ReplaceAll(header+line("P1", "s1", "3")+line(`"P2"`, "s1", `"4"`), "\n", "\r\n"))
	ingest := func(file string, flags ...string) result {
		return wellwave(t, database, "", append([]string{"ingest", "--study", "traits", "--wave", "once", file}, withConsent(flags)...)...)
	}
	if got := ingest(file); got.code != exitUsage || !strings.Contains(got.stdout, "read 2, stored 0, already there 0, rejected 2") ||
		!strings.Contains(got.stderr, "line 2: the study has no participant P1; --enrol would enrol them") {
		t.Errorf("unknown participants: %+v", got)
	}
	if got := ingest(file, "--enrol"); got.code != exitDone || got.stdout != "read 2, stored 2, already there 0, rejected 0\n" || got.stderr != "" {
		t.Errorf("first time: %+v", got)
	}
	if got := ingest(file); got.code != exitDone || got.stdout != "read 2, stored 0, already there 2, rejected 0\n" {
		t.Errorf("second time: %+v", got)
	}

	bad := writeFile(t, "bad.csv", header+
		line("P1", "s1", "3")+ // line 2: there already
		line("P2", "s1", "5")+ // line 3: changed
		line("P3", "s1", "7")+ // line 4: no such option
		"P4,s1,1,2,3\n"+ // line 5: too few fields
		line("P5", "s9", "1")+ // line 6: no such site
		line("P6", "s1", "\xff")+ // line 7: not UTF-8
		line("", "s1", "2")+ // line 8: nobody
		line("P8", "s1", "two")+ // line 9: not a number
		line("P9", "s1", "")+ // line 10: no answer at all
		"\"P10\"x,s1\n"+ // line 11: a quotation mark where none may be
		line("P11", "s1", "6"))
	got := ingest(bad, "--enrol")
	if got.code != exitUsage || got.stdout != "read 11, stored 1, already there 1, rejected 9\n" {
		t.Errorf("bad rows: %+v", got)
	}
	for _, want := range []string{
		"line 3: this participant has already answered this wave in another way; --correct",
		"line 4, column A1: “7” is not an answer to this question. The answers are 1 to 6.",
		"line 5: the row has 5 cells and the header has 27",
		"line 6: the study has no site \"s9\"",
		"line 7, column A1: the text is not in UTF-8",
		"line 8, column participant: nobody is named here",
		"line 9, column A1: “two” is not a number.",
		"line 10: there is no answer in this row",
		"line 11, column participant: the cell goes on behind its closing quotation mark",
	} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("standard error lacks %q:\n%s", want, got.stderr)
		}
	}
	rejected := readCSV(t, bad+".rejected.csv")
	if len(rejected) != 10 || !slices.Equal(rejected[0][:5], []string{"reason", "line", "column", "participant", "site"}) {
		t.Fatalf("rejected rows: %v", rejected)
	}
	if row := rejected[2]; row[1] != "4" || row[2] != "A1" || row[3] != "P3" || row[5] != "7" {
		t.Errorf("rejected row %v", row)
	}
	changed := writeFile(t, "changed.csv", header+line("P2", "s1", "5"))
	for _, want := range []string{"stored 1, already there 0", "stored 0, already there 1"} {
		if got := ingest(changed, "--correct"); got.code != exitDone || !strings.Contains(got.stdout, want) {
			t.Errorf("corrected: %+v, want %s", got, want)
		}
	}
	must(t, database, "", "doctor")
}

// Somebody whose only row was refused is no participant: they would be counted as lost from then on.
func TestIngestEnrolsWithAnswersOnly(t *testing.T) {
	database := traits(t)
	file := writeFile(t, "future.csv", "participant,site,completed_at,"+strings.Join(items(), ",")+"\n"+
		"P1,s1,2999-01-01"+strings.Repeat(",3", 25)+"\n"+"P2,s1,"+strings.Repeat(",3", 25)+"\n")
	ingest := func(flags ...string) result {
		return wellwave(t, database, "", append([]string{"ingest", "--study", "traits", "--wave", "once", file}, withConsent(flags)...)...)
	}
	if got := ingest("--enrol"); got.stdout != "read 2, stored 1, already there 0, rejected 1\n" || !strings.Contains(got.stderr, "line 2: these answers say that they were given on 1 January 2999") {
		t.Errorf("first: %+v", got)
	}
	if got := ingest(); got.stdout != "read 2, stored 0, already there 1, rejected 1\n" || !strings.Contains(got.stderr, "line 2: the study has no participant P1") {
		t.Errorf("a rejected row enrolled its participant: %+v", got)
	}
}

// The files of rejected rows are read like what they came from, once they are mended.
func TestIngestRejectedRows(t *testing.T) {
	tests := []struct{ name, content, wrong, right string }{
		{"a.csv", "participant,site," + strings.Join(items(), ",") + "\n" + line("P1", "s1", "3") + "P2,s1,9" + strings.Repeat(",3", 24) + "\nP3,=1+1,1\n",
			"P2,s1,9", "P2,s1,2"},
		{"a.ndjson", `{"participant":"P1","site":"s1","answers":{"A1":3}}` + "\n" + `{"participant":"P2","site":"s1","answers":{"A1":9}}` + "\n{}\n",
			`""A1"":9`, `""A1"":2`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			database := traits(t)
			file := writeFile(t, tt.name, tt.content)
			ingest := func(file, want string) {
				t.Helper()
				got := wellwave(t, database, "", "ingest", "--study", "traits", "--wave", "once", "--enrol", "--consent-declared", agreed, file)
				if !strings.HasPrefix(got.stdout, want) {
					t.Fatalf("%+v, want %s", got, want)
				}
			}
			ingest(file, "read 3, stored 1, already there 0, rejected 2")
			ingest(file+".rejected.csv", "read 2, stored 0, already there 0, rejected 2")
			again := file + ".rejected.csv.rejected.csv"
			content, err := os.ReadFile(again)
			if err != nil {
				t.Fatal(err)
			}
			if formula := strings.Contains(tt.content, "=1+1"); formula != strings.Contains(string(content), ",'=1+1,") {
				t.Errorf("a formula of a rejected row stands live, or behind two apostrophes:\n%s", content)
			}
			mended := strings.Replace(string(content), tt.wrong, tt.right, 1)
			if strings.Count(mended, "reason") != 1 || mended == string(content) {
				t.Fatalf("the rejected rows are written as\n%s", content)
			}
			ingest(writeFile(t, "mended.csv", mended), "read 2, stored 1, already there 0, rejected 1")
		})
	}
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader := csv.NewReader(file)
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestIngestHeaders(t *testing.T) {
	database := traits(t)
	all := strings.Join(items(), ",")
	tests := []struct {
		name, header string
		flags        []string
		want         string
	}{
		{"empty file", "", nil, "the table is empty: its first line must name the columns"},
		{"no participant", "row," + all, nil, "line 1, column 1: “row” is no column that this wave knows."},
		{"no participant at all", all, nil, "there is no column participant; if another column numbers the people, say --column participant=NAME"},
		{"unknown column", "particpant," + all, nil, "Did you mean “participant”?"},
		{"lost column", "participant," + strings.Replace(all, "C3,", "", 1), nil, "the file has other items of bfi25 but no column C3"},
		{"no answers", "participant,site", nil, "no column holds answers"},
		{"column twice", "participant,A1," + all, nil, "line 1, column 3 (A1): two columns have this name; the first is column 2"},
		{"wrong --column", "participant," + all, []string{"--column", "participant=row"}, "there is no column “row”, which --column participant=row speaks of"},
		{"wrong --set", "participant," + all, []string{"--set", "A1=3"}, "--set A1: only site, arm"},
		{"set and column", "participant,site," + all, []string{"--set", "site=s1"}, "“site” is both a column and given with --set"},
		{"a workbook", "PK\x03\x04xl/", nil, "this is an Excel workbook (.xlsx), not a CSV table"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := tt.header
			if header != "" {
				header += "\n"
			}
			got := wellwave(t, database, "", append([]string{"ingest", "--study", "traits", "--wave", "once", writeFile(t, "a.csv", header)}, tt.flags...)...)
			if got.code != exitUsage || !strings.Contains(got.stderr, tt.want) || got.stdout != "" {
				t.Errorf("%+v, want exit 2 with %q", got, tt.want)
			}
			for line := range strings.Lines(got.stderr) {
				if strings.Contains(line, "line 1") && !strings.Contains(line, "a.csv: line 1") {
					t.Errorf("%q does not name the file", line)
				}
			}
		})
	}
}

func TestIngestNDJSON(t *testing.T) {
	database := traits(t)
	file := writeFile(t, "answers.ndjson", `{"participant": "P1", "answers": {"A1": 3, "A2": {"missing": "skipped"}}}
{"participant": "P2", "mode": "paper", "completed_at": "`+"2026-01-05"+`", "answers": {"A1": 7}}

{"participant": "P3", "answer": {"A1": 3}}
`)
	got := wellwave(t, database, "", "ingest", "--study", "traits", "--wave", "once", "--enrol", "--consent-declared", agreed, "--set", "site=s1", file)
	if got.code != exitUsage || got.stdout != "read 3, stored 1, already there 0, rejected 2\n" {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{"line 2, column A1: “7” is not an answer", "line 4: “answer” is no part of a submission"} {
		if !strings.Contains(got.stderr, want) {
			t.Errorf("standard error lacks %q:\n%s", want, got.stderr)
		}
	}
}

// TestIngestRealFile takes the answers of 2,800 people in and holds the scores that come out against means that are
// worked out here, straight from the file: of the answered items of each factor, those keyed in reverse as 7 − x.
func TestIngestRealFile(t *testing.T) {
	path := os.Getenv("WELLWAVE_BFI")
	if path == "" {
		path = filepath.Join("..", "..", "..", "shared", "data", "real", "bfi.csv")
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the file is not here: %v; WELLWAVE_BFI names it", err)
	}
	file := writeFile(t, "bfi.csv", string(source))
	database := traits(t)
	args := []string{"ingest", "--study", "traits", "--wave", "once", "--column", "participant=row", "--set", "site=s1",
		"--ignore", "gender,education,age", "--enrol", "--consent-declared", agreed, file}
	if got, want := must(t, database, "", args...), "read 2800, stored 2800, already there 0, rejected 0\n"; got != want {
		t.Errorf("first run: %q, want %q", got, want)
	}
	if got, want := must(t, database, "", args...), "read 2800, stored 0, already there 2800, rejected 0\n"; got != want {
		t.Errorf("second run: %q, want %q", got, want)
	}
	must(t, database, "", "doctor")

	folder := filepath.Join(t.TempDir(), "release")
	must(t, database, "", "export", "--study", "traits", "--profile", "team", "--out", folder)
	got, want := scoredRows(t, readCSV(t, filepath.Join(folder, "once_bfi25.csv")), true), scoredRows(t, readCSV(t, file), false)
	if len(got) != 2800 {
		t.Fatalf("%d people came out, want 2800", len(got))
	}
	// Ids are new in a release, so the rows are compared as a whole, in one order of our own.
	slices.Sort(got)
	slices.Sort(want)
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("row %d came out as\n%s, want\n%s", i+1, got[i], want[i])
		}
	}
}

// scoredRows returns each person's answers and factor means as one text: the means as they stand in the table, or
// worked out from the answers.
func scoredRows(t *testing.T, table [][]string, stored bool) []string {
	t.Helper()
	reversed := []string{"A1", "C4", "C5", "E1", "E2", "O2", "O5"}
	rows := make([]string, 0, len(table)-1)
	for _, row := range table[1:] {
		cell := func(name string) string { return row[slices.Index(table[0], name)] }
		var text strings.Builder
		for _, factor := range "ACENO" {
			sum, n := 0.0, 0
			for i := 1; i <= 5; i++ {
				code := fmt.Sprintf("%c%d", factor, i)
				text.WriteString(cell(code) + ",")
				if cell(code) == "" {
					continue
				}
				x, err := strconv.ParseFloat(cell(code), 64)
				if err != nil {
					t.Fatal(err)
				}
				if slices.Contains(reversed, code) {
					x = 7 - x
				}
				sum, n = sum+x, n+1
			}
			mean := ""
			switch {
			case stored:
				mean = cell("bfi_" + strings.ToLower(string(factor)))
			case n > 0:
				mean = strconv.FormatFloat(sum/float64(n), 'g', -1, 64)
			}
			if mean != "" {
				value, err := strconv.ParseFloat(mean, 64)
				if err != nil {
					t.Fatal(err)
				}
				mean = strconv.FormatFloat(value, 'f', 9, 64)
			}
			text.WriteString(mean + ";")
		}
		rows = append(rows, text.String())
	}
	return rows
}

// TestIngestOpenQuote wants a mark that is never closed to cost no row but its own, and a line that never ends to be told,
// rather than read into memory.
func TestIngestOpenQuote(t *testing.T) {
	database := traits(t)
	header := "participant,site," + strings.Join(items(), ",") + "\n"
	file := writeFile(t, "open.csv", header+line("P1", "s1", "3")+"\""+line("P2", "s1", "3")+line("P3", "s1", "3")+"P4,"+strings.Repeat("s1,3", 1<<20))
	got := wellwave(t, database, "", "ingest", "--study", "traits", "--wave", "once", "--enrol", "--consent-declared", agreed, file)
	if got.code != exitUsage || got.stdout != "read 3, stored 2, already there 0, rejected 1\n" ||
		!strings.Contains(got.stderr, "line 3, column participant: the quotation mark that begins this cell stays open") ||
		!strings.Contains(got.stderr, "line 5: the row that begins here is longer than 1 MB") {
		t.Errorf("%+v", got)
	}
}

// Who works at the command line stands in the audit trail, with what they did, as whoever works on a page does.
func TestCommandsNameWhoGaveThem(t *testing.T) {
	database := traits(t)
	header := "participant,site," + strings.Join(items(), ",") + "\n"
	ingest := func(answer string, flags ...string) {
		t.Helper()
		file := writeFile(t, "answers.csv", header+line("P1", "s1", answer))
		must(t, database, "", append([]string{"ingest", "--study", "traits", "--wave", "once", file}, flags...)...)
	}
	ingest("3", withConsent([]string{"--enrol"})...)
	ingest("4", "--correct", "--reason", "typed")
	s, err := store.Open(t.Context(), store.Options{DSN: database})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }() // it was only read
	entries, err := s.ListAudit(t.Context(), "traits", "", 100)
	if err != nil {
		t.Fatal(err)
	}
	user := surveys.CommandAuthor(operator())
	actions := make(map[string]string)
	for _, e := range entries {
		actions[e.Action] = e.Detail
		if e.From != user || e.By != "" {
			t.Errorf("%s is by %q and %+v, want %+v", e.Action, e.By, e.From, user)
		}
	}
	for _, want := range []string{"study.load", "study.live", "enrolment.create"} {
		if _, ok := actions[want]; !ok {
			t.Errorf("the trail has no %s: %v", want, actions)
		}
	}
	if got, want := actions["response.correct"], "once: 25 replaced, 0 cleared; typed"; got != want {
		t.Errorf("the correction left %q, want %q", got, want)
	}
}
