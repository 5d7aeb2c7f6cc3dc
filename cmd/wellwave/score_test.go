package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"wellwave/surveys"
	"wellwave/surveys/library"
)

// score runs the command on a table.
func score(t *testing.T, table string, flags ...string) result {
	t.Helper()
	return wellwave(t, "sqlite:/nonexistent/none.db", table, append([]string{"score"}, flags...)...)
}

// gad7Header are the columns of GAD-7, which has seven items from 0 to 3 and no rule as elaborate as to get in the way.
const gad7Header = "gad7_1,gad7_2,gad7_3,gad7_4,gad7_5,gad7_6,gad7_7"

func TestScore(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"header only", "id," + gad7Header + "\n", "id,gad7\n"},
		{"no line feed", gad7Header, "gad7\n"},
		{"a row", gad7Header + "\n0,1,2,3,0,1,2\n", "gad7\n9\n"},
		{"columns in any order", "gad7_7,b,gad7_1,gad7_2,a,gad7_3,gad7_4,gad7_5,gad7_6\n3,x,0,0,y,0,0,0,1\n", "b,a,gad7\nx,y,4\n"},
		{"ways to write a number", gad7Header + ",id\n1.0, 1,\"1\",+1,01,1e0,\"1 \",x\n", "id,gad7\nx,7\n"},
		// Person-mean: 6 answered items of 2 and one missing are 12 × 7 ÷ 6 = 14.
		{"one missing", gad7Header + "\n2,2,2,,2,2,2\n", "gad7\n14\n"},
		// 1 + 2 + 2 + 2 + 2 = 9 over 5 items, 9 × 7 ÷ 5 = 12.6.
		{"two missing", gad7Header + ",id\n1,2,,2,2,2,\"\",a\n", "id,gad7\na,12.6\n"},
		{"too many missing", gad7Header + ",id\n1,2,,2,2,,,a\n,,,,,,,b\n", "id,gad7\na,\nb,\n"},
		{"a score that is the whole line", gad7Header + "\n1,2,,2,2,,\n", "gad7\n\"\"\n"},
		{"mark and Windows", "\ufeffid," + gad7Header + "\r\n1,1,1,1,1,1,1,1\r\n2,,,,,,,\r\n", "id,gad7\n1,7\n2,\n"},
		{"cells as they are", "\"i,d\"," + gad7Header + ",note\n\"a\"\"b\r\nc\",1,1,1,1,1,1,1, 😀 \n\"x\",0,0,0,0,0,0,0,=1+1\n",
			"\"i,d\",note,gad7\n\"a\"\"b\r\nc\", 😀 ,7\n\"x\",=1+1,0\n"},
		{"a long cell", gad7Header + ",note\n1,1,1,1,1,1,1," + strings.Repeat("é", 10_000) + "\n", "note,gad7\n" + strings.Repeat("é", 10_000) + ",7\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := score(t, tt.give, "--instrument", "gad7"); got != (result{exitDone, tt.want, ""}) {
				t.Errorf("%+v, want %q", got, tt.want)
			}
			file := writeFile(t, "answers.csv", tt.give)
			if got := score(t, "not read", "--instrument", "gad7", file); got != (result{exitDone, tt.want, ""}) {
				t.Errorf("from a file: %+v, want %q", got, tt.want)
			}
		})
	}
}

// badRows has a wrong value on line 7 in column 3, and two on line 9, of which one is behind a line break in a cell.
const badRows = "id,gad7_1,gad7_3,gad7_2,gad7_4,gad7_5,gad7_6,gad7_7,note\n" +
	"2,0,0,0,0,0,0,0,\n3,0,0,0,0,0,0,1,\n4,0,0,0,0,0,0,2,\n5,0,0,0,0,0,0,3,\n6,0,0,0,0,0,1,3,\n" +
	"7,0,5,0,0,0,2,3,\n8,0,0,0,0,0,3,3,\n\"9\n9\",0,x,0,0,0,3,0.5,\n11,3,3,3,3,3,3,3,\n"

func TestScoreWrongValue(t *testing.T) {
	const place, reason = "line 7, column 3 (gad7_3): ", "5 is not an option; the options are 0, 1, 2, 3"
	if got, want := score(t, badRows, "--instrument", "gad7"), (result{exitUsage, "", "wellwave: " + place + reason + "\n"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	file := writeFile(t, "answers.csv", badRows)
	if got, want := score(t, "", "--instrument", "gad7", file), (result{exitUsage, "", file + ":7:3: gad7_3: " + reason + "\n"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	got := score(t, badRows, "--instrument", "gad7", "--keep-going")
	want := result{exitUsage,
		"id,note,gad7\n2,,0\n3,,1\n4,,2\n5,,3\n6,,4\n7,,\n8,,6\n\"9\n9\",,\n11,,21\n",
		place + reason + "\n" +
			"line 10, column 3 (gad7_3): “x” is not an option; the options are 0, 1, 2, 3; where there is none, the cell is empty\n" +
			"line 10, column 8 (gad7_7): 0.5 is not an option; the options are 0, 1, 2, 3\n" +
			"wellwave: 2 of 9 rows without scores because of these values\n"}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := score(t, strings.ReplaceAll(badRows, "7,0,5,", "7,0,NaN,"), "--instrument", "gad7"); !strings.Contains(got.stderr, place+"“NaN” is not an option") {
		t.Errorf("NaN: %+v", got)
	}
	if got := score(t, "gad7_1,gad7_2,gad7_3,gad7_4,gad7_5,gad7_6,gad7_7\n1,1,1,1,1,1,1\n", "--instrument", "gad7", "--keep-going"); got.code != exitDone || got.stderr != "" {
		t.Errorf("nothing wrong: %+v", got)
	}
}

func TestScoreProvenance(t *testing.T) {
	table := gad7Header + ",id\n1,1,1,1,1,1,1,a\n1,1,1,1,1,1,,b\n1,1,1,1,,,,c\n1,1,1,1,1,1,9,d\n"
	want := "id,gad7,gad7_answered,gad7_prorated,gad7_why\n" +
		"a,7,7,0,\nb,7,6,1,\n" +
		"c,,4,0,\"4 of 7 items are answered, and the score needs 5.\"\n" +
		"d,,,,\"gad7_7: 9 is not an option; the options are 0, 1, 2, 3\"\n"
	if got := score(t, table, "--instrument", "gad7", "--provenance", "--keep-going"); got.code != exitUsage || got.stdout != want {
		t.Errorf("%+v, want %s", got, want)
	}
}

// TestScoreFile scores an instrument of the user's own, with one, with some and with all of its scales.
func TestScoreFile(t *testing.T) {
	file := writeFile(t, "own.yaml", `id: own
version: "1"
title: Two scales and a comment
citation: Ours
licence: {wording: own}
option_sets: {five: [1, 2, 3, 4, 5]}
items:
  - {code: own_1, kind: likert, option_set: five}
  - {code: own_2, kind: likert, option_set: five, reverse: true}
  - {code: own_3, kind: vas}
  - {code: own_4, kind: decimal, min: -1, max: 1}
  - {code: own_5, kind: short-text, max_length: 3}
scales:
  - {id: first, title: First, rule: mean, items: [own_1, own_2], missing: {allow: 1, only: [own_1], source: ours}, direction: higher-better, source: ours}
  - {id: second, title: Second, rule: mean, items: [own_3], direction: higher-better, source: ours}
  - {id: third, title: Third, rule: sum, items: [own_4], direction: higher-better, source: ours}
  - {id: third_prorated, title: Third again, rule: sum, items: [own_4], direction: higher-better, source: ours}
`)
	const table = "own_1,own_2,own_3,own_4,own_5,id\n5,2,73,-0.25,abc,a\nNot-Applicable,1,100,1e-7,,b\n,4,,-0,,c\n"
	tests := []struct {
		name, give string
		flags      []string
		want       result
	}{
		// First: (5 + (6 − 2)) ÷ 2 = 4.5; 6 − 1 = 5 alone; 6 − 4 = 2 alone.
		{"all", table, nil, result{exitDone, "id,first,second,third,third_prorated\na,4.5,73,-0.25,-0.25\nb,5,100,0.0000001,0.0000001\nc,2,,0,0\n", ""}},
		{"some, in the order asked for", table, []string{"--scale", "third,first", "--scale", "third"}, result{exitDone, "id,third,first\na,-0.25,4.5\nb,0.0000001,5\nc,0,2\n", ""}},
		{"names that do not go together", table, []string{"--provenance", "--scale", "third,third_prorated"}, result{exitUsage, "",
			"wellwave: with --provenance two columns would be called third_prorated, one of them a scale: ask for the scales one at a time with --scale\n"}},
		{"what is not needed is not looked at", "own_3,own_1,own_5\n7,nonsense,nonsense\n", []string{"--scale", "second"}, result{exitDone, "second\n7\n", ""}},
		{"but otherwise it is", "own_3,own_5\n7,long\n", nil, result{exitUsage, "",
			"There are no columns for first, third, third_prorated, so there will be none of its scores.\nwellwave: line 2, column 2 (own_5): The text has 4 characters. The most that can be stored is 3.\n"}},
		{"a whole number", "own_3\n7.5\n", []string{"--scale", "second"}, result{exitUsage, "", "wellwave: line 2, column 1 (own_3): 7.5 is not an answer; the answer is a whole number from 0 to 100\n"}},
		{"a number", "own_4\n1.5\n", []string{"--scale", "third"}, result{exitUsage, "", "wellwave: line 2, column 1 (own_4): 1.5 is not an answer; the answer is a number from -1 to 1\n"}},
		{"applies to everybody", "own_1,own_2\n1,not-applicable\n", []string{"--scale", "first"}, result{exitUsage, "",
			"wellwave: line 2, column 2 (own_2): “not-applicable” is not an option; the options are 1, 2, 3, 4, 5; where there is none, the cell is empty\n"}},
		{"applies not to everybody", "own_1,own_2\nNA,1\n", []string{"--scale", "first"}, result{exitUsage, "",
			"wellwave: line 2, column 1 (own_1): “NA” is not an option; the options are 1, 2, 3, 4, 5; where there is none, the cell is empty or says not-applicable\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := score(t, tt.give, append([]string{"--file", file}, tt.flags...)...); got != tt.want {
				t.Errorf("%+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestScoreHeaders(t *testing.T) {
	lost := strings.Replace(gad7Header, "gad7_3,", "", 1)
	tests := []struct {
		name, give string
		flags      []string
		want       string // on standard error
	}{
		{"empty input", "", nil, "wellwave: the table is empty: its first line must name the columns\n"},
		{"lost column", "id," + lost + "\n", nil, "wellwave: line 1: there is no column gad7_3\n"},
		{"other case", "id,GAD7_3," + lost + "\n", nil, "wellwave: line 1: there is no column gad7_3 (column 2 is called “GAD7_3”)\n"},
		{"other case throughout", strings.ToUpper(gad7Header), nil, "wellwave: line 1, column 1 (GAD7_1): the item is called gad7_1, and columns are found by exactly that name\n"},
		{"nothing of it", "id,x\n1,2\n", nil, "wellwave: line 1: no column holds answers to gad7; its items are gad7_1, gad7_2, gad7_3, gad7_4, gad7_5, gad7_6, gad7_7\n"},
		{"nothing of what is wanted", "id,x\n1,2\n", []string{"--scale", "gad7"}, "wellwave: line 1: there is no column gad7_1, gad7_2, gad7_3, gad7_4, gad7_5, gad7_6, gad7_7\n"},
		{"no such scale", gad7Header, []string{"--scale", "gad2"}, "wellwave: gad7 has no scale “gad2”; its scales are gad7\n"},
		{"column twice", "gad7_1," + gad7Header, nil, "wellwave: line 1, column 2 (gad7_1): two columns have this name; the first is column 1\n"},
		{"a column like a score", "gad7," + gad7Header, nil, "wellwave: line 1, column 1 (gad7): the scores have a column of this name too; give this one another\n"},
		{"a workbook", "PK\x03\x04xl/", nil, "wellwave: this is an Excel workbook (.xlsx), not a CSV table; open it and save its sheet as “CSV UTF-8”\n"},
		{"a mark that stays open", gad7Header + ",note\n1,1,1,1,1,1,1,\"a\n2,2,2,2,2,2,2,b\n", []string{"--keep-going"}, "wellwave: line 2, column 8 (note): the quotation mark that begins this cell stays open"},
		{"short row", gad7Header + "\n1,1\n", []string{"--keep-going"}, "wellwave: line 2: the row has 2 cells and the header has 7\n"},
		{"two instruments", gad7Header, []string{"--file", "main.go"}, "--instrument and --file can't be used together"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := score(t, tt.give, append([]string{"--instrument", "gad7"}, tt.flags...)...)
			if got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("%+v, want exit 2 with %q", got, tt.want)
			}
		})
	}
	if got := score(t, "ons4_1,ons4_2,ons4_3,ons4_anxiety\n", "--instrument", "ons4"); got.code != exitUsage || !strings.Contains(got.stderr, "line 1, column 4 (ons4_anxiety): the scores have a column of this name") {
		t.Errorf("a column like a score that is left out: %+v", got)
	}
	if got := score(t, gad7Header); got.code != exitUsage || !strings.Contains(got.stderr, "--instrument") {
		t.Errorf("no instrument: %+v", got)
	}
	if got := score(t, gad7Header, "--instrument", "gad77"); got.code != exitUsage || !strings.Contains(got.stderr, "The library has no instrument “gad77”") {
		t.Errorf("unknown instrument: %+v", got)
	}
}

// TestScoreColumnOrder wants the same scores whatever the order of the columns, and all other cells as they were.
func TestScoreColumnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.Permutation(append(strings.Split(gad7Header, ","), "note", "id")).Draw(t, "columns")
		var give bytes.Buffer
		table, want := csv.NewWriter(&give), [][]string{nil}
		if err := table.Write(columns); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			row, passed, sum, missing := make([]string, len(columns)), []string(nil), 0, 0
			for i, name := range columns {
				switch answer := rapid.IntRange(-1, 3).Draw(t, name); {
				case name == "note" || name == "id":
					row[i] = rapid.String().Draw(t, name)
					passed = append(passed, row[i])
				case answer < 0:
					missing++
				default:
					row[i], sum = strconv.Itoa(answer), sum+answer
				}
			}
			score := ""
			if missing <= 2 { // Σ × items ÷ answered: the person's mean stands in for at most two answers
				score = strconv.FormatFloat(float64(sum*7)/float64(7-missing), 'f', -1, 64)
			}
			want = append(want, append(passed, score))
			if err := table.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range columns {
			if name == "note" || name == "id" {
				want[0] = append(want[0], name)
			}
		}
		want[0] = append(want[0], "gad7")
		table.Flush()
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), []string{"score", "--instrument", "gad7"}, &give, &stdout, &stderr)
		got, err := csv.NewReader(&stdout).ReadAll()
		for _, row := range want {
			for i := range row {
				row[i] = strings.ReplaceAll(row[i], "\r\n", "\n") // as encoding/csv reads it
			}
		}
		if code != exitDone || err != nil || !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("exit %d, %s: %q, %v, want %q", code, &stderr, got, err, want)
		}
	})
}

// TestScoreMisspelt wants an optional scale's column that is misspelt to be told and not to be left out.
func TestScoreMisspelt(t *testing.T) {
	const header = "eq5d5l_mo,eq5d5l_sc,eq5d5l_ua,eq5d5l_pd,eq5d5l_ad"
	if got := score(t, header+",EQ5D5L.VAS\n", "--instrument", "eq5d5l"); got.code != exitUsage || !strings.Contains(got.stderr, "line 1, column 6 (EQ5D5L.VAS): the item is called eq5d5l_vas") {
		t.Errorf("%+v", got)
	}
}

// TestScoreExamples takes the worked examples of every instrument of the library through the command: all scales at once,
// and each by itself with its provenance.
func TestScoreExamples(t *testing.T) {
	instruments, err := library.List()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, instrument := range instruments {
		if len(instrument.Scales) == 0 || len(instrument.Examples) == 0 {
			continue
		}
		t.Run(string(instrument.ID), func(t *testing.T) {
			together := scoredExamples(t, instrument)
			for _, scale := range instrument.Scales {
				id := scale.ID()
				alone := scoredExamples(t, instrument, "--provenance", "--scale", id)
				for i, example := range instrument.Examples {
					want := scale.Score(example.Answers)
					got, text := alone[i], ""
					if want.Valid {
						text = got[id]
						if value, err := strconv.ParseFloat(text, 64); err != nil || value != want.Value || strings.ContainsAny(text, "eE") {
							t.Errorf("%s: %s is %q, want %v", example.Title, id, text, want.Value)
						} else if stated, ok := example.Scores[surveys.ScaleID(id)]; ok && !(math.Abs(value-*stated) <= 5e-7) {
							t.Errorf("%s: %s is %v, and the file says %v", example.Title, id, value, *stated)
						}
					}
					prorated := map[bool]string{true: "1", false: "0"}[want.Prorated]
					if got["title"] != example.Title || got[id] != text || together[i][id] != text || got[id+"_why"] != want.Why ||
						got[id+"_answered"] != strconv.Itoa(want.Answered) || got[id+"_prorated"] != prorated {
						t.Errorf("%s: %s: %v and together with others %v, want %+v", example.Title, id, got, together[i], want)
					}
					compared++
				}
			}
		})
	}
	if compared < 50 {
		t.Errorf("%d scores were compared", compared)
	}
}

// scoredExamples returns what the command writes for each example of an instrument, by the names of the columns.
func scoredExamples(t *testing.T, instrument *surveys.Instrument, flags ...string) []map[string]string {
	t.Helper()
	got := score(t, examplesTable(instrument), append([]string{"--instrument", string(instrument.ID)}, flags...)...)
	rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
	if err != nil || got.code != exitDone || len(rows) != len(instrument.Examples)+1 {
		t.Fatalf("%+v, %v, want %d rows", got, err, len(instrument.Examples)+1)
	}
	cells := make([]map[string]string, 0, len(rows)-1)
	for _, row := range rows[1:] {
		byName := make(map[string]string, len(row))
		for i, name := range rows[0] {
			byName[name] = row[i]
		}
		cells = append(cells, byName)
	}
	return cells
}

// examplesTable writes the answers of an instrument's examples, with their titles behind.
func examplesTable(instrument *surveys.Instrument) string {
	var b strings.Builder
	for i := range instrument.Items {
		b.WriteString(instrument.Items[i].Code + ",")
	}
	b.WriteString("title\n")
	for _, example := range instrument.Examples {
		for _, answer := range example.Answers {
			if answer.Given {
				b.WriteString(strconv.FormatFloat(answer.Value, 'g', -1, 64))
			}
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\"%s\"\n", strings.ReplaceAll(example.Title, `"`, `""`))
	}
	return b.String()
}

// TestScoreLong wants rows in order and mistakes at their place when the table takes many blocks, and all of the output
// when it no longer fits in memory.
func TestScoreLong(t *testing.T) {
	const rows = 200_000
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	var give, want strings.Builder
	give.WriteString("id,note," + gad7Header + "\n")
	want.WriteString("id,note,gad7\n")
	for i := range rows {
		a, b := i%4, i/4%4
		note := "plain text that makes the output too long to be kept"
		if i%7 == 0 {
			note = "\"two\nlines, and \"\"marks\"\"\""
		}
		fmt.Fprintf(&give, "%d,%s,%d,%d,0,0,0,0,1\n", i, note, a, b)
		fmt.Fprintf(&want, "%d,%s,%d\n", i, note, a+b+1)
	}
	got := score(t, give.String(), "--instrument", "gad7")
	if got.code != exitDone || got.stderr != "" || got.stdout != want.String() {
		t.Errorf("exit %d, %s, %d bytes, want %d", got.code, got.stderr, len(got.stdout), want.Len())
	}
	line := 2 + rows + (rows+6)/7 // each seventh row has two lines
	got = score(t, give.String()+"last,,0,0,0,0,0,0,4\n", "--instrument", "gad7")
	if at := fmt.Sprintf("line %d, column 9 (gad7_7): 4 is not an option", line); got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, at) {
		t.Errorf("exit %d, %d bytes, %s; want %s", got.code, len(got.stdout), got.stderr, at)
	}
	const bad = 20_000
	all := "id," + gad7Header + "\n" + strings.Repeat("a,4,4,4,4,4,4,4\n", bad)
	if got := score(t, all, "--instrument", "gad7", "--keep-going"); got.code != exitUsage || strings.Count(got.stdout, "\na,") != bad || strings.Count(got.stderr, "\n") != 7*bad+1 {
		t.Errorf("exit %d, %d rows, %d messages", got.code, strings.Count(got.stdout, "\n"), strings.Count(got.stderr, "\n"))
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	t.Setenv("TMPDIR", filepath.Join(temporary, "nowhere"))
	if got := score(t, give.String(), "--instrument", "gad7"); got.code != exitFailed || got.stdout != "" || !strings.Contains(got.stderr, "keep the output until it is whole") {
		t.Errorf("no room: exit %d, %d bytes, %s", got.code, len(got.stdout), got.stderr)
	}
}

// TestScoreBroken wants no output if the input cannot be read to its end.
func TestScoreBroken(t *testing.T) {
	var stdout, stderr strings.Builder
	input := io.MultiReader(strings.NewReader(gad7Header+"\n"+strings.Repeat("1,1,1,1,1,1,1\n", 100_000)), iotest.ErrReader(errors.New("the disk is gone")))
	code := run(t.Context(), []string{"score", "--instrument", "gad7"}, input, &stdout, &stderr)
	if code != exitFailed || stdout.Len() > 0 || !strings.Contains(stderr.String(), "the disk is gone") {
		t.Errorf("exit %d, %d bytes, %s", code, stdout.Len(), stderr.String())
	}
}
