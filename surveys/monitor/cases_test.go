package monitor

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"wellwave/scoring"
	"wellwave/surveys"
)

// twoArms is one wave of arm a (sites s1 and s2) and arm b (s3 and s4).
func twoArms() *RateCounts {
	var c RateCounts
	add := func(arm, site string, d surveys.Disposition, n int) {
		for range n {
			c.Add(RateGroup{arm, site, "w"}, d)
		}
	}
	add("a", "s1", surveys.Complete, 3)
	add("a", "s1", surveys.Partial, 1)
	add("a", "s1", surveys.Refusal, 1)
	add("a", "s1", surveys.UnknownEligibility, 1)
	add("a", "s2", surveys.Complete, 1)
	add("a", "s2", surveys.NonContact, 1)
	add("a", "s2", surveys.Ineligible, 2)
	add("a", "s2", surveys.Pending, 1)
	add("a", "s2", surveys.NotYetDue, 5)
	add("b", "s3", surveys.Complete, 5)
	add("b", "s3", surveys.BreakOff, 1)
	add("b", "s4", surveys.Complete, 2)
	add("b", "s4", surveys.OtherEligible, 2)
	return &c
}

// Expected values: R 4.2.2, the formulas of Wilson, Newcombe (method 10) and the design effect 1+((cv²+1)m−1)ρ on the sites'
// numbers below the line, written down apart from this code: RR1 of arm a is 4 of 8 with sites of 6 and 2; RR3 has e = 7/9
// and sites of 5+e and 2; retention is 5 of 8 against 7 of 10 with sites of 6 and 4.
func TestRateReport(t *testing.T) {
	r := twoArms().Report(0.1)
	a, gap := r.Arms[0], r.Differences[0]
	rr1, rr3, due := a.Closed.Rates[0], a.Closed.Rates[2], a.DueSoFar.Rates[0]
	tests := []struct {
		name      string
		got, want scoring.Interval
	}{
		{"RR1", rr1.Independent, scoring.Interval{Low: 0.215216062214, High: 0.784783937786}},
		{"RR1, effective", rr1.Effective, scoring.Interval{Low: 0.18298060707, High: 0.81701939293}},
		{"RR3", rr3.Independent, scoring.Interval{Low: 0.222146906639, High: 0.796978465354}},
		{"RR3, effective", rr3.Effective, scoring.Interval{Low: 0.190202707165, High: 0.826784902194}},
		{"RR1 so far", due.Independent, scoring.Interval{Low: 0.188778521098, High: 0.733348706505}},
		{"difference", gap.Closed.Independent, scoring.Interval{Low: -0.447652137374, High: 0.310566642815}},
		{"difference, effective", gap.Closed.Effective, scoring.Interval{Low: -0.493220956876, High: 0.362955518615}},
		{"difference so far", gap.DueSoFar.Independent, scoring.Interval{Low: -0.491445697355, High: 0.252176982382}},
	}
	for _, tt := range tests {
		if !(math.Abs(tt.got.Low-tt.want.Low) < 1e-11 && math.Abs(tt.got.High-tt.want.High) < 1e-11) {
			t.Errorf("%s: %.12f to %.12f, want %v", tt.name, tt.got.Low, tt.got.High, tt.want)
		}
	}
	if a.Group != (RateGroup{Arm: "a"}) || a.Pending != 1 || a.NotYetDue != 5 || gap.A != "a" || gap.B != "b" || len(r.Differences) != 1 {
		t.Errorf("arm %v with %d pending and %d not yet due, difference %s − %s", a.Group, a.Pending, a.NotYetDue, gap.A, gap.B)
	}
	if math.Abs(rr3.Value-4/(7+7/9.)) > 1e-15 || math.Abs(gap.Closed.Value+0.075) > 1e-15 || math.Abs(gap.DueSoFar.Value-(5/9.-0.7)) > 1e-15 {
		t.Errorf("RR3 %v, differences %v and %v", rr3.Value, gap.Closed.Value, gap.DueSoFar.Value)
	}
}

func TestRateReportOfNobody(t *testing.T) {
	var c RateCounts
	if r := c.Report(0); r.Overall.Closed.Rates[0].Known || r.Overall.Closed.E.Known || len(r.Groups) > 0 {
		t.Errorf("%+v", r)
	}
	c.Add(RateGroup{"a", "s", "w"}, surveys.UnknownEligibility)
	c.Add(RateGroup{"b", "s", "w"}, surveys.NotYetDue)
	r := c.Report(0)
	if e := r.Arms[0].Closed.E; e.Known {
		t.Errorf("e = %v where nobody's eligibility is known", e)
	}
	if r.Differences[0].Closed.Known {
		t.Errorf("difference %v from an arm of which nobody is due", r.Differences[0])
	}
}

// TestRateReportProperties wants the rows of each kind to add up to the overall one, the due-so-far edition to hold the
// pending besides, the headline to be as if pending and not yet due were absent, and the same bits every time.
func TestRateReportProperties(t *testing.T) {
	type person struct {
		group       RateGroup
		disposition surveys.Disposition
	}
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"x", "y", "z"})
		people := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) person {
			return person{RateGroup{word.Draw(t, "arm"), word.Draw(t, "site"), word.Draw(t, "wave")}, rapid.SampledFrom(surveys.Dispositions()).Draw(t, "disposition")}
		}), 1, 60).Draw(t, "people")
		var c, final, again RateCounts
		for _, p := range people {
			c.Add(p.group, p.disposition)
			if p.disposition.Final() {
				final.Add(p.group, p.disposition)
			}
		}
		r := c.Report(0.05)
		for _, p := range people {
			again.Add(p.group, p.disposition)
		}
		for kind, rows := range map[string][]RateRow{"arms": r.Arms, "waves": r.Waves, "arms at waves": r.ArmWaves, "sites": r.Sites, "groups": r.Groups} {
			closed, due, pending := 0, 0, 0
			for _, row := range rows {
				closed += row.Closed.Tally.Enrolled()
				due += row.DueSoFar.Tally.Enrolled()
				pending += row.Pending
				if row.Closed.Tally.Enrolled()+row.Pending != row.DueSoFar.Tally.Enrolled() {
					t.Errorf("%s: %v", kind, row)
				}
			}
			if all := r.Overall; closed != all.Closed.Tally.Enrolled() || due != all.DueSoFar.Tally.Enrolled() || pending != all.Pending {
				t.Errorf("%s add up to %d, %d and %d; overall %+v", kind, closed, due, pending, all)
			}
		}
		got, want := r.Overall.Closed, final.Report(0.05).Overall.Closed
		if got.Tally != want.Tally || got.E != want.E {
			t.Errorf("headline %v, without those who can still answer %v", got, want)
		}
		for i := range got.Rates { // sites may come in another order, and with them the last bits of sums
			if math.Abs(got.Rates[i].Effective.Low-want.Rates[i].Effective.Low) > 1e-12 || got.Rates[i].Rate != want.Rates[i].Rate {
				t.Errorf("headline %+v, without those who can still answer %+v", got.Rates[i], want.Rates[i])
			}
		}
		if !reflect.DeepEqual(again.Report(0.05), r) {
			t.Error("another report of the same people")
		}
		for _, d := range append(r.Differences, r.WaveDifferences...) {
			if g := d.Closed; g.Known && !(g.Independent.Low <= g.Value && g.Value <= g.Independent.High && g.Effective.Low <= g.Independent.Low+1e-12) {
				t.Errorf("difference %+v", d)
			}
		}
	})
}
