package main

import (
	"fmt"
	"io"
	"os"
)

// spool keeps what must not be seen before it is whole: in memory as long as it is small, then in a temporary file that
// has no name any more, so that nothing is left behind whatever happens.
type spool struct {
	memory []byte
	file   *os.File
}

// spoolMemory is how many bytes a spool keeps in memory.
const spoolMemory = 4 << 20

// Write adds to the spool.
func (s *spool) Write(b []byte) (int, error) {
	if s.file == nil {
		if len(s.memory)+len(b) <= spoolMemory {
			s.memory = append(s.memory, b...)
			return len(b), nil
		}
		if err := s.spill(); err != nil {
			return 0, fmt.Errorf("keep the output until it is whole: %w", err)
		}
	}
	return s.file.Write(b)
}

// spill moves what is in memory to a file.
func (s *spool) spill() error {
	file, err := os.CreateTemp("", "wellwave-*")
	if err != nil {
		return err
	}
	s.file = file
	_ = os.Remove(file.Name()) // where open files keep their names, close removes it
	_, err = file.Write(s.memory)
	s.memory = nil
	return err
}

// copyTo writes the whole spool to w.
func (s *spool) copyTo(w io.Writer) error {
	if s.file == nil {
		_, err := w.Write(s.memory)
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.Copy(w, s.file)
	return err
}

// close throws the spool away.
func (s *spool) close() {
	if s.file == nil {
		return
	}
	_ = s.file.Close() // nothing of it is wanted any more
	_ = os.Remove(s.file.Name())
}
