package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// programFolder is where the program is built, once for all tests; it is removed when they have ended.
var programFolder string

func TestMain(m *testing.M) {
	code := m.Run()
	if programFolder != "" {
		_ = os.RemoveAll(programFolder) // nothing more can be done about what stays
	}
	os.Exit(code)
}

var build = sync.OnceValues(func() (path string, err error) {
	if programFolder, err = os.MkdirTemp("", "wellwave-program-"); err != nil {
		return "", err
	}
	path = filepath.Join(programFolder, "wellwave")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

// program returns where the program is, built from what is tested.
func program(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// deployment is the real program on a real database, with the tests' study and people in it.
type deployment struct {
	t       *testing.T
	binary  string
	dsn     string
	addr    string
	secret  string // of an API key
	stderr  bytes.Buffer
	running *exec.Cmd
}

// newDeployment stores the study, people called P00001 and so on, and a key.
func newDeployment(t *testing.T, binary string, db storetest.Database, people int) *deployment {
	t.Helper()
	ctx := context.Background()
	t.Setenv("WELLWAVE_KEY_FILE", db.KeyFile) // for the program, and for the commands here
	s, err := store.Open(ctx, store.Options{DSN: db.DSN, KeyFile: db.KeyFile, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadStudy(t, s)
	storetest.Enrol(t, s, people)
	_, secret, err := s.AddKey(ctx, "", storetest.Study, "crash test", surveys.SubmitScope)
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = free.Close() }() // before the program takes the port
	return &deployment{t: t, binary: binary, dsn: db.DSN, addr: free.Addr().String(), secret: secret}
}

// start starts the server, below a tracer if one is given.
func (st *deployment) start(tracer ...string) {
	st.t.Helper()
	line := append(tracer, st.binary, "--database", st.dsn, "serve", "--addr", st.addr)
	st.running = exec.Command(line[0], line[1:]...)
	st.running.Stderr = &st.stderr
	if err := st.running.Start(); err != nil {
		st.t.Fatal(err)
	}
}

// ready waits until the server answers.
func (st *deployment) ready() {
	st.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if reply, err := http.Get("http://" + st.addr + "/readyz"); err == nil {
			_ = reply.Body.Close()
			if reply.StatusCode == http.StatusOK {
				return
			}
		}
	}
	st.end(syscall.SIGKILL)
	st.t.Fatalf("the server does not start again:\n%s", st.stderr.String())
}

// end sends the server a signal and waits until it is gone.
func (st *deployment) end(signal os.Signal) {
	_ = st.running.Process.Signal(signal) // it may be gone already
	_ = st.running.Wait()                 // a killed program always fails
}

// save is one submission of one answer and, once it came, its receipt.
type save struct {
	person   int // its sitting too
	seq      int
	answer   string
	revision int // from the receipt
}

// send sends a submission until a receipt comes, as a client must that heard nothing.
func (st *deployment) send(client *http.Client, s *save) (repeated bool, err error) {
	body := fmt.Sprintf(`{"participant":"P%05d","sitting":"%032x","seq":%d,"finish":false,"answers":%s}`, s.person, s.person, s.seq, s.answer)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		request, err := http.NewRequest(http.MethodPost, "http://"+st.addr+"/api/v1/studies/trial/waves/baseline/submissions", strings.NewReader(body))
		if err != nil {
			return false, err
		}
		request.Header.Set("Authorization", "Bearer "+st.secret)
		request.Header.Set("Content-Type", "application/json")
		reply, err := client.Do(request)
		if err != nil {
			continue // the server is dead, or died under the request
		}
		text, err := io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		if err != nil {
			continue
		}
		var receipt struct {
			Revision int    `json:"revision"`
			Verdict  string `json:"verdict"`
			Repeated bool   `json:"repeated"`
		}
		switch {
		case reply.StatusCode == http.StatusServiceUnavailable:
			continue
		case reply.StatusCode >= 300, json.Unmarshal(text, &receipt) != nil, receipt.Verdict != "accepted":
			return false, fmt.Errorf("submission %s: status %d, %s", body, reply.StatusCode, text)
		case s.revision != 0 && (s.revision != receipt.Revision || !receipt.Repeated):
			return false, fmt.Errorf("submission %s: receipted at revision %d, and now %s", body, s.revision, text)
		}
		s.revision = receipt.Revision
		return receipt.Repeated, nil
	}
	return false, fmt.Errorf("submission %s: no receipt within a minute", body)
}

// answer saves answers of some people, one after the other, until done is closed, and now and then sends again what it
// has a receipt for. It counts and returns all that it has receipts for.
func (st *deployment) answer(n, people int, count *atomic.Int64, done <-chan struct{}) (receipted []*save) {
	random := rand.New(rand.NewPCG(7, uint64(n)))
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	next := make([]int, people)
	for {
		select {
		case <-done:
			return receipted
		default:
		}
		if len(receipted) > 0 && random.IntN(8) == 0 {
			if _, err := st.send(client, receipted[random.IntN(len(receipted))]); err != nil {
				st.t.Error(err)
				return receipted
			}
			continue
		}
		i := random.IntN(people)
		next[i]++
		s := &save{person: n*people + i + 1, seq: next[i], answer: fmt.Sprintf(`{"mood_%d":%d}`, random.IntN(14)+1, random.IntN(5)+1)}
		if _, err := st.send(client, s); err != nil {
			st.t.Error(err)
			return receipted
		}
		receipted = append(receipted, s)
		count.Add(1)
	}
}

// database opens the database beside the server.
func (st *deployment) database() *sql.DB {
	st.t.Helper()
	driver, source := "pgx", st.dsn
	if path, ok := strings.CutPrefix(st.dsn, "sqlite:"); ok {
		driver, source = "sqlite3", path
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		st.t.Fatal(err)
	}
	return db
}

// ledger reads what is stored: for each person and sequence the content, and the revision at which it was folded.
func (st *deployment) ledger() map[[2]int]string {
	st.t.Helper()
	db := st.database()
	defer func() { _ = db.Close() }() // it was only read
	rows, err := db.Query("SELECT sitting, seq, attempt, revision, content FROM submissions")
	if err != nil {
		st.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // Err tells
	found := make(map[[2]int]string)
	for rows.Next() {
		var sitting, content string
		var seq, attempt, revision, person int
		if err := rows.Scan(&sitting, &seq, &attempt, &revision, &content); err != nil {
			st.t.Fatal(err)
		}
		if _, err := fmt.Sscanf(sitting, "%x", &person); err != nil || attempt != 0 {
			st.t.Errorf("the ledger holds sitting %s, attempt %d: %v", sitting, attempt, err)
		}
		key := [2]int{person, seq}
		if _, twice := found[key]; twice {
			st.t.Errorf("submission %v stands in the ledger twice", key)
		}
		found[key] = fmt.Sprintf("%d %s", revision, content)
	}
	if err := rows.Err(); err != nil {
		st.t.Fatal(err)
	}
	return found
}

// TestKilledServer kills the real server again and again while clients submit. Every submission that somebody has a
// receipt for must be in the ledger exactly once, as it was sent, and the ledger must fold to what is stored.
func TestKilledServer(t *testing.T) {
	if testing.Short() {
		t.Skip("killing servers takes half a minute")
	}
	binary := program(t)
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		const clients, people = 12, 5
		daily := map[bool]int{true: 50, false: 10}[strings.HasPrefix(db.DSN, "sqlite:")]
		kills := storetest.Times(t, "kills of a server that takes answers", daily, 1000)
		st := newDeployment(t, binary, db, clients*people)
		done := make(chan struct{})
		receipted := make([][]*save, clients)
		var count atomic.Int64
		var wg sync.WaitGroup
		for n := range clients {
			wg.Go(func() { receipted[n] = st.answer(n, people, &count, done) })
		}
		for i := range kills {
			st.start()
			if i%5 != 0 { // every fifth dies while it starts
				st.ready()
			}
			time.Sleep(rand.N(250 * time.Millisecond))
			st.end(syscall.SIGKILL)
		}
		st.start()
		st.ready()
		for deadline := time.Now().Add(time.Minute); count.Load() < int64(10*kills) && time.Now().Before(deadline); {
			time.Sleep(5 * time.Millisecond) // a slow machine has few receipts so far
		}
		close(done)
		wg.Wait()
		st.end(syscall.SIGTERM)

		stored, total := st.ledger(), 0
		for _, saves := range receipted {
			total += len(saves)
			for _, s := range saves {
				got := stored[[2]int{s.person, s.seq}]
				if want := fmt.Sprintf(`%d {"answers":%s,`, s.revision, s.answer); !strings.HasPrefix(got, want) {
					t.Errorf("person %d, sequence %d: the ledger holds %q, want %q", s.person, s.seq, got, want)
				}
			}
		}
		if len(stored) != total || total < 10*kills {
			t.Errorf("the ledger holds %d submissions and clients have %d receipts", len(stored), total)
		}
		t.Logf("%d kills, %d receipts", kills, total)
		if out := must(t, st.dsn, "", "doctor"); !strings.Contains(out, "came out as stored") {
			t.Errorf("doctor: %s", out)
		}
	})
}

// TestReceiptFollowsSync traces the system calls of the real server and finds the write-ahead log written and synced to
// disk before the first byte of a receipt leaves.
func TestReceiptFollowsSync(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("strace is not installed, and with CI=true nothing may be skipped")
		}
		t.Skip("strace is not installed: the order of sync and receipt is not traced")
	}
	st := newDeployment(t, program(t), storetest.SQLite(t), 1)
	trace := filepath.Join(t.TempDir(), "trace")
	st.start(strace, "-D", "-f", "-y", "-s", "400", "-e", "signal=none", "-e", "trace=fsync,fdatasync,pwrite64,write,writev,sendto", "-o", trace)
	st.ready()
	const saves = 5
	for seq := range saves {
		if _, err := st.send(http.DefaultClient, &save{person: 1, seq: seq + 1, answer: fmt.Sprintf(`{"mood_1":%d}`, seq+1)}); err != nil {
			t.Fatal(err)
		}
	}
	st.end(syscall.SIGTERM)
	content := st.traced(trace)
	written, synced, receipts, syncing := false, false, 0, make(logSyncs)
	for line := range strings.Lines(content) {
		switch {
		case logWrite.MatchString(line):
			written, synced = true, false
		case syncing.done(line):
			synced = written
		case strings.Contains(line, "HTTP/1.1 201 "):
			receipts++
			if !written || !synced {
				t.Errorf("receipt %d left before the write-ahead log was synced (written %v, synced %v): %s", receipts, written, synced, line)
			}
			written, synced = false, false
		}
	}
	if receipts != saves {
		t.Errorf("%d receipts in the trace, want %d", receipts, saves)
	}
}

// traced returns the trace once it is whole: the tracer outlives the server by a moment.
func (st *deployment) traced(path string) string {
	st.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		content, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(content), fmt.Sprintf("%-5d +++ exited", st.running.Process.Pid)) {
			return string(content)
		}
	}
	st.t.Fatalf("the trace has no end:\n%s", st.stderr.String())
	return ""
}

// logWrite is the start of a write to the write-ahead log.
var logWrite = regexp.MustCompile(`pwrite64\(\d+<[^>]*-wal>`)

// logSyncs are the threads that have begun to sync the write-ahead log; the tracer tells of a call that takes long in two
// lines.
type logSyncs map[string]bool

var (
	logSync = regexp.MustCompile(`^(\d+) +f(?:data)?sync\(\d+<[^>]*-wal>(\) += 0| <unfinished)`)
	resumed = regexp.MustCompile(`^(\d+) +<\.\.\. f(?:data)?sync resumed>\) += 0`)
)

// done reports whether a sync of the write-ahead log has come to its end in the line.
func (l logSyncs) done(line string) bool {
	if call := logSync.FindStringSubmatch(line); call != nil {
		l[call[1]] = strings.Contains(call[2], "unfinished")
		return !l[call[1]]
	}
	end := resumed.FindStringSubmatch(line)
	if end == nil || !l[end[1]] {
		return false
	}
	delete(l, end[1])
	return true
}
