package climate

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/climate/climatetest"
	"wellwave/surveys/disclosure"
)

// told is a round of the safety-climate scale in which the practice “own” answered as items says, by code; the rest is
// alike.
func told(t *testing.T, change func(r *Report, own *disclosure.Practice)) *PracticeReport {
	t.Helper()
	q := climatetest.Questionnaire(t, "study", "round-2")
	study := &surveys.Study{ID: "study", Title: "Study", Zone: time.UTC, Sites: []surveys.Site{{ID: "own", Title: "Own"}},
		Waves: []surveys.Wave{{ID: "round-1", Title: "Round 1"}, {ID: "round-2", Title: "Round 2", Closes: time.Date(2026, 6, 22, 0, 0, 0, 0, time.UTC)}}}
	r := &Report{Round: "round-2", Before: "round-1", Shown: disclosure.Shown{Rounds: []disclosure.RoundShown{{ID: "round-1"}, {ID: "round-2"}}}}
	for round := range r.Shown.Rounds {
		own := disclosure.Practice{Site: "own", Response: disclosure.Band{Low: 10, High: 14}, Roles: disclosure.Mix{Hidden: disclosure.TooFew}}
		climatetest.Answered(&own, q, func(int) float64 { return 5 }, func(_, _ int) [3]int { return [3]int{20, 10, 70} })
		shown := &r.Shown.Rounds[round]
		shown.Rules, shown.Practices = disclosure.DefaultRules(), []disclosure.Practice{own}
		shown.Factors = climatetest.All(q, func(int) float64 { return 5.02 }, []string{"own"}, []string{"b"}, []string{"c"}, []string{"d"})
	}
	for _, scale := range q.Scales {
		within := 0.5
		r.Themes = append(r.Themes, ReportTheme{ID: scale.ID(), Title: scale.Definition().Title, Within: &within})
	}
	last := &r.Shown.Rounds[1].Practices[0]
	change(r, last)
	p, err := r.Practice(study, q, "own")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestResponseSays(t *testing.T) {
	tests := []struct {
		give disclosure.Band
		want string
	}{
		{disclosure.Band{Low: 15, High: 19}, "15 to 19 of your team answered."},
		{disclosure.Band{Low: 11, High: 12, Most: true}, "Most of your team answered."},
		{disclosure.Band{Low: 0, High: 4}, "Fewer than 5 of your team answered."},
		{disclosure.Band{}, "Nobody of your team answered."},
	}
	for _, tt := range tests {
		p := told(t, func(_ *Report, own *disclosure.Practice) { own.Response = tt.give })
		if got := p.ResponseSays(); got != tt.want {
			t.Errorf("ResponseSays(%+v) = %q, want %q", tt.give, got, tt.want)
		}
	}
}

func TestLead(t *testing.T) {
	tests := []struct {
		name  string
		means [5]float64
		all   float64
		want  string
	}{
		{"a strength and what differs", [5]float64{4.1, 5, 5, 5.5, 5}, 5.02, "Teamwork is your strength; workload is where your team differs most from all practices: 0.9 below."},
		{"both are one", [5]float64{5, 5, 5, 5.5, 5}, 5.02, "Teamwork is your strength, and where your team differs most from all practices: 0.5 above."},
		{"of two alike the first", [5]float64{5.5, 5, 5, 5.5, 5}, 5.02, "Workload is your strength, and where your team differs most from all practices: 0.5 above."},
		{"nothing is a strength below the middle", [5]float64{3, 3, 4, 3, 3}, 4, "Leadership is the theme in which your team does best; workload is where your team differs most from all practices: 1.0 below."},
		{"all alike", [5]float64{5, 5, 5, 5, 5}, 5.02, "Your team answered every theme alike; in no theme does your team differ from all practices by a tenth of a point."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := told(t, func(r *Report, own *disclosure.Practice) {
				for i := range own.Factors {
					own.Factors[i].Mean, r.Shown.Rounds[1].Factors[i].All.Mean = tt.means[i], tt.all
				}
			})
			if got := p.Lead(); got != tt.want {
				t.Errorf("Lead() = %q, want %q", got, tt.want)
			}
		})
	}
}

// A statement that counts reversed is said by its good side: that few agree with it is to be glad of.
func TestStatementsAreSaidByTheGoodSide(t *testing.T) {
	p := told(t, func(_ *Report, own *disclosure.Practice) {
		for i := range own.Items {
			switch own.Items[i].Code {
			case "sc_workload_2": // Urgent jobs push routine safety checks to another day; reversed
				own.Items[i].Shares = [3]int{0, 10, 90}
			case "sc_teamwork_4": // We thank each other for catching a slip
				own.Items[i].Shares = [3]int{10, 0, 80}
			case "sc_learning_6": // Finding the current version of a protocol is a matter of luck; reversed
				own.Items[i].Shares = [3]int{60, 10, 20}
			case "sc_learning_5":
				own.Items[i].Shares = [3]int{50, 10, 40}
			case "sc_learning_4":
				own.Items[i].Hidden = disclosure.FewOrAlike
			}
		}
	})
	said := func(statements []Statement) (all []string) {
		for _, s := range statements {
			all = append(all, s.Text+" "+s.Safe.String()+", "+s.Between.String()+", "+s.Other.String())
		}
		return all
	}
	for name, pair := range map[string]struct {
		got  []string
		want []string
	}{
		"strongest": {said(p.Strongest), []string{"Urgent jobs push routine safety checks to another day. 90% disagree, 10% neither, 0% agree",
			"We thank each other for catching a slip. 80% agree, 0% neither, 10% disagree",
			"By the end of a session I have had time to check what I signed or entered. 70% agree, 10% neither, 20% disagree"}},
		"weakest": {said(p.Weakest), []string{"Finding the current version of a protocol is a matter of luck. 20% disagree, 10% neither, 60% agree",
			"We look through near misses even after a good month. 40% agree, 10% neither, 50% disagree",
			"Urgent jobs"}},
	} {
		for i, want := range pair.want {
			if want != "Urgent jobs" && (i >= len(pair.got) || pair.got[i] != want) {
				t.Errorf("%s are %q, want %q at %d", name, pair.got, want, i)
			}
		}
		if len(pair.got) != 3 {
			t.Errorf("%d are %s, want 3", len(pair.got), name)
		}
	}
	if got := p.StatementsSay(); !strings.HasPrefix(got, "One statement cannot be shown, and may be among") {
		t.Errorf("StatementsSay() = %q", got)
	}
}

// With few statements none is at both ends.
func TestFewStatements(t *testing.T) {
	for shown, want := range map[int][2]int{0: {0, 0}, 1: {1, 0}, 2: {1, 1}, 3: {2, 1}, 5: {3, 2}, 6: {3, 3}} {
		p := told(t, func(_ *Report, own *disclosure.Practice) {
			for i := range own.Items {
				if i >= shown {
					own.Items[i].Hidden = disclosure.FewOrAlike
				}
			}
		})
		if got := [2]int{len(p.Strongest), len(p.Weakest)}; got != want {
			t.Errorf("of %d statements %v are named, want %v", shown, got, want)
		}
	}
}

// 1.96 · 0.5 · √(1/10 + 1/10) = 0.438, so 0.5; with 8 and 8, which a shown mean has at least, 0.49; with 22 and 30, 0.275.
func TestChance(t *testing.T) {
	tests := []struct {
		now, then int
		want      float64
	}{{10, 10, 0.5}, {5, 5, 0.5}, {22, 30, 0.3}, {100, 100, 0.2}}
	for _, tt := range tests {
		p := told(t, func(r *Report, own *disclosure.Practice) {
			own.Response.Low, r.Shown.Rounds[0].Practices[0].Response.Low = tt.now, tt.then
		})
		for _, f := range p.Factors {
			if f.Chance == nil || math.Abs(*f.Chance-tt.want) > 1e-12 {
				t.Errorf("chance of %d and %d is %v, want %v", tt.now, tt.then, f.Chance, tt.want)
			}
		}
	}
	if got := chanceOf(0.5, 8, 8); got != 0.5 { // 0.49
		t.Errorf("chanceOf(0.5, 8, 8) = %v, want 0.5", got)
	}
}

// What changed is said only where it is more than chance makes, and never for what is not shown.
func TestChangeSays(t *testing.T) {
	tests := []struct {
		name   string
		change func(r *Report, own *disclosure.Practice)
		want   string
	}{
		{"within chance", func(_ *Report, own *disclosure.Practice) { own.Factors[0].Mean = 5.5 }, "Since the round before, no theme of yours changed by more than chance alone can make of it."},
		{"up and down", func(_ *Report, own *disclosure.Practice) {
			own.Factors[0].Mean, own.Factors[3].Mean, own.Factors[4].Mean = 5.6, 4.4, 5.7
		},
			"Since the round before, safety systems and learning and workload rose and teamwork fell by more than chance alone makes. What else changed may be chance."},
		{"nothing before", func(r *Report, _ *disclosure.Practice) { r.Shown.Rounds[0].Practices = nil }, "Your own figures of the round before are not shown, so there is no change to show."},
		{"the first round", func(r *Report, _ *disclosure.Practice) { r.Before = "" }, "This was the first round, so there is no change to show yet."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := told(t, tt.change).ChangeSays(); got != tt.want {
				t.Errorf("ChangeSays() = %q, want %q", got, tt.want)
			}
		})
	}
}

// The mean of a few others would give theirs away to one who knows its own.
func TestAllPracticesTakesOthers(t *testing.T) {
	for _, tt := range []struct {
		units [][]string
		want  bool
	}{
		{[][]string{{"own"}, {"b"}}, false}, {[][]string{{"own"}, {"b"}, {"c"}}, false}, {[][]string{{"own"}, {"b"}, {"c"}, {"d"}}, true},
		{[][]string{{"b"}, {"c"}}, false}, {[][]string{{"b", "c", "d"}}, true},
	} {
		p := told(t, func(r *Report, _ *disclosure.Practice) {
			for i := range r.Shown.Rounds[1].Factors {
				r.Shown.Rounds[1].Factors[i].All.Units = tt.units
			}
		})
		if p.Others() != tt.want {
			t.Errorf("all of %v are shown: %v, want %v", tt.units, p.Others(), tt.want)
		}
	}
}

func TestQuestions(t *testing.T) {
	p := told(t, func(_ *Report, own *disclosure.Practice) { own.Factors[3].Mean, own.Factors[0].Mean = 5.5, 4 })
	if want := []string{talks["safety_teamwork"].strong, talks["safety_workload"].weak, talks["safety_workload"].next}; strings.Join(p.Questions, "|") != strings.Join(want, "|") {
		t.Errorf("Questions = %q, want %q", p.Questions, want)
	}
	hidden := told(t, func(_ *Report, own *disclosure.Practice) {
		for i := range own.Factors {
			own.Factors[i].Hidden = disclosure.TooFew
		}
	})
	if len(hidden.Questions) != 3 || strings.Contains(strings.Join(hidden.Questions, ""), "Workload") {
		t.Errorf("below the threshold the questions are %q", hidden.Questions)
	}
	other := talkAbout(&PracticeFactor{ID: "pcsq_workload", Title: "Workload"})
	for _, question := range []string{other.strong, other.weak, other.next} {
		if !strings.Contains(question, "“Workload”") {
			t.Errorf("a question about a scale of others is %q", question)
		}
	}
	for _, scale := range []string{"workload", "communication", "leadership", "teamwork", "learning"} {
		if talks["safety_"+scale] == (talk{}) {
			t.Errorf("there are no questions about %s", scale)
		}
	}
}

func TestAverageSays(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	tests := []struct {
		give ReportGroup
		want string
	}{
		{ReportGroup{}, "not shown"},
		{ReportGroup{Change: f(0.24), Low: f(0.11), High: f(0.37)}, "rose by 0.24, more than by chance (between +0.11 and +0.37)"},
		{ReportGroup{Change: f(-0.2), Low: f(-0.31), High: f(-0.09)}, "fell by 0.20, more than by chance (between −0.31 and −0.09)"},
		{ReportGroup{Change: f(0), Low: f(-0.1), High: f(0.1)}, "0.00, which may be chance (between −0.10 and +0.10)"},
		{ReportGroup{Change: f(0.1)}, "+0.10; how much of it is chance cannot be said"},
	}
	for _, tt := range tests {
		if got := (PracticeFactor{Average: tt.give}).AverageSays(); got != tt.want {
			t.Errorf("AverageSays(%+v) = %q, want %q", tt.give, got, tt.want)
		}
	}
}

// What a practice reads is made of its own figures and those of all: take every figure of any other practice out of the
// report, and it stays as it is.
func TestPracticeReadsNothingOfOthers(t *testing.T) {
	h := holdRounds(t, 12, 2, func(practice, _ int) int { return []int{30, 25, 9, 0}[practice%4] })
	for i := range h.study.Sites {
		h.study.Sites[i].Title = "Practice " + string(h.study.Sites[i].ID)
	}
	h.study.Zone = time.UTC
	for _, round := range h.rounds {
		h.study.Waves = append(h.study.Waves, round.Wave)
	}
	text, err := h.reportAll(t).Text()
	if err != nil {
		t.Fatal(err)
	}
	q := h.rounds[1].Questionnaire
	own := 0
	for _, site := range h.study.Sites {
		whole, err := ReadReport(text)
		if err != nil {
			t.Fatal(err)
		}
		bare, err := ReadReport(text)
		if err != nil {
			t.Fatal(err)
		}
		for r := range bare.Shown.Rounds {
			shown := &bare.Shown.Rounds[r]
			shown.Practices = slices.DeleteFunc(shown.Practices, func(p disclosure.Practice) bool { return p.Site != string(site.ID) })
			for f := range shown.Factors {
				shown.Factors[f].Rows, shown.Factors[f].Programme, shown.Factors[f].Others = nil, disclosure.Figure{}, disclosure.Figure{}
			}
		}
		bare.Shown.Changes = nil
		got, err := whole.Practice(h.study, q, site.ID)
		if err != nil {
			t.Fatal(err)
		}
		want, err := bare.Practice(h.study, q, site.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s reads something that is of another practice", site.ID)
		}
		if got.Own() {
			own++
		}
		if !got.Own() && len(got.Strongest)+len(got.Weakest) > 0 {
			t.Errorf("%s reads statements and no mean", site.ID)
		}
	}
	if own != 6 {
		t.Errorf("%d practices read figures of their own, want the 6 with half of their 40 staff", own)
	}
}

// A site that took no part, and one that does not exist.
func TestPracticeThatTookNoPart(t *testing.T) {
	p := told(t, func(r *Report, _ *disclosure.Practice) { r.Shown.Rounds[1].Practices = nil })
	if got := p.ResponseSays(); got != "Your practice took no part in this round." || p.Own() || !p.Others() || len(p.Withheld()) != 1 {
		t.Errorf("it reads %q and %q", got, p.Withheld())
	}
	r := &Report{Round: "round-1"}
	if _, err := r.Practice(&surveys.Study{}, nil, "nowhere"); surveys.KindOf(err) != surveys.NotFound {
		t.Errorf("a site that does not exist: %v, want NotFound", err)
	}
}
