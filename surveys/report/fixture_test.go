package report

import (
	"fmt"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/monitor"
)

var asAt = time.Date(2026, 1, 5, 9, 30, 0, 0, time.UTC)

// longName is 60 characters, with an emoji that the fonts lack.
const longName = "Drs Ní Dhomhnaill, Šimůnek & Partners, Upper Riverside 🏥 Nor"

// modelMonitor returns the monitor of a study with the model study's published counts at nine months, a second wave that
// has only begun, and a practice with a long name.
func modelMonitor() *monitor.Monitor {
	s := &surveys.Study{
		ID: "links", Title: "Links practitioners in general practice: a demonstration", Zone: time.UTC, Demo: true,
		Arms: []surveys.Arm{{ID: "intervention", Title: "Intervention"}, {ID: "comparison", Title: "Comparison"}},
		Waves: []surveys.Wave{
			{ID: "m9", Title: "Nine months", Audience: surveys.Patients, DueAfter: 274},
			{ID: "m18", Title: "Eighteen months", Audience: surveys.Patients, DueAfter: 548},
		},
		Targets: []surveys.Target{{ID: "primary", Title: "Health-related quality of life", Wave: "m9", Delta: 0.3, SD: 1, Alpha: 0.05, Power: 0.8,
			ICC: 0.01, Correlation: 0.5, Arms: []surveys.TargetArm{{Arm: "intervention", N: 286}, {Arm: "comparison", N: 484}}}},
	}
	var counts []monitor.Count
	arm := func(id surveys.ArmID, sites, enrolled, complete int) {
		for i := range sites {
			site := surveys.Site{ID: surveys.SiteID(fmt.Sprintf("%s-%d", id, i+1)), Title: fmt.Sprintf("Practice %d of %s", i+1, id), Arm: id}
			if len(s.Sites) == 2 {
				site.Title = longName
			}
			s.Sites = append(s.Sites, site)
			share := func(n int) int { return n*(i+1)/sites - n*i/sites }
			rest := share(enrolled) - share(complete)
			add := func(d surveys.Disposition, reason string, n int) {
				counts = append(counts, monitor.Count{Wave: "m9", Site: site.ID, Arm: id, Disposition: d, Reason: reason, WindowClosed: true, N: n})
			}
			add(surveys.Complete, "", share(complete))
			add(surveys.OtherEligible, "died", rest/6)
			add(surveys.Refusal, "declined", rest/4)
			add(surveys.BreakOff, "", rest/4)
			add(surveys.NonContact, "no-reply", rest-rest/6-2*(rest/4))
			counts = append(counts,
				monitor.Count{Wave: "m18", Site: site.ID, Arm: id, Disposition: surveys.Pending, N: 3},
				monitor.Count{Wave: "m18", Site: site.ID, Arm: id, Disposition: surveys.NotYetDue, N: share(complete) - 3})
		}
	}
	arm("intervention", 7, 288, 214)
	arm("comparison", 8, 612, 561)
	return monitor.Build(s, counts, modelCurve(), asAt)
}

// modelCurve spreads 775 completes over 44 weeks, slowly at first and at the end.
func modelCurve() []monitor.CurvePoint {
	var points []monitor.CurvePoint
	done := 0
	for week := 1; week <= 44; week++ {
		x := float64(week) / 44
		total := int(775 * x * x * (3 - 2*x))
		if week == 44 {
			total = 775
		}
		points = append(points, monitor.CurvePoint{Wave: "m9", Day: time.Date(2025, 2, 24+7*week, 15, 0, 0, 0, time.UTC), N: total - done})
		done = total
	}
	return points
}

// smallMonitor returns a study of one site and one arm with three people.
func smallMonitor() *monitor.Monitor {
	s := &surveys.Study{ID: "small", Title: "One practice", Arms: []surveys.Arm{{ID: "all", Title: "Everybody"}},
		Sites: []surveys.Site{{ID: "one", Title: "The only practice", Arm: "all"}}, Waves: []surveys.Wave{{ID: "w", Title: "Baseline", Audience: surveys.Patients}},
		Targets: []surveys.Target{{ID: "t", Title: "Wellbeing", Wave: "w", Delta: 3, SD: 9, Alpha: 0.05, Power: 0.9, Arms: []surveys.TargetArm{{Arm: "all", N: 40}}}}}
	counts := []monitor.Count{
		{Wave: "w", Site: "one", Arm: "all", Disposition: surveys.Complete, WindowClosed: true, N: 2},
		{Wave: "w", Site: "one", Arm: "all", Disposition: surveys.Pending, N: 1},
	}
	return monitor.Build(s, counts, []monitor.CurvePoint{{Wave: "w", Day: asAt.AddDate(0, 0, -3), N: 2}}, asAt)
}
