package report

import (
	"fmt"
	"io"

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
	Internal: "Internal edition. " + monitor.ForTheTeam + " Not for passing on.",
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
		d.paragraph(monitor.NoWaves)
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
	if len(w.Curve.Points) > 0 {
		d.words(w.Curve.MonthTable())
	}
	for i, section := range w.Sections() {
		d.section(section, edition, i == 0)
	}
}

// section draws one way of counting the wave; the headline has a chart.
func (d *document) section(s monitor.Section, edition Edition, headline bool) {
	if !s.Counted {
		d.heading(s.Title, paperSub, 12)
		d.paragraph(s.Says)
		return
	}
	d.heading(s.Title, paperSub, 60)
	d.paragraph(s.Says)
	if headline {
		d.chart(Retention(s.Edition, Size{720, 0}))
	}
	d.words(s.Edition.DispositionTable())
	if s.Rated {
		d.words(s.Edition.RetentionTable())
		d.words(s.Edition.ResponseTable())
		d.note(s.Edition.ICC.Text())
		d.words(s.Edition.RateTable())
		d.note(monitor.RatesKey)
	}
	if edition == Internal {
		d.sites(s)
	}
}

// sites draws a line for each site, arm by arm: what became of everybody, and below it the rates.
func (d *document) sites(s monitor.Section) {
	tables := s.Edition.SiteDispositionTable().Parted()
	if s.Rated {
		tables = append(tables, s.Edition.SiteRateTable().Parted()...)
	}
	for _, t := range tables {
		d.words(t)
	}
}

// words draws a table of the monitor.
func (d *document) words(m monitor.Table) { d.table(tableOf(m)) }

func tableOf(m monitor.Table) table {
	t := table{caption: m.Caption, strong: make(map[int]bool)}
	for i, head := range m.Heads {
		t.columns = append(t.columns, column{title: head, text: i < m.Words})
	}
	for i, row := range m.Rows {
		t.rows, t.strong[i] = append(t.rows, row.Cells), row.Strong
	}
	return t
}

func (d *document) target(p monitor.TargetProgress) {
	d.heading(p.Heading(), paperSub, 60)
	d.paragraph(p.Verdict())
	d.words(p.ArmTable())
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
