package risk

import (
	"cmp"
	"slices"
)

// MaxKeys bounds the keys of which all subsets are measured: twelve have 4,095.
const MaxKeys = 12

// Subset is the risk by some of the keys that were asked for.
type Subset struct {
	Keys []int // columns, in the order in which they were asked for
	Risk Risk
}

// MeasureSubsets returns the risk by every subset of at most MaxKeys keys but the empty one: the small ones first, and those
// of one size in the order of the keys. Somebody may know less than all keys, and one key may make most people unique. It
// calls done, which may be nil, with the number of subsets so far, and stops at its error.
func (t *Table) MeasureSubsets(keys, sensitive []int, done func(subsets int) error) ([]Subset, error) {
	s := subsets{table: t, keys: keys, sensitive: sensitive, done: done}
	for range keys {
		s.scratch = append(s.scratch, make([]uint32, t.rows))
	}
	if err := s.extend(t.whole(), nil); err != nil {
		return nil, err
	}
	slices.SortStableFunc(s.found, func(a, b Subset) int { return cmp.Compare(len(a.Keys), len(b.Keys)) })
	return s.found, nil
}

// subsets goes through all subsets, each by splitting the classes of the one without its last key.
type subsets struct {
	table     *Table
	keys      []int
	sensitive []int
	done      func(int) error
	scratch   [][]uint32 // by the number of keys in a subset: memory for its classes
	found     []Subset
}

// extend measures every subset that begins with chosen, whose classes are k. Of the subsets of one size it finds those with
// earlier keys first.
func (s *subsets) extend(k classes, chosen []int) error {
	first := 0
	if len(chosen) > 0 {
		first = slices.Index(s.keys, chosen[len(chosen)-1]) + 1
	}
	for _, key := range s.keys[first:] {
		with := append(slices.Clone(chosen), key)
		parted := k.splitInto(s.scratch[len(chosen)], &s.table.columns[key])
		s.found = append(s.found, Subset{with, s.table.measure(parted, s.sensitive)})
		if s.done != nil {
			if err := s.done(len(s.found)); err != nil {
				return err
			}
		}
		if err := s.extend(parted, with); err != nil {
			return err
		}
	}
	return nil
}
