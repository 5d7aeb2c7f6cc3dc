package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	decimals "wellwave/scoring/decimal"
	"wellwave/surveys/risk"
)

// json is the risk by all keys as an object.
func (p riskPrinter) json(r risk.Risk) jsonObject {
	var object jsonObject
	object.set("classes", r.Classes)
	object.set("k", r.Smallest)
	object.set("sample_uniques", r.Uniques)
	object.set("records_below_3", r.Below3)
	object.set("records_below_5", r.Below5)
	object.set("records_below_10", r.Below10)
	object.set("max_prosecutor_risk", r.Greatest)
	object.set("mean_prosecutor_risk", r.Mean)
	sensitive := jsonObject{}
	for i, s := range r.Sensitive {
		var of jsonObject
		of.set("l_distinct", s.Distinct)
		of.set("l_entropy", s.Entropy)
		of.set("t_total_variation", s.TotalVariation)
		sensitive.set(p.sensitive[i], of)
	}
	object.set("sensitive", sensitive)
	return object
}

// subsetsJSON is a list with an object for each subset, which names its keys first.
func (p riskPrinter) subsetsJSON(subsets []risk.Subset) []jsonObject {
	list := make([]jsonObject, len(subsets))
	for i, s := range subsets {
		list[i].set("keys", p.named(s.Keys))
		list[i] = append(list[i], p.json(s.Risk)...)
	}
	return list
}

// print writes the risk by all keys, a line for each measure.
func (p riskPrinter) print(w io.Writer, r risk.Risk) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, line := range []struct {
		what string
		n    int
	}{
		{"Rows", r.Rows}, {"Classes", r.Classes}, {"Rows of the smallest class (k)", r.Smallest}, {"Alone in their class (sample uniques)", r.Uniques},
		{"In classes below 3", r.Below3}, {"In classes below 5", r.Below5}, {"In classes below 10", r.Below10},
	} {
		_, _ = fmt.Fprintf(t, "%s\t%d\n", line.what, line.n)
	}
	_, _ = fmt.Fprintf(t, "Greatest prosecutor risk\t%s\nMean prosecutor risk\t%s\n", threeDigits(r.Greatest), threeDigits(r.Mean))
	if len(r.Sensitive) > 0 {
		_, _ = fmt.Fprint(t, "\nSENSITIVE\tL DISTINCT\tL ENTROPY\tT\n")
	}
	for i, s := range r.Sensitive {
		_, _ = fmt.Fprintf(t, "%s\t%d\t%s\t%s\n", orAll(p.sensitive[i]), s.Distinct, threeDigits(s.Entropy), threeDigits(s.TotalVariation))
	}
	return t.Flush() // which tells of any failed write
}

// printSubsets writes a line for each subset of keys.
func (p riskPrinter) printSubsets(w io.Writer, subsets []risk.Subset) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(t, "KEYS\tCLASSES\tK\tUNIQUES\tBELOW 3\tBELOW 5\tBELOW 10\tGREATEST RISK\tMEAN RISK")
	for _, name := range p.sensitive {
		_, _ = fmt.Fprintf(t, "\t%s: L, ENTROPY, T", orAll(name))
	}
	_, _ = fmt.Fprintln(t)
	for _, s := range subsets {
		r := s.Risk
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s", orAll(p.together(s.Keys)), r.Classes, r.Smallest, r.Uniques, r.Below3, r.Below5, r.Below10,
			threeDigits(r.Greatest), threeDigits(r.Mean))
		for _, sensitive := range r.Sensitive {
			_, _ = fmt.Fprintf(t, "\t%d, %s, %s", sensitive.Distinct, threeDigits(sensitive.Entropy), threeDigits(sensitive.TotalVariation))
		}
		_, _ = fmt.Fprintln(t)
	}
	return t.Flush() // which tells of any failed write
}

func threeDigits(x float64) string { return decimals.Fixed(x, 3) }
