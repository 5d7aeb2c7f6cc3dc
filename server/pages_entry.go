package server

// entryPages lists the pages of paper questionnaires and of those who enter them.
func entryPages() []page { return []page{&blankPapersPage{}, &printPaperPage{}} }

// blankPapersPage lists the questionnaires of a study that can be printed.
type blankPapersPage struct {
	officePage
	Papers tableView
	Notes  []string
}

// printPaperPage is about to print one person's paper with a code of its own.
type printPaperPage struct {
	officePage
	Says              []string
	Action, CancelURL string
	In                selectField
}

func (*blankPapersPage) template() string { return "entry/blank" }
func (*printPaperPage) template() string  { return "entry/print" }
