package climate

import (
	"errors"
	"strings"
	"testing"

	"wellwave/scoring"
	"wellwave/surveys/csvtable"
)

// surveyed is a survey of two themes in rounds 1 and 3.
func surveyed(t *testing.T) *Data {
	t.Helper()
	d := new(Data)
	for _, theme := range []string{"workload", "teamwork"} {
		for _, name := range []string{"P1", "P2", "P3"} {
			staff(t, d, theme, name, 1, 4, 5)
			staff(t, d, theme, name, 3, 5, 5, float64(name[1]-'0'))
		}
	}
	return d
}

func readAverage(t *testing.T, content string, d *Data) (*Average, error) {
	t.Helper()
	table, err := csvtable.NewReader(strings.NewReader(content), "scotland.csv")
	if err != nil {
		return nil, err
	}
	return ReadAverage(table, "Scotland", d)
}

const averageRows = "workload,1,4.5,0.9,,600\nworkload,2,4.5,0.9,,610\nworkload,3,4.75,0.9,,620\nteamwork,1,5,1,,600\nteamwork,3,5.5,,,620\n"

func TestReadAverage(t *testing.T) {
	d := surveyed(t)
	a, err := readAverage(t, "factor,round,mean,sd,practices,respondents\n"+averageRows, d)
	if err != nil {
		t.Fatal(err)
	}
	want := AverageMean{Round: 3, Theme: "workload", Mean: 4.75, SD: scoring.Figure{Value: 0.9, Known: true}, Respondents: 620}
	if got, ok := a.At("workload", 3); !ok || got != want || a.Name != "Scotland" || a.Weighting != ByRespondents {
		t.Errorf("%+v, %+v", got, a)
	}
	r := compare(t, d, Options{Average: a})
	sound(t, r)
	theme := r.Themes[0]
	if r.Against != "Scotland" || theme.Method != FixedMethod || theme.Others.Start.Value != 4.5 || theme.Others.Change.Value != 0.25 || theme.Others.Low.Known || theme.Others.Respondents != [2]int{600, 620} {
		t.Errorf("%+v", theme)
	}
	if !close9(theme.DifferenceOfChanges.Estimate, 4-4.5-0.25) || !theme.DifferenceOfChanges.Low.Known || theme.AdjustedForStart != (Difference{}) || !theme.RespondentsWeighted.Low.Known {
		t.Errorf("%+v", theme)
	}
	if theme.Rounds[1].Others != (Mean{Respondents: 620, Mean: known(4.75)}) {
		t.Errorf("%+v", theme.Rounds)
	}
}

func TestReadAverageWeighting(t *testing.T) {
	d := new(Data)
	staff(t, d, "", "P1", 1, 4, 5)
	for content, want := range map[string]Weighting{
		"round,mean\n1,4\n":                                           0,
		"round,mean,practices\n1,4,49\n":                              ByPractices,
		"round,mean,respondents\n1,4,563\n":                           ByRespondents,
		"round,mean,practices,respondents\n1,4,49,563\n":              0,
		"round,factor,mean,practices,weighted\n1,,4,49,respondents\n": ByRespondents,
	} {
		if a, err := readAverage(t, content, d); err != nil || a.Weighting != want {
			t.Errorf("%q: %+v, %v; want %v", content, a, err, want)
		}
	}
}

func TestReadAverageFaults(t *testing.T) {
	const header = "round,factor,mean,sd,practices,respondents,weighted\n"
	rows := func(more string) string {
		return header + "1,workload,4,1,9,90,practices\n3,workload,4,1,9,90,practices\n1,teamwork,4,1,9,90,practices\n" + more
	}
	const last = "3,teamwork,4,1,9,90,practices\n"
	tests := []struct{ name, give, want string }{
		{"misspelt factor", rows("3,taemwork,4,1,9,90,practices\n"), "scotland.csv:5:2: factor: there is no factor “taemwork”; the factors are workload, teamwork"},
		{"capital", rows("3,Teamwork,4,1,9,90,practices\n"), "scotland.csv:5:2: factor: there is no factor “Teamwork”"},
		{"missing round", rows(""), "scotland.csv:4:1: round: the theme “teamwork” is here and has no row for round 3"},
		{"missing factor", header + "1,workload,4,1,9,90,practices\n3,workload,4,1,9,90,practices\n", "scotland.csv:1:1: round: there is no average of the theme “teamwork”"},
		{"twice", rows(last + last), "scotland.csv:6:1: round: the theme “teamwork” stands here for round 3 again; the first time is on line 5"},
		{"round 0", rows("0,teamwork,4,1,9,90,practices\n"), "scotland.csv:5:1: round: “0” is not a whole number from 1 to 9999"},
		{"no round", rows(",teamwork,4,1,9,90,practices\n"), "scotland.csv:5:1: round: a round is a whole number"},
		{"no mean", rows("3,teamwork,,1,9,90,practices\n"), "scotland.csv:5:3: mean: the cell is empty"},
		{"word for a mean", rows("3,teamwork,four,1,9,90,practices\n"), "scotland.csv:5:3: mean: “four” is not a number"},
		{"sd", rows("3,teamwork,4,-1,9,90,practices\n"), "scotland.csv:5:4: sd: a standard deviation is not below 0"},
		{"half a practice", rows("3,teamwork,4,1,9.5,90,practices\n"), "scotland.csv:5:5: practices: “9.5” is not a whole number"},
		{"many", rows("3,teamwork,4,1,9,1e300,practices\n"), "scotland.csv:5:6: respondents: “1e300” is not a whole number"},
		{"weighted otherwise", rows("3,teamwork,4,1,9,90,respondents\n"), "scotland.csv:5:7: weighted: respondents weigh alike here and practices in a row above"},
		{"weighted by people", rows("3,teamwork,4,1,9,90,people\n"), "scotland.csv:5:7: weighted: “people” cannot weigh alike: write practices or respondents"},
		{"no column", "round,theme,mean\n", "scotland.csv:1:1: there is no column factor"},
		{"other name", "round,factor,mean,Practices\n", "scotland.csv:1:4: the column “Practices” must be called practices"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := readAverage(t, tt.give, surveyed(t))
			var fault *csvtable.Error
			if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}
