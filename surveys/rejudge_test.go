package surveys

import (
	"testing"
	"time"
)

// A window that moves judges by the day on which answers were given, and leaves alone what no window judged.
func TestMoveWindow(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, 1+n, 12, 0, 0, 0, time.UTC) }
	window := func(closes int) Window { return Window{Closes: time.Date(2026, 3, 1+closes, 0, 0, 0, 0, time.UTC)} }
	refused := []RefusedItem{{Code: "a"}}
	tests := []struct {
		name          string
		give          Entry
		before, after int
		closed        time.Time
		want          Verdict
		wantDays      int // −1 for no judgement
	}{
		{"late becomes in time", Entry{Verdict: Late, LateDays: 6, ReceivedAt: day(10)}, 5, 20, time.Time{}, Accepted, 0},
		{"with a refused item", Entry{Verdict: Late, LateDays: 6, ReceivedAt: day(10), Refused: refused}, 5, 20, time.Time{}, PartlyRefused, 0},
		{"in time becomes late", Entry{Verdict: Accepted, ReceivedAt: day(10)}, 20, 5, time.Time{}, Late, 6},
		{"later still", Entry{Verdict: Late, LateDays: 6, ReceivedAt: day(10)}, 5, 3, time.Time{}, Late, 8},
		{"in time both ways", Entry{Verdict: Accepted, ReceivedAt: day(10)}, 20, 30, time.Time{}, 0, -1},
		{"given in time, received after both", Entry{Verdict: Accepted, AnsweredAt: day(4), ReceivedAt: day(40)}, 20, 5, time.Time{}, 0, -1},
		{"a clock that is ahead", Entry{Verdict: Late, LateDays: 6, AnsweredAt: day(400), ReceivedAt: day(10)}, 5, 20, time.Time{}, Accepted, 0},
		{"the study had closed", Entry{Verdict: Late, LateDays: 2, ReceivedAt: day(10)}, 20, 30, day(9), 0, -1},
		{"both had closed", Entry{Verdict: Late, LateDays: 6, ReceivedAt: day(10)}, 5, 20, day(9), Late, 2},
		{"the study has opened again", Entry{Verdict: Late, LateDays: 3, ReceivedAt: day(10)}, 20, 30, time.Time{}, 0, -1},
		{"the study closed afterwards", Entry{Verdict: Late, LateDays: 6, ReceivedAt: day(10)}, 5, 20, day(11), Accepted, 0},
		{"put aside", Entry{Verdict: Aside, LateDays: 6, ReceivedAt: day(10)}, 5, 20, time.Time{}, 0, -1},
		{"a conflict", Entry{Verdict: Conflicted, ReceivedAt: day(10)}, 20, 5, time.Time{}, 0, -1},
		{"erased", Entry{Verdict: Late, LateDays: 6, ReceivedAt: day(10), Erased: true}, 5, 20, time.Time{}, 0, -1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entries := []Entry{tt.give}
			got := MoveWindow(entries, window(tt.before), window(tt.after), tt.closed)
			switch {
			case tt.wantDays < 0:
				if len(got) > 0 || entries[0].Verdict != tt.give.Verdict {
					t.Errorf("MoveWindow() = %+v, want no judgement", got)
				}
			case len(got) != 1 || got[0].Verdict != tt.want || got[0].LateDays != tt.wantDays || entries[0].Verdict != tt.want || entries[0].LateDays != tt.wantDays:
				t.Errorf("MoveWindow() = %+v with %v, want %v and %d days", got, entries[0].Verdict, tt.want, tt.wantDays)
			}
		})
	}
}
