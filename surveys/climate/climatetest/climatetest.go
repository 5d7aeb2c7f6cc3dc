// Package climatetest gives tests of the staff survey its questionnaire and what is shown of an invented practice. It serves
// tests alone, also those of package climate, which it therefore cannot use.
package climatetest

import (
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
	"wellwave/surveys/library"
)

// Questionnaire returns a round of the safety-climate scale with its wording.
func Questionnaire(tb testing.TB, study surveys.StudyID, wave surveys.WaveID) *surveys.Questionnaire {
	tb.Helper()
	instrument, err := library.Find("safety-climate")
	if err != nil {
		tb.Fatal(err)
	}
	packs, err := library.Wordings("safety-climate")
	if err != nil {
		tb.Fatal(err)
	}
	q, err := surveys.NewQuestionnaire(study, wave, []*surveys.Instrument{instrument}, packs)
	if err != nil {
		tb.Fatal(err)
	}
	return q
}

// Answered adds to a practice its own means of a questionnaire's factors, and the shares of each item, both counted from 0.
func Answered(p *disclosure.Practice, q *surveys.Questionnaire, mean func(factor int) float64, shares func(factor, item int) [3]int) {
	for i, scale := range q.Scales {
		p.Factors = append(p.Factors, disclosure.OwnFactor{Code: scale.ID(), Mean: mean(i)})
		for k, place := range scale.Items() {
			p.Items = append(p.Items, disclosure.OwnItem{Code: scale.Instrument.Items[place].Code, Factor: scale.ID(), Shares: shares(i, k)})
		}
	}
}

// All returns the programme's copy of a questionnaire's factors with a mean of all practices, which these units make up.
func All(q *surveys.Questionnaire, mean func(factor int) float64, units ...[]string) []disclosure.FactorShown {
	var shown []disclosure.FactorShown
	for i, scale := range q.Scales {
		shown = append(shown, disclosure.FactorShown{Code: scale.ID(), All: disclosure.Figure{Mean: mean(i), Units: units}})
	}
	return shown
}
