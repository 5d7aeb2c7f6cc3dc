package climate

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/csvtable"
)

// scotland is an average of every factor in some rounds: the mean is 4.5 and rises by a tenth from round to round.
func scotland(t *testing.T, rounds []surveys.OpenedRound) *Published {
	t.Helper()
	p := &Published{Name: "Scotland", Weighted: ByRespondents.String()}
	for i, round := range rounds {
		for _, factor := range Factors(round.Questionnaire) {
			p.Means = append(p.Means, PublishedMean{Round: round.Wave.ID, Factor: factor.ID, Mean: 4.5 + 0.1*float64(i), Practices: 49, Respondents: 563})
		}
	}
	return p
}

// beside loads an average for the last round.
func (h held) beside(t *testing.T, p *Published) {
	t.Helper()
	text, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	h.rounds[len(h.rounds)-1].Average = text
}

// allTake makes every practice one of the programme.
func (h held) allTake() {
	for i := range h.study.Sites {
		h.study.Sites[i].Arm = "with"
	}
}

// Against a published average the report says what the comparison of practices says: one-sample t, the average taken as
// fixed. The comparison with the others stays beside it as it was.
func TestReportBesidePublished(t *testing.T) {
	plain := holdRounds(t, 16, 3, func(int, int) int { return 30 }).reportAll(t)
	h := holdRounds(t, 16, 3, func(int, int) int { return 30 })
	average := scotland(t, h.rounds)
	h.beside(t, average)
	report := h.reportAll(t)
	m, err := measureRounds(h.study, h.rounds)
	if err != nil {
		t.Fatal(err)
	}
	everybody := make(map[string]bool)
	for _, site := range m.survey.Sites {
		everybody[site.ID] = true
	}
	data := new(Data)
	var means []AverageMean
	for _, factor := range Factors(h.rounds[0].Questionnaire) {
		m.score(data, 0, 1, factor.ID, everybody)
		m.score(data, 2, 2, factor.ID, everybody)
		means = append(means, AverageMean{Round: 1, Theme: factor.ID, Mean: 4.5}, AverageMean{Round: 2, Theme: factor.ID, Mean: 4.7})
	}
	exact, err := data.Compare(Options{Margin: h.rounds[2].Rules.Margin, Average: NewAverage("Scotland", 0, means)})
	if err != nil {
		t.Fatal(err)
	}
	for i, theme := range report.Themes {
		got, want := theme.Compared(), exact.Themes[i]
		for name, pair := range map[string]struct {
			got  ReportDifference
			want Difference
		}{"difference": {got.Difference, want.DifferenceOfChanges}, "start": {got.StartDifference, want.StartDifference},
			"respondents weighted": {got.RespondentsWeighted, want.RespondentsWeighted}, "census": {got.Census, *want.Census}} {
			wantShown(t, theme.Title+": "+name, pair.got.Estimate, pair.want.Estimate)
			wantShown(t, theme.Title+": "+name+", low", pair.got.Low, pair.want.Low)
			wantShown(t, theme.Title+": "+name+", high", pair.got.High, pair.want.High)
		}
		wantShown(t, theme.Title+": change of the average", got.Change, known(0.2))
		if got.Sentence+", "+got.From != want.Sentence || got.Practices != 49 || got.Alone != 8 {
			t.Errorf("%s: “%s, %s” of %d and %d, want “%s”", theme.Title, got.Sentence, got.From, got.Practices, got.Alone, want.Sentence)
		}
		if *theme.Difference.Estimate != *plain.Themes[i].Difference.Estimate || theme.Sentence != plain.Themes[i].Sentence {
			t.Errorf("%s: the comparison with the others is another beside an average", theme.Title)
		}
	}
	if want := exact.Headline(); !strings.Contains(report.PublishedHeadline, fmt.Sprintf("in %s of 5 factors", fewOf(want.RoseMore))) || report.Headline != plain.Headline {
		t.Errorf("the headlines are %q and %q", report.PublishedHeadline, report.Headline)
	}
	var csv strings.Builder
	if err := report.WriteCSV(&csv); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"round-1,Scotland,published average,safety_workload,49,4.5,\n", "round-3,Scotland,published average,safety_learning,49,4.7,\n"} {
		if !strings.Contains(csv.String(), want) {
			t.Errorf("the means lack %q", want)
		}
	}
	if got := report.Published.Called(); got != "the published average “Scotland”, in which respondents weigh alike" {
		t.Errorf("it is called %q", got)
	}
}

// Pools, one practice, and no others at all.
func TestReportBesidePublishedOfFew(t *testing.T) {
	t.Run("every practice takes part", func(t *testing.T) {
		h := holdRounds(t, 10, 2, func(practice, _ int) int { return map[bool]int{true: 6, false: 30}[practice == 3] })
		h.allTake()
		if r := h.reportAll(t); r.HasOthers() || r.Headline != "" || r.PublishedHeadline != "" {
			t.Errorf("without an average and without others there is a headline: %q", r.Headline)
		}
		h.beside(t, scotland(t, h.rounds))
		for _, theme := range h.reportAll(t).Themes {
			if c := theme.Compared(); c.Sentence == "" || c.Difference.Low == nil || c.Difference.High == nil || c.Alone >= 10 || theme.Programme.Practices != 10 {
				t.Errorf("%s: %+v of %d practices", theme.Title, c, theme.Programme.Practices)
			}
		}
	})
	t.Run("one practice", func(t *testing.T) {
		h := holdRounds(t, 1, 2, func(int, int) int { return 30 })
		h.allTake()
		h.beside(t, scotland(t, h.rounds))
		for _, theme := range h.reportAll(t).Themes {
			c := theme.Compared()
			if c.Sentence == "" || c.Difference.Low != nil || c.Alone != 0 {
				t.Fatalf("%s: %+v", theme.Title, c)
			}
			if own := *theme.Programme.Change - 0.1; math.Abs(*c.Difference.Estimate-math.Round(10*own)/10) > 1e-9 {
				t.Errorf("%s: the difference is %v, of a change shown as %v", theme.Title, *c.Difference.Estimate, *theme.Programme.Change)
			}
		}
	})
	t.Run("a factor that the average lacks", func(t *testing.T) {
		h := holdRounds(t, 8, 2, func(int, int) int { return 30 })
		average := scotland(t, h.rounds)
		average.Means = average.Means[1:]
		h.beside(t, average)
		themes := h.reportAll(t).Themes
		if c := themes[0].Compared(); c.Sentence != "" || c.Difference.Estimate != nil || c.Start != nil {
			t.Errorf("%s is compared with nothing: %+v", themes[0].Title, c)
		}
		if themes[1].Compared().Sentence == "" {
			t.Error("the other factors are not compared")
		}
	})
	t.Run("a first round", func(t *testing.T) {
		h := holdRounds(t, 8, 1, func(int, int) int { return 30 })
		h.beside(t, scotland(t, h.rounds))
		if r := h.reportAll(t); r.Published == nil || r.PublishedHeadline != "" || r.Themes[0].Compared().Start != nil {
			t.Errorf("a first round has the headline %q", r.PublishedHeadline)
		}
	})
	t.Run("nobody answered", func(t *testing.T) {
		h := holdRounds(t, 8, 2, func(int, int) int { return 0 })
		h.beside(t, scotland(t, h.rounds))
		if r := h.reportAll(t); r.PublishedHeadline != "" || strings.Contains(h.rounds[1].Report, "NaN") {
			t.Errorf("nobody answered, and the headline is %q", r.PublishedHeadline)
		}
	})
}

// lacking returns the lines that do not say a word.
func lacking(lines, word string) string {
	var kept strings.Builder
	for line := range strings.Lines(lines) {
		if !strings.Contains(line, word) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func TestReadPublished(t *testing.T) {
	h := holdRounds(t, 2, 3, func(int, int) int { return 0 })
	var rounds []PublishedRound
	for i, round := range h.rounds {
		rounds = append(rounds, PublishedRound{Number: i + 1, Wave: round.Wave, Questionnaire: round.Questionnaire, Needed: i != 1})
	}
	read := func(content string) (*Published, error) {
		table, err := csvtable.NewReader(strings.NewReader(content), "")
		if err != nil {
			t.Fatal(err)
		}
		return ReadPublished(table, "Scotland", rounds)
	}
	const header = "round,factor,mean,sd,practices,respondents\n"
	rows := func(round int) string {
		return fmt.Sprintf("%[1]d,safety_workload,4.1,0.9,,600\n%[1]d,Communication,4.8,,,600\n%[1]d,safety_leadership,4.9,,,600\n%[1]d,safety_teamwork,5.1,,,600\n%[1]d,safety_learning,4.7,,,600\n", round)
	}
	p, err := read(header + rows(3) + rows(1) + "9,safety_workload,4,,,\n")
	if err != nil {
		t.Fatal(err)
	}
	text, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParsePublished(text)
	if err != nil {
		t.Fatal(err)
	}
	m, ok := again.At("safety_communication", "round-3")
	if !ok || m.Mean != 4.8 || m.Respondents != 600 || m.SD != nil || again.Weighted != "respondents" || again.Name != "Scotland" || len(again.Means) != 10 {
		t.Errorf("read %+v, %+v", m, again)
	}
	if m, _ := again.At("safety_workload", "round-1"); m.SD == nil || *m.SD != 0.9 {
		t.Errorf("the SD is %v", m.SD)
	}
	tests := []struct{ name, give, want string }{
		{"misspelt factor", header + "1,Workloads,4,,,\n", "line 2, column 2 (factor): there is no factor “Workloads”; the factors are Workload, Communication, "},
		{"missing round", header + rows(1), "line 2, column 1 (round): the factor “Workload” is here and has no row for round 3"},
		{"missing factor", header + lacking(rows(1)+rows(3), "teamwork"), "line 1, column 1 (round): there is no average of the factor “Teamwork”"},
		{"a percentage", header + "1,Workload,72,,,\n", "line 2, column 3 (mean): a mean lies between 1 and 7"},
		{"no column", "round,mean\n1,4\n", "line 1: there is no column factor"},
		{"nothing", header, "line 1, column 1 (round): there is no average of the factor “Workload”"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(tt.give)
			var fault *csvtable.Error
			if !errors.As(err, &fault) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
	if _, err := ParsePublished("{"); err == nil {
		t.Error("ParsePublished reads what is none")
	}
}
