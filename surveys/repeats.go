package surveys

import (
	"slices"
	"time"
)

// The same save may come more than once: a receipt was lost on the way, somebody pressed twice, or went back to a page and
// sent it again. What the ledger holds already gets its receipt again and is not folded twice; other content under a
// sequence that was used is kept aside as a conflict, or takes the next sequence where the sender asks for that.
//
// A page that is sent, changed and sent again keeps the number it was made with. Sent with 3, with 4 and with 3 it says 3: a
// repeat is one of what the page sent last, and not of anything that it ever sent. So its later saves remember its number.
//
// Whoever takes a submission in asks Response.Recall where the ledger is to be looked at, looks, and lets Response.Receive
// decide by what was there.

// Content returns what makes a submission the same as another of its sitting and sequence: what was said, and not how the
// clock of the device stood when it was sent again, nor who helped.
func (s Submission) Content() string {
	b := AppendAnswers(make([]byte, 0, 32+16*len(s.Answers)), s.Answers)
	if s.Finish {
		b = append(b, " finish"...)
	}
	if s.Draft { // so that confirming it is something else
		b = append(b, " draft"...)
	}
	if !s.AnsweredAt.IsZero() {
		b = append(b, s.AnsweredAt.UTC().Format(" "+time.RFC3339Nano)...)
	}
	return string(b)
}

// Held is what the ledger holds under a sequence of a sitting or, of a page that may be sent again changed, what the page
// sent last.
type Held struct {
	Entry         // of several under a sequence the one with the submission's content if there is one, else the first
	Same     bool // it has the submission's content
	Attempts int  // entries under the sequence
}

// Reception says what is to be done with a submission.
type Reception uint8

// The receptions.
const (
	TakeIn    Reception = iota + 1 // it is new: Response.Take
	SayAgain                       // it is there: Response.ReceiptAgain
	KeepAside                      // its sequence was used for something else: Response.Conflict
	Renumber                       // the page has changed, and Submission.Renumbered is to be received
)

// Recall returns the sequences under which the ledger may hold the submission already, in the order in which they are to be
// looked at until Receive does not take it in, and none where it cannot. A submission that asks for its sitting's next sequence
// is looked for only where it brings nothing new; waiting says that an answer in it calls for an alert that was not raised, and
// that is new although the answer stands: a page had saved it by itself, and only now it is confirmed. A file confirms nothing.
// What a file or another system sent late may have changed nothing that stands, so whether that is sent again only the ledger
// can tell. So it is with all that comes with a key, which must not hear what stands.
func (r *Response) Recall(sub Submission, waiting bool) []int {
	sub = r.Answers.withoutBlanks(sub)
	highest := r.Answers.Highest(sub.Sitting)
	var found []int
	if sub.By.Kind == ByKey && sub.Seq == 0 {
		if highest > 0 {
			found = append(found, highest)
		}
		return found
	}
	switch repeats := r.Repeats(sub); {
	case repeats && sub.Bulk:
		found = append(found, r.Answers.lastSpoke(sub.Sitting, sub.Answers))
	case repeats && !waiting:
		return append(found, highest)
	case sub.Seq > 0 && sub.Seq <= highest:
		return append(found, sub.Seq)
	}
	if sub.Bulk && sub.Seq == 0 && r.Answers.leftNoTrace(sub.Sitting) && !slices.Contains(found, highest) {
		found = append(found, highest)
	}
	return found
}

// Repeats reports whether a submission that asks for its sitting's next sequence brings nothing new: every answer
// already stands as this sitting gave it, and the response is finished if it should be.
func (r *Response) Repeats(sub Submission) bool {
	sub = r.Answers.withoutBlanks(sub)
	return r.Revision > 0 && sub.Seq == 0 && !sub.Anew && r.Answers.repeats(sub.Sitting, sub.Answers, sub.How.Proxy()) &&
		r.Answers.Highest(sub.Sitting) > 0 && (!sub.Finish || !r.FinishedAt.IsZero())
}

// Receive says what is to be done with a submission, given what the ledger holds under the sequence of Recall, nil for
// nothing. withdrawn says that nothing more may be kept of the person.
func (r *Response) Receive(sub Submission, held *Held, withdrawn bool) Reception {
	if held == nil {
		return TakeIn
	}
	if sub.By.Kind == ByKey && sub.Seq == 0 {
		if held.Same && !sub.How.contradicts(held.How) {
			return SayAgain
		}
		return TakeIn
	}
	if sub.Seq == 0 {
		if !held.lateAs(sub) && (!r.Repeats(sub) || sub.Bulk && held.toldOtherwise(sub)) {
			return TakeIn
		}
		return SayAgain
	}
	byAnother := held.Verdict.Folded() && held.How.Proxy() != sub.How.Proxy()
	switch {
	case sub.Renumber && (!held.Same || byAnother):
		return Renumber
	case held.Same:
		return SayAgain
	case withdrawn:
		return TakeIn // which says why it is refused
	default:
		return KeepAside
	}
}

// from returns the number that the page held from which the entry came.
func (h *Held) from() int {
	if h.Page != 0 {
		return h.Page
	}
	return h.Seq
}

// IsFrom reports whether the entry came from the page that holds the number. Another page's save may have taken it.
func (h *Held) IsFrom(number int) bool { return h.from() == number }

// Renumbered returns a page's submission that asks for its sitting's next number, given what the ledger holds of the page.
func (s Submission) Renumbered(held *Held) Submission {
	s.Page, s.Anew = s.Seq, held.IsFrom(s.Seq) && !held.Erased && !slices.Equal(held.Accepted, s.Answers)
	s.Seq = 0
	return s
}

// toldOtherwise reports whether a row of a file says of the same answers that they were given at another time or in
// another way. What the row leaves out it does not say.
func (h *Held) toldOtherwise(row Submission) bool {
	return !row.AnsweredAt.IsZero() && row.AnsweredAt.UnixMilli() != storedMoment(h.AnsweredAt) || row.How.contradicts(h.How)
}

// lateAs reports whether the entry is what a file or another system sent, word for word, and came late, which changes nothing the
// second time.
func (h *Held) lateAs(sub Submission) bool {
	return sub.Bulk && h.Verdict == Late && h.Same && !sub.How.contradicts(h.How)
}

// ReceiptAgain returns the receipt of a submission that is there already. Sent again under its own number, it says again that
// it raised an alert.
func (r *Response) ReceiptAgain(sub Submission, held *Held) Receipt {
	receipt := r.Receipt(&held.Entry)
	receipt.Repeated = true
	if sub.Correct {
		receipt.Kept = r.Answers.Given()
	}
	receipt.Alert = sub.Seq != 0 && len(r.AlarmsOf(sub)) > 0
	return receipt
}

// Conflict returns the entry of a submission that is kept aside because its sequence was used for other content.
func (r *Response) Conflict(sub Submission, held *Held, now time.Time) *Entry {
	entry := r.entry(sub, now)
	entry.Accepted = r.Answers.boundConflict(sub.Answers)
	entry.Attempt, entry.Revision, entry.Verdict = held.Attempts, r.Revision, Conflicted
	return entry
}

// KeepConflict counts a conflict that is written into the ledger, and returns its stored form. It fails with Closed where
// the response takes nothing more.
func (r *Response) KeepConflict(sub Submission, conflict *Entry) (content string, err error) {
	sub.Finish = false // which lets an entry that is folded through, once
	if content, err = conflict.Content(); err == nil {
		err = r.overfull(sub, content)
	}
	if err != nil {
		return "", err
	}
	r.Keep(content)
	return content, nil
}

// Err returns what the sender is to be told besides the receipt: a conflict is kept and refused all the same.
func (r Receipt) Err() error {
	if r.Verdict != Conflicted {
		return nil
	}
	return Errorf(Conflict, "other answers were already received under this number; these are kept beside them, and the study team is told")
}
