package server

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// kindStatus is the one place where a refusal becomes a status.
var kindStatus = map[surveys.Kind]int{
	surveys.Invalid:         http.StatusBadRequest,
	surveys.Unauthenticated: http.StatusUnauthorized,
	surveys.Forbidden:       http.StatusForbidden,
	surveys.NotFound:        http.StatusNotFound,
	surveys.Conflict:        http.StatusConflict,
	surveys.Closed:          http.StatusGone,
	surveys.Unavailable:     http.StatusServiceUnavailable,
}

// trouble is an error in words that whoever waits for the reply may read.
type trouble struct {
	status  int
	kind    string // the word in a problem document
	title   string
	message string
	fields  map[string]string
	refused *surveys.Error // that the message is of, if any
}

// in returns the message in a language.
func (t trouble) in(pack *locale.Pack) string {
	if t.refused != nil {
		return sentence(t.refused.Said(pack.Say))
	}
	return pack.Say(t.message)
}

const oursMessage = "Something went wrong on our side. Nothing that had been saved is lost. Please try again in a few minutes."

// troubleOf words an error. What is nobody's to act on but ours gets one fixed sentence.
func troubleOf(err error) trouble {
	var refused *surveys.Error
	if errors.As(err, &refused) {
		return trouble{kindStatus[refused.Kind], refused.Kind.String(), kindTitle(refused.Kind), sentence(refused.Message), refused.Fields, refused}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return routerTrouble(http.StatusRequestEntityTooLarge)
	}
	var router *echo.HTTPError
	if errors.As(err, &router) {
		return routerTrouble(router.Code)
	}
	return trouble{http.StatusInternalServerError, "internal", "Sorry, something went wrong", oursMessage, nil, nil}
}

// routerTrouble words what the router and the middleware refuse.
func routerTrouble(status int) trouble {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return trouble{status, "not-found", kindTitle(surveys.NotFound),
			"There is nothing at this address. If you typed it, check it; if you followed a link, it may be incomplete.", nil, nil}
	case http.StatusRequestEntityTooLarge:
		return trouble{status, "too-large", "This is too large", "What was sent is larger than this page takes.", nil, nil}
	case http.StatusTooManyRequests:
		return trouble{status, "too-many", "Please wait a moment",
			"There have been many attempts from where you are, perhaps by others on the same network. Wait a minute, then try again.", nil, nil}
	case http.StatusBadRequest, http.StatusUnsupportedMediaType:
		return trouble{status, "invalid", kindTitle(surveys.Invalid), "What was sent could not be read. Go back and try again.", nil, nil}
	default:
		return trouble{http.StatusInternalServerError, "internal", "Sorry, something went wrong", oursMessage, nil, nil}
	}
}

func kindTitle(k surveys.Kind) string {
	switch k {
	case surveys.Invalid:
		return "This could not be accepted"
	case surveys.Unauthenticated:
		return "Please sign in"
	case surveys.Forbidden:
		return "This is not open to you"
	case surveys.NotFound:
		return "Page not found"
	case surveys.Conflict:
		return "Somebody got there first"
	case surveys.Closed:
		return "This has closed"
	default:
		return "Please try again"
	}
}
