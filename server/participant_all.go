package server

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// sheet is a questionnaire on one page, as it is put together from what was typed and what was answered before.
type sheet struct {
	sections []sectionView
	answers  []surveys.ItemAnswer // what was typed and can be taken
	problems []fieldError
	missed   []fieldError // required questions without answer
	blank    []string     // codes of all questions without answer
}

// readSheet goes through the questionnaire with what was typed. before is what stood earlier: it decides with the typed
// answers which questions are asked. own returns what is shown where nothing was typed; taken says which answers stand
// although they are not shown.
func readSheet(q *surveys.Questionnaire, w wording, form url.Values, before func(string) surveys.Value, visible func(string) bool) sheet {
	typed := make(map[string]surveys.Value)
	problems := make(map[string]string)
	if form != nil {
		for _, item := range q.Items {
			value, err := typedValue(item.Item, form)
			if err != nil {
				problems[item.Code] = err.Error()
				continue
			}
			typed[item.Code] = value
		}
	}
	merged := func(code string) surveys.Value {
		if value := typed[code]; value.Given() {
			return value
		}
		if form != nil && visible(code) && problems[code] == "" {
			return surveys.Value{} // it stood on the page and was taken back
		}
		return before(code)
	}
	var sh sheet
	for i, item := range q.Items {
		if !q.Applies(i, merged) {
			if item.First {
				sh.sections = append(sh.sections, newSection(q, w, item))
			}
			continue
		}
		view := w.question(item)
		view.Error = problems[item.Code]
		switch {
		case form != nil:
			view.fill(form)
		case visible(item.Code):
			view.fill(formOf(item.Item, before(item.Code)))
		}
		sh.note(item, view, typed[item.Code], form != nil, before(item.Code).Given() && !visible(item.Code))
		if item.First {
			sh.sections = append(sh.sections, newSection(q, w, item))
		}
		view.Intro = ""
		section := &sh.sections[len(sh.sections)-1]
		section.Questions = append(section.Questions, view)
	}
	return sh
}

func newSection(q *surveys.Questionnaire, w wording, item surveys.QuestionItem) sectionView {
	section := sectionView{Heading: w.heading(q, item.Instrument)}
	if pack := w.packs[item.Instrument]; pack != nil {
		section.Intro = pack.Intro
	}
	return section
}

// note sorts one question into what can be taken, what is wrong and what is missing.
func (sh *sheet) note(item surveys.QuestionItem, view questionView, typed surveys.Value, sent, stands bool) {
	switch {
	case item.Kind == surveys.KindDisplay:
	case view.Error != "":
		sh.problems = append(sh.problems, fieldError{view.FieldID(), view.Text + " " + view.Error})
	case typed.Given():
		sh.answers = append(sh.answers, surveys.ItemAnswer{Code: item.Code, Value: typed})
	case sent && !stands:
		sh.blank = append(sh.blank, item.Code)
		if item.Required {
			sh.missed = append(sh.missed, fieldError{view.FieldID(), view.Text})
		}
	}
}

// complete returns the typed answers with a reason for every question that was left out.
func (sh *sheet) complete() []surveys.ItemAnswer {
	answers := sh.answers
	for _, code := range sh.blank {
		answers = append(answers, surveys.ItemAnswer{Code: code, Value: surveys.Absent(surveys.Skipped)})
	}
	return answers
}

// missedTitle says how many questions have no answer.
func missedTitle(n int) string {
	if n == 1 {
		return "You have missed one question"
	}
	return fmt.Sprintf("You have missed %d questions", n)
}

// showAll handles GET /q/:handle/all.
func (s *Server) showAll(c echo.Context, v *visit) error {
	if v.Wave.Layout != surveys.OnePage {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	if v.Answers.Given() > 0 {
		return s.pages.page(c, http.StatusOK, v.allPage(v.sheet(nil)))
	}
	words := slotWords{slotHandle: v.handle, slotSeq: v.nextSeq()}
	return s.pages.cutPage(c, v.cutKey((&allPage{}).template(), ""), words, func(words slotWords) page {
		p := v.withHandle(words[slotHandle]).allPage(v.sheet(nil))
		p.Seq = words[slotSeq]
		return p
	})
}

func (v *visit) sheet(form url.Values) sheet {
	return readSheet(v.Questionnaire, v.words, form, v.value, v.shows)
}

func (v *visit) allPage(sh sheet) *allPage {
	p := &allPage{basePage: v.base(v.Wave.Title), BackURL: v.path("welcome"), Action: v.path("all"), Seq: v.nextSeq(), Submit: "Send my answers",
		Sections: sh.sections}
	p.Errors = sh.problems
	for _, item := range v.Questionnaire.Items {
		p.Earlier = p.Earlier || v.value(item.Code).Given() && !v.shows(item.Code)
	}
	return p
}

// answerAll handles POST /q/:handle/all. What can be taken is saved even where something else needs another look.
func (s *Server) answerAll(c echo.Context, v *visit) error {
	if v.Wave.Layout != surveys.OnePage {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	sh := v.sheet(form)
	again := len(sh.problems) > 0 || len(sh.missed) > 0 && form.Get("skip") == ""
	answers := sh.answers
	if !again {
		answers = sh.complete()
	}
	if _, err := s.save(c, v, answers, !again); err != nil {
		return err
	}
	if !again {
		return c.Redirect(http.StatusSeeOther, v.path("thanks"))
	}
	return s.sheetAgain(c, v.allPage(sh), sh)
}

// sheetAgain shows a page of questions with what is wrong, or else with what was missed.
func (s *Server) sheetAgain(c echo.Context, p *allPage, sh sheet) error {
	if len(sh.problems) > 0 {
		return s.pages.page(c, http.StatusBadRequest, p)
	}
	p.Missed, p.MissedTitle = sh.missed, missedTitle(len(sh.missed))
	return s.pages.page(c, http.StatusOK, p)
}
