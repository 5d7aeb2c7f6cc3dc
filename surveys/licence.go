package surveys

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// LicenceRecord says that a study may use the wording of an instrument that somebody else owns. The study team writes it
// into the study file; without it such a study can be piloted but not go live.
type LicenceRecord struct {
	Instrument InstrumentID
	Holder     string    // to whom the licence was given
	Reference  string    // its number, or what else the owner of the wording knows it by
	Scope      string    // what it is for
	Ends       time.Time // the first moment after its last day in the study's zone; zero where it has no end
}

// Holds reports whether the licence has not ended.
func (l LicenceRecord) Holds(now time.Time) bool { return l.Ends.IsZero() || now.Before(l.Ends) }

// EndsSoon reports whether the licence holds and ends so soon that its renewal should be asked for.
func (l LicenceRecord) EndsSoon(now time.Time) bool {
	return l.Holds(now) && !l.Ends.IsZero() && l.Ends.Before(now.Add(licenceNotice))
}

// licenceNotice is how long before its end a licence is worth a word: owners take weeks to answer.
const licenceNotice = 90 * 24 * time.Hour

// Licence returns the study's licence record for an instrument.
func (s *Study) Licence(id InstrumentID) (LicenceRecord, bool) {
	i := slices.IndexFunc(s.Licences, func(l LicenceRecord) bool { return l.Instrument == id })
	if i < 0 {
		return LicenceRecord{}, false
	}
	return s.Licences[i], true
}

// unlicensed says why the wording of an instrument may not be put to people now, or nothing where it may.
func (s *Study) unlicensed(instrument *Instrument, now time.Time) string {
	if instrument.Licence.Wording != WordingNeutral {
		return ""
	}
	record, ok := s.Licence(instrument.ID)
	switch {
	case !ok:
		return fmt.Sprintf("The wording of the instrument %s belongs to %s: the study file needs your licence from them, under licences.",
			instrument.ID, instrument.Licence.Holder)
	case !record.Holds(now):
		return fmt.Sprintf("The licence of the instrument %s ended on %s.", instrument.ID, record.lastDay(s.Zone))
	default:
		return ""
	}
}

// lastDay writes the last day of a licence that ends.
func (l LicenceRecord) lastDay(zone *time.Location) string {
	return AddDays(l.Ends.In(zone), -1).Format("2 January 2006")
}

// Sentence says what is on record.
func (l LicenceRecord) Sentence(zone *time.Location) string {
	text := fmt.Sprintf("Licence %s to %s: %s", l.Reference, l.Holder, l.Scope)
	if l.Ends.IsZero() {
		return text
	}
	return text + ", until " + l.lastDay(zone)
}

type licenceRecordEntry struct {
	Holder    string `yaml:"holder"`
	Reference string `yaml:"reference"`
	Scope     string `yaml:"scope"`
	Expires   string `yaml:"expires"`
}

// readLicences reads the licence records, after the instruments that they are for.
func (r *studyReader) readLicences() {
	for _, id := range slices.Sorted(maps.Keys(r.f.Licences)) {
		path, e := "licences."+id, r.f.Licences[id]
		if _, used := r.f.Instruments[id]; !used {
			r.wrong(path, "the study does not use the instrument “%s”", id)
		}
		record := LicenceRecord{Instrument: InstrumentID(id),
			Holder:    r.text(path+".holder", e.Holder, "to whom the licence was given", maxTitle),
			Reference: r.text(path+".reference", e.Reference, "the licence's reference", maxTitle),
			Scope:     r.text(path+".scope", e.Scope, "what the licence is for", maxTitle)}
		if e.Expires != "" {
			if day, ok := r.date(path+".expires", e.Expires); ok {
				record.Ends = AddDays(day, 1)
			}
		}
		r.study.Licences = append(r.study.Licences, record)
	}
}
