package server

// kioskPages lists the pages of tablets that a practice hands over.
func kioskPages() []page {
	return []page{&kioskPINPage{}, &kioskPeoplePage{}, &kioskHandPage{}, &kioskReadyPage{}, &kioskOpenPage{}, &kioskNonePage{}}
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

func (*kioskPINPage) template() string    { return "kiosk/pin" }
func (*kioskPeoplePage) template() string { return "kiosk/people" }
func (*kioskHandPage) template() string   { return "kiosk/hand-over" }
func (*kioskReadyPage) template() string  { return "kiosk/ready" }
func (*kioskOpenPage) template() string   { return "kiosk/open" }
func (*kioskNonePage) template() string   { return "kiosk/none" }
