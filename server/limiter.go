package server

import (
	"context"
	"maps"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxCounted bounds a limiter's memory to about one megabyte.
const maxCounted = 8192

// Times of attempts. A place that nobody gives back would keep others waiting, so it is taken back, and the attempt counts as
// one that failed.
const (
	placeWait = time.Second      // for a place, before an attempt is refused
	placeLife = 10 * time.Second // of a place
)

// limiter counts failures by a key: an address, or how a code begins. An attempt holds a place in the allowance until it
// ends; when all that is left is held, the next attempt waits for a moment. So guesses made at the same moment get no further
// than guesses made one by one, and nobody is refused because many people behind one address open their links at once.
type limiter struct {
	every      rate.Limit
	burst      int
	now        func() time.Time
	wait, life time.Duration // placeWait and placeLife, but in tests

	mu     sync.Mutex
	counts map[string]*tries
}

// tries are the attempts under one key. A reservation of the rate package does not suit attempts under way: when it is
// cancelled, it gives back less the more reservations were made after it.
type tries struct {
	allowance         *rate.Limiter // spent on failed attempts
	underWay, waiting int
	ended             chan struct{} // closed, and made anew, when an attempt has ended
}

func newLimiter(every rate.Limit, burst int) *limiter {
	return &limiter{every: every, burst: burst, now: time.Now, wait: placeWait, life: placeLife, counts: make(map[string]*tries)}
}

// begin takes a place for an attempt, waiting for one if it must; the caller must call end when the attempt is over. If the
// allowance is spent, or no place became free in time, end is nil and wait says how long to leave it before the next attempt.
func (l *limiter) begin(ctx context.Context, key string) (end func(failed bool), wait time.Duration) {
	patience := time.NewTimer(l.wait)
	defer patience.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.find(key)
	left := one.allowance.TokensAt(l.now())
	for left >= 1 && left-float64(one.underWay) < 1 {
		if !l.await(ctx, one, patience.C) {
			return nil, l.wait
		}
		left = one.allowance.TokensAt(l.now())
	}
	if left < 1 {
		return nil, time.Duration((1 - left) / float64(l.every) * float64(time.Second))
	}
	one.underWay++
	var once sync.Once
	giveBack := func(failed bool) { once.Do(func() { l.end(key, failed) }) }
	takenBack := time.AfterFunc(l.life, func() { giveBack(true) })
	return func(failed bool) {
		takenBack.Stop()
		giveBack(failed)
	}, 0
}

// await waits until an attempt has ended, and reports false if patience or ctx did so first. It is called with the lock held
// and gives it away meanwhile.
func (l *limiter) await(ctx context.Context, one *tries, patience <-chan time.Time) bool {
	ended := one.ended
	one.waiting++
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		one.waiting--
	}()
	select {
	case <-ended:
		return true
	case <-patience:
	case <-ctx.Done():
	}
	return false
}

// end gives back what begin took, or spends it if the attempt failed.
func (l *limiter) end(key string, failed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.counts[key]
	one.underWay--
	if failed {
		one.allowance.AllowN(l.now(), 1)
	}
	close(one.ended)
	one.ended = make(chan struct{})
	if !one.busy() && l.whole(one) {
		delete(l.counts, key)
	}
}

// find returns the tries of a key, and makes them if there are none.
func (l *limiter) find(key string) *tries {
	one, ok := l.counts[key]
	if !ok {
		if len(l.counts) >= maxCounted {
			l.forget()
		}
		one = &tries{allowance: rate.NewLimiter(l.every, l.burst), ended: make(chan struct{})}
		l.counts[key] = one
	}
	return one
}

func (t *tries) busy() bool { return t.underWay+t.waiting > 0 }

// whole reports whether nothing of the allowance is spent.
func (l *limiter) whole(one *tries) bool { return one.allowance.TokensAt(l.now()) >= float64(l.burst) }

// forget drops the keys whose whole allowance is back, or, if there are none, every key that is not in use.
func (l *limiter) forget() {
	maps.DeleteFunc(l.counts, func(_ string, one *tries) bool { return !one.busy() && l.whole(one) })
	if len(l.counts) >= maxCounted {
		maps.DeleteFunc(l.counts, func(_ string, one *tries) bool { return !one.busy() })
	}
}
