package store_test

import (
	"context"
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

// Once a study is closed all is late, and once it is locked nothing is folded, however much was under way.
func TestStudyStateAmongSubmissions(t *testing.T) {
	const inTime = "SELECT COUNT(*) FROM submissions WHERE verdict = 'accepted'"
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
