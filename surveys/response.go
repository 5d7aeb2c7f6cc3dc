package surveys

import (
	"cmp"
	"slices"
	"time"

	"wellwave/surveys/locale"
)

// Response is the questionnaire of one enrolment and wave: what its ledger comes to, and its disposition, which also follows
// from the window and from what people record. A Response without submissions (Revision 0) exists only to hold a disposition
// that somebody recorded.
type Response struct {
	ID        ResponseID
	Enrolment EnrolmentID
	Wave      WaveID
	Replay
	Pilot        bool // begun while the study was a pilot: it reaches no release
	Disposition  Disposition
	Source       DispositionSource
	Reason       string
	Dispositions int // changes of disposition so far
	Load
}

// Circumstances are the facts around a submission that the rules of taking it ask for.
type Circumstances struct {
	Now       time.Time
	Study     StudyState
	Primary   ScaleID
	Window    Window
	Earliest  Earliest // of a baseline
	HasWindow bool     // a follow-up wave of somebody without a baseline has none
	Consented bool
	Withdrawn bool      // has asked that nothing more be collected
	ClosedAt  time.Time // when the study closed; zero while it is open
	Revoked   bool      // what the sender's way in rested on was taken back since
}

// Taken is an entry of the ledger, and what taking it changed.
type Taken struct {
	*Entry
	Content     string              // its stored form
	Scores      []ScaleScore        // of every scale afterwards; none where nothing was folded
	Correction                      // zero unless the submission may correct
	Disposition []DispositionChange // in order
	Queried     bool                // it is kept as a query
}

// NewResponse returns the response of an enrolment and wave before anything arrived.
func NewResponse(id ResponseID, enrolment EnrolmentID, wave WaveID, q *Questionnaire) *Response {
	return &Response{ID: id, Enrolment: enrolment, Wave: wave, Replay: Replay{Answers: NewAnswers(q)}, Disposition: Pending, Source: ByAnswers}
}

// Take folds a submission into the response and returns what goes into the ledger. It decides everything that can be
// decided without asking the ledger; whether the submission is there already is decided before, by Receive.
//
// A participant's answers are never turned away for being late or partly wrong: what is wrong is set aside with a
// reason, what is late is flagged and replaces nothing. A file's or another system's are refused whole, so that the sender
// can mend them, but for what would tell a program of answers that it did not send.
// The response is unchanged where an error is returned.
func (r *Response) Take(sub Submission, c Circumstances) (*Taken, error) {
	if err := c.admit(sub); err != nil {
		return nil, err
	}
	if err := r.Answers.q.checkLanguage(sub); err != nil {
		return nil, err
	}
	sub = r.Answers.withoutBlanks(sub)
	if sub.Bulk && !sub.Correct && r.Revision > 0 && (sub.Seq == 0 || r.Answers.Highest(sub.Sitting) == 0) {
		return nil, anotherWay()
	}
	entry := r.entry(sub, c.Now)
	if entry.Seq == 0 {
		entry.Seq = r.Answers.Highest(sub.Sitting) + 1
	}
	entry.LateDays = c.lateDays(sub.AnsweredAt)
	if sub.Decides != nil { // the questionnaire came when it came
		entry.LateDays = sub.Decides.LateDays
	}
	late := entry.LateDays > 0
	entry.Accepted, entry.Refused = r.Answers.check(sub.Answers, late)
	if sub.Bulk {
		if told := r.tell(sub, entry.Refused, late); len(told) > 0 {
			return nil, refuseWhole(told)
		}
	}
	entry.Refused = r.Answers.boundRefused(entry.Refused)
	if late && sub.Correct && sub.By.Kind != ByKey && r.Answers.resists(entry.Accepted, sub.How.Proxy()) {
		return nil, Errorf(Conflict, "these answers are late, and a late answer does not correct one that stands; say when they were given if that was in time")
	}
	switch {
	case c.Study == Locked, c.Revoked:
		entry.Verdict = Aside
	case late:
		entry.Verdict = Late
	case len(entry.Refused) > 0:
		entry.Verdict = PartlyRefused
	default:
		entry.Verdict = Accepted
	}
	queried := r.querying(sub, entry, c)
	if err := r.replaceWhole(sub, entry, queried); err != nil {
		return nil, err
	}
	entry.Redates = entry.Verdict.Folded() && sub.Correct && !sub.AnsweredAt.IsZero() && (sub.BlankKeeps || sub.Decides != nil || r.Answers.within(sub.Answers))
	content, err := entry.Content()
	if err == nil {
		err = r.overfull(sub, content)
	}
	if err != nil {
		return nil, err
	}
	before := r.Answers.standing()
	taken := r.add(entry, content, c)
	taken.Queried = queried && sub.Finish
	if sub.Correct {
		taken.Correction = r.Answers.since(before)
	}
	return taken, nil
}

// add folds an entry in and brings the disposition up to date.
func (r *Response) add(entry *Entry, content string, c Circumstances) *Taken {
	taken := &Taken{Entry: entry, Content: content}
	r.Keep(content)
	if entry.Verdict == Late {
		taken.Disposition = r.CloseWindow(c.Now)
	}
	if entry.Verdict.Folded() && r.Revision == 0 {
		r.Pilot = c.Study == Pilot
	}
	taken.Scores = r.Fold(entry, c.Primary)
	entry.Revision = r.Revision
	switch {
	case entry.Verdict == Aside, entry.Verdict == Late: // the window's word stands; the analysis plan decides what late answers are good for
	case !r.FinishedAt.IsZero():
		r.conclude(taken, r.Outcome, ByAnswers, c.Now)
	case !c.Now.Before(c.Window.Closes): // given in time, and received after the window
		r.conclude(taken, r.Outcome, ByWindow, c.Now)
	}
	return taken
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
	case sub.Bulk && c.Earliest.check(sub.AnsweredAt) != nil:
		return c.Earliest.check(sub.AnsweredAt)
	case sub.Bulk && c.toCome(sub.AnsweredAt):
		return Errorf(Invalid, "these answers say that they were given on %s, which has not come yet", locale.Date(sub.AnsweredAt))
	case !c.HasWindow:
		return Errorf(Invalid, "this wave counts from the baseline questionnaire, which this participant has not begun")
	case sub.Bulk && sub.How.Tidied() != sub.How:
		return Errorf(Invalid, "language is a short code of letters, digits, hyphens and underscores, and helper, place and aids are codes that codebooks describe")
	case c.beforeOpening(sub):
		return Errorf(Closed, "this questionnaire opens on %s", locale.Date(c.Window.Opens))
	}
	return nil
}

// clockTolerance is how far another system's clock may be ahead of the server's.
const clockTolerance = 10 * time.Minute

// toCome reports whether a moment has not come yet. A day without a time stands for its noon, so all of today has come.
func (c Circumstances) toCome(moment time.Time) bool {
	zone := c.Window.Closes.Location()
	return moment.After(c.Now.Add(clockTolerance)) && DayNumber(moment, zone) > DayNumber(c.Now, zone)
}

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
	late := dayAfter(c.Window.Closes, c.Moment(answeredAt))
	if c.Study >= Ended {
		// At least 1: two servers' clocks may differ, and what was under way when the study closed arrived before it did.
		late = max(late, dayAfter(c.ClosedAt.In(zone), c.Now), 1)
	}
	return late
}

// dayAfter returns on which day after a closing a moment is, and 0 for before. The days are those of the calendar in the
// closing's zone, of which two a year have 23 and 25 hours.
func dayAfter(closing, moment time.Time) int {
	if moment.Before(closing) {
		return 0
	}
	zone := closing.Location()
	return DayNumber(moment, zone) - DayNumber(closing, zone) + 1
}

// check parts answers into those that can be taken, in the order of the questionnaire, and those that cannot. Whether an
// item applies is judged with the submission's other answers already in place, except those that are refused and those
// that are late and replace nothing.
func (s *Answers) check(answers []ItemAnswer, late bool) (accepted []ItemAnswer, refused []RefusedItem) {
	q := s.q
	sent := make(map[string]Value, len(answers))
	accepted = make([]ItemAnswer, 0, len(answers))
	places := make([]int, 0, len(answers))
	for _, a := range answers {
		i, ok := q.index[a.Code]
		if !ok {
			refused = append(refused, asRefused(a, "this questionnaire has no such item"))
			continue
		}
		if _, twice := sent[a.Code]; twice {
			refused = append(refused, asRefused(a, "this item is answered twice"))
			continue
		}
		if err := q.Items[i].Check(a.Value); err != nil {
			refused = append(refused, asRefused(a, err.Error()))
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
		standing := s.Value(code)
		if v, ok := sent[code]; ok && (!late || v.fills(standing)) {
			return v
		}
		return standing
	}
	applicable := accepted[:0]
	for _, a := range accepted {
		if a.Value.Given() && !q.Asked(q.index[a.Code], merged) {
			refused = append(refused, asRefused(a, DoesNotApply))
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

// UndoClosing takes back what the closing of the window decided, for a window that is not closed after all: the clock was ahead
// then. It returns what changed.
func (r *Response) UndoClosing(c Circumstances) []DispositionChange {
	if r.Source != ByWindow {
		return nil
	}
	return []DispositionChange{r.reopen("", c)}
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
func (r *Response) conclude(taken *Taken, d Disposition, source DispositionSource, now time.Time) {
	if r.Source != ByPerson && d != r.Disposition {
		taken.Disposition = append(taken.Disposition, r.dispose(d, source, "", "", now))
	}
}

// OrdinaryCircumstances are those in which nearly every submission arrives: from somebody who has consented, in an open
// window of a study in the given state.
func OrdinaryCircumstances(now time.Time, state StudyState, primary ScaleID) Circumstances {
	return Circumstances{Now: now, Study: state, Primary: primary, HasWindow: true, Consented: true,
		Window: Window{Closes: AddDays(now, 366)}}
}

// Ordinary reports whether a submission folded in OrdinaryCircumstances of a study in the given state comes out the same
// in these.
func (c Circumstances) Ordinary(sub Submission, state StudyState) bool {
	return c.Study == state && state.Takes() && !c.Revoked && c.admit(sub) == nil && c.lateDays(sub.AnsweredAt) == 0 && c.Now.Before(c.Window.Closes)
}
