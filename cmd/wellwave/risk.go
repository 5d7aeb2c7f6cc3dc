package main

import (
	"errors"
	"io"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/csvtable"
	"wellwave/surveys/risk"
)

type riskCommand struct {
	File       string   `arg:"" optional:"" type:"existingfile" help:"A CSV table with a header; without it, standard input."`
	Keys       []string `required:"" placeholder:"COLUMN,…" help:"What somebody may know about a person, such as age_band,sex,site."`
	Sensitive  []string `placeholder:"COLUMN,…" help:"What must not be found out about them."`
	AllSubsets bool     `help:"Measure every subset of the keys, at most twelve."`
	JSON       bool     `name:"json" help:"Print JSON with full precision."`
}

// Help shows an example.
func (*riskCommand) Help() string {
	return `Rows that agree in all keys are a class. A cell counts as it is written, without the spaces around it, and an empty one is a value like others.

Of the classes: how many there are, the rows of the smallest one (k), the rows that are alone in theirs (sample uniques), and those in classes of fewer than 3, 5 and 10. The prosecutor risk of a row is one divided by the size of its class: that of the worst row, and the mean of all.

Of each sensitive column, in the class where it is hidden worst: in how many values the rows differ (distinct l-diversity), e to the power of the Shannon entropy (entropy l-diversity), and half the sum of absolute differences between the shares in the class and in the whole table (t-closeness).

The numbers are of the table as a sample; how many people outside it share the keys is not estimated.

Examples:
  wellwave risk --keys age_band,sex,site participants.csv
  wellwave risk --keys age_band,sex,site --sensitive diagnosis --all-subsets --json participants.csv`
}

// Run measures the risk of the table.
func (c *riskCommand) Run(a *app) error {
	if err := c.check(); err != nil {
		return err
	}
	table, done, err := a.openTable(c.File)
	if err != nil {
		return err
	}
	defer done()
	read, err := c.read(a, table)
	if err != nil {
		return err
	}
	p := riskPrinter{names: slices.Concat(c.Keys, c.Sensitive), sensitive: c.Sensitive}
	keys, sensitive := p.columns(0, len(c.Keys)), p.columns(len(c.Keys), len(p.names))
	if !c.AllSubsets {
		r := read.Measure(keys, sensitive)
		if c.JSON {
			return writeJSON(a.stdout, p.json(r))
		}
		return p.print(a.stdout, r)
	}
	shown := a.progress("measured subsets of keys")
	subsets, err := read.MeasureSubsets(keys, sensitive, func(n int) error {
		shown.at(n, 1<<len(keys)-1)
		return a.ctx.Err()
	})
	shown.end()
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(a.stdout, p.subsetsJSON(subsets))
	}
	return p.printSubsets(a.stdout, subsets)
}

// check refuses columns that are named twice, and more keys than have countable subsets.
func (c *riskCommand) check() error {
	seen := make(map[string]bool)
	for _, name := range slices.Concat(c.Keys, c.Sensitive) {
		if seen[name] {
			return surveys.Errorf(surveys.Invalid, "the column %s is named twice; a key is known, so that it cannot be what must not be found out", csvtable.Excerpt(name))
		}
		seen[name] = true
	}
	if c.AllSubsets && len(c.Keys) > risk.MaxKeys {
		return surveys.Errorf(surveys.Invalid, "--all-subsets takes at most %d keys, and there are %d", risk.MaxKeys, len(c.Keys))
	}
	return nil
}

// read returns the keys and then the sensitive columns.
func (c *riskCommand) read(a *app, table *csvtable.Reader) (*risk.Table, error) {
	names := slices.Concat(c.Keys, c.Sensitive)
	if err := table.Need(names...); err != nil {
		return nil, err
	}
	columns := make([]int, len(names))
	for i, name := range names {
		columns[i], _ = table.Column(name) // it is there, says Need
	}
	const often = 1 << 16 // rows
	read := risk.NewTable(len(names))
	shown := a.progress("read")
	defer shown.end()
	for {
		if read.Rows()%often == 0 {
			if err := a.ctx.Err(); err != nil {
				return nil, err
			}
			shown.at(read.Rows(), 0)
		}
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if read.Rows() == risk.MaxRows {
			return nil, row.Errorf(columns[0], "the table has more than %d rows", risk.MaxRows)
		}
		read.Add(func(i int) []byte { return csvtable.Trim(row.Bytes(columns[i])) })
	}
	if read.Rows() == 0 {
		return nil, &csvtable.Error{File: table.File(), Line: 1, Reason: "the table has no rows, of which nobody can be told apart"}
	}
	return read, nil
}

// riskPrinter shows risks to people and to programs.
type riskPrinter struct {
	names     []string // of the columns of the table
	sensitive []string
}

// columns returns the numbers of columns from one up to another.
func (riskPrinter) columns(from, to int) []int {
	var columns []int
	for i := from; i < to; i++ {
		columns = append(columns, i)
	}
	return columns
}

// named returns the names of columns.
func (p riskPrinter) named(columns []int) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = p.names[column]
	}
	return names
}

func (p riskPrinter) together(columns []int) string { return strings.Join(p.named(columns), ", ") }
