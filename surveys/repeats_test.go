package surveys

import (
	"slices"
	"testing"
)

// TestReceive has a response with three saves of the phone and asks what is to be done with one that comes again.
func TestReceive(t *testing.T) {
	own := Held{Entry: *kept(Accepted, save(phone, 2, "w_2", 2)), Same: true, Attempts: 1}
	other := own
	other.Same = false
	byProxy := own
	byProxy.How.Helper = ProxyHelper
	conflict := own
	conflict.Verdict, conflict.Attempts = Conflicted, 2
	again := func(change func(*Submission)) Submission {
		sub := save(phone, 2, "w_2", 2)
		change(&sub)
		return sub
	}
	ofAnother, later, laterOther := own, own, other
	ofAnother.Page, ofAnother.Same = 1, false
	later.Seq, later.Page = 3, 2
	laterOther.Seq, laterOther.Page = 3, 2
	numbered := again(func(*Submission) {})
	renumber := again(func(s *Submission) { s.Renumber = true })
	unnumbered := again(func(s *Submission) { s.Seq = 0 })
	row := again(func(s *Submission) { s.Seq, s.Bulk, s.How = 0, true, Collection{Mode: Bulk} })
	dated := row
	dated.AnsweredAt = openOn(1).Now
	helped := row
	helped.How.Helper = "family"
	tests := []struct {
		name       string
		give       Submission
		waiting    bool
		wantRecall []int
		held       *Held
		withdrawn  bool
		want       Reception
	}{
		{"the next number", save(phone, 4, "w_1", 5), false, nil, nil, false, TakeIn},
		{"a sitting that is new", save(tablet, 1, "w_2", 2), false, nil, nil, false, TakeIn},
		{"a number that was left out", numbered, false, []int{2}, nil, false, TakeIn},
		{"the same again", numbered, false, []int{2}, &own, false, SayAgain},
		{"the same again, of somebody who has left", numbered, false, []int{2}, &own, true, SayAgain},
		{"other content", numbered, false, []int{2}, &other, false, KeepAside},
		{"other content, of somebody who has left", numbered, false, []int{2}, &other, true, TakeIn},
		{"a conflict again", numbered, false, []int{2}, &conflict, false, SayAgain},
		{"a page changed", renumber, false, []int{2}, &other, false, Renumber},
		{"a page changed, of somebody who has left", renumber, false, []int{2}, &other, true, Renumber},
		{"a page as it was", renumber, false, []int{2}, &own, false, SayAgain},
		{"a page as it was changed last", renumber, false, []int{2}, &later, false, SayAgain},
		{"a page as it was before it was changed", renumber, false, []int{2}, &laterOther, false, Renumber},
		{"a page whose number another page took with the same", renumber, false, []int{2}, &ofAnother, false, Renumber},
		{"a page changed in nothing but who answers", renumber, false, []int{2}, &byProxy, false, Renumber},
		{"a save changed in nothing but who answers", numbered, false, []int{2}, &byProxy, false, SayAgain},
		{"a double click", unnumbered, false, []int{3}, &own, false, SayAgain},
		{"a double click on what brings an alert", unnumbered, true, nil, nil, false, TakeIn},
		{"something new without a number", save(phone, 0, "w_2", 3), false, nil, nil, false, TakeIn},
		{"a row of a file", row, true, []int{2}, &own, false, SayAgain},
		{"a row that says when", dated, false, []int{2}, &own, false, TakeIn},
		{"a row that says who helped", helped, false, []int{2}, &own, false, TakeIn},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newResponse(t)
			for seq, code := range []string{"w_1", "w_2", "w_3"} {
				take(t, r, save(phone, seq+1, code, 2), openOn(2))
			}
			if got := r.Recall(tt.give, tt.waiting); !slices.Equal(got, tt.wantRecall) {
				t.Errorf("Recall() = %v, want %v", got, tt.wantRecall)
			}
			if got := r.Receive(tt.give, tt.held, tt.withdrawn); got != tt.want {
				t.Errorf("Receive() = %d, want %d", got, tt.want)
			}
		})
	}
}

// Each receipt of a conflict is refused, and no other.
func TestReceiptOfAConflict(t *testing.T) {
	r := newResponse(t)
	first := take(t, r, save(phone, 1, "w_1", 2), openOn(2))
	held := &Held{Entry: *first.Entry, Attempts: 1}
	conflict := r.Conflict(save(phone, 1, "w_1", 3), held, openOn(3).Now)
	if conflict.Seq != 1 || conflict.Attempt != 1 || conflict.Revision != 1 || len(conflict.Accepted) != 1 {
		t.Errorf("Conflict() = %+v, want all of it under the same number", conflict)
	}
	if err := r.Receipt(conflict).Err(); KindOf(err) != Conflict {
		t.Errorf("the receipt of a conflict says %v", err)
	}
	again := r.ReceiptAgain(save(phone, 1, "w_1", 2), held)
	if again.Err() != nil || !again.Repeated || !again.ReceivedAt.Equal(openOn(2).Now) {
		t.Errorf("ReceiptAgain() = %+v, %v, want the first", again, again.Err())
	}
	if r.Fold(conflict, "w"); r.Revision != 1 || r.Answers.Value("w_1") != Number(2) {
		t.Error("a conflict was folded")
	}
}
