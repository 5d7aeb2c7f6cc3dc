package release

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wellwave/surveys/disclosure"
)

// Advice is one change of the keys and what it would do.
type Advice struct {
	Key      string `json:"key"`
	Change   string `json:"change"`   // such as: in two bands
	Smallest [2]int `json:"smallest"` // people who share the rarest combination, before and after
	Blanked  int    `json:"blanked"`  // cells to blank after it; −1 where blanking could not hide everybody
	Enough   bool   `json:"enough"`   // the release would be made
}

// String says it in a line.
func (a Advice) String() string {
	text := fmt.Sprintf("%s %s: smallest class %d → %d", a.Key, a.Change, a.Smallest[0], a.Smallest[1])
	switch {
	case a.Blanked > 0:
		text += fmt.Sprintf(", %d cells blanked", a.Blanked)
	case a.Blanked < 0:
		return text + ", which is not enough by itself"
	}
	if !a.Enough {
		text += ", which is not enough by itself"
	}
	return text
}

// maxAdvice bounds what a refusal suggests.
const maxAdvice = 5

// advise tries what each key could lose, and returns what would help, the best first.
func (c *classes) advise() []Advice {
	if c.full {
		return nil
	}
	before := smallestOf(after(c.list, nil, len(c.rows)))
	var list []Advice
	for i := range c.keys {
		for _, change := range c.changes(i) {
			list = append(list, c.try(i, change, before))
		}
	}
	list = slices.DeleteFunc(list, func(a Advice) bool { return a.Smallest[1] <= before && a.Blanked < 0 })
	slices.SortStableFunc(list, func(a, b Advice) int {
		if a.Enough != b.Enough {
			if a.Enough {
				return -1
			}
			return 1
		}
		if (a.Blanked < 0) != (b.Blanked < 0) {
			return cmp.Compare(b.Blanked, a.Blanked)
		}
		return cmp.Or(cmp.Compare(a.Blanked, b.Blanked), cmp.Compare(b.Smallest[1], a.Smallest[1]))
	})
	return list[:min(len(list), maxAdvice)]
}

func smallestOf(shared []sharing) int {
	least := 0
	for _, s := range shared {
		if n := s.smallest(); least == 0 || n < least {
			least = n
		}
	}
	return least
}

// recoding is a change of a key: what becomes of each of its cells.
type recoding struct {
	says string
	to   func(cell string) string
}

// changes lists coarser ways to write the i-th key.
func (c *classes) changes(i int) []recoding {
	values := make(map[string]int)
	for _, class := range c.list {
		for _, m := range class.Members {
			values[class.Keys[i]] += m.N
		}
	}
	var list []recoding
	if order, ok := c.ordered(i, values); ok {
		for n := 3; n >= 2; n-- {
			if len(order) > n {
				list = append(list, inBands(order, values, n))
			}
		}
	} else if rest := rareValues(values, c.plan.K); len(rest) > 1 && len(values)-len(rest) > 0 {
		list = append(list, recoding{fmt.Sprintf("with %s put together", strings.Join(rest, ", ")), func(cell string) string {
			if slices.Contains(rest, cell) {
				return "other"
			}
			return cell
		}})
	}
	return append(list, recoding{"left out", func(string) string { return "" }})
}

// ordered returns the values of a key in their order, if they have one: numbers and bands. What is missing is none of them.
func (c *classes) ordered(i int, values map[string]int) ([]string, bool) {
	labels := c.keys[i].column.Labels
	var order []string
	for v := range values {
		if !strings.HasPrefix(v, "(") {
			order = append(order, v)
		}
	}
	if len(labels) > 0 {
		slices.SortFunc(order, func(a, b string) int { return cmp.Compare(slices.Index(labels, a), slices.Index(labels, b)) })
		return order, true
	}
	if t := c.keys[i].column.Type; t != Number && t != Days {
		return nil, false
	}
	number := func(s string) float64 {
		n, _ := strconv.ParseFloat(s, 64) // written by appendNumber
		return n
	}
	slices.SortFunc(order, func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	return order, true
}

// inBands puts ordered values into n bands of people as equal as can be.
func inBands(order []string, values map[string]int, n int) recoding {
	total := 0
	for _, v := range order {
		total += values[v]
	}
	band, bounds, so := make(map[string]int), []string{}, 0
	for _, v := range order {
		at := min(so*n/max(total, 1), n-1)
		if len(bounds) > 0 {
			at = min(at, len(bounds)) // no band is left out
		}
		if at == len(bounds) {
			bounds = append(bounds, v)
		}
		band[v] = at
		so += values[v]
	}
	words := map[int]string{2: "two", 3: "three"}
	return recoding{fmt.Sprintf("in %s bands, from %s", words[n], strings.Join(bounds, ", from ")), func(cell string) string {
		if at, ok := band[cell]; ok {
			return bounds[at]
		}
		return cell
	}}
}

// rareValues lists the values that fewer than k people have, and the least frequent of the others if those together are too few.
func rareValues(values map[string]int, k int) []string {
	var list []string
	for v := range values {
		if !strings.HasPrefix(v, "(") {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(values[a], values[b]), cmp.Compare(a, b)) })
	n, so := 0, 0
	for n < len(list) && (values[list[n]] < k || 0 < so && so < k) {
		so += values[list[n]]
		n++
	}
	rare := list[:n]
	slices.Sort(rare)
	return rare
}

// try counts again with one key changed.
func (c *classes) try(i int, change recoding, before int) Advice {
	index := make(map[string]int)
	var list []disclosure.Class
	for _, class := range c.list {
		keys := slices.Clone(class.Keys)
		keys[i] = change.to(keys[i])
		name := strings.Join(keys, string(cellEnd))
		at, ok := index[name]
		if !ok {
			at = len(list)
			index[name] = at
			list = append(list, disclosure.Class{Keys: keys})
		}
		for _, m := range class.Members {
			same := slices.IndexFunc(list[at].Members, func(o disclosure.Members) bool { return o.Files == m.Files })
			if same >= 0 {
				list[at].Members[same].N += m.N
			} else {
				list[at].Members = append(list[at].Members, m)
			}
		}
	}
	a := Advice{Key: c.keys[i].name, Change: change.says, Smallest: [2]int{before, smallestOf(after(list, nil, len(c.rows)))}, Blanked: -1}
	changed := *c
	changed.list = list
	if tried := changed.assess(); len(tried.After) > 0 {
		a.Blanked, a.Enough = tried.Blanked.Cells, len(tried.Refused) == 0
	}
	return a
}
