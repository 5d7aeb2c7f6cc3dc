package surveys

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"
)

// CheckState returns nil if a study may go from one state to another, else a Conflict that says what is possible.
func CheckState(from, to StudyState) error {
	if slices.Contains(next[from], to) {
		return nil
	}
	if from == to {
		return Errorf(Conflict, "The study is already %s.", from)
	}
	return Errorf(Conflict, "The study is %s and cannot become %s from there. What can follow is: %s.", from, to, stateList(from.Next()))
}

func stateList(states []StudyState) string {
	text := ""
	for i, s := range states {
		if i > 0 {
			text += " or "
		}
		text += s.String()
	}
	return text
}

// CheckReady returns nil if the study may take answers in the given state with these questionnaires, one a wave, else
// an error that lists what is in the way. A demonstration is held to the rules of a pilot, because nobody real answers, but
// for safety items.
func (s *Study) CheckReady(to StudyState, questionnaires []*Questionnaire, now time.Time) error {
	return s.checkLacks(fmt.Sprintf("The study cannot become %s yet.", to), to, questionnaires, now)
}

// CheckAdded returns nil if a live study may ask these questionnaires as well, else an error that lists what is in the way:
// the same as for going live.
func (s *Study) CheckAdded(questionnaires []*Questionnaire, now time.Time) error {
	return s.checkLacks("The study is live, and these waves cannot be added yet.", Live, questionnaires, now)
}

func (s *Study) checkLacks(message string, to StudyState, questionnaires []*Questionnaire, now time.Time) error {
	var lacks []string
	for _, q := range questionnaires {
		for _, instrument := range q.Instruments {
			lacks = append(lacks, s.lacks(to, q, instrument, now)...)
		}
	}
	if len(lacks) == 0 {
		return nil
	}
	slices.Sort(lacks)
	for _, lack := range slices.Compact(lacks) {
		message += "\n" + lack
	}
	return &Error{Kind: Conflict, Message: message}
}

// lacks lists what keeps one instrument of a wave from being put to people.
func (s *Study) lacks(to StudyState, q *Questionnaire, instrument *Instrument, now time.Time) []string {
	var complete, worded, reviewed bool // worded: in other words than neutral labels
	for _, pack := range q.Packs {
		if pack.Instrument != instrument.ID || pack.Version != instrument.Version || len(instrument.Missing(pack)) > 0 {
			continue
		}
		complete = true
		worded = worded || !pack.Neutral
		reviewed = reviewed || !pack.Neutral && pack.Reviewed.By != ""
	}
	switch {
	case !complete:
		return []string{fmt.Sprintf("The instrument %s has no complete wording pack.", instrument.ID)}
	case to == Live && instrument.HasSafetyItem() && s.Safety == nil: // somebody real may answer even where a demonstration was announced
		return []string{fmt.Sprintf("The instrument %s holds a safety item, and the study file has no safety plan (safety:): without one it is for pilots only.", instrument.ID)}
	case to != Live || s.Demo:
		return nil
	}
	var lacks []string
	if reason := s.unlicensed(instrument, now); reason != "" {
		lacks = append(lacks, reason)
	}
	switch {
	case !worded:
		lacks = append(lacks, fmt.Sprintf("The instrument %s has only neutral labels: load its wording pack with the study file.", instrument.ID))
	case !reviewed:
		lacks = append(lacks, fmt.Sprintf("The instrument %s has no wording pack that somebody has reviewed.", instrument.ID))
	}
	return lacks
}

// CheckAdditions returns nil if going from s to the newer study only adds to what people have already been asked, else
// a Conflict that lists each change that would alter it.
func (s *Study) CheckAdditions(newer *Study) error {
	var changes []string
	refuse := func(format string, args ...any) { changes = append(changes, fmt.Sprintf(format, args...)) }
	if newer.Zone.String() != s.Zone.String() {
		refuse("the time zone changes from %s to %s", s.Zone, newer.Zone)
	}
	if newer.Primary != s.Primary {
		refuse("the primary scale changes from %s to %s", s.Primary, newer.Primary)
	}
	if newer.Demo != s.Demo {
		refuse("the study becomes a demonstration or ceases to be one")
	}
	if s.Masked && !newer.Masked {
		refuse("the study ceases to be masked")
	}
	if newer.Consent.Version == s.Consent.Version && !slices.Equal(newer.Consent.Clauses, s.Consent.Clauses) {
		refuse("the clauses of consent %s change under the same version", s.Consent.Version)
	}
	for _, t := range s.Translations {
		other, kept := newer.translation(t.Language)
		if kept && newer.Consent.Version == s.Consent.Version && !maps.Equal(other.Clauses, t.Clauses) {
			refuse("the clauses of consent %s change in the language %s under the same version", s.Consent.Version, t.Language)
		}
	}
	for _, arm := range s.Arms {
		if _, kept := newer.Arm(arm.ID); !kept {
			refuse("the arm %s is gone", arm.ID)
		}
	}
	for _, site := range s.Sites {
		switch other, kept := newer.Site(site.ID); {
		case !kept:
			refuse("the site %s is gone", site.ID)
		case other.Arm != site.Arm:
			refuse("the site %s moves from arm %s to %s", site.ID, site.Arm, other.Arm)
		}
	}
	for _, wave := range s.Waves {
		s.compareWave(newer, wave, refuse)
	}
	if s.Safety != nil && newer.Safety == nil {
		refuse("the safety plan is gone")
	}
	for _, target := range s.Targets {
		if !slices.ContainsFunc(newer.Targets, target.equal) {
			refuse("the target %s is changed or gone: a promise is kept, and a new one gets a new id", target.ID)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	message := "The study takes additions only from here on; a change of meaning is a new study. Refused:"
	for _, change := range changes {
		message += "\n- " + change
	}
	return &Error{Kind: Conflict, Message: message}
}

func (s *Study) compareWave(newer *Study, wave Wave, refuse func(string, ...any)) {
	other, kept := newer.Wave(wave.ID)
	if !kept {
		refuse("the wave %s is gone", wave.ID)
		return
	}
	if other.Audience != wave.Audience || other.Baseline != wave.Baseline {
		refuse("the wave %s changes who it is for", wave.ID)
	}
	if other.DueAfter != wave.DueAfter || other.Before != wave.Before || other.After != wave.After ||
		!other.Opens.Equal(wave.Opens) || !other.Closes.Equal(wave.Closes) {
		refuse("the window of the wave %s changes", wave.ID)
	}
	if !slices.Equal(s.Refs(wave), newer.Refs(other)) {
		refuse("the instruments of the wave %s, their versions or their order change", wave.ID)
	}
}

// Refs returns the exact instruments of a wave in their order.
func (s *Study) Refs(w Wave) []InstrumentRef {
	refs := make([]InstrumentRef, 0, len(w.Instruments))
	for _, id := range w.Instruments {
		for _, ref := range s.Instruments {
			if ref.ID == id {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// InstrumentHashes returns the hashes of a wave's instruments in their order.
func (s *Study) InstrumentHashes(w Wave) []string {
	var hashes []string
	for _, ref := range s.Refs(w) {
		hashes = append(hashes, ref.Hash)
	}
	return hashes
}

// equal reports whether the other target promises the same.
func (t Target) equal(other Target) bool {
	t.Title = other.Title // a better title is no other promise
	return reflect.DeepEqual(t, other)
}
