package main

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// vectors is where the reference values of the staff survey are: its README says what made them.
const vectors = "../../surveys/climate/testdata/vectors/"

// askClimate runs the command on a table.
func askClimate(t *testing.T, table string, flags ...string) result {
	t.Helper()
	return wellwave(t, "sqlite:/nonexistent/none.db", table, append([]string{"climate"}, flags...)...)
}

// number returns a number of JSON, NaN if it is null.
func number(t *testing.T, v any, path ...any) float64 {
	t.Helper()
	f, ok := at(t, v, path...).(float64)
	if !ok {
		return math.NaN()
	}
	return f
}

// Expected values: surveys/climate/testdata/vectors/a.R, through the program's own output.
func TestClimateVectors(t *testing.T) {
	got := decode(t, askClimate(t, "", vectors+"a_staff_scores.csv", "--json"))
	published := decode(t, askClimate(t, "", vectors+"a_staff_scores.csv", "--json", "--average", writeFile(t, "published.csv", "round,mean\n1,5\n2,5.05\n")))
	where := map[string][]any{
		"programme vs others; practices weigh alike; Welch":                           {"difference_of_changes"},
		"baseline; programme minus others; Welch":                                     {"start_difference"},
		"own change; programme; t with k-1":                                           {"programme"},
		"own change; others; t with k-1":                                              {"others"},
		"respondents weigh alike; CR2 by practice":                                    {"respondents_weighted"},
		"one practice P01 vs the others; Crawford-Howell":                             {"practices", 0, "against_others"},
		"one practice P09 vs the others; Crawford-Howell":                             {"practices", 8, "against_others"},
		"own change of P01 from its staff Welch":                                      {"practices", 0, "own"},
		"own change of P09 from its staff Welch":                                      {"practices", 8, "own"},
		"these practices only (census of practices); error of staff sampling only; z": {"census"},
		"sensitivity: practice change ~ programme + start":                            {"adjusted_for_start"},
		"programme against a published change of 0.05 taken as fixed":                 {"difference_of_changes"},
	}
	keys := map[string]string{"difference_of_changes": "estimate", "difference": "estimate", "df_welch": "df"}
	groups := map[string][]any{"baseline_programme": {"programme", "start"}, "baseline_others": {"others", "start"}, "change_programme": {"programme", "change"}}
	checked := 0
	for _, row := range readCSV(t, vectors+"a_expected.csv")[1:] {
		path, ok := where[row[1]]
		if !ok { // what the output does not have: pooled variance of more than two practices, one practice's finite population
			continue
		}
		from, key := got, row[2]
		if strings.Contains(row[1], "published") {
			from = published
		}
		if k, ok := keys[key]; ok {
			key = k
		}
		switch group, ok := groups[row[2]]; {
		case ok:
			path = group
		case key == "change":
			path = []any{path[0], path[1], "change"}
		case key == "change_others" && len(path) == 1:
			path = []any{"others", "change"}
		case key == "change_others":
			continue
		default:
			path = append(path[:len(path):len(path)], key)
		}
		want, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		if v := number(t, from, append([]any{"themes", 0}, path...)...); !(math.Abs(v-want) <= 1e-9) {
			t.Errorf("%s, %s = %v, want %v", row[1], row[2], v, want)
		}
		checked++
	}
	if checked != 55 {
		t.Errorf("%d values checked, want 55", checked)
	}
	if theme, sentence := at(t, got, "themes", 0, "theme"), at(t, got, "themes", 0, "sentence"); theme != "" || sentence != "rose while the average did not, from a similar start" {
		t.Errorf("%q, %q", theme, sentence)
	}
}

// TestClimateJSON wants the keys in their order, and null where there is nothing.
func TestClimateJSON(t *testing.T) {
	const table = "practice,programme,round,score\nP,1,1,4\nP,1,2,5\nO,0,1,4\nO,0,2,4.5\n"
	got := askClimate(t, table, "--json")
	var compact strings.Builder
	for _, line := range strings.Split(got.stdout, "\n") {
		compact.WriteString(strings.TrimSpace(line))
	}
	const nothing = `{"se": null,"df": null,"low": null,"high": null}`
	practice := func(name, change, estimate string) string {
		return `{"practice": "` + name + `","change": ` + change + `,"own": ` + nothing + `,"against_others": {"estimate": ` + estimate +
			`,"se": null,"df": null,"low": null,"high": null,"p": null},"against_others_corrected": {"se": null,"low": null,"high": null}}`
	}
	want := `{"themes": [{"theme": "","start_difference": {"estimate": 0,"low": null,"high": null},` +
		`"programme": {"practices": 1,"start": 4,"change": 1,"low": null,"high": null},"others": {"practices": 1,"start": 4,"change": 0.5,"low": null,"high": null},` +
		`"difference_of_changes": {"estimate": 0.5,"se": null,"df": null,"low": null,"high": null,"p": null},` +
		`"respondents_weighted": {"estimate": 0.5,"se": null,"df": null,"low": null,"high": null},"census": null,` +
		`"adjusted_for_start": {"estimate": null,"df": null,"low": null,"high": null},` +
		`"practices": [` + practice("O", "0.5", "-0.5") + `,` + practice("P", "1", "0.5") + `],` +
		`"sentence": "rose more in these practices; chance is not excluded, from a similar start"}]}`
	if got.code != exitDone || got.stderr != "" || compact.String() != want {
		t.Errorf("%+v\n%s\nwant\n%s", got, compact.String(), want)
	}
}

// TestClimateTables wants the same for people: what it says first, and who is left out.
func TestClimateTables(t *testing.T) {
	got := askClimate(t, "", "../../surveys/climate/testdata/unbalanced_scores.csv", "--margin", "0.15")
	if got.code != exitDone || got.stderr != "Not looked at: q1, q2, q3, q4.\nLeft out of changes: S05, without scores in round 3.\n" {
		t.Errorf("%d, %s", got.code, got.stderr)
	}
	for _, want := range []string{
		"From round 1 to round 3, beside all other practices. Intervals are 95 %.\n\nThe programme’s practices rose more than the average in 2 of 3 themes",
		"The interval of the difference excludes 0 in 1: above it in workload.",
		"\nteamwork  did not rise while the average did, from a similar start\n",
		"\nworkload  programme  5          54, 61       4.940  0.133   -0.070 to 0.336\n",
		"Starts and changes: Welch’s t, practices weighing alike.\n", "ROUND 3", "ICC(1) AT N0", "\nworkload  S05       no         5, 0         –",
	} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("no %q in\n%s", want, got.stdout)
		}
	}
	average := writeFile(t, "scotland.csv", "round,factor,mean,practices\n"+
		"1,teamwork,5,49\n2,teamwork,5,49\n3,teamwork,5.1,49\n1,systems,5,49\n2,systems,5,49\n3,systems,5.1,49\n1,workload,5,49\n2,workload,5,49\n3,workload,5.1,49\n")
	got = askClimate(t, "", "../../surveys/climate/testdata/unbalanced_scores.csv", "--average", average)
	for _, want := range []string{"beside the published average scotland, practices weighing alike.", "Programme minus scotland", "the average taken as fixed", "workload  scotland   49         –, –"} {
		if !strings.Contains(got.stdout, want) {
			t.Errorf("no %q in\n%s", want, got.stdout)
		}
	}
}

// TestClimateFewPractices wants a programme of one practice and of two to be compared, the latter with a warning.
func TestClimateFewPractices(t *testing.T) {
	var b strings.Builder
	b.WriteString("practice,programme,round,score\n")
	for i, name := range []string{"A", "B", "C", "D", "E", "F"} {
		for round := 1; round <= 2; round++ {
			for _, v := range []int{1, 4, 2 + (i*round)%5} {
				b.WriteString(name + "," + map[bool]string{true: "1", false: "0"}[i < 2] + "," + strconv.Itoa(round) + "," + strconv.Itoa(v) + "\n")
			}
		}
	}
	two := askClimate(t, b.String(), "--json")
	if d := decode(t, two); number(t, d, "themes", 0, "difference_of_changes", "df") != 4 || !strings.HasPrefix(two.stderr, "The programme has two practices") {
		t.Errorf("%+v", two)
	}
	one := askClimate(t, strings.ReplaceAll(b.String(), "B,1", "B,0"), "--json")
	d := decode(t, one)
	for _, key := range []string{"se", "low", "high"} {
		if a, b := number(t, d, "themes", 0, "difference_of_changes", key), number(t, d, "themes", 0, "practices", 0, "against_others_corrected", key); !(a == b) {
			t.Errorf("%s: %v and %v", key, a, b)
		}
	}
}

func TestClimateFaults(t *testing.T) {
	const header = "practice,programme,round,staff,theme,score\n"
	const two = "A,1,1,9,w,4\nA,1,2,9,w,5\n"
	tests := []struct{ name, give, want string }{
		{"nothing", "", "the table is empty"},
		{"no scores", header, "line 1: the table has no scores"},
		{"only empty scores", header + "A,1,1,9,w,\n", "line 1: the table has no scores"},
		{"no column", "practice,programme,Round,score\n", "line 1: there is no column round (column 3 is called “Round”)"},
		{"other name", "practice,programme,round,Staff,score\n", "line 1, column 4 (Staff): the column “Staff” must be called staff"},
		{"programme 2", header + "A,2,1,9,w,4\n", "line 2, column 2 (programme): “2” is neither 0 nor 1"},
		{"programme yes", header + "A,yes,1,9,w,4\n", "line 2, column 2 (programme): “yes” is not a number"},
		{"no programme", header + "A,,1,9,w,4\n", "line 2, column 2 (programme): the cell is empty, and 0 or 1 is wanted"},
		{"both sides", header + two + "A,0,2,9,w,4\n", "line 4, column 2 (programme): the practice “A” is not on both sides: line 2 says otherwise"},
		{"half a round", header + "A,1,1.5,9,w,4\n", "line 2, column 3 (round): “1.5” is not a whole number from 1 to 9999"},
		{"no round", header + "A,1,,9,w,4\n", "line 2, column 3 (round): the cell is empty"},
		{"headcount 0", header + "A,1,1,0,w,4\n", "line 2, column 4 (staff): “0” is not a whole number from 1"},
		{"two headcounts", header + two + "A,1,2,8,w,4\n", "line 4, column 4 (staff): the practice “A” has another headcount in round 2 on line 3"},
		{"headcount not always", header + two + "A,1,2,,w,4\n", "line 4, column 4 (staff): the practice “A” has another headcount in round 2 on line 3"},
		{"no practice", header + " ,1,1,9,w,4\n", "line 2, column 1 (practice): the cell is empty"},
		{"no theme", header + "A,1,1,9,,4\n", "line 2, column 5 (theme): the cell is empty"},
		{"score NA", header + "A,1,1,9,w,NA\n", "line 2, column 6 (score): “NA” is not a number"},
		{"one round", header + "A,1,3,9,w,4\nB,0,3,9,w,4\n", "line 1, column 3 (round): there is only round 3"},
		{"no practice of the programme", header + "A,0,1,9,w,4\nA,0,2,9,w,4\n", "line 1, column 2 (programme): no practice is of the programme"},
		{"no others", header + two, "line 1, column 2 (programme): every practice is of the programme; to compare them with a published average, give --average"},
		{"other themes", header + two + "B,0,1,9,w,4\nB,0,2,9,w,4\nB,0,2,9,odd,4\n", "line 6, column 5 (theme): the theme “odd” has no score in round 1"},
		{"short row", header + "A,1\n", "line 2: the row has 2 cells and the header has 6"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, flags := range [][]string{{"--json"}, {"-"}} {
				if got := askClimate(t, tt.give, flags...); got.code != exitUsage || got.stdout != "" || !strings.Contains(got.stderr, tt.want) {
					t.Errorf("%+v, want %q", got, tt.want)
				}
			}
		})
	}
	file := writeFile(t, "scores.csv", header+two+"A,0,2,9,w,4\n")
	if got := askClimate(t, "", file); got.code != exitUsage || !strings.HasPrefix(got.stderr, file+":4:2: programme: the practice") {
		t.Errorf("%+v", got)
	}
	average := writeFile(t, "average.csv", "round,factor,mean\n1,w,4\n2,v,4\n")
	if got := askClimate(t, header+two, "--average", average); got.code != exitUsage || !strings.HasPrefix(got.stderr, average+":3:2: factor: there is no factor “v”; the factors are w\n") {
		t.Errorf("%+v", got)
	}
	short := writeFile(t, "short.csv", "round,factor,mean\n1,w,4\n")
	if got := askClimate(t, header+two, "--average", short); got.code != exitUsage || !strings.HasPrefix(got.stderr, short+":2:1: round: the theme “w” is here and has no row for round 2\n") {
		t.Errorf("%+v", got)
	}
	for _, flags := range [][]string{{"--margin=0"}, {"--margin=-0.1"}, {"--margin=NaN"}} {
		if got := askClimate(t, header+two, flags...); got.code != exitUsage || !strings.Contains(got.stderr, "--margin must be above 0") {
			t.Errorf("%v: %+v", flags, got)
		}
	}
	if got := askClimate(t, "", "missing.csv"); got.code != exitUsage || !strings.Contains(got.stderr, "there is no file ") {
		t.Errorf("%+v", got)
	}
}

// TestClimateEmptyScores wants rows without a score to be left out and counted.
func TestClimateEmptyScores(t *testing.T) {
	const table = "practice,programme,round,score\nP,1,1,4\nP,1,2,5\nP,1,2,\nO,0,1,4\nO,0,2,4.5\nO,0,2, \n"
	got := askClimate(t, table, "--json")
	if d := decode(t, got); got.stderr != "Rows without a score, which are left out: 2.\n" || number(t, d, "themes", 0, "programme", "change") != 1 {
		t.Errorf("%+v", got)
	}
}

// FuzzClimate wants an answer or a place for every table, and never half of one.
func FuzzClimate(f *testing.F) {
	scores, err := os.ReadFile(vectors + "a_staff_scores.csv")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(scores[:2000]), "practice,programme,round,score\nP,1,1,4\nP,1,2,5\nO,0,1,4\nO,0,2,4.5\n",
		"practice,programme,round,staff,theme,score\nP,1,1,2,w,4\nP,1,2,3,w,-5e300\nO,0,1,1,w,4e307\nQ,0,1,1,w,4\nO,0,2,1,w,1e308\nQ,0,2,1,w,4\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, table string) {
		for _, flags := range [][]string{{"--json"}, {"--margin", "0.1"}} {
			switch got := askClimate(t, table, flags...); {
			case got.code == exitDone:
				if !utf8.ValidString(got.stdout) || flags[0] == "--json" && !json.Valid([]byte(got.stdout)) || strings.Contains(got.stdout, "NaN") && !strings.Contains(table, "NaN") {
					t.Errorf("%q", got.stdout)
				}
			case got.code != exitUsage || got.stdout != "" || got.stderr == "":
				t.Errorf("%+v", got)
			}
		}
	})
}
