package store_test

import (
	"context"
	"fmt"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

func TestListDiscrepancies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 3)
		discrepancies := func() string {
			list, err := tr.ListDiscrepancies(context.Background(), storetest.Study, storetest.Baseline)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, d := range list {
				if d.Label == "" || d.Site == "" {
					t.Errorf("a discrepancy of nobody: %+v", d)
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
		if got := discrepancies(); got != "" {
			t.Errorf("discrepancies %q, want none", got)
		}
		tr.submit(of(1, 7, 1, 3))
		tr.refused("other content under a number", of(2, 9, 1, 4), 0)
		tr.refused("other content under a number", of(2, 9, 1, 5), surveys.Conflict)
		if got, want := discrepancies(), "1 replaced, 0 aside; 0 replaced, 1 aside; "; got != want {
			t.Errorf("discrepancies %q, want %q", got, want)
		}
		tr.withdraw(tr.people[2], surveys.EraseAnswers)
		if got, want := discrepancies(), "1 replaced, 0 aside; "; got != want {
			t.Errorf("after an erasure: discrepancies %q, want %q", got, want)
		}
	})
}

// A database from before learns which sittings agreed first and differed then, and what was erased stays so.
func TestMigrateRepeats(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		old := newTrial(t, db, 4)
		for i, person := range old.people {
			old.submit(of(old.save(10+i, 1, "mood_1", 1), person))
			old.submit(of(old.save(20+i, 1, "mood_1", 1), person))
		}
		old.submit(of(old.save(20, 2, "mood_1", 2), old.people[0]))
		old.submit(of(old.save(22, 2, "mood_1", 2), old.people[2]))
		old.withdraw(old.people[2], surveys.EraseAnswers)
		old.submit(of(old.save(33, 1, "mood_1", 5), old.people[3]))
		was := old.Inspect(t, "SELECT answers, origins, differing, outcome, disposition FROM responses ORDER BY id")
		old.sql("UPDATE responses SET origins = REPLACE(origins, '||0', '')")
		old.sql("UPDATE responses SET differing = 0 WHERE enrolment_id = '" + string(old.people[0]) + "'")
		if wrong, err := old.CheckFolds(context.Background(), nil); err != nil || len(wrong) != 2 {
			t.Fatalf("CheckFolds() before = %v, %v, want two responses", wrong, err)
		}
		old.backTo(8)

		tr := &trial{Store: db.Open(t, storetest.Clock(old.now)), t: t, people: old.people, ahead: old.ahead}
		tr.wantRows("SELECT answers, origins, differing, outcome, disposition FROM responses ORDER BY id", was...)
		tr.wantRows("SELECT differing FROM responses WHERE revision > 0 ORDER BY differing", "0", "0", "1", "1")
		tr.wantRows("SELECT COUNT(*) FROM refolds", "0")
		tr.wantFolds()
		tr.submit(of(tr.save(21, 2, "mood_1", 4), old.people[1])) // agreed before the upgrade and differs after it
		tr.wantRows("SELECT differing FROM responses WHERE revision > 0 ORDER BY differing", "0", "1", "1", "1")
		tr.wantFolds()
	})
}
