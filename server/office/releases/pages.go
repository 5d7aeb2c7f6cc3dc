package releases

import (
	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

// Pages lists the pages of releases.
func Pages() []page.Page { return []page.Page{&releasesPage{}, &releasePage{}, &releaseNewPage{}} }

// releasesPage is the register of a study's releases.
type releasesPage struct {
	signedin.Frame
	Releases page.Table
	MayMake  bool
	NewURL   string
}

// releasePage is all that the register knows of one release.
type releasePage struct {
	signedin.Frame
	State, Kind string // of the badge
	Says        string // what has to happen, or why its files cannot be had
	Next        page.Link
	Facts       []page.Fact
	Documents   page.Table
	Fetched     page.Table
	Made        assessmentView
}

// releaseNewPage asks for the profile of a release, and says what would become of it or why it was refused.
type releaseNewPage struct {
	signedin.Frame
	Action, CancelURL string
	Form              page.HiddenField
	Profile           page.ChoiceField
	Excel             bool
	Approval          page.TextField
	ApprovesItself    bool // in a demonstration nobody else is asked
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
func (*releasePage) Template() string    { return "office/release" }
func (*releaseNewPage) Template() string { return "office/release-new" }
