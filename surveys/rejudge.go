package surveys

import "time"

// Whether answers came in time follows from the window of their wave, and the window of a later wave from the day of somebody's
// baseline. Where that was typed wrong, answers in time were marked late, or late ones taken for answers in time. A corrected day
// judges them anew. The ledger keeps the verdict that the sender's receipt told; the new one stands beside it, from a revision on,
// so that a release which was made before stays as it was.

// Judgement is how an entry of the ledger counts since its window moved.
type Judgement struct {
	Sitting  string
	Seq      int
	Verdict  Verdict // Accepted, PartlyRefused or Late
	LateDays int
}

// MoveWindow judges the entries of one response anew whose window moved, and returns the judgements that differ from how the
// entries counted. Entries that were put aside or are conflicts are not judged by a window, and of an erased one nothing is left
// that tells. The entries are changed.
func MoveWindow(entries []Entry, before, after Window, closed time.Time) []Judgement {
	var judged []Judgement
	for i := range entries {
		e := &entries[i]
		if !e.Verdict.Folded() || e.Erased {
			continue
		}
		given := Circumstances{Now: e.ReceivedAt}.Moment(e.AnsweredAt)
		late := dayAfter(after.Closes, given)
		switch {
		case e.LateDays > dayAfter(before.Closes, given): // because the study had closed, whatever the window
			late = max(late, e.LateDays)
		case !closed.IsZero() && !e.ReceivedAt.Before(closed):
			late = max(late, dayAfter(closed.In(after.Closes.Location()), e.ReceivedAt), 1)
		}
		if late == e.LateDays {
			continue
		}
		e.LateDays, e.Verdict = late, Accepted
		switch {
		case late > 0:
			e.Verdict = Late
		case len(e.Refused) > 0:
			e.Verdict = PartlyRefused
		}
		judged = append(judged, Judgement{e.Sitting, e.Seq, e.Verdict, late})
	}
	return judged
}

// Rejudge puts into the response what its ledger comes to in circumstances whose window moved, and returns what this changed
// about its disposition. One that a person set stays.
func (r *Response) Rejudge(again *Replay, c Circumstances) []DispositionChange {
	r.Replay = *again
	closed := !c.Now.Before(c.Window.Closes)
	d, source := Pending, ByAnswers
	switch {
	case r.Source == ByPerson:
		return nil
	case r.Outcome != 0 && !r.FinishedAt.IsZero():
		d = r.Outcome
	case closed && r.Outcome != 0:
		d, source = r.Outcome, ByWindow
	case closed && r.Disposition != Pending: // the clock sees to one that is pending
		d, source = NonContact, ByWindow
	}
	if d == r.Disposition {
		return nil
	}
	return []DispositionChange{r.dispose(d, source, "", "", c.Now)}
}
