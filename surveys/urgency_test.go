package surveys

import (
	"testing"
	"time"
)

func TestUrgency(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	window := Window{Opens: day, Due: day.AddDate(0, 0, 7), Closes: day.AddDate(0, 0, 21)}
	tests := []struct {
		name string
		give Due
		now  time.Time
		want Urgency
	}{
		{"before the window", Due{HasWindow: true, Window: window, Disposition: NotYetDue}, day.Add(-time.Second), DueLater},
		{"first moment", Due{HasWindow: true, Window: window, Disposition: Pending}, day, DueNow},
		{"on the due day", Due{HasWindow: true, Window: window, Disposition: Pending}, day.AddDate(0, 0, 8).Add(-time.Second), DueNow},
		{"the day after", Due{HasWindow: true, Window: window, Disposition: Pending}, day.AddDate(0, 0, 8), Overdue},
		{"no baseline", Due{Disposition: NotYetDue}, day, DueUnknown},
		{"complete", Due{HasWindow: true, Window: window, Disposition: Complete}, day, NothingDue},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.give.Urgency(tt.now); got != tt.want {
				t.Errorf("Urgency() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestCompareLabels(t *testing.T) {
	ordered := []string{"A-9", "A-10", "A-100", "B-1", "B-001x"}
	for i := 1; i < len(ordered); i++ {
		if CompareLabels(ordered[i-1], ordered[i]) >= 0 {
			t.Errorf("%s does not come before %s", ordered[i-1], ordered[i])
		}
	}
}
