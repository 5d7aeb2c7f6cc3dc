package server

import (
	"slices"

	"wellwave/surveys"
)

// access says for whom a route is. The zero value is for nobody, and a table that holds it does not start.
type access struct {
	name    string
	roles   []surveys.Role // for accounts of these roles; none for whom the handler itself knows
	session bool           // the handler needs the session of an account, signed in or not
}

// The audiences of routes that need no account. Participants, tablets and programs prove who they are in their own ways, which
// the handlers check.
var (
	everybody    = access{name: "everybody"}
	participants = access{name: "participants"}
	programs     = access{name: "programs"}
	kiosks       = access{name: "kiosks", session: true}
	signingIn    = access{name: "signing in", session: true}
)

// The audiences of accounts.
var (
	anyAccount = accounts("any account", surveys.Roles()...)
	readers    = accounts("readers", surveys.Administrator, surveys.Researcher, surveys.DataManager, surveys.Auditor)
	team       = accounts("team", surveys.Administrator, surveys.Researcher, surveys.DataManager)
	releasers  = accounts("releasers", surveys.Administrator, surveys.DataManager)
	alerted    = accounts("alerted", surveys.AlertRoles()...)
	alertable  = accounts("alertable", append(surveys.AlertRoles(), surveys.Auditor)...)
	auditors   = accounts("auditors", surveys.Administrator, surveys.Auditor)
	admins     = accounts("administrators", surveys.Administrator)
	enterers   = accounts("enterers", surveys.Interviewer, surveys.DataEntry)
	desk       = accounts("desk", surveys.Administrator, surveys.Practice, surveys.Interviewer, surveys.DataEntry)
)

// kioskKeepers set tablets up and revoke them.
var kioskKeepers = accounts("kiosk keepers", surveys.Administrator, surveys.Practice)

// has reports whether a route for these is open to an account.
func (a access) has(account surveys.Account) bool { return slices.Contains(a.roles, account.Role) }

func accounts(name string, roles ...surveys.Role) access {
	return access{name: name, roles: roles, session: true}
}
