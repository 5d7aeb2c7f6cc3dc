package store

import (
	"time"

	"golang.org/x/sys/unix"
)

// elapsed returns how long the machine has run, sleep included, by a clock that nobody can set.
func elapsed() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &t) != nil {
		return time.Since(began)
	}
	return time.Duration(t.Nano())
}
