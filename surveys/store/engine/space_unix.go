//go:build linux || darwin

package engine

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"wellwave/surveys"
)

// space returns the room on the disk of a file, as far as it is this process' to use.
func space(path string) (surveys.Space, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &disk); err != nil {
		return surveys.Space{}, fmt.Errorf("look at the disk: %w", err)
	}
	size := uint64(disk.Bsize)
	return surveys.Space{Free: disk.Bavail * size, Total: disk.Blocks * size}, nil
}

// noRoom reports whether the operating system refused a write because there was no room for it: on the disk, within a quota, or
// within the size that a file may have.
func noRoom(e sqlite3.Error) bool {
	return e.Code == sqlite3.ErrFull || e.Code == sqlite3.ErrIoErr &&
		(errors.Is(e.SystemErrno, syscall.ENOSPC) || errors.Is(e.SystemErrno, syscall.EDQUOT) || errors.Is(e.SystemErrno, syscall.EFBIG))
}
