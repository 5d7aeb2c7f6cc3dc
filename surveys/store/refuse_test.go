package store_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

func TestSubmitRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 3)
		ctx := context.Background()
		loadOther(t, tr.Store)
		stranger, err := tr.Enrol(ctx, "", surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: "no-consent-1"})
		if err != nil {
			t.Fatal(err)
		}
		for query, person := range map[string]surveys.EnrolmentID{"UPDATE enrolments SET withdrawal = 'no-collection', withdrawn_at = 1 WHERE id = ?": tr.people[1],
			"UPDATE enrolments SET baseline_day = NULL WHERE id = ?": tr.people[2]} {
			if err := tr.Exec(ctx, query, string(person)); err != nil {
				t.Fatal(err)
			}
		}
		tests := []struct {
			name   string
			change func(*surveys.Submission)
			want   surveys.Kind
		}{
			{"unknown participant", func(s *surveys.Submission) { s.Enrolment = "nobody" }, surveys.NotFound},
			{"unknown participant, later save", func(s *surveys.Submission) { s.Enrolment, s.Seq = "nobody", 2 }, surveys.NotFound},
			{"unknown study", func(s *surveys.Submission) { s.Study = "none" }, surveys.NotFound},
			{"unknown wave", func(s *surveys.Submission) { s.Wave = "none" }, surveys.NotFound},
			{"the anonymous round", func(s *surveys.Submission) { s.Wave = storetest.Round }, surveys.NotFound},
			{"another study's participant", func(s *surveys.Submission) { s.Study = "other" }, surveys.NotFound},
			{"another study's participant, later save", func(s *surveys.Submission) { s.Study, s.Seq = "other", 2 }, surveys.NotFound},
			{"no consent", func(s *surveys.Submission) { s.Enrolment = stranger.ID }, surveys.Forbidden},
			{"left the study", func(s *surveys.Submission) { s.Enrolment = tr.people[1] }, surveys.Closed},
			{"no baseline yet", func(s *surveys.Submission) { s.Enrolment, s.Wave = tr.people[2], storetest.Later }, surveys.Invalid},
			{"window not open", func(s *surveys.Submission) { s.Wave = storetest.Later }, surveys.Closed},
			{"short id", func(s *surveys.Submission) { s.Sitting = "ab" }, surveys.Invalid},
			{"id in capitals", func(s *surveys.Submission) { s.Sitting = strings.Repeat("A", 32) }, surveys.Invalid},
			{"id that would break what is stored", func(s *surveys.Submission) { s.Sitting = strings.Repeat(";| 1", 8) }, surveys.Invalid},
			{"sequence below 0", func(s *surveys.Submission) { s.Seq = -1 }, surveys.Invalid},
			{"sequence too high", func(s *surveys.Submission) { s.Seq = 1_000_001 }, surveys.Invalid},
			{"bulk with an unknown item", func(s *surveys.Submission) { s.Bulk, s.Answers = true, given("mood_1", 1, "x", 2) }, surveys.Invalid},
			{"bulk with a value that is no option", func(s *surveys.Submission) { s.Bulk, s.Answers = true, given("mood_1", 7) }, surveys.Invalid},
			{"bulk from the future", func(s *surveys.Submission) { s.Bulk, s.AnsweredAt = true, tr.now().AddDate(0, 0, 3) }, surveys.Invalid},
		}
		for _, tt := range tests {
			sub := tr.save(9, 1, "mood_1", 1)
			tt.change(&sub)
			tr.refused(tt.name, sub, tt.want)
		}
		tr.wantRows("SELECT COUNT(*) FROM responses", "0")
		tr.wantRows("SELECT COUNT(*) FROM submissions", "0")
	})
}

// loadOther adds a second study with the same waves.
func loadOther(t *testing.T, s *store.Store) {
	t.Helper()
	source, err := os.ReadFile("storetest/testdata/study.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, _, err := s.LoadStudy(ctx, "", "other.yaml", []byte(strings.Replace(string(source), "id: trial", "id: other", 1)), &surveys.Definitions{}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetStudyState(ctx, "", "other", surveys.Live); err != nil {
		t.Fatal(err)
	}
}

func TestSubmitTwoStudies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		loadOther(t, tr.Store)
		ctx := context.Background()
		twin, err := tr.Enrol(ctx, "", surveys.NewEnrolment{Study: "other", Site: "north", Label: "P00001"})
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Consent(ctx, twin.ID, storetest.Baseline, surveys.ConsentGiven{Version: "1", Language: "en", Clauses: []string{"take-part"}}); err != nil {
			t.Fatal(err)
		}
		tr.submit(tr.save(9, 1, "mood_1", 1))
		sub := tr.save(9, 1, "mood_1", 5) // the same sitting and sequence, in another response
		sub.Study, sub.Enrolment = "other", twin.ID
		if got := tr.submit(sub); got.Verdict != surveys.Accepted || got.Revision != 1 {
			t.Errorf("the same person in another study = %+v, want a response of its own", got)
		}
		if err := tr.SetStudyState(ctx, "", "other", surveys.Ended); err != nil {
			t.Fatal(err)
		}
		if got := tr.submit(tr.save(9, 2, "mood_2", 1)); got.Verdict != surveys.Accepted {
			t.Errorf("after the other study was closed = %+v, want it accepted", got)
		}
		tr.wantFolds()
	})
}
