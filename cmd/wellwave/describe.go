package main

import (
	"errors"
	"io"
	"slices"

	"wellwave/scoring"
	"wellwave/surveys/csvtable"
)

type describeCommand struct {
	answerTable
	Group string `placeholder:"COLUMN" help:"The column that says which group a person belongs to, such as the practice."`
	JSON  bool   `name:"json" help:"Print JSON with twelve significant digits."`
}

// Help shows an example.
func (*describeCommand) Help() string {
	return `The columns of the answers have the codes of the items for names, as for the command score. A value that is not an option of its item ends the work with exit code 2.

` + answersHelp + `

Of each item: how many answered and did not, and of the answers as they were given the mean, the standard deviation and the shares at the lowest and the highest answer.

Of each scale, for those who answered all its items (n): the mean and standard deviation of the score; Cronbach's alpha with Feldt's interval; omega total of one factor by maximum likelihood, (Σλ)² / ((Σλ)² + Σθ), for standardised items and, as omega raw, for the items as they are; and the correlation of each item with the sum of the others. These are after reversing. Of a scale that is no sum, mean or count of items there is only the score. Those who are scored with a missing answer are counted apart.

With --group, of the same people's scores by one-way analysis of variance: ICC(1) at the mean group size, with its F interval, and at n0, and ICC(2); and r_wg(j) of each group, against answers spread evenly over the options. All intervals are 95 %.

Examples:
  wellwave describe --instrument phq8 answers.csv
  wellwave describe --file bfi25.yaml --group education --json answers.csv`
}

// Run describes the answers.
func (c *describeCommand) Run(a *app) error {
	p, done, err := c.open(a)
	if err != nil {
		return err
	}
	defer done()
	d, err := newDescription(p, c.Group)
	if err != nil {
		return err
	}
	if err := d.read(a, p.table); err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(a.stdout, d.json())
	}
	return d.print(a.stdout)
}

// newDescription finds the columns. As for scores, an item of a described scale that has no column is an error, because
// a misspelt name must not become a missing answer.
func newDescription(p *planner, group string) (*description, error) {
	table, instrument := p.table, p.instrument
	d := &description{answers: make([]scoring.Answer, len(instrument.Items)), group: -1}
	if group != "" {
		if err := table.Need(group); err != nil {
			return nil, err
		}
		d.group, _ = table.Column(group) // it is there, says Need
	}
	scales, err := p.present()
	if err != nil && len(instrument.Scales) > 0 {
		return nil, err
	}
	needed := make(map[int]bool)
	for _, scale := range scales {
		for _, i := range scale.Items() {
			needed[i] = true
		}
		d.scales = append(d.scales, newScaleDescription(scale, instrument))
	}
	var codes []string
	for i := range instrument.Items {
		code := instrument.Items[i].Code
		if needed[i] {
			codes = append(codes, code)
		}
		if column, ok := table.Column(code); ok {
			d.items = append(d.items, itemDescription{column: p.answers(column, i)})
		}
	}
	slices.Sort(codes)
	if err := table.Need(codes...); err != nil {
		return nil, err
	}
	if err := p.lookAlikes(nil); err != nil {
		return nil, err
	}
	if d.items == nil {
		return nil, err // present's, which says so
	}
	columns := make([]answerColumn, 0, len(d.items))
	for i := range d.items {
		columns = append(columns, d.items[i].column)
	}
	p.noteAnswers(columns)
	return d, nil
}

// read describes all rows.
func (d *description) read(a *app, table *csvtable.Reader) error {
	const often = 1 << 14 // rows
	shown := a.progress("described")
	defer shown.end()
	for rows := 0; ; rows++ {
		if rows%often == 0 {
			if err := a.ctx.Err(); err != nil {
				return err
			}
			shown.at(rows, 0)
		}
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := d.add(row); err != nil {
			return err
		}
	}
}
