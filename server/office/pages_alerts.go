package office

import (
	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

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
func (*alertPage) Template() string  { return "office/alert" }
