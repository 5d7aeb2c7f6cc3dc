package release

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"wellwave/surveys"
)

// fewestApart is by how many people two releases differ at least in any group, if they differ at all. Whoever holds both finds
// those who are in one of them alone by what they answered: a few could be told by who is known to have joined or left in
// between.
const fewestApart = 10

// earlier is a release that somebody may hold beside the new one.
type earlier struct {
	release surveys.Release
	plan    *Plan
	spills  []int // of the sorted files: who was in it, by file of the new release, everybody first; -1 where it had no such file
}

// earlierReleases lists the releases of the study that left the team, but for those that the new one replaces. The team itself
// sees the answers, so what is made for it is compared with nothing and nothing with that.
func earlierReleases(ctx context.Context, st Store, o Order) ([]earlier, error) {
	kept, err := st.ListReleases(ctx, o.Study)
	if err != nil {
		return nil, err
	}
	for _, number := range o.Replaces {
		if !slices.ContainsFunc(kept, func(r surveys.Release) bool { return r.Number == number }) {
			return nil, surveys.Errorf(surveys.NotFound, "there is no release %d of %s to replace", number, o.Study)
		}
	}
	if o.Profile == surveys.TeamRelease {
		return nil, nil
	}
	var list []earlier
	for _, r := range kept {
		if r.Profile == surveys.TeamRelease || slices.Contains(o.Replaces, r.Number) {
			continue
		}
		e := earlier{release: r, plan: new(Plan)}
		if err := json.Unmarshal([]byte(r.Plan), e.plan); err != nil {
			return nil, fmt.Errorf("read the plan of release %d of %s: %w", r.Number, o.Study, err)
		}
		list = append(list, e)
	}
	return list, nil
}

// scatter drops those who were in an earlier release into the partitions of the new one. spill makes a file to sort in and
// returns its number.
func (e *earlier) scatter(ctx context.Context, st Store, key []byte, plan *Plan, spill func() (*spill, int, error)) error {
	e.spills = make([]int, len(plan.Files)+1)
	nothing := func(b []byte) []byte { return b }
	for f := range e.spills {
		e.spills[f] = -1
		from := -1
		if f > 0 {
			from = slices.IndexFunc(e.plan.Files, func(o File) bool { return o.Wave == plan.Files[f-1].Wave })
		}
		if f > 0 && from < 0 {
			continue
		}
		s, number, err := spill()
		if err != nil {
			return err
		}
		e.spills[f] = number
		out := s.writer()
		if f == 0 {
			ids := newIDs(key)
			err = st.EachReleasedMember(ctx, e.release, func(id surveys.EnrolmentID) error {
				return out.add(ids.of(id), nothing, nothing)
			})
		} else {
			// Whoever answered nothing was in no file, so what they answered has to be read.
			read := newEncoder(&File{}, false, key, layouts(ctx, st, &File{}))
			err = st.EachReleased(ctx, e.release, e.plan.Files[from].Wave, nil, e.plan.Rule, 0, 1, func(row *surveys.ReleasedResponse) error {
				id, ok, err := read.read(row)
				if err != nil || !ok {
					return err
				}
				return out.add(id, nothing, nothing)
			})
		}
		if err != nil {
			return err
		}
		if err := out.close(); err != nil {
			return err
		}
	}
	return nil
}

// comparison counts who is in one of two releases alone.
type comparison struct {
	*earlier
	joined []map[string]int // by file, then by combination of the keys
	left   []int            // by file; what they were is not known any more
}

// newComparison compares with an earlier release.
func newComparison(e *earlier) *comparison {
	c := &comparison{earlier: e, left: make([]int, len(e.spills))}
	for range e.spills {
		c.joined = append(c.joined, make(map[string]int))
	}
	return c
}

// add compares one person, whose keys are the combination.
func (c *comparison) add(combination []byte, files uint64, records []record) {
	for f, number := range c.spills {
		if number < 0 {
			continue
		}
		is, was := files>>f&1 == 1, records[number].id != nil
		switch {
		case is && !was && (f > 0 || c.release.People > 0): // else only those who answered were in it
			c.joined[f][string(combination)]++
		case was && !is:
			c.left[f]++
		}
	}
}

// refusals say where the two releases differ by a few people.
func (c *comparison) refusals(plan *Plan, keys []keyOf) []string {
	var list []string
	for f := range c.spills {
		name := participantsFile
		if f > 0 {
			name = string(plan.Files[f-1].Wave)
		}
		apart := func(n int, more, who string) {
			if 0 < n && n < fewestApart {
				people := "people"
				if n == 1 {
					people = "person"
				}
				list = append(list, fmt.Sprintf("%s would have %d %s %s than release %d%s", name, n, people, more, c.release.Number, who))
			}
		}
		apart(c.left[f], "fewer", "")
		for _, combination := range slices.Sorted(maps.Keys(c.joined[f])) {
			var words []string
			for i, cell := range splitTexts(combination) {
				words = append(words, keys[i].name+"="+said(cell))
			}
			who := ""
			if len(words) > 0 {
				who = " with " + strings.Join(words, ", ")
			}
			apart(c.joined[f][combination], "more", who)
		}
	}
	if len(list) > maxNamed {
		list = append(list[:maxNamed], fmt.Sprintf("and so in %d groups more", len(list)-maxNamed))
	}
	if len(list) > 0 {
		list = append(list, fmt.Sprintf("whoever holds both could tell them, unless they are %d at least: wait for more, or replace release %d once its recipients have confirmed that it is destroyed", fewestApart, c.release.Number))
	}
	return list
}
