package climate

import (
	"encoding/json"
	"fmt"
	"slices"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// Scores of a staff survey run from 1 to 7, as the answers do; scales of another range are not reported.
const (
	bottom, top = 1.0, 7.0
	options     = 7
)

// measured is what was answered in some rounds, exactly: by practice for package disclosure, and respondent by respondent.
type measured struct {
	study  *surveys.Study
	rounds []surveys.OpenedRound
	survey disclosure.Survey
	people [][]respondent // by round
}

// respondent is what one member of staff scored, in the order of the factors of their round.
type respondent struct {
	site    surveys.SiteID
	factors []factorScore
}

type factorScore struct {
	score scoring.Score
	terms []float64 // the answers after reversing, if all were given
}

// factors are the scales of a questionnaire that are reported, in its order.
func factors(q *surveys.Questionnaire) []surveys.QuestionScale {
	return slices.DeleteFunc(slices.Clone(q.Scales), func(s surveys.QuestionScale) bool {
		low, high := s.Range()
		return low != bottom || high != top || !s.Adds()
	})
}

// measureRounds scores what was answered. It fails for stored answers that cannot be read, which only a damaged database holds.
func measureRounds(study *surveys.Study, rounds []surveys.OpenedRound) (*measured, error) {
	m := &measured{study: study, rounds: rounds}
	last := rounds[len(rounds)-1]
	seen := make(map[surveys.SiteID]bool)
	add := func(id surveys.SiteID) {
		if seen[id] {
			return
		}
		seen[id] = true
		group := disclosure.Others
		if site, ok := study.Site(id); ok && last.Rules.Programme != "" && site.Arm == last.Rules.Programme {
			group = disclosure.Programme
		}
		m.survey.Sites = append(m.survey.Sites, disclosure.Site{ID: string(id), Group: group})
	}
	for _, site := range study.Sites {
		add(site.ID)
	}
	for _, round := range rounds { // also of practices that the study file no longer names
		for _, answer := range round.Answers {
			add(answer.Site)
		}
	}
	for _, round := range rounds {
		if err := m.add(round); err != nil {
			return nil, fmt.Errorf("score round %s: %w", round.Wave.ID, err)
		}
	}
	return m, nil
}

// add scores one round.
func (m *measured) add(round surveys.OpenedRound) error {
	rules := disclosure.DefaultRules()
	if len(round.Rules.Shown) > 0 {
		if err := json.Unmarshal(round.Rules.Shown, &rules); err != nil {
			return fmt.Errorf("read the thresholds: %w", err)
		}
	}
	scales := factors(round.Questionnaire)
	at := make(map[surveys.SiteID]*siteRound)
	var people []respondent
	for _, answer := range round.Answers {
		answers, err := surveys.ReadAnswers(round.Questionnaire, answer.Answers, "", 0)
		if err != nil {
			return err
		}
		s := at[answer.Site]
		if s == nil {
			s = &siteRound{means: make([]scoring.Sample, len(scales)), items: make(map[string]*[options]int)}
			at[answer.Site] = s
		}
		s.attributes = append(s.attributes, answer.Attributes)
		people = append(people, s.add(answer.Site, round.Questionnaire, scales, answers))
	}
	m.people = append(m.people, people)
	shown := disclosure.Round{ID: string(round.Wave.ID), Rules: rules}
	for _, site := range m.survey.Sites {
		staff := 0
		for _, known := range round.Sites {
			if string(known.Site) == site.ID {
				staff = known.Staff
			}
		}
		if s := at[surveys.SiteID(site.ID)]; s != nil {
			shown.Sites = append(shown.Sites, s.measured(site.ID, staff, scales, round.Rules.Attributes))
		} else if staff > 0 {
			shown.Sites = append(shown.Sites, disclosure.Measured{Site: site.ID, Headcount: staff})
		}
	}
	m.survey.Rounds = append(m.survey.Rounds, shown)
	return nil
}

// siteRound adds up a practice in a round.
type siteRound struct {
	n     int
	means []scoring.Sample // by factor
	items map[string]*[options]int
	// attributes are what respondents said about themselves where that is kept with the answers.
	attributes []surveys.StaffAttributes
}

func (s *siteRound) add(site surveys.SiteID, q *surveys.Questionnaire, scales []surveys.QuestionScale, answers *surveys.Answers) respondent {
	s.n++
	given := answers.ForScoring()
	person := respondent{site: site, factors: make([]factorScore, len(scales))}
	for i, scale := range scales {
		own := scale.Of(given)
		f := factorScore{score: scale.Score(own), terms: make([]float64, len(scale.Items()))}
		if f.score.Valid {
			s.means[i].Add(f.score.Value)
		}
		if !scale.Terms(own, f.terms) {
			f.terms = nil
		}
		person.factors[i] = f
		for _, place := range scale.Items() {
			s.count(&scale.Instrument.Items[place], own[place])
		}
	}
	return person
}

// count counts the answer to an item as it enters the factor, where the item has the seven options.
func (s *siteRound) count(item *surveys.Item, answer scoring.Answer) {
	if !answer.Given || !counted(item) {
		return
	}
	value := answer.Value
	if item.Reverse {
		value = bottom + top - value
	}
	if s.items[item.Code] == nil {
		s.items[item.Code] = new([options]int)
	}
	s.items[item.Code][int(value-bottom)]++
}

// counted reports whether the answers to an item are counted: where it has the seven options.
func counted(item *surveys.Item) bool {
	return len(item.Options) == options && item.Min == bottom && item.Max == top
}

// measured returns the practice as package disclosure takes it.
func (s *siteRound) measured(id string, staff int, scales []surveys.QuestionScale, asked []surveys.StaffAttribute) disclosure.Measured {
	m := disclosure.Measured{Site: id, Headcount: staff, Respondents: s.n}
	if slices.Contains(asked, surveys.AskRole) {
		m.Roles = s.said(surveys.AskRole)
	}
	if slices.Contains(asked, surveys.AskTenure) {
		m.Tenures = s.said(surveys.AskTenure)
	}
	for i, scale := range scales {
		m.Factors = append(m.Factors, disclosure.Factor{Code: scale.ID(), N: s.means[i].N(), Mean: s.means[i].Mean().Value})
		for _, place := range scale.Items() {
			code := scale.Instrument.Items[place].Code
			if counts := s.items[code]; counts != nil {
				m.Items = append(m.Items, disclosure.Item{Code: code, Factor: scale.ID(), Counts: disclosure.Grouped(*counts)})
			}
		}
	}
	return m
}

// said counts what respondents said about themselves.
func (s *siteRound) said(attribute surveys.StaffAttribute) []disclosure.Count {
	var counts []disclosure.Count
	for _, c := range attribute.Count(s.attributes) {
		counts = append(counts, disclosure.Count(c))
	}
	return counts
}

// mean returns a practice's exact mean of a factor in a round.
func (m *measured) mean(round int, site, factor string) float64 {
	for _, at := range m.survey.Rounds[round].Sites {
		if at.Site != site {
			continue
		}
		for _, f := range at.Factors {
			if f.Code == factor {
				return f.Mean
			}
		}
	}
	return 0
}
