package disclosure

import (
	"math/rand/v2"
	"testing"
)

// These measure what every report pays before it is drawn: 100 practices, 4 rounds, 5 factors of 6 items, with all that was
// shown before checked again. The target is well under 100 ms for either.

const (
	benchPractices = 100
	benchRounds    = 4
	benchFactors   = 5
	benchItems     = 6
)

func benchSurvey(b *testing.B) (Survey, *practiceMaker) {
	b.Helper()
	m := &practiceMaker{random: rand.New(rand.NewPCG(1, 2)), factors: benchFactors, items: benchItems, level: 5, spread: 1.3, between: 0.5,
		options: make(map[string]map[string][7]int), answers: make(map[string][][]int)}
	return m.survey(benchPractices, benchRounds, 0.3, 0.5, 0.6), m
}

// BenchmarkShow shows the last of four rounds.
func BenchmarkShow(b *testing.B) {
	s, _ := benchSurvey(b)
	before, err := Show(Survey{s.Sites, s.Rounds[:benchRounds-1]})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Show(s, before); err != nil {
			b.Fatal(err)
		}
	}
}
