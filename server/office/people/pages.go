package people

import (
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/withdrawal"
)

// withdrawalPage shows and records somebody's withdrawal, at the desk and in the office.
type withdrawalPage struct {
	signedin.Frame
	Facts      []page.Fact
	Withdrawn  *withdrawal.Withdrawn // nil for somebody who takes part
	Action     string                // none where nothing further can be recorded
	CancelURL  string
	Level      page.ChoiceField
	Channel    page.ChoiceField
	Levels     []withdrawal.Level
	LockedSays string
	AskedSays  string // that an erasure waits for a decision
	Waits      string // that the answers are out of use, and until when they can be brought back
	UndoDoes   string // what follows
	UndoAction string // none where it cannot be taken back, or not by this account
	Undo       page.ChoiceField
	UndoSays   string // who can take it back, where this account cannot
	History    page.Table
}

// withdrawalConfirmPage says at the desk and in the office what is about to happen, and does nothing yet.
type withdrawalConfirmPage struct {
	signedin.Frame
	Says              string
	Level             withdrawal.Level
	Erases            bool
	Due, KeepURL      string // of an erasure: from when on it is for good, and where less can be asked for
	Action, CancelURL string
	Fields            []page.HiddenField
}

// withdrawalsPage lists who has left a study.
type withdrawalsPage struct {
	signedin.Frame
	MayRecord bool
	Action    string
	Number    page.TextField
	People    page.Table
	Empty     string
}

func (*withdrawalPage) Template() string { return "desk/withdrawal" }

func (*withdrawalConfirmPage) Template() string { return "desk/withdrawal-confirm" }

func (*withdrawalsPage) Template() string { return "office/withdrawals" }
