// Package participant has the pages of people who answer: the link, consent, questions and thanks, with and without a
// network, on a device of their own or a kiosk; and the anonymous survey of practice staff.
//
// A code or link puts a ticket into a sealed cookie and leads to /q/:handle/, which sends the browser on to whatever comes
// next. Every page of a response carries its handle in the address. A page whose handle is not that of the ticket writes
// nothing and keeps what was typed (moved.go).
package participant

import (
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Config is what the pages work with.
type Config struct {
	Store    *store.Store
	Pages    *page.Renderer
	Sessions *access.Sessions
	Cookies  *tickets.Cookies
	Sealer   *tickets.Sealer
	Now      func() time.Time
	Secure   bool // people reach the server over https
	// FindLink finds what a link or typed code leads to, and slows down people who guess.
	FindLink func(c echo.Context, typed string) (surveys.Opened, error)
	// LogTrouble logs a fault of ours that a handler itself answers.
	LogTrouble func(echo.Context, page.Trouble, error)
}

// Handlers are the receivers of the handlers.
type Handlers struct {
	Visits    *Visits
	Links     *Links
	Consent   *Consent
	Response  *Response
	Questions *Questions
	Sheets    *Sheets
	Offline   *Offline
	Kiosk     *Kiosk
	Staff     *Staff
}

// New gives each receiver the fields that it needs.
func New(c Config) *Handlers {
	kiosks := &kiosks{store: c.Store, cookies: c.Cookies, now: c.Now, secure: c.Secure}
	visits := &Visits{store: c.Store, pages: c.Pages, sessions: c.Sessions, cookies: c.Cookies, sealer: c.Sealer, kiosks: kiosks, logTrouble: c.LogTrouble}
	offline := &Offline{store: c.Store, pages: c.Pages, sessions: c.Sessions, sealer: c.Sealer, visits: visits, kiosks: kiosks, now: c.Now}
	return &Handlers{
		Visits: visits,
		Links: &Links{pages: c.Pages, sessions: c.Sessions, cookies: c.Cookies, sealer: c.Sealer, visits: visits, kiosks: kiosks, now: c.Now,
			findLink: c.FindLink},
		Consent:   &Consent{store: c.Store, pages: c.Pages},
		Response:  &Response{store: c.Store, pages: c.Pages, cookies: c.Cookies},
		Questions: &Questions{store: c.Store, pages: c.Pages},
		Sheets:    &Sheets{store: c.Store, pages: c.Pages},
		Offline:   offline,
		Kiosk: &Kiosk{store: c.Store, pages: c.Pages, sessions: c.Sessions, cookies: c.Cookies, sealer: c.Sealer, visits: visits, offline: offline,
			kiosks: kiosks, now: c.Now, findLink: c.FindLink},
		Staff: &Staff{store: c.Store, pages: c.Pages, cookies: c.Cookies, sealer: c.Sealer, visits: visits},
	}
}
