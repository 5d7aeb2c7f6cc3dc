package power

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// aPlan draws a plan that leaves nothing out but the power.
func aPlan(t *rapid.T) *Plan {
	number := func(name string, low, high float64) Number { return Of(rapid.Float64Range(low, high).Draw(t, name)) }
	p := &Plan{
		Design: rapid.SampledFrom(Designs()).Draw(t, "design"),
		Alpha:  number("alpha", 1e-6, 0.2), Sides: Of(float64(rapid.IntRange(1, 2).Draw(t, "sides"))),
	}
	if p.Design.proportions() {
		p.P1, p.P2 = number("p1", 0.01, 0.99), number("p2", 0.01, 0.99)
		p.Arcsine = rapid.Bool().Draw(t, "arcsine")
	} else {
		p.Delta, p.SD = number("delta", 0.05, 3), number("sd", 0.5, 2)
	}
	switch p.Design {
	case DesignPaired:
		p.Pairs = number("pairs", 1.5, 500)
	case DesignMeans:
		n := number("n", 1.5, 500)
		p.N1, p.N2 = n, n
	case DesignProportions: // with a few people power isn't monotone in the difference
		n := number("n", 12, 500)
		p.N1, p.N2 = n, n
	default:
		p.K, p.M, p.CV, p.ICC = number("k", 2.1, 60), number("m", 1, 200), number("cv", 0, 1), number("icc", 0, 0.3)
	}
	if p.Design == DesignClusterMeans && rapid.Bool().Draw(t, "satterthwaite") {
		p.DF.Given, p.DF.Satterthwaite = true, true
	}
	if p.Design == DesignClusterMeans && rapid.Bool().Draw(t, "adjusted") {
		p.Correlation, p.BaselineDifference = number("correlation", 0, 0.9), number("baseline_difference", 0, 1)
		if rapid.Bool().Draw(t, "both levels") {
			p.ClusterCorrelation = number("correlation_cluster", 0, 0.9)
			p.CV = Of(0) // or more people may mean less power, and the size found be another one
		}
	}
	return p
}

// TestInverse solves for each number of a plan in turn, given the power that it has, and wants the number back.
func TestInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := aPlan(t)
		a, err := p.Solve()
		if err != nil || a.Power < p.Alpha.Value+0.01 || a.Power > 0.999 {
			t.Skip("nothing to find out: ", err)
		}
		for _, unknown := range []string{"size", "clusters", "difference"} {
			q := *p
			q.Power = Of(a.Power)
			switch {
			case unknown == "size":
				q.N1, q.N2, q.Pairs, q.M = Number{}, Number{}, Number{}, Number{}
			case unknown == "clusters" && p.Design.clustered():
				q.K = Number{}
			case unknown == "clusters":
				continue
			case p.Design == DesignClusterProportions && p.clusterProportions().Effective().N1 < 12:
				continue
			case p.Design.proportions() && p.P1.Value < p.P2.Value:
				q.P2 = Number{}
			case p.Design.proportions():
				q.P1, q.P2 = p.P2, Number{} // the same, as one group is as large as the other
			default:
				q.Delta = Number{}
			}
			got, err := q.Solve()
			if err != nil {
				if unknown == "size" && p.ICC.Value > 0 && a.Limit == nil && p.Limit(a).Power < a.Power+1e-6 {
					continue // at the limit already
				}
				t.Fatalf("solving for the %s: %v", unknown, err)
			}
			for _, number := range [][2]float64{{got.N.Value, a.N.Value}, {got.K.Value, a.K.Value}, {got.Delta, a.Delta}} {
				// Where power hardly changes with size, as near the limit of clusters, size is known less well than power.
				if math.Abs(number[0]-number[1]) > 1e-6*number[1] && !samePower(p, a, got) {
					t.Errorf("solving for the %s: %+v, want %+v", unknown, got, a)
				}
			}
		}
	})
}

// samePower reports whether the sizes of an answer have the power of another.
func samePower(p *Plan, want, got *Answer) bool {
	q := *p
	switch {
	case p.Design == DesignPaired:
		q.Pairs = got.N
	case p.Design.clustered():
		q.K, q.M = got.K, got.M
	default:
		q.N1, q.N2 = got.N1, got.N2
	}
	a, err := q.Solve()
	return err == nil && near(a.Power, want.Power, 1e-9)
}

// TestSolvedPower wants of a solved size the power it was solved for.
func TestSolvedPower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := aPlan(t)
		if p.Design.proportions() && math.Abs(p.P1.Value-p.P2.Value) < 1e-3 {
			t.Skip("no difference")
		}
		wanted := rapid.Float64Range(p.Alpha.Value+0.01, 0.995).Draw(t, "wanted")
		q := *p
		q.N1, q.N2, q.Pairs, q.K, q.Power = Number{}, Number{}, Number{}, Number{}, Of(wanted)
		a, err := q.Solve()
		if NoAnswer(err) || errors.Is(err, ErrSpread) || err == nil && (a.K.Given && a.K.Value < 1 || a.M.Given && a.M.Value < 1) {
			t.Skip("nothing to find out: ", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !samePower(p, &Answer{Power: wanted}, a) {
			t.Errorf("the size %+v hasn't the power %v", a, wanted)
		}
	})
}

// TestMonotone wants more power from more people, more clusters and a larger difference, and less from a larger
// correlation inside clusters.
func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := aPlan(t)
		p.BaselineDifference = Number{} // whose weight with few people isn't monotone in them
		a, err := p.Solve()
		if err != nil {
			t.Skip(err)
		}
		more := func(n *Number) {
			if n.Given {
				n.Value *= 1.2
			}
		}
		tests := map[string]struct {
			change func(*Plan)
			sign   float64
		}{
			"people":     {func(q *Plan) { more(&q.N1); more(&q.N2); more(&q.Pairs); more(&q.M) }, 1},
			"clusters":   {func(q *Plan) { more(&q.K) }, 1},
			"difference": {func(q *Plan) { more(&q.Delta) }, 1},
			"icc":        {func(q *Plan) { more(&q.ICC) }, -1},
		}
		for name, tt := range tests {
			if name == "icc" && p.ClusterCorrelation.Given {
				continue // it also changes how much the baseline explains
			}
			if name == "people" && p.DF.Satterthwaite && p.CV1 != p.CV2 {
				continue
			}
			q := *p
			tt.change(&q)
			b, err := q.Solve()
			if err != nil {
				t.Fatal(err)
			}
			if tt.sign*(b.Power-a.Power) < -1e-12 {
				t.Errorf("%s: power goes from %v to %v", name, a.Power, b.Power)
			}
		}
	})
}

// TestFirstSize checks a design in which more people mean less power at last: as clusters grow, their means, which hardly
// correlate with baseline here, count ever more. The size found has the power and none much smaller has.
func TestFirstSize(t *testing.T) {
	p := &Plan{Design: DesignClusterMeans, K: Of(10), CV: Of(3), Delta: Of(0.75), ICC: Of(0.1), Correlation: Of(0.9),
		ClusterCorrelation: Of(0), Power: Of(0.45)}
	a, err := p.Solve()
	if err != nil {
		t.Fatal(err)
	}
	at := func(m float64) float64 {
		q := *p
		q.M, q.Power = Of(m), Number{}
		b, err := q.Solve()
		if err != nil {
			t.Fatal(err)
		}
		return b.Power
	}
	if got := at(a.M.Value); !near(got, 0.45, 1e-9) {
		t.Errorf("power with clusters of %v = %v, want 0.45", a.M.Value, got)
	}
	for m := 0.01 * a.M.Value; m < 0.99*a.M.Value; m *= 1.1 {
		if got := at(m); got >= 0.45 {
			t.Errorf("power with clusters of %v is %v already", m, got)
		}
	}
	if got := at(1e9); got >= 0.45 {
		t.Fatalf("power with huge clusters = %v: the case tests nothing", got)
	}
}
