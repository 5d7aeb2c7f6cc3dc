package office

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/report"
	"wellwave/surveys/store"
)

// Papers are the blank questionnaires of a study, to print.
type Papers struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
}

// List handles GET /office/studies/:study/paper.
func (h *Papers) List(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	p := &blankPapersPage{Frame: h.frames.Study(c, "Paper questionnaires", study, state)}
	p.Papers = page.Table{ID: "papers", Caption: "Blank questionnaires", Heads: page.Heads("Wave", "Answered by", "Language", "Content", "")}
	p.Papers.Heads[4] = page.HiddenHead("PDF")
	for _, wave := range study.Waves {
		q, err := h.store.CurrentQuestionnaire(c.Request().Context(), study.ID, wave.ID)
		if err != nil {
			return err
		}
		for _, language := range study.Printable(q) {
			at := signedin.StudyPath(study.ID) + "/paper/" + string(wave.ID) + "/" + language + ".pdf"
			p.Papers.Rows = append(p.Papers.Rows, page.Row(page.HeadCell(wave.Title), page.TextCell(wave.Audience.String()), page.TextCell(language),
				page.TextCell(signedin.ShortHash(q.PrintedHash(language))), page.LinkCell("Print", at, wave.Title+" in "+language)))
		}
	}
	p.Notes = []string{"Only languages that are written from left to right can be printed, and the instructions on the paper are in English.",
		"Two papers with the same content ask the same in the same words. The content stands at the foot of every page."}
	if signedin.HasRounds(study) {
		p.Notes = append(p.Notes, "The staff survey can be printed to be read, but not to be answered: a paper would tell who answered what.")
	}
	if p.Facts, err = h.entryFacts(c, study); err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// entryFacts says how a study enters papers, and how far that has come.
func (h *Papers) entryFacts(c echo.Context, study *surveys.Study) ([]page.Fact, error) {
	ctx := c.Request().Context()
	papers, err := h.store.ListPapers(ctx)
	if err != nil {
		return nil, err
	}
	compared, equal, err := h.store.EntryAgreement(ctx, study.ID)
	if err != nil {
		return nil, err
	}
	waiting := make(map[surveys.PaperState]int)
	for _, paper := range papers {
		if paper.Study == study.ID {
			waiting[paper.State]++
		}
	}
	facts := []page.Fact{{Term: "Entered by", Text: signedin.YesNo(study.Paper.DoubleEntry, "two people, and where they differ a third decides", "one person")},
		{Term: "Wait for a second entry", Text: signedin.Plural(waiting[surveys.EnteredOnce], "paper", "papers")},
		{Term: "Wait for a decision", Text: signedin.Plural(waiting[surveys.EntriesDiffer], "paper", "papers")}}
	if compared > 0 {
		facts = append(facts, page.Fact{Term: "Agreement", Text: fmt.Sprintf("%s: %d of %d items read twice are equal", signedin.ShareOf(equal, compared), equal, compared)})
	}
	return facts, nil
}

// Download handles GET /office/studies/:study/paper/:wave/:file: the blank questionnaire in the language that the file name
// says.
func (h *Papers) Download(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	wave, ok := study.Wave(surveys.WaveID(c.Param("wave")))
	if !ok {
		return echo.ErrNotFound
	}
	q, err := h.store.CurrentQuestionnaire(c.Request().Context(), study.ID, wave.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(study.Printable(q), func(language string) bool { return language+".pdf" == c.Param("file") })
	if at < 0 {
		return echo.ErrNotFound
	}
	return signedin.SendPaper(c, report.Paper{Study: study, State: state, Wave: wave, Questionnaire: q, Language: study.Printable(q)[at], Consent: wave.Baseline})
}

// blankPapersPage lists the questionnaires of a study that can be printed.
type blankPapersPage struct {
	signedin.Frame
	Papers page.Table
	Notes  []string
	Facts  []page.Fact // how far the entry of papers has come
}

func (*blankPapersPage) Template() string { return "entry/blank" }
