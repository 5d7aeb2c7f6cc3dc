package surveys_test

import (
	"testing"
	"time"

	"wellwave/surveys"
)

func TestLicenceEnds(t *testing.T) {
	end := time.Date(2028, time.April, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name        string
		giveEnd     time.Time
		giveNow     time.Time
		wantHolds   bool
		wantWarning bool
	}{
		{"without an end", time.Time{}, end, true, false},
		{"long before", end, end.AddDate(-1, 0, 0), true, false},
		{"in its last weeks", end, end.AddDate(0, -1, 0), true, true},
		{"in its last moment", end, end.Add(-time.Second), true, true},
		{"over", end, end, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			licence := surveys.LicenceRecord{Ends: tt.giveEnd}
			if got := licence.Holds(tt.giveNow); got != tt.wantHolds {
				t.Errorf("Holds() = %v, want %v", got, tt.wantHolds)
			}
			if got := licence.EndsSoon(tt.giveNow); got != tt.wantWarning {
				t.Errorf("EndsSoon() = %v, want %v", got, tt.wantWarning)
			}
		})
	}
}
