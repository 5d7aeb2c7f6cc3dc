package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/climate"
	"wellwave/surveys/climate/climatetest"
)

// staffStudy is a study with staff rounds whose answers are drawn at random, always the same.
type staffStudy struct {
	practices, programme, rounds, staff int
	silent                              bool   // nobody answered the last round
	average                             string // a published one of this name is loaded for the last round
}

// quietPractice has too few answers to stand alone in every round.
const quietPractice = 10

func (s staffStudy) study() *surveys.Study {
	study := &surveys.Study{ID: "links", Title: "Links practitioners in general practice: a demonstration", Zone: time.UTC, Demo: true,
		Arms: []surveys.Arm{{ID: "new", Title: "With a links practitioner"}, {ID: "usual", Title: "Usual care"}}}
	for i := range s.practices {
		site := surveys.Site{ID: surveys.SiteID(fmt.Sprintf("p%03d", i+1)), Title: fmt.Sprintf("Practice %d", i+1), Arm: "usual", Staff: s.staff}
		if i < s.programme {
			site.Arm = "new"
		}
		if i == 1 {
			site.Title = longName
		}
		study.Sites = append(study.Sites, site)
	}
	for i := range s.rounds {
		opens := time.Date(2024+i, 5, 1, 0, 0, 0, 0, time.UTC)
		study.Waves = append(study.Waves, surveys.Wave{ID: surveys.WaveID(fmt.Sprintf("round-%d", i+1)), Title: []string{"First", "Second", "Third", "Fourth"}[i] + " staff round",
			Audience: surveys.Staff, Opens: opens, Closes: opens.AddDate(0, 0, 42)})
	}
	return study
}

// opened returns the rounds, all but the last with its report.
func (s staffStudy) opened(tb testing.TB) (*surveys.Study, []surveys.OpenedRound) {
	tb.Helper()
	study := s.study()
	random := rand.New(rand.NewPCG(7, 9))
	margin := 0.15
	var rounds []surveys.OpenedRound
	for i, wave := range study.Waves {
		q := climatetest.Questionnaire(tb, study.ID, wave.ID)
		round := surveys.OpenedRound{Wave: wave, Questionnaire: q, Stage: surveys.RoundOpened, Rules: surveys.RoundRules{Margin: &margin}}
		if s.programme > 0 {
			round.Rules.Programme = "new"
		}
		for k, site := range study.Sites {
			round.Sites = append(round.Sites, surveys.RoundSite{Site: site.ID, Staff: s.staff})
			n := s.staff * 8 / 10
			if k == quietPractice {
				n = s.staff * 4 / 10
			}
			if s.silent && i == s.rounds-1 {
				n = 0
			}
			practice := rand.New(rand.NewPCG(uint64(k), 1)).NormFloat64() * 0.3
			for range n {
				round.Answers = append(round.Answers, surveys.OpenedAnswer{Site: site.ID, Answers: s.answers(random, q.Instruments[0], practice, k < s.programme, i)})
			}
		}
		if s.average != "" && i == s.rounds-1 {
			round.Average = s.published(tb, study, q)
		}
		rounds = append(rounds, round)
		if i < s.rounds-1 {
			report, err := climate.NewReport(study, rounds)
			if err != nil {
				tb.Fatal(err)
			}
			text, err := report.Text()
			if err != nil {
				tb.Fatal(err)
			}
			rounds[i].Report, rounds[i].Stage = text, surveys.RoundReported
		}
	}
	return study, rounds
}

// published is an average of every factor and round, as it is kept.
func (s staffStudy) published(tb testing.TB, study *surveys.Study, q *surveys.Questionnaire) string {
	tb.Helper()
	p := climate.Published{Name: s.average, Weighted: climate.ByRespondents.String()}
	for i, wave := range study.Waves {
		for k, factor := range climate.Factors(q) {
			p.Means = append(p.Means, climate.PublishedMean{Round: wave.ID, Factor: factor.ID, Mean: math.Round(415+13*float64(i)+7*float64(k)) / 100, Practices: 49, Respondents: 563 + 10*i})
		}
	}
	text, err := p.Text()
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// answers are those of one member of staff: the programme's practices gain more, but for communication, where they start higher.
func (s staffStudy) answers(random *rand.Rand, instrument *surveys.Instrument, practice float64, programme bool, round int) string {
	general := 0.5 * random.NormFloat64()
	var cells []string
	for i := range instrument.Items {
		item := &instrument.Items[i]
		level := 4.2 + practice + general + 0.1*float64(round) + 0.8*random.NormFloat64()
		switch {
		case strings.Contains(item.Code, "communication") && programme:
			level += 0.5
		case programme:
			level += 0.3 * float64(round)
		}
		value := math.Round(min(7, max(1, level)))
		if item.Reverse {
			value = 8 - value
		}
		cells = append(cells, fmt.Sprintf("%q:%v", item.Code, value))
	}
	return "{" + strings.Join(cells, ",") + "}"
}

// report returns what is shown of the last round.
func (s staffStudy) report(tb testing.TB) (*surveys.Study, *climate.Report) {
	tb.Helper()
	study, rounds := s.opened(tb)
	report, err := climate.NewReport(study, rounds)
	if err != nil {
		tb.Fatal(err)
	}
	text, err := report.Text()
	if err != nil {
		tb.Fatal(err)
	}
	if report, err = climate.ReadReport(text); err != nil { // as it is kept
		tb.Fatal(err)
	}
	return study, report
}
