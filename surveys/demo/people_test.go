package demo

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"wellwave/scoring"
	"wellwave/surveys"
	"wellwave/surveys/library"
)

// invented returns a filler that has invented its people and stored nothing.
func invented(t *testing.T) *filler {
	t.Helper()
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	study, err := surveys.ParseStudy("study.yaml", linksFile, definitions.Find)
	if err != nil {
		t.Fatal(err)
	}
	f := &filler{study: study, today: time.Now(), random: rand.New(rand.NewPCG(1, 2)), days: make(calendar)}
	if f.instruments, err = findInstruments("eq5d5l", "wellbeing", "phq8", "gad7", "ons4", "safety-climate"); err != nil {
		t.Fatal(err)
	}
	for _, a := range armPlans {
		f.inventArm(a)
	}
	return f
}

// TestPublishedShares: 61 % in the most deprived tenth and 83 % in the most deprived fifth of those referred, of whom
// 45 % met the practitioner three times or more (Mercer SW et al. Ann Fam Med 2019;17:518-525).
func TestPublishedShares(t *testing.T) {
	f := invented(t)
	var all, tenth, fifth, often float64
	enrolled, complete := map[surveys.SiteID]int{}, map[surveys.SiteID]int{}
	for _, p := range f.people {
		enrolled[p.enrolment.Site]++
		if p.fate == completes {
			complete[p.enrolment.Site]++
		}
		if site, _ := f.study.Site(p.enrolment.Site); site.Arm != "intervention" {
			if p.contacts > 0 {
				t.Errorf("a person of the comparison arm met the practitioner %d times", p.contacts)
			}
			continue
		}
		all++
		tenth += share(p.enrolment.SIMDDecile == 1)
		fifth += share(p.enrolment.SIMDDecile <= 2)
		often += share(p.contacts >= 3)
		if p.enrolment.SIMDDecile < 1 || p.enrolment.SIMDDecile > 10 {
			t.Errorf("decile %d", p.enrolment.SIMDDecile)
		}
	}
	for _, tt := range []struct {
		name      string
		got, want float64
	}{{"most deprived tenth", tenth / all, 0.61}, {"most deprived fifth", fifth / all, 0.83}, {"three contacts", often / all, 0.45}} {
		if math.Abs(tt.got-tt.want) > 0.005 {
			t.Errorf("%s: %.3f, want %.2f", tt.name, tt.got, tt.want)
		}
	}
	for _, site := range f.study.Sites {
		lowest := map[surveys.ArmID]int{"intervention": 30, "comparison": 70}[site.Arm]
		if n := complete[site.ID]; n != lowest && n != lowest+1 {
			t.Errorf("%s: %d complete, want %d or %d", site.ID, n, lowest, lowest+1)
		}
		if enrolled[site.ID] < complete[site.ID] {
			t.Errorf("%s: %d enrolled", site.ID, enrolled[site.ID])
		}
	}
}

func share(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// TestPeopleResemblePeople looks for what answers of real people show: scales hold together and go together, people
// resemble their former selves, some answers are missing, and the arms do not differ much in change.
func TestPeopleResemblePeople(t *testing.T) {
	f := invented(t)
	before, after := map[string][]float64{}, map[string][]float64{}
	var items, missing int
	for _, p := range f.people {
		first := f.answers(p, baselineWave)
		p.profile = p.profile.later(f.random, p.siteMean, 0)
		second := f.answers(p, nineMonths)
		for id, instrument := range f.instruments {
			if id == "safety-climate" {
				continue
			}
			for _, scale := range instrument.Scales {
				one, okOne := score(instrument, scale, first)
				two, okTwo := score(instrument, scale, second)
				if okOne && okTwo {
					before[scale.ID()] = append(before[scale.ID()], one)
					after[scale.ID()] = append(after[scale.ID()], two)
				} else if scale.ID() == "uk_crosswalk" {
					t.Fatal("the primary outcome of a complete questionnaire cannot be scored")
				}
			}
		}
		for _, a := range first {
			items++
			if !a.Value.Given() {
				missing++
			}
		}
	}
	for _, scale := range []string{"uk_crosswalk", "wellbeing", "phq8", "gad7"} {
		if r := correlation(before[scale], after[scale]); r < 0.45 || r > 0.70 {
			t.Errorf("%s: correlation of baseline and nine months %.2f, want about 0.5 to 0.6", scale, r)
		}
	}
	if got := float64(missing) / float64(items); got < 0.01 || got > 0.05 {
		t.Errorf("%.3f of the answers are missing", got)
	}
	var low, calmness []float64
	for _, p := range f.people {
		low, calmness = append(low, p.profile[mood]), append(calmness, p.profile[calm])
	}
	if r := correlation(low, calmness); r < 0.35 || r > 0.65 {
		t.Errorf("mood and calm correlate at %.2f, want about 0.5", r)
	}
}

// score scores one scale from a wave's answers.
func score(instrument *surveys.Instrument, scale *scoring.Scale, answers []surveys.ItemAnswer) (float64, bool) {
	given := make([]scoring.Answer, len(instrument.Items))
	for i, item := range instrument.Items {
		for _, a := range answers {
			if a.Code == item.Code && a.Value.Given() {
				given[i] = scoring.Answer{Value: a.Value.Number, Given: true}
			}
		}
	}
	s := scale.Score(given)
	return s.Value, s.Valid
}

// correlation returns Pearson's coefficient.
func correlation(x, y []float64) float64 {
	var sx, sy, sxx, syy, sxy float64
	n := float64(len(x))
	for i := range x {
		sx, sy, sxx, syy, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], syy+y[i]*y[i], sxy+x[i]*y[i]
	}
	return (n*sxy - sx*sy) / math.Sqrt((n*sxx-sx*sx)*(n*syy-sy*sy))
}

func TestDatesMoveWithTheCalendar(t *testing.T) {
	today := time.Date(2031, 1, 10, 9, 0, 0, 0, time.UTC)
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	study, err := surveys.ParseStudy("study.yaml", atDate(linksFile, today), definitions.Find)
	if err != nil {
		t.Fatal(err)
	}
	third, ok := study.Wave(openRound)
	if !ok || today.Before(third.Opens.AddDate(0, 0, 20)) || today.After(third.Closes.AddDate(0, 0, -18)) {
		t.Errorf("the third round is open from %v to %v", third.Opens, third.Closes)
	}
}
