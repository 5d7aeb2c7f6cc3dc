package participant

import "wellwave/server/page"

// kioskPages lists the pages of kiosks.
func kioskPages() []page.Page {
	return []page.Page{&kioskPINPage{}, &kioskPeoplePage{}, &handOverPage{}, &kioskReadyPage{}, &kioskOpenPage{}, &kioskNonePage{}}
}

// kioskPINPage asks for the PIN.
type kioskPINPage struct {
	page.Base
	Site, Device string
	PIN          page.TextField
	Wait         string // until when no PIN is accepted, a sentence
	Lent         bool   // it was handed to somebody and not given back
}

// kioskPeoplePage lets a colleague pick who is next.
type kioskPeoplePage struct {
	page.Base
	Code   page.TextField
	Search string
	People []kioskPerson
}

// kioskPerson is somebody of the kiosk's site who is due.
type kioskPerson struct {
	Label, Wave, URL string
	Begun            bool
}

// handOverPage asks who hands the kiosk over and who helps.
type handOverPage struct {
	page.Base
	Person, Wave    string
	Action, BackURL string
	Initials        page.TextField
	Colleague       *page.ChoiceField // nil where only the practice hands over
	Helper          page.ChoiceField
}

// kioskReadyPage lists the people who are loaded, for when there is no network. The kiosk's worker fills it in.
type kioskReadyPage struct {
	page.Base
	List string // see SlotList
}

// kioskReadyRow is one of them.
type kioskReadyRow struct{ Label, Wave, URL string }

// kioskOpenPage answers whoever has the kiosk and went to a page for colleagues.
type kioskOpenPage struct {
	page.Base
	GoOnURL string
	Locks   bool // nothing else on the page gives the kiosk back
}

// kioskNonePage answers a browser that is not, or no longer, a kiosk.
type kioskNonePage struct{ page.Base }

func (*kioskPINPage) Template() string    { return "kiosk/pin" }
func (*kioskPeoplePage) Template() string { return "kiosk/people" }
func (*handOverPage) Template() string    { return "kiosk/hand-over" }
func (*kioskReadyPage) Template() string  { return "kiosk/ready" }
func (*kioskOpenPage) Template() string   { return "kiosk/open" }
func (*kioskNonePage) Template() string   { return "kiosk/none" }
