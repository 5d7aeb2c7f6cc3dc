package store_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// The benchmarks of this file put submissions in from 64 senders at once and compare the rate with a floor measured in
// the same run: one plain row (random id, sequence, content, time) for each submission, through the same writer. Rounds
// of both alternate, because a disk is not as fast in one second as in the next.

const (
	preloaded = 10_000 // enrolments
	senders   = 64
	rounds    = 8 // of each kind, alternating
)

// workload is n times something that is to be done concurrently.
type workload func(i int) error

// rate runs a workload from all senders and returns how many a second were done.
func rate(b *testing.B, n int, work workload) float64 {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range senders {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := work(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(start).Seconds()
}

// compare runs rounds of ours and floor in turn and reports both rates and their ratio. n is what one round does; ours
// gets numbers that never come twice, so it runs once however often the framework would like: use -benchtime 1x.
func compare(b *testing.B, n int, ours, floor workload) {
	b.Helper()
	var mine, plain float64
	for r := range rounds {
		plain += rate(b, n, func(i int) error { return floor(r*n + i) }) / rounds
		mine += rate(b, n, func(i int) error { return ours(r*n + i) }) / rounds
	}
	b.ReportMetric(mine, "submissions/s")
	b.ReportMetric(plain, "floor/s")
	b.ReportMetric(mine/plain, "×floor")
	b.ReportMetric(0, "ns/op")
}

// benchStore opens a store with enrolments loaded, everybody's consent given and the tables analysed.
func benchStore(b *testing.B, db storetest.Database) (*store.Store, []surveys.EnrolmentID) {
	b.Helper()
	s := db.Open(b)
	ctx := context.Background()
	storetest.LoadStudy(b, s)
	people := make([]surveys.NewEnrolment, preloaded)
	for i := range people {
		people[i] = surveys.NewEnrolment{Study: storetest.Study, Site: "north", Label: fmt.Sprintf("P%05d", i)}
	}
	enrolled, err := s.EnrolMany(ctx, "", storetest.Study, people)
	if err != nil {
		b.Fatal(err)
	}
	for _, statement := range []string{
		"UPDATE enrolments SET consented_at = sampled_at, baseline_day = sampled_day",
		"CREATE TABLE floor (id TEXT NOT NULL, seq INTEGER NOT NULL, content TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (id, seq))",
		"ANALYZE",
	} {
		if err := s.Exec(ctx, statement); err != nil {
			b.Fatal(err)
		}
	}
	ids := make([]surveys.EnrolmentID, preloaded)
	for i := range ids {
		ids[i] = enrolled[(i*7919)%preloaded].ID // people do not answer in the order of their enrolment; 7919 is prime
	}
	if err := s.SealAudit(ctx); err != nil { // which would go on beside what is measured
		b.Fatal(err)
	}
	return s, ids
}

func randomHex() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

// floorInsert writes one plain row through the writer of submissions.
func floorInsert(s *store.Store, content string) workload {
	return func(int) error {
		return s.RunFold(context.Background(), func(later func(string, ...any) error) error {
			return later("INSERT INTO floor (id, seq, content, at) VALUES (?, ?, ?, ?)", randomHex(), 1, content, time.Now().UnixMilli())
		})
	}
}

// finished is a whole questionnaire of fourteen answers with three scores.
func finished(s *store.Store, people []surveys.EnrolmentID) workload {
	return func(i int) error {
		_, err := s.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: people[i], Wave: storetest.Baseline,
			Sitting: randomHex(), Seq: 1, Answers: storetest.Answers(i), Finish: true,
			How: surveys.Collection{Mode: surveys.Web, Language: "en"}})
		return err
	}
}

const (
	finishedContent = `{"answers":{"mood_1":1,"mood_2":4,"mood_3":2,"mood_4":5,"mood_5":3,"mood_6":1,"mood_7":4,"mood_8":2,"mood_9":5,"mood_10":3,"mood_11":1,"mood_12":4,"mood_13":2,"mood_14":5},"finish":true,"mode":"web","language":"en"}`
	oneAnswer       = `{"answers":{"mood_1":1},"mode":"web","language":"en"}`
)

// BenchmarkSubmitFinished measures whole questionnaires, each the first submission of its participant.
func BenchmarkSubmitFinished(b *testing.B) {
	s, people := benchStore(b, storetest.SQLite(b))
	compare(b, preloaded/rounds, finished(s, people), floorInsert(s, finishedContent))
}

// BenchmarkSubmitUnfinished measures the saves of single answers: fourteen from each participant, in turn.
func BenchmarkSubmitUnfinished(b *testing.B) {
	s, people := benchStore(b, storetest.SQLite(b))
	save := func(i int) error {
		person, seq := i%preloaded, i/preloaded+1
		_, err := s.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: people[person],
			Wave: storetest.Baseline, Sitting: storetest.SittingID(person), Seq: seq, Answers: storetest.Answers(i)[seq-1 : seq],
			How: surveys.Collection{Mode: surveys.Web, Language: "en"}})
		return err
	}
	compare(b, preloaded*4/rounds, save, floorInsert(s, oneAnswer))
}

// BenchmarkSubmitAmongSittings measures the saves of single answers to responses that as many sittings have spoken of as may.
// Its floor is the same saves where there is one sitting: a save may not cost many times more for what was sent before.
func BenchmarkSubmitAmongSittings(b *testing.B) {
	s, people := benchStore(b, storetest.SQLite(b))
	const crowded = 200
	save := func(person, sitting, seq int) error {
		_, err := s.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: people[person], Wave: storetest.Baseline,
			Sitting: storetest.SittingID(sitting), Seq: seq, Answers: storetest.Answers(seq)[seq%14 : seq%14+1], How: surveys.Collection{Mode: surveys.Web, Language: "en"}})
		return err
	}
	for person := range 2 * crowded {
		for sitting := range surveys.MaxSittings {
			if sitting > 0 && person >= crowded {
				break
			}
			for seq := 1; seq <= 3; seq++ {
				if err := save(person, sitting, sitting+seq); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	among := func(first int) workload {
		return func(i int) error { return save(first+i%crowded, 0, 100+i/crowded) }
	}
	compare(b, 10*crowded, among(0), among(crowded))
}

// BenchmarkSubmitConflicts measures whole questionnaires of which one in 64 comes under an id and sequence that were used
// for other answers. Its floor is the same without conflicts.
func BenchmarkSubmitConflicts(b *testing.B) {
	s, people := benchStore(b, storetest.SQLite(b))
	submit := func(person, content int) error {
		_, err := s.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: people[person],
			Wave: storetest.Baseline, Sitting: storetest.SittingID(person), Seq: 1, Answers: storetest.Answers(content), Finish: true,
			How: surveys.Collection{Mode: surveys.Web, Language: "en"}})
		return err
	}
	const half = preloaded / 2 // one half of the people answers without conflicts, the other with them
	n := half / rounds / 64 * 64
	first := preloaded - n*rounds/64 // and these have answered before
	for person := first; person < preloaded; person++ {
		if err := submit(person, 0); err != nil {
			b.Fatal(err)
		}
	}
	conflicts := func(i int) error {
		if i%64 != 0 {
			return submit(half+i-i/64-1, i)
		}
		if err := submit(first+i/64, 1); surveys.KindOf(err) != surveys.Conflict {
			return fmt.Errorf("submission %d: %v, want a conflict", i, err)
		}
		return nil
	}
	compare(b, n, conflicts, func(i int) error { return submit(i, i) })
}

// BenchmarkSubmitPostgres measures whole questionnaires over 32 connections. Its floor is plain single-row inserts over
// as many.
func BenchmarkSubmitPostgres(b *testing.B) {
	s, people := benchStore(b, storetest.Postgres(b))
	floor := func(int) error {
		return s.Exec(context.Background(), "INSERT INTO floor (id, seq, content, at) VALUES (?, ?, ?, ?)", randomHex(), 1,
			finishedContent, time.Now().UnixMilli())
	}
	compare(b, preloaded/rounds, finished(s, people), floor)
}
