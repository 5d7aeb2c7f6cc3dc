package server

// offlinePages lists the pages that a browser's worker shows by itself.
func offlinePages() []page { return []page{&queuePage{}, &leftPage{}} }

// queuePage says how many answers wait on a device, and since when. Only the device knows: the worker fills the page in,
// and where there is none nothing can wait.
type queuePage struct {
	basePage
	Intro string // a sentence
	List  string // see slotList
}

// leftPage follows “Finish on this device” where there is no network.
type leftPage struct {
	basePage
	Text string // see slotText
}

// fragment is what a part of a page that the worker puts in prints.
type fragment struct{ Text, Note string }

func (*queuePage) template() string { return "participant/queue" }
func (*leftPage) template() string  { return "participant/left" }
