package participant

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
)

// If a study asks for grids, consecutive questions with the same answers are shown in one table on screens that are wide
// enough. In a questionnaire with one question per page the table has a page of its own, so the server needs to know nothing
// about the screen: each page has a link to the other, and the script opens the one that suits the screen
// (templates/static/questionnaire.js). Without a script there is one question per page, with a link to the table that the
// style sheet shows on wide screens only. If somebody opens a table on a narrow screen anyway, the style sheet folds it.

// gridAddress is the last part of the address of a table.
func gridAddress(in question.Span) string { return "grid-" + strconv.Itoa(in.From+1) }

// gridAt returns the table that also shows the i-th item.
func (v *visit) gridAt(i int) (question.Span, bool) {
	if !v.tables() || v.Wave.Layout == surveys.OnePage {
		return question.Span{}, false
	}
	return v.words.GridAt(v.Questionnaire, i)
}

// tables reports whether questions are shown in tables. In easy read they never are.
func (v *visit) tables() bool { return v.Wave.Grids && !v.reader.Easy }

// grids lists the tables of a questionnaire with one question per page.
func (v *visit) grids() iter.Seq[question.Span] {
	return func(yield func(question.Span) bool) {
		for i := 0; i < len(v.Questionnaire.Items); i++ {
			if in, ok := v.gridAt(i); ok {
				if !yield(in) {
					return
				}
				i = in.To - 1
			}
		}
	}
}

// grid shows some questions of the sheet as a table.
func (sh *sheet) grid(in question.Span) *gridView {
	g := &gridView{Rows: make([]question.View, 0, in.To-in.From)}
	for _, item := range sh.q.Items[in.From:in.To] {
		g.Rows = append(g.Rows, sh.view(item))
	}
	g.Lang, g.Dir = g.Rows[0].Lang, g.Rows[0].Dir
	for _, option := range g.Rows[0].Options {
		g.Heads = append(g.Heads, option.Label)
	}
	return g
}

// gridSheet returns the table at the request's address with what was typed in it.
func (v *visit) gridSheet(c echo.Context, form url.Values) (*sheet, bool) {
	i, ok := v.questionAt(c.Param("number"))
	if !ok {
		return nil, false
	}
	in, ok := v.gridAt(i)
	return readSheet(v.Questionnaire, in, v.words, form, v.value, v.shows, nil), ok
}

// ShowGrid handles GET /q/:handle/grid-:number.
func (h *Sheets) ShowGrid(c echo.Context, v *visit) error {
	sh, ok := v.gridSheet(c, nil)
	if !ok {
		return c.Redirect(http.StatusSeeOther, v.path("")) // an old page of a study that has changed
	}
	if v.anyAsked(sh) {
		p := v.gridPage(sh, v.gridPlace(sh.in))
		if i := slices.IndexFunc(v.Questionnaire.Items[sh.in.From:sh.in.To], func(item surveys.QuestionItem) bool { return v.open(item.Index) }); i >= 0 {
			p.Single = strconv.Itoa(sh.in.From + i + 1)
		}
		return h.pages.Send(c, http.StatusOK, p)
	}
	key, fixed := v.cutGrid(sh.in)
	return h.pages.SendCached(c, key, v.gridPlace(sh.in), fixed)
}

func (v *visit) anyAsked(sh *sheet) bool {
	for _, item := range sh.items() {
		if !waits(v.value(item.Code)) {
			return true
		}
	}
	return false
}

// gridPlace is place for a table. The slot for text holds the number of the last question.
func (v *visit) gridPlace(in question.Span) page.Words {
	words := v.place(in.From)
	words[page.SlotText] = v.place(in.To - 1)[page.SlotPosition]
	return words
}

func (v *visit) cutGrid(in question.Span) (page.CacheKey, func(page.Words) page.Page) {
	return v.cutKey((&gridPage{}).Template(), strconv.Itoa(in.From)), func(words page.Words) page.Page {
		v := v.withHandle(words[page.SlotHandle])
		p := v.gridPage(v.emptySheet(in), words)
		p.Notice, p.Action = words[page.SlotNotice], words[page.SlotAction]
		return p
	}
}

func (v *visit) gridPage(sh *sheet, words page.Words) *gridPage {
	grid := sh.grid(sh.in)
	p := &gridPage{Base: v.base(v.words.Say("Choose one answer in each row")), Handle: words[page.SlotHandle], Number: strconv.Itoa(sh.in.From + 1),
		Back: words[page.SlotBack], Position: words[page.SlotPosition], Last: words[page.SlotText], Total: words[page.SlotTotal], Seq: words[page.SlotSeq],
		Single: strconv.Itoa(sh.in.From + 1), Intro: v.words.Intro(sh.q.Items[sh.in.From].Instrument), Grid: *grid, Fixed: sh.form != nil}
	p.Script, p.SendsAnswers, p.UsedAids = true, true, v.reader.Codes()
	for _, item := range sh.items() {
		p.Earlier = p.Earlier || sh.hides(item.Code)
	}
	p.Errors = sh.wrong()
	return p
}

// AnswerGrid handles POST /q/:handle/grid-:number. What can be taken is saved even if something else needs another look.
func (h *Sheets) AnswerGrid(c echo.Context, v *visit) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	sh, ok := v.gridSheet(c, form)
	if !ok {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	if page.ReadsAnew(c) {
		return h.readAnew(c, v, sh, gridAddress(sh.in))
	}
	if again, err := h.saveSheet(c, v, sh, false, func() string { return v.nextQuestion(sh.in.To - 1) }); !again {
		return err
	}
	p := v.gridPage(sh, v.gridPlace(sh.in))
	if len(sh.problems) > 0 {
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	p.Missed, p.MissedTitle, p.Grid.Missed = sh.unanswered(), v.words.Say("You have missed %d questions", len(sh.missed)), true
	return h.pages.Send(c, http.StatusOK, p)
}

// SaveGrid handles POST /q/:handle/grid-:number/save, which the page does by itself while somebody answers.
func (h *Sheets) SaveGrid(c echo.Context, v *visit) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	sh, ok := v.gridSheet(c, form)
	if !ok || len(sh.answers) == 0 {
		return c.JSON(http.StatusOK, saved{Seq: v.nextSeq()})
	}
	return saveAndTell(c, h.store, v, sh.answers)
}
