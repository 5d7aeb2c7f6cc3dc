package surveys

import (
	"strings"
	"testing"
	"time"

	"wellwave/surveys/locale"
)

// TestLeave follows a response out of the study at each level, and back where that is possible.
func TestLeave(t *testing.T) {
	type words struct{ disposition, source, reason string }
	said := func(r *Response) words { return words{r.Disposition.String(), r.Source.String(), r.Reason} }
	refused := words{"refusal", "person", Withdrew}
	tests := []struct {
		name       string
		give       Response
		want       map[WithdrawalLevel]words // where it is not as it was
		wantReturn Disposition               // but for an outcome of the window, which opens again after an erasure
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
				back := tt.wantReturn
				if moves && tt.give.Source == ByWindow {
					back = Pending
				}
				if changes := r.Return("", openOn(3)); r.Disposition != back || (len(changes) == 1) != moves {
					t.Errorf("Return() = %v, leaves %v, want %v", changes, r.Disposition, back)
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
	now := openOn(2).Now
	due := now.Add(time.Minute)
	for _, tt := range []struct {
		give Withdrawal
		want Kind
	}{
		{Withdrawal{}, Conflict},
		{Withdrawal{Level: StopContact}, 0},
		{Withdrawal{Level: StopCollection}, 0},
		{Withdrawal{Level: EraseAnswers}, Conflict}, // by a version that erased at once
		{Withdrawal{Level: EraseAnswers, Erasure: Erasure{Due: due}}, 0},
		{Withdrawal{Level: EraseAnswers, Erasure: Erasure{Due: now}}, Conflict}, // due, whether or not anybody has come to it
		{Withdrawal{Level: EraseAnswers, Erasure: Erasure{Due: due, Done: now}}, Conflict},
	} {
		if err := tt.give.CheckReturn("mistake", now); KindOf(err) != tt.want || tt.want == 0 && err != nil {
			t.Errorf("CheckReturn(%+v) = %v, want kind %v", tt.give, err, tt.want)
		}
	}
	if err := (Withdrawal{Level: StopContact}).CheckReturn("because", now); KindOf(err) != Invalid {
		t.Errorf("CheckReturn() for no reason of the list = %v, want Invalid", err)
	}
	for _, level := range WithdrawalLevels() {
		if got, ok := ParseWithdrawalLevel(level.String()); got != level || !ok {
			t.Errorf("ParseWithdrawalLevel(%s) = %v, %v", level, got, ok)
		}
		if level.Label() == "" || len(level.Does(locale.English(), 7)) == 0 || len(level.Stays(locale.English())) == 0 {
			t.Errorf("%v lacks words", level)
		}
	}
	if _, ok := ParseWithdrawalLevel(""); ok {
		t.Error("an empty word is a level")
	}
}

// How long erasure waits is said as the language counts, and as it was promised whatever the study says by now.
func TestErasureDays(t *testing.T) {
	arabic, _ := locale.Find("ar")
	for _, tt := range []struct {
		pack *locale.Pack
		days int
		want string
	}{
		{locale.English(), 7, "and after 7 days if"}, {locale.English(), 1, "and after 1 day if"}, {locale.English(), 0, "and at once if"},
		{locale.English().Easy(), 30, "Then we do it after 30 days."}, {locale.English().Easy(), 0, "Then we do it at once."},
		{arabic, 1, "يوم واحد"}, {arabic, 2, "بعد يومين"}, {arabic, 7, "7 أيام"}, {arabic, 30, "30 يومًا"}, {arabic, 0, "وفورًا"}, {arabic.Easy(), 11, "11 يومًا"},
	} {
		if got := strings.Join(EraseAnswers.Does(tt.pack, tt.days), " "); !strings.Contains(got, tt.want) {
			t.Errorf("%s says of %d days %q, want %q", tt.pack.Language, tt.days, got, tt.want)
		}
	}
	at := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		give Withdrawal
		want int
	}{
		{Withdrawal{Level: EraseAnswers, Channel: AtDesk, At: at, Erasure: Erasure{Due: at.Add(AtDesk.ErasureWait(2))}}, 2},
		{Withdrawal{Level: EraseAnswers, Channel: ByLetter, At: at, Erasure: Erasure{Due: at}}, 0},
		{Withdrawal{Level: EraseAnswers, Channel: ByCode, At: at, Erasure: Erasure{Due: at.Add(OwnErasureWait)}}, 30},
		{Withdrawal{Level: StopContact, Channel: AtDesk, At: at}, 30},
	} {
		if got := tt.give.ErasureDays(30); got != tt.want {
			t.Errorf("ErasureDays() of %+v in a study with 30 = %d, want %d", tt.give, got, tt.want)
		}
	}
}
