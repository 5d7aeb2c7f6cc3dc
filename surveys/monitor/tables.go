package monitor

import (
	"slices"
	"strconv"

	"wellwave/surveys"
)

// Table is some of the monitor's numbers in words, as the page and the report print them: a page scrolls, and paper may
// part a table. The first cell of a row names it.
type Table struct {
	Caption string
	Heads   []string
	Words   int // how many columns, from the first, hold words; the others hold numbers
	Rows    []TableRow
}

// TableRow is a row of a Table.
type TableRow struct {
	Group  string // what the row stands under, where rows are grouped
	Cells  []string
	Strong bool // sums up or compares what is above it
}

// turned returns the table with a row for each of its columns.
func (t Table) turned(first string) Table {
	turned := Table{Caption: t.Caption, Heads: []string{first}, Words: 1}
	for _, row := range t.Rows {
		turned.Heads = append(turned.Heads, row.Cells[0])
	}
	for i := 1; i < len(t.Heads); i++ {
		cells := []string{t.Heads[i]}
		for _, row := range t.Rows {
			cells = append(cells, row.Cells[i])
		}
		turned.Rows = append(turned.Rows, TableRow{Cells: cells})
	}
	return turned
}

// Parted returns a table of each group's rows.
func (t Table) Parted() []Table {
	var parts []Table
	for i, row := range t.Rows {
		if i == 0 || row.Group != t.Rows[i-1].Group {
			parts = append(parts, Table{Caption: t.Caption + ": " + row.Group, Heads: t.Heads, Words: t.Words})
		}
		last := &parts[len(parts)-1]
		last.Rows = append(last.Rows, row)
	}
	return parts
}

// rowColumn is a column of a table with a row for each arm or site.
type rowColumn struct {
	head string
	text func(Row) string
}

func rowCells(r Row, columns []rowColumn) []string {
	cells := []string{r.Title}
	for _, c := range columns {
		cells = append(cells, c.text(r))
	}
	return cells
}

func headsOf(first string, columns []rowColumn) []string {
	heads := []string{first}
	for _, c := range columns {
		heads = append(heads, c.head)
	}
	return heads
}

func countColumn(head string, count func(Tally) int) rowColumn {
	return rowColumn{head, func(r Row) string { return strconv.Itoa(count(r.Tally)) }}
}

// dispositionColumns are a column for each disposition that is shown. Deaths stand beside the one that they are part of.
func dispositionColumns(shown func(surveys.Disposition) bool, deaths bool) []rowColumn {
	columns := []rowColumn{countColumn("Enrolled", Tally.Enrolled)}
	for _, d := range surveys.Dispositions() {
		if shown(d) {
			columns = append(columns, countColumn(d.Label(), func(t Tally) int { return t.Count(d) }))
		}
		if d == surveys.OtherEligible && deaths {
			columns = append(columns, countColumn("– of whom died", func(t Tally) int { return t.Died }))
		}
	}
	return columns
}

// armsAndAll are the rows that stand together: every arm, and everybody.
func (e Edition) armsAndAll() []Row { return append(slices.Clone(e.Arms), e.All) }

// DispositionTable counts every disposition, a row each, in each arm. There are more dispositions than a page is wide.
func (e Edition) DispositionTable() Table {
	columns := dispositionColumns(func(surveys.Disposition) bool { return true }, true)
	t := Table{Caption: "Dispositions", Heads: headsOf("Arm", columns), Words: 1}
	for _, row := range e.armsAndAll() {
		t.Rows = append(t.Rows, TableRow{Cells: rowCells(row, columns)})
	}
	return t.turned("Disposition")
}

// SiteDispositionTable counts in each site, under its arm, the dispositions that anybody has.
func (e Edition) SiteDispositionTable() Table {
	all := e.All.Tally
	return e.siteTable("Dispositions by site", dispositionColumns(func(d surveys.Disposition) bool { return all.Count(d) > 0 }, all.Died > 0))
}

// SiteRateTable has the retention and the response rate of each site, under its arm.
func (e Edition) SiteRateTable() Table {
	return e.siteTable("Retention and RR1 by site, people as independent", []rowColumn{
		{"People", func(r Row) string { return r.Retention.Fraction() }},
		{"Retention", func(r Row) string { return r.Retention.Percent() }},
		{"95% interval", func(r Row) string { return r.Retention.IndependentText() }},
		{"RR1", func(r Row) string { return r.Response.Percent() }},
		{"95% interval", func(r Row) string { return r.Response.IndependentText() }},
	})
}

func (e Edition) siteTable(caption string, columns []rowColumn) Table {
	t := Table{Caption: caption, Heads: headsOf("Site", columns), Words: 1}
	for _, arm := range e.Arms {
		for _, site := range e.Sites {
			if string(site.Arm) == arm.ID {
				t.Rows = append(t.Rows, TableRow{Group: arm.Title, Cells: rowCells(site, columns)})
			}
		}
	}
	return t
}

// RetentionTable has each arm's retention with both intervals, everybody's beside them, and the differences between arms.
func (e Edition) RetentionTable() Table {
	return e.shareTable(RetentionTitle, func(r Row) Share { return r.Retention }, func(g ArmGap) Gap { return g.Retention })
}

// ResponseTable has the same of the response rate.
func (e Edition) ResponseTable() Table {
	return e.shareTable(ResponseTitle, func(r Row) Share { return r.Response }, func(g ArmGap) Gap { return g.Response })
}

func (e Edition) shareTable(caption string, share func(Row) Share, gap func(ArmGap) Gap) Table {
	t := Table{Caption: caption, Words: 1, Heads: []string{"Arm", "People", "Share", "95% interval, people as independent", "Effective number",
		"95% interval, effective numbers"}}
	for _, row := range e.armsAndAll() {
		s := share(row)
		t.Rows = append(t.Rows, TableRow{Cells: []string{row.Title, s.Fraction(), s.Percent(), s.IndependentText(), s.EffectiveNumber(), s.EffectiveText()}})
	}
	for _, g := range e.Gaps {
		t.Rows = append(t.Rows, TableRow{Strong: true, Cells: []string{g.Title(), "", gap(g).Points(), gap(g).IndependentText(), "", gap(g).EffectiveText()}})
	}
	return t
}

// RateTable has every outcome rate, an arm a column, and the difference of the first two.
func (e Edition) RateTable() Table {
	t := Table{Caption: "Outcome rates after the AAPOR Standard Definitions", Heads: []string{"Rate", "Formula"}, Words: 2}
	rows, compared := e.armsAndAll(), len(e.Arms) > 1
	estimates := []string{"e", "share of unknown eligibility taken as eligible"}
	for _, row := range rows {
		t.Heads = append(t.Heads, row.Title)
		estimates = append(estimates, row.Rates.EText())
	}
	if compared {
		t.Heads, estimates = append(t.Heads, e.Gaps[0].Title()), append(estimates, "")
	}
	for _, rate := range e.All.Rates.List {
		cells := []string{rate.Name, rate.Formula}
		for _, row := range rows {
			cells = append(cells, row.Rates.Rate(rate.Name).Percent())
		}
		if compared {
			cells = append(cells, e.Arms[0].Rates.Rate(rate.Name).Minus(e.Arms[1].Rates.Rate(rate.Name)))
		}
		t.Rows = append(t.Rows, TableRow{Cells: cells})
	}
	t.Rows = append(t.Rows, TableRow{Cells: estimates})
	return t
}

// ArmTable has what each arm of a target has and needs.
func (p TargetProgress) ArmTable() Table {
	t := Table{Caption: "Completes towards the target", Words: 1, Heads: []string{"Arm", "Complete", "Wanted", "Can still answer", "Sites with completes",
		"Sites planned", "Variation of site size", "Design effect"}}
	for _, arm := range p.Arms {
		t.Rows = append(t.Rows, TableRow{Cells: []string{arm.Title, strconv.Itoa(arm.Complete), strconv.Itoa(arm.Wanted), strconv.Itoa(arm.Open),
			strconv.Itoa(arm.Sites), strconv.Itoa(arm.SitesPlanned), arm.CVText(), arm.DesignEffectText()}})
	}
	return t
}

// DayTable has the points of the curve.
func (c Curve) DayTable() Table {
	return c.table("Questionnaires complete, day by day", "Day", "2 January 2006", c.Points)
}

// MonthTable has the curve month by month.
func (c Curve) MonthTable() Table {
	return c.table("Questionnaires complete, by the end of each month", "Month", "January 2006", c.Months())
}

func (c Curve) table(caption, first, layout string, points []CurveTotal) Table {
	t := Table{Caption: caption, Heads: []string{first, "Complete"}, Words: 1}
	if c.Needed > 0 {
		t.Heads = append(t.Heads, "Needed")
	}
	for _, point := range points {
		cells := []string{point.Day.Format(layout), strconv.Itoa(point.Complete)}
		if c.Needed > 0 {
			cells = append(cells, strconv.Itoa(c.Needed))
		}
		t.Rows = append(t.Rows, TableRow{Cells: cells})
	}
	return t
}
