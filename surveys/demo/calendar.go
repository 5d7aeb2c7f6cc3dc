package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Clock tells a store the time: the day that the demonstration has come to while it is filled, then the real one.
type Clock struct {
	mu    sync.Mutex
	shown time.Time // zero for the real time
}

// Now returns the time that the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shown.IsZero() {
		return time.Now()
	}
	return c.shown
}

func (c *Clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown = t
}

func (c *Clock) release() { c.set(time.Time{}) }

// task is something that somebody does on a day of the calendar.
type task func(context.Context) error

// day holds what happens on one day: first alone and in order, then by many at once, so that they share commits.
type day struct {
	first    []task
	together []task
}

// calendar holds the days by their distance from today; the past is negative.
type calendar map[int]*day

func (c calendar) on(n int) *day {
	if c[n] == nil {
		c[n] = &day{}
	}
	return c[n]
}

// atOnce is how many people act at the same time.
const atOnce = 64

// run lets the calendar pass, each day's work at ten in the morning.
func (f *filler) run(ctx context.Context) error {
	for _, n := range slices.Sorted(maps.Keys(f.days)) {
		f.clock.set(f.morning(n))
		today := f.days[n]
		for _, act := range today.first {
			if err := act(ctx); err != nil {
				return fmt.Errorf("fill the demonstration, day %d: %w", n, err)
			}
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(atOnce)
		for _, act := range today.together {
			group.Go(func() error { return act(ctx) })
		}
		if err := group.Wait(); err != nil {
			return fmt.Errorf("fill the demonstration, day %d: %w", n, err)
		}
	}
	return nil
}

// morning returns ten o'clock on the day that is n days from today, in the study's zone.
func (f *filler) morning(n int) time.Time {
	y, m, d := f.today.In(f.study.Zone).Date()
	return time.Date(y, m, d+n, 10, 0, 0, 0, f.study.Zone)
}
