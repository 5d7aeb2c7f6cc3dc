package office

import (
	"wellwave/server/office/signedin"
	"wellwave/server/page"
)

// proposalsPage lists what was asked for in a study that another account decides.
type proposalsPage struct {
	signedin.Frame
	Proposals page.Table
}

// proposalPage is one of these, with its decision or the form that asks for it.
type proposalPage struct {
	signedin.Frame
	Facts             []page.Fact
	Says              []string // what happens
	Closed            string   // why this account cannot decide it
	Action, CancelURL string   // no action where it cannot
	Ground            page.ChoiceField
}

func (*proposalsPage) Template() string { return "office/proposals" }
func (*proposalPage) Template() string  { return "office/proposal" }
