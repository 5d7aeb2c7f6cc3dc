package surveys

import (
	"errors"
	"testing"
	"time"
)

// asError unpacks a refusal.
func asError(err error, into **Error) bool { return errors.As(err, into) }

func TestStaffRoundOpen(t *testing.T) {
	opens, closes := time.Date(2026, 3, 1, 0, 0, 0, 0, london), time.Date(2026, 4, 1, 0, 0, 0, 0, london)
	tests := []struct {
		name  string
		state StudyState
		stage RoundStage
		now   time.Time
		want  string
	}{
		{"first moment", Live, RoundOpen, opens, ""},
		{"last moment", Live, RoundOpen, closes.Add(-1), ""},
		{"too early", Live, RoundOpen, opens.Add(-1), "This survey opens on 1 March 2026."},
		{"too late", Live, RoundOpen, closes, "This survey closed on 31 March 2026."}, // in summer time: the last day is named
		{"pilot", Pilot, RoundOpen, opens, ""},
		{"not set up", Live, RoundPlanned, opens, "This survey is not open."},
		{"closed by hand", Live, RoundClosed, opens, "This survey is closed."},
		{"reported", Live, RoundReported, opens, "This survey is closed."},
		{"draft", Draft, RoundOpen, opens, "This survey is not open."},
		{"closed", Ended, RoundOpen, opens, "This survey is not open."},
		{"locked", Locked, RoundOpen, opens, "This survey is not open."},
	}
	for _, tt := range tests {
		round := StaffRound{Study: &Study{Zone: london}, State: tt.state, Stage: tt.stage, Wave: Wave{Audience: Staff, Opens: opens, Closes: closes}, Now: tt.now.UTC()}
		err := round.Open()
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: Open() = %v, want it open", tt.name, err)
		case tt.want != "" && (KindOf(err) != Closed || err.Error() != tt.want):
			t.Errorf("%s: Open() = %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestStaffRoundTake(t *testing.T) {
	round := StaffRound{Wave: Wave{ID: "round"}, Questionnaire: foldQuestionnaire(t)}
	tests := []struct {
		name string
		give []ItemAnswer
		want string
	}{
		{"good answers", answers("w_2", 5, "w_1", 1, "help", Set(2, 1)), `{"w_1":1,"w_2":5,"help":[1,2]}`},
		{"some skipped", answers("w_1", 1, "w_2", Skipped), `{"w_1":1,"w_2":{"missing":"skipped"}}`},
		{"nothing", nil, ""},
		{"everything skipped", answers("w_1", Skipped), ""},
		{"one thing wrong spoils all", answers("w_1", 1, "w_2", 6), ""},
		{"what does not apply", answers("w_1", 1, "hours", 3), ""},
	}
	for _, tt := range tests {
		got, err := round.Take(tt.give)
		if got != tt.want || (err == nil) != (tt.want != "") || err != nil && KindOf(err) != Invalid {
			t.Errorf("%s: Take() = %s, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}
