package disclosure

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestResponse(t *testing.T) {
	tests := []struct {
		n, headcount int
		want         Band
	}{
		{0, 40, Band{Low: 0, High: 4}},
		{4, 40, Band{Low: 0, High: 4}},
		{5, 40, Band{Low: 5, High: 9}},
		{29, 40, Band{Low: 25, High: 29}},
		{30, 40, Band{Low: 30, High: 36}}, // 36 of 40 is 90 %, and 35 and 36 alone would be two numbers
		{36, 40, Band{Low: 30, High: 36}},
		{37, 40, Band{Low: 37, High: 40, Most: true}},
		{18, 20, Band{Low: 10, High: 18}}, // exactly 90 %
		{19, 20, Band{Low: 19, High: 20, Most: true}},
		{20, 20, Band{Low: 19, High: 20, Most: true}},
		{23, 20, Band{Low: 19, High: 20, Most: true}}, // more than the headcount
		{49, 60, Band{Low: 45, High: 49}},
		{50, 60, Band{Low: 50, High: 54}}, // a whole band up to 90 %
		{54, 60, Band{Low: 50, High: 54}},
		{55, 60, Band{Low: 55, High: 60, Most: true}},
		{10, 12, Band{Low: 5, High: 10}},
		{11, 12, Band{Low: 11, High: 12, Most: true}},
		{1, 3, Band{Low: 0, High: 2}},
		{3, 3, Band{Low: 3, High: 3, Most: true}},
		{7, 0, Band{Low: 5, High: 9}}, // nobody knows the headcount
	}
	for _, tt := range tests {
		if got := DefaultRules().Response(tt.n, tt.headcount); got != tt.want {
			t.Errorf("Response(%d, %d) = %+v, want %+v", tt.n, tt.headcount, got, tt.want)
		}
	}
}

// TestResponseBands holds that bands are a partition of all counts, of five numbers or more under "most".
func TestResponseBands(t *testing.T) {
	rules := DefaultRules()
	for headcount := 1; headcount <= 200; headcount++ {
		for n := range headcount + 1 {
			band := rules.Response(n, headcount)
			if n < band.Low || n > band.High || band.Most != (10*n > 9*headcount) {
				t.Fatalf("Response(%d, %d) = %+v", n, headcount, band)
			}
			if !band.Most && band.High-band.Low < 4 && headcount > 5 {
				t.Fatalf("Response(%d, %d) = %+v, fewer than five numbers", n, headcount, band)
			}
			for other := band.Low; other <= band.High; other++ {
				if rules.Response(other, headcount) != band {
					t.Fatalf("%d and %d of %d are in one band and not in one", n, other, headcount)
				}
			}
		}
	}
}

func TestWhileOpen(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Skip(err)
	}
	closes := time.Date(2026, 3, 30, 0, 0, 0, 0, london) // the day after the clocks go forward
	opens := closes.AddDate(0, 0, -28)
	tests := []struct {
		name string
		give time.Time
		want bool
	}{
		{"before it opens", opens.Add(-time.Second), false},
		{"when it opens", opens, true},
		{"before the last two days", closes.AddDate(0, 0, -2).Add(-time.Second), true},
		{"the last two days", closes.AddDate(0, 0, -2), false},
		{"the end", closes, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := WhileOpen(opens, closes.AddDate(0, 0, -QuietDays), tt.give); got != tt.want {
				t.Errorf("WhileOpen() = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestCountSteps(t *testing.T) {
	tests := []struct{ give, wantDown, wantNear int }{{0, 0, 0}, {2, 0, 0}, {3, 0, 5}, {4, 0, 5}, {5, 5, 5}, {14, 10, 15}, {37, 35, 35}, {39, 35, 40}}
	for _, tt := range tests {
		if down, near := CountDown(tt.give), CountNear(tt.give); down != tt.wantDown || near != tt.wantNear {
			t.Errorf("%d is counted as %d and %d, want %d and %d", tt.give, down, near, tt.wantDown, tt.wantNear)
		}
	}
}

func TestRespondents(t *testing.T) {
	means, n := make([]float64, 12), make([]int, 12)
	for i := range means {
		means[i], n[i] = 4.5, 11+i%4
	}
	s := small([][]float64{means}, [][]int{n}) // each in the band 10 to 18 of 20
	for i := 9; i < 12; i++ {
		s.Sites[i].Group = Others
	}
	got := mustShow(t, s).Rounds[0].Respondents
	want := Respondents{Programme: Band{Low: 110, High: 114}, Others: Band{Low: 35, High: 39}, All: Band{Low: 145, High: 153}}
	if got != want { // 9 sites with 112, 3 with 39
		t.Errorf("the respondents are %+v, want %+v", got, want)
	}
	s.Sites = s.Sites[9:]
	s.Rounds[0].Sites = s.Rounds[0].Sites[9:11]
	if got := mustShow(t, s).Rounds[0].Respondents; got.Programme != (Band{}) || got.Others != (Band{Low: 25, High: 29}) {
		t.Errorf("of two sites with 12 and 13 the respondents are %+v", got)
	}
}

func TestMix(t *testing.T) {
	tests := []struct {
		name   string
		counts []Count
		want   Mix
	}{
		{"19 in all", []Count{{"a", 10}, {"b", 9}}, Mix{Hidden: TooFew}},
		{"20 in all", []Count{{"a", 11}, {"b", 9}}, Mix{Shown: []Share{{"a", 60}, {"b", 50}}}},
		{"exactly 5", []Count{{"a", 5}, {"b", 9}, {"c", 6}}, Mix{Shown: []Share{{"a", 30}, {"b", 50}, {"c", 30}}}},
		{"4 take the next", []Count{{"a", 4}, {"b", 9}, {"c", 7}}, Mix{Shown: []Share{{"b", 50}}, Rest: []string{"a", "c"}, RestPercent: 60}},
		{"nobody takes the next", []Count{{"a", 12}, {"b", 8}, {"c", 0}}, Mix{Shown: []Share{{"a", 60}}, Rest: []string{"b", "c"}, RestPercent: 40}},
		{"4 and 3 are enough", []Count{{"a", 4}, {"b", 15}, {"c", 3}}, Mix{Shown: []Share{{"b", 70}}, Rest: []string{"a", "c"}, RestPercent: 30}},
		{"2 and 2 are not", []Count{{"a", 2}, {"b", 15}, {"c", 2}, {"d", 6}}, Mix{Shown: []Share{{"b", 60}}, Rest: []string{"a", "c", "d"}, RestPercent: 40}},
		{"one of two is rare", []Count{{"a", 22}, {"b", 3}}, Mix{Hidden: TooFew}},
		{"everybody in one", []Count{{"a", 25}, {"b", 0}, {"c", 0}}, Mix{Hidden: TooFew}},
		{"nothing", nil, Mix{Hidden: TooFew}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := DefaultRules().Mix(tt.counts)
			if !slices.Equal(got.Shown, tt.want.Shown) || !slices.Equal(got.Rest, tt.want.Rest) || got.RestPercent != tt.want.RestPercent || got.Hidden != tt.want.Hidden {
				t.Errorf("Mix(%v) = %+v, want %+v", tt.counts, got, tt.want)
			}
		})
	}
}

// A pool of counts is of as many sites as a pool of means, however many answered there.
func TestPoolMix(t *testing.T) {
	counts := []Count{{"a", 30}, {"b", 20}}
	if got := DefaultRules().PoolMix(counts, 2); got.Hidden != TooFew || got.Shown != nil {
		t.Errorf("PoolMix() of two sites = %+v, want it hidden", got)
	}
	if got := DefaultRules().PoolMix(counts, 3); got.Hidden != 0 || len(got.Shown) != 2 {
		t.Errorf("PoolMix() of three sites = %+v, want it shown", got)
	}
}

// TestSpread checks the sample variance where there are no pools, and by hand where there is one: 3 and 5 once, 4.5 for two
// sites have the mean 17/4 and the squares (25 + 9 + 2)/16 over 2.
func TestSpread(t *testing.T) {
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }
	if mean, variance, df := Spread([]float64{1, 2, 3, 6}, []int{1, 1, 1, 1}); !near(mean, 3) || !near(variance, 14.0/3) || df != 3 {
		t.Errorf("Spread() = %v, %v, %d", mean, variance, df)
	}
	if mean, variance, df := Spread([]float64{3, 5, 4.5}, []int{1, 1, 2}); !near(mean, 4.25) || !near(variance, 1.125) || df != 2 {
		t.Errorf("Spread() with a pool = %v, %v, %d", mean, variance, df)
	}
	if mean, variance, df := Spread([]float64{3}, []int{4}); mean != 3 || variance != 0 || df != 0 {
		t.Errorf("Spread() of one unit = %v, %v, %d", mean, variance, df)
	}
	if mean, variance, df := Spread(nil, nil); mean != 0 || variance != 0 || df != 0 {
		t.Errorf("Spread() of none = %v, %v, %d", mean, variance, df)
	}
}

// TestItemRows holds that items of a site leave the programme's copy with its row.
func TestItemRows(t *testing.T) {
	s := small([][]float64{{4.5, 4.6, 4.7, 4.8}}, [][]int{{5, 5, 13, 12}})
	for i := range s.Rounds[0].Sites {
		s.Rounds[0].Sites[i].Items = []Item{{Code: "a", Factor: "factor-1", Counts: [3]int{1, 2, 2}}, {Code: "b", Counts: [3]int{1, 2, 2}}}
	}
	for i := 2; i < 4; i++ {
		s.Rounds[0].Sites[i].Items[0].Counts = [3]int{2, 3, 7}
		s.Rounds[0].Sites[i].Items[1].Counts = [3]int{2, 3, 7}
	}
	round := mustShow(t, s).Rounds[0]
	if got := rows(round.Factors[0]); got != "1+2+4 3" {
		t.Fatalf("the rows are %s", got)
	}
	var got []string
	for _, row := range round.ItemRows() {
		got = append(got, row.Site+" "+row.Code)
	}
	if want := []string{"site-3 a", "site-3 b", "site-4 b"}; !slices.Equal(got, want) {
		t.Errorf("ItemRows() = %v, want %v", got, want)
	}
	if own := round.Practices[3].Items[0]; own.Hidden != 0 || own.Shares != [3]int{20, 30, 60} {
		t.Errorf("the practice's own report has %+v", own)
	}
}
