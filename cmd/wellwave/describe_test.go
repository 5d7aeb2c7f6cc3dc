package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// describe runs the command on a table.
func describe(t *testing.T, table string, flags ...string) result {
	t.Helper()
	return wellwave(t, "sqlite:/nonexistent/none.db", table, append([]string{"describe"}, flags...)...)
}

// sixItems is the instrument of scoring/testdata/reliability_answers.csv: five options, the third item reversed.
const sixItems = `id: six
version: "1"
title: Six items
citation: Made for tests
licence: {wording: own}
option_sets:
  five: [1, 2, 3, 4, 5]
items:
  - {code: q1, kind: likert, option_set: five}
  - {code: q2, kind: likert, option_set: five}
  - {code: q3, kind: likert, option_set: five, reverse: true}
  - {code: q4, kind: likert, option_set: five}
  - {code: q5, kind: likert, option_set: five}
  - {code: q6, kind: likert, option_set: five}
scales:
  - id: six
    title: Six
    rule: sum
    items: [q1, q2, q3, q4, q5, q6]
    missing: {allow: 1, fill: person-mean, unconfirmed: true}
    direction: neutral
    source: Made for tests
    unconfirmed: true
`

// byR returns the numbers that scoring/testdata/reliability.R wrote into a file.
func byR(t *testing.T, name string) map[string]float64 {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "scoring", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	r := csv.NewReader(file)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	values := make(map[string]float64)
	for _, row := range rows {
		if values[row[0]], err = strconv.ParseFloat(row[1], 64); err != nil {
			t.Fatal(err)
		}
	}
	return values
}

// holds compares every expected number with that in the JSON: of items, of the scale, and of its items and groups.
func holds(t *testing.T, got map[string]any, scale string, want map[string]float64) {
	t.Helper()
	for name, w := range want {
		path := []any{"scales", scale, name}
		switch of, key, _ := strings.Cut(name, "."); of {
		case "loading": // is not shown
			continue
		case "item_total", "rwgj":
			path = []any{"scales", scale, of, key}
		default:
			if key != "" {
				path = []any{"items", of, key}
			}
		}
		if v, ok := at(t, got, path...).(float64); !ok || math.Abs(v-w) > 1e-11*max(1, math.Abs(w)) {
			t.Errorf("%s = %v, want %.13g", name, v, w)
		}
	}
}

// Expected values: R 4.2.2, scoring/testdata/reliability.R.
func TestDescribe(t *testing.T) {
	instrument := writeFile(t, "six.yaml", sixItems)
	answers := filepath.Join("..", "..", "scoring", "testdata", "reliability_answers.csv")
	got := decode(t, describe(t, "", "--file", instrument, "--group", "group", "--json", answers))
	holds(t, got, "six", byR(t, "reliability_expected.csv"))
	if scored := at(t, got, "scales", "six", "scored"); scored != 151. {
		t.Errorf("%v are scored with at most one answer missing, want all 151", scored)
	}
	text := describe(t, "", "--file", instrument, "--group", "group", answers)
	for _, want := range []string{"q6    148  3        3.034  0.852  4.1%   2.7%\n", "six    139  18.165  4.607  0.803  0.748 to 0.850  0.805        0.817\n",
		"six    151  ", "six    q3    0.549\n", "0.188   0.061 to 0.509  ", "six    H      23  0.828\n"} {
		if !strings.Contains(text.stdout, want) {
			t.Errorf("no %q in\n%s", want, text.stdout)
		}
	}
}

// Expected values: R 4.2.2, scoring/testdata/reliability.R on the data set bfi of psychTools 2.2.9, which says alpha 0.70,
// 0.73, 0.76, 0.81 and 0.60 of its five scales. The scales here are means of five items.
func TestDescribePersonalityItems(t *testing.T) {
	path := os.Getenv("WELLWAVE_BFI")
	if path == "" {
		path = filepath.Join("..", "..", "..", "shared", "data", "real", "bfi.csv")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the file is not here: %v; WELLWAVE_BFI names it", err)
	}
	got := decode(t, describe(t, "", "--file", filepath.Join("testdata", "bfi", "bfi25.yaml"), "--group", "education", "--json", path))
	want := byR(t, "reliability_bfi.csv")
	want["mean"], want["sd"] = want["mean"]/5, want["sd"]/5
	holds(t, got, "bfi_n", want)
	for scale, alpha := range map[string]float64{"bfi_a": 0.70, "bfi_c": 0.73, "bfi_e": 0.76, "bfi_n": 0.81, "bfi_o": 0.60} {
		if v, _ := at(t, got, "scales", scale, "alpha").(float64); math.Abs(v-alpha) > 0.006 {
			t.Errorf("alpha of %s = %v, want %v", scale, v, alpha)
		}
	}
}

// TestDescribeUndefined wants null where there is no number, and the numbers that there are.
func TestDescribeUndefined(t *testing.T) {
	const header = "site,gad7_1,gad7_2,gad7_3,gad7_4,gad7_5,gad7_6,gad7_7\n"
	everything := []string{"mean", "sd", "alpha", "alpha_low", "alpha_high", "omega_total", "icc1", "icc1_n0", "icc1_low", "icc1_high", "icc2"}
	tests := []struct {
		name, give string
		null       []string
	}{
		{"nobody", header, everything},
		{"one person", header + "a,0,1,2,3,0,1,2\n", everything[1:]},
		{"nobody complete", header + "a,0,1,2,3,0,1,\nb,1,1,1,1,1,,1\n", everything},
		{"no variance", header + "a,1,1,1,1,1,1,1\na,1,1,1,1,1,1,1\nb,1,1,1,1,1,1,1\n", everything[2:]},
		{"one group", header + "a,0,1,2,3,0,1,2\na,1,1,0,0,2,2,2\na,3,3,1,2,3,0,1\n", everything[6:]},
		{"no group known", header + ",0,1,2,3,0,1,2\n ,1,1,0,0,2,2,2\n,3,3,1,2,3,0,1\n", everything[6:]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := at(t, decode(t, describe(t, tt.give, "--instrument", "gad7", "--group", "site", "--json")), "scales", "gad7")
			null := strings.Join(tt.null, " ") + " "
			for _, key := range everything {
				if v := at(t, got, key); (v == nil) != strings.Contains(null, key+" ") && key != "omega_total" {
					t.Errorf("%s = %v", key, v)
				}
			}
			if v, _ := at(t, got, "omega_total_why").(string); v == "" {
				t.Errorf("omega %v of so few people, and no reason", at(t, got, "omega_total"))
			}
			if out := describe(t, tt.give, "--instrument", "gad7", "--group", "site"); out.code != exitDone || strings.Contains(out.stdout, "NaN") {
				t.Errorf("%+v", out)
			}
		})
	}
}

// TestDescribeIndex wants only the score of a scale that adds nothing up, and of one item no reliability.
func TestDescribeIndex(t *testing.T) {
	table := "eq5d5l_mo,eq5d5l_sc,eq5d5l_ua,eq5d5l_pd,eq5d5l_ad,eq5d5l_vas\n1,1,1,1,1,100\n5,5,5,5,5,0\n1,2,1,2,1,80\n"
	got := decode(t, describe(t, table, "--instrument", "eq5d5l", "--json"))
	index := at(t, got, "scales", "england_2018")
	if at(t, index, "n") != 3. || at(t, index, "alpha") != nil || at(t, index, "omega_total_why") != "the score is no sum of items" || at(t, index, "mean") == nil {
		t.Errorf("%v", index)
	}
	if v := at(t, got, "items", "eq5d5l_vas", "ceiling"); v != 0.333333333333 {
		t.Errorf("share at the ceiling = %v, want a third in twelve digits", v)
	}
}

func TestDescribeFaults(t *testing.T) {
	instrument := writeFile(t, "six.yaml", sixItems)
	tests := []struct {
		name, give, want string
		flags            []string
	}{
		{"not an option", "id,q1,q2,q3,q4,q5,q6\n1,1,1,1,1,1,1\n2,1,6,1,1,1,1\n", "line 3, column 3 (q2): 6 is not an option; the options are 1, 2, 3, 4, 5", nil},
		{"no item", "id,a\n1,1\n", "line 1: no column holds answers to six; its items are q1, q2", nil},
		{"lost item", "q1,q2,q3,q4,q5\n", "line 1: there is no column q6", nil},
		{"misspelt item", "q1,q2,q3,q4,q5,Q6\n", "line 1: there is no column q6 (column 6 is called “Q6”)", nil},
		{"no group", "q1,q2,q3,q4,q5,q6\n", "line 1: there is no column site", []string{"--group", "site"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := describe(t, tt.give, append(tt.flags, "--file", instrument)...); got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("%+v, want %q", got, tt.want)
			}
		})
	}
}

// TestDescribeUnscored describes the items of an instrument that has no scales.
func TestDescribeUnscored(t *testing.T) {
	unscored, _, _ := strings.Cut(sixItems, "scales:")
	instrument := writeFile(t, "six.yaml", unscored)
	got := decode(t, describe(t, "q1,q9\n1,x\n5,\n,y\n,\n", "--file", instrument, "--json"))
	for key, want := range map[string]float64{"n": 2, "missing": 1, "mean": 3, "floor": 0.5, "ceiling": 0.5} {
		if v := at(t, got, "items", "q1", key); v != want {
			t.Errorf("%s = %v, want %v", key, v, want)
		}
	}
}

// FuzzDescribe wants an answer or a place for every table, and never half of one.
func FuzzDescribe(f *testing.F) {
	const header = "q1,q2,q3,q4,q5,q6,group\n"
	for _, seed := range []string{header + "1,2,3,4,5,1,a\n,2,2,2,2,2,b\n3,3,1,2,5,4,a\n", "\ufeff" + header + "1,1,1,1,1,1,\"x\ny\"\r\n"} {
		f.Add(seed)
	}
	instrument := filepath.Join(f.TempDir(), "six.yaml")
	if err := os.WriteFile(instrument, []byte(sixItems), 0o600); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, table string) {
		switch got := describe(t, table, "--file", instrument, "--group", "group", "--json"); {
		case got.code == exitDone:
			if !json.Valid([]byte(got.stdout)) || !utf8.ValidString(got.stdout) {
				t.Errorf("%q", got.stdout)
			}
		case got.code != exitUsage || got.stdout != "" || got.stderr == "":
			t.Errorf("%+v", got)
		}
	})
}
