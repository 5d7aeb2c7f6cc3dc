// Package people has what is done about one participant in the office: looking at answers and correcting them, deciding which
// of two questionnaires counts, and withdrawals, which are recorded at the desk too.
package people

import (
	"time"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys/store"
)

// Config is what the pages work with.
type Config struct {
	Frames   *signedin.Frames
	Store    *store.Store
	Pages    *page.Renderer
	Sessions *access.Sessions
	Now      func() time.Time
}

// Handlers are the receivers of the handlers.
type Handlers struct {
	People      *People
	Queries     *Queries
	Withdrawals *Withdrawals
}

// New gives each receiver the fields that it needs.
func New(c Config) *Handlers {
	return &Handlers{
		People:      &People{frames: c.Frames, store: c.Store, pages: c.Pages},
		Queries:     &Queries{frames: c.Frames, store: c.Store, pages: c.Pages},
		Withdrawals: &Withdrawals{frames: c.Frames, store: c.Store, pages: c.Pages, sessions: c.Sessions, now: c.Now},
	}
}

// Pages lists the pages.
func Pages() []page.Page {
	return []page.Page{&findPersonPage{}, &lookPage{}, &answersPage{}, &correctionPage{}, &queriesPage{}, &queryPage{},
		&withdrawalsPage{}, &withdrawalPage{}, &withdrawalConfirmPage{}}
}
