package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/engine"
)

// A machine's clock can be wrong when a program starts, and can be set while it runs. Five seconds of a clock that is a year
// ahead must not close anybody's window, so a store does not ask the clock alone. While it is open the time goes on by a counter
// that nobody can set; where the clock says something else, the counter counts, until the clock has said so for an hour. When it
// is opened, the clock is compared with the time at which the database was last seen, where the machine has run on since with the
// time that it has counted, and on PostgreSQL with that server's. What
// time alone decides, and nobody could take back, waits while there is a doubt: see [Store.CheckClock]. What waits least is
// answers: they are taken in at any time.

const (
	// jumpSlack is how far a clock may be off before it is doubted: more than clocks drift between two looks, and less than anything
	// is decided by.
	jumpSlack = time.Minute
	// clockBelief is how long a clock must say the same until it is believed, whatever it said before.
	clockBelief = time.Hour
	// longAway is how long a database may not have been seen before the clock, and not a holiday, seems to be why.
	longAway = 72 * time.Hour
)

var began = time.Now()

// steadyClock is a clock that does not jump. It is safe for use by many goroutines.
type steadyClock struct {
	wall    func() time.Time
	elapsed func() time.Duration

	mu       sync.Mutex
	was      time.Time     // what the clock said when it was last believed
	at       time.Duration // which was then
	jumped   bool
	off      time.Duration // by how much, if so
	since    time.Duration // when that was first seen
	doubt    error         // since the store was opened
	doubtEnd time.Duration
}

func newSteadyClock(wall func() time.Time, elapsed func() time.Duration) *steadyClock {
	return &steadyClock{wall: wall, elapsed: elapsed, was: wall().Round(0), at: elapsed()}
}

// read returns the time, and why it may be wrong, if so.
func (c *steadyClock) read() (now time.Time, doubt error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall, at := c.wall().Round(0), c.elapsed()
	steady := c.was.Add(at - c.at)
	off := wall.Sub(steady)
	switch {
	case off.Abs() <= jumpSlack:
		if c.jumped = false; at-c.at > jumpSlack { // so that a clock which is set by little and often comes no further
			c.was, c.at = wall, at
		}
		now = wall
	case !c.jumped || (off-c.off).Abs() > jumpSlack:
		c.jumped, c.off, c.since, now = true, off, at, steady
	case at-c.since >= clockBelief:
		c.was, c.at, c.jumped, now = wall, at, false, wall
	default:
		now = steady
	}
	switch {
	case c.jumped:
		return now, inDoubt("it was set %s, to %s, while the time since was counted", direction(c.off), shown(wall))
	case c.doubt != nil && at < c.doubtEnd:
		return now, c.doubt
	}
	c.doubt = nil
	return now, nil
}

// doubted notes why the clock may be wrong since it was first read. It is believed once it has gone on for long.
func (c *steadyClock) doubted(doubt error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doubt, c.doubtEnd = doubt, c.elapsed()+clockBelief
}

// inDoubt words a doubt, and the way out.
func inDoubt(why string, args ...any) error {
	return surveys.Errorf(surveys.Unavailable, "the clock of this machine cannot be right: %s. Set it to the right time, best from the network. "+
		"Answers are taken in meanwhile; no window is closed and nothing ends by its age until the clock is right, or has said the same for an hour", fmt.Sprintf(why, args...))
}

// direction says by how much a clock is off.
func direction(off time.Duration) string {
	if off < 0 {
		return roughly(-off) + " back"
	}
	return roughly(off) + " ahead"
}

func roughly(d time.Duration) string {
	if days := int(d.Hours() / 24); days >= 2 {
		return fmt.Sprintf("%d days", days)
	}
	return d.Round(time.Minute).String()
}

func shown(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// Now is the store's clock, which everybody who works with the store goes by.
func (s *Store) Now() time.Time { return s.now() }

// CheckClock fails with Unavailable, in a sentence that says what to do, while the clock cannot be right. It is asked before
// anything is done that time alone decides. Where all is well it notes in the database, now and then, that this time has been.
func (s *Store) CheckClock(ctx context.Context) error {
	if s.clock == nil {
		return nil
	}
	now, doubt := s.clock.read()
	if doubt == nil {
		doubt = s.compareWithServer(ctx, now)
	}
	if doubt != nil {
		return doubt
	}
	return surveys.Wrap("note the time", s.db.InTx(ctx, func(tx *engine.Tx) error {
		_, err := tx.Exec(ctx, housekeeping, `
			UPDATE clock
			SET seen_at = ?, boot = ?, ran = ?
			WHERE boot <> ? OR seen_at < ? OR seen_at > ?`, engine.Stamp(now), s.boot, s.clock.elapsed().Milliseconds(), s.boot, engine.Stamp(now.Add(-jumpSlack)), engine.Stamp(now.Add(jumpSlack)))
		return err
	}))
}

// watchClock compares the clock, as it is when the store is opened, with what the database knows of time.
func (s *Store) watchClock(ctx context.Context) error {
	if s.clock == nil {
		return nil
	}
	var seen struct {
		At   engine.Stamp `db:"seen_at"`
		Boot string       `db:"boot"`
		Ran  int64        `db:"ran"`
	}
	if err := s.db.Get(ctx, &seen, "SELECT seen_at, boot, ran FROM clock"); err != nil {
		return surveys.Wrap("read when the database was last seen", err)
	}
	now, last := s.now(), seen.At.Time()
	counted := last.Add(s.clock.elapsed() - time.Duration(seen.Ran)*time.Millisecond)
	switch {
	case last.UnixMilli() == 0:
	case s.boot != "" && seen.Boot == s.boot:
		if off := now.Sub(counted); off.Abs() > jumpSlack {
			s.clock.doubted(inDoubt("it says %s, which is %s of the time that this machine has counted since the database was last used, at %s", shown(now), direction(off), shown(last)))
		}
	case now.Before(last.Add(-jumpSlack)):
		s.clock.doubted(inDoubt("it says %s, and this database has been used at %s", shown(now), shown(last)))
	case now.After(last.Add(longAway)):
		s.clock.doubted(inDoubt("it says %s, which is %s after the database was last used, unless no server ran since %s", shown(now), roughly(now.Sub(last)), shown(last)))
	}
	return nil
}

// compareWithServer compares the clock with that of the database's server, by which other servers go as well.
func (s *Store) compareWithServer(ctx context.Context, now time.Time) error {
	theirs, known, err := s.db.ServerTime(ctx)
	if err != nil || !known {
		return surveys.Wrap("ask the database for the time", err)
	}
	if off := now.Sub(theirs); off.Abs() > jumpSlack {
		return inDoubt("it is %s of that of the database's server, which says %s", direction(off), shown(theirs))
	}
	return nil
}
