package climate

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"wellwave/scoring"
)

// tolerance is how far a result may be from R's, which is printed with 12 or 14 digits.
const tolerance = 1e-9

// rows reads a table of testdata as maps by column.
func rows(tb testing.TB, name string) []map[string]string {
	tb.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var all []map[string]string
	for _, record := range records[1:] {
		row := make(map[string]string, len(record))
		for i, cell := range record {
			row[records[0][i]] = cell
		}
		all = append(all, row)
	}
	return all
}

func number(tb testing.TB, cell string) float64 {
	tb.Helper()
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// gather reads scores, but for practices left out.
func gather(tb testing.TB, name string, without ...string) *Data {
	tb.Helper()
	d := new(Data)
	for _, row := range rows(tb, name) {
		s := Score{Practice: row["practice"], Programme: row["programme"] == "1", Round: int(number(tb, row["round"])), Staff: int(number(tb, row["staff"])),
			Theme: row["theme"], Value: number(tb, row["score"])}
		for _, item := range []string{"q1", "q2", "q3", "q4"} {
			if cell, ok := row[item]; ok {
				s.Items = append(s.Items, number(tb, cell))
			}
		}
		if strings.Contains(strings.Join(without, " "), s.Practice) {
			continue
		}
		if err := d.Add(s); err != nil {
			tb.Fatal(err)
		}
	}
	return d
}

func compare(tb testing.TB, d *Data, o Options) *Results {
	tb.Helper()
	r, err := d.Compare(o)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func close9(got scoring.Figure, want float64) bool {
	return got.Known && math.Abs(got.Value-want) <= tolerance
}

// part returns a part of a difference by its name in the tables.
func part(d Difference, name string) (scoring.Figure, bool) {
	switch name {
	case "estimate", "difference", "difference_of_changes", "change":
		return d.Estimate, true
	case "se":
		return d.SE, true
	case "df", "df_welch":
		return d.DF, true
	case "low":
		return d.Low, true
	case "high":
		return d.High, true
	case "p":
		return d.P, true
	}
	return scoring.Figure{}, false
}

// Expected values: testdata/vectors/a.R.
func TestVectors(t *testing.T) {
	d := gather(t, "vectors/a_staff_scores.csv")
	theme := compare(t, d, Options{}).Themes[0]
	var p, o []unit
	c := comparison{data: d, theme: d.themes[0], first: 1, last: 2}
	c.measure()
	p, o = c.programme, c.others
	published := compare(t, d, Options{Average: NewAverage("published", 0, []AverageMean{{Round: 1, Mean: 5}, {Round: 2, Mean: 5.05}})}).Themes[0]
	against := func(i int) Difference { return theme.Practices[i].AgainstOthers }
	cases := map[string]Difference{
		"programme vs others; practices weigh alike; Welch":                           theme.DifferenceOfChanges,
		"the same; pooled variance":                                                   pooled(changes(p), changes(o), 0),
		"baseline; programme minus others; Welch":                                     theme.StartDifference,
		"own change; programme; t with k-1":                                           {Low: theme.Programme.Low, High: theme.Programme.High},
		"own change; others; t with k-1":                                              {Low: theme.Others.Low, High: theme.Others.High},
		"respondents weigh alike; CR2 by practice":                                    theme.RespondentsWeighted,
		"one practice P01 vs the others; Crawford-Howell":                             against(0),
		"one practice P09 vs the others; Crawford-Howell":                             against(8),
		"own change of P01 from its staff Welch":                                      theme.Practices[0].Own,
		"own change of P09 from its staff Welch":                                      theme.Practices[8].Own,
		"own change of P01 from its staff with finite population factor":              theme.Practices[0].OwnCensus,
		"own change of P09 from its staff with finite population factor":              theme.Practices[8].OwnCensus,
		"these practices only (census of practices); error of staff sampling only; z": *theme.Census,
		"sensitivity: practice change ~ programme + start":                            theme.AdjustedForStart,
		"programme against a published change of 0.05 taken as fixed":                 published.DifferenceOfChanges,
	}
	others := map[string]scoring.Figure{
		"baseline_programme": theme.Programme.Start, "baseline_others": theme.Others.Start,
		"change_programme": theme.Programme.Change, "change_others": theme.Others.Change,
	}
	checked := 0
	for _, row := range rows(t, "vectors/a_expected.csv") {
		name, where, want := row["name"], row["case"], number(t, row["value"])
		got, ok := others[name]
		switch i := map[bool]int{strings.Contains(where, "P09"): 8}[true]; {
		case name == "change":
			got, ok = theme.Practices[i].Change, true
		case name == "change_others" && strings.Contains(where, "Crawford"):
			got, ok = known(theme.Practices[i].Change.Value-against(i).Estimate.Value), true
		case !ok:
			var d Difference
			if d, ok = cases[where]; ok {
				got, ok = part(d, name)
			}
		}
		if !ok {
			t.Errorf("%s, %s: nothing to compare", where, name)
		} else if !close9(got, want) {
			t.Errorf("%s, %s = %v, want %v", where, name, got, want)
		}
		checked++
	}
	if checked != 69 {
		t.Errorf("%d values checked, want 69", checked)
	}
}

// Expected values: testdata/vectors/f_expected.csv, by base R.
func TestVectorsICC(t *testing.T) {
	d := new(Data)
	for _, row := range rows(t, "vectors/e_outcome.csv") {
		if err := d.Add(Score{Practice: row["practice"], Programme: row["arm"] == "1", Round: 1, Value: number(t, row["post"])}); err != nil {
			t.Fatal(err)
		}
	}
	a := compare(t, d, Options{}).Themes[0].Rounds[0].Agreement
	got := map[string]scoring.Figure{"n": known(float64(a.Respondents)), "clusters": known(float64(a.Practices)), "n0": a.N0, "icc": a.ICC1, "low_f_at_n0": a.ICC1Low, "high_f_at_n0": a.ICC1High}
	for _, row := range rows(t, "vectors/f_expected.csv") {
		if !strings.Contains(row["case"], "arms pooled") {
			continue
		}
		if f, ok := got[row["name"]]; ok && !close9(f, number(t, row["value"])) {
			t.Errorf("%s = %v, want %s", row["name"], f, row["value"])
		}
	}
}

// Expected values: testdata/vectors/a_sentences.csv, by a.R.
func TestSentences(t *testing.T) {
	all := rows(t, "vectors/a_sentences.csv")
	if len(all) != 15 {
		t.Fatalf("%d sentences, want 15", len(all))
	}
	for _, row := range all {
		f := func(column string) scoring.Figure { return known(number(t, row[column])) }
		var margin *float64
		if row["M"] != "" {
			m := number(t, row["M"])
			margin = &m
		}
		d, b := Difference{Estimate: f("D"), Low: f("low"), High: f("high")}, Difference{Estimate: f("B"), Low: f("B_low"), High: f("B_high")}
		if got := Sentence(f("C"), f("A"), d, margin) + ", " + From(b); got != row["sentence"]+", "+row["from"] {
			t.Errorf("%s: %q, want %q, %q", row["theme"], got, row["sentence"], row["from"])
		}
	}
}

// Expected values: testdata/climate.R.
func TestUnbalanced(t *testing.T) {
	const file = "unbalanced_scores.csv"
	scale := Scale{Options: 7, Top: 7}
	scales := map[string]Scale{"workload": scale, "teamwork": scale, "systems": scale}
	var published []AverageMean
	for theme := range scales {
		published = append(published, AverageMean{Round: 1, Theme: theme, Mean: 4.9}, AverageMean{Round: 3, Theme: theme, Mean: 4.97})
	}
	results := map[string]*Results{
		"all":                     compare(t, gather(t, file), Options{Scales: scales}),
		"without S02":             compare(t, gather(t, file, "S02"), Options{}),
		"two programme practices": compare(t, gather(t, file, "S07", "S11", "S14"), Options{}),
		"one programme practice":  compare(t, gather(t, file, "S03", "S07", "S11", "S14"), Options{}),
		"average":                 compare(t, gather(t, file), Options{Average: NewAverage("a country", 0, published)}),
	}
	checked := 0
	for _, row := range rows(t, "unbalanced_expected.csv") {
		where, round := row["case"], 0
		if number, ok := strings.CutPrefix(where, "round "); ok {
			where, round = "all", int(number[0]-'0')
		}
		var theme *Theme
		for i := range results[where].Themes {
			if results[where].Themes[i].Theme == row["theme"] {
				theme = &results[where].Themes[i]
			}
		}
		got, ok := theme.figure(row["name"], round)
		if !ok {
			t.Errorf("%s, %s, %s: nothing to compare", row["case"], row["theme"], row["name"])
		} else if !close9(got, number(t, row["value"])) {
			t.Errorf("%s, %s, %s = %v, want %s", row["case"], row["theme"], row["name"], got, row["value"])
		}
		checked++
	}
	if checked != 2544 {
		t.Errorf("%d values checked, want 2544", checked)
	}
	for theme := range scales {
		for _, th := range results["all"].Themes {
			if th.Theme == theme && th.Census != nil {
				t.Errorf("%s has a census view although S02 has one respondent of more staff", theme)
			}
		}
	}
}

// figure returns a result by its name in unbalanced_expected.csv.
func (t *Theme) figure(name string, round int) (scoring.Figure, bool) {
	if round > 0 {
		a := t.Rounds[round-1].Agreement
		f, ok := map[string]scoring.Figure{"icc1": a.ICC1, "icc1_low": a.ICC1Low, "icc1_high": a.ICC1High, "icc2": a.ICC2, "alpha": a.Alpha,
			"alpha_low": a.AlphaLow, "alpha_high": a.AlphaHigh, "rwgj_practices": known(float64(len(a.Agree))), "rwgj_median": a.MedianAgree,
			"rwgj_share": a.ShareAgreed, "at_top": a.AtTop}[name]
		return f, ok
	}
	groups := map[string]scoring.Figure{"practices_programme": known(float64(t.Programme.Practices)), "practices_others": known(float64(t.Others.Practices)),
		"start_programme": t.Programme.Start, "start_others": t.Others.Start, "change_programme": t.Programme.Change, "change_others": t.Others.Change,
		"change_low_programme": t.Programme.Low, "change_high_programme": t.Programme.High, "change_low_others": t.Others.Low, "change_high_others": t.Others.High}
	if f, ok := groups[name]; ok {
		return f, true
	}
	what, piece, _ := strings.Cut(name, "_")
	differences := map[string]Difference{"start": t.StartDifference, "difference": t.DifferenceOfChanges, "respondents": t.RespondentsWeighted, "adjusted": t.AdjustedForStart}
	if t.Census != nil {
		differences["census"] = *t.Census
	}
	if d, ok := differences[what]; ok {
		return part(d, piece)
	}
	for _, p := range t.Practices {
		if p.Practice != what {
			continue
		}
		if piece == "change" {
			return p.Change, true
		}
		what, piece, _ := strings.Cut(piece, "_")
		d, ok := map[string]Difference{"against": p.AgainstOthers, "own": p.Own, "corrected": p.AgainstOthersCorrected}[what]
		if !ok {
			break
		}
		return part(d, piece)
	}
	return scoring.Figure{}, false
}
