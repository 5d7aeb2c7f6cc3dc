package release_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/release"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// The benchmarks of this file make a whole release (freeze, recode, sort, count, write, hash, record) of one wave with
// fourteen items, three scales and forty columns, and compare it with a floor measured in the same run: the sqlite3
// program writing the same values as CSV from a wide table in a file of its own. Rounds of both alternate.

const (
	manyResponses = 100_000
	mostResponses = 1_000_000
	exportRounds  = 5
	benchColumns  = 40
	templates     = 500 // people who answer through the one way in; the others are copies of them
)

// benchStudy is the tests' study with every mood item and scale in its release plan.
func benchStudy(b *testing.B, s *store.Store) {
	b.Helper()
	storetest.LoadStudy(b, s)
	source, err := s.StudySource(context.Background(), storetest.Study)
	if err != nil {
		b.Fatal(err)
	}
	items := make([]string, 14)
	for i := range items {
		items[i] = fmt.Sprintf("mood_%d", i+1)
	}
	source = strings.Replace(source, "items: [mood_1, mood_2]", "items: ["+strings.Join(items, ", ")+"]", 1)
	source = strings.Replace(source, "scales: [mood]\n", "scales: [mood, mood_first, mood_second]\n", 1)
	if _, _, err := s.LoadStudy(context.Background(), "", "study.yaml", []byte(source), new(surveys.Definitions)); err != nil {
		b.Fatal(err)
	}
}

// benchDatabase makes a database of n answered questionnaires: some people answer through the store, and the rest are
// their copies under ids in the order of time.
func benchDatabase(b *testing.B, n int) storetest.Database {
	b.Helper()
	db := storetest.SQLite(b)
	f := &field{tb: b, now: storetest.Start}
	f.Store = db.Open(b, storetest.Clock(func() time.Time { return f.now }))
	benchStudy(b, f.Store)
	f.people = storetest.Enrol(b, f.Store, templates)
	f.baseline(func(person int) float64 { return float64(20 + person*7%70) })
	for i := range f.people { // one answer in fourteen missing
		f.answer(i, storetest.Baseline, true, surveys.ItemAnswer{Code: fmt.Sprintf("mood_%d", i%14+1), Value: surveys.Absent(surveys.Skipped)})
	}
	raw, err := sql.Open("sqlite3", strings.TrimPrefix(db.DSN, "sqlite:")+"?_busy_timeout=5000")
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	run := func(query string) {
		if _, err := raw.Exec(query); err != nil {
			b.Fatalf("%v in %s", err, query)
		}
	}
	// People answer within some weeks of their enrolment and not in its order; 7919 is prime.
	copies := n / templates
	run(fmt.Sprintf(`CREATE TEMP TABLE copy AS
		WITH RECURSIVE number (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM number WHERE k < %d)
		SELECT p.id AS person, r.id AS response, n.k AS k,
			printf('%%012x', 1000000000000 + n.k * %d + p.place) || substr(p.id, 13) AS new_person,
			printf('%%012x', 1100000000000 + n.k * %d + p.place * 7919 %% %d) || substr(r.id, 13) AS new_response
		FROM number n, (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM enrolments) p JOIN responses r ON r.enrolment_id = p.id`, copies-2, templates, templates, templates))
	copyRows(b, raw, "participants", "JOIN enrolments e ON e.participant_id = t.id JOIN copy c ON c.person = e.id", "new_person",
		map[string]string{"id": "c.new_person"})
	copyRows(b, raw, "enrolments", "JOIN copy c ON c.person = t.id", "new_person",
		map[string]string{"id": "c.new_person", "participant_id": "c.new_person", "label": "t.label || '-' || c.k"})
	copyRows(b, raw, "responses", "JOIN copy c ON c.response = t.id", "new_response",
		map[string]string{"id": "c.new_response", "enrolment_id": "c.new_person"})
	copyRows(b, raw, "scores", "JOIN copy c ON c.response = t.response_id", "new_response", map[string]string{"response_id": "c.new_response"})
	run("ANALYZE")
	run("PRAGMA wal_checkpoint(TRUNCATE)")
	return db
}

// copyRows copies a table's rows with some columns replaced.
func copyRows(b *testing.B, raw *sql.DB, table, join, order string, replaced map[string]string) {
	b.Helper()
	rows, err := raw.Query("SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	var columns, values []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			b.Fatal(err)
		}
		columns = append(columns, name)
		value, ok := replaced[name]
		if !ok {
			value = "t." + name
		}
		values = append(values, value)
	}
	if _, err := raw.Exec(fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s t %s ORDER BY c.%s",
		table, strings.Join(columns, ", "), strings.Join(values, ", "), table, join, order)); err != nil {
		b.Fatal(err)
	}
}

// wideTable puts the values of a released file into a table of a database of its own.
func wideTable(b *testing.B, dir string) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "wide.db")
	headers, columns := table(b, dir, "baseline.csv")
	if len(headers) != benchColumns {
		b.Fatalf("the release has %d columns, want %d", len(headers), benchColumns)
	}
	raw, err := sql.Open("sqlite3", path)
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	tx, err := raw.Begin()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := tx.Exec("CREATE TABLE wide (" + strings.Join(headers, ", ") + ")"); err != nil {
		b.Fatal(err)
	}
	insert, err := tx.Prepare("INSERT INTO wide VALUES (?" + strings.Repeat(", ?", len(headers)-1) + ")")
	if err != nil {
		b.Fatal(err)
	}
	args := make([]any, len(headers))
	for row := range columns["id"] {
		for i, header := range headers {
			cell := columns[header][row]
			if number, err := strconv.ParseFloat(cell, 64); err == nil && header != "id" {
				args[i] = number
				if number == float64(int64(number)) {
					args[i] = int64(number)
				}
			} else if args[i] = any(cell); cell == "" {
				args[i] = nil
			}
		}
		if _, err := insert.Exec(args...); err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkExport measures a release of 100,000 responses. Use -benchtime 1x: it has its own rounds.
func BenchmarkExport(b *testing.B) {
	program, err := exec.LookPath("sqlite3")
	if err != nil {
		b.Skip("the sqlite3 program is not installed, and it is the floor of this benchmark: apt-get install sqlite3")
	}
	db := benchDatabase(b, manyResponses)
	s := db.Open(b)
	order := release.Order{Study: storetest.Study, Profile: surveys.OpenRelease, Approval: approved}
	export := func() (string, time.Duration) {
		order.Dir = filepath.Join(b.TempDir(), "out")
		start := time.Now()
		if _, err := release.Make(context.Background(), s, order); err != nil {
			b.Fatal(err)
		}
		return order.Dir, time.Since(start)
	}
	first, _ := export()
	wide := wideTable(b, first)
	var ours, floor time.Duration
	for range exportRounds {
		out, err := os.Create(filepath.Join(b.TempDir(), "floor.csv"))
		if err != nil {
			b.Fatal(err)
		}
		command := exec.Command(program, "-csv", wide, "SELECT * FROM wide")
		command.Stdout = out
		start := time.Now()
		if err := command.Run(); err != nil {
			b.Fatal(err)
		}
		floor += time.Since(start)
		if err := out.Close(); err != nil {
			b.Fatal(err)
		}
		_, took := export()
		ours += took
	}
	b.ReportMetric(manyResponses*exportRounds/ours.Seconds(), "rows/s")
	b.ReportMetric(manyResponses*exportRounds/floor.Seconds(), "floor/s")
	b.ReportMetric(floor.Seconds()/ours.Seconds(), "×floor")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkExportMemory measures by how much the resident set of a process that makes a release grows from 100,000 to
// 1,000,000 responses. It takes some minutes and 3 GB of disk.
func BenchmarkExportMemory(b *testing.B) {
	small := peakOf(b, benchDatabase(b, manyResponses))
	large := peakOf(b, benchDatabase(b, mostResponses))
	b.ReportMetric(small, "MB-at-100k")
	b.ReportMetric(large, "MB-at-1M")
	b.ReportMetric(large-small, "MB-growth")
	b.ReportMetric(0, "ns/op")
}

const (
	childVar = "WELLWAVE_TEST_RELEASE_OF"
	childKey = "WELLWAVE_TEST_RELEASE_KEY"
)

// peakOf returns the highest resident set, in megabytes, of a process that makes one release.
func peakOf(b *testing.B, db storetest.Database) float64 {
	b.Helper()
	command := exec.Command(os.Args[0], filepath.Join(b.TempDir(), "out"))
	command.Env = append(os.Environ(), childVar+"="+db.DSN, childKey+"="+db.KeyFile)
	command.Stderr = os.Stderr
	printed, err := command.Output()
	if err != nil {
		b.Fatal(err)
	}
	kilobytes, err := strconv.ParseFloat(strings.TrimSpace(string(printed)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes / 1024
}

// TestMain makes a release and prints its peak of memory if it is asked to, for BenchmarkExportMemory.
func TestMain(m *testing.M) {
	dsn := os.Getenv(childVar)
	if dsn == "" {
		os.Exit(m.Run())
	}
	if err := releaseOnce(dsn, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Println(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
		}
	}
}

func releaseOnce(dsn, dir string) error {
	s, err := store.Open(context.Background(), store.Options{DSN: dsn, KeyFile: os.Getenv(childKey)})
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = release.Make(context.Background(), s, release.Order{Study: storetest.Study, Profile: surveys.OpenRelease, Approval: approved, Dir: dir})
	return err
}
