package demo

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/climate"
)

// factors are the parts of the safety-climate scale by the second part of an item's code, with where the practices with and
// without a links practitioner start and how much they gain a year. It is the published pattern: those with one gain more
// than the average in four factors, and almost as much in communication, where they start higher.
var factors = map[string]struct{ startWith, startWithout, gainWith, gainWithout float64 }{
	"workload":      {-0.60, -0.45, 0.38, 0.10},
	"communication": {0.60, 0.20, 0.05, 0.12},
	"leadership":    {0.10, 0.10, 0.34, 0.10},
	"teamwork":      {0.20, 0.20, 0.38, 0.10},
	"learning":      {0.00, 0.00, 0.36, 0.10},
}

// staffShares are the shares of a practice's headcount who answer each round; the third is still open.
var staffShares = []float64{0.82, 0.86, 0.58}

// quiet are the practices of which too few answer for them to stand alone, and quietShare is the share that does.
var quiet = []surveys.SiteID{"lochwhinnie", "orchardmuir"}

const quietShare = 0.40

const (
	practiceSD = 0.35 // of practices' means: staff of one practice agree with one another
	opinionSD  = 0.60 // of opinions within a practice
	ofFactor   = 0.65 // share of it that is about one factor alone
)

// keepers are the custodians of the staff survey.
var keepers = []string{"Ailsa Broun, university", "Bashir Malik, health board", "Catriona Muir, patients’ panel"}

// appointCustodians gives every custodian a key and has them prove that they can read it back.
func (f *filler) appointCustodians(ctx context.Context) error {
	by := f.accounts[surveys.Researcher]
	for i, name := range keepers {
		key, err := f.store.MakeCustodianKey(ctx, by, f.study.ID, surveys.StaffCustodian{Number: i + 1, Name: name}, "")
		if err != nil {
			return err
		}
		if err := f.store.ProveCustodianKey(ctx, by, f.study.ID, i+1, key); err != nil {
			return err
		}
		f.custodians = append(f.custodians, Custodian{name, key})
	}
	return nil
}

// dayOf returns the distance of a moment from today in days of the calendar.
func (f *filler) dayOf(t time.Time) int { return int(t.Sub(f.morning(0)).Hours()/24) - 1 }

// round writes a round of the anonymous staff survey into the calendar: it is set up, gets codes for headcount and a fifth
// more, then the questionnaires of those who answer; once it is over it is closed, and two custodians open it.
func (f *filler) round(wave surveys.Wave) {
	number := int(wave.ID[len(wave.ID)-1] - '1')
	opens, by := f.dayOf(wave.Opens), f.accounts[surveys.Researcher]
	f.days.on(opens).first = append(f.days.on(opens).first, func(ctx context.Context) error {
		if len(f.custodians) == 0 {
			if err := f.appointCustodians(ctx); err != nil {
				return err
			}
		}
		return f.store.SetUpRound(ctx, by, f.study.ID, wave.ID)
	})
	about := rand.New(rand.NewPCG(uint64(number), 20)) // so that asking leaves everything else of the demonstration as it is
	for i, site := range f.study.Sites {
		codes := make([]string, surveys.RoundSite{Staff: site.Staff}.CardsNeeded())
		f.days.on(opens + 1).first = append(f.days.on(opens+1).first, func(ctx context.Context) error {
			made, err := f.store.MakeStaffCodes(ctx, by, f.study.ID, wave.ID, site.ID, len(codes))
			copy(codes, made)
			if wave.ID == openRound && i == 0 && err == nil {
				f.spare = made[len(made)-1]
			}
			return err
		})
		share := staffShares[number]
		if slices.Contains(quiet, site.ID) {
			share = quietShare
		}
		for who := range int(share*float64(site.Staff) + f.random.Float64()) {
			answers, about := f.opinion(site, number), self(about)
			n := opens + 2 + f.random.IntN(18)
			f.days.on(n).together = append(f.days.on(n).together, func(ctx context.Context) error {
				opened, err := f.store.OpenLink(ctx, codes[who])
				if err != nil {
					return err
				}
				return f.store.SubmitStaff(ctx, surveys.StaffSubmission{StaffCode: opened.StaffCode, Language: "en-GB", Answers: answers, Attributes: about})
			})
		}
	}
	if closes := f.dayOf(wave.Closes) + 1; closes < 0 {
		f.days.on(closes).first = append(f.days.on(closes).first, func(ctx context.Context) error {
			if err := f.store.CloseRound(ctx, by, f.study.ID, wave.ID); err != nil {
				return err
			}
			if err := f.store.OpenRound(ctx, by, f.study.ID, wave.ID, [2]string{f.custodians[0].Key, f.custodians[1].Key}); err != nil {
				return err
			}
			return f.report(ctx, wave.ID)
		})
	}
}

// report works out what is shown of a round and shows it.
func (f *filler) report(ctx context.Context, wave surveys.WaveID) error {
	rounds, err := f.store.OpenedRounds(ctx, f.study.ID)
	if err != nil {
		return err
	}
	report, err := climate.NewReport(f.study, rounds)
	if err != nil {
		return err
	}
	text, err := report.Text()
	if err != nil {
		return err
	}
	return f.store.ReportRound(ctx, f.accounts[surveys.Researcher], f.study.ID, wave, text, "")
}

// opinion answers the safety-climate questionnaire for one member of a practice's staff in a round.
func (f *filler) opinion(site surveys.Site, round int) []surveys.ItemAnswer {
	general := f.practice(site.ID) + opinionSD*f.random.NormFloat64()
	own := make(map[string]float64, len(factors))
	for _, name := range []string{"workload", "communication", "leadership", "teamwork", "learning"} {
		factor := factors[name]
		start, gain := factor.startWithout, factor.gainWithout
		if site.Arm == "intervention" {
			start, gain = factor.startWith, factor.gainWith
		}
		own[name] = start + gain*float64(round) + (1-ofFactor)*general + ofFactor*opinionSD*f.random.NormFloat64()
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

// self returns what a member of staff says about themselves: somewhat more than half have clinical work, and few say nothing.
func self(random *rand.Rand) surveys.StaffAttributes {
	roles := []surveys.StaffRole{surveys.ClinicalRole, surveys.ClinicalRole, surveys.ClinicalRole, surveys.OtherRole, surveys.OtherRole}
	tenures := []surveys.StaffTenure{surveys.UnderTwoYears, surveys.TwoToTenYears, surveys.TwoToTenYears, surveys.OverTenYears}
	said := surveys.StaffAttributes{Role: roles[random.IntN(len(roles))], Tenure: tenures[random.IntN(len(tenures))]}
	if random.IntN(20) == 0 {
		said.Role, said.Tenure = 0, surveys.TenureUnsaid
	}
	return said
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
