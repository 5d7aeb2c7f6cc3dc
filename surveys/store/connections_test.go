package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// TestSubmitWhenConnectionsDie ends the connections to PostgreSQL again and again while clients submit. They are told to
// try again, do so, and in the end every submission is in the ledger once.
func TestSubmitWhenConnectionsDie(t *testing.T) {
	const people, saves = 16, 15
	db := storetest.Postgres(t)
	tr := newTrial(t, db, people)
	killer := db.Open(t, storetest.Clock(tr.now))
	ctx := context.Background()
	done := make(chan struct{})
	var wg sync.WaitGroup
	for i, person := range tr.people {
		wg.Go(func() {
			for seq := 1; seq <= saves; seq++ {
				sub := tr.save(100+i, seq, "mood_1", seq%5+1)
				sub.Enrolment = person
				for tries := 0; ; tries++ {
					_, err := tr.Submit(ctx, sub)
					if err == nil {
						break
					}
					if surveys.KindOf(err) != surveys.Unavailable || tries == 1000 {
						t.Errorf("Submit() when its connection died = %v, want it unavailable", err)
						return
					}
				}
			}
		})
	}
	go func() { wg.Wait(); close(done) }()
	for kills := 0; ; kills++ {
		select {
		case <-done:
			t.Logf("connections were ended %d times", kills)
			after := &trial{Store: db.Open(t), t: t}
			after.wantRows("SELECT COUNT(*) FROM submissions WHERE attempt = 0 AND verdict = 'accepted'", "240")
			after.wantRows("SELECT COUNT(*) FROM responses WHERE revision = 15", "16")
			after.wantFolds()
			return
		case <-time.After(40 * time.Millisecond):
			killer.Inspect(t, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		}
	}
}
