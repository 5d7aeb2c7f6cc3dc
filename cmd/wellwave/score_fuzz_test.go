package main

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/library"
)

// FuzzScore wants of every table all rows, with the cells that are passed through as they were, or nothing and a reason.
// It scores without the goroutines of scoreBlocks, whose coverage differs from run to run and would lead the fuzzer astray.
func FuzzScore(f *testing.F) {
	for _, seed := range []string{"id," + gad7Header + "\n1,0,1,2,3,0,1,2\n2,,,,1,x,4,\n", "\ufeff" + gad7Header + ",note\r\n1, 1,\"1\",1e0,,,,\"a\n\"\"b\"\"\"\r\n", gad7Header + "\n,,,,,,\n", "\ufeff\ufeffid," + gad7Header + "\n"} {
		f.Add(seed)
	}
	instrument, err := library.Find("gad7")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, table string) {
		patient, bad, err := scoreAtOnce(table, instrument, true)
		if strict, _, fault := scoreAtOnce(table, instrument, false); (fault == nil) != (err == nil && bad == 0) || fault == nil && strict != patient {
			t.Errorf("%q, %v, and with --keep-going %q, %v and %d bad rows", strict, fault, patient, err, bad)
		}
		if err != nil {
			return
		}
		if got, want := passedCells(patient), passedCells(table); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

// scoreAtOnce scores a table with one worker.
func scoreAtOnce(content string, instrument *surveys.Instrument, keepGoing bool) (out string, bad int, err error) {
	table, err := csvtable.NewReader(strings.NewReader(content), "")
	if err != nil {
		return "", 0, err
	}
	p := planner{table: table, instrument: instrument, note: func(string, ...any) {}}
	plan, err := p.plan(true)
	if err != nil {
		return "", 0, err
	}
	w := &scoreWorker{plan: plan, keepGoing: keepGoing, answers: make([]scoring.Answer, plan.width), written: make(map[float64]string)}
	out = string(plan.header(table))
	for s := new(scored); ; out += string(s.out) {
		if err := table.NextBlock(&s.block); errors.Is(err, io.EOF) {
			return out, bad, nil
		} else if err != nil {
			return "", 0, err
		}
		if w.score(s); s.err != nil {
			return "", 0, s.err
		}
		bad += s.bad
	}
}

// passedCells returns the cells of each row, the header's first, that are neither answers to GAD-7 nor its scores.
func passedCells(content string) (rows []string) {
	table, err := csvtable.NewReader(strings.NewReader(content), "")
	if err != nil {
		return nil
	}
	own := append(strings.Split(gad7Header, ","), columnNames("gad7", true)...)
	cells := func(text func(int) string) (row string) {
		for i, name := range table.Header() {
			if !slices.Contains(own, name) {
				row += strconv.Quote(text(i))
			}
		}
		return row
	}
	// A second mark is part of the first name, and would be the mark of a table that begins with that name.
	rows = append(rows, cells(func(i int) string { return strings.TrimPrefix(table.Header()[i], "\ufeff") }))
	for {
		row, err := table.Next()
		if err != nil {
			return rows
		}
		rows = append(rows, cells(row.Text))
	}
}
