package store

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
)

// However many strangers ask for hashes, one is made for them at a time, a few wait, the others are refused in time, and
// whoever is not a stranger finds a place.
func TestHashQueue(t *testing.T) {
	var q hashQueue
	hold, err := q.enter(t.Context(), ordinary)
	if err != nil {
		t.Fatal(err)
	}
	var refused, let atomic.Int32
	var all sync.WaitGroup
	began := time.Now()
	for range 240 {
		all.Go(func() {
			leave, err := q.enter(context.Background(), ordinary)
			if surveys.KindOf(err) == surveys.Unavailable {
				refused.Add(1)
				return
			}
			let.Add(1)
			leave()
		})
	}
	leave, err := q.enter(t.Context(), urgent)
	if err != nil || time.Since(began) > hashPatience/2 {
		t.Fatalf("an urgent hash waits %v for its place, %v", time.Since(began), err)
	}
	second := make(chan error, 1)
	go func() {
		leave, err := q.enter(context.Background(), urgent)
		if err == nil {
			leave()
		}
		second <- err
	}()
	time.Sleep(20 * time.Millisecond)
	leave()
	if err := <-second; err != nil {
		t.Errorf("a second urgent hash: %v, want the place of the first", err)
	}
	time.Sleep(20 * time.Millisecond)
	hold()
	all.Wait()
	if let.Load() != hashesQueued || refused.Load() != 240-hashesQueued {
		t.Errorf("%d were let in and %d refused, want %d and %d", let.Load(), refused.Load(), hashesQueued, 240-hashesQueued)
	}
	if q.running != [2]int{} || len(q.waiting[urgent])+len(q.waiting[ordinary]) > 0 {
		t.Errorf("afterwards %v run and %v wait, want none", q.running, q.waiting)
	}
	gone, leaveIt := context.WithCancel(t.Context())
	hold, _ = q.enter(t.Context(), ordinary)
	leaveIt()
	if _, err := q.enter(gone, ordinary); err != context.Canceled {
		t.Errorf("enter() of somebody who has gone = %v, want that", err)
	}
	hold()
}

// What a clock that was wrong wrote holds nobody up, and the sweep leaves what still counts.
func TestAttemptsOutliveAWrongClock(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, err := Open(t.Context(), Options{DSN: "sqlite:" + t.TempDir() + "/test.db", Create: true, Now: func() time.Time { return now }, PasswordMemory: 64})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	try := func(want surveys.Kind, what string) {
		t.Helper()
		if err := s.TryCode(t.Context(), "ABC"); surveys.KindOf(err) != want {
			t.Errorf("%s: TryCode() = %v, want kind %v", what, err, want)
		}
	}
	for range codeTries.burst {
		try(0, "within the allowance")
	}
	try(surveys.TooMany, "after it")
	if err := s.SweepSessions(t.Context()); err != nil {
		t.Fatal(err)
	}
	try(surveys.TooMany, "after a sweep")
	now = now.Add(codeTries.every)
	try(0, "once one is back")
	if err := s.CodeFound(t.Context(), "ABC"); err != nil {
		t.Fatal(err)
	}
	try(0, "once one was given back")
	now = now.Add(-400 * 24 * time.Hour)
	try(0, "after the clock was put right")
	for range codeTries.burst - 1 {
		try(0, "within the allowance anew")
	}
	try(surveys.TooMany, "after it")
	now = now.Add(time.Hour)
	if err := s.SweepSessions(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := s.db.Get(t.Context(), &left, "SELECT COUNT(*) FROM attempts"); err != nil || left != 0 {
		t.Errorf("%d attempts are kept when none counts, %v, want none", left, err)
	}
}
