package monitor

import (
	"cmp"
	"maps"
	"slices"

	"wellwave/scoring"
	"wellwave/surveys"
)

// RateGroup says whom a row of rates is about. An empty field stands for all: the zero value is everybody.
type RateGroup struct{ Arm, Site, Wave string }

// RateCounts counts the dispositions of a list of people, who need not be those of a study in the database.
type RateCounts struct {
	tallies map[RateGroup]*Tally // of one arm, site and wave
	arms    order
	sites   order
	waves   order
}

// order holds words in the order in which they first came.
type order struct {
	words []string
	at    map[string]int
}

func (o *order) add(word string) {
	if _, ok := o.at[word]; ok {
		return
	}
	if o.at == nil {
		o.at = make(map[string]int)
	}
	o.at[word] = len(o.words)
	o.words = append(o.words, word)
}

// Add counts one person's disposition at one wave. None of the group's fields is empty.
func (c *RateCounts) Add(g RateGroup, d surveys.Disposition) {
	tally := c.tallies[g]
	if tally == nil {
		if c.tallies == nil {
			c.tallies = make(map[RateGroup]*Tally)
		}
		tally = new(Tally)
		c.tallies[g] = tally
		c.arms.add(g.Arm)
		c.sites.add(g.Site)
		c.waves.add(g.Wave)
	}
	tally.Add(d, "", 1)
}

// RateReport holds the outcome rates of a list of people, in the order in which arms, sites and waves first came. A row
// over several waves counts a person once for each.
type RateReport struct {
	Overall RateRow
	Arms    []RateRow
	Waves   []RateRow
	// ArmWaves holds each arm at each wave, Sites each site of an arm at all waves, and Groups each at one.
	ArmWaves []RateRow
	Sites    []RateRow
	Groups   []RateRow
	// Differences compares all arms with each other at all waves together, WaveDifferences at each.
	Differences     []RateDifference
	WaveDifferences []RateDifference
}

// RateRow holds the rates of one group of people, counted in both editions.
type RateRow struct {
	Group RateGroup
	// Pending and NotYetDue can still answer.
	Pending   int
	NotYetDue int
	// Closed leaves out whoever can still answer, and is the headline. DueSoFar leaves out only those who are not yet due,
	// and takes those who are pending for people who were not contacted.
	Closed   RateEdition
	DueSoFar RateEdition
}

// RateEdition is one way of counting a group.
type RateEdition struct {
	Tally     Tally
	E         scoring.Figure // unknown where nobody's eligibility is known
	Rates     []RateInterval
	Retention Share // complete and partial, of everybody enrolled
}

// RateInterval is a rate with its 95 % Wilson interval, read in the same two ways as that of a [Share]. Where e of those
// of unknown eligibility stand below the line, their number is not whole and e is taken as certain.
type RateInterval struct {
	Rate
	Independent scoring.Interval
	EffectiveOf float64
	Effective   scoring.Interval
}

// RateDifference is the retention of arm A minus that of arm B.
type RateDifference struct {
	A, B, Wave       string // Wave is empty for all together
	Closed, DueSoFar Gap
}

// Report works the rates out, with icc as the intracluster correlation of responding.
func (c *RateCounts) Report(icc float64) *RateReport {
	groups := c.groups()
	r := &RateReport{
		Overall:  c.row(RateGroup{}, groups, icc),
		Arms:     c.rows(groups, func(g RateGroup) RateGroup { return RateGroup{Arm: g.Arm} }, icc),
		Waves:    c.rows(groups, func(g RateGroup) RateGroup { return RateGroup{Wave: g.Wave} }, icc),
		ArmWaves: c.rows(groups, func(g RateGroup) RateGroup { return RateGroup{Arm: g.Arm, Wave: g.Wave} }, icc),
		Sites:    c.rows(groups, func(g RateGroup) RateGroup { return RateGroup{Arm: g.Arm, Site: g.Site} }, icc),
		Groups:   c.rows(groups, func(g RateGroup) RateGroup { return g }, icc),
	}
	r.Differences = differences(r.Arms)
	for _, wave := range c.waves.words {
		others := func(row RateRow) bool { return row.Group.Wave != wave }
		r.WaveDifferences = append(r.WaveDifferences, differences(slices.DeleteFunc(slices.Clone(r.ArmWaves), others))...)
	}
	return r
}

// rows makes a row of all the groups that of maps to the same one.
func (c *RateCounts) rows(groups []RateGroup, of func(RateGroup) RateGroup, icc float64) []RateRow {
	members := make(map[RateGroup][]RateGroup)
	for _, g := range groups {
		members[of(g)] = append(members[of(g)], g)
	}
	merged := slices.Collect(maps.Keys(members))
	slices.SortFunc(merged, c.compare)
	rows := make([]RateRow, 0, len(merged))
	for _, g := range merged {
		rows = append(rows, c.row(g, members[g], icc))
	}
	return rows
}

// groups returns the groups of one arm, site and wave that have somebody, in order.
func (c *RateCounts) groups() []RateGroup {
	return slices.SortedFunc(maps.Keys(c.tallies), c.compare)
}

// compare puts groups in the order in which their arms, sites and waves first came.
func (c *RateCounts) compare(a, b RateGroup) int {
	return cmp.Or(cmp.Compare(c.arms.at[a.Arm], c.arms.at[b.Arm]), cmp.Compare(c.sites.at[a.Site], c.sites.at[b.Site]),
		cmp.Compare(c.waves.at[a.Wave], c.waves.at[b.Wave]))
}

// differences compares the retention of every pair of rows.
func differences(arms []RateRow) []RateDifference {
	var all []RateDifference
	for i, a := range arms {
		for _, b := range arms[i+1:] {
			all = append(all, RateDifference{A: a.Group.Arm, B: b.Group.Arm, Wave: a.Group.Wave,
				Closed:   a.Closed.Retention.minus(b.Closed.Retention),
				DueSoFar: a.DueSoFar.Retention.minus(b.DueSoFar.Retention)})
		}
	}
	return all
}

// row works out the rates of some groups together.
func (c *RateCounts) row(of RateGroup, members []RateGroup, icc float64) RateRow {
	row := RateRow{Group: of}
	var sites order
	var closed, due []Tally // by site
	for _, g := range members {
		sites.add(g.Site)
		if len(closed) < len(sites.words) {
			closed, due = append(closed, Tally{}), append(due, Tally{})
		}
		site, tally := sites.at[g.Site], c.tallies[g]
		row.Pending += tally.Count(surveys.Pending)
		row.NotYetDue += tally.Count(surveys.NotYetDue)
		for _, d := range surveys.Dispositions() {
			if d != surveys.NotYetDue {
				due[site].Add(d, "", tally.Count(d))
			}
			if d.Final() {
				closed[site].Add(d, "", tally.Count(d))
			}
		}
	}
	row.Closed, row.DueSoFar = newRateEdition(closed, icc), newRateEdition(due, icc)
	return row
}

// newRateEdition works out the rates of the people of some sites. The design effect of each rate is that of the sites'
// numbers below its line.
func newRateEdition(sites []Tally, icc float64) RateEdition {
	var e RateEdition
	for _, tally := range sites {
		for _, d := range surveys.Dispositions() {
			e.Tally.Add(d, "", tally.Count(d))
		}
	}
	rates := e.Tally.Rates()
	if e.Tally.eligible()+e.Tally.Count(surveys.Ineligible) > 0 {
		e.E = scoring.Figure{Value: rates.E, Known: true}
	}
	expected, below := make([]float64, len(sites)), make([][]float64, len(rates.List))
	for at, tally := range sites {
		expected[at] = float64(tally.Expected())
		for i, rate := range tally.ratesWith(rates.E).List {
			below[i] = append(below[i], rate.Below)
		}
	}
	for i, rate := range rates.List {
		n := rate.Below / designEffect(below[i], icc)
		e.Rates = append(e.Rates, RateInterval{Rate: rate, EffectiveOf: n,
			Independent: scoring.Wilson(rate.Above, rate.Below), Effective: scoring.Wilson(rate.Value*n, n)})
	}
	e.Retention = newShare(e.Tally.Retained(), e.Tally.Expected(), expected, icc)
	return e
}

// IndependentText returns the interval with people taken as independent, such as 69.0 to 79.0%.
func (r RateInterval) IndependentText() string { return r.text(r.Independent) }

// EffectiveText returns the interval with the effective number of people.
func (r RateInterval) EffectiveText() string { return r.text(r.Effective) }

func (r RateInterval) text(i scoring.Interval) string {
	if !r.Known {
		return nothing
	}
	return formatInterval(i, "%")
}
