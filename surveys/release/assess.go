package release

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"wellwave/surveys"
	"wellwave/surveys/disclosure"
)

// Assessment is how well a plan hides people: what its keys tell apart, what has to be blanked, and whether that is too much.
type Assessment struct {
	Profile string           `json:"profile"`
	K       int              `json:"k_wanted"`
	People  int              `json:"people"`
	Keys    []KeyAssessment  `json:"keys"`
	Before  []Measure        `json:"before"` // by file: participants, then the waves
	After   []Measure        `json:"after"`  // once cells are blanked; nothing where that cannot be done
	Blanked Share            `json:"blanked"`
	Sites   []SiteAssessment `json:"sites,omitempty"` // where keys are blanked
	Refused []string         `json:"refused,omitempty"`
	Advice  []Advice         `json:"advice,omitempty"` // of a plan that is refused: what would help, the best first
	Rare    []string         `json:"rare,omitempty"`   // the rarest combinations, without saying how rare
}

// KeyAssessment is a key, how many values it has and how many cells of it are blanked.
type KeyAssessment struct {
	Name    string   `json:"name"`
	Values  int      `json:"values"`
	Blanked int      `json:"blanked"`
	Bands   []string `json:"bands,omitempty"`
}

// Share is a number of cells, and how many it may be at most.
type Share struct {
	Cells int `json:"cells"`
	Of    int `json:"of"`
	Most  int `json:"at_most"`
}

// SiteAssessment is what a site loses.
type SiteAssessment struct {
	Site surveys.SiteID `json:"site"`
	Share
}

// Measure is how many people of a file share the combinations of keys.
type Measure struct {
	File     string  `json:"file"`
	Rows     int     `json:"rows"`
	Classes  int     `json:"combinations"`
	Smallest int     `json:"smallest_combination"`
	Greatest float64 `json:"greatest_risk,omitempty"` // prosecutor risk: of those who are easiest to pick out
	Mean     float64 `json:"mean_risk,omitempty"`
}

// The budget of suppression: shares of the key cells that may be blanked.
const (
	mostOverall  = 0.05
	mostAtSite   = 0.10
	fewestAtSite = 5 // a small site may lose this many whatever its share
)

// assessed is an assessment with what it says to do.
type assessed struct {
	*Assessment
	chosen *chosen // whom the blankings take which keys from
}

// assess judges what was counted.
func (c *classes) assess() assessed {
	a := &Assessment{Profile: c.plan.Profile, K: c.plan.K, People: c.rows[0]}
	for i, k := range c.keys {
		values := make(map[string]bool)
		for _, class := range c.list {
			values[class.Keys[i]] = true
		}
		a.Keys = append(a.Keys, KeyAssessment{Name: k.name, Values: len(values), Bands: k.column.Labels})
	}
	shared := after(c.list, nil, len(c.rows))
	a.Before = c.measure(shared)
	if c.full {
		a.Refused = append(a.Refused, "its keys tell nearly everybody apart")
		return assessed{Assessment: a}
	}
	a.Rare = c.rare(shared)
	blankings, ok := disclosure.Suppress(c.list, c.plan.K)
	if !ok {
		a.Refused = append(a.Refused, fmt.Sprintf("fewer than %d people are in one of its files, whatever is blanked", c.plan.K))
		return assessed{Assessment: a}
	}
	for _, b := range blankings {
		for i := range a.Keys {
			a.Keys[i].Blanked += b.N * int(b.Keys>>i&1)
		}
		a.Blanked.Cells += b.N * bits.OnesCount64(b.Keys)
	}
	a.Blanked.Of = a.People * len(a.Keys)
	a.Blanked.Most = int(mostOverall * float64(a.Blanked.Of))
	a.After = c.measure(after(c.list, blankings, len(c.rows)))
	if a.Blanked.Cells > a.Blanked.Most {
		a.Refused = append(a.Refused, fmt.Sprintf("%d of %d cells of its keys would have to be blanked to hide everybody among %d, and at most %d may be", a.Blanked.Cells, a.Blanked.Of, c.plan.K, a.Blanked.Most))
	}
	for _, m := range a.After {
		if most := c.plan.meanRisk(); m.Mean > most {
			a.Refused = append(a.Refused, fmt.Sprintf("the mean risk of being found in %s is %s, and at most %s may be", m.File, surveys.FixedNumber(m.Mean, 3), surveys.FormatNumber(most)))
		}
	}
	return assessed{a, c.choose(blankings)}
}

// atSites counts what sites lose and refuses what is too much for one.
func (a *Assessment) atSites(cells, blanked map[surveys.SiteID]int) {
	for _, site := range slices.Sorted(maps.Keys(blanked)) {
		s := SiteAssessment{site, Share{blanked[site], cells[site], max(int(mostAtSite*float64(cells[site])), fewestAtSite)}}
		a.Sites = append(a.Sites, s)
		if s.Cells > s.Most {
			a.Refused = append(a.Refused, fmt.Sprintf("at site %s %d of %d cells of the keys would have to be blanked, and at most %d may be", site, s.Cells, s.Of, s.Most))
		}
	}
}

// measure counts combinations by file.
func (c *classes) measure(shared []sharing) []Measure {
	list := make([]Measure, len(c.rows))
	for f := range list {
		m := &list[f]
		m.File, m.Rows = participantsFile, c.rows[f]
		if f > 0 {
			m.File = string(c.plan.Files[f-1].Wave)
		}
		for _, s := range shared {
			if n := s.files[f]; n > 0 {
				m.Classes++
				if m.Smallest == 0 || n < m.Smallest {
					m.Smallest = n
				}
			}
		}
		if m.Rows > 0 {
			m.Greatest, m.Mean = 1/float64(m.Smallest), float64(m.Classes)/float64(m.Rows)
		}
	}
	return list
}

// maxNamed bounds how many combinations a refusal names.
const maxNamed = 8

// rare names the combinations that too few people share, the rarest first. It never says how few, because it may be shown
// where the answers may not.
func (c *classes) rare(shared []sharing) []string {
	slices.SortFunc(shared, bySize)
	var names []string
	more := 0
	for _, s := range shared {
		if s.smallest() >= c.plan.K {
			break
		}
		if len(names) == maxNamed {
			more++
			continue
		}
		var words []string
		for i, cell := range s.keys {
			words = append(words, c.keys[i].name+"="+said(cell))
		}
		if len(words) == 0 {
			words = []string{"being in the release, which has no keys"}
		}
		names = append(names, strings.Join(words, ", "))
	}
	if more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return names
}

// said is a cell of a key for people.
func said(cell string) string {
	if cell == "" {
		return "(missing)"
	}
	return cell
}

// Refusal is the error of a release that is not made because people could be found in it. Its kind is Invalid, and its message says
// what the assessment does.
type Refusal struct {
	*Assessment
	says error
}

// Error returns the message.
func (r *Refusal) Error() string { return r.says.Error() }

// Unwrap returns the surveys.Error.
func (r *Refusal) Unwrap() error { return r.says }

// refusal says why the release is not made and what would help.
func (a *Assessment) refusal() error {
	if len(a.Refused) == 0 {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "this release is refused: %s", strings.Join(a.Refused, "; "))
	if len(a.Rare) > 0 {
		fmt.Fprintf(&b, "; fewer than %d people share %s", a.K, strings.Join(a.Rare, "; "))
	}
	for i, advice := range a.Advice {
		if i == 0 {
			b.WriteString("; what would help most: ")
		} else {
			b.WriteString("; or ")
		}
		b.WriteString(advice.String())
	}
	if len(a.Advice) == 0 {
		b.WriteString("; give the keys wider bands, or fewer keys, in the release plan, or wait for more answers")
	}
	return &Refusal{a, surveys.Errorf(surveys.Invalid, "%s", b.String())}
}
