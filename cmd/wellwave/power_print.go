package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	decimals "wellwave/scoring/decimal"
	"wellwave/scoring/power"
)

// ten writes a number with ten significant digits, as many as the calculations vouch for.
func ten(x float64) string { return decimals.Figures(x, 10) }

// tenOr writes a number in the same way and a blank as nothing.
func tenOr(n power.Number) string {
	if !n.Given {
		return ""
	}
	return ten(n.Value)
}

// whole writes a number that has no decimals.
func whole(n power.Number) string {
	if !n.Given {
		return ""
	}
	return decimals.Fixed(n.Value, 0)
}

// powerTable is a table of numbers for people, with a column for each arm where the arms have numbers of their own.
type powerTable struct {
	*tabwriter.Writer
}

func (t powerTable) one(label, value string) { _, _ = fmt.Fprintf(t, "%s\t%s\n", label, value) }

func (t powerTable) two(label string, first, second power.Number, format func(power.Number) string) {
	if first.Given {
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\n", label, format(first), format(second))
	}
}

// printPower writes an answer for people. What was solved for stands first.
func printPower(w io.Writer, p *power.Plan, a *power.Answer) error {
	tails := "two-sided"
	if p.Sides.Or(2) == 1 {
		tails = "one-sided"
	}
	if _, err := fmt.Fprintf(w, "%s, %s test at %s, solved for the %s\n\n", p.Design, tails, ten(p.Alpha.Or(0.05)), a.Solved); err != nil {
		return err
	}
	t := powerTable{tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)}
	t.one("Power", ten(a.Power))
	t.one("Difference", ten(a.Delta))
	if p.Design == power.DesignPaired {
		t.one("Pairs", ten(a.N.Value))
		t.one("Whole pairs", whole(a.NCeiling))
		t.one("Pairs to recruit", whole(a.Recruit1))
	} else {
		t.arms(a)
	}
	if a.SE.Given {
		t.one("Standard error", ten(a.SE.Value))
	}
	if a.DF.Given {
		t.one("Degrees of freedom", ten(a.DF.Value))
	}
	if limit := p.Limit(a); limit != nil {
		t.one("Power of these clusters at best", ten(limit.Power))
	}
	if err := t.Flush(); err != nil { // which tells of any failed write
		return err
	}
	for _, warning := range a.Warnings {
		if _, err := fmt.Fprintf(w, "\nNote: %s.\n", warning); err != nil {
			return err
		}
	}
	return nil
}

func (t powerTable) arms(a *power.Answer) {
	_, _ = fmt.Fprintln(t, "\tARM 1\tARM 2")
	t.two("Proportion", a.P1, a.P2, tenOr)
	t.two("People analysed", a.N1, a.N2, tenOr)
	t.two("Whole people", a.N1Ceiling, a.N2Ceiling, whole)
	t.two("People to recruit", a.Recruit1, a.Recruit2, whole)
	t.two("Clusters", a.K1, a.K2, tenOr)
	t.two("Whole clusters", a.K1Ceiling, a.K2Ceiling, whole)
	t.two("Mean cluster size", a.M1, a.M2, tenOr)
	t.two("Coefficient of variation", a.CV1, a.CV2, tenOr)
	t.two("Design effect", a.DEFF1, a.DEFF2, tenOr)
}

// powerJSON is an answer beside its question.
type powerJSON struct {
	Design power.Design `json:"design"`
	Input  *power.Plan  `json:"input"`
	*power.Answer
	Limit *power.Limit `json:"limit"` // null where there are no clusters
	Why   string       `json:"why,omitempty"`
}

// printPowerJSON writes an answer in full precision, or why there is none.
func printPowerJSON(w io.Writer, p *power.Plan, a *power.Answer, why error) error {
	shown := powerJSON{Design: p.Design, Input: p}
	switch {
	case why == nil:
		shown.Answer, shown.Limit = a, p.Limit(a)
	case a != nil:
		shown.Limit = a.Limit
	}
	if why != nil {
		shown.Why = why.Error()
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(shown)
}
