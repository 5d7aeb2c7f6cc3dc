package climate

import (
	"math"
	"slices"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// PracticeReport is what one practice reads of a round in a meeting of its team. It is made of a [Report], which holds what
// may be shown, and of the study's own texts alone, so it has no figure of any other practice.
type PracticeReport struct {
	Study, Practice, Round string    // titles
	Before                 string    // the title of the round held last before; empty for the first
	Held                   time.Time // the last day of the round, in the study's zone
	Demo                   bool

	Rules     disclosure.Rules
	Took      bool            // the practice has a headcount or answers in the round
	Response  disclosure.Band // of its staff, if it took part
	Factors   []PracticeFactor
	Strongest []Statement // at most three of those that are shown, the strongest first
	Weakest   []Statement // at most three others, the weakest first
	Unlisted  int         // how many statements are not shown of this practice
	Roles     disclosure.Mix
	Tenures   *disclosure.Mix // nil where nobody was asked
	Questions []string        // three, to talk about
	better    map[string]float64
}

// PracticeFactor is one factor, from 1 to 7. The practice's own means stand to one decimal, those of all practices to two.
// What is not shown is nil.
type PracticeFactor struct {
	ID, Title string
	Mean      *float64
	Before    *float64 // in the round before
	// All is the mean of all practices, this one included, each weighing alike. It and Average, their change since the round
	// before, are only of as many others as a pool has: of one or two, a practice could work out theirs from its own.
	All       *float64
	Practices int  // over how many practices All is
	Counted   bool // this practice is among them
	Average   ReportGroup
	// Chance is how large a change of the practice chance alone makes in 19 of 20 rounds, rounded up to one decimal:
	//
	//	1.96 · s · √(1/n₁ + 1/n₂)
	//
	// s is the standard deviation of staff of one practice about its mean, over all practices, and n₁ and n₂ are how many
	// answered in the two rounds: the low end of the band that is shown, or the fewest answers of which a mean is shown where
	// they are more. Without a mean of the round before it is that to a next round with as many answers. The formula is the 95 %
	// limit of a difference of two independent means; it takes no account of how much of a team answered, so it is on the wide
	// side where most did.
	Chance *float64
}

// Statement is how a practice answered one statement, in percent to the nearest 10. The shares may add up to 90 or 110.
type Statement struct {
	Text string
	// Safe, Between and Other are the shares of answers on the side that is good for the factor, in the middle, and on the other
	// side. Of a statement that counts reversed the good side is to disagree.
	Safe, Between, Other Answered
}

// Answered is one group of answers.
type Answered struct {
	Percent int
	Says    string // what the group answered, such as agree
}

// listed is how many statements are named at either end.
const listed = 3

// Practice returns what a practice reads of the report's round, whose questionnaire is q. It fails with NotFound for a site
// or a round that the study does not have.
func (r *Report) Practice(study *surveys.Study, q *surveys.Questionnaire, id surveys.SiteID) (*PracticeReport, error) {
	site, ok := study.Site(id)
	if !ok {
		return nil, surveys.Errorf(surveys.NotFound, "The study has no site %q.", id)
	}
	wave, ok := study.Wave(r.Round)
	shown := r.shownOf(r.Round)
	if !ok || shown == nil {
		return nil, surveys.Errorf(surveys.NotFound, "The study has no round %q.", r.Round)
	}
	before, _ := study.Wave(r.Before)
	p := &PracticeReport{Study: study.Title, Practice: site.Title, Round: wave.Title, Before: before.Title,
		Held: surveys.AddDays(wave.Closes.In(study.Zone), -1), Demo: study.Demo, Rules: shown.Rules, better: make(map[string]float64)}
	own := practiceOf(shown, id)
	if own != nil {
		p.Took, p.Response, p.Roles, p.Tenures = true, own.Response, own.Roles, own.Tenures
	}
	for _, scale := range factors(q) {
		p.better[scale.ID()] = 1
		if scale.Definition().Direction == "higher-worse" {
			p.better[scale.ID()] = -1
		}
	}
	earlier := r.shownOf(r.Before)
	for _, theme := range r.Themes {
		p.Factors = append(p.Factors, factorOf(theme, shown, earlier, id))
	}
	if own != nil {
		p.list(q, own.Items)
	}
	p.Questions = p.questions()
	slices.SortStableFunc(p.Factors, func(a, b PracticeFactor) int { return p.rank(b).compare(p.rank(a)) })
	return p, nil
}

// shownOf returns what is shown of a round, nil if nothing is.
func (r *Report) shownOf(round surveys.WaveID) *disclosure.RoundShown {
	for i := range r.Shown.Rounds {
		if r.Shown.Rounds[i].ID == string(round) {
			return &r.Shown.Rounds[i]
		}
	}
	return nil
}

// practiceOf returns the practice's own part of a round, nil where it took none.
func practiceOf(shown *disclosure.RoundShown, id surveys.SiteID) *disclosure.Practice {
	if shown == nil {
		return nil
	}
	for i := range shown.Practices {
		if shown.Practices[i].Site == string(id) {
			return &shown.Practices[i]
		}
	}
	return nil
}

// ownMean returns the practice's mean of a factor as it is shown.
func ownMean(own *disclosure.Practice, factor string) *float64 {
	if own == nil {
		return nil
	}
	for i := range own.Factors {
		if f := &own.Factors[i]; f.Code == factor && f.Hidden == 0 {
			return &f.Mean
		}
	}
	return nil
}

func factorOf(theme ReportTheme, shown, before *disclosure.RoundShown, id surveys.SiteID) PracticeFactor {
	own, earlier := practiceOf(shown, id), practiceOf(before, id)
	f := PracticeFactor{ID: theme.ID, Title: theme.Title, Mean: ownMean(own, theme.ID), Before: ownMean(earlier, theme.ID)}
	for _, factor := range shown.Factors {
		all := factor.All
		counted := slices.ContainsFunc(all.Units, func(unit []string) bool { return slices.Contains(unit, string(id)) })
		others := all.Sites()
		if counted {
			others--
		}
		if factor.Code == theme.ID && all.Hidden == 0 && others >= shown.Rules.PoolFrom {
			f.All, f.Practices, f.Counted = &all.Mean, all.Sites(), counted
		}
	}
	if theme.Average.Practices > shown.Rules.PoolFrom {
		f.Average = theme.Average
	}
	if f.Mean != nil && theme.Within != nil {
		now := fewest(own, shown.Rules)
		then := now
		if f.Before != nil {
			then = fewest(earlier, before.Rules)
		}
		chance := chanceOf(*theme.Within, now, then)
		f.Chance = &chance
	}
	return f
}

// fewest returns the fewest answers that a practice whose mean is shown may have had.
func fewest(own *disclosure.Practice, rules disclosure.Rules) int {
	return max(own.Response.Low, rules.MeanFrom)
}

// chanceOf is the formula at [PracticeFactor.Chance].
func chanceOf(within float64, n1, n2 int) float64 {
	limit := 1.96 * within * math.Sqrt(1/float64(n1)+1/float64(n2))
	return math.Ceil(limit*10-1e-9) / 10
}

// Change returns the practice's change since the round before: the difference of the two means as they are shown. It is
// false where one of them is not.
func (f PracticeFactor) Change() (float64, bool) {
	if f.Mean == nil || f.Before == nil {
		return 0, false
	}
	return tenth(*f.Mean - *f.Before), true
}

// Apart returns how far the practice lies above all practices, to one decimal. It is false where one of the two is not shown.
func (f PracticeFactor) Apart() (float64, bool) {
	if f.Mean == nil || f.All == nil {
		return 0, false
	}
	return tenth(*f.Mean - *f.All), true
}

// tenth rounds to one decimal, halves away from 0 whatever the last bits of a difference are.
func tenth(x float64) float64 { return math.Round(math.Round(x*1e9)/1e8) / 10 }

// ranking orders factors: shown ones before others, then by their means.
type ranking struct {
	shown bool
	mean  float64
}

func (a ranking) compare(b ranking) int {
	switch {
	case a == b:
		return 0
	case a.shown != b.shown && a.shown, a.shown == b.shown && a.mean > b.mean:
		return 1
	}
	return -1
}

// rank ranks a factor by the practice's own mean, or where nothing of its own is shown by that of all practices.
func (p *PracticeReport) rank(f PracticeFactor) ranking {
	mean := f.Mean
	if !p.Own() {
		mean = f.All
	}
	if mean == nil {
		return ranking{}
	}
	return ranking{true, *mean * p.better[f.ID]}
}

// Own reports whether any mean of the practice itself is shown.
func (p *PracticeReport) Own() bool {
	return slices.ContainsFunc(p.Factors, func(f PracticeFactor) bool { return f.Mean != nil })
}

// Others reports whether any mean of all practices is shown.
func (p *PracticeReport) Others() bool {
	return slices.ContainsFunc(p.Factors, func(f PracticeFactor) bool { return f.All != nil })
}

// list names the statements at either end: by how many more lie on the good side than on the other, ties in the order of
// the questionnaire. With few statements none is named at both ends.
func (p *PracticeReport) list(q *surveys.Questionnaire, items []disclosure.OwnItem) {
	var statements []Statement
	for _, own := range items {
		item, ok := q.Item(own.Code)
		if own.Hidden != 0 || !ok {
			p.Unlisted++
			continue
		}
		statements = append(statements, p.statement(q, item, own))
	}
	ahead := func(s Statement) int { return s.Safe.Percent - s.Other.Percent }
	best := slices.Clone(statements)
	slices.SortStableFunc(best, func(a, b Statement) int { return ahead(b) - ahead(a) })
	p.Strongest = best[:min(listed, (len(best)+1)/2)]
	// Those that are named already are no longer there to be named again, so that ties fall one way or the other.
	rest := best[len(p.Strongest):]
	slices.SortStableFunc(rest, func(a, b Statement) int { return ahead(a) - ahead(b) })
	p.Weakest = rest[:min(listed, len(rest))]
}

// statement puts the shares of an item into words. They are counted after reversing.
func (p *PracticeReport) statement(q *surveys.Questionnaire, item surveys.QuestionItem, own disclosure.OwnItem) Statement {
	pack, _ := q.Wording(item.Instrument, "en")
	text := item.Code
	low, middle, high := "disagree", "neither", "agree"
	if pack != nil {
		if question := strings.Join(strings.Fields(pack.Question(item.Code)), " "); question != "" {
			text = question
		}
		first, last := pack.Label(item.Code, bottom), pack.Label(item.Code, top)
		if !strings.Contains(strings.ToLower(first), "disagree") || !strings.Contains(strings.ToLower(last), "agree") {
			low, middle, high = "towards “"+first+"”", "in the middle", "towards “"+last+"”"
		}
	}
	if item.Reverse {
		low, high = high, low
	}
	s := Statement{Text: text, Safe: Answered{own.Shares[2], high}, Between: Answered{own.Shares[1], middle}, Other: Answered{own.Shares[0], low}}
	if p.better[own.Factor] < 0 {
		s.Safe, s.Other = s.Other, s.Safe
	}
	return s
}
