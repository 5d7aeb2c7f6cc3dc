package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"wellwave/surveys/store/storetest"
)

// TestKillWhileBaselinesMove kills a correction of everybody's day of baseline on its way. Whoever was corrected has the ledger's
// row, the response's day, their own day and the record of the move, and nobody has one without the others; run again, the file
// corrects the rest, and nobody twice.
func TestKillWhileBaselinesMove(t *testing.T) {
	if testing.Short() {
		t.Skip("kills a program")
	}
	binary := program(t)
	for range storetest.Times(t, "times that a correction is killed", 1, 10) {
		storetest.Each(t, func(t *testing.T, db storetest.Database) { killWhileBaselinesMove(t, binary, db) })
	}
}

func killWhileBaselinesMove(t *testing.T, binary string, db storetest.Database) {
	const people = 120
	st := newDeployment(t, binary, db, people)
	s := db.Open(t)
	file := func(name string, ago int) string {
		var b strings.Builder
		b.WriteString("participant,site,completed_at")
		for i := range 14 {
			fmt.Fprintf(&b, ",mood_%d", i+1)
		}
		day := time.Now().AddDate(0, 0, -ago).Format(time.DateOnly)
		for i := range people {
			fmt.Fprintf(&b, "\nP%05d,%s,%s%s", i+1, []string{"north", "south"}[i%2], day, strings.Repeat(",3", 14))
		}
		return writeFile(t, name, b.String())
	}
	ingest := func(path string, flags ...string) *exec.Cmd {
		return exec.Command(binary, append([]string{"--database", st.dsn, "ingest", "--study", string(storetest.Study), "--wave", string(storetest.Baseline), path}, flags...)...)
	}
	if text, err := ingest(file("wrong.csv", 30)).CombinedOutput(); err != nil {
		t.Fatalf("take the wrong days in: %v\n%s", err, text)
	}
	in := st.database()
	defer func() { _ = in.Close() }() // it was only read
	count := func(query string) string {
		t.Helper()
		var n string
		if err := in.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const moves = "SELECT COUNT(*) FROM baseline_moves"
	right := file("right.csv", 20)
	correction := ingest(right, "--correct")
	if err := correction.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); count(moves) == "0" && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
	}
	_ = correction.Process.Signal(syscall.SIGKILL) // it may be through already
	_ = correction.Wait()

	wantWhole := func(when string) (moved string) {
		t.Helper()
		moved = count(moves)
		for what, query := range map[string]string{
			"rows of the ledger": "SELECT COUNT(*) FROM submissions WHERE seq > 1",
			"days of responses":  "SELECT COUNT(*) FROM responses WHERE revision > 1 AND answered_at = (SELECT MAX(answered_at) FROM responses)",
			"days of people":     "SELECT COUNT(*) FROM enrolments e JOIN baseline_moves m ON m.enrolment_id = e.id AND m.number = 1 AND m.day_after = e.baseline_day AND m.day_before <> m.day_after",
			"entries of audit":   "SELECT COUNT(*) FROM audit WHERE action = 'baseline.move'",
		} {
			if got := count(query); got != moved {
				t.Errorf("%s: %s %s of %s moves", when, got, what, moved)
			}
		}
		if wrong, err := s.CheckFolds(t.Context(), nil); err != nil || len(wrong) > 0 {
			t.Errorf("%s: CheckFolds() = %v, %v", when, wrong, err)
		}
		return moved
	}
	killed := wantWhole("after the kill")
	text, err := ingest(right, "--correct").CombinedOutput()
	if want := fmt.Sprintf("read %d, stored ", people); err != nil || !strings.Contains(string(text), want) || !strings.Contains(string(text), "already there "+killed+",") {
		t.Errorf("%s run again after %s moves: %v\n%s", filepath.Base(right), killed, err, text)
	}
	if all := wantWhole("in the end"); all != fmt.Sprint(people) {
		t.Errorf("%s moved in the end, want %d", all, people)
	}
}
