package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"wellwave/surveys"
)

// A Lock says that an SQLite database is in use. Servers and commands share it; whoever puts another file in the place of the
// database, or gives it another key, has it alone. Its file lies beside the database and stays there, because whoever removed
// it could take it from under somebody who has just opened it; only the lock counts, and that ends with the process.
type Lock struct{ file *os.File }

// LockAlone takes the lock of the SQLite database at path for the caller alone, whether or not the database is there. It fails
// with Conflict while anybody uses the database, by the lock or, as a program that knows nothing of it, without.
func LockAlone(ctx context.Context, path string) (*Lock, error) {
	l, got, err := takeLock(path, true)
	if err == nil && !got {
		err = errInUse(path)
	}
	if err != nil {
		return nil, err
	}
	if err := refuseInUse(ctx, path); err != nil {
		return nil, errors.Join(err, l.Release())
	}
	return l, nil
}

// lockShared takes the lock of the database at path together with others.
func lockShared(path string) (*Lock, error) {
	l, got, err := takeLock(path, false)
	if err == nil && !got {
		err = surveys.Errorf(surveys.Conflict, "another command is at work on the database %s that has to be alone with it, such as restore: try again when it is done", path)
	}
	return l, err
}

// errInUse refuses what has to be alone with a database.
func errInUse(path string) error {
	return surveys.Errorf(surveys.Conflict, "the database %s is in use: stop the server first", path)
}

func takeLock(path string, alone bool) (*Lock, bool, error) {
	name := realPath(path) + ".lock"
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, surveys.Errorf(surveys.Unavailable, "the lock of the database cannot be opened: %w", err)
	}
	got, err := lockFile(file, alone)
	if err == nil && got {
		return &Lock{file}, true, nil
	}
	_ = file.Close() // nothing was written to it
	if err != nil {
		err = surveys.Errorf(surveys.Unavailable, "%s cannot be locked: is it on a network disk? %w", name, err)
	}
	return nil, false, err
}

// Release gives the lock back. Doing it again changes nothing.
func (l *Lock) Release() error {
	if l == nil {
		return nil
	}
	if err := l.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

// realPath returns the path without symbolic links, so that everybody who uses a file meets at one lock; where there is no
// file yet, the one in its folder.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(folder, filepath.Base(path))
	}
	return path
}

// beside are the endings of the files of an SQLite database that is in use: itself, its write-ahead log and the log's index.
var beside = []string{"", "-wal", "-shm"}

// opened remembers which files a database was opened as. Somebody may move them while it is open, and put others in their
// place: what is written then goes to files that nobody will look for.
type opened struct {
	names []string // as beside
	files []fs.FileInfo
}

// asOpened returns the files of a database that has just been read from.
func asOpened(path string) (*opened, error) {
	o := &opened{}
	for _, ending := range beside {
		name := path // by which the next program will look for it, whatever the links on the way
		if ending != "" {
			name = realPath(path) + ending
		}
		info, err := os.Stat(name)
		if err != nil {
			return nil, surveys.Errorf(surveys.Unavailable, "the database was moved while it was being opened: %w", err)
		}
		o.names, o.files = append(o.names, name), append(o.files, info)
	}
	return o, nil
}

// check fails with Unavailable and surveys.ErrMoved if another file has the name of one that was opened, or none has.
func (o *opened) check() error {
	for i, name := range o.names {
		info, err := os.Stat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return moved(name, "is gone")
		case err != nil:
			return refusal(surveys.Unavailable, fmt.Errorf("look whether the database is still in its place: %w", err))
		case !os.SameFile(info, o.files[i]):
			return moved(name, "is another file than the one that was opened")
		}
	}
	return nil
}

func moved(path, what string) error {
	return refusal(surveys.Unavailable, fmt.Errorf("%w: %s %s. Nothing is acknowledged until it is mended: stop every wellwave on this database, then put back the files that were moved, "+
		"the one that ends in -wal with them because it holds the latest answers, or use wellwave restore to put a backup in their place, and start again", surveys.ErrMoved, path, what))
}

// LeftBeside lists the files that lie beside an SQLite database which nobody has open. SQLite would take a log that it finds
// there for that of whatever database has the name.
func LeftBeside(path string) []string {
	var left []string
	for _, ending := range beside[1:] {
		if name := realPath(path) + ending; exists(name) {
			left = append(left, name)
		}
	}
	return left
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
