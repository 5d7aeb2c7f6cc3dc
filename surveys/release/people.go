package release

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"wellwave/surveys"
)

// rankSize is how many bytes of a hash rank a person.
const rankSize = 8

// scatterPeople recodes what is known of everybody and drops it into the partitions. Before the keys stand the site and a rank,
// which are counted and chosen by and never written. A person's rank is the same in every release.
func scatterPeople(ctx context.Context, st Store, r surveys.Release, plan *Plan, zone *time.Location, s *spill) error {
	out, ids := s.writer(), newIDs(r.Key)
	var person *surveys.ReleasedPerson
	keys := func(b []byte) []byte {
		b = append(append(b, person.Site...), cellEnd)
		rank := sha256.Sum256([]byte(person.Enrolment))
		b = append(hex.AppendEncode(b, rank[:rankSize]), cellEnd)
		return plan.appendPerson(b, person, r.FrozenAt, zone, func(c *Column) bool { return c.Class == surveys.ClassKey })
	}
	cells := func(b []byte) []byte {
		return plan.appendPerson(b, person, r.FrozenAt, zone, func(*Column) bool { return true })
	}
	err := st.EachReleasedPerson(ctx, r, func(next *surveys.ReleasedPerson) error {
		person = next
		return out.add(ids.of(person.Enrolment), keys, cells)
	})
	if err != nil {
		return err
	}
	return out.close()
}

// appendPerson packs the wanted columns of somebody.
func (p *Plan) appendPerson(b []byte, person *surveys.ReleasedPerson, frozen time.Time, zone *time.Location, wanted func(*Column) bool) []byte {
	for i := range p.People {
		c := &p.People[i]
		if !wanted(c) {
			continue
		}
		var missing surveys.Missing
		switch c.From {
		case FromArm:
			b = appendCell(b, string(person.Arm), p.Excel)
		case FromDecile:
			b, missing = c.appendRecoded(b, person.SIMDDecile)
		case FromQuintile:
			b, missing = c.appendRecoded(b, (person.SIMDDecile+1)/2)
		default:
			b = p.appendOutcome(b, c, person, frozen, zone)
		}
		if missing != 0 {
			b = appendMissing(b, missing)
		}
		b = append(b, cellEnd)
	}
	return b
}

// appendOutcome packs what had come of a wave when the release was frozen.
func (p *Plan) appendOutcome(b []byte, c *Column, person *surveys.ReleasedPerson, frozen time.Time, zone *time.Location) []byte {
	var f *File
	for i := range p.Files {
		if p.Files[i].Wave == c.Wave {
			f = &p.Files[i]
		}
	}
	from := person.Baseline
	if f.Baseline {
		from = person.Sampled
	}
	due := from + f.DueAfter
	if c.From == FromOutcome {
		window := surveys.Window{Opens: surveys.DayStart(due-f.Before, zone), Closes: surveys.DayStart(due+f.After+1, zone)}
		d := person.Outcomes[f.Wave].Standing(window, from >= 0, frozen)
		if p.Profile != surveys.TeamRelease.String() && d != surveys.Complete && d != surveys.Partial {
			return append(b, noOutcome...)
		}
		return append(b, d.String()...)
	}
	if from < 0 || person.Baseline < 0 {
		return b // nothing falls due before baseline
	}
	switch c.From {
	case FromOpens:
		due -= f.Before
	case FromCloses:
		due += f.After
	}
	return strconv.AppendInt(b, int64(due-person.Baseline), 10)
}
