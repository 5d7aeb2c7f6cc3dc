package surveys

import (
	"slices"
	"time"
)

// WithdrawalLevel says how far somebody leaves a study. Each level holds all that those before it hold; the zero value is
// for those who have not left. A participant chooses it. It can be raised by whoever may record it, and taken back by the
// team alone, as long as nothing was erased.
type WithdrawalLevel uint8

// The levels.
const (
	StopContact    WithdrawalLevel = iota + 1 // not asked again; what was begun or is under way still counts
	StopCollection                            // and nothing more is taken in, whatever way it comes
	EraseAnswers                              // and what was given before is erased as far as it can be
)

var levelWords = Words[WithdrawalLevel]{StopContact: "no-contact", StopCollection: "no-collection", EraseAnswers: "erasure"}

// WithdrawalLevels lists the levels from the least to the most.
func WithdrawalLevels() []WithdrawalLevel { return levelWords.Values() }

// String returns the word that stands in the database, which is empty for nobody's level.
func (l WithdrawalLevel) String() string { return levelWords.Word(l) }

// ParseWithdrawalLevel returns the level named by word.
func ParseWithdrawalLevel(word string) (WithdrawalLevel, bool) { return levelWords.Parse(word) }

// CheckRaise fails with Conflict where a withdrawal that stands at l cannot become one at to, because that is less.
func (l WithdrawalLevel) CheckRaise(to WithdrawalLevel) error {
	if to < l {
		return Errorf(Conflict, "More than this has been asked for already: “%s”. Only the study team can take that back.", l.Label())
	}
	return nil
}

// Channel says how somebody's wish to leave reached the study.
type Channel uint8

// The channels.
const (
	ByCode      Channel = iota + 1 // by the person, with their own link or code
	AtDesk                         // said at the practice
	ByTelephone                    // told on the telephone
	ByLetter                       // written, on paper or by e-mail
)

var channelWords = Words[Channel]{ByCode: "code", AtDesk: "desk", ByTelephone: "telephone", ByLetter: "letter"}

// String returns the word that stands in the database.
func (c Channel) String() string { return channelWords.Word(c) }

var channelLabels = Words[Channel]{ByCode: "with their own link or code", AtDesk: "said at the practice",
	ByTelephone: "on the telephone", ByLetter: "by letter or e-mail"}

// Label names the channel in a list.
func (c Channel) Label() string { return channelLabels.Word(c) }

// ParseChannel returns the channel named by word.
func ParseChannel(word string) (Channel, bool) { return channelWords.Parse(word) }

// Withdrawal is one step of somebody's leaving. The latest one holds.
type Withdrawal struct {
	Enrolment EnrolmentID
	Level     WithdrawalLevel // 0 where a withdrawal was taken back
	Channel   Channel         // 0 where it was taken back
	Reason    string          // why it was taken back: a code from ReturnReasons
	By        AccountID       // empty for the participant
	At        time.Time
}

// Leaver is somebody who has left, for the team's list.
type Leaver struct {
	Withdrawal
	Label string
	Site  SiteID
}

// Withdrawn is all that is known about somebody's leaving.
type Withdrawn struct {
	History  []Withdrawal // oldest first; the last one holds
	Releases []int        // recorded releases that hold answers which were erased since
}

// Now returns what holds, the zero value for somebody who has not left.
func (w Withdrawn) Now() Withdrawal {
	if len(w.History) == 0 {
		return Withdrawal{}
	}
	return w.History[len(w.History)-1]
}

// ReturnReasons lists why the team may take a withdrawal back, as codes and never as free text.
func ReturnReasons() []Reason {
	return []Reason{{Code: "mistake", Label: "It was recorded by mistake, or for the wrong person"},
		{Code: "asked-back", Label: "The person asked to take part again"}}
}

// CheckReturn fails where a withdrawal at l cannot be taken back: with Conflict if there is none or answers were erased,
// and with Invalid for an unknown reason.
func (l WithdrawalLevel) CheckReturn(reason string) error {
	switch {
	case l == 0:
		return Errorf(Conflict, "This person has not left the study, so there is nothing to take back.")
	case l == EraseAnswers:
		return Errorf(Conflict, "The answers have been erased, so this cannot be taken back.")
	case !slices.ContainsFunc(ReturnReasons(), func(r Reason) bool { return r.Code == reason }):
		return Errorf(Invalid, "Choose why the withdrawal is taken back.")
	}
	return nil
}

// Leave makes the response say what its person's withdrawal makes of it, and returns what changed. A questionnaire that
// was not answered is refused. One that was keeps what its answers amount to, unless they are erased: then it is refused
// too, because nothing of it can be analysed. Whoever only asks for no more contact may still finish what they began, so
// that waits for its window to close.
func (r *Response) Leave(level WithdrawalLevel, by AccountID, now time.Time) []DispositionChange {
	answered := r.Outcome == Complete || r.Outcome == Partial
	switch {
	case level == 0, r.Disposition >= Refusal: // not leaving, or nothing was answered and it is known why
		return nil
	case level == EraseAnswers:
		return []DispositionChange{r.dispose(Refusal, ByPerson, Withdrew, by, now)}
	case r.Disposition.Final(), level == StopContact && r.Revision > 0:
		return nil
	case answered:
		return []DispositionChange{r.dispose(r.Outcome, ByAnswers, "", by, now)}
	default:
		return []DispositionChange{r.dispose(Refusal, ByPerson, Withdrew, by, now)}
	}
}

// Return takes back what Leave did.
func (r *Response) Return(by AccountID, c Circumstances) []DispositionChange {
	left := r.Reason == Withdrew
	cutShort := r.Source == ByAnswers && r.Disposition.Final() && r.FinishedAt.IsZero()
	if !left && !cutShort {
		return nil
	}
	return []DispositionChange{r.reopen(by, c)}
}
