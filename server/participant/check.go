package participant

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// ShowCheck handles GET /q/:handle/check.
func (h *Response) ShowCheck(c echo.Context, v *visit) error {
	if v.Wave.Layout == surveys.OnePage {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	p := &checkPage{Base: v.base(v.words.Say("Check your answers")), Action: v.path("check"), Seq: v.nextSeq(), BackURL: v.path("welcome")}
	p.Script = true
	for i, item := range v.Questionnaire.Items {
		if item.First {
			p.Sections = append(p.Sections, checkSection{Heading: v.words.Heading(v.Questionnaire, item.Instrument)})
		}
		if item.Kind == surveys.KindDisplay || !v.listed(i) {
			continue
		}
		row := v.checkRow(item)
		p.Earlier = p.Earlier || row.Earlier
		p.BackURL = row.URL
		section := &p.Sections[len(p.Sections)-1]
		section.Rows = append(section.Rows, row)
	}
	return h.pages.Send(c, http.StatusOK, p)
}

const askedEarlier = "Asked earlier"

// checkRow shows an answer on the device on which it was given; elsewhere it says only that the question was asked.
func (v *visit) checkRow(item surveys.QuestionItem) checkRow {
	value, known := v.here(item.Code)
	row := checkRow{Question: v.words.Question(item).Text, URL: v.path(strconv.Itoa(item.Index + 1)), Given: value.Given(),
		Answer: v.words.AnswerWords(item, value)}
	if !known {
		row.Answer, row.Given, row.Earlier = v.words.Say(askedEarlier), true, true
	}
	return row
}

// Finish handles POST /q/:handle/check.
func (h *Response) Finish(c echo.Context, v *visit) error {
	receipt, err := save(c, h.store, v, nil, true)
	if err != nil {
		return err
	}
	if v.cares(receipt) {
		return c.Redirect(http.StatusSeeOther, v.path("care"))
	}
	return c.Redirect(http.StatusSeeOther, v.path("thanks"))
}
