package surveys

import (
	"slices"
	"strings"
	"time"
)

// Role says what an account may do.
type Role uint8

// The roles.
const (
	Administrator Role = iota + 1 // accounts, studies and everything below
	Researcher                    // studies, the monitor and reports
	DataManager                   // a researcher who also makes releases
	DataEntry                     // enters paper questionnaires
	Interviewer                   // reaches people by telephone and records contacts
	Practice                      // one site: enrols, hands out links, records why somebody cannot answer
	Auditor                       // reads the audit trail and the monitor, changes nothing
)

var roleWords = Words[Role]{Administrator: "administrator", Researcher: "researcher", DataManager: "data-manager",
	DataEntry: "data-entry", Interviewer: "interviewer", Practice: "practice", Auditor: "auditor"}

// Roles lists every role in the order of a menu.
func Roles() []Role { return roleWords.Values() }

// String returns the word that stands in the database.
func (r Role) String() string { return roleWords.Word(r) }

// Label returns the role's name in a sentence or a list.
func (r Role) Label() string { return strings.ReplaceAll(r.String(), "-", " ") }

// ParseRole returns the role named by word.
func ParseRole(word string) (Role, bool) { return roleWords.Parse(word) }

// Granted reports whether an account of the role sees the studies that it was given. A practice sees the one of its site, and
// an administrator every one.
func (r Role) Granted() bool { return r != Practice && r != Administrator }

// Account is somebody who signs in. A practice account is bound to one site of one study and can never open a screen
// with answers; the others see the studies that they were given, and administrators every study.
type Account struct {
	ID         AccountID
	Email      string
	Name       string
	Role       Role
	Study      StudyID // practice only
	Site       SiteID  // practice only
	Grant      Grant   // of the other roles
	CreatedAt  time.Time
	DisabledAt time.Time // zero while the account may sign in
	Factor     time.Time // since when it has a second step; zero where it has none
	FactorDue  time.Time // until when it may do without one; zero until its first sign-in
}

// Grant says which studies an account was given. An administrator gives and takes them, and both are audited.
type Grant struct {
	Every   bool      // every study, those that come later too
	Studies []StudyID // in order; these alone unless it is every study
}

// Has reports whether a study is among those given.
func (g Grant) Has(study StudyID) bool { return g.Every || slices.Contains(g.Studies, study) }

// Clean returns the grant as it is stored: its studies in order, each once, and none beside every study.
func (g Grant) Clean() Grant {
	if g.Every {
		return Grant{Every: true}
	}
	return Grant{Studies: slices.Compact(slices.Sorted(slices.Values(g.Studies)))}
}

// SeesStudy reports whether anything of a study is this account's business. Administrators give studies to everybody, so
// keeping one from them would keep nothing from them.
func (a Account) SeesStudy(study StudyID) bool {
	switch a.Role {
	case Administrator:
		return true
	case Practice:
		return a.Study == study
	default:
		return a.Grant.Has(study)
	}
}

// SeesEvery reports whether the account sees every study there is, and with that what belongs to none.
func (a Account) SeesEvery() bool {
	return a.Role == Administrator || a.Role != Practice && a.Grant.Every
}

// SeesSite reports whether the operational counts and people of site are this account's business.
func (a Account) SeesSite(study StudyID, site SiteID) bool {
	return a.SeesStudy(study) && (a.Role != Practice || a.Site == site)
}

// AuditEntry is one thing that an account did or that was done in its name. It never holds an answer, a name or a code.
type AuditEntry struct {
	ID     string // sorts by time
	At     time.Time
	By     AccountID // empty for whoever is not an account
	From   Author    // a key, or a user at the command line; nobody where By says who it was, and for the server itself
	Action string    // noun.verb, such as "study.open"
	Study  StudyID
	Object string // the id of what was changed
	Detail string
}
