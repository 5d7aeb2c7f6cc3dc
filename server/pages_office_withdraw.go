package server

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

func (*withdrawalPage) template() string { return "desk/withdrawal" }

func (*withdrawalConfirmPage) template() string { return "desk/withdrawal-confirm" }

func (*withdrawalsPage) template() string { return "office/withdrawals" }
