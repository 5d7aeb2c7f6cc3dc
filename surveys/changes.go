package surveys

import "time"

// Origin says where an answer came from: who sent it, how, when and, of a correction, why.
type Origin struct {
	By  Author           // nobody of the oldest
	How Collection       // without what is of one save
	At  time.Time        // of receipt
	Why CorrectionReason // 0 where it was no correction
}

// Change is an answer that took the place of another.
type Change struct {
	Wave     WaveID
	Code     string // empty, as From and To are untouched, where whoever asks may not see answers
	From, To Value
	Origin
}

// Answered is what somebody has answered at a wave, where each answer came from, and which took the place of others.
type Answered struct {
	Wave          WaveID
	Questionnaire *Questionnaire
	Version
	CountedAt time.Time // see Replay.CountedAt
	Origins   []Origin  // by item; zero where nothing was said
	Changes   []Change  // in the order of their receipt
}

// AnsweredBy returns what a ledger comes to, with where it came from. That somebody takes another answer before they have
// finished is how people fill in a questionnaire, and no change.
func AnsweredBy(q *Questionnaire, wave WaveID, ledger []Entry) Answered {
	a := Answered{Wave: wave, Questionnaire: q, Origins: make([]Origin, len(q.Items))}
	r := NewReplay(q)
	for i := range ledger {
		e := &ledger[i]
		before, finished := r.Answers.standing(), !r.FinishedAt.IsZero()
		r.Fold(e, "")
		from := Origin{By: e.By, How: e.How.ofMany(), At: e.ReceivedAt, Why: e.Why}
		for at, was := range before {
			now := r.Answers.values[at]
			if now == was {
				continue
			}
			a.Origins[at] = from
			if was.Given() && (finished || !e.By.participant()) {
				a.Changes = append(a.Changes, Change{Wave: wave, Code: q.Items[at].Code, From: was, To: now, Origin: from})
			}
		}
	}
	a.Version, a.CountedAt = r.Version(), r.CountedAt()
	return a
}

// HowOf says how the answer that stands in an item was collected, and where there is none, how the questionnaire was.
func (a *Answered) HowOf(code string) Collection {
	if i, ok := a.Questionnaire.index[code]; ok && a.Origins[i].How.Mode != 0 {
		return a.Origins[i].How
	}
	return a.How.ofMany()
}

// ofMany leaves out what is of one save alone.
func (c Collection) ofMany() Collection {
	c.HandOver, c.DeviceTime = "", time.Time{}
	return c
}

// participant reports whether an author is the person themselves, as far as the ledger knows.
func (a Author) participant() bool { return a.Kind == ByParticipant || a.Kind == ByTablet }

// WithoutAnswers returns one change for each time that any answer was changed, for those who may not see which and to what.
func WithoutAnswers(changes []Change) []Change {
	var told []Change
	for _, c := range changes {
		c = Change{Wave: c.Wave, Origin: c.Origin}
		if n := len(told); n == 0 || told[n-1] != c {
			told = append(told, c)
		}
	}
	return told
}
