package releases

import (
	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

// Pages lists the pages of releases.
func Pages() []page.Page { return []page.Page{&releasesPage{}, &releaseNewPage{}} }

// releasesPage lists the releases of a study.
type releasesPage struct {
	signedin.Frame
	Releases page.Table
	MayMake  bool
	NewURL   string
}

// releaseNewPage asks for the profile of a release, and says what would become of it or why it was refused.
type releaseNewPage struct {
	signedin.Frame
	Action, CancelURL string
	Form              page.HiddenField
	Profile           page.ChoiceField
	Excel             bool
	Typed             page.TextField
	Tried             assessmentView
}

// assessmentView is what would become of a release; it has no title where nothing was tried.
type assessmentView struct {
	Title, Kind string // Kind is that of the panel
	Says        []string
	Refused     []string
	Advice      []string // the best first
	Rare        []string
	Tables      []page.Table
}

func (*releasesPage) Template() string   { return "office/releases" }
func (*releaseNewPage) Template() string { return "office/release-new" }
