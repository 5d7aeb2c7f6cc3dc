package power

import (
	"errors"
	"testing"
)

// modelPlan is the model study's: 214 people in 7 practices and 561 in 8.
func modelPlan(icc, r float64) Plan {
	return Plan{Design: DesignClusterMeans, N1: Of(214), N2: Of(561), K1: Of(7), K2: Of(8), ICC: Of(icc), Correlation: Of(r)}
}

func TestVectors(t *testing.T) {
	withDelta := func(p Plan, delta float64) Plan { p.Delta = Of(delta); return p }
	p := withDelta(modelPlan(0.05, 0.5), 0.3)
	a, err := p.Solve()
	t.Logf("%+v %v", a, err)
	p = Plan{Design: DesignClusterMeans, K1: Of(7), K2: Of(8), Delta: Of(.3), ICC: Of(.01), Correlation: Of(.5), Power: Of(.8)}
	a, err = p.Solve()
	t.Logf("%+v %v", a, err)
	p = Plan{Design: DesignClusterMeans, K1: Of(7), K2: Of(8), Delta: Of(.25), ICC: Of(.05), Power: Of(.8)}
	a, err = p.Solve()
	t.Logf("%+v %v %+v", a, err, a.Limit)
	if !errors.Is(err, ErrOutOfReach) {
		t.Error(err)
	}
	p = Plan{Design: DesignClusterMeans, M: Of(20), Delta: Of(.3), ICC: Of(.05), Power: Of(.8)}
	a, err = p.Solve()
	t.Logf("%+v %v", a, err)
	p = Plan{Design: DesignClusterProportions, M: Of(20), P1: Of(.3), P2: Of(.4), ICC: Of(.05), Power: Of(.8)}
	a, err = p.Solve()
	t.Logf("%+v %v", a, err)
	p = Plan{Design: DesignProportions, N1: Of(100), N2: Of(100), P1: Of(.3), ICC: Of(0), Power: Of(.8)}
	a, err = p.Solve()
	t.Logf("%+v %v", a, err)
}
