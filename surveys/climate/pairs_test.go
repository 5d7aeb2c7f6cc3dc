package climate

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// pairsFile returns the rows of the file of pairs, without its head.
func pairsFile(t *testing.T, r *Report) [][]string {
	t.Helper()
	var b strings.Builder
	if err := r.WritePairsCSV(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// What stands in the file is what was counted, from 10 and to the nearest 5, and of practices with too few answers nobody.
func TestPairs(t *testing.T) {
	h := holdRounds(t, 12, 2, func(practice, _ int) int { return map[bool]int{true: 7, false: 30}[practice == 3] })
	report := h.reportAll(t)
	if report.Pairs == nil || report.Pairs.Hidden != 0 || len(report.Pairs.Tables) != 30*29/2 {
		t.Fatalf("the report has the pairs %+v", report.Pairs)
	}
	m, err := measureRounds(h.study, h.rounds)
	if err != nil {
		t.Fatal(err)
	}
	sites := m.survey.Rounds[1].PairSites()
	if len(sites) != 11 {
		t.Fatalf("%d practices are in the tables, want 11", len(sites))
	}
	counted, err := countPairs(h.rounds[1], sites)
	if err != nil {
		t.Fatal(err)
	}
	exact := make(map[string]int)
	for _, table := range counted {
		for a, row := range table.Counts {
			for b, n := range row {
				exact[strings.Join([]string{table.A, table.B, strconv.Itoa(a + 1), strconv.Itoa(b + 1)}, " ")] = n
			}
		}
	}
	cells, tables := 0, make(map[string]bool)
	for _, row := range pairsFile(t, report) {
		n, ok := exact[strings.Join(row[1:5], " ")]
		switch {
		case row[0] != "round-2":
			t.Fatalf("a row is of round %s", row[0])
		case row[5] == "" && row[6] == "" || row[5] != "" && row[6] != "":
			t.Fatalf("row %q says how many and why not, or neither", row)
		case row[5] == "":
			continue
		case !ok || n < 10:
			t.Fatalf("row %q is shown of %d respondents", row, n)
		}
		if got, err := strconv.Atoi(row[5]); err != nil || got%5 != 0 || got < n-2 || got > n+2 {
			t.Fatalf("row %q is of %d respondents", row, n)
		}
		cells++
		tables[row[1]+" "+row[2]] = true
	}
	if cells < 500 || len(tables) < 50 {
		t.Errorf("%d cells of %d tables are shown", cells, len(tables))
	}
	t.Logf("%d cells of %d tables, and a report of %d bytes", cells, len(tables), len(h.rounds[1].Report))
	if size := len(h.rounds[1].Report); size > 600<<10 {
		t.Errorf("the kept report has %d bytes", size)
	}
}

// An answer counts after reversing, and once in each pair.
func TestCountPairs(t *testing.T) {
	h := holdRounds(t, 2, 1, func(int, int) int { return 0 })
	round := h.rounds[0]
	for _, answers := range []string{`{"sc_workload_1":2,"sc_workload_2":3}`, `{"sc_workload_1":2,"sc_workload_2":{"missing":"skipped"}}`} {
		round.Answers = append(round.Answers, surveys.OpenedAnswer{Site: "p00", Answers: answers}, surveys.OpenedAnswer{Site: "p01", Answers: answers})
	}
	tables, err := countPairs(round, []string{"p00"})
	if err != nil {
		t.Fatal(err)
	}
	items := pairItems(round.Questionnaire)
	if items[0].code != "sc_workload_1" || items[0].reverse || items[1].code != "sc_workload_2" || !items[1].reverse {
		t.Fatalf("the first items are %+v", items[:2])
	}
	for i, table := range tables {
		var want [7][7]int
		if i == 0 {
			want[1][4] = 1
		}
		if table.Counts != want {
			t.Errorf("%s and %s count %v, want %v", table.A, table.B, table.Counts, want)
		}
	}
}

// Of 99 respondents there are no tables, and of 100 there are.
func TestPairsFrom(t *testing.T) {
	if p := holdRounds(t, 4, 1, func(int, int) int { return 25 }).reportAll(t).Pairs; p == nil || p.Hidden != 0 || len(p.Tables) == 0 {
		t.Errorf("of 100 respondents there are the pairs %+v", p)
	}
	report := holdRounds(t, 3, 1, func(int, int) int { return 33 }).reportAll(t)
	if p := report.Pairs; p == nil || p.Hidden != disclosure.TooFew || p.Tables != nil || p.From != 100 {
		t.Errorf("of 99 respondents there are the pairs %+v", p)
	}
	if rows := pairsFile(t, report); len(rows) > 0 {
		t.Errorf("of 99 respondents the file has rows: %q", rows[0])
	}
}
