package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"wellwave/scoring"
	decimals "wellwave/scoring/decimal"
)

// json returns the description for programs.
func (d *description) json() jsonObject {
	items, scales := make(jsonObject, 0, len(d.items)), make(jsonObject, 0, len(d.scales))
	for i := range d.items {
		items.set(d.items[i].column.item.Code, d.items[i].json())
	}
	for i := range d.scales {
		scales.set(d.scales[i].scale.ID(), d.scales[i].json())
	}
	var o jsonObject
	o.set("items", items)
	o.set("scales", scales)
	return o
}

func (d *itemDescription) json() jsonObject {
	var o jsonObject
	o.set("n", d.given)
	o.set("missing", d.missing)
	o.set("mean", figureJSON(d.values.Mean()))
	o.set("sd", figureJSON(d.values.SD()))
	o.set("floor", figureJSON(d.share(d.floor)))
	o.set("ceiling", figureJSON(d.share(d.ceiling)))
	return o
}

func (d *scaleDescription) json() jsonObject {
	r := d.reliability()
	var o jsonObject
	o.set("n", d.score.N())
	o.set("mean", figureJSON(d.score.Mean()))
	o.set("sd", figureJSON(d.score.SD()))
	o.set("scored", d.filled.N())
	o.set("scored_mean", figureJSON(d.filled.Mean()))
	o.set("scored_sd", figureJSON(d.filled.SD()))
	o.set("alpha", figureJSON(r.alpha))
	o.set("alpha_low", figureJSON(r.low))
	o.set("alpha_high", figureJSON(r.high))
	o.set("omega_total", figureJSON(r.omega))
	o.set("omega_total_raw", figureJSON(r.omegaRaw))
	if r.whyNoOmega != "" {
		o.set("omega_total_why", r.whyNoOmega)
	}
	itemTotal := make(jsonObject, 0, len(d.codes))
	for i, code := range d.codes {
		itemTotal.set(code, figureJSON(r.itemTotal[i]))
	}
	o.set("item_total", itemTotal)
	o.set("groups", r.oneWay.Groups)
	o.set("grouped", r.oneWay.N)
	o.set("icc1", figureJSON(r.icc1))
	o.set("icc1_n0", figureJSON(r.icc1N0))
	o.set("icc1_low", figureJSON(r.icc1Low))
	o.set("icc1_high", figureJSON(r.icc1High))
	o.set("icc2", figureJSON(r.icc2))
	agreement := make(jsonObject, 0, len(r.groups))
	for i, group := range r.groups {
		agreement.set(group, figureJSON(r.agreement[i]))
	}
	o.set("rwgj", agreement)
	return o
}

// print writes the description as tables.
func (d *description) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "ITEM\tN\tMISSING\tMEAN\tSD\tFLOOR\tCEILING")
	for i := range d.items {
		item := &d.items[i]
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%s\n", item.column.item.Code, item.given, item.missing, three(item.values.Mean()), three(item.values.SD()),
			percent(item.share(item.floor)), percent(item.share(item.ceiling)))
	}
	results := make([]reliability, len(d.scales))
	for i := range d.scales {
		results[i] = d.scales[i].reliability()
	}
	if len(d.scales) > 0 {
		d.printScales(t, results)
	}
	if d.group >= 0 {
		d.printGroups(t, results)
	}
	return t.Flush() // which tells of any failed write
}

func (d *description) printScales(t io.Writer, results []reliability) {
	_, _ = fmt.Fprintln(t, "\nWho answered every item of the scale\nSCALE\tN\tMEAN\tSD\tALPHA\t95% INTERVAL\tOMEGA TOTAL\tOMEGA RAW")
	for i, r := range results {
		s := &d.scales[i]
		_, _ = fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", s.scale.ID(), s.score.N(), three(s.score.Mean()), three(s.score.SD()),
			three(r.alpha), between(r.low, r.high), three(r.omega), three(r.omegaRaw))
	}
	for i, r := range results {
		if s := &d.scales[i]; r.whyNoOmega != "" {
			_, _ = fmt.Fprintf(t, "No omega of %s: %s.\n", s.scale.ID(), r.whyNoOmega)
		}
	}
	_, _ = fmt.Fprintln(t, "\nEverybody with a score\nSCALE\tN\tMEAN\tSD")
	for i := range d.scales {
		s := &d.scales[i]
		_, _ = fmt.Fprintf(t, "%s\t%d\t%s\t%s\n", s.scale.ID(), s.filled.N(), three(s.filled.Mean()), three(s.filled.SD()))
	}
	_, _ = fmt.Fprintln(t, "\nCorrelation of each item with the sum of the others\nSCALE\tITEM\tR")
	for i, r := range results {
		for j, code := range d.scales[i].codes {
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\n", d.scales[i].scale.ID(), code, three(r.itemTotal[j]))
		}
	}
}

func (d *description) printGroups(t io.Writer, results []reliability) {
	_, _ = fmt.Fprintln(t, "\nHow alike people of one group are\nSCALE\tN\tGROUPS\tMEAN SIZE\tICC(1)\t95% INTERVAL\tN0\tICC(1) AT N0\tICC(2)")
	for i, r := range results {
		o, size, n0 := r.oneWay, scoring.Figure{}, scoring.Figure{}
		if o.Groups > 0 {
			size = scoring.Figure{Value: o.MeanSize(), Known: true}
		}
		if o.N0 > 0 {
			n0 = scoring.Figure{Value: o.N0, Known: true}
		}
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", d.scales[i].scale.ID(), o.N, o.Groups, three(size), three(r.icc1), between(r.icc1Low, r.icc1High),
			three(n0), three(r.icc1N0), three(r.icc2))
	}
	_, _ = fmt.Fprintln(t, "\nAgreement within each group\nSCALE\tGROUP\tN\tR_WG(J)")
	for i, r := range results {
		for j, group := range r.groups {
			score := d.scales[i].groups[group].score
			_, _ = fmt.Fprintf(t, "%s\t%s\t%d\t%s\n", d.scales[i].scale.ID(), orAll(group), score.N(), three(r.agreement[j]))
		}
	}
}

// three writes a figure with three decimals.
func three(f scoring.Figure) string {
	if !f.Known {
		return noNumber
	}
	return decimals.Fixed(f.Value, 3)
}

func percent(f scoring.Figure) string {
	if !f.Known {
		return noNumber
	}
	return decimals.Fixed(100*f.Value, 1) + "%"
}

func between(low, high scoring.Figure) string {
	if !low.Known {
		return noNumber
	}
	return three(low) + " to " + three(high)
}
