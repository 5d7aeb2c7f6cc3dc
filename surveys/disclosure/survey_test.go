package disclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// times returns how often a test does what it does: daily in make test, proving in make prove. The daily part begins as the
// full one does. It is storetest.Times for tests that need no database.
func times(tb testing.TB, what string, daily, proving int) int {
	tb.Helper()
	if os.Getenv("WELLWAVE_PROVE") == "" {
		return daily
	}
	tb.Logf("prove: %d %s", proving, what)
	return proving
}

// practiceMaker draws a survey of practices answer by answer, so that means, items and roles belong together.
type practiceMaker struct {
	random  *rand.Rand
	factors int
	items   int // of each factor
	level   float64
	spread  float64                      // of people
	between float64                      // of practices
	missing bool                         // some scores and answers are
	options map[string]map[string][7]int // by site and round, then item
	answers map[string][][]int           // by site and round: of each respondent to each item, 0 where it is missing
}

// drawSurvey draws a survey of 5 to 60 practices and 2 to 4 rounds. Most are as surveys are; in some everybody is content,
// or practices are small, or hardly differ.
func drawSurvey(random *rand.Rand) (Survey, *practiceMaker) {
	m := &practiceMaker{random: random, factors: 1 + random.IntN(2), items: 2 + random.IntN(3), level: 4 + 1.5*random.Float64(),
		spread: 1.3, between: 0.5, missing: random.IntN(2) == 0,
		options: make(map[string]map[string][7]int), answers: make(map[string][][]int)}
	switch random.IntN(6) {
	case 0:
		m.level, m.spread = 6.5, 0.7
	case 1:
		m.level, m.spread, m.between = 1+6*random.Float64(), 0.3, 0.05
	case 2:
		m.between = 1.5
	}
	sites := 5 + random.IntN(56)
	if random.IntN(3) == 0 {
		sites = 5 + random.IntN(12)
	}
	programme, small, keen := 0.2+0.4*random.Float64(), random.Float64(), 0.4+0.5*random.Float64()
	s := m.survey(sites, 2+random.IntN(3), programme, small, keen)
	if m.factors == 2 && random.IntN(4) == 0 { // the second came later
		for i := range s.Rounds[0].Sites {
			site := &s.Rounds[0].Sites[i]
			site.Factors, site.Items = site.Factors[:1], site.Items[:m.items]
		}
	}
	return s, m
}

func (m *practiceMaker) survey(sites, rounds int, programme, small, keen float64) Survey {
	var s Survey
	heads, levels := make([]int, sites), make([]float64, sites)
	for i := range sites {
		group := Others
		if m.random.Float64() < programme {
			group = Programme
		}
		s.Sites = append(s.Sites, Site{ID: fmt.Sprintf("site-%02d", i), Group: group})
		heads[i] = 14 + m.random.IntN(40)
		if m.random.Float64() < small {
			heads[i] = 3 + m.random.IntN(14)
		}
		levels[i] = m.level + m.between*m.random.NormFloat64()
	}
	for r := range rounds {
		round := Round{ID: fmt.Sprint("round-", r+1), Rules: DefaultRules()}
		for i, site := range s.Sites {
			if m.random.IntN(12) == 0 {
				continue // closed, or not yet there
			}
			share := math.Min(1, math.Max(0, keen+0.25*m.random.NormFloat64()))
			respondents := int(math.Round(share * float64(heads[i])))
			if m.random.IntN(30) == 0 {
				respondents = heads[i] + 1 // somebody came
			}
			round.Sites = append(round.Sites, m.measured(round.ID, site.ID, heads[i], respondents, levels[i]+0.1*float64(r)))
		}
		s.Rounds = append(s.Rounds, round)
	}
	return s
}

// measured draws the answers at one site.
func (m *practiceMaker) measured(round, site string, headcount, respondents int, level float64) Measured {
	out := Measured{Site: site, Headcount: headcount, Respondents: respondents,
		Roles:   []Count{{"clinical", 0}, {"other", 0}, {"rather not say", 0}},
		Tenures: []Count{{"under 2 years", 0}, {"2 to 10 years", 0}, {"over 10 years", 0}, {"rather not say", 0}}}
	means := make([]float64, m.factors)
	scores := make([]int, m.factors)
	options := make([][7]int, m.factors*m.items)
	m.options[site+round], m.answers[site+round] = make(map[string][7]int), nil
	for range respondents {
		answers := make([]int, m.factors*m.items)
		m.answers[site+round] = append(m.answers[site+round], answers)
		for f := range m.factors {
			person := level + 0.4*float64(f) + 0.5*m.spread*m.random.NormFloat64()
			total, answered := 0, 0
			for k := range m.items {
				answer := int(math.Round(math.Min(7, math.Max(1, person+m.spread*m.random.NormFloat64()))))
				if m.missing && m.random.IntN(15) == 0 {
					continue
				}
				answers[f*m.items+k] = answer
				options[f*m.items+k][answer-1]++
				total, answered = total+answer, answered+1
			}
			if answered > 0 {
				means[f] += float64(total) / float64(answered)
				scores[f]++
			}
		}
		out.Roles[min(m.random.IntN(8)/3, m.random.IntN(3))].N++
		out.Tenures[(len(m.answers[site+round])+headcount)*7%11%4].N++ // not drawn, so that the rest is as it was
	}
	for f := range m.factors {
		code := fmt.Sprint("factor-", f+1)
		mean := 0.0
		if scores[f] > 0 {
			mean = means[f] / float64(scores[f])
		}
		out.Factors = append(out.Factors, Factor{Code: code, N: scores[f], Mean: mean})
		for k := range m.items {
			item := fmt.Sprintf("item-%d-%d", f+1, k+1)
			m.options[site+round][item] = options[f*m.items+k]
			out.Items = append(out.Items, Item{Code: item, Factor: code, Counts: Grouped(options[f*m.items+k])})
		}
	}
	return out
}
