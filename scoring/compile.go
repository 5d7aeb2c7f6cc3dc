package scoring

import (
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"

	"wellwave/scoring/decimal"
)

// maxStates bounds the table that the expected rule keeps, and so the memory that a file can ask for.
const maxStates = 100_000

// maxAnyTerms is how many once-a-state terms fit the flags of a level.
const maxAnyTerms = 8

// Compile checks def against the items of its instrument and returns the scale that scores them. Its error is of type
// [Faults] and lists every mistake found.
func Compile(def Definition, items []Item) (*Scale, error) {
	c := &compiler{scale: &Scale{definition: def, width: len(items)}, def: &def}
	c.head()
	c.items(items)
	if c.faults == nil { // the rest needs a rule and items
		c.scale.precise(c.used)
		c.missing()
		c.rule()
	}
	if c.faults == nil { // and the range needs all of it
		c.rangeAndBands()
	}
	if c.faults != nil {
		return nil, c.faults
	}
	return c.scale, nil
}

// compiler collects the faults of one definition while it fills in the scale.
type compiler struct {
	def    *Definition
	scale  *Scale
	used   []Item // the scale's items, in its order
	faults Faults
}

func (c *compiler) fault(field, format string, args ...any) {
	c.faults = append(c.faults, Fault{field, fmt.Sprintf(format, args...)})
}

func (c *compiler) head() {
	if c.def.ID == "" {
		c.fault("id", "A scale needs an id.")
	}
	c.scale.rule = rule(max(slices.Index(ruleNames[1:], c.def.Rule)+1, 0))
	if c.scale.rule == 0 {
		c.fault("rule", "“%s” is not a rule. The rules are sum, mean, count, weighted and expected.", c.def.Rule)
	}
	switch c.def.Direction {
	case "higher-better", "higher-worse", "neutral":
	default:
		c.fault("direction", "The direction must be higher-better, higher-worse or neutral, not “%s”.", c.def.Direction)
	}
	c.rounding()
}

func (c *compiler) rounding() {
	before := maxDecimals
	for i, d := range c.def.Round {
		if d < 0 || d > before {
			c.fault(fmt.Sprintf("round[%d]", i), "Rounding goes to 0 to %d decimals, each step to fewer than the one before.", maxDecimals)
			return
		}
		before = d
	}
}

// items finds the scale's items and makes a term of each.
func (c *compiler) items(all []Item) {
	if len(c.def.Items) == 0 {
		c.fault("items", "A scale needs at least one item.")
	}
	for i, code := range c.def.Items {
		field := fmt.Sprintf("items[%d]", i)
		at := slices.IndexFunc(all, func(item Item) bool { return item.Code == code })
		if at < 0 {
			c.fault(field, "“%s” is not a scored item of this instrument.", code)
			continue
		}
		if slices.Index(c.def.Items, code) < i {
			c.fault(field, "“%s” is in this scale twice.", code)
			continue
		}
		item := all[at]
		if !finite(item.Min, item.Max) || item.Min >= item.Max {
			c.fault(field, "“%s” has no lowest and highest answer, so it cannot be scored.", code)
			continue
		}
		t := term{index: at, lo: item.Min, hi: item.Max, sign: 1}
		if item.Reverse {
			t.sign = -1
		}
		c.used = append(c.used, item)
		c.scale.terms = append(c.scale.terms, t)
		c.scale.outOfRange = append(c.scale.outOfRange, fmt.Sprintf("The answer to %s is not one of its answers.", code))
	}
}

// missing works out how many answers are needed and prepares the sentences for those who gave fewer.
func (c *compiler) missing() {
	m, n := c.def.Missing, len(c.scale.terms)
	switch {
	case b2f(m.Allow != 0)+b2f(m.Answered != 0)+b2f(m.Share != 0) > 1:
		c.fault("missing", "Say how many answers may be missing, or how many or which share must be there, not more than one of these.")
	case m.Allow < 0 || m.Allow >= n:
		c.fault("missing.allow", "Of %d items 0 to %d answers may be missing.", n, n-1)
	case m.Answered < 0 || m.Answered > n:
		c.fault("missing.answered", "There are %d items, so between 1 and %d can be asked for.", n, n)
	case !(m.Share >= 0 && m.Share <= 1):
		c.fault("missing.share", "The share of items that must be answered lies between 0 and 1.")
	}
	c.scale.needed = n - m.Allow
	switch {
	case m.Answered > 0:
		c.scale.needed = m.Answered
	case m.Share > 0:
		const slip = 1e-9 // 0.7 × 10 is a little more than 7
		c.scale.needed = max(int(math.Ceil(m.Share*float64(n)-slip)), 1)
	}
	c.scale.fills = c.scale.rule == meanRule || c.scale.rule == sumRule && m.Fill != fillNone
	c.fill(c.scale.needed < n)
	c.only(c.scale.needed < n)
	for answered := range n {
		c.scale.tooFew = append(c.scale.tooFew, fmt.Sprintf("%d of %d items are answered, and the score needs %d.", answered, n, c.scale.needed))
	}
}

// fill checks what stands in for missing answers.
func (c *compiler) fill(allowed bool) {
	switch fill := c.def.Missing.Fill; {
	case fill != "" && fill != fillMean && fill != fillNone:
		c.fault("missing.fill", "“%s” is not a way to fill in missing answers. There is person-mean, and none for adding up what is answered.", fill)
	case fill == fillMean && c.scale.rule != sumRule && c.scale.rule != meanRule:
		c.fault("missing.fill", "Only a sum or a mean can be filled in by the person's mean.")
	case fill == fillNone && c.scale.rule != sumRule:
		c.fault("missing.fill", "Only a sum has to say that missing answers are not filled in.")
	case fill == fillNone && slices.ContainsFunc(c.used, func(i Item) bool { return i.Min != 0 }):
		c.fault("missing.fill", "A sum can leave answers out only where 0 is the lowest answer to every item; elsewhere it would fall below its range.")
	case allowed && c.scale.rule == sumRule && fill == "":
		c.fault("missing", "A sum that allows missing answers must say how they are filled in: person-mean or none.")
	case allowed && c.scale.rule >= weightedRule:
		c.fault("missing", "The rule %s needs every answer.", c.def.Rule)
	case allowed && c.def.Table != nil:
		c.fault("missing", "A conversion table needs every answer, because a prorated sum stands between its rows.")
	case allowed && c.def.OneOf != nil:
		c.fault("missing", "With needs_one_of every answer is needed, because the missing one may be the one that counts.")
	case allowed && c.scale.fills && !sameRange(c.used):
		c.fault("missing", "Missing answers can be filled in only where all items have the same lowest and highest answer.")
	}
}

// only marks the items whose answers must be there, if some items may be missing and others not.
func (c *compiler) only(allowed bool) {
	only := c.def.Missing.Only
	if only == nil {
		return
	}
	if !allowed {
		c.fault("missing.only", "No answer may be missing here, so there is nothing to name.")
	}
	c.foreign("missing.only", only)
	for i := range c.scale.terms {
		code := c.used[i].Code
		c.scale.terms[i].required = !slices.Contains(only, code)
		c.scale.lacking = append(c.scale.lacking, fmt.Sprintf("%s is not answered, and the score needs it.", code))
	}
}

func sameRange(items []Item) bool {
	return !slices.ContainsFunc(items, func(i Item) bool { return i.Min != items[0].Min || i.Max != items[0].Max })
}

// rule checks what belongs to one rule and refuses what belongs to another.
func (c *compiler) rule() {
	s := c.scale
	c.belongs("at_least", c.def.AtLeast != nil, s.rule == countRule)
	c.belongs("at_least_of", c.def.AtLeastOf != nil, s.rule == countRule)
	c.belongs("needs_one_of", c.def.OneOf != nil, s.rule == countRule)
	c.belongs("table", c.def.Table != nil, s.rule == sumRule || s.rule == countRule)
	c.belongs("transform", c.def.Transform != nil, s.rule <= countRule)
	c.belongs("reaches", c.def.Reaches != nil, s.rule <= countRule)
	c.belongs("full_health", c.def.FullHealth != 0, s.rule >= weightedRule)
	c.belongs("any_problem", c.def.AnyProblem != 0, s.rule >= weightedRule)
	c.belongs("any_level", c.def.AnyLevel != nil, s.rule >= weightedRule)
	c.belongs("weights", c.def.Weights != nil, s.rule >= weightedRule)
	c.belongs("probabilities", c.def.Probabilities != nil, s.rule == expectedRule)
	switch s.rule {
	case countRule:
		c.count()
	case weightedRule, expectedRule:
		c.valueSet()
	}
	if c.def.Table != nil {
		c.table()
	}
	if t := c.def.Transform; t != nil && (!finite(t.Add, t.Multiply, t.Divide) || c.def.Table != nil) {
		c.fault("transform", "A transform is made of ordinary numbers and does not go with a conversion table.")
	}
}

func (c *compiler) belongs(field string, given, here bool) {
	if given && !here {
		c.fault(field, "%s does not belong to the rule %s.", field, c.def.Rule)
	}
}

func (c *compiler) count() {
	c.foreign("at_least_of", slices.Sorted(maps.Keys(c.def.AtLeastOf)))
	c.foreign("needs_one_of", c.def.OneOf)
	for i, item := range c.used {
		t := &c.scale.terms[i]
		atLeast, own := c.def.AtLeastOf[item.Code]
		field := "at_least_of." + item.Code
		switch {
		case own:
		case c.def.AtLeast == nil:
			c.fault("at_least", "The rule count needs at_least, the value from which an item counts.")
			return
		default:
			atLeast, field = *c.def.AtLeast, "at_least"
		}
		if !(atLeast > item.Min && atLeast <= item.Max) {
			c.fault(field, "With at_least %s the item %s would count always or never.", number(atLeast), item.Code)
			return
		}
		t.from = atLeast
		if item.Reverse { // lowest + highest − answer ≥ at_least
			most := new(big.Rat).Sub(t.exactBase, decimal.Rat(atLeast))
			t.from, _ = most.Neg(most).Float64()
		}
		t.core = slices.Contains(c.def.OneOf, item.Code)
	}
	c.scale.cored = c.def.OneOf != nil
}

// table checks that every possible sum has a row and that no row is for an impossible one.
func (c *compiler) table() {
	possible := c.possible()
	if possible == nil {
		return
	}
	for _, sum := range slices.Sorted(maps.Keys(possible)) {
		if to, ok := c.def.Table[sum]; !ok || !finite(to) {
			c.fault("table", "The table has no score for the %s %s.", c.def.Rule, number(sum))
		}
	}
	for _, from := range slices.Sorted(maps.Keys(c.def.Table)) {
		if !possible[from] {
			c.fault("table", "The table has a row for %s, which no answers add up to.", number(from))
		}
		c.scale.table = append(c.scale.table, row{from, c.def.Table[from]})
	}
}

// possible returns every sum or count that answers can have, nil with a fault where they cannot be listed.
func (c *compiler) possible() map[float64]bool {
	possible := map[float64]bool{0: true}
	for at, item := range c.used {
		steps := item.Options
		if c.scale.rule == countRule {
			steps = []float64{0, 1}
		}
		if item.Reverse && c.scale.rule != countRule {
			steps = slices.Clone(steps)
			for i := range steps {
				steps[i] = clean(c.scale.terms[at].base - steps[i])
			}
		}
		if len(steps) == 0 {
			c.fault("table", "A conversion table needs items with options, and %s has none.", item.Code)
			return nil
		}
		next := make(map[float64]bool)
		for sum := range possible {
			for _, step := range steps {
				next[clean(sum+step)] = true
			}
			if len(next) > maxStates {
				c.fault("table", "The items have too many possible sums for a conversion table.")
				return nil
			}
		}
		possible = next
	}
	return possible
}

// clean returns a sum of decimal numbers without what binary fractions add to it.
func clean(sum float64) float64 {
	if n := math.Round(sum * billion); math.Abs(n) < fits {
		return n / billion
	}
	return sum
}

// rangeAndBands works out the lowest and highest score, and compares what the definition says with them.
func (c *compiler) rangeAndBands() {
	s := c.scale
	s.lo, s.hi = s.attainable()
	if c.def.Reaches != nil && !(s.lo < s.hi) {
		c.fault("reaches", "The score would always be %s, whatever the answers.", number(s.lo))
	}
	if c.def.Range != nil {
		const tolerance = 1e-9
		r := c.def.Range
		if len(r) != 2 || !(math.Abs(r[0]-s.lo) < tolerance && math.Abs(r[1]-s.hi) < tolerance) {
			c.fault("range", "The rule gives scores from %s to %s, and the range says otherwise.", number(s.lo), number(s.hi))
		}
	}
	for i, band := range c.def.Bands {
		field := fmt.Sprintf("bands[%d]", i)
		switch {
		case !(band.From >= s.lo && band.From <= s.hi):
			c.fault(field+".from", "The band begins at %s, outside the scores from %s to %s.", number(band.From), number(s.lo), number(s.hi))
		case band.Label == "":
			c.fault(field, "A band needs a label.")
		case i > 0 && band.From <= c.def.Bands[i-1].From:
			c.fault(field+".from", "Bands stand in ascending order, each with its own lower bound.")
		}
	}
	if d := c.def.Difference; d != nil && !(d.Value > 0 && finite(d.Value)) {
		c.fault("minimal_important_difference.value", "A difference is more than 0.")
	}
}

// attainable returns the lowest and the highest score that complete answers can have.
func (s *Scale) attainable() (lo, hi float64) {
	switch s.rule {
	case weightedRule:
		return s.weightedRange()
	case expectedRule:
		return slices.Min(s.expected), slices.Max(s.expected)
	}
	if s.table != nil {
		lo, hi = math.Inf(1), math.Inf(-1)
		for _, r := range s.table {
			lo, hi = min(lo, r.to), max(hi, r.to)
		}
		if r := s.definition.Reaches; r != nil {
			return b2f(lo >= *r), b2f(hi >= *r)
		}
		return s.rounded(lo), s.rounded(hi)
	}
	return s.ends()
}

// ends returns the scores of those who answer every item at one of its ends.
func (s *Scale) ends() (lo, hi float64) {
	var scores [2]float64
	for end := range scores {
		answers := make([]Answer, s.width)
		for _, t := range s.terms {
			value := t.lo
			if (end == 1) == (t.sign > 0) {
				value = t.hi
			}
			answers[t.index] = Answer{Value: value, Given: true}
		}
		scores[end] = s.Score(answers).Value
	}
	return min(scores[0], scores[1]), max(scores[0], scores[1])
}

func finite(values ...float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

func number(v float64) string { return decimal.Format(v) }
