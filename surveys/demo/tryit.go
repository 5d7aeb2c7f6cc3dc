package demo

import (
	"context"
	"fmt"

	"wellwave/surveys"
	"wellwave/surveys/library"
)

// tryPeople is how many have answered the study to try before the visitor comes.
const tryPeople = 60

// planTryIt writes the small second study into the calendar, with the visitor as its newest participant.
func (f *filler) planTryIt(ctx context.Context) error {
	study, _, err := f.store.Study(ctx, TryIt)
	if err != nil {
		return err
	}
	for i := range tryPeople {
		site := study.Sites[i%len(study.Sites)]
		p := &person{study: study, age: 18 + f.random.IntN(65),
			enrolment: surveys.NewEnrolment{Study: TryIt, Site: site.ID, Label: fmt.Sprintf("T%03d", i+1)}}
		p.profile = newProfile(f.random, 0)
		f.enrol(p, tryEnrolled+f.random.IntN(-tryEnrolled))
	}
	f.visitor = &person{study: study, enrolment: surveys.NewEnrolment{Study: TryIt, Site: study.Sites[0].ID, Label: "VISITOR-1"}}
	f.days.on(-1).first = append(f.days.on(-1).first, func(ctx context.Context) error {
		enrolled, err := f.store.Enrol(ctx, f.accounts[surveys.Practice], f.visitor.enrolment)
		f.visitor.id = enrolled.ID
		return err
	})
	return nil
}

// findInstruments reads the instruments that people answer.
func findInstruments(ids ...surveys.InstrumentID) (map[surveys.InstrumentID]*surveys.Instrument, error) {
	found := make(map[surveys.InstrumentID]*surveys.Instrument, len(ids))
	for _, id := range ids {
		instrument, err := library.Find(id)
		if err != nil {
			return nil, err
		}
		found[id] = instrument
	}
	return found, nil
}
