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
	dir := b.TempDir()
	binary, database := filepath.Join(dir, "wellwave"), "sqlite:"+filepath.Join(dir, "wellwave.db")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	then := time.Now().AddDate(0, 0, -90)
	s, err := store.Open(context.Background(), store.Options{DSN: database, Create: true, Now: func() time.Time { return then }})
	if err != nil {
		b.Fatal(err)
	}
	links := servertest.Due(b, s, people, walks)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	server := exec.Command(binary, "--database", database, "serve", "--addr", "127.0.0.1:0")
	stderr, err := server.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = server.Process.Kill() // its database is thrown away
		_ = server.Wait()
	})
	base := listening(b, bufio.NewScanner(stderr))
	took := servertest.Crowd(b, walks, func(i int) error { return servertest.Walk(base, links[i]) })
	b.ReportMetric(peak(b, server.Process.Pid), "MB-resident")
	b.ReportMetric(walks/took.Seconds(), "responses/s")
	b.ReportMetric(0, "ns/op")
}

// address is where the set-up link of a new database leads; a port of 0 is the one that was asked for.
var address = regexp.MustCompile(`http://127\.0\.0\.1:[1-9]\d*`)

// listening reads the log until the server says where it listens, and goes on reading so that it never waits to log.
func listening(b *testing.B, log *bufio.Scanner) string {
	b.Helper()
	for log.Scan() {
		if at := address.FindString(log.Text()); at != "" {
			go func() {
				for log.Scan() {
				}
			}()
			return at
		}
	}
	b.Fatal("the server did not say where it listens")
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
