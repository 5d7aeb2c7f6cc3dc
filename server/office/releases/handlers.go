// Package releases has the office's pages of what leaves a study: the release that is tried and made, the register of those that
// were, and their files.
package releases

import (
	"time"

	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/surveys/store"
)

// Releases are the numbered snapshots that leave the team.
type Releases struct {
	frames *signedin.Frames
	store  *store.Store
	pages  *page.Renderer
	now    func() time.Time
	demo   bool // releases approve themselves
}

// New returns the receiver of the handlers. In a demonstration releases approve themselves.
func New(frames *signedin.Frames, kept *store.Store, pages *page.Renderer, now func() time.Time, demo bool) *Releases {
	return &Releases{frames: frames, store: kept, pages: pages, now: now, demo: demo}
}
