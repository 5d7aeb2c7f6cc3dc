package climate

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"wellwave/scoring"
)

// staff adds one respondent of a practice for each score; practices that begin with P are of the programme.
func staff(tb testing.TB, d *Data, theme, practice string, round int, scores ...float64) {
	tb.Helper()
	for _, v := range scores {
		if err := d.Add(Score{Practice: practice, Programme: strings.HasPrefix(practice, "P"), Round: round, Theme: theme, Value: v}); err != nil {
			tb.Fatal(err)
		}
	}
}

// practices makes two rounds in which staff of each practice score about a level and then about another.
func practices(tb testing.TB, levels map[string][2]float64) *Data {
	tb.Helper()
	d := new(Data)
	for _, name := range slices.Sorted(maps.Keys(levels)) {
		for round, level := range levels[name] {
			staff(tb, d, "", name, round+1, level-1, level, level+1)
		}
	}
	return d
}

// sound fails if a figure is not a number, or an unknown one has a value.
func sound(tb interface {
	Helper()
	Errorf(format string, args ...any)
}, v any) {
	tb.Helper()
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		if f, ok := v.Interface().(scoring.Figure); ok {
			if !finite(f.Value) || !f.Known && f.Value != 0 {
				tb.Errorf("%s = %v", path, f)
			}
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(path, v.Elem())
			}
		case reflect.Float64:
			if !finite(v.Float()) {
				tb.Errorf("%s = %v", path, v)
			}
		}
	}
	walk("results", reflect.ValueOf(v))
}

// TestFewPractices wants from groups of every small size what can be said, and no more.
func TestFewPractices(t *testing.T) {
	all := map[string][2]float64{"P1": {4, 5}, "P2": {4.5, 5.25}, "P3": {5, 5.25}, "O1": {4, 4.25}, "O2": {5, 4.75}, "O3": {4.5, 5}}
	tests := []struct {
		with                           string
		method                         Method
		estimate, interval, warning    bool
		respondents, adjusted, against bool // intervals
	}{
		{"P1 P2 P3 O1 O2 O3", WelchMethod, true, true, false, true, true, true},
		{"P1 P2 O1 O2 O3", PooledMethod, true, true, true, true, true, true},
		{"P1 O1 O2 O3", CaseMethod, true, true, false, false, true, true},
		{"P1 O1 O2", CaseMethod, true, true, false, false, false, true},
		{"P1 O1", NoMethod, true, false, false, false, false, false},
		{"P1 P2 P3 O1", NoMethod, true, false, false, false, true, true},
		{"P1 P2 O1", NoMethod, true, false, false, false, false, true},
		{"P1 P2 P3", NoMethod, false, false, false, false, false, true},
		{"O1 O2 O3", NoMethod, false, false, false, false, false, true},
		{"P1", NoMethod, false, false, false, false, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.with, func(t *testing.T) {
			some := make(map[string][2]float64)
			for _, name := range strings.Fields(tt.with) {
				some[name] = all[name]
			}
			r := compare(t, practices(t, some), Options{})
			sound(t, r)
			theme := r.Themes[0]
			d := theme.DifferenceOfChanges
			if theme.Method != tt.method || d.Estimate.Known != tt.estimate || d.Low.Known != tt.interval || (theme.Warning != "") != tt.warning {
				t.Errorf("%v %+v %q", theme.Method, d, theme.Warning)
			}
			if got := theme.RespondentsWeighted; got.Low.Known != tt.respondents || got.Estimate.Known != tt.estimate {
				t.Errorf("respondents %+v", got)
			}
			if got := theme.AdjustedForStart; got.Low.Known != tt.adjusted {
				t.Errorf("adjusted %+v", got)
			}
			if got := theme.Practices[0].AgainstOthers; got.Low.Known != tt.against {
				t.Errorf("against others %+v", got)
			}
			if theme.Sentence == "" == tt.estimate {
				t.Errorf("sentence %q", theme.Sentence)
			}
		})
	}
}

// TestClosedPractice wants a practice that is missing from a round to be named and to change no change.
func TestClosedPractice(t *testing.T) {
	levels := map[string][2]float64{"P1": {4, 5}, "P2": {4.5, 5.25}, "P3": {5, 5.25}, "O1": {4, 4.25}, "O2": {5, 4.75}, "O3": {4.5, 5}}
	want := compare(t, practices(t, levels), Options{}).Themes[0]
	d := practices(t, levels)
	staff(t, d, "", "O4", 1, 1, 2)
	staff(t, d, "", "P4", 2, 7, 7)
	r := compare(t, d, Options{})
	sound(t, r)
	got := r.Themes[0]
	if got.DifferenceOfChanges != want.DifferenceOfChanges || got.Programme != want.Programme || got.Others != want.Others || got.RespondentsWeighted != want.RespondentsWeighted {
		t.Errorf("%+v, want %+v", got, want)
	}
	left := got.Practices[len(got.Practices)-2:]
	if left[0].Practice != "O4" || !slices.Equal(left[0].Missing, []int{2}) || left[0].Change.Known || left[0].Respondents != [2]int{2, 0} || left[0].Start.Value != 1.5 {
		t.Errorf("%+v", left[0])
	}
	if left[1].Practice != "P4" || !slices.Equal(left[1].Missing, []int{1}) || left[1].Start.Known || left[1].Respondents != [2]int{0, 2} {
		t.Errorf("%+v", left[1])
	}
	if got.Rounds[0].Others != want.Rounds[0].Others || got.Rounds[0].Agreement.Practices != 7 {
		t.Errorf("%+v", got.Rounds[0])
	}
}

// TestRoundsBetween wants two rounds of three to be compared as if there were no others.
func TestRoundsBetween(t *testing.T) {
	add := func(d *Data, rounds int) {
		for i, name := range []string{"P1", "P2", "P3", "O1", "O2", "O3"} {
			for round := 1; round <= rounds; round++ {
				staff(t, d, "", name, round, 3, 4+float64(i*round%4), 5)
			}
		}
	}
	three, two := new(Data), new(Data)
	add(three, 3)
	add(two, 2)
	r := compare(t, three, Options{Last: 2})
	got, want := r.Themes[0], compare(t, two, Options{}).Themes[0]
	if len(got.Rounds) != 3 || len(r.Rounds) != 3 || r.Last != 2 {
		t.Errorf("%+v", r)
	}
	got.Rounds = want.Rounds
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestOneRespondent wants no interval of a practice of one respondent, and those of the others all the same.
func TestOneRespondent(t *testing.T) {
	d := new(Data)
	for i, name := range []string{"P1", "P2", "P3", "O1", "O2", "O3"} {
		for round := 1; round <= 2; round++ {
			scores := []float64{4, 5 + 0.25*float64(i*round%5), 3}
			if name == "O1" && round == 1 {
				scores = scores[:1]
			}
			for _, v := range scores {
				if err := d.Add(Score{Practice: name, Programme: name[0] == 'P', Round: round, Staff: 6, Value: v}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	r := compare(t, d, Options{})
	sound(t, r)
	theme := r.Themes[0]
	alone, other := theme.Practices[3], theme.Practices[4]
	if alone.Own.SE.Known || alone.OwnCensus.SE.Known || alone.AgainstOthersCorrected.SE.Known || !alone.AgainstOthers.SE.Known || !alone.Own.Estimate.Known {
		t.Errorf("%+v", alone)
	}
	if !other.AgainstOthersCorrected.Low.Known || !other.Own.Low.Known {
		t.Errorf("%+v", other)
	}
	if theme.Census != nil {
		t.Errorf("census %+v where one of six answered", theme.Census)
	}
}

// TestOneRound wants starts and nothing of a change.
func TestOneRound(t *testing.T) {
	d := new(Data)
	for i, name := range []string{"P1", "P2", "O1", "O2"} {
		staff(t, d, "", name, 2, 4, 5+float64(i))
	}
	r := compare(t, d, Options{})
	sound(t, r)
	theme := r.Themes[0]
	if r.First != 2 || r.Last != 2 || theme.Programme.Start.Value != 4.75 || !theme.StartDifference.Low.Known {
		t.Errorf("%+v", r)
	}
	if theme.Programme.Change.Known || theme.DifferenceOfChanges != (Difference{}) || theme.Sentence != "" || theme.Practices[0].Change.Known || theme.Practices[0].AgainstOthers != (Difference{}) {
		t.Errorf("a change of one round: %+v", theme)
	}
	if h := r.Headline(); h.Excluding() != 0 || h.RoseMore != 0 {
		t.Errorf("%+v", h)
	}
}

// TestAllAlike wants no interval where nothing varies, whatever rounding leaves.
func TestAllAlike(t *testing.T) {
	d := new(Data)
	for i := range 12 {
		name := fmt.Sprintf("%c%d", "PO"[i%2], i)
		staff(t, d, "", name, 1, 4.1, 4.3, 4.9)
		staff(t, d, "", name, 2, 4.4, 4.6, 5.2)
	}
	r := compare(t, d, Options{})
	sound(t, r)
	theme := r.Themes[0]
	for name, got := range map[string]Difference{"difference": theme.DifferenceOfChanges, "start": theme.StartDifference, "respondents": theme.RespondentsWeighted,
		"adjusted": theme.AdjustedForStart, "against others": theme.Practices[0].AgainstOthers} {
		if got.SE.Known || got.P.Known || math.Abs(got.Estimate.Value) > 1e-12 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := theme.Sentence; got != "rose about as much; too uncertain to say almost as much, from a similar start" {
		t.Errorf("%q", got)
	}
}

// TestCensusOfAll wants an interval without width where all staff answered, more than there are included.
func TestCensusOfAll(t *testing.T) {
	d := new(Data)
	for i, name := range []string{"P1", "P2", "P3", "O1", "O2", "O3"} {
		for round := 1; round <= 2; round++ {
			for who := range 4 {
				n := 4
				if name == "P1" {
					n = 3
				}
				if err := d.Add(Score{Practice: name, Programme: i < 3, Round: round, Staff: n, Value: float64(1 + (who*i+round)%5)}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	r := compare(t, d, Options{})
	sound(t, r)
	theme := r.Themes[0]
	if c := theme.Census; c == nil || c.SE != (scoring.Figure{Known: true}) || c.Low != c.Estimate || c.High != theme.DifferenceOfChanges.Estimate {
		t.Errorf("%+v", c)
	}
	if len(r.Notes) != 2 || !strings.Contains(r.Notes[0], "In round 1 more people answered in P1 than it has staff, 4 of 3") {
		t.Errorf("%q", r.Notes)
	}
}

// TestCorrectedFloor holds the corrected interval against its formula where the others' spread is more than that of
// sampling, and against its floor where it is less. Expected values: by hand.
func TestCorrectedFloor(t *testing.T) {
	others := []float64{0, 1, 2, 3, 4} // mean 2, variance 2.5
	e := func(v float64) []scoring.Figure {
		return []scoring.Figure{known(v), known(v), known(v), known(v), known(v)}
	}
	if got := correctedCase(5, known(0.7), others, e(0.5), 0); !close9(got.Estimate, 3) || !close9(got.SE, math.Sqrt(2.5*1.2-0.5+0.7)) || !close9(got.DF, 4) {
		t.Errorf("%+v", got)
	}
	if got := correctedCase(5, known(0.7), others, e(9), 0); !close9(got.SE, math.Sqrt(2.5/5+0.7)) {
		t.Errorf("%+v", got)
	}
	for name, got := range map[string]Difference{"own unknown": correctedCase(5, scoring.Figure{}, others, e(1), 0),
		"another's unknown": correctedCase(5, known(1), others, append(e(1)[:4], scoring.Figure{}), 0), "one other": correctedCase(5, known(1), others[:1], e(1)[:1], 0)} {
		if got.SE.Known || !got.Estimate.Known {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestFaults(t *testing.T) {
	given := Score{Practice: "A", Programme: true, Round: 1, Staff: 9, Theme: "w", Value: 4, Items: []float64{1, 2}}
	tests := []struct {
		name   string
		change func(*Score)
		field  string
	}{
		{"no practice", func(s *Score) { s.Practice = "" }, "practice"},
		{"round 0", func(s *Score) { s.Round = 0 }, "round"},
		{"headcount below 0", func(s *Score) { s.Staff = -1 }, "staff"},
		{"not a number", func(s *Score) { s.Value = math.NaN() }, "score"},
		{"no answer", func(s *Score) { s.Items = []float64{1, math.Inf(1)} }, "items"},
		{"in and out", func(s *Score) { s.Programme = false }, "programme"},
		{"two headcounts", func(s *Score) { s.Staff = 10 }, "staff"},
		{"headcount not always", func(s *Score) { s.Staff = 0 }, "staff"},
		{"fewer items", func(s *Score) { s.Items = s.Items[:1] }, "items"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := new(Data)
			if err := d.Add(given); err != nil {
				t.Fatal(err)
			}
			s := given
			tt.change(&s)
			var fault *ScoreError
			if err := d.Add(s); !errors.As(err, &fault) || fault.Field != tt.field || fault.Reason == "" {
				t.Errorf("%v, want a fault of %s", err, tt.field)
			}
			if err := d.Add(given); err != nil {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
	if _, err := new(Data).Compare(Options{}); !errors.Is(err, ErrNoScores) {
		t.Errorf("%v", err)
	}
	d := practices(t, map[string][2]float64{"P1": {4, 5}, "O1": {4, 5}})
	for _, o := range []Options{{Margin: new(float64)}, {First: 3}, {First: 2, Last: 1}, {Average: NewAverage("x", 0, []AverageMean{{Round: 1}})}} {
		if r, err := d.Compare(o); err == nil {
			t.Errorf("%+v gives %+v", o, r)
		}
	}
	staff(t, d, "odd", "P1", 1, 4)
	var fault *ThemeError
	if _, err := d.Compare(Options{}); !errors.As(err, &fault) || *fault != (ThemeError{"odd", 2}) {
		t.Errorf("%v", err)
	}
}

func TestHeadline(t *testing.T) {
	theme := func(name string, change, estimate, low, high float64) Theme {
		return Theme{Theme: name, Programme: Group{Change: known(change)}, DifferenceOfChanges: Difference{Estimate: known(estimate), Low: known(low), High: known(high)}}
	}
	r := Results{Themes: []Theme{theme("workload", .5, .3, .1, .5), theme("leadership", .4, .2, -.1, .5), theme("teamwork", .1, -.2, -.3, -.1), theme("systems", -.1, .2, .1, .3)}}
	h := r.Headline()
	want := "The programme’s practices rose more than the average in 2 of 4 themes, and in 1 of these chance is not excluded. " +
		"The interval of the difference excludes 0 in 3: above it in workload, systems; below it in teamwork."
	if h.Excluding() != 3 || h.String() != want {
		t.Errorf("%+v %q", h, h)
	}
	one := Results{Themes: []Theme{theme("", .1, -.2, -.5, .1)}}
	if got := one.Headline().String(); got != "The interval of the difference includes 0." {
		t.Errorf("%q", got)
	}
	one.Themes[0].DifferenceOfChanges.High = known(-0.01)
	if got := one.Headline().String(); got != "The interval of the difference excludes 0: below it." {
		t.Errorf("%q", got)
	}
}
