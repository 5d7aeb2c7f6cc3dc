package rounds

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/report"
	"wellwave/surveys/store"
)

// Findings are the programme's reports of staff rounds: before they are released a preview for the team, then what was kept.
type Findings struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
}

// foundRound is a staff round with what is, or would be, shown of it.
type foundRound struct {
	study   *surveys.Study
	state   surveys.StudyState
	round   surveys.Round
	report  *climate.Report // nil where there is nothing to show
	average string          // JSON of the published one that a preview was made with
	missing string          // why not
}

func (f foundRound) path() string { return roundsPath(f.study.ID) + "/" + string(f.round.Wave.ID) }

// find returns the study and round of the address, with the report that was kept, or for the team with the one that would be.
func (h *Findings) find(c echo.Context) (f foundRound, err error) {
	ctx := c.Request().Context()
	if f.study, f.state, err = signedin.FindStudy(c, h.store); err != nil {
		return f, err
	}
	rounds, err := h.store.Rounds(ctx, f.study.ID)
	if err != nil {
		return f, err
	}
	for _, round := range rounds {
		if string(round.Wave.ID) == c.Param("wave") {
			f.round = round
		}
	}
	switch f.round.Stage {
	case 0:
		return f, echo.ErrNotFound
	case surveys.RoundReported:
		f.report, err = h.kept(ctx, f)
	case surveys.RoundOpened:
		if !access.Team.Has(access.Account(c)) {
			f.missing = "The answers are opened. The study team has not released what they say yet."
			break
		}
		if f.report, f.average, err = h.preview(ctx, f); surveys.KindOf(err) == surveys.Conflict {
			f.missing, err = strings.Join(signedin.RefusalLines(err), " "), nil
		}
	default:
		f.missing = stageMisses[f.round.Stage]
	}
	return f, err
}

// stageMisses says what is still to come before there is a report.
var stageMisses = map[surveys.RoundStage]string{
	surveys.RoundPlanned: "This round is not set up yet. There is a report once it was open, is closed, and its answers are opened.",
	surveys.RoundOpen:    "This round still takes answers. There is a report once it is closed and its answers are opened.",
	surveys.RoundClosed:  "This round is closed, and its answers are not opened yet. There is a report once they are.",
}

// kept returns the report of a round as it was released.
func (h *Findings) kept(ctx context.Context, f foundRound) (*climate.Report, error) {
	reported, err := h.store.ReportedRound(ctx, f.study.ID, f.round.Wave.ID)
	if err != nil {
		return nil, err
	}
	return climate.ReadReport(reported.Report)
}

// preview works out what would be shown of an opened round, and returns the published average that it was made with.
func (h *Findings) preview(ctx context.Context, f foundRound) (shown *climate.Report, average string, err error) {
	rounds, err := h.store.OpenedRounds(ctx, f.study.ID)
	if err != nil {
		return nil, "", err
	}
	through, err := climate.Through(rounds, f.round.Wave.ID)
	if err != nil {
		return nil, "", err
	}
	shown, err = climate.NewReport(f.study, through)
	return shown, through[len(through)-1].Average, err
}

// Show handles GET /office/studies/:study/rounds/:wave/report.
func (h *Findings) Show(c echo.Context) error {
	f, err := h.find(c)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.page(c, f))
}

func (h *Findings) page(c echo.Context, f foundRound) *findingsPage {
	p := &findingsPage{Frame: h.frames.Study(c, f.round.Wave.Title+": what the practices say", f.study, f.state), Missing: f.missing}
	p.Crumbs = []page.Link{{Label: "Staff rounds", URL: roundsPath(f.study.ID)}, {Label: f.round.Wave.Title, URL: f.path()}}
	if access.Team.Has(access.Account(c)) && f.round.Stage != surveys.RoundReported && f.round.Programme != "" {
		p.AverageURL = f.path() + "/average"
	}
	if f.report == nil {
		return p
	}
	here := f.path() + "/report"
	if f.round.Stage == surveys.RoundOpened {
		p.Preview, p.Action = true, here
		p.Fields = []page.HiddenField{signedin.NewFormID(), {Name: "average", Value: averageMark(f.average)}}
		p.Lacking = f.report.HasProgramme() && !f.report.HasOthers() && f.report.Published == nil
	} else {
		p.PDFURL, p.CSVURL, p.ItemsURL = here+".pdf", f.path()+"/results.csv", f.path()+"/items.csv"
		if f.report.Pairs != nil && f.report.Pairs.Shown() > 0 {
			p.PairsURL = f.path() + "/pairs.csv"
		}
	}
	said := report.NewFindings(f.study, f.report)
	p.Finding, p.Says = said.Finding, said.Says
	for _, part := range said.Parts {
		v := findingsPart{ID: part.ID, Heading: part.Title, Says: part.Says, Folded: part.Folded, Notes: part.Notes}
		if part.Chart != nil {
			v.Chart = signedin.BothSizes(part.ID, part.Chart)
			v.Folded = "The numbers of this chart"
			if part.ID == "changes" || part.ID == "starts" {
				v.Folded = "" // the numbers that the report is about
			}
		}
		for i, t := range part.Tables {
			v.Tables = append(v.Tables, signedin.TableOf(fmt.Sprintf("%s-table-%d", part.ID, i+1), t))
		}
		p.Parts = append(p.Parts, v)
	}
	return p
}

type reportForm struct {
	ID      string `form:"form"`    // see once
	Average string `form:"average"` // the mark of the published average that the preview was made with
}

// Release handles POST /office/studies/:study/rounds/:wave/report: from then on the report is shown, and never changes.
func (h *Findings) Release(c echo.Context) error {
	f, err := h.find(c)
	if err != nil {
		return err
	}
	var form reportForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	again, err := signedin.Once(c, h.store, form.ID, func(ctx context.Context) error { return h.release(ctx, access.Account(c).ID, f, form.Average) })
	if again {
		err = surveys.Errorf(surveys.Conflict, "The button was pressed twice, and nothing was done the second time. The report is shown as soon as it is kept; open this page again.")
	}
	if kind := surveys.KindOf(err); kind == surveys.Conflict || kind == surveys.Invalid {
		p := h.page(c, f)
		for _, line := range signedin.RefusalLines(err) {
			p.Errors = append(p.Errors, page.FieldError{Text: line})
		}
		return h.pages.Send(c, page.KindStatus[kind], p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, f.path()+"/report")
}

// release keeps what the preview showed. It is worked out once more, from the same answers by the same rules, and beside the
// same published average, or not at all.
func (h *Findings) release(ctx context.Context, by surveys.AccountID, f foundRound, mark string) error {
	if f.round.Stage < surveys.RoundOpened {
		return surveys.Errorf(surveys.Conflict, "%s", f.missing)
	}
	shown, average, err := h.preview(ctx, f)
	if err != nil {
		return err
	}
	if averageMark(average) != mark {
		return surveys.Errorf(surveys.Conflict, "The published average of this round was changed since this page was made. Read the results again before you show them.")
	}
	text, err := shown.Text()
	if err != nil {
		return fmt.Errorf("write a report: %w", err)
	}
	return h.store.ReportRound(ctx, by, f.study.ID, f.round.Wave.ID, text, average)
}

// DownloadPDF handles GET /office/studies/:study/rounds/:wave/report.pdf.
func (h *Findings) DownloadPDF(c echo.Context) error {
	return h.download(c, "application/pdf", "report.pdf", func(w io.Writer, f foundRound) error { return report.WriteFindings(w, f.study, f.report) })
}

// DownloadResults handles GET /office/studies/:study/rounds/:wave/results.csv.
func (h *Findings) DownloadResults(c echo.Context) error {
	return h.download(c, csvType, "results.csv", func(w io.Writer, f foundRound) error { return f.report.WriteCSV(w) })
}

// DownloadItems handles GET /office/studies/:study/rounds/:wave/items.csv.
func (h *Findings) DownloadItems(c echo.Context) error {
	return h.download(c, csvType, "items.csv", func(w io.Writer, f foundRound) error { return f.report.WriteItemsCSV(w) })
}

// DownloadPairs handles GET /office/studies/:study/rounds/:wave/pairs.csv. Where too few answered for one it says so.
func (h *Findings) DownloadPairs(c echo.Context) error {
	return h.download(c, csvType, "pairs.csv", func(w io.Writer, f foundRound) error {
		switch pairs := f.report.Pairs; {
		case pairs == nil:
			return surveys.Errorf(surveys.Conflict, "The report of this round has no tables of pairs of items.")
		case pairs.Hidden != 0:
			return surveys.Errorf(surveys.Conflict, "Tables of pairs of items need %d respondents in practices with enough answers, and fewer answered.", pairs.From)
		}
		return f.report.WritePairsCSV(w)
	})
}

const csvType = "text/csv; charset=utf-8"

// download sends a file of a report that was released; of any other round it says what is missing.
func (h *Findings) download(c echo.Context, kind, name string, write func(io.Writer, foundRound) error) error {
	f, err := h.find(c)
	if err != nil {
		return err
	}
	if f.round.Stage != surveys.RoundReported {
		missing := f.missing
		if missing == "" {
			missing = "There is a file once the results are released."
		}
		return surveys.Errorf(surveys.Conflict, "%s", missing)
	}
	var content bytes.Buffer // buffered, so that an error can still be answered with a page
	if err := write(&content, f); err != nil {
		return surveys.Wrap("write "+name, err)
	}
	signedin.SendAs(c, kind, fmt.Sprintf("%s-%s-%s", f.study.ID, f.round.Wave.ID, name))
	_, err = c.Response().Write(content.Bytes())
	return err
}

// findingsPage is the programme's report of a staff round, or the sentence why there is none.
type findingsPage struct {
	signedin.Frame
	Missing                  string
	Preview                  bool
	Action                   string
	Fields                   []page.HiddenField
	AverageURL               string // where the team loads a published average, while it can
	Lacking                  bool   // there is nothing to compare the practices with
	PDFURL, CSVURL, ItemsURL string
	PairsURL                 string // empty where there are none
	Finding                  string
	Says                     []string
	Parts                    []findingsPart
}

// findingsPart is one part of the report.
type findingsPart struct {
	ID, Heading string
	Says        []string
	Chart       signedin.Chart
	Tables      []page.Table
	Folded      string // what the tables are called where they are shown on request
	Notes       []string
}

func (*findingsPage) Template() string { return "office/findings" }
