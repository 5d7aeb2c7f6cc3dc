package disclosure

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// Class is people of a data set who agree in every key, parted by which of its files they are in.
type Class struct {
	Keys    []string // what they agree in, the most important key first
	Members []Members
}

// Members are people of a class who are in the same files.
type Members struct {
	Files uint64 // a bit for each file that they are in
	N     int
}

// Blanking says that N people of a class, of those who are in these files, lose the keys whose bits are set.
type Blanking struct {
	Class int
	Members
	Keys uint64
}

// MaxSuppressed bounds the keys that Suppress chooses among: it tries every set of them.
const MaxSuppressed = 12

// Suppress blanks keys of people, as few as it finds, until in every file at least k people share whatever combination of
// keys is left. It is local suppression (Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001, section 5)
// with two rules of its own. A blank is a value like any other, so it enlarges nobody's class: those who lose a key are alike
// among themselves. And where too few are left together, people of a class that can spare them lose the same keys, so that
// whoever knows all keys of a person still finds k who may be that person.
//
// It prefers to blank one key rather than two, and of those the one that stands later in Keys. Equal classes in another order
// give the same blankings. ok is false where nothing can be done: fewer than k people in a file, or more than MaxSuppressed
// keys.
func Suppress(classes []Class, k int) (blankings []Blanking, ok bool) {
	s := newSuppressor(classes, k)
	if len(s.small) == 0 {
		return nil, true
	}
	if len(classes[0].Keys) > MaxSuppressed {
		return nil, false
	}
	for _, keys := range s.subsets {
		for _, together := range s.clusters(keys) {
			if s.hides(together.sizes) {
				s.blank(together)
			}
		}
	}
	for len(s.small) > 0 {
		best := s.cheapest()
		if best == nil { // what is left of others who lost keys is in the way: they lose them all
			s = newSuppressor(classes, k)
			if best = s.clusters(s.subsets[len(s.subsets)-1])[0]; !s.borrow(best) {
				return nil, false
			}
		}
		s.blank(best)
	}
	slices.SortFunc(s.done, func(a, b Blanking) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Files, b.Files), cmp.Compare(a.Keys, b.Keys))
	})
	return s.done, true
}

// sizes counts people by file.
type sizes []int

func (s sizes) add(m Members) {
	for f := range s {
		if m.Files>>f&1 == 1 {
			s[f] += m.N
		}
	}
}

// suppressor is Suppress at work.
type suppressor struct {
	classes []Class
	k       int
	files   int
	subsets []uint64          // of the keys, in the order in which they are tried
	small   []int             // classes of which somebody is still to be hidden, in the order of their keys
	donors  []int             // classes that hide their people and may spare some
	left    map[int][]Members // of donors: who still has all keys
	blanked map[string]sizes  // people who lost keys, by what is left
	done    []Blanking
}

func newSuppressor(classes []Class, k int) *suppressor {
	s := &suppressor{classes: classes, k: k, left: make(map[int][]Members), blanked: make(map[string]sizes)}
	keys := 0
	for i := range classes {
		keys = len(classes[i].Keys)
		for _, m := range classes[i].Members {
			s.files = max(s.files, bits.Len64(m.Files))
		}
	}
	order := make([]int, len(classes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(classes[a].Keys, classes[b].Keys) })
	for _, i := range order {
		if s.hides(s.sizesOf(classes[i].Members)) {
			s.donors = append(s.donors, i)
			s.left[i] = slices.Clone(classes[i].Members)
			slices.SortFunc(s.left[i], func(a, b Members) int { return cmp.Compare(a.Files, b.Files) })
		} else {
			s.small = append(s.small, i)
		}
	}
	if keys > MaxSuppressed {
		return s
	}
	for set := uint64(1); set < 1<<keys; set++ {
		s.subsets = append(s.subsets, set)
	}
	slices.SortFunc(s.subsets, func(a, b uint64) int {
		return cmp.Or(cmp.Compare(bits.OnesCount64(a), bits.OnesCount64(b)), cmp.Compare(b, a))
	})
	return s
}

func (s *suppressor) sizesOf(members []Members) sizes {
	total := make(sizes, s.files)
	for _, m := range members {
		total.add(m)
	}
	return total
}

// hides reports whether every file has nobody of them or k at least.
func (s *suppressor) hides(n sizes) bool {
	return !slices.ContainsFunc(n, func(n int) bool { return 0 < n && n < s.k })
}

// cluster is classes, and people that other classes spare, who agree in what is left without some keys.
type cluster struct {
	keys     uint64 // blanked
	shared   string // what is left
	small    []int
	sizes    sizes // with those who were blanked alike before
	borrowed []Blanking
}

// clusters puts the classes that are still to be hidden together by what is left of their keys.
func (s *suppressor) clusters(keys uint64) []*cluster {
	var list []*cluster
	by := make(map[string]*cluster)
	for _, i := range s.small {
		shared := s.without(i, keys)
		c := by[shared]
		if c == nil {
			c = &cluster{keys: keys, shared: shared, sizes: make(sizes, s.files)}
			copy(c.sizes, s.blanked[shared])
			by[shared] = c
			list = append(list, c)
		}
		c.small = append(c.small, i)
		for _, m := range s.classes[i].Members {
			c.sizes.add(m)
		}
	}
	return list
}

// without returns what is left of a class's keys, so that no two sets of blanks are alike.
func (s *suppressor) without(class int, keys uint64) string {
	var b strings.Builder
	for i, cell := range s.classes[class].Keys {
		if keys>>i&1 == 1 {
			b.WriteByte(1)
			continue
		}
		b.WriteString(cell)
		b.WriteByte(0)
	}
	return b.String()
}

// blank carries out what a cluster stands for.
func (s *suppressor) blank(c *cluster) {
	for _, i := range c.small {
		for _, m := range s.classes[i].Members {
			s.done = append(s.done, Blanking{Class: i, Members: m, Keys: c.keys})
		}
	}
	s.small = slices.DeleteFunc(s.small, func(i int) bool { return slices.Contains(c.small, i) })
	for _, b := range c.borrowed {
		s.done = append(s.done, b)
		left := s.left[b.Class]
		at := slices.IndexFunc(left, func(m Members) bool { return m.Files == b.Files })
		left[at].N -= b.N
	}
	s.blanked[c.shared] = c.sizes
}

// cheapest finds where people of other classes can join those who are still to be hidden for the fewest blanks.
func (s *suppressor) cheapest() *cluster {
	var best *cluster
	least := 0
	for _, keys := range s.subsets {
		for _, c := range s.clusters(keys) {
			if !s.borrow(c) {
				continue
			}
			people := 0
			for _, i := range c.small {
				for _, m := range s.classes[i].Members {
					people += m.N
				}
			}
			for _, b := range c.borrowed {
				people += b.N
			}
			// By the person who is hidden, so that those who take others along are not put off for it.
			if cost := people * bits.OnesCount64(keys); best == nil || cost*len(best.small) < least*len(c.small) {
				best, least = c, cost
			}
		}
	}
	return best
}

// borrow adds people of other classes to a cluster until it hides everybody, or reports that it cannot.
func (s *suppressor) borrow(c *cluster) bool {
	var donors []int
	for _, i := range s.donors {
		if s.without(i, c.keys) == c.shared {
			donors = append(donors, i)
		}
	}
	spare := make(map[int][]Members, len(donors))
	for _, i := range donors {
		spare[i] = slices.Clone(s.left[i])
	}
	take := func(i, at, n int) {
		m := &spare[i][at]
		m.N -= n
		taken := Members{m.Files, n}
		c.sizes.add(taken)
		c.borrowed = append(c.borrowed, Blanking{Class: i, Members: taken, Keys: c.keys})
	}
	for !s.hides(c.sizes) {
		if i, at, n := s.some(c, donors, spare); n > 0 {
			take(i, at, n)
			continue
		}
		i := s.whole(c, donors, spare)
		if i < 0 {
			return false
		}
		for at, m := range spare[i] {
			if m.N > 0 {
				take(i, at, m.N)
			}
		}
	}
	return true
}

// some finds people whom a donor can spare without being too small itself, and who are in no file that the cluster is not in.
func (s *suppressor) some(c *cluster, donors []int, spare map[int][]Members) (donor, at, n int) {
	var present, short uint64
	need := 0
	for f, size := range c.sizes {
		if size > 0 {
			present |= 1 << f
		}
		if 0 < size && size < s.k {
			short |= 1 << f
			need = max(need, s.k-size)
		}
	}
	for _, i := range donors {
		left := s.sizesOf(spare[i])
		for at, m := range spare[i] {
			if m.Files&^present != 0 || m.Files&short == 0 {
				continue
			}
			most := min(m.N, need)
			for f, size := range left {
				if m.Files>>f&1 == 1 {
					most = min(most, size-s.k)
				}
			}
			if most > n {
				donor, n = i, most
				return donor, at, n
			}
		}
	}
	return 0, 0, 0
}

// whole finds the smallest donor that is in a file where the cluster is short.
func (s *suppressor) whole(c *cluster, donors []int, spare map[int][]Members) int {
	found, smallest := -1, 0
	for _, i := range donors {
		left := s.sizesOf(spare[i])
		helps, people := false, 0
		for f, size := range c.sizes {
			helps = helps || 0 < size && size < s.k && left[f] > 0
		}
		for _, m := range spare[i] {
			people += m.N
		}
		if helps && (found < 0 || people < smallest) {
			found, smallest = i, people
		}
	}
	return found
}
