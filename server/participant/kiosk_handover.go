package participant

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
)

// This is how a kiosk is handed over with a network; see kiosk_offline.go for how it is done without.

// AskHandOver handles GET /q/kiosk/people/:enrolment/:wave.
func (h *Kiosk) AskHandOver(c echo.Context, pass kioskPass) error {
	return h.showHandOver(c, pass, http.StatusOK, handOverForm{}, nil)
}

func (h *Kiosk) showHandOver(c echo.Context, pass kioskPass, status int, said handOverForm, refused error) error {
	base, study, err := h.base(c, pass, handOverTitle)
	if err != nil {
		return err
	}
	person, wave, err := h.personOf(c, pass, study)
	if err != nil {
		return err
	}
	p := newHandOverPage(base, study, said)
	p.Person, p.Wave, p.Action, p.BackURL = person.Label, wave.Title, handOverPath(person.ID, wave.ID), peoplePath
	if refused != nil {
		p.Errors = page.ShowErrors(refused, &p.Initials)
		for _, e := range p.Errors {
			if e.Field == "helper" {
				p.Helper.Error = e.Text
			}
		}
	}
	return h.pages.Send(c, status, p)
}

const handOverTitle = "Hand the tablet over"

// newHandOverPage returns the page with what was entered so far, but without the person.
func newHandOverPage(base page.Base, study *surveys.Study, said handOverForm) *handOverPage {
	p := &handOverPage{Base: base}
	p.Initials = page.TextField{ID: "initials", Label: "Your initials", Value: said.Initials, Autocomplete: "off", Class: "ww-input--medium",
		Hint: "Who hands the tablet over, as up to 6 letters or digits. No name."}
	if study.Kiosk.LinksPractitioners {
		p.Colleague = &page.ChoiceField{ID: "colleague", Name: "colleague", Label: "You are", Options: []page.Choice{
			{ID: "colleague", Value: surveys.PracticeColleague, Label: "Somebody of the practice", Chosen: said.Colleague != surveys.LinksPractitioner},
			{ID: "colleague-1", Value: surveys.LinksPractitioner, Label: "A links practitioner", Chosen: said.Colleague == surveys.LinksPractitioner}}}
	}
	p.Helper = page.ChoiceField{ID: "helper", Name: "helper", Label: "Who helps with the answers?"}
	for i, helper := range study.KioskHelpers() {
		id := "helper"
		if i > 0 {
			id += "-" + strconv.Itoa(i)
		}
		word := cmp.Or(helper.Code, nobodyHelps)
		p.Helper.Options = append(p.Helper.Options, page.Choice{ID: id, Value: word, Label: helper.Label, Chosen: word == said.Helper})
	}
	return p
}

type handOverForm struct {
	Initials  string `form:"initials"`
	Colleague string `form:"colleague"`
	Helper    string `form:"helper"`
}

// nobodyHelps stands for an empty helper in the form, to tell it from a question that was left out.
const nobodyHelps = "nobody"

// check fails with Invalid if the question who helps was left out.
func (f handOverForm) check() error {
	if f.Helper != "" {
		return nil
	}
	return &surveys.Error{Kind: surveys.Invalid, Message: "something about the handing-over is missing",
		Fields: map[string]string{"helper": "Choose who helps with the answers."}}
}

// handedOver returns the handing-over that the form describes.
func (f handOverForm) handedOver(kiosk surveys.KioskID, enrolment surveys.EnrolmentID, wave surveys.WaveID) surveys.HandOver {
	h := surveys.HandOver{Kiosk: kiosk, Enrolment: enrolment, Wave: wave, Initials: f.Initials, Colleague: f.Colleague, Helper: f.Helper}
	if h.Helper == nobodyHelps {
		h.Helper = ""
	}
	return h
}

// HandOver handles POST /q/kiosk/people/:enrolment/:wave. From now on the kiosk is in the participant's hands, so nothing of
// the desk stays open in this browser.
func (h *Kiosk) HandOver(c echo.Context, pass kioskPass) error {
	var form handOverForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	ctx := c.Request().Context()
	var made surveys.HandOver
	err := form.check()
	if err == nil {
		made, err = h.store.HandOver(ctx, pass.proof, form.handedOver(pass.ID, surveys.EnrolmentID(c.Param("enrolment")), surveys.WaveID(c.Param("wave"))))
	}
	switch kind := surveys.KindOf(err); kind {
	case 0:
	case surveys.Invalid, surveys.Forbidden:
		return h.showHandOver(c, pass, page.KindStatus[kind], form, err)
	case surveys.Unauthenticated: // the time ran out while the page was open, or the button was pressed twice
		return c.Redirect(http.StatusSeeOther, KioskPath)
	}
	if err != nil {
		return err
	}
	if err := h.sessions.SignOut(c); err != nil {
		return err
	}
	ticket := tickets.Ticket{Audience: surveys.Patients, Study: made.Study, Wave: made.Wave, Enrolment: made.Enrolment, Site: made.Site, Sitting: tickets.NewSitting(),
		Issued: h.now(), Assistance: tickets.Assistance{Kiosk: made.Kiosk, HandOver: made.ID, Helper: made.Helper, Place: surveys.AtPractice}}
	h.cookies.SetKiosk(c, pass.KioskDevice, "")
	h.cookies.SetTicket(c, ticket)
	return c.Redirect(http.StatusSeeOther, "/q/"+h.sealer.Handle(ticket)+"/")
}
