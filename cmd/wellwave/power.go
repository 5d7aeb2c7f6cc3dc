package main

import (
	"errors"
	"fmt"
	"strings"

	"wellwave/scoring/power"
	"wellwave/surveys"
)

type powerCommand struct {
	Means              powerMeansCommand              `cmd:"" help:"Two means, by Student's t test."`
	Paired             powerPairedCommand             `cmd:"" help:"The mean difference of pairs, by Student's t test."`
	Proportions        powerProportionsCommand        `cmd:"" help:"Two proportions, by a normal approximation."`
	ClusterMeans       powerClusterMeansCommand       `cmd:"" help:"Two means of people who come in clusters, such as practices."`
	ClusterProportions powerClusterProportionsCommand `cmd:"" help:"Two proportions of people who come in clusters."`
	File               powerBatchCommand              `cmd:"" default:"withargs" hidden:""`
}

// Help shows examples.
func (*powerCommand) Help() string {
	return `Leave out the sample size, the difference or the power to solve for it. Sizes are those analysed. Sizes that are solved for are exact roots, with the next whole numbers beside them. --json prints everything in full precision.

Where no size can do what is asked the exit code is 1.

` + batchHelp + ` --method arcsine is for its proportions.

Examples:
  wellwave power means --n1 64 --n2 64 --delta 0.5 --sd 1
  wellwave power cluster-means --k1 7 --k2 8 --icc 0.01 --correlation 0.5 --delta 0.3 --power 0.8
  wellwave power --batch plans.csv > answers.csv`
}

// powerTest is what every design has: the test, and how the answer is printed.
type powerTest struct {
	Alpha power.Number `placeholder:"P" help:"Significance level; 0.05 if left out."`
	Sides power.Number `placeholder:"1|2" help:"Sides of the test; 2 if left out."`
	Power power.Number `placeholder:"P" help:"Wanted power; left out to solve for it."`
	JSON  bool         `name:"json" help:"Print JSON with full precision."`
}

func (t powerTest) fill(p *power.Plan) { p.Alpha, p.Sides, p.Power = t.Alpha, t.Sides, t.Power }

// powerGroups are the sizes of two groups.
type powerGroups struct {
	N1 power.Number `name:"n1" placeholder:"N" help:"People analysed in the first group; leave both out to solve for them."`
	N2 power.Number `name:"n2" placeholder:"N" help:"People analysed in the second group."`
}

func (g powerGroups) fill(p *power.Plan) { p.N1, p.N2 = g.N1, g.N2 }

// powerLoss is the loss in two arms.
type powerLoss struct {
	Attrition1 power.Number `name:"attrition1" placeholder:"SHARE" help:"Share lost in the first arm, which more people must be recruited for."`
	Attrition2 power.Number `name:"attrition2" placeholder:"SHARE" help:"Share lost in the second arm."`
	Attrition  power.Number `placeholder:"SHARE" help:"Share lost in each arm."`
}

func (l powerLoss) fill(p *power.Plan) error {
	if l.Attrition.Given && (l.Attrition1.Given || l.Attrition2.Given) {
		return surveys.Errorf(surveys.Invalid, "--attrition is for both arms: give it or --attrition1 and --attrition2")
	}
	p.Attrition1, p.Attrition2 = l.Attrition1, l.Attrition2
	if l.Attrition.Given {
		p.Attrition1, p.Attrition2 = l.Attrition, l.Attrition
	}
	return nil
}

// powerDifference is a difference of means.
type powerDifference struct {
	Delta power.Number `placeholder:"D" help:"The difference; left out to solve for the smallest that can be found. A negative one is written --delta=-0.5."`
	SD    power.Number `name:"sd" placeholder:"SD" help:"Standard deviation of the outcome; 1 if left out, for differences in standard deviations."`
}

func (d powerDifference) fill(p *power.Plan) { p.Delta, p.SD = d.Delta, d.SD }

// powerBaseline is what an adjustment for the baseline does.
type powerBaseline struct {
	Correlation        power.Number `placeholder:"R" help:"Correlation of the outcome with its baseline, for an adjusted comparison."`
	BaselineDifference power.Number `placeholder:"D" help:"Difference between the arms at baseline, in standard deviations, for an adjusted comparison."`
}

func (b powerBaseline) fill(p *power.Plan) {
	p.Correlation, p.BaselineDifference = b.Correlation, b.BaselineDifference
}

// powerRates are two proportions.
type powerRates struct {
	P1     power.Number `name:"p1" placeholder:"P" help:"Proportion in the first group. Left out, the largest under p2 that can be told from it is solved for."`
	P2     power.Number `name:"p2" placeholder:"P" help:"Proportion in the second group. Left out, the smallest over p1 that can be told from it is solved for."`
	Method string       `default:"pooled" enum:"pooled,arcsine" help:"The approximation: variance pooled under the null hypothesis, or Cohen's h. One of ${enum}."`
}

func (r powerRates) fill(p *power.Plan) { p.P1, p.P2, p.Arcsine = r.P1, r.P2, r.Method == "arcsine" }

// powerClusters are the clusters of two arms.
type powerClusters struct {
	N1     power.Number `name:"n1" placeholder:"N" help:"People analysed in the first arm, in all its clusters."`
	N2     power.Number `name:"n2" placeholder:"N" help:"People analysed in the second arm."`
	K1     power.Number `name:"k1" placeholder:"K" help:"Clusters in the first arm."`
	K2     power.Number `name:"k2" placeholder:"K" help:"Clusters in the second arm."`
	CV1    power.Number `name:"cv1" placeholder:"CV" help:"Coefficient of variation of cluster size in the first arm, with divisor k; 0 if left out."`
	CV2    power.Number `name:"cv2" placeholder:"CV" help:"The same in the second arm."`
	Sizes1 []int        `name:"sizes1" placeholder:"N,…" help:"Sizes of the clusters of the first arm, instead of --n1, --k1 and --cv1."`
	Sizes2 []int        `name:"sizes2" placeholder:"N,…" help:"Sizes of the clusters of the second arm."`
	K      power.Number `placeholder:"K" help:"Clusters in each arm, instead of --k1 and --k2."`
	M      power.Number `placeholder:"M" help:"Mean size of the clusters in each arm, instead of --n1 and --n2."`
	CV     power.Number `name:"cv" placeholder:"CV" help:"Coefficient of variation in each arm."`
	ICC    power.Number `name:"icc" placeholder:"RHO" help:"Intracluster correlation."`
}

func (c powerClusters) fill(p *power.Plan) error {
	p.N1, p.N2, p.K1, p.K2, p.CV1, p.CV2 = c.N1, c.N2, c.K1, c.K2, c.CV1, c.CV2
	p.K, p.M, p.CV, p.ICC = c.K, c.M, c.CV, c.ICC
	if c.Sizes1 == nil && c.Sizes2 == nil {
		return nil
	}
	for _, n := range []power.Number{c.N1, c.N2, c.K1, c.K2, c.CV1, c.CV2, c.K, c.M, c.CV} {
		if n.Given {
			return surveys.Errorf(surveys.Invalid, "sizes of clusters say how many people and clusters there are and how their sizes vary: give nothing else of these")
		}
	}
	for _, sizes := range [][]int{c.Sizes1, c.Sizes2} {
		if len(sizes) == 0 {
			return surveys.Errorf(surveys.Invalid, "give both --sizes1 and --sizes2")
		}
		for _, size := range sizes {
			if size < 1 {
				return surveys.Errorf(surveys.Invalid, "a cluster cannot have the size %d", size)
			}
		}
	}
	one, two := power.ArmOf(c.Sizes1), power.ArmOf(c.Sizes2)
	p.N1, p.K1, p.CV1 = power.Of(one.N), power.Of(one.K), power.Of(one.CV)
	p.N2, p.K2, p.CV2 = power.Of(two.N), power.Of(two.K), power.Of(two.CV)
	return nil
}

type powerMeansCommand struct {
	powerGroups
	powerDifference
	powerBaseline
	powerLoss
	powerTest
}

// Help shows an example.
func (*powerMeansCommand) Help() string {
	return "The numbers are those of R's power.t.test with strict = TRUE.\n\nExamples:\n  wellwave power means --n1 64 --n2 64 --delta 0.5 --sd 1\n  wellwave power means --delta 0.5 --power 0.9 --attrition 0.2"
}

// Run answers.
func (c *powerMeansCommand) Run(a *app) error {
	p := &power.Plan{Design: power.DesignMeans}
	c.powerGroups.fill(p)
	c.powerDifference.fill(p)
	c.powerBaseline.fill(p)
	if err := c.powerLoss.fill(p); err != nil {
		return err
	}
	return c.answer(a, p)
}

type powerPairedCommand struct {
	Pairs power.Number `placeholder:"N" help:"Pairs analysed; left out to solve for them."`
	powerDifference
	Correlation power.Number `placeholder:"R" help:"Correlation between the two measurements. With it --sd is that of one measurement, without it that of their difference."`
	Attrition1  power.Number `name:"attrition" aliases:"attrition1" placeholder:"SHARE" help:"Share of the pairs lost."`
	powerTest
}

// Help shows an example.
func (*powerPairedCommand) Help() string {
	return "The numbers are those of R's power.t.test with type = \"paired\" and strict = TRUE.\n\nExample:\n  wellwave power paired --delta 0.3 --correlation 0.6 --power 0.8"
}

// Run answers.
func (c *powerPairedCommand) Run(a *app) error {
	p := &power.Plan{Design: power.DesignPaired, Pairs: c.Pairs, Correlation: c.Correlation, Attrition1: c.Attrition1}
	c.powerDifference.fill(p)
	return c.answer(a, p)
}

type powerProportionsCommand struct {
	powerGroups
	powerRates
	powerLoss
	powerTest
}

// Help shows an example.
func (*powerProportionsCommand) Help() string {
	return "The numbers are those of R's power.prop.test with strict = TRUE, and with --method arcsine those of its package pwr. A one-sided test looks in the direction in which the proportions differ.\n\nExample:\n  wellwave power proportions --p1 0.3 --p2 0.4 --power 0.8"
}

// Run answers.
func (c *powerProportionsCommand) Run(a *app) error {
	p := &power.Plan{Design: power.DesignProportions}
	c.powerGroups.fill(p)
	c.powerRates.fill(p)
	if err := c.powerLoss.fill(p); err != nil {
		return err
	}
	return c.answer(a, p)
}

type powerClusterMeansCommand struct {
	powerClusters
	powerDifference
	powerBaseline
	CorrelationCluster power.Number  `placeholder:"R" help:"Correlation of the clusters' means with their baseline; that of people if left out."`
	DF                 power.Freedom `name:"df" placeholder:"DF" help:"Degrees of freedom: a number, or satterthwaite; k1 + k2 − 2 if left out."`
	powerLoss
	powerTest
}

const clusterHelp = "Leave out --k, --k1 and --k2, and give --m, to solve for the number of clusters; leave out --m, --n1 and --n2, and give the clusters, to solve for their mean size, the same in both arms. "

// Help shows an example.
func (*powerClusterMeansCommand) Help() string {
	return clusterHelp + "More people in the same clusters help only so far: where that is not far enough the exit code is 1, and the message says how far, and how many clusters it takes. Attrition takes people from clusters, never clusters.\n\nExamples:\n  wellwave power cluster-means --n1 214 --k1 7 --n2 561 --k2 8 --icc 0.01 --delta 0.3\n  wellwave power cluster-means --m 40 --cv 0.4 --icc 0.02 --delta 0.3 --power 0.9 --attrition 0.15\n  wellwave power cluster-means --sizes1 12,18,24,30 --sizes2 35,45,55,65 --icc 0.01 --correlation 0.5 --power 0.8"
}

// Run answers.
func (c *powerClusterMeansCommand) Run(a *app) error {
	p := &power.Plan{Design: power.DesignClusterMeans, ClusterCorrelation: c.CorrelationCluster, DF: c.DF}
	c.powerDifference.fill(p)
	c.powerBaseline.fill(p)
	if err := errors.Join(c.powerClusters.fill(p), c.powerLoss.fill(p)); err != nil {
		return err
	}
	return c.answer(a, p)
}

type powerClusterProportionsCommand struct {
	powerClusters
	powerRates
	powerLoss
	powerTest
}

// Help shows an example.
func (*powerClusterProportionsCommand) Help() string {
	return clusterHelp + "People are divided by the design effect, and there is no correction for a small number of clusters.\n\nExample:\n  wellwave power cluster-proportions --k 12 --m 25 --icc 0.03 --p1 0.3 --p2 0.45"
}

// Run answers.
func (c *powerClusterProportionsCommand) Run(a *app) error {
	p := &power.Plan{Design: power.DesignClusterProportions}
	c.powerRates.fill(p)
	if err := errors.Join(c.powerClusters.fill(p), c.powerLoss.fill(p)); err != nil {
		return err
	}
	return c.answer(a, p)
}

// answer solves the plan and prints the answer.
func (t powerTest) answer(a *app, p *power.Plan) error {
	t.fill(p)
	answer, err := p.Solve()
	if err != nil && !power.NoAnswer(err) {
		return surveys.Errorf(surveys.Invalid, "%w", err)
	}
	if err != nil {
		err = errors.New(whyNot(p, answer, err))
	}
	if t.JSON {
		return errors.Join(printPowerJSON(a.stdout, p, answer, err), err)
	}
	if err != nil {
		return err
	}
	return printPower(a.stdout, p, answer)
}

// whyNot says why a plan has no answer, and what can be had instead.
func whyNot(p *power.Plan, answer *power.Answer, err error) string {
	var b strings.Builder
	b.WriteString(err.Error())
	if answer != nil && answer.Limit != nil {
		limit := answer.Limit
		fmt.Fprintf(&b, ": the power comes up to %s and no further", ten(limit.Power))
		if needed := limit.ClustersAtLeast; needed[0] > 0 {
			fmt.Fprintf(&b, "; for %s it takes at least %d and %d clusters", ten(p.Power.Value), needed[0], needed[1])
		}
	}
	return b.String()
}
