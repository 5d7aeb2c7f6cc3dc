package store_test

import (
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/bulk"
	"wellwave/surveys/store/storetest"
)

// TestStudyNumbers wants one person for a study number, in small letters or capitals.
func TestStudyNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx, s := t.Context(), db.Open(t)
		storetest.LoadStudy(t, s)
		enrol := func(label string) (surveys.Enrolment, error) {
			return s.Enrol(ctx, "", surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: label})
		}
		person, err := enrol("p-12b")
		if err != nil || person.Label != "P-12B" {
			t.Fatalf("Enrol() = %+v, %v, want P-12B", person, err)
		}
		for _, label := range []string{"p-12b", "P-12B", "P-12b"} {
			if other, err := enrol(label); surveys.KindOf(err) != surveys.Conflict {
				t.Errorf("Enrol(%s) = %+v, %v, want Conflict", label, other, err)
			}
			if found, err := s.FindEnrolmentByLabel(ctx, storetest.Study, label); err != nil || found.ID != person.ID {
				t.Errorf("FindEnrolmentByLabel(%s) = %+v, %v, want the person", label, found, err)
			}
			if got, want := bulk.Sitting(storetest.Study, "baseline", label), bulk.Sitting(storetest.Study, "baseline", "P-12B"); got != want {
				t.Errorf("Sitting(%s) = %s, want that of P-12B, %s", label, got, want)
			}
		}
		for _, label := range []string{"0101701234", "010-170-1234", "01.01.70-1234", "CHI-0101701234", "NHS_943-476-5919"} {
			if _, err := enrol(label); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("Enrol(%s) = %v, want Invalid", label, err)
			}
		}
	})
}
