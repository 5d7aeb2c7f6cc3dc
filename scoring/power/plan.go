package power

import (
	"errors"
	"fmt"
)

// Design names what is compared and how.
type Design string

// The designs.
const (
	DesignMeans              Design = "means"
	DesignPaired             Design = "paired"
	DesignProportions        Design = "proportions"
	DesignClusterMeans       Design = "cluster-means"
	DesignClusterProportions Design = "cluster-proportions"
)

// Designs returns all of them.
func Designs() []Design {
	return []Design{DesignMeans, DesignPaired, DesignProportions, DesignClusterMeans, DesignClusterProportions}
}

func (d Design) clustered() bool   { return d == DesignClusterMeans || d == DesignClusterProportions }
func (d Design) proportions() bool { return d == DesignProportions || d == DesignClusterProportions }

// Plan is a question about a design: everything is known but one of the sample size, the difference and the power.
//
// Sizes are those analysed: N1 and N2 in each arm, Pairs of measurements, or among clusters K1 and K2 of them with N1 and
// N2 people in all and coefficients of variation CV1 and CV2. K, M and CV stand for both arms at once: clusters, mean
// size, coefficient of variation. To solve for the size of a cluster comparison leave out either the clusters, and give M,
// or the people, and give the clusters. To solve for the difference of proportions leave out P2, for one above P1, or P1,
// for one below P2.
//
// SD is 1 if blank, Alpha 0.05, Sides 2, Correlation 0, CVs 0. SD is of the outcome, and with the design paired that of
// the differences unless Correlation is given. ICC has no default, because a design that ignores it is wrong.
type Plan struct {
	Design             Design  `json:"design"`
	N1                 Number  `json:"n1,omitzero"`
	N2                 Number  `json:"n2,omitzero"`
	Pairs              Number  `json:"pairs,omitzero"`
	K1                 Number  `json:"k1,omitzero"`
	K2                 Number  `json:"k2,omitzero"`
	CV1                Number  `json:"cv1,omitzero"`
	CV2                Number  `json:"cv2,omitzero"`
	K                  Number  `json:"k,omitzero"`
	M                  Number  `json:"m,omitzero"`
	CV                 Number  `json:"cv,omitzero"`
	Delta              Number  `json:"delta,omitzero"`
	SD                 Number  `json:"sd,omitzero"`
	P1                 Number  `json:"p1,omitzero"`
	P2                 Number  `json:"p2,omitzero"`
	Alpha              Number  `json:"alpha,omitzero"`
	Sides              Number  `json:"sides,omitzero"`
	Power              Number  `json:"power,omitzero"`
	ICC                Number  `json:"icc,omitzero"`
	Correlation        Number  `json:"correlation,omitzero"`
	ClusterCorrelation Number  `json:"correlation_cluster,omitzero"`
	BaselineDifference Number  `json:"baseline_difference,omitzero"`
	Attrition1         Number  `json:"attrition1,omitzero"`
	Attrition2         Number  `json:"attrition2,omitzero"`
	DF                 Freedom `json:"df,omitzero"`
	Arcsine            bool    `json:"arcsine,omitzero"` // proportions by Cohen's h
}

// Unknown is what a plan asks for.
type Unknown string

// What can be asked for.
const (
	SampleSize Unknown = "sample size"
	Difference Unknown = "difference"
	Power      Unknown = "power"
)

// Unknown returns what the plan leaves out.
func (p *Plan) Unknown() (Unknown, error) {
	var blank []Unknown
	if p.sizeBlank() {
		blank = append(blank, SampleSize)
	}
	if p.differenceBlank() {
		blank = append(blank, Difference)
	}
	if !p.Power.Given {
		blank = append(blank, Power)
	}
	switch len(blank) {
	case 1:
		return blank[0], nil
	case 0:
		return "", errors.New("leave out the sample size, the difference or the power: all are given, and nothing is left to solve for")
	default:
		return "", fmt.Errorf("give all but one of sample size, difference and power: left out are %s", listed(blank))
	}
}

func listed(all []Unknown) string {
	s := string(all[0])
	for i, u := range all[1:] {
		if i == len(all)-2 {
			s += " and " + string(u)
		} else {
			s += ", " + string(u)
		}
	}
	return s
}

func (p *Plan) sizeBlank() bool {
	switch {
	case p.Design == DesignPaired:
		return !p.Pairs.Given
	case !p.Design.clustered():
		return !p.N1.Given && !p.N2.Given
	default:
		return !p.clustersGiven() || !p.M.Given && !p.N1.Given && !p.N2.Given
	}
}

func (p *Plan) clustersGiven() bool { return p.K.Given || p.K1.Given || p.K2.Given }

func (p *Plan) differenceBlank() bool {
	if p.Design.proportions() {
		return !p.P1.Given || !p.P2.Given
	}
	return !p.Delta.Given
}

// Solve answers the plan. Beside the mistakes in a plan its errors are those of designs whose question has no answer,
// which NoAnswer tells apart; with ErrOutOfReach comes an answer that has its Limit and nothing else.
func (p *Plan) Solve() (*Answer, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	unknown, err := p.Unknown()
	if err != nil {
		return nil, err
	}
	a := &Answer{Solved: unknown, Warnings: []string{}}
	switch p.Design {
	case DesignMeans:
		err = p.solveMeans(a)
	case DesignPaired:
		err = p.solvePaired(a)
	case DesignProportions:
		err = p.solveProportions(a)
	case DesignClusterMeans:
		err = p.solveClusterMeans(a)
	default:
		err = p.solveClusterProportions(a)
	}
	if err != nil {
		if a.Limit == nil {
			a = nil
		}
		return a, err
	}
	if unknown != Power {
		a.Power = p.Power.Value
	}
	if !a.finite() {
		return nil, errors.New("the numbers are too large or too small to calculate with")
	}
	if p.M.Given {
		a.M1, a.M2, a.M = p.M, p.M, p.M // to the last bit
	}
	a.recruit(p.Attrition1.Or(0), p.Attrition2.Or(0))
	return a, nil
}

// NoAnswer reports whether an error says that a plan is in order and yet no size, difference or power does what it asks.
func NoAnswer(err error) bool {
	for _, none := range []error{ErrOutOfReach, ErrNoOther, ErrTooFew, ErrTooMany} {
		if errors.Is(err, none) {
			return true
		}
	}
	return false
}

func (p *Plan) alpha() float64 { return p.Alpha.Or(0.05) }
func (p *Plan) sides() Sides   { return Sides(p.Sides.Or(float64(TwoSided))) }

func (p *Plan) solveMeans(a *Answer) error {
	d := Means{N1: p.N1.Or(1), N2: p.N2.Or(1), SD: p.SD.Or(1), Correlation: p.Correlation.Or(0),
		BaselineDifference: p.BaselineDifference.Or(0), Alpha: p.alpha(), Sides: p.sides()}
	a.Delta = p.Delta.Value
	var err error
	switch a.Solved {
	case SampleSize:
		d, err = d.Solve(p.Delta.Value, p.Power.Value)
	case Difference:
		a.Delta, err = d.Detectable(p.Power.Value)
	default:
		a.Power, err = d.Power(p.Delta.Value)
	}
	if err != nil {
		return err
	}
	a.sizes(d.N1, d.N2)
	a.SE, a.DF = Of(d.StandardError()), Of(d.DF())
	return nil
}

func (p *Plan) solvePaired(a *Answer) error {
	d := Paired{Pairs: p.Pairs.Or(2), SD: p.SD.Or(1), Alpha: p.alpha(), Sides: p.sides()}
	if p.Correlation.Given {
		d.SD = DifferenceSD(d.SD, p.Correlation.Value)
	}
	a.Delta = p.Delta.Value
	var err error
	switch a.Solved {
	case SampleSize:
		d, err = d.Solve(p.Delta.Value, p.Power.Value)
	case Difference:
		a.Delta, err = d.Detectable(p.Power.Value)
	default:
		a.Power, err = d.Power(p.Delta.Value)
	}
	if err != nil {
		return err
	}
	a.N, a.NCeiling = Of(d.Pairs), Of(ceil(d.Pairs))
	a.SE, a.DF = Of(d.StandardError()), Of(d.DF())
	return nil
}

func (p *Plan) solveProportions(a *Answer) error {
	d := Proportions{N1: p.N1.Or(1), N2: p.N2.Or(1), Alpha: p.alpha(), Sides: p.sides(), Arcsine: p.Arcsine}
	p1, p2 := p.P1.Value, p.P2.Value
	var err error
	switch a.Solved {
	case SampleSize:
		d, err = d.Solve(p1, p2, p.Power.Value)
	case Difference:
		p1, p2, err = p.otherProportion(d)
	default:
		a.Power, err = d.Power(p1, p2)
	}
	if err != nil {
		return err
	}
	a.sizes(d.N1, d.N2)
	a.proportions(d, p1, p2)
	return nil
}

// otherProportion returns both proportions when one is asked for.
func (p *Plan) otherProportion(d Proportions) (p1, p2 float64, err error) {
	if p.P1.Given {
		p2, err = d.Above(p.P1.Value, true, p.Power.Value)
		return p.P1.Value, p2, err
	}
	if p.P2.Given {
		p1, err = d.Below(p.P2.Value, false, p.Power.Value)
		return p1, p.P2.Value, err
	}
	return 0, 0, errors.New("give p1 or p2, from which the other is to differ")
}

func (p *Plan) solveClusterMeans(a *Answer) error {
	d := p.clusterMeans()
	a.Delta = p.Delta.Value
	var err error
	switch {
	case a.Solved == SampleSize && !p.clustersGiven():
		if d, err = d.SolveClusters(p.Delta.Value, p.Power.Value); err == nil {
			err = possible(d.Arms)
		}
	case a.Solved == SampleSize:
		d, err = p.solvePeople(a, d)
	case a.Solved == Difference:
		a.Delta, err = d.Detectable(p.Power.Value)
	default:
		a.Power, err = d.Power(p.Delta.Value)
	}
	if err != nil {
		return err
	}
	a.clusters(d.Arms, d.ICC)
	a.SE, a.DF = Of(d.StandardError()), Of(d.DegreesOfFreedom())
	return nil
}

// possible says what is wrong with clusters whose number was solved for.
func possible(arms [2]ClusterArm) error {
	for _, arm := range arms {
		if err := arm.possible(); err != nil {
			return err
		}
	}
	return nil
}

// solvePeople adds to ErrOutOfReach what the clusters can do.
func (p *Plan) solvePeople(a *Answer, d ClusterMeans) (ClusterMeans, error) {
	found, err := d.Solve(p.Delta.Value, p.Power.Value)
	if errors.Is(err, ErrOutOfReach) {
		d.Arms[0].N, d.Arms[1].N = 0, 0 // they are only where the search begins
		limit, wrong := d.Limit(p.Delta.Value, p.Power.Value)
		if wrong != nil {
			return found, wrong
		}
		a.Limit = &limit
	}
	return found, err
}

func (p *Plan) solveClusterProportions(a *Answer) error {
	d := p.clusterProportions()
	if err := d.Check(); err != nil {
		return err
	}
	p1, p2 := p.P1.Value, p.P2.Value
	var err error
	switch {
	case a.Solved == SampleSize && !p.clustersGiven():
		if d, err = d.SolveClusters(p1, p2, p.Power.Value); err == nil {
			err = possible(d.Arms)
		}
	case a.Solved == SampleSize:
		if d, err = d.Solve(p1, p2, p.Power.Value); errors.Is(err, ErrOutOfReach) {
			asked := p.clusterProportions()
			asked.Arms[0].N, asked.Arms[1].N = 0, 0 // they are only where the search begins
			limit, wrong := asked.Limit(p1, p2, p.Power.Value)
			if wrong != nil {
				return wrong
			}
			a.Limit = &limit
		}
	case a.Solved == Difference:
		p1, p2, err = p.otherProportion(d.Effective())
	default:
		a.Power, err = d.Power(p1, p2)
	}
	if err != nil {
		return err
	}
	a.clusters(d.Arms, d.ICC)
	a.proportions(d.Effective(), p1, p2)
	a.Warnings = append(a.Warnings, "no small-cluster correction")
	return nil
}

// Limit returns what the clusters of an answer can do at best, and nil where there are no clusters or no goal.
func (p *Plan) Limit(a *Answer) *Limit {
	if !a.K1.Given {
		return nil
	}
	arms := [2]ClusterArm{
		{N: a.N1.Value, K: a.K1.Value, CV: a.CV1.Value},
		{N: a.N2.Value, K: a.K2.Value, CV: a.CV2.Value},
	}
	var limit Limit
	var err error
	if p.Design == DesignClusterMeans {
		d := p.clusterMeans()
		d.Arms = arms
		limit, err = d.Limit(a.Delta, a.Power)
	} else {
		d := p.clusterProportions()
		d.Arms = arms
		limit, err = d.Limit(a.P1.Value, a.P2.Value, a.Power)
	}
	if err != nil { // as when there is no difference to find
		return nil
	}
	return &limit
}

func (p *Plan) clusterMeans() ClusterMeans {
	d := ClusterMeans{Arms: p.arms(), SD: p.SD.Or(1), ICC: p.ICC.Value, Correlation: p.Correlation.Or(0),
		BaselineDifference: p.BaselineDifference.Or(0), DF: p.DF.Value, Satterthwaite: p.DF.Satterthwaite,
		Alpha: p.alpha(), Sides: p.sides()}
	if p.ClusterCorrelation.Given {
		d.ClusterCorrelation = &p.ClusterCorrelation.Value
	}
	return d
}

func (p *Plan) clusterProportions() ClusterProportions {
	return ClusterProportions{Arms: p.arms(), ICC: p.ICC.Value, Alpha: p.alpha(), Sides: p.sides(), Arcsine: p.Arcsine}
}

// arms returns the arms of a comparison between clusters, with some clusters, or people in them, where their number is asked.
func (p *Plan) arms() [2]ClusterArm {
	k := [2]float64{p.K1.Or(p.K.Or(10)), p.K2.Or(p.K.Or(10))}
	cv := [2]float64{p.CV1.Or(p.CV.Or(0)), p.CV2.Or(p.CV.Or(0))}
	n := [2]Number{p.N1, p.N2}
	var arms [2]ClusterArm
	for i := range arms {
		arms[i] = ClusterArm{N: n[i].Or(k[i] * p.M.Or(2)), K: k[i], CV: cv[i]}
	}
	return arms
}
