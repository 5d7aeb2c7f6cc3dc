package participant

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Questions answers the pages with one question each.
type Questions struct {
	store *store.Store
	pages *page.Renderer
}

// value returns the current answer to the item with the given code.
func (v *visit) value(code string) surveys.Value {
	if value, ok := v.saved[code]; ok {
		return value
	}
	return v.Answers.Value(code)
}

// own reports whether the current answer to the item was given on this device, on a page or through its worker.
func (v *visit) own(code string) bool {
	_, saved := v.saved[code]
	return saved || v.Answers.OwnedBy(v.ticket.Sitting, code) || v.device != "" && v.Answers.OwnedBy(v.device, code)
}

// shows reports whether the current answer to the item may be shown here: only on the device on which it was given, and
// never if an account is signed in.
func (v *visit) shows(code string) bool { return v.own(code) && !v.shared }

// open reports whether the i-th item still waits for an answer.
func (v *visit) open(i int) bool {
	return waits(v.value(v.Questionnaire.Items[i].Code)) && v.Questionnaire.Asked(i, v.value)
}

// shown reports whether the i-th item has a screen for this person: it is asked, or a text to read whose condition holds.
func (v *visit) shown(i int) bool { return v.Questionnaire.Applies(i, v.value) }

// nextQuestion returns the last part of the address of what comes after the i-th item: the next open one, else the first
// open one, else the page to check the answers. Texts to read directly before an open item come first. It rests on all
// answers, so it is for somebody who goes on from the i-th item and for nothing that a page shows.
func (v *visit) nextQuestion(i int) string { return v.walk(i, v.open, v.shown) }

func (v *visit) walk(i int, open, shown func(int) bool) string {
	if v.Wave.Layout == surveys.OnePage {
		return "all"
	}
	items := v.Questionnaire.Items
	for step := range items {
		at := (i + 1 + step) % len(items)
		if !open(at) {
			continue
		}
		for at > i+1 && items[at-1].Kind == surveys.KindDisplay && shown(at-1) {
			at--
		}
		return strconv.Itoa(at + 1)
	}
	return "check"
}

// reviewPage is where the answers can be looked at.
func (v *visit) reviewPage() string {
	if v.Wave.Layout == surveys.OnePage {
		return "all"
	}
	return "check"
}

// place returns the words that differ between people on the page of the i-th item, which counts itself.
func (v *visit) place(i int) page.Words {
	position, total, back := 0, 0, "welcome"
	for at, item := range v.Questionnaire.Items {
		listed := v.listed(at)
		if at < i && listed {
			back = strconv.Itoa(at + 1)
		}
		if item.Kind == surveys.KindDisplay || !listed && (at != i || !v.veiled(at)) {
			continue
		}
		total++
		if at <= i {
			position++
		}
	}
	return page.Words{page.SlotHandle: v.handle, page.SlotBack: back, page.SlotPosition: strconv.Itoa(position), page.SlotTotal: strconv.Itoa(total), page.SlotSeq: v.nextSeq()}
}

// questionAt reads the number of a question in an address.
func (v *visit) questionAt(number string) (i int, ok bool) {
	n, err := strconv.Atoi(number)
	return n - 1, err == nil && n >= 1 && n <= len(v.Questionnaire.Items)
}

// ShowQuestion handles GET /q/:handle/:number. An answer is shown only on the device on which it was given.
func (h *Questions) ShowQuestion(c echo.Context, v *visit) error {
	i, ok := v.questionAt(c.Param("number"))
	if !ok {
		return echo.ErrNotFound
	}
	if v.Wave.Layout == surveys.OnePage || !v.listed(i) && !v.offered(i) {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	item := v.Questionnaire.Items[i]
	value, known := v.here(item.Code)
	if known && !value.Given() {
		return h.freshQuestion(c, v, i)
	}
	p := v.questionPage(i, v.place(i), nil)
	if p.Earlier = !known; known {
		p.Question.Fill(question.FormOf(item.Item, value))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// freshQuestion sends a question without answer or notice, which is rendered once for everybody.
func (h *Questions) freshQuestion(c echo.Context, v *visit, i int) error {
	key, fixed := v.cutQuestion(i)
	return h.pages.SendCached(c, key, v.place(i), fixed)
}

func (v *visit) cutQuestion(i int) (page.CacheKey, func(page.Words) page.Page) {
	return v.cutKey((&questionPage{}).Template(), strconv.Itoa(i)), func(words page.Words) page.Page {
		p := v.withHandle(words[page.SlotHandle]).questionPage(i, words, nil)
		p.Notice, p.Action = words[page.SlotNotice], words[page.SlotAction]
		return p
	}
}

// cutKey is what a page of this visit depends on besides the words in its slots.
func (v *visit) cutKey(template, detail string) page.CacheKey {
	return page.CacheKey{Lent: v.ticket.Lent(), Study: v.Study.Hash, Questionnaire: v.Questionnaire, Language: v.words.Language, Reading: v.reader.Reading, State: v.State, Page: template, Detail: detail}
}

// questionPage shows the i-th item, with what was typed if a form comes back.
func (v *visit) questionPage(i int, words page.Words, typed url.Values) *questionPage {
	item := v.Questionnaire.Items[i]
	title := v.words.Say("Question %s of %s", words[page.SlotPosition], words[page.SlotTotal])
	if item.Kind == surveys.KindDisplay {
		title = v.Wave.Title
	}
	p := &questionPage{Base: v.base(title), Handle: words[page.SlotHandle], Number: strconv.Itoa(i + 1), Back: words[page.SlotBack],
		Position: words[page.SlotPosition], Total: words[page.SlotTotal], Seq: words[page.SlotSeq], Question: v.words.Question(item)}
	p.Script, p.SendsAnswers, p.UsedAids = true, true, v.reader.Codes()
	if grid, ok := v.gridAt(i); ok {
		p.Grid, p.Fixed = gridAddress(grid), typed != nil
	}
	p.Question.Main = true
	p.Question.Fill(typed)
	return p
}

// AnswerQuestion handles POST /q/:handle/:number.
func (h *Questions) AnswerQuestion(c echo.Context, v *visit) error {
	i, ok := v.questionAt(c.Param("number"))
	if !ok {
		return echo.ErrNotFound
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	item := v.Questionnaire.Items[i]
	if !v.Questionnaire.Asked(i, v.value) {
		return c.Redirect(http.StatusSeeOther, v.path(v.nextQuestion(i)))
	}
	value, err := question.TypedValue(item.Item, form)
	if err != nil {
		return h.questionAgain(c, v, i, form, v.words.Problem(err))
	}
	if page.ReadsAnew(c) {
		return h.rereadQuestion(c, v, i, value)
	}
	switch _, known := v.here(item.Code); {
	case value.Given():
	case !known: // left as it was
		return c.Redirect(http.StatusSeeOther, v.path(v.nextQuestion(i)))
	case item.Required && form.Get("skip") == "":
		p := v.questionPage(i, v.place(i), form)
		p.Missed = true
		return h.pages.Send(c, http.StatusOK, p)
	default:
		value = surveys.Absent(surveys.Skipped)
	}
	receipt, err := save(c, h.store, v, []surveys.ItemAnswer{{Code: item.Code, Value: value}}, false)
	if err != nil {
		return err
	}
	if why := receipt.Told(); why != "" {
		return h.questionAgain(c, v, i, form, v.words.Reason(why))
	}
	if v.cares(receipt) {
		return c.Redirect(http.StatusSeeOther, v.path("care"))
	}
	return c.Redirect(http.StatusSeeOther, v.path(v.nextQuestion(i)))
}

// rereadQuestion shows a question again in the way that somebody wants to read it. What they had typed is saved first, as a
// draft.
func (h *Questions) rereadQuestion(c echo.Context, v *visit, i int, typed surveys.Value) error {
	code := v.Questionnaire.Items[i].Code
	if !typed.Given() && v.value(code).Given() && v.shows(code) {
		typed = surveys.Absent(surveys.Cleared)
	}
	if typed.Kind != surveys.Untouched {
		if _, err := saveDraft(c, h.store, v, []surveys.ItemAnswer{{Code: code, Value: typed}}); err != nil {
			return err
		}
	}
	return v.afterReading(c, strconv.Itoa(i+1))
}

// questionAgain shows a question with what was typed and what is wrong with it.
func (h *Questions) questionAgain(c echo.Context, v *visit, i int, form url.Values, problem string) error {
	p := v.questionPage(i, v.place(i), form)
	p.Question.Error = problem
	p.Errors = []page.FieldError{{Field: p.Question.FieldID(), Text: problem}}
	return h.pages.Send(c, http.StatusBadRequest, p)
}

// nextSeq returns the number that the next save of this sitting takes. Every form holds it, so that a form that arrives
// twice, or long after a newer one, is recognised.
func (v *visit) nextSeq() string { return strconv.Itoa(v.Answers.Highest(v.ticket.Sitting) + 1) }
