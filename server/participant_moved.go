package server

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// moved answers a page whose response is not the session's: the session ended, or another link was opened in this
// browser since. Nothing is written. What was typed stays on the page, as a form that can be sent once the right link is
// open again.
func (h *participantHandlers) moved(c echo.Context, sess session, open bool) error {
	if c.Request().Method != http.MethodPost {
		if back, ok := h.kioskWay(c, sess, open); ok {
			return c.Redirect(http.StatusSeeOther, back)
		}
	}
	r := readerOf(c)
	p := &movedPage{basePage: publicBase(r, "Open your link again"), Action: c.Request().URL.Path,
		Reason: r.spoken().Say("This page was open for a long time, or its link was closed on this device, so nothing can be saved from it now.")}
	status := http.StatusUnauthorized
	if open {
		status = http.StatusConflict
		p.Title = r.spoken().Say("This page belongs to another link")
		p.Reason = r.spoken().Say("Another link has been opened in this browser since. Nothing was saved from this page, so that answers of two people are never mixed up.")
	}
	if c.Request().Method != http.MethodPost {
		return h.pages.page(c, status, p)
	}
	form, err := typedForm(c)
	if err != nil {
		return err
	}
	p.keep(c, form, h.questionnaireOf(c, sess, open))
	return h.pages.page(c, status, p)
}

// unsaved answers a save that failed for reasons of ours, with what was typed still on the page. Where not even the
// response could be read v is nil.
func (h *participantHandlers) unsaved(c echo.Context, v *visit, why error) error {
	h.logTrouble(c, troubleOf(why), why)
	form, err := typedForm(c)
	if err != nil {
		return why
	}
	const title, reason = "Your answer is not saved yet", "Something on our side is not working at the moment. Wait a minute, then press the button below."
	r := readerOf(c)
	p := &movedPage{basePage: publicBase(r, title), Action: c.Request().URL.Path, Retry: true, Reason: r.spoken().Say(reason)}
	var known *questions
	if v != nil {
		p.basePage, p.Reason = v.base(v.words.Say(title)), v.words.Say(reason)
		known = &questions{v.Questionnaire, v.words}
	}
	p.keep(c, form, known)
	return h.pages.page(c, troubleOf(why).status, p)
}

// beforeConsent answers a save of somebody who has not agreed to anything yet. Nothing is written.
func (h *participantHandlers) beforeConsent(c echo.Context, v *visit) error {
	form, err := typedForm(c)
	if err != nil {
		return err
	}
	p := &movedPage{basePage: v.base(v.words.Say("Please read this first")), Action: c.Request().URL.Path, ConsentURL: v.path("consent"),
		Reason: v.words.Say("An answer can only be saved once you have read what the study does with it and agreed to take part.")}
	p.keep(c, form, &questions{v.Questionnaire, v.words})
	return h.pages.page(c, http.StatusForbidden, p)
}

// questions is a questionnaire with its words, as far as what was typed can be read with it.
type questions struct {
	*surveys.Questionnaire
	words wording
}

// questionnaireOf returns the questionnaire that the session is at: two people on one browser mostly answer the same.
func (h *participantHandlers) questionnaireOf(c echo.Context, sess session, open bool) *questions {
	if !open || sess.Audience == surveys.Staff {
		return nil
	}
	v, err := h.visit(c.Request().Context(), sess, "", readerOf(c))
	if err != nil {
		return nil // what was typed is then kept without its question
	}
	return &questions{v.Questionnaire, v.words}
}

// keep puts a form on the page: hidden, to be sent again, and in words as far as q knows them. An option's number would
// tell nobody anything, so of answers that cannot be put in words the page only says that it has them. Whoever reads the
// page in another way takes the form along.
func (p *movedPage) keep(c echo.Context, form url.Values, q *questions) {
	p.SendsAnswers = len(form) > 0 && sendsTyped(c)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			p.Fields = append(p.Fields, hiddenField{name, value})
		}
		if form.Get(name) != "" && !slices.Contains(plumbing, name) && (q == nil || !q.knows(name)) {
			p.Kept = true
		}
	}
	if q == nil {
		return
	}
	for _, item := range q.Items {
		value, err := typedValue(item.Item, form)
		if err == nil && value.Given() {
			p.Typed = append(p.Typed, checkRow{Question: q.words.question(item).Text, Answer: q.words.answerWords(item, value)})
		}
	}
}

// plumbing are the form fields that hold no answer.
var plumbing = []string{"handle", "seq", "skip", "version", "aids"}

// knows reports whether a form field belongs to an item of the questionnaire.
func (q *questions) knows(name string) bool {
	if _, ok := q.Item(name); ok {
		return true
	}
	for _, part := range datePartNames {
		if code, ok := strings.CutSuffix(name, part.suffix); ok {
			if _, ok := q.Item(code); ok {
				return true
			}
		}
	}
	return false
}
