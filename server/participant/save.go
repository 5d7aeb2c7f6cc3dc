package participant

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/question"
	"wellwave/surveys"
)

// saved is the receipt for an answer that a page saved by itself.
type saved struct {
	Received bool   `json:"received"`
	Late     bool   `json:"late,omitempty"`
	Refused  string `json:"refused,omitempty"`
	Seq      string `json:"seq"` // of the next save
}

// SaveQuestion handles POST /q/:handle/:number/save, which a page does by itself while somebody answers. It saves what
// Continue would, but skips nothing.
func (h *Questions) SaveQuestion(c echo.Context, v *visit) error {
	i, ok := v.questionAt(c.Param("number"))
	if !ok {
		return echo.ErrNotFound
	}
	item := v.Questionnaire.Items[i]
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	value, err := question.TypedValue(item.Item, form)
	switch {
	case err != nil:
		return c.JSON(http.StatusBadRequest, saved{Refused: v.words.Problem(err), Seq: v.nextSeq()})
	case value.Given():
	case v.value(item.Code).Given() && v.shows(item.Code):
		value = surveys.Absent(surveys.Cleared)
	default:
		return c.JSON(http.StatusOK, saved{Seq: v.nextSeq()})
	}
	return h.saveAndTell(c, v, []surveys.ItemAnswer{{Code: item.Code, Value: value}})
}

// SaveSheet handles POST /q/:handle/all/save: what can be taken of a page of questions.
func (h *Questions) SaveSheet(c echo.Context, v *visit) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	answers := v.sheet(form).answers
	if len(answers) == 0 {
		return c.JSON(http.StatusOK, saved{Seq: v.nextSeq()})
	}
	return h.saveAndTell(c, v, answers)
}

func (h *Questions) saveAndTell(c echo.Context, v *visit, answers []surveys.ItemAnswer) error {
	receipt, err := h.saveDraft(c, v, answers)
	if err != nil {
		return err
	}
	told := saved{Received: true, Late: receipt.LateDays > 0, Seq: v.nextSeq()}
	if receipt.Seq > 0 {
		told.Seq = strconv.Itoa(max(receipt.Seq, v.Answers.Highest(v.ticket.Sitting)) + 1)
	}
	if len(receipt.Refused) > 0 {
		told = saved{Refused: v.words.Reason(receipt.Refused[0].Reason), Seq: told.Seq}
	}
	return c.JSON(http.StatusOK, told)
}
