package surveys

import (
	"slices"
	"testing"
	"time"
)

func TestStanding(t *testing.T) {
	opens := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	window := Window{Opens: opens, Due: opens.AddDate(0, 0, 7), Closes: opens.AddDate(0, 0, 30)}
	tests := []struct {
		name      string
		recorded  Disposition
		hasWindow bool
		now       time.Time
		want      Disposition
	}{
		{"nothing recorded, a moment before the window", 0, true, opens.Add(-time.Millisecond), NotYetDue},
		{"nothing recorded, as it opens", 0, true, opens, Pending},
		{"begun", Pending, true, opens, Pending},
		{"begun, and the window is over", Pending, true, window.Closes.AddDate(0, 0, 9), Pending},
		{"before baseline", 0, false, opens, NotYetDue},
		{"said no before the window", Refusal, true, opens.AddDate(0, 0, -9), Refusal},
		{"complete", Complete, true, opens, Complete},
		{"died before baseline", OtherEligible, false, opens, OtherEligible},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.recorded.Standing(window, tt.hasWindow, tt.now); got != tt.want {
				t.Errorf("Standing() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWindowOf(t *testing.T) {
	study := &Study{Zone: time.UTC, Waves: []Wave{
		{ID: "baseline", Audience: Patients, Baseline: true, After: 60},
		{ID: "round", Audience: Staff},
		{ID: "year", Audience: Patients, DueAfter: 365, Before: 10, After: 30},
		{ID: "later", Audience: Patients, DueAfter: 90, Before: 7, After: 30}}}
	baseline, later := study.Waves[0], study.Waves[3]
	if w, ok := study.WindowOf(baseline, 100, 120); !ok || DayNumber(w.Opens, time.UTC) != 100 {
		t.Errorf("baseline's window = %v, %v, want it to count from the day of sampling", w, ok)
	}
	w, ok := study.WindowOf(later, 100, 120)
	if !ok || DayNumber(w.Due, time.UTC) != 210 {
		t.Errorf("a later wave's window = %v, %v, want it to count from the person's baseline", w, ok)
	}
	if w, ok := study.WindowOf(later, 100, -1); ok {
		t.Errorf("a later wave's window before baseline = %v, want none", w)
	}
	closed := DayNumber(w.Closes, time.UTC)
	if got := later.LastClosed(closed); got != 120 {
		t.Errorf("LastClosed() on the day on which a window closes = %d, want the day of that window's baseline, 120", got)
	}
	var ids []WaveID
	for _, wave := range study.LaterWaves("baseline") {
		ids = append(ids, wave.ID)
	}
	if want := []WaveID{"year", "later"}; !slices.Equal(ids, want) {
		t.Errorf("LaterWaves() = %v, want %v", ids, want)
	}
	if got := study.LaterWaves("year"); len(got) > 0 {
		t.Errorf("LaterWaves() of the last = %v, want none", got)
	}
}
