package climate

import (
	"encoding/json"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/csvtable"
)

// Published is a published average that was loaded for the report of a round. It is kept as JSON, and again in the report
// that was made with it.
type Published struct {
	Name string `json:"name"`
	// Weighted says what weighs alike in the means, practices or respondents; nothing where the file does not say.
	Weighted string          `json:"weighted,omitempty"`
	Means    []PublishedMean `json:"means"`
}

// PublishedMean is the average of a factor in a round of the study.
type PublishedMean struct {
	Round       surveys.WaveID `json:"round"`
	Factor      string         `json:"factor"`
	Mean        float64        `json:"mean"`
	SD          *float64       `json:"sd,omitempty"`
	Practices   int            `json:"practices,omitempty"` // 0 where the file does not say, as Respondents
	Respondents int            `json:"respondents,omitempty"`
}

// PublishedRound is a round of a study as a file numbers it.
type PublishedRound struct {
	Number        int // from 1, in the order in which rounds are held
	Wave          surveys.Wave
	Questionnaire *surveys.Questionnaire
	Needed        bool // whether the file must have it; a round that was never held has no average
}

// ReadPublished reads a published average for a study from a table as [ReadAverage] takes it. The factors are those that
// the questionnaires of the rounds report, by id or title, and each must be there in every needed round that has it. Means
// lie between 1 and 7. Mistakes are of the type [*csvtable.Error]; it fails with Conflict where no round has a factor.
func ReadPublished(table *csvtable.Reader, name string, rounds []PublishedRound) (*Published, error) {
	r := averageReader{table: table, themes: wantedFactors(rounds), lines: make(map[averageKey]int), onScale: true}
	if len(r.themes) == 0 {
		return nil, surveys.Errorf(surveys.Conflict, "No round of this study asks for a factor that is reported, so there is nothing to compare.")
	}
	if err := r.readAll(); err != nil {
		return nil, err
	}
	p := &Published{Name: name, Weighted: r.weighting().String()}
	for _, m := range r.means {
		for _, round := range rounds {
			if round.Number != m.Round {
				continue
			}
			mean := PublishedMean{Round: round.Wave.ID, Factor: m.Theme, Mean: m.Mean, Practices: m.Practices, Respondents: m.Respondents}
			if m.SD.Known {
				mean.SD = &m.SD.Value
			}
			p.Means = append(p.Means, mean)
		}
	}
	return p, nil
}

// Factor is a factor that a round reports.
type Factor struct{ ID, Title string }

// Factors returns the factors that a round with this questionnaire reports, in its order.
func Factors(q *surveys.Questionnaire) []Factor {
	var all []Factor
	for _, scale := range factors(q) {
		all = append(all, Factor{scale.ID(), scale.Definition().Title})
	}
	return all
}

// wantedFactors returns the factors of some rounds, each with the rounds that must have it.
func wantedFactors(rounds []PublishedRound) []wantedTheme {
	var wanted []wantedTheme
	at := make(map[string]int)
	for _, round := range rounds {
		for _, factor := range Factors(round.Questionnaire) {
			i, known := at[factor.ID]
			if !known {
				i = len(wanted)
				at[factor.ID] = i
				wanted = append(wanted, wantedTheme{id: factor.ID, title: factor.Title, called: "the factor “" + factor.Title + "”"})
			}
			if round.Needed {
				wanted[i].rounds = append(wanted[i].rounds, round.Number)
			}
		}
	}
	return wanted
}

// ParsePublished reads an average that was kept.
func ParsePublished(text string) (*Published, error) {
	p := new(Published)
	if err := json.Unmarshal([]byte(text), p); err != nil {
		return nil, fmt.Errorf("read a published average: %w", err)
	}
	return p, nil
}

// Text returns the average as it is kept.
func (p *Published) Text() (string, error) {
	text, err := json.Marshal(p)
	return string(text), err
}

// At returns the average of a factor in a round.
func (p *Published) At(factor string, round surveys.WaveID) (PublishedMean, bool) {
	for _, m := range p.Means {
		if m.Factor == factor && m.Round == round {
			return m, true
		}
	}
	return PublishedMean{}, false
}

// Called names the average in the middle of a sentence, and says what weighs alike in it.
func (p *Published) Called() string {
	called := "the published average “" + p.Name + "”"
	if p.Weighted != "" {
		called += ", in which " + p.Weighted + " weigh alike"
	}
	return called
}
