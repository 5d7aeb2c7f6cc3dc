package server

import (
	"strconv"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// levelViews words the levels that can be asked for by somebody who has left as far as from: those that go further, and
// no erasure from data that are locked.
func levelViews(pack *locale.Pack, from surveys.WithdrawalLevel, state surveys.StudyState, chosen string) []levelView {
	var views []levelView
	for _, level := range surveys.WithdrawalLevels() {
		if level > from && (level < surveys.EraseAnswers || state != surveys.Locked) {
			views = append(views, levelView{ID: "level-" + level.String(), Value: level.String(), Label: pack.Say(level.Label()),
				Chosen: level.String() == chosen, Does: sayAll(pack, level.Does()), Stays: sayAll(pack, level.Stays())})
		}
	}
	return views
}

// sayAll puts messages without arguments in a language.
func sayAll(pack *locale.Pack, messages []string) []string {
	said := make([]string, len(messages))
	for i, message := range messages {
		said[i] = pack.Say(message)
	}
	return said
}

// lockedSays explains why erasure is not among the levels, where it is not.
func lockedSays(pack *locale.Pack, state surveys.StudyState) string {
	if state != surveys.Locked {
		return ""
	}
	return pack.Say("The data of this study are locked for the analysis, so answers cannot be taken out any more.")
}

// askedLevel reads a level from a form. ok is false for none of those that can be asked for.
func askedLevel(word string, offered []levelView) (level surveys.WithdrawalLevel, view levelView, ok bool) {
	for _, view := range offered {
		if view.Value == word {
			level, ok = surveys.ParseWithdrawalLevel(word)
			return level, view, ok
		}
	}
	return 0, levelView{}, false
}

// viewLeft words what holds for somebody who has left.
func viewLeft(pack *locale.Pack, w surveys.Withdrawn, zone *time.Location) leftView {
	now := w.Now()
	view := leftView{Says: now.Says(pack, zone), Does: sayAll(pack, now.Level.Does()), Stays: sayAll(pack, now.Level.Stays())}
	if n := len(w.Releases); n > 0 {
		numbers := make([]string, n)
		for i, release := range w.Releases {
			numbers[i] = strconv.Itoa(release)
		}
		view.Released = pack.Say("Copies of answers, without a name, are in %d datasets that had left the study before: releases %s.", n, pack.List(numbers))
	}
	return view
}

// levelView is how far somebody may leave, with what happens and what stays then.
type levelView struct {
	ID, Value, Label string
	Chosen           bool
	Does, Stays      []string
}

// leftView says how far somebody has left.
type leftView struct {
	Says        string // when and how far, a sentence
	Does, Stays []string
	Released    string // in how many datasets copies are, a sentence; none where empty
}
