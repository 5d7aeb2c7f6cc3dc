package monitor

import (
	"wellwave/scoring/power"
	"wellwave/surveys"
)

// siteCount is what one site of one arm gives towards a target.
type siteCount struct {
	site           surveys.SiteID
	arm            surveys.ArmID
	complete, open int
}

// progressOf returns where a target stands in study s, with the given counts at its wave.
func progressOf(t surveys.Target, s *surveys.Study, sites []siteCount) TargetProgress {
	p := TargetProgress{Target: t, Outcome: TargetUnknown}
	now, best, planned := designOf(t), designOf(t), designOf(t)
	for i, wanted := range t.Arms {
		arm := ArmProgress{Arm: wanted.Arm, Title: s.ArmTitle(wanted.Arm), Wanted: wanted.N, SitesPlanned: plannedSites(s, wanted)}
		var complete, possible []int
		for _, c := range sites {
			if c.arm != wanted.Arm {
				continue
			}
			arm.Complete += c.complete
			arm.Open += c.open
			if c.complete > 0 {
				complete = append(complete, c.complete)
			}
			if c.complete+c.open > 0 {
				possible = append(possible, c.complete+c.open)
			}
		}
		observed := power.ArmOf(complete)
		arm.Sites, arm.CV = int(observed.K), observed.CV
		if observed.K > 0 {
			arm.DesignEffect = observed.DesignEffect(t.ICC)
		}
		p.Arms = append(p.Arms, arm)
		if i < len(now.Arms) {
			now.Arms[i], best.Arms[i] = observed, power.ArmOf(possible)
			planned.Arms[i] = power.ClusterArm{N: float64(wanted.N), K: float64(arm.SitesPlanned), CV: wanted.CV}
		}
	}
	if len(t.Arms) == len(now.Arms) {
		p.judge(now, best, planned)
	}
	return p
}

// designOf returns the target's design without its arms.
func designOf(t surveys.Target) power.ClusterMeans {
	return power.ClusterMeans{SD: t.SD, ICC: t.ICC, Correlation: t.Correlation, Alpha: t.Alpha}
}

// judge works out the powers and from them the outcome. A design that the formulas refuse, such as one with a single
// site in all, leaves the outcome unknown.
func (p *TargetProgress) judge(now, best, planned power.ClusterMeans) {
	wanted := p.Target.Power
	if limit, err := planned.Limit(p.Target.Delta, wanted); err == nil {
		p.Limit = limit
	}
	if reached, err := best.Power(p.Target.Delta); err == nil {
		p.Best = reached
	}
	reached, err := now.Power(p.Target.Delta)
	if err != nil {
		return
	}
	p.Power = reached
	if detectable, err := now.Detectable(wanted); err == nil {
		p.Detectable = detectable
	}
	if enough, err := now.Solve(p.Target.Delta, wanted); err == nil {
		p.Needed = int(power.Recruit(enough.Arms[0].N, 0) + power.Recruit(enough.Arms[1].N, 0))
	}
	switch {
	case p.Power >= wanted:
		p.Outcome = TargetMet
	case p.Limit.Power > 0 && !p.Limit.Reachable:
		p.Outcome = TargetSitesShort
	case p.Best < wanted:
		p.Outcome = TargetPeopleShort
	default:
		p.Outcome = TargetShort
	}
}

// plannedSites returns how many sites an arm of a target has: as planned, or as many as the study file gives it.
func plannedSites(s *surveys.Study, arm surveys.TargetArm) int {
	if arm.Clusters > 0 {
		return arm.Clusters
	}
	n := 0
	for _, site := range s.Sites {
		if site.Arm == arm.Arm {
			n++
		}
	}
	return n
}
