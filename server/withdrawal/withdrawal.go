// Package withdrawal words how far somebody can leave a study, and how far they have. Participants leave by their code,
// and practices and the team record it for them.
package withdrawal

import (
	"strconv"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// Person is somebody who is asked how far they leave, or of whom that is recorded. The zero value takes part in a study that
// is not locked.
type Person struct {
	Left    surveys.WithdrawalLevel
	State   surveys.StudyState // of their study
	Waiting []surveys.Proposal // erasures that wait for a decision
	Told    bool               // staff record it for them
	// ErasureDays is how long erasure waits where staff record it, as the study has it.
	ErasureDays int
}

// Levels words the levels that somebody can still ask for: those that go further. If the data are locked, erasure is
// something to be decided, and nobody asks twice for what waits to be.
func (p Person) Levels(pack *locale.Pack, chosen string) []Level {
	var views []Level
	for _, level := range surveys.WithdrawalLevels() {
		if level <= p.Left || level == surveys.EraseAnswers && surveys.ErasureAsked(p.Waiting, p.Told, p.State) != nil {
			continue
		}
		does, stays := level.Does(pack, p.ErasureDays), level.Stays(pack)
		if level == surveys.EraseAnswers && p.State == surveys.Locked {
			does, stays = surveys.AskedAfterLock(pack), surveys.StopCollection.Stays(pack)
		}
		views = append(views, Level{ID: "level-" + level.String(), Value: level.String(), Label: pack.Say(level.Label()),
			Chosen: level.String() == chosen, Does: does, Stays: stays})
	}
	return views
}

// LockedSays explains that erasure has to be decided. It is empty while it has not.
func LockedSays(pack *locale.Pack, state surveys.StudyState) string {
	if state != surveys.Locked {
		return ""
	}
	return pack.Say("The data of this study are locked for the analysis, so the study’s data manager decides whether answers are erased.")
}

// Asked reads a level from a form. ok is false if it is not one of those offered.
func Asked(word string, offered []Level) (level surveys.WithdrawalLevel, view Level, ok bool) {
	for _, view := range offered {
		if view.Value == word {
			level, ok = surveys.ParseWithdrawalLevel(word)
			return level, view, ok
		}
	}
	return 0, Level{}, false
}

// WithdrawnOf words how far somebody has left a study, and what that means.
func WithdrawnOf(pack *locale.Pack, w surveys.Withdrawn, study *surveys.Study) Withdrawn {
	now, zone := w.Now(), study.Zone
	view := Withdrawn{Says: now.Says(pack, zone), Erasure: now.Erasure.Says(pack, zone), Does: now.Level.Does(pack, now.ErasureDays(study.ErasureDays)), Stays: now.Level.Stays(pack)}
	if len(w.Asked) > 0 {
		view.Erasure = w.Asked[0].AskedSays(pack, zone)
	}
	if n := len(w.Releases); n > 0 {
		numbers := make([]string, n)
		for i, release := range w.Releases {
			numbers[i] = strconv.Itoa(release)
		}
		view.Released = pack.Say("Copies of answers, without a name, are in %d datasets that had left the study before: releases %s.", n, pack.List(numbers))
	}
	return view
}

// Level is how far somebody may leave, with what happens and what stays then.
type Level struct {
	ID, Value, Label string
	Chosen           bool
	Does, Stays      []string
}

// Withdrawn says how far somebody has left.
type Withdrawn struct {
	Says        string // when and how far, a sentence
	Erasure     string // how far the erasure has come, where one was asked for
	Does, Stays []string
	Released    string // in how many datasets copies are, a sentence; none where empty
}
