package participant

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
)

// Whatever follows from an answer counts as the answer. Somebody who holds a device on which a questionnaire was not answered,
// a colleague with the practice's tablet above all, would learn an answer from the question that it leads to. So on a device a
// question is veiled if whether it is asked rests on answers that were given elsewhere: no page, list, count or bundle there
// tells of it, whatever these answers are. The server asks it when somebody goes on to what comes next, question by question,
// and only from then on the device knows that it is asked. Without a network it is left as not reached.

// waits reports whether an item in which this stands waits for an answer: nothing was said, or it was taken back.
func waits(v surveys.Value) bool {
	return v.Kind == surveys.Untouched || v == surveys.Absent(surveys.Cleared)
}

// hides reports whether the item was asked elsewhere. Neither what was said is shown here nor whether anything was.
func (v *visit) hides(code string) bool { return !waits(v.value(code)) && !v.shows(code) }

// here returns what stands in an item as far as it may be known here; ok is false where it may not.
func (v *visit) here(code string) (value surveys.Value, ok bool) {
	switch {
	case v.shows(code):
		return v.value(code), true
	default:
		return surveys.Value{}, !v.hides(code)
	}
}

// listed reports whether this device knows that the i-th item has a screen.
func (v *visit) listed(i int) bool {
	applies, told := v.Questionnaire.Tells(i, v.here)
	return told && applies
}

// veiled reports whether this device must not know if the i-th item has a screen.
func (v *visit) veiled(i int) bool {
	_, told := v.Questionnaire.Tells(i, v.here)
	return !told
}

// waitsHere reports whether this device knows that the i-th item waits for an answer.
func (v *visit) waitsHere(i int) bool {
	item := v.Questionnaire.Items[i]
	return item.Kind != surveys.KindDisplay && waits(v.value(item.Code)) && v.listed(i)
}

// anyVeiled reports whether some item is veiled.
func (v *visit) anyVeiled() bool {
	for i := range v.Questionnaire.Items {
		if v.veiled(i) {
			return true
		}
	}
	return false
}

// offered reports whether the server asks the i-th item, which is veiled: one that waits, or a text to read. What was answered
// elsewhere is not offered, and looks like what is not asked.
func (v *visit) offered(i int) bool {
	if v.Questionnaire.Items[i].Kind == surveys.KindDisplay {
		return v.veiled(i) && v.shown(i)
	}
	return v.veiled(i) && v.open(i)
}

// begun reports whether anything was asked so far, here or elsewhere.
func (v *visit) begun() bool {
	return slices.ContainsFunc(v.Questionnaire.Items, func(item surveys.QuestionItem) bool { return !waits(v.value(item.Code)) })
}

// askAddress is where somebody asks the server what comes after the i-th item.
func askAddress(i int) string { return "next-" + strconv.Itoa(i+1) }

// nextStep is nextQuestion as far as this device knows the way: where a veiled item lies in between it is the address where
// the server is asked. Links on pages lead there.
func (v *visit) nextStep(i int) string {
	veiled := false
	open := func(at int) bool {
		veiled = veiled || v.veiled(at)
		return veiled || v.waitsHere(at)
	}
	step := v.walk(i, open, v.listed)
	if veiled {
		return askAddress(i)
	}
	return step
}

// afterAll is where somebody goes on after the page of all questions.
func (v *visit) afterAll() string {
	if v.anyVeiled() {
		return askAddress(-1)
	}
	return "thanks"
}

// ShowNext handles GET /q/:handle/next-:number, where somebody asks what comes after a question, or before the first one after
// number 0. Where all questions stand on one page, those come next that the page could not show.
func (h *Sheets) ShowNext(c echo.Context, v *visit) error {
	after, err := strconv.Atoi(c.Param("number"))
	if err != nil || after < 0 || after > len(v.Questionnaire.Items) {
		return echo.ErrNotFound
	}
	if v.Wave.Layout != surveys.OnePage {
		return c.Redirect(http.StatusSeeOther, v.path(v.nextQuestion(after-1)))
	}
	rest := v.rest()
	if len(rest) == 0 {
		return c.Redirect(http.StatusSeeOther, v.path("thanks"))
	}
	return h.pages.Send(c, http.StatusOK, v.restPage(v.restSheet(nil, rest)))
}

// rest lists the indexes of the items that a page of all questions has left out and the server asks.
func (v *visit) rest() []int {
	rest := []int{}
	for i, item := range v.Questionnaire.Items {
		if item.Kind != surveys.KindDisplay && v.offered(i) {
			rest = append(rest, i)
		}
	}
	return rest
}

func (v *visit) restSheet(form map[string][]string, rest []int) *sheet {
	return readSheet(v.Questionnaire, question.WholeOf(v.Questionnaire), v.words, form, v.value, v.shows, rest)
}

func (v *visit) restPage(sh *sheet) *allPage {
	p := v.allPage(sh)
	p.Action, p.BackURL, p.Earlier = v.path(askAddress(-1)), v.path("all"), false
	p.Sections = slices.DeleteFunc(p.Sections, func(s sectionView) bool { return len(s.Questions) == 0 })
	for _, i := range sh.only {
		p.Asked = append(p.Asked, v.Questionnaire.Items[i].Code)
	}
	return p
}

// AnswerNext handles POST /q/:handle/next-:number, from the page that shows what the page of all questions has left out.
func (h *Sheets) AnswerNext(c echo.Context, v *visit) error {
	if v.Wave.Layout != surveys.OnePage {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	asked := []int{}
	for _, code := range form["asked"] {
		if item, ok := v.Questionnaire.Item(code); ok && v.Questionnaire.Asked(item.Index, v.value) && !slices.Contains(asked, item.Index) {
			asked = append(asked, item.Index)
		}
	}
	sh := v.restSheet(form, asked)
	if page.ReadsAnew(c) {
		return h.readAnew(c, v, sh, askAddress(-1))
	}
	if again, err := h.saveSheet(c, v, sh, false, func() string { return askAddress(-1) }); !again {
		return err
	}
	return sheetAgain(c, h.pages, v.restPage(sh), sh)
}
