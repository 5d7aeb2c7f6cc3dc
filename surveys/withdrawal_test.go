package surveys

import "testing"

// TestLeave follows a response out of the study at each level, and back where that is possible.
func TestLeave(t *testing.T) {
	type words struct{ disposition, source, reason string }
	said := func(r *Response) words { return words{r.Disposition.String(), r.Source.String(), r.Reason} }
	refused := words{"refusal", "person", Withdrew}
	tests := []struct {
		name       string
		give       Response
		want       map[WithdrawalLevel]words // where it is not as it was
		wantReturn Disposition
	}{
		{"nothing answered", Response{Disposition: Pending, Source: ByAnswers},
			map[WithdrawalLevel]words{StopContact: refused, StopCollection: refused, EraseAnswers: refused}, Pending},
		{"hardly begun", Response{Disposition: Pending, Source: ByAnswers, Replay: Replay{Revision: 1, Outcome: BreakOff}},
			map[WithdrawalLevel]words{StopCollection: refused, EraseAnswers: refused}, Pending},
		{"half answered", Response{Disposition: Pending, Source: ByAnswers, Replay: Replay{Revision: 3, Outcome: Partial}},
			map[WithdrawalLevel]words{StopCollection: {"partial", "answers", ""}, EraseAnswers: refused}, Pending},
		{"finished", Response{Disposition: Complete, Source: ByAnswers, Replay: Replay{Revision: 3, Outcome: Complete, FinishedAt: openOn(1).Now}},
			map[WithdrawalLevel]words{EraseAnswers: refused}, Complete},
		{"closed", Response{Disposition: Partial, Source: ByWindow, Replay: Replay{Revision: 3, Outcome: Partial}},
			map[WithdrawalLevel]words{EraseAnswers: refused}, Partial},
		{"never reached", Response{Disposition: NonContact, Source: ByWindow}, nil, NonContact},
		{"died", Response{Disposition: OtherEligible, Source: ByPerson, Reason: "died", Replay: Replay{Revision: 3, Outcome: Complete}}, nil, OtherEligible},
	}
	for _, tt := range tests {
		for level := range EraseAnswers + 1 {
			t.Run(tt.name+" "+level.String(), func(t *testing.T) {
				r := tt.give
				want, moves := tt.want[level]
				if !moves {
					want = said(&r)
				}
				changes := r.Leave(level, "", openOn(2).Now)
				if got := said(&r); got != want || (len(changes) == 1) != moves {
					t.Fatalf("Leave(%v) = %v, leaves %v, want %v", level, changes, got, want)
				}
				if more := r.Leave(level, "", openOn(2).Now); len(more) != 0 {
					t.Errorf("Leave(%v) again = %v, want nothing", level, more)
				}
				if level == EraseAnswers {
					return // cannot be taken back
				}
				if changes := r.Return("", openOn(3)); r.Disposition != tt.wantReturn || (len(changes) == 1) != moves {
					t.Errorf("Return() = %v, leaves %v, want %v", changes, r.Disposition, tt.wantReturn)
				}
			})
		}
	}
}

func TestWithdrawalLevels(t *testing.T) {
	for _, from := range append(WithdrawalLevels(), 0) {
		for _, to := range WithdrawalLevels() {
			if err := from.CheckRaise(to); (err == nil) != (to >= from) || err != nil && KindOf(err) != Conflict {
				t.Errorf("CheckRaise(%v to %v) = %v, want a conflict where it is less", from, to, err)
			}
		}
	}
	for level, want := range map[WithdrawalLevel]Kind{0: Conflict, StopContact: 0, StopCollection: 0, EraseAnswers: Conflict} {
		if err := level.CheckReturn("mistake"); KindOf(err) != want || want == 0 && err != nil {
			t.Errorf("CheckReturn(%v) = %v, want kind %v", level, err, want)
		}
	}
	if err := StopContact.CheckReturn("because"); KindOf(err) != Invalid {
		t.Errorf("CheckReturn() for no reason of the list = %v, want Invalid", err)
	}
	for _, level := range WithdrawalLevels() {
		if got, ok := ParseWithdrawalLevel(level.String()); got != level || !ok {
			t.Errorf("ParseWithdrawalLevel(%s) = %v, %v", level, got, ok)
		}
		if level.Label() == "" || len(level.Does()) == 0 || len(level.Stays()) == 0 {
			t.Errorf("%v lacks words", level)
		}
	}
	if _, ok := ParseWithdrawalLevel(""); ok {
		t.Error("an empty word is a level")
	}
}
