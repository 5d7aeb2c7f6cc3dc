package people

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// correcting is an answer that somebody is about to correct. The page does not say what stands: for that one looks.
type correcting struct {
	signedin.Person
	wave  surveys.Wave
	item  surveys.QuestionItem
	words question.Wording
}

func (h *People) findCorrecting(c echo.Context) (correcting, error) {
	who, err := h.findLookedAt(c)
	if err != nil {
		return correcting{}, err
	}
	occasion, err := h.store.Occasion(c.Request().Context(), who.ID, surveys.WaveID(c.Param("wave")))
	if err != nil {
		return correcting{}, err
	}
	found := correcting{Person: who, wave: occasion.Wave}
	if occasion.Wave.Audience != surveys.Patients {
		return found, echo.ErrNotFound
	}
	item, ok := occasion.Questionnaire.Item(c.Param("item"))
	if !ok || item.Kind == surveys.KindDisplay {
		return found, echo.ErrNotFound
	}
	found.item, found.words = item, question.WordingOf(occasion.Questionnaire, locale.English(), "")
	return found, nil
}

// AskCorrection handles GET /office/studies/:study/people/:enrolment/:wave/:item.
func (h *People) AskCorrection(c echo.Context) error {
	on, err := h.findCorrecting(c)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.correctionPage(c, on, url.Values{correctionForm: {tickets.NewSitting()}}))
}

// The fields beside the item's own. No item can be called so, because codes have no hyphen.
const (
	correctionForm   = "correction-form"
	correctionReason = "correction-reason"
	noAnswer         = "correction-none" // the answer is to be taken out
)

func (h *People) correctionPage(c echo.Context, on correcting, form url.Values) *correctionPage {
	at := answersPath(on.Person)
	p := &correctionPage{Frame: h.frames.Study(c, "Correct an answer of "+on.Label, on.TheirStudy, on.StudyState), Wave: on.wave.Title,
		Action: at + "/" + string(on.wave.ID) + "/" + on.item.Code, CancelURL: at, Form: page.HiddenField{Name: correctionForm, Value: form.Get(correctionForm)}}
	p.Narrow = true
	p.Question = on.words.Question(on.item)
	p.Question.Intro, p.Question.Listen = "", ""
	p.Question.Fill(form)
	p.None = page.Clause{ID: noAnswer, Value: "yes", Text: "There should be no answer: what stands is taken out", Ticked: form.Get(noAnswer) != ""}
	p.Reason = reasonField(correctionReason, form.Get(correctionReason))
	return p
}

// reasonField asks why answers take the place of others.
func reasonField(name, chosen string) page.ChoiceField {
	f := page.ChoiceField{ID: "reason-" + surveys.CorrectionReasons()[0].String(), Name: name, Label: "Why?"}
	for _, reason := range surveys.CorrectionReasons() {
		f.Options = append(f.Options, page.Choice{ID: "reason-" + reason.String(), Value: reason.String(), Label: page.Capital(reason.Label()), Chosen: chosen == reason.String()})
	}
	return f
}

// Correct handles POST /office/studies/:study/people/:enrolment/:wave/:item.
func (h *People) Correct(c echo.Context) error {
	on, err := h.findCorrecting(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	p := h.correctionPage(c, on, form)
	value, err := question.TypedValue(on.item.Item, form)
	switch {
	case form.Get(noAnswer) != "" && value.Given():
		p.Question.Error = "Give an answer, or tick that there should be none."
	case form.Get(noAnswer) != "":
		value = surveys.Absent(surveys.NotRecorded)
	case err != nil:
		p.Question.Error = on.words.Problem(err)
	case !value.Given():
		p.Question.Error = "Give the right answer, or tick that there should be none."
	}
	if p.Question.Error != "" {
		p.Errors = append(p.Errors, page.FieldError{Field: p.Question.FieldID(), Text: p.Question.Error})
	}
	reason, ok := surveys.ParseCorrectionReason(form.Get(correctionReason))
	if !ok {
		p.Reason.Error = "Choose why the answer is corrected."
		p.Errors = append(p.Errors, page.FieldError{Field: p.Reason.ID, Text: p.Reason.Error})
	}
	if len(p.Errors) > 0 {
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	err = h.store.CorrectAnswer(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, on.ID, on.wave.ID, form.Get(correctionForm),
		surveys.ItemAnswer{Code: on.item.Code, Value: value}, reason)
	var refused *surveys.Error
	if errors.As(err, &refused) && (refused.Kind == surveys.Invalid || refused.Kind == surveys.Conflict) {
		p.Errors = []page.FieldError{{Text: page.Sentence(refused.Message)}}
		return h.pages.Send(c, page.KindStatus[refused.Kind], p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, answersPath(on.Person)+"?corrected=1")
}

// correctionPage asks for the right answer and why the one that stands is wrong.
type correctionPage struct {
	signedin.Frame
	Wave              string
	Question          question.View
	None              page.Clause
	Reason            page.ChoiceField
	Form              page.HiddenField
	Action, CancelURL string
}

func (*correctionPage) Template() string { return "office/correction" }
