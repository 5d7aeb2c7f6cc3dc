package store_test

import (
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

const (
	steps = `
id: steps
version: "1"
title: Steps
citation: Made up for the tests of wellwave.
licence: {wording: own}
items:
  - {code: steps, kind: integer, min: 0, max: 99999}
  - {code: drink, kind: likert, options: [0, 1, 2]}
scales:
  - {id: drink, title: Drink, rule: sum, items: [drink], range: [0, 2], direction: neutral, source: none}
`
	stepsStudy = `
id: %
title: Steps
contact: Nobody
demo: true
consent: {version: "1", intro: What this is about., clauses: [{id: agree, text: I agree., required: true}]}
arms: [{id: new, title: New}]
sites: [{id: north, title: North, arm: new}]
instruments: {steps: "1", phq9: "1"}
primary: drink
waves: [{id: first, title: First, audience: patients, baseline: true, after: 30, instruments: [steps, phq9]}]
`
)

// loadSteps loads a study with an instrument of its own, in which an item is what is said of it; nothing where no file comes along.
func loadSteps(t *testing.T, s *store.Store, id surveys.StudyID, from, to string) bool {
	t.Helper()
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	if from != "" {
		if err := definitions.AddInstrument("steps.yaml", []byte(strings.Replace(steps, from, to, 1))); err != nil {
			t.Fatal(err)
		}
	}
	_, changed, err := s.LoadStudy(t.Context(), "", "study.yaml", []byte(strings.Replace(stepsStudy, "%", string(id), 1)), definitions)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// classIn returns the class of an item in a running study, as a release asks for it.
func classIn(t *testing.T, s *store.Store, id surveys.StudyID, code string) surveys.ItemClass {
	t.Helper()
	study, _, err := s.Study(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	q, err := s.CurrentQuestionnaire(t.Context(), id, "first")
	if err != nil {
		t.Fatal(err)
	}
	item, ok := q.Item(code)
	if !ok {
		t.Fatalf("there is no item %s", code)
	}
	return study.ClassOf(item.Instrument, item.Item)
}

// A running study knows the classes that its instruments gained after they were stored, each study those of its own files, and
// that makes no new version of it.
func TestClassesOfStoredInstruments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, other := db.Open(t), db.Open(t)
		is := func(s *store.Store, id surveys.StudyID, code string, want surveys.ItemClass) {
			t.Helper()
			if got := classIn(t, s, id, code); got != want {
				t.Errorf("%s in %s is %+v, want %+v", code, id, got, want)
			}
		}
		versions := func(id surveys.StudyID) int {
			t.Helper()
			list, err := s.ListStudyVersions(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		plain, drink := surveys.ItemClass{Class: surveys.ClassKey, By: surveys.ClassByKind}, surveys.ItemClass{Class: surveys.ClassSensitive, By: surveys.ClassByInstrument}
		harmless := surveys.ItemClass{Class: surveys.ClassOrdinary, By: surveys.ClassByInstrument, Reason: "counted by nobody else"}
		loadSteps(t, s, "one", "version", "version")
		loadSteps(t, s, "two", "version", "version")
		is(s, "one", "steps", plain)
		is(other, "one", "steps", plain)

		if !loadSteps(t, s, "one", "{code: steps, ", "{code: steps, class: ordinary, class_reason: counted by nobody else, ") || versions("one") != 1 {
			t.Errorf("classes were gained with %d versions, want that told and 1", versions("one"))
		}
		for _, server := range []*store.Store{s, other} {
			is(server, "one", "steps", harmless)
			is(server, "two", "steps", plain) // what one team says of its instrument is not so for another
		}
		if loadSteps(t, s, "one", "{code: steps, ", "{code: steps, class: ordinary, class_reason: counted by nobody else, ") {
			t.Error("the same file again changes something")
		}
		loadSteps(t, s, "two", "{code: drink, ", "{code: drink, class: sensitive, ")
		is(s, "two", "drink", drink)
		loadSteps(t, s, "two", "", "") // without the instrument's file, so its classes stay
		is(s, "two", "drink", drink)
		loadSteps(t, s, "two", "version", "version")
		is(other, "two", "drink", surveys.ItemClass{Class: surveys.ClassOrdinary, By: surveys.ClassByKind})

		// The library knows what a stored copy does not, and nobody's own copy of it says otherwise.
		is(s, "two", "phq9_9", drink)
		entries, err := s.ListAudit(t.Context(), "one", "", 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 0 || !strings.Contains(entries[0].Detail, "classes of items") {
			t.Errorf("the trail ends with %+v, want the classes of items", entries)
		}
	})
}
