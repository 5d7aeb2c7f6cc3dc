package release

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// maxClasses bounds the combinations of keys that are counted: a release with more tells nearly everybody apart, and nothing
// that blanking could do would mend it.
const maxClasses = 200_000

// classes counts the people of a release by their combination of keys and by the files that they are in.
type classes struct {
	plan  *Plan
	keys  []keyOf        // in the order of importance
	at    []int          // by key: its place among the keys of its file
	index map[string]int // by combination: its place in list
	list  []disclosure.Class
	rows  []int // by file, everybody first
	full  bool  // more combinations than are counted
	cells [][][]byte
	key   []byte
}

func newClasses(plan *Plan) *classes {
	c := &classes{plan: plan, keys: plan.ranked(), index: make(map[string]int), rows: make([]int, len(plan.Files)+1), cells: make([][][]byte, len(plan.Files)+1)}
	seen := make(map[int]int)
	places := make(map[cellOf]int)
	for _, k := range plan.keys() { // in the order of the columns of each file
		places[k.of] = seen[k.of.file]
		seen[k.of.file]++
	}
	for _, k := range c.keys {
		c.at = append(c.at, places[k.of])
	}
	return c
}

// splitCells parts packed cells.
func splitCells(packed []byte, into [][]byte) [][]byte {
	into = into[:0]
	for len(packed) > 0 {
		end := bytes.IndexByte(packed, cellEnd)
		into = append(into, packed[:end])
		packed = packed[end+1:]
	}
	return into
}

// combination makes out the keys of a person, as bytes that are the person's until the next call, and the files that they are in.
func (c *classes) combination(records []record) (key []byte, files uint64) {
	for f := range c.cells { // what follows are earlier releases
		c.cells[f] = c.cells[f][:0]
		if records[f].id == nil {
			continue
		}
		files |= 1 << f
		packed := records[f].keys
		if f == 0 {
			packed = packed[bytes.IndexByte(packed, cellEnd)+1+2*rankSize+1:] // behind site and rank
		}
		c.cells[f] = splitCells(packed, c.cells[f])
	}
	c.key = c.key[:0]
	for i, k := range c.keys {
		f := k.of.file + 1
		switch {
		case records[f].id == nil:
			c.key = append(append(append(c.key, '('), c.plan.noAnswers()...), ')')
		default:
			cell := c.cells[f][c.at[i]]
			if m, missing := unpack(cell); missing {
				c.key = append(append(append(c.key, '('), c.plan.reason(m)...), ')')
			} else {
				c.key = append(c.key, cell...)
			}
		}
		c.key = append(c.key, cellEnd)
	}
	return c.key, files
}

// siteOf returns the site of a person.
func siteOf(records []record) []byte {
	return records[0].keys[:bytes.IndexByte(records[0].keys, cellEnd)]
}

// add counts one person and returns their keys and the files that they are in, which are none for somebody of an earlier release.
func (c *classes) add(records []record) (key []byte, files uint64, err error) {
	if records[0].id == nil {
		if slices.ContainsFunc(records[:len(c.cells)], func(r record) bool { return r.id != nil }) {
			err = surveys.Errorf(surveys.Conflict, "somebody whose answers are in this release is no longer in the study")
		}
		return nil, 0, err
	}
	key, files = c.combination(records)
	for f := range c.rows {
		c.rows[f] += int(files >> f & 1)
	}
	at, ok := c.index[string(key)]
	if !ok {
		if len(c.list) >= maxClasses {
			c.full = true
			return key, files, nil
		}
		at = len(c.list)
		c.index[string(key)] = at
		c.list = append(c.list, disclosure.Class{Keys: splitTexts(string(key))})
	}
	members := c.list[at].Members
	for i := range members {
		if members[i].Files == files {
			members[i].N++
			return key, files, nil
		}
	}
	c.list[at].Members = append(members, disclosure.Members{Files: files, N: 1})
	return key, files, nil
}

func splitTexts(key string) []string {
	parts := strings.Split(key, string(cellEnd))
	return parts[:len(parts)-1]
}

// sharing is how many people share a combination of what is left of the keys.
type sharing struct {
	keys  []string // nothing where a key is blanked
	files []int    // by file, everybody first
}

// after returns who shares what once keys are blanked, in the order of the combinations.
func after(list []disclosure.Class, blankings []disclosure.Blanking, files int) []sharing {
	by := make(map[string]*sharing)
	add := func(class int, blank uint64, m disclosure.Members) {
		keys := slices.Clone(list[class].Keys)
		for i := range keys {
			if blank>>i&1 == 1 {
				keys[i] = "(" + withheld + ")"
			}
		}
		name := strings.Join(keys, string(cellEnd))
		s := by[name]
		if s == nil {
			s = &sharing{keys: keys, files: make([]int, files)}
			by[name] = s
		}
		for f := range s.files {
			if m.Files>>f&1 == 1 {
				s.files[f] += m.N
			}
		}
	}
	for i := range list {
		for _, m := range list[i].Members {
			for _, b := range blankings {
				if b.Class == i && b.Files == m.Files {
					add(i, b.Keys, b.Members)
					m.N -= b.N
				}
			}
			if m.N > 0 {
				add(i, 0, m)
			}
		}
	}
	shared := make([]sharing, 0, len(by))
	for _, s := range by {
		shared = append(shared, *s)
	}
	slices.SortFunc(shared, func(a, b sharing) int { return slices.Compare(a.keys, b.keys) })
	return shared
}

// blanks says which keys each person loses.
type blanks map[[idSize]byte]uint64

// rankOf returns the rank of a person.
func rankOf(records []record) string {
	at := bytes.IndexByte(records[0].keys, cellEnd) + 1
	return string(records[0].keys[at : at+2*rankSize])
}

// group is people of a class who are in the same files.
type group struct {
	class int
	files uint64
}

// chosen turns blankings, which say how many, into who: of each group the first by rank. Ids would not do: they are new in each
// release, so other people would keep the rare company each time, and whoever holds two releases would tell them apart.
type chosen struct {
	counted *classes
	wanted  map[group][]disclosure.Blanking
	ranks   map[group][]string
}

func (c *classes) choose(blankings []disclosure.Blanking) *chosen {
	ch := &chosen{c, make(map[group][]disclosure.Blanking), make(map[group][]string)}
	for _, b := range blankings {
		g := group{b.Class, b.Files}
		ch.wanted[g] = append(ch.wanted[g], b)
	}
	return ch
}

// of returns the group of a person, and whether any of it lose a key.
func (ch *chosen) of(records []record) (group, bool) {
	key, files := ch.counted.combination(records)
	g := group{ch.counted.index[string(key)], files}
	_, ok := ch.wanted[g]
	return g, ok
}

// note takes in the rank of everybody who may lose a key; sort follows, and then blank.
func (ch *chosen) note(records []record) {
	if g, ok := ch.of(records); ok {
		ch.ranks[g] = append(ch.ranks[g], rankOf(records))
	}
}

func (ch *chosen) sort() {
	for _, ranks := range ch.ranks {
		slices.Sort(ranks)
	}
}

// blank returns the keys that a person loses.
func (ch *chosen) blank(records []record) uint64 {
	g, ok := ch.of(records)
	if !ok {
		return 0
	}
	place, _ := slices.BinarySearch(ch.ranks[g], rankOf(records))
	for _, b := range ch.wanted[g] {
		if place < b.N {
			return b.Keys
		}
		place -= b.N
	}
	return 0
}

// smallest orders combinations by the fewest people who share one in any file.
func (s sharing) smallest() int {
	least := 0
	for _, n := range s.files {
		if n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}

// bySize puts the rarest combinations first.
func bySize(a, b sharing) int {
	return cmp.Or(cmp.Compare(a.smallest(), b.smallest()), slices.Compare(a.keys, b.keys))
}
