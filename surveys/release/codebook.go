package release

import (
	"strings"
	"unicode"

	"wellwave/surveys"
)

// codebookHeaders are the columns of codebook.csv.
var codebookHeaders = []string{"file", "column", "class", "type", "label", "values", "recoding", "n", "missing", "counts", "scoring", "source", "citation", "licence"}

// cells are those of codebook.csv but for the first.
func (v *variable) cells(rules string) []string {
	return []string{v.name, v.class.String(), v.typeName(), v.label, v.values, v.recoding, v.n, v.missing, v.held, v.scoring(rules), v.source(), v.citation(), v.licence()}
}

// codebookCSV describes every column of every table. A spreadsheet would run its texts: they stand behind an apostrophe in either
// edition, because somebody opens a codebook in one anyway.
func (d *description) codebookCSV() ([]byte, error) {
	b := appendHeaders(nil, codebookHeaders, d.plan.Excel)
	for _, t := range d.describeTables() {
		for i := range t.variables {
			b = append(b, t.name...)
			for _, cell := range t.variables[i].cells(d.plan.Rule) {
				b = appendCell(append(b, ','), cell, true)
			}
			b = append(b, '\n')
		}
	}
	return b, nil
}

// values says what may stand in the column.
func (c *Column) values() string {
	switch {
	case len(c.Labels) > 0:
		return strings.Join(c.bands(), "; ")
	case len(c.Options) > 0:
		return listed(c.Options)
	case c.Type == Boolean:
		return listed(yesOrNo)
	case c.Type == Number && c.Min < c.Max:
		return string(appendNumber(nil, c.Min)) + " to " + string(appendNumber(nil, c.Max))
	default:
		return ""
	}
}

// bands lists the bands that a value can lie in.
func (c *Column) bands() []string {
	if c.Min >= c.Bands[0] && c.Min < c.Max {
		return c.Labels[1:] // nothing lies below the first bound
	}
	return c.Labels
}

// listed says what codes mean.
func listed(options []Option) string {
	list := make([]string, len(options))
	for i, o := range options {
		list[i] = o.Code
		if label := clean(o.Label); label != "" && label != o.Code {
			list[i] += " = " + label
		}
	}
	return strings.Join(list, "; ")
}

// recoding says what was done to the values.
func (c *Column) recoding() string {
	switch {
	case len(c.Bands) > 0:
		return "put into bands"
	case c.Type == Days:
		return "date replaced by days since the person's baseline"
	}
	var done []string
	if c.Bottom != nil {
		done = append(done, "smaller values stand as "+surveys.FormatNumber(*c.Bottom))
	}
	if c.Top != nil {
		done = append(done, "larger values stand as "+surveys.FormatNumber(*c.Top))
	}
	for _, g := range c.Groups {
		done = append(done, g.Label+" stands for "+strings.Join(g.Codes, ", "))
	}
	return strings.Join(done, "; ")
}

// clean makes a text one line, and drops the characters that turn the direction of what follows: in a codebook they
// could make one code look like another.
func clean(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return -1
		case unicode.IsControl(r):
			return ' '
		default:
			return r
		}
	}, s)), " ")
}

func join(waves []surveys.WaveID) string {
	words := make([]string, len(waves))
	for i, id := range waves {
		words[i] = string(id)
	}
	return strings.Join(words, ", ")
}
