package server

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"
)

// try makes one attempt that ends at once and returns how long it would have to wait.
func (l *limiter) try(who string, failed bool) time.Duration {
	end, wait := l.begin(context.Background(), who)
	if end != nil {
		end(failed)
	}
	return wait
}

func TestLimiter(t *testing.T) {
	l := newLimiter(rate.Every(time.Second), 3)
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	l.now = func() time.Time { return now }
	a, other := network("192.0.2.7"), network("192.0.2.8")
	for range 10 {
		if wait := l.try(a, false); wait != 0 {
			t.Fatalf("begin() = %v where none has failed, want 0", wait)
		}
	}
	if n := len(l.counts); n != 0 {
		t.Errorf("remembers %d where none has failed, want 0", n)
	}
	for range 3 {
		if wait := l.try(a, true); wait != 0 {
			t.Fatalf("begin() = %v within the allowance, want 0", wait)
		}
	}
	if end, wait := l.begin(t.Context(), a); end != nil || wait != time.Second {
		t.Errorf("begin() = %v after the allowance, want 1s", wait)
	}
	end, wait := l.begin(t.Context(), other)
	if end == nil {
		t.Fatalf("begin() = %v for somebody else, want a place", wait)
	}
	now = now.Add(time.Second)
	if wait := l.try(a, true); wait != 0 {
		t.Errorf("begin() = %v a second later, want 0", wait)
	}
	for i := range maxCounted + 10 {
		l.try(network(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)), true)
	}
	if n := len(l.counts); n > maxCounted {
		t.Errorf("remembers %d of them, want at most %d", n, maxCounted)
	}
	end(true) // was not forgotten while it was under way
	if network("2001:db8::1") != network("2001:db8::2") || network("2001:db8::1") == network("2001:db8:0:1::1") {
		t.Error("hosts of one IPv6 /64 are not counted together, or those of two are")
	}
}

// Attempts that come at one moment get no further than one after the other, and those that do not fail cost nothing.
func TestLimiterAtOneMoment(t *testing.T) {
	const burst, attempts = 5, 40
	l := newLimiter(rate.Every(time.Hour), burst)
	atOnce := func(answer error) (reached, most int32) {
		var in, all, highest atomic.Int32
		handle := l.guard(func(echo.Context) error {
			all.Add(1)
			for now := in.Add(1); ; {
				if was := highest.Load(); now <= was || highest.CompareAndSwap(was, now) {
					break
				}
			}
			time.Sleep(5 * time.Millisecond)
			in.Add(-1)
			return answer
		})
		var wg sync.WaitGroup
		for range attempts {
			wg.Go(func() { _ = handle(anyContext()) }) // what reached the handler is counted
		}
		wg.Wait()
		return all.Load(), highest.Load()
	}
	for range 2 {
		if got, most := atOnce(nil); got != attempts || most > burst {
			t.Errorf("%d attempts that succeed reached the handler, %d at one moment, want %d and at most %d", got, most, attempts, burst)
		}
	}
	if got, _ := atOnce(echo.ErrNotFound); got != burst {
		t.Errorf("%d attempts that fail reached the handler, want %d", got, burst)
	}
	if got, _ := atOnce(nil); got != 0 {
		t.Errorf("%d attempts reached the handler after the allowance, want none", got)
	}
}

// Whoever finds no place is told so in a moment, and a place that nobody gives back is taken back as a failure.
func TestLimiterPlacesHaveAnEnd(t *testing.T) {
	l := newLimiter(rate.Every(time.Hour), 2)
	l.wait, l.life = 20*time.Millisecond, 60*time.Millisecond
	for range 2 {
		if end, wait := l.begin(t.Context(), "a"); end == nil {
			t.Fatalf("begin() = %v, want a place", wait)
		}
	}
	if end, wait := l.begin(t.Context(), "a"); end != nil || wait != l.wait {
		t.Errorf("begin() = %v while all places are held, want none and to wait %v", wait, l.wait)
	}
	time.Sleep(2 * l.life)
	if end, wait := l.begin(t.Context(), "a"); end != nil || wait < time.Minute {
		t.Errorf("begin() = %v, want none: what was taken back counts as failed", wait)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	l.burst, l.wait = 1, time.Hour
	if end, _ := l.begin(t.Context(), "b"); end == nil {
		t.Fatal("begin() = no place for somebody else")
	}
	if end, _ := l.begin(gone, "b"); end != nil {
		t.Error("begin() has a place for somebody who has gone")
	}
}

func anyContext() echo.Context {
	return echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder())
}

// A handler that panics is an attempt that failed, and holds no place any more.
func TestLimiterOutlivesAPanic(t *testing.T) {
	l := newLimiter(rate.Every(time.Hour), 2)
	handle := l.guard(func(echo.Context) error { panic("lost") })
	for range 2 {
		func() {
			defer func() { _ = recover() }() // as the server's outermost middleware does
			_ = handle(anyContext())
		}()
	}
	if err := handle(anyContext()); err != echo.ErrTooManyRequests {
		t.Errorf("the third attempt = %v, want it refused", err)
	}
}
