package scoring

import (
	"fmt"
	"math"
	"strings"
)

// RuleText says in words how the items become the score, such as "the mean of 6 items, then (score − 1) × 25".
func (s *Scale) RuleText() string {
	d, n := &s.definition, len(s.terms)
	var b strings.Builder
	switch {
	case n == 1 && s.rule <= meanRule:
		b.WriteString("the answer itself")
	case s.rule == countRule:
		fmt.Fprintf(&b, "how many of %d items %s", n, s.countText())
	case s.rule == weightedRule:
		fmt.Fprintf(&b, "the weights of the answers to %d items added up", n)
	case s.rule == expectedRule:
		fmt.Fprintf(&b, "the mean of another version's index over the states that the answers to %d items stand for", n)
	default:
		fmt.Fprintf(&b, "the %s of %d items", d.Rule, n)
	}
	if d.Table != nil {
		b.WriteString(", converted by a table")
	}
	if d.Transform != nil {
		b.WriteString(", then " + d.Transform.text())
	}
	if d.Reaches != nil {
		fmt.Fprintf(&b, ", then 1 from %s on and 0 below", number(*d.Reaches))
	}
	for i, decimals := range d.Round {
		word := ", then"
		if i == 0 {
			word = ", rounded"
		}
		fmt.Fprintf(&b, "%s to %d decimals", word, decimals)
	}
	return b.String()
}

func (s *Scale) countText() string {
	d := &s.definition
	text := "count"
	if d.AtLeast != nil {
		text = "are " + number(*d.AtLeast) + " or more"
	}
	for _, code := range d.Items {
		if own, ok := d.AtLeastOf[code]; ok {
			text += fmt.Sprintf(", %s from %s on", code, number(own))
		}
	}
	if d.OneOf != nil {
		text += ", none unless " + strings.Join(d.OneOf, " or ") + " does"
	}
	return text
}

func (t *Transform) text() string {
	text := "score"
	if t.Add != 0 {
		sign := '+'
		if t.Add < 0 {
			sign = '−'
		}
		text = fmt.Sprintf("(score %c %s)", sign, number(math.Abs(t.Add)))
	}
	if t.Multiply != 0 {
		text += " × " + number(t.Multiply)
	}
	if t.Divide != 0 {
		text += " ÷ " + number(t.Divide)
	}
	return text
}

// MissingText says in words which answers the scale can do without and what stands in for them, with the parameters of
// the rule.
func (s *Scale) MissingText() string {
	m, n := &s.definition.Missing, len(s.terms)
	if s.needed == n {
		return "no answer may be missing"
	}
	text := fmt.Sprintf("at least %d of %d items answered", s.needed, n)
	if m.Share > 0 {
		text += fmt.Sprintf(" (a share of %s)", number(m.Share))
	}
	if m.Only != nil {
		text += ", only " + strings.Join(m.Only, ", ") + " may be missing"
	}
	switch {
	case s.rule == meanRule:
		return text + "; the mean is of those answered"
	case s.fills:
		return text + "; the person's mean stands in for the others"
	}
	return text + "; the others add nothing"
}
