// Package desk has the pages of a practice's reception, and of interviewers and the team in its place: who is due, handing a
// questionnaire over, outcomes, and the tablets of a site.
package desk

import (
	"net/url"
	"time"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys/store"
)

// Config is what the pages work with.
type Config struct {
	Frames    *signedin.Frames
	Store     *store.Store
	Pages     *page.Renderer
	Sessions  *access.Sessions
	Cookies   *tickets.Cookies
	BaseURL   *url.URL // that links and codes lead to
	Now       func() time.Time
	KioskPath string // where a browser goes that has become a kiosk
}

// Handlers are the receivers of the handlers.
type Handlers struct {
	Desk   *Desk
	Kiosks *Kiosks
}

// New gives each receiver the fields that it needs.
func New(c Config) *Handlers {
	return &Handlers{
		Desk:   &Desk{frames: c.Frames, store: c.Store, pages: c.Pages, cookies: c.Cookies, baseURL: c.BaseURL, now: c.Now},
		Kiosks: &Kiosks{frames: c.Frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, cookies: c.Cookies, now: c.Now, path: c.KioskPath},
	}
}
