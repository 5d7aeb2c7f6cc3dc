package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"wellwave/server/servertest"
	"wellwave/surveys/store"
)

// BenchmarkServerMemory runs the real server as a process of its own on a database of 10,000 enrolments, lets 16 clients
// answer 3,200 whole questionnaires over HTTP, and reports the most memory that was ever resident. Nobody signs in
// meanwhile: hashing one password takes 64 MB by design.
func BenchmarkServerMemory(b *testing.B) {
	const people, walks = 10_000, 3_200
	server := serveDue(b, people, walks)
	took := servertest.Crowd(b, servertest.Clients, walks, func(i int) error { return servertest.Walk(server.base, server.links[i]) })
	b.ReportMetric(peak(b, server.pid), "MB-resident")
	b.ReportMetric(walks/took.Seconds(), "responses/s")
	b.ReportMetric(0, "ns/op")
}

// dueServer is the real server as a process of its own, with links to questionnaires that are due.
type dueServer struct {
	base     string
	links    []string
	database string // its file
	pid      int
}

// serveDue starts a server on a database of so many people, so many of whom hold a link.
func serveDue(tb testing.TB, people, links int) dueServer {
	tb.Helper()
	dir := tb.TempDir()
	binary, file := filepath.Join(dir, "wellwave"), filepath.Join(dir, "wellwave.db")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		tb.Fatalf("build: %v\n%s", err, out)
	}
	then := time.Now().AddDate(0, 0, -90)
	s, err := store.Open(context.Background(), store.Options{DSN: "sqlite:" + file, Create: true, Now: func() time.Time { return then }})
	if err != nil {
		tb.Fatal(err)
	}
	due := servertest.Due(tb, s, people, links)
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	server := exec.Command(binary, "--database", "sqlite:"+file, "serve", "--addr", "127.0.0.1:0")
	stderr, err := server.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := server.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = server.Process.Kill() // its database is thrown away
		_ = server.Wait()
	})
	return dueServer{listening(tb, bufio.NewScanner(stderr)), due, file, server.Process.Pid}
}

// address is where the set-up link of a new database leads; a port of 0 is the one that was asked for.
var address = regexp.MustCompile(`http://127\.0\.0\.1:[1-9]\d*`)

// listening reads the log until the server says where it listens, and goes on reading so that it never waits to log.
func listening(tb testing.TB, log *bufio.Scanner) string {
	tb.Helper()
	for log.Scan() {
		if at := address.FindString(log.Text()); at != "" {
			go func() {
				for log.Scan() {
				}
			}()
			return at
		}
	}
	tb.Fatal("the server did not say where it listens")
	return ""
}

// peak returns the most memory that a process ever had resident, in MB of a million bytes.
func peak(b *testing.B, pid int) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("this system does not tell how much memory a process has: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kB, err := strconv.Atoi(fields[1])
			if err != nil {
				b.Fatal(err)
			}
			return float64(kB) * 1024 / 1e6
		}
	}
	b.Fatal("no VmHWM in the status of the process")
	return 0
}
