//go:build !linux && !darwin

package engine

import (
	"github.com/mattn/go-sqlite3"

	"wellwave/surveys"
)

// space returns nothing where it is not known how to ask.
func space(string) (surveys.Space, error) { return surveys.Space{}, errUnknownSpace }

// noRoom reports whether a write was refused because there was no room for it.
func noRoom(e sqlite3.Error) bool { return e.Code == sqlite3.ErrFull }
