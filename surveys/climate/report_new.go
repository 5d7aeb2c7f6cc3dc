package climate

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"wellwave/scoring"
	"wellwave/scoring/decimal"
	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// NewReport works out what is shown of the last of some rounds, which stand in the order in which they were held. All but
// the last must be reported already: what was shown of them is taken from their reports. It fails where the answers do not
// give any more what was shown of them.
func NewReport(study *surveys.Study, rounds []surveys.OpenedRound) (*Report, error) {
	if len(rounds) == 0 {
		return nil, surveys.Errorf(surveys.Conflict, "No round is opened yet.")
	}
	var before []disclosure.Shown
	for _, round := range rounds[:len(rounds)-1] {
		earlier, err := ReadReport(round.Report)
		if err != nil {
			return nil, fmt.Errorf("read what was shown of round %s: %w", round.Wave.ID, err)
		}
		before = append(before, earlier.Shown)
	}
	m, err := measureRounds(study, rounds)
	if err != nil {
		return nil, err
	}
	shown, err := disclosure.Show(m.survey, before...)
	if err != nil {
		return nil, fmt.Errorf("work out what may be shown: %w", err)
	}
	last := rounds[len(rounds)-1]
	r := &Report{Round: last.Wave.ID, Against: OtherPractices, Margin: last.Rules.Margin, Shown: shown}
	if len(last.Apart) > 0 {
		if r.Apart, err = apartOf(last); err != nil {
			return nil, err
		}
	}
	if len(rounds) > 1 {
		r.First, r.Before = rounds[0].Wave.ID, rounds[len(rounds)-2].Wave.ID
	}
	summary := &Results{Against: r.Against, Margin: r.Margin}
	for i, scale := range factors(last.Questionnaire) {
		t, exact := m.theme(r, scale, i)
		r.Themes = append(r.Themes, t)
		summary.Themes = append(summary.Themes, exact)
	}
	if slices.ContainsFunc(r.Themes, func(t ReportTheme) bool { return t.Sentence != "" }) {
		r.Headline = summary.Headline().Of("factors")
	}
	if r.Pairs, err = m.pairs(); err != nil {
		return nil, fmt.Errorf("work out pairs of items: %w", err)
	}
	if err := m.publish(r); err != nil {
		return nil, err
	}
	return r, nil
}

// apartOf reads what may be shown of attributes that were kept apart from answers.
func apartOf(round surveys.OpenedRound) (*ReportApart, error) {
	var mixes map[string]disclosure.Mix
	if err := json.Unmarshal(round.Apart, &mixes); err != nil {
		return nil, fmt.Errorf("read what was kept apart from the answers of round %s: %w", round.Wave.ID, err)
	}
	apart := &ReportApart{Under: round.Rules.AttributesFrom, Roles: mixes[surveys.AskRole.String()]}
	if tenures, asked := mixes[surveys.AskTenure.String()]; asked {
		apart.Tenures = &tenures
	}
	return apart, nil
}

// theme works out one factor, and returns it also with the digits that sentence and headline are made of.
func (m *measured) theme(r *Report, scale surveys.QuestionScale, at int) (ReportTheme, Theme) {
	t := ReportTheme{ID: scale.ID(), Title: scale.Definition().Title, Trend: m.trend(r, scale.ID()), Agreement: m.agreement(r, scale.ID()), Within: m.within(at, r.alone(string(r.Round), scale.ID()))}
	exact := Theme{Theme: t.Title}
	if change := r.change(scale.ID(), r.Before); change != nil {
		t.Average, _ = m.group(*change, change.All)
	}
	change := r.change(scale.ID(), r.First)
	if change == nil {
		return t, exact
	}
	var programme, others movement
	t.Programme, programme = m.group(*change, change.Programme)
	t.Others, others = m.group(*change, change.Others)
	if change.Hidden == 0 {
		exact.DifferenceOfChanges = between(programme.change, others.change)
		exact.StartDifference = between(programme.start, others.start)
		t.Sentence = Sentence(known(programme.change.mean), known(others.change.mean), exact.DifferenceOfChanges, r.Margin)
		t.From = From(exact.StartDifference)
		exact.Programme.Change = known(programme.change.mean)
		exact.Sentence = t.Sentence + ", " + t.From
		t.Difference, t.StartDifference = shownDifference(exact.DifferenceOfChanges), shownDifference(exact.StartDifference)
		if one := change.Programme.Sites() == 1 || change.Others.Sites() == 1; one {
			rounded := change.Difference
			t.Difference, t.StartDifference = ReportDifference{Estimate: &rounded}, ReportDifference{}
		}
	}
	m.otherwise(r, &t, *change)
	return t, exact
}

// change returns how a factor moved from a round to the report's, nil where the rounds do not share it.
func (r *Report) change(factor string, from surveys.WaveID) *disclosure.Change {
	for i := range r.Shown.Changes {
		c := &r.Shown.Changes[i]
		if c.Factor == factor && c.From == string(from) && c.To == string(r.Round) {
			return c
		}
	}
	return nil
}

// estimate is the mean over practices with the variance of one practice, from whole units: see [disclosure.Spread].
type estimate struct {
	mean, variance float64
	practices, df  int
}

// movement are the start and the change of a group.
type movement struct{ start, change estimate }

// group returns a group as it may be shown, and exactly.
func (m *measured) group(c disclosure.Change, moved disclosure.Moved) (ReportGroup, movement) {
	if moved.Hidden != 0 {
		return ReportGroup{}, movement{}
	}
	from, to := m.roundAt(c.From), m.roundAt(c.To)
	starts, changes := m.unitMeans(from, to, c.Factor, moved.Units)
	sizes := make([]int, len(moved.Units))
	for i, unit := range moved.Units {
		sizes[i] = len(unit)
	}
	exact := movement{estimateOf(starts, sizes), estimateOf(changes, sizes)}
	group := ReportGroup{Practices: moved.Sites(), Start: &moved.Start, Change: &moved.Change}
	if own := byT(exact.change.mean, exact.change.variance/float64(exact.change.practices), float64(exact.change.df), dustOf(top)); moved.Sites() > 1 {
		group.Low, group.High = shown(own.Low), shown(own.High)
	}
	return group, exact
}

// unitMeans returns the exact means of units: where they started, and how they changed.
func (m *measured) unitMeans(from, to int, factor string, units [][]string) (starts, changes []float64) {
	for _, unit := range units {
		start, change := 0.0, 0.0
		for _, site := range unit {
			first := m.mean(from, site, factor)
			start, change = start+first, change+m.mean(to, site, factor)-first
		}
		k := float64(len(unit))
		starts, changes = append(starts, start/k), append(changes, change/k)
	}
	return starts, changes
}

func (m *measured) roundAt(id string) int {
	return slices.IndexFunc(m.survey.Rounds, func(r disclosure.Round) bool { return r.ID == id })
}

func estimateOf(means []float64, sizes []int) (e estimate) {
	e.mean, e.variance, e.df = disclosure.Spread(means, sizes)
	for _, k := range sizes {
		e.practices += k
	}
	return e
}

// between compares two groups as [Data.Compare] does: by Welch's t, and with one variance for both where the first has two
// practices. It is only the estimate where a group is one unit.
func between(a, b estimate) Difference {
	apart := a.mean - b.mean
	if a.df < 1 || b.df < 1 {
		return only(apart)
	}
	ka, kb, dfa, dfb := float64(a.practices), float64(b.practices), float64(a.df), float64(b.df)
	if a.practices == 2 {
		variance := (dfa*a.variance + dfb*b.variance) / (dfa + dfb)
		return byT(apart, variance*(1/ka+1/kb), dfa+dfb, dustOf(top))
	}
	va, vb := a.variance/ka, b.variance/kb
	return byT(apart, va+vb, satterthwaite(va, dfa, vb, dfb), dustOf(top))
}

// shown rounds a figure to the two decimals of what is of the programme.
func shown(f scoring.Figure) *float64 {
	if !f.Known {
		return nil
	}
	rounded := decimal.Rounded(f.Value, 2)
	return &rounded
}

func shownDifference(d Difference) ReportDifference {
	return ReportDifference{Estimate: shown(d.Estimate), Low: shown(d.Low), High: shown(d.High)}
}

// trend returns the two groups in every round that has the factor.
func (m *measured) trend(r *Report, factor string) []ReportPoint {
	var points []ReportPoint
	for _, round := range r.Shown.Rounds {
		for _, f := range round.Factors {
			if f.Code == factor {
				points = append(points, ReportPoint{Round: surveys.WaveID(round.ID), Programme: figure(f.Programme), Others: figure(f.Others)})
			}
		}
	}
	return points
}

func figure(f disclosure.Figure) *float64 {
	if f.Hidden != 0 {
		return nil
	}
	return &f.Mean
}

// otherwise adds the difference as it is seen in other ways. The adjustment for the start is made of the units' means; what
// needs the respondents is of the practices that stand alone in both rounds.
func (m *measured) otherwise(r *Report, t *ReportTheme, c disclosure.Change) {
	if c.Hidden != 0 || c.Programme.Sites() == 1 || c.Others.Sites() == 1 {
		return
	}
	from, to := m.roundAt(c.From), m.roundAt(c.To)
	starts1, changes1 := m.unitMeans(from, to, c.Factor, c.Programme.Units)
	starts2, changes2 := m.unitMeans(from, to, c.Factor, c.Others.Units)
	t.AdjustedForStart = shownDifference(adjusted(starts1, changes1, starts2, changes2, dustOf(top)))
	alone := both(r.alone(c.From, c.Factor), r.alone(c.To, c.Factor))
	data := new(Data)
	m.score(data, from, 1, c.Factor, alone)
	m.score(data, to, 2, c.Factor, alone)
	programme, others := data.Practices()
	if programme < 2 || others < 2 {
		return // one practice has no standard error to show
	}
	results, err := data.Compare(Options{})
	if err != nil || len(results.Themes) != 1 {
		return // a round without scores has no difference
	}
	t.Alone = programme + others
	t.RespondentsWeighted = shownDifference(results.Themes[0].RespondentsWeighted)
	if census := results.Themes[0].Census; census != nil {
		t.Census = shownDifference(*census)
	}
}

// alone returns the practices that stand alone in a factor of a round.
func (r *Report) alone(round, factor string) map[string]bool {
	alone := make(map[string]bool)
	for _, shown := range r.Shown.Rounds {
		for _, f := range shown.Factors {
			if shown.ID == round && f.Code == factor {
				for _, site := range f.Alone() {
					alone[site] = true
				}
			}
		}
	}
	return alone
}

func both(a, b map[string]bool) map[string]bool {
	in := make(map[string]bool)
	for site := range a {
		in[site] = b[site]
	}
	return in
}

// score adds the scores of some practices' respondents on a factor to data.
func (m *measured) score(data *Data, round, as int, factor string, of map[string]bool) {
	at := slices.IndexFunc(factors(m.rounds[round].Questionnaire), func(s surveys.QuestionScale) bool { return s.ID() == factor })
	if at < 0 {
		return
	}
	staff, programme := make(map[string]int), make(map[string]bool)
	for _, site := range m.survey.Rounds[round].Sites {
		staff[site.Site] = site.Headcount
	}
	for _, site := range m.survey.Sites {
		programme[site.ID] = site.Group == disclosure.Programme
	}
	for _, person := range m.people[round] {
		site, f := string(person.site), person.factors[at]
		if of[site] && f.score.Valid {
			// It cannot fail: a practice is of one group and has one headcount in a round.
			_ = data.Add(Score{Practice: site, Programme: programme[site], Round: as, Staff: staff[site], Theme: factor, Value: f.score.Value, Items: f.terms})
		}
	}
}

// agreement returns whether averaging within practices is right in the report's round, of the practices that stand alone.
func (m *measured) agreement(r *Report, factor string) ReportAgreement {
	data := new(Data)
	m.score(data, len(m.rounds)-1, 1, factor, r.alone(string(r.Round), factor))
	results, err := data.Compare(Options{Scales: map[string]Scale{factor: {Options: options, Top: top}}})
	if err != nil || len(results.Themes) != 1 || len(results.Themes[0].Rounds) != 1 || results.Themes[0].Rounds[0].Agreement.Practices < 2 {
		return ReportAgreement{}
	}
	a := results.Themes[0].Rounds[0].Agreement
	return ReportAgreement{Practices: a.Practices, ICC1: shown(a.ICC1), ICC1Low: shown(a.ICC1Low), ICC1High: shown(a.ICC1High), ICC2: shown(a.ICC2),
		MedianAgree: shown(a.MedianAgree), ShareAgreed: shown(a.ShareAgreed), Alpha: shown(a.Alpha), AtTop: shown(a.AtTop)}
}

// withinFrom is over how many practices the spread within practices is told: of one it would be that practice's own.
const withinFrom = 3

// within returns the standard deviation of staff about their practice's mean in the last round, over the practices that
// stand alone: √(Σ(n−1)s² / Σ(n−1)).
func (m *measured) within(factor int, alone map[string]bool) *float64 {
	samples := make(map[surveys.SiteID]*scoring.Sample)
	for _, person := range m.people[len(m.people)-1] {
		if f := person.factors[factor]; f.score.Valid && alone[string(person.site)] {
			if samples[person.site] == nil {
				samples[person.site] = new(scoring.Sample)
			}
			samples[person.site].Add(f.score.Value)
		}
	}
	squares, df := 0.0, 0.0
	for _, site := range m.survey.Sites { // in one order, so that the same answers give the same digits
		s := samples[surveys.SiteID(site.ID)]
		if s == nil {
			continue
		}
		if v := s.Variance(); v.Known {
			squares, df = squares+v.Value*float64(s.N()-1), df+float64(s.N()-1)
		}
	}
	if len(samples) < withinFrom || df < 1 {
		return nil
	}
	return shown(known(math.Sqrt(squares / df)))
}
