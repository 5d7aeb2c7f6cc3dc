package participant

import "wellwave/server/page"

// offlinePages lists the pages that a browser's worker shows by itself.
func offlinePages() []page.Page { return []page.Page{&queuePage{}, &leftPage{}} }

// queuePage says how many answers wait on a device, and since when. Only the device knows, so the worker fills the page in;
// without a worker nothing can wait.
type queuePage struct {
	page.Base
	Intro string // a sentence
	List  string // see SlotList
}

// leftPage follows “Finish on this device” when there is no network.
type leftPage struct {
	page.Base
	Text string // see SlotText
}

// fragment is what the worker's parts of pages print.
type fragment struct{ Text, Note string }

func (*queuePage) Template() string { return "participant/queue" }
func (*leftPage) Template() string  { return "participant/left" }
