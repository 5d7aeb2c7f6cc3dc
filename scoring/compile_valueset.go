package scoring

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// valueSet prepares the weighted and expected rules.
func (c *compiler) valueSet() {
	for _, item := range c.used {
		if len(item.Options) == 0 {
			c.fault("items", "The rule %s needs items with options, and %s has none.", c.def.Rule, item.Code)
		}
		if item.Reverse {
			c.fault("items", "The weights of %s are for the answers as given, so it cannot be reversed.", item.Code)
		}
	}
	c.foreign("weights", slices.Sorted(maps.Keys(c.def.Weights)))
	c.foreign("probabilities", slices.Sorted(maps.Keys(c.def.Probabilities)))
	if c.faults != nil {
		return
	}
	c.scale.constant, c.scale.unit = c.def.FullHealth, 1
	c.anyTerms()
	if c.scale.rule == weightedRule {
		c.levels()
		c.scale.inUnits()
		return
	}
	targets := c.targets()
	if c.faults == nil {
		most := math.Abs(c.def.FullHealth)
		for _, t := range targets {
			for _, w := range t.weights {
				most += math.Abs(w)
			}
		}
		for _, term := range c.scale.anyTerms {
			most += math.Abs(term.weight)
		}
		c.scale.slack = slackOf(max(most, 1))
		c.scale.expected = c.scale.expectedValues(targets)
	}
}

// foreign finds what is said of items that the scale does not have.
func (c *compiler) foreign(field string, codes []string) {
	for _, code := range codes {
		if !slices.Contains(c.def.Items, code) {
			c.fault(field+"."+code, "“%s” is not an item of this scale.", code)
		}
	}
}

func (c *compiler) anyTerms() {
	if c.def.AnyProblem != 0 {
		c.scale.anyTerms = append(c.scale.anyTerms, anyTerm{weight: c.def.AnyProblem})
	}
	for _, l := range slices.Sorted(maps.Keys(c.def.AnyLevel)) {
		if l < 1 || l != math.Trunc(l) || !finite(c.def.AnyLevel[l]) {
			c.fault("any_level", "any_level says a level, 1 or more, and what it adds.")
		}
		c.scale.anyTerms = append(c.scale.anyTerms, anyTerm{l, c.def.AnyLevel[l]})
	}
	if len(c.scale.anyTerms) > maxAnyTerms {
		c.fault("any_level", "A value set has at most %d terms for the whole state.", maxAnyTerms)
	}
}

// levels gives every option of every item its weight, for the weighted rule.
func (c *compiler) levels() {
	for i, item := range c.used {
		weights := c.def.Weights[item.Code]
		field := "weights." + item.Code
		for _, value := range slices.Sorted(maps.Keys(weights)) {
			if !slices.Contains(item.Options, value) {
				c.fault(field, "“%s” is not an answer to %s.", number(value), item.Code)
			}
		}
		for _, option := range item.Options {
			weight, ok := weights[option]
			if !ok && option != item.Min || !finite(weight) {
				c.fault(field, "The answer %s to %s has no weight.", number(option), item.Code)
			}
			l := level{value: option, weight: weight}
			for bit, term := range c.scale.anyTerms {
				if term.level == 0 && option != item.Min || term.level == option && option != 0 {
					l.flags |= 1 << bit
				}
			}
			c.scale.terms[i].levels = append(c.scale.terms[i].levels, l)
		}
	}
}

// targets reads the probabilities and the weights of the other version, for the expected rule.
func (c *compiler) targets() []target {
	targets := make([]target, len(c.used))
	states := 1
	for i, item := range c.used {
		t := &targets[i]
		field := "probabilities." + item.Code
		other := 0 // levels of the other version
		for _, option := range item.Options {
			p, ok := c.def.Probabilities[item.Code][option]
			if !ok {
				c.fault(field, "The answer %s to %s has no probabilities.", number(option), item.Code)
				return nil
			}
			if other == 0 {
				other = len(p)
			}
			if len(p) != other || !isDistribution(p) {
				c.fault(fmt.Sprintf("%s.%s", field, number(option)), "Probabilities lie between 0 and 1 and add up to 1, one for each level of the other version.")
				return nil
			}
			t.probabilities = append(t.probabilities, p)
			c.scale.terms[i].levels = append(c.scale.terms[i].levels, level{value: option})
		}
		t.weights = c.otherWeights(item.Code, other)
		if states *= len(item.Options); states > maxStates {
			c.fault("items", "The items have more than %d states, too many for the rule expected.", maxStates)
			return nil
		}
	}
	return targets
}

// otherWeights returns the weights of levels 1 to n of the other version; level 1 may be left out.
func (c *compiler) otherWeights(code string, n int) []float64 {
	weights := make([]float64, n)
	for _, value := range slices.Sorted(maps.Keys(c.def.Weights[code])) {
		weight := c.def.Weights[code][value]
		if value != math.Trunc(value) || value < 1 || value > float64(n) || !finite(weight) {
			c.fault("weights."+code, "“%s” is not one of the levels 1 to %d.", number(value), n)
			continue
		}
		weights[int(value)-1] = weight
	}
	for l := 2; l <= n; l++ {
		if _, ok := c.def.Weights[code][float64(l)]; !ok {
			c.fault("weights."+code, "Level %d of %s has no weight.", l, code)
		}
	}
	for _, term := range c.scale.anyTerms {
		if term.level > float64(n) {
			c.fault("any_level", "%s has no level %s.", code, number(term.level))
		}
	}
	return weights
}

func isDistribution(p []float64) bool {
	var sum float64
	for _, v := range p {
		if !(v >= 0 && v <= 1) {
			return false
		}
		sum += v
	}
	return math.Abs(sum-1) < 1e-9
}
