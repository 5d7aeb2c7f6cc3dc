package office

import "wellwave/server/page"

// page lists a site's tablets at the desk and sets one up.
type kiosksPage struct {
	frame
	Action      string
	Tablet, PIN page.TextField
	Devices     []kioskView
}

// kioskView is one tablet.
type kioskView struct {
	Name, Made, Ends string
	State, Kind      string // of the badge
	RevokeAction     string // none where it has ended
}

func (*kiosksPage) Template() string { return "desk/kiosks" }
