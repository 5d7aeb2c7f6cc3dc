package server

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/report"
)

// buildMonitor counts a study as it stands now.
func (h *officeHandlers) buildMonitor(c echo.Context, study *surveys.Study) (*surveys.Monitor, error) {
	counts, err := h.store.MonitorCounts(c.Request().Context(), study.ID)
	if err != nil {
		return nil, err
	}
	curve, err := h.store.Curve(c.Request().Context(), study.ID)
	if err != nil {
		return nil, err
	}
	return surveys.BuildMonitor(study, counts, curve, h.now()), nil
}

// showMonitor handles GET /office/studies/:study/monitor.
func (h *officeHandlers) showMonitor(c echo.Context) error {
	study, state, err := h.findStudy(c)
	if err != nil {
		return err
	}
	m, err := h.buildMonitor(c, study)
	if err != nil {
		return err
	}
	p := &monitorPage{officePage: h.studyFrame(c, "Monitor", study, state), At: sayTime(m.At, study.Zone)}
	chosen := chooseWave(m, surveys.WaveID(c.QueryParam("wave")))
	if chosen == nil {
		return h.pages.page(c, http.StatusOK, p)
	}
	here := studyPath(study.ID) + "/monitor"
	p.PDFURL = studyPath(study.ID) + "/report.pdf"
	for _, w := range m.Waves {
		p.WaveTabs = append(p.WaveTabs, navLink{Label: w.Title, URL: here + "?wave=" + string(w.Wave), Current: w == chosen})
	}
	view := viewWave(chosen)
	doubts, err := h.store.ListDoubts(c.Request().Context(), study.ID, chosen.Wave)
	if err != nil {
		return err
	}
	view.Doubt, view.Doubts = viewDoubts(study, doubts)
	p.Waves = []waveView{view}
	return h.pages.page(c, http.StatusOK, p)
}

// viewDoubts lists the questionnaires to which more than one answer came for the same question.
func viewDoubts(study *surveys.Study, doubts []surveys.Doubt) (says string, t tableView) {
	switch len(doubts) {
	case 0:
		return "", t
	case 1:
		says = "To one questionnaire more than one answer came for the same question."
	default:
		says = fmt.Sprintf("To %d questionnaires more than one answer came for the same question.", len(doubts))
	}
	t = tableView{ID: "doubts", Caption: "Questionnaires with more than one answer to a question",
		Heads: heads("Study number", "Site", "#Answers replaced by another sitting", "#Saves kept aside")}
	for _, d := range doubts {
		t.Rows = append(t.Rows, row(head(d.Label), cell(study.SiteTitle(d.Site)), count(d.Replaced), count(d.Aside)))
	}
	return says + " What was received last counts, but for saves kept aside, which change nothing. All of it is kept.", t
}

// chooseWave returns the wave that was asked for, or else the first with a target, or else the first there is.
func chooseWave(m *surveys.Monitor, asked surveys.WaveID) *surveys.WaveMonitor {
	if w := m.Wave(asked); w != nil {
		return w
	}
	for _, w := range m.Waves {
		if len(w.Targets) > 0 {
			return w
		}
	}
	if len(m.Waves) == 0 {
		return nil
	}
	return m.Waves[0]
}

func viewWave(w *surveys.WaveMonitor) waveView {
	headline, of := w.Closed, "of those whose window has closed"
	if headline.Empty() {
		headline, of = w.DueSoFar, "of everybody so far, because no window has closed yet"
	}
	v := waveView{ID: string(w.Wave), Heading: w.Title + ", " + of, Finding: headline.Finding(), Tiles: tilesOf(headline, w.Targets)}
	for i, target := range w.Targets {
		v.Targets = append(v.Targets, viewTarget(i, target))
	}
	v.Chart, v.ChartTable = viewCurve(w.Curve)
	v.Retention, v.RetentionTable = viewRetention(headline, of)
	v.Editions = []editionView{
		viewEdition("closed", "Windows that have closed", "Everybody whose window has closed. These are the headline rates.",
			"No window has closed yet.", w.Closed),
		viewEdition("due", "Everybody so far", "Windows that are still open as well: whoever is pending counts as not having answered.",
			"Nobody is enrolled yet.", w.DueSoFar),
	}
	v.Editions[1].Folded = "Rates and sites of everybody so far"
	return v
}

// tilesOf are the numbers to see first: each arm's retention, their difference beside it, everybody, and the power.
func tilesOf(e surveys.Edition, targets []surveys.TargetProgress) []tileView {
	var tiles []tileView
	for _, arm := range append(e.Arms[:len(e.Arms):len(e.Arms)], e.All) {
		tiles = append(tiles, tileView{Label: arm.Title, Value: arm.Retention.Percent(), Note: "retained: " + arm.Retention.Fraction()})
	}
	for _, gap := range e.Gaps {
		tiles = append(tiles, tileView{Label: gap.Title(), Value: gap.Retention.Points(), Note: "95% interval " + gap.Retention.EffectiveText() + " with effective numbers"})
	}
	for _, target := range targets {
		tiles = append(tiles, tileView{Label: "Power now", Value: target.PowerText(), Kind: outcomeKind(target.Outcome),
			Note: surveys.FormatPower(target.Target.Power) + " wanted, for " + target.Target.DifferenceText()})
	}
	return tiles
}

// outcomeKind is the colour that goes with a target's verdict; the verdict itself is in words.
func outcomeKind(o surveys.TargetOutcome) string {
	switch o {
	case surveys.TargetMet:
		return "good"
	case surveys.TargetShort:
		return "warn"
	case surveys.TargetPeopleShort, surveys.TargetSitesShort:
		return "alarm"
	default:
		return ""
	}
}

var panelKinds = map[string]string{"good": "good", "warn": "warn", "alarm": "error"}

func viewTarget(i int, p surveys.TargetProgress) targetView {
	t := p.Target
	v := targetView{ID: "target-" + strconv.Itoa(i+1), Heading: t.Title, Verdict: p.Verdict(), Kind: panelKinds[outcomeKind(p.Outcome)]}
	v.Facts = []fact{
		{"Smallest difference worth finding", t.DifferenceText()},
		{"Wanted", fmt.Sprintf("power %s, two-sided at %s", surveys.FormatPower(t.Power), strconv.FormatFloat(t.Alpha, 'g', -1, 64))},
		{"Planned intracluster correlation", strconv.FormatFloat(t.ICC, 'g', -1, 64)},
		{"Correlation with baseline", strconv.FormatFloat(t.Correlation, 'g', -1, 64)},
		{"Power now", p.PowerText()},
		{"Detectable difference now", p.DetectableText()},
	}
	v.Arms = tableView{ID: v.ID + "-arms", Caption: "Completes towards the target",
		Heads: heads("Arm", "#Complete", "#Wanted", "#Can still answer", "#Sites", "#Sites planned", "#Variation of site size", "#Design effect")}
	for _, arm := range p.Arms {
		v.Arms.Rows = append(v.Arms.Rows, row(head(arm.Title), count(arm.Complete), count(arm.Wanted), count(arm.Open), count(arm.Sites),
			count(arm.SitesPlanned), numberCell(arm.CVText()), numberCell(arm.DesignEffectText())))
	}
	return v
}

func count(n int) tableCell { return numberCell(strconv.Itoa(n)) }

// bothSizes draws a chart for wide and for narrow screens; a page shows the one that fits.
func bothSizes(id string, draw func(report.Size) *report.Chart) chartView {
	return chartView{Wide: draw(report.Wide).SVG(id + "-wide"), Narrow: draw(report.Narrow).SVG(id + "-narrow")}
}

func viewCurve(c surveys.Curve) (chartView, tableView) {
	chart := bothSizes("curve", func(size report.Size) *report.Chart { return report.ResponseCurve(c, size) })
	t := tableView{ID: "curve-table", Caption: "Questionnaires complete, day by day", Heads: heads("Day", "#Complete")}
	for _, p := range c.Points {
		t.Rows = append(t.Rows, row(head(p.Day.Format("2 January 2006")), count(p.Complete)))
	}
	return chart, t
}

func viewRetention(e surveys.Edition, of string) (chartView, tableView) {
	chart := bothSizes("retention", func(size report.Size) *report.Chart { return report.Retention(e, size) })
	return chart, shareTable("retention-table", "Retention "+of, e, func(r surveys.Row) surveys.Share { return r.Retention })
}

func viewEdition(id, heading, says, empty string, e surveys.Edition) editionView {
	v := editionView{ID: id, Heading: heading, Says: says}
	if e.All.Tally.Enrolled() == 0 {
		v.Empty = empty
		return v
	}
	v.ICC = e.ICC.Text()
	v.Dispositions = armDispositions(id+"-dispositions", e)
	v.Retention = shareTable(id+"-retention", "Retention: complete and partial, of all enrolled who are due", e,
		func(r surveys.Row) surveys.Share { return r.Retention })
	v.Response = shareTable(id+"-response", "Response rate RR1: complete, of all eligible or possibly eligible who are due", e,
		func(r surveys.Row) surveys.Share { return r.Response })
	v.Gaps = gapTable(id+"-gaps", e.Gaps)
	v.Sites = siteDispositions(id+"-sites", e)
	v.SiteRates = siteRates(id+"-site-rates", e)
	v.Rates = rateTable(id+"-rates", e)
	return v
}

// dispositionTable has a column for each disposition and no rows yet.
func dispositionTable(id, caption, first string) tableView {
	t := tableView{ID: id, Caption: caption, Heads: heads(first, "#Counted")}
	for _, d := range surveys.Dispositions() {
		t.Heads = append(t.Heads, tableCell{Text: d.Label(), Number: true})
	}
	return t
}

// dispositionRow counts one row. Deaths stand beside the disposition that they are part of.
func dispositionRow(r surveys.Row) tableRow {
	cells := []tableCell{head(r.Title), count(r.Tally.Enrolled())}
	for _, d := range surveys.Dispositions() {
		n := count(r.Tally.Count(d))
		if d == surveys.OtherEligible && r.Tally.Died > 0 {
			n.Note = "(" + strconv.Itoa(r.Tally.Died) + " died)"
		}
		cells = append(cells, n)
	}
	return tableRow{Cells: cells}
}

func armDispositions(id string, e surveys.Edition) tableView {
	t := dispositionTable(id, "Dispositions by arm", "Arm")
	for _, arm := range e.Arms {
		t.Rows = append(t.Rows, dispositionRow(arm))
	}
	all := dispositionRow(e.All)
	all.Total = true
	t.Rows = append(t.Rows, all)
	return t
}

func siteDispositions(id string, e surveys.Edition) tableView {
	t := dispositionTable(id, "Dispositions by site", "Site")
	t.Rows = byArm(e, len(t.Heads), dispositionRow)
	return t
}

// byArm makes a row of each site, under its arm.
func byArm(e surveys.Edition, span int, make func(surveys.Row) tableRow) []tableRow {
	var rows []tableRow
	for _, arm := range e.Arms {
		rows = append(rows, tableRow{Group: arm.Title, Span: span})
		for _, site := range e.Sites {
			if string(site.Arm) == arm.ID {
				rows = append(rows, make(site))
			}
		}
	}
	return rows
}

// shareTable shows one share of every arm with both intervals, and of everybody beside them.
func shareTable(id, caption string, e surveys.Edition, share func(surveys.Row) surveys.Share) tableView {
	t := tableView{ID: id, Caption: caption,
		Heads: heads("Arm", "#Share", "#People", "#95% interval, people as independent", "#95% interval, effective number", "#Effective number")}
	add := func(r surveys.Row, total bool) {
		v := share(r)
		t.Rows = append(t.Rows, tableRow{Total: total, Cells: []tableCell{head(r.Title), numberCell(v.Percent()), numberCell(v.Fraction()),
			numberCell(v.IndependentText()), numberCell(v.EffectiveText()), numberCell(v.EffectiveNumber())}})
	}
	for _, arm := range e.Arms {
		add(arm, false)
	}
	add(e.All, true)
	return t
}

func gapTable(id string, gaps []surveys.ArmGap) tableView {
	t := tableView{ID: id, Caption: "Difference between arms",
		Heads: heads("Of", "#Difference", "#95% interval, people as independent", "#95% interval, effective numbers")}
	add := func(of, arms string, g surveys.Gap) {
		t.Rows = append(t.Rows, row(tableCell{Text: of, Note: arms, Head: true}, numberCell(g.Points()),
			numberCell(g.IndependentText()), numberCell(g.EffectiveText())))
	}
	for _, g := range gaps {
		add("Retention", g.Title(), g.Retention)
		add("Response rate RR1", g.Title(), g.Response)
	}
	return t
}

func siteRates(id string, e surveys.Edition) tableView {
	t := tableView{ID: id, Caption: "Retention and response by site",
		Heads: heads("Site", "#Retention", "#People", "#95% interval", "#RR1", "#95% interval")}
	t.Rows = byArm(e, len(t.Heads), func(r surveys.Row) tableRow {
		return row(head(r.Title), numberCell(r.Retention.Percent()), numberCell(r.Retention.Fraction()),
			numberCell(r.Retention.IndependentText()), numberCell(r.Response.Percent()), numberCell(r.Response.IndependentText()))
	})
	return t
}

// rateTable lists every outcome rate of the AAPOR definitions, an arm a column.
func rateTable(id string, e surveys.Edition) tableView {
	t := tableView{ID: id, Caption: "Outcome rates after the AAPOR Standard Definitions", Heads: heads("Rate", "Formula")}
	columns := append(e.Arms[:len(e.Arms):len(e.Arms)], e.All)
	estimates := []tableCell{head("e"), cell("share of unknown eligibility taken as eligible")}
	for _, r := range columns {
		t.Heads = append(t.Heads, tableCell{Text: r.Title, Number: true})
		estimates = append(estimates, numberCell(r.Rates.EText()))
	}
	for _, rate := range e.All.Rates.List {
		cells := []tableCell{head(rate.Name), cell(rate.Formula)}
		for _, r := range columns {
			cells = append(cells, numberCell(r.Rates.Rate(rate.Name).Percent()))
		}
		t.Rows = append(t.Rows, tableRow{Cells: cells})
	}
	t.Rows = append(t.Rows, tableRow{Cells: estimates})
	return t
}

// chartView is one chart for two widths of screen, drawn by the report package, which escapes its texts.
type chartView struct{ Wide, Narrow template.HTML }

// monitorPage is the monitor of one study, a wave at a time.
type monitorPage struct {
	officePage
	At       string
	WaveTabs []navLink
	PDFURL   string
	Waves    []waveView // one, or none in a study of staff alone
}

// waveView is one wave of the monitor.
type waveView struct {
	ID, Heading    string
	Finding        string
	Doubt          string // says that more than one answer came for the same question; empty for none
	Doubts         tableView
	Tiles          []tileView
	Targets        []targetView
	Chart          chartView
	ChartTable     tableView
	Retention      chartView
	RetentionTable tableView
	Editions       []editionView
}

// tileView is one number to see first.
type tileView struct{ Label, Value, Note, Kind string }

// targetView is a target and where it stands.
type targetView struct {
	ID, Heading string
	Verdict     string
	Kind        string // of the panel
	Facts       []fact
	Arms        tableView
}

// editionView is one way of counting a wave.
type editionView struct {
	ID, Heading  string
	Says         string
	Empty        string // why there is nothing to show
	Folded       string // what the rest is called where it is shown on request
	Dispositions tableView
	Retention    tableView
	Response     tableView
	Gaps         tableView
	Sites        tableView
	SiteRates    tableView
	Rates        tableView
	ICC          string
}
