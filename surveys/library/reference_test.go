package library

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"wellwave/scoring"
	"wellwave/surveys"
)

// readTable reads a CSV file of testdata whose first line says how it was made.
func readTable(t *testing.T, name string) (header []string, rows [][]string) {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	reader := csv.NewReader(file)
	reader.Comment = '#'
	if rows, err = reader.ReadAll(); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return rows[0], rows[1:]
}

func readNumber(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return v
}

// Every state in every value set. Expected values: valuesets.R, by R 4.2.2; its crosswalk agrees in all 3,125 states with
// crosswalk_uk.csv, which Python made with exact fractions.
func TestEveryStateOfEveryValueSet(t *testing.T) {
	for _, tt := range []struct {
		instrument surveys.InstrumentID
		file       string
		states     int
	}{{"eq5d5l", "valuesets_5l.csv", 3125}, {"eq5d3l", "valuesets_3l.csv", 243}} {
		header, rows := readTable(t, tt.file)
		if len(rows) != tt.states {
			t.Errorf("%s has %d states, want %d", tt.file, len(rows), tt.states)
		}
		for column, id := range header[1:] {
			_, scale := find(t, tt.instrument, surveys.ScaleID(id))
			for _, row := range rows {
				want := readNumber(t, row[column+1])
				if got := scale.Score(eq5dState(row[0])); !got.Valid || math.Abs(got.Value-want) > 1e-12 {
					t.Errorf("%s of %s = %+v, want %v", id, row[0], got, want)
				}
			}
		}
	}
}

// Random people with missing answers. Expected values: instruments.R, by R 4.2.2, which works the published rules out by
// itself. Every scored instrument but EQ-5D, which has tests of its own, is in the table with every scale.
func TestRandomPeople(t *testing.T) {
	_, rows := readTable(t, "instruments.csv")
	compared := make(map[string]int)
	for _, row := range rows {
		instrument, err := Find(surveys.InstrumentID(row[0]))
		if err != nil {
			t.Fatal(err)
		}
		answers := readAnswers(t, instrument, row[1])
		for _, pair := range strings.Fields(row[2]) {
			id, text, _ := strings.Cut(pair, "=")
			_, scale := find(t, instrument.ID, surveys.ScaleID(id))
			compared[id]++
			got := scale.Score(answers)
			if got.Valid != (text != "") {
				t.Errorf("%s of %s = %+v, want “%s”", id, row[1], got, text)
			} else if got.Valid && math.Abs(got.Value-readNumber(t, text)) > 1e-9 {
				t.Errorf("%s of %s = %v, want %s", id, row[1], got.Value, text)
			}
		}
	}
	instruments, err := List()
	if err != nil {
		t.Fatal(err)
	}
	for _, instrument := range instruments {
		for _, scale := range instrument.Scales {
			elsewhere := strings.HasPrefix(string(instrument.ID), "eq5d") || instrument.ID == "wellbeing" // see TestEveryAdditiveScale
			if compared[scale.ID()] == 0 && !elsewhere {
				t.Errorf("%s has no expected values in instruments.csv", scale.ID())
			}
		}
	}
}

func readAnswers(t *testing.T, instrument *surveys.Instrument, text string) []scoring.Answer {
	t.Helper()
	given := make(map[string]scoring.Answer)
	for _, pair := range strings.Fields(text) {
		code, value, _ := strings.Cut(pair, "=")
		if _, ok := instrument.Item(code); !ok {
			t.Fatalf("%s has no item %s", instrument.ID, code)
		}
		given[code] = scoring.Answer{Value: readNumber(t, value), Given: true}
	}
	answers := make([]scoring.Answer, len(instrument.Items))
	for i, item := range instrument.Items {
		answers[i] = given[item.Code]
	}
	return answers
}

// A team sets the key of an instrument by changing its file: one word more reverses a statement, and the factors are lists.
func TestPCSafeQuestIsConfigured(t *testing.T) {
	source, _, err := Source("pcsafequest")
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(source), "\nexamples:")
	for old, changed := range map[string]string{
		`version: "1"`: `version: "1-ours"`,
		"{code: pcsq_4, kind: likert, option_set: levels,":           "{code: pcsq_4, kind: likert, option_set: levels, reverse: true,",
		"items: [pcsq_1, pcsq_2, pcsq_3, pcsq_4, pcsq_5, pcsq_6]":    "items: [pcsq_1, pcsq_4, pcsq_12]",
		"items: [pcsq_7, pcsq_8, pcsq_9, pcsq_10, pcsq_11, pcsq_12]": "items: [pcsq_2, pcsq_3, pcsq_5, pcsq_6, pcsq_7, pcsq_8, pcsq_9, pcsq_10, pcsq_11]",
	} {
		if strings.Count(text, old) != 1 {
			t.Fatalf("the file has %d of %q, want 1", strings.Count(text, old), old)
		}
		text = strings.Replace(text, old, changed, 1)
	}
	instrument, err := surveys.ParseInstrument("pcsafequest.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	scale, _ := instrument.Scale("pcsq_workload")
	answers := readAnswers(t, instrument, "pcsq_1=6 pcsq_4=7 pcsq_12=2")
	if got := scale.Score(answers); !got.Valid || got.Value != 3 { // (6 + (8 − 7) + 2) ÷ 3
		t.Errorf("Score = %+v, want 3", got)
	}
}
