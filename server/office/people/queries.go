package people

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/surveys"
	"wellwave/surveys/locale"
	"wellwave/surveys/store"
)

// Queries are questionnaires on paper or by telephone for a wave that was complete already. Whoever decides which counts sees the
// answers of one person and neither site, arm nor score.
type Queries struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
}

// List handles GET /office/studies/:study/queries.
func (h *Queries) List(c echo.Context) error {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return err
	}
	queries, err := h.store.ListQueries(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &queriesPage{Frame: h.frames.Study(c, "Queries", study, state), Empty: "No questionnaire waits for a decision."}
	p.Queries = page.Table{ID: "queries", Caption: "Questionnaires that wait for a decision", Heads: page.Heads("Study number", "Wave", "Came on", "Stands until then", "")}
	p.Queries.Heads[4] = page.HiddenHead("What to do")
	for _, q := range queries {
		wave, _ := study.Wave(q.Wave)
		p.Queries.Rows = append(p.Queries.Rows, page.Row(page.HeadCell(q.Label), page.TextCell(wave.Title), page.TextCell(page.SayDay(q.RaisedAt, study.Zone)),
			page.TextCell(signedin.YesNo(q.Stands, "the one that came, which is the earlier", "what was there")), page.LinkCell("Decide", queryPath(q), "for "+q.Label)))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func queryPath(q surveys.Query) string { return signedin.StudyPath(q.Study) + "/queries/" + q.ID }

// Show handles GET /office/studies/:study/queries/:query.
func (h *Queries) Show(c echo.Context) error {
	p, _, err := h.page(c, queryForm{})
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

type queryForm struct {
	Decision string `form:"decision"`
	Reason   string `form:"reason"`
}

// Decide handles POST /office/studies/:study/queries/:query.
func (h *Queries) Decide(c echo.Context) error {
	var form queryForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	p, query, err := h.page(c, form)
	if err != nil {
		return err
	}
	decision, ok := surveys.ParseQueryDecision(form.Decision)
	if !ok {
		p.Decision.Error = "Choose which questionnaire counts."
		p.Errors = append(p.Errors, page.FieldError{Field: p.Decision.ID, Text: p.Decision.Error})
	}
	reason, ok := surveys.ParseCorrectionReason(form.Reason)
	if !ok {
		p.Reason.Error = "Choose why."
		p.Errors = append(p.Errors, page.FieldError{Field: p.Reason.ID, Text: p.Reason.Error})
	}
	if len(p.Errors) > 0 {
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if err := h.store.DecideQuery(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, query.ID, decision, reason); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, signedin.StudyPath(query.Study)+"/queries")
}

// page lays both questionnaires side by side.
func (h *Queries) page(c echo.Context, form queryForm) (*queryPage, surveys.Query, error) {
	study, state, err := signedin.FindStudy(c, h.store)
	if err != nil {
		return nil, surveys.Query{}, err
	}
	query, both, err := h.store.LookAtQuery(c.Request().Context(), access.Account(c).ID, study.ID, c.Param("query"))
	if err != nil {
		return nil, query, err
	}
	if query.Decision != 0 {
		return nil, query, echo.ErrNotFound
	}
	wave, _ := study.Wave(query.Wave)
	p := &queryPage{Frame: h.frames.Study(c, "Which counts? "+wave.Title+", person "+query.Label, study, state), Action: queryPath(query), CancelURL: signedin.StudyPath(study.ID) + "/queries"}
	p.Versions = page.Table{ID: "versions", Caption: "What the two say", Heads: page.Heads("Question", "Stands", "The other")}
	row := func(what, stands, other string) {
		p.Versions.Rows = append(p.Versions.Rows, page.Row(page.HeadCell(what), page.TextCell(stands), page.TextCell(other)))
	}
	row("Completed on", versionDay(both.Standing, study.Zone), versionDay(both.Other, study.Zone))
	row("Collected by", both.Standing.How.Mode.Label(), both.Other.How.Mode.Label())
	words := question.WordingOf(both.Questionnaire, locale.English(), both.Standing.How.Language)
	for _, item := range both.Questionnaire.Items {
		if item.Kind != surveys.KindDisplay {
			row(askedAs(words.Question(item)), answerSays(item, both.Standing.Value(item.Code), words), answerSays(item, both.Other.Value(item.Code), words))
		}
	}
	p.Decision = page.ChoiceField{ID: "decision-kept", Name: "decision", Label: "Which questionnaire counts?", Options: []page.Choice{
		{ID: "decision-kept", Value: surveys.StandingKept.String(), Label: "The one that stands", Chosen: form.Decision == surveys.StandingKept.String()},
		{ID: "decision-taken", Value: surveys.OtherTaken.String(), Label: "The other, which takes its place whole", Chosen: form.Decision == surveys.OtherTaken.String()}}}
	p.Reason = reasonField("reason", form.Reason)
	return p, query, nil
}

func versionDay(v surveys.Version, zone *time.Location) string {
	if v.GivenAt.IsZero() {
		return "not known"
	}
	return page.SayDay(v.GivenAt, zone)
}

// answerSays words one answer of one item.
func answerSays(item surveys.QuestionItem, v surveys.Value, words question.Wording) string {
	if v.Kind == surveys.Untouched {
		return "nothing"
	}
	return words.AnswerWords(item, v)
}

// queriesPage lists what waits for a decision.
type queriesPage struct {
	signedin.Frame
	Queries page.Table
	Empty   string
}

// queryPage lays two questionnaires side by side and asks which counts.
type queryPage struct {
	signedin.Frame
	Versions          page.Table
	Decision, Reason  page.ChoiceField
	Action, CancelURL string
}

func (*queriesPage) Template() string { return "office/queries" }

func (*queryPage) Template() string { return "office/query" }
