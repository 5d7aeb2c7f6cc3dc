package rounds

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/report"
	"wellwave/surveys/store"
)

// PracticeReports show a practice its own results of the staff survey, once a round is reported, and no other practice's.
// What is shown is what was worked out and kept then: no answer is read for a page.
type PracticeReports struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
}

// ownReport is a practice's report with the study and site that the address names.
type ownReport struct {
	*climate.PracticeReport
	study *surveys.Study
	state surveys.StudyState
	site  surveys.Site
	wave  surveys.WaveID
}

// find returns the report of the address. A practice that is not the account's, and a round that is not reported, do not
// exist.
func (h *PracticeReports) find(c echo.Context) (ownReport, error) {
	study, state, site, err := signedin.FindSite(c, h.store)
	if err != nil {
		return ownReport{}, err
	}
	round, err := h.store.ReportedRound(c.Request().Context(), study.ID, surveys.WaveID(c.Param("wave")))
	if err != nil {
		return ownReport{}, err
	}
	shown, err := climate.ReadReport(round.Report)
	if err != nil {
		return ownReport{}, err
	}
	own, err := shown.Practice(study, round.Questionnaire, site.ID)
	return ownReport{own, study, state, site, round.Wave.ID}, err
}

// Show handles GET /desk/sites/:study/:site/rounds/:wave.
func (h *PracticeReports) Show(c echo.Context) error {
	own, err := h.find(c)
	if err != nil {
		return err
	}
	p := &practiceReportPage{Frame: h.frames.Site(c, own.Practice+": results of the staff survey", own.study, own.state, own.site)}
	p.Practice, p.When, p.Response, p.Lead = own.Practice, own.When(), own.ResponseSays(), own.Lead()
	p.PDFURL = signedin.PracticeReportPath(own.study.ID, own.site.ID, own.wave) + "/report.pdf"
	p.Withheld = own.Withheld()
	if own.Own() || own.Others() {
		p.Charts = []signedin.Chart{signedin.BothSizes("themes", func(size report.Size) *report.Chart { return report.FactorBars(own.PracticeReport, size) })}
		p.Factors = signedin.TableOf("themes-table", report.FactorTable(own.PracticeReport))
	}
	p.ChangeSays = own.ChangeSays()
	if changes := report.ChangeTable(own.PracticeReport); len(changes.Rows) > 0 {
		p.Changes = []page.Table{signedin.TableOf("changes", changes)}
	}
	for _, end := range []struct {
		id, title  string
		statements []climate.Statement
	}{{"strongest", report.StrongestTitle, own.Strongest}, {"weakest", report.WeakestTitle, own.Weakest}} {
		if len(end.statements) > 0 {
			p.StatementCharts = append(p.StatementCharts, signedin.BothSizes(end.id, func(size report.Size) *report.Chart {
				return report.StatementBars(end.title, end.statements, size, 0)
			}))
		}
	}
	p.Statements, p.StatementKey, p.StatementsSay = signedin.TableOf("statements", report.StatementTable(own.PracticeReport)), report.StatementKey, own.StatementsSay()
	p.Roles, p.Questions, p.CannotSay = own.RolesSay(), own.Questions, own.CannotSay()
	return h.pages.Send(c, http.StatusOK, p)
}

// Download handles GET /desk/sites/:study/:site/rounds/:wave/report.pdf.
func (h *PracticeReports) Download(c echo.Context) error {
	own, err := h.find(c)
	if err != nil {
		return err
	}
	var content bytes.Buffer // buffered, so that an error can still be answered with a page
	if err := report.WritePractice(&content, own.PracticeReport); err != nil {
		return fmt.Errorf("draw a practice's report: %w", err)
	}
	signedin.SendAs(c, "application/pdf", string(own.study.ID)+"-"+string(own.site.ID)+"-"+string(own.wave)+".pdf")
	_, err = c.Response().Write(content.Bytes())
	return err
}

// practiceReportPage is what a practice reads of a round of the staff survey.
type practiceReportPage struct {
	signedin.Frame
	Practice, When  string
	Response, Lead  string
	PDFURL          string
	Withheld        []string         // why nothing of the practice itself is shown
	Charts          []signedin.Chart // none where no mean is shown
	Factors         page.Table
	ChangeSays      string
	Changes         []page.Table // none in the first round
	StatementCharts []signedin.Chart
	StatementKey    string
	StatementsSay   string
	Statements      page.Table
	Roles           string
	Questions       []string
	CannotSay       []string
}

func (*practiceReportPage) Template() string { return "desk/practice-report" }
