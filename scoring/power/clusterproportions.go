package power

import "math"

// ClusterProportions is a comparison of two proportions among people who come in clusters: that of [Proportions] with
// N/DEFF people in each arm.
//
// It has no correction for a small number of clusters, and whoever shows its numbers says so. Ranges as in [ClusterMeans]
// and [Proportions].
//
// Source: Donner A, Klar N. Design and analysis of cluster randomization trials in health research. Arnold 2000.
type ClusterProportions struct {
	Arms    [2]ClusterArm
	ICC     float64
	Alpha   float64
	Sides   Sides
	Arcsine bool
}

// Check says what is wrong with the design, or nil.
func (d ClusterProportions) Check() error {
	if err := d.checkTest(); err != nil {
		return err
	}
	return checkPeople(d.Arms)
}

func (d ClusterProportions) checkTest() error {
	if err := checkClusters(d.Arms, d.ICC); err != nil {
		return err
	}
	return checkAlpha(d.Alpha)
}

// Effective returns the comparison of as many unrelated people as these are worth.
func (d ClusterProportions) Effective() Proportions {
	worth := func(arm ClusterArm) float64 { return arm.N / arm.DesignEffect(d.ICC) }
	return Proportions{N1: worth(d.Arms[0]), N2: worth(d.Arms[1]), Alpha: d.Alpha, Sides: d.Sides, Arcsine: d.Arcsine}
}

// atLimit returns what Effective tends to as the clusters grow, for an ICC above 0.
func (d ClusterProportions) atLimit() Proportions {
	most := func(arm ClusterArm) float64 { return min(1/arm.floor(d.ICC), 1e300) } // so that a sum of them is a number
	return Proportions{N1: most(d.Arms[0]), N2: most(d.Arms[1]), Alpha: d.Alpha, Sides: d.Sides, Arcsine: d.Arcsine}
}

// Power returns the probability of finding that p1 and p2 differ.
func (d ClusterProportions) Power(p1, p2 float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	return d.Effective().Power(p1, p2)
}

// Solve returns the design with just as many people in these clusters, in the ratio of d's arms, as tell p1 from p2 with
// the wanted power: roots, not rounded. It fails with ErrOutOfReach where Limit says so.
func (d ClusterProportions) Solve(p1, p2, wanted float64) (ClusterProportions, error) {
	if err := d.checkGoal(p1, p2, wanted); err != nil {
		return ClusterProportions{}, err
	}
	if !(d.limitPower(p1, p2) > wanted) {
		return ClusterProportions{}, ErrOutOfReach
	}
	return d.root(p1, p2, wanted, func(times float64) [2]ClusterArm {
		return [2]ClusterArm{d.Arms[0].times(times, 1), d.Arms[1].times(times, 1)}
	})
}

// SolveClusters returns the design with just as many clusters of d's mean sizes, in the ratio of d's arms, as tell p1 from
// p2 with the wanted power: roots, not rounded.
func (d ClusterProportions) SolveClusters(p1, p2, wanted float64) (ClusterProportions, error) {
	if err := d.checkGoal(p1, p2, wanted); err != nil {
		return ClusterProportions{}, err
	}
	return d.root(p1, p2, wanted, func(times float64) [2]ClusterArm {
		return [2]ClusterArm{d.Arms[0].times(times, times), d.Arms[1].times(times, times)}
	})
}

func (d ClusterProportions) checkGoal(p1, p2, wanted float64) error {
	if err := d.Check(); err != nil {
		return err
	}
	return checkProportionGoal(p1, p2, wanted, d.Alpha)
}

func (d ClusterProportions) root(p1, p2, wanted float64, sized func(float64) [2]ClusterArm) (ClusterProportions, error) {
	at := func(times float64) ClusterProportions {
		s := d
		s.Arms = sized(times)
		return s
	}
	rough := d.Effective().roughTimes(p1, p2, wanted)
	times := increasingRoot(func(times float64) float64 { return probitGap(at(times).Effective().power(p1, p2), wanted) },
		0, math.Inf(1), rough, sizeSlope(normalQuantile(wanted)-normalQuantile(d.Sides.tail(d.Alpha)), rough))
	return at(times), solved(times * max(d.Arms[0].N, d.Arms[1].N))
}

// Limit returns what the design's clusters can do at best to tell p1 from p2.
func (d ClusterProportions) Limit(p1, p2, wanted float64) (Limit, error) {
	if err := d.checkTest(); err != nil {
		return Limit{}, err
	}
	if err := checkProportionGoal(p1, p2, wanted, d.Alpha); err != nil {
		return Limit{}, err
	}
	limit := Limit{Power: d.limitPower(p1, p2)}
	limit.Reachable = limit.Power > wanted
	changed := func(arms [2]ClusterArm) ClusterProportions {
		s := d
		s.Arms = arms
		return s
	}
	rough := 0.0
	if d.ICC > 0 {
		rough = d.atLimit().roughTimes(p1, p2, wanted)
	}
	limit.ClustersAtLeast = clustersFor(d.Arms, rough, func(arms [2]ClusterArm) bool { return changed(arms).limitPower(p1, p2) > wanted })
	if d.Arms[0].N > 0 && d.Arms[1].N > 0 {
		rough := d.Effective().roughTimes(p1, p2, wanted)
		limit.Clusters = clustersFor(d.Arms, rough, func(arms [2]ClusterArm) bool { return changed(arms).Effective().power(p1, p2) >= wanted })
	}
	return limit, nil
}

func (d ClusterProportions) limitPower(p1, p2 float64) float64 {
	if d.ICC == 0 {
		return 1 // without correlation inside clusters, enough people find anything
	}
	return d.atLimit().power(p1, p2)
}
