package main

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// rates runs the command on a table.
func rates(t *testing.T, table string, flags ...string) result {
	t.Helper()
	return wellwave(t, "sqlite:/nonexistent/none.db", table, append([]string{"rates"}, flags...)...)
}

const dispositionsHeader = "participant,arm,site,wave,disposition\n"

// cases writes rows of one wave: counts of arm, site and disposition.
func cases(rows ...string) string {
	var b strings.Builder
	b.WriteString(dispositionsHeader)
	person := 0
	for _, row := range rows {
		words := strings.Fields(row)
		n, _ := strconv.Atoi(words[0]) // a slip gives no row, and another result
		for range n {
			person++
			b.WriteString(strconv.Itoa(person) + "," + words[1] + "," + words[2] + ",nine," + words[3] + "\n")
		}
	}
	return b.String()
}

// decode returns the JSON that a command printed.
func decode(t *testing.T, r result) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(r.stdout), &v); err != nil || r.code != exitDone {
		t.Fatalf("%v: %+v", err, r)
	}
	return v
}

// at follows keys and positions through JSON.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			next, ok := object[step]
			if !ok {
				t.Fatalf("%v: there is no %s", path, step)
			}
			v = next
		case int:
			list, ok := v.([]any)
			if !ok || step >= len(list) {
				t.Fatalf("%v: there is no %d", path, step)
			}
			v = list[step]
		}
	}
	return v
}

// Expected values: the AAPOR formulas (Standard Definitions, 10th edition, 2023) by hand on I 60, P 10, R 12 and break-off
// 3, NC 14, O 5, U 30 and 10 ineligible, with 6 pending: eligible 104 and so far 110, e 104/114 and 110/120. Intervals: R
// 4.2.2, prop.test(60, 134, correct = FALSE) and prop.test(60, 140, correct = FALSE).
func TestRatesJSON(t *testing.T) {
	got := decode(t, rates(t, cases("60 a s complete", "10 a s partial", "12 a s refusal", "3 a s break-off", "14 a s non-contact", "6 a s pending",
		"5 a s other-eligible", "30 a s unknown-eligibility", "10 a s ineligible", "9 a s not-yet-due"), "--json"))
	e, so := 104.0/114, 110.0/120
	for _, where := range [][]any{{"overall"}, {"groups", 0}, {"arms", 0}} {
		group := at(t, got, where...)
		for key, want := range map[string]float64{"n": 144, "pending": 6, "not_yet_due": 9, "enrolled": 134, "retention": 70.0 / 134, "e": e,
			"rr1": 60 / 134., "rr2": 70 / 134., "rr3": 60 / (104 + 30*e), "rr4": 70 / (104 + 30*e), "rr5": 60 / 104., "rr6": 70 / 104.,
			"coop1": 60 / 90., "coop2": 70 / 90., "coop3": 60 / 85., "coop4": 70 / 85., "ref1": 15 / 134., "ref2": 15 / (104 + 30*e), "ref3": 15 / 104.,
			"con1": 90 / 134., "con2": 90 / (104 + 30*e), "con3": 90 / 104., "rr1_low": 0.366191496802, "rr1_high": 0.532242543872} {
			if v, _ := at(t, group, key).(float64); math.Abs(v-want) > 1e-9 {
				t.Errorf("%v %s = %v, want %v", where, key, v, want)
			}
		}
		for key, want := range map[string]float64{"n": 150, "e": so, "rr1": 60 / 140., "rr3": 60 / (110 + 30*so), "coop1": 60 / 90., "con3": 90 / 110.,
			"rr1_low": 0.349584435684, "rr1_high": 0.511373592940, "retention": 0.5} {
			if v, _ := at(t, group, "due_so_far", key).(float64); math.Abs(v-want) > 1e-9 {
				t.Errorf("%v due_so_far %s = %v, want %v", where, key, v, want)
			}
		}
	}
	if arm, wave := at(t, got, "groups", 0, "arm"), at(t, got, "groups", 0, "wave"); arm != "a" || wave != "nine" || at(t, got, "overall", "arm") != nil {
		t.Errorf("arm %v, wave %v", arm, wave)
	}
}

// Expected values: the model study's published counts; Newcombe's method 10 worked from R 4.2.2's prop.test(…, correct =
// FALSE)$conf.int gives −0.1736 (−0.2305 to −0.1205).
func TestRatesDifference(t *testing.T) {
	table := cases("214 links p complete", "74 links p refusal", "561 usual q complete", "51 usual q non-contact", "1 third r not-yet-due")
	got := decode(t, rates(t, table, "--json", "--icc", "0.05"))
	d := at(t, got, "differences", 0)
	if at(t, d, "a") != "links" || at(t, d, "b") != "usual" {
		t.Errorf("%v", d)
	}
	want := map[string]float64{"difference": 214./288 - 561./612, "low": -0.230450574356, "high": -0.120541107932}
	for key, w := range want {
		if v, _ := at(t, d, key).(float64); math.Abs(v-w) > 1e-11 {
			t.Errorf("%s = %v, want %v", key, v, w)
		}
	}
	if low, _ := at(t, d, "effective_low").(float64); low > -0.23 {
		t.Errorf("effective low %v is not below %v", low, want["low"])
	}
	for _, path := range [][]any{{"differences", 1, "difference"}, {"differences", 2, "low"}, {"arms", 2, "rr1"}, {"arms", 2, "rr1_high"}, {"arms", 2, "e"}} {
		if v := at(t, got, path...); v != nil {
			t.Errorf("%v = %v, want null where nobody is due", path, v)
		}
	}
	text := rates(t, table, "--icc", "0.05").stdout
	for _, want := range []string{"PEOPLE WHOSE WINDOW HAS CLOSED", "DUE SO FAR", "214 of 288", "links − usual  all   −17.4 points", "links − third  all   –", "RR6", "CON3"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestRatesWaves(t *testing.T) {
	table := dispositionsHeader + "1,a,s,first,complete\n2,b,t,first,complete\n1,a,s,second,refusal\n2,b,t,second,complete\n"
	got := decode(t, rates(t, table, "--json"))
	for path, want := range map[string]float64{"first": 0, "second": -1} {
		i := map[string]int{"first": 0, "second": 1}[path]
		if wave, v := at(t, got, "wave_differences", i, "wave"), at(t, got, "wave_differences", i, "difference"); wave != path || v != want {
			t.Errorf("difference at %v = %v, want %v", wave, v, want)
		}
	}
	if v := at(t, got, "differences", 0, "difference"); v != -0.5 {
		t.Errorf("difference = %v, want −0.5", v)
	}
	if groups := at(t, got, "groups").([]any); len(groups) != 4 {
		t.Errorf("%d groups, want 4", len(groups))
	}
}

func TestRatesFaults(t *testing.T) {
	const row = "1,a,s,w,complete\n"
	tests := []struct{ name, give, want string }{
		{"unknown disposition", dispositionsHeader + row + "2,a,s,w,done\n", "line 3, column 5 (disposition): “done” is not a disposition; the dispositions are not-yet-due, "},
		{"capitals", dispositionsHeader + "2,a,s,w,Complete\n", "line 2, column 5 (disposition): “Complete” is not a disposition"},
		{"no disposition", dispositionsHeader + row + "2,a,s,w,\n", "line 3, column 5 (disposition): the cell is empty; the dispositions are "},
		{"no arm", dispositionsHeader + row + "2, ,s,w,complete\n", "line 3, column 2 (arm): the cell is empty"},
		{"twice", dispositionsHeader + row + "2,a,s,w,complete\n1,a,s,v,complete\n 1,b,t,w,refusal\n", "line 5, column 1 (participant): participant “1” stands here for wave “w” again; the first time is on line 2"},
		{"no column", "participant,arm,site,Wave,disposition\n", "line 1: there is no column wave (column 4 is called “Wave”)"},
		{"short row", dispositionsHeader + "1,a\n", "line 2: the row has 2 cells and the header has 5"},
		{"nothing", "", "the table is empty"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := rates(t, tt.give); got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, tt.want) {
				t.Errorf("%+v, want %q", got, tt.want)
			}
		})
	}
	file := writeFile(t, "people.csv", dispositionsHeader+row+"2,a,s,w,done\n")
	if got := rates(t, "", file); got.code != exitUsage || !strings.HasPrefix(got.stderr, file+":3:5: disposition: “done”") {
		t.Errorf("%+v", got)
	}
	if got := rates(t, dispositionsHeader, "--icc", "1.5"); got.code != exitUsage || !strings.Contains(got.stderr, "--icc must be from 0 to 1") {
		t.Errorf("%+v", got)
	}
}

func TestRatesTables(t *testing.T) {
	header := decode(t, rates(t, dispositionsHeader, "--json"))
	if groups := at(t, header, "groups").([]any); len(groups) != 0 || at(t, header, "overall", "rr1") != nil {
		t.Errorf("a header alone: %v", header)
	}
	odd := "\ufeffnote,disposition,wave,site,arm,participant\r\n\"x\r\ny\", complete ,w,\"s, 1\",a,1\r\n"
	got := rates(t, odd)
	if got.code != exitDone || got.stderr != "Not looked at: note.\n" || !strings.Contains(got.stdout, "s, 1") {
		t.Errorf("%+v", got)
	}
}

// FuzzRates wants an answer or a place for every table, and never half of one.
func FuzzRates(f *testing.F) {
	for _, seed := range []string{dispositionsHeader + "1,a,s,w,complete\n", "\ufeffarm,site,wave,disposition,participant,x\r\na,s,w,pending,1,\"\"\r\n", dispositionsHeader + "1,a,s,w,complete\n1,a,s,w,partial"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, table string) {
		switch got := rates(t, table, "--json"); {
		case got.code == exitDone:
			if !json.Valid([]byte(got.stdout)) || !utf8.ValidString(got.stdout) {
				t.Errorf("%q", got.stdout)
			}
		case got.code != exitUsage || got.stdout != "" || got.stderr == "":
			t.Errorf("%+v", got)
		}
	})
}
