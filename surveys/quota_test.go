package surveys

import (
	"fmt"
	"strings"
	"testing"
)

// Whoever holds a link may send what they like, and none of it makes a response grow without end; whoever finishes may.
func TestResponseHasAnEnd(t *testing.T) {
	q := foldQuestionnaire(t)
	sitting := func(n int) string { return fmt.Sprintf("%032x", n) }
	tests := []struct {
		name string
		give func(r *Response)
		next Submission
	}{
		{"sittings", func(r *Response) {
			for n := range MaxSittings {
				if _, err := r.Take(save(sitting(n), 1, "w_1", 1), openOn(1)); err != nil {
					t.Fatalf("sitting %d: %v", n, err)
				}
			}
		}, save(sitting(1000), 1, "w_1", 2)},
		{"saves", func(r *Response) { r.Saves = MaxSaves }, save(sitting(1), 1, "w_1", 2)},
		{"bytes", func(r *Response) { r.Kept = MaxKept - 10 }, save(sitting(1), 1, "w_1", 2)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := NewResponse("r", "e", "w", q)
			tt.give(r)
			before := r.Load
			if _, err := r.Take(tt.next, openOn(1)); KindOf(err) != Closed || r.Load != before {
				t.Errorf("Take() = %v, load %+v, want Closed and %+v", err, r.Load, before)
			}
			if _, err := r.KeepConflict(tt.next, r.Conflict(tt.next, &Held{}, openOn(1).Now)); KindOf(err) != Closed {
				t.Errorf("KeepConflict() = %v, want Closed", err)
			}
			last := tt.next
			last.Finish = true
			taken, err := r.Take(last, openOn(1))
			if err != nil {
				t.Fatalf("Take() of the end = %v, want nil", err)
			}
			if r.Saves != before.Saves+1 || r.Kept != before.Kept+len(taken.Content) {
				t.Errorf("load %+v after one of %d bytes on %+v", r.Load, len(taken.Content), before)
			}
			last.Sitting = sitting(2000)
			if _, err := r.Take(last, openOn(1)); KindOf(err) != Closed {
				t.Errorf("Take() of another end = %v, want Closed", err)
			}
		})
	}
}

// Of what is refused the beginning is kept, and no more of it than there are items and a few.
func TestRefusedAnswersAreCutShort(t *testing.T) {
	q := foldQuestionnaire(t)
	sub := save(strings.Repeat("a", 32), 1)
	sub.Answers = []ItemAnswer{{"w_1", Text(strings.Repeat("é", 100_000))}}
	for n := range 5_000 {
		sub.Answers = append(sub.Answers, ItemAnswer{fmt.Sprintf("x%d%s", n, strings.Repeat("y", 500)), Text(strings.Repeat("z", 500))})
	}
	r := NewResponse("r", "e", "w", q)
	taken, err := r.Take(sub, openOn(1))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(taken.Refused), len(q.Items)+maxStray; got != want {
		t.Errorf("%d refused answers are kept, want %d", got, want)
	}
	if first := taken.Refused[0].Value.Text; len(first) > maxRefusedText+3 || !strings.HasPrefix(first, "éé") || !strings.HasSuffix(first, "é…") {
		t.Errorf("a refused text is kept as %.40q… of %d bytes", first, len(first))
	}
	if len(taken.Content) > 20_000 {
		t.Errorf("%d bytes are kept", len(taken.Content))
	}
	if content, err := r.KeepConflict(sub, r.Conflict(sub, &Held{}, openOn(1).Now)); err != nil || len(content) > 20_000 {
		t.Errorf("of a conflict %d bytes are kept, %v", len(content), err)
	}
}
