package monitor

// Section is one way of counting a wave under its heading.
type Section struct {
	ID, Title string
	Says      string // what is counted, or why there is nothing to show
	Counted   bool   // there are dispositions to show
	Rated     bool   // and rates
	Edition   Edition
}

// Sections returns what to show of a wave, the headline first.
func (w *Wave) Sections() []Section {
	closed := Section{ID: "closed", Title: ClosedTitle, Says: "These are the headline rates.", Edition: w.Closed, Counted: true, Rated: true}
	if w.Closed.Empty() {
		closed.Says, closed.Counted, closed.Rated = "No window has closed yet.", false, false
	}
	due := Section{ID: "due", Title: "Everybody enrolled", Edition: w.DueSoFar, Counted: true, Rated: true,
		Says: "Whoever is pending counts here as somebody who did not answer; those not yet due stand in the counts only."}
	switch {
	case w.DueSoFar.All.Tally.Enrolled() == 0:
		due.Says, due.Counted, due.Rated = "Nobody is enrolled yet.", false, false
	case w.AllClosed():
		due.Says, due.Counted, due.Rated = "Every window has closed, so the numbers above are those of everybody enrolled.", false, false
	case w.DueSoFar.Empty():
		due.Says, due.Rated = nobodyDue+".", false
	}
	return []Section{closed, due}
}

// Headline returns the edition to see first, and of whom it is.
func (w *Wave) Headline() (e Edition, of string) {
	if w.Closed.Empty() {
		return w.DueSoFar, "of everybody so far, because no window has closed yet"
	}
	return w.Closed, "of those whose window has closed"
}
