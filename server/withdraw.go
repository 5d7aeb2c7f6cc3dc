package server

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// ownLinks lead a participant to what they may look at and do about their own part, from every page.
func (v *visit) ownLinks() []navLink {
	var links []navLink
	if v.Consented && !v.sess.lent() { // a copy would stay on the tablet
		links = append(links, navLink{Label: v.words.Say("What you agreed to: read or keep a copy"), URL: v.path("agreed")})
	}
	if v.Left != 0 {
		return append(links, navLink{Label: v.words.Say("How you have left the study"), URL: v.path("withdrawn")})
	}
	return append(links, navLink{Label: v.words.Say("Leave the study"), URL: v.path("withdraw")})
}

// showLeave handles GET /q/:handle/withdraw: it asks how far somebody wants to leave, and then once more. Both are pages
// that the browser's Back leads to again, and neither does anything.
func (h *participantHandlers) showLeave(c echo.Context, v *visit) error {
	p := v.leavePage(c.QueryParam("level"))
	if len(p.Levels) == 0 { // nothing goes further
		return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
	}
	level, view, ok := askedLevel(c.QueryParam("level"), p.Levels)
	switch {
	case ok:
		return h.pages.page(c, http.StatusOK, &leaveConfirmPage{basePage: v.base(v.words.Say("Please check")), Action: v.path("withdraw"), BackURL: v.path("withdraw"),
			Level: view, Erases: level == surveys.EraseAnswers})
	case c.QueryParam("asked") != "":
		p.Error = v.words.Say("Choose how far you want to leave")
		p.Errors = []fieldError{{p.Levels[0].ID, p.Error}}
		return h.pages.page(c, http.StatusBadRequest, p)
	default:
		return h.pages.page(c, http.StatusOK, p)
	}
}

func (v *visit) leavePage(chosen string) *leavePage {
	p := &leavePage{basePage: v.base(v.words.Say("Leave the study")), Action: v.path("withdraw"), BackURL: v.path(""), LockedSays: lockedSays(v.words.Pack, v.State),
		Levels: levelViews(v.words.Pack, v.Left, v.State, chosen)}
	if v.Left != 0 {
		p.BackURL = v.path("withdrawn")
	}
	return p
}

// leaveStudy handles POST /q/:handle/withdraw, from the page that asked once more. Sent twice it is as good as once.
func (h *participantHandlers) leaveStudy(c echo.Context, v *visit) error {
	level, _, ok := askedLevel(c.FormValue("level"), levelViews(v.words.Pack, v.Left, v.State, ""))
	if !ok { // done already, in another tab or a moment ago, or there is nothing to do
		return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
	}
	// Whoever gives up waiting has left all the same.
	ctx := context.WithoutCancel(c.Request().Context())
	err := h.store.Withdraw(ctx, surveys.Withdrawal{Enrolment: v.sess.Enrolment, Level: level, Channel: surveys.ByCode})
	if err != nil && surveys.KindOf(err) != surveys.Conflict { // a conflict is that they have left further meanwhile
		return err
	}
	return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
}

// showLeft handles GET /q/:handle/withdrawn, the receipt.
func (h *participantHandlers) showLeft(c echo.Context, v *visit) error {
	if v.Left == 0 {
		return c.Redirect(http.StatusSeeOther, v.path("withdraw"))
	}
	ctx := c.Request().Context()
	left, err := h.store.FindWithdrawal(ctx, v.sess.Enrolment)
	if err != nil {
		return err
	}
	person, err := h.store.FindEnrolment(ctx, v.sess.Enrolment)
	if err != nil {
		return err
	}
	p := &receiptPage{basePage: v.base(v.words.Say("You have left the study")), Left: viewLeft(v.words.Pack, left, v.Study.Zone), Number: person.Label, LeaveAction: v.path("leave")}
	if v.Consented && !v.sess.lent() {
		p.CopyURL = v.path("agreed")
	}
	if len(levelViews(v.words.Pack, v.Left, v.State, "")) > 0 {
		p.FurtherURL = v.path("withdraw")
	}
	return h.pages.page(c, http.StatusOK, p)
}
