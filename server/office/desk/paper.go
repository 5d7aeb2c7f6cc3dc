package desk

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/report"
)

// AskPaper handles GET /desk/people/:enrolment/:wave/paper.
func (h *Desk) AskPaper(c echo.Context) error {
	who, wave, err := signedin.FindPersonWave(c, h.store)
	if err != nil {
		return err
	}
	occasion, err := h.store.Occasion(c.Request().Context(), who.ID, wave.ID)
	if err != nil {
		return err
	}
	p := &printPaperPage{Frame: h.frames.Site(c, "Print “"+wave.Title+"” for person "+who.Label, who.TheirStudy, who.StudyState, who.TheirSite)}
	p.Narrow = true
	p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.Path()})
	p.Action, p.CancelURL = who.Path()+"/"+string(wave.ID)+"/paper", who.Path()
	p.Says = []string{"The paper carries the study number and a new code, with which the person can answer on a phone instead. Links and codes given before for this wave no longer work.",
		"Filled-in pages go to the study team, which enters them. Nobody at the practice needs to read them."}
	if !who.Consented {
		p.Says = append(p.Says, "This person has not agreed to take part yet, so the paper asks for that first.")
	}
	p.In = page.SelectField{ID: "language", Label: "Language"}
	for _, language := range occasion.Study.Printable(occasion.Questionnaire) {
		p.In.Options = append(p.In.Options, page.Choice{Value: language, Label: language})
	}
	return h.pages.Send(c, http.StatusOK, p)
}

type paperForm struct {
	Language string `form:"language"`
}

// PrintPaper handles POST /desk/people/:enrolment/:wave/paper and sends the paper with a new link and code, once.
func (h *Desk) PrintPaper(c echo.Context) error {
	who, wave, err := signedin.FindPersonWave(c, h.store)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	occasion, err := h.store.Occasion(ctx, who.ID, wave.ID)
	if err != nil {
		return err
	}
	var form paperForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	if !slices.Contains(occasion.Study.Printable(occasion.Questionnaire), form.Language) {
		return surveys.Errorf(surveys.Invalid, "This questionnaire cannot be printed in that language. Go back and choose another.")
	}
	p := report.Paper{Study: who.TheirStudy, State: who.StudyState, Wave: wave, Questionnaire: occasion.Questionnaire, Language: form.Language, Consent: !who.Consented}
	if err := report.WritePaper(new(bytes.Buffer), p); err != nil { // before an invitation ends the codes given earlier
		return fmt.Errorf("try to draw a questionnaire: %w", err)
	}
	invitation, err := h.store.Invite(ctx, access.Account(c).ID, who.ID, wave.ID)
	if err != nil {
		return err
	}
	p.Person = &report.PaperPerson{Label: who.Label, Site: who.TheirSite.Title, Code: invitation.Code, Link: signedin.LinkAddress(h.baseURL, invitation.Link), Address: h.baseURL.Host}
	return signedin.SendPaper(c, p)
}
