package participant

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/withdrawal"
	"wellwave/surveys"
)

// ownLinks lead a participant to what they may look at and do about their own part, from every page.
func (v *visit) ownLinks() []page.Link {
	var links []page.Link
	if v.Consented && !v.ticket.Lent() { // a copy would stay on the kiosk
		links = append(links, page.Link{Label: v.words.Say("What you agreed to: read or keep a copy"), URL: v.path("agreed")})
	}
	if v.Left != 0 {
		return append(links, page.Link{Label: v.words.Say("How you have left the study"), URL: v.path("withdrawn")})
	}
	return append(links, page.Link{Label: v.words.Say("Leave the study"), URL: v.path("withdraw")})
}

// AskWithdrawal handles GET /q/:handle/withdraw: it asks how far somebody wants to leave, and then once more. Both are plain
// pages that Back can return to, and neither changes anything.
func (h *Consent) AskWithdrawal(c echo.Context, v *visit) error {
	leaver, _, err := h.leaver(c, v)
	if err != nil {
		return err
	}
	p := v.withdrawPage(leaver.Levels(v.words.Pack, c.QueryParam("level")))
	if len(p.Levels) == 0 { // nothing goes further
		return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
	}
	level, view, ok := withdrawal.Asked(c.QueryParam("level"), p.Levels)
	switch {
	case ok:
		confirm := &withdrawConfirmPage{Base: v.base(v.words.Say("Please check")), Action: v.path("withdraw"), BackURL: v.path("withdraw"),
			Level: view, Erases: level == surveys.EraseAnswers && v.State != surveys.Locked}
		if v.Left < surveys.StopCollection {
			confirm.KeepURL = v.path("withdraw") + "?level=" + surveys.StopCollection.String()
		}
		return h.pages.Send(c, http.StatusOK, confirm)
	case c.QueryParam("asked") != "":
		p.Error = v.words.Say("Choose how far you want to leave")
		p.Errors = []page.FieldError{{Field: p.Levels[0].ID, Text: p.Error}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	default:
		return h.pages.Send(c, http.StatusOK, p)
	}
}

// leaver returns who asks how they leave, and all that is known about that.
func (h *Consent) leaver(c echo.Context, v *visit) (withdrawal.Person, surveys.Withdrawn, error) {
	found, err := h.store.FindWithdrawal(c.Request().Context(), v.ticket.Enrolment)
	return withdrawal.Person{Left: v.Left, State: v.State, Waiting: found.Asked, ErasureDays: v.Study.ErasureDays}, found, err
}

func (v *visit) withdrawPage(levels []withdrawal.Level) *withdrawPage {
	p := &withdrawPage{Base: v.base(v.words.Say("Leave the study")), Action: v.path("withdraw"), BackURL: v.path(""), LockedSays: withdrawal.LockedSays(v.words.Pack, v.State),
		Levels: levels}
	if v.Left != 0 {
		p.BackURL = v.path("withdrawn")
	}
	return p
}

type withdrawForm struct {
	Level string `form:"level"`
}

// Withdraw handles POST /q/:handle/withdraw, from the page that asked once more. Sending it twice changes nothing more.
func (h *Consent) Withdraw(c echo.Context, v *visit) error {
	var form withdrawForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	leaver, _, err := h.leaver(c, v)
	if err != nil {
		return err
	}
	level, _, ok := withdrawal.Asked(form.Level, leaver.Levels(v.words.Pack, ""))
	if !ok { // it was done before, in another tab or a moment ago
		return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
	}
	// The withdrawal counts even if the browser stops waiting.
	ctx := context.WithoutCancel(c.Request().Context())
	err = h.store.Withdraw(ctx, surveys.Withdrawal{Enrolment: v.ticket.Enrolment, Level: level, Channel: surveys.ByCode})
	if err != nil && surveys.KindOf(err) != surveys.Conflict { // a conflict means that they have left further in the meantime
		return err
	}
	return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
}

// ShowWithdrawn handles GET /q/:handle/withdrawn, the receipt.
func (h *Consent) ShowWithdrawn(c echo.Context, v *visit) error {
	if v.Left == 0 {
		return c.Redirect(http.StatusSeeOther, v.path("withdraw"))
	}
	leaver, found, err := h.leaver(c, v)
	if err != nil {
		return err
	}
	enrolment, err := h.store.FindEnrolment(c.Request().Context(), v.ticket.Enrolment)
	if err != nil {
		return err
	}
	p := &withdrawnPage{Base: v.base(v.words.Say("You have left the study")), Withdrawn: withdrawal.WithdrawnOf(v.words.Pack, found, v.Study), Number: enrolment.Label, LeaveAction: v.path("leave")}
	if v.Consented && !v.ticket.Lent() {
		p.CopyURL = v.path("agreed")
	}
	if len(leaver.Levels(v.words.Pack, "")) > 0 {
		p.FurtherURL = v.path("withdraw")
	}
	return h.pages.Send(c, http.StatusOK, p)
}
