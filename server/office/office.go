// Package office has the pages of people who sign in. Those of the university team about a study as a whole stand here; signing
// in and accounts, the staff survey, releases, single participants, the desk and data entry have a room each beneath it, and
// signedin has what the pages of all have in common. Each noun has a receiver in the file named after it, and New builds them all.
package office

import (
	"log/slog"
	"net/url"
	"time"

	"wellwave/server/access"
	"wellwave/server/office/accounts"
	"wellwave/server/office/desk"
	"wellwave/server/office/entry"
	"wellwave/server/office/people"
	"wellwave/server/office/releases"
	"wellwave/server/office/rounds"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Config is what the pages work with.
type Config struct {
	Store          *store.Store
	Pages          *page.Renderer
	Sessions       *access.Sessions
	Cookies        *tickets.Cookies
	BaseURL        *url.URL // the address that people type
	Log            *slog.Logger
	Now            func() time.Time
	SignIns        []access.DemoSignIn
	DemoCustodians []access.DemoCustodian
	Demo           bool   // everybody is invented
	SendsMail      bool   // of alerts
	KioskPath      string // where a browser goes that has become a kiosk
	// Space tells the room on the database's disk, where it is known.
	Space func() (surveys.Space, bool)
}

// Handlers are the receivers of the handlers.
type Handlers struct {
	Frames *signedin.Frames

	Accounts *accounts.Handlers
	Audit    *Audit

	Studies   *Studies
	Monitor   *Monitor
	Rounds    *rounds.Handlers
	Releases  *releases.Releases
	Alerts    *Alerts
	Papers    *Papers
	People    *people.Handlers
	Proposals *Proposals

	Desk  *desk.Handlers
	Entry *entry.Entry
}

// New gives each receiver the fields that it needs. It fails for an address that passkeys cannot be made for.
func New(c Config) (*Handlers, error) {
	frames := &signedin.Frames{Store: c.Store, Log: c.Log, Space: c.Space}
	accountPages, err := accounts.New(accounts.Config{Frames: frames, Store: c.Store, Pages: c.Pages, Sessions: c.Sessions, Cookies: c.Cookies, BaseURL: c.BaseURL, SignIns: c.SignIns})
	if err != nil {
		return nil, err
	}
	return &Handlers{
		Frames: frames,

		Accounts: accountPages,
		Audit:    &Audit{frames: frames, store: c.Store, pages: c.Pages},

		Studies:   &Studies{frames: frames, store: c.Store, pages: c.Pages, now: c.Now},
		Monitor:   &Monitor{frames: frames, store: c.Store, pages: c.Pages},
		Rounds:    rounds.New(rounds.Config{Frames: frames, Store: c.Store, Pages: c.Pages, BaseURL: c.BaseURL, Now: c.Now, InTheOpen: c.DemoCustodians}),
		Releases:  releases.New(frames, c.Store, c.Pages, c.Now, c.Demo),
		Alerts:    &Alerts{frames: frames, store: c.Store, pages: c.Pages, baseURL: c.BaseURL, now: c.Now, sendsMail: c.SendsMail},
		People:    people.New(people.Config{Frames: frames, Store: c.Store, Pages: c.Pages, Sessions: c.Sessions, Now: c.Now}),
		Proposals: &Proposals{frames: frames, store: c.Store, pages: c.Pages, now: c.Now},
		Papers:    &Papers{frames: frames, store: c.Store, pages: c.Pages},

		Desk:  desk.New(desk.Config{Frames: frames, Store: c.Store, Pages: c.Pages, Sessions: c.Sessions, Cookies: c.Cookies, BaseURL: c.BaseURL, Now: c.Now, KioskPath: c.KioskPath}),
		Entry: entry.New(entry.Config{Frames: frames, Store: c.Store, Pages: c.Pages, Sessions: c.Sessions, Now: c.Now}),
	}, nil
}
