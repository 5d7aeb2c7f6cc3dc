package climate

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// Report is everything that is shown of a round once it is reported. It is worked out once and kept as JSON; the pages and
// papers of practices and programme are all drawn from it, so that nothing is shown anywhere that is not in it.
type Report struct {
	Round surveys.WaveID `json:"round"`
	// First is the round that Round is compared with in the programme's report: the first; empty where there is none.
	First surveys.WaveID `json:"first,omitempty"`
	// Before is the round held last before, for the practices' own reports.
	Before   surveys.WaveID   `json:"before,omitempty"`
	Against  string           `json:"against"` // what the programme is compared with
	Margin   *float64         `json:"margin,omitempty"`
	Shown    disclosure.Shown `json:"shown"` // of all rounds so far
	Themes   []ReportTheme    `json:"themes"`
	Headline string           `json:"headline,omitempty"`
}

// ReportTheme is one factor in the report.
type ReportTheme struct {
	ID    string `json:"theme"`
	Title string `json:"title"`
	// Programme and Others are the two groups from First to Round, and Average is that of all practices from Before to Round.
	Programme ReportGroup `json:"programme"`
	Others    ReportGroup `json:"others"`
	Average   ReportGroup `json:"average"`
	// StartDifference and Difference are the programme's start and change minus the others'.
	StartDifference ReportDifference `json:"start_difference"`
	Difference      ReportDifference `json:"difference_of_changes"`
	Sentence        string           `json:"sentence,omitempty"`
	From            string           `json:"from,omitempty"`
	// RespondentsWeighted, Census and AdjustedForStart are the difference seen otherwise. In them a pool counts as one practice.
	RespondentsWeighted ReportDifference `json:"respondents_weighted"`
	Census              ReportDifference `json:"census"`
	AdjustedForStart    ReportDifference `json:"adjusted_for_start"`
	Agreement           ReportAgreement  `json:"agreement"`
	Trend               []ReportPoint    `json:"trend"`
	// Within is the standard deviation of staff of one practice about its mean, over all practices: how far chance alone
	// movement a practice's mean is worked out from it.
	Within *float64 `json:"within,omitempty"`
}

// ReportGroup is a group of practices from one round to another, practices weighing alike. What is not shown is nil.
type ReportGroup struct {
	Practices int      `json:"practices"`
	Start     *float64 `json:"start,omitempty"`
	Change    *float64 `json:"change,omitempty"`
	Low       *float64 `json:"low,omitempty"`
	High      *float64 `json:"high,omitempty"`
}

// ReportDifference is a difference with its 95 % interval.
type ReportDifference struct {
	Estimate *float64 `json:"estimate,omitempty"`
	Low      *float64 `json:"low,omitempty"`
	High     *float64 `json:"high,omitempty"`
}

// ReportAgreement says whether it is right to average within practices; see [Agreement].
type ReportAgreement struct {
	ICC1        *float64 `json:"icc1,omitempty"`
	ICC1Low     *float64 `json:"icc1_low,omitempty"`
	ICC1High    *float64 `json:"icc1_high,omitempty"`
	ICC2        *float64 `json:"icc2,omitempty"`
	MedianAgree *float64 `json:"median_rwg,omitempty"`
	ShareAgreed *float64 `json:"share_rwg_70,omitempty"`
	Alpha       *float64 `json:"alpha,omitempty"`
	AtTop       *float64 `json:"at_top,omitempty"`
}

// ReportPoint is the trend in one round.
type ReportPoint struct {
	Round     surveys.WaveID `json:"round"`
	Programme *float64       `json:"programme,omitempty"`
	Others    *float64       `json:"others,omitempty"`
}

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
	return r, nil
}

// ReadReport reads a report that was kept.
func ReadReport(text string) (*Report, error) {
	r := new(Report)
	if err := json.Unmarshal([]byte(text), r); err != nil {
		return nil, fmt.Errorf("read a report: %w", err)
	}
	return r, nil
}

// Text returns the report as it is kept.
func (r *Report) Text() (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}

// theme works out one factor, and returns it also with the digits that sentence and headline are made of.
func (m *measured) theme(r *Report, scale surveys.QuestionScale, at int) (ReportTheme, Theme) {
	t := ReportTheme{ID: scale.ID(), Title: scale.Definition().Title, Trend: m.trend(r, scale.ID()), Within: m.within(at)}
	exact := Theme{Theme: t.Title}
	if change := r.change(scale.ID(), r.Before); change != nil {
		t.Average, _ = m.group(*change, change.All)
	}
	change := r.change(scale.ID(), r.First)
	if change == nil {
		t.Agreement = m.agreement(r, scale, at, nil)
		return t, exact
	}
	var programme, others movement
	t.Programme, programme = m.group(*change, change.Programme)
	t.Others, others = m.group(*change, change.Others)
	if change.Hidden == 0 {
		exact.Programme.Change = known(programme.change.mean)
		exact.DifferenceOfChanges = between(programme.change, others.change)
		exact.StartDifference = between(programme.start, others.start)
		exact.Sentence = Sentence(known(programme.change.mean), known(others.change.mean), exact.DifferenceOfChanges, r.Margin)
		t.Difference, t.StartDifference = shownDifference(exact.DifferenceOfChanges), shownDifference(exact.StartDifference)
		if one := change.Programme.Sites() == 1 || change.Others.Sites() == 1; one {
			rounded := change.Difference
			t.Difference, t.StartDifference = ReportDifference{Estimate: &rounded}, ReportDifference{}
		}
		t.Sentence, t.From = exact.Sentence, From(exact.StartDifference)
	}
	m.otherwise(r, &t, *change, at)
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
	var starts, changes []float64
	var sizes []int
	for _, unit := range moved.Units {
		start, change := 0.0, 0.0
		for _, site := range unit {
			first := m.mean(from, site, c.Factor)
			start, change = start+first, change+m.mean(to, site, c.Factor)-first
		}
		k := float64(len(unit))
		starts, changes, sizes = append(starts, start/k), append(changes, change/k), append(sizes, len(unit))
	}
	exact := movement{estimateOf(starts, sizes), estimateOf(changes, sizes)}
	group := ReportGroup{Practices: moved.Sites(), Start: &moved.Start, Change: &moved.Change}
	if own := byT(exact.change.mean, exact.change.variance/float64(exact.change.practices), float64(exact.change.df), dustOf(top)); moved.Sites() > 1 {
		group.Low, group.High = shown(own.Low), shown(own.High)
	}
	return group, exact
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
	rounded := math.Round(f.Value*100) / 100
	if rounded == 0 {
		rounded = 0 // and not −0
	}
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

// otherwise adds the difference as it is seen in other ways, and the agreement, from respondents of whole units: a pool
// counts as one practice, so that no more enters than is shown of it.
func (m *measured) otherwise(r *Report, t *ReportTheme, c disclosure.Change, at int) {
	units := make(map[string]string) // by site, the name of its unit
	for _, moved := range []disclosure.Moved{c.Programme, c.Others} {
		for _, unit := range moved.Units {
			for _, site := range unit {
				units[site] = strings.Join(unit, " ")
			}
		}
	}
	t.Agreement = m.agreement(r, m.scale(t.ID), at, units)
	alone := c.Hidden != 0 || c.Programme.Sites() == 1 || c.Others.Sites() == 1
	if alone {
		return
	}
	first, last := m.roundAt(c.From), m.roundAt(c.To)
	data := new(Data)
	for i, round := range []int{first, last} {
		m.score(data, round, i+1, t.ID, units)
	}
	results, err := data.Compare(Options{})
	if err != nil || len(results.Themes) != 1 {
		return // a round without scores has no difference
	}
	seen := results.Themes[0]
	t.RespondentsWeighted, t.AdjustedForStart = shownDifference(seen.RespondentsWeighted), shownDifference(seen.AdjustedForStart)
	if seen.Census != nil {
		census := *seen.Census
		move := exactEstimate(t.Difference, seen.DifferenceOfChanges) // practices weigh alike, also those of a pool
		census.Estimate, census.Low, census.High = shift(census.Estimate, move), shift(census.Low, move), shift(census.High, move)
		t.Census = shownDifference(census)
	}
}

// exactEstimate returns by how much the shown difference is more than one in which a pool counts once.
func exactEstimate(shown ReportDifference, d Difference) float64 {
	if shown.Estimate == nil {
		return 0
	}
	return *shown.Estimate - d.Estimate.Value
}

func shift(f scoring.Figure, by float64) scoring.Figure {
	f.Value += by
	return f
}

// scale returns a factor of the last round.
func (m *measured) scale(id string) surveys.QuestionScale {
	for _, scale := range factors(m.rounds[len(m.rounds)-1].Questionnaire) {
		if scale.ID() == id {
			return scale
		}
	}
	return surveys.QuestionScale{}
}

// score adds the scores of a round's respondents on a factor to data, each to the unit of their practice; respondents of no
// unit are left out.
func (m *measured) score(data *Data, round, as int, factor string, units map[string]string) {
	scales := factors(m.rounds[round].Questionnaire)
	at := slices.IndexFunc(scales, func(s surveys.QuestionScale) bool { return s.ID() == factor })
	if at < 0 {
		return
	}
	staff := make(map[string]int)
	for _, site := range m.survey.Rounds[round].Sites {
		if unit := units[site.Site]; unit != "" {
			staff[unit] += site.Headcount
		}
	}
	programme := make(map[string]bool)
	for _, site := range m.survey.Sites {
		programme[site.ID] = site.Group == disclosure.Programme
	}
	for _, person := range m.people[round] {
		unit, f := units[string(person.site)], person.factors[at]
		if unit == "" || !f.score.Valid {
			continue
		}
		// It cannot fail: a unit is of one group and has one headcount in a round.
		_ = data.Add(Score{Practice: unit, Programme: programme[string(person.site)], Round: as, Staff: staff[unit], Theme: factor,
			Value: f.score.Value, Items: f.terms})
	}
}

// agreement returns whether averaging within practices is right in the report's round. units are those of the change; nil
// takes the units of the round.
func (m *measured) agreement(r *Report, scale surveys.QuestionScale, at int, units map[string]string) ReportAgreement {
	if units == nil {
		units = make(map[string]string)
		for _, f := range r.Shown.Rounds[len(r.Shown.Rounds)-1].Factors {
			if f.Code != scale.ID() {
				continue
			}
			for _, unit := range f.All.Units {
				for _, site := range unit {
					units[site] = strings.Join(unit, " ")
				}
			}
		}
	}
	if distinct(units) < 2 { // it would be a figure of one practice, or of one pool
		return ReportAgreement{}
	}
	data := new(Data)
	m.score(data, len(m.rounds)-1, 1, scale.ID(), units)
	results, err := data.Compare(Options{Scales: map[string]Scale{scale.ID(): {Options: options, Top: top}}})
	if err != nil || len(results.Themes) != 1 || len(results.Themes[0].Rounds) != 1 {
		return ReportAgreement{}
	}
	a := results.Themes[0].Rounds[0].Agreement
	return ReportAgreement{ICC1: shown(a.ICC1), ICC1Low: shown(a.ICC1Low), ICC1High: shown(a.ICC1High), ICC2: shown(a.ICC2),
		MedianAgree: shown(a.MedianAgree), ShareAgreed: shown(a.ShareAgreed), Alpha: shown(a.Alpha), AtTop: shown(a.AtTop)}
}

// distinct counts the units of sites.
func distinct(units map[string]string) int {
	names := make(map[string]bool, len(units))
	for _, unit := range units {
		names[unit] = true
	}
	return len(names)
}

// within returns the standard deviation of staff about their practice's mean in the last round, over all practices:
// √(Σ(n−1)s² / Σ(n−1)).
func (m *measured) within(factor int) *float64 {
	samples := make(map[surveys.SiteID]*scoring.Sample)
	for _, person := range m.people[len(m.people)-1] {
		if f := person.factors[factor]; f.score.Valid {
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
	if df < 1 {
		return nil
	}
	return shown(known(math.Sqrt(squares / df)))
}
