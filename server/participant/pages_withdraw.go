package participant

import (
	"wellwave/server/page"
	"wellwave/server/withdrawal"
)

// agreedPage is a participant's copy of what they agreed to.
type agreedPage struct {
	page.Base
	Number          string // in the study
	Given           string // when and to which version, a sentence
	Intro           string
	Clauses         []agreedClause
	PDFURL, BackURL string // no PDF where it cannot be written in the language
	// TextLanguage and TextDirection are of the text agreed to; empty where they are the page's.
	TextLanguage, TextDirection string
	Left                        *withdrawal.Left // nil while they take part
	LeavingSays                 string
	Levels                      []withdrawal.Level
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
	page.Base
	Action, BackURL string
	Error           string
	Levels          []withdrawal.Level
	LockedSays      string // where erasure cannot be asked for any more
}

// leaveConfirmPage says what is about to happen, and does nothing yet.
type leaveConfirmPage struct {
	page.Base
	Action, BackURL string
	Level           withdrawal.Level
	Erases          bool
}

// receiptPage is the receipt of somebody who has left.
type receiptPage struct {
	page.Base
	Left        withdrawal.Left
	Number      string
	CopyURL     string // none for somebody who never agreed to anything
	FurtherURL  string // none where there is nothing further
	LeaveAction string // takes the session off the device
}

func (*agreedPage) Template() string       { return "participant/agreed" }
func (*leavePage) Template() string        { return "participant/withdraw" }
func (*leaveConfirmPage) Template() string { return "participant/withdraw-confirm" }
func (*receiptPage) Template() string      { return "participant/withdrawn" }
