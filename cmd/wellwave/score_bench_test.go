package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// These measure what it costs to score a table of 14 items as somebody does who has a registry or a simulation in hand:
// through the whole command, from bytes to bytes.

const (
	scoreRows      = 1_000_000
	scoreRowsSmall = 100_000
)

// answersTable returns a table of the wellbeing scale: a number, a site and 14 answers, one in fifty missing.
func answersTable(rows int) []byte {
	random := rand.New(rand.NewPCG(3, 4))
	var b bytes.Buffer
	b.Grow(rows*44 + 300)
	b.WriteString("id,site")
	for i := range 14 {
		fmt.Fprintf(&b, ",wb_%d", i+1)
	}
	b.WriteByte('\n')
	for i := range rows {
		fmt.Fprintf(&b, "%d,s%d", i+1, random.IntN(15))
		for range 14 {
			b.WriteByte(',')
			if random.IntN(50) > 0 {
				b.WriteByte('1' + byte(random.IntN(5)))
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// BenchmarkScore scores a million rows of 14 items and reports how many times the rows per second of a loop that does no
// more than read and write the same table. The target is 0.5, better 1.
func BenchmarkScore(b *testing.B) {
	table := answersTable(scoreRows)
	var floor, took time.Duration
	for b.Loop() {
		began := time.Now()
		copyCSV(b, table)
		floor += time.Since(began)

		began = time.Now()
		var stderr bytes.Buffer
		if code := run(b.Context(), []string{"score", "--instrument", "wellbeing"}, bytes.NewReader(table), io.Discard, &stderr); code != exitDone {
			b.Fatalf("exit %d: %s", code, &stderr)
		}
		took += time.Since(began)
	}
	rows := float64(scoreRows) * float64(b.N)
	b.ReportMetric(rows/took.Seconds(), "rows/s")
	b.ReportMetric(rows/floor.Seconds(), "floor-rows/s")
	b.ReportMetric(floor.Seconds()/took.Seconds(), "times-the-floor")
	b.ReportMetric(0, "ns/op")
}

// copyCSV is the floor: it reads a table and writes it again.
func copyCSV(b *testing.B, table []byte) {
	in, out := csv.NewReader(bytes.NewReader(table)), csv.NewWriter(io.Discard)
	in.ReuseRecord = true
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
		if err := out.Write(row); err != nil {
			b.Fatal(err)
		}
	}
	if out.Flush(); out.Error() != nil {
		b.Fatal(out.Error())
	}
}

// BenchmarkScoreMemory runs the real program on a small and a large table and reports the most memory that was resident
// when all was scored. Both should be the same.
func BenchmarkScoreMemory(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "wellwave")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	for _, rows := range []int{scoreRowsSmall, scoreRows} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			table, most := answersTable(rows), 0.0
			for b.Loop() {
				most = max(most, scoreMemory(b, binary, table))
			}
			b.ReportMetric(most, "MB-resident")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// scoreMemory scores a table in a process of its own. The scores come when the work is done, so with the first of them
// the memory is measured.
func scoreMemory(b *testing.B, binary string, table []byte) float64 {
	command := exec.Command(binary, "score", "--instrument", "wellbeing")
	command.Stdin = bytes.NewReader(table)
	stdout, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, 1)); err != nil {
		b.Fatal(err)
	}
	most := peak(b, command.Process.Pid)
	if _, err := io.Copy(io.Discard, stdout); err != nil {
		b.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		b.Fatal(err)
	}
	return most
}
