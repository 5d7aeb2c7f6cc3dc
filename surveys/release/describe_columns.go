package release

import (
	"slices"
	"strings"

	"wellwave/surveys"
)

// variable is one column of one table as the documents describe it.
type variable struct {
	name     string
	class    surveys.Class
	kind     kind
	label    string
	options  []Option // what the cells may hold, of codes and bands
	column   *Column  // where the values come from; nil for id and wave
	part     part
	values   string // that may stand there
	recoding string
	shown
	cited *Cited // of answers and scores
}

// kind says what a program makes of a column.
type kind uint8

const (
	asText   kind = iota // ids, sets of codes and words without a list
	asNumber             // as it is
	asCoded              // a number that stands for one of the options
	asWord               // one of the options, as a word
	asBand               // one of the options, which have an order
)

// describedTable is a table of a release with its columns.
type describedTable struct {
	*table
	variables []variable // with the id
}

// describeTables describes every column of every table.
func (d *description) describeTables() []describedTable {
	var list []describedTable
	for _, t := range d.plan.tables() {
		one := describedTable{&t, []variable{{name: idColumn, class: surveys.ClassPseudonym, label: "Id of the person in this release",
			values: "32 hexadecimal digits", recoding: "new in this release, equal across its files"}}}
		if t.long {
			one.variables = append(one.variables, d.plan.waveVariable())
		}
		for _, c := range t.columns {
			one.variables = append(one.variables, d.variable(&t, c))
		}
		list = append(list, one)
	}
	return list
}

func (p *Plan) waveVariable() variable {
	v := variable{name: waveColumn, class: surveys.ClassParadata, kind: asWord, label: "Wave"}
	for i := range p.Files {
		v.options = append(v.options, Option{string(p.Files[i].Wave), clean(p.Files[i].Title)})
	}
	v.values = listed(v.options)
	return v
}

// variable describes one column of a table.
func (d *description) variable(t *table, of tableColumn) variable {
	c := d.plan.column(of.of)
	v := variable{name: of.name, class: c.Class, label: clean(c.Label), column: c, part: of.of.part, values: c.values(), recoding: c.recoding()}
	switch v.part {
	case answered:
		v.kind, v.label, v.values = asNumber, "Items of "+c.Name+" that were answered", ""
	case prorated:
		v.kind, v.label, v.options = asCoded, "Whether the mean of the answered items of "+c.Name+" stands for the others", yesOrNo
		v.values = listed(yesOrNo)
	default:
		v.kind, v.options = c.read()
	}
	if at := slices.IndexFunc(d.plan.Cited, func(i Cited) bool { return i.Instrument == c.Instrument }); at >= 0 {
		v.cited = &d.plan.Cited[at]
	}
	if !t.long { // there a column is of several waves, each of which has its own counts
		v.shown = d.made.counts.of(of.of, c.Class)
		if t.wave == everybody && v.others != "" {
			v.missing = strings.TrimPrefix(v.missing+"; "+d.plan.noAnswers()+" (nothing in the wave): "+v.others, "; ")
		}
	} else if c.Wave != "" {
		v.label = clean(strings.Replace(c.Label, d.plan.title(c.Wave), "the wave", 1))
	}
	return v
}

// title is that of a wave.
func (p *Plan) title(wave surveys.WaveID) string {
	return p.Files[slices.IndexFunc(p.Files, func(f File) bool { return f.Wave == wave })].Title
}

var yesOrNo = []Option{{"1", "yes"}, {"0", "no"}}

// read says what a program makes of the column's values, and which they are.
func (c *Column) read() (kind, []Option) {
	switch {
	case c.Type == Banded:
		var list []Option
		for _, label := range c.bands() {
			list = append(list, Option{label, label})
		}
		return asBand, list
	case c.Type == Boolean:
		return asCoded, yesOrNo
	case c.Type == Number || c.Type == Days:
		return asNumber, nil
	case c.Type == Set || len(c.Options) == 0:
		return asText, nil
	}
	list := slices.Clone(c.Options)
	for i := range list {
		list[i].Label = clean(list[i].Label)
	}
	if c.From == FromItem {
		return asCoded, list
	}
	return asWord, list
}

// scoring says how a score was made.
func (v *variable) scoring(rules string) string {
	if v.column == nil || v.column.Rule == "" {
		return ""
	}
	return v.column.Rule + ", version " + rules + " of the scoring rules"
}

func (v *variable) source() string {
	if v.column == nil {
		return ""
	}
	return clean(v.column.Source)
}

// citation names the instrument as a publication cites it.
func (v *variable) citation() string {
	switch {
	case v.cited == nil:
		return ""
	case v.cited.DOI == "":
		return clean(v.cited.Citation)
	default:
		return clean(v.cited.Citation + " https://doi.org/" + v.cited.DOI)
	}
}

func (v *variable) licence() string {
	if v.cited == nil {
		return ""
	}
	return clean(v.cited.Licence)
}

// typeName is the word for how cells are read.
func (v *variable) typeName() string {
	switch {
	case v.column == nil && v.kind == asText:
		return "text"
	case v.column == nil:
		return Code.String()
	case v.part == answered:
		return Number.String()
	case v.part == prorated:
		return Boolean.String()
	default:
		return v.column.Type.String()
	}
}
