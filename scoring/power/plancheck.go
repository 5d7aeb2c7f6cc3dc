package power

import (
	"errors"
	"fmt"
	"strings"
)

// check looks for mistakes that the designs themselves can't see: what belongs to another design, and the same thing said
// twice or by half.
func (p *Plan) check() error {
	if err := p.checkForeign(); err != nil {
		return err
	}
	if sides := p.Sides.Or(2); sides != 1 && sides != 2 {
		return errors.New("sides must be 1 or 2")
	}
	for _, loss := range []Number{p.Attrition1, p.Attrition2} {
		if !(loss.Value >= 0 && loss.Value < 1) {
			return errors.New("attrition must be 0 or more and less than 1")
		}
	}
	for _, size := range []Number{p.N1, p.N2, p.Pairs, p.K1, p.K2, p.K, p.M} {
		if size.Given && !(size.Value > 0 && size.Value <= mostPeople) {
			return errors.New("a size must be above 0 and at most 10^15")
		}
	}
	if p.DF.Given && !p.DF.Satterthwaite && !(p.DF.Value >= 2) {
		return ErrDF
	}
	if !p.Design.clustered() {
		return together("n1", p.N1, "n2", p.N2)
	}
	return p.checkClusters()
}

func (p *Plan) checkClusters() error {
	pairs := []struct {
		both, first, second string
		all, one, two       Number
	}{
		{"k", "k1", "k2", p.K, p.K1, p.K2},
		{"m", "n1", "n2", p.M, p.N1, p.N2},
		{"cv", "cv1", "cv2", p.CV, p.CV1, p.CV2},
	}
	for i, pair := range pairs {
		if pair.all.Given && (pair.one.Given || pair.two.Given) {
			return fmt.Errorf("%s is for both arms: give it or %s and %s", pair.both, pair.first, pair.second)
		}
		if i < 2 { // a coefficient of variation left out is 0
			if err := together(pair.first, pair.one, pair.second, pair.two); err != nil {
				return err
			}
		}
	}
	switch {
	case !p.ICC.Given:
		return errors.New("the intracluster correlation, icc, is missing; it may be 0 but must be said")
	case !p.clustersGiven() && !p.M.Given:
		return errors.New("give m, the mean size of a cluster, to solve for the number of clusters, or the clusters to solve for their size")
	case !p.clustersGiven():
		return nil
	}
	for i, arm := range p.arms() {
		if err := arm.possible(); err != nil {
			return err
		}
		if [2]Number{p.N1, p.N2}[i].Given && arm.N < arm.K {
			return ErrEmpty
		}
	}
	return nil
}

func together(name1 string, one Number, name2 string, two Number) error {
	if one.Given == two.Given {
		return nil
	}
	if one.Given {
		name1, name2 = name2, name1
	}
	return fmt.Errorf("%s is missing: %s is given alone", name1, name2)
}

// checkForeign refuses what a design doesn't use, unless it is a value that changes nothing. It would be ignored, and
// whoever gave it wouldn't know.
func (p *Plan) checkForeign() error {
	var known string
	switch p.Design {
	case DesignMeans:
		known = "n1 n2 delta sd correlation baseline_difference attrition2"
	case DesignPaired:
		known = "pairs delta sd correlation"
	case DesignProportions:
		known = "n1 n2 p1 p2 attrition2"
	case DesignClusterMeans:
		known = "n1 n2 k1 k2 cv1 cv2 k m cv delta sd icc correlation correlation_cluster baseline_difference attrition2 df"
	case DesignClusterProportions:
		known = "n1 n2 k1 k2 cv1 cv2 k m cv p1 p2 icc attrition2"
	default:
		return fmt.Errorf("there is no design “%s”; there are %s", p.Design, designNames())
	}
	if p.DF.Given && p.Design != DesignClusterMeans {
		return fmt.Errorf("the design %s takes no df", p.Design)
	}
	if p.Arcsine && !p.Design.proportions() {
		return fmt.Errorf("the design %s takes no arcsine method", p.Design)
	}
	known = " " + known + " "
	for _, f := range p.fields() {
		harmless := f.neutral.Given && f.neutral.Value == f.number.Value
		if f.number.Given && !harmless && !strings.Contains(known, " "+f.name+" ") {
			return fmt.Errorf("the design %s takes no %s", p.Design, f.name)
		}
	}
	return nil
}

func designNames() string {
	var names []string
	for _, d := range Designs() {
		names = append(names, string(d))
	}
	return strings.Join(names, ", ")
}

type planField struct {
	name            string
	number, neutral Number
}

// fields returns what only some designs take, with the value of each that changes nothing.
func (p *Plan) fields() []planField {
	zero, none := Of(0), Number{}
	return []planField{
		{"n1", p.N1, none}, {"n2", p.N2, none}, {"pairs", p.Pairs, none}, {"k1", p.K1, none}, {"k2", p.K2, none},
		{"cv1", p.CV1, zero}, {"cv2", p.CV2, zero}, {"k", p.K, none}, {"m", p.M, none}, {"cv", p.CV, zero},
		{"delta", p.Delta, none}, {"sd", p.SD, Of(1)}, {"p1", p.P1, none}, {"p2", p.P2, none}, {"icc", p.ICC, zero},
		{"correlation", p.Correlation, zero}, {"correlation_cluster", p.ClusterCorrelation, zero},
		{"baseline_difference", p.BaselineDifference, zero}, {"attrition2", p.Attrition2, zero},
	}
}
