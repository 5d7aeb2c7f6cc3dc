package participant

import (
	"iter"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Sheets answers the pages with several questions: tables, and all questions on one page.
type Sheets struct {
	store *store.Store
	pages *page.Renderer
}

// sheet is a questionnaire on one page, or some consecutive questions of it, with what was typed and the answers before.
type sheet struct {
	q       *surveys.Questionnaire
	in      question.Span
	only    []int // the indexes of the items that the page is all about; nil for all that apply
	grids   bool  // questions with the same answers are shown in tables
	words   question.Wording
	form    url.Values                 // nil where nothing was sent
	before  func(string) surveys.Value // the answers before, by item code
	visible func(string) bool          // whether the answer before may be shown

	typed    []surveys.Value      // by item
	problems map[int]string       // by item, what is wrong with what was typed
	answers  []surveys.ItemAnswer // what was typed and can be taken
	blank    []int                // all questions without answer
	missed   []int                // those of them that are required
}

// readSheet sorts what was typed into what can be taken, what is wrong and what is missing, of the items only or of all that
// apply.
func readSheet(q *surveys.Questionnaire, in question.Span, w question.Wording, form url.Values, before func(string) surveys.Value, visible func(string) bool, only []int) *sheet {
	sh := &sheet{q: q, in: in, only: only, words: w, form: form, before: before, visible: visible, problems: make(map[int]string)}
	if form == nil {
		return sh
	}
	sh.typed = make([]surveys.Value, len(q.Items))
	for i, item := range sh.items() {
		var err error
		if sh.typed[i], err = question.TypedValue(item.Item, form); err != nil {
			sh.problems[i] = w.Problem(err)
		}
	}
	sh.answers = make([]surveys.ItemAnswer, 0, in.To-in.From)
	for i, item := range sh.items() {
		switch {
		case item.Kind == surveys.KindDisplay:
		case !sh.asks(i):
			delete(sh.problems, i)
		case sh.problems[i] != "":
		case sh.typed[i].Given():
			sh.answers = append(sh.answers, surveys.ItemAnswer{Code: item.Code, Value: sh.typed[i]})
		case !sh.hides(item.Code):
			sh.blank = append(sh.blank, i)
			if item.Required {
				sh.missed = append(sh.missed, i)
			}
		}
	}
	return sh
}

// items lists the sheet's items with their indexes.
func (sh *sheet) items() iter.Seq2[int, surveys.QuestionItem] {
	return func(yield func(int, surveys.QuestionItem) bool) {
		for i := sh.in.From; i < sh.in.To && yield(i, sh.q.Items[i]); i++ {
		}
	}
}

// hides reports whether the item was asked elsewhere, and what was said may not be shown.
func (sh *sheet) hides(code string) bool { return !sh.visible(code) && !waits(sh.before(code)) }

// asks reports whether the page has the i-th item: it is one of those that it is all about, or applies as far as may be known
// here.
func (sh *sheet) asks(i int) bool {
	if sh.only != nil {
		return slices.Contains(sh.only, i)
	}
	applies, told := sh.q.Tells(i, sh.known)
	return told && applies
}

// known returns what an item would hold if the sheet were taken; ok is false where that may not be known here.
func (sh *sheet) known(code string) (v surveys.Value, ok bool) {
	item, _ := sh.q.Item(code)
	switch {
	case sh.form != nil && sh.typed[item.Index].Given():
		return sh.typed[item.Index], true
	case sh.hides(code):
		return surveys.Value{}, false
	case sh.form != nil && sh.visible(code) && sh.problems[item.Index] == "":
		return surveys.Absent(surveys.Cleared), true // the page showed it and it was taken back
	default:
		return sh.before(code), true
	}
}

// sections returns the questions as the page shows them.
func (sh *sheet) sections() []sectionView {
	var sections []sectionView
	for i, item := range sh.items() {
		if item.First {
			sections = append(sections, newSection(sh.q, sh.words, item))
		}
		section := &sections[len(sections)-1]
		if block, ok := sh.block(i); ok && sh.asks(i) {
			section.Questions = append(section.Questions, block)
		}
	}
	return sections
}

// block shows what the page has at the i-th item: the question, or the table that begins there. ok is false for a question
// within a table that began before.
func (sh *sheet) block(i int) (blockView, bool) {
	if grid, ok := sh.words.GridAt(sh.q, i); ok && sh.grids {
		if i > grid.From {
			return blockView{}, false
		}
		return blockView{Grid: sh.grid(grid)}, true
	}
	return blockView{View: sh.view(sh.q.Items[i])}, true
}

// view shows a question of the sheet.
func (sh *sheet) view(item surveys.QuestionItem) question.View {
	view := sh.words.Question(item)
	view.Intro, view.Error = "", sh.problems[item.Index]
	switch {
	case sh.form != nil:
		view.Fill(sh.form)
	case sh.visible(item.Code):
		view.Fill(question.FormOf(item.Item, sh.before(item.Code)))
	}
	return view
}

// wrong says what is wrong, with links to where.
func (sh *sheet) wrong() []page.FieldError {
	var errors []page.FieldError
	for i, item := range sh.items() {
		if problem := sh.problems[i]; problem != "" {
			view := sh.words.Question(item)
			errors = append(errors, page.FieldError{Field: view.FieldID(), Text: view.Text + " " + problem})
		}
	}
	return errors
}

// unanswered names the required questions without answer, with links to them.
func (sh *sheet) unanswered() []page.FieldError {
	var missed []page.FieldError
	for _, i := range sh.missed {
		view := sh.words.Question(sh.q.Items[i])
		missed = append(missed, page.FieldError{Field: view.FieldID(), Text: view.Text})
	}
	return missed
}

// again reports whether the page is shown again: as long as something is wrong, or once if something was missed.
func (sh *sheet) again() bool {
	return len(sh.problems) > 0 || len(sh.missed) > 0 && sh.form.Get("skip") == ""
}

// complete returns the typed answers with a reason for every question that was left out.
func (sh *sheet) complete() []surveys.ItemAnswer {
	answers := sh.answers
	for _, i := range sh.blank {
		answers = append(answers, surveys.ItemAnswer{Code: sh.q.Items[i].Code, Value: surveys.Absent(surveys.Skipped)})
	}
	return answers
}

// ShowAll handles GET /q/:handle/all.
func (h *Sheets) ShowAll(c echo.Context, v *visit) error {
	if v.Wave.Layout != surveys.OnePage {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	if v.begun() {
		return h.pages.Send(c, http.StatusOK, v.allPage(v.sheet(nil)))
	}
	words := page.Words{page.SlotHandle: v.handle, page.SlotSeq: v.nextSeq()}
	return h.pages.SendCached(c, v.cutKey((&allPage{}).Template(), ""), words, func(words page.Words) page.Page {
		p := v.withHandle(words[page.SlotHandle]).allPage(v.sheet(nil))
		p.Seq = words[page.SlotSeq]
		return p
	})
}

func (v *visit) sheet(form url.Values) *sheet {
	sh := readSheet(v.Questionnaire, question.WholeOf(v.Questionnaire), v.words, form, v.value, v.shows, nil)
	sh.grids = v.tables()
	return sh
}

func (v *visit) allPage(sh *sheet) *allPage {
	p := &allPage{Base: v.base(v.Wave.Title), BackURL: v.path("welcome"), Action: v.path("all"), Seq: v.nextSeq(), Submit: v.words.Say("Send my answers"),
		Sections: sh.sections()}
	p.Script, p.SendsAnswers, p.UsedAids = true, true, v.reader.Codes()
	p.Errors = sh.wrong()
	for _, item := range v.Questionnaire.Items {
		p.Earlier = p.Earlier || v.hides(item.Code) && v.listed(item.Index)
	}
	return p
}

// AnswerAll handles POST /q/:handle/all. What can be taken is saved even if something else needs another look.
func (h *Sheets) AnswerAll(c echo.Context, v *visit) error {
	if v.Wave.Layout != surveys.OnePage {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	sh := v.sheet(form)
	if page.ReadsAnew(c) {
		if _, err := saveDraft(c, h.store, v, sh.answers); err != nil {
			return err
		}
		if page.AsksForHelp(c) {
			return v.afterReading(c, "all")
		}
		return h.pages.Send(c, http.StatusOK, v.allPage(sh))
	}
	if again, err := h.saveSheet(c, v, sh, true, v.afterAll); !again {
		return err
	}
	return sheetAgain(c, h.pages, v.allPage(sh), sh)
}

// readAnew saves what was typed in a sheet and goes on to where its page, at an address, is read in another way.
func (h *Sheets) readAnew(c echo.Context, v *visit, sh *sheet, address string) error {
	if _, err := saveDraft(c, h.store, v, sh.answers); err != nil {
		return err
	}
	return v.afterReading(c, address)
}

// saveSheet saves what can be taken of a sheet, and reports whether its page needs another look. Else it has answered the request:
// it goes on to next, of a sheet that finishes the questionnaire after it has, or says where there is help.
func (h *Sheets) saveSheet(c echo.Context, v *visit, sh *sheet, finishes bool, next func() string) (again bool, err error) {
	again = sh.again()
	answers := sh.answers
	if !again {
		answers = sh.complete()
	}
	receipt, err := save(c, h.store, v, answers, finishes && !again)
	switch {
	case err != nil:
		return false, err
	case v.cares(receipt):
		return false, c.Redirect(http.StatusSeeOther, v.path("care"))
	case !again:
		return false, c.Redirect(http.StatusSeeOther, v.path(next()))
	}
	return true, nil
}

// sheetAgain shows a page of questions again, with what is wrong or, if nothing is, what was missed.
func sheetAgain(c echo.Context, pages *page.Renderer, p *allPage, sh *sheet) error {
	if len(sh.problems) > 0 {
		return pages.Send(c, http.StatusBadRequest, p)
	}
	p.Missed, p.MissedTitle = sh.unanswered(), sh.words.Say("You have missed %d questions", len(sh.missed))
	return pages.Send(c, http.StatusOK, p)
}

func newSection(q *surveys.Questionnaire, w question.Wording, item surveys.QuestionItem) sectionView {
	return sectionView{Heading: w.Heading(q, item.Instrument), Intro: w.Intro(item.Instrument)}
}
