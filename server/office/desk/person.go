package desk

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
)

// ShowPerson handles GET /desk/people/:enrolment.
func (h *Desk) ShowPerson(c echo.Context) error {
	who, err := signedin.FindPerson(c, h.store)
	if err != nil {
		return err
	}
	ctx, now := c.Request().Context(), h.now()
	list, err := h.store.ListDueOf(ctx, who.ID, now)
	if err != nil {
		return err
	}
	p := &personPage{Frame: h.frames.Site(c, "Person "+who.Label, who.TheirStudy, who.StudyState, who.TheirSite)}
	p.Facts = who.Facts()
	if who.Left == surveys.EraseAnswers {
		found, err := h.store.FindWithdrawal(ctx, who.ID)
		if err != nil {
			return err
		}
		p.Facts = append(p.Facts, page.Fact{Term: "Answers", Text: page.Capital(signedin.ErasureNote(found.Now().Erasure, who.TheirStudy.Zone))})
	}
	p.WithdrawalURL, p.WithdrawalSays = who.Path()+"/withdrawal", signedin.YesNo(who.Left != 0, "How they have left the study", "They want to leave the study")
	if access.Enterers.Has(access.Account(c)) {
		p.EntryURL = signedin.EntryPersonPath(who.ID)
	}
	changes, err := h.store.ListChanges(ctx, who.ID)
	if err != nil {
		return err
	}
	says, err := signedin.Authors(c, h.store, false)
	if err != nil {
		return err
	}
	for _, d := range list {
		history, err := h.store.ListDispositions(ctx, who.ID, d.Wave)
		if err != nil {
			return err
		}
		v := viewPersonWave(who, d, history, now)
		v.Changes = changesTable(d.Wave, changes, who.TheirStudy.Zone, says)
		v.ShowsChanges = len(v.Changes.Rows) > 0
		p.Waves = append(p.Waves, v)
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func viewPersonWave(who signedin.Person, d surveys.Due, history []surveys.DispositionChange, now time.Time) personWave {
	wave, _ := who.TheirStudy.Wave(d.Wave)
	at := who.Path() + "/" + string(d.Wave)
	state := signedin.StateCell(d, now)
	v := personWave{ID: string(d.Wave), Heading: wave.Title, State: state.Text, Kind: state.Badge}
	if d.HasWindow {
		v.Facts = []page.Fact{{Term: "Due", Text: page.SayDay(d.Window.Due, who.TheirStudy.Zone)},
			{Term: "Open", Text: page.SayDay(d.Window.Opens, who.TheirStudy.Zone) + " to " + page.SayDay(surveys.AddDays(d.Window.Closes, -1), who.TheirStudy.Zone)}}
	} else {
		v.Facts = []page.Fact{{Term: "Due", Text: "counted from the baseline, which has not been given yet"}}
	}
	if !d.Disposition.Final() {
		v.Facts = append(v.Facts, page.Fact{Term: "Link", Text: signedin.YesNo(d.Invited, "a link and code are out", "none is out")},
			page.Fact{Term: "Answers", Text: signedin.YesNo(d.Begun, "begun", "none yet")})
	}
	switch {
	case who.Left != 0: // the withdrawal is the outcome
	case d.Source == surveys.ByPerson:
		v.UndoAction, v.UndoSays = at+"/undo", "Take back “"+surveys.ReasonLabel(d.Disposition, d.Reason)+"”"
	case d.HasWindow && who.StudyState.Takes() && d.Disposition != surveys.Complete:
		v.LinkAction, v.LinkButton = at+"/link", signedin.YesNo(d.Invited, "Give a new link and code", "Give a link and code")
		v.OutcomeURL, v.PaperURL = at+"/outcome", at+"/paper"
	}
	v.History = historyTable(who, d.Wave, history)
	v.ShowsHistory = len(v.History.Rows) > 0
	return v
}

func historyTable(who signedin.Person, wave surveys.WaveID, history []surveys.DispositionChange) page.Table {
	t := page.Table{ID: "history-" + string(wave), Caption: "What was recorded", Heads: page.Heads("When", "Outcome", "Reason", "By")}
	for _, change := range history {
		t.Rows = append(t.Rows, page.Row(page.HeadCell(page.SayTime(change.At, who.TheirStudy.Zone)), page.TextCell(change.Disposition.Label()),
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
	who, wave, err := signedin.FindPersonWave(c, h.store)
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
	p := &linkPage{Frame: h.frames.Site(c, "Hand this over", who.TheirStudy, who.StudyState, who.TheirSite), Person: who.Label, Wave: wave.Title}
	p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.Path()})
	p.Address, p.Code, p.Link, p.BackURL = h.baseURL.Host, invitation.Code, signedin.LinkAddress(h.baseURL, invitation.Link), who.Path()
	if p.QR, err = page.QRCode(p.Link); err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// AskOutcome handles GET /desk/people/:enrolment/:wave/outcome.
func (h *Desk) AskOutcome(c echo.Context) error {
	who, wave, err := signedin.FindPersonWave(c, h.store)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.outcomePage(c, who, wave))
}

func (h *Desk) outcomePage(c echo.Context, who signedin.Person, wave surveys.Wave) *outcomePage {
	p := &outcomePage{Frame: h.frames.Site(c, "Why can’t they answer?", who.TheirStudy, who.StudyState, who.TheirSite)}
	p.Narrow = true
	p.Crumbs = append(p.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.Path()})
	p.Action, p.CancelURL, p.WithdrawalURL = who.Path()+"/"+string(wave.ID)+"/outcome", who.Path(), who.Path()+"/withdrawal"
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
	who, wave, err := signedin.FindPersonWave(c, h.store)
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
	return c.Redirect(http.StatusSeeOther, who.Path())
}

// UndoOutcome handles POST /desk/people/:enrolment/:wave/undo.
func (h *Desk) UndoOutcome(c echo.Context) error {
	who, wave, err := signedin.FindPersonWave(c, h.store)
	if err != nil {
		return err
	}
	err = h.store.UndoDisposition(c.Request().Context(), access.Account(c).ID, who.ID, wave.ID)
	if err != nil && surveys.KindOf(err) != surveys.Conflict { // it was taken back a moment ago, as the page shows
		return err
	}
	return c.Redirect(http.StatusSeeOther, who.Path())
}

// changesTable is what those are told of changed answers who may see no answers.
func changesTable(wave surveys.WaveID, changes []surveys.Change, zone *time.Location, says func(surveys.Author) string) page.Table {
	t := page.Table{ID: "changes-" + string(wave), Caption: "Something was changed in the answers", Heads: page.Heads("When", "By")}
	for _, change := range changes {
		if change.Wave == wave {
			t.Rows = append(t.Rows, page.Row(page.HeadCell(page.SayTime(change.At, zone)), page.TextCell(says(change.By))))
		}
	}
	return t
}
