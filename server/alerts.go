package server

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// The alerts of a study are for the team, and for interviewers and data entry where the safety plan names them. They say whom
// to call and never what was answered.

func alertsPath(study surveys.StudyID) string { return studyPath(study) + "/alerts" }

func alertPath(study surveys.StudyID, alert surveys.AlertID) string {
	return alertsPath(study) + "/" + string(alert)
}

// alertURL is the address of an alert's page, to be sent to people.
func (h *officeHandlers) alertURL(study surveys.StudyID, alert surveys.AlertID) string {
	return h.base.JoinPath(alertPath(study, alert)).String()
}

// maySeeAlerts reports whether an account may look at a study's alerts, and act on them.
func maySeeAlerts(account surveys.Account, study *surveys.Study) (see, act bool) {
	named := study.Safety.Names(account.Email) && alerted.has(account)
	return named || readers.has(account), named || team.has(account)
}

// alarms says on every page of those who may act which alerts nobody has taken on.
func (h *officeHandlers) alarms(c echo.Context, account surveys.Account) []banner {
	ctx := c.Request().Context()
	open, err := h.store.OpenAlerts(ctx)
	if err != nil {
		h.log.Error("count open alerts", "error", err)
		return []banner{{Kind: "alarm", Text: "Whether there are open safety alerts could not be found out just now."}}
	}
	var banners []banner
	for _, entry := range slices.Sorted(maps.Keys(open)) {
		study, _, err := h.store.Study(ctx, entry)
		if err != nil {
			h.log.Error("read a study with open alerts", "error", err)
			continue
		}
		if see, _ := maySeeAlerts(account, study); !see {
			continue
		}
		text := "1 open safety alert in “" + study.Title + "”."
		if n := open[entry]; n > 1 {
			text = strconv.Itoa(n) + " open safety alerts in “" + study.Title + "”."
		}
		banners = append(banners, banner{Kind: "alarm", Text: text, URL: alertsPath(entry), Link: "See who is to be called"})
	}
	return banners
}

// findAlerts returns the study of the address for somebody who may look at its alerts. Others are told what they would be
// told of any page of the office.
func (h *officeHandlers) findAlerts(c echo.Context) (study *surveys.Study, state surveys.StudyState, act bool, err error) {
	study, state, err = h.findStudy(c)
	if err != nil {
		return nil, 0, false, err
	}
	see, act := maySeeAlerts(accountOf(c), study)
	if !see {
		return nil, 0, false, surveys.Errorf(surveys.Forbidden, "Your role, %s, does not include this page.", accountOf(c).Role.Label())
	}
	return study, state, act, nil
}

// alertFrame is the frame of a page of alerts; somebody whom only the plan lets in sees no other part of the study.
func (h *officeHandlers) alertFrame(c echo.Context, title string, study *surveys.Study, state surveys.StudyState) officePage {
	p := h.studyFrame(c, title, study, state)
	if !readers.has(accountOf(c)) {
		p.Tabs = nil
	}
	return p
}

// listAlerts handles GET /office/studies/:study/alerts.
func (h *officeHandlers) listAlerts(c echo.Context) error {
	study, state, _, err := h.findAlerts(c)
	if err != nil {
		return err
	}
	alerts, err := h.store.ListAlerts(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &alertsPage{officePage: h.alertFrame(c, "Safety alerts", study, state), Plan: planFacts(study.Safety), NoMail: !h.sendsMail}
	p.Open = tableView{ID: "open", Caption: "Open alerts", Heads: heads("Study number", "Site", "Waiting", "Received", "Told")}
	p.History = tableView{ID: "history", Caption: "Alerts that somebody has taken on", Heads: heads("Study number", "Site", "Received", "Last action")}
	for _, a := range alerts {
		number := tableCell{Text: a.Label, Head: true, URL: alertPath(study.ID, a.ID)}
		if a.Trial {
			number.Note = "trial"
		}
		received := tableCell{Text: sayTime(a.RaisedAt, study.Zone), Note: a.Arrival()}
		site := cell(study.SiteTitle(a.Site))
		if a.Open() {
			p.Open.Rows = append(p.Open.Rows, row(number, site, badgeCell("alarm", surveys.SayAge(h.now().Sub(a.RaisedAt))), received, cell(told(a))))
			continue
		}
		p.History.Rows = append(p.History.Rows, row(number, site, received, cell(surveys.AlertActionLabel(a.Actions[len(a.Actions)-1].Code))))
	}
	return h.pages.page(c, http.StatusOK, p)
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

func planFacts(p *surveys.SafetyPlan) []fact {
	if p == nil {
		return nil
	}
	return []fact{{"Duty holder", p.DutyHolder.Name + ", " + p.DutyHolder.Email}, {"On duty", p.HoursSay()},
		{"Deputy", p.Deputy.Name + ", " + p.Deputy.Email + ", after " + surveys.SayAge(p.AcknowledgeWithin) + ", and at once outside these hours"},
		{"Escalation", p.EscalateTo.Name + ", " + p.EscalateTo.Email + ", after " + surveys.SayAge(p.EscalateAfter)}}
}

// showAlert handles GET /office/studies/:study/alerts/:alert.
func (h *officeHandlers) showAlert(c echo.Context) error {
	p, err := h.newAlertPage(c)
	if err != nil {
		return err
	}
	return h.pages.page(c, http.StatusOK, p)
}

func (h *officeHandlers) newAlertPage(c echo.Context) (*alertPage, error) {
	study, state, act, err := h.findAlerts(c)
	if err != nil {
		return nil, err
	}
	a, err := h.store.FindAlert(c.Request().Context(), study.ID, surveys.AlertID(c.Param("alert")))
	if err != nil {
		return nil, err
	}
	p := &alertPage{officePage: h.alertFrame(c, "Safety alert: participant "+a.Label, study, state), Open: a.Open()}
	p.Crumbs = []navLink{{Label: "Safety alerts", URL: alertsPath(study.ID)}}
	p.Narrow = true
	p.Facts = []fact{{"Study number", a.Label}, {"Site", study.SiteTitle(a.Site)}, {"Received", sayTime(a.RaisedAt, study.Zone)}}
	if late := a.Arrival(); late != "" {
		p.Facts = append(p.Facts, fact{"Age", late})
	}
	if a.Open() {
		p.Facts = append(p.Facts, fact{"Waiting", surveys.SayAge(h.now().Sub(a.RaisedAt))})
	}
	if a.Trial {
		p.Facts = append(p.Facts, fact{"Trial", "Answers in this study did not count when this came. Make sure that it was not somebody real who answered."})
	}
	p.Messages = messagesTable(study, a)
	if p.Actions, err = h.actionsTable(c, study, a); err != nil {
		return nil, err
	}
	if act {
		p.Action, p.Button = alertPath(study.ID, a.ID), yesNo(a.Open(), "Take it on", "Record it")
		p.What = choiceField{ID: "code-" + surveys.AlertActions()[0].Code, Name: "code", Label: yesNo(a.Open(), "What have you done?", "What was done since?")}
		for _, action := range surveys.AlertActions() {
			p.What.Options = append(p.What.Options, choice{ID: "code-" + action.Code, Value: action.Code, Label: action.Label})
		}
	}
	return p, nil
}

// messagesTable says who was told and when, and who will be.
func messagesTable(study *surveys.Study, a surveys.Alert) tableView {
	t := tableView{ID: "messages", Caption: "Who was told by e-mail", Heads: heads("Whom", "State", "When")}
	for _, m := range a.Messages {
		whom, state, when := tableCell{Text: m.Step.Label(), Head: true}, cell("planned"), sayTime(m.DueAt, study.Zone)
		switch {
		case !m.SentAt.IsZero():
			whom.Note = m.SentTo.Name + ", " + m.SentTo.Email
			state, when = badgeCell("good", "sent"), sayTime(m.SentAt, study.Zone)
		case m.Dropped:
			state, when = cell("not needed"), ""
		case m.Tries > 0:
			state = tableCell{Text: "not sent yet", Badge: "alarm", Note: strconv.Itoa(m.Tries) + yesNo(m.Tries == 1, " try", " tries")}
		}
		t.Rows = append(t.Rows, row(whom, state, cell(when)))
	}
	return t
}

// actionsTable says who did what and when.
func (h *officeHandlers) actionsTable(c echo.Context, study *surveys.Study, a surveys.Alert) (tableView, error) {
	t := tableView{ID: "actions", Caption: "What was done", Heads: heads("When", "What", "By")}
	for _, action := range a.Actions {
		account, err := h.store.FindAccount(c.Request().Context(), action.By)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, row(head(sayTime(action.At, study.Zone)), cell(surveys.AlertActionLabel(action.Code)), cell(account.Name)))
	}
	return t, nil
}

// actOnAlert handles POST /office/studies/:study/alerts/:alert. It is done even where the browser has gone.
func (h *officeHandlers) actOnAlert(c echo.Context) error {
	p, err := h.newAlertPage(c)
	if err != nil {
		return err
	}
	if p.Action == "" {
		return surveys.Errorf(surveys.Forbidden, "Your role, %s, may look at alerts and not act on them.", accountOf(c).Role.Label())
	}
	study := surveys.StudyID(c.Param("study"))
	err = h.store.RecordAlertAction(context.WithoutCancel(c.Request().Context()), accountOf(c).ID, study, surveys.AlertID(c.Param("alert")), c.FormValue("code"))
	if surveys.KindOf(err) == surveys.Invalid {
		p.What.Error = "Choose what you have done"
		p.Errors = []fieldError{{p.What.ID, p.What.Error}}
		return h.pages.page(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	if _, err := h.store.FindAlert(c.Request().Context(), study, surveys.AlertID(c.Param("alert"))); surveys.KindOf(err) == surveys.NotFound {
		return c.Redirect(http.StatusSeeOther, alertsPath(study)) // erased with what else its person asked to have erased
	}
	return c.Redirect(http.StatusSeeOther, p.Action)
}
