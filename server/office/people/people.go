package people

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
	"wellwave/surveys/locale"
	"wellwave/surveys/store"
)

// People are looked at one by one: what a person has answered, where each answer came from, and what was changed. Whoever looks
// says why first, each time, and the audit trail knows it before anything is shown.
type People struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
}

// findLookedAt returns the person of the address. Whose role shows it nothing in this study is refused.
func (h *People) findLookedAt(c echo.Context) (signedin.Person, error) {
	study, state, err := h.findShown(c)
	if err != nil {
		return signedin.Person{}, err
	}
	who, err := signedin.FindPerson(c, h.store)
	if err == nil && who.Study != study.ID {
		err = echo.ErrNotFound
	}
	who.TheirStudy, who.StudyState = study, state
	return who, err
}

// findShown returns the study of the address, where the account may see answers of its people.
func (h *People) findShown(c echo.Context) (*surveys.Study, surveys.StudyState, error) {
	study, state, err := signedin.FindStudy(c, h.store)
	if err == nil && !study.ShowsAnswers(access.Account(c).Role, state) {
		err = surveys.Errorf(surveys.Forbidden, "This study is masked until it is locked: before that only a data manager sees a person’s answers.")
	}
	return study, state, err
}

func peoplePath(id surveys.StudyID) string { return signedin.StudyPath(id) + "/people" }

func answersPath(p signedin.Person) string { return peoplePath(p.Study) + "/" + string(p.ID) }

// Ask handles GET /office/studies/:study/people.
func (h *People) Ask(c echo.Context) error {
	p, _, err := h.findPage(c, "")
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *People) findPage(c echo.Context, number string) (*findPersonPage, *surveys.Study, error) {
	study, state, err := h.findShown(c)
	if err != nil {
		return nil, nil, err
	}
	p := &findPersonPage{Frame: h.frames.Study(c, "Answers of one person", study, state), Action: peoplePath(study.ID)}
	p.Number = page.TextField{ID: "label", Label: "Study number", Value: number, Class: "ww-input--medium", Autocomplete: "off"}
	return p, study, nil
}

type findPersonForm struct {
	Label string `form:"label"`
}

// Find handles POST /office/studies/:study/people and leads to the person with that number.
func (h *People) Find(c echo.Context) error {
	var form findPersonForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	p, study, err := h.findPage(c, strings.TrimSpace(form.Label))
	if err != nil {
		return err
	}
	enrolment, err := h.store.FindEnrolmentByLabel(c.Request().Context(), study.ID, p.Number.Value)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, peoplePath(study.ID)+"/"+string(enrolment.ID))
	}
	var status int
	if status, p.Number.Error, err = signedin.NotFoundNumber(err); err != nil {
		return err
	}
	p.Errors = []page.FieldError{{Field: p.Number.ID, Text: p.Number.Error}}
	return h.pages.Send(c, status, p)
}

// AskWhy handles GET /office/studies/:study/people/:enrolment. It shows no answer.
func (h *People) AskWhy(c echo.Context) error {
	who, err := h.findLookedAt(c)
	if err != nil {
		return err
	}
	return h.sendWhy(c, who, http.StatusOK, lookForm{}, nil)
}

type lookForm struct {
	ID     string `form:"form"` // see once
	Reason string `form:"reason"`
	Note   string `form:"note"`
}

func (h *People) sendWhy(c echo.Context, who signedin.Person, status int, form lookForm, wrong error) error {
	p := &lookPage{Frame: h.frames.Study(c, "Answers of "+who.Label, who.TheirStudy, who.StudyState), Action: answersPath(who), CancelURL: peoplePath(who.Study),
		Form: signedin.NewFormID(), Corrected: c.QueryParams().Has("corrected"), Masked: who.TheirStudy.Hides(who.StudyState)}
	p.Narrow = true
	p.Reason = page.ChoiceField{ID: "reason-" + surveys.LookReasons()[0].String(), Name: "reason", Label: "Why do you look?", Error: signedin.FieldOf(wrong, "reason")}
	for _, reason := range surveys.LookReasons() {
		p.Reason.Options = append(p.Reason.Options, page.Choice{ID: "reason-" + reason.String(), Value: reason.String(), Label: reason.Label(), Chosen: form.Reason == reason.String()})
	}
	p.Note = page.TextField{ID: "note", Label: "A note for the audit trail, if one is needed", Value: form.Note, Autocomplete: "off",
		Hint: "Such as the number of a visit. It is kept for good: no names, and nothing that was answered."}
	if wrong != nil {
		if p.Reason.Error != "" {
			p.Errors = append(p.Errors, page.FieldError{Field: p.Reason.ID, Text: p.Reason.Error})
		}
		if p.Note.Error = signedin.FieldOf(wrong, "note"); p.Note.Error != "" {
			p.Errors = append(p.Errors, page.FieldError{Field: p.Note.ID, Text: p.Note.Error})
		}
		if len(p.Errors) == 0 {
			p.Errors = page.ShowErrors(wrong)
		}
	}
	return h.pages.Send(c, status, p)
}

// Look handles POST /office/studies/:study/people/:enrolment and shows the answers, once.
func (h *People) Look(c echo.Context) error {
	who, err := h.findLookedAt(c)
	if err != nil {
		return err
	}
	var form lookForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	reason, _ := surveys.ParseLookReason(form.Reason)
	look := surveys.Look{Why: reason, Note: strings.TrimSpace(form.Note)}
	var answered []surveys.Answered
	again, err := signedin.Once(c, h.store, form.ID, func(ctx context.Context) (err error) {
		answered, err = h.store.LookAtAnswers(ctx, access.Account(c).ID, who.ID, look)
		return err
	})
	if again {
		err = surveys.Errorf(surveys.Conflict, "This page was shown once. Say again why you look, and it is shown once more.")
	}
	switch kind := surveys.KindOf(err); {
	case kind == surveys.Invalid, kind == surveys.Conflict:
		return h.sendWhy(c, who, page.KindStatus[kind], form, err)
	case err != nil:
		return err
	}
	p, err := h.answersPage(c, who, answered)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *People) answersPage(c echo.Context, who signedin.Person, answered []surveys.Answered) (*answersPage, error) {
	hides := who.TheirStudy.Hides(who.StudyState)
	says, err := signedin.Authors(c, h.store, hides)
	if err != nil {
		return nil, err
	}
	p := &answersPage{Frame: h.frames.Study(c, "Answers of "+who.Label, who.TheirStudy, who.StudyState), Empty: "This person has not answered anything yet.", CloseURL: peoplePath(who.Study)}
	if !hides {
		p.Facts = []page.Fact{{Term: "Site", Text: who.TheirSite.Title}, {Term: "Arm", Text: who.TheirStudy.ArmTitle(who.Arm)}}
	}
	for _, a := range answered {
		p.Waves = append(p.Waves, viewAnswered(who, a, says))
	}
	return p, nil
}

func viewAnswered(who signedin.Person, a surveys.Answered, says func(surveys.Author) string) answeredWave {
	wave, _ := who.TheirStudy.Wave(a.Wave)
	zone := who.TheirStudy.Zone
	v := answeredWave{ID: string(a.Wave), Heading: wave.Title, Facts: []page.Fact{{Term: "Completed on", Text: versionDay(a.Version, zone)}, {Term: "Collected by", Text: a.How.Mode.Label()}}}
	v.Answers = page.Table{ID: "answers-" + v.ID, Caption: "What was answered", Heads: page.Heads("Question", "Answer", "From", "How", "Received", "")}
	v.Answers.Heads[5] = page.HiddenHead("What to do")
	v.Changes = page.Table{ID: "changes-" + v.ID, Caption: "What was changed", Heads: page.Heads("When", "Question", "From", "To", "By", "Why")}
	words := question.WordingOf(a.Questionnaire, locale.English(), a.How.Language)
	corrects := who.StudyState.Takes() && who.Left < surveys.StopCollection
	asked := make(map[string]string)
	for i, item := range a.Questionnaire.Items {
		if item.Kind == surveys.KindDisplay {
			continue
		}
		asked[item.Code] = askedAs(words.Question(item))
		row := page.Row(page.HeadCell(asked[item.Code]), page.TextCell(answerSays(item, a.Value(item.Code), words)))
		if from := a.Origins[i]; from.At.IsZero() {
			row.Cells = append(row.Cells, page.TextCell(""), page.TextCell(""), page.TextCell(""))
		} else {
			row.Cells = append(row.Cells, page.TextCell(says(from.By)), page.TextCell(howSays(from)), page.TextCell(page.SayTime(from.At, zone)))
		}
		action := page.TextCell("")
		if corrects {
			action = page.LinkCell("Correct", answersPath(who)+"/"+v.ID+"/"+item.Code, "the answer to “"+asked[item.Code]+"”")
		}
		row.Cells = append(row.Cells, action)
		v.Answers.Rows = append(v.Answers.Rows, row)
	}
	for _, change := range a.Changes {
		item, ok := a.Questionnaire.Item(change.Code)
		if !ok {
			continue
		}
		v.Changes.Rows = append(v.Changes.Rows, page.Row(page.HeadCell(page.SayTime(change.At, zone)), page.TextCell(asked[change.Code]), page.TextCell(answerSays(item, change.From, words)),
			page.TextCell(answerSays(item, change.To, words)), page.TextCell(says(change.By)), page.TextCell(page.Capital(change.Why.Label()))))
	}
	v.Changed = len(v.Changes.Rows) > 0
	return v
}

// askedAs is a question with the word above it, in one line.
func askedAs(view question.View) string { return strings.TrimSpace(view.Topic + " " + view.Text) }

// howSays is how an answer was collected, and that it is a correction.
func howSays(from surveys.Origin) string {
	if from.Why != 0 {
		return from.How.Mode.Label() + ", corrected: " + from.Why.Label()
	}
	return from.How.Mode.Label()
}

// findPersonPage asks for the number of a person.
type findPersonPage struct {
	signedin.Frame
	Number page.TextField
	Action string
}

// lookPage asks why somebody looks at a person's answers.
type lookPage struct {
	signedin.Frame
	Corrected         bool // an answer just was
	Masked            bool
	Reason            page.ChoiceField
	Note              page.TextField
	Form              page.HiddenField
	Action, CancelURL string
}

// answersPage is what a person has answered.
type answersPage struct {
	signedin.Frame
	Facts    []page.Fact
	Waves    []answeredWave
	Empty    string
	CloseURL string
}

// answeredWave is one wave of an answersPage.
type answeredWave struct {
	ID, Heading string
	Facts       []page.Fact
	Answers     page.Table
	Changes     page.Table
	Changed     bool
}

func (*findPersonPage) Template() string { return "office/people" }
func (*lookPage) Template() string       { return "office/look" }
func (*answersPage) Template() string    { return "office/answers" }
