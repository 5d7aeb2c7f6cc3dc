package store_test

import (
	"database/sql"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// TestSubmitWhenCommitsFail bounds the size of files, so that the write-ahead log cannot take the next commits: their
// statements succeed and the commit itself fails.
func TestSubmitWhenCommitsFail(t *testing.T) {
	if !alone(t) {
		return
	}
	path := filepath.Join(t.TempDir(), "wellwave.db")
	tr := newTrial(t, storetest.Database{DSN: "sqlite:" + path}, 64)
	makeRoom := fillDisk(t, path)
	tr.wantNoFalseReceipts(makeRoom)
}

// TestReadyOnAFullDisk wants a server that can only read to say so, and to say at most every few seconds what it tried.
func TestReadyOnAFullDisk(t *testing.T) {
	if !alone(t) {
		return
	}
	path := filepath.Join(t.TempDir(), "wellwave.db")
	tr := newTrial(t, storetest.Database{DSN: "sqlite:" + path}, 1)
	makeRoom := fillDisk(t, path)
	if err := tr.Ready(t.Context()); surveys.KindOf(err) != surveys.Unavailable {
		t.Errorf("Ready() on a full disk = %v, want it unavailable", err)
	}
	makeRoom()
	if err := tr.Ready(t.Context()); surveys.KindOf(err) != surveys.Unavailable {
		t.Errorf("Ready() at once = %v, want what it found before", err)
	}
	tr.ForgetReady()
	if err := tr.Ready(t.Context()); err != nil {
		t.Errorf("Ready() once there is room = %v, want nil", err)
	}
}

// alone reports whether the test has a process to itself, whose files it may bound. Where it has none, it is run in one:
// the file in which `go test` notes what a test read, which grows all the while, would be bounded as well.
func alone(t *testing.T) bool {
	t.Helper()
	const own = "WELLWAVE_TEST_ALONE"
	if os.Getenv(own) == t.Name() {
		return true
	}
	program := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	program.Env = append(os.Environ(), own+"="+t.Name())
	if out, err := program.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("by itself: %v\n%s", err, out)
	}
	return false
}

// emptyLog takes the write-ahead log into the database, so that the log has no room left over from what was written before.
func emptyLog(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var busy, inLog, moved int
	if err := db.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &inLog, &moved); err != nil || busy != 0 {
		t.Fatalf("empty the log: busy %d, %v", busy, err)
	}
}

// fillDisk bounds the size of files to little more than the write-ahead log has, until makeRoom is called or the test
// ends.
func fillDisk(t *testing.T, path string) (makeRoom func()) {
	t.Helper()
	emptyLog(t, path)
	log, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	t.Cleanup(func() { signal.Reset(syscall.SIGXFSZ) })
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	full := before
	full.Cur = uint64(log.Size()) + 2000 // less than one page more
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	makeRoom = func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(makeRoom)
	return makeRoom
}
