package server

// kiosksPage lists a site's tablets at the desk and sets one up.
type kiosksPage struct {
	officePage
	Action      string
	Tablet, PIN textField
	Devices     []kioskView
}

// kioskView is one tablet.
type kioskView struct {
	Name, Made, Ends string
	State, Kind      string // of the badge
	RevokeAction     string // none where it has ended
}

func (*kiosksPage) template() string { return "desk/kiosks" }
