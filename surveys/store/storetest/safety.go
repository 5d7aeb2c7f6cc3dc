package storetest

import (
	"context"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
)

// The addresses of the safety plan of the tests.
const (
	DutyHolder = "duty@example.org"
	Deputy     = "deputy@example.org"
	Escalation = "lead@example.org"
)

// safetyPlan has its hours on weekdays; Start is a Monday morning.
const safetyPlan = `
safety:
  duty_holder: {name: Dr Duty, email: ` + DutyHolder + `}
  deputy: {name: Dr Deputy, email: ` + Deputy + `}
  escalate_to: {name: Professor Lead, email: ` + Escalation + `}
  hours:
    - {days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00"}
  acknowledge_within: 1h
  escalate_after: 4h
  text: Thank you for telling us. Somebody from the study may ring you.
  clause: take-part
`

// SafetySource is the file of the tests' study with the PHQ-9, which holds a safety item, asked at baseline, and a safety plan.
func SafetySource(tb testing.TB) string {
	tb.Helper()
	source := strings.NewReplacer(`climate: "1"}`, `climate: "1", phq9: "1"}`, "instruments: [mood, about]", "instruments: [mood, about, phq9]", ", sealing: server", "").
		Replace(string(file(tb, "study.yaml")))
	return source + safetyPlan
}

// LoadSafety stores the study of SafetySource, whose PHQ-9 is among the definitions, and opens it as a pilot.
func LoadSafety(tb testing.TB, s *store.Store, definitions *surveys.Definitions) {
	tb.Helper()
	AddDefinitions(tb, definitions)
	ctx := context.Background()
	if _, _, err := s.LoadStudy(ctx, "", "study.yaml", []byte(SafetySource(tb)), definitions); err != nil {
		tb.Fatalf("load the study with a safety plan: %v", err)
	}
	if err := s.SetStudyState(ctx, "", Study, surveys.Pilot); err != nil {
		tb.Fatalf("open the study with a safety plan: %v", err)
	}
}
