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

// ShowPerson handles GET /desk/people/:enrolment.
func (h *Desk) ShowPerson(c echo.Context) error {
	who, err := findPerson(c, h.store)
	if err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.now()
	list, err := h.store.ListDueOf(ctx, who.ID, now)
	if err != nil {
		return err
	}
	p := &personPage{frame: h.frames.site(c, "Person "+who.Label, who.study, who.state, who.site)}
	p.Facts = personFacts(who)
	if who.Left == surveys.EraseAnswers {
		found, err := h.store.FindWithdrawal(ctx, who.ID)
		if err != nil {
			return err
		}
		p.Facts = append(p.Facts, page.Fact{Term: "Answers", Text: page.Capital(erasureNote(found.Now().Erasure, who.study.Zone))})
	}
	p.WithdrawalURL, p.WithdrawalSays = who.path()+"/withdrawal", yesNo(who.Left != 0, "How they have left the study", "They want to leave the study")
	if access.Enterers.Has(access.Account(c)) {
		p.EntryURL = entryPersonPath(who.ID)
	}
	changes, err := h.store.ListChanges(ctx, who.ID)
	if err != nil {
		return err
	}
	says, err := authors(c, h.store, false)
	if err != nil {
		return err
	}
	for _, d := range list {
		history, err := h.store.ListDispositions(ctx, who.ID, d.Wave)
		if err != nil {
			return err
		}
		v := viewPersonWave(who, d, history, now)
		v.Changes = changesTable(d.Wave, changes, who.study.Zone, says)
		v.ShowsChanges = len(v.Changes.Rows) > 0
		p.Waves = append(p.Waves, v)
	}
	return h.pages.Send(c, http.StatusOK, p)
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
			{Term: "Open", Text: page.SayDay(d.Window.Opens, who.study.Zone) + " to " + page.SayDay(surveys.AddDays(d.Window.Closes, -1), who.study.Zone)}}
	} else {
		v.Facts = []page.Fact{{Term: "Due", Text: "counted from the baseline, which has not been given yet"}}
	}
	if !d.Disposition.Final() {
		v.Facts = append(v.Facts, page.Fact{Term: "Link", Text: yesNo(d.Invited, "a link and code are out", "none is out")},
			page.Fact{Term: "Answers", Text: yesNo(d.Begun, "begun", "none yet")})
	}
	switch {
	case who.Left != 0: // the withdrawal is the outcome
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
func (h *Desk) GiveLink(c echo.Context) error {
	who, wave, err := findPersonWave(c, h.store)
	if err != nil {
		return err
	}
	if err := h.cookies.DropTicket(c); err != nil { // the device may be handed over with the link
		return err
	}
	invitation, err := h.store.Invite(c.Request().Context(), access.Account(c).ID, who.ID, wave.ID)
	if err != nil {
		return err
	}
	p := &linkPage{frame: h.frames.site(c, "Hand this over", who.study, who.state, who.site), Person: who.Label, Wave: wave.Title}
	p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.path()})
	p.Address, p.Code, p.Link, p.BackURL = h.baseURL.Host, invitation.Code, linkAddress(h.baseURL, invitation.Link), who.path()
	if p.QR, err = page.QRCode(p.Link); err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// AskOutcome handles GET /desk/people/:enrolment/:wave/outcome.
func (h *Desk) AskOutcome(c echo.Context) error {
	who, wave, err := findPersonWave(c, h.store)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.outcomePage(c, who, wave))
}

func (h *Desk) outcomePage(c echo.Context, who person, wave surveys.Wave) *outcomePage {
	p := &outcomePage{frame: h.frames.site(c, "Why can’t they answer?", who.study, who.state, who.site)}
	p.Narrow = true
	p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.path()})
	p.Action, p.CancelURL, p.WithdrawalURL = who.path()+"/"+string(wave.ID)+"/outcome", who.path(), who.path()+"/withdrawal"
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
	Reason string `form:"reason" validate:"required"` // disposition and reason, with a slash between
}

// RecordOutcome handles POST /desk/people/:enrolment/:wave/outcome.
func (h *Desk) RecordOutcome(c echo.Context) error {
	who, wave, err := findPersonWave(c, h.store)
	if err != nil {
		return err
	}
	var form outcomeForm
	if err = page.Bind(c, &form); err == nil {
		word, reason, _ := strings.Cut(form.Reason, "/")
		disposition, _ := surveys.ParseDisposition(word)
		err = h.store.RecordDisposition(c.Request().Context(), access.Account(c).ID, who.ID, wave.ID, disposition, reason)
	}
	if surveys.KindOf(err) == surveys.Invalid {
		p := h.outcomePage(c, who, wave)
		p.Errors = []page.FieldError{{Field: p.Groups[0].ID, Text: "Choose the reason that fits best."}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, who.path())
}

// UndoOutcome handles POST /desk/people/:enrolment/:wave/undo.
func (h *Desk) UndoOutcome(c echo.Context) error {
	who, wave, err := findPersonWave(c, h.store)
	if err != nil {
		return err
	}
	err = h.store.UndoDisposition(c.Request().Context(), access.Account(c).ID, who.ID, wave.ID)
	if err != nil && surveys.KindOf(err) != surveys.Conflict { // it was taken back a moment ago, as the page shows
		return err
	}
	return c.Redirect(http.StatusSeeOther, who.path())
}
