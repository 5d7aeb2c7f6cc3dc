package store_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// A corrected day of baseline moves what counts from it, and reopens a window that the wrong day had closed.
func TestMoveBaseline(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		right := tr.now()
		row := tr.save(1, 0, "mood_1", 1)
		row.Bulk, row.Finish, row.How.Mode = true, true, surveys.Bulk
		tr.submit(row)
		tr.wantRows("SELECT COUNT(*) FROM baseline_moves", "0")

		row.Correct, row.AnsweredAt = true, right.AddDate(-1, 0, 0)
		tr.submit(row)
		if n, err := tr.FinaliseClosed(context.Background()); err != nil || n != 1 {
			t.Errorf("FinaliseClosed() by the wrong day = %d, %v; want 1", n, err)
		}
		row.AnsweredAt = right
		tr.submit(row)
		tr.submit(row)
		tr.wantRows("SELECT r.disposition, r.disposition_source, r.dispositions FROM responses r WHERE r.wave_id <> '"+string(storetest.Baseline)+"'", "pending|answers|2")
		tr.wantRows("SELECT COUNT(*) FROM audit WHERE action = 'baseline.move'", "2")
		moves, err := tr.ListBaselineMoves(context.Background(), storetest.Study)
		if err != nil || len(moves) != 2 || moves[0].After != moves[1].Before || moves[1].After-moves[1].Before != 365 && moves[1].After-moves[1].Before != 366 ||
			!moves[1].Later[0].After.Due.After(moves[1].Later[0].Before.Due) {
			t.Errorf("ListBaselineMoves() = %+v, %v", moves, err)
		}
		if wrong, err := tr.CheckFolds(context.Background(), nil); err != nil || len(wrong) > 0 {
			t.Errorf("CheckFolds() = %v, %v", wrong, err)
		}
	})
}

// Answers that a wrong day of baseline marked late count by the right day once it is corrected, and the other way round; a release
// stays what it was.
func TestMoveBaselineJudgesAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx := context.Background()
		right := tr.now()
		tr.wait(90)
		baseline := tr.save(1, 0, "mood_1", 1)
		baseline.Bulk, baseline.Correct, baseline.How.Mode, baseline.AnsweredAt = true, true, surveys.Bulk, right.AddDate(-1, 0, 0)
		tr.submit(baseline)
		later := func(sitting, seq int, finish bool, pairs ...any) surveys.Submission {
			sub := tr.save(sitting, seq, pairs...)
			sub.Wave, sub.Finish = "later", finish
			return sub
		}
		first := later(2, 1, false, "mood_1", 1, "mood_2", 2)
		if receipt := tr.submit(first); receipt.Verdict != surveys.Late || receipt.LateDays < 300 {
			t.Fatalf("by the wrong day = %+v, want it late", receipt)
		}
		tr.submit(later(3, 1, true, "mood_1", 5, "mood_3", 9))
		const stands = `
			SELECT r.answers, CASE WHEN r.late_days > 0 THEN 'late' ELSE 'in time' END, r.outcome, r.disposition, r.disposition_source,
				r.differing, (SELECT COALESCE(MAX(s.answered), 0) FROM scores s WHERE s.response_id = r.id)
			FROM responses r
			WHERE r.wave_id = 'later'`
		byWrong := tr.Inspect(t, stands)
		released := func(r surveys.Release) (line string) {
			if err := tr.EachReleased(ctx, r, "later", []surveys.ScaleID{"mood"}, scoring.RuleVersion, 0, 1, func(row *surveys.ReleasedResponse) error {
				line = fmt.Sprintf("%d days late: %s, %+v, baseline %d", row.LateDays, row.Answers, row.Scores, row.Baseline)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return line
		}
		freeze := func() surveys.Release {
			r, err := tr.FreezeRelease(ctx, surveys.Release{Study: storetest.Study, Profile: surveys.TeamRelease})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		old := freeze()
		oldLine := released(old)

		baseline.AnsweredAt = right
		tr.submit(baseline)
		byRight := tr.Inspect(t, stands)
		if len(byRight) != 1 || !strings.Contains(byRight[0], `"mood_1":5`) || !strings.Contains(byRight[0], "|in time|break-off|break-off|answers|1|") {
			t.Errorf("by the right day: %q, by the wrong one: %q", byRight, byWrong)
		}
		tr.wantFolds()
		if again := tr.submit(first); !again.Repeated || again.Verdict != surveys.Late {
			t.Errorf("sent again = %+v, want the receipt that there was", again)
		}
		if got := released(old); got != oldLine {
			t.Errorf("the release changed from %s to %s", oldLine, got)
		}
		now := freeze()
		nowLine := released(now)
		if !strings.HasPrefix(nowLine, "0 days late") {
			t.Errorf("a new release says %s", nowLine)
		}
		tr.submit(later(2, 2, false, "mood_2", 4))
		tr.wantFolds()

		baseline.AnsweredAt = right.AddDate(-1, 0, 0)
		tr.submit(baseline)
		if got := tr.Inspect(t, stands); len(got) != 1 || !strings.Contains(got[0], `"mood_1":1`) || !strings.Contains(got[0], `"mood_2":2`) || !strings.Contains(got[0], "|late||non-contact|window|") {
			t.Errorf("by the wrong day again: %q", got)
		}
		tr.wantFolds()
		for r, want := range map[*surveys.Release]string{&old: oldLine, &now: nowLine} {
			if got := released(*r); got != want {
				t.Errorf("release %d changed from %s to %s", r.Number, want, got)
			}
		}
	})
}

// Whoever begins or goes on with a later wave while a baseline moves is judged by the right day, whichever of the two commits
// first.
func TestMoveBaselineWhileAnswering(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		n := storetest.Times(t, "people whose baseline moves while they answer", 8, 100)
		tr := newTrial(t, db, n)
		right := tr.now()
		tr.wait(90)
		baseline := func(i int, given time.Time) surveys.Submission {
			sub := of(tr.save(1+i, 0, "mood_1", 1), tr.people[i])
			sub.Bulk, sub.Correct, sub.How.Mode, sub.AnsweredAt = true, true, surveys.Bulk, given
			return sub
		}
		later := func(i, seq int) surveys.Submission {
			sub := of(tr.save(n+1+i, seq, fmt.Sprintf("mood_%d", seq), 2), tr.people[i])
			sub.Wave = storetest.Later
			return sub
		}
		for i := range n {
			tr.submit(baseline(i, right.AddDate(-1, 0, 0)))
			if i%2 == 0 {
				tr.submit(later(i, 1))
			}
		}
		var all sync.WaitGroup
		for i := range n {
			for _, sub := range []surveys.Submission{baseline(i, right), later(i, 1+(i+1)%2)} {
				all.Go(func() {
					if _, err := tr.Submit(context.Background(), sub); err != nil {
						t.Errorf("Submit() to %s = %v", sub.Wave, err)
					}
				})
			}
		}
		all.Wait()
		tr.wantRows("SELECT COUNT(*) FROM responses WHERE wave_id = 'later' AND late_days > 0", "0")
		tr.wantFolds()
	})
}
