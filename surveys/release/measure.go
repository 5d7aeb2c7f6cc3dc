package release

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"wellwave/surveys"
)

// classes counts how many people of each file share each combination of keys.
type classes struct {
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

// newClasses counts a release of so many responses.
func newClasses(plan *Plan, responses int) *classes {
	c := &classes{plan: plan, counts: make(map[string][]int), rows: make([]int, len(plan.Files)),
		limit: max(responses/plan.K, fewestCombinations)}
	for i := range plan.Files {
		c.adds = append(c.adds, len(plan.Files[i].keyNames(false)) > 0)
	}
	return c
}

// add counts one person; keys holds the keys of each file's record, nil for a file that the person is not in.
func (c *classes) add(keys [][]byte) {
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

// Measure is the outcome of counting one file.
type Measure struct {
	File     string `json:"file"`
	Rows     int    `json:"rows"`
	Classes  int    `json:"combinations"`
	Smallest int    `json:"smallest_combination"`
}

// measures returns what was counted, file by file.
func (c *classes) measures() []Measure {
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

// maxNamed bounds how many combinations a refusal names.
const maxNamed = 8

// verdict refuses a release in which some combination has fewer than k people. The refusal names combinations and never
// says how many people share them, because it may be shown where the answers may not.
func (c *classes) verdict() error {
	var short []string
	for key, counts := range c.counts {
		for f, n := range counts {
			if n > 0 && n < c.plan.K {
				short = append(short, fmt.Sprintf("%s (in %s)", c.describe(key), c.plan.Files[f].Name))
			}
		}
	}
	if c.full {
		return surveys.Errorf(surveys.Invalid,
			"this release is refused: its keys tell people apart so finely that fewer than %d share most combinations. Give the keys bands, or fewer keys, in the study's release plan",
			c.plan.K)
	}
	if len(short) == 0 {
		return nil
	}
	slices.Sort(short)
	more := ""
	if len(short) > maxNamed {
		more = fmt.Sprintf("; and %d more", len(short)-maxNamed)
		short = short[:maxNamed]
	}
	return surveys.Errorf(surveys.Invalid,
		"this release is refused: fewer than %d people share %s%s. Give the keys wider bands, or fewer keys, in the study's release plan, or wait for more answers",
		c.plan.K, strings.Join(short, "; "), more)
}

// describe names a combination as arm=links, age=75 and over. Keys of the person are named once, those of a file that
// more than one file has with the file.
func (c *classes) describe(key string) string {
	parts := strings.Split(key, string(partEnd))
	var words []string
	add := func(cells string, f int, person bool) {
		for i, cell := range strings.Split(strings.TrimSuffix(cells, string(cellEnd)), string(cellEnd)) {
			names := c.plan.Files[f].keyNames(person)
			if i >= len(names) {
				break // no keys at all give one empty cell
			}
			name := names[i]
			if cell == "" {
				cell = "(missing)"
			}
			if !person && c.repeated(name) {
				name = string(c.plan.Files[f].Wave) + " " + name
			}
			words = append(words, name+"="+cell)
		}
	}
	add(parts[0], 0, true)
	for f, cells := range parts[1:] {
		if cells == string(outside) {
			words = append(words, "not in "+c.plan.Files[f].Name)
			continue
		}
		add(cells, f, false)
	}
	if len(words) == 0 {
		return "the file, which has no keys"
	}
	return strings.Join(words, ", ")
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

// repeated reports whether more than one file has the key.
func (c *classes) repeated(name string) bool {
	n := 0
	for i := range c.plan.Files {
		if slices.Contains(c.plan.Files[i].keyNames(false), name) {
			n++
		}
	}
	return n > 1
}
