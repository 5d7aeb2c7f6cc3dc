package participant

import (
	"slices"

	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/withdrawal"
)

// Pages lists the pages of people who answer.
func Pages() []page.Page {
	return slices.Concat(responsePages(), offlinePages(), staffPages(), kioskPages())
}

// responsePages lists the pages of a participant's response.
func responsePages() []page.Page {
	return []page.Page{
		&startPage{}, &unknownPage{}, &welcomePage{}, &consentPage{}, &questionPage{}, &gridPage{}, &allPage{}, &checkPage{},
		&helpPage{}, &thanksPage{}, &movedPage{}, &closedPage{}, &carePage{}, &agreedPage{}, &withdrawPage{}, &withdrawConfirmPage{},
		&withdrawnPage{},
	}
}

// staffPages lists the pages that only the anonymous survey has.
func staffPages() []page.Page { return []page.Page{&staffWelcomePage{}, &staffThanksPage{}} }

// startPage asks for the code of a letter or card.
type startPage struct {
	page.Base
	Code page.TextField
	Left bool // somebody has just finished on this device
}

// unknownPage answers a code or link that is not known or has ended: the same page for both, so that nobody can find out
// which codes once existed.
type unknownPage struct {
	page.Base
	Code page.TextField
}

// welcomePage says what is asked, how long it takes and what happens to the answers.
type welcomePage struct {
	page.Base
	Wave    string
	Length  string // how long it takes, a sentence
	Until   string // until when it can be answered, a sentence
	HelpURL string // where to say who helps; none where that has been said
	Next    string // the button
	NextURL string
}

// consentPage asks for consent, clause by clause.
type consentPage struct {
	page.Base
	BackURL, Action string
	Version, Intro  string
	Clauses         []page.Clause
	WithdrawalSays  string
	Levels          []withdrawal.Level // how far one may leave later
	LockedSays      string
}

// questionPage asks one question. Handle, Back, Position, Total and Seq differ between people; everything else is the same
// for everybody until the question is answered (see page/cached.go).
type questionPage struct {
	page.Base
	Handle   string
	Number   string // in the address
	Back     string // last part of the address that Back leads to
	Position string // among the questions that this person is asked
	Total    string
	Seq      string // of the save
	Action   string // see SlotAction
	Missed   bool   // Continue was pressed without an answer
	Earlier  bool   // answered before, and not to be shown here
	Question question.View
	Grid     string // last part of the address of the table that the question also stands in; none where empty
	Fixed    bool   // the script stays on this page whatever the width of the screen
}

// gridView is a table of questions with the same answers.
type gridView struct {
	Lang   string // as in a View
	Dir    string
	Heads  []string // the answers
	Rows   []question.View
	Missed bool // questions without an answer are marked
}

// gridPage asks the questions of one table. What differs between people is as in questionPage.
type gridPage struct {
	page.Base
	Handle, Number, Back, Position, Last, Total, Seq string
	Single                                           string // last part of the address of the questions one by one
	Earlier                                          bool   // some answers were given before and are not shown here
	Intro                                            string // of the instrument
	Grid                                             gridView
	Action                                           string // see SlotAction
	Fixed                                            bool   // the script stays on this page whatever the width of the screen
	MissedTitle                                      string
	Missed                                           []page.FieldError
}

// allPage asks all questions at once: a wave with that layout, and the staff survey.
type allPage struct {
	page.Base
	BackURL     string // none where empty
	Action      string
	Submit      string   // the button
	Handle      string   // of the response, where the address has none
	Page        string   // random id of a page that is sent once; none where empty
	Seq         string   // of the save; none where empty
	Earlier     bool     // some questions were asked elsewhere, and what was said is not shown here
	Asked       []string // codes of the items that the page is all about
	Sections    []sectionView
	List        string // see SlotList
	Extra       string // see SlotAction
	MissedTitle string
	Missed      []page.FieldError // the questions that have no answer, once Submit was pressed
}

// sectionView is one instrument of an allPage.
type sectionView struct {
	Heading   string
	Intro     string
	Questions []blockView
	List      string // see SlotList
}

// blockView is a question by itself, or a table of several.
type blockView struct {
	question.View
	Grid *gridView
}

// checkPage lists what was answered before it is finished.
type checkPage struct {
	page.Base
	BackURL, Action string
	Seq             string // of the save
	Earlier         bool   // some answers were given before and are not shown here
	List            string // see SlotList
	Sections        []checkSection
}

// checkSection is one instrument of a checkPage.
type checkSection struct {
	Heading string
	List    string // see SlotList
	Rows    []checkRow
}

// checkRow is one question with the words of its answer.
type checkRow struct {
	Question, Answer, URL string
	Given                 bool
	Earlier               bool // on another device, so the answer is not shown
}

// helpPage asks who helps, and where somebody answers.
type helpPage struct {
	page.Base
	Action, BackURL string
	Helper, Place   page.ChoiceField
}

// thanksPage says that all is saved.
type thanksPage struct {
	page.Base
	Late        string // a sentence where answers were received after closing
	Waiting     bool   // some answers are still on the device
	Next        string
	ChangeURL   string // none once answers are no longer taken
	LeaveAction string
}

// movedPage answers a page that does not belong to the browser's ticket, because the ticket ended or another person's link
// was opened since, and a save that cannot be taken now. Nothing was written. What was typed stays on the page and can be
// sent again.
type movedPage struct {
	page.Base
	Reason     string
	Action     string
	NoCookies  bool   // the browser sent none: perhaps it keeps none
	Retry      bool   // the link is right, and the same can be sent again
	ConsentURL string // the link is right, and consent comes first
	Kept       bool   // something was typed that is not among Typed
	Typed      []checkRow
	Fields     []page.HiddenField
}

// closedPage says why there is nothing to answer now.
type closedPage struct {
	page.Base
	Reason string
	Advice string
}

// staffWelcomePage is page one of the anonymous survey.
type staffWelcomePage struct {
	page.Base
	Length     string
	About      string   // what is stored of what staff say about themselves; empty where they are asked nothing
	Shown      string   // what a practice gets to see, a sentence
	ShownAbout string   // the same of what staff say about themselves; empty where they are asked nothing
	Protection []string // sentences
}

// staffThanksPage ends the anonymous survey.
type staffThanksPage struct{ page.Base }

func (*startPage) Template() string        { return "participant/start" }
func (*unknownPage) Template() string      { return "participant/unknown" }
func (*welcomePage) Template() string      { return "participant/welcome" }
func (*consentPage) Template() string      { return "participant/consent" }
func (*questionPage) Template() string     { return "participant/question" }
func (*gridPage) Template() string         { return "participant/grid" }
func (*allPage) Template() string          { return "participant/all" }
func (*checkPage) Template() string        { return "participant/check" }
func (*helpPage) Template() string         { return "participant/help" }
func (*thanksPage) Template() string       { return "participant/thanks" }
func (*movedPage) Template() string        { return "participant/moved" }
func (*closedPage) Template() string       { return "participant/closed" }
func (*staffWelcomePage) Template() string { return "staff/welcome" }
func (*staffThanksPage) Template() string  { return "staff/thanks" }
