package office

import (
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/monitor"
	"wellwave/surveys/report"
	"wellwave/surveys/store"
)

// Monitor shows how far a study is.
type Monitor struct {
	frames *Frames
	store  *store.Store
	pages  *page.Renderer
	now    func() time.Time
}

// build counts a study as it stands now.
func (h *Monitor) build(c echo.Context, study *surveys.Study) (*monitor.Monitor, error) {
	counts, err := h.store.MonitorCounts(c.Request().Context(), study.ID)
	if err != nil {
		return nil, err
	}
	curve, err := h.store.Curve(c.Request().Context(), study.ID)
	if err != nil {
		return nil, err
	}
	return monitor.Build(study, counts, curve, h.now()), nil
}

// Show handles GET /office/studies/:study/monitor.
func (h *Monitor) Show(c echo.Context) error {
	study, state, err := findStudy(c, h.store)
	if err != nil {
		return err
	}
	m, err := h.build(c, study)
	if err != nil {
		return err
	}
	p := &monitorPage{frame: h.frames.study(c, "Monitor", study, state), At: page.SayTime(m.At, study.Zone)}
	chosen := chooseWave(m, surveys.WaveID(c.QueryParam("wave")))
	if chosen == nil {
		return h.pages.Send(c, http.StatusOK, p)
	}
	here := studyPath(study.ID) + "/monitor"
	p.PDFURL = studyPath(study.ID) + "/report.pdf"
	for _, w := range m.Waves {
		p.WaveTabs = append(p.WaveTabs, page.Link{Label: w.Title, URL: here + "?wave=" + string(w.Wave), Current: w == chosen})
	}
	view := viewWave(chosen)
	discrepancies, err := h.store.ListDiscrepancies(c.Request().Context(), study.ID, chosen.Wave)
	if err != nil {
		return err
	}
	view.Discrepancy, view.Discrepancies = viewDiscrepancies(study, discrepancies)
	p.Waves = []waveView{view}
	return h.pages.Send(c, http.StatusOK, p)
}

// viewDiscrepancies lists the questionnaires to which more than one answer came for the same question.
func viewDiscrepancies(study *surveys.Study, discrepancies []surveys.Discrepancy) (says string, t page.Table) {
	switch len(discrepancies) {
	case 0:
		return "", t
	case 1:
		says = "To one questionnaire more than one answer came for the same question."
	default:
		says = fmt.Sprintf("To %d questionnaires more than one answer came for the same question.", len(discrepancies))
	}
	t = page.Table{ID: "doubts", Caption: "Questionnaires with more than one answer to a question",
		Heads: page.Heads("Study number", "Site", "#Answers replaced by another sitting", "#Saves kept aside")}
	for _, d := range discrepancies {
		t.Rows = append(t.Rows, page.Row(page.HeadCell(d.Label), page.TextCell(study.SiteTitle(d.Site)), count(d.Replaced), count(d.Aside)))
	}
	return says + " What was received last counts, but for saves kept aside, which change nothing. All of it is kept.", t
}

// chooseWave returns the wave that was asked for, or else the first with a target, or else the first there is.
func chooseWave(m *monitor.Monitor, asked surveys.WaveID) *monitor.Wave {
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

func viewWave(w *monitor.Wave) waveView {
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
func tilesOf(e monitor.Edition, targets []monitor.TargetProgress) []tileView {
	var tiles []tileView
	for _, arm := range append(e.Arms[:len(e.Arms):len(e.Arms)], e.All) {
		tiles = append(tiles, tileView{Label: arm.Title, Value: arm.Retention.Percent(), Note: "retained: " + arm.Retention.Fraction()})
	}
	for _, gap := range e.Gaps {
		tiles = append(tiles, tileView{Label: gap.Title(), Value: gap.Retention.Points(), Note: "95% interval " + gap.Retention.EffectiveText() + " with effective numbers"})
	}
	for _, target := range targets {
		tiles = append(tiles, tileView{Label: "Power now", Value: target.PowerText(), Kind: outcomeKind(target.Outcome),
			Note: monitor.FormatPower(target.Target.Power) + " wanted, for " + monitor.DifferenceText(target.Target)})
	}
	return tiles
}

// outcomeKind is the colour that goes with a target's verdict; the verdict itself is in words.
func outcomeKind(o monitor.TargetOutcome) string {
	switch o {
	case monitor.TargetMet:
		return "good"
	case monitor.TargetShort:
		return "warn"
	case monitor.TargetPeopleShort, monitor.TargetSitesShort:
		return "alarm"
	default:
		return ""
	}
}

var panelKinds = map[string]string{"good": "good", "warn": "warn", "alarm": "error"}

func viewTarget(i int, p monitor.TargetProgress) targetView {
	t := p.Target
	v := targetView{ID: "target-" + strconv.Itoa(i+1), Heading: t.Title, Verdict: p.Verdict(), Kind: panelKinds[outcomeKind(p.Outcome)]}
	v.Facts = []page.Fact{
		{Term: "Smallest difference worth finding", Text: monitor.DifferenceText(t)},
		{Term: "Wanted", Text: fmt.Sprintf("power %s, two-sided at %s", monitor.FormatPower(t.Power), strconv.FormatFloat(t.Alpha, 'g', -1, 64))},
		{Term: "Planned intracluster correlation", Text: strconv.FormatFloat(t.ICC, 'g', -1, 64)},
		{Term: "Correlation with baseline", Text: strconv.FormatFloat(t.Correlation, 'g', -1, 64)},
		{Term: "Power now", Text: p.PowerText()},
		{Term: "Detectable difference now", Text: p.DetectableText()},
	}
	v.Arms = page.Table{ID: v.ID + "-arms", Caption: "Completes towards the target",
		Heads: page.Heads("Arm", "#Complete", "#Wanted", "#Can still answer", "#Sites", "#Sites planned", "#Variation of site size", "#Design effect")}
	for _, arm := range p.Arms {
		v.Arms.Rows = append(v.Arms.Rows, page.Row(page.HeadCell(arm.Title), count(arm.Complete), count(arm.Wanted), count(arm.Open), count(arm.Sites),
			count(arm.SitesPlanned), page.NumberCell(arm.CVText()), page.NumberCell(arm.DesignEffectText())))
	}
	return v
}

// bothSizes draws a chart for wide and for narrow screens; a page shows the one that fits.
func bothSizes(id string, draw func(report.Size) *report.Chart) chartView {
	return chartView{Wide: draw(report.Wide).SVG(id + "-wide"), Narrow: draw(report.Narrow).SVG(id + "-narrow")}
}

func viewCurve(c monitor.Curve) (chartView, page.Table) {
	chart := bothSizes("curve", func(size report.Size) *report.Chart { return report.ResponseCurve(c, size) })
	t := page.Table{ID: "curve-table", Caption: "Questionnaires complete, day by day", Heads: page.Heads("Day", "#Complete")}
	for _, p := range c.Points {
		t.Rows = append(t.Rows, page.Row(page.HeadCell(p.Day.Format("2 January 2006")), count(p.Complete)))
	}
	return chart, t
}

func viewRetention(e monitor.Edition, of string) (chartView, page.Table) {
	chart := bothSizes("retention", func(size report.Size) *report.Chart { return report.Retention(e, size) })
	return chart, shareTable("retention-table", "Retention "+of, e, func(r monitor.Row) monitor.Share { return r.Retention })
}

func viewEdition(id, heading, says, empty string, e monitor.Edition) editionView {
	v := editionView{ID: id, Heading: heading, Says: says}
	if e.All.Tally.Enrolled() == 0 {
		v.Empty = empty
		return v
	}
	v.ICC = e.ICC.Text()
	v.Dispositions = armDispositions(id+"-dispositions", e)
	v.Retention = shareTable(id+"-retention", "Retention: complete and partial, of all enrolled who are due", e,
		func(r monitor.Row) monitor.Share { return r.Retention })
	v.Response = shareTable(id+"-response", "Response rate RR1: complete, of all eligible or possibly eligible who are due", e,
		func(r monitor.Row) monitor.Share { return r.Response })
	v.Gaps = gapTable(id+"-gaps", e.Gaps)
	v.Sites = siteDispositions(id+"-sites", e)
	v.SiteRates = siteRates(id+"-site-rates", e)
	v.Rates = rateTable(id+"-rates", e)
	return v
}

// dispositionTable has a column for each disposition and no rows yet.
func dispositionTable(id, caption, first string) page.Table {
	t := page.Table{ID: id, Caption: caption, Heads: page.Heads(first, "#Counted")}
	for _, d := range surveys.Dispositions() {
		t.Heads = append(t.Heads, page.Cell{Text: d.Label(), Number: true})
	}
	return t
}

// dispositionRow counts one row. Deaths stand beside the disposition that they are part of.
func dispositionRow(r monitor.Row) page.TableRow {
	cells := []page.Cell{page.HeadCell(r.Title), count(r.Tally.Enrolled())}
	for _, d := range surveys.Dispositions() {
		n := count(r.Tally.Count(d))
		if d == surveys.OtherEligible && r.Tally.Died > 0 {
			n.Note = "(" + strconv.Itoa(r.Tally.Died) + " died)"
		}
		cells = append(cells, n)
	}
	return page.TableRow{Cells: cells}
}

func armDispositions(id string, e monitor.Edition) page.Table {
	t := dispositionTable(id, "Dispositions by arm", "Arm")
	for _, arm := range e.Arms {
		t.Rows = append(t.Rows, dispositionRow(arm))
	}
	all := dispositionRow(e.All)
	all.Total = true
	t.Rows = append(t.Rows, all)
	return t
}

func siteDispositions(id string, e monitor.Edition) page.Table {
	t := dispositionTable(id, "Dispositions by site", "Site")
	t.Rows = byArm(e, len(t.Heads), dispositionRow)
	return t
}

// byArm makes a row of each site, under its arm.
func byArm(e monitor.Edition, span int, make func(monitor.Row) page.TableRow) []page.TableRow {
	var rows []page.TableRow
	for _, arm := range e.Arms {
		rows = append(rows, page.TableRow{Group: arm.Title, Span: span})
		for _, site := range e.Sites {
			if string(site.Arm) == arm.ID {
				rows = append(rows, make(site))
			}
		}
	}
	return rows
}

// shareTable shows one share of every arm with both intervals, and of everybody beside them.
func shareTable(id, caption string, e monitor.Edition, share func(monitor.Row) monitor.Share) page.Table {
	t := page.Table{ID: id, Caption: caption,
		Heads: page.Heads("Arm", "#Share", "#People", "#95% interval, people as independent", "#95% interval, effective number", "#Effective number")}
	add := func(r monitor.Row, total bool) {
		v := share(r)
		t.Rows = append(t.Rows, page.TableRow{Total: total, Cells: []page.Cell{page.HeadCell(r.Title), page.NumberCell(v.Percent()), page.NumberCell(v.Fraction()),
			page.NumberCell(v.IndependentText()), page.NumberCell(v.EffectiveText()), page.NumberCell(v.EffectiveNumber())}})
	}
	for _, arm := range e.Arms {
		add(arm, false)
	}
	add(e.All, true)
	return t
}

func gapTable(id string, gaps []monitor.ArmGap) page.Table {
	t := page.Table{ID: id, Caption: "Difference between arms",
		Heads: page.Heads("Of", "#Difference", "#95% interval, people as independent", "#95% interval, effective numbers")}
	add := func(of, arms string, g monitor.Gap) {
		t.Rows = append(t.Rows, page.Row(page.Cell{Text: of, Note: arms, Head: true}, page.NumberCell(g.Points()),
			page.NumberCell(g.IndependentText()), page.NumberCell(g.EffectiveText())))
	}
	for _, g := range gaps {
		add("Retention", g.Title(), g.Retention)
		add("Response rate RR1", g.Title(), g.Response)
	}
	return t
}

func siteRates(id string, e monitor.Edition) page.Table {
	t := page.Table{ID: id, Caption: "Retention and response by site",
		Heads: page.Heads("Site", "#Retention", "#People", "#95% interval", "#RR1", "#95% interval")}
	t.Rows = byArm(e, len(t.Heads), func(r monitor.Row) page.TableRow {
		return page.Row(page.HeadCell(r.Title), page.NumberCell(r.Retention.Percent()), page.NumberCell(r.Retention.Fraction()),
			page.NumberCell(r.Retention.IndependentText()), page.NumberCell(r.Response.Percent()), page.NumberCell(r.Response.IndependentText()))
	})
	return t
}

// rateTable lists every outcome rate of the AAPOR definitions, an arm a column.
func rateTable(id string, e monitor.Edition) page.Table {
	t := page.Table{ID: id, Caption: "Outcome rates after the AAPOR Standard Definitions", Heads: page.Heads("Rate", "Formula")}
	columns := append(e.Arms[:len(e.Arms):len(e.Arms)], e.All)
	estimates := []page.Cell{page.HeadCell("e"), page.TextCell("share of unknown eligibility taken as eligible")}
	for _, r := range columns {
		t.Heads = append(t.Heads, page.Cell{Text: r.Title, Number: true})
		estimates = append(estimates, page.NumberCell(r.Rates.EText()))
	}
	for _, rate := range e.All.Rates.List {
		cells := []page.Cell{page.HeadCell(rate.Name), page.TextCell(rate.Formula)}
		for _, r := range columns {
			cells = append(cells, page.NumberCell(r.Rates.Rate(rate.Name).Percent()))
		}
		t.Rows = append(t.Rows, page.TableRow{Cells: cells})
	}
	t.Rows = append(t.Rows, page.TableRow{Cells: estimates})
	return t
}

// chartView is one chart for two widths of screen, drawn by the report package, which escapes its texts.
type chartView struct{ Wide, Narrow template.HTML }

// monitorPage is the monitor of one study, a wave at a time.
type monitorPage struct {
	frame
	At       string
	WaveTabs []page.Link
	PDFURL   string
	Waves    []waveView // one, or none in a study of staff alone
}

// waveView is one wave of the monitor.
type waveView struct {
	ID, Heading    string
	Finding        string
	Discrepancy    string // says that more than one answer came for the same question; empty for none
	Discrepancies  page.Table
	Tiles          []tileView
	Targets        []targetView
	Chart          chartView
	ChartTable     page.Table
	Retention      chartView
	RetentionTable page.Table
	Editions       []editionView
}

// tileView is one number to see first.
type tileView struct{ Label, Value, Note, Kind string }

// targetView is a target and where it stands.
type targetView struct {
	ID, Heading string
	Verdict     string
	Kind        string // of the panel
	Facts       []page.Fact
	Arms        page.Table
}

// editionView is one way of counting a wave.
type editionView struct {
	ID, Heading  string
	Says         string
	Empty        string // why there is nothing to show
	Folded       string // what the rest is called where it is shown on request
	Dispositions page.Table
	Retention    page.Table
	Response     page.Table
	Gaps         page.Table
	Sites        page.Table
	SiteRates    page.Table
	Rates        page.Table
	ICC          string
}
