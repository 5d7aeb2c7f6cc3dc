package surveys

import (
	"cmp"
	"strings"
	"unicode"
)

// AuthorKind says what kind of sender a write came from.
type AuthorKind uint8

// The kinds.
const (
	ByParticipant AuthorKind = iota + 1 // the person, on a device of their own
	ByTablet                            // the person, on a shared tablet
	ByAccount                           // somebody who is signed in
	ByKey                               // a program that holds an API key
	ByCommand                           // somebody at the command line
)

var authorWords = Words[AuthorKind]{ByParticipant: "participant", ByTablet: "tablet", ByAccount: "account", ByKey: "key", ByCommand: "command"}

// String returns the word that stands in the ledger.
func (k AuthorKind) String() string { return authorWords.Word(k) }

// ParseAuthorKind returns the kind named by word.
func ParseAuthorKind(word string) (AuthorKind, bool) { return authorWords.Parse(word) }

// Author is who sent something. The ledger names one for every submission, and the audit trail for every change that somebody
// made. The zero Author is nobody who is known: of submissions older than that rule, and of what the server does by itself.
type Author struct {
	Kind AuthorKind
	ID   string // of the account, key or tablet; at the command line the user of the operating system; of participants empty
}

// Themselves is the author of what participants send from a device of their own.
func Themselves() Author { return Author{Kind: ByParticipant} }

// AccountAuthor is the author of what an account does, and nobody for an empty id.
func AccountAuthor(id AccountID) Author {
	if id == "" {
		return Author{}
	}
	return Author{ByAccount, string(id)}
}

// CommandAuthor is the author of what is done at the command line by a user of the operating system. Of the name only what can
// stand in one word of a table is kept; nobody's is “unknown”.
func CommandAuthor(user string) Author {
	user = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(`-_.@\/$`, r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(user, ""))
	if runes := []rune(user); len(runes) > maxWord {
		user = string(runes[:maxWord])
	}
	return Author{ByCommand, cmp.Or(user, "unknown")}
}

// Account returns the id of an account that is the author, empty for any other.
func (a Author) Account() AccountID {
	if a.Kind != ByAccount {
		return ""
	}
	return AccountID(a.ID)
}

// Says names the author for a table in which accounts stand by their names.
func (a Author) Says(account string) string {
	switch a.Kind {
	case ByParticipant:
		return "the participant"
	case ByTablet:
		return "the participant, on tablet " + a.ID
	case ByAccount:
		return cmp.Or(account, "an account")
	case ByKey:
		return "API key " + a.ID
	case ByCommand:
		return a.ID + ", at the command line"
	default:
		return ""
	}
}
