package entry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// deciding is a paper whose two entries differ, for somebody to decide who made neither.
type deciding struct {
	signedin.Person
	paper       surveys.EnteredPaper
	wave        surveys.Wave
	occasion    surveys.Occasion
	differences []surveys.Difference
}

// findDeciding returns the paper of the address. See compare for who may decide.
func (h *Entry) findDeciding(c echo.Context) (deciding, error) {
	ctx := c.Request().Context()
	paper, err := h.store.FindPaper(ctx, c.Param("paper"))
	if err != nil {
		return deciding{}, err
	}
	d := deciding{paper: paper}
	if d.Person, err = signedin.PersonOf(c, h.store, paper.Enrolment); err != nil {
		return d, err
	}
	d.occasion, err = h.store.Occasion(ctx, paper.Enrolment, paper.Wave)
	d.wave = d.occasion.Wave
	return d, err
}

// compare lists the differences, if the account may see both entries.
func (d *deciding) compare(by surveys.AccountID) error {
	if err := d.paper.CheckDecide(by); err != nil {
		return err
	}
	d.differences = d.occasion.Questionnaire.Compare(&d.paper.Entries[0], &d.paper.Entries[1]).Differing
	return nil
}

// ShowDecide handles GET /entry/papers/:paper.
func (h *Entry) ShowDecide(c echo.Context) error {
	d, err := h.findDeciding(c)
	if err != nil {
		return err
	}
	if err := d.compare(access.Account(c).ID); err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, h.decidePage(c, d, url.Values{"form": {tickets.NewSitting()}}, nil))
}

// Decide handles POST /entry/papers/:paper.
func (h *Entry) Decide(c echo.Context) error {
	d, err := h.findDeciding(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	by := access.Account(c).ID
	decided, wrong := map[string]surveys.Value{}, map[string]string{}
	if err := d.compare(by); err == nil { // otherwise the store decides whether this form was sent before or is too late
		decided, wrong = d.read(form)
	}
	if len(wrong) > 0 {
		return h.pages.Send(c, http.StatusBadRequest, h.decidePage(c, d, form, wrong))
	}
	done, err := h.store.DecidePaper(context.WithoutCancel(c.Request().Context()), by, d.paper.ID, form.Get("form"), decided)
	var refused *surveys.Error
	if errors.As(err, &refused) && refused.Kind == surveys.Invalid {
		return h.pages.Send(c, http.StatusBadRequest, h.decidePage(c, d, form, refused.Fields))
	}
	if err != nil {
		return err
	}
	return h.done(c, d.ID, done)
}

// The choices at a difference.
const (
	takeFirst  = "first"
	takeSecond = "second"
	takeOther  = "other"
)

// read returns what was decided by item code, and what is wrong with it.
func (d *deciding) read(form url.Values) (decided map[string]surveys.Value, wrong map[string]string) {
	decided, wrong = make(map[string]surveys.Value), make(map[string]string)
	for _, diff := range d.differences {
		switch form.Get(diff.Code) {
		case takeFirst:
			decided[diff.Code] = diff.First
		case takeSecond:
			decided[diff.Code] = diff.Second
		case takeOther:
			v, err := d.readOther(diff.Code, form.Get(diff.Code+"-other"))
			if err != nil {
				wrong[diff.Code+"-other"] = err.Error()
			}
			decided[diff.Code] = v
		default:
			wrong[diff.Code] = "Choose what stands on the paper."
		}
	}
	return decided, wrong
}

// readOther reads what somebody typed who agrees with neither entry.
func (d *deciding) readOther(code, typed string) (surveys.Value, error) {
	switch code {
	case surveys.EntryDay:
		day, ok := readEntryDay(typed)
		if !ok {
			return surveys.Value{}, surveys.Errorf(surveys.Invalid, wrongEntryDay)
		}
		return surveys.Text(day), nil
	case surveys.EntryHelper:
		helper, ok := readHelper(surveys.Paper, typed)
		if !ok {
			return surveys.Value{}, surveys.Errorf(surveys.Invalid, "Type the number of one of the answers.")
		}
		return surveys.Text(helper), nil
	case surveys.EntryLanguage:
		return surveys.Text(strings.TrimSpace(typed)), nil
	}
	item, ok := d.occasion.Questionnaire.Item(code)
	if !ok {
		return surveys.Value{}, surveys.Errorf(surveys.Invalid, "There is no such item.")
	}
	return surveys.ReadEntry(item.Item, typed)
}

// decidePage shows both readings of everything that differs, with the words of the item.
func (h *Entry) decidePage(c echo.Context, d deciding, form url.Values, wrong map[string]string) *decidePage {
	p := &decidePage{Frame: h.frames.Entry(c, "Where two entries differ: "+d.wave.Title+", person "+d.Label, d.Person), CancelURL: signedin.EntryPath,
		Action: signedin.EntryPath + "/papers/" + d.paper.ID, Form: page.HiddenField{Name: "form", Value: form.Get("form")}}
	p.Narrow = true
	p.Lede = fmt.Sprintf("%d of %d items agree. Take the paper and choose what stands on it for the rest; empty means that it was left blank.", d.paper.Equal, d.paper.Compared)
	words := question.WordingOf(d.occasion.Questionnaire, locale.English(), d.paper.Entries[0].Language)
	for _, diff := range d.differences {
		line := d.line(diff.Code, words)
		says := func(v surveys.Value) string { return d.says(diff.Code, v, words) }
		chosen := form.Get(diff.Code)
		field := page.ChoiceField{ID: diff.Code, Name: diff.Code, Label: strings.TrimSpace(line.Number + " " + line.Text), Error: wrong[diff.Code],
			Options: []page.Choice{{ID: diff.Code, Value: takeFirst, Label: "First entry: " + says(diff.First), Chosen: chosen == takeFirst},
				{ID: diff.Code + "-2", Value: takeSecond, Label: "Second entry: " + says(diff.Second), Chosen: chosen == takeSecond},
				{ID: diff.Code + "-3", Value: takeOther, Label: "Something else, which I type below", Chosen: chosen == takeOther}}}
		other := page.TextField{ID: diff.Code + "-other", Label: "Something else", Value: form.Get(diff.Code + "-other"), Autocomplete: "off",
			Class: "ww-input--medium", Hint: strings.Join(line.Keys, " · "), Error: wrong[diff.Code+"-other"]}
		if line.Wide {
			other.Class = ""
		}
		if field.Error != "" {
			p.Errors = append(p.Errors, page.FieldError{Field: field.ID, Text: field.Label + " " + field.Error})
		}
		if other.Error != "" {
			p.Errors = append(p.Errors, page.FieldError{Field: other.ID, Text: field.Label + " " + other.Error})
		}
		p.Differences = append(p.Differences, differenceView{Choice: field, Other: other})
	}
	return p
}

// line is the item as the page of entry shows it.
func (d *deciding) line(code string, words question.Wording) entryItem {
	for _, fact := range aboutPaper(surveys.Paper) {
		if fact.Code == code {
			return fact
		}
	}
	n := 0
	for _, item := range d.occasion.Questionnaire.Items {
		if item.Kind != surveys.KindDisplay {
			n++
		}
		if item.Code == code {
			return entryItemOf(item, n, words)
		}
	}
	return entryItem{Code: code, Text: "In which language is the questionnaire?"}
}

// says words one reading.
func (d *deciding) says(code string, v surveys.Value, words question.Wording) string {
	switch code {
	case surveys.EntryDay:
		return typedDay(v.Text)
	case surveys.EntryHelper:
		for _, h := range surveys.EntryHelpers(surveys.Paper) {
			if h.Code == v.Text {
				return strconv.Itoa(h.Number) + " " + h.Label
			}
		}
	case surveys.EntryLanguage:
		return v.Text
	}
	item, ok := d.occasion.Questionnaire.Item(code)
	switch {
	case !ok:
		return v.Text
	case v.Kind == surveys.Untouched:
		return "empty"
	case v == surveys.Absent(surveys.PreferNotToSay):
		return "p, preferred not to say"
	case v == surveys.Absent(surveys.NotApplicable):
		return "n, does not apply"
	case item.Kind.Chosen():
		return v.String() + " " + strings.ReplaceAll(words.AnswerWords(item, v), "\n", ", ")
	default:
		return words.AnswerWords(item, v)
	}
}
