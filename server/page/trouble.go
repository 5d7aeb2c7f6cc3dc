package page

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// KindStatus is the one place where a refusal becomes a status.
var KindStatus = map[surveys.Kind]int{
	surveys.Invalid:         http.StatusBadRequest,
	surveys.Unauthenticated: http.StatusUnauthorized,
	surveys.Forbidden:       http.StatusForbidden,
	surveys.NotFound:        http.StatusNotFound,
	surveys.Conflict:        http.StatusConflict,
	surveys.Closed:          http.StatusGone,
	surveys.Unavailable:     http.StatusServiceUnavailable,
	surveys.TooMany:         http.StatusTooManyRequests,
}

// Trouble is an error in words for the person or program that made the request.
type Trouble struct {
	Status  int
	Kind    string // the word in a problem document
	Title   string
	Message string
	Fields  map[string]string
	Wait    time.Duration  // after which to try again; 0 where that is not known
	refused *surveys.Error // the refusal that the message comes from, if any
}

// In returns the message in a language.
func (t Trouble) In(pack *locale.Pack) string {
	if t.refused != nil {
		return Sentence(t.refused.Said(pack.Say))
	}
	return pack.Say(t.Message)
}

const OursMessage = "Something went wrong on our side. Nothing that had been saved is lost. Please try again in a few minutes."

// TroubleOf words an error. An error of ours, about which the reader can do nothing, gets one fixed sentence.
func TroubleOf(err error) Trouble {
	var refused *surveys.Error
	if errors.As(err, &refused) {
		return Trouble{KindStatus[refused.Kind], refused.Kind.String(), kindTitle(refused.Kind), Sentence(refused.Message), refused.Fields, refused.Wait, refused}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return routerTrouble(http.StatusRequestEntityTooLarge)
	}
	var router *echo.HTTPError
	if errors.As(err, &router) {
		return routerTrouble(router.Code)
	}
	return Trouble{http.StatusInternalServerError, "internal", "Sorry, something went wrong", OursMessage, nil, 0, nil}
}

// routerTrouble words what the router and the middleware refuse.
func routerTrouble(status int) Trouble {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return Trouble{status, "not-found", kindTitle(surveys.NotFound),
			"There is nothing at this address. If you typed it, check it; if you followed a link, it may be incomplete.", nil, 0, nil}
	case http.StatusMisdirectedRequest:
		return Trouble{status, "misdirected", kindTitle(surveys.NotFound),
			"This study is not at the address that was asked for. Type the address as it stands in your letter or message.", nil, 0, nil}
	case http.StatusRequestEntityTooLarge:
		return Trouble{status, "too-large", "This is too large", "What was sent is larger than this page takes.", nil, 0, nil}
	case http.StatusTooManyRequests:
		return Trouble{status, "too-many", "Please wait a moment",
			"There have been many attempts from where you are, perhaps by others on the same network. Wait a minute, then try again.", nil, 0, nil}
	case http.StatusBadRequest, http.StatusUnsupportedMediaType:
		return Trouble{status, "invalid", kindTitle(surveys.Invalid), "What was sent could not be read. Go back and try again.", nil, 0, nil}
	default:
		return Trouble{http.StatusInternalServerError, "internal", "Sorry, something went wrong", OursMessage, nil, 0, nil}
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
	case surveys.TooMany:
		return "Please wait a moment"
	default:
		return "Please try again"
	}
}
