package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys/store/storetest"
)

func TestClaimForm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
		clock := storetest.Clock(func() time.Time { return now })
		one, two := db.Open(t, clock), db.Open(t, clock)
		var firsts atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				s := one
				if i%2 == 1 {
					s = two
				}
				first, err := s.ClaimForm(t.Context(), "form")
				if err != nil {
					t.Error(err)
				}
				if first {
					firsts.Add(1)
				}
			})
		}
		all.Wait()
		if n := firsts.Load(); n != 1 {
			t.Errorf("%d of eight at once were the first, want 1", n)
		}
		if err := one.ReturnForm(t.Context(), "form"); err != nil {
			t.Fatal(err)
		}
		if first, err := two.ClaimForm(t.Context(), "form"); err != nil || !first {
			t.Errorf("ClaimForm() of a form that was returned = %v, %v, want true", first, err)
		}
		now = now.Add(25 * time.Hour)
		if err := one.SweepSessions(t.Context()); err != nil {
			t.Fatal(err)
		}
		if first, err := one.ClaimForm(t.Context(), "form"); err != nil || !first {
			t.Errorf("ClaimForm() of a form that was forgotten = %v, %v, want true", first, err)
		}
	})
}
