package store_test

import (
	"context"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// What is due from one person is what the list of their site says of them.
func TestListDueOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr, ctx := newTrial(t, db, 4), context.Background()
		tr.submit(tr.save(9, 1, "mood_1", 1))
		if err := tr.RecordDisposition(ctx, "", tr.people[1], storetest.Baseline, surveys.OtherEligible, "died"); err != nil {
			t.Fatal(err)
		}
		tr.withdraw(tr.people[2], surveys.StopContact)
		list, err := tr.ListDue(ctx, storetest.Study, "", tr.now())
		if err != nil {
			t.Fatal(err)
		}
		all := 0
		for _, person := range tr.people {
			due, err := tr.ListDueOf(ctx, person, tr.now())
			if err != nil {
				t.Fatal(err)
			}
			var want []surveys.Due
			for _, d := range list {
				if d.Enrolment == person {
					want = append(want, d)
				}
			}
			all += len(due)
			if len(due) != len(want) {
				t.Fatalf("ListDueOf() = %+v, want %+v", due, want)
			}
			for i := range due {
				if due[i] != want[i] {
					t.Errorf("ListDueOf()[%d] = %+v, want %+v", i, due[i], want[i])
				}
			}
		}
		if all != len(list) || all == 0 {
			t.Errorf("%d waves are due from the people one by one, want %d", all, len(list))
		}
		if _, err := tr.ListDueOf(ctx, "nobody", tr.now()); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("ListDueOf() of nobody = %v, want NotFound", err)
		}
	})
}

// The counts and the curve of a monitor agree while answers are coming in.
func TestMonitorIsOfOneMoment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		const people = 30
		tr, ctx := newTrial(t, db, people), context.Background()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for i, person := range tr.people {
				sub := of(tr.save(50+i, 1), person)
				sub.Answers, sub.Finish = storetest.Answers(i), true
				if _, err := tr.Submit(ctx, sub); err != nil {
					t.Errorf("Submit() = %v", err)
				}
			}
		}()
		for looking := true; looking; {
			select {
			case <-done:
				looking = false
			default:
			}
			m, err := tr.Monitor(ctx, storetest.Study)
			if err != nil {
				t.Fatal(err)
			}
			w := m.Wave(storetest.Baseline)
			onCurve := 0
			if points := w.Curve.Points; len(points) > 0 {
				onCurve = points[len(points)-1].Complete
			}
			if got := w.DueSoFar.All.Tally.Count(surveys.Complete); got != onCurve || !looking && got != people {
				t.Errorf("the monitor counts %d complete, and its curve has %d", got, onCurve)
			}
		}
		if _, err := tr.Monitor(ctx, "none"); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Monitor() of no study = %v, want NotFound", err)
		}
	})
}
