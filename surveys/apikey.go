package surveys

import "time"

// KeyScope says what a program that holds an API key may do.
type KeyScope uint8

// The scopes.
const (
	SubmitScope  KeyScope = iota + 1 // send submissions
	ReadScope                        // read the monitor and releases
	CorrectScope                     // send submissions, and such as replace answers that stand
)

var scopeWords = Words[KeyScope]{SubmitScope: "submit", ReadScope: "read", CorrectScope: "correct"}

// KeyScopes lists every scope.
func KeyScopes() []KeyScope { return scopeWords.Values() }

// String returns the word that stands in the database.
func (s KeyScope) String() string { return scopeWords.Word(s) }

// ParseKeyScope returns the scope named by word.
func ParseKeyScope(word string) (KeyScope, bool) { return scopeWords.Parse(word) }

// Allows reports whether a key with this scope may do what needs the other. Whoever may correct may submit.
func (s KeyScope) Allows(needed KeyScope) bool {
	return s == needed || s == CorrectScope && needed == SubmitScope
}

// APIKey lets one program into one study. The key itself is shown once, when it is made, and only its hash is kept.
type APIKey struct {
	ID        string
	Study     StudyID
	Name      string // what it is for
	Scope     KeyScope
	CreatedAt time.Time
	RevokedAt time.Time // zero while it opens
}
