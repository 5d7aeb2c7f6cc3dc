package surveys

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong in terms a caller can act on.
type Kind int

// The kinds, each with the HTTP status that the server gives it.
const (
	Invalid         Kind = iota + 1 // input breaks a rule            400
	Unauthenticated                 // nobody is signed in            401
	Forbidden                       // this role may not              403
	NotFound                        // absent, or not yours to see    404
	Conflict                        // someone got there first        409
	Closed                          // wave, study or link has ended  410
	Unavailable                     // try again: disk full, database away  503
	TooMany                         // too many attempts failed             429
)

var errorWords = Words[Kind]{Invalid: "invalid", Unauthenticated: "unauthenticated", Forbidden: "forbidden",
	NotFound: "not-found", Conflict: "conflict", Closed: "closed", Unavailable: "unavailable", TooMany: "too-many"}

// String returns the kind's name as it stands in API replies.
func (k Kind) String() string {
	if word := errorWords.Word(k); word != "" {
		return word
	}
	return fmt.Sprintf("kind(%d)", int(k))
}

// Error is a refusal that the person or program at the other end can do something about.
// Message is a sentence that a participant may read. Fields maps a form field or item code to its own message.
type Error struct {
	Kind    Kind
	Message string
	Fields  map[string]string
	Wait    time.Duration // after which to try again, where that is known
	cause   error

	format string // what the message was made of, unless it tells of a cause
	args   []any
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the error that led to this one, if any.
func (e *Error) Unwrap() error { return e.cause }

// Errorf returns an Error of kind whose message is formatted as by fmt.Errorf, %w included.
func Errorf(kind Kind, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	e := &Error{Kind: kind, Message: err.Error(), cause: errors.Unwrap(err)}
	if e.cause == nil {
		e.format, e.args = format, args
	}
	return e
}

// Said returns the message as say, which knows a format in another language, puts it.
func (e *Error) Said(say func(format string, args ...any) string) string {
	if e.format == "" {
		return say(e.Message)
	}
	return say(e.format, e.args...)
}

// Refuse returns an Error of kind with a message of its own for an error that only the log should tell.
func Refuse(kind Kind, message string, cause error) *Error {
	return &Error{Kind: kind, Message: message, cause: cause}
}

// wrongFile says of the mistakes in a file that somebody wrote that they are theirs to mend; nil stays nil.
func wrongFile(mistakes error) error {
	if mistakes == nil {
		return nil
	}
	return Refuse(Invalid, mistakes.Error(), mistakes)
}

// Wrap says what was being done when an error came up that is nobody's to act on but ours; refusals pass untouched.
func Wrap(doing string, err error) error {
	if err == nil || KindOf(err) != 0 {
		return err
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// KindOf returns the kind of the first Error in err's chain, and 0 for an error that is nobody's to act on but ours.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}
