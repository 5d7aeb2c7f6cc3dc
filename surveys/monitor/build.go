package monitor

import (
	"slices"
	"time"

	"wellwave/surveys"
)

// defaultResponseICC stands in where a wave has no target with a planned intracluster correlation.
const defaultResponseICC = 0.01

// Build returns the monitor of a study as it stands at now, from what the store counted. Waves of the anonymous
// staff survey have no enrolments and are left out.
func Build(s *surveys.Study, counts []Count, curve []CurvePoint, now time.Time) *Monitor {
	m := &Monitor{Study: s.ID, Title: s.Title, Demo: s.Demo, At: now.In(zoneOf(s))}
	for _, wave := range s.Waves {
		if wave.Audience != surveys.Staff {
			m.Waves = append(m.Waves, buildWave(s, wave, counts, curve))
		}
	}
	return m
}

func zoneOf(s *surveys.Study) *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}

func buildWave(s *surveys.Study, wave surveys.Wave, counts []Count, curve []CurvePoint) *Wave {
	w := &Wave{Wave: wave.ID, Title: wave.Title}
	if w.Title == "" {
		w.Title = string(wave.ID)
	}
	planned, sites := defaultResponseICC, siteCounts(wave.ID, counts)
	if i := slices.IndexFunc(s.Targets, func(t surveys.Target) bool { return t.Wave == wave.ID }); i >= 0 {
		planned = s.Targets[i].ICC
	}
	w.Closed = buildEdition(s, wave.ID, counts, planned, true)
	w.DueSoFar = buildEdition(s, wave.ID, counts, planned, false)
	for _, target := range s.Targets {
		if target.Wave == wave.ID {
			w.Targets = append(w.Targets, progressOf(target, s, sites))
		}
	}
	w.Curve = buildCurve(s, w, curve)
	return w
}

// siteCounts adds up the completes and those who can still answer, per arm and site of a wave.
func siteCounts(wave surveys.WaveID, counts []Count) []siteCount {
	type key struct {
		arm  surveys.ArmID
		site surveys.SiteID
	}
	index := make(map[key]int)
	var sites []siteCount
	for _, c := range counts {
		if c.Wave != wave {
			continue
		}
		k := key{c.Arm, c.Site}
		i, ok := index[k]
		if !ok {
			i = len(sites)
			index[k] = i
			sites = append(sites, siteCount{site: c.Site, arm: c.Arm})
		}
		switch {
		case c.Disposition == surveys.Complete:
			sites[i].complete += c.N
		case !c.Disposition.Final() && !c.WindowClosed:
			sites[i].open += c.N
		}
	}
	return sites
}

// buildEdition counts a wave per arm and site: only closed windows, or everybody.
func buildEdition(s *surveys.Study, wave surveys.WaveID, counts []Count, plannedICC float64, closedOnly bool) Edition {
	var e Edition
	armAt, siteAt := make(map[surveys.ArmID]int), make(map[surveys.SiteID]int)
	addArm := func(id surveys.ArmID) {
		armAt[id] = len(e.Arms)
		e.Arms = append(e.Arms, Row{ID: string(id), Title: s.ArmTitle(id)})
	}
	addSite := func(site surveys.Site) {
		siteAt[site.ID] = len(e.Sites)
		title := site.Title
		if title == "" {
			title = string(site.ID)
		}
		e.Sites = append(e.Sites, Row{ID: string(site.ID), Title: title, Arm: site.Arm, ArmTitle: s.ArmTitle(site.Arm)})
	}
	for _, arm := range s.Arms {
		addArm(arm.ID)
	}
	for _, site := range s.Sites {
		addSite(site)
	}
	for _, c := range counts {
		if c.Wave != wave || closedOnly && !c.WindowClosed {
			continue
		}
		// Somebody enrolled under an arm or site that the study file no longer names still counts.
		if _, ok := armAt[c.Arm]; !ok {
			addArm(c.Arm)
		}
		if _, ok := siteAt[c.Site]; !ok {
			addSite(surveys.Site{ID: c.Site, Arm: c.Arm})
		}
		e.Arms[armAt[c.Arm]].Tally.Add(c.Disposition, c.Reason, c.N)
		e.Sites[siteAt[c.Site]].Tally.Add(c.Disposition, c.Reason, c.N)
		e.All.Tally.Add(c.Disposition, c.Reason, c.N)
	}
	e.All.ID, e.All.Title = "all", "All arms together"
	e.finish(plannedICC)
	return e
}

// finish works out from the tallies the shares, rates and differences.
func (e *Edition) finish(plannedICC float64) {
	shares := make([]siteShare, 0, len(e.Sites))
	sizesOf := make(map[surveys.ArmID][]float64, len(e.Arms)) // how many are expected in each site that has anybody
	var sizes []float64
	for i := range e.Sites {
		row := &e.Sites[i]
		expected := row.Tally.Expected()
		if expected > 0 {
			row.Sites = 1
			sizes = append(sizes, float64(expected))
			sizesOf[row.Arm] = append(sizesOf[row.Arm], float64(expected))
		}
		shares = append(shares, siteShare{row.Arm, row.Tally.Retained(), expected})
	}
	e.ICC.Planned = plannedICC
	e.ICC.Observed, e.ICC.Known = responseICC(shares)
	e.ICC.Used = max(e.ICC.Planned, e.ICC.Observed)
	for i := range e.Sites {
		row := &e.Sites[i]
		row.finish([]float64{float64(row.Tally.Expected())}, e.ICC.Used)
	}
	for i := range e.Arms {
		ofArm := sizesOf[surveys.ArmID(e.Arms[i].ID)]
		e.Arms[i].Sites = len(ofArm)
		e.Arms[i].finish(ofArm, e.ICC.Used)
	}
	e.All.Sites = len(sizes)
	e.All.finish(sizes, e.ICC.Used)
	for i := 1; i < len(e.Arms); i++ {
		first, second := e.Arms[0], e.Arms[i]
		e.Gaps = append(e.Gaps, ArmGap{First: first.Title, Second: second.Title,
			Retention: first.Retention.minus(second.Retention), Response: first.Response.minus(second.Response)})
	}
}

// finish works out a row's shares and rates, its people coming from sites of the given sizes.
func (r *Row) finish(sizes []float64, icc float64) {
	r.Retention = newShare(r.Tally.Retained(), r.Tally.Expected(), sizes, icc)
	r.Response = newShare(r.Tally.Count(surveys.Complete), r.Tally.Expected(), sizes, icc)
	r.Rates = r.Tally.Rates()
}

// buildCurve adds up the completes day by day. Where the days account for fewer completes than the dispositions, because
// some became complete at an unknown time, the curve shows the days it knows.
func buildCurve(s *surveys.Study, w *Wave, points []CurvePoint) Curve {
	c := Curve{Wave: w.Title, Complete: w.DueSoFar.All.Tally.Count(surveys.Complete)}
	days := make(map[time.Time]int)
	for _, p := range points {
		if p.Wave != w.Wave || p.N == 0 {
			continue
		}
		days[surveys.AddDays(p.Day.In(zoneOf(s)), 0)] += p.N
	}
	total := 0
	for day := range days {
		c.Points = append(c.Points, CurveTotal{Day: day})
	}
	slices.SortFunc(c.Points, func(a, b CurveTotal) int { return a.Day.Compare(b.Day) })
	for i := range c.Points {
		total += days[c.Points[i].Day]
		c.Points[i].Complete = total
	}
	wanted := make(map[surveys.ArmID]int)
	if len(w.Targets) > 0 {
		c.Needed = w.Targets[0].Target.Wanted()
		for _, arm := range w.Targets[0].Arms {
			wanted[arm.Arm] = arm.Wanted
		}
	}
	for _, row := range w.DueSoFar.Arms {
		c.Arms = append(c.Arms, ArmCount{Title: row.Title, Complete: row.Tally.Count(surveys.Complete), Needed: wanted[surveys.ArmID(row.ID)]})
	}
	return c
}
