package server

// carePage is what a participant reads after an answer that raised an alert. It says nothing of the answer.
type carePage struct {
	basePage
	Text    string
	NextURL string
}

func (*carePage) template() string { return "participant/care" }
