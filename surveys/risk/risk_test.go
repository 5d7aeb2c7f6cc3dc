package risk_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wellwave/surveys/risk"
)

// readCSV returns a table of testdata, which testdata/risk.R made.
func readCSV(t *testing.T, name string) [][]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// newTable returns a table of rows.
func newTable(rows [][]string) *risk.Table {
	table := risk.NewTable(len(rows[0]))
	for _, row := range rows {
		table.Add(func(i int) []byte { return []byte(row[i]) })
	}
	return table
}

// Expected values: testdata/risk.R.
func TestSubsets(t *testing.T) {
	people := readCSV(t, "people.csv")
	columns, table := people[0], newTable(people[1:])
	subsets, err := table.MeasureSubsets([]int{0, 1, 2, 3}, []int{4, 5}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]risk.Risk)
	var order []string
	for _, s := range subsets {
		var names []string
		for _, key := range s.Keys {
			names = append(names, columns[key])
		}
		order = append(order, strings.Join(names, " "))
		got[order[len(order)-1]] = s.Risk
	}
	var wantOrder []string
	for _, row := range readCSV(t, "expected.csv")[1:] {
		if !slices.Contains(wantOrder, row[0]) {
			wantOrder = append(wantOrder, row[0])
		}
		want, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		r := got[row[0]]
		if len(r.Sensitive) != 2 {
			t.Fatalf("%s: not measured", row[0])
		}
		value := map[string]float64{
			"classes": float64(r.Classes), "k": float64(r.Smallest), "sample_uniques": float64(r.Uniques),
			"records_below_3": float64(r.Below3), "records_below_5": float64(r.Below5), "records_below_10": float64(r.Below10),
			"max_prosecutor_risk": r.Greatest, "mean_prosecutor_risk": r.Mean,
			"condition.l_distinct": float64(r.Sensitive[0].Distinct), "condition.l_entropy": r.Sensitive[0].Entropy,
			"condition.t_total_variation": r.Sensitive[0].TotalVariation,
			"smokes.l_distinct":           float64(r.Sensitive[1].Distinct), "smokes.l_entropy": r.Sensitive[1].Entropy,
			"smokes.t_total_variation": r.Sensitive[1].TotalVariation,
		}
		if have, ok := value[row[1]]; !ok || math.Abs(have-want) > 1e-12 {
			t.Errorf("%s: %s is %v, want %v", row[0], row[1], have, want)
		}
	}
	if !slices.Equal(order, wantOrder) {
		t.Errorf("subsets in the order %q, want %q", order, wantOrder)
	}
}

func TestMeasure(t *testing.T) {
	people := [][]string{{"a", "x", "1"}, {"a", "x", "2"}, {"a", "", "1"}, {"b", "x", "1"}, {"b", "x", "1"}, {"b", "x", "1"}}
	tests := []struct {
		name string
		keys []int
		want risk.Risk
	}{
		{"no key", nil, risk.Risk{Rows: 6, Classes: 1, Smallest: 6, Below10: 6, Greatest: 1. / 6, Mean: 1. / 6}},
		{"one key", []int{0}, risk.Risk{Rows: 6, Classes: 2, Smallest: 3, Below5: 6, Below10: 6, Greatest: 1. / 3, Mean: 2. / 6}},
		{"what is missing tells apart", []int{0, 1}, risk.Risk{Rows: 6, Classes: 3, Smallest: 1, Uniques: 1, Below3: 3, Below5: 6, Below10: 6, Greatest: 1, Mean: 3. / 6}},
		{"a key twice over", []int{0, 1, 1, 0}, risk.Risk{Rows: 6, Classes: 3, Smallest: 1, Uniques: 1, Below3: 3, Below5: 6, Below10: 6, Greatest: 1, Mean: 3. / 6}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := newTable(people).Measure(tt.keys, nil)
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	got := newTable(people).Measure([]int{0}, []int{2}).Sensitive[0]
	// All of class b say 1, as five of six in the table do: entropy 0, and the distance is what says 2, a sixth.
	if want := (risk.Sensitive{Distinct: 1, Entropy: 1, TotalVariation: 1. / 6}); got.Distinct != want.Distinct || got.Entropy != want.Entropy ||
		math.Abs(got.TotalVariation-want.TotalVariation) > 1e-15 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// The classes are those that comparing every row with every other finds, however they are looked up, and the order of rows
// changes nothing.
func TestMeasureByComparing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 4).Draw(t, "columns")
		values := rapid.SampledFrom([]int{1, 2, 5, 1000}).Draw(t, "values")
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strconv.Itoa(rapid.IntRange(0, values).Draw(t, "value"))
		}), columns, columns), 1, 40).Draw(t, "rows")
		keys := rapid.Permutation(span(columns)).Draw(t, "keys")[:rapid.IntRange(0, columns).Draw(t, "as keys")]
		got := newTable(rows).Measure(keys, span(columns))
		want := risk.Risk{Rows: len(rows), Smallest: len(rows)}
		for i, row := range rows {
			size, first := 0, true
			for j, other := range rows {
				if !slices.ContainsFunc(keys, func(key int) bool { return row[key] != other[key] }) {
					size++
					first = first && j >= i
				}
			}
			if first {
				want.Classes++
			}
			want.Smallest = min(want.Smallest, size)
			want.Mean += 1 / float64(size) / float64(len(rows))
			if size == 1 {
				want.Uniques++
			}
			if size < 5 {
				want.Below5++
			}
		}
		if got.Rows != want.Rows || got.Classes != want.Classes || got.Smallest != want.Smallest || got.Uniques != want.Uniques ||
			got.Below5 != want.Below5 || math.Abs(got.Mean-want.Mean) > 1e-9 {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		for column, s := range got.Sensitive {
			if slices.Contains(keys, column) && s.Distinct != 1 {
				t.Fatalf("a key has %d values in a class", s.Distinct)
			}
			if s.Entropy < 1 || s.Entropy > float64(s.Distinct)+1e-9 || s.TotalVariation < 0 || s.TotalVariation > 1 {
				t.Fatalf("out of range: %+v", s)
			}
		}
		mixed := slices.Clone(rows)
		rand.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		again := newTable(mixed).Measure(keys, span(columns))
		if again.Classes != got.Classes || again.Uniques != got.Uniques || math.Abs(again.Sensitive[0].TotalVariation-got.Sensitive[0].TotalVariation) > 1e-12 {
			t.Fatalf("mixed, the same rows give %+v, not %+v", again, got)
		}
	})
}

// span returns 0 to n-1.
func span(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestSubsetsStop(t *testing.T) {
	enough := errors.New("enough")
	var seen int
	_, err := newTable(readCSV(t, "people.csv")[1:]).MeasureSubsets([]int{0, 1, 2}, nil, func(n int) error {
		if seen = n; n == 4 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || seen != 4 {
		t.Errorf("stopped at %d with %v", seen, err)
	}
}

// The risk of a million rows by five keys, beside sorting them once: x-sort must be at most 5.
func BenchmarkRisk(b *testing.B) {
	const rows, keys = 1_000_000, 5
	random := rand.New(rand.NewPCG(1, 2))
	values := [keys]int{80, 2, 15, 10, 40}
	table := risk.NewTable(keys)
	cells := make([][keys]uint32, rows)
	for i := range cells {
		for key, n := range values {
			cells[i][key] = random.Uint32N(uint32(n))
		}
		table.Add(func(key int) []byte { return strconv.AppendUint(nil, uint64(cells[i][key]), 10) })
	}
	var sorting, measuring time.Duration
	for b.Loop() {
		sorted := slices.Clone(cells)
		began := time.Now()
		slices.SortFunc(sorted, func(a, b [keys]uint32) int {
			for key := range a {
				if order := cmp.Compare(a[key], b[key]); order != 0 {
					return order
				}
			}
			return 0
		})
		sorting += time.Since(began)
		began = time.Now()
		if r := table.Measure(span(keys), nil); r.Rows != rows {
			b.Fatal(r)
		}
		measuring += time.Since(began)
	}
	b.ReportMetric(float64(measuring.Nanoseconds())/float64(b.N)/rows, "ns/row")
	b.ReportMetric(float64(measuring)/float64(sorting), "x-sort")
}
