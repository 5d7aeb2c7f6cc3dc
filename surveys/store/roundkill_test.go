package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// The environment by which TestKillWhileRoundEnds has itself run again, as the program that is killed.
const (
	roundVar  = "WELLWAVE_TEST_ROUND"
	roundKeys = "WELLWAVE_TEST_ROUND_KEYS"
	roundRoot = "WELLWAVE_TEST_ROUND_ROOT"
)

// endRound closes the round and opens it, however far that has come, as somebody does who presses the buttons again.
func endRound(ctx context.Context, s *store.Store, keys [2]string) error {
	if err := s.CloseRound(ctx, "", storetest.Study, storetest.Round); err != nil && surveys.KindOf(err) != surveys.Conflict {
		return err
	}
	if err := s.OpenRound(ctx, "", storetest.Study, storetest.Round, keys); err != nil && surveys.KindOf(err) != surveys.Conflict {
		return err
	}
	return nil
}

// TestKillWhileRoundEnds kills the program while it closes a round and opens its answers. At each moment every answer is
// there once, sealed or open; and it can be done again until it is done.
func TestKillWhileRoundEnds(t *testing.T) {
	if dsn := os.Getenv(roundVar); dsn != "" { // this is the program
		first, second, _ := strings.Cut(os.Getenv(roundKeys), " ")
		s, err := store.Open(t.Context(), store.Options{DSN: dsn, KeyFile: os.Getenv(roundRoot), Now: func() time.Time { return storetest.Start }})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("begins") // read by the one that kills
		if err := endRound(t.Context(), s, [2]string{first, second}); err != nil {
			t.Fatal(err)
		}
		return
	}
	kills := storetest.Times(t, "kills while a round is closed and opened", 4, 100)
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		tr := newSealedTrial(t, db, surveys.AskRole)
		want := append(tr.answer("north", 60), tr.answer("south", 60)...)
		round := tr.Inspect(t, "SELECT round_key FROM staff_rounds")[0]
		sealed := tr.Inspect(t, "SELECT id, site_id, sealed FROM staff_sealed")
		attributes := tr.Inspect(t, "SELECT id, sealed FROM staff_attributes")
		random, between, done := rand.New(rand.NewPCG(9, 40)), 0, 0
		began := time.Now()
		if err := endRound(t.Context(), tr.Store, [2]string{tr.keys[0], tr.keys[1]}); err != nil {
			t.Fatal(err)
		}
		takes := time.Since(began)
		for kill := range kills {
			if kill%2 == 0 { // every second kill comes upon what the one before has left
				tr.asBefore(round, sealed, attributes)
			}
			tr.killEnding(db, time.Duration(random.Int64N(int64(3*takes))))
			stage := tr.Inspect(t, "SELECT stage FROM staff_rounds")[0]
			switch stage {
			case "open", "closed":
				tr.wantRows("SELECT COUNT(*) FROM staff_sealed", "120")
				tr.wantRows("SELECT COUNT(*) FROM staff_attributes", "120")
				tr.wantRows("SELECT COUNT(*) FROM staff_answers", "0")
				if stage == "closed" {
					between++
				}
			case "opened":
				done++
				tr.wantRows("SELECT COUNT(*) FROM staff_sealed", "0")
				tr.wantRows("SELECT COUNT(*) FROM staff_attributes", "0")
				tr.wantRows(openedAnswers, want...)
			}
		}
		if err := endRound(t.Context(), tr.Store, [2]string{tr.keys[1], tr.keys[2]}); err != nil {
			t.Fatal(err)
		}
		tr.wantRows(openedAnswers, want...)
		t.Logf("%d kills found the round closed and not opened, %d opened", between, done)
	})
}

// asBefore puts the round back to when its answers had arrived.
func (tr *sealedTrial) asBefore(key string, sealed, attributes []string) {
	tr.t.Helper()
	tr.sql("DELETE FROM staff_answers")
	tr.sql("DELETE FROM staff_sealed")
	for _, row := range sealed {
		tr.sql("INSERT INTO staff_sealed (study_id, wave_id, id, site_id, sealed) VALUES ('trial', 'round-1', '" + strings.ReplaceAll(row, "|", "', '") + "')")
	}
	tr.sql("DELETE FROM staff_attributes")
	for _, row := range attributes {
		tr.sql("INSERT INTO staff_attributes (study_id, wave_id, id, sealed) VALUES ('trial', 'round-1', '" + strings.ReplaceAll(row, "|", "', '") + "')")
	}
	tr.sql("UPDATE staff_rounds SET stage = 'open', certificate = NULL, apart = NULL, round_key = '" + key + "'")
}

// killEnding runs the program that ends the round and kills it some time after it began.
func (tr *sealedTrial) killEnding(db storetest.Database, after time.Duration) {
	tr.t.Helper()
	program := exec.Command(os.Args[0], "-test.run=^TestKillWhileRoundEnds$", "-test.v")
	program.Env = append(os.Environ(), roundVar+"="+db.DSN, roundKeys+"="+tr.keys[0]+" "+tr.keys[2], roundRoot+"="+db.KeyFile)
	out, err := program.StdoutPipe()
	if err != nil {
		tr.t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		tr.t.Fatal(err)
	}
	said := make([]byte, 4096)
	for heard := ""; !strings.Contains(heard, "begins"); {
		n, err := out.Read(said)
		if err != nil {
			tr.t.Fatalf("the program ended before it began: %v\n%s", err, heard)
		}
		heard += string(said[:n])
	}
	time.Sleep(after)
	_ = program.Process.Kill() // it may have ended
	_ = program.Wait()         // a killed program always fails
}
