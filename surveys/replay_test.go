package surveys

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// wantReplayed demands that folding the ledger again gave what the response holds.
func wantReplayed(t interface {
	Helper()
	Fatalf(string, ...any)
}, r *Response, again *Replay) {
	t.Helper()
	if diff := cmp.Diff(&r.Replay, again, compareAnswers...); diff != "" {
		t.Fatalf("folded again (-response +replay):\n%s", diff)
	}
}

// book is a ledger as the store keeps it: contents as texts, and rows that are found by sitting and sequence.
type book struct {
	entries  []Entry // without their content
	contents []string
	same     []string // what makes each the same as another
}

func (b *book) write(t *rapid.T, e *Entry, sub Submission) {
	content, err := e.Content()
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(b.entries, func(o Entry) bool { return o.Sitting == e.Sitting && o.Seq == e.Seq && o.Attempt == e.Attempt }) {
		t.Fatalf("%s/%d/%d is in the ledger already", e.Sitting, e.Seq, e.Attempt)
	}
	b.entries = append(b.entries, Entry{Sitting: e.Sitting, Seq: e.Seq, Attempt: e.Attempt, Revision: e.Revision, Verdict: e.Verdict,
		LateDays: e.LateDays, ReceivedAt: e.ReceivedAt, By: e.By})
	b.contents, b.same = append(b.contents, content), append(b.same, sub.Content())
}

// read returns the i-th entry as the store reads it.
func (b *book) read(t *rapid.T, i int) Entry {
	e := b.entries[i]
	if err := e.ReadContent(b.contents[i]); err != nil {
		t.Fatal(err)
	}
	return e
}

func (b *book) find(t *rapid.T, sub Submission, seq int) *Held {
	if last := b.lastOf(t, sub); last != nil {
		return last
	}
	var held *Held
	attempts := 0
	for i := range b.entries {
		if b.entries[i].Sitting != sub.Sitting || b.entries[i].Seq != seq {
			continue
		}
		attempts++
		if same := b.same[i] == sub.Content(); held == nil || same && !held.Same && sub.Seq != 0 {
			held = &Held{Entry: b.read(t, i), Same: same}
		}
	}
	if held != nil {
		held.Attempts = attempts
		held.Same = held.Same && (!sub.Renumber || held.IsFrom(seq))
	}
	return held
}

// lastOf returns what a page that was sent again changed has sent last, nil for one that was not.
func (b *book) lastOf(t *rapid.T, sub Submission) *Held {
	for i := len(b.entries) - 1; i >= 0 && sub.Renumber && sub.Seq > 0; i-- {
		if e := b.read(t, i); e.Sitting == sub.Sitting && e.Page == sub.Seq {
			return &Held{Entry: e, Same: b.same[i] == sub.Content(), Attempts: 1}
		}
	}
	return nil
}

// replay folds the ledger again, whose rows a database may return in any order.
func (b *book) replay(t *rapid.T, q *Questionnaire) *Replay {
	var rows, aside []Entry
	for i := range b.entries {
		if e := b.read(t, i); e.Verdict.Folded() {
			rows = append(rows, e)
		} else {
			aside = append(aside, e) // among themselves they have no order
		}
	}
	rows = append(aside, rapid.Permutation(rows).Draw(t, "rows")...)
	slices.SortStableFunc(rows, ByReceipt)
	again := NewReplay(q)
	for i := range rows {
		again.Fold(&rows[i], "w")
	}
	return again
}

// anyArrival draws a submission as it may come: again, out of turn, from a file, with or without a time of its own.
func anyArrival(t *rapid.T, r *Response, now time.Time) Submission {
	q := r.Answers.Questionnaire()
	sub := anySave(t, q, map[string]bool{})
	sub.Seq = rapid.IntRange(0, 4).Draw(t, "number")
	sub.Finish = rapid.IntRange(0, 3).Draw(t, "finish") == 0
	sub.Draft = rapid.IntRange(0, 5).Draw(t, "draft") == 0
	sub.Renumber = rapid.IntRange(0, 3).Draw(t, "renumber") == 0
	sub.How.Mode = rapid.SampledFrom([]Mode{Web, Kiosk, Paper, Telephone}).Draw(t, "mode")
	sub.By = rapid.SampledFrom([]Author{{}, Themselves(), {Kind: ByKey, ID: "key"}}).Draw(t, "by")
	sub.How.Language = rapid.SampledFrom([]string{"", "en", "gd", "no code"}).Draw(t, "language")
	sub.How.Place = rapid.SampledFrom([]string{"", AtHome, AtPractice}).Draw(t, "place")
	sub.How.Aids = rapid.SampledFrom([]string{"", AidListened, AidLargePrint + " " + AidEasyRead}).Draw(t, "aids")
	ago := func(label string) time.Time {
		return now.Add(-time.Duration(rapid.IntRange(0, 20*24).Draw(t, label)) * time.Hour)
	}
	if rapid.Bool().Draw(t, "clock") {
		sub.How.DeviceTime = ago("device")
	}
	if rapid.IntRange(0, 2).Draw(t, "dated") == 0 {
		sub.AnsweredAt = ago("answered")
	}
	if rapid.IntRange(0, 3).Draw(t, "bulk") == 0 {
		sub.Bulk, sub.Correct, sub.How = true, rapid.Bool().Draw(t, "correct"), sub.How.Tidied()
	}
	if sub.Correct && rapid.Bool().Draw(t, "whole") { // and so it can say when all of them were given
		sub.Answers, sub.AnsweredAt = nil, ago("corrected")
		for _, item := range q.Items {
			if v := r.Answers.Value(item.Code); v.Given() {
				sub.Answers = append(sub.Answers, ItemAnswer{item.Code, v})
			}
		}
	}
	if len(sub.Answers) > 0 && rapid.IntRange(0, 5).Draw(t, "wrong") == 0 {
		sub.Answers[0].Value = Number(99)
	}
	return sub
}

// receive does with a submission what the store does.
func (b *book) receive(t *rapid.T, r *Response, sub Submission, c Circumstances) {
	for {
		var held *Held
		reception := TakeIn
		for _, seq := range r.Recall(sub, false) {
			held = b.find(t, sub, seq)
			if reception = r.Receive(sub, held, c.Withdrawn); reception != TakeIn {
				break
			}
		}
		switch reception {
		case Renumber:
			sub = sub.Renumbered(held)
			continue
		case SayAgain:
		case KeepAside:
			b.write(t, r.Conflict(sub, held, c.Now), sub)
		case TakeIn:
			if taken, err := r.Take(sub, c); err == nil {
				b.write(t, taken.Entry, sub)
			}
		}
		return
	}
}

// TestReplayGivesTheResponse sends anything in any order, before and after the window and the study close, and demands that
// the ledger made of it comes to the very response that was folded save by save.
func TestReplayGivesTheResponse(t *testing.T) {
	q := foldQuestionnaire(t)
	rapid.Check(t, func(t *rapid.T) {
		r, ledger, c := NewResponse("r", "e", "baseline", q), new(book), openOn(2)
		for range rapid.IntRange(0, 15).Draw(t, "arrivals") {
			c.Now = c.Now.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour).UTC()
			c.Study = rapid.SampledFrom([]StudyState{Pilot, Live, Live, Live, Live, Ended, Locked}).Draw(t, "study")
			if c.ClosedAt = (time.Time{}); c.Study >= Ended {
				c.ClosedAt = c.Now.Add(-time.Hour)
			}
			ledger.receive(t, r, anyArrival(t, r, c.Now), c)
		}
		wantReplayed(t, r, ledger.replay(t, q))
	})
}

func TestGivenAt(t *testing.T) {
	said, finished, changed := openOn(1).Now, openOn(2).Now, openOn(3).Now
	var never time.Time
	tests := []struct {
		name              string
		mode              Mode
		said, finished    time.Time
		want, wantCounted time.Time
	}{
		{"said", Web, said, finished, said, said},
		{"finished", Web, never, finished, finished, finished},
		{"begun", Telephone, never, never, changed, changed},
		{"on paper, and said", Paper, said, finished, said, said},
		{"on paper", Paper, never, finished, never, finished},
		{"from a file, not finished", Bulk, never, never, never, changed},
		{"erased", 0, never, never, changed, changed},
	}
	for _, tt := range tests {
		r := Replay{How: Collection{Mode: tt.mode}, AnsweredAt: tt.said, FinishedAt: tt.finished, ChangedAt: changed}
		if got, counted := r.GivenAt(), r.CountedAt(); !got.Equal(tt.want) || !counted.Equal(tt.wantCounted) {
			t.Errorf("%s: given at %v and counted at %v, want %v and %v", tt.name, got, counted, tt.want, tt.wantCounted)
		}
	}
}
