package store_test

import (
	"context"
	"fmt"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestListDoubts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 3)
		doubts := func() string {
			list, err := tr.ListDoubts(context.Background(), storetest.Study, storetest.Baseline)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, d := range list {
				if d.Label == "" || d.Site == "" {
					t.Errorf("a doubt about nobody: %+v", d)
				}
				said += fmt.Sprintf("%d replaced, %d aside; ", d.Replaced, d.Aside)
			}
			return said
		}
		of := func(person, sitting, seq, mood int) surveys.Submission {
			sub := tr.save(sitting, seq, "mood_1", mood)
			sub.Enrolment = tr.people[person]
			return sub
		}
		tr.submit(of(0, 9, 1, 1))
		tr.submit(of(0, 9, 2, 2)) // somebody changed their mind on one page
		tr.submit(of(1, 9, 1, 1))
		tr.submit(of(1, 8, 1, 1)) // another device says the same
		if got := doubts(); got != "" {
			t.Errorf("doubts %q, want none", got)
		}
		tr.submit(of(1, 7, 1, 3))
		tr.refused("other content under a number", of(2, 9, 1, 4), 0)
		tr.refused("other content under a number", of(2, 9, 1, 5), surveys.Conflict)
		if got, want := doubts(), "1 replaced, 0 aside; 0 replaced, 1 aside; "; got != want {
			t.Errorf("doubts %q, want %q", got, want)
		}
		tr.withdraw(tr.people[2], surveys.EraseAnswers)
		if got, want := doubts(), "1 replaced, 0 aside; "; got != want {
			t.Errorf("after an erasure: doubts %q, want %q", got, want)
		}
	})
}
