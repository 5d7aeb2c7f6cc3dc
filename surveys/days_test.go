package surveys

import (
	"testing"
	"time"
)

func TestDays(t *testing.T) {
	tests := []struct {
		moment    time.Time
		want      int
		wantStart time.Time
	}{
		{time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), 0, time.Date(1970, 1, 1, 0, 0, 0, 0, london)},
		{time.Date(2026, 3, 28, 23, 59, 0, 0, time.UTC), 20540, time.Date(2026, 3, 28, 0, 0, 0, 0, london)},
		{time.Date(2026, 3, 29, 22, 59, 0, 0, time.UTC), 20541, time.Date(2026, 3, 29, 0, 0, 0, 0, london)}, // 23:59 of a day of 23 hours
		{time.Date(2026, 3, 29, 23, 0, 0, 0, time.UTC), 20542, time.Date(2026, 3, 30, 0, 0, 0, 0, london)},
	}
	for _, tt := range tests {
		n := DayNumber(tt.moment, london)
		if start := DayStart(n, london); n != tt.want || !start.Equal(tt.wantStart) {
			t.Errorf("DayNumber(%v) = %d, which starts at %v, want %d and %v", tt.moment, n, start, tt.want, tt.wantStart)
		}
	}
	if got, want := Noon(tests[2].wantStart), time.Date(2026, 3, 29, 13, 0, 0, 0, london); !got.Equal(want) {
		t.Errorf("Noon() of a day of 23 hours = %v, want %v", got, want)
	}
}
