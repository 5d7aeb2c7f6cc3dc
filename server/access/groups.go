// Package access knows who is asking: the account that a browser is signed in to, and the groups of accounts that routes
// are for.
package access

import (
	"slices"

	"wellwave/surveys"
)

// Group says for whom a route is. The zero value is for nobody; the server does not start if a route has it.
type Group struct {
	Name    string
	Roles   []surveys.Role // empty where the handlers themselves check who asks
	Session bool           // the handler uses the browser's account session, even if nobody is signed in
	Fresh   bool           // only for somebody who proved within ten minutes who they are
	Unready bool           // also for accounts that should have a second step and have none
	Named   bool           // a study may name somebody whom it was not given to, and the handlers check that
}

// The audiences of routes that need no account. Participants, kiosks and programs prove who they are in their own ways, which
// the handlers check.
var (
	Everybody    = Group{Name: "everybody"}
	Participants = Group{Name: "participants"}
	Programs     = Group{Name: "programs"}
	Kiosks       = Group{Name: "kiosks", Session: true}
	SigningIn    = Group{Name: "signing in", Session: true}
)

// The audiences of accounts.
var (
	AnyAccount     = accounts("any account", surveys.Roles()...)
	Readers        = accounts("readers", surveys.Administrator, surveys.Researcher, surveys.DataManager, surveys.Auditor)
	Team           = accounts("team", surveys.Administrator, surveys.Researcher, surveys.DataManager)
	Releasers      = accounts("releasers", surveys.Administrator, surveys.DataManager)
	Deciders       = accounts("deciders", surveys.DataManager)
	Lookers        = accounts("lookers", surveys.Researcher, surveys.DataManager) // of whom a masked study shuts researchers out
	Alerted        = named(accounts("alerted", surveys.AlertRoles()...))
	Alertable      = named(accounts("alertable", append(surveys.AlertRoles(), surveys.Auditor)...))
	Auditors       = accounts("auditors", surveys.Administrator, surveys.Auditor)
	Administrators = accounts("administrators", surveys.Administrator)
	Enterers       = accounts("enterers", surveys.Interviewer, surveys.DataEntry)
	Desk           = accounts("desk", surveys.Administrator, surveys.Practice, surveys.Interviewer, surveys.DataEntry)
)

// KioskKeepers set kiosks up and revoke them.
var KioskKeepers = accounts("kiosk keepers", surveys.Administrator, surveys.Practice)

// PracticeReaders read what a practice is told of its own results. The university team is not among them: what it may see of
// a single practice stands in its own report.
var PracticeReaders = accounts("practice readers", surveys.Administrator, surveys.Practice)

// Has reports whether an account belongs to the group.
func (a Group) Has(account surveys.Account) bool { return slices.Contains(a.Roles, account.Role) }

func accounts(name string, roles ...surveys.Role) Group {
	return Group{Name: name, Roles: roles, Session: true}
}

// Freshly is the group as far as its members proved within ten minutes who they are: for what cannot be undone.
func (a Group) Freshly() Group {
	a.Fresh = true
	return a
}

// SettingUp is any account, also one that may do nothing else before it has a second step.
var SettingUp = func() Group {
	group := accounts("setting up", surveys.Roles()...)
	group.Unready = true
	return group
}()

// named is a group to which a study may add somebody by name.
func named(group Group) Group {
	group.Named = true
	return group
}

// DemoSignIn is an account of the demonstration that anybody may try.
type DemoSignIn struct{ Role, Email, Password string }

// DemoCustodian is a custodian of the demonstration, whose key anybody may use to open a round of it.
type DemoCustodian struct {
	Study     surveys.StudyID
	Name, Key string
}
