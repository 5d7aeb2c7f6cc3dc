package participant

import (
	"testing"
	"time"
)

// A device's clock may be wrong; how long its answers waited is not.
func TestDeliverKnowsHowLongAnswersWaited(t *testing.T) {
	received := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	anHourBefore := received.Add(-time.Hour)
	tests := []struct {
		name      string
		giveClock time.Time // of the device when it sends; zero where it does not say
		giveAt    time.Time
		want      time.Time
	}{
		{"right clock", received, anHourBefore, anHourBefore},
		{"an hour ahead", received.Add(time.Hour), received, anHourBefore},
		{"in 1971", time.Unix(40_000_000, 0), time.Unix(40_000_000-3600, 0), anHourBefore},
		{"an older worker", time.Time{}, anHourBefore, anHourBefore},
		{"set back since", anHourBefore, received, received},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := deliverForm{}
			if !tt.giveClock.IsZero() {
				form.Now = tt.giveClock.UnixMilli()
			}
			if got := form.moment(tt.giveAt.UnixMilli(), received); !got.Equal(tt.want) {
				t.Errorf("moment() = %s, want %s", got.UTC(), tt.want)
			}
		})
	}
	if got := new(deliverForm).moment(0, received); !got.IsZero() {
		t.Errorf("moment() of no time = %s", got)
	}
}
