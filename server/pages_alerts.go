package server

// alertsPage lists a study's alerts, open ones first.
type alertsPage struct {
	officePage
	Plan    []fact // the route; none where the study file has no safety plan
	NoMail  bool   // this server sends no e-mail
	Open    tableView
	History tableView
}

// alertPage is one alert: whom to call, who was told, and what was done.
type alertPage struct {
	officePage
	Open     bool
	Facts    []fact
	Messages tableView
	Actions  tableView
	Action   string // none where this account may only look
	What     choiceField
	Button   string
}

func (*alertsPage) template() string { return "office/alerts" }
func (*alertPage) template() string  { return "office/alert" }
