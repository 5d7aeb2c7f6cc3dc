package store

import (
	"os"
	"strings"
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

// bootID names the start of the machine since which elapsed counts, and is empty where that is not known.
func bootID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(id))
}
