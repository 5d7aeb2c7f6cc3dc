//go:build linux || darwin

package engine

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the lock of an open file without waiting, alone or shared with others who want it shared. It reports whether
// it could be had. The lock ends with the file, however the process ends. It is not SQLite's, which locks the database itself:
// closing any file of that name would drop those locks.
func lockFile(file *os.File, alone bool) (bool, error) {
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	for {
		err := syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return true, nil
		case errors.Is(err, syscall.EWOULDBLOCK):
			return false, nil
		case !errors.Is(err, syscall.EINTR):
			return false, err
		}
	}
}
