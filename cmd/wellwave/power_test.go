package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wellwave/surveys/csvtable"
)

// askPower runs the command on a table.
func askPower(t *testing.T, table string, args ...string) result {
	t.Helper()
	return wellwave(t, "sqlite:/nonexistent/none.db", table, append([]string{"power"}, args...)...)
}

// Expected numbers by R 4.2.2: power.t.test and power.prop.test with strict = TRUE and tol = 1e-13, pwr 1.3.0; those of
// clusters by the formulas with pt, qt and uniroot.
func TestPowerJSON(t *testing.T) {
	tests := []struct {
		name string
		give string
		want map[string]float64
	}{
		{"means", "means --n1 64 --n2 64 --delta 0.5 --sd 1", map[string]float64{"power": 0.80145955793551, "n": 64, "df": 126, "recruit2": 64}},
		{"means, size", "means --delta 0.5 --power 0.9 --attrition1 0.2 --attrition2 0", map[string]float64{"n": 85.0312841374, "n_ceiling": 86, "recruit1": 107, "recruit2": 86}},
		{"a difference below 0", "means --n1 64 --n2 64 --delta=-0.5", map[string]float64{"power": 0.80145955793551, "delta": -0.5}},
		{"paired", "paired --delta 0.3 --correlation 0.6 --power 0.8 --attrition 0.1", map[string]float64{"n": 71.7120920059, "recruit1": 80}},
		{"proportions", "proportions --p1 0.3 --p2 0.4 --power 0.8", map[string]float64{"n": 355.94203303408, "n_ceiling": 356}},
		{"proportions by h", "proportions --p1 0.3 --p2 0.4 --power 0.8 --method arcsine", map[string]float64{"n": 355.4192358}},
		{"clusters", "cluster-means --n1 214 --k1 7 --n2 561 --k2 8 --icc 0.05 --correlation 0.5 --delta 0.3",
			map[string]float64{"power": 0.6306581147, "se": 0.1210129563, "df": 13, "k1": 7, "m2": 70.125}},
		{"sizes of clusters", "cluster-means --sizes1 12,18,24,30,36,42,52 --sizes2 35,45,55,65,75,85,95,106 --icc 0.01 --correlation 0.5 --delta 0.3",
			map[string]float64{"power": 0.908010952, "deff1": 1.350186916, "deff2": 1.767379679, "cv1": 0.4221155062, "cv2": 0.3294887287}},
		{"size of clusters", "cluster-means --k1 7 --k2 8 --icc 0.01 --correlation 0.5 --delta 0.3 --power 0.8",
			map[string]float64{"m": 25.544831, "n1_ceiling": 179, "n2_ceiling": 205}},
		{"degrees of freedom", "cluster-means --n1 214 --k1 7 --n2 561 --k2 8 --icc 0.02 --df satterthwaite --delta 0.3", map[string]float64{"df": 11.574259460232}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := askPower(t, "", append(strings.Fields(tt.give), "--json")...)
			if r.code != exitDone || r.stderr != "" {
				t.Fatalf("exit %d: %s", r.code, r.stderr)
			}
			var got map[string]any
			if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
				t.Fatal(err)
			}
			for name, want := range tt.want {
				if number, ok := got[name].(float64); !ok || math.Abs(number-want) > 1e-9*max(1, math.Abs(want)) {
					t.Errorf("%s = %v, want %v", name, got[name], want)
				}
			}
			if input, ok := got["input"].(map[string]any); !ok || input["design"] != got["design"] {
				t.Errorf("input = %v", got["input"])
			}
		})
	}
}

func TestPowerTable(t *testing.T) {
	r := askPower(t, "", strings.Fields("cluster-means --k1 7 --k2 8 --icc 0.01 --correlation 0.5 --delta 0.3 --power 0.8")...)
	for _, want := range []string{"solved for the sample size", "25.544831 ", "Whole people                      179          205\n", "Note: fewer than 8 clusters in an arm: 7.\n"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("%q is missing in\n%s", want, r.stdout)
		}
	}
	if r = askPower(t, "", strings.Fields("cluster-proportions --k 12 --m 25 --icc 0.03 --p1 0.3 --p2 0.45")...); !strings.Contains(r.stdout, "no small-cluster correction") {
		t.Errorf("not marked:\n%s", r.stdout)
	}
	if r = askPower(t, "", "paired", "--pairs", "20", "--power", "0.8"); !strings.Contains(r.stdout, "Whole pairs          20\n") {
		t.Errorf("pairs:\n%s", r.stdout)
	}
}

func TestPowerExitCodes(t *testing.T) {
	tests := []struct {
		name, give string
		code       int
		want       string
	}{
		{"not reachable", "cluster-means --k1 7 --k2 8 --icc 0.05 --delta 0.25 --power 0.8", exitFailed, "the power comes up to 0.5159010688 and no further; for 0.8 it takes at least 13 and 15 clusters"},
		{"not reachable, JSON", "cluster-means --k1 7 --k2 8 --icc 0.05 --delta 0.25 --power 0.8 --json", exitFailed, "at least 13 and 15 clusters"},
		{"nothing left out", "means --n1 9 --n2 9 --delta 1 --power 0.8", exitUsage, "nothing is left to solve for"},
		{"no number", "means --n1 x --n2 9 --delta 1", exitUsage, "--n1: not a number"},
		{"not finite", "means --n1 Inf --n2 9 --delta 1", exitUsage, "--n1: not a number"},
		{"no design", "", exitUsage, "say which design"},
		{"attrition twice", "means --n1 9 --n2 9 --delta 1 --attrition 0.1 --attrition2 0.1", exitUsage, "--attrition is for both arms"},
		{"sizes and more", "cluster-means --sizes1 3,4 --sizes2 3,4 --k1 2 --icc 0 --delta 1", exitUsage, "nothing else"},
		{"one arm's sizes", "cluster-means --sizes1 3,4 --icc 0 --delta 1", exitUsage, "both --sizes1 and --sizes2"},
		{"an empty cluster", "cluster-means --sizes1 3,0 --sizes2 3,4 --icc 0 --delta 1", exitUsage, "cannot have the size 0"},
		{"no file", "--batch /nonexistent/plans.csv", exitUsage, "the table cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := askPower(t, "", strings.Fields(tt.give)...)
			if r.code != tt.code || !strings.Contains(r.stderr, tt.want) {
				t.Errorf("exit %d, %q; want %d and %q", r.code, r.stderr, tt.code, tt.want)
			}
			if strings.HasSuffix(tt.give, "--json") != strings.Contains(r.stdout, `"power": 0.5159010687901`) {
				t.Errorf("standard output: %s", r.stdout)
			}
			if strings.Contains(r.stdout, `"clusters":`) { // nobody said how many people each gives
				t.Errorf("standard output has a number of clusters: %s", r.stdout)
			}
		})
	}
}

// batchHeader has every column that a batch reads, and one that it doesn't.
const batchHeader = "note,design,n1,n2,pairs,k1,k2,cv1,cv2,k,m,cv,delta,sd,p1,p2,alpha,sides,power,icc,correlation,correlation_cluster,baseline_difference,attrition1,attrition2,df\n"

// batchRow returns a row of batchHeader's columns from name=value pairs.
func batchRow(pairs string) string {
	names := strings.Split(strings.TrimSuffix(batchHeader, "\n"), ",")
	cells := make([]string, len(names))
	for _, pair := range strings.Fields(pairs) {
		name, value, _ := strings.Cut(pair, "=")
		cells[slices.Index(names, name)] = value
	}
	return strings.Join(cells, ",") + "\n"
}

func TestPowerBatch(t *testing.T) {
	// Numbers as above.
	rows := []struct{ give, want string }{
		{"note=\"a,b\" design=means n1=64 n2=64 delta=0.5 sd=1", "0.8014595579,64,64,,,,0.5,64,64,"},
		{"design=means delta=0.5 power=0.9 attrition1=0.2", "0.9,85.03128414,86,,,,0.5,107,86,"},
		{"design=paired pairs=30 power=0.8 alpha=0.05 sides=2", "0.8,30,30,,,,0.5292356151,30,,"},
		{"design=proportions n1=100 n2=100 p1=0.3 power=0.8", "0.8,100,100,,,,0.1926565928,100,100,"},
		{"design=cluster-means k1=7 k2=8 delta=0.3 icc=0.01 correlation=0.5 power=0.8", "0.8,,,,,25.544831,0.3,179,205,"},
		{"design=cluster-means k1=7 k2=8 delta=0.25 icc=0.05 power=0.8", `,,,,,,,,,"not reachable, however large the clusters: the power comes up to 0.5159010688 and no further; for 0.8 it takes at least 13 and 15 clusters"`},
		{"design=cluster-means m=20 delta=0.3 icc=0.05 power=0.8", "0.8,360.3719462,361,18.01859731,19,20,0.3,361,361,"},
		{"design=cluster-proportions m=20 p1=0.3 p2=0.4 icc=0.05 power=0.8", "0.8,694.0869644,695,34.70434822,35,20,0.1,695,695,"},
		{"design=nothing", ",,,,,,,,,\"there is no design “nothing”; there are means, paired, proportions, cluster-means, cluster-proportions\""},
		{"design=means n1=10 n2=10 delta=1 power=0.8", ",,,,,,,,,\"leave out the sample size, the difference or the power: all are given, and nothing is left to solve for\""},
	}
	table, want := batchHeader, strings.TrimSuffix(batchHeader, "\n")+","+strings.Join(batchOut, ",")+"\n"
	for _, row := range rows {
		cells := batchRow(row.give)
		table += cells
		want += strings.TrimSuffix(cells, "\n") + "," + row.want + "\n"
	}
	file := writeFile(t, "plans.csv", table)
	for name, r := range map[string]result{"file": askPower(t, "", "--batch", file), "standard input": askPower(t, table, "--batch", "-")} {
		if r.code != exitDone || !strings.Contains(r.stderr, "3 of 10 rows without an answer: see out_why") {
			t.Errorf("%s: exit %d, %s", name, r.code, r.stderr)
		}
		got := strings.Split(r.stdout, "\n")
		for i, line := range strings.Split(want, "\n") {
			if i >= len(got) || got[i] != line {
				t.Errorf("%s, line %d:\n%q, want\n%q", name, i+1, got[min(i, len(got)-1)], line)
			}
		}
	}
}

// A cell that is no number is told with its place; the other rows are answered.
func TestPowerBatchFaults(t *testing.T) {
	table := "\ufeffid,design,delta,power,df,n1,n2\r\n1,means,0.5,0.8,,,\r\n2,means,half,0.8,,,0x10\r\n3,means,0.5,0.8,many,,\r\n\"4\n\",means,0.5,,,NaN,20\r\n5,means,0.5,,,64,64\r\n"
	file := writeFile(t, "plans.csv", table)
	r := askPower(t, "", "--batch", file)
	if r.code != exitUsage {
		t.Errorf("exit %d, want %d", r.code, exitUsage)
	}
	for _, place := range []string{":3:3: delta: “half” is not a number\n", ":3:7: n2: “0x10” is not a number\n", ":4:5: df: “many” is neither a number nor satterthwaite\n", ":6:6: n1: “NaN” is not a number\n", "3 of 5 rows"} {
		if !strings.Contains(r.stderr, place) {
			t.Errorf("%q is missing in %q", place, r.stderr)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows, %v, want 6", len(rows), err)
	}
	for i, want := range []string{"0.8", "", "", "", "0.8014595579"} {
		if got := rows[i+1][7]; got != want || (want == "") != (rows[i+1][16] != "") {
			t.Errorf("row %d: power %q and reason %q, want power %q", i+1, got, rows[i+1][16], want)
		}
	}
	for name, give := range map[string]string{
		"no design":   "id,delta\n1,0.5\n",
		"answered":    "design,out_n\nmeans,5\n",
		"ragged":      "design,delta\nmeans\n",
		"twice":       "design,delta,delta\nmeans,1,1\n",
		"empty":       "",
		"not a table": "design\n\"means\n",
	} {
		if r := askPower(t, give, "--batch", "-"); r.code != exitUsage || r.stderr == "" {
			t.Errorf("%s: exit %d, %q", name, r.code, r.stderr)
		}
	}
	for column, says := range map[string]string{"Delta": "did you mean delta?", "corelation": "did you mean correlation?", "attrition": "attrition1 and attrition2 are",
		"sizes1": "n, k and cv of each arm", "colour": "column 2, “colour”, is none that a batch reads"} {
		if r := askPower(t, "design,"+column+"\nmeans,1\n", "--batch", "-"); r.code != exitUsage || r.stdout != "" || !strings.Contains(r.stderr, says) {
			t.Errorf("a column %s: exit %d, %q, %q, want exit %d and %q", column, r.code, r.stdout, r.stderr, exitUsage, says)
		}
	}
	if r := askPower(t, "design,n1,n2,delta,colour\nmeans,64,64,0.5,red\n", "--batch", "-", "--pass", "colour"); r.code != exitDone || !strings.Contains(r.stdout, ",red,0.80145") {
		t.Errorf("with --pass colour: %+v", r)
	}
	if r := askPower(t, "design,Delta\nmeans,1\n", "--batch", "-"); r.code != exitUsage {
		t.Errorf("a column that is nearly one: %q", r.stderr)
	}
	if r := askPower(t, "design,delta\n", "--batch", "-"); r.code != exitDone || r.stdout != "design,delta,"+strings.Join(batchOut, ",")+"\n" || r.stderr != "" {
		t.Errorf("no rows: %+v", r)
	}
}

// FuzzPowerBatch looks for tables that end the program or that come out with other rows than they have.
func FuzzPowerBatch(f *testing.F) {
	f.Add(batchHeader + batchRow("design=means n1=64 n2=64 delta=0.5"))
	f.Add(batchHeader + batchRow("design=cluster-means k=9 delta=0.3 icc=0.01 power=0.8 df=satterthwaite"))
	f.Add("design,m,cv,p1,p2,icc,power\ncluster-proportions,20,0.4,0.1,0.2,0.05,0.8\n")
	f.Add("design,pairs,delta,alpha\npaired,1.06,1e-9,1e-300\n")
	f.Fuzz(func(t *testing.T, table string) {
		reading, err := csvtable.NewReader(strings.NewReader(table), "")
		if err != nil {
			return
		}
		batch, err := newPowerBatch(reading, false, nil)
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := batch.answer(&app{ctx: t.Context(), stderr: io.Discard}, &out); err != nil {
			return // the table ends in the middle
		}
		reader := csv.NewReader(&out)
		reader.LazyQuotes = true // a carriage return in a cell is kept by us and not by it
		rows, err := reader.ReadAll()
		if err != nil {
			t.Fatalf("the output is no table: %v", err)
		}
		for i, row := range rows {
			if i == 0 {
				continue
			}
			out := row[len(row)-len(batchOut):]
			if why := out[len(out)-1]; (why == "") != (out[0] != "") {
				t.Errorf("row %d has the power %q and the reason %q", i, out[0], why)
			}
			if power, err := strconv.ParseFloat(out[0], 64); out[0] != "" && (err != nil || !(power >= 0 && power <= 1)) {
				t.Errorf("row %d has the power %q", i, out[0])
			}
		}
	})
}
