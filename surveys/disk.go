package surveys

import "errors"

// ErrDiskFull is in the chain of an error that came up because the disk under the database has no room. Participants read that
// nothing could be saved; the team, logs and programs are told this.
var ErrDiskFull = errors.New("the disk is full")

// ErrMoved is in the chain of an error that came up because somebody moved or replaced the files of the database while they were
// open. Nothing is acknowledged then.
var ErrMoved = errors.New("the files of the database are not those that were opened")

// Space is the room on a disk, in bytes.
type Space struct{ Free, Total uint64 }

// What is too little room: a warning comes while there is time to make more, also where a large disk has 5 % that are a lot.
const (
	lowSpace   = 500_000_000
	lowPercent = 5
)

// Low reports whether there is so little room that somebody must make more.
func (s Space) Low() bool { return s.Free < lowSpace || s.Free/lowPercent < s.Total/100 }
