package power

import "math"

// ClusterArm is one arm of a comparison between clusters, at analysed size.
type ClusterArm struct {
	N  float64 // people
	K  int     // clusters
	CV float64 // coefficient of variation of cluster size, with divisor k
}

// ArmOf returns the arm whose clusters have the given sizes.
func ArmOf(sizes []int) ClusterArm {
	arm := ClusterArm{K: len(sizes)}
	for _, size := range sizes {
		arm.N += float64(size)
	}
	if arm.N == 0 {
		return arm
	}
	mean := arm.MeanSize()
	squares := 0.0
	for _, size := range sizes {
		squares += (float64(size) - mean) * (float64(size) - mean)
	}
	arm.CV = math.Sqrt(squares/float64(arm.K)) / mean
	return arm
}

// MeanSize returns the mean number of people in a cluster, m.
func (a ClusterArm) MeanSize() float64 { return a.N / float64(a.K) }

// DesignEffect returns 1 + ((cv²+1)m − 1)ρ: how many times the variance of a mean exceeds that of as many unrelated
// people. With less than one person to a cluster it is held at 1.
func (a ClusterArm) DesignEffect(icc float64) float64 {
	return max(1, 1+((a.CV*a.CV+1)*a.MeanSize()-1)*icc)
}

// floor returns the part of the arm's variance that stays however many people each cluster gives.
func (a ClusterArm) floor(icc float64) float64 { return (a.CV*a.CV + 1) * icc / float64(a.K) }

// ClusterMeans is a comparison of two arms whose people come in clusters, by Student's t test on k₁+k₂−2 degrees of
// freedom.
//
// The noncentrality is δ/√V with V = σ²(1−r²)(DEFF₁/N₁ + DEFF₂/N₂). As clusters grow V falls only to
// σ²(1−r²)ρ((cv₁²+1)/k₁ + (cv₂²+1)/k₂): some targets can't be reached by asking more people in the same clusters.
type ClusterMeans struct {
	Arms        [2]ClusterArm
	SD          float64
	ICC         float64
	Correlation float64 // of the outcome with its baseline
	Alpha       float64
	Sides       Sides
}

// Check says what is wrong with the design, or nil.
func (d ClusterMeans) Check() error {
	for _, arm := range d.Arms {
		if !(arm.N > 0) || arm.K < 1 || !(arm.CV >= 0) {
			return ErrClusters
		}
	}
	return d.checkTest()
}

// checkTest checks all but the sizes of the arms.
func (d ClusterMeans) checkTest() error {
	switch {
	case d.Arms[0].K < 1 || d.Arms[1].K < 1 || d.DF() < 1:
		return ErrClusters
	case !(d.ICC >= 0 && d.ICC <= 1):
		return ErrICC
	default:
		return checkTest(d.SD, d.Correlation, d.Alpha)
	}
}

// DF returns the degrees of freedom, k₁+k₂−2.
func (d ClusterMeans) DF() int { return d.Arms[0].K + d.Arms[1].K - 2 }

func (d ClusterMeans) test() tTest { return tTest{float64(d.DF()), d.Alpha, d.Sides} }

// StandardError returns the standard error of the difference, √V.
func (d ClusterMeans) StandardError() float64 {
	v := 0.0
	for _, arm := range d.Arms {
		v += arm.DesignEffect(d.ICC) / arm.N
	}
	return d.scale() * math.Sqrt(v)
}

// LimitStandardError returns what the standard error tends to as the clusters grow without bound.
func (d ClusterMeans) LimitStandardError() float64 {
	return d.scale() * math.Sqrt(d.Arms[0].floor(d.ICC)+d.Arms[1].floor(d.ICC))
}

func (d ClusterMeans) scale() float64 { return d.SD * math.Sqrt(1-d.Correlation*d.Correlation) }

// Power returns the probability of finding a true difference of delta.
func (d ClusterMeans) Power(delta float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	return d.test().power(delta / d.StandardError()), nil
}

// Detectable returns the smallest difference that is found with the wanted power.
func (d ClusterMeans) Detectable(wanted float64) (float64, error) {
	if err := d.Check(); err != nil {
		return 0, err
	}
	if !(wanted > d.Alpha && wanted < 1) {
		return 0, ErrPower
	}
	return d.test().detectable(wanted) * d.StandardError(), nil
}

// Solve returns the design with the fewest people in these clusters that finds delta with the wanted power: whole
// numbers of people, in the ratio of d's arms as near as that allows. It fails with ErrOutOfReach where Limit says so.
func (d ClusterMeans) Solve(delta, wanted float64) (ClusterMeans, error) {
	limit, err := d.Limit(delta, wanted)
	if err != nil {
		return ClusterMeans{}, err
	}
	if !limit.Reachable {
		return ClusterMeans{}, ErrOutOfReach
	}
	if err := d.Check(); err != nil {
		return ClusterMeans{}, err
	}
	smaller := min(d.Arms[0].N, d.Arms[1].N)
	sized := func(n int) ClusterMeans {
		s := d
		for i := range s.Arms {
			s.Arms[i].N = ceil(float64(n) * d.Arms[i].N / smaller)
		}
		return s
	}
	test := d.test()
	critical := test.critical() // the same for every size, and the slowest part
	n := firstTrue(1, func(n int) bool {
		return n >= maxPeople || test.powerPast(critical, delta/sized(n).StandardError()) >= wanted
	})
	if n >= maxPeople {
		return ClusterMeans{}, ErrOutOfReach
	}
	return sized(n), nil
}

// maxPeople bounds a search in an arm: a power that only more people than this could reach is out of reach.
const maxPeople = 1 << 40

// Limit says what a number of clusters can and can't do, however many people each of them gives.
type Limit struct {
	Power     float64 `json:"power"`     // approached, never reached, as clusters grow
	Reachable bool    `json:"reachable"` // the wanted power lies below Power
	// Clusters is how many are needed in each arm, in the ratio of the design's, if each gives as many people on average
	// as in the design; zeros where the design has no people or no number found is enough.
	Clusters [2]int `json:"clusters"`
	// ClustersAtLeast is how many are needed even if each could give any number of people.
	ClustersAtLeast [2]int `json:"clusters_at_least"`
}

// maxClusters bounds the search for enough clusters in the smaller arm.
const maxClusters = 1 << 20

// Limit returns what the design's clusters can do at best for a difference of delta.
func (d ClusterMeans) Limit(delta, wanted float64) (Limit, error) {
	if err := d.checkTest(); err != nil {
		return Limit{}, err
	}
	if err := checkGoal(delta, wanted, d.Alpha); err != nil {
		return Limit{}, err
	}
	limit := Limit{Power: d.limitPower(delta)}
	limit.Reachable = limit.Power > wanted
	limit.ClustersAtLeast = d.clustersFor(func(s ClusterMeans) bool { return s.limitPower(delta) > wanted })
	if d.Arms[0].N > 0 && d.Arms[1].N > 0 {
		limit.Clusters = d.clustersFor(func(s ClusterMeans) bool {
			return s.test().power(delta/s.StandardError()) >= wanted
		})
	}
	return limit, nil
}

func (d ClusterMeans) limitPower(delta float64) float64 {
	se := d.LimitStandardError()
	if se == 0 {
		return 1 // without correlation inside clusters, enough people find anything
	}
	return d.test().power(delta / se)
}

// clustersFor returns the fewest clusters, in the ratio of the design's, at which a design of the same mean cluster
// sizes is good enough.
func (d ClusterMeans) clustersFor(enough func(ClusterMeans) bool) [2]int {
	smaller := float64(min(d.Arms[0].K, d.Arms[1].K))
	scaled := func(k int) ClusterMeans {
		s := d
		for i, arm := range d.Arms {
			s.Arms[i].K = int(ceil(float64(k) * float64(arm.K) / smaller))
			s.Arms[i].N = arm.MeanSize() * float64(s.Arms[i].K)
		}
		return s
	}
	k := firstTrue(1, func(k int) bool {
		s := scaled(k)
		return k >= maxClusters || s.DF() >= 1 && enough(s)
	})
	if k >= maxClusters {
		return [2]int{}
	}
	found := scaled(k)
	return [2]int{found.Arms[0].K, found.Arms[1].K}
}
