package climate

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// These benchmarks measure what a page or a report of the staff survey waits for, at the size of a country's practices:
// gathering every score, and comparing the first round with the last.

const (
	benchPractices   = 100
	benchRounds      = 4
	benchRespondents = 25
	benchThemes      = 5
	benchItems       = 6
)

func benchScores() []Score {
	random := rand.New(rand.NewPCG(3, 4))
	var all []Score
	for theme := range benchThemes {
		for practice := range benchPractices {
			level := 4.5 + 0.4*random.NormFloat64()
			for round := range benchRounds {
				for range benchRespondents {
					s := Score{Practice: fmt.Sprintf("P%03d", practice), Programme: practice < 7, Round: round + 1, Staff: 30, Theme: fmt.Sprintf("theme %d", theme)}
					for range benchItems {
						v := min(7, max(1, float64(int(level+random.NormFloat64()+0.5))))
						s.Items = append(s.Items, v)
						s.Value += v / benchItems
					}
					all = append(all, s)
				}
			}
		}
	}
	return all
}

func BenchmarkCompare(b *testing.B) {
	scores := benchScores()
	gather := func() *Data {
		d := new(Data)
		for _, s := range scores {
			if err := d.Add(s); err != nil {
				b.Fatal(err)
			}
		}
		return d
	}
	b.Run("gather", func(b *testing.B) {
		for b.Loop() {
			gather()
		}
	})
	b.Run("compare", func(b *testing.B) {
		d := gather()
		o := Options{Scales: make(map[string]Scale)}
		for _, theme := range d.Themes() {
			o.Scales[theme] = Scale{Options: 7, Top: 7}
		}
		for b.Loop() {
			if _, err := d.Compare(o); err != nil {
				b.Fatal(err)
			}
		}
	})
}
