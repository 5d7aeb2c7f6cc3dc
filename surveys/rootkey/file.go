package rootkey

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"wellwave/surveys"
)

// most is how much of a file is read: a key and some room for what an editor adds.
const most = 4096

// Read reads a key from its file. It fails with NotFound where there is none, and with Invalid for one that others may read
// or that holds no key.
func Read(path string) (Key, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Key{}, surveys.Errorf(surveys.NotFound, "there is no root key at %s", path)
	}
	if err != nil {
		return Key{}, surveys.Errorf(surveys.Invalid, "the root key cannot be read: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return Key{}, surveys.Errorf(surveys.Invalid, "the root key cannot be read: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Key{}, surveys.Errorf(surveys.Invalid, "the root key is to be a file, and %s is none", path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return Key{}, surveys.Errorf(surveys.Invalid,
			"the root key %s can be read or changed by others than its owner (its mode is %04o): say chmod 600 %s", path, info.Mode().Perm(), path)
	}
	content, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return Key{}, surveys.Errorf(surveys.Invalid, "the root key cannot be read: %w", err)
	}
	key, err := Parse(string(content))
	if err != nil {
		return Key{}, surveys.Errorf(surveys.Invalid, "the file %s is not a root key that can be used: %w", path, err)
	}
	return key, nil
}

// Make makes a key in a new file and reports that it did, or returns the key of a file that is there, also where somebody
// else makes it at the same moment. When it returns, the file is safe on disk.
func Make(path string) (key Key, made bool, err error) {
	key = New()
	err = key.Write(path)
	if surveys.KindOf(err) == surveys.Conflict {
		key, err = Read(path)
		return key, false, err
	}
	return key, err == nil, err
}

// Write writes the key to a new file that only its owner may read, whole or not at all, and returns when it is safe on disk.
// It fails with Conflict where there is a file.
func (k Key) Write(path string) (err error) {
	folder := filepath.Dir(path)
	part, err := os.CreateTemp(folder, "."+filepath.Base(path)+"-*") // which only its owner may read
	if err != nil {
		return surveys.Errorf(surveys.Invalid, "the root key cannot be written: %w", err)
	}
	defer func() { _ = os.Remove(part.Name()) }() // whole, it has its other name by then
	_, err = io.WriteString(part, k.Text()+"\n")
	if err = errors.Join(err, part.Sync(), part.Close()); err != nil {
		return fmt.Errorf("write the root key: %w", err)
	}
	if err := os.Link(part.Name(), path); errors.Is(err, fs.ErrExist) { // unlike a renaming it replaces nothing
		return surveys.Errorf(surveys.Conflict, "there is already a file %s", path)
	} else if err != nil {
		return fmt.Errorf("name the root key: %w", err)
	}
	return SyncFolder(path)
}

// SyncFolder makes sure that the name of the file is safe on disk.
func SyncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("open the folder of the root key: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("sync the folder of the root key: %w", err)
	}
	return nil
}
