package release

import (
	"bytes"

	"wellwave/surveys"
)

// classes1 counts how many people of each file share each combination of keys.
type classes1 struct {
	plan   *Plan
	counts map[string][]int // by combination, then by file
	rows   []int            // by file
	adds   []bool           // by file: it has keys besides those of the person
	limit  int              // more combinations than this cannot all have k people
	full   bool             // there are more combinations than k allows, whatever comes
	key    []byte
}

// fewestCombinations are always counted, so that a refusal can name them.
const fewestCombinations = 10_000

// newClasses1 counts a release of so many responses.
func newClasses1(plan *Plan, responses int) *classes1 {
	c := &classes1{plan: plan, counts: make(map[string][]int), rows: make([]int, len(plan.Files)),
		limit: max(responses/plan.K, fewestCombinations)}
	for i := range plan.Files {
		c.adds = append(c.adds, len(plan.Files[i].keyNames(false)) > 0)
	}
	return c
}

// add counts one person; keys holds the keys of each file's record, nil for a file that the person is not in.
func (c *classes1) add(keys [][]byte) {
	c.key = c.key[:0]
	for _, k := range keys {
		if k != nil {
			c.key = append(c.key, k[:bytes.IndexByte(k, partEnd)]...)
			break
		}
	}
	for f, k := range keys {
		c.key = append(c.key, partEnd)
		switch {
		case !c.adds[f]: // being in the file is no key
		case k == nil:
			c.key = append(c.key, outside)
		default:
			c.key = append(c.key, k[bytes.IndexByte(k, partEnd)+1:]...)
		}
	}
	counts, ok := c.counts[string(c.key)]
	if !ok {
		if len(c.counts) >= c.limit {
			c.full = true
			return
		}
		counts = make([]int, len(keys))
		c.counts[string(c.key)] = counts
	}
	for f, k := range keys {
		if k != nil {
			counts[f]++
			c.rows[f]++
		}
	}
}

// measures returns what was counted, file by file.
func (c *classes1) measures() []Measure {
	found := make([]Measure, len(c.plan.Files))
	for f := range found {
		found[f].File, found[f].Rows = c.plan.Files[f].Name, c.rows[f]
	}
	for _, counts := range c.counts {
		for f, n := range counts {
			if n > 0 {
				found[f].Classes++
				if found[f].Smallest == 0 || n < found[f].Smallest {
					found[f].Smallest = n
				}
			}
		}
	}
	return found
}

// keyNames lists the keys of the person, or those that are answers, in the order of a combination.
func (f *File) keyNames(person bool) []string {
	var names []string
	for i := range f.Columns {
		if c := &f.Columns[i]; c.Class == surveys.ClassKey && c.ofPerson() == person {
			names = append(names, c.Name)
		}
	}
	return names
}
