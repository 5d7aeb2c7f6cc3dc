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
	Withdrawn                   *withdrawal.Withdrawn // nil while they take part
	WithdrawalSays              string
	Levels                      []withdrawal.Level
	LockedSays                  string
	WithdrawURL                 string
}

// agreedClause is one statement and whether it was ticked.
type agreedClause struct {
	Text   string
	Agreed bool
}

// withdrawPage asks a participant how far they want to leave.
type withdrawPage struct {
	page.Base
	Action, BackURL string
	Error           string
	Levels          []withdrawal.Level
	LockedSays      string // why erasure cannot be asked for any more
}

// withdrawConfirmPage says what is about to happen, and does nothing yet.
type withdrawConfirmPage struct {
	page.Base
	Action, BackURL string
	Level           withdrawal.Level
	Erases          bool
	KeepURL         string // to leave without erasing; none for somebody who has done so
}

// withdrawnPage is the receipt of somebody who has left.
type withdrawnPage struct {
	page.Base
	Withdrawn   withdrawal.Withdrawn
	Number      string
	CopyURL     string // none for somebody who never agreed to anything
	FurtherURL  string // none where there is nothing further
	LeaveAction string // takes the ticket off the device
}

func (*agreedPage) Template() string          { return "participant/agreed" }
func (*withdrawPage) Template() string        { return "participant/withdraw" }
func (*withdrawConfirmPage) Template() string { return "participant/withdraw-confirm" }
func (*withdrawnPage) Template() string       { return "participant/withdrawn" }
