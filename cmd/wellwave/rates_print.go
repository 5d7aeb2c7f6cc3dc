package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/monitor"
)

// ratesPrinter shows a report of rates to people and to programs.
type ratesPrinter struct {
	report *monitor.RateReport
	icc    *float64 // nil where intervals with effective numbers are not asked for
}

// rateEditions are the two ways of counting, the headline first.
var rateEditions = []struct {
	title string
	of    func(monitor.RateRow) monitor.RateEdition
	gap   func(monitor.RateDifference) monitor.Gap
}{
	{monitor.ClosedTitle, func(r monitor.RateRow) monitor.RateEdition { return r.Closed }, func(d monitor.RateDifference) monitor.Gap { return d.Closed }},
	{monitor.DueSoFarTitle, func(r monitor.RateRow) monitor.RateEdition { return r.DueSoFar }, func(d monitor.RateDifference) monitor.Gap { return d.DueSoFar }},
}

// rows returns the rows to show: the pooled one first, and no kind of row that only repeats another.
func (p *ratesPrinter) rows() []monitor.RateRow {
	r := p.report
	rows := append([]monitor.RateRow{r.Overall}, r.Arms...)
	if len(r.Waves) > 1 {
		rows = append(append(rows, r.Waves...), r.ArmWaves...)
	}
	rows = append(rows, r.Sites...)
	if len(r.Waves) > 1 {
		rows = append(rows, r.Groups...)
	}
	return rows
}

// print writes both editions as tables.
func (p *ratesPrinter) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	rates := rateNames(p.report.Overall.Closed.Rates)
	for i, edition := range rateEditions {
		if i > 0 {
			_, _ = fmt.Fprintln(t)
		}
		_, _ = fmt.Fprintln(t, strings.ToUpper(edition.title))
		p.section(t, "People", countHeads(), func(r monitor.RateRow) []string { return countCells(r, edition.of(r)) })
		p.section(t, "e, and rates in percent", append([]string{"E"}, rates...), func(r monitor.RateRow) []string { return rateCells(edition.of(r)) })
		p.section(t, "Response rates: 95% intervals, people as independent", rates[:responseRates], func(r monitor.RateRow) []string {
			return intervalCells(edition.of(r), monitor.RateInterval.IndependentText)
		})
		if p.icc != nil {
			p.section(t, "Response rates: 95% intervals, effective numbers with ICC "+decimal(*p.icc), rates[:responseRates], func(r monitor.RateRow) []string {
				return intervalCells(edition.of(r), monitor.RateInterval.EffectiveText)
			})
		}
		p.section(t, monitor.RetentionTitle, p.shareHeads("RETAINED", "SHARE"), func(r monitor.RateRow) []string {
			s := edition.of(r).Retention
			return p.withEffective([]string{s.Fraction(), s.Percent(), s.IndependentText()}, s.EffectiveNumber(), s.EffectiveText())
		})
		p.differences(t, edition.gap)
	}
	return t.Flush() // which tells of any failed write
}

// section writes one table with a line for every row.
func (p *ratesPrinter) section(t io.Writer, title string, heads []string, cells func(monitor.RateRow) []string) {
	_, _ = fmt.Fprintf(t, "\n%s\nARM\tSITE\tWAVE\t%s\n", title, strings.Join(heads, "\t"))
	for _, row := range p.rows() {
		g := row.Group
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", orAll(g.Arm), orAll(g.Site), orAll(g.Wave), strings.Join(cells(row), "\t"))
	}
}

// orAll keeps a word from a file on its line of a table.
func orAll(word string) string {
	if word == "" {
		return "all"
	}
	return strings.Join(strings.Fields(word), " ")
}

func (p *ratesPrinter) shareHeads(heads ...string) []string {
	return p.withEffective(append(heads, "95% INTERVAL"), "EFFECTIVE NUMBER", "95% INTERVAL WITH IT")
}

// withEffective adds to cells those that are there only with an ICC.
func (p *ratesPrinter) withEffective(cells []string, more ...string) []string {
	if p.icc == nil {
		return cells
	}
	return append(cells, more...)
}

// differences writes the table of differences between arms, over all waves and at each.
func (p *ratesPrinter) differences(t io.Writer, gap func(monitor.RateDifference) monitor.Gap) {
	all := p.report.Differences
	if len(p.report.Waves) > 1 {
		all = append(all[:len(all):len(all)], p.report.WaveDifferences...)
	}
	if len(all) == 0 {
		return
	}
	_, _ = fmt.Fprintf(t, "\nDifference in retention\nARMS\tWAVE\t%s\n",
		strings.Join(p.withEffective([]string{"DIFFERENCE", "95% INTERVAL"}, "95% INTERVAL, EFFECTIVE NUMBERS"), "\t"))
	for _, d := range all {
		g := gap(d)
		cells := p.withEffective([]string{g.Points(), g.IndependentText()}, g.EffectiveText())
		_, _ = fmt.Fprintf(t, "%s − %s\t%s\t%s\n", orAll(d.A), orAll(d.B), orAll(d.Wave), strings.Join(cells, "\t"))
	}
}

// finalDispositions are those that both editions count; pending comes apart.
func finalDispositions() []surveys.Disposition {
	var final []surveys.Disposition
	for _, d := range surveys.Dispositions() {
		if d.Final() {
			final = append(final, d)
		}
	}
	return final
}

func countHeads() []string {
	heads := []string{"N"}
	for _, d := range finalDispositions() {
		heads = append(heads, strings.ToUpper(d.String()))
	}
	return append(heads, "PENDING", "NOT-YET-DUE")
}

func countCells(r monitor.RateRow, e monitor.RateEdition) []string {
	cells := []string{strconv.Itoa(e.Tally.Enrolled())}
	for _, d := range finalDispositions() {
		cells = append(cells, strconv.Itoa(e.Tally.Count(d)))
	}
	return append(cells, strconv.Itoa(r.Pending), strconv.Itoa(r.NotYetDue))
}

// responseRates is how many of the rates are RR1 to RR6, which come first.
const responseRates = 6

func rateNames(rates []monitor.RateInterval) []string {
	var names []string
	for _, rate := range rates {
		names = append(names, rate.Name)
	}
	return names
}

func rateCells(e monitor.RateEdition) []string {
	share := noNumber
	if e.E.Known {
		share = surveys.FixedNumber(e.E.Value, 3)
	}
	cells := []string{share}
	for _, rate := range e.Rates {
		cells = append(cells, strings.TrimSuffix(rate.Percent(), "%"))
	}
	return cells
}

// noNumber stands in tables where there is no number.
const noNumber = "–"

func intervalCells(e monitor.RateEdition, text func(monitor.RateInterval) string) []string {
	var cells []string
	for _, rate := range e.Rates[:responseRates] {
		cells = append(cells, strings.TrimSuffix(text(rate), "%"))
	}
	return cells
}

// json returns the report for programs.
func (p *ratesPrinter) json() jsonObject {
	var o jsonObject
	o.set("icc", p.icc)
	o.set("overall", p.rowJSON(p.report.Overall))
	for _, kind := range []struct {
		key  string
		rows []monitor.RateRow
	}{{"groups", p.report.Groups}, {"arms", p.report.Arms}, {"sites", p.report.Sites}, {"waves", p.report.Waves}, {"arm_waves", p.report.ArmWaves}} {
		rows := make([]jsonObject, 0, len(kind.rows))
		for _, row := range kind.rows {
			rows = append(rows, p.rowJSON(row))
		}
		o.set(kind.key, rows)
	}
	o.set("differences", p.differencesJSON(p.report.Differences))
	o.set("wave_differences", p.differencesJSON(p.report.WaveDifferences))
	return o
}

// rowJSON puts the headline edition at the top of the row's object and the other one inside it.
func (p *ratesPrinter) rowJSON(r monitor.RateRow) jsonObject {
	var o jsonObject
	o.set("arm", orNull(r.Group.Arm))
	o.set("site", orNull(r.Group.Site))
	o.set("wave", orNull(r.Group.Wave))
	o = append(o, p.editionJSON(r.Closed)...)
	o.set("pending", r.Pending)
	o.set("not_yet_due", r.NotYetDue)
	o.set("due_so_far", p.editionJSON(r.DueSoFar))
	return o
}

func orNull(word string) any {
	if word == "" {
		return nil
	}
	return word
}

func (p *ratesPrinter) editionJSON(e monitor.RateEdition) jsonObject {
	var o jsonObject
	o.set("n", e.Tally.Enrolled())
	for _, d := range finalDispositions() {
		o.set(strings.ReplaceAll(d.String(), "-", "_"), e.Tally.Count(d))
	}
	s := e.Retention
	o.set("enrolled", s.Of)
	p.valueJSON(&o, "retention", s.Value, s.Known(), s.Independent, s.Effective)
	p.value(&o, "e", e.E.Value, e.E.Known)
	for _, rate := range e.Rates {
		p.valueJSON(&o, strings.ToLower(rate.Name), rate.Value, rate.Known, rate.Independent, rate.Effective)
	}
	return o
}

// valueJSON adds a share with its intervals, all null where it is unknown.
func (p *ratesPrinter) valueJSON(o *jsonObject, key string, v float64, known bool, independent, effective scoring.Interval) {
	p.value(o, key, v, known)
	p.value(o, key+"_low", independent.Low, known)
	p.value(o, key+"_high", independent.High, known)
	if p.icc != nil {
		p.value(o, key+"_effective_low", effective.Low, known)
		p.value(o, key+"_effective_high", effective.High, known)
	}
}

func (*ratesPrinter) value(o *jsonObject, key string, v float64, known bool) {
	if known {
		o.set(key, v)
	} else {
		o.set(key, nil)
	}
}

func (p *ratesPrinter) differencesJSON(differences []monitor.RateDifference) []jsonObject {
	objects := make([]jsonObject, 0, len(differences))
	for _, d := range differences {
		var o jsonObject
		o.set("a", d.A)
		o.set("b", d.B)
		o.set("wave", orNull(d.Wave))
		o = append(o, p.gapJSON(d.Closed)...)
		o.set("due_so_far", p.gapJSON(d.DueSoFar))
		objects = append(objects, o)
	}
	return objects
}

func (p *ratesPrinter) gapJSON(g monitor.Gap) jsonObject {
	var o jsonObject
	p.value(&o, "difference", g.Value, g.Known)
	p.value(&o, "low", g.Independent.Low, g.Known)
	p.value(&o, "high", g.Independent.High, g.Known)
	if p.icc != nil {
		p.value(&o, "effective_low", g.Effective.Low, g.Known)
		p.value(&o, "effective_high", g.Effective.High, g.Known)
	}
	return o
}
