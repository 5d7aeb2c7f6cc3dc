package participant

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
	"wellwave/surveys/store"
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
	return saveAndTell(c, h.store, v, []surveys.ItemAnswer{{Code: item.Code, Value: value}})
}

// SaveAll handles POST /q/:handle/all/save: what can be taken of a page of questions.
func (h *Sheets) SaveAll(c echo.Context, v *visit) error {
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	answers := v.sheet(form).answers
	if len(answers) == 0 {
		return c.JSON(http.StatusOK, saved{Seq: v.nextSeq()})
	}
	return saveAndTell(c, h.store, v, answers)
}

func saveAndTell(c echo.Context, kept *store.Store, v *visit, answers []surveys.ItemAnswer) error {
	receipt, err := saveDraft(c, kept, v, answers)
	if err != nil {
		return err
	}
	told := saved{Received: true, Late: receipt.LateDays > 0, Seq: v.nextSeq()}
	if receipt.Seq > 0 {
		told.Seq = strconv.Itoa(max(receipt.Seq, v.Answers.Highest(v.ticket.Sitting)) + 1)
	}
	if why := receipt.Told(); why != "" {
		told = saved{Refused: v.words.Reason(why), Seq: told.Seq}
	}
	return c.JSON(http.StatusOK, told)
}

// save submits answers and remembers them for the rest of the request. If any of them is new, all are sent, because a
// repeated save is recognised by the same content under the same number. If nothing is new and nothing is to be finished,
// nothing is sent, unless the page was sent before.
func save(c echo.Context, kept *store.Store, v *visit, answers []surveys.ItemAnswer, finish bool) (surveys.Receipt, error) {
	return send(c, kept, v, surveys.Submission{Answers: answers, Finish: finish})
}

// saveDraft is save for a page that saves by itself: nobody has confirmed the answers yet.
func saveDraft(c echo.Context, kept *store.Store, v *visit, answers []surveys.ItemAnswer) (surveys.Receipt, error) {
	return send(c, kept, v, surveys.Submission{Answers: answers, Draft: true})
}

func send(c echo.Context, kept *store.Store, v *visit, sub surveys.Submission) (surveys.Receipt, error) {
	var form saveForm
	if err := page.Bind(c, &form); err != nil {
		return surveys.Receipt{}, err
	}
	sub.How, sub.By = v.ticket.How(v.words.Language, form.Aids), v.ticket.By()
	sub.Seq, sub.Renumber = v.seqOf(form), true
	// A page that was sent before is always heard: what it says may stand and yet be news of this page.
	before := len(sub.Answers) > 0 && sub.Seq > 0 && sub.Seq <= v.Answers.Highest(v.ticket.Sitting)
	if !before && !v.says(sub) {
		return surveys.Receipt{}, nil
	}
	sub.Study, sub.Enrolment, sub.Wave, sub.Sitting, sub.Basis = v.ticket.Study, v.ticket.Enrolment, v.ticket.Wave, v.ticket.Sitting, v.ticket.Basis()
	receipt, err := kept.Submit(c.Request().Context(), sub)
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
