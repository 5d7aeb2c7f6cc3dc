package surveys

import "time"

// Replay is what the ledger of one response comes to: one feeds it the entries in the order in which they arrived, from the
// first, and it holds everything about the response that follows from them. There is no other fold. [Response.Take] adds the
// next entry to a response with it, and so it does not matter whether a response was folded one save at a time or all at
// once: to check what is stored, to put a response back to where a release was frozen, or because a rule has changed.
type Replay struct {
	Answers    *Answers
	Revision   int // submissions folded
	BeganAt    time.Time
	ChangedAt  time.Time
	FinishedAt time.Time
	AnsweredAt time.Time   // the latest that a save of ascribe knows, from the last that redates on; zero if none does
	LateDays   int         // the most that any of its submissions was late, from the last that redates on
	How        Collection  // of the latest save of ascribe, with the place and aids of Collection.Then
	Outcome    Disposition // what the answers that were in time amount to so far; 0 before the first
}

// NewReplay returns what an empty ledger comes to.
func NewReplay(q *Questionnaire) *Replay { return &Replay{Answers: NewAnswers(q)} }

// Fold folds the next entry in and returns the scores afterwards, given the study's primary scale. There are none for an
// entry that changes no score because it was put aside, is a conflict or is erased.
func (r *Replay) Fold(e *Entry, primary ScaleID) []ScaleScore {
	if e.Judges { // of which the entries before speak already
		r.Revision++
		return nil
	}
	r.Answers.fold(e)
	if !e.Verdict.Folded() {
		return nil
	}
	if r.Revision == 0 {
		r.BeganAt = e.ReceivedAt
	}
	r.Revision++
	r.ChangedAt = e.ReceivedAt
	if e.Redates || e.Whole {
		r.AnsweredAt, r.LateDays = time.Time{}, 0
	}
	r.LateDays = max(r.LateDays, e.LateDays)
	if e.Erased {
		return nil
	}
	r.ascribe(e)
	if e.Finish && r.FinishedAt.IsZero() {
		r.FinishedAt = e.ReceivedAt
	}
	scores := r.Answers.Scores(primary)
	if e.Verdict != Late {
		r.Outcome = r.Answers.Outcome(primary, scores)
	}
	return scores
}

// ascribe lets a save say how and when the response was given. That belongs to the answers it came with: where most of those that
// stand came from elsewhere, such as by a correction of one of them, or beside a paper that says the same again, it stays as it
// was. A correction that says when all of them were given is believed about the day alone. Aids to reading add up. The oldest
// entries, of nobody who is known, are folded by the rule that they came under, in which the latest save always said so: stored
// responses and releases stay as they are.
func (r *Replay) ascribe(e *Entry) {
	mostly := e.By.Kind == 0 || r.Answers.mostlyFrom(e.Sitting)
	switch {
	case e.Whole:
		r.How = Collection{}.Then(e.How)
	case mostly:
		r.How = r.How.Then(e.How)
	default:
		r.How.Aids = JoinAids(r.How.Aids, e.How.Aids)
	}
	if (mostly || e.Whole || e.Redates) && e.AnsweredAt.After(r.AnsweredAt) {
		r.AnsweredAt = e.AnsweredAt
	}
}

// GivenAt is when the answers were given: when they say so themselves, else when they were received, and there the finish
// counts. Answers from a file or from paper were received at another time than they were given, so of these it is zero
// unless they say so.
func (r *Replay) GivenAt() time.Time {
	if r.AnsweredAt.IsZero() && (r.How.Mode == Bulk || r.How.Mode == Paper) {
		return time.Time{}
	}
	return r.CountedAt()
}

// CountedAt is when the answers begin to count where every response must have its day: when they were given, and where that
// is not known when they were received.
func (r *Replay) CountedAt() time.Time {
	switch {
	case !r.AnsweredAt.IsZero():
		return r.AnsweredAt
	case !r.FinishedAt.IsZero():
		return r.FinishedAt
	default:
		return r.ChangedAt
	}
}

// Refold puts into the response what folding its ledger again gives, where that is something else than it was when the
// response was stored, and returns what this changed about its disposition. A disposition that a person set stays, and so
// does one that does not rest on the outcome.
func (r *Response) Refold(again *Replay, now time.Time) []DispositionChange {
	before := r.Outcome
	r.Replay = *again
	if r.Outcome == before || r.Source == ByPerson || r.Disposition != before {
		return nil
	}
	return []DispositionChange{r.dispose(r.Outcome, r.Source, "", "", now)}
}
