package power

import (
	"fmt"
	"math"

	"wellwave/scoring/decimal"
)

// ClusterArm is one arm of a comparison between clusters, at analysed size.
type ClusterArm struct {
	N  float64 // people
	K  float64 // clusters
	CV float64 // coefficient of variation of cluster size, with divisor k
}

// ArmOf returns the arm whose clusters have the given sizes.
func ArmOf(sizes []int) ClusterArm {
	arm := ClusterArm{K: float64(len(sizes))}
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
	arm.CV = math.Sqrt(squares/arm.K) / mean
	return arm
}

// MeanSize returns the mean number of people in a cluster, m.
func (a ClusterArm) MeanSize() float64 { return a.N / a.K }

// DesignEffect returns 1 + ((cv²+1)m − 1)ρ: how many times the variance of a mean exceeds that of as many unrelated
// people.
//
// Source: Eldridge SM, Ashby D, Kerry S. Int J Epidemiol 2006;35:1292–1300.
func (a ClusterArm) DesignEffect(icc float64) float64 { return 1 + ((a.CV*a.CV+1)*a.MeanSize()-1)*icc }

// floor returns what DesignEffect/N comes down to as the clusters grow.
func (a ClusterArm) floor(icc float64) float64 { return (a.CV*a.CV + 1) * icc / a.K }

// MostCV returns the largest coefficient of variation that k clusters can have, √(k−1): nearly everybody in one of them.
func MostCV(k float64) float64 { return math.Sqrt(max(k-1, 0)) }

// possible says what is wrong with an arm whose numbers are each in order, if no clusters have these sizes, nor the next whole
// number of them.
func (a ClusterArm) possible() error {
	const slip = 1e-9 // of a coefficient that was calculated
	if most := MostCV(math.Ceil(a.K)); a.CV > most*(1+slip) {
		return fmt.Errorf("%w: with %s clusters the coefficient of variation is at most %s", ErrSpread, decimal.Format(math.Ceil(a.K)), decimal.Figures(most, 4))
	}
	return nil
}

// times returns the arm with that many times the people and clusters.
func (a ClusterArm) times(people, clusters float64) ClusterArm {
	return ClusterArm{N: a.N * people, K: a.K * clusters, CV: a.CV}
}

// check says what is wrong with the arm apart from its number of people, which may be what is asked for.
func (a ClusterArm) check() error {
	switch {
	case !(a.K >= 1) || math.IsInf(a.K, 0):
		return ErrClusters
	case !(a.CV >= 0) || math.IsInf(a.CV, 0):
		return ErrCV
	default:
		return nil
	}
}

func checkClusters(arms [2]ClusterArm, icc float64) error {
	for _, arm := range arms {
		if err := arm.check(); err != nil {
			return err
		}
	}
	if !(icc >= 0 && icc <= 1) {
		return ErrICC
	}
	return nil
}

func checkPeople(arms [2]ClusterArm) error {
	for _, arm := range arms {
		if !(arm.N > 0) || math.IsInf(arm.N, 0) {
			return ErrClusters
		}
	}
	return nil
}

// ClusterMeans is a comparison of two arms whose people come in clusters, by Student's t test of a difference of means.
//
// The noncentrality is δ/√V with V = V₁+V₂ and Vᵢ = σ²(1−rᵢ²)·DEFFᵢ/Nᵢ·B. There B is 1 or what BaselineDifference makes of
// it as in [Means]; rᵢ is Correlation, or if ClusterCorrelation differs from it, [mᵢρρc + (1−ρ)r]/[1+(mᵢ−1)ρ]. The degrees
// of freedom are k₁+k₂−2, or DF, or by Satterthwaite V²/Σ(Vᵢ²/(kᵢ−1)). Ranges: ρ in [0, 1], r and ρc in (−1, 1), k ≥ 1 and
// N > 0 in each arm, whole or not, two degrees of freedom or more. Direction, sides and tails as in [Means].
//
// As clusters grow V falls only to σ²(1−ρc²)ρ((cv₁²+1)/k₁ + (cv₂²+1)/k₂)·B: some targets can't be reached by asking more
// people in the same clusters. With few clusters all of this is optimistic about how well the variance between clusters is
// known; under eight in an arm it is worth a warning.
//
// Sources: Donner A, Klar N. Design and analysis of cluster randomization trials in health research. Arnold 2000; for the
// two correlations Teerenstra S, Eldridge S, Graff M, de Hoop E, Borm GF. Stat Med 2012;31:2169–2178.
type ClusterMeans struct {
	Arms               [2]ClusterArm
	SD                 float64
	ICC                float64
	Correlation        float64  // of the outcome with its baseline, r
	ClusterCorrelation *float64 // of the clusters' means with theirs, ρc; nil if it is r at both levels
	BaselineDifference float64  // between the arms, in SDs, that the adjustment has to make up for
	DF                 float64  // degrees of freedom decided on; 0 for k₁+k₂−2
	Satterthwaite      bool     // degrees of freedom by Satterthwaite's formula
	Alpha              float64
	Sides              Sides
}

// Check says what is wrong with the design, or nil.
func (d ClusterMeans) Check() error {
	if err := d.checkInputs(); err != nil {
		return err
	}
	return checkDF(d.DegreesOfFreedom())
}

// checkInputs checks all but degrees of freedom that depend on the people.
func (d ClusterMeans) checkInputs() error {
	if err := d.checkTest(); err != nil {
		return err
	}
	if err := checkPeople(d.Arms); err != nil {
		return err
	}
	if d.BaselineDifference != 0 && !(d.Arms[0].N+d.Arms[1].N > 2) {
		return ErrSizes
	}
	return nil
}

// checkTest checks all but the people and what depends on them.
func (d ClusterMeans) checkTest() error {
	if err := checkClusters(d.Arms, d.ICC); err != nil {
		return err
	}
	if d.ClusterCorrelation != nil && !(math.Abs(*d.ClusterCorrelation) < 1) {
		return ErrCorrelation
	}
	if err := checkMeans(d.SD, d.Correlation, d.BaselineDifference, d.Alpha); err != nil {
		return err
	}
	if !d.Satterthwaite {
		return checkDF(d.DegreesOfFreedom())
	}
	if !(min(d.Arms[0].K, d.Arms[1].K) > 1) {
		return ErrDF // one cluster says nothing of the variance in its arm
	}
	return nil
}

func checkDF(df float64) error {
	if !(df >= 2) || math.IsInf(df, 0) {
		return ErrDF
	}
	return nil
}

// DegreesOfFreedom returns those of the test.
func (d ClusterMeans) DegreesOfFreedom() float64 {
	switch {
	case d.Satterthwaite:
		return d.satterthwaite([2]float64{d.variance(0), d.variance(1)})
	case d.DF != 0:
		return d.DF
	default:
		return d.Arms[0].K + d.Arms[1].K - 2
	}
}

func (d ClusterMeans) satterthwaite(v [2]float64) float64 {
	one, two := v[0]/(v[0]+v[1]), v[1]/(v[0]+v[1]) // as the squares of tiny variances would be 0
	return 1 / (one*one/(d.Arms[0].K-1) + two*two/(d.Arms[1].K-1))
}

// variance returns the variance of an arm's adjusted mean in units of σ²·B.
func (d ClusterMeans) variance(i int) float64 {
	arm := d.Arms[i]
	r := d.Correlation
	if d.ClusterCorrelation != nil {
		between := arm.MeanSize() * d.ICC
		r = (between**d.ClusterCorrelation + (1-d.ICC)*r) / (between + 1 - d.ICC)
	}
	return (1 - r*r) * arm.DesignEffect(d.ICC) / arm.N
}

// limitVariance returns what variance comes down to as the clusters grow.
func (d ClusterMeans) limitVariance(i int) float64 {
	r := d.Correlation
	if d.ClusterCorrelation != nil {
		r = *d.ClusterCorrelation
	}
	return (1 - r*r) * d.Arms[i].floor(d.ICC)
}

// StandardError returns the standard error of the difference, √V.
func (d ClusterMeans) StandardError() float64 {
	return d.SD * math.Sqrt((d.variance(0)+d.variance(1))*baselineFactor(d.BaselineDifference, d.Arms[0].N, d.Arms[1].N))
}

// LimitStandardError returns what the standard error tends to as the clusters grow without bound, in the ratio that the
// people of the arms have now, or if there are none the clusters.
func (d ClusterMeans) LimitStandardError() float64 {
	n1, n2 := d.Arms[0].N, d.Arms[1].N
	if !(n1 > 0 && n2 > 0) {
		n1, n2 = d.Arms[0].K, d.Arms[1].K
	}
	share := n1 / (n1 + n2)
	factor := 1 + d.BaselineDifference*d.BaselineDifference*share*(1-share)
	return d.SD * math.Sqrt((d.limitVariance(0)+d.limitVariance(1))*factor)
}

func (d ClusterMeans) test() tTest { return tTest{d.DegreesOfFreedom(), d.Alpha, d.Sides} }

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
	if err := checkWanted(wanted, d.Alpha); err != nil {
		return 0, err
	}
	return d.test().detectable(wanted) * d.StandardError(), nil
}
