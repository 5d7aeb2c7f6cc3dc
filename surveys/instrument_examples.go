package surveys

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"wellwave/scoring"
)

// Example is a worked example of an instrument: answers, and the scores that they give.
type Example struct {
	Title   string
	Source  string
	Answers []scoring.Answer // in the order of the items
	Scores  map[ScaleID]*float64
	Bands   map[ScaleID]string
}

// exampleEntry is an Example as it stands in a file. All gives every scored item the same answer, Answers says what
// differs from that, Missing what is not answered. A score of null says that there is none.
type exampleEntry struct {
	Title   string              `yaml:"title"`
	Source  string              `yaml:"source"`
	All     *float64            `yaml:"all"`
	Answers map[string]float64  `yaml:"answers"`
	Missing []string            `yaml:"missing"`
	Scores  map[string]*float64 `yaml:"scores"`
	Bands   map[string]string   `yaml:"bands"`
}

// exampleTolerance is how far a score may be from the number in the file, which people write with six decimals.
const exampleTolerance = 5e-7

// examples reads the worked examples and works them.
func (p *instrumentParser) examples() {
	for i, e := range p.entry.Examples {
		path := at("examples", i)
		example := Example{Title: e.Title, Source: e.Source, Answers: p.exampleAnswers(path, e),
			Scores: make(map[ScaleID]*float64), Bands: make(map[ScaleID]string)}
		if len(e.Scores) == 0 {
			p.file.Reject(path, "An example says which scores its answers give.")
		}
		for _, id := range slices.Sorted(maps.Keys(e.Scores)) {
			example.Scores[ScaleID(id)] = e.Scores[id]
			p.work(path+".scores."+id, id, example.Answers, e.Scores[id])
		}
		for _, id := range slices.Sorted(maps.Keys(e.Bands)) {
			example.Bands[ScaleID(id)] = e.Bands[id]
			p.workBand(path+".bands."+id, id, example.Answers, e.Bands[id])
		}
		p.instrument.Examples = append(p.instrument.Examples, example)
	}
}

func (p *instrumentParser) exampleAnswers(path string, e exampleEntry) []scoring.Answer {
	answers := make([]scoring.Answer, len(p.instrument.Items))
	if e.All != nil {
		for i := range p.instrument.Items {
			if item := &p.instrument.Items[i]; item.Kind.Numeric() && item.Check(Number(*e.All)) == nil {
				answers[i] = scoring.Answer{Value: *e.All, Given: true}
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(e.Answers)) {
		value := e.Answers[code]
		item, ok := p.instrument.Item(code)
		if !ok {
			p.file.Reject(path+".answers."+code, "“%s” is not an item of this instrument.", code)
			continue
		}
		if err := item.Check(Number(value)); err != nil {
			p.file.Reject(path+".answers."+code, "%s", err.Error())
			continue
		}
		answers[p.instrument.index[code]] = scoring.Answer{Value: value, Given: true}
	}
	for i, code := range e.Missing {
		if _, ok := p.instrument.Item(code); !ok {
			p.file.Reject(at(path+".missing", i), "“%s” is not an item of this instrument.", code)
			continue
		}
		answers[p.instrument.index[code]] = scoring.Answer{}
	}
	return answers
}

func (p *instrumentParser) work(path, id string, answers []scoring.Answer, want *float64) {
	scale, ok := p.instrument.Scale(ScaleID(id))
	if !ok {
		p.file.Reject(path, "“%s” is not a scale of this instrument.", id)
		return
	}
	got := scale.Score(answers)
	switch {
	case want == nil && got.Valid:
		p.file.Reject(path, "The example says that there is no score, and the rule gives %s.", FormatNumber(got.Value))
	case want != nil && !got.Valid:
		p.file.Reject(path, "The example says %s, and the rule gives no score: %s", FormatNumber(*want), got.Why)
	case want != nil && !(math.Abs(got.Value-*want) <= exampleTolerance):
		p.file.Reject(path, "The example says %s, and the rule gives %s.", FormatNumber(*want), FormatNumber(got.Value))
	}
}

func (p *instrumentParser) workBand(path, id string, answers []scoring.Answer, want string) {
	scale, ok := p.instrument.Scale(ScaleID(id))
	if !ok {
		p.file.Reject(path, "“%s” is not a scale of this instrument.", id)
		return
	}
	score := scale.Score(answers)
	if band, ok := scale.Band(score.Value); !score.Valid || !ok || band.Label != want {
		p.file.Reject(path, "The example says “%s”, and the rule gives %s.", want, bandWords(score, band))
	}
}

func bandWords(score scoring.Score, band scoring.Band) string {
	if !score.Valid {
		return "no score"
	}
	return fmt.Sprintf("%s, “%s”", FormatNumber(score.Value), band.Label)
}
