package main

import (
	"errors"
	"io"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/monitor"
)

type ratesCommand struct {
	File string   `arg:"" optional:"" type:"existingfile" help:"A CSV table with a header; without it, standard input."`
	ICC  *float64 `name:"icc" placeholder:"RHO" help:"Add intervals with effective numbers of people, for this intracluster correlation of responding, from 0 to 1."`
	JSON bool     `name:"json" help:"Print JSON with full precision."`
}

// Help shows an example.
func (*ratesCommand) Help() string {
	return `The columns of the table are participant, arm, site, wave and disposition; others are not looked at. A disposition is complete, partial, break-off, refusal, non-contact, other-eligible, unknown-eligibility, ineligible, pending or not-yet-due. A participant may stand there once for each wave.

The rates are those of the AAPOR Standard Definitions, 10th edition, 2023, for specifically named persons: a break-off counts with refusals, and e is the share of the eligible among all whose eligibility is known. Everything comes twice: for windows that have closed, without those who are pending, and so far, with pending counted as not contacted. Who is not yet due is in neither. Retention is complete and partial of everybody enrolled; only the ineligible are not in it.

Intervals are 95 %: Wilson's, and Newcombe's for differences between arms, first minus second as they come in the file. With --icc there are others beside them for which people are divided by the design effect 1 + ((cv² + 1)m − 1)ρ of the sites' sizes, of mean m and coefficient of variation cv. A row of several waves counts a person once for each.

Examples:
  wellwave rates dispositions.csv
  wellwave rates dispositions.csv --icc 0.02 --json`
}

// Run works out the rates of the table.
func (c *ratesCommand) Run(a *app) error {
	if c.ICC != nil && !(*c.ICC >= 0 && *c.ICC <= 1) {
		return surveys.Errorf(surveys.Invalid, "--icc must be from 0 to 1")
	}
	table, done, err := a.openTable(c.File)
	if err != nil {
		return err
	}
	defer done()
	counts, err := readDispositions(a, table)
	if err != nil {
		return err
	}
	icc := 0.0
	if c.ICC != nil {
		icc = *c.ICC
	}
	p := ratesPrinter{report: counts.Report(icc), icc: c.ICC}
	if c.JSON {
		return writeJSON(a.stdout, p.json())
	}
	return p.print(a.stdout)
}

// The columns of a table of dispositions.
var dispositionColumns = []string{"participant", "arm", "site", "wave", "disposition"}

// readDispositions counts the rows of a table.
func readDispositions(a *app, table *csvtable.Reader) (*monitor.RateCounts, error) {
	if err := table.Need(dispositionColumns...); err != nil {
		return nil, err
	}
	r := dispositionReader{counts: new(monitor.RateCounts), lines: make(map[string]map[string]int), arms: make(map[string]placed), spelt: make(map[string]placed)}
	for i := range r.same {
		r.same[i] = make(map[string]string)
	}
	var others []string
	for _, name := range table.Header() {
		others = append(others, csvtable.Excerpt(name))
	}
	for i, name := range dispositionColumns {
		r.columns[i], _ = table.Column(name) // it is there, says Need
		others = without(others, name)
	}
	if len(others) > 0 {
		a.note("Not looked at: %s.", strings.Join(others, ", "))
	}
	var faults []error // all that is to be mended is said at once
	for len(faults) < mostFaults {
		if err := a.ctx.Err(); err != nil {
			return nil, err
		}
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.read(row)
		}
		var place *csvtable.Error
		switch {
		case errors.As(err, &place):
			faults = append(faults, err)
		case err != nil:
			return nil, err
		}
	}
	return r.counts, errors.Join(faults...)
}

// mostFaults is after how many a table is not read on.
const mostFaults = 20

func without(words []string, word string) []string {
	var others []string
	for _, w := range words {
		if w != word {
			others = append(others, w)
		}
	}
	return others
}

// dispositionReader counts one row after the other.
type dispositionReader struct {
	columns [5]int // where the dispositionColumns stand
	counts  *monitor.RateCounts
	lines   map[string]map[string]int // wave → study number → line
	arms    map[string]placed         // study number → arm
	same    [5]map[string]string      // by column: what stands in a cell → one copy of the word that it is
	spelt   map[string]placed         // column and word in small letters → how it is spelt
}

// placed is a word and the line on which it stood first.
type placed struct {
	word string
	line int
}

// read counts a row, or returns a *csvtable.Error that says what is wrong with it.
func (r *dispositionReader) read(row *csvtable.Row) error {
	var words [len(dispositionReader{}.columns)]string
	for i, column := range r.columns {
		raw := row.Bytes(column)
		if word, ok := r.same[i][string(raw)]; ok {
			words[i] = word
			continue
		}
		cell := csvtable.Trim(raw)
		if len(cell) == 0 {
			return row.Errorf(column, "the cell is empty%s", r.choices(i))
		}
		if i == 0 {
			words[i] = surveys.StudyNumber(string(cell))
			continue
		}
		words[i] = string(cell)
		if err := r.checkSpelling(row, i, words[i]); err != nil {
			return err
		}
		r.same[i][string(row.Bytes(column))] = words[i]
	}
	participant, group := words[0], monitor.RateGroup{Arm: words[1], Site: words[2], Wave: words[3]}
	disposition, ok := surveys.ParseDisposition(words[4])
	if !ok {
		return row.Errorf(r.columns[4], "“%s” is not a disposition%s", csvtable.Excerpt(words[4]), r.choices(4))
	}
	lines := r.lines[group.Wave]
	if lines == nil {
		lines = make(map[string]int)
		r.lines[group.Wave] = lines
	}
	if line, twice := lines[participant]; twice {
		return row.Errorf(r.columns[0], "participant “%s” stands here for wave “%s” again; the first time is on line %d",
			csvtable.Excerpt(participant), csvtable.Excerpt(group.Wave), line)
	}
	lines[participant] = row.Line
	if before, ok := r.arms[participant]; !ok {
		r.arms[participant] = placed{group.Arm, row.Line}
	} else if before.word != group.Arm {
		return row.Errorf(r.columns[1], "participant “%s” is in arm “%s” on line %d and in arm “%s” here", csvtable.Excerpt(participant),
			csvtable.Excerpt(before.word), before.line, csvtable.Excerpt(group.Arm))
	}
	r.counts.Add(group, disposition)
	return nil
}

// checkSpelling refuses an arm, a site or a wave that is another's but for blanks around it or for capitals: nobody means two
// by that, and each would be counted by itself.
func (r *dispositionReader) checkSpelling(row *csvtable.Row, i int, word string) error {
	if dispositionColumns[i] == "disposition" {
		return nil
	}
	raw := row.Bytes(r.columns[i])
	key := dispositionColumns[i] + " " + strings.ToLower(word)
	first, ok := r.spelt[key]
	if !ok {
		r.spelt[key] = placed{string(raw), row.Line}
		return nil
	}
	if first.word == string(raw) {
		return nil
	}
	return row.Errorf(r.columns[i], "“%s” is “%s” on line %d but for blanks or capitals; write it the same everywhere", csvtable.Excerpt(string(raw)),
		csvtable.Excerpt(first.word), first.line)
}

// choices says what may stand in the column of dispositions.
func (r *dispositionReader) choices(column int) string {
	if dispositionColumns[column] != "disposition" {
		return ""
	}
	return "; the dispositions are " + strings.Join(surveys.Listed(surveys.Dispositions()), ", ")
}
