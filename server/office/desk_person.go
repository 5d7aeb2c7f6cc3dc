package office

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
)

// person is an enrolment with the study and site that it belongs to.
type person struct {
	surveys.Enrolment
	study *surveys.Study
	state surveys.StudyState
	site  surveys.Site
}

func (p person) path() string { return "/desk/people/" + string(p.ID) }

// findPerson returns the person of the address, if they are the account's business. A practice cannot tell a person of
// another site from one that does not exist.
func (h *Handlers) findPerson(c echo.Context) (person, error) {
	return h.personOf(c, surveys.EnrolmentID(c.Param("enrolment")))
}

// personOf returns the person of an enrolment in the same way.
func (h *Handlers) personOf(c echo.Context, id surveys.EnrolmentID) (person, error) {
	ctx := c.Request().Context()
	enrolment, err := h.Store.FindEnrolment(ctx, id)
	if err != nil {
		return person{}, err
	}
	if !access.Account(c).SeesSite(enrolment.Study, enrolment.Site) {
		return person{}, echo.ErrNotFound
	}
	study, state, err := h.Store.Study(ctx, enrolment.Study)
	if err != nil {
		return person{}, err
	}
	site, _ := study.Site(enrolment.Site) // a site that the file no longer names still has its people
	if site.ID == "" {
		site = surveys.Site{ID: enrolment.Site, Title: string(enrolment.Site)}
	}
	return person{enrolment, study, state, site}, nil
}

// findPersonWave returns the person and the wave of the address.
func (h *Handlers) findPersonWave(c echo.Context) (person, surveys.Wave, error) {
	p, err := h.findPerson(c)
	if err != nil {
		return p, surveys.Wave{}, err
	}
	wave, ok := p.study.Wave(surveys.WaveID(c.Param("wave")))
	if !ok || wave.Audience != surveys.Patients {
		return p, wave, echo.ErrNotFound
	}
	return p, wave, nil
}

// ShowPerson handles GET /desk/people/:enrolment.
func (h *Handlers) ShowPerson(c echo.Context) error {
	who, err := h.findPerson(c)
	if err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.Now()
	list, err := h.Store.ListDueOf(ctx, who.ID, now)
	if err != nil {
		return err
	}
	p := &personPage{frame: h.deskFrame(c, "Person "+who.Label, who.study, who.state, who.site)}
	p.Facts = personFacts(who)
	p.LeaveURL, p.LeaveSays = who.path()+"/withdrawal", yesNo(who.Left != 0, "How they have left the study", "They want to leave the study")
	if access.Enterers.Has(access.Account(c)) {
		p.EntryURL = entryPersonPath(who.ID)
	}
	for _, d := range list {
		history, err := h.Store.ListDispositions(ctx, who.ID, d.Wave)
		if err != nil {
			return err
		}
		p.Waves = append(p.Waves, viewPersonWave(who, d, history, now))
	}
	return h.Pages.Send(c, http.StatusOK, p)
}

func personFacts(who person) []page.Fact {
	facts := []page.Fact{{Term: "Site", Text: who.site.Title}, {Term: "Added", Text: page.SayDay(who.SampledAt, who.study.Zone)}}
	switch {
	case who.Left != 0:
		facts = append(facts, page.Fact{Term: "Consent", Text: "has left the study: “" + who.Left.Label() + "”"})
	case who.Consented:
		facts = append(facts, page.Fact{Term: "Consent", Text: "given"})
	default:
		facts = append(facts, page.Fact{Term: "Consent", Text: "not yet: it is asked on the first page of the questionnaire"})
	}
	return facts
}

func viewPersonWave(who person, d surveys.Due, history []surveys.DispositionChange, now time.Time) personWave {
	wave, _ := who.study.Wave(d.Wave)
	at := who.path() + "/" + string(d.Wave)
	state := stateCell(d, now)
	v := personWave{ID: string(d.Wave), Heading: wave.Title, State: state.Text, Kind: state.Badge}
	if d.HasWindow {
		v.Facts = []page.Fact{{Term: "Due", Text: page.SayDay(d.Window.Due, who.study.Zone)},
			{Term: "Open", Text: page.SayDay(d.Window.Opens, who.study.Zone) + " to " + page.SayDay(d.Window.Closes.AddDate(0, 0, -1), who.study.Zone)}}
	} else {
		v.Facts = []page.Fact{{Term: "Due", Text: "counted from the baseline, which has not been given yet"}}
	}
	if !d.Disposition.Final() {
		v.Facts = append(v.Facts, page.Fact{Term: "Link", Text: yesNo(d.Invited, "a link and code are out", "none is out")},
			page.Fact{Term: "Answers", Text: yesNo(d.Begun, "begun", "none yet")})
	}
	switch {
	case who.Left != 0: // their leaving is the outcome
	case d.Source == surveys.ByPerson:
		v.UndoAction, v.UndoSays = at+"/undo", "Take back “"+surveys.ReasonLabel(d.Disposition, d.Reason)+"”"
	case d.HasWindow && who.state.Takes() && d.Disposition != surveys.Complete:
		v.LinkAction, v.LinkButton = at+"/link", yesNo(d.Invited, "Give a new link and code", "Give a link and code")
		v.OutcomeURL, v.PaperURL = at+"/outcome", at+"/paper"
	}
	v.History = historyTable(who, d.Wave, history)
	v.ShowsHistory = len(v.History.Rows) > 0
	return v
}

func historyTable(who person, wave surveys.WaveID, history []surveys.DispositionChange) page.Table {
	t := page.Table{ID: "history-" + string(wave), Caption: "What was recorded", Heads: page.Heads("When", "Outcome", "Reason", "By")}
	for _, change := range history {
		t.Rows = append(t.Rows, page.Row(page.HeadCell(page.SayTime(change.At, who.study.Zone)), page.TextCell(change.Disposition.Label()),
			page.TextCell(surveys.ReasonLabel(change.Disposition, change.Reason)), page.TextCell(sourceSays(change.Source))))
	}
	return t
}

func sourceSays(source surveys.DispositionSource) string {
	switch source {
	case surveys.ByPerson:
		return "an account"
	case surveys.ByWindow:
		return "the end of the window"
	default:
		return "the answers"
	}
}

// GiveLink handles POST /desk/people/:enrolment/:wave/link and shows the new link and code, once.
func (h *Handlers) GiveLink(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	invitation, err := h.Store.Invite(c.Request().Context(), access.Account(c).ID, who.ID, wave.ID)
	if err != nil {
		return err
	}
	p := &handOverPage{frame: h.deskFrame(c, "Hand this over", who.study, who.state, who.site), Person: who.Label, Wave: wave.Title}
	p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.path()})
	p.Address, p.Code, p.Link, p.BackURL = h.BaseURL.Host, invitation.Code, h.linkAddress(invitation.Link), who.path()
	if p.QR, err = page.QRCode(p.Link); err != nil {
		return err
	}
	h.Cookies.DropTicket(c) // the device may be handed over with the link
	return h.Pages.Send(c, http.StatusOK, p)
}

// AskOutcome handles GET /desk/people/:enrolment/:wave/outcome.
func (h *Handlers) AskOutcome(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	return h.Pages.Send(c, http.StatusOK, h.outcomePage(c, who, wave))
}

func (h *Handlers) outcomePage(c echo.Context, who person, wave surveys.Wave) *outcomePage {
	p := &outcomePage{frame: h.deskFrame(c, "Why can’t they answer?", who.study, who.state, who.site)}
	p.Narrow = true
	p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.path()})
	p.Action, p.CancelURL, p.LeaveURL = who.path()+"/"+string(wave.ID)+"/outcome", who.path(), who.path()+"/withdrawal"
	for _, d := range surveys.Dispositions() {
		if !d.SetByPerson() || d == surveys.Ineligible && !wave.Baseline {
			continue
		}
		group := page.ChoiceField{ID: "reason-" + d.String(), Name: "reason", Label: d.Label()}
		for i, reason := range surveys.DispositionReasons(d) {
			option := page.Choice{ID: group.ID + "-" + reason.Code, Value: d.String() + "/" + reason.Code, Label: reason.Label}
			if i == 0 {
				option.ID = group.ID
			}
			group.Options = append(group.Options, option)
		}
		p.Groups = append(p.Groups, group)
	}
	return p
}

type outcomeForm struct {
	Reason string `form:"reason" validate:"required"` // disposition and reason, parted by a stroke
}

// RecordOutcome handles POST /desk/people/:enrolment/:wave/outcome.
func (h *Handlers) RecordOutcome(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	var form outcomeForm
	if err = page.Bind(c, &form); err == nil {
		word, reason, _ := strings.Cut(form.Reason, "/")
		disposition, _ := surveys.ParseDisposition(word)
		err = h.Store.RecordDisposition(c.Request().Context(), access.Account(c).ID, who.ID, wave.ID, disposition, reason)
	}
	if surveys.KindOf(err) == surveys.Invalid {
		p := h.outcomePage(c, who, wave)
		p.Errors = []page.FieldError{{Field: p.Groups[0].ID, Text: "Choose the reason that fits best."}}
		return h.Pages.Send(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, who.path())
}

// UndoOutcome handles POST /desk/people/:enrolment/:wave/undo.
func (h *Handlers) UndoOutcome(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	err = h.Store.UndoDisposition(c.Request().Context(), access.Account(c).ID, who.ID, wave.ID)
	if err != nil && surveys.KindOf(err) != surveys.Conflict { // it was taken back a moment ago, as the page shows
		return err
	}
	return c.Redirect(http.StatusSeeOther, who.path())
}
