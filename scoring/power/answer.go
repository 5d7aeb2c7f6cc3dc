package power

import (
	"fmt"
	"math"
)

// Answer is a plan with nothing left out. A number that the design doesn't have, or that differs between the arms where
// one stands for both, is blank. Sizes are those analysed; solved ones are exact, and their ceilings stand beside them.
type Answer struct {
	Solved     Unknown `json:"solved"`
	Power      float64 `json:"power"`
	Delta      float64 `json:"delta"`       // of proportions |p₁−p₂|
	P1         Number  `json:"p1,omitzero"` // proportions
	P2         Number  `json:"p2,omitzero"`
	EffectSize Number  `json:"h,omitzero"`  // Cohen's h of proportions
	N          Number  `json:"n"`           // in each arm, or pairs
	NCeiling   Number  `json:"n_ceiling"`   //
	N1         Number  `json:"n1,omitzero"` // not for pairs
	N2         Number  `json:"n2,omitzero"` //
	N1Ceiling  Number  `json:"n1_ceiling,omitzero"`
	N2Ceiling  Number  `json:"n2_ceiling,omitzero"`
	K          Number  `json:"k"` // clusters in each arm
	KCeiling   Number  `json:"k_ceiling"`
	K1         Number  `json:"k1,omitzero"`
	K2         Number  `json:"k2,omitzero"`
	K1Ceiling  Number  `json:"k1_ceiling,omitzero"`
	K2Ceiling  Number  `json:"k2_ceiling,omitzero"`
	M          Number  `json:"m"` // mean size of the clusters of both arms
	M1         Number  `json:"m1,omitzero"`
	M2         Number  `json:"m2,omitzero"`
	CV1        Number  `json:"cv1,omitzero"`
	CV2        Number  `json:"cv2,omitzero"`
	DEFF1      Number  `json:"deff1"`
	DEFF2      Number  `json:"deff2"`
	SE         Number  `json:"se"`               // of the difference; of proportions under the alternative
	SENull     Number  `json:"se_null,omitzero"` // of proportions under the null hypothesis
	DF         Number  `json:"df"`               // of the t test
	Recruit1   Number  `json:"recruit1"`         // people, or pairs, to recruit
	Recruit2   Number  `json:"recruit2"`
	Limit      *Limit  `json:"-"` // what the clusters can do at best, where that is not enough

	Warnings []string `json:"warnings"`
}

func (a *Answer) sizes(n1, n2 float64) {
	a.N1, a.N2 = Of(n1), Of(n2)
	a.N1Ceiling, a.N2Ceiling = Of(ceil(n1)), Of(ceil(n2))
	a.N, a.NCeiling = common(n1, n2), common(ceil(n1), ceil(n2))
}

// common returns what the arms have in common.
func common(one, two float64) Number {
	if math.Abs(one-two) > 1e-12*math.Abs(one) {
		return Number{}
	}
	return Of(one)
}

// fewClusters is the number in an arm under which the t test knows too little of the variance between clusters.
const fewClusters = 8

func (a *Answer) clusters(arms [2]ClusterArm, icc float64) {
	a.sizes(arms[0].N, arms[1].N)
	a.K1, a.K2, a.K = Of(arms[0].K), Of(arms[1].K), common(arms[0].K, arms[1].K)
	a.K1Ceiling, a.K2Ceiling = Of(ceil(arms[0].K)), Of(ceil(arms[1].K))
	a.KCeiling = common(a.K1Ceiling.Value, a.K2Ceiling.Value)
	a.M1, a.M2, a.M = Of(arms[0].MeanSize()), Of(arms[1].MeanSize()), common(arms[0].MeanSize(), arms[1].MeanSize())
	a.CV1, a.CV2 = Of(arms[0].CV), Of(arms[1].CV)
	a.DEFF1, a.DEFF2 = Of(arms[0].DesignEffect(icc)), Of(arms[1].DesignEffect(icc))
	if fewest := ceil(min(arms[0].K, arms[1].K)); fewest < fewClusters {
		a.Warnings = append(a.Warnings, fmt.Sprintf("fewer than %d clusters in an arm: %v", fewClusters, fewest))
	}
	if min(a.M1.Value, a.M2.Value) < 1 {
		a.Warnings = append(a.Warnings, "less than one person in a cluster")
	}
}

func (a *Answer) proportions(d Proportions, p1, p2 float64) {
	null, alternative := d.StandardErrors(p1, p2)
	a.P1, a.P2, a.Delta, a.EffectSize = Of(p1), Of(p2), math.Abs(p1-p2), Of(EffectSize(p1, p2))
	a.SENull, a.SE = Of(null), Of(alternative)
}

func (a *Answer) recruit(loss1, loss2 float64) {
	if !a.N1.Given {
		a.Recruit1 = Of(Recruit(a.N.Value, loss1))
		return
	}
	a.Recruit1, a.Recruit2 = Of(Recruit(a.N1.Value, loss1)), Of(Recruit(a.N2.Value, loss2))
}

// finite reports whether the numbers have stayed within what can be calculated with.
func (a *Answer) finite() bool {
	for _, x := range []float64{a.Power, a.Delta, a.N.Value, a.N1.Value, a.N2.Value, a.SE.Value, a.DF.Value, a.DEFF1.Value, a.DEFF2.Value} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
