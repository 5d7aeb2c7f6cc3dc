package release

import (
	"slices"

	"wellwave/surveys"
)

// table is a file of a release: a choice of what is known of a person.
type table struct {
	name    string
	wave    int  // whose answers stand in a row; everybody for a table of people
	long    bool // a row a person and wave: columns look at the row's wave
	columns []tableColumn
}

// everybody is the wave of a table in which everybody has one row.
const everybody = -1

// tableColumn is a column of a table, without the id.
type tableColumn struct {
	name string
	of   cellOf
}

// cellOf says where a cell comes from.
type cellOf struct {
	file   int // people, or the wave
	column int // of the file
	part   part
}

// people is the file of what is known of everybody.
const people = -1

// part is one of the cells of a column.
type part uint8

// The parts. Scales have all of them, everything else the first.
const (
	value part = iota
	answered
	prorated
)

const (
	participantsFile = "participants.csv"
	wideFile         = "wide.csv"
	longFile         = "long.csv"
	waveColumn       = "wave"
	columnColumn     = "column" // of files of reasons
	reasonColumn     = "reason"
	proratedEnding   = surveys.ProratedEnding
)

// parts lists the names of the columns that c takes in a table, by part.
func (c *Column) parts() []string {
	if c.From == FromScale {
		return []string{c.Name, c.Name + answeredEnding, c.Name + proratedEnding}
	}
	return []string{c.Name}
}

// keyOf is a key of the release: a column of everybody or of a wave, with the name that it has among the others.
type keyOf struct {
	name   string
	column *Column
	of     cellOf
}

// keys lists the keys, those that are no answers first.
func (p *Plan) keys() []keyOf {
	var list []keyOf
	for i := range p.People {
		if p.People[i].Class == surveys.ClassKey {
			list = append(list, keyOf{p.People[i].Name, &p.People[i], cellOf{people, i, value}})
		}
	}
	asked := make(map[string]int)
	for f := range p.Files {
		for i := range p.Files[f].Columns {
			if c := &p.Files[f].Columns[i]; c.Class == surveys.ClassKey {
				list = append(list, keyOf{c.Name, c, cellOf{f, i, value}})
				asked[c.Name]++
			}
		}
	}
	for i := range list {
		if k := &list[i]; k.of.file != people && asked[k.name] > 1 {
			k.name = p.Files[k.of.file].Prefix + k.name
		}
	}
	return list
}

// ranked lists the keys in the order of importance.
func (p *Plan) ranked() []keyOf {
	keys := p.keys()
	slices.SortStableFunc(keys, func(a, b keyOf) int { return slices.Index(p.Keys, a.name) - slices.Index(p.Keys, b.name) })
	return keys
}

// tables lists the files with people in them, in the order of the manifest.
func (p *Plan) tables() []table {
	person := p.personColumns()
	list := []table{{name: participantsFile, wave: everybody, columns: person}}
	wide := table{name: wideFile, wave: everybody, columns: slices.Clone(person)}
	for f := range p.Files {
		for _, instrument := range p.Files[f].instruments() {
			t := table{name: string(p.Files[f].Wave) + "_" + instrument + ".csv", wave: f, columns: p.answerColumns(f, instrument)}
			list = append(list, t)
			for _, c := range t.columns {
				wide.columns = append(wide.columns, tableColumn{p.Files[f].Prefix + c.name, c.of})
			}
		}
	}
	return append(list, wide, p.longTable(person))
}

// personColumns are the columns of participants.csv: keys, then wave by wave what came of it and how it was answered.
func (p *Plan) personColumns() []tableColumn {
	var list []tableColumn
	for _, k := range p.ranked() {
		list = append(list, tableColumn{k.name, k.of})
	}
	for f := range p.Files {
		wave := p.Files[f].Prefix
		for i := range p.People {
			if c := &p.People[i]; c.Wave == p.Files[f].Wave {
				list = append(list, tableColumn{wave + c.Name, cellOf{people, i, value}})
			}
		}
		for i := range p.Files[f].Columns {
			if c := &p.Files[f].Columns[i]; c.Class == surveys.ClassParadata {
				list = append(list, tableColumn{wave + c.Name, cellOf{f, i, value}})
			}
		}
	}
	return list
}

// instruments lists the instruments of a wave in their order.
func (f *File) instruments() []string {
	var list []string
	for i := range f.Columns {
		if name := f.Columns[i].Instrument; name != "" && f.Columns[i].Class != surveys.ClassKey && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// answerColumns are the items and scales of an instrument in a wave.
func (p *Plan) answerColumns(f int, instrument string) []tableColumn {
	var list []tableColumn
	for i := range p.Files[f].Columns {
		c := &p.Files[f].Columns[i]
		if c.Instrument != instrument || c.Class == surveys.ClassKey {
			continue
		}
		for n, name := range c.parts() {
			list = append(list, tableColumn{name, cellOf{f, i, part(n)}})
		}
	}
	return list
}

// longTable has the columns of all waves, each once; a cell's wave is that of its row.
func (p *Plan) longTable(person []tableColumn) table {
	t := table{name: longFile, wave: everybody, long: true}
	for _, c := range person {
		if p.column(c.of).Class == surveys.ClassKey {
			t.columns = append(t.columns, c)
		}
	}
	seen := make(map[string]bool)
	add := func(name string, of cellOf) {
		if !seen[name] {
			seen[name] = true
			t.columns = append(t.columns, tableColumn{name, of})
		}
	}
	for f := range p.Files {
		for i := range p.People {
			if c := &p.People[i]; c.Wave == p.Files[f].Wave {
				add(c.Name, cellOf{people, i, value})
			}
		}
	}
	for f := range p.Files {
		for i := range p.Files[f].Columns {
			c := &p.Files[f].Columns[i]
			if c.Class == surveys.ClassKey {
				continue
			}
			for n, name := range c.parts() {
				add(name, cellOf{f, i, part(n)})
			}
		}
	}
	return t
}

// in returns where a cell of the long table is found in the row of a wave, or false where the wave has no such column.
func (p *Plan) in(wave int, of cellOf) (cellOf, bool) {
	c := p.column(of)
	switch {
	case of.file == people && c.Wave == "" || c.Class == surveys.ClassKey:
		return of, true
	case of.file == people:
		at := slices.IndexFunc(p.People, func(o Column) bool { return o.Wave == p.Files[wave].Wave && o.From == c.From })
		return cellOf{people, at, of.part}, at >= 0
	default:
		at := slices.IndexFunc(p.Files[wave].Columns, func(o Column) bool { return o.Class != surveys.ClassKey && o.Name == c.Name && o.From == c.From })
		return cellOf{wave, at, of.part}, at >= 0
	}
}

func (p *Plan) column(of cellOf) *Column {
	if of.file == people {
		return &p.People[of.column]
	}
	return &p.Files[of.file].Columns[of.column]
}

// headers lists every column of a table as its first line has them.
func (t *table) headers() []string {
	names := []string{idColumn}
	if t.long {
		names = append(names, waveColumn)
	}
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	return names
}

// The words for why a cell is empty, besides those of surveys.Missing.
const (
	withheld        = "withheld"         // blanked, so that nobody is found
	noQuestionnaire = "no-questionnaire" // the person answered nothing in this wave
	noScore         = "no-score"         // the scale's rule does not allow one
	notAnswered     = "not-answered"     // beyond the team: everything but not-asked and withheld
)

// reasons lists every word that can stand for an empty cell in a release, and what it means.
func (p *Plan) reasons() []Option {
	list := []Option{{surveys.NotAsked.String(), surveys.NotAsked.Label()}, {notAnswered, ""}}
	if p.Profile == surveys.TeamRelease.String() {
		list = nil
		for _, m := range surveys.StoredMissing() {
			list = append(list, Option{m.String(), m.Label()})
		}
		list = append(list, Option{noQuestionnaire, "the person answered nothing in this wave"},
			Option{noScore, "the scale's rule for missing answers does not allow one, or a proxy gave some"})
	}
	return append(list, Option{withheld, "so that nobody is found"})
}

// saidReasons are the reasons in a sentence.
func saidReasons(reasons []Option) []string {
	list := make([]string, len(reasons))
	for i, r := range reasons {
		if list[i] = r.Code; r.Label != "" {
			list[i] += " (" + r.Label + ")"
		}
	}
	return list
}

// reason says why a cell is empty. What leaves the team says less: why somebody did not answer may be known to others.
func (p *Plan) reason(m surveys.Missing) string {
	switch {
	case m != surveys.NotAsked && p.Profile != surveys.TeamRelease.String():
		return notAnswered
	case m == 0:
		return noScore
	default:
		return m.String()
	}
}

// noAnswers is the reason for every cell of a wave in which somebody answered nothing.
func (p *Plan) noAnswers() string {
	if p.Profile == surveys.TeamRelease.String() {
		return noQuestionnaire
	}
	return notAnswered
}
