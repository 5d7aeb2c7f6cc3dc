package server

import (
	"errors"
	"log/slog"
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

// handleError answers every error that a handler or the middleware returned.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		if !untraced(c) {
			s.log.Error("reply broke off", "request", requestIDOf(c), "route", pattern(c), "error", err)
		}
		return
	}
	t := troubleOf(err)
	s.logTrouble(c, t, err)
	if isAPI(c) {
		err = sendProblem(c, t)
	} else {
		err = s.sendErrorPage(c, t)
	}
	if err != nil {
		s.log.Error("send error page", "request", requestIDOf(c), "error", err)
	}
}

// logTrouble logs what an operator must see: our own failures in full, and what a refusal that asks to try again hides.
// Of a failure on an untraced route it logs what lies at the bottom of it, and not what was being done.
func (s *Server) logTrouble(c echo.Context, t trouble, err error) {
	if t.status < http.StatusInternalServerError {
		return
	}
	if untraced(c) {
		for cause := err; cause != nil; cause = errors.Unwrap(cause) {
			err = cause
		}
		s.log.Error("request failed", "request", requestIDOf(c), "error", err)
		return
	}
	attrs := []any{"request", requestIDOf(c), "route", pattern(c), "error", err}
	if cause := errors.Unwrap(err); cause != nil {
		attrs = append(attrs, slog.Any("cause", cause))
	}
	s.log.Error("request failed", attrs...)
}

// problem is an RFC 9457 problem document.
type problem struct {
	Type    string            `json:"type"`
	Title   string            `json:"title"`
	Status  int               `json:"status"`
	Detail  string            `json:"detail"`
	Kind    string            `json:"kind"`
	Request string            `json:"request"`
	Fields  map[string]string `json:"fields,omitempty"`
}

// problemTitles head problem documents by kind. A trouble's own title heads a page for people, and these are for whoever
// writes the program.
var problemTitles = map[string]string{
	"invalid":         "The request was not accepted",
	"unauthenticated": "A valid API key is needed",
	"forbidden":       "The API key does not allow this",
	"not-found":       "There is no such thing here",
	"conflict":        "This does not fit what was received before",
	"closed":          "No answers are taken here any more, or not yet",
	"unavailable":     "The server cannot do this just now",
	"too-large":       "The request is too large",
	"too-many":        "There were too many requests",
	"internal":        "The server failed",
}

// problem words a trouble for a program.
func (t trouble) problem(c echo.Context) problem {
	return problem{"about:blank", problemTitles[t.kind], t.status, t.message, t.kind, requestIDOf(c), t.fields}
}

func sendProblem(c echo.Context, t trouble) error {
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	return c.JSON(t.status, t.problem(c))
}

// errorPage is a kind page that says what happened and what to do.
type errorPage struct {
	basePage
	Message string
	Request string // shown where we must be told about it
}

func (*errorPage) template() string { return "error" }

func (s *Server) sendErrorPage(c echo.Context, t trouble) error {
	r := readerOf(c)
	p := &errorPage{basePage: publicBase(r, t.title), Message: t.in(r.spoken())}
	if account, ok := signedInAccount(c); ok {
		p.basePage, p.Message = s.officeBase(c, account, t.title), t.message
	}
	if t.status >= http.StatusInternalServerError {
		p.Request = requestIDOf(c)
	}
	return s.pages.page(c, t.status, p)
}
