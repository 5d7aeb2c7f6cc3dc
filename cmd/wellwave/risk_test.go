package main

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
)

// askRisk runs the command on a table.
func askRisk(t *testing.T, table string, flags ...string) result {
	t.Helper()
	return wellwave(t, "sqlite:/nonexistent/none.db", table, append([]string{"risk"}, flags...)...)
}

const riskPeople = "../../surveys/risk/testdata/people.csv"

// Expected values: surveys/risk/testdata/risk.R, through the program's own output.
func TestRiskOfSubsets(t *testing.T) {
	subsets := askRisk(t, "", riskPeople, "--keys", "age_band,sex,site,children", "--sensitive", "condition,smokes", "--all-subsets", "--json")
	var got any
	if err := json.Unmarshal([]byte(subsets.stdout), &got); err != nil || subsets.code != exitDone {
		t.Fatalf("%v: %+v", err, subsets)
	}
	whole := decode(t, askRisk(t, "", riskPeople, "--keys", "age_band,sex,site,children", "--sensitive", "condition", "--sensitive", "smokes", "--json"))
	rows := readCSV(t, "../../surveys/risk/testdata/expected.csv")[1:]
	subset, seen := -1, ""
	for _, row := range rows {
		if row[0] != seen {
			seen = row[0]
			subset++
			var keys []string
			for _, key := range at(t, got, subset, "keys").([]any) {
				keys = append(keys, key.(string))
			}
			if strings.Join(keys, " ") != row[0] {
				t.Fatalf("subset %d is of %q, want %q", subset, keys, row[0])
			}
		}
		path := []any{row[1]}
		if column, measure, ok := strings.Cut(row[1], "."); ok {
			path = []any{"sensitive", column, measure}
		}
		want, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if have := number(t, got, append([]any{subset}, path...)...); math.Abs(have-want) > 1e-12 {
			t.Errorf("%s: %s is %v, want %v", row[0], row[1], have, want)
		}
		if have := number(t, whole, path...); row[0] == "age_band sex site children" && math.Abs(have-want) > 1e-12 {
			t.Errorf("all keys: %s is %v, want %v", row[1], have, want)
		}
	}
	if subset != 14 {
		t.Errorf("%d subsets of four keys, want 15", subset+1)
	}
}

func TestRiskFaults(t *testing.T) {
	const table = "age,sex,site\n30,f,a\n31,m,b\n"
	tests := []struct {
		name, table string
		flags       []string
		want        string
	}{
		{"no keys", table, nil, "--keys"},
		{"a key that is not there", table, []string{"--keys", "age,gender"}, "gender"},
		{"a key in capitals", table, []string{"--keys", "Age"}, "age"},
		{"a key twice", table, []string{"--keys", "age,sex,age"}, "the column age is named twice"},
		{"a sensitive key", table, []string{"--keys", "age", "--sensitive", "age"}, "a key is known"},
		{"no rows", "age,sex\n", []string{"--keys", "age"}, "has no rows"},
		{"only rows of commas", "age,sex\n,\n,\n", []string{"--keys", "age"}, "has no rows"},
		{"nothing", "", []string{"--keys", "age"}, ""},
		{"too many for subsets", table, []string{"--keys", "a,b,c,d,e,f,g,h,i,j,k,l,m", "--all-subsets"}, "at most 12 keys, and there are 13"},
		{"a short row", "age,sex\n30\n", []string{"--keys", "age"}, "line 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := askRisk(t, tt.table, tt.flags...)
			if got.code == exitDone || !strings.Contains(got.stderr, tt.want) || got.stdout != "" {
				t.Errorf("exit code %d, %q", got.code, got.stderr)
			}
		})
	}
}

func TestRiskTables(t *testing.T) {
	// Spaces around a cell are none of it, semicolons separate, and the tables name what a file may call its columns.
	const table = "age band;sex;site\n30 ; f;a\n30;f;b\n30;m;a\n"
	one := askRisk(t, table, "--keys", "age band,sex", "--sensitive", "site")
	for _, want := range []string{"Rows  ", "Alone in their class (sample uniques)  1\n", "Mean prosecutor risk                   0.667\n", "site       1           1.000      0.333\n"} {
		if one.code != exitDone || !strings.Contains(one.stdout, want) {
			t.Errorf("exit code %d, no %q in\n%s%s", one.code, want, one.stdout, one.stderr)
		}
	}
	all := askRisk(t, table, "--keys", "age band,sex", "--sensitive", "site", "--all-subsets")
	for _, want := range []string{"age band       1        3  0        0", "age band, sex  2        1  1        3", "SITE: L, ENTROPY, T"} {
		if all.code != exitDone || !strings.Contains(strings.Replace(all.stdout, "site: L", "SITE: L", 1), want) {
			t.Errorf("exit code %d, no %q in\n%s%s", all.code, want, all.stdout, all.stderr)
		}
	}
}
