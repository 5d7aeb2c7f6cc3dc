package participant

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/withdrawal"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Consent is asked for before the first question. Somebody can keep a copy of it, and take it back by leaving the study.
type Consent struct {
	store *store.Store
	pages *page.Renderer
}

// Show handles GET /q/:handle/consent.
func (h *Consent) Show(c echo.Context, v *visit) error {
	if v.Consented {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	return h.pages.Send(c, http.StatusOK, v.consentPage(nil, false))
}

type consentForm struct {
	Version string   `form:"version"`
	Clauses []string `form:"clause"` // that are ticked
}

// Give handles POST /q/:handle/consent. Version and clauses are stored before the first answer is taken.
func (h *Consent) Give(c echo.Context, v *visit) error {
	var form consentForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	if page.ReadsAnew(c) {
		if page.AsksForHelp(c) || v.Consented {
			return v.afterReading(c, "")
		}
		return h.pages.Send(c, http.StatusOK, v.consentPage(form.Clauses, false))
	}
	p := v.consentPage(form.Clauses, true)
	if form.Version != v.Study.Consent.Version {
		p = v.consentPage(nil, false)
		p.Errors = []page.FieldError{{Field: "", Text: v.words.Say("The statements have changed since you opened this page. Please read them again.")}}
	}
	if len(p.Errors) > 0 {
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	given := surveys.ConsentGiven{Version: v.Study.Consent.Version, Language: v.words.Language, Clauses: v.known(form.Clauses), Sitting: v.ticket.Sitting}
	if err := h.store.Consent(c.Request().Context(), v.ticket.Enrolment, v.ticket.Wave, given); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, v.path(v.nextQuestion(-1)))
}

// known keeps the clauses that the consent text has, in its order.
func (v *visit) known(ticked []string) []string {
	var clauses []string
	for _, clause := range v.Study.Consent.Clauses {
		if slices.Contains(ticked, clause.ID) {
			clauses = append(clauses, clause.ID)
		}
	}
	return clauses
}

// consentPage shows the clauses with the given ones ticked. strict marks required clauses that are not ticked.
func (v *visit) consentPage(ticked []string, strict bool) *consentPage {
	consent := v.Study.Consent
	p := &consentPage{Base: v.base(v.words.Say("Your consent")), BackURL: v.path("welcome"), Action: v.path("consent"),
		Version: consent.Version, Intro: consent.Intro,
		WithdrawalSays: v.words.Say(surveys.LeavingSays), Levels: withdrawal.Person{ErasureDays: v.Study.ErasureDays}.Levels(v.words.Pack, ""), LockedSays: v.words.Say(surveys.LockedSays)}
	p.SendsAnswers = true
	for _, clause := range consent.Clauses {
		view := page.Clause{ID: "clause-" + clause.ID, Value: clause.ID, Text: clause.Text, Optional: !clause.Required,
			Ticked: slices.Contains(ticked, clause.ID)}
		if strict && clause.Required && !view.Ticked {
			view.Error = v.words.Say("Tick this statement if you want to take part")
			p.Errors = append(p.Errors, page.FieldError{Field: view.ID, Text: v.words.Say("Tick “%s” if you want to take part", clause.Text)})
		}
		p.Clauses = append(p.Clauses, view)
	}
	return p
}
