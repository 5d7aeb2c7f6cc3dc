package office

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Alerts are for the team, and for interviewers and data entry where the safety plan names them. They say whom to call and
// never what was answered.
type Alerts struct {
	frames    *signedin.Frames
	store     *store.Store
	pages     *page.Renderer
	baseURL   *url.URL // of the links in messages
	now       func() time.Time
	sendsMail bool
}

func alertPath(study surveys.StudyID, alert surveys.AlertID) string {
	return signedin.AlertsPath(study) + "/" + string(alert)
}

// URL is the address of an alert's page, to be sent to people.
func (h *Alerts) URL(study surveys.StudyID, alert surveys.AlertID) string {
	return h.baseURL.JoinPath(alertPath(study, alert)).String()
}

// find returns the study of the address for somebody who may look at its alerts. Others are refused as on any page of the
// office.
func (h *Alerts) find(c echo.Context) (study *surveys.Study, state surveys.StudyState, act bool, err error) {
	study, state, err = signedin.FindStudy(c, h.store)
	if err != nil {
		return nil, 0, false, err
	}
	see, act := signedin.MaySeeAlerts(access.Account(c), study)
	if !see && !access.Account(c).SeesStudy(study.ID) {
		return nil, 0, false, echo.ErrNotFound
	}
	if !see {
		return nil, 0, false, surveys.Errorf(surveys.Forbidden, "Your role, %s, does not include this page.", access.Account(c).Role.Label())
	}
	return study, state, act, nil
}

// frame is the frame of a page of alerts. Somebody who may see it only because the safety plan names them sees no other part
// of the study.
func (h *Alerts) frame(c echo.Context, title string, study *surveys.Study, state surveys.StudyState) signedin.Frame {
	p := h.frames.Study(c, title, study, state)
	if !access.Readers.Has(access.Account(c)) {
		p.Tabs = nil
	}
	return p
}

// List handles GET /office/studies/:study/alerts.
func (h *Alerts) List(c echo.Context) error {
	study, state, _, err := h.find(c)
	if err != nil {
		return err
	}
	alerts, err := h.store.ListAlerts(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &alertsPage{Frame: h.frame(c, "Safety alerts", study, state), Plan: planFacts(study.Safety), NoMail: !h.sendsMail}
	p.Open = page.Table{ID: "open", Caption: "Open alerts", Heads: page.Heads("Study number", "Site", "Waiting", "Received", "Told")}
	p.History = page.Table{ID: "history", Caption: "Alerts that somebody has taken on", Heads: page.Heads("Study number", "Site", "Received", "Last action")}
	for _, a := range alerts {
		number := page.Cell{Text: a.Label, Head: true, URL: alertPath(study.ID, a.ID)}
		if a.Trial {
			number.Note = "trial"
		}
		received := page.Cell{Text: page.SayTime(a.RaisedAt, study.Zone), Note: a.Arrival()}
		site := page.TextCell(study.SiteTitle(a.Site))
		if a.Open() {
			p.Open.Rows = append(p.Open.Rows, page.Row(number, site, page.BadgeCell("alarm", surveys.SayAge(h.now().Sub(a.RaisedAt))), received, page.TextCell(told(a))))
			continue
		}
		p.History.Rows = append(p.History.Rows, page.Row(number, site, received, page.TextCell(surveys.AlertActionLabel(a.Actions[len(a.Actions)-1].Code))))
	}
	return h.pages.Send(c, http.StatusOK, p)
}

// told says who has been written to.
func told(a surveys.Alert) string {
	names := ""
	for _, m := range a.Messages {
		if m.SentAt.IsZero() {
			continue
		}
		if names != "" {
			names += ", "
		}
		names += m.SentTo.Name
	}
	if names == "" {
		return "nobody yet"
	}
	return names
}

func planFacts(p *surveys.SafetyPlan) []page.Fact {
	if p == nil {
		return nil
	}
	return []page.Fact{{Term: "Duty holder", Text: p.DutyHolder.Name + ", " + p.DutyHolder.Email}, {Term: "On duty", Text: p.HoursSay()},
		{Term: "Deputy", Text: p.Deputy.Name + ", " + p.Deputy.Email + ", after " + surveys.SayAge(p.AcknowledgeWithin) + ", and at once outside these hours"},
		{Term: "Escalation", Text: p.EscalateTo.Name + ", " + p.EscalateTo.Email + ", after " + surveys.SayAge(p.EscalateAfter)}}
}

// Show handles GET /office/studies/:study/alerts/:alert.
func (h *Alerts) Show(c echo.Context) error {
	p, err := h.newPage(c)
	if err != nil {
		return err
	}
	return h.pages.Send(c, http.StatusOK, p)
}

func (h *Alerts) newPage(c echo.Context) (*alertPage, error) {
	study, state, act, err := h.find(c)
	if err != nil {
		return nil, err
	}
	a, err := h.store.FindAlert(c.Request().Context(), study.ID, surveys.AlertID(c.Param("alert")))
	if err != nil {
		return nil, err
	}
	p := &alertPage{Frame: h.frame(c, "Safety alert: participant "+a.Label, study, state), Open: a.Open()}
	p.Crumbs = []page.Link{{Label: "Safety alerts", URL: signedin.AlertsPath(study.ID)}}
	p.Narrow = true
	p.Facts = []page.Fact{{Term: "Study number", Text: a.Label}, {Term: "Site", Text: study.SiteTitle(a.Site)}, {Term: "Received", Text: page.SayTime(a.RaisedAt, study.Zone)}}
	if late := a.Arrival(); late != "" {
		p.Facts = append(p.Facts, page.Fact{Term: "Age", Text: late})
	}
	if a.Open() {
		p.Facts = append(p.Facts, page.Fact{Term: "Waiting", Text: surveys.SayAge(h.now().Sub(a.RaisedAt))})
	}
	if a.Trial {
		p.Facts = append(p.Facts, page.Fact{Term: "Trial", Text: "Answers in this study did not count when this came. Make sure that it was not somebody real who answered."})
	}
	p.Messages = messagesTable(study, a)
	if p.Actions, err = h.actionsTable(c, study, a); err != nil {
		return nil, err
	}
	if act {
		p.Action, p.Button = alertPath(study.ID, a.ID), signedin.YesNo(a.Open(), "Take it on", "Record it")
		p.What = page.ChoiceField{ID: "code-" + surveys.AlertActions()[0].Code, Name: "code", Label: signedin.YesNo(a.Open(), "What have you done?", "What was done since?")}
		for _, action := range surveys.AlertActions() {
			p.What.Options = append(p.What.Options, page.Choice{ID: "code-" + action.Code, Value: action.Code, Label: action.Label})
		}
	}
	return p, nil
}

// messagesTable says who was told and when, and who will be.
func messagesTable(study *surveys.Study, a surveys.Alert) page.Table {
	t := page.Table{ID: "messages", Caption: "Who was told by e-mail", Heads: page.Heads("Whom", "State", "When")}
	for _, m := range a.Messages {
		whom, state, when := page.Cell{Text: m.Step.Label(), Head: true}, page.TextCell("planned"), page.SayTime(m.DueAt, study.Zone)
		switch {
		case !m.SentAt.IsZero():
			whom.Note = m.SentTo.Name + ", " + m.SentTo.Email
			state, when = page.BadgeCell("good", "sent"), page.SayTime(m.SentAt, study.Zone)
		case m.Dropped:
			state, when = page.TextCell("not needed"), ""
		case m.Tries > 0:
			state = page.Cell{Text: "not sent yet", Badge: "alarm", Note: strconv.Itoa(m.Tries) + signedin.YesNo(m.Tries == 1, " try", " tries")}
		}
		t.Rows = append(t.Rows, page.Row(whom, state, page.TextCell(when)))
	}
	return t
}

// actionsTable says who did what and when.
func (h *Alerts) actionsTable(c echo.Context, study *surveys.Study, a surveys.Alert) (page.Table, error) {
	t := page.Table{ID: "actions", Caption: "What was done", Heads: page.Heads("When", "What", "By")}
	for _, action := range a.Actions {
		account, err := h.store.FindAccount(c.Request().Context(), action.By)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, page.Row(page.HeadCell(page.SayTime(action.At, study.Zone)), page.TextCell(surveys.AlertActionLabel(action.Code)), page.TextCell(account.Name)))
	}
	return t, nil
}

type alertActionForm struct {
	Code string `form:"code" validate:"required"`
}

// Act handles POST /office/studies/:study/alerts/:alert. It is recorded even if the browser has gone.
func (h *Alerts) Act(c echo.Context) error {
	p, err := h.newPage(c)
	if err != nil {
		return err
	}
	if p.Action == "" {
		return surveys.Errorf(surveys.Forbidden, "Your role, %s, may look at alerts and not act on them.", access.Account(c).Role.Label())
	}
	study := surveys.StudyID(c.Param("study"))
	var form alertActionForm
	if err = page.Bind(c, &form); err == nil {
		err = h.store.RecordAlertAction(context.WithoutCancel(c.Request().Context()), access.Account(c).ID, study, surveys.AlertID(c.Param("alert")), form.Code)
	}
	if surveys.KindOf(err) == surveys.Invalid {
		p.What.Error = "Choose what you have done"
		p.Errors = []page.FieldError{{Field: p.What.ID, Text: p.What.Error}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	if _, err := h.store.FindAlert(c.Request().Context(), study, surveys.AlertID(c.Param("alert"))); surveys.KindOf(err) == surveys.NotFound {
		return c.Redirect(http.StatusSeeOther, signedin.AlertsPath(study)) // erased because its person asked for erasure
	}
	return c.Redirect(http.StatusSeeOther, p.Action)
}

// alertsPage lists a study's alerts, open ones first.
type alertsPage struct {
	signedin.Frame
	Plan    []page.Fact // the route; none where the study file has no safety plan
	NoMail  bool        // this server sends no e-mail
	Open    page.Table
	History page.Table
}

// alertPage is one alert: whom to call, who was told, and what was done.
type alertPage struct {
	signedin.Frame
	Open     bool
	Facts    []page.Fact
	Messages page.Table
	Actions  page.Table
	Action   string // none where this account may only look
	What     page.ChoiceField
	Button   string
}

func (*alertsPage) Template() string { return "office/alerts" }

func (*alertPage) Template() string { return "office/alert" }
