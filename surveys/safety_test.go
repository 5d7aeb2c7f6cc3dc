package surveys_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

const plan = `
safety:
  duty_holder: {name: Dr Duty, email: Duty@example.org}
  deputy: {name: Dr Deputy, email: deputy@example.org}
  escalate_to: {name: Professor Lead, email: lead@example.org}
  hours:
    - {days: [mon, fri], from: "09:00", to: "17:00"}
    - {days: [sat], from: "22:00", to: "24:00"}
  acknowledge_within: 1h
  escalate_after: 4h
  text: Somebody may ring you.
  clause: agree
`

// withPlan reads the study of the tests with a safety plan.
func withPlan(t *testing.T, plan string) (*surveys.Study, error) {
	t.Helper()
	source, err := os.ReadFile("testdata/study/study.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return surveys.ParseStudy("study.yaml", append(source, plan...), func(id surveys.InstrumentID, version string) (*surveys.Instrument, error) {
		data, err := os.ReadFile("testdata/study/" + string(id) + ".yaml")
		if err != nil {
			return nil, surveys.Errorf(surveys.NotFound, "There is no instrument “%s”.", id)
		}
		return surveys.ParseInstrument(string(id)+".yaml", data)
	})
}

func TestSafetyPlan(t *testing.T) {
	study, err := withPlan(t, plan)
	if err != nil {
		t.Fatal(err)
	}
	p := study.Safety
	if !p.Names("duty@example.org") || p.Names("nobody@example.org") || p.AcknowledgeWithin != time.Hour || p.Text != "Somebody may ring you." {
		t.Errorf("the plan is %+v", p)
	}
	zone := study.Zone
	tests := []struct {
		at   time.Time
		want bool
	}{
		{time.Date(2026, 2, 2, 8, 59, 0, 0, zone), false}, // a Monday
		{time.Date(2026, 2, 2, 9, 0, 0, 0, zone), true},
		{time.Date(2026, 2, 2, 16, 59, 0, 0, zone), true},
		{time.Date(2026, 2, 2, 17, 0, 0, 0, zone), false},
		{time.Date(2026, 2, 3, 12, 0, 0, 0, zone), false},
		{time.Date(2026, 2, 7, 23, 59, 0, 0, zone), true},
		{time.Date(2026, 7, 6, 8, 30, 0, 0, time.UTC), true}, // 09:30 in British summer time
	}
	for _, tt := range tests {
		if got := p.OnDuty(tt.at, zone); got != tt.want {
			t.Errorf("OnDuty(%s) = %v, want %v", tt.at, got, tt.want)
		}
	}
	day, night := time.Date(2026, 2, 2, 10, 0, 0, 0, zone), time.Date(2026, 2, 2, 20, 0, 0, 0, zone)
	if got := p.Steps(day, zone)[1].DueAt; !got.Equal(day.Add(time.Hour)) {
		t.Errorf("by day the deputy is told at %s", got)
	}
	if got := p.Steps(night, zone); !got[1].DueAt.Equal(night) || !got[2].DueAt.Equal(night.Add(4*time.Hour)) {
		t.Errorf("by night the messages are %+v", got)
	}
}

func TestSafetyPlanMistakes(t *testing.T) {
	tests := []struct{ name, old, replacement, want string }{
		{"no address", "email: Duty@example.org", "email: duty", "study.yaml:64:39: The duty holder needs an e-mail address"},
		{"the same person twice", "deputy@example.org", "duty@example.org", "study.yaml:65:36: The deputy and the duty holder have the same e-mail address"},
		{"no name", "name: Professor Lead, ", "", "The name of whoever an alert escalates to is missing."},
		{"no such day", "mon, fri", "mon, friday", "study.yaml:68:20: “friday” is not a day"},
		{"a time that is none", `from: "09:00"`, `from: "9 am"`, "study.yaml:68:32: “9 am” is not a time of day"},
		{"hours that end first", `to: "17:00"`, `to: "08:00"`, "These hours end before they begin"},
		{"no time to wait", "within: 1h", "within: soon", "study.yaml:70:23: “soon” is not a time"},
		{"hardly any time to wait", "within: 1h", "within: 1m", "The time is 1m; it must be from 5m to 168h."},
		{"escalation first", "after: 4h", "after: 30m", "study.yaml:71:19: An alert would escalate before the deputy was told"},
		{"no text", "text: Somebody may ring you.", `text: ""`, "The text that is shown after such an answer is missing."},
		{"no such clause", "clause: agree", "clause: agreed", "study.yaml:73:11: The consent text has no clause “agreed”"},
		{"a clause that nobody must tick", "clause: agree", "clause: later", "study.yaml:73:11: The clause “later” is not required"},
		{"a key that is none", "deputy: ", "deputies: ", "“deputies” is not a key here."},
		{"no hours", "    - {days: [mon, fri], from: \"09:00\", to: \"17:00\"}\n    - {days: [sat], from: \"22:00\", to: \"24:00\"}\n", "    []\n", "The plan does not say when the duty holder is on duty."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(plan, tt.old) {
				t.Fatalf("the plan does not hold %q", tt.old)
			}
			_, err := withPlan(t, strings.Replace(plan, tt.old, tt.replacement, 1))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestItemRaises(t *testing.T) {
	one := surveys.Number
	tests := []struct {
		item surveys.Item
		v    surveys.Value
		want bool
	}{
		{surveys.Item{Kind: surveys.KindYesNo, Options: []float64{0, 1}, Max: 1, Safety: true}, one(1), true},
		{surveys.Item{Kind: surveys.KindYesNo, Options: []float64{0, 1}, Max: 1, Safety: true}, one(0), false},
		{surveys.Item{Kind: surveys.KindYesNo, Options: []float64{0, 1}, Max: 1}, one(1), false},
		{surveys.Item{Kind: surveys.KindYesNo, Options: []float64{0, 1}, Max: 1, Safety: true, Reverse: true}, one(0), true},
		{surveys.Item{Kind: surveys.KindVAS, Max: 100, Safety: true}, one(1), true},
		{surveys.Item{Kind: surveys.KindVAS, Max: 100, Safety: true}, one(101), false}, // no answer at all
		{surveys.Item{Kind: surveys.KindMultiple, Options: []float64{0, 1, 2}, Safety: true}, surveys.Set(0, 2), true},
		{surveys.Item{Kind: surveys.KindMultiple, Options: []float64{0, 1, 2}, Safety: true}, surveys.Set(0), false},
		{surveys.Item{Kind: surveys.KindYesNo, Options: []float64{0, 1}, Max: 1, Safety: true}, surveys.Absent(surveys.PreferNotToSay), false},
	}
	for _, tt := range tests {
		if got := tt.item.Raises(tt.v); got != tt.want {
			t.Errorf("%s, reverse %v: Raises(%s) = %v, want %v", tt.item.Kind, tt.item.Reverse, tt.v, got, tt.want)
		}
	}
}
