package office

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/report"
)

// ListPapers handles GET /office/studies/:study/paper.
func (h *Handlers) ListPapers(c echo.Context) error {
	study, state, err := h.findStudy(c)
	if err != nil {
		return err
	}
	p := &blankPapersPage{frame: h.studyFrame(c, "Paper questionnaires", study, state)}
	p.Papers = page.Table{ID: "papers", Caption: "Blank questionnaires", Heads: page.Heads("Wave", "Answered by", "Language", "Content", "")}
	p.Papers.Heads[4] = page.HiddenHead("PDF")
	for _, wave := range study.Waves {
		q, err := h.Store.CurrentQuestionnaire(c.Request().Context(), study.ID, wave.ID)
		if err != nil {
			return err
		}
		for _, language := range q.Printable() {
			at := studyPath(study.ID) + "/paper/" + string(wave.ID) + "/" + language + ".pdf"
			p.Papers.Rows = append(p.Papers.Rows, page.Row(page.HeadCell(wave.Title), page.TextCell(wave.Audience.String()), page.TextCell(language),
				page.TextCell(shortHash(q.PrintedHash(language))), page.LinkCell("Print", at, wave.Title+" in "+language)))
		}
	}
	p.Notes = []string{"Only languages that are written from left to right can be printed, and the instructions on the paper are in English.",
		"Two papers with the same content ask the same in the same words. The content stands at the foot of every page."}
	if hasRounds(study) {
		p.Notes = append(p.Notes, "The staff survey can be printed to be read, but not to be answered: a paper would tell who answered what.")
	}
	if p.Facts, err = h.entryFacts(c, study); err != nil {
		return err
	}
	return h.Pages.Send(c, http.StatusOK, p)
}

// entryFacts says how a study enters papers, and how far that has come.
func (h *Handlers) entryFacts(c echo.Context, study *surveys.Study) ([]page.Fact, error) {
	ctx := c.Request().Context()
	papers, err := h.Store.ListPapers(ctx)
	if err != nil {
		return nil, err
	}
	compared, equal, err := h.Store.EntryAgreement(ctx, study.ID)
	if err != nil {
		return nil, err
	}
	waiting := make(map[surveys.PaperState]int)
	for _, paper := range papers {
		if paper.Study == study.ID {
			waiting[paper.State]++
		}
	}
	facts := []page.Fact{{Term: "Entered by", Text: yesNo(study.Paper.DoubleEntry, "two people, and where they differ a third decides", "one person")},
		{Term: "Wait for a second entry", Text: plural(waiting[surveys.EnteredOnce], "paper", "papers")},
		{Term: "Wait for a decision", Text: plural(waiting[surveys.EntriesDiffer], "paper", "papers")}}
	if compared > 0 {
		facts = append(facts, page.Fact{Term: "Agreement", Text: fmt.Sprintf("%s: %d of %d items read twice are equal", shareOf(equal, compared), equal, compared)})
	}
	return facts, nil
}

// DownloadPaper handles GET /office/studies/:study/paper/:wave/:file: the blank questionnaire in the language that the file
// is called after.
func (h *Handlers) DownloadPaper(c echo.Context) error {
	study, state, err := h.findStudy(c)
	if err != nil {
		return err
	}
	wave, ok := study.Wave(surveys.WaveID(c.Param("wave")))
	if !ok {
		return echo.ErrNotFound
	}
	q, err := h.Store.CurrentQuestionnaire(c.Request().Context(), study.ID, wave.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(q.Printable(), func(language string) bool { return language+".pdf" == c.Param("file") })
	if at < 0 {
		return echo.ErrNotFound
	}
	return sendPaper(c, report.Paper{Study: study, State: state, Wave: wave, Questionnaire: q, Language: q.Printable()[at], Consent: wave.Baseline})
}

func sendPaper(c echo.Context, p report.Paper) error {
	var content bytes.Buffer // so that a failure still has a page
	if err := report.WritePaper(&content, p); err != nil {
		return fmt.Errorf("draw a questionnaire: %w", err)
	}
	sendAs(c, "application/pdf", fmt.Sprintf("%s-%s-%s.pdf", p.Study.ID, p.Wave.ID, p.Language))
	_, err := c.Response().Write(content.Bytes())
	return err
}

// AskPaper handles GET /desk/people/:enrolment/:wave/paper.
func (h *Handlers) AskPaper(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	sitting, err := h.Store.Occasion(c.Request().Context(), who.ID, wave.ID)
	if err != nil {
		return err
	}
	p := &printPaperPage{frame: h.deskFrame(c, "Print “"+wave.Title+"” for person "+who.Label, who.study, who.state, who.site)}
	p.Narrow = true
	p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.path()})
	p.Action, p.CancelURL = who.path()+"/"+string(wave.ID)+"/paper", who.path()
	p.Says = []string{"The paper carries the study number and a new code, with which the person can answer on a phone instead. Links and codes given before for this wave no longer work.",
		"Filled-in pages go to the study team, which enters them. Nobody at the practice needs to read them."}
	if !who.Consented {
		p.Says = append(p.Says, "This person has not agreed to take part yet, so the paper asks for that first.")
	}
	p.In = page.SelectField{ID: "language", Label: "Language"}
	for _, language := range sitting.Questionnaire.Printable() {
		p.In.Options = append(p.In.Options, page.Choice{Value: language, Label: language})
	}
	return h.Pages.Send(c, http.StatusOK, p)
}

// PrintPaper handles POST /desk/people/:enrolment/:wave/paper and sends the paper with a new link and code, once.
func (h *Handlers) PrintPaper(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	sitting, err := h.Store.Occasion(ctx, who.ID, wave.ID)
	if err != nil {
		return err
	}
	language := c.FormValue("language")
	if !slices.Contains(sitting.Questionnaire.Printable(), language) {
		return surveys.Errorf(surveys.Invalid, "This questionnaire cannot be printed in that language. Go back and choose another.")
	}
	p := report.Paper{Study: who.study, State: who.state, Wave: wave, Questionnaire: sitting.Questionnaire, Language: language, Consent: !who.Consented}
	if err := report.WritePaper(new(bytes.Buffer), p); err != nil { // before codes that are out are ended
		return fmt.Errorf("try to draw a questionnaire: %w", err)
	}
	invitation, err := h.Store.Invite(ctx, access.Account(c).ID, who.ID, wave.ID)
	if err != nil {
		return err
	}
	p.Person = &report.PaperPerson{Label: who.Label, Site: who.site.Title, Code: invitation.Code, Link: h.linkAddress(invitation.Link), Address: h.BaseURL.Host}
	return sendPaper(c, p)
}
