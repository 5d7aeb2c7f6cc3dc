package store_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/storetest"
)

// TestSafetyItemStaysInPilots tries every way to put the PHQ-9, whose ninth item raises alerts, to people of a live study that
// has no safety plan.
func TestSafetyItemStaysInPilots(t *testing.T) {
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("storetest/testdata/study.yaml")
	if err != nil {
		t.Fatal(err)
	}
	with := func(instrument string) string {
		text := strings.Replace(string(source), `climate: "1"}`, `climate: "1", `+instrument+`: "1"}`, 1)
		return strings.Replace(text, "  - {id: round-1,", "  - {id: latest, title: Nine months, audience: patients, due: 270, before: 7, after: 30, "+
			"layout: one-page, instruments: ["+instrument+"]}\n  - {id: round-1,", 1)
	}
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx := context.Background()
		s := db.Open(t)
		storetest.LoadStudy(t, s)
		_, _, err := s.LoadStudy(ctx, "", "study.yaml", []byte(with("phq9")), definitions)
		wantConflict(t, err, "The instrument phq9 holds a safety item")
		wantConflict(t, err, "these waves cannot be added")
		_, _, err = s.LoadStudy(ctx, "", "study.yaml", []byte(with("hads")), definitions)
		wantConflict(t, err, "belongs to GL Assessment")
		load(t, s, with("phq8"), definitions)
		if study, _, err := s.Study(ctx, storetest.Study); err != nil || len(study.Waves) != 4 {
			t.Errorf("Study() = %+v, %v, want the wave with the PHQ-8 and no other added", study, err)
		}
	})
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx := context.Background()
		s := db.Open(t)
		storetest.LoadStudyIn(t, s, surveys.Pilot)
		load(t, s, strings.Replace(with("phq9"), "id: trial\n", "id: trial\ndemo: true\n", 1), definitions)
		wantConflict(t, s.SetStudyState(ctx, "", storetest.Study, surveys.Live), "The instrument phq9 holds a safety item")
		load(t, s, with("phq9"), definitions)
		wantConflict(t, s.SetStudyState(ctx, "", storetest.Study, surveys.Live), "it is for pilots only")
	})
}
