package server

// withdrawalPages lists the pages of what was agreed to, and of leaving a study.
func withdrawalPages() []page {
	return []page{&agreedPage{}, &leavePage{}, &leaveConfirmPage{}, &receiptPage{}, &withdrawalPage{}, &withdrawalConfirmPage{},
		&withdrawalsPage{}}
}

// levelView is how far somebody may leave, with what happens and what stays then.
type levelView struct {
	ID, Value, Label string
	Chosen           bool
	Does, Stays      []string
}

// agreedPage is a participant's copy of what they agreed to.
type agreedPage struct {
	basePage
	Number          string // in the study
	Given           string // when and to which version, a sentence
	Intro           string
	Clauses         []agreedClause
	PDFURL, BackURL string // no PDF where it cannot be written in the language
	// TextLanguage and TextDirection are of the text agreed to; empty where they are the page's.
	TextLanguage, TextDirection string
	Left                        *leftView // nil while they take part
	LeavingSays                 string
	Levels                      []levelView
	LockedSays                  string
	LeaveURL                    string
}

// agreedClause is one statement and whether it was ticked.
type agreedClause struct {
	Text   string
	Agreed bool
}

// leftView says how far somebody has left.
type leftView struct {
	Says        string // when and how far, a sentence
	Does, Stays []string
	Released    string // in how many datasets copies are, a sentence; none where empty
}

// leavePage asks a participant how far they want to leave.
type leavePage struct {
	basePage
	Action, BackURL string
	Error           string
	Levels          []levelView
	LockedSays      string // where erasure cannot be asked for any more
}

// leaveConfirmPage says what is about to happen, and does nothing yet.
type leaveConfirmPage struct {
	basePage
	Action, BackURL string
	Level           levelView
	Erases          bool
}

// receiptPage is the receipt of somebody who has left.
type receiptPage struct {
	basePage
	Left        leftView
	Number      string
	CopyURL     string // none for somebody who never agreed to anything
	FurtherURL  string // none where there is nothing further
	LeaveAction string // takes the session off the device
}

// withdrawalPage is somebody's leaving at the desk and in the office.
type withdrawalPage struct {
	officePage
	Facts      []fact
	Left       *leftView // nil for somebody who takes part
	Action     string    // none where nothing further can be recorded
	CancelURL  string
	Level      choiceField
	Channel    choiceField
	Levels     []levelView
	LockedSays string
	UndoAction string // none where it cannot be taken back, or not by this account
	Undo       choiceField
	UndoSays   string // who can take it back, where this account cannot
	History    tableView
}

// withdrawalConfirmPage says at the desk and in the office what is about to happen, and does nothing yet.
type withdrawalConfirmPage struct {
	officePage
	Says              string
	Level             levelView
	Erases            bool
	Action, CancelURL string
	Fields            []hiddenField
}

// withdrawalsPage lists who has left a study.
type withdrawalsPage struct {
	officePage
	MayRecord bool
	Action    string
	Number    textField
	People    tableView
	Empty     string
}

func (*agreedPage) template() string            { return "participant/agreed" }
func (*leavePage) template() string             { return "participant/withdraw" }
func (*leaveConfirmPage) template() string      { return "participant/withdraw-confirm" }
func (*receiptPage) template() string           { return "participant/withdrawn" }
func (*withdrawalPage) template() string        { return "desk/withdrawal" }
func (*withdrawalConfirmPage) template() string { return "desk/withdrawal-confirm" }
func (*withdrawalsPage) template() string       { return "office/withdrawals" }
