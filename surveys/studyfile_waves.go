package surveys

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"wellwave/scoring"
)

// readInstruments looks up every instrument that the file declares.
func (r *studyReader) readInstruments() {
	r.instruments = make(map[InstrumentID]*Instrument)
	r.study.asks = r.instruments
	used := map[string]bool{}
	for _, w := range r.f.Waves {
		for _, id := range w.Instruments {
			used[id] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.f.Instruments)) {
		path, version := "instruments."+id, r.f.Instruments[id]
		if !used[id] {
			r.wrong(path, "no wave uses the instrument “%s”", id)
		}
		instrument, err := r.find(InstrumentID(id), version)
		switch {
		case KindOf(err) != 0:
			r.wrong(path, "%v", err)
			continue
		case err != nil:
			r.wrong(path, "the instrument “%s” cannot be read: %v", id, err)
			continue
		}
		r.instruments[InstrumentID(id)] = instrument
		r.study.Instruments = append(r.study.Instruments, InstrumentRef{ID: instrument.ID, Version: instrument.Version, Hash: instrument.Hash})
	}
}

func (r *studyReader) readWaves() {
	if len(r.f.Waves) == 0 {
		r.wrong("waves", "the study has no wave")
	}
	seen, baselines, patients := map[string]bool{}, 0, false
	for i := range r.f.Waves {
		path := fmt.Sprintf("waves[%d]", i)
		w := r.readWave(path, &r.f.Waves[i])
		r.word(path+".id", r.f.Waves[i].ID, "this wave", seen)
		if w.Baseline {
			baselines++
		}
		if baselines > 1 && w.Baseline {
			r.wrong(path+".baseline", "the study has a second baseline wave; all others count from one")
		}
		patients = patients || w.Audience == Patients
		r.study.Waves = append(r.study.Waves, w)
	}
	if patients && baselines == 0 {
		r.wrong("waves", "no wave is the baseline; mark one wave of the patients with baseline: true")
	}
}

func (r *studyReader) readWave(path string, e *waveEntry) Wave {
	w := Wave{ID: WaveID(e.ID), Title: r.text(path+".title", e.Title, "the title of this wave", maxTitle), Layout: OneAScreen, Grids: e.Grids}
	var ok bool
	if w.Audience, ok = ParseAudience(e.Audience); !ok {
		r.wrong(path+".audience", "“%s” is not an audience; write patients or staff", e.Audience)
	}
	if w.Audience == Organisations {
		r.wrong(path+".audience", "waves for organisations cannot be held yet; write patients or staff")
	}
	if e.Layout != "" {
		if w.Layout, ok = ParseLayout(e.Layout); !ok {
			r.wrong(path+".layout", "“%s” is not a layout; write %s", e.Layout, Either(layoutWords.Values()))
		}
	}
	if w.Audience == Staff {
		r.readRound(path, e, &w)
	} else {
		r.readWindow(path, e, &w)
	}
	r.readWaveInstruments(path, e, &w)
	return w
}

// readWindow reads the days of a wave that counts from each participant's own baseline.
func (r *studyReader) readWindow(path string, e *waveEntry, w *Wave) {
	for _, date := range []struct{ key, value string }{{"opens", e.Opens}, {"closes", e.Closes}} {
		if date.value != "" {
			r.wrong(path+"."+date.key, "only a round of the staff has fixed dates; patients' waves count days from the baseline")
		}
	}
	w.Baseline = e.Baseline
	w.DueAfter = r.between(path+".due", e.Due, 0, maxDays, "due, in days after the baseline,")
	w.Before = r.between(path+".before", e.Before, 0, maxDays, "before, in days,")
	w.After = r.between(path+".after", e.After, 0, maxDays, "after, in days,")
	switch {
	case e.Baseline && (e.Due != 0 || e.Before != 0):
		r.wrong(path+".due", "the baseline is the day that the others count from, so it has neither due nor before")
	case !e.Baseline && e.Due == 0:
		r.wrong(path+".due", "this wave does not say how many days after the baseline it is due")
	case e.Before >= max(e.Due, 1):
		r.wrong(path+".before", "the window would open before the baseline (%d days before a wave due after %d)", e.Before, e.Due)
	}
}

// readRound reads the fixed dates of a round of the anonymous staff survey.
func (r *studyReader) readRound(path string, e *waveEntry, w *Wave) {
	if e.Baseline || e.Due != 0 || e.Before != 0 || e.After != 0 {
		r.wrong(path, "a round of the staff has fixed dates (opens, closes) and neither baseline, due, before nor after")
	}
	opens, okOpens := r.date(path+".opens", e.Opens)
	closes, okCloses := r.date(path+".closes", e.Closes)
	if !okOpens || !okCloses {
		return
	}
	if closes.Before(opens) {
		r.wrong(path+".closes", "the round closes on %s, before it opens on %s", e.Closes, e.Opens)
	}
	w.Opens, w.Closes = opens, AddDays(closes, 1)
}

// date reads a calendar day of the study's zone.
func (r *studyReader) date(path, text string) (time.Time, bool) {
	if text == "" {
		r.wrong(path, "a round of the staff needs a date here, such as 2026-03-31")
		return time.Time{}, false
	}
	day, err := ParseDay(text, r.study.Zone)
	if err != nil {
		r.wrong(path, "“%s” is not a date; write one such as 2026-03-31", text)
	}
	return day, err == nil
}

// readWaveInstruments checks that the wave's instruments exist and can stand in one questionnaire.
func (r *studyReader) readWaveInstruments(path string, e *waveEntry, w *Wave) {
	if len(e.Instruments) == 0 {
		r.wrong(path+".instruments", "the wave “%s” asks nothing: it has no instrument", e.ID)
	}
	items, scales := map[string]InstrumentID{}, map[ScaleID]InstrumentID{}
	for i, name := range e.Instruments {
		path, id := fmt.Sprintf("%s.instruments[%d]", path, i), InstrumentID(name)
		if slices.Contains(w.Instruments, id) {
			r.wrong(path, "the instrument “%s” stands twice in this wave", id)
			continue
		}
		w.Instruments = append(w.Instruments, id)
		instrument, ok := r.instruments[id]
		if !ok {
			if _, declared := r.f.Instruments[name]; !declared {
				r.wrong(path, "the instrument “%s” is not declared under instruments with its version", id)
			}
			continue
		}
		for _, item := range instrument.Items {
			if other, taken := items[item.Code]; taken {
				r.wrong(path, "the instruments “%s” and “%s” both have an item “%s”, so they cannot stand in one wave", other, id, item.Code)
			}
			items[item.Code] = id
			if item.Safety && w.Audience == Staff {
				r.wrong(path, "the item “%s” of “%s” is a safety item, and nobody could answer to an anonymous call for help", item.Code, id)
			}
		}
		for _, scale := range instrument.Scales {
			scaleID := ScaleID(scale.ID())
			if other, taken := scales[scaleID]; taken {
				r.wrong(path, "the instruments “%s” and “%s” both have a scale “%s”, so they cannot stand in one wave", other, id, scaleID)
			}
			scales[scaleID] = id
		}
	}
}

// offers reports whether an instrument has the scale.
func offers(instrument *Instrument, scale ScaleID) bool {
	return instrument != nil && slices.ContainsFunc(instrument.Scales, func(s *scoring.Scale) bool { return ScaleID(s.ID()) == scale })
}

// waveOffers reports whether any instrument of the wave has the scale.
func (r *studyReader) waveOffers(w Wave, scale ScaleID) bool {
	return slices.ContainsFunc(w.Instruments, func(id InstrumentID) bool { return offers(r.instruments[id], scale) })
}

// readStaffSurvey reads what holds for all rounds. Answers are sealed by custodians unless the study says otherwise.
func (r *studyReader) readStaffSurvey() {
	e, plan := &r.f.StaffSurvey, &r.study.StaffSurvey
	plan.Sealing = ByCustodians
	if reflect.ValueOf(*e).IsZero() {
		return
	}
	if !slices.ContainsFunc(r.study.Waves, func(w Wave) bool { return w.Audience == Staff }) {
		r.wrong("staff_survey", "no wave is for staff, so nothing is said about their survey")
	}
	if e.Sealing != "" {
		var ok bool
		if plan.Sealing, ok = ParseSealing(e.Sealing); !ok {
			r.wrong("staff_survey.sealing", "“%s” is not a way of sealing; write %s", e.Sealing, Either(sealingWords.Values()))
		}
	}
	plan.Programme = ArmID(e.Programme)
	if _, ok := r.study.Arm(plan.Programme); !ok && plan.Programme != "" {
		r.wrong("staff_survey.programme", "the arm “%s” is not declared under arms", e.Programme)
	}
	if plan.Margin = e.Margin; e.Margin != nil && (!(*e.Margin > 0) || *e.Margin > maxMargin) {
		r.wrong("staff_survey.margin", "the margin is %s; it must be above 0 and at most %d", FormatNumber(*e.Margin), maxMargin)
	}
	for i, word := range e.Attributes {
		path := fmt.Sprintf("staff_survey.attributes[%d]", i)
		attribute, ok := ParseStaffAttribute(word)
		switch {
		case !ok:
			r.wrong(path, "“%s” is nothing that staff may be asked about themselves; write %s, or both", word, Either(staffAttributeWords.Values()))
		case slices.Contains(plan.Attributes, attribute):
			r.wrong(path, "“%s” stands twice; staff are asked at most two things about themselves, role and tenure", word)
		default:
			plan.Attributes = append(plan.Attributes, attribute)
		}
	}
}

// maxMargin is the width of the narrowest scale that anybody would average.
const maxMargin = 6
