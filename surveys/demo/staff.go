package demo

import (
	"context"
	"strings"

	"wellwave/surveys"
)

// factors are the parts of the safety-climate scale by the second part of an item's code, with where a practice starts
// and how much it gains a year with and without a links practitioner. Communication starts high and gains least.
var factors = map[string]struct{ start, withLinks, without float64 }{
	"workload":      {-0.45, 0.14, 0.05},
	"communication": {0.35, 0.07, 0.06},
	"leadership":    {0.10, 0.13, 0.06},
	"teamwork":      {0.20, 0.12, 0.05},
	"learning":      {0.00, 0.15, 0.06},
}

// staffShares are the shares of a practice's headcount who answer each round; the third is still open.
var staffShares = []float64{0.82, 0.86, 0.58}

const (
	practiceSD = 0.35 // of practices' means: staff of one practice agree with one another
	ofFactor   = 0.65 // share of an opinion's standard deviation that is about one factor alone
)

// round writes a round of the anonymous staff survey into the calendar: codes for headcount and a fifth more, then the
// questionnaires of those who answer.
func (f *filler) round(wave surveys.Wave) {
	number := int(wave.ID[len(wave.ID)-1] - '1')
	opens := int(wave.Opens.Sub(f.morning(0)).Hours()/24) - 1
	for i, site := range f.study.Sites {
		codes := make([]string, site.Staff+(site.Staff+4)/5)
		f.days.on(opens + 1).first = append(f.days.on(opens+1).first, func(ctx context.Context) error {
			made, err := f.store.MakeStaffCodes(ctx, f.accounts[surveys.Researcher], f.study.ID, wave.ID, site.ID, len(codes))
			copy(codes, made)
			if wave.ID == openRound && i == 0 && err == nil {
				f.spare = made[len(made)-1]
			}
			return err
		})
		answering := int(staffShares[number]*float64(site.Staff) + f.random.Float64())
		for who := range answering {
			answers := f.opinion(site, number)
			n := opens + 2 + f.random.IntN(18)
			f.days.on(n).together = append(f.days.on(n).together, func(ctx context.Context) error {
				opened, err := f.store.OpenLink(ctx, codes[who])
				if err != nil {
					return err
				}
				return f.store.SubmitStaff(ctx, surveys.StaffSubmission{StaffCode: opened.StaffCode, Language: "en-GB", Answers: answers})
			})
		}
	}
}

// opinion answers the safety-climate questionnaire for one member of a practice's staff in a round.
func (f *filler) opinion(site surveys.Site, round int) []surveys.ItemAnswer {
	general := f.practice(site.ID) + f.random.NormFloat64()
	own := make(map[string]float64, len(factors))
	for _, name := range []string{"workload", "communication", "leadership", "teamwork", "learning"} {
		factor := factors[name]
		gain := factor.without
		if site.Arm == "intervention" {
			gain = factor.withLinks
		}
		own[name] = factor.start + gain*float64(round) + (1-ofFactor)*general + ofFactor*f.random.NormFloat64()
	}
	instrument := f.instruments["safety-climate"]
	answers := make([]surveys.ItemAnswer, 0, len(instrument.Items))
	for i := range instrument.Items {
		item := &instrument.Items[i]
		value := surveys.Absent(surveys.Skipped)
		if f.random.Float64() >= skipped {
			level := own[strings.Split(item.Code, "_")[1]]
			value = surveys.Number(mannerOf(item.Code).answer(f.random, item, level))
		}
		answers = append(answers, surveys.ItemAnswer{Code: item.Code, Value: value})
	}
	return answers
}

// practice returns how a practice's climate differs from the average, the same in every round.
func (f *filler) practice(id surveys.SiteID) float64 {
	if f.climates == nil {
		f.climates = make(map[surveys.SiteID]float64)
	}
	if _, ok := f.climates[id]; !ok {
		f.climates[id] = practiceSD * f.random.NormFloat64()
	}
	return f.climates[id]
}
