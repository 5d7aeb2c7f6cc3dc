package disclosure

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The thresholds by hand: section 8 of the design, and the purpose of each in doc.go.

func TestMeanThreshold(t *testing.T) {
	tests := []struct {
		name         string
		n, headcount int
		rules        func(*Rules)
		want         bool
	}{
		{"exactly 8", 8, 16, nil, true},
		{"7", 7, 10, nil, false},
		{"exactly half", 12, 24, nil, true},
		{"exactly half of an odd headcount is no number", 12, 25, nil, false},
		{"one below half", 11, 24, nil, false},
		{"one above half", 13, 24, nil, true},
		{"8 of 17", 8, 17, nil, false},
		{"all of 8", 8, 8, nil, true},
		{"more than the headcount", 13, 12, nil, true},
		{"no headcount", 30, 0, nil, false},
		{"6 where the round has that", 6, 12, func(r *Rules) { r.MeanFrom = 6 }, true},
		{"5 where the round has 6", 5, 10, func(r *Rules) { r.MeanFrom = 6 }, false},
		{"9 where the round has 10", 9, 10, func(r *Rules) { r.MeanFrom = 10 }, false},
		{"two thirds where the round has three quarters", 16, 24, func(r *Rules) { r.MeanShare = 0.75 }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := small([][]float64{{5.25}}, [][]int{{tt.n}})
			s.Rounds[0].Sites[0].Headcount = tt.headcount
			if tt.rules != nil {
				tt.rules(&s.Rounds[0].Rules)
			}
			own := mustShow(t, s).Rounds[0].Practices[0].Factors[0]
			want := OwnFactor{Code: "factor-1", Hidden: TooFew}
			if tt.want {
				want = OwnFactor{Code: "factor-1", Mean: 5.3}
			}
			if own != want {
				t.Errorf("the practice's own mean is %+v, want %+v", own, want)
			}
		})
	}
}

func TestItemThreshold(t *testing.T) {
	tests := []struct {
		name   string
		counts [3]int
		scores int // respondents with a score of the factor
		want   [3]int
	}{
		{"exactly 10", [3]int{1, 3, 6}, 12, [3]int{10, 30, 60}},
		{"9", [3]int{1, 3, 5}, 12, [3]int{}},
		{"nobody in a group", [3]int{0, 4, 8}, 12, [3]int{}},
		{"everybody in a group", [3]int{0, 0, 12}, 12, [3]int{}},
		{"halves go up", [3]int{1, 9, 10}, 20, [3]int{10, 50, 50}},
		{"a few of many", [3]int{1, 20, 9}, 30, [3]int{0, 70, 30}},
		{"no mean of the factor", [3]int{2, 3, 5}, 7, [3]int{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := small([][]float64{{4.5}}, [][]int{{max(tt.scores, tt.counts[0]+tt.counts[1]+tt.counts[2])}})
			m := &s.Rounds[0].Sites[0]
			m.Factors[0].N, m.Headcount = tt.scores, 20
			m.Items = []Item{{Code: "a", Factor: "factor-1", Counts: tt.counts}}
			own := mustShow(t, s).Rounds[0].Practices[0].Items[0]
			want := OwnItem{Code: "a", Factor: "factor-1", Shares: tt.want}
			if tt.want == [3]int{} {
				want.Hidden = FewOrAlike
			}
			if own != want {
				t.Errorf("the item is %+v, want %+v", own, want)
			}
		})
	}
}

func TestGrouped(t *testing.T) {
	if got, want := Grouped([7]int{1, 2, 4, 8, 16, 32, 64}), [3]int{7, 8, 112}; got != want {
		t.Errorf("Grouped() = %v, want %v", got, want)
	}
}

// rows writes the rows of a factor as words: a site alone, a pool with pluses, a site of neither in brackets.
func rows(f FactorShown) string {
	var words []string
	for _, row := range f.Rows {
		word := strings.ReplaceAll(strings.Join(row.Sites, "+"), "site-", "")
		if row.Hidden != 0 {
			word = "(" + word + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func units(all [][]string) string {
	var words []string
	for _, unit := range all {
		words = append(words, strings.ReplaceAll(strings.Join(unit, "+"), "site-", ""))
	}
	return strings.Join(words, " ")
}

// TestPools holds what stands alone, in which pool, and in none. A site with 5 answers is hidden, one with 12 or more is not.
func TestPools(t *testing.T) {
	tests := []struct {
		name string
		n    []int
		want string
	}{
		{"nothing hidden", []int{12, 12, 12}, "1 2 3"},
		{"one hidden, too few others", []int{12, 5, 12, 12, 12}, "1 (2) 3 4 5"},
		{"one hidden takes five, the smallest", []int{12, 5, 19, 12, 12, 12, 12, 18}, "1+2+4+5+6+7 3 8"},
		{"one hidden of six is the whole group", []int{12, 12, 12, 12, 12, 5}, "1+2+3+4+5+6"},
		{"two hidden take one", []int{12, 5, 13, 5, 14}, "1+2+4 3 5"},
		{"two hidden alone", []int{5, 5}, "(1) (2)"},
		{"three hidden", []int{5, 12, 5, 12, 5}, "1+3+5 2 4"},
		{"five hidden are one pool", []int{5, 5, 5, 5, 5}, "1+2+3+4+5"},
		{"six hidden are two pools", []int{5, 5, 5, 5, 5, 5}, "1+2+3 4+5+6"},
		{"eight hidden are two pools", []int{5, 5, 5, 5, 5, 5, 5, 5}, "1+2+3 4+5+6+7+8"},
		{"no answers, no mean", []int{5, 0, 5, 5}, "1+3+4 (2)"},
		{"no answers do not make three", []int{5, 0, 5, 12}, "1+3+4 (2)"},
		{"nobody at all", []int{0, 0, 0}, "(1) (2) (3)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			means := make([]float64, len(tt.n))
			for i := range means {
				means[i] = 4 + 0.13*float64(i)
			}
			f := mustShow(t, small([][]float64{means}, [][]int{tt.n})).Rounds[0].Factors[0]
			if got := rows(f); got != tt.want {
				t.Errorf("the rows are %s, want %s", got, tt.want)
			}
			if strings.HasPrefix(tt.want, "(1)") != (f.Programme.Hidden == TooFew) {
				t.Errorf("the programme's mean is %+v", f.Programme)
			}
			if f.Others.Hidden != TooFew {
				t.Errorf("the others' mean is %+v, and there are none", f.Others)
			}
		})
	}
}

// TestPoolsAtTheEnd holds that a pool is no hiding place where its mean tells its members: three sites with nearly 7 each
// take company, or are left out.
func TestPoolsAtTheEnd(t *testing.T) {
	top := []float64{6.95, 6.97, 6.99, 6.2, 6.1}
	if got, want := rows(mustShow(t, small([][]float64{top}, [][]int{{5, 5, 5, 12, 14}})).Rounds[0].Factors[0]), "(1) (2) (3) 4 5"; got != want {
		t.Errorf("the rows are %s, want %s", got, want)
	}
	// With two at 5 among them there is room; with one there is none for those who know its mean.
	top = []float64{6.95, 6.97, 6.99, 5, 5, 6.1}
	if got, want := rows(mustShow(t, small([][]float64{top}, [][]int{{5, 5, 5, 5, 5, 14}})).Rounds[0].Factors[0]), "1+2+3+4+5 6"; got != want {
		t.Errorf("the rows are %s, want %s", got, want)
	}
	if got, want := rows(mustShow(t, small([][]float64{top}, [][]int{{5, 5, 5, 5, 14, 14}})).Rounds[0].Factors[0]), "1+2+3+4+5 6"; got != want {
		t.Errorf("the rows are %s, want %s", got, want)
	}
}

// TestFigures holds the means that stand beside pools: of all sites, one decimal for one, two for more.
func TestFigures(t *testing.T) {
	s := small([][]float64{{4.31, 5.12, 5.58, 4.94, 5.27, 5.67}}, [][]int{{5, 5, 5, 12, 12, 12}})
	s.Sites[4].Group, s.Sites[5].Group = Others, Others
	f := mustShow(t, s).Rounds[0].Factors[0]
	if f.Programme.Mean != 4.99 || units(f.Programme.Units) != "1+2+3 4" || f.Programme.Sites() != 4 { // 19.95 / 4
		t.Errorf("the programme's mean is %+v", f.Programme)
	}
	if f.Others.Mean != 5.47 || f.All.Mean != 5.15 || f.All.Sites() != 6 { // 10.94 / 2; 30.89 / 6
		t.Errorf("the others' mean is %+v, all %+v", f.Others, f.All)
	}
	if f.Rows[0].Mean != 5 || f.Rows[1].Mean != 4.9 { // 15.01 / 3; 4.94
		t.Errorf("the rows are %+v", f.Rows)
	}
	if got := f.Alone(); !slices.Equal(got, []string{"site-4", "site-5", "site-6"}) {
		t.Errorf("Alone() = %v", got)
	}
	s.Sites[5].Group = Programme
	if f := mustShow(t, s).Rounds[0].Factors[0]; f.Others.Mean != 5.3 || f.Others.Sites() != 1 {
		t.Errorf("the mean of one site is %+v, want one decimal", f.Others)
	}
}

// TestChanges holds which sites a change is over.
func TestChanges(t *testing.T) {
	first := []float64{4, 4.5, 5, 5.5, 4.25, 4.75, 5.25}
	second := []float64{4.5, 4.5, 5.5, 5.5, 4.75, 5.25, 6.25}
	tests := []struct {
		name        string
		before, now []int
		want        string
		change      float64
	}{
		{"nothing hidden", []int{12, 12, 12, 12, 12, 12, 12}, []int{12, 12, 12, 12, 12, 12, 12}, "1 2 3 4 5 6 7", 0.43},
		{"a site left", []int{12, 12, 12, 12, 12, 12, 12}, []int{12, 12, 12, 12, 12, 12, 0}, "1 2 3 4 5 6", 0.33},
		{"the same pool twice", []int{5, 5, 5, 12, 12, 12, 12}, []int{5, 5, 5, 12, 12, 12, 12}, "1+2+3 4 5 6 7", 0.43},
		{"one pool and another share a site", []int{5, 5, 5, 12, 12, 12, 12}, []int{12, 12, 5, 5, 5, 12, 12}, "1+2+3+4+5 6 7", 0.43},
		{"a site of a pool left", []int{5, 5, 5, 12, 12, 12, 12}, []int{12, 12, 0, 12, 12, 12, 12}, "4 5 6 7", 0.5},
		{"a site is left out of the second round", []int{12, 12, 12, 12, 12, 0, 0}, []int{5, 12, 12, 12, 12, 0, 0}, "2 3 4 5", 0.25},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := small([][]float64{first, second}, [][]int{tt.before, tt.now})
			shown := mustShow(t, s)
			if len(shown.Changes) != 1 {
				t.Fatalf("the changes are %+v", shown.Changes)
			}
			c := shown.Changes[0]
			if units(c.Programme.Units) != tt.want || c.Programme.Change != tt.change {
				t.Errorf("the change is %v over %s, want %v over %s", c.Programme.Change, units(c.Programme.Units), tt.change, tt.want)
			}
			if c.Others.Hidden != NotBoth || c.Hidden != NotBoth || c.All.Change != tt.change {
				t.Errorf("without others the change is %+v", c)
			}
		})
	}
	s := small([][]float64{first, second}, [][]int{{12, 12, 12, 12, 12, 12, 12}, {12, 12, 12, 12, 12, 12, 12}})
	s.Sites[6].Group = Others
	if c := mustShow(t, s).Changes[0]; c.Difference != -0.7 || c.Others.Change != 1 || c.Others.Start != 5.3 || c.Programme.Start != 4.67 {
		t.Errorf("the difference to one site is %+v, want 0.33 less 1 to one decimal", c) // (4.6667, 0.3333; 6.3 − 5.3)
	}
	s.Sites[5].Group = Others
	if c := mustShow(t, s).Changes[0]; c.Difference != -0.45 || c.Others.Change != 0.75 || c.Programme.Change != 0.3 {
		t.Errorf("the difference is %+v, want 0.30 less 0.75", c)
	}
}

// TestPoolsStay holds that a later round keeps the pools it can.
func TestPoolsStay(t *testing.T) {
	means := []float64{4, 4.5, 5, 5.5, 4.25, 4.75, 5.25, 5}
	s := small([][]float64{means, means, means}, [][]int{{5, 12, 5, 12, 5, 12, 12, 12}, {5, 5, 5, 5, 5, 5, 12, 12}, {12, 5, 5, 12, 5, 12, 12, 12}})
	releases := release(t, s)
	for i, want := range []string{"1+3+5 2 4 6 7 8", "1+3+5 2+4+6 7 8", "1 2+3+5 4 6 7 8"} {
		if got := rows(releases[2].Rounds[i].Factors[0]); got != want {
			t.Errorf("round %d has the rows %s, want %s", i+1, got, want)
		}
	}
	// One hidden site takes the company that it had.
	s = small([][]float64{means, means}, [][]int{{5, 12, 13, 14, 15, 16, 17, 18}, {5, 19, 19, 19, 19, 19, 12, 12}})
	if got, want := rows(mustShow(t, s).Rounds[1].Factors[0]), "1+2+3+4+5+6 7 8"; got != want {
		t.Errorf("the second round has the rows %s, want %s", got, want)
	}
}

func mustShow(t *testing.T, s Survey, before ...Shown) Shown {
	t.Helper()
	shown, err := Show(s, before...)
	if err != nil {
		t.Fatal(err)
	}
	return shown
}

// TestShownBefore holds that a round stays as it was shown.
func TestShownBefore(t *testing.T) {
	means := []float64{4, 4.5, 5, 5.5, 4.25}
	s := small([][]float64{means, means}, [][]int{{5, 5, 5, 12, 12}, {5, 5, 12, 12, 12}})
	first := mustShow(t, Survey{s.Sites, s.Rounds[:1]})
	other := mustShow(t, small([][]float64{means}, [][]int{{5, 12, 12, 5, 5}}))
	tests := []struct {
		name   string
		change func(s *Survey)
		before []Shown
		want   string
	}{
		{"as it was", func(*Survey) {}, []Shown{first, first}, ""},
		{"another answer", func(s *Survey) { s.Rounds[0].Sites[3].Factors[0].Mean = 5.7 }, []Shown{first}, "round round-1 does not give any more what was shown of it"},
		{"another answer in a pool", func(s *Survey) { s.Rounds[0].Sites[0].Factors[0].Mean = 4.2 }, []Shown{first}, "round round-1 does not give any more what was shown of it"},
		{"no answers in a pool", func(s *Survey) { s.Rounds[0].Sites[0].Factors[0].N = 0 }, []Shown{first}, "round round-1 does not give any more what was shown of it"},
		{"another threshold", func(s *Survey) { s.Rounds[0].Rules.MeanFrom = 6 }, []Shown{first}, "round round-1 does not give any more what was shown of it"},
		{"another group", func(s *Survey) { s.Sites[4].Group = Others }, []Shown{first}, "round round-1 does not give any more what was shown of it"},
		{"one more site", func(s *Survey) { s.Rounds[0].Sites = s.Rounds[0].Sites[1:] }, []Shown{first}, "round round-1 does not give any more what was shown of it"},
		{"no factor", func(s *Survey) {
			for i := range s.Rounds[0].Sites {
				s.Rounds[0].Sites[i].Factors = nil
			}
		}, []Shown{first}, "round round-1 does not give any more what was shown of it"},
		{"no round", func(s *Survey) { s.Rounds = s.Rounds[1:] }, []Shown{first}, "round round-1 was shown before and is missing"},
		{"two ways", func(*Survey) {}, []Shown{first, other}, "round round-1 was shown before in two ways"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := small([][]float64{means, means}, [][]int{{5, 5, 5, 12, 12}, {5, 5, 12, 12, 12}})
			tt.change(&s)
			_, err := Show(s, tt.before...)
			if fmt.Sprint(err) != tt.want && (err != nil || tt.want != "") {
				t.Errorf("Show() gives %v, want %s", err, tt.want)
			}
		})
	}
}

func TestBadSurveys(t *testing.T) {
	tests := []struct {
		name   string
		change func(s *Survey)
		want   string
	}{
		{"no ID", func(s *Survey) { s.Sites[0].ID = "" }, "a site has no ID"},
		{"twice", func(s *Survey) { s.Sites[0].ID = "site-2" }, "site site-2 stands twice among the sites"},
		{"no group", func(s *Survey) { s.Sites[0].Group = 0 }, "site site-1 is in no group"},
		{"no round ID", func(s *Survey) { s.Rounds[0].ID = "" }, `round "" has no ID of its own`},
		{"unknown site", func(s *Survey) { s.Rounds[0].Sites[0].Site = "x" }, "round round-1: site x is not among the sites"},
		{"site twice", func(s *Survey) { s.Rounds[0].Sites[0].Site = "site-2" }, "round round-1: site site-2 stands twice"},
		{"mean of 0", func(s *Survey) { s.Rounds[0].Sites[0].Factors[0].Mean = 0 }, "round round-1: site site-1: factor factor-1 has the mean 0, outside 1 to 7"},
		{"more scores than respondents", func(s *Survey) { s.Rounds[0].Sites[0].Factors[0].N = 13 }, "round round-1: site site-1: factor factor-1 has 13 scores of 12 respondents"},
		{"factor twice", func(s *Survey) {
			m := &s.Rounds[0].Sites[0]
			m.Factors = append(m.Factors, m.Factors[0])
		}, "round round-1: site site-1: factor factor-1 stands twice"},
		{"item below none", func(s *Survey) { s.Rounds[0].Sites[0].Items = []Item{{Code: "a", Counts: [3]int{-1, 2, 3}}} }, "round round-1: site site-1: item a has the counts [-1 2 3] of 12 respondents"},
		{"item twice", func(s *Survey) { s.Rounds[0].Sites[0].Items = []Item{{Code: "a"}, {Code: "a"}} }, "round round-1: site site-1: item a stands twice"},
		{"more roles than respondents", func(s *Survey) { s.Rounds[0].Sites[0].Roles = []Count{{"a", 7}, {"b", 6}} }, "round round-1: site site-1: 13 roles of 12 respondents"},
		{"more tenures than respondents", func(s *Survey) { s.Rounds[0].Sites[0].Tenures = []Count{{"a", 13}} }, "round round-1: site site-1: 13 tenures of 12 respondents"},
		{"a role below none", func(s *Survey) { s.Rounds[0].Sites[0].Roles = []Count{{"a", -1}} }, "round round-1: site site-1: role a has the count -1"},
		{"response below none", func(s *Survey) { s.Rounds[0].Sites[0].Respondents = -1 }, "round round-1: site site-1: -1 of 20 staff is not a response"},
		{"weak rules", func(s *Survey) { s.Rounds[0].Rules.MeanFrom = 5 }, "round round-1: mean_from is 5; it must be at least 6"},
		{"no rules", func(s *Survey) { s.Rounds[0].Rules = Rules{} }, "round round-1: mean_from is 0; it must be at least 6"},
		{"weak share", func(s *Survey) { s.Rounds[0].Rules.MeanShare = 0.4 }, "round round-1: mean_share is 0.4; it must lie between 0.5 and 1"},
		{"most is all", func(s *Survey) { s.Rounds[0].Rules.MostAbove = 1 }, "round round-1: most_above is 1; it must lie between 0.5 and 0.9"},
		{"pools of two", func(s *Survey) { s.Rounds[0].Rules.PoolFrom = 2 }, "round round-1: pool_from is 2; it must be at least 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := small([][]float64{{4, 5}}, [][]int{{12, 12}})
			tt.change(&s)
			if _, err := Show(s); err == nil || err.Error() != tt.want {
				t.Errorf("Show() gives %v, want %s", err, tt.want)
			}
		})
	}
}

func TestWords(t *testing.T) {
	for _, r := range []Reason{0, TooFew, FewOrAlike, NotBoth} {
		text, err := json.Marshal(r)
		var again Reason
		if err != nil || json.Unmarshal(text, &again) != nil || again != r {
			t.Errorf("%v is kept as %s and read as %v", r, text, again)
		}
	}
	var g Group
	if err := json.Unmarshal([]byte(`"others"`), &g); err != nil || g != Others || g.String() != "others" {
		t.Errorf("others is read as %v, %v", g, err)
	}
	var r Reason
	if json.Unmarshal([]byte(`"because"`), &r) == nil || json.Unmarshal([]byte(`""`), &g) == nil || Reason(9).String() != "" {
		t.Error("words of neither set are read")
	}
}
