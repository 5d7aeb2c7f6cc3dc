package server

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// Somebody who has telephoned, written or come by is withdrawn at the desk of their practice or in the office of the team.
// Both have the same page, each in its own frame and at its own address; taking a withdrawal back is the team's alone.

// leaving is one person's page of leaving, where it stands.
type leaving struct {
	person
	frame officePage
	here  string // its address
	back  string
}

// deskLeaving returns the page as the desk has it.
func (h *officeHandlers) deskLeaving(c echo.Context) (leaving, error) {
	who, err := h.findPerson(c)
	if err != nil {
		return leaving{}, err
	}
	frame := h.deskFrame(c, "Leaving the study: person "+who.Label, who.study, who.state, who.site)
	frame.Crumbs = append(frame.Crumbs, navLink{Label: "Person " + who.Label, URL: who.path()})
	return leaving{who, frame, who.path() + "/withdrawal", who.path()}, nil
}

// officeLeaving returns the page as the team has it.
func (h *officeHandlers) officeLeaving(c echo.Context) (leaving, error) {
	who, err := h.findPerson(c)
	if err != nil {
		return leaving{}, err
	}
	if string(who.Study) != c.Param("study") {
		return leaving{}, echo.ErrNotFound
	}
	list := studyPath(who.Study) + "/withdrawals"
	return leaving{who, h.studyFrame(c, "Leaving the study: person "+who.Label, who.study, who.state), list + "/" + string(who.ID), list}, nil
}

// showDeskLeaving handles GET /desk/people/:enrolment/withdrawal.
func (h *officeHandlers) showDeskLeaving(c echo.Context) error {
	return h.showLeaving(c, h.deskLeaving)
}

// recordDeskLeaving handles POST /desk/people/:enrolment/withdrawal.
func (h *officeHandlers) recordDeskLeaving(c echo.Context) error {
	return h.recordLeaving(c, h.deskLeaving)
}

// showOfficeLeaving handles GET /office/studies/:study/withdrawals/:enrolment.
func (h *officeHandlers) showOfficeLeaving(c echo.Context) error {
	return h.showLeaving(c, h.officeLeaving)
}

// recordOfficeLeaving handles POST /office/studies/:study/withdrawals/:enrolment.
func (h *officeHandlers) recordOfficeLeaving(c echo.Context) error {
	return h.recordLeaving(c, h.officeLeaving)
}

func (h *officeHandlers) showLeaving(c echo.Context, find func(echo.Context) (leaving, error)) error {
	l, err := find(c)
	if err != nil {
		return err
	}
	p, err := h.withdrawalPage(c, l, "", "")
	if err != nil {
		return err
	}
	return h.pages.page(c, http.StatusOK, p)
}

// withdrawalPage shows how somebody stands and asks for what goes further, with the given level and channel chosen.
func (h *officeHandlers) withdrawalPage(c echo.Context, l leaving, level, channel string) (*withdrawalPage, error) {
	left, err := h.store.FindWithdrawal(c.Request().Context(), l.ID)
	if err != nil {
		return nil, err
	}
	p := &withdrawalPage{officePage: l.frame, CancelURL: l.back, LockedSays: lockedSays(locale.English(), l.state)}
	p.Narrow = true
	p.Facts = []fact{{"Study number", l.Label}, {"Site", l.site.Title}}
	if l.Left != 0 {
		view := viewLeft(locale.English(), left, l.study.Zone)
		p.Left = &view
		p.Facts = append(p.Facts, fact{"How it came", left.Now().Channel.Label()})
	}
	if p.Levels = levelViews(locale.English(), l.Left, l.state, level); len(p.Levels) > 0 {
		p.Action = l.here
		p.Level = choiceField{ID: p.Levels[0].ID, Name: "level", Label: yesNo(l.Left == 0, "What did they ask for?", "Do they ask for more?")}
		for _, view := range p.Levels {
			p.Level.Options = append(p.Level.Options, choice{ID: view.ID, Value: view.Value, Label: "“" + view.Label + "”", Chosen: view.Chosen})
		}
		p.Channel = choiceField{ID: "channel-desk", Name: "channel", Label: "How did they tell you?"}
		for _, way := range []surveys.Channel{surveys.AtDesk, surveys.ByTelephone, surveys.ByLetter} {
			p.Channel.Options = append(p.Channel.Options, choice{ID: "channel-" + way.String(), Value: way.String(), Label: capital(way.Label()), Chosen: way.String() == channel})
		}
	}
	h.offerReturn(c, p, l)
	p.History, err = h.leavingTable(c, l, left)
	return p, err
}

// offerReturn lets the team take a withdrawal back, and tells everybody else who can.
func (h *officeHandlers) offerReturn(c echo.Context, p *withdrawalPage, l leaving) {
	switch {
	case l.Left == 0 || l.Left == surveys.EraseAnswers || l.state == surveys.Locked:
	case team.has(accountOf(c)):
		p.UndoAction = studyPath(l.Study) + "/withdrawals/" + string(l.ID) + "/undo"
		p.Undo = choiceField{ID: "reason-mistake", Name: "reason", Label: "Why is it taken back?"}
		for _, reason := range surveys.ReturnReasons() {
			p.Undo.Options = append(p.Undo.Options, choice{ID: "reason-" + reason.Code, Value: reason.Code, Label: reason.Label})
		}
	default:
		p.UndoSays = "If this was a mistake, the study team can take it back."
	}
}

// leavingTable is the history of somebody's leaving. Who recorded it stands by name.
func (h *officeHandlers) leavingTable(c echo.Context, l leaving, left surveys.Withdrawn) (tableView, error) {
	t := tableView{ID: "leaving", Caption: "What was recorded", Heads: heads("When", "What", "How", "By")}
	for _, step := range left.History {
		what, how, by := step.Level.Label(), step.Channel.Label(), "the person"
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
		t.Rows = append(t.Rows, row(head(sayTime(step.At, l.study.Zone)), cell(what), cell(how), cell(by)))
	}
	return t, nil
}

// recordLeaving asks again with all that follows, and then records it. Sent twice it is as good as once.
func (h *officeHandlers) recordLeaving(c echo.Context, find func(echo.Context) (leaving, error)) error {
	l, err := find(c)
	if err != nil {
		return err
	}
	p, err := h.withdrawalPage(c, l, c.FormValue("level"), c.FormValue("channel"))
	if err != nil {
		return err
	}
	level, view, chosen := askedLevel(c.FormValue("level"), p.Levels)
	if !chosen && l.Left != 0 && c.FormValue("confirm") != "" { // recorded a moment ago
		return c.Redirect(http.StatusSeeOther, l.here)
	}
	if !chosen {
		p.Level.Error = "Choose what they asked for"
		p.Errors = append(p.Errors, fieldError{p.Level.ID, p.Level.Error})
	}
	channel, ok := surveys.ParseChannel(c.FormValue("channel"))
	if !ok || channel == surveys.ByCode { // that way nobody but the person can have come
		p.Channel.Error = "Choose how they told you"
		p.Errors = append(p.Errors, fieldError{p.Channel.ID, p.Channel.Error})
	}
	if len(p.Errors) > 0 {
		return h.pages.page(c, http.StatusBadRequest, p)
	}
	if c.FormValue("confirm") == "" {
		return h.pages.page(c, http.StatusOK, l.confirmPage(view, level, channel))
	}
	if err := h.store.Withdraw(context.WithoutCancel(c.Request().Context()),
		surveys.Withdrawal{Enrolment: l.ID, Level: level, Channel: channel, By: accountOf(c).ID}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, l.here)
}

// confirmPage says what is about to be recorded for somebody.
func (l leaving) confirmPage(view levelView, level surveys.WithdrawalLevel, channel surveys.Channel) *withdrawalConfirmPage {
	p := &withdrawalConfirmPage{officePage: l.frame, Says: "They asked for this " + channel.Label() + ".", Level: view,
		Erases: level == surveys.EraseAnswers, Action: l.here, CancelURL: l.here,
		Fields: []hiddenField{{"level", level.String()}, {"channel", channel.String()}, {"confirm", "yes"}}}
	p.Title, p.Narrow = "Does person "+l.Label+" leave the study?", true
	return p
}

// undoLeaving handles POST /office/studies/:study/withdrawals/:enrolment/undo.
func (h *officeHandlers) undoLeaving(c echo.Context) error {
	l, err := h.officeLeaving(c)
	if err != nil {
		return err
	}
	err = h.store.UndoWithdrawal(context.WithoutCancel(c.Request().Context()), accountOf(c).ID, l.ID, c.FormValue("reason"))
	switch {
	case surveys.KindOf(err) == surveys.Invalid:
		p, pageErr := h.withdrawalPage(c, l, "", "")
		if pageErr != nil {
			return pageErr
		}
		p.Undo.Error = "Choose why it is taken back"
		p.Errors = []fieldError{{p.Undo.ID, p.Undo.Error}}
		return h.pages.page(c, http.StatusBadRequest, p)
	case surveys.KindOf(err) == surveys.Conflict && l.Left == 0: // taken back a moment ago
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, l.here)
}

// listWithdrawals handles GET /office/studies/:study/withdrawals. With a number it leads to that person.
func (h *officeHandlers) listWithdrawals(c echo.Context) error {
	study, state, err := h.findStudy(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	p := &withdrawalsPage{officePage: h.studyFrame(c, "Who has left the study", study, state), MayRecord: team.has(accountOf(c)),
		Empty: "Nobody has left this study."}
	p.Action = studyPath(study.ID) + "/withdrawals"
	p.Number = textField{ID: "label", Label: "Study number", Value: strings.TrimSpace(c.QueryParam("label")), Class: "ww-input--medium", Autocomplete: "off",
		Hint: "To record that somebody has telephoned or written. The number is on their copy of what they agreed to; their practice knows it too."}
	status := http.StatusOK
	if c.QueryParams().Has("label") && p.MayRecord {
		person, err := h.store.FindEnrolmentByLabel(ctx, study.ID, p.Number.Value)
		if err == nil {
			return c.Redirect(http.StatusSeeOther, p.Action+"/"+string(person.ID))
		}
		if surveys.KindOf(err) != surveys.NotFound {
			return err
		}
		status = http.StatusNotFound
		p.Number.Error = "Nobody in this study has this number."
		p.Errors = []fieldError{{"label", p.Number.Error}}
	}
	leavers, err := h.store.ListWithdrawals(ctx, study.ID)
	if err != nil {
		return err
	}
	p.People = leaversTable(study, leavers, p.Action, p.MayRecord)
	return h.pages.page(c, status, p)
}

func leaversTable(study *surveys.Study, leavers []surveys.Leaver, at string, links bool) tableView {
	t := tableView{ID: "leavers", Caption: "Who has left", Heads: heads("Study number", "Site", "What they asked for", "How it came", "When")}
	for _, l := range leavers {
		number := head(l.Label)
		if links {
			number.URL = at + "/" + string(l.Enrolment)
		}
		t.Rows = append(t.Rows, row(number, cell(study.SiteTitle(l.Site)), cell(l.Level.Label()), cell(l.Channel.Label()), cell(shortDay(l.At, study.Zone))))
	}
	return t
}
