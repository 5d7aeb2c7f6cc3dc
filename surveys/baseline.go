package surveys

import (
	"time"

	"wellwave/surveys/locale"
)

// Everything that comes later counts from the day of somebody's baseline: a day that is typed wrong moves what is due by as
// much. So days on which nobody can have given a baseline are refused, and a corrected day moves what counts from it.

// longestBefore is how long before somebody was enrolled their baseline may have been given, where the study file does not say
// when the study began.
const longestBefore = 2 // years

// Earliest is the first day on which a baseline can have been given.
type Earliest struct {
	Day      time.Time // its first moment; zero where any day will do
	Declared bool      // by the study file
}

// EarliestBaseline returns the first day on which somebody enrolled on the given day may have given their baseline: that on
// which the study began, or else one of some years before.
func (s *Study) EarliestBaseline(sampled int) Earliest {
	if !s.Starts.IsZero() {
		return Earliest{s.Starts, true}
	}
	return Earliest{YearsBefore(sampled, longestBefore, s.Zone), false}
}

// check fails with Invalid for a baseline that was given before.
func (e Earliest) check(given time.Time) error {
	switch {
	case e.Day.IsZero() || given.IsZero() || !given.Before(e.Day):
		return nil
	case e.Declared:
		return Errorf(Invalid, "these answers say that they were given on %s, before the study began on %s", locale.Date(given.In(e.Day.Location())), locale.Date(e.Day))
	default:
		return Errorf(Invalid, "these answers say that they were given on %s, more than two years before this person was enrolled; if the study began so early, its file says when: starts: %s",
			locale.Date(given.In(e.Day.Location())), given.In(e.Day.Location()).Format(time.DateOnly))
	}
}

// BaselineMove is a correction of the day from which somebody's later waves count.
type BaselineMove struct {
	Enrolment     EnrolmentID
	Label         string
	Site          SiteID
	Before, After int // day numbers
	At            time.Time
	Later         []MovedWave // in the order of the study's waves
}

// MovedWave is a wave that falls due at another time since a baseline was corrected.
type MovedWave struct {
	Wave          WaveID
	Before, After Window
}

// Moved lists how a move changes the windows of the waves that follow a baseline.
func (s *Study) Moved(before, after int) []MovedWave {
	var moved []MovedWave
	for _, wave := range s.PatientWaves() {
		if wave.Baseline {
			continue
		}
		was, _ := s.WindowOf(wave, before, before)
		is, _ := s.WindowOf(wave, after, after)
		moved = append(moved, MovedWave{wave.ID, was, is})
	}
	return moved
}

// starts reads the day on which the study began, if the file says it.
func (r *studyReader) starts() time.Time {
	if r.f.Starts == "" {
		return time.Time{}
	}
	day, err := ParseDay(r.f.Starts, r.study.Zone)
	if err != nil || day.Year() < 1971 { // days are counted from 1970
		r.wrong("starts", "“%s” is not the day on which a study began; write it as 2026-03-31", r.f.Starts)
		return time.Time{}
	}
	return day
}
