package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// wholeOf is a finished questionnaire of the first person, with the answers that n makes.
func (tr *trial) wholeOf(sitting, n int, mode surveys.Mode) surveys.Submission {
	sub := tr.save(sitting, 1)
	sub.Answers, sub.Finish, sub.How.Mode = storetest.Answers(n), true, mode
	return sub
}

// standsAs is how the one response stands: mode, helper, the day that it says, whether it has one answer of its first version, revision.
func (tr *trial) standsAs() string {
	tr.t.Helper()
	return tr.Inspect(tr.t, "SELECT mode, helper, CASE WHEN answered_at IS NULL THEN '' ELSE 'said' END, answers LIKE '%\"mood_1\":1%', disposition FROM responses")[0]
}

// A correction of one answer, and a repeat of all of them, leave standing how and when the others were given.
func TestHowBelongsToTheAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		tr.submit(tr.wholeOf(1, 0, surveys.Web))
		before := tr.standsAs()
		key := surveys.Author{Kind: surveys.ByKey, ID: "key"}
		one := tr.save(2, 1, "mood_2", 1)
		one.By, one.Bulk, one.Correct, one.Why = key, true, true, surveys.TypedWrong
		one.How = surveys.Collection{Mode: surveys.Bulk, Helper: surveys.FamilyHelper}
		tr.submit(one)
		if got := tr.standsAs(); got != before {
			t.Errorf("after a correction of one answer: %q, want %q", got, before)
		}
		again := tr.wholeOf(3, 0, surveys.Bulk)
		again.Answers[1].Value = surveys.Number(1)
		again.By, again.Bulk, again.Correct, again.How = key, true, true, surveys.Collection{Mode: surveys.Paper}
		tr.submit(again)
		if got := tr.standsAs(); got != before {
			t.Errorf("after the same answers again, from paper and of no day: %q, want %q", got, before)
		}
		other := tr.wholeOf(4, 3, surveys.Bulk)
		other.By, other.Bulk, other.Correct = key, true, true
		tr.submit(other)
		if got := tr.standsAs(); got == before {
			t.Errorf("after other answers to everything: %q", got)
		}
		tr.wantFolds()
	})
}

// What comes on paper or by telephone to a complete wave changes nothing, unless it is the earlier of the two, and a data manager
// decides.
func TestLatePaperIsAQuery(t *testing.T) {
	tests := []struct {
		name       string
		day        int // on which it was filled in, from the start; 99 for unknown
		mode       surveys.Mode
		wantStands bool
	}{
		{"of a later day", 6, surveys.Paper, false},
		{"of no day", 99, surveys.Paper, false},
		{"of the same day", 5, surveys.Telephone, false},
		{"of an earlier day", 2, surveys.Paper, true},
	}
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, len(tests)), context.Background()
		manager, err := tr.AddAccount(ctx, "", surveys.NewAccount{Email: "manager@example.org", Name: "Manager", Role: surveys.DataManager}, password)
		if err != nil {
			t.Fatal(err)
		}
		tr.wait(5)
		people := tr.people
		for i := range tests {
			tr.people = people[i:]
			tr.submit(tr.wholeOf(1+i, 0, surveys.Web))
		}
		tr.wait(3)
		state := func(i int) string {
			return tr.Inspect(t, fmt.Sprintf("SELECT mode, answers LIKE '%%\"mood_1\":1%%', disposition FROM responses WHERE enrolment_id = '%s'", people[i]))[0]
		}
		before := state(0)
		for i, tt := range tests {
			tr.people = people[i:]
			paper := tr.wholeOf(50+i, 3, tt.mode)
			if tt.day < 99 {
				paper.AnsweredAt = storetest.Start.Add(time.Duration(tt.day) * 24 * time.Hour)
			}
			receipt, err := tr.Submit(ctx, paper)
			if err != nil || !receipt.Queried {
				t.Fatalf("%s: %+v, %v, want a query", tt.name, receipt, err)
			}
			if again, err := tr.Submit(ctx, paper); err != nil || !again.Repeated {
				t.Errorf("%s, sent again: %+v, %v", tt.name, again, err)
			}
			changed := paper
			changed.Seq, changed.Renumber, changed.Answers = 1, true, storetest.Answers(4)
			if i == 0 {
				if receipt, err := tr.Submit(ctx, changed); err != nil || !receipt.Queried {
					t.Errorf("%s, sent again changed: %+v, %v, want one more query", tt.name, receipt, err)
				}
			}
			if got := state(i); (got == before) == tt.wantStands {
				t.Errorf("%s: %q after %q", tt.name, got, before)
			}
		}
		list, err := tr.ListQueries(ctx, storetest.Study)
		if err != nil || len(list) != len(tests)+1 {
			t.Fatalf("%d queries, %v", len(list), err)
		}
		tr.wantFolds()
		for _, q := range list {
			if err := tr.DecideQuery(ctx, manager.ID, q.ID, surveys.OtherTaken, 0); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("a decision without a reason: %v", err)
			}
			was := tr.Inspect(t, "SELECT mode FROM responses WHERE id = '"+string(q.Response)+"'")[0]
			if err := tr.DecideQuery(ctx, manager.ID, q.ID, surveys.OtherTaken, surveys.QueryAnswered); err != nil {
				t.Errorf("take the other: %v", err)
				continue
			}
			for _, d := range []surveys.QueryDecision{surveys.StandingKept, surveys.OtherTaken} {
				if err := tr.DecideQuery(ctx, manager.ID, q.ID, d, surveys.QueryAnswered); surveys.KindOf(err) != surveys.Conflict {
					t.Errorf("decide it again: %v", err)
				}
			}
			now := tr.Inspect(t, "SELECT mode FROM responses WHERE id = '"+string(q.Response)+"'")[0]
			if q.Enrolment == people[3] && (now != "web" || state(3) != before) || q.Enrolment != people[0] && now == was {
				t.Errorf("the other of %s taken: %s after %s", q.Label, now, was)
			}
		}
		tr.wantFolds()
	})
}
