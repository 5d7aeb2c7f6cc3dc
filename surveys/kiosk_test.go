package surveys

import (
	"testing"
	"time"
)

func TestPINWait(t *testing.T) {
	for tries, want := range map[int]time.Duration{0: 0, 4: 0, 5: time.Minute, 6: 2 * time.Minute, 10: 32 * time.Minute, 11: time.Hour, 1000: time.Hour} {
		if got := PINWait(tries); got != want {
			t.Errorf("PINWait(%d) = %v, want %v", tries, got, want)
		}
	}
}

func TestHandOverCheck(t *testing.T) {
	closed, open := new(Study), &Study{Kiosk: KioskPlan{LinksPractitioners: true}}
	tests := []struct {
		name      string
		giveStudy *Study
		give      HandOver
		want      Kind
	}{
		{"the practice", closed, HandOver{Initials: "mb"}, 0},
		{"an interpreter helps", closed, HandOver{Initials: "mb", Colleague: PracticeColleague, Helper: "interpreter"}, 0},
		{"no initials", closed, HandOver{Initials: " "}, Invalid},
		{"a name", closed, HandOver{Initials: "Maria Brown"}, Invalid},
		{"a long code", closed, HandOver{Initials: "ABCDEFG"}, Invalid},
		{"an unknown helper", closed, HandOver{Initials: "mb", Helper: "dog"}, Invalid},
		{"an unknown colleague", open, HandOver{Initials: "mb", Colleague: "friend"}, Invalid},
		{"a links practitioner hands over", closed, HandOver{Initials: "mb", Colleague: LinksPractitioner}, Forbidden},
		{"a links practitioner helps", closed, HandOver{Initials: "mb", Helper: LinksPractitioner}, Forbidden},
		{"a links practitioner where the study lets them", open, HandOver{Initials: "mb", Colleague: LinksPractitioner, Helper: LinksPractitioner}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := tt.give
			if err := h.Check(tt.giveStudy); KindOf(err) != tt.want || tt.want == 0 && err != nil {
				t.Errorf("Check() = %v, want kind %v", err, tt.want)
			}
		})
	}
}
