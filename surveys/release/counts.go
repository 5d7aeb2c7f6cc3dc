package release

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"wellwave/scoring/decimal"
	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// counts is what the columns of a release hold: a tally for each part of each column of each file, everybody first. It does not
// grow with the people.
type counts struct {
	people  []int     // by file
	tallies [][]tally // by file and cell
	parts   [][]cellOf
	step    int // to which counts are rounded
}

// tally counts the people of one file by what stands in one cell.
type tally struct {
	codes   []string // those that are counted one by one
	by      []int    // people by code
	given   int      // people with a value
	set     bool     // of codes, of which somebody may have several
	ends    bool     // the least and the greatest value are looked for
	least   end
	most    end
	reasons []Option // the words for why a cell is empty; the last is for those that nothing says of
	empty   []int    // people by reason
}

// end is the least or the greatest value, and how many people have it.
type end struct {
	value  float64
	people int
}

// noReason stands for cells of paradata that are empty because there is nothing to say.
const noReason = ""

func newCounts(plan *Plan) *counts {
	c := &counts{people: make([]int, len(plan.Files)+1), step: disclosure.CountStep}
	if plan.Profile == surveys.TeamRelease.String() {
		c.step = 1
	}
	reasons := append(plan.reasons(), Option{Code: noReason})
	for f := range c.people {
		columns := plan.People
		if f > 0 {
			columns = plan.Files[f-1].Columns
		}
		var tallies []tally
		var parts []cellOf
		for i := range columns {
			for n := range columns[i].parts() {
				t := columns[i].tally(part(n))
				t.reasons, t.empty = reasons, make([]int, len(reasons))
				tallies, parts = append(tallies, t), append(parts, cellOf{f - 1, i, part(n)})
			}
		}
		c.tallies, c.parts = append(c.tallies, tallies), append(c.parts, parts)
	}
	return c
}

// tally returns an empty one for a part of the column.
func (c *Column) tally(of part) tally {
	t := tally{set: c.Type == Set, ends: of == value && (c.Type == Days || c.Type == Number && c.Min >= c.Max)}
	t.least.value, t.most.value = math.Inf(1), math.Inf(-1)
	switch {
	case c.Type == Boolean || of == prorated:
		t.codes = []string{"0", "1"}
	case of == answered:
	case c.Type == Banded:
		t.codes = c.bands()
	default:
		for _, o := range c.Options {
			t.codes = append(t.codes, o.Code)
		}
	}
	t.by = make([]int, len(t.codes))
	return t
}

// person counts the person whom the writer has at hand.
func (c *counts) person(w *writer) {
	for f := range c.tallies {
		if w.cells[f] == nil {
			continue
		}
		c.people[f]++
		for i := range c.tallies[f] {
			c.tallies[f][i].add(w.cell(c.parts[f][i]))
		}
	}
}

func (t *tally) add(cell []byte, reason string) {
	if reason != "" || len(cell) == 0 {
		t.empty[max(0, slices.IndexFunc(t.reasons, func(r Option) bool { return r.Code == reason }))]++
		return
	}
	t.given++
	switch {
	case t.set:
		for i, code := range t.codes {
			if isMember(string(cell), code) {
				t.by[i]++
			}
		}
	case t.ends:
		if n, err := decimal.Parse(cell, decimal.Typed); err == nil {
			t.least.take(n, n < t.least.value)
			t.most.take(n, n > t.most.value)
		}
	default:
		for i, code := range t.codes {
			if string(cell) == code {
				t.by[i]++
				break
			}
		}
	}
}

// isMember reports whether a code is one of those of a set, parted by blanks.
func isMember(set, code string) bool {
	for member := range strings.FieldsSeq(set) {
		if member == code {
			return true
		}
	}
	return false
}

func (e *end) take(n float64, beyond bool) {
	switch {
	case beyond:
		*e = end{n, 1}
	case n == e.value:
		e.people++
	}
}

// shown is what a codebook says of a column, all of it as package disclosure lets it.
type shown struct {
	n, missing, held string
	others           string // people who answered nothing in the wave, where a table has them
}

// hiddenCounts stands for a table of which nothing may be shown.
const hiddenCounts = "hidden"

// of returns what may be shown of a cell. Nothing is of how people took part: the counts that go with the outcomes of a wave are
// tied to those of its answers, and would give them back.
func (c *counts) of(of cellOf, class surveys.Class) shown {
	f := of.file + 1
	if class == surveys.ClassParadata {
		return shown{}
	}
	at := slices.Index(c.parts[f], of)
	t := &c.tallies[f][at]
	s := t.shown(c.people[f], c.step)
	if f > 0 && c.people[f] < c.people[0] {
		beside := disclosure.Table([]int{c.people[0] - c.people[f], c.people[f]}, c.step)
		s.others = counted(beside[0])
	}
	return s
}

// shown returns what may be shown of a tally of so many people.
func (t *tally) shown(people, step int) shown {
	values := []int{t.given} // by code and others, or all together
	if len(t.codes) > 0 && !t.set {
		values = append(slices.Clone(t.by), t.given-sum(t.by))
	}
	figures := disclosure.Table(slices.Concat(values, t.empty), step)
	given, empty := figures[:len(values)], figures[len(values):]
	low, high := disclosure.Together(given, empty, people)
	s := shown{n: between(low, high, step)}
	if people > 0 && !slices.ContainsFunc(figures, func(f disclosure.Counted) bool { return !f.Hidden }) {
		s.missing, s.held = hiddenCounts, hiddenCounts
		return s
	}
	var missing, list []string
	for i, f := range empty {
		switch word := t.reasons[i].Code; {
		case !f.Hidden && f.N == 0:
		case word == noReason:
			missing = append(missing, "empty: "+counted(f))
		default:
			missing = append(missing, word+": "+counted(f))
		}
	}
	s.missing = strings.Join(missing, "; ")
	switch {
	case t.set:
		list = t.shownSet(given[0], empty, step)
	case t.ends:
		list = []string{"least: " + t.least.shown(), "greatest: " + t.most.shown()}
	case len(t.codes) > 0:
		for i, code := range t.codes {
			list = append(list, code+": "+counted(given[i]))
		}
		if other := given[len(t.codes)]; other.Hidden || other.N > 0 {
			list = append(list, "other: "+counted(other))
		}
	}
	s.held = strings.Join(list, "; ")
	return s
}

// shownSet returns how many people chose each code of a set. Their number bounds that of those who answered from below, so that it
// stands only where no count of those who did not is hidden.
func (t *tally) shownSet(given disclosure.Counted, empty []disclosure.Counted, step int) []string {
	if given.Hidden || slices.ContainsFunc(empty, func(f disclosure.Counted) bool { return f.Hidden }) {
		return []string{hiddenCounts}
	}
	var list []string
	for i, code := range t.codes {
		list = append(list, code+": "+counted(disclosure.Table([]int{t.by[i], t.given - t.by[i]}, step)[0]))
	}
	return list
}

func (e end) shown() string {
	if e.people < disclosure.LeastCount {
		return hiddenCounts
	}
	return string(appendNumber(nil, e.value))
}

// counted writes a count.
func counted(f disclosure.Counted) string {
	if f.Hidden {
		return strconv.Itoa(f.Low) + " to " + strconv.Itoa(f.High)
	}
	return strconv.Itoa(f.N)
}

// between writes a range of people, in one number where that is as exact as counts are.
func between(low, high, step int) string {
	if near := (low + step/2) / step * step; near-step/2 <= low && high <= near+step/2 {
		return strconv.Itoa(near)
	}
	return strconv.Itoa(low) + " to " + strconv.Itoa(high)
}
