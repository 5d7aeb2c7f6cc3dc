package disclosure_test

import (
	"fmt"
	"testing"

	"wellwave/surveys/disclosure"
)

// tables calls fn for every table of so many figures and people.
func tables(size, people int, fn func([]int)) {
	table := make([]int, size)
	var fill func(at, left int)
	fill = func(at, left int) {
		if at == size-1 {
			table[at] = left
			fn(table)
			return
		}
		for n := range left + 1 {
			table[at] = n
			fill(at+1, left-n)
		}
	}
	fill(0, people)
}

// A reader who knows how many people there are and how tables are made lists every table that would be shown alike. Of each
// hidden count so many numbers stay possible, and each range that is given holds the count.
func TestTableKeepARange(t *testing.T) {
	const wide = 5
	for _, size := range []struct{ cells, people int }{{1, 30}, {2, 45}, {3, 24}, {4, 16}} {
		for _, step := range []int{1, 5} {
			for people := range size.people + 1 {
				type ends struct{ least, most int }
				alike := make(map[string][]ends)
				tables(size.cells, people, func(counts []int) {
					figures := disclosure.Table(counts, step)
					seen := alike[fmt.Sprint(figures)]
					for i, f := range figures {
						n := counts[i]
						if n < f.Low || n > f.High || !f.Hidden && (n > 0 && n < disclosure.LeastCount || f.N%step != 0) {
							t.Fatalf("%v of %v is shown as %+v", n, counts, f)
						}
						if len(seen) <= i {
							seen = append(seen, ends{n, n})
						}
						seen[i] = ends{min(seen[i].least, n), max(seen[i].most, n)}
					}
					if low, high := disclosure.Together(figures[:1], figures[1:], people); counts[0] < low || counts[0] > high {
						t.Fatalf("%d of %v should lie between %d and %d", counts[0], counts, low, high)
					}
					alike[fmt.Sprint(figures)] = seen
				})
				tables(size.cells, people, func(counts []int) {
					figures := disclosure.Table(counts, step)
					for i, e := range alike[fmt.Sprint(figures)] {
						if size.cells > 1 && figures[i].Hidden && e.most-e.least+1 < min(wide, people+1) {
							t.Fatalf("of %v, shown as %+v to the nearest %d, the %d. can only be %d to %d", counts, figures, step, i+1, e.least, e.most)
						}
					}
				})
			}
		}
	}
}

func TestTable(t *testing.T) {
	tests := []struct {
		name string
		give []int
		step int
		want string
	}{
		{"nobody", []int{0, 0}, 5, "0 0"},
		{"enough", []int{12, 0, 43}, 5, "10 0 45"},
		{"as they are", []int{12, 0, 43}, 1, "12 0 43"},
		{"one in company", []int{37, 3}, 5, "(31-39) (1-9)"},
		{"company is the first, whatever its size", []int{3, 50, 10}, 1, "(1-9) (44-52) 10"},
		{"of so few all", []int{3, 0, 10}, 1, "(0-13) (0-13) (0-13)"},
		{"fewer than ten", []int{9, 0}, 1, "(0-9) (0-9)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for i, f := range disclosure.Table(tt.give, tt.step) {
				if i > 0 {
					got += " "
				}
				if f.Hidden {
					got += fmt.Sprintf("(%d-%d)", f.Low, f.High)
				} else {
					got += fmt.Sprint(f.N)
				}
			}
			if got != tt.want {
				t.Errorf("Table(%v, %d) = %s, want %s", tt.give, tt.step, got, tt.want)
			}
		})
	}
}
