package surveys

import (
	"errors"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"wellwave/surveys/passwords"
)

// SetUpLife is how long a set-up link may be used.
const SetUpLife = 24 * time.Hour

// Bounds of what an account holds.
const (
	minPassword = 12
	maxPassword = 1024
	maxName     = 200
	maxEmail    = 254 // RFC 5321
)

// NewAccount is what an administrator says about somebody who is to sign in.
type NewAccount struct {
	Email string
	Name  string
	Role  Role
	Study StudyID // practice only
	Site  SiteID  // practice only
	Grant Grant   // of the other roles; nothing means that it sees no study yet
}

// Clean returns the account as it is stored: without blanks around its parts, the e-mail address in lower case, and a grant
// where its role needs one.
func (n NewAccount) Clean() NewAccount {
	n.Grant = n.Grant.Clean()
	if !n.Role.Granted() {
		n.Grant = Grant{Every: n.Role == Administrator}
	}
	n.Name = strings.Join(strings.Fields(n.Name), " ")
	n.Email = strings.ToLower(strings.TrimSpace(n.Email))
	return n
}

// Check returns what is wrong with a cleaned account, by form field.
func (n NewAccount) Check() error {
	wrong := map[string]string{}
	switch {
	case n.Name == "":
		wrong["name"] = "Enter a name."
	case utf8.RuneCountInString(n.Name) > maxName || !utf8.ValidString(n.Name):
		wrong["name"] = "Enter a name of at most 200 characters."
	}
	if !isEmail(n.Email) {
		wrong["email"] = "Enter an e-mail address, such as name@example.org."
	}
	if !slices.Contains(Roles(), n.Role) {
		wrong["role"] = "Choose a role."
	}
	if n.Role == Practice && (n.Study == "" || n.Site == "") {
		wrong["site"] = "Choose the practice that this account belongs to."
	}
	if n.Role != Practice && n.Site != "" {
		wrong["site"] = "Only the role practice belongs to one site."
	}
	if len(wrong) > 0 {
		return &Error{Kind: Invalid, Message: "The account cannot be made as it is.", Fields: wrong}
	}
	return nil
}

// isEmail reports whether a cleaned text is an e-mail address.
func isEmail(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && len(text) <= maxEmail
}

// CheckPassword returns what is wrong with a password for the account: it must be long, not one that many people use, and not
// made of name, address or the words, which are those of the studies. No rule about kinds of characters: those make passwords
// that people write down.
func (n NewAccount) CheckPassword(password string, words ...string) error {
	message, fault := "", passwords.Check(password, append([]string{"wellwave", n.Name, n.Email}, words...)...)
	switch {
	case utf8.RuneCountInString(password) < minPassword:
		message = "Use at least 12 characters. Three or four unrelated words make a good password."
	case len(password) > maxPassword:
		message = "Use at most 1,024 characters."
	case fault == passwords.Common:
		message = "Many people use this password, or it with something around it, so it is tried first. Three or four unrelated words make a good password."
	case fault == passwords.Known:
		message = "This password is made of your name or address, or of words of the study, which others know too. Three or four unrelated words make a good password."
	case fault == passwords.Simple:
		message = "This password repeats itself or goes along the keyboard. Three or four unrelated words make a good password."
	default:
		return nil
	}
	return &Error{Kind: Invalid, Message: message, Fields: map[string]string{"password": message}}
}

// CheckWith checks the account and its password together, so that a form can show every mistake at once.
func (n NewAccount) CheckWith(password string, words ...string) error {
	wrong := map[string]string{}
	for _, err := range []error{n.Check(), n.CheckPassword(password, words...)} {
		var refused *Error
		if errors.As(err, &refused) {
			maps.Copy(wrong, refused.Fields)
		}
	}
	if len(wrong) > 0 {
		return &Error{Kind: Invalid, Message: "The account cannot be made as it is.", Fields: wrong}
	}
	return nil
}

// SetUp is what a set-up link is for: a password for Account, or the first administrator of a new database.
type SetUp struct {
	First   bool
	Account Account
}
