package store_test

import (
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// What a file or another system sends again is a repeat, also where it was late and so changed nothing that stands: the ledger
// has it once.
func TestLateCorrectionsRepeat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tests := []struct {
			name   string
			before func(row *surveys.Submission) // who answered, and how
			pairs  []any                         // of the late correction
		}{
			{"a file's own answers", func(row *surveys.Submission) { row.Bulk, row.How.Mode = true, surveys.Bulk }, []any{"mood_1", 1, "mood_2", 2}},
			{"answers of the person", func(row *surveys.Submission) { row.Sitting, row.Seq = storetest.SittingID(99), 1 }, []any{"mood_1", 1, "mood_2", 2}},
			{"an answer more", func(row *surveys.Submission) { row.Bulk, row.How.Mode = true, surveys.Bulk }, []any{"mood_1", 1, "mood_3", 3}},
			{"what was not recorded", func(row *surveys.Submission) {
				row.Bulk, row.How.Mode = true, surveys.Bulk
				row.Answers = append(row.Answers, surveys.ItemAnswer{Code: "mood_3", Value: surveys.Absent(surveys.NotRecorded)})
			}, []any{"mood_1", 1, "mood_2", 2, "mood_3", 3}},
		}
		tr := newTrial(t, db, len(tests))
		closes := tr.now().AddDate(0, 0, 120)
		for i, tt := range tests {
			row := tr.save(i+1, 0, "mood_1", 1, "mood_2", 2)
			row.Enrolment, row.Finish, row.AnsweredAt = tr.people[i], true, tr.now()
			tt.before(&row)
			tr.submit(row)
		}
		tr.wait(150)
		for i, tt := range tests {
			row := tr.save(i+1, 0, tt.pairs...)
			row.Enrolment, row.Finish, row.AnsweredAt = tr.people[i], true, closes
			row.Bulk, row.Correct, row.How.Mode = true, true, surveys.Bulk
			first, second, third := tr.submit(row), tr.submit(row), tr.submit(row)
			if first.Repeated || first.LateDays == 0 || !second.Repeated || !third.Repeated || second.Seq != first.Seq || third.Seq != first.Seq {
				t.Errorf("%s: %+v, then %+v and %+v, want one and its receipt again", tt.name, first, second, third)
			}
			row.AnsweredAt = row.AnsweredAt.AddDate(0, 0, 1)
			if other := tr.submit(row); other.Repeated || other.Seq == first.Seq {
				t.Errorf("%s, of another day: %+v, want it taken in", tt.name, other)
			}
		}
		if wrong, err := tr.CheckFolds(t.Context(), nil); err != nil || len(wrong) > 0 {
			t.Errorf("CheckFolds() = %v, %v", wrong, err)
		}
	})
}
