package main

import (
	"fmt"
	"slices"
	"strings"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/bulk"
	"wellwave/surveys/csvtable"
)

// scorePlan says what is read from which column of a table and what is written to which. Many goroutines share it.
type scorePlan struct {
	width   int // items of the instrument
	answers []answerColumn
	passed  []int // columns that are passed through
	names   []string
	scales  []*scoring.Scale
	// provenance asks for the columns that say how a score came about.
	provenance bool
}

// The columns that --provenance adds to each scale's.
var provenanceEndings = []string{"_answered", "_prorated", "_why"}

// planner works a plan out.
type planner struct {
	table      *csvtable.Reader
	instrument *surveys.Instrument
	cells      surveys.CellForm
	wanted     []string // ids of scales; none for every scale that the table has columns for
	note       func(format string, args ...any)
}

// plan finds the columns of the answers that the wanted scales need. An item that is needed and has no column is an
// error, because a misspelt name must not become a missing answer.
func (p *planner) plan(provenance bool) (*scorePlan, error) {
	scales, err := p.scales()
	if err != nil {
		return nil, err
	}
	plan := &scorePlan{width: len(p.instrument.Items), scales: scales, provenance: provenance}
	read := make(map[int]bool) // items
	var codes []string
	for _, scale := range scales {
		for _, i := range scale.Items() {
			read[i] = true
			codes = append(codes, p.instrument.Items[i].Code)
		}
		plan.names = append(plan.names, columnNames(scale.ID(), provenance)...)
	}
	if i := firstTwin(plan.names); i >= 0 {
		return nil, surveys.Errorf(surveys.Invalid, "with --provenance two columns would be called %s, one of them a scale: ask for the scales one at a time with --scale", plan.names[i])
	}
	slices.Sort(codes)
	if err := p.table.Need(slices.Compact(codes)...); err != nil {
		return nil, err
	}
	if err := p.sort(plan, read); err != nil {
		return nil, err
	}
	return plan, nil
}

// columnNames names the columns that are written for a scale.
func columnNames(id string, provenance bool) []string {
	names := []string{id}
	if provenance {
		for _, ending := range provenanceEndings {
			names = append(names, id+ending)
		}
	}
	return names
}

// firstTwin returns the first place whose name has stood before, −1 if there is none.
func firstTwin(names []string) int {
	seen := make(map[string]bool, len(names))
	for i, name := range names {
		if seen[name] {
			return i
		}
		seen[name] = true
	}
	return -1
}

// sort finds out for every column whether it is read, passed through or left out.
func (p *planner) sort(plan *scorePlan, read map[int]bool) error {
	items := make(map[string]int, len(p.instrument.Items))
	for i := range p.instrument.Items {
		items[p.instrument.Items[i].Code] = i
	}
	for column, name := range p.table.Header() {
		called := p.table.Called(column)
		answers := false
		for _, code := range called {
			if i, isItem := items[code]; isItem {
				answers = true
				if read[i] || p.wanted == nil {
					plan.answers = append(plan.answers, p.answers(column, i))
				}
			}
		}
		_, isScale := p.instrument.Scale(surveys.ScaleID(name))
		switch {
		case answers, len(called) == 0: // read, or of a scale that is not wanted; or not wanted itself
		case slices.Contains(plan.names, name), isScale && p.wanted == nil:
			return p.misnamed(column, "the scores have a column of this name too; give this one another")
		default:
			plan.passed = append(plan.passed, column)
		}
	}
	p.noteAnswers(plan.answers)
	return p.lookAlikes(read)
}

// noteAnswers says which codes for missing answers are answers here.
func (p *planner) noteAnswers(columns []answerColumn) {
	var items []*surveys.Item
	for i := range columns {
		items = append(items, columns[i].item)
	}
	for _, note := range bulk.NoteAnswers(p.cells, items) {
		p.note("%s", note)
	}
}

// lookAlikes refuses columns that were probably meant for an item that has no column.
func (p *planner) lookAlikes(read map[int]bool) error {
	for i := range p.instrument.Items {
		code := p.instrument.Items[i].Code
		if _, ok := p.table.Column(code); ok || p.wanted != nil && !read[i] {
			continue
		}
		if column, ok := p.table.Like(code); ok {
			return p.misnamed(column, fmt.Sprintf("the item is called %s, and columns are found by exactly that name", code))
		}
	}
	return nil
}

func (p *planner) misnamed(column int, reason string) error {
	return &csvtable.Error{File: p.table.File(), Line: 1, Column: column + 1, Name: p.table.Header()[column], Reason: reason}
}

// scales returns the wanted scales in the order asked for, or all those that the table has a column for.
func (p *planner) scales() ([]*scoring.Scale, error) {
	if len(p.instrument.Scales) == 0 {
		return nil, surveys.Errorf(surveys.Invalid, "%s has no scales: its items are not scored", p.instrument.ID)
	}
	if p.wanted == nil {
		return p.present()
	}
	var scales []*scoring.Scale
	for i, id := range p.wanted {
		scale, ok := p.instrument.Scale(surveys.ScaleID(id))
		if !ok {
			return nil, surveys.Errorf(surveys.Invalid, "%s has no scale “%s”; its scales are %s", p.instrument.ID, csvtable.Excerpt(id), scaleIDs(p.instrument))
		}
		if slices.Index(p.wanted, id) == i {
			scales = append(scales, scale)
		}
	}
	return scales, nil
}

// present leaves out the scales of whose items the table has not one, and says so.
func (p *planner) present() ([]*scoring.Scale, error) {
	var scales []*scoring.Scale
	var absent []string
	for _, scale := range p.instrument.Scales {
		if slices.ContainsFunc(scale.Items(), p.hasColumn) {
			scales = append(scales, scale)
		} else {
			absent = append(absent, scale.ID())
		}
	}
	if scales == nil {
		if err := p.lookAlikes(nil); err != nil {
			return nil, err
		}
		var codes []string
		for i := range p.instrument.Items {
			if item := &p.instrument.Items[i]; item.Kind.Numeric() {
				codes = append(codes, item.Code)
			}
		}
		return nil, &csvtable.Error{File: p.table.File(), Line: 1,
			Reason: fmt.Sprintf("no column holds answers to %s; its items are %s", p.instrument.ID, strings.Join(codes, ", "))}
	}
	if absent != nil {
		p.note("There are no columns for %s, so there will be none of its scores.", strings.Join(absent, ", "))
	}
	return scales, nil
}

func (p *planner) hasColumn(item int) bool {
	_, ok := p.table.Column(p.instrument.Items[item].Code)
	return ok
}

// header returns the first line of the scores.
func (p *scorePlan) header(table *csvtable.Reader) []byte {
	var b []byte
	for _, column := range p.passed {
		b = append(appendCell(b, table.Header()[column]), ',')
	}
	for _, name := range p.names {
		b = append(append(b, name...), ',')
	}
	b[len(b)-1] = '\n'
	return b
}
