package participant

import "wellwave/server/page"

// carePage is what a participant reads after an answer that raised an alert. It says nothing of the answer.
type carePage struct {
	page.Base
	Text    string
	NextURL string
}

func (*carePage) Template() string { return "participant/care" }
