package monitor

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

// modelStudy returns the model study with its published counts at nine months, spread over its practices as evenly as
// whole people allow, and a wave still to come.
func modelStudy() (*surveys.Study, []Count, []CurvePoint) {
	s := &surveys.Study{
		ID: "links", Title: "Links practitioners in general practice", Zone: time.UTC, Demo: true,
		Arms: []surveys.Arm{{ID: "intervention", Title: "Intervention"}, {ID: "comparison", Title: "Comparison"}},
		Waves: []surveys.Wave{{ID: "m9", Title: "Nine months", Audience: surveys.Patients, DueAfter: 274}, {ID: "m18", Title: "Eighteen months", Audience: surveys.Patients},
			{ID: "round-1", Title: "First round", Audience: surveys.Staff}},
		Targets: []surveys.Target{{ID: "primary", Title: "Health-related quality of life", Wave: "m9", Delta: 0.3, SD: 1, Alpha: 0.05, Power: 0.8,
			ICC: 0.01, Correlation: 0.5, Arms: []surveys.TargetArm{{Arm: "intervention", N: 286}, {Arm: "comparison", N: 484}}}},
	}
	var counts []Count
	add := func(arm surveys.ArmID, sites, enrolled, complete, died int) {
		for i := range sites {
			id := surveys.SiteID(fmt.Sprintf("%s-%d", arm, i+1))
			s.Sites = append(s.Sites, surveys.Site{ID: id, Title: fmt.Sprintf("Practice %s %d", arm, i+1), Arm: arm})
			share := func(n int) int { return (n*(i+1))/sites - n*i/sites }
			c := Count{Wave: "m9", Site: id, Arm: arm, WindowClosed: true}
			for _, part := range []struct {
				d      surveys.Disposition
				reason string
				n      int
			}{{surveys.Complete, "", share(complete)}, {surveys.OtherEligible, "died", share(died)}, {surveys.NonContact, "no-reply", share(enrolled) - share(complete) - share(died)}} {
				c.Disposition, c.Reason, c.N = part.d, part.reason, part.n
				counts = append(counts, c)
			}
			counts = append(counts, Count{Wave: "m18", Site: id, Arm: arm, Disposition: surveys.NotYetDue, N: share(enrolled)})
		}
	}
	add("intervention", 7, 288, 214, 7)
	add("comparison", 8, 612, 561, 9)
	var curve []CurvePoint
	for i := range 31 {
		curve = append(curve, CurvePoint{Wave: "m9", Day: time.Date(2025, 3, 1+7*i, 0, 0, 0, 0, time.UTC), N: 25})
	}
	return s, counts, curve
}

var monitorNow = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

func TestMonitorOfTheModelStudy(t *testing.T) {
	m := Build(modelStudyArgs(t))
	if len(m.Waves) != 2 {
		t.Fatalf("%d waves, want the two of patients", len(m.Waves))
	}
	w := m.Wave("m9")
	p := w.Targets[0]
	tests := []struct{ name, got, want string }{
		{"intervention", w.Closed.Arms[0].Retention.Percent(), "74.3%"},
		{"comparison", w.Closed.Arms[1].Retention.Percent(), "91.7%"},
		{"both", w.Closed.All.Retention.Percent(), "86.1%"},
		{"difference", w.Closed.Gaps[0].Retention.Points(), "−17.4 points"},
		{"finding", w.Closed.Finding(), "Retention: Intervention 74.3%, Comparison 91.7% (−17.4 points)"},
		{"power now", p.PowerText(), "0.919"},
		{"detectable", p.DetectableText(), "0.25 SD"},
		{"outcome", p.Outcome.String(), "met"},
		{"verdict", p.Verdict(), "Met: the completes so far find a difference of 0.30 SD with power 0.919; 0.800 was wanted. Intervention has 72 fewer than planned."},
		{"headline", w.Curve.Headline(), "775 of 770 questionnaires are complete at nine months"},
		{"subtitle", w.Curve.Subtitle(), "Intervention 214 of 286; Comparison 561 of 484"},
		{"a wave to come", m.Wave("m18").Closed.Finding(), "Nobody’s answer is due yet"},
		{"its headline", m.Wave("m18").Curve.Headline(), "No questionnaire is complete yet at eighteen months"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, tt.got, tt.want)
		}
	}
	if got := w.Closed.All.Tally.Died; got != 16 {
		t.Errorf("deaths = %d, want 16", got)
	}
	// 7 sites of 30 or 31 and 8 of 70 or 71: 0.9189546802 by R 4.2.2, with pt and qt.
	if math.Abs(p.Power-0.9189546802) > 1e-9 {
		t.Errorf("power now = %.10f, want 0.9189546802", p.Power)
	}
	if last := w.Curve.Points[len(w.Curve.Points)-1].Complete; last != 775 {
		t.Errorf("the curve ends at %d, want 775", last)
	}
}

func modelStudyArgs(t testing.TB) (*surveys.Study, []Count, []CurvePoint, time.Time) {
	t.Helper()
	s, counts, curve := modelStudy()
	return s, counts, curve, monitorNow
}

// The rows of sites add up to those of arms, and these to everybody.
func TestMonitorAddsUp(t *testing.T) {
	m := Build(modelStudyArgs(t))
	for _, w := range m.Waves {
		for _, e := range []Edition{w.Closed, w.DueSoFar} {
			for _, d := range surveys.Dispositions() {
				arms, sites := 0, 0
				for _, row := range e.Arms {
					arms += row.Tally.Count(d)
				}
				for _, row := range e.Sites {
					sites += row.Tally.Count(d)
				}
				if all := e.All.Tally.Count(d); arms != all || sites != all {
					t.Errorf("%s %s: %d in arms, %d in sites, %d in all", w.Wave, d, arms, sites, all)
				}
			}
		}
	}
}

// Whoever is pending counts as not having answered, and only in the edition of what is due so far.
func TestMonitorEditions(t *testing.T) {
	s := &surveys.Study{ID: "s", Arms: []surveys.Arm{{ID: "a", Title: "A"}}, Sites: []surveys.Site{{ID: "x", Arm: "a"}}, Waves: []surveys.Wave{{ID: "w", Audience: surveys.Patients}}}
	counts := []Count{
		{Wave: "w", Site: "x", Arm: "a", Disposition: surveys.Complete, WindowClosed: true, N: 3},
		{Wave: "w", Site: "x", Arm: "a", Disposition: surveys.NonContact, WindowClosed: true, N: 1},
		{Wave: "w", Site: "x", Arm: "a", Disposition: surveys.Pending, N: 4},
		{Wave: "w", Site: "x", Arm: "a", Disposition: surveys.NotYetDue, N: 10},
	}
	w := Build(s, counts, nil, monitorNow).Waves[0]
	if got := w.Closed.All.Retention.Fraction(); got != "3 of 4" {
		t.Errorf("closed windows: %s, want 3 of 4", got)
	}
	if got := w.DueSoFar.All.Retention.Fraction(); got != "3 of 8" {
		t.Errorf("due so far: %s, want 3 of 8", got)
	}
	if got := w.DueSoFar.All.Tally.Count(surveys.NotYetDue); got != 10 {
		t.Errorf("not yet due = %d, want 10", got)
	}
}

// A monitor without people, arms, a second site or targets that can be worked out has no NaN and encodes as JSON.
func TestMonitorOfVeryLittle(t *testing.T) {
	target := surveys.Target{Wave: "w", Delta: 0.3, SD: 1, Alpha: 0.05, Power: 0.8, ICC: 0.01,
		Arms: []surveys.TargetArm{{Arm: "a", N: 10}, {Arm: "b", N: 10}}}
	waves := []surveys.Wave{{ID: "w", Title: "Baseline", Audience: surveys.Patients}}
	tests := []struct {
		name   string
		give   *surveys.Study
		counts []Count
	}{
		{"nothing at all", &surveys.Study{}, nil},
		{"no arms", &surveys.Study{Waves: waves, Targets: []surveys.Target{target}}, nil},
		{"one site", &surveys.Study{Waves: waves, Arms: []surveys.Arm{{ID: "a", Title: "A"}}, Sites: []surveys.Site{{ID: "x", Arm: "a"}}, Targets: []surveys.Target{target}},
			[]Count{{Wave: "w", Site: "x", Arm: "a", Disposition: surveys.Complete, WindowClosed: true, N: 1}}},
		{"an unknown site", &surveys.Study{Waves: waves}, []Count{{Wave: "w", Site: "gone", Arm: "gone", Disposition: surveys.Complete, N: 2}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := Build(tt.give, tt.counts, nil, monitorNow)
			encoded, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(encoded), "NaN") {
				t.Error("NaN in the JSON")
			}
			for _, w := range m.Waves {
				for _, p := range w.Targets {
					if p.Outcome != TargetUnknown || !strings.HasPrefix(p.Verdict(), "Power cannot be worked out yet") {
						t.Errorf("outcome %s, %s", p.Outcome, p.Verdict())
					}
				}
			}
		})
	}
}

func TestTargetOutcomes(t *testing.T) {
	base := surveys.Target{Wave: "w", Delta: 0.3, SD: 1, Alpha: 0.05, Power: 0.8, ICC: 0.05, Correlation: 0.5,
		Arms: []surveys.TargetArm{{Arm: "a", N: 286, Clusters: 7}, {Arm: "b", N: 484, Clusters: 8}}}
	sites := func(complete, open int) []siteCount {
		var all []siteCount
		for i := range 15 {
			arm := surveys.ArmID("a")
			if i >= 7 {
				arm = "b"
			}
			all = append(all, siteCount{site: surveys.SiteID(fmt.Sprint(i)), arm: arm, complete: complete, open: open})
		}
		return all
	}
	tests := []struct {
		name           string
		icc            float64
		complete, open int
		want           TargetOutcome
	}{
		{"nobody yet", 0.01, 0, 40, TargetUnknown},
		{"a start", 0.01, 5, 40, TargetShort},
		{"too few left", 0.01, 5, 2, TargetPeopleShort},
		{"enough", 0.01, 60, 0, TargetMet},
		{"never with these sites", 0.05, 60, 600, TargetSitesShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			target := base
			target.ICC = tt.icc
			got := progressOf(target, &surveys.Study{}, sites(tt.complete, tt.open))
			if got.Outcome != tt.want {
				t.Errorf("outcome = %s, want %s (%+v)", got.Outcome, tt.want, got)
			}
			if tt.want == TargetSitesShort && !strings.Contains(got.Verdict(), "stays below 0.790") {
				t.Errorf("verdict: %s, want the limit 0.790", got.Verdict())
			}
		})
	}
}

// A month without a complete still has its row.
func TestCurveMonths(t *testing.T) {
	day := func(month time.Month, day int) time.Time { return time.Date(2025, month, day, 0, 0, 0, 0, time.UTC) }
	c := Curve{Points: []CurveTotal{{day(1, 3), 2}, {day(1, 31), 5}, {day(4, 1), 6}}}
	want := []CurveTotal{{day(1, 1), 5}, {day(2, 1), 5}, {day(3, 1), 5}, {day(4, 1), 6}}
	if got := c.Months(); !slices.Equal(got, want) {
		t.Errorf("Months() = %v, want %v", got, want)
	}
	if got := (Curve{}).Months(); got != nil {
		t.Errorf("Months() without points = %v, want none", got)
	}
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		give float64
		want string
	}{{-0.04, "0.0"}, {-17.44, "−17.4"}, {0, "0.0"}, {12.06, "12.1"}}
	for _, tt := range tests {
		if got := decimal(tt.give, 1); got != tt.want {
			t.Errorf("decimal(%v, 1) = %s, want %s", tt.give, got, tt.want)
		}
	}
}

// The size of the monitor's benchmark: more than any practice-based study is likely to have.
const (
	benchSites = 50
	benchWaves = 10
)

// BenchmarkBuildMonitor measures building the monitor of a large study with every disposition at every site, which the
// page does on every view.
func BenchmarkBuildMonitor(b *testing.B) {
	s := &surveys.Study{ID: "large", Arms: []surveys.Arm{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}}}
	for i := range benchSites {
		s.Sites = append(s.Sites, surveys.Site{ID: surveys.SiteID(fmt.Sprint("s", i)), Arm: s.Arms[i%2].ID})
	}
	var counts []Count
	var curve []CurvePoint
	for i := range benchWaves {
		wave := surveys.WaveID(fmt.Sprint("w", i))
		s.Waves = append(s.Waves, surveys.Wave{ID: wave, Audience: surveys.Patients})
		s.Targets = append(s.Targets, surveys.Target{Wave: wave, Delta: 0.3, SD: 1, Alpha: 0.05, Power: 0.9, ICC: 0.02, Arms: []surveys.TargetArm{{Arm: "a", N: 500}, {Arm: "b", N: 500}}})
		for _, site := range s.Sites {
			for _, d := range surveys.Dispositions() {
				counts = append(counts, Count{Wave: wave, Site: site.ID, Arm: site.Arm, Disposition: d, WindowClosed: d.Final(), N: 3 + len(counts)%5})
			}
		}
		for day := range 300 {
			curve = append(curve, CurvePoint{Wave: wave, Day: time.Date(2025, 1, 1+day, 0, 0, 0, 0, time.UTC), N: 2})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		Build(s, counts, curve, monitorNow)
	}
}
