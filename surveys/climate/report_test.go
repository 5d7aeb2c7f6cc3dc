package climate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/climate/climatetest"
	"wellwave/surveys/disclosure"
)

// held is a study whose rounds were held and opened, and what everybody scored.
type held struct {
	study  *surveys.Study
	rounds []surveys.OpenedRound
}

// holdRounds invents rounds of the safety-climate scale at practices of 40 staff, of whom respondents(practice, round)
// answer; the first half of the practices are of the programme.
func holdRounds(t testing.TB, practices, rounds int, respondents func(practice, round int) int) held {
	t.Helper()
	study := &surveys.Study{ID: "study", Arms: []surveys.Arm{{ID: "with"}, {ID: "without"}}}
	for p := range practices {
		arm := surveys.ArmID("with")
		if p >= practices/2 {
			arm = "without"
		}
		study.Sites = append(study.Sites, surveys.Site{ID: surveys.SiteID(fmt.Sprintf("p%02d", p)), Arm: arm, Staff: 40})
	}
	random := rand.New(rand.NewPCG(4, 2026))
	means := make([]float64, practices)
	for p := range means {
		means[p] = 4.5 + 0.4*random.NormFloat64()
	}
	margin := 0.15
	h := held{study: study}
	for r := range rounds {
		q := climatetest.Questionnaire(t, "study", surveys.WaveID(fmt.Sprint("round-", r+1)))
		round := surveys.OpenedRound{Wave: surveys.Wave{ID: q.Wave, Opens: time.Date(2024+r, 5, 1, 0, 0, 0, 0, time.UTC)}, Questionnaire: q,
			Stage: surveys.RoundOpened, Rules: surveys.RoundRules{Programme: "with", Margin: &margin}}
		for p, site := range study.Sites {
			round.Sites = append(round.Sites, surveys.RoundSite{Site: site.ID, Staff: site.Staff})
			gain := 0.1 * float64(r)
			if site.Arm == "with" {
				gain = 0.3 * float64(r)
			}
			for range respondents(p, r) {
				round.Answers = append(round.Answers, surveys.OpenedAnswer{Site: site.ID, Answers: opinion(random, q.Instruments[0], means[p]+gain)})
			}
		}
		h.rounds = append(h.rounds, round)
	}
	return h
}

// opinion returns the stored answers of somebody, of which some are skipped.
func opinion(random *rand.Rand, ins *surveys.Instrument, mean float64) string {
	var b strings.Builder
	general := mean + 0.6*random.NormFloat64()
	for i := range ins.Items {
		value := math.Round(min(7, max(1, general+random.NormFloat64())))
		if ins.Items[i].Reverse {
			value = 8 - value
		}
		stored := fmt.Sprint(value)
		if random.IntN(40) == 0 {
			stored = `{"missing":"skipped"}`
		}
		fmt.Fprintf(&b, ",%q:%s", ins.Items[i].Code, stored)
	}
	return "{" + b.String()[1:] + "}"
}

// reportAll reports the rounds one after the other and returns the last report.
func (h held) reportAll(t testing.TB) *Report {
	t.Helper()
	var report *Report
	for i := range h.rounds {
		var err error
		if report, err = NewReport(h.study, h.rounds[:i+1]); err != nil {
			t.Fatal(err)
		}
		if h.rounds[i].Report, err = report.Text(); err != nil {
			t.Fatal(err)
		}
	}
	return report
}

// exactly returns the same from the respondents, with nothing hidden.
func (h held) exactly(t testing.TB, first, last int) *Results {
	t.Helper()
	m, err := measureRounds(h.study, h.rounds)
	if err != nil {
		t.Fatal(err)
	}
	alone := make(map[string]bool)
	for _, site := range m.survey.Sites {
		alone[site.ID] = true
	}
	data := new(Data)
	for _, scale := range factors(h.rounds[0].Questionnaire) {
		for i, round := range []int{first, last} {
			m.score(data, round, i+1, scale.ID(), alone)
		}
	}
	results, err := data.Compare(Options{Margin: h.rounds[last].Rules.Margin})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func wantShown(t *testing.T, what string, got *float64, want scoring.Figure) {
	t.Helper()
	if got == nil || !want.Known || math.Abs(*got-want.Value) > 0.005+1e-9 {
		t.Errorf("%s is %v, want %v to two decimals", what, got, want)
	}
}

// Where every practice stands alone, the report says what the comparison of practices says, to two decimals.
func TestReportIsTheComparison(t *testing.T) {
	h := holdRounds(t, 16, 3, func(int, int) int { return 30 })
	report := h.reportAll(t)
	exact := h.exactly(t, 0, 2)
	if report.First != "round-1" || report.Before != "round-2" || report.Round != "round-3" || len(report.Themes) != 5 {
		t.Fatalf("the report compares %s and %s with %s in %d themes", report.First, report.Before, report.Round, len(report.Themes))
	}
	for i, got := range report.Themes {
		want := exact.Themes[i]
		wantShown(t, got.Title+": change of the programme", got.Programme.Change, want.Programme.Change)
		wantShown(t, got.Title+": its low end", got.Programme.Low, want.Programme.Low)
		wantShown(t, got.Title+": start of the others", got.Others.Start, want.Others.Start)
		wantShown(t, got.Title+": high end of the others", got.Others.High, want.Others.High)
		for name, pair := range map[string]struct {
			got  ReportDifference
			want Difference
		}{"difference": {got.Difference, want.DifferenceOfChanges}, "start": {got.StartDifference, want.StartDifference},
			"respondents weighted": {got.RespondentsWeighted, want.RespondentsWeighted}, "census": {got.Census, *want.Census},
			"adjusted": {got.AdjustedForStart, want.AdjustedForStart}} {
			wantShown(t, got.Title+": "+name, pair.got.Estimate, pair.want.Estimate)
			wantShown(t, got.Title+": "+name+", low", pair.got.Low, pair.want.Low)
			wantShown(t, got.Title+": "+name+", high", pair.got.High, pair.want.High)
		}
		if got.Sentence+", "+got.From != want.Sentence {
			t.Errorf("%s: “%s, %s”, want “%s”", got.Title, got.Sentence, got.From, want.Sentence)
		}
		if len(got.Trend) != 3 || got.Agreement.Alpha == nil || *got.Agreement.Alpha < 0.3 || got.Within == nil || *got.Within < 0.3 {
			t.Errorf("%s: trend %v, alpha %v, within %v", got.Title, got.Trend, got.Agreement.Alpha, got.Within)
		}
	}
	if want := exact.Headline(); !strings.Contains(report.Headline, fmt.Sprintf("in %s of 5 factors", fewOf(want.RoseMore))) {
		t.Errorf("the headline is %q, want %d of 5", report.Headline, want.RoseMore)
	}
}

// A practice with too few answers stands in a pool, and still counts in the average of its group.
func TestReportPools(t *testing.T) {
	few := func(practice, _ int) int { return map[bool]int{true: 6, false: 30}[practice == 15] }
	h := holdRounds(t, 16, 2, few)
	report, exact := h.reportAll(t), h.exactly(t, 0, 1)
	for i, got := range report.Themes {
		wantShown(t, got.Title+": change of the others", got.Others.Change, exact.Themes[i].Others.Change)
		wantShown(t, got.Title+": difference", got.Difference.Estimate, exact.Themes[i].DifferenceOfChanges.Estimate)
		if got.Difference.Low == nil || got.Others.Practices != 8 {
			t.Errorf("%s: %d others, interval %v", got.Title, got.Others.Practices, got.Difference.Low)
		}
	}
	text := h.rounds[1].Report
	own := report.Shown.Rounds[1].Practices[15]
	if own.Site != "p15" || slices.ContainsFunc(own.Factors, func(f disclosure.OwnFactor) bool { return f.Hidden == 0 }) {
		t.Errorf("the practice of six answers reads %+v", own)
	}
	for _, row := range report.Shown.Rounds[1].Factors[0].Rows {
		if slices.Equal(row.Sites, []string{"p15"}) && row.Hidden == 0 {
			t.Error("the practice of six answers stands in a row of its own")
		}
	}
	if again, err := ReadReport(text); err != nil || again.Headline != report.Headline {
		t.Errorf("ReadReport() = %v, %v", again, err)
	}
}

func TestReportOfLittle(t *testing.T) {
	tests := map[string]struct {
		h     held
		start bool // the programme has a figure
	}{
		"nobody answered":    {holdRounds(t, 6, 2, func(int, int) int { return 0 }), false},
		"one practice":       {holdRounds(t, 1, 2, func(int, int) int { return 30 }), false},
		"one in each group":  {holdRounds(t, 2, 2, func(int, int) int { return 30 }), true},
		"two in each group":  {holdRounds(t, 4, 2, func(int, int) int { return 30 }), true},
		"one round":          {holdRounds(t, 8, 1, func(int, int) int { return 30 }), false},
		"all are too few":    {holdRounds(t, 8, 2, func(int, int) int { return 4 }), true},
		"nobody the last":    {holdRounds(t, 8, 2, func(_, round int) int { return 30 * (1 - round) }), false},
		"a practice closed":  {holdRounds(t, 8, 2, func(practice, round int) int { return 30 * (1 - round*practice/7) }), true},
		"all answer in both": {holdRounds(t, 8, 2, func(int, int) int { return 40 }), true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			report := tt.h.reportAll(t)
			if strings.Contains(tt.h.rounds[len(tt.h.rounds)-1].Report, "NaN") {
				t.Error("the report holds what is no number")
			}
			for _, theme := range report.Themes {
				if (theme.Programme.Start != nil) != tt.start {
					t.Errorf("%s: the programme starts at %v, want a figure: %v", theme.Title, theme.Programme.Start, tt.start)
				}
				if theme.Programme.Practices == 1 && (theme.Difference.Low != nil || theme.Programme.Low != nil) {
					t.Errorf("%s: one practice has an interval", theme.Title)
				}
			}
		})
	}
}

// What was shown of a round is never worked out again: answers that changed since are refused.
func TestReportRefusesOtherAnswers(t *testing.T) {
	h := holdRounds(t, 8, 2, func(int, int) int { return 30 })
	h.reportAll(t)
	h.rounds[0].Answers = h.rounds[0].Answers[60:]
	if _, err := NewReport(h.study, h.rounds); err == nil {
		t.Error("NewReport() goes on from answers that are not those that were shown")
	}
	h.rounds[0].Report = "{"
	if _, err := NewReport(h.study, h.rounds); err == nil {
		t.Error("NewReport() goes on from a report that it cannot read")
	}
}

// Both reports of 100 practices in four rounds are made of this; drawing them comes after.
func BenchmarkReport(b *testing.B) {
	h := holdRounds(b, 100, 4, func(int, int) int { return 25 })
	h.reportAll(b)
	for b.Loop() {
		if _, err := NewReport(h.study, h.rounds); err != nil {
			b.Fatal(err)
		}
	}
}
