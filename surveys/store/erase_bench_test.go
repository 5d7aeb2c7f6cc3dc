package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// What a save waits for while people are erased.
const (
	erasedAtOnce = 1000                   // people whose erasure is due in the same moment
	eraseSavers  = 8                      // people who go on answering meanwhile
	longestSave  = 200 * time.Millisecond // that anybody may wait
	betweenSaves = 10 * time.Millisecond  // of each of them
)

// BenchmarkEraseDue has a thousand people erased and forgotten while others go on saving, and measures the longest of their
// saves. That is at most 200 ms, beside the longest in as much time in which nobody is erased. What is put off because people
// save is then forgotten in the quiet, which is measured for itself. Use -benchtime 1x.
func BenchmarkEraseDue(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchEraseDue(b, storetest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchEraseDue(b, storetest.Postgres(b)) })
}

func benchEraseDue(b *testing.B, db storetest.Database) {
	s, people := benchStore(b, db)
	ctx := context.Background()
	rate(b, preloaded-eraseSavers, finished(s, people))
	for _, person := range people[:erasedAtOnce] {
		if err := s.Withdraw(ctx, surveys.Withdrawal{Enrolment: person, Level: surveys.EraseAnswers, Channel: surveys.ByCode}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Exec(ctx, "UPDATE erasures SET due_at = 1"); err != nil {
		b.Fatal(err)
	}
	var seq atomic.Int64
	save := func(saver int) error {
		n := int(seq.Add(1))
		_, err := s.Submit(ctx, surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: people[preloaded-1-saver], Wave: storetest.Baseline,
			Sitting: storetest.SittingID(saver), Seq: n, Answers: storetest.Answers(n)[n%14 : n%14+1], How: surveys.Collection{Mode: surveys.Web, Language: "en"}})
		return err
	}
	// during runs work while people save, and returns how long it took and the longest save.
	during := func(work func()) (took, longest time.Duration) {
		var most atomic.Int64
		var wg sync.WaitGroup
		done := make(chan struct{})
		for saver := range eraseSavers {
			wg.Go(func() {
				for pause := time.NewTicker(betweenSaves); ; {
					select {
					case <-done:
						pause.Stop()
						return
					case <-pause.C:
					}
					began := time.Now()
					if err := save(saver); err != nil {
						b.Error(err)
						return
					}
					for waited := int64(time.Since(began)); ; {
						if was := most.Load(); waited <= was || most.CompareAndSwap(was, waited) {
							break
						}
					}
				}
			})
		}
		began := time.Now()
		work()
		took = time.Since(began)
		close(done)
		wg.Wait()
		return took, time.Duration(most.Load())
	}
	erasing, longest := during(func() {
		if n, err := s.EraseDue(ctx); n != erasedAtOnce || err != nil {
			b.Errorf("EraseDue() = %d, %v, want %d", n, err, erasedAtOnce)
		}
	})
	forgetting, longestForgetting := during(func() {
		if err := s.ForgetErased(ctx); err != nil {
			b.Errorf("ForgetErased() = %v", err)
		}
	})
	_, floor := during(func() { time.Sleep(erasing) })
	began := time.Now()
	if err := s.Exec(ctx, "UPDATE submissions SET received_at = 1"); err != nil { // as if it were quiet
		b.Fatal(err)
	}
	if err := s.ForgetErased(ctx); err != nil {
		b.Errorf("ForgetErased() in the quiet = %v", err)
	}
	quiet := time.Since(began)
	if left := s.Inspect(b, "SELECT COUNT(*) FROM withdrawals WHERE forgotten_at IS NULL"); left[0] != "0" {
		b.Errorf("%s people are still not forgotten", left[0])
	}
	for name, took := range map[string]time.Duration{"longest-save-ms": longest, "longest-save-forgetting-ms": longestForgetting, "longest-save-alone-ms": floor,
		"erasing-ms": erasing, "forgetting-ms": forgetting, "quiet-forgetting-ms": quiet} {
		b.ReportMetric(float64(took)/float64(time.Millisecond), name)
	}
	b.ReportMetric(0, "ns/op")
	if max(longest, longestForgetting) > longestSave {
		b.Errorf("a save took %v while people were erased and %v while they were forgotten, want at most %v; alone it took %v", longest, longestForgetting, longestSave, floor)
	}
}
