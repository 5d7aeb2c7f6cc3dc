package participant

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/surveys"
)

// ShowHelp handles GET /q/:handle/help, where somebody on their own device says who helps them and where they are. On a
// kiosk the colleague who handed it over has said so.
func (h *Response) ShowHelp(c echo.Context, v *visit) error {
	if v.ticket.Lent() {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	return h.showHelp(c, v, helpForm{v.ticket.Helper, v.ticket.Place})
}

// showHelp shows the page with what was said so far, and refuses what is on no list.
func (h *Response) showHelp(c echo.Context, v *visit, said helpForm) error {
	status, helpers := http.StatusOK, v.Study.OwnHelpers()
	p := &helpPage{Base: v.base(v.words.Say("Who is answering?")), Action: v.path("help"), BackURL: v.path(""),
		Helper: v.chosenFrom("helper", "Who gives the answers?", helpers, said.Helper),
		Place:  v.chosenFrom("place", "Where are you?", surveys.OwnPlaces(), said.Place)}
	if !surveys.Chosen(said.Helper, helpers) {
		p.refuse(&p.Helper, v.words.Say("“%s” is not an answer to this question.", surveys.Excerpt(said.Helper)))
	}
	if !surveys.Chosen(said.Place, surveys.OwnPlaces()) {
		p.refuse(&p.Place, v.words.Say("“%s” is not an answer to this question.", surveys.Excerpt(said.Place)))
	}
	if len(p.Errors) > 0 {
		status = http.StatusBadRequest
	}
	return h.pages.Send(c, status, p)
}

// refuse says what is wrong with a choice, beside it and in the summary.
func (p *helpPage) refuse(field *page.ChoiceField, message string) {
	field.Error = message
	p.Errors = append(p.Errors, page.FieldError{Field: field.Options[0].ID, Text: message})
}

func (v *visit) chosenFrom(name, label string, choices []surveys.Choice, code string) page.ChoiceField {
	field := page.ChoiceField{ID: name, Name: name, Label: v.words.Say(label)}
	for i, one := range choices {
		field.Options = append(field.Options, page.Choice{ID: name + "-" + strconv.Itoa(i), Value: one.Code, Label: v.words.Say(one.Label), Chosen: one.Code == code})
	}
	return field
}

type helpForm struct {
	Helper string `form:"helper"`
	Place  string `form:"place"`
}

// SayHelp handles POST /q/:handle/help. It is part of the ticket from then on, and goes with every answer.
func (h *Response) SayHelp(c echo.Context, v *visit) error {
	var form helpForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	if v.ticket.Lent() {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	if !surveys.Chosen(form.Helper, v.Study.OwnHelpers()) || !surveys.Chosen(form.Place, surveys.OwnPlaces()) {
		return h.showHelp(c, v, form)
	}
	ticket := v.ticket
	ticket.Helper, ticket.Place = form.Helper, form.Place
	h.cookies.SetTicket(c, ticket)
	return c.Redirect(http.StatusSeeOther, v.path(""))
}
