package surveys

import (
	"cmp"
	"slices"
	"time"

	"wellwave/surveys/locale"
)

// Response is the questionnaire of one enrolment and wave, folded from its submissions. A Response without submissions
// (Revision 0) exists only to hold a disposition that somebody recorded.
type Response struct {
	ID           ResponseID
	Enrolment    EnrolmentID
	Wave         WaveID
	State        *State
	Pilot        bool // begun while the study was a pilot: it reaches no release
	Revision     int  // submissions folded
	BeganAt      time.Time
	ChangedAt    time.Time
	FinishedAt   time.Time
	AnsweredAt   time.Time   // of the latest submission that knows, from the last that redates on; zero if none does
	LateDays     int         // the most that any of its submissions was late, from the last that redates on
	How          Collection  // of the latest save, with the place and aids of Collection.Then
	Outcome      Disposition // what the answers that were in time amount to so far; 0 before the first
	Disposition  Disposition
	Source       DispositionSource
	Reason       string
	Dispositions int // changes of disposition so far
}

// Circumstances are the facts around a submission that the rules of taking it ask for.
type Circumstances struct {
	Now       time.Time
	Study     StudyState
	Primary   ScaleID
	Window    Window
	HasWindow bool // a follow-up wave of somebody without a baseline has none
	Consented bool
	Withdrawn bool      // has asked that nothing more be collected
	ClosedAt  time.Time // when the study closed; zero while it is open
}

// Entry is what the ledger keeps of a submission, and what its taking changed.
type Entry struct {
	Seq         int
	Attempt     int // 0, or for a conflict its number among those of the same sequence
	Revision    int
	Verdict     Verdict
	LateDays    int
	Redates     bool // a correction that answers all there is again, and says when it was given
	Accepted    []ItemAnswer
	Refused     []RefusedItem
	Scores      []ScaleScore
	Disposition []DispositionChange // in order
}

// NewResponse returns the response of an enrolment and wave before anything arrived.
func NewResponse(id ResponseID, enrolment EnrolmentID, wave WaveID, q *Questionnaire) *Response {
	return &Response{ID: id, Enrolment: enrolment, Wave: wave, State: NewState(q), Disposition: Pending, Source: ByAnswers}
}

// Take folds a submission into the response and returns what goes into the ledger. It decides everything that can be
// decided without asking the ledger; a sequence that was used before is the store's to look up first.
//
// A participant's answers are never turned away for being late or partly wrong: what is wrong is set aside with a
// reason, what is late is flagged and replaces nothing. A file's or another system's are refused whole, so that the sender
// can mend them.
// The response is unchanged where an error is returned.
func (r *Response) Take(sub Submission, c Circumstances) (*Entry, error) {
	if err := c.admit(sub); err != nil {
		return nil, err
	}
	if sub.Bulk && !sub.Correct && r.Revision > 0 && (sub.Seq == 0 || r.State.Highest(sub.Sitting) == 0) {
		return nil, Errorf(Conflict, "this participant has already answered this wave in another way")
	}
	entry := &Entry{Seq: sub.Seq, Revision: r.Revision + 1, Verdict: Accepted}
	if entry.Seq == 0 {
		entry.Seq = r.State.Highest(sub.Sitting) + 1
	}
	entry.LateDays = c.lateDays(sub.AnsweredAt)
	late := entry.LateDays > 0
	entry.Accepted, entry.Refused = r.check(sub.Answers, late)
	if len(entry.Refused) > 0 {
		if sub.Bulk {
			return nil, refuseWhole(entry.Refused)
		}
		entry.Verdict = PartlyRefused
	}
	if late {
		if sub.Correct && r.State.resists(entry.Accepted, sub.How.Proxy()) {
			return nil, Errorf(Conflict, "these answers are late, and a late answer does not correct one that stands; say when they were given if that was in time")
		}
		entry.Verdict = Late
	}
	if c.Study == Locked {
		entry.Verdict, entry.Revision = Aside, r.Revision
		r.State.Fold(Aside, sub.Sitting, entry.Seq, nil, false) // so that it is known when it comes again
		return entry, nil
	}
	r.fold(sub, entry, c)
	return entry, nil
}

// admit refuses what may not be taken at all.
func (c Circumstances) admit(sub Submission) error {
	switch {
	case c.Withdrawn:
		return Errorf(Closed, "this person has left the study, so no more answers are taken")
	case c.Study == Draft:
		return Errorf(Closed, "the study has not opened yet")
	case sub.Bulk && !c.Study.Takes():
		return Errorf(Closed, "the study is closed, so no more answers are taken")
	case !sub.Bulk && !c.Consented:
		return Errorf(Forbidden, "please read and agree to the consent page first")
	case !c.HasWindow:
		return Errorf(Invalid, "this wave counts from the baseline questionnaire, which this participant has not begun")
	case sub.Bulk && sub.AnsweredAt.After(c.Now.Add(clockTolerance)):
		return Errorf(Invalid, "these answers say that they were given on %s, which has not come yet", locale.Date(sub.AnsweredAt))
	case sub.Bulk && sub.How.Tidied() != sub.How:
		return Errorf(Invalid, "language is a short code of letters, digits, hyphens and underscores, and helper, place and aids are codes that codebooks describe")
	case c.beforeOpening(sub):
		return Errorf(Closed, "this questionnaire opens on %s", locale.Date(c.Window.Opens))
	}
	return nil
}

// clockTolerance is how far a file may be ahead of the server's clock: a day without a time stands for its noon.
const clockTolerance = 24 * time.Hour

// beforeOpening reports whether answers come before the window. A file is believed about when they were given. A device
// is not: a clock that has lost its date must not lose the answers too.
func (c Circumstances) beforeOpening(sub Submission) bool {
	if sub.Bulk {
		return !sub.AnsweredAt.IsZero() && sub.AnsweredAt.Before(c.Window.Opens)
	}
	return c.Now.Before(c.Window.Opens)
}

// Moment is when answers count as given: when they say so themselves, else now. Nothing is given after it arrived.
func (c Circumstances) Moment(answeredAt time.Time) time.Time {
	if answeredAt.IsZero() || answeredAt.After(c.Now) {
		return c.Now
	}
	return answeredAt
}

// lateDays returns on which day after closing answers came, 1 for the first, and 0 if they came in time. To a window it
// matters when they were given; a study that has closed takes nothing any more, so there it matters when they arrived.
// Whichever closed first counts.
func (c Circumstances) lateDays(answeredAt time.Time) int {
	zone := c.Window.Closes.Location()
	late := dayAfter(c.Window.Closes, c.Moment(answeredAt).In(zone))
	if c.Study >= Ended {
		// At least 1: two servers' clocks may differ, and what was under way when the study closed arrived before it did.
		late = max(late, dayAfter(c.ClosedAt.In(zone), c.Now.In(zone)), 1)
	}
	return late
}

// dayAfter returns on which day after a closing a moment is, both in the same zone, and 0 for before. The days are those
// of the calendar, of which two a year have 23 and 25 hours.
func dayAfter(closing, moment time.Time) int {
	if moment.Before(closing) {
		return 0
	}
	day := func(t time.Time) time.Time {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(moment).Sub(day(closing))/(24*time.Hour)) + 1
}

// check parts answers into those that can be taken, in the order of the questionnaire, and those that cannot. Whether an
// item applies is judged with the submission's other answers already in place, but for those that are refused and those
// that are late and replace nothing.
func (r *Response) check(answers []ItemAnswer, late bool) (accepted []ItemAnswer, refused []RefusedItem) {
	q := r.State.q
	sent := make(map[string]Value, len(answers))
	accepted = make([]ItemAnswer, 0, len(answers))
	places := make([]int, 0, len(answers))
	for _, a := range answers {
		i, ok := q.index[a.Code]
		if !ok {
			refused = append(refused, RefusedItem{a.Code, "this questionnaire has no such item", a.Value})
			continue
		}
		if _, twice := sent[a.Code]; twice {
			refused = append(refused, RefusedItem{a.Code, "this item is answered twice", a.Value})
			continue
		}
		if err := q.Items[i].Check(a.Value); err != nil {
			refused = append(refused, RefusedItem{a.Code, err.Error(), a.Value})
			continue
		}
		a.Value = a.Value.normal()
		sent[a.Code] = a.Value
		accepted = append(accepted, a)
		places = append(places, i)
	}
	if !slices.IsSorted(places) { // a condition asks about earlier items only, so these are to be settled first
		slices.SortFunc(accepted, func(a, b ItemAnswer) int { return cmp.Compare(q.index[a.Code], q.index[b.Code]) })
	}
	merged := func(code string) Value {
		standing := r.State.Value(code)
		if v, ok := sent[code]; ok && (!late || v.fills(standing)) {
			return v
		}
		return standing
	}
	applicable := accepted[:0]
	for _, a := range accepted {
		if a.Value.Given() && !q.Asked(q.index[a.Code], merged) {
			refused = append(refused, RefusedItem{a.Code, "this question does not apply after the answers given before it", a.Value})
			delete(sent, a.Code)
			continue
		}
		applicable = append(applicable, a)
	}
	return applicable, refused
}

// refuseWhole words a bulk refusal with a message for each item.
func refuseWhole(refused []RefusedItem) error {
	err := Errorf(Invalid, "%s: %s", refused[0].Code, refused[0].Reason)
	err.Fields = make(map[string]string, len(refused))
	for _, item := range refused {
		err.Fields[item.Code] = item.Reason
	}
	return err
}

// fold puts an entry's accepted answers into the response and brings scores, outcome and disposition up to date.
func (r *Response) fold(sub Submission, entry *Entry, c Circumstances) {
	if entry.Verdict == Late {
		entry.Disposition = r.CloseWindow(c.Now)
	}
	if r.Revision == 0 {
		r.BeganAt, r.Pilot = c.Now, c.Study == Pilot
	}
	r.Revision = entry.Revision
	r.ChangedAt = c.Now
	r.How = r.How.Then(sub.How.Tidied())
	entry.Redates = sub.Correct && !sub.AnsweredAt.IsZero() && r.State.within(sub.Answers)
	if entry.Redates {
		r.AnsweredAt, r.LateDays = time.Time{}, 0
	}
	if sub.AnsweredAt.After(r.AnsweredAt) {
		r.AnsweredAt = sub.AnsweredAt
	}
	r.LateDays = max(r.LateDays, entry.LateDays)
	r.State.Fold(entry.Verdict, sub.Sitting, entry.Seq, entry.Accepted, sub.How.Proxy())
	entry.Scores = r.State.Scores(c.Primary)
	if entry.Verdict != Late {
		r.Outcome = r.State.Outcome(c.Primary, entry.Scores)
	}
	if sub.Finish && r.FinishedAt.IsZero() {
		r.FinishedAt = c.Now
	}
	switch {
	case entry.Verdict == Late: // the window's word stands; the analysis plan decides what late answers are good for
	case !r.FinishedAt.IsZero():
		r.conclude(entry, r.Outcome, ByAnswers, c.Now)
	case !c.Now.Before(c.Window.Closes): // given in time, and received after the window
		r.conclude(entry, r.Outcome, ByWindow, c.Now)
	}
}

// CloseWindow gives a pending response the disposition that it has when its window closes: what its answers amount to,
// or that nobody was reached. It returns what changed.
func (r *Response) CloseWindow(now time.Time) []DispositionChange {
	if r.Disposition != Pending {
		return nil
	}
	d := r.Outcome
	if d == 0 {
		d = NonContact
	}
	return []DispositionChange{r.dispose(d, ByWindow, "", "", now)}
}

// Record sets the disposition that an account knows of, which no automatic one replaces. It fails with Invalid for what
// only answers decide, for a reason that does not go with it, and for ineligibility after baseline: enrolled people stay
// eligible for every later wave.
func (r *Response) Record(wave Wave, d Disposition, reason string, by AccountID, now time.Time) (DispositionChange, error) {
	switch {
	case !d.SetByPerson():
		return DispositionChange{}, Errorf(Invalid, "The answers themselves decide whether a questionnaire is complete. Choose why this person cannot or will not answer.")
	case !slices.ContainsFunc(DispositionReasons(d), func(known Reason) bool { return known.Code == reason }):
		return DispositionChange{}, Errorf(Invalid, "Choose one of the reasons in the list.")
	case d == Ineligible && !wave.Baseline:
		return DispositionChange{}, Errorf(Invalid, "Somebody who is enrolled stays eligible for every later questionnaire. Choose another reason.")
	}
	return r.dispose(d, ByPerson, reason, by, now), nil
}

// UndoRecord takes back what an account recorded. It fails with Conflict if none did.
func (r *Response) UndoRecord(by AccountID, c Circumstances) (DispositionChange, error) {
	if r.Source != ByPerson {
		return DispositionChange{}, Errorf(Conflict, "Nothing was recorded by hand, so there is nothing to undo.")
	}
	return r.reopen(by, c), nil
}

// reopen makes the disposition again what the answers and the window say.
func (r *Response) reopen(by AccountID, c Circumstances) DispositionChange {
	switch {
	case r.Outcome != 0 && !r.FinishedAt.IsZero():
		return r.dispose(r.Outcome, ByAnswers, "", by, c.Now)
	case r.Outcome != 0 && c.HasWindow && !c.Now.Before(c.Window.Closes):
		return r.dispose(r.Outcome, ByWindow, "", by, c.Now)
	default: // FinaliseClosed will see to a window that has closed
		return r.dispose(Pending, ByAnswers, "", by, c.Now)
	}
}

// dispose changes the disposition.
func (r *Response) dispose(d Disposition, source DispositionSource, reason string, by AccountID, now time.Time) DispositionChange {
	r.Disposition, r.Source, r.Reason = d, source, reason
	r.Dispositions++
	return DispositionChange{At: now, Disposition: d, Source: source, Reason: reason, By: by}
}

// conclude changes the disposition to what the server computed, unless a person has set it.
func (r *Response) conclude(entry *Entry, d Disposition, source DispositionSource, now time.Time) {
	if r.Source != ByPerson && d != r.Disposition {
		entry.Disposition = append(entry.Disposition, r.dispose(d, source, "", "", now))
	}
}

// Repeats reports whether a submission that asks for its sitting's next sequence brings nothing new: every answer
// already stands as this sitting gave it, and the response is finished if it should be.
func (r *Response) Repeats(sub Submission) bool {
	return r.Revision > 0 && sub.Seq == 0 && r.State.repeats(sub.Sitting, sub.Answers, sub.How.Proxy()) &&
		r.State.Highest(sub.Sitting) > 0 && (!sub.Finish || !r.FinishedAt.IsZero())
}

// LastSpoke returns the sequence in which the submission's sitting last spoke of any of its items. Late answers leave no
// sequence behind; where there is none it is the sitting's highest.
func (r *Response) LastSpoke(sub Submission) int {
	return r.State.lastSpoke(sub.Sitting, sub.Answers)
}

// OrdinaryCircumstances are those in which nearly every submission arrives: from somebody who has consented, in an open
// window of a study in the given state.
func OrdinaryCircumstances(now time.Time, state StudyState, primary ScaleID) Circumstances {
	return Circumstances{Now: now, Study: state, Primary: primary, HasWindow: true, Consented: true,
		Window: Window{Closes: now.AddDate(1, 0, 0)}}
}

// Ordinary reports whether a submission folded in OrdinaryCircumstances of a study in the given state comes out the same
// in these.
func (c Circumstances) Ordinary(sub Submission, state StudyState) bool {
	return c.Study == state && state.Takes() && c.admit(sub) == nil && c.lateDays(sub.AnsweredAt) == 0 && c.Now.Before(c.Window.Closes)
}
