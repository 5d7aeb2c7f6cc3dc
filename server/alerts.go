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

// maySeeAlerts reports whether an account may look at a study's alerts, and act on them.
func maySeeAlerts(account surveys.Account, study *surveys.Study) (see, act bool) {
	named := study.Safety.Names(account.Email) && may(account, alerted)
	return named || may(account, readers), named || may(account, team)
}

// alarms says on every page of those who may act which alerts nobody has taken on.
func (s *Server) alarms(c echo.Context, account surveys.Account) []banner {
	ctx := c.Request().Context()
	open, err := s.store.OpenAlerts(ctx)
	if err != nil {
		s.log.Error("count open alerts", "error", err)
		return []banner{{Kind: "alarm", Text: "Whether there are open safety alerts could not be found out just now."}}
	}
	var banners []banner
	for _, entry := range slices.Sorted(maps.Keys(open)) {
		study, _, err := s.store.Study(ctx, entry)
		if err != nil {
			s.log.Error("read a study with open alerts", "error", err)
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
func (s *Server) findAlerts(c echo.Context) (study *surveys.Study, state surveys.StudyState, act bool, err error) {
	study, state, err = s.findStudy(c)
	if err != nil {
		return nil, 0, false, err
	}
	see, act := maySeeAlerts(accountOf(c), study)
	if !see {
		return nil, 0, false, surveys.Errorf(surveys.Forbidden, "Your role, %s, does not include this page.", roleLabel(accountOf(c).Role))
	}
	return study, state, act, nil
}

// alertFrame is the frame of a page of alerts; somebody whom only the plan lets in sees no other part of the study.
func (s *Server) alertFrame(c echo.Context, title string, study *surveys.Study, state surveys.StudyState) officePage {
	p := s.studyFrame(c, title, study, state)
	if !may(accountOf(c), readers) {
		p.Tabs = nil
	}
	return p
}

// listAlerts handles GET /office/studies/:study/alerts.
func (s *Server) listAlerts(c echo.Context) error {
	study, state, _, err := s.findAlerts(c)
	if err != nil {
		return err
	}
	alerts, err := s.store.ListAlerts(c.Request().Context(), study.ID)
	if err != nil {
		return err
	}
	p := &alertsPage{officePage: s.alertFrame(c, "Safety alerts", study, state), Plan: planFacts(study.Safety), NoMail: s.mail == nil}
	p.Open = tableView{ID: "open", Caption: "Open alerts", Heads: heads("Study number", "Site", "Waiting", "Received", "Told")}
	p.History = tableView{ID: "history", Caption: "Alerts that somebody has taken on", Heads: heads("Study number", "Site", "Received", "Last action")}
	for _, a := range alerts {
		number := tableCell{Text: a.Label, Head: true, URL: alertsPath(study.ID) + "/" + string(a.ID)}
		if a.Trial {
			number.Note = "trial"
		}
		received := tableCell{Text: sayTime(a.RaisedAt, study.Zone), Note: a.Arrival()}
		site := cell(siteTitle(study, a.Site))
		if a.Open() {
			p.Open.Rows = append(p.Open.Rows, row(number, site, badgeCell("alarm", surveys.SayAge(s.now().Sub(a.RaisedAt))), received, cell(told(a))))
			continue
		}
		p.History.Rows = append(p.History.Rows, row(number, site, received, cell(surveys.AlertActionLabel(a.Actions[len(a.Actions)-1].Code))))
	}
	return s.pages.page(c, http.StatusOK, p)
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
func (s *Server) showAlert(c echo.Context) error {
	p, err := s.newAlertPage(c)
	if err != nil {
		return err
	}
	return s.pages.page(c, http.StatusOK, p)
}

func (s *Server) newAlertPage(c echo.Context) (*alertPage, error) {
	study, state, act, err := s.findAlerts(c)
	if err != nil {
		return nil, err
	}
	a, err := s.store.FindAlert(c.Request().Context(), study.ID, surveys.AlertID(c.Param("alert")))
	if err != nil {
		return nil, err
	}
	p := &alertPage{officePage: s.alertFrame(c, "Safety alert: participant "+a.Label, study, state), Open: a.Open()}
	p.Crumbs = []navLink{{Label: "Safety alerts", URL: alertsPath(study.ID)}}
	p.Narrow = true
	p.Facts = []fact{{"Study number", a.Label}, {"Site", siteTitle(study, a.Site)}, {"Received", sayTime(a.RaisedAt, study.Zone)}}
	if late := a.Arrival(); late != "" {
		p.Facts = append(p.Facts, fact{"Age", late})
	}
	if a.Open() {
		p.Facts = append(p.Facts, fact{"Waiting", surveys.SayAge(s.now().Sub(a.RaisedAt))})
	}
	if a.Trial {
		p.Facts = append(p.Facts, fact{"Trial", "Answers in this study did not count when this came. Make sure that it was not somebody real who answered."})
	}
	p.Messages = messagesTable(study, a)
	if p.Actions, err = s.actionsTable(c, study, a); err != nil {
		return nil, err
	}
	if act {
		p.Action, p.Button = alertsPath(study.ID)+"/"+string(a.ID), yesNo(a.Open(), "Take it on", "Record it")
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
func (s *Server) actionsTable(c echo.Context, study *surveys.Study, a surveys.Alert) (tableView, error) {
	t := tableView{ID: "actions", Caption: "What was done", Heads: heads("When", "What", "By")}
	for _, action := range a.Actions {
		account, err := s.store.FindAccount(c.Request().Context(), action.By)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, row(head(sayTime(action.At, study.Zone)), cell(surveys.AlertActionLabel(action.Code)), cell(account.Name)))
	}
	return t, nil
}

// actOnAlert handles POST /office/studies/:study/alerts/:alert. It is done even where the browser has gone.
func (s *Server) actOnAlert(c echo.Context) error {
	p, err := s.newAlertPage(c)
	if err != nil {
		return err
	}
	if p.Action == "" {
		return surveys.Errorf(surveys.Forbidden, "Your role, %s, may look at alerts and not act on them.", roleLabel(accountOf(c).Role))
	}
	study := surveys.StudyID(c.Param("study"))
	err = s.store.RecordAlertAction(context.WithoutCancel(c.Request().Context()), accountOf(c).ID, study, surveys.AlertID(c.Param("alert")), c.FormValue("code"))
	if surveys.KindOf(err) == surveys.Invalid {
		p.What.Error = "Choose what you have done"
		p.Errors = []fieldError{{p.What.ID, p.What.Error}}
		return s.pages.page(c, http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	if _, err := s.store.FindAlert(c.Request().Context(), study, surveys.AlertID(c.Param("alert"))); surveys.KindOf(err) == surveys.NotFound {
		return c.Redirect(http.StatusSeeOther, alertsPath(study)) // erased with what else its person asked to have erased
	}
	return c.Redirect(http.StatusSeeOther, p.Action)
}
