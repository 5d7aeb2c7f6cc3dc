package power

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// These benchmarks measure a row of a batch: the time to solve a plan for its sample size, beside the floor under it, one
// value of the noncentral t distribution at the same degrees of freedom and noncentrality. Both floors are measured: ours,
// and the series of gonum.

const benchmarkRows = 10_000

// solvedRows returns plans that ask for a sample size, and their answers.
func solvedRows(tb testing.TB, design Design) ([]*Plan, []*Answer) {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	plans, answers := make([]*Plan, 0, benchmarkRows), make([]*Answer, 0, benchmarkRows)
	for len(plans) < benchmarkRows {
		p := &Plan{Design: design, Delta: Of(0.15 + 0.6*rng.Float64()), Power: Of(0.7 + 0.25*rng.Float64())}
		switch {
		case design == DesignClusterMeans && len(plans)%2 == 0:
			p.M, p.ICC, p.CV, p.Correlation = Of(5+45*rng.Float64()), Of(0.1*rng.Float64()), Of(0.7*rng.Float64()), Of(0.5)
		case design == DesignClusterMeans:
			p.K1, p.K2, p.ICC, p.CV, p.Correlation = Of(float64(8+rng.IntN(20))), Of(float64(8+rng.IntN(20))), Of(0.03*rng.Float64()), Of(0.7*rng.Float64()), Of(0.5)
		}
		a, err := p.Solve()
		if NoAnswer(err) {
			continue
		}
		if err != nil {
			tb.Fatal(err)
		}
		plans, answers = append(plans, p), append(answers, a)
	}
	return plans, answers
}

func BenchmarkBatch(b *testing.B) {
	for _, design := range []Design{DesignMeans, DesignPaired, DesignClusterMeans} {
		plans, answers := solvedRows(b, design)
		b.Run(string(design)+"/solve", func(b *testing.B) {
			for b.Loop() {
				for _, p := range plans {
					if _, err := p.Solve(); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchmarkRows, "ns/row")
		})
		floor := func(name string, tail func(q, df, lambda float64) float64) {
			b.Run(string(design)+"/"+name, func(b *testing.B) {
				sum := 0.0
				for b.Loop() {
					for _, a := range answers {
						sum += tail(2, a.DF.Value, a.Delta/a.SE.Value)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchmarkRows, "ns/row")
				if !(sum > 0) {
					b.Error(sum)
				}
			})
		}
		floor("floor", exceeds)
		floor("floor-gonum", func(q, df, lambda float64) float64 { return 1 - distuv.NoncentralT{Nu: df, Mu: lambda}.CDF(q) })
	}
}
