package participant

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/tickets"
	"wellwave/surveys"
)

// moved answers a page whose response is not the ticket's: the ticket ended, or another link was opened in this browser
// since. It writes nothing. What was typed stays on the page in a form that can be sent once the right link is open again.
func (h *Visits) moved(c echo.Context, ticket tickets.Ticket, open bool) error {
	if c.Request().Method != http.MethodPost {
		if back, ok := h.kioskWay(c, ticket, open); ok {
			return c.Redirect(http.StatusSeeOther, back)
		}
	}
	r := page.ReaderOf(c)
	p := &movedPage{Base: page.PublicBase(r, "Open your link again"), Action: c.Request().URL.Path,
		Reason: r.Spoken().Say("This page was open for a long time, or its link was closed on this device or replaced by a newer one, so nothing can be saved from it now.")}
	status := http.StatusUnauthorized
	if p.NoCookies = !open && len(c.Cookies()) == 0; p.NoCookies {
		// The link may have ended with the browser’s session, or the browser keeps no cookies: no request tells the two apart, so
		// the page must not send people round in a circle.
		p.Title = r.Spoken().Say("Open your link again, or allow cookies")
		p.Reason = r.Spoken().Say("No link is open in this browser. Either it was closed, or this browser does not keep cookies.")
	}
	if open {
		status = http.StatusConflict
		p.Title = r.Spoken().Say("This page belongs to another link")
		p.Reason = r.Spoken().Say("Another link has been opened in this browser since. Nothing was saved from this page, so that answers of two people are never mixed up.")
	}
	if c.Request().Method != http.MethodPost {
		return h.pages.Send(c, status, p)
	}
	form, err := page.TypedForm(c)
	if err != nil {
		return err
	}
	p.keep(c, form, h.questionnaireOf(c, ticket, open))
	return h.pages.Send(c, status, p)
}

// unsaved answers a save that failed because of a fault of ours, and keeps on the page what was typed. v is nil if not even
// the response could be read.
func (h *Visits) unsaved(c echo.Context, v *visit, why error) error {
	h.logTrouble(c, page.TroubleOf(why), why)
	form, err := page.TypedForm(c)
	if err != nil {
		return why
	}
	const title, reason = "Your answer is not saved yet", "Something on our side is not working at the moment. Wait a minute, then press the button below."
	r := page.ReaderOf(c)
	p := &movedPage{Base: page.PublicBase(r, title), Action: c.Request().URL.Path, Retry: true, Reason: r.Spoken().Say(reason)}
	var known *questions
	if v != nil {
		p.Base, p.Reason = v.base(v.words.Say(title)), v.words.Say(reason)
		known = &questions{v.Questionnaire, v.words}
	}
	p.keep(c, form, known)
	return h.pages.Send(c, page.TroubleOf(why).Status, p)
}

// beforeConsent answers a save of somebody who has not agreed to anything yet. Nothing is written.
func (h *Visits) beforeConsent(c echo.Context, v *visit) error {
	form, err := page.TypedForm(c)
	if err != nil {
		return err
	}
	p := &movedPage{Base: v.base(v.words.Say("Please read this first")), Action: c.Request().URL.Path, ConsentURL: v.path("consent"),
		Reason: v.words.Say("An answer can only be saved once you have read what the study does with it and agreed to take part.")}
	p.keep(c, form, &questions{v.Questionnaire, v.words})
	return h.pages.Send(c, http.StatusForbidden, p)
}

// questions is a questionnaire with its words, by which what was typed can be read.
type questions struct {
	*surveys.Questionnaire
	words question.Wording
}

// questionnaireOf returns the questionnaire of the ticket. Two people who share a browser mostly answer the same one, so it
// explains what was typed.
func (h *Visits) questionnaireOf(c echo.Context, ticket tickets.Ticket, open bool) *questions {
	if !open || ticket.Audience == surveys.Staff {
		return nil
	}
	v, err := h.open(c.Request().Context(), ticket, "", page.ReaderOf(c))
	if err != nil {
		return nil // what was typed is then kept without its question
	}
	return &questions{v.Questionnaire, v.words}
}

// keep puts a form on the page: hidden, so that it can be sent again, and in words as far as q knows them. The number of an
// option means nothing to people, so the page only mentions that there are answers that it cannot put into words. The
// buttons that change how the page is read send the form too.
func (p *movedPage) keep(c echo.Context, form url.Values, q *questions) {
	p.SendsAnswers = len(form) > 0 && sendsTyped(c)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			p.Fields = append(p.Fields, page.HiddenField{Name: name, Value: value})
		}
		if form.Get(name) != "" && !slices.Contains(plumbing, name) && (q == nil || !q.knows(name)) {
			p.Kept = true
		}
	}
	if q == nil {
		return
	}
	for _, item := range q.Items {
		value, err := question.TypedValue(item.Item, form)
		if err == nil && value.Given() {
			p.Typed = append(p.Typed, checkRow{Question: q.words.Question(item).Text, Answer: q.words.AnswerWords(item, value)})
		}
	}
}

// plumbing are the form fields that hold no answer.
var plumbing = []string{"handle", "page", "seq", "skip", "version", "aids"}

// knows reports whether a form field belongs to an item of the questionnaire.
func (q *questions) knows(name string) bool {
	if _, ok := q.Item(name); ok {
		return true
	}
	for _, part := range question.DateParts {
		if code, ok := strings.CutSuffix(name, part.Suffix); ok {
			if _, ok := q.Item(code); ok {
				return true
			}
		}
	}
	return false
}

// kioskWay returns where to send a kiosk that asks for a page of the person before.
func (h *Visits) kioskWay(c echo.Context, ticket tickets.Ticket, open bool) (path string, ok bool) {
	if _, ok := h.kiosks.here(c); !ok {
		return "", false
	}
	if open && ticket.Lent() {
		return "/q/" + h.sealer.Handle(ticket) + "/", true
	}
	return KioskPath, true
}
