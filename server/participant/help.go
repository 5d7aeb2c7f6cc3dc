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
func (h *Questions) ShowHelp(c echo.Context, v *visit) error {
	if v.ticket.Lent() {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	say := v.words.Say
	return h.pages.Send(c, http.StatusOK, &helpPage{Base: v.base(say("Who is answering?")), Action: v.path("help"), BackURL: v.path(""),
		Helper: v.chosenFrom("helper", "Who gives the answers?", v.Study.OwnHelpers(), v.ticket.Helper),
		Place:  v.chosenFrom("place", "Where are you?", surveys.OwnPlaces(), v.ticket.Place)})
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
func (h *Questions) SayHelp(c echo.Context, v *visit) error {
	var form helpForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	if !v.ticket.Lent() && surveys.Chosen(form.Helper, v.Study.OwnHelpers()) && surveys.Chosen(form.Place, surveys.OwnPlaces()) {
		ticket := v.ticket
		ticket.Helper, ticket.Place = form.Helper, form.Place
		h.cookies.SetTicket(c, ticket)
	}
	return c.Redirect(http.StatusSeeOther, v.path(""))
}
