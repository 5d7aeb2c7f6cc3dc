package report

import (
	"fmt"
	"io"
	"strconv"

	"wellwave/surveys"
	"wellwave/surveys/monitor"
)

// Edition says for whom a report is made.
type Edition uint8

// The editions.
const (
	Internal Edition = iota + 1 // for the study team: every count exact, and marked so
	Outward                     // for everybody else: arms exact, sites left out
)

var editionNotes = [...]string{
	Internal: "Internal edition: every count is exact, site by site. Not for passing on.",
	Outward:  "Outward edition: counts of whole arms are exact; those of single sites are left out.",
}

const demoBanner = "Demonstration: everybody in this study is invented"

// WriteResponse writes the response and power report as a PDF. The same monitor gives the same bytes.
func WriteResponse(w io.Writer, m *monitor.Monitor, edition Edition) error {
	if edition != Internal && edition != Outward {
		return fmt.Errorf("write response report: no edition %d", edition)
	}
	banner := ""
	if m.Demo {
		banner = demoBanner
	}
	d := newDocument("Response and power: "+m.Title, banner, "Response and power, "+longDay(m.At), m.At)
	d.block("Response and power", paperTitle, bold, textInk, 0)
	d.block(m.Title, paperHeading, regular, textInk, 2)
	d.paragraph("As at " + m.At.Format("15:04 on 2 January 2006 (MST)") + ". " + editionNotes[edition])
	d.note("This file has no structure for screen readers; the monitor's web page shows the same and is the accessible copy. " +
		"Characters that its fonts lack are printed as question marks.")
	if len(m.Waves) == 0 {
		d.paragraph("This study has no wave with enrolled participants.")
	}
	for i, wave := range m.Waves {
		if i > 0 {
			d.addPage()
		}
		d.wave(wave, edition)
	}
	d.method()
	return d.write(w)
}

func (d *document) wave(w *monitor.Wave, edition Edition) {
	d.heading(w.Title, paperHeading, 60)
	d.chart(ResponseCurve(w.Curve, Wide))
	for _, p := range w.Targets {
		d.target(p)
	}
	d.curveTable(w.Curve)
	if !w.Closed.Empty() {
		d.heading("People whose window has closed", paperSub, 60)
		d.chart(Retention(w.Closed, Size{720, 0}))
		d.edition(w.Closed, edition)
	} else {
		d.heading("People whose window has closed", paperSub, 10)
		d.paragraph("No window has closed yet.")
	}
	d.everybody(w, edition)
}

// everybody draws the edition of what is due so far, unless it would repeat the closed windows.
func (d *document) everybody(w *monitor.Wave, edition Edition) {
	if w.AllClosed() {
		d.heading("Everybody enrolled", paperSub, 12)
		d.paragraph("Every window has closed, so the numbers above are those of everybody enrolled.")
		return
	}
	d.heading("Everybody enrolled", paperSub, 60)
	d.paragraph("Whoever is pending counts here as somebody who did not answer; those not yet due stand in the counts only.")
	d.edition(w.DueSoFar, edition)
}

func (d *document) edition(e monitor.Edition, edition Edition) {
	d.dispositions(e)
	if e.Empty() {
		d.paragraph("Nobody’s answer is due yet.")
	} else {
		d.shares(e, "Retention: complete or partial, of everybody enrolled who is due",
			func(r monitor.Row) monitor.Share { return r.Retention }, func(g monitor.ArmGap) monitor.Gap { return g.Retention })
		d.shares(e, "Response rate RR1: complete, of everybody eligible or possibly eligible who is due",
			func(r monitor.Row) monitor.Share { return r.Response }, func(g monitor.ArmGap) monitor.Gap { return g.Response })
		d.note(e.ICC.Text())
		d.rates(e)
	}
	if edition == Internal {
		d.sites(e)
	}
}

// dispositions draws the counts with a column for each arm.
func (d *document) dispositions(e monitor.Edition) {
	t := table{caption: "Dispositions", columns: []column{{title: "Disposition", text: true}}, strong: make(map[int]bool)}
	rows := append(append([]monitor.Row(nil), e.Arms...), e.All)
	for _, row := range rows {
		t.columns = append(t.columns, column{title: row.Title})
	}
	add := func(title string, count func(monitor.Tally) int) {
		cells := []string{title}
		for _, row := range rows {
			cells = append(cells, strconv.Itoa(count(row.Tally)))
		}
		t.rows = append(t.rows, cells)
	}
	for _, disposition := range surveys.Dispositions() {
		add(disposition.Label(), func(t monitor.Tally) int { return t.Count(disposition) })
		if disposition == surveys.OtherEligible {
			add("– of whom died", func(t monitor.Tally) int { return t.Died })
		}
	}
	t.strong[len(t.rows)] = true
	add("Enrolled", monitor.Tally.Enrolled)
	d.table(t)
}

// shares draws one kind of share per arm with its intervals, and the differences between arms below.
func (d *document) shares(e monitor.Edition, caption string, share func(monitor.Row) monitor.Share, gap func(monitor.ArmGap) monitor.Gap) {
	t := table{caption: caption, strong: make(map[int]bool), columns: []column{{title: "Arm", text: true}, {title: "People"}, {title: "Share"},
		{title: "95% interval, people as independent"}, {title: "Effective number"}, {title: "95% interval, effective numbers"}}}
	for _, row := range append(append([]monitor.Row(nil), e.Arms...), e.All) {
		s := share(row)
		t.rows = append(t.rows, []string{row.Title, s.Fraction(), s.Percent(), s.IndependentText(), s.EffectiveNumber(), s.EffectiveText()})
	}
	for _, g := range e.Gaps {
		t.strong[len(t.rows)] = true
		t.rows = append(t.rows, []string{g.Title(), "", gap(g).Points(), gap(g).IndependentText(), "", gap(g).EffectiveText()})
	}
	d.table(t)
}

// sites draws a line for each site, arm by arm: what became of everybody, without the dispositions that nobody has, and below
// it the rates.
func (d *document) sites(e monitor.Edition) {
	counts := []siteColumn{{column{title: "Enrolled"}, func(r monitor.Row) string { return strconv.Itoa(r.Tally.Enrolled()) }}}
	for _, disposition := range surveys.Dispositions() {
		if e.All.Tally.Count(disposition) > 0 {
			counts = append(counts, siteColumn{column{title: disposition.Label()},
				func(r monitor.Row) string { return strconv.Itoa(r.Tally.Count(disposition)) }})
		}
		if disposition == surveys.OtherEligible && e.All.Tally.Died > 0 {
			counts = append(counts, siteColumn{column{title: "– of whom died"}, func(r monitor.Row) string { return strconv.Itoa(r.Tally.Died) }})
		}
	}
	d.siteTables("Dispositions by site", e, counts)
	if e.Empty() {
		return
	}
	d.siteTables("Retention and RR1 by site, people as independent", e, []siteColumn{
		{column{title: "People"}, func(r monitor.Row) string { return r.Retention.Fraction() }},
		{column{title: "Retention"}, func(r monitor.Row) string { return r.Retention.Percent() }},
		{column{title: "95% interval"}, func(r monitor.Row) string { return r.Retention.IndependentText() }},
		{column{title: "RR1"}, func(r monitor.Row) string { return r.Response.Percent() }},
		{column{title: "95% interval"}, func(r monitor.Row) string { return r.Response.IndependentText() }},
	})
}

// siteColumn is a column of a table with a row for each site.
type siteColumn struct {
	column
	text func(monitor.Row) string
}

// siteTables draws the same table of each arm's sites.
func (d *document) siteTables(caption string, e monitor.Edition, columns []siteColumn) {
	for _, arm := range e.Arms {
		t := table{caption: caption + ": " + arm.Title, columns: []column{{title: "Site", text: true}}}
		for _, c := range columns {
			t.columns = append(t.columns, c.column)
		}
		for _, row := range e.Sites {
			if string(row.Arm) != arm.ID {
				continue
			}
			cells := []string{row.Title}
			for _, c := range columns {
				cells = append(cells, c.text(row))
			}
			t.rows = append(t.rows, cells)
		}
		d.table(t)
	}
}

// rates draws every outcome rate with a column for each arm, and the difference of the first two.
func (d *document) rates(e monitor.Edition) {
	t := table{caption: "Outcome rates after the AAPOR Standard Definitions", columns: []column{{title: "Rate", text: true}, {title: "Formula", text: true}}}
	rows := append(append([]monitor.Row(nil), e.Arms...), e.All)
	for _, row := range rows {
		t.columns = append(t.columns, column{title: row.Title})
	}
	compared := len(e.Arms) > 1
	if compared {
		t.columns = append(t.columns, column{title: e.Gaps[0].Title()})
	}
	for i, rate := range e.All.Rates.List {
		cells := []string{rate.Name, rate.Formula}
		for _, row := range rows {
			cells = append(cells, row.Rates.List[i].Percent())
		}
		if compared {
			cells = append(cells, e.Arms[0].Rates.List[i].Minus(e.Arms[1].Rates.List[i]))
		}
		t.rows = append(t.rows, cells)
	}
	cells := []string{"e", "eligible among those of known eligibility"}
	for _, row := range rows {
		cells = append(cells, row.Rates.EText())
	}
	if compared {
		cells = append(cells, "")
	}
	t.rows = append(t.rows, cells)
	d.table(t)
	d.note("I complete, P partial, R refusal and break-off, NC non-contact, O other eligible, U eligibility unknown.")
}

func (d *document) target(p monitor.TargetProgress) {
	title := "Target"
	if p.Target.Title != "" {
		title += ": " + p.Target.Title
	}
	d.heading(title, paperSub, 60)
	d.paragraph(p.Verdict())
	t := table{columns: []column{{title: "Arm", text: true}, {title: "Complete"}, {title: "Needed"}, {title: "Still able to answer"},
		{title: "Sites with completes"}, {title: "Sites planned"}, {title: "Variation of size"}, {title: "Design effect"}}}
	for _, arm := range p.Arms {
		t.rows = append(t.rows, []string{arm.Title, strconv.Itoa(arm.Complete), strconv.Itoa(arm.Wanted), strconv.Itoa(arm.Open),
			strconv.Itoa(arm.Sites), strconv.Itoa(arm.SitesPlanned), arm.CVText(), arm.DesignEffectText()})
	}
	d.table(t)
	d.facts(p)
}

// facts draws what was planned beside where the target stands.
func (d *document) facts(p monitor.TargetProgress) {
	const gap = 2 // the column that keeps the halves apart
	t := table{columns: []column{{title: "Planned", text: true}, {}, gap: {text: true}, {title: "Now", text: true}, {}}}
	planned, now := monitor.PlanOf(p.Target), p.Facts()
	for i := range max(len(planned), len(now)) {
		cells := make([]string, len(t.columns))
		if i < len(planned) {
			cells[0], cells[1] = planned[i].Name, planned[i].Value
		}
		if i < len(now) {
			cells[gap+1], cells[gap+2] = now[i].Name, now[i].Value
		}
		t.rows = append(t.rows, cells)
	}
	d.table(t)
}

// curveTable draws the numbers of the response curve month by month.
func (d *document) curveTable(c monitor.Curve) {
	if len(c.Points) == 0 {
		return
	}
	t := table{caption: "Questionnaires complete, by the end of each month", columns: []column{{title: "Month", text: true}, {title: "Complete"}}}
	if c.Needed > 0 {
		t.columns = append(t.columns, column{title: "Needed"})
	}
	for _, point := range c.Months() {
		row := []string{point.Day.Format("January 2006"), strconv.Itoa(point.Complete)}
		if c.Needed > 0 {
			row = append(row, strconv.Itoa(c.Needed))
		}
		t.rows = append(t.rows, row)
	}
	d.table(t)
}

// method says how every number was computed and where from.
func (d *document) method() {
	d.heading("How this was computed", paperHeading, 40)
	d.paragraph("Complete means that the primary outcome can be scored; partial, that it cannot but at least half of the applicable scored items were answered; " +
		"break-off, fewer. Retention is complete and partial over everybody enrolled who is due, so people who died or fell ill stay in it; deaths are shown beside it. " +
		"Power uses completes only.")
	d.paragraph("Outcome rates: American Association for Public Opinion Research, Standard Definitions, 10th edition, 2023, for specifically named persons.")
	d.paragraph("Intervals are 95%: Wilson’s for a share (J Am Stat Assoc 1927;22:209) and Newcombe’s method 10 for a difference (Stat Med 1998;17:873). " +
		"Effective numbers divide a number of people by the design effect 1 + ((cv² + 1)m − 1)ρ, ρ being the intracluster correlation of response, m the mean and " +
		"cv the coefficient of variation (divisor k) of the number in a site; " +
		"the observed correlation is the analysis-of-variance estimate within arms, not below nought (Donner and Klar 2000).")
	d.paragraph("Power is that of Student’s t test between cluster means, both tails counted, with the planned intracluster correlation:")
	for _, formula := range []string{
		"power = P(|T| > t(1 − α/2)), T noncentral t with k₁ + k₂ − 2 degrees of freedom and λ = δ / √V",
		"V = σ²(1 − r²)(DEFF₁/N₁ + DEFF₂/N₂)",
		"DEFF = 1 + ((cv² + 1)m − 1)ρ",
	} {
		d.block(formula, paperBody, plain, textInk, 0.8)
	}
	d.y += 1.5
	d.paragraph("N are the completes of an arm, k its sites with completes, m and cv the mean and the coefficient of variation (divisor k) of completes per site, " +
		"ρ the planned intracluster correlation, r the planned correlation with baseline (Eldridge et al, Int J Epidemiol 2006;35:1292). As m grows V falls no further than " +
		"its floor, so some targets need more sites and not more people (Hemming et al, BMC Med Res Methodol 2011;11:102). No power is computed from an effect that was observed.")
}
