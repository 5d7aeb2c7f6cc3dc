package server

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

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
func (h *officeHandlers) findPerson(c echo.Context) (person, error) {
	return h.personOf(c, surveys.EnrolmentID(c.Param("enrolment")))
}

// personOf returns the person of an enrolment in the same way.
func (h *officeHandlers) personOf(c echo.Context, id surveys.EnrolmentID) (person, error) {
	ctx := c.Request().Context()
	enrolment, err := h.store.FindEnrolment(ctx, id)
	if err != nil {
		return person{}, err
	}
	if !accountOf(c).SeesSite(enrolment.Study, enrolment.Site) {
		return person{}, echo.ErrNotFound
	}
	study, state, err := h.store.Study(ctx, enrolment.Study)
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
func (h *officeHandlers) findPersonWave(c echo.Context) (person, surveys.Wave, error) {
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

// showPerson handles GET /desk/people/:enrolment.
func (h *officeHandlers) showPerson(c echo.Context) error {
	who, err := h.findPerson(c)
	if err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.now()
	list, err := h.store.ListDue(ctx, who.Study, who.Enrolment.Site, now)
	if err != nil {
		return err
	}
	p := &personPage{officePage: h.deskFrame(c, "Person "+who.Label, who.study, who.state, who.site)}
	p.Facts = personFacts(who)
	p.LeaveURL, p.LeaveSays = who.path()+"/withdrawal", yesNo(who.Left != 0, "How they have left the study", "They want to leave the study")
	if enterers.has(accountOf(c)) {
		p.EntryURL = entryPersonPath(who.ID)
	}
	for _, d := range list {
		if d.Enrolment != who.ID {
			continue
		}
		history, err := h.store.ListDispositions(ctx, who.ID, d.Wave)
		if err != nil {
			return err
		}
		p.Waves = append(p.Waves, viewPersonWave(who, d, history, now))
	}
	return h.pages.page(c, http.StatusOK, p)
}

func personFacts(who person) []fact {
	facts := []fact{{"Site", who.site.Title}, {"Added", sayDay(who.SampledAt, who.study.Zone)}}
	switch {
	case who.Left != 0:
		facts = append(facts, fact{"Consent", "has left the study: “" + who.Left.Label() + "”"})
	case who.Consented:
		facts = append(facts, fact{"Consent", "given"})
	default:
		facts = append(facts, fact{"Consent", "not yet: it is asked on the first page of the questionnaire"})
	}
	return facts
}

func viewPersonWave(who person, d surveys.Due, history []surveys.DispositionChange, now time.Time) personWave {
	wave, _ := who.study.Wave(d.Wave)
	at := who.path() + "/" + string(d.Wave)
	state := stateCell(d, now)
	v := personWave{ID: string(d.Wave), Heading: wave.Title, State: state.Text, Kind: state.Badge}
	if d.HasWindow {
		v.Facts = []fact{{"Due", sayDay(d.Window.Due, who.study.Zone)},
			{"Open", sayDay(d.Window.Opens, who.study.Zone) + " to " + sayDay(d.Window.Closes.AddDate(0, 0, -1), who.study.Zone)}}
	} else {
		v.Facts = []fact{{"Due", "counted from the baseline, which has not been given yet"}}
	}
	if !d.Disposition.Final() {
		v.Facts = append(v.Facts, fact{"Link", yesNo(d.Invited, "a link and code are out", "none is out")},
			fact{"Answers", yesNo(d.Begun, "begun", "none yet")})
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

func historyTable(who person, wave surveys.WaveID, history []surveys.DispositionChange) tableView {
	t := tableView{ID: "history-" + string(wave), Caption: "What was recorded", Heads: heads("When", "Outcome", "Reason", "By")}
	for _, change := range history {
		t.Rows = append(t.Rows, row(head(sayTime(change.At, who.study.Zone)), cell(change.Disposition.Label()),
			cell(surveys.ReasonLabel(change.Disposition, change.Reason)), cell(sourceSays(change.Source))))
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

// giveLink handles POST /desk/people/:enrolment/:wave/link and shows the new link and code, once.
func (h *officeHandlers) giveLink(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	invitation, err := h.store.Invite(c.Request().Context(), accountOf(c).ID, who.ID, wave.ID)
	if err != nil {
		return err
	}
	p := &handOverPage{officePage: h.deskFrame(c, "Hand this over", who.study, who.state, who.site), Person: who.Label, Wave: wave.Title}
	p.Crumbs = append(p.Crumbs, navLink{Label: "Person " + who.Label, URL: who.path()})
	p.Address, p.Code, p.Link, p.BackURL = h.base.Host, invitation.Code, h.linkAddress(invitation.Link), who.path()
	if p.QR, err = qrSVG(p.Link); err != nil {
		return err
	}
	h.cookies.dropSession(c) // the device may be handed over with the link
	return h.pages.page(c, http.StatusOK, p)
}

// askOutcome handles GET /desk/people/:enrolment/:wave/outcome.
func (h *officeHandlers) askOutcome(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	return h.pages.page(c, http.StatusOK, h.outcomePage(c, who, wave))
}

func (h *officeHandlers) outcomePage(c echo.Context, who person, wave surveys.Wave) *outcomePage {
	p := &outcomePage{officePage: h.deskFrame(c, "Why can’t they answer?", who.study, who.state, who.site)}
	p.Narrow = true
	p.Crumbs = append(p.Crumbs, navLink{Label: "Person " + who.Label, URL: who.path()})
	p.Action, p.CancelURL, p.LeaveURL = who.path()+"/"+string(wave.ID)+"/outcome", who.path(), who.path()+"/withdrawal"
	for _, d := range surveys.Dispositions() {
		if !d.SetByPerson() || d == surveys.Ineligible && !wave.Baseline {
			continue
		}
		group := choiceField{ID: "reason-" + d.String(), Name: "reason", Label: d.Label()}
		for i, reason := range surveys.DispositionReasons(d) {
			option := choice{ID: group.ID + "-" + reason.Code, Value: d.String() + "/" + reason.Code, Label: reason.Label}
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

// recordOutcome handles POST /desk/people/:enrolment/:wave/outcome.
func (h *officeHandlers) recordOutcome(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	var form outcomeForm
	if err = bind(c, &form); err == nil {
		word, reason, _ := strings.Cut(form.Reason, "/")
		disposition, _ := surveys.ParseDisposition(word)
		err = h.store.RecordDisposition(c.Request().Context(), accountOf(c).ID, who.ID, wave.ID, disposition, reason)
	}
	if surveys.KindOf(err) == surveys.Invalid {
		p := h.outcomePage(c, who, wave)
		p.Errors = []fieldError{{p.Groups[0].ID, "Choose the reason that fits best."}}
		return h.pages.page(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, who.path())
}

// undoOutcome handles POST /desk/people/:enrolment/:wave/undo.
func (h *officeHandlers) undoOutcome(c echo.Context) error {
	who, wave, err := h.findPersonWave(c)
	if err != nil {
		return err
	}
	err = h.store.UndoDisposition(c.Request().Context(), accountOf(c).ID, who.ID, wave.ID)
	if err != nil && surveys.KindOf(err) != surveys.Conflict { // it was taken back a moment ago, as the page shows
		return err
	}
	return c.Redirect(http.StatusSeeOther, who.path())
}
