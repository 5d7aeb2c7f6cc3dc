package release

import (
	"strings"
	"testing"

	"wellwave/surveys"
)

// countPeople counts people by what stands in their cell, or by why nothing does where the word is in brackets.
func countPeople(c *Column, of part, cells map[string]int) (t tally, people int) {
	plan := &Plan{Profile: surveys.TeamRelease.String()}
	t = c.tally(of)
	t.reasons = append(plan.reasons(), Option{Code: noReason})
	t.empty = make([]int, len(t.reasons))
	for cell, n := range cells {
		for range n {
			if reason, ok := strings.CutPrefix(cell, "("); ok {
				t.add(nil, reason[:len(reason)-1])
			} else {
				t.add([]byte(cell), "")
			}
		}
		people += n
	}
	return t, people
}

func TestCounts(t *testing.T) {
	likert := &Column{Type: Code, Options: []Option{{"1", "Never"}, {"2", "Often"}}}
	days := &Column{Type: Days}
	set := &Column{Type: Set, Options: likert.Options}
	tests := []struct {
		name   string
		column *Column
		part   part
		give   map[string]int
		step   int
		want   string // n | missing | counts
	}{
		{"everything", likert, value, map[string]int{"1": 20, "2": 33}, 1, "53||1: 20; 2: 33"},
		{"to the nearest five", likert, value, map[string]int{"1": 21, "2": 33, "(skipped)": 12}, 5, "55|skipped: 10|1: 20; 2: 35"},
		{"a few are missing", likert, value, map[string]int{"1": 20, "2": 33, "(skipped)": 3}, 1, "47 to 55|skipped: 1 to 9|1: 14 to 22; 2: 33"},
		{"a code from before", likert, value, map[string]int{"1": 20, "2": 33, "7": 11}, 1, "64||1: 20; 2: 33; other: 11"},
		{"nobody", likert, value, nil, 5, "0||1: 0; 2: 0"},
		{"few", likert, value, map[string]int{"1": 4, "(skipped)": 3}, 5, "0 to 7|hidden|hidden"},
		{"ends that many have", days, value, map[string]int{"-3": 10, "0": 20, "95": 11, "(not-recorded)": 10}, 1, "41|not-recorded: 10|least: -3; greatest: 95"},
		{"ends that few have", days, value, map[string]int{"-30": 9, "0": 20, "95": 9}, 1, "38||least: hidden; greatest: hidden"},
		{"nothing to say", days, value, map[string]int{"": 12, "1": 10}, 1, "10|empty: 12|least: 1; greatest: 1"},
		{"chosen", set, value, map[string]int{"1": 20, "1 2": 11, "2": 10}, 1, "41||1: 31; 2: 21"},
		{"chosen by all but few", set, value, map[string]int{"1": 30, "1 2": 3, "2": 20}, 1, "53||1: 33; 2: 23"},
		{"chosen by few", set, value, map[string]int{"1": 30, "12": 5}, 1, "35||1: 26 to 34; 2: 0"},
		{"chosen, and a few are missing", set, value, map[string]int{"1": 20, "2": 20, "(skipped)": 2}, 1, "33 to 41|skipped: 1 to 9|hidden"},
		{"prorated", &Column{Type: Number, Max: 3}, prorated, map[string]int{"0": 30, "1": 12}, 1, "42||0: 30; 1: 12"},
		{"answered", &Column{Type: Number, Max: 3}, answered, map[string]int{"14": 30}, 1, "30||"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			counted, people := countPeople(tt.column, tt.part, tt.give)
			s := counted.shown(people, tt.step)
			if got := strings.Join([]string{s.n, s.missing, s.held}, "|"); got != tt.want {
				t.Errorf("%v is shown as %s\n  want %s", tt.give, got, tt.want)
			}
		})
	}
}
