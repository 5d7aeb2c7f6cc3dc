package entry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// entering is a questionnaire that somebody is about to type.
type entering struct {
	signedin.Person
	wave     surveys.Wave
	mode     surveys.Mode
	occasion surveys.Occasion
	own      []string // forms of the paper's earlier entries
}

// findEntering returns the person, wave and mode of the address.
func (h *Entry) findEntering(c echo.Context) (entering, error) {
	who, wave, err := signedin.FindPersonWave(c, h.store)
	if err != nil {
		return entering{}, err
	}
	e := entering{Person: who, wave: wave}
	if e.mode, _ = surveys.ParseMode(c.Param("mode")); e.mode != surveys.Paper && e.mode != surveys.Telephone {
		return e, echo.ErrNotFound
	}
	ctx := c.Request().Context()
	if e.occasion, err = h.store.Occasion(ctx, who.ID, wave.ID); err != nil {
		return e, err
	}
	open, err := h.store.FindOpenPaper(ctx, who.ID, wave.ID)
	e.own = open.Forms()
	return e, err
}

// elsewhere reports whether the person has answered in any other way than in this form and the paper's earlier entries.
func (e *entering) elsewhere(form string) bool {
	return e.occasion.AnsweredElsewhere(append(e.own, form))
}

// ShowForm handles GET /entry/people/:enrolment/:wave/:mode. Where nothing can be entered, the person's page says why.
func (h *Entry) ShowForm(c echo.Context) error {
	e, err := h.findEntering(c)
	if err != nil {
		return err
	}
	if e.occasion.CheckEntry() != nil {
		return c.Redirect(http.StatusSeeOther, signedin.EntryPersonPath(e.ID))
	}
	form := url.Values{"form": {tickets.NewSitting()}}
	if e.mode == surveys.Telephone {
		form.Set(surveys.EntryDay, h.now().In(e.TheirStudy.Zone).Format("02.01.2006"))
		form.Set(surveys.EntryHelper, "1")
	}
	return h.pages.Send(c, http.StatusOK, h.formPage(c, e, form, nil))
}

// EnterForm handles POST /entry/people/:enrolment/:wave/:mode.
func (h *Entry) EnterForm(c echo.Context) error {
	e, err := h.findEntering(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	entered, wrong := e.read(form, access.Account(c).ID)
	if len(wrong) > 0 {
		return h.pages.Send(c, http.StatusBadRequest, h.formPage(c, e, form, wrong))
	}
	done, err := h.store.Enter(context.WithoutCancel(c.Request().Context()), entered)
	var refused *surveys.Error
	switch {
	case err == nil:
		return h.done(c, e.ID, done)
	case errors.As(err, &refused) && (refused.Kind == surveys.Invalid || refused.Kind == surveys.Conflict):
		p := h.formPage(c, e, form, refused.Fields)
		if len(refused.Fields) == 0 {
			p.Errors = []page.FieldError{{Text: page.Sentence(refused.Message)}}
		}
		if refused.Kind == surveys.Conflict && e.elsewhere(entered.ID) && !entered.Over {
			p.AsksOver = true
			p.Errors = []page.FieldError{{Field: "over", Text: "They have answered this wave in another way already. Say below whether what you typed takes the place of that."}}
		}
		return h.pages.Send(c, page.KindStatus[refused.Kind], p)
	default:
		return err
	}
}

// languages lists those in which somebody can have answered: on paper, those that can be printed.
func (e *entering) languages() []string {
	if e.mode == surveys.Paper {
		return e.occasion.Study.Printable(e.occasion.Questionnaire)
	}
	return e.occasion.Questionnaire.Languages()
}

// read reads what was typed, and says what is wrong by field.
func (e *entering) read(form url.Values, by surveys.AccountID) (surveys.Entered, map[string]string) {
	wrong := make(map[string]string)
	entered := surveys.Entered{ID: form.Get("form"), Enrolment: e.ID, Wave: e.wave.ID, Mode: e.mode, Language: form.Get(surveys.EntryLanguage),
		Over: form.Get("over") != "", By: by}
	if languages := e.languages(); entered.Language == "" && len(languages) == 1 {
		entered.Language = languages[0]
	}
	var ok bool
	if entered.CompletedOn, ok = readEntryDay(form.Get(surveys.EntryDay)); !ok {
		wrong[surveys.EntryDay] = wrongEntryDay
	}
	if entered.Helper, ok = readHelper(e.mode, form.Get(surveys.EntryHelper)); !ok {
		wrong[surveys.EntryHelper] = "Type the number of one of the answers."
	}
	for _, item := range e.occasion.Questionnaire.Items {
		if item.Kind == surveys.KindDisplay {
			continue
		}
		v, err := surveys.ReadEntry(item.Item, form.Get(item.Code))
		if err != nil {
			wrong[item.Code] = err.Error()
		}
		if v != (surveys.Value{}) {
			entered.Answers = append(entered.Answers, surveys.ItemAnswer{Code: item.Code, Value: v})
		}
	}
	return entered, wrong
}

const wrongEntryDay = "This is not a day. Type it as on the paper, such as 31032026, or leave it empty."

// readEntryDay reads the day of a questionnaire; an empty one is not known.
func readEntryDay(typed string) (day string, ok bool) {
	if strings.TrimSpace(typed) == "" {
		return "", true
	}
	return surveys.ReadDay(typed)
}

// readHelper reads the number of who helped. Nothing typed means the first of the list.
func readHelper(mode surveys.Mode, typed string) (code string, ok bool) {
	helpers := surveys.EntryHelpers(mode)
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return helpers[0].Code, true
	}
	for _, h := range helpers {
		if strconv.Itoa(h.Number) == typed {
			return h.Code, true
		}
	}
	return "", false
}

// formPage shows the whole questionnaire with what was typed, and what is wrong with it by field.
func (h *Entry) formPage(c echo.Context, e entering, form url.Values, wrong map[string]string) *entryFormPage {
	title := e.wave.Title + " from paper: person " + e.Label
	if e.mode == surveys.Telephone {
		title = e.wave.Title + " on the telephone: person " + e.Label
	}
	p := &entryFormPage{Frame: h.frames.Entry(c, title, e.Person), CancelURL: signedin.EntryPersonPath(e.ID), Form: page.HiddenField{Name: "form", Value: form.Get("form")},
		Action: signedin.EntryPersonPath(e.ID) + "/" + string(e.wave.ID) + "/" + e.mode.String(), Submit: "Enter the questionnaire", Over: form.Get("over") != ""}
	complete := e.occasion.Outcome == surveys.Complete
	p.AsksOver = !complete && (p.Over || e.elsewhere(form.Get("form")))
	p.Says = []string{"Type the number of each answer. Enter or the down arrow goes on, the up arrow goes back.",
		"Leave a blank empty: it is recorded as blank. Type p where they preferred not to say and n where they wrote that it does not apply; in a field for words, /p and /n."}
	if complete {
		p.Says = append(p.Says, "This person has answered this wave completely already. What you type is kept whole beside that, and a data manager decides which counts.")
	}
	languages := e.languages()
	if len(languages) > 1 {
		p.In = page.SelectField{ID: surveys.EntryLanguage, Label: "Language of the questionnaire", Error: wrong[surveys.EntryLanguage]}
		for _, language := range languages {
			p.In.Options = append(p.In.Options, page.Choice{Value: language, Label: language, Chosen: language == form.Get(surveys.EntryLanguage)})
		}
	}
	p.Facts = aboutPaper(e.mode)
	words := question.WordingOf(e.occasion.Questionnaire, locale.English(), form.Get(surveys.EntryLanguage))
	n := 0
	for _, item := range e.occasion.Questionnaire.Items {
		if item.First {
			p.Sections = append(p.Sections, entrySection{Heading: words.Heading(e.occasion.Questionnaire, item.Instrument), Intro: words.Intro(item.Instrument)})
		}
		if item.Kind != surveys.KindDisplay {
			n++
		}
		section := &p.Sections[len(p.Sections)-1]
		section.Items = append(section.Items, entryItemOf(item, n, words))
	}
	p.Banners = page.StudyBanners(p.Pack(), e.TheirStudy.Demo, e.StudyState, words.Neutral)
	fill := func(items []entryItem) {
		for i := range items {
			item := &items[i]
			item.Value, item.Error = form.Get(item.Code), wrong[item.Code]
			if item.Error != "" {
				p.Errors = append(p.Errors, page.FieldError{Field: item.Code, Text: strings.TrimSpace(item.Number+" "+item.Text) + " " + item.Error})
			}
		}
	}
	fill(p.Facts)
	for i := range p.Sections {
		fill(p.Sections[i].Items)
	}
	return p
}

// aboutPaper returns the lines about the questionnaire itself.
func aboutPaper(mode surveys.Mode) []entryItem {
	day := entryItem{Code: surveys.EntryDay, Text: "On which day was it filled in?", InputMode: "numeric", Digits: "8", Wrong: wrongEntryDay,
		Hint: "Day, month and year, such as 31032026. If it is not on the paper, leave it empty: then the day stays unknown."}
	helper := entryItem{Code: surveys.EntryHelper, Text: "Did somebody help?", InputMode: "numeric", Wrong: "Type the number of one of the answers."}
	if mode == surveys.Telephone {
		day.Text, day.Hint = "On which day was it answered?", "Day, month and year, such as 31032026."
		helper.Text = "Who answered?"
	}
	for _, h := range surveys.EntryHelpers(mode) {
		helper.Keys = append(helper.Keys, fmt.Sprintf("%d %s", h.Number, h.Label))
		helper.Values = strings.TrimSpace(helper.Values + " " + strconv.Itoa(h.Number))
	}
	return []entryItem{day, helper}
}

// entryItemOf is the line of an item, with the n-th number on paper.
func entryItemOf(item surveys.QuestionItem, n int, words question.Wording) entryItem {
	view := words.Question(item)
	v := entryItem{Code: item.Code, Number: strconv.Itoa(n) + ".", Text: view.Text, Hint: view.Hint, Wrong: "This is not one of the answers."}
	if view.Topic != "" {
		v.Text = view.Topic + " " + v.Text
	}
	switch {
	case item.Kind == surveys.KindDisplay:
		v.Number, v.Read = "", true
		return v
	case item.Kind == surveys.KindMultiple:
		v.Hint = "The numbers of all that are crossed, with blanks between."
	case item.Kind == surveys.KindDate:
		v.Hint, v.Digits = "Day, month and year, such as 31032026.", "8"
	case item.Kind == surveys.KindVAS, item.Kind == surveys.KindInteger, item.Kind == surveys.KindDecimal:
		v.Hint = fmt.Sprintf("From %s to %s.", surveys.FormatNumber(item.Min), surveys.FormatNumber(item.Max))
	case item.Kind.Text():
		v.Wide = true
	}
	if v.Wide {
		return v
	}
	v.InputMode = "text" // a p or an n may be typed as well
	for _, o := range view.Options {
		if o.Label != o.Value {
			v.Keys = append(v.Keys, o.Value+" "+o.Label)
		}
		if item.Kind != surveys.KindMultiple {
			v.Values = strings.TrimSpace(v.Values + " " + o.Value)
		}
	}
	if view.Low != "" {
		v.Keys = append(v.Keys, view.Low, view.High)
	}
	return v
}

// typedDay is a day of a questionnaire in words.
func typedDay(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return "not known"
	}
	return at.Format("2 January 2006")
}
