package surveys

import (
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

// Account is somebody who signs in. A practice account is bound to one site of one study and can never open a screen
// with answers; the others see every study.
type Account struct {
	ID         AccountID
	Email      string
	Name       string
	Role       Role
	Study      StudyID // practice only
	Site       SiteID  // practice only
	CreatedAt  time.Time
	DisabledAt time.Time // zero while the account may sign in
}

// SeesSite reports whether the operational counts and people of site are this account's business.
func (a Account) SeesSite(study StudyID, site SiteID) bool {
	return a.Role != Practice || a.Study == study && a.Site == site
}

// AuditEntry is one thing that an account did or that was done in its name. It never holds an answer, a name or a code.
type AuditEntry struct {
	ID     string // sorts by time
	At     time.Time
	By     AccountID // empty for the command line and the server itself
	Action string    // noun.verb, such as "study.open"
	Study  StudyID
	Object string // the id of what was changed
	Detail string
}
