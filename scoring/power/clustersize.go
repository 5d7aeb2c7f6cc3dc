package power

import "math"

// This file finds sizes of comparisons between clusters: how many people in given clusters, how many clusters of given
// size, and what cannot be had by asking more people.

// Solve returns the design with just as many people in these clusters, in the ratio of d's arms, as find delta with the
// wanted power. The numbers are the roots of the equation, not rounded. It fails with ErrOutOfReach where Limit says so.
func (d ClusterMeans) Solve(delta, wanted float64) (ClusterMeans, error) {
	if err := d.checkGoal(delta, wanted); err != nil {
		return ClusterMeans{}, err
	}
	gap, reachable := d.gap(delta, wanted, d.peopleTimes), false
	if d.Satterthwaite {
		reachable = d.limitPower(delta) > wanted
	} else { // the noncentrality that is wanted is the same for all sizes, and the rest is algebra
		lambda := d.test().detectable(wanted)
		gap = func(times float64) float64 { return math.Abs(delta)/d.peopleTimes(times).StandardError() - lambda }
		reachable = math.Abs(delta)/d.LimitStandardError() > lambda
	}
	least := 0.0
	if d.BaselineDifference != 0 {
		least = (2 + leastDF) / (d.Arms[0].N + d.Arms[1].N) // or there would be nothing to estimate the slope with
	}
	most := math.Inf(1)
	switch crossing, found := d.firstCrossing(gap, least); {
	case found:
		most = crossing
	case !reachable:
		return ClusterMeans{}, ErrOutOfReach
	}
	rough := min(d.roughTimes(delta, wanted)+least, most)
	times, err := sizeRoot(gap, least, most, rough, sizeSlope(2, rough))
	if err != nil {
		return ClusterMeans{}, err
	}
	return d.finish(d.peopleTimes(times), times*max(d.Arms[0].N, d.Arms[1].N))
}

// SolveClusters returns the design with just as many clusters of d's mean sizes, in the ratio of d's arms, as find delta
// with the wanted power. The numbers are the roots of the equation, not rounded. It fails with ErrTooFew where the fewest
// clusters that the test can use are more than that.
func (d ClusterMeans) SolveClusters(delta, wanted float64) (ClusterMeans, error) {
	if err := d.checkGoal(delta, wanted); err != nil {
		return ClusterMeans{}, err
	}
	least := 0.0
	if d.DF == 0 { // Satterthwaite's formula gives k₁+k₂−2 degrees of freedom at most
		least = 4 / (d.Arms[0].K + d.Arms[1].K)
	}
	if d.Satterthwaite {
		least = max(least, (1+leastDF)/min(d.Arms[0].K, d.Arms[1].K))
	}
	if d.BaselineDifference != 0 {
		least = max(least, (2+leastDF)/(d.Arms[0].N+d.Arms[1].N))
	}
	unit := d.StandardError()
	rough, slope := roughSize(func(times float64) tTest { return d.clusterTimes(times).test() },
		func(lambda float64) float64 { return math.Pow(lambda*unit/delta, 2) }, wanted)
	times, err := sizeRoot(d.gap(delta, wanted, d.clusterTimes), least, math.Inf(1), max(rough, 1.1*least), slope)
	if err != nil {
		return ClusterMeans{}, err
	}
	found := d.clusterTimes(times)
	if found.checkTest() != nil || checkDF(found.DegreesOfFreedom()) != nil {
		return ClusterMeans{}, ErrTooFew
	}
	return d.finish(found, max(found.Arms[0].N, found.Arms[1].N, found.Arms[0].K, found.Arms[1].K))
}

func (d ClusterMeans) checkGoal(delta, wanted float64) error {
	if err := d.checkInputs(); err != nil {
		return err
	}
	return checkGoal(delta, wanted, d.Alpha, d.Sides)
}

func (d ClusterMeans) finish(found ClusterMeans, size float64) (ClusterMeans, error) {
	if err := solved(size); err != nil {
		return ClusterMeans{}, err
	}
	return found, found.Check()
}

func (d ClusterMeans) peopleTimes(times float64) ClusterMeans {
	d.Arms = [2]ClusterArm{d.Arms[0].times(times, 1), d.Arms[1].times(times, 1)}
	return d
}

func (d ClusterMeans) clusterTimes(times float64) ClusterMeans {
	d.Arms = [2]ClusterArm{d.Arms[0].times(times, times), d.Arms[1].times(times, times)}
	return d
}

// gap returns how far the power of a changed design is from the wanted one. The critical value is worked out again only
// when the degrees of freedom change, because it takes about as long as the power itself.
func (d ClusterMeans) gap(delta, wanted float64, changed func(float64) ClusterMeans) func(float64) float64 {
	df, critical := 0.0, 0.0
	return func(times float64) float64 {
		s := changed(times)
		test := s.test()
		if test.df != df {
			df, critical = test.df, test.critical()
		}
		return probitGap(test.powerPast(critical, delta/s.StandardError()), wanted)
	}
}

// roughTimes returns about how many times the people of d are needed, from a normal approximation: V = floor + rest/times.
func (d ClusterMeans) roughTimes(delta, wanted float64) float64 {
	z := -normalQuantile(d.Sides.tail(d.Alpha)) + normalQuantile(wanted)
	v, floor := d.StandardError(), d.LimitStandardError()
	v, floor = v*v, floor*floor
	room := math.Pow(delta/z, 2) - floor
	if !(room > 0.01*floor) {
		return 10 // a guess: near the limit the approximation says nothing
	}
	return max((v-floor)/room, 1e-3)
}

// firstCrossing returns a number of times the people of d at which the power is enough, near the first such number. Only
// unequal clusters with two different correlations need it, where more people can mean less power: as clusters grow their
// means count ever more, and their correlation with baseline ever less.
func (d ClusterMeans) firstCrossing(gap func(float64) float64, least float64) (times float64, found bool) {
	if d.ClusterCorrelation == nil || d.Arms[0].CV == 0 && d.Arms[1].CV == 0 {
		return 0, false
	}
	for times = least + 1e-3; times < 1e9; times *= 1.5 {
		if gap(times) >= 0 {
			return times, true
		}
	}
	return 0, false
}

// Limit says what a number of clusters can and can't do, however many people each of them gives.
//
// Source: Hemming K, Girling AJ, Sitch AJ, Marsh J, Lilford RJ. BMC Med Res Methodol 2011;11:102.
type Limit struct {
	Power     float64 `json:"power"`     // approached, never reached, as clusters grow
	Reachable bool    `json:"reachable"` // the wanted power lies below Power
	// Clusters is how many are needed in each arm, in the ratio of the design's, if each gives as many people on average
	// as in the design; zeros where the design has no people or no number found is enough.
	Clusters [2]int `json:"clusters,omitzero"`
	// ClustersAtLeast is how many are needed even if each could give any number of people.
	ClustersAtLeast [2]int `json:"clusters_at_least"`
}

// Limit returns what the design's clusters can do at best for a difference of delta.
func (d ClusterMeans) Limit(delta, wanted float64) (Limit, error) {
	if err := d.checkTest(); err != nil {
		return Limit{}, err
	}
	if err := checkGoal(delta, wanted, d.Alpha, d.Sides); err != nil {
		return Limit{}, err
	}
	limit := Limit{Power: d.limitPower(delta)}
	limit.Reachable = limit.Power > wanted
	changed := func(arms [2]ClusterArm) ClusterMeans {
		s := d
		s.Arms = arms
		return s
	}
	limit.ClustersAtLeast = clustersFor(d.Arms, d.roughClusters(delta, wanted, d.LimitStandardError()), func(arms [2]ClusterArm) bool {
		s := changed(arms)
		return s.checkTest() == nil && s.limitPower(delta) > wanted
	})
	if d.Arms[0].N > 0 && d.Arms[1].N > 0 {
		limit.Clusters = clustersFor(d.Arms, d.roughClusters(delta, wanted, d.StandardError()), func(arms [2]ClusterArm) bool {
			reached, err := changed(arms).Power(delta)
			return err == nil && reached >= wanted
		})
	}
	return limit, nil
}

// roughClusters returns about how many times the clusters of d are needed, if they give the standard error se now.
func (d ClusterMeans) roughClusters(delta, wanted, se float64) float64 {
	d.Satterthwaite = false // which makes little difference to a guess
	rough, _ := roughSize(func(times float64) tTest { return d.clusterTimes(times).test() },
		func(lambda float64) float64 { return math.Pow(lambda*se/delta, 2) }, wanted)
	return rough
}

// limitPower returns the power that is approached as the clusters grow.
func (d ClusterMeans) limitPower(delta float64) float64 {
	se := d.LimitStandardError()
	if se == 0 {
		return 1 // without correlation inside clusters, enough people find anything
	}
	test := tTest{0, d.Alpha, d.Sides}
	if d.Satterthwaite {
		test.df = d.satterthwaite([2]float64{d.limitVariance(0), d.limitVariance(1)})
	} else {
		test.df = d.DegreesOfFreedom()
	}
	return test.power(delta / se)
}

// maxClusters bounds the search for enough clusters in the smaller arm.
const maxClusters = 1 << 20

// clustersFor returns the fewest clusters, in the ratio of the arms', at which arms of the same mean cluster sizes are
// good enough. rough is about how many times the clusters of the arms that is.
func clustersFor(arms [2]ClusterArm, rough float64, enough func([2]ClusterArm) bool) [2]int {
	smaller := min(arms[0].K, arms[1].K)
	scaled := func(k int) (s [2]ClusterArm) {
		for i, arm := range arms {
			whole := ceil(float64(k) * arm.K / smaller)
			s[i] = ClusterArm{N: arm.MeanSize() * whole, K: whole, CV: arm.CV}
		}
		return s
	}
	guess := 1
	if rough *= smaller; rough > 1 {
		guess = int(math.Ceil(min(rough, maxClusters)))
	}
	k := firstTrue(guess, func(k int) bool { return k >= maxClusters || enough(scaled(k)) })
	if k >= maxClusters {
		return [2]int{}
	}
	found := scaled(k)
	return [2]int{int(found[0].K), int(found[1].K)}
}

// firstTrue returns the smallest n from 1 on for which a monotone condition holds, which it does somewhere. It looks about
// a guess first.
func firstTrue(guess int, holds func(int) bool) int {
	low, high := 0, guess // it holds at high and not at low
	if holds(guess) {
		for step := 1; high-step > 0; step *= 2 {
			if !holds(high - step) {
				low = high - step
				break
			}
			high -= step
		}
	} else {
		step := 1
		for low = guess; !holds(low + step); step *= 2 {
			low += step
		}
		high = low + step
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		if holds(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
