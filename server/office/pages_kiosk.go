package office

import (
	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

// kiosksPage lists a site's kiosks at the desk and sets one up.
type kiosksPage struct {
	signedin.Frame
	Action      string
	Device, PIN page.TextField
	Devices     []kioskView
}

// kioskView is one kiosk.
type kioskView struct {
	Name, Made, Ends string
	State, Kind      string // of the badge
	RevokeAction     string // none where it has ended
}

func (*kiosksPage) Template() string { return "desk/kiosks" }
