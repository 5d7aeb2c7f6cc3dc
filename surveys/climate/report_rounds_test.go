package climate

import (
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

func TestThrough(t *testing.T) {
	round := func(id string, stage surveys.RoundStage) surveys.OpenedRound {
		return surveys.OpenedRound{Wave: surveys.Wave{ID: surveys.WaveID(id), Title: "Round " + id}, Stage: stage}
	}
	const opened, reported = surveys.RoundOpened, surveys.RoundReported
	tests := []struct {
		name string
		give []surveys.OpenedRound
		wave surveys.WaveID
		want int    // rounds
		says string // in the refusal
	}{
		{"the first", []surveys.OpenedRound{round("a", opened)}, "a", 1, ""},
		{"the next", []surveys.OpenedRound{round("a", reported), round("b", opened)}, "b", 2, ""},
		{"before another", []surveys.OpenedRound{round("a", opened), round("b", opened)}, "a", 1, ""},
		{"out of turn", []surveys.OpenedRound{round("a", opened), round("b", opened)}, "b", 0, "“Round a” comes first"},
		{"too late", []surveys.OpenedRound{round("a", opened), round("b", reported)}, "a", 0, "“Round b” is shown already"},
		{"twice", []surveys.OpenedRound{round("a", reported)}, "a", 0, "“Round a” is shown already"},
		{"not opened", nil, "a", 0, "not opened yet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Through(tt.give, tt.wave)
			if len(got) != tt.want {
				t.Errorf("%d rounds, want %d", len(got), tt.want)
			}
			if refused := surveys.KindOf(err) == surveys.Conflict && strings.Contains(err.Error(), tt.says); refused != (tt.says != "") {
				t.Errorf("error %v, want %q", err, tt.says)
			}
		})
	}
}

func TestFinding(t *testing.T) {
	five := Headline{Themes: 5, RoseMore: 4, Unsure: 1, Above: []string{"Workload. And more", "Teamwork"}}
	tests := []struct {
		name            string
		give            Report
		rose, intervals string
	}{
		{"nothing compared", Report{Themes: []ReportTheme{{}, {}}}, "", ""},
		{"five", Report{Themes: make([]ReportTheme, 5), Headline: five.Of("factors")},
			"The programme’s practices rose more than the average in 4 of 5 factors, and in 1 of these chance is not excluded.",
			"The interval of the difference excludes 0 in 2: above it in Workload. And more, Teamwork."},
		{"one", Report{Themes: []ReportTheme{{Sentence: RoseMore, From: "from a higher start"}}, Headline: Headline{Themes: 1, Above: []string{""}}.Of("factors")},
			"The programme’s practices rose more than the average, from a higher start.", "The interval of the difference excludes 0: above it."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if rose, intervals := tt.give.Finding(); rose != tt.rose || intervals != tt.intervals {
				t.Errorf("Finding() = %q, %q, want %q, %q", rose, intervals, tt.rose, tt.intervals)
			}
		})
	}
}

func TestWriteCSV(t *testing.T) {
	r := Report{Shown: disclosure.Shown{Rounds: []disclosure.RoundShown{{ID: "round-1",
		Practices: []disclosure.Practice{{Site: "ash", Group: disclosure.Programme, Items: []disclosure.OwnItem{
			{Code: "@1", Factor: "=work", Shares: [3]int{10, 30, 60}}, {Code: "i2", Factor: "=work", Hidden: disclosure.FewOrAlike}}},
			{Site: "elm", Group: disclosure.Others, Items: []disclosure.OwnItem{{Code: "@1", Factor: "=work", Shares: [3]int{20, 20, 60}}}}},
		Factors: []disclosure.FactorShown{{Code: "=work",
			Rows: []disclosure.Row{{Group: disclosure.Programme, Sites: []string{"ash"}, Mean: 4},
				{Group: disclosure.Others, Sites: []string{"elm", "fir", "yew"}, Mean: 4.2}, {Group: disclosure.Others, Sites: []string{"-oak"}, Hidden: disclosure.TooFew}},
			Programme: disclosure.Figure{Mean: 4, Units: [][]string{{"ash"}}}, Others: disclosure.Figure{Mean: 4.2, Units: [][]string{{"elm", "fir", "yew"}}},
			All: disclosure.Figure{Hidden: disclosure.TooFew}}},
	}}}}
	var means, items strings.Builder
	if err := r.WriteCSV(&means); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteItemsCSV(&items); err != nil {
		t.Fatal(err)
	}
	const wantMeans = `round,unit,group,factor,practices,mean,hidden
round-1,ash,programme,'=work,1,4.0,
round-1,elm fir yew,others,'=work,3,4.20,
round-1,'-oak,others,'=work,1,,too few answers
round-1,,programme,'=work,1,4.0,
round-1,,others,'=work,3,4.20,
round-1,,all,'=work,0,,too few answers
`
	if got := means.String(); got != wantMeans {
		t.Errorf("WriteCSV() wrote\n%s\nwant\n%s", got, wantMeans)
	}
	const wantItems = `round,unit,group,factor,item,percent_1_to_3,percent_4,percent_5_to_7
round-1,ash,programme,'=work,'@1,10,30,60
`
	if got := items.String(); got != wantItems {
		t.Errorf("WriteItemsCSV() wrote\n%s\nwant\n%s", got, wantItems)
	}
}
