package people

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/withdrawal"
	"wellwave/surveys"
	"wellwave/surveys/locale"
	"wellwave/surveys/store"
)

// Withdrawals are recorded for people who have telephoned, written or come by: at the desk of their practice, and in the
// office of the team. Both have the same page, each in its own frame and at its own address; only the team takes one back.
type Withdrawals struct {
	frames   *signedin.Frames
	store    *store.Store
	pages    *page.Renderer
	sessions *access.Sessions
	now      func() time.Time
}

// withdrawing is somebody whose withdrawal is looked at or recorded, at the desk or in the office.
type withdrawing struct {
	signedin.Person
	frame signedin.Frame
	here  string // its address
	back  string
}

// atDesk returns the page as the desk has it.
func (h *Withdrawals) atDesk(c echo.Context) (withdrawing, error) {
	who, err := signedin.FindPerson(c, h.store)
	if err != nil {
		return withdrawing{}, err
	}
	frame := h.frames.Site(c, "Leaving the study: person "+who.Label, who.TheirStudy, who.StudyState, who.TheirSite)
	frame.Crumbs = append(frame.Crumbs, page.Link{Label: "Person " + who.Label, URL: who.Path()})
	return withdrawing{who, frame, who.Path() + "/withdrawal", who.Path()}, nil
}

// atOffice returns the page as the team has it.
func (h *Withdrawals) atOffice(c echo.Context) (withdrawing, error) {
	who, err := signedin.FindPerson(c, h.store)
	if err != nil {
		return withdrawing{}, err
	}
	if string(who.Study) != c.Param("study") {
		return withdrawing{}, echo.ErrNotFound
	}
	list := signedin.StudyPath(who.Study) + "/withdrawals"
	return withdrawing{who, h.frames.Study(c, "Leaving the study: person "+who.Label, who.TheirStudy, who.StudyState), list + "/" + string(who.ID), list}, nil
}

// ShowAtDesk handles GET /desk/people/:enrolment/withdrawal.
func (h *Withdrawals) ShowAtDesk(c echo.Context) error {
	return h.show(c, h.atDesk)
}

// RecordAtDesk handles POST /desk/people/:enrolment/withdrawal.
func (h *Withdrawals) RecordAtDesk(c echo.Context) error {
	return h.record(c, h.atDesk)
}

// Show handles GET /office/studies/:study/withdrawals/:enrolment.
func (h *Withdrawals) Show(c echo.Context) error {
	return h.show(c, h.atOffice)
}

// Record handles POST /office/studies/:study/withdrawals/:enrolment.
func (h *Withdrawals) Record(c echo.Context) error {
	return h.record(c, h.atOffice)
}

func (h *Withdrawals) show(c echo.Context, find func(echo.Context) (withdrawing, error)) error {
	w, err := find(c)
	if err != nil {
		return err
	}
	p, err := h.page(c, w, "", "")
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// page says how far somebody has left and asks whether they go further, with the given level and channel chosen.
func (h *Withdrawals) page(c echo.Context, w withdrawing, level, channel string) (*withdrawalPage, error) {
	found, err := h.store.FindWithdrawal(c.Request().Context(), w.ID)
	if err != nil {
		return nil, err
	}
	p := &withdrawalPage{Frame: w.frame, CancelURL: w.back, LockedSays: withdrawal.LockedSays(locale.English(), w.StudyState)}
	p.Narrow = true
	p.Facts = []page.Fact{{Term: "Study number", Text: w.Label}, {Term: "Site", Text: w.TheirSite.Title}}
	if w.Left != 0 {
		view := withdrawal.WithdrawnOf(locale.English(), found, w.TheirStudy)
		p.Withdrawn = &view
		if erasure := found.Now().Erasure; erasure.Waits() {
			p.Waits = "Their answers are out of use, and are erased for good on " + page.SayTime(erasure.Due, w.TheirStudy.Zone) + "."
		}
		p.Facts = append(p.Facts, page.Fact{Term: "How it came", Text: found.Now().Channel.Label()})
	}
	if len(found.Asked) > 0 {
		p.AskedSays = askedSays(found.Asked[0], w.TheirStudy.Zone)
	}
	leaver := withdrawal.Person{Left: w.Left, State: w.StudyState, Waiting: found.Asked, Told: true, ErasureDays: w.TheirStudy.ErasureDays}
	if p.Levels = leaver.Levels(locale.English(), level); len(p.Levels) > 0 {
		p.Action = w.here
		p.Level = page.ChoiceField{ID: p.Levels[0].ID, Name: "level", Label: signedin.YesNo(w.Left == 0, "What did they ask for?", "Do they ask for more?")}
		for _, view := range p.Levels {
			p.Level.Options = append(p.Level.Options, page.Choice{ID: view.ID, Value: view.Value, Label: "“" + view.Label + "”", Chosen: view.Chosen})
		}
		p.Channel = page.ChoiceField{ID: "channel-desk", Name: "channel", Label: "How did they tell you?"}
		for _, way := range []surveys.Channel{surveys.AtDesk, surveys.ByTelephone, surveys.ByLetter} {
			p.Channel.Options = append(p.Channel.Options, page.Choice{ID: "channel-" + way.String(), Value: way.String(), Label: page.Capital(way.Label()), Chosen: way.String() == channel})
		}
	}
	h.offerReturn(c, p, w, found)
	p.History, err = h.historyTable(c, w, found)
	return p, err
}

// offerReturn lets the team take a withdrawal back, and tells everybody else who can.
func (h *Withdrawals) offerReturn(c echo.Context, p *withdrawalPage, w withdrawing, found surveys.Withdrawn) {
	p.UndoDoes = "What was not answered is then open again."
	if p.Waits != "" {
		p.UndoDoes = "The answers are then in use again, and what was not answered is open again."
		if before := found.Before(); before.Level != 0 {
			p.UndoDoes = "The answers are then in use again, and “" + before.Level.Label() + "” goes on holding."
		}
	}
	err := found.Now().CheckReturn(surveys.ReturnReasons()[0].Code, h.now())
	switch {
	case err != nil || w.StudyState == surveys.Locked:
	case access.Team.Has(access.Account(c)):
		p.UndoAction = signedin.StudyPath(w.Study) + "/withdrawals/" + string(w.ID) + "/undo"
		p.Undo = page.ChoiceField{ID: "reason-mistake", Name: "reason", Label: "Why is it taken back?"}
		for _, reason := range surveys.ReturnReasons() {
			p.Undo.Options = append(p.Undo.Options, page.Choice{ID: "reason-" + reason.Code, Value: reason.Code, Label: reason.Label})
		}
	default:
		p.UndoSays = "If this was a mistake, the study team can take it back."
	}
}

// historyTable lists what was recorded about somebody, and by whom.
func (h *Withdrawals) historyTable(c echo.Context, w withdrawing, found surveys.Withdrawn) (page.Table, error) {
	t := page.Table{ID: "leaving", Caption: "What was recorded", Heads: page.Heads("When", "What", "How", "By")}
	for _, step := range found.History {
		what, how, by := step.Level.Label(), step.Channel.Label(), "the person"
		if !step.Erasure.Undone.IsZero() {
			what += " (taken back on " + page.SayTime(step.Erasure.Undone, w.TheirStudy.Zone) + ")"
		}
		if step.Level == 0 {
			what, how = "Taken back", surveys.ReturnReasonLabel(step.Reason)
		}
		if step.By != "" {
			account, err := h.store.FindAccount(c.Request().Context(), step.By)
			if err != nil {
				return t, err
			}
			by = account.Name
		}
		t.Rows = append(t.Rows, page.Row(page.HeadCell(page.SayTime(step.At, w.TheirStudy.Zone)), page.TextCell(what), page.TextCell(how), page.TextCell(by)))
	}
	return t, nil
}

type withdrawalForm struct {
	Level   string `form:"level"`
	Channel string `form:"channel"`
	Confirm string `form:"confirm"` // empty on the page that asks, yes on the one that asks again
}

// record first asks again, with everything that follows, and then records. Sending it twice changes nothing more.
func (h *Withdrawals) record(c echo.Context, find func(echo.Context) (withdrawing, error)) error {
	w, err := find(c)
	if err != nil {
		return err
	}
	var form withdrawalForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	p, err := h.page(c, w, form.Level, form.Channel)
	if err != nil {
		return err
	}
	level, view, chosen := withdrawal.Asked(form.Level, p.Levels)
	if !chosen && w.Left != 0 && form.Confirm != "" { // recorded a moment ago
		return c.Redirect(http.StatusSeeOther, w.here)
	}
	if !chosen {
		p.Level.Error = "Choose what they asked for"
		p.Errors = append(p.Errors, page.FieldError{Field: p.Level.ID, Text: p.Level.Error})
	}
	channel, ok := surveys.ParseChannel(form.Channel)
	if !ok || channel == surveys.ByCode { // only the person themselves can use that channel
		p.Channel.Error = "Choose how they told you"
		p.Errors = append(p.Errors, page.FieldError{Field: p.Channel.ID, Text: p.Channel.Error})
	}
	if len(p.Errors) > 0 {
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if level == surveys.EraseAnswers {
		if fresh, err := h.sessions.WantFresh(c); !fresh {
			return err
		}
	}
	if form.Confirm == "" {
		return h.pages.Send(c, http.StatusOK, h.confirmPage(w, view, level, channel))
	}
	if err := h.store.Withdraw(context.WithoutCancel(c.Request().Context()),
		surveys.Withdrawal{Enrolment: w.ID, Level: level, Channel: channel, By: access.Account(c).ID}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, w.here)
}

// confirmPage says what is about to be recorded for somebody.
func (h *Withdrawals) confirmPage(w withdrawing, view withdrawal.Level, level surveys.WithdrawalLevel, channel surveys.Channel) *withdrawalConfirmPage {
	p := &withdrawalConfirmPage{Frame: w.frame, Says: "They asked for this " + channel.Label() + ".", Level: view,
		Erases: level == surveys.EraseAnswers && w.StudyState != surveys.Locked, Action: w.here, CancelURL: w.here,
		Fields: []page.HiddenField{{Name: "level", Value: level.String()}, {Name: "channel", Value: channel.String()}, {Name: "confirm", Value: "yes"}}}
	if wait := channel.ErasureWait(w.TheirStudy.ErasureDays); wait > 0 {
		p.Due = page.SayTime(h.now().Add(wait), w.TheirStudy.Zone)
	}
	if w.Left < surveys.StopCollection {
		p.KeepURL = w.here
	}
	p.Title, p.Narrow = "Does person "+w.Label+" leave the study?", true
	return p
}

type undoForm struct {
	Reason string `form:"reason" validate:"required"`
}

// Undo handles POST /office/studies/:study/withdrawals/:enrolment/undo.
func (h *Withdrawals) Undo(c echo.Context) error {
	w, err := h.atOffice(c)
	if err != nil {
		return err
	}
	var form undoForm
	if err = page.Bind(c, &form); err == nil {
		err = h.store.UndoWithdrawal(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, w.ID, form.Reason)
	}
	switch {
	case surveys.KindOf(err) == surveys.Invalid:
		p, pageErr := h.page(c, w, "", "")
		if pageErr != nil {
			return pageErr
		}
		p.Undo.Error = "Choose why it is taken back"
		p.Errors = []page.FieldError{{Field: p.Undo.ID, Text: p.Undo.Error}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	case surveys.KindOf(err) == surveys.Conflict && w.Left == 0: // taken back a moment ago
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, w.here)
}

// List handles GET /office/studies/:study/withdrawals. With a number it leads to that person.
func (h *Withdrawals) List(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	p := &withdrawalsPage{Frame: h.frames.Study(c, "Who has left the study", study, state), MayRecord: access.Team.Has(access.Account(c)),
		Empty: "Nobody has left this study."}
	p.Action = signedin.StudyPath(study.ID) + "/withdrawals"
	p.Number = page.TextField{ID: "label", Label: "Study number", Value: strings.TrimSpace(c.QueryParam("label")), Class: "ww-input--medium", Autocomplete: "off",
		Hint: "To record that somebody has telephoned or written. The number is on their copy of what they agreed to; their practice knows it too."}
	status := http.StatusOK
	if c.QueryParams().Has("label") && p.MayRecord {
		enrolment, err := h.store.FindEnrolmentByLabel(ctx, study.ID, p.Number.Value)
		if err == nil {
			return c.Redirect(http.StatusSeeOther, p.Action+"/"+string(enrolment.ID))
		}
		if status, p.Number.Error, err = signedin.NotFoundNumber(err); err != nil {
			return err
		}
		p.Errors = []page.FieldError{{Field: "label", Text: p.Number.Error}}
	}
	leavers, err := h.store.ListWithdrawals(ctx, study.ID)
	if err != nil {
		return err
	}
	p.People = withdrawalsTable(study, leavers, p.Action, p.MayRecord)
	return h.pages.Send(c, status, p)
}

// askedSays says what an erasure waits for.
func askedSays(asked surveys.Proposal, zone *time.Location) string {
	if asked.Kind == surveys.EraseLocked {
		return "Erasure was asked for on " + page.SayTime(asked.At, zone) + ", after the lock. The data manager decides by " + page.SayTime(asked.Due, zone) + "."
	}
	return "Erasure was asked for on " + page.SayTime(asked.At, zone) + ". Nothing is erased yet: " + strconv.Itoa(surveys.ErasuresAnHour) +
		" people of this site were erased within an hour, so a second person of the study team has to agree."
}

func withdrawalsTable(study *surveys.Study, leavers []surveys.Leaver, at string, links bool) page.Table {
	t := page.Table{ID: "leavers", Caption: "Who has left", Heads: page.Heads("Study number", "Site", "What they asked for", "How it came", "When")}
	for _, w := range leavers {
		number := page.HeadCell(w.Label)
		if links {
			number.URL = at + "/" + string(w.Enrolment)
		}
		t.Rows = append(t.Rows, page.Row(number, page.TextCell(study.SiteTitle(w.Site)), page.Cell{Text: w.Level.Label(), Note: signedin.ErasureNote(w.Erasure, study.Zone)}, page.TextCell(w.Channel.Label()), page.TextCell(page.ShortDay(w.At, study.Zone))))
	}
	return t
}
