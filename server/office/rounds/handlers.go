// Package rounds has the office's pages of the anonymous staff survey: its rounds from their plan to their report, who keeps the
// keys of their answers, the average of other practices, and what each practice is told.
package rounds

import (
	"net/url"
	"time"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys/store"
)

// Config is what the pages work with.
type Config struct {
	Frames    *signedin.Frames
	Store     *store.Store
	Pages     *page.Renderer
	BaseURL   *url.URL // that the cards lead to
	Now       func() time.Time
	InTheOpen []access.DemoCustodian // of demonstrations
}

// Handlers are the receivers of the handlers.
type Handlers struct {
	Rounds          *Rounds
	Custodians      *Custodians
	Findings        *Findings
	PracticeReports *PracticeReports
}

// New gives each receiver the fields that it needs.
func New(c Config) *Handlers {
	return &Handlers{
		Rounds:          &Rounds{frames: c.Frames, store: c.Store, pages: c.Pages, baseURL: c.BaseURL, now: c.Now, inTheOpen: c.InTheOpen},
		Custodians:      &Custodians{frames: c.Frames, store: c.Store, pages: c.Pages, now: c.Now},
		Findings:        &Findings{frames: c.Frames, store: c.Store, pages: c.Pages},
		PracticeReports: &PracticeReports{frames: c.Frames, store: c.Store, pages: c.Pages},
	}
}
