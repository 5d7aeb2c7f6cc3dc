package office

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/monitor"
	"wellwave/surveys/report"
	"wellwave/surveys/store"
)

// Monitor shows how far a study is.
type Monitor struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
}

// Show handles GET /office/studies/:study/monitor.
func (h *Monitor) Show(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	m, err := h.store.Monitor(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &monitorPage{Frame: h.frames.Study(c, "Monitor", study, state), At: page.SayTime(m.At, study.Zone), Exact: monitor.ForTheTeam, NoWaves: monitor.NoWaves}
	chosen := chooseWave(m, surveys.WaveID(c.QueryParam("wave")))
	if chosen == nil {
		return h.pages.Send(c, http.StatusOK, p)
	}
	here := signedin.StudyPath(study.ID) + "/monitor"
	p.PDFURL = signedin.StudyPath(study.ID) + "/report.pdf"
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
		t.Rows = append(t.Rows, page.Row(page.HeadCell(d.Label), page.TextCell(study.SiteTitle(d.Site)), signedin.CountCell(d.Replaced), signedin.CountCell(d.Aside)))
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
	headline, of := w.Headline()
	v := waveView{ID: string(w.Wave), Heading: w.Title + ", " + of, Finding: headline.Finding(), Tiles: tilesOf(headline, w.Targets)}
	for i, target := range w.Targets {
		v.Targets = append(v.Targets, viewTarget(i, target))
	}
	v.Chart = signedin.BothSizes("curve", func(size report.Size) *report.Chart { return report.ResponseCurve(w.Curve, size) })
	v.ChartTable = signedin.TableOf("curve-table", w.Curve.DayTable())
	v.Retention = signedin.BothSizes("retention", func(size report.Size) *report.Chart { return report.Retention(headline, size) })
	v.RetentionTable = signedin.TableOf("retention-table", headline.RetentionTable())
	v.RetentionTable.Caption = "Retention " + of
	for _, section := range w.Sections() {
		v.Editions = append(v.Editions, viewSection(section))
	}
	v.Editions[1].Folded = "Rates and sites of everybody enrolled"
	return v
}

// tilesOf are the numbers to see first: each arm's retention, their difference beside it, everybody, and the power.
func tilesOf(e monitor.Edition, targets []monitor.TargetProgress) []tileView {
	var tiles []tileView
	for _, arm := range append(e.Arms[:len(e.Arms):len(e.Arms)], e.All) {
		tiles = append(tiles, tileView{Label: arm.Title, Value: arm.Retention.Percent(), Note: arm.Note()})
	}
	for _, gap := range e.Gaps {
		tiles = append(tiles, tileView{Label: gap.Title(), Value: gap.Retention.Points(), Note: gap.Retention.Note()})
	}
	for _, target := range targets {
		tiles = append(tiles, tileView{Label: monitor.PowerNow, Value: target.PowerText(), Kind: outcomeKind(target.Outcome), Note: target.Note()})
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
	v := targetView{ID: "target-" + strconv.Itoa(i+1), Heading: p.Heading(), Verdict: p.Verdict(), Kind: panelKinds[outcomeKind(p.Outcome)]}
	for _, fact := range append(monitor.PlanOf(p.Target), p.Facts()...) {
		v.Facts = append(v.Facts, page.Fact{Term: fact.Name, Text: fact.Value})
	}
	v.Arms = signedin.TableOf(v.ID+"-arms", p.ArmTable())
	return v
}

func viewSection(s monitor.Section) editionView {
	v := editionView{ID: s.ID, Heading: s.Title, Says: s.Says, Counted: s.Counted, Rated: s.Rated}
	if !s.Counted {
		return v
	}
	v.Dispositions = signedin.TableOf(s.ID+"-dispositions", s.Edition.DispositionTable())
	v.Sites = signedin.TableOf(s.ID+"-sites", s.Edition.SiteDispositionTable())
	if s.Rated {
		v.ICC, v.RatesKey = s.Edition.ICC.Text(), monitor.RatesKey
		v.Retention = signedin.TableOf(s.ID+"-retention", s.Edition.RetentionTable())
		v.Response = signedin.TableOf(s.ID+"-response", s.Edition.ResponseTable())
		v.SiteRates = signedin.TableOf(s.ID+"-site-rates", s.Edition.SiteRateTable())
		v.Rates = signedin.TableOf(s.ID+"-rates", s.Edition.RateTable())
	}
	return v
}

// monitorPage is the monitor of one study, a wave at a time.
type monitorPage struct {
	signedin.Frame
	At       string
	Exact    string // of whom the counts are
	NoWaves  string
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
	Chart          signedin.Chart
	ChartTable     page.Table
	Retention      signedin.Chart
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
	Says         string // what is counted, or why there is nothing to show
	Counted      bool
	Rated        bool
	Folded       string // what the rest is called where it is shown on request
	Dispositions page.Table
	Retention    page.Table
	Response     page.Table
	Sites        page.Table
	SiteRates    page.Table
	Rates        page.Table
	RatesKey     string
	ICC          string
}

func (*monitorPage) Template() string { return "office/monitor" }
