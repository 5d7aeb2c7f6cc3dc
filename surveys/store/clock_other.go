//go:build !linux

package store

import "time"

// elapsed returns how long the process has run, by a clock that nobody can set.
func elapsed() time.Duration { return time.Since(began) }

// bootID is empty: what elapsed counts is over with the process.
func bootID() string { return "" }
