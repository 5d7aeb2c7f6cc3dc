package disclosure

import (
	"fmt"
	"slices"
	"testing"
)

// small returns a survey of one group and some rounds: sites with the means and the numbers of answers given, each of 20
// staff, so that a site with fewer than 10 is hidden.
func small(means [][]float64, n [][]int) Survey {
	var s Survey
	for i := range means[0] {
		s.Sites = append(s.Sites, Site{ID: fmt.Sprint("site-", i+1), Group: Programme})
	}
	for r := range means {
		round := Round{ID: fmt.Sprint("round-", r+1), Rules: DefaultRules()}
		for i, mean := range means[r] {
			round.Sites = append(round.Sites, Measured{Site: s.Sites[i].ID, Headcount: 20, Respondents: n[r][i],
				Factors: []Factor{{Code: "factor-1", N: n[r][i], Mean: mean}}})
		}
		s.Rounds = append(s.Rounds, round)
	}
	return s
}

// TestAttackerFindsLeaks shows that the attacker would find what must not be there: each case is a survey as it is shown
// safely, and a leak that is added to it.
func TestAttackerFindsLeaks(t *testing.T) {
	// One of five sites is hidden; three of seven are, in the second round.
	one := small([][]float64{{4.31, 5.12, 5.58, 4.93, 5.27}}, [][]int{{5, 12, 12, 12, 12}})
	two := small([][]float64{{4.31, 5.12, 5.58, 4.93, 5.27, 4.44, 5.05}, {4.21, 5.32, 5.48, 4.83, 5.57, 4.64, 5.15}},
		[][]int{{12, 12, 12, 12, 12, 12, 12}, {5, 5, 5, 12, 12, 12, 12}})
	units := func(sites ...string) (units [][]string) {
		for _, site := range sites {
			units = append(units, []string{site})
		}
		return units
	}
	tests := []struct {
		name   string
		survey Survey
		leak   func(a *attacker)
		want   int // cells that are found
	}{
		{"one hidden site in a total", one, func(a *attacker) {
			f := &a.shown.Rounds[0].Factors[0]
			f.Programme = Figure{Mean: 5.04, Units: units("site-1", "site-2", "site-3", "site-4", "site-5")}
		}, 1},
		{"one hidden site in a pool with two that have reports", one, func(a *attacker) {
			f := &a.shown.Rounds[0].Factors[0]
			f.Rows = append(f.Rows, Row{Group: Programme, Sites: []string{"site-1", "site-2", "site-3"}, Mean: 5})
		}, 1},
		{"a pool of two beside a pool of three", two, func(a *attacker) {
			f := &a.shown.Rounds[1].Factors[0]
			f.Rows = append(f.Rows, Row{Group: Programme, Sites: []string{"site-1", "site-2"}, Mean: 4.77})
		}, 1},
		{"a change over part of a pool", two, func(a *attacker) {
			// The second and third site, whose first round is known, moved by (0.20 − 0.10) / 2.
			a.all = append(a.all, Change{Factor: "factor-1", From: "round-1", To: "round-2",
				Programme: Moved{Start: 5.35, Change: 0.05, Units: units("site-2", "site-3")}, Others: Moved{Hidden: NotBoth},
				All: Moved{Hidden: NotBoth}, Hidden: NotBoth})
		}, 1},
		{"a site alone that stands in a pool", two, func(a *attacker) {
			f := &a.shown.Rounds[1].Factors[0]
			f.Rows = append(f.Rows, Row{Group: Programme, Sites: []string{"site-1"}, Mean: 4.2})
		}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newAttacker(tt.survey, release(t, tt.survey))
			cells, all, err := a.means("factor-1")
			if err != nil || cells == 0 || len(all) != 0 {
				t.Fatalf("without the leak %v of %d are found, %v; want none", all, cells, err)
			}
			tt.leak(a)
			_, all, err = a.means("factor-1")
			if err != nil || len(all) != tt.want {
				t.Errorf("with the leak %v are found, %v; want %d", all, err, tt.want)
			}
		})
	}
}

// TestAttackerFindsCounts does the same for counts.
func TestAttackerFindsCounts(t *testing.T) {
	t.Run("a band of 5 for the total of two", func(t *testing.T) {
		s := small([][]float64{{4, 5}}, [][]int{{12, 18}})
		for i := range s.Rounds[0].Sites {
			s.Rounds[0].Sites[i].Headcount = 40
		}
		a := newAttacker(s, release(t, s))
		if _, all, err := a.respondents(); err != nil || len(all) != 0 {
			t.Fatalf("without the leak %v are found, %v", all, err)
		}
		shown := &a.shown.Rounds[0].Respondents
		if want := (Band{Low: 25, High: 33}); shown.Programme != want {
			t.Errorf("the total is %v, want %v", shown.Programme, want)
		}
		shown.Programme = Band{Low: 30, High: 34} // so neither 10 nor 15
		if _, all, err := a.respondents(); err != nil || len(all) != 2 {
			t.Errorf("with the leak %v are found, %v; want both", all, err)
		}
	})
	t.Run("a rare role beside the others", func(t *testing.T) {
		s := small([][]float64{{4}}, [][]int{{20}})
		m := &s.Rounds[0].Sites[0]
		m.Roles = []Count{{"clinical", 12}, {"other", 7}, {"rather not say", 1}}
		a := newAttacker(s, release(t, s))
		if cells, all, err := a.roles(0, *m); err != nil || cells != 2 || len(all) != 0 {
			t.Fatalf("without the leak %v of %d are found, %v; want none of 2", all, cells, err)
		}
		a.shown.Rounds[0].Practices[0].Roles = Mix{Shown: []Share{{"clinical", 60}, {"other", 40}}}
		if _, all, err := a.roles(0, *m); err != nil || len(all) != 1 {
			t.Errorf("with the leak %v are found, %v; want 1", all, err)
		}
	})
	t.Run("an item beside others that take up the mean", func(t *testing.T) {
		options := map[string][7]int{"a": {0, 0, 0, 0, 0, 0, 12}, "b": {1, 1, 1, 1, 0, 0, 8}, "c": {0, 1, 1, 1, 0, 1, 8}}
		s := small([][]float64{{(84 + 66 + 71) / 36.0}}, [][]int{{12}})
		m := &s.Rounds[0].Sites[0]
		for _, code := range []string{"a", "b", "c"} {
			m.Items = append(m.Items, Item{Code: code, Factor: "factor-1", Counts: Grouped(options[code])})
		}
		a := newAttacker(s, release(t, s))
		own := a.shown.Rounds[0].Practices[0].Items
		if cells, all, err := a.items(0, *m, options); err != nil || cells != 9 || len(all) != 0 {
			t.Fatalf("without the leak %v of %d are found, %v; want none of 9", all, cells, err)
		}
		own[1] = OwnItem{Code: "b", Factor: "factor-1", Shares: [3]int{30, 10, 70}}
		own[2] = OwnItem{Code: "c", Factor: "factor-1", Shares: [3]int{20, 10, 80}}
		_, all, err := a.items(0, *m, options)
		if err != nil || len(all) == 0 || !slices.ContainsFunc(all, func(f found) bool { return f.most > 0 }) {
			t.Errorf("with the leak %v are found, %v; want the first item", all, err)
		}
	})
}
