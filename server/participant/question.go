package participant

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/sealed"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Questions answers the pages of a questionnaire: questions one by one, as tables or all on one page, and what comes before
// and after them.
type Questions struct {
	store   *store.Store
	pages   *page.Renderer
	cookies *sealed.Cookies // for who helps
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
	value := v.value(v.Questionnaire.Items[i].Code)
	return (value.Kind == surveys.Untouched || value == surveys.Absent(surveys.Cleared)) && v.Questionnaire.Asked(i, v.value)
}

// shown reports whether the i-th item has a screen for this person: it is asked, or a text to read whose condition holds.
func (v *visit) shown(i int) bool { return v.Questionnaire.Applies(i, v.value) }

// nextQuestion returns the last part of the address of what comes after the i-th item: the next open one, else the first
// open one, else the page to check the answers. Texts to read directly before an open item come first.
func (v *visit) nextQuestion(i int) string {
	if v.Wave.Layout == surveys.OnePage {
		return "all"
	}
	items := v.Questionnaire.Items
	for step := range items {
		at := (i + 1 + step) % len(items)
		if !v.open(at) {
			continue
		}
		for at > i+1 && items[at-1].Kind == surveys.KindDisplay && v.shown(at-1) {
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

// place returns the words that differ between people on the page of the i-th item.
func (v *visit) place(i int) page.Words {
	position, total, back := 0, 0, "welcome"
	for at, item := range v.Questionnaire.Items {
		if at < i && v.shown(at) {
			back = strconv.Itoa(at + 1)
		}
		if item.Kind == surveys.KindDisplay || !v.Questionnaire.Asked(at, v.value) {
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
	if v.Wave.Layout == surveys.OnePage || !v.shown(i) {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	item := v.Questionnaire.Items[i]
	value := v.value(item.Code)
	if !value.Given() {
		return h.freshQuestion(c, v, i)
	}
	p := v.questionPage(i, v.place(i), nil)
	if p.Earlier = !v.shows(item.Code); !p.Earlier {
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
	switch earlier := v.value(item.Code).Given() && !v.shows(item.Code); {
	case value.Given():
	case earlier: // left as it was
		return c.Redirect(http.StatusSeeOther, v.path(v.nextQuestion(i)))
	case item.Required && form.Get("skip") == "":
		p := v.questionPage(i, v.place(i), form)
		p.Missed = true
		return h.pages.Send(c, http.StatusOK, p)
	default:
		value = surveys.Absent(surveys.Skipped)
	}
	receipt, err := h.save(c, v, []surveys.ItemAnswer{{Code: item.Code, Value: value}}, false)
	if err != nil {
		return err
	}
	if len(receipt.Refused) > 0 {
		return h.questionAgain(c, v, i, form, v.words.Reason(receipt.Refused[0].Reason))
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
		if _, err := h.saveDraft(c, v, []surveys.ItemAnswer{{Code: code, Value: typed}}); err != nil {
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

// saveForm is what every form of questions holds besides the answers.
type saveForm struct {
	Seq  string `form:"seq"`  // the number of the save; not trusted, see seqOf
	Aids string `form:"aids"` // to reading, as surveys.Collection.Aids
}

// seqOf reads the number of a save from its form. For a number that no form of this sitting could hold it returns 0, which
// asks for the sitting's next.
func (v *visit) seqOf(form saveForm) int {
	seq, err := strconv.Atoi(form.Seq)
	if err != nil || seq < 1 || seq > v.Answers.Highest(v.ticket.Sitting)+1 {
		return 0
	}
	return seq
}

// save submits answers and remembers them for the rest of the request. If any of them is new, all are sent, because a
// repeated save is recognised by the same content under the same number. If nothing is new and nothing is to be finished,
// nothing is sent.
func (h *Questions) save(c echo.Context, v *visit, answers []surveys.ItemAnswer, finish bool) (surveys.Receipt, error) {
	return h.send(c, v, surveys.Submission{Answers: answers, Finish: finish})
}

// saveDraft is save for a page that saves by itself: nobody has confirmed the answers yet.
func (h *Questions) saveDraft(c echo.Context, v *visit, answers []surveys.ItemAnswer) (surveys.Receipt, error) {
	return h.send(c, v, surveys.Submission{Answers: answers, Draft: true})
}

func (h *Questions) send(c echo.Context, v *visit, sub surveys.Submission) (surveys.Receipt, error) {
	var form saveForm
	if err := page.Bind(c, &form); err != nil {
		return surveys.Receipt{}, err
	}
	sub.How = v.ticket.How(v.words.Language, form.Aids)
	if !v.says(sub) {
		return surveys.Receipt{}, nil
	}
	sub.Study, sub.Enrolment, sub.Wave, sub.Sitting = v.ticket.Study, v.ticket.Enrolment, v.ticket.Wave, v.ticket.Sitting
	sub.Seq, sub.Renumber = v.seqOf(form), true
	receipt, err := h.store.Submit(c.Request().Context(), sub)
	if err != nil {
		return surveys.Receipt{}, fmt.Errorf("save answers: %w", err)
	}
	if receipt.Repeated { // the current answers may be newer
		return receipt, nil
	}
	v.saved = make(map[string]surveys.Value, len(sub.Answers))
	for _, a := range sub.Answers {
		v.saved[a.Code] = a.Value
	}
	for _, refused := range receipt.Refused {
		delete(v.saved, refused.Code)
	}
	return receipt, nil
}

// says reports whether a submission tells the study anything. An answer that may raise an alert is always sent, because only
// the store knows whether it was confirmed before.
func (v *visit) says(sub surveys.Submission) bool {
	if sub.Finish && !v.Finished {
		return true
	}
	return slices.ContainsFunc(sub.Answers, func(a surveys.ItemAnswer) bool {
		item, _ := v.Questionnaire.Item(a.Code)
		return v.value(a.Code) != a.Value || !v.own(a.Code) || a.Value.Given() && v.Answers.Proxied(a.Code) != sub.How.Proxy() || !sub.Draft && item.Item != nil && item.Raises(a.Value)
	})
}
