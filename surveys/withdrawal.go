package surveys

import (
	"slices"
	"time"
)

// WithdrawalLevel says how far somebody leaves a study. Each level holds all that those before it hold; the zero value is
// for those who have not left. A participant chooses it. It can be raised by whoever may record it, and taken back by the
// team alone, as long as nothing was erased for good.
type WithdrawalLevel uint8

// The levels.
const (
	StopContact    WithdrawalLevel = iota + 1 // not asked again; what was begun or is under way still counts
	StopCollection                            // and nothing more is taken in, whatever way it comes
	EraseAnswers                              // and what was given before is erased as far as it can be, after a while
)

// How long answers that are to be erased wait. Nobody sees or uses them meanwhile; they are kept only so that a mistake, or
// somebody who means harm, costs nothing.
const (
	OwnErasureWait     = 24 * time.Hour // where the person asked, with their own link or code
	DefaultErasureDays = 7              // where somebody recorded it for them and the study file does not say
	maxErasureDays     = 30
)

// ErasureWait is how long erasure waits that was asked for in this way, in a study with so many ErasureDays.
func (c Channel) ErasureWait(days int) time.Duration {
	if c == ByCode {
		return OwnErasureWait
	}
	return erasureWait(days)
}

func erasureWait(days int) time.Duration { return time.Duration(days) * 24 * time.Hour }

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
	Erasure   Erasure // at EraseAnswers
}

// Erasure is how far the erasure of somebody's answers has come. It waits until it is due, and can be taken back until then.
type Erasure struct {
	Due    time.Time // from when on the server erases, and nobody takes it back
	Done   time.Time // zero before
	Undone time.Time // when it was taken back; zero if it was not
}

// ErasureDays is how many days the erasure waits that somebody was promised when it was recorded for them, and for whoever was
// promised none what the study has now.
func (w Withdrawal) ErasureDays(now int) int {
	if w.Erasure.Due.IsZero() || w.Channel == ByCode {
		return now
	}
	return int(w.Erasure.Due.Sub(w.At) / erasureWait(1))
}

// Waits reports whether the answers are out of use and still there.
func (e Erasure) Waits() bool { return !e.Due.IsZero() && e.Done.IsZero() && e.Undone.IsZero() }

// Leaver is somebody who has left, for the team's list.
type Leaver struct {
	Withdrawal
	Label string
	Site  SiteID
}

// Withdrawn is all that is known about somebody's leaving.
type Withdrawn struct {
	History  []Withdrawal // oldest first; the last one holds
	Asked    []Proposal   // erasures that wait for a decision, the latest first
	Releases []int        // recorded releases that hold answers which were erased since
}

// Before returns what is to hold once the latest step is taken back: what held before an erasure that waits, and for all else
// that the person takes part again, the zero value.
func (w Withdrawn) Before() Withdrawal {
	n := len(w.History)
	if n < 2 || w.History[n-1].Level != EraseAnswers {
		return Withdrawal{}
	}
	return w.History[n-2]
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

// CheckReturn fails where a withdrawal cannot be taken back at a moment: with Conflict if there is none or the answers are
// erased or due to be, and with Invalid for an unknown reason.
func (w Withdrawal) CheckReturn(reason string, now time.Time) error {
	switch {
	case w.Level == 0:
		return Errorf(Conflict, "This person has not left the study, so there is nothing to take back.")
	case w.Level == EraseAnswers && !(w.Erasure.Waits() && now.Before(w.Erasure.Due)):
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
