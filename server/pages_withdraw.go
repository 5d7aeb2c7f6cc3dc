package server

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

func (*agreedPage) template() string       { return "participant/agreed" }
func (*leavePage) template() string        { return "participant/withdraw" }
func (*leaveConfirmPage) template() string { return "participant/withdraw-confirm" }
func (*receiptPage) template() string      { return "participant/withdrawn" }
