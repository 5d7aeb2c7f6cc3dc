package main

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

const questions = 14 // of the tests' wave

// TestCrowd lets 500 people answer at once, each on a connection of their own: open the link, save every answer by itself,
// send the questionnaire. Nobody is refused, and the ledger holds every answer that was received exactly once.
func TestCrowd(t *testing.T) {
	people := storetest.Times(t, "people of whom 500 at a time answer", 500, 5000)
	server := serveDue(t, people, people)
	servertest.Crowd(t, 500, people, func(i int) error {
		page, err := servertest.Begin(server.base, server.links[i])
		if err != nil {
			return err
		}
		for seq := 1; seq <= questions; seq++ {
			if err := page.Save(seq, i); err != nil {
				return err
			}
		}
		return page.Finish(questions+1, i)
	})
	if t.Failed() {
		return
	}

	db, err := sql.Open("sqlite3", server.database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read
	rows, err := db.Query("SELECT sitting, seq, verdict, content FROM submissions ORDER BY sitting, seq")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()                // Err tells
	saved := make(map[string]map[string]surveys.Value) // by sitting and item
	finished := 0
	for rows.Next() {
		var sitting, verdict, text string
		var seq int
		if err := rows.Scan(&sitting, &seq, &verdict, &text); err != nil {
			t.Fatal(err)
		}
		var content struct {
			Answers map[string]json.Number
			Finish  bool
		}
		if err := json.Unmarshal([]byte(text), &content); err != nil {
			t.Fatal(err)
		}
		if verdict != "accepted" {
			t.Errorf("a submission got the verdict %s", verdict)
		}
		if content.Finish {
			finished++
			continue
		}
		if saved[sitting] == nil {
			saved[sitting] = make(map[string]surveys.Value)
		}
		for code, number := range content.Answers {
			if _, twice := saved[sitting][code]; twice || len(content.Answers) != 1 {
				t.Errorf("the answer to %s came twice, or not alone: %s", code, text)
			}
			n, err := number.Float64()
			if err != nil {
				t.Fatal(err)
			}
			saved[sitting][code] = surveys.Number(n)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if len(saved) != people || finished != people {
		t.Fatalf("%d people saved and %d finished, want %d", len(saved), finished, people)
	}
	var want []map[string]surveys.Value
	for i := range people {
		answers := make(map[string]surveys.Value, questions)
		for _, a := range storetest.Answers(i) {
			answers[a.Code] = a.Value
		}
		want = append(want, answers)
	}
	for _, got := range saved {
		at := slices.IndexFunc(want, func(w map[string]surveys.Value) bool { return maps.Equal(w, got) })
		if at < 0 {
			t.Fatalf("nobody answered %v", got)
		}
		want = slices.Delete(want, at, at+1)
	}
}

// BenchmarkSave measures how long a page that saves by itself waits for each answer, with 64 people at it over 64
// connections to the real server: the median, the 99th percentile, and how many times the median that is. The target is
// under 5.
func BenchmarkSave(b *testing.B) {
	const people, clients = 1_000, 64
	server := serveDue(b, 10_000, people)
	took := make([]time.Duration, people*questions)
	whole := servertest.Crowd(b, clients, people, func(i int) error {
		page, err := servertest.Begin(server.base, server.links[i])
		if err != nil {
			return err
		}
		for seq := 1; seq <= questions; seq++ {
			began := time.Now()
			if err := page.Save(seq, i); err != nil {
				return err
			}
			took[i*questions+seq-1] = time.Since(began)
		}
		return nil
	})
	slices.Sort(took)
	median, p99 := took[len(took)/2], took[len(took)*99/100]
	b.ReportMetric(float64(len(took))/whole.Seconds(), "saves/s")
	b.ReportMetric(median.Seconds()*1000, "ms-median")
	b.ReportMetric(p99.Seconds()*1000, "ms-p99")
	b.ReportMetric(float64(p99)/float64(median), "p99/median")
	b.ReportMetric(0, "ns/op")
}
