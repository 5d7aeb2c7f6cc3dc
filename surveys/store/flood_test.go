package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// flood lets sixteen clients save to the first person until stop is called, which returns once the last has its answer.
// Other errors than those of the given kinds fail the test.
func (tr *trial) flood(kinds ...surveys.Kind) (stop func()) {
	var wg sync.WaitGroup
	var stopped atomic.Bool
	for n := range 16 {
		wg.Go(func() {
			for seq := 1; !stopped.Load(); seq++ {
				_, err := tr.Submit(context.Background(), tr.save(100+n, seq, "mood_1", 1+(n+seq)%5))
				allowed := err == nil
				for _, kind := range kinds {
					allowed = allowed || surveys.KindOf(err) == kind
				}
				if !allowed {
					tr.t.Errorf("Submit() = %v", err)
					return
				}
			}
		})
	}
	for len(tr.Inspect(tr.t, "SELECT 1 FROM responses WHERE revision > 20")) == 0 && !tr.t.Failed() {
		time.Sleep(time.Millisecond) // until they are well under way
	}
	return func() {
		stopped.Store(true)
		wg.Wait()
	}
}

// Once a study is closed the staff survey takes nothing, however much was under way, and spends no card for it.
func TestStudyStateAmongStaffSubmissions(t *testing.T) {
	const answers = "SELECT COUNT(*) FROM staff_answers"
	for range storetest.Times(t, "times that a study ends among cards", 1, 20) {
		storetest.Each(t, func(t *testing.T, db storetest.Database) {
			tr := newTrial(t, db, 1)
			cards := tr.cards("north", 400)
			var refused atomic.Int64
			var wg sync.WaitGroup
			for n := range 16 {
				wg.Go(func() {
					for i := n; i < len(cards); i += 16 {
						switch err := tr.SubmitStaff(context.Background(), climate(cards[i], 3)); {
						case surveys.KindOf(err) == surveys.Closed:
							refused.Add(1)
						case err != nil:
							t.Errorf("SubmitStaff() = %v", err)
						}
					}
				})
			}
			for tr.Inspect(t, answers)[0] == "0" {
				time.Sleep(time.Millisecond)
			}
			err := tr.SetStudyState(context.Background(), "", storetest.Study, surveys.Ended)
			before := tr.Inspect(t, answers)
			wg.Wait()
			if err != nil {
				t.Fatal(err)
			}
			tr.wantRows(answers, before...)
			tr.wantRows("SELECT COUNT(*) FROM staff_codes", fmt.Sprint(refused.Load()))
		})
	}
}

// Once a study is closed all is late, and once it is locked nothing is folded, however much was under way.
func TestStudyStateAmongSubmissions(t *testing.T) {
	const inTime = "SELECT COUNT(*) FROM submissions WHERE verdict = 'accepted'"
	for range storetest.Times(t, "times that a study ends and is locked among answers", 1, 20) {
		storetest.Each(t, func(t *testing.T, db storetest.Database) {
			tr := newTrial(t, db, 1)
			stop := tr.flood()
			errEnded := tr.SetStudyState(context.Background(), "", storetest.Study, surveys.Ended)
			accepted := tr.Inspect(t, inTime)
			errLocked := tr.SetStudyState(context.Background(), "", storetest.Study, surveys.Locked)
			before := tr.Inspect(t, storedAnswers)
			stop()
			if errEnded != nil || errLocked != nil {
				t.Fatal(errEnded, errLocked)
			}
			tr.wantRows(inTime, accepted...)
			tr.wantRows(storedAnswers, before...)
			tr.wantFolds()
		})
	}
}
