package store_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"wellwave/surveys/store/storetest"
)

// TestSubmitWhenCommitsFail bounds the size of files, so that the write-ahead log cannot take the next commits: their
// statements succeed and the commit itself fails.
func TestSubmitWhenCommitsFail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wellwave.db")
	tr := newTrial(t, storetest.Database{DSN: "sqlite:" + path}, 64)
	log, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	full := before
	full.Cur = uint64(log.Size()) + 2000 // less than one page more
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	makeRoom := func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
	}
	defer makeRoom()
	tr.wantNoFalseReceipts(makeRoom)
}
