package demo

import (
	"context"
	"fmt"
	"strings"

	"wellwave/surveys"
)

// person is an invented participant.
type person struct {
	enrolment surveys.NewEnrolment
	id        surveys.EnrolmentID
	study     *surveys.Study
	profile   profile
	siteMean  float64
	age       int
	contacts  int // attended contacts with the links practitioner
	enrolled  int // day
	fate      fate
	later     lateFate
}

// fate is what becomes of a person at nine months.
type fate int

const (
	completes fate = iota
	breaksOff
	refuses
	isNotReached
	hasDied
	isTooIll
	lostCapacity
)

// lateFate is how far a person has come at eighteen months, which are only beginning.
type lateFate int

const (
	notYet  lateFate = iota // the window has not opened, or they left before
	waiting                 // asked, and nothing came yet
	answered
	declinedLate
)

// armPlan holds the published counts of an arm, and what its people do at nine months.
type armPlan struct {
	arm           surveys.ArmID
	enrolled      int
	completes     int
	others        map[fate]int // sums to enrolled − completes
	deprivedTenth int          // people in the most deprived tenth of postcodes
	deprivedFifth int          // and in the most deprived fifth, those included
	mean          float64      // of traits at baseline: people are referred because they are worse off
}

// armPlans: 288 and 612 enrolled, 214 and 561 followed up (Mercer 2019); 61 % of those referred lived in the most deprived
// tenth and 83 % in the most deprived fifth. What became of the others was not published and is invented.
var armPlans = []armPlan{
	{"intervention", 288, 214, map[fate]int{breaksOff: 9, refuses: 14, isNotReached: 38, hasDied: 6, isTooIll: 5, lostCapacity: 2}, 176, 239, -0.25},
	{"comparison", 612, 561, map[fate]int{breaksOff: 7, refuses: 11, isNotReached: 25, hasDied: 4, isTooIll: 4}, 288, 422, 0.05},
}

// The calendar, in days from today. Everybody's nine-month window (274 + 56 days) has closed; the eighteen-month window
// (548 − 28 to 548 + 56 days) has opened for the first half of the people and closed for the very first.
const (
	firstEnrolled = -640
	lastEnrolled  = -430
	enrolStep     = 3 // practices enrol on every third day
	tryEnrolled   = -20
)

// simd names the index of deprivation that the deciles are of.
const simd = "2020v2"

// referred is the share of the intervention arm with three or more contacts: 45 % (Mercer 2019).
const referred = 0.45

// plan invents everybody and writes their lives into the calendar.
func (f *filler) plan(ctx context.Context) error {
	f.days = make(calendar)
	for _, a := range armPlans {
		f.inventArm(a)
	}
	f.random.Shuffle(len(f.people), func(i, j int) { f.people[i], f.people[j] = f.people[j], f.people[i] })
	for i, p := range f.people {
		p.enrolment.Label = fmt.Sprintf("L%04d", i+1)
		// Enrolment is spread evenly over the period, and the order of people is already a matter of chance.
		p.enrolled = firstEnrolled + i*(lastEnrolled-firstEnrolled)/len(f.people)/enrolStep*enrolStep
		f.live(p)
	}
	for _, wave := range f.study.Waves {
		if wave.Audience == surveys.Staff {
			f.round(wave)
		}
	}
	return f.planTryIt(ctx)
}

// inventArm makes the people of an arm, spread over its sites so that enrolled and followed-up people differ by at most
// one from site to site.
func (f *filler) inventArm(a armPlan) {
	var sites []surveys.Site
	for _, s := range f.study.Sites {
		if s.Arm == a.arm {
			sites = append(sites, s)
		}
	}
	var others []fate
	for fate := breaksOff; fate <= lostCapacity; fate++ {
		for range a.others[fate] {
			others = append(others, fate)
		}
	}
	f.random.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	means := make([]float64, len(sites))
	for i := range means {
		means[i] = a.mean + siteSD*f.random.NormFloat64()
	}
	deciles, ages := f.deciles(a), f.ages(a.enrolled)
	contacts := f.contactCounts(a)
	for i := range a.enrolled {
		// Completes are dealt round the sites first, the others go on from there.
		site := i % len(sites)
		p := &person{study: f.study, siteMean: means[site], age: ages[i], contacts: contacts[i],
			enrolment: surveys.NewEnrolment{Study: f.study.ID, Site: sites[site].ID, SIMDDecile: deciles[i], SIMDVersion: simd}}
		if i >= a.completes {
			p.fate = others[i-a.completes]
		}
		p.profile = newProfile(f.random, p.siteMean)
		f.people = append(f.people, p)
	}
}

// deciles returns one decile of deprivation a person, with the arm's published shares.
func (f *filler) deciles(a armPlan) []int {
	deciles := make([]int, a.enrolled)
	for i := range deciles {
		switch {
		case i < a.deprivedTenth:
			deciles[i] = 1
		case i < a.deprivedFifth:
			deciles[i] = 2
		default:
			deciles[i] = 3 + (i-a.deprivedFifth)*(i-a.deprivedFifth)*8/((a.enrolled-a.deprivedFifth)*(a.enrolled-a.deprivedFifth))
		}
	}
	f.random.Shuffle(len(deciles), func(i, j int) { deciles[i], deciles[j] = deciles[j], deciles[i] })
	return deciles
}

// ages returns ages of adults, most of them in the middle of life.
func (f *filler) ages(n int) []int {
	ages := make([]int, n)
	for i := range ages {
		ages[i] = min(max(int(52+16*f.random.NormFloat64()), 18), 92)
	}
	return ages
}

// contactCounts returns how often each person of an arm met the links practitioner: 45 % of those referred three times or
// more, and nobody in the comparison arm.
func (f *filler) contactCounts(a armPlan) []int {
	counts := make([]int, a.enrolled)
	if a.arm != "intervention" {
		return counts
	}
	often := int(referred*float64(a.enrolled) + 0.5)
	for i := range counts {
		if i < often {
			counts[i] = 3 + int(f.random.ExpFloat64()*3)
		} else {
			counts[i] = f.random.IntN(3)
		}
	}
	f.random.Shuffle(len(counts), func(i, j int) { counts[i], counts[j] = counts[j], counts[i] })
	return counts
}

// live writes a person's life into the calendar.
func (f *filler) live(p *person) {
	f.enrol(p, p.enrolled)
	f.contact(p)
	due := p.enrolled + 274
	p.profile = p.profile.later(f.random, p.siteMean, 0.04)
	switch p.fate {
	case completes:
		f.submit(p, due-14+f.delay(66), nineMonths, true)
	case breaksOff:
		f.submit(p, due-14+f.delay(66), nineMonths, false)
	default:
		f.decide(p, due+f.random.IntN(50), nineMonths)
		if opened := p.enrolled + 548 - 28; opened < -1 && p.fate != isNotReached {
			f.decide(p, opened, eighteen) // who had died or said no is not asked again
		}
		return
	}
	f.liveOn(p)
}

// liveOn is what follows for those whose eighteen-month window has opened by now.
func (f *filler) liveOn(p *person) {
	opened := p.enrolled + 548 - 28
	if opened >= -1 {
		return
	}
	p.profile = p.profile.later(f.random, p.siteMean, 0)
	const window = 28 + 56
	open := min(-opened, window)
	on := opened + f.random.IntN(open)
	switch draw := f.random.Float64(); {
	case draw < 0.25+0.5*float64(open)/window: // the longer it is open, the more have come
		p.later = answered
		f.submit(p, on, eighteen, true)
	case draw > 0.96:
		p.later = declinedLate
		p.fate = refuses
		f.decide(p, on, eighteen)
	case -opened <= window-7:
		p.later = waiting
	}
}

// delay returns after how many days of a window somebody answers: most soon, some after reminders, all before limit.
func (f *filler) delay(limit int) int {
	return min(int(f.random.ExpFloat64()*18), limit)
}

// enrol writes a person's enrolment, consent and baseline questionnaire into the calendar.
func (f *filler) enrol(p *person, n int) {
	today := f.days.on(n)
	today.first = append(today.first, func(ctx context.Context) error {
		enrolled, err := f.store.Enrol(ctx, f.accounts[surveys.Practice], p.enrolment)
		p.id = enrolled.ID
		return err
	})
	consent := surveys.ConsentGiven{Version: p.study.Consent.Version, Language: "en-GB", Sitting: f.sitting()}
	for _, clause := range p.study.Consent.Clauses {
		if clause.Required || f.random.Float64() < 0.9 {
			consent.Clauses = append(consent.Clauses, clause.ID)
		}
	}
	today.first = append(today.first, func(ctx context.Context) error {
		return f.store.Consent(ctx, p.id, baselineWave, consent)
	})
	f.submit(p, n, baselineWave, true)
}

// submit writes a questionnaire into the calendar, finished or broken off after a few questions.
func (f *filler) submit(p *person, n int, wave surveys.WaveID, finish bool) {
	answers := f.answers(p, wave)
	if !finish {
		answers = answers[:1+f.random.IntN(4)]
	}
	sub := surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: p.study.ID, Wave: wave, Sitting: f.sitting(), Seq: 1, Answers: answers, Finish: finish, How: f.how()}
	today := f.days.on(n)
	today.together = append(today.together, func(ctx context.Context) error {
		sub.Enrolment = p.id
		_, err := f.store.Submit(ctx, sub)
		return err
	})
}

// how says how a sitting was held.
func (f *filler) how() surveys.Collection {
	how := surveys.Collection{Mode: surveys.Web, Language: "en-GB", Place: surveys.AtHome}
	switch draw := f.random.Float64(); {
	case draw < 0.22:
		how.Mode = surveys.Paper
	case draw < 0.38:
		how.Mode, how.Place = surveys.Kiosk, surveys.AtPractice
	case draw < 0.48:
		how.Mode, how.Helper = surveys.Telephone, surveys.InterviewerHelper
	}
	return how
}

func (f *filler) sitting() string {
	return fmt.Sprintf("%016x%016x", f.random.Uint64(), f.random.Uint64())
}

// answers fills in a wave's questionnaire. What completeness and the release's keys rest on is never left out.
func (f *filler) answers(p *person, id surveys.WaveID) []surveys.ItemAnswer {
	wave, _ := p.study.Wave(id)
	var answers []surveys.ItemAnswer
	for _, instrument := range wave.Instruments {
		switch instrument {
		case "about-you":
			answers = append(answers, f.aboutYou(p)...)
		case "links-contact":
			answers = append(answers, f.linksContact(p)...)
		default:
			level := func(m manner) float64 { return p.profile[m.trait] }
			mayMiss := func(code string) bool { return !strings.HasPrefix(code, "eq5d5l_") || code == "eq5d5l_vas" }
			answers = append(answers, respond(f.random, f.instruments[instrument], level, mayMiss)...)
		}
	}
	return answers
}

func (f *filler) aboutYou(p *person) []surveys.ItemAnswer {
	gender, living := 1.0, 1.0
	switch draw := f.random.Float64(); {
	case draw < 0.40:
		gender = 2
	case draw < 0.41:
		gender = 3
	case draw < 0.43:
		gender = 5
	}
	if f.random.Float64() < 0.55 {
		living = 2 + float64(f.random.IntN(3)/2) + float64(f.random.IntN(20)/19)
	}
	return []surveys.ItemAnswer{{Code: "about_age", Value: surveys.Number(float64(p.age))},
		{Code: "about_gender", Value: surveys.Number(gender)}, {Code: "about_living", Value: surveys.Number(living)}}
}

// linksContact: people remember about as many contacts as there were, and those who had many tend to see a change.
func (f *filler) linksContact(p *person) []surveys.ItemAnswer {
	remembered := max(p.contacts+f.random.IntN(3)-1, 0)
	if p.contacts == 0 {
		remembered = 0
	}
	answers := []surveys.ItemAnswer{{Code: "contacts_number", Value: surveys.Number(float64(remembered))}}
	feel := p.profile[wellbeing] - p.siteMean
	if remembered > 0 {
		answers = append(answers, surveys.ItemAnswer{Code: "contacts_helped", Value: f.grade(3.3 + 0.1*float64(min(remembered, 6)) + 0.4*feel)})
	}
	return append(answers, surveys.ItemAnswer{Code: "change_perceived", Value: f.grade(2.9 + 0.06*float64(min(remembered, 6)) + 0.6*feel)})
}

// grade returns an answer from 1 to 5 around a mean.
func (f *filler) grade(mean float64) surveys.Value {
	return surveys.Number(float64(min(max(int(mean+0.8*f.random.NormFloat64()+0.5), 1), 5)))
}

// contact writes a referral and the contacts with the links practitioner into the person's events.
func (f *filler) contact(p *person) {
	if site, _ := p.study.Site(p.enrolment.Site); site.Arm != "intervention" {
		return
	}
	type appointment struct {
		day      int
		attended bool
	}
	var appointments []appointment
	on := p.enrolled
	for met := 0; met < p.contacts; {
		on += 5 + f.random.IntN(18)
		attended := f.random.Float64() < 0.8
		if attended {
			met++
		}
		appointments = append(appointments, appointment{min(on, p.enrolled+270), attended})
	}
	n := p.enrolled + 270 // the practice hands its list in at the end
	f.days.on(n).first = append(f.days.on(n).first, func(ctx context.Context) error {
		events := []surveys.Event{{Enrolment: p.id, Kind: "referral", On: f.morning(p.enrolled)}}
		for _, a := range appointments {
			events = append(events, surveys.Event{Enrolment: p.id, Kind: "contact", On: f.morning(a.day), Attended: a.attended})
		}
		return f.store.AddEvents(ctx, f.accounts[surveys.Interviewer], p.study.ID, events)
	})
}

// decide writes into the calendar what somebody records about a person who cannot or will not answer.
func (f *filler) decide(p *person, n int, wave surveys.WaveID) {
	decision := map[fate]struct {
		disposition surveys.Disposition
		reason      string
	}{
		refuses:      {surveys.Refusal, "declined"},
		isNotReached: {surveys.NonContact, "no-reply"},
		hasDied:      {surveys.OtherEligible, surveys.Died},
		isTooIll:     {surveys.OtherEligible, "too-ill"},
		lostCapacity: {surveys.OtherEligible, "lost-capacity"},
	}[p.fate]
	today := f.days.on(n)
	today.first = append(today.first, func(ctx context.Context) error {
		return f.store.RecordDisposition(ctx, f.accounts[surveys.Interviewer], p.id, wave, decision.disposition, decision.reason)
	})
}
