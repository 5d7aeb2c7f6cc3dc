package bulk

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"wellwave/surveys"
	"wellwave/surveys/csvtable"
)

// everyKind returns a questionnaire with an item of each kind that files write in ways of their own.
func everyKind(t testing.TB) *surveys.Questionnaire {
	t.Helper()
	instrument, err := surveys.ParseInstrument("x.yaml", []byte(`
id: x
version: "1"
title: X
citation: "none"
licence: {wording: own}
items:
  - {code: a, kind: single, options: [0, 1, 2, 3]}
  - {code: b, kind: single, options: [1, 2, 3, 4, 5]}
  - {code: race, kind: multiple, options: [-9, 1, 2]}
  - {code: half, kind: multiple, options: [1, 1.5, 5]}
  - {code: yes, kind: yes-no}
  - {code: day, kind: date}
  - {code: kg, kind: decimal, min: 0, max: 300}
  - {code: note, kind: short-text, max_length: 60}
`))
	if err != nil {
		t.Fatal(err)
	}
	q, err := surveys.NewQuestionnaire("s", "w", []*surveys.Instrument{instrument}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

const allItems = "a,b,race,half,yes,day,kg,note"

// answers reads a file of one row and returns its answers as a codebook would write them, in the order of the file.
func answers(t *testing.T, content string, o Options) (string, []string, error) {
	t.Helper()
	rows, err := NewCSV(strings.NewReader(content), everyKind(t), time.UTC, o)
	if err != nil {
		return "", nil, err
	}
	row, err := rows.Next()
	if err != nil {
		return "", rows.Notes(), err
	}
	var said []string
	for _, answer := range row.Answers {
		said = append(said, answer.Code+"="+answer.Value.String())
	}
	return strings.Join(said, "; "), rows.Notes(), nil
}

func TestCells(t *testing.T) {
	comma := Options{Cells: surveys.CellForm{Comma: true}}
	missing := Options{Cells: surveys.CellForm{Missing: []string{"NA", "-99", "3"}}}
	tests := []struct {
		name, row string
		options   Options
		want      string // the answers, or what is wrong
	}{
		{"plain", "1,2,1 2,1.5,1,2026-03-31,72.5,x", Options{}, "a=1; b=2; race=1 2; half=1.5; yes=1; day=2026-03-31; kg=72.5; note=x"},
		{"of programs", "1.0,2e0,1|2,1;1.5,TRUE,2026-03-31 00:00:00,7.25e+01,x", Options{}, "a=1; b=2; race=1 2; half=1 1.5; yes=1; day=2026-03-31; kg=72.5; note=x"},
		{"of people", ` 1 ,2,"-9, 1",1 5,No,2026-3-1,,"x"`, Options{}, "a=1; b=2; race=-9 1; half=1 5; yes=0; day=2026-03-01; note=x; kg="},
		{"decimal comma", `1,2,"1,2",1,n,31/3/2026,"72,5",x`, comma, "a=1; b=2; race=1 2; half=1; yes=0; day=2026-03-31; kg=72.5; note=x"},
		{"decimal comma among choices", `1,2,1,"1,5",n,31.3.2026,"72.5",x`, comma, "a=1; b=2; race=1; half=1.5; yes=0; day=2026-03-31; kg=72.5; note=x"},
		{"a point that may part thousands", `1,2,1,1,n,,1.234,x`, comma, "line 2, column kg: “1.234” is not a number."},
		{"no decimal comma", `1,2,1,1,n,,"72,5",x`, Options{}, "line 2, column kg: “72,5” is not a number. If commas stand before decimals in the whole file, say so with --decimal ,"},
		{"a comma among choices that may be one number", `1,2,1,"1,5",n,,,x`, Options{}, "line 2, column half: “1,5” is not a number. If commas"},
		{"day first without saying so", `1,2,1,1,n,03/02/2026,,x`, Options{}, "line 2, column day: “03/02/2026” is not a day. Write it as 2026-03-31."},
		{"a time that is not midnight", `1,2,1,1,n,2026-03-31 10:00,,x`, Options{}, "line 2, column day: “2026-03-31 10:00” is not a day."},
		{"missing", "NA,-99.0,-99,NA,NA,NA, -99 ,NA", missing, "line 2: there is no answer in this row"},
		{"missing that are answers", "3,3,1,NA,NA,NA,3,3", missing, "a=3; b=3; race=1; kg=3; half=; yes=; day=; note="},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := answers(t, "participant,"+allItems+"\nP1,"+tt.row+"\n", tt.options)
			if err != nil {
				got = err.Error()
			}
			if got != tt.want && (err == nil || !strings.HasPrefix(got, tt.want)) {
				t.Errorf("%s\nwant\n%s", got, tt.want)
			}
		})
	}
	if _, notes, err := answers(t, "participant,"+allItems+"\nP1,1,1,1,1,1,,,\n", missing); err != nil || !slices.Equal(notes, []string{"3 is an answer to a, b, kg and is read as one there, not as missing."}) {
		t.Errorf("notes %q, %v", notes, err)
	}
}

// The choices of one question may have a column each, as REDCap exports them.
func TestCheckboxColumns(t *testing.T) {
	const header = "participant,a,b,race___1,race___2,race____9,half,yes,day,kg,note\n"
	tests := []struct{ header, row, want string }{
		{header, "P1,1,1,1,0,1,,,,,", "a=1; b=1; race=-9 1; half=; yes=; day=; kg=; note="},
		{header, "P1,1,1,FALSE,Checked,,,,,,", "a=1; b=1; race=2; half=; yes=; day=; kg=; note="},
		{header, "P1,1,1,0,0,0,,,,,", "a=1; b=1; half=; yes=; day=; kg=; note=; race="},
		{header, "P1,1,1,2,0,0,,,,,", "line 2, column race___1: “2” does not say whether this was ticked. Write 1 or 0."},
		{strings.Replace(header, "race___2,", "", 1), "", "line 1: the file has other choices of race but no column race___2"},
		{strings.Replace(header, "race___2", "race", 1), "", "line 1: race has a column of its own and one for each choice\nline 1: the file has other choices"},
		{strings.Replace(header, "race___2", "race___3", 1), "", "line 1, column 5: “race___3” is no column that this wave knows."},
	}
	for _, tt := range tests {
		got, _, err := answers(t, tt.header+tt.row+"\n", Options{})
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s%s: %s, want %s", tt.header, tt.row, got, tt.want)
		}
	}
}

// Other people's names of columns are told by a table, and so is what a column of states stands for.
func TestMap(t *testing.T) {
	read := func(content string) (map[string]string, error) { return ReadMap(strings.NewReader(content), "map.csv") }
	names, err := read("item,column,note\nparticipant,ID,\na b,state,two digits\nrace,RACE,\n,sex,\nhalf,H,\nyes,Y,\nday,D,\nkg,KG,\nnote,N,\na,elsewhere,\n")
	if err != nil {
		t.Fatal(err)
	}
	const header = "ID;state;RACE;sex;H;Y;D;KG;N\n"
	tests := []struct{ row, want string }{
		{"P1;25;1 2;m;;;;;", "a=2; b=5; race=1 2; half=; yes=; day=; kg=; note="},
		{"P1;25.0;1 2;m;;;;;", "a=2; b=5; race=1 2; half=; yes=; day=; kg=; note="},
		{"P1;;1;m;;;;;", "race=1; a=; b=; half=; yes=; day=; kg=; note="},
		{"P1;245;1;m;;;;;", "line 2, column state: “245” is no state: it has 2 digits, one for each of a, b"},
		{"P1;26;1;m;;;;;", "line 2, column state: digit 2 (b): “6” is not an answer to this question."},
	}
	for _, tt := range tests {
		got, notes, err := answers(t, header+tt.row+"\n", Options{Map: names})
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, tt.want) || !slices.Contains(notes, "The file has no column “elsewhere” of the map.") {
			t.Errorf("%s: %s with %q, want %s", tt.row, got, notes, tt.want)
		}
	}
	if got, _, err := answers(t, "participant,x\nP1,25\n", Options{Map: map[string]string{"x": "x"}}); err == nil || !strings.Contains(err.Error(), "but no column race, half, day") {
		t.Errorf("an instrument: %s, %v, want its other items to be missing", got, err)
	}
	for content, want := range map[string]string{
		"column,code\n":           "map.csv:1:1: there is no column item",
		"column,item\nx,a\nx,b\n": "map.csv:3:1: column: the column “x” stands here twice",
	} {
		if _, err := read(content); err == nil || err.Error() != want {
			t.Errorf("ReadMap(%q) = %v, want %s", content, err, want)
		}
	}
}

// FuzzRows wants every row of a file to be read or refused, and either way with its cells: no letter and no digit of it is lost.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{"P1,1,2,1 2,1.5,1,2026-03-31,72.5,x\nP2,9,,,,,,,\n,,,,,,,,\n", "P1,1,2,\"1,2,1,1,,,\nP2,1,1,1,1,1,,,\"x\"y\n", "P1,1\r\n\"P2\n\",1,1,1,1,1,,,\xff\n"} {
		f.Add(seed)
	}
	q := everyKind(f)
	f.Fuzz(func(t *testing.T, body string) {
		rows, err := NewCSV(strings.NewReader("participant,"+allItems+"\n"+body), q, time.UTC, Options{})
		var fault *csvtable.Error
		if errors.As(err, &fault) || surveys.KindOf(err) == surveys.Invalid { // what is in the body made the header another
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		left := letters(nil, body)
		for {
			row, err := rows.Next()
			var wrong *RowError
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil && !errors.As(err, &wrong) {
				return // a row of more than 1 MB
			}
			if wrong != nil && wrong.Reason == "" || len(row.Raw) == 0 {
				t.Fatalf("line %d: %v with cells %q", row.Line, err, row.Raw)
			}
			for _, cell := range row.Raw {
				for r, n := range letters(nil, cell) {
					left[r] -= n
				}
			}
		}
		for r, n := range left {
			if n != 0 {
				t.Fatalf("%q is lost or added %d times in %q", r, n, body)
			}
		}
	})
}

func letters(n map[rune]int, text string) map[rune]int {
	if n == nil {
		n = make(map[rune]int)
	}
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n[r]++
		}
	}
	return n
}
