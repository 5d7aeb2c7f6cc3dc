package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/locale"
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

// levelViews words the levels that can be asked for by somebody who has left as far as from: those that go further, and
// no erasure from data that are locked.
func levelViews(pack *locale.Pack, from surveys.WithdrawalLevel, state surveys.StudyState, chosen string) []levelView {
	var views []levelView
	for _, level := range surveys.WithdrawalLevels() {
		if level > from && (level < surveys.EraseAnswers || state != surveys.Locked) {
			views = append(views, levelView{ID: "level-" + level.String(), Value: level.String(), Label: pack.Say(level.Label()),
				Chosen: level.String() == chosen, Does: sayAll(pack, level.Does()), Stays: sayAll(pack, level.Stays())})
		}
	}
	return views
}

// sayAll puts messages without arguments in a language.
func sayAll(pack *locale.Pack, messages []string) []string {
	said := make([]string, len(messages))
	for i, message := range messages {
		said[i] = pack.Say(message)
	}
	return said
}

// lockedSays explains why erasure is not among the levels, where it is not.
func lockedSays(pack *locale.Pack, state surveys.StudyState) string {
	if state != surveys.Locked {
		return ""
	}
	return pack.Say("The data of this study are locked for the analysis, so answers cannot be taken out any more.")
}

// askedLevel reads a level from a form. ok is false for none of those that can be asked for.
func askedLevel(word string, offered []levelView) (level surveys.WithdrawalLevel, view levelView, ok bool) {
	for _, view := range offered {
		if view.Value == word {
			level, ok = surveys.ParseWithdrawalLevel(word)
			return level, view, ok
		}
	}
	return 0, levelView{}, false
}

// viewLeft words what holds for somebody who has left.
func viewLeft(pack *locale.Pack, w surveys.Withdrawn, zone *time.Location) leftView {
	now := w.Now()
	view := leftView{Says: now.Says(pack, zone), Does: sayAll(pack, now.Level.Does()), Stays: sayAll(pack, now.Level.Stays())}
	if n := len(w.Releases); n > 0 {
		numbers := make([]string, n)
		for i, release := range w.Releases {
			numbers[i] = strconv.Itoa(release)
		}
		view.Released = pack.Say("Copies of answers, without a name, are in %d datasets that had left the study before: releases %s.", n, pack.List(numbers))
	}
	return view
}

// showLeave handles GET /q/:handle/withdraw: it asks how far somebody wants to leave, and then once more. Both are pages
// that the browser's Back leads to again, and neither does anything.
func (s *Server) showLeave(c echo.Context, v *visit) error {
	p := v.leavePage(c.QueryParam("level"))
	if len(p.Levels) == 0 { // nothing goes further
		return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
	}
	level, view, ok := askedLevel(c.QueryParam("level"), p.Levels)
	switch {
	case ok:
		return s.pages.page(c, http.StatusOK, &leaveConfirmPage{basePage: v.base(v.words.Say("Please check")), Action: v.path("withdraw"), BackURL: v.path("withdraw"),
			Level: view, Erases: level == surveys.EraseAnswers})
	case c.QueryParam("asked") != "":
		p.Error = v.words.Say("Choose how far you want to leave")
		p.Errors = []fieldError{{p.Levels[0].ID, p.Error}}
		return s.pages.page(c, http.StatusBadRequest, p)
	default:
		return s.pages.page(c, http.StatusOK, p)
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
func (s *Server) leaveStudy(c echo.Context, v *visit) error {
	level, _, ok := askedLevel(c.FormValue("level"), levelViews(v.words.Pack, v.Left, v.State, ""))
	if !ok { // done already, in another tab or a moment ago, or there is nothing to do
		return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
	}
	// Whoever gives up waiting has left all the same.
	ctx := context.WithoutCancel(c.Request().Context())
	err := s.store.Withdraw(ctx, surveys.Withdrawal{Enrolment: v.sess.Enrolment, Level: level, Channel: surveys.ByCode})
	if err != nil && surveys.KindOf(err) != surveys.Conflict { // a conflict is that they have left further meanwhile
		return err
	}
	return c.Redirect(http.StatusSeeOther, v.path("withdrawn"))
}

// showLeft handles GET /q/:handle/withdrawn, the receipt.
func (s *Server) showLeft(c echo.Context, v *visit) error {
	if v.Left == 0 {
		return c.Redirect(http.StatusSeeOther, v.path("withdraw"))
	}
	ctx := c.Request().Context()
	left, err := s.store.FindWithdrawal(ctx, v.sess.Enrolment)
	if err != nil {
		return err
	}
	person, err := s.store.FindEnrolment(ctx, v.sess.Enrolment)
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
	return s.pages.page(c, http.StatusOK, p)
}
