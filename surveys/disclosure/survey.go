package disclosure

import (
	"fmt"
	"slices"
)

// Group says which side of the comparison a site is on. It never changes.
type Group int

// The groups.
const (
	Programme Group = iota + 1
	Others
)

var groupWords = []string{"", "programme", "others"}

// String returns the group's word.
func (g Group) String() string { return word(groupWords, int(g)) }

// MarshalText returns the group's word.
func (g Group) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText reads the group's word.
func (g *Group) UnmarshalText(text []byte) error {
	i := slices.Index(groupWords, string(text))
	if i < 1 {
		return fmt.Errorf("%q is not a group", text)
	}
	*g = Group(i)
	return nil
}

// word returns the word of a value of a closed set, and nothing for a value that is none of it.
func word(words []string, i int) string {
	if i < 0 || i >= len(words) {
		return ""
	}
	return words[i]
}

// Survey is what was measured: the sites, and the rounds in the order in which they were held.
type Survey struct {
	Sites  []Site
	Rounds []Round
}

// Site is a practice.
type Site struct {
	ID    string
	Group Group
}

// Round is what one round measured. A site that took no part need not stand in it.
type Round struct {
	ID    string
	Rules Rules
	Sites []Measured
}

// Measured is what one site answered in one round, exactly. It stays inside.
type Measured struct {
	Site        string
	Headcount   int // 0 where nobody knows it: then nothing of the site stands alone
	Respondents int
	Factors     []Factor
	Items       []Item
	// Roles and Tenures are what respondents said about themselves; of each, everybody counts once, or nobody was asked.
	Roles   []Count
	Tenures []Count
}

// Factor is the mean of a factor at a site, from 1 to 7, over N respondents who have a score. Mean says nothing for N = 0.
type Factor struct {
	Code string
	N    int
	Mean float64
}

// Item counts the answers to one item in three groups: 1 to 3, 4, and 5 to 7, after reversing, as they enter the factor.
// Factor may be empty.
type Item struct {
	Code, Factor string
	Counts       [3]int
}

// N returns how many answered the item.
func (i Item) N() int { return i.Counts[0] + i.Counts[1] + i.Counts[2] }

// Grouped returns the three groups of how often each of the options 1 to 7 was chosen.
func Grouped(options [7]int) [3]int {
	return [3]int{options[0] + options[1] + options[2], options[3], options[4] + options[5] + options[6]}
}

// Count is how many said one thing of several that exclude each other.
type Count struct {
	Name string
	N    int
}

// check fails with the first thing that cannot be.
func (s Survey) check() error {
	groups := make(map[string]Group, len(s.Sites))
	for _, site := range s.Sites {
		switch _, twice := groups[site.ID]; {
		case site.ID == "":
			return fmt.Errorf("a site has no ID")
		case twice:
			return fmt.Errorf("site %s stands twice among the sites", site.ID)
		case site.Group != Programme && site.Group != Others:
			return fmt.Errorf("site %s is in no group", site.ID)
		}
		groups[site.ID] = site.Group
	}
	rounds := make(map[string]bool, len(s.Rounds))
	for _, round := range s.Rounds {
		if round.ID == "" || rounds[round.ID] {
			return fmt.Errorf("round %q has no ID of its own", round.ID)
		}
		rounds[round.ID] = true
		if err := round.check(groups); err != nil {
			return fmt.Errorf("round %s: %w", round.ID, err)
		}
	}
	return nil
}

func (r Round) check(groups map[string]Group) error {
	if err := r.Rules.Check(); err != nil {
		return err
	}
	seen := make(map[string]bool, len(r.Sites))
	for i := range r.Sites {
		m := &r.Sites[i]
		if groups[m.Site] == 0 {
			return fmt.Errorf("site %s is not among the sites", m.Site)
		}
		if seen[m.Site] {
			return fmt.Errorf("site %s stands twice", m.Site)
		}
		seen[m.Site] = true
		if err := m.check(); err != nil {
			return fmt.Errorf("site %s: %w", m.Site, err)
		}
	}
	return nil
}

func (m *Measured) check() error {
	if m.Headcount < 0 || m.Respondents < 0 {
		return fmt.Errorf("%d of %d staff is not a response", m.Respondents, m.Headcount)
	}
	seen := make(map[string]bool, len(m.Factors)+len(m.Items))
	for _, f := range m.Factors {
		if seen[f.Code] {
			return fmt.Errorf("factor %s stands twice", f.Code)
		}
		seen[f.Code] = true
		if f.N < 0 || f.N > m.Respondents {
			return fmt.Errorf("factor %s has %d scores of %d respondents", f.Code, f.N, m.Respondents)
		}
		if f.N > 0 && !(f.Mean >= lowest && f.Mean <= highest) {
			return fmt.Errorf("factor %s has the mean %v, outside 1 to 7", f.Code, f.Mean)
		}
	}
	clear(seen)
	for _, item := range m.Items {
		if seen[item.Code] {
			return fmt.Errorf("item %s stands twice", item.Code)
		}
		seen[item.Code] = true
		if slices.Min(item.Counts[:]) < 0 || item.N() > m.Respondents {
			return fmt.Errorf("item %s has the counts %v of %d respondents", item.Code, item.Counts, m.Respondents)
		}
	}
	if err := checkCounts("role", m.Roles, m.Respondents); err != nil {
		return err
	}
	return checkCounts("tenure", m.Tenures, m.Respondents)
}

func checkCounts(what string, counts []Count, respondents int) error {
	all := 0
	for _, c := range counts {
		if c.N < 0 {
			return fmt.Errorf("%s %s has the count %d", what, c.Name, c.N)
		}
		all += c.N
	}
	if all > respondents {
		return fmt.Errorf("%d %ss of %d respondents", all, what, respondents)
	}
	return nil
}
