package disclosure

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// attacker tries to find what is hidden from everything that was shown.
type attacker struct {
	survey Survey
	shown  Shown    // the last release
	all    []Change // of all releases
	// exact gives the attacker the programme's copy as it was before rounding.
	exact bool
	// practice is whose mean the attacker knows exactly, and then of no other report; without it, all reports as they are
	// shown.
	practice string
}

// found is a hidden cell whose range is too narrow.
type found struct {
	what        string
	least, most float64
}

func (f found) String() string { return fmt.Sprintf("%s is %.4f to %.4f", f.what, f.least, f.most) }

type meanKey struct{ round, site string }

// means attacks the means of a factor that no practice's own report shows, in all rounds at once. Practices weigh alike, so
// everything that is shown is a weighted sum of their means.
func (a *attacker) means(code string) (cells int, all []found, err error) {
	p := &program{}
	variables, hidden := make(map[meanKey]int), []meanKey{}
	for r, round := range a.survey.Rounds {
		for _, m := range round.Sites {
			i := slices.IndexFunc(m.Factors, func(f Factor) bool { return f.Code == code })
			if i < 0 || m.Factors[i].N == 0 {
				continue
			}
			key := meanKey{round.ID, m.Site}
			variables[key] = p.variable(m.Factors[i].Mean, lowest, highest)
			own := a.ownMean(r, m.Site, code)
			switch {
			case m.Site == a.practice:
				p.limit(variables[key], m.Factors[i].Mean, m.Factors[i].Mean)
			case own.Hidden != 0:
				hidden = append(hidden, key)
			case a.practice == "":
				p.limit(variables[key], own.Mean-0.05, own.Mean+0.05)
			}
		}
	}
	mean := func(round string, units [][]string, weight float64) []term {
		var terms []term
		for _, site := range slices.Concat(units...) {
			terms = append(terms, term{variables[meanKey{round, site}], weight / float64(sitesOf(units))})
		}
		return terms
	}
	// know adds that a sum was shown as a value with some decimals.
	know := func(terms []term, value, half float64) {
		if a.exact {
			value, half = p.value(terms), 0
		}
		p.know(terms, value-half, value+half)
	}
	decimals := func(sites int) float64 {
		if sites == 1 {
			return 0.05
		}
		return 0.005
	}
	for _, round := range a.shown.Rounds {
		for _, f := range round.Factors {
			if f.Code != code {
				continue
			}
			for _, row := range f.Rows {
				if row.Hidden == 0 {
					know(mean(round.ID, [][]string{row.Sites}, 1), row.Mean, decimals(len(row.Sites)))
				}
			}
			for _, figure := range []Figure{f.Programme, f.Others, f.All} {
				know(mean(round.ID, figure.Units, 1), figure.Mean, decimals(figure.Sites()))
			}
		}
	}
	for _, c := range a.all {
		if c.Factor != code {
			continue
		}
		for _, m := range []Moved{c.Programme, c.Others, c.All} {
			know(mean(c.From, m.Units, 1), m.Start, decimals(m.Sites()))
			if m.Sites() > 1 { // of one site it is the difference of two decimals that are known
				know(append(mean(c.To, m.Units, 1), mean(c.From, m.Units, -1)...), m.Change, 0.005)
			}
		}
		if c.Hidden == 0 && c.Programme.Sites() > 1 && c.Others.Sites() > 1 {
			know(slices.Concat(mean(c.To, c.Programme.Units, 1), mean(c.From, c.Programme.Units, -1),
				mean(c.To, c.Others.Units, -1), mean(c.From, c.Others.Units, 1)), c.Difference, 0.005)
		}
	}
	if err := p.check(); err != nil {
		return 0, nil, fmt.Errorf("what is shown is not true: %w", err)
	}
	s := newSimplex(p)
	for _, key := range hidden {
		least, most, err := s.extent([]term{{variables[key], 1}}, meanRange)
		if err != nil {
			return 0, nil, err
		}
		if most-least < meanRange-1e-6 {
			all = append(all, found{fmt.Sprint(code, " ", key), least, most})
		}
	}
	return len(hidden), all, nil
}

func (a *attacker) ownMean(round int, site, code string) OwnFactor {
	p := a.report(round, site)
	return p.Factors[slices.IndexFunc(p.Factors, func(f OwnFactor) bool { return f.Code == code })]
}

func (a *attacker) report(round int, site string) Practice {
	all := a.shown.Rounds[round].Practices
	return all[slices.IndexFunc(all, func(p Practice) bool { return p.Site == site })]
}

// release shows a survey round by round, each time with what was shown before as it was kept, and returns all releases.
func release(t *testing.T, s Survey) []Shown {
	t.Helper()
	var releases []Shown
	for r := range s.Rounds {
		var kept []Shown
		for _, shown := range releases {
			text, err := json.Marshal(shown)
			if err != nil {
				t.Fatal(err)
			}
			var again Shown
			if err := json.Unmarshal(text, &again); err != nil {
				t.Fatal(err)
			}
			kept = append(kept, again)
		}
		shown, err := Show(Survey{Sites: s.Sites, Rounds: s.Rounds[:r+1]}, kept...)
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, shown)
	}
	return releases
}

// newAttacker returns an attacker with all releases.
func newAttacker(s Survey, releases []Shown) *attacker {
	a := &attacker{survey: s, shown: releases[len(releases)-1]}
	for _, shown := range releases {
		a.all = append(a.all, shown.Changes...)
	}
	return a
}

// pooled returns some practices that stand in a pool.
func pooled(shown Shown, code string, random *rand.Rand) []string {
	var sites []string
	for _, round := range shown.Rounds {
		for _, f := range round.Factors {
			for _, row := range f.Rows {
				for _, site := range row.Sites {
					if f.Code == code && len(row.Sites) > 1 && !slices.Contains(sites, site) {
						sites = append(sites, site)
					}
				}
			}
		}
	}
	random.Shuffle(len(sites), func(i, j int) { sites[i], sites[j] = sites[j], sites[i] })
	return sites[:min(len(sites), 4)]
}

// TestNothingHiddenCanBeHad is the promise: 500 surveys, shown round by round, and not one hidden cell can be narrowed down
// from all that was shown together.
func TestNothingHiddenCanBeHad(t *testing.T) {
	random := rand.New(rand.NewPCG(2026, 9))
	var means, counts, items, roles, inPools, alone, left, seenItems, mixes int
	for n := range times(t, "surveys shown round by round and attacked", 40, 500) {
		s, maker := drawSurvey(random)
		a := newAttacker(s, release(t, s))
		check := func(cells int, all []found, err error) int {
			if err != nil {
				t.Fatalf("survey %d: %v", n, err)
			}
			for _, f := range all {
				t.Errorf("survey %d: %v", n, f)
			}
			return cells
		}
		for f := range maker.factors {
			code := fmt.Sprint("factor-", f+1)
			means += check(a.means(code))
			a.exact = true
			check(a.means(code))
			for _, a.practice = range pooled(a.shown, code, random) {
				check(a.means(code))
			}
			a.exact, a.practice = false, ""
		}
		counts += check(a.respondents())
		for r, round := range s.Rounds {
			for _, m := range round.Sites {
				roles += check(a.roles(r, m))
				if !maker.missing && random.IntN(4) == 0 {
					items += check(a.items(r, m, maker.options[m.Site+round.ID]))
				}
			}
		}
		for _, round := range a.shown.Rounds {
			for _, f := range round.Factors {
				for _, row := range f.Rows {
					switch {
					case row.Hidden != 0:
						left++
					case len(row.Sites) == 1:
						alone++
					default:
						inPools += len(row.Sites)
					}
				}
			}
			seenItems += len(round.ItemRows())
			for _, p := range round.Practices {
				mixes += len(p.Roles.Shown)
			}
		}
	}
	t.Logf("attacked %d means, %d counts of respondents, %d counts of items, %d of roles", means, counts, items, roles)
	t.Logf("shown: %d sites alone, %d in pools, %d left out; %d items, %d roles", alone, inPools, left, seenItems, mixes)
	if means == 0 || items == 0 || roles == 0 || inPools == 0 || alone == 0 || seenItems == 0 || mixes == 0 {
		t.Error("there was nothing to attack")
	}
}
