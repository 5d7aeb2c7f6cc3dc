package server

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
)

// handleError answers every error that a handler or the middleware returned.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		if !untraced(c) {
			s.log.Error("reply broke off", "request", requestIDOf(c), "route", pattern(c), "error", err)
		}
		return
	}
	t := page.TroubleOf(err)
	s.logTrouble(c, t, err)
	sayWhen(c, t)
	full := errors.Is(err, surveys.ErrDiskFull)
	if _, signedIn := access.SignedIn(c); full && (signedIn || isAPI(c)) { // the team and its programs
		t.Message = diskFullMessage
	}
	if isAPI(c) {
		err = sendProblem(c, t)
	} else {
		err = s.sendErrorPage(c, t)
	}
	if err != nil {
		s.log.Error("send error page", "request", requestIDOf(c), "error", err)
	}
}

// diskFullMessage says to those who can have it mended why nothing was saved. Participants read that their answers are kept on
// their device.
const diskFullMessage = "The disk that holds the answers is full, so nothing could be saved. Tell whoever looks after the server, then send this again."

// sayWhen tells programs and browsers when to try again what was refused for now.
func sayWhen(c echo.Context, t page.Trouble) {
	wait := t.Wait
	if wait == 0 && t.Status == http.StatusServiceUnavailable {
		wait = unavailableFor
	}
	if wait > 0 {
		retryAfter(c, wait)
	}
}

// unavailableFor is when to try again what could not be done for a reason that mostly passes soon.
const unavailableFor = 10 * time.Second

// logTrouble logs what an operator must see: our own failures in full, and what a refusal that asks to try again hides. For
// a failure on an untraced route it logs the innermost cause only, which does not say what was being done.
func (s *Server) logTrouble(c echo.Context, t page.Trouble, err error) {
	if t.Status < http.StatusInternalServerError {
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

// problemTitles head problem documents by kind. A trouble's own title is for a page that people read; these are for
// programmers.
var problemTitles = map[string]string{
	"invalid":         "The request was not accepted",
	"unauthenticated": "A valid API key is needed",
	"forbidden":       "The API key does not allow this",
	"not-found":       "There is no such thing here",
	"conflict":        "This does not fit what was received before",
	"closed":          "No answers are taken here any more, or not yet",
	"unavailable":     "The server cannot do this just now",
	"misdirected":     "This server answers for another host",
	"too-large":       "The request is too large",
	"too-many":        "There were too many requests",
	"internal":        "The server failed",
}

// newProblem words a trouble for a program.
func newProblem(c echo.Context, t page.Trouble) problem {
	return problem{"about:blank", problemTitles[t.Kind], t.Status, t.Message, t.Kind, requestIDOf(c), t.Fields}
}

func sendProblem(c echo.Context, t page.Trouble) error {
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	return c.JSON(t.Status, newProblem(c, t))
}

// errorPage says what happened and what to do.
type errorPage struct {
	page.Base
	Message string
	Request string // the id of the request, shown where somebody should report it
}

func (*errorPage) Template() string { return "error" }

func (s *Server) sendErrorPage(c echo.Context, t page.Trouble) error {
	r := page.ReaderOf(c)
	p := &errorPage{Base: page.PublicBase(r, t.Title), Message: t.In(r.Spoken())}
	if account, ok := access.SignedIn(c); ok {
		p.Base, p.Message = s.office.Frames.Base(c, account, t.Title), t.Message
	}
	if t.Status >= http.StatusInternalServerError {
		p.Request = requestIDOf(c)
	}
	return s.pages.Send(c, t.Status, p)
}
