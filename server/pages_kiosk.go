package server

// kioskPages lists the pages of tablets that a practice hands over.
func kioskPages() []page {
	return []page{&kioskPINPage{}, &kioskPeoplePage{}, &kioskHandPage{}, &kioskReadyPage{}, &kioskOpenPage{}, &kioskNonePage{}, &kiosksPage{}}
}

// kioskFrame is what the frame needs to know on a tablet that was handed over.
type kioskFrame struct {
	On          bool
	ForStaff    bool   // a page for colleagues: it leads back to the PIN by itself
	LeaveAction string // a page for participants: where the tablet is given back
	Done        bool   // nothing is left to answer
}

// kioskPINPage asks for the PIN.
type kioskPINPage struct {
	basePage
	Site, Tablet string
	PIN          textField
	Wait         string // until when no PIN is looked at, a sentence
}

// kioskPeoplePage lets a colleague pick who is next.
type kioskPeoplePage struct {
	basePage
	Code   textField
	Search string
	People []kioskPerson
}

// kioskPerson is somebody of the tablet's site who is due.
type kioskPerson struct {
	Label, Wave, URL string
	Begun            bool
}

// kioskHandPage asks who hands the tablet over and who helps.
type kioskHandPage struct {
	basePage
	Person, Wave    string
	Action, BackURL string
	Initials        textField
	Colleague       *choiceField // nil where only the practice hands over
	Helper          choiceField
}

// kioskReadyPage lists who is loaded, where there is no network. A tablet's worker fills it in.
type kioskReadyPage struct {
	basePage
	List string // see slotList
}

// kioskReadyRow is one of them.
type kioskReadyRow struct{ Label, Wave, URL string }

// kioskOpenPage answers whoever has the tablet and went back to a page for colleagues.
type kioskOpenPage struct {
	basePage
	GoOnURL string
}

// kioskNonePage answers a browser that is no tablet, or not any more.
type kioskNonePage struct{ basePage }

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

func (*kioskPINPage) template() string    { return "kiosk/pin" }
func (*kioskPeoplePage) template() string { return "kiosk/people" }
func (*kioskHandPage) template() string   { return "kiosk/hand-over" }
func (*kioskReadyPage) template() string  { return "kiosk/ready" }
func (*kioskOpenPage) template() string   { return "kiosk/open" }
func (*kioskNonePage) template() string   { return "kiosk/none" }
func (*kiosksPage) template() string      { return "desk/kiosks" }
