package store_test

import (
	"context"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// history returns the dispositions of a person at baseline, each with its source.
func (tr *trial) history(person surveys.EnrolmentID) string {
	tr.t.Helper()
	changes, err := tr.ListDispositions(context.Background(), person, storetest.Baseline)
	if err != nil {
		tr.t.Fatal(err)
	}
	var words []string
	for _, c := range changes {
		words = append(words, c.Disposition.String()+" by "+c.Source.String())
	}
	return strings.Join(words, ", ")
}

func TestFinaliseClosed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 6)
		ctx := context.Background()
		send := func(person int, finish bool, pairs ...any) {
			sub := tr.save(person, 1, pairs...)
			sub.Enrolment, sub.Finish = tr.people[person], finish
			tr.submit(sub)
		}
		send(0, true, "mood_1", 1)
		send(1, false, "mood_1", 1)
		whole := tr.save(2, 1)
		whole.Enrolment, whole.Answers = tr.people[2], storetest.Answers(3)
		tr.submit(whole)
		if err := tr.RecordDisposition(ctx, "", tr.people[3], storetest.Baseline, surveys.Refusal, "declined"); err != nil {
			t.Fatal(err)
		}
		tr.withdraw(tr.people[5], surveys.StopContact)
		// Sampled on 2 February: the window's last day is 3 April, and British Summer Time has begun by then.
		tr.wait(60)
		if n, err := tr.FinaliseClosed(ctx); n != 0 || err != nil {
			t.Errorf("FinaliseClosed() on the last day = %d, %v, want nobody", n, err)
		}
		tr.wait(1)
		if n, err := tr.FinaliseClosed(ctx); n != 3 || err != nil {
			t.Errorf("FinaliseClosed() = %d, %v, want 3", n, err)
		}
		if n, err := tr.FinaliseClosed(ctx); n != 0 || err != nil {
			t.Errorf("FinaliseClosed() again = %d, %v, want nobody", n, err)
		}
		for person, want := range []string{"break-off by answers", "break-off by window", "complete by window", "refusal by person", "non-contact by window", "refusal by person"} {
			if got := tr.history(tr.people[person]); got != want {
				t.Errorf("history of person %d = %q, want %q", person, got, want)
			}
		}
		late := tr.save(4, 1, "mood_1", 1)
		late.Enrolment = tr.people[4]
		if got := tr.submit(late); got.Verdict != surveys.Late || got.LateDays != 1 || got.Disposition != surveys.NonContact {
			t.Errorf("a late answer = %+v, want it flagged, and the disposition as it was", got)
		}
		tr.wantFolds()
	})
}

func TestRecordDisposition(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx, person := context.Background(), tr.people[0]
		before := len(tr.Inspect(t, "SELECT id FROM audit"))
		if err := tr.RecordDisposition(ctx, "", person, storetest.Baseline, surveys.OtherEligible, "too-ill"); err != nil {
			t.Fatal(err)
		}
		sub := tr.save(9, 1)
		sub.Answers, sub.Finish = storetest.Answers(1), true
		if got := tr.submit(sub); got.Disposition != surveys.OtherEligible || got.Revision != 1 {
			t.Errorf("the first answers after it = %+v, want what was recorded", got)
		}
		if err := tr.UndoDisposition(ctx, "", person, storetest.Baseline); err != nil {
			t.Fatal(err)
		}
		if got, want := tr.history(person), "other-eligible by person, complete by answers"; got != want {
			t.Errorf("history = %q, want %q", got, want)
		}
		if n := len(tr.Inspect(t, "SELECT id FROM audit")) - before; n != 2 {
			t.Errorf("%d audit entries, want 2", n)
		}
		for name, err := range map[string]error{
			"nothing left to undo":    tr.UndoDisposition(ctx, "", person, storetest.Baseline),
			"complete by hand":        tr.RecordDisposition(ctx, "", person, storetest.Baseline, surveys.Complete, ""),
			"no such reason":          tr.RecordDisposition(ctx, "", person, storetest.Baseline, surveys.Refusal, "died"),
			"nobody":                  tr.RecordDisposition(ctx, "", "nobody", storetest.Baseline, surveys.Refusal, "declined"),
			"no wave":                 tr.RecordDisposition(ctx, "", person, "none", surveys.Refusal, "declined"),
			"ineligible at follow-up": tr.RecordDisposition(ctx, "", person, storetest.Later, surveys.Ineligible, "outside-criteria"),
		} {
			want := map[string]surveys.Kind{"nothing left to undo": surveys.Conflict, "nobody": surveys.NotFound, "no wave": surveys.NotFound}[name]
			if want == 0 {
				want = surveys.Invalid
			}
			if surveys.KindOf(err) != want {
				t.Errorf("%s: %v, want kind %v", name, err, want)
			}
		}
		if n := len(tr.Inspect(t, "SELECT id FROM audit")) - before; n != 2 {
			t.Errorf("%d audit entries after refusals, want 2", n)
		}
		tr.wantRows("SELECT COUNT(*) FROM responses", "1")
		tr.wantFolds()
	})
}

func TestLastingReasonsReachLaterWaves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newTrial(t, db, 1)
		ctx, person := context.Background(), tr.people[0]
		const waves = "SELECT wave_id, disposition, disposition_source FROM responses ORDER BY wave_id"
		if err := tr.RecordDisposition(ctx, "", person, storetest.Baseline, surveys.OtherEligible, "died"); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(waves, "baseline|other-eligible|person", "later|other-eligible|person")
		if err := tr.UndoDisposition(ctx, "", person, storetest.Baseline); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(waves, "baseline|pending|answers", "later|pending|answers")
	})
}
