package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// BenchmarkPowerBatch answers a table of 10,000 plans that ask for a sample size, through the whole command, from bytes to
// bytes, and reports how many times the cost of one value of the noncentral t distribution a row takes. That floor is
// gonum's series, which is quicker than ours and knows less of the tails. The target is under 60.
func BenchmarkPowerBatch(b *testing.B) {
	const rows = 10_000
	for _, design := range []string{"means", "paired", "cluster-means"} {
		b.Run(design, func(b *testing.B) {
			random := rand.New(rand.NewPCG(5, 6))
			var table bytes.Buffer
			table.WriteString("id,design,delta,power,icc,m,k,cv,correlation\n")
			deltas := make([]float64, rows)
			for i := range rows {
				deltas[i] = 0.3 + 0.5*random.Float64()
				fmt.Fprintf(&table, "%d,%s,%.4f,%.3f", i+1, design, deltas[i], 0.7+0.25*random.Float64())
				switch {
				case design != "cluster-means":
					table.WriteString(",,,,,\n")
				case i%2 == 0:
					fmt.Fprintf(&table, ",%.3f,%d,,%.2f,0.5\n", 0.1*random.Float64(), 5+random.IntN(45), random.Float64())
				default:
					fmt.Fprintf(&table, ",%.3f,,%d,%.2f,0.5\n", 0.03*random.Float64(), 10+random.IntN(30), random.Float64())
				}
			}
			var took, floor time.Duration
			sum := 0.0
			for b.Loop() {
				began := time.Now()
				var stderr bytes.Buffer
				if code := run(b.Context(), []string{"power", "--batch", "-"}, bytes.NewReader(table.Bytes()), io.Discard, &stderr); code != exitDone {
					b.Fatalf("exit %d: %s", code, &stderr)
				}
				took += time.Since(began)

				began = time.Now()
				for _, delta := range deltas {
					sum += distuv.NoncentralT{Nu: 20 + 200*delta, Mu: 2.8 + delta}.CDF(2)
				}
				floor += time.Since(began)
			}
			if !(sum > 0) {
				b.Error(sum)
			}
			b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/rows, "ns/row")
			b.ReportMetric(float64(took)/float64(floor), "x-floor")
		})
	}
}
