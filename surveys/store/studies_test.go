package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// studyFiles returns the study file and the definitions that the tests of study files use.
func studyFiles(t *testing.T) (string, *surveys.Definitions) {
	t.Helper()
	folder := filepath.Join("..", "testdata", "study")
	var definitions surveys.Definitions
	for _, name := range []string{"mood.yaml", "alarm.yaml"} {
		if err := definitions.AddInstrument(name, readFile(t, folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return string(readFile(t, folder, "study.yaml")), &definitions
}

func readFile(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const moodWording = `
instrument: mood
version: "1"
language: en-GB
reviewed: {by: A reviewer, on: 2026-01-31}
title: Mood
options: {0: never, 1: sometimes, 2: often}
items:
  mood_1: {text: Were you glad?}
  mood_2: {text: Were you calm?}
  mood_3: {text: Were you rested?}
  mood_more: {text: Is there more?}
`

const alarmWording = `
instrument: alarm
version: "1"
language: en-GB
reviewed: {by: A reviewer, on: 2026-01-31}
title: One more
options: {0: "no", 1: "yes"}
items:
  alarm_1: {text: Are you in danger?}
  age: {text: How old are you?}
`

func load(t *testing.T, s *store.Store, source string, definitions *surveys.Definitions) bool {
	t.Helper()
	_, changed, err := s.LoadStudy(t.Context(), "", "study.yaml", []byte(source), definitions)
	if err != nil {
		t.Fatalf("LoadStudy() = %v", err)
	}
	return changed
}

// wantConflict checks that err is a conflict with the words in it.
func wantConflict(t *testing.T, err error, words string) {
	t.Helper()
	if surveys.KindOf(err) != surveys.Conflict || !strings.Contains(err.Error(), words) {
		t.Errorf("error = %v, want a conflict with %q", err, words)
	}
}

func TestLoadStudy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, ctx := db.Open(t), t.Context()
		source, definitions := studyFiles(t)
		if !load(t, s, source, definitions) {
			t.Error("the first load changed nothing")
		}
		if load(t, s, source, definitions) {
			t.Error("the same file again is a change")
		}
		if !load(t, s, strings.Replace(source, "A small trial", "A trial", 1), definitions) {
			t.Error("another title is no change")
		}
		study, state, err := s.Study(ctx, "trial")
		if err != nil || study.Title != "A trial" || state != surveys.Draft {
			t.Fatalf("Study() = %v in state %v, %v", study, state, err)
		}
		versions, err := s.ListStudyVersions(ctx, "trial")
		if err != nil || len(versions) != 2 {
			t.Errorf("%d versions, %v; want 2", len(versions), err)
		}
		if _, _, err := s.Study(ctx, "trail"); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Study() of an unknown id = %v, want not found", err)
		}

		// A second server on the same database needs neither file nor memory of the first.
		other := db.Open(t)
		q, err := other.CurrentQuestionnaire(ctx, "trial", "first")
		if err != nil || len(q.Items) != 6 || len(q.Scales) != 1 || q.Scales[0].ID() != "mood" {
			t.Fatalf("CurrentQuestionnaire() = %v, %v", q, err)
		}
		same, err := s.Questionnaire(ctx, q.Hash)
		if err != nil || same.Hash != q.Hash {
			t.Errorf("Questionnaire() = %v, %v", same, err)
		}
		if _, err := other.Instrument(ctx, q.Instruments[1].Hash); err != nil {
			t.Errorf("Instrument() = %v", err)
		}
		listing, err := other.ListStudies(ctx)
		if err != nil || len(listing) != 1 || listing[0].Title != "A trial" || listing[0].State != surveys.Draft {
			t.Errorf("ListStudies() = %v, %v", listing, err)
		}
	})
}

func TestCheckStudyStoresNothing(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	source, definitions := studyFiles(t)
	if _, err := s.CheckStudy(ctx, "", "study.yaml", []byte(source), definitions); err != nil {
		t.Fatal(err)
	}
	if listing, err := s.ListStudies(ctx); err != nil || len(listing) != 0 {
		t.Errorf("after a check there are %d studies, %v", len(listing), err)
	}
}

func TestSameVersionWithAnotherMeaningIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s := db.Open(t)
		source, definitions := studyFiles(t)
		load(t, s, source, definitions)
		changed := strings.Replace(string(readFile(t, "..", "testdata", "study", "mood.yaml")), "mood_2, kind: likert", "mood_2, kind: likert, reverse: true", 1)
		if err := definitions.AddInstrument("mood.yaml", []byte(changed)); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.LoadStudy(t.Context(), "", "study.yaml", []byte(source), definitions)
		wantConflict(t, err, "The instrument mood version 1 is already stored with another meaning.")

		// Comments and layout are not meaning.
		if err := definitions.AddInstrument("mood.yaml", append([]byte("# a comment\n"), readFile(t, "..", "testdata", "study", "mood.yaml")...)); err != nil {
			t.Fatal(err)
		}
		if load(t, s, source, definitions) {
			t.Error("a comment in an instrument file is a change")
		}
	})
}

func TestNewWordingIsSeenByOtherServers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, other, ctx := db.Open(t), db.Open(t), t.Context()
		source, definitions := studyFiles(t)
		if err := definitions.AddWording("mood.en-GB.yaml", []byte(moodWording)); err != nil {
			t.Fatal(err)
		}
		load(t, s, source, definitions)
		question := func(s *store.Store) string {
			q, err := s.CurrentQuestionnaire(ctx, "trial", "second")
			if err != nil || len(q.Packs) != 1 {
				t.Fatalf("CurrentQuestionnaire() = %v, %v", q, err)
			}
			return q.Packs[0].Question("mood_1")
		}
		if got := question(s); got != "Were you glad?" {
			t.Errorf("question = %q", got)
		}
		if got := question(other); got != "Were you glad?" {
			t.Errorf("question on another server = %q", got)
		}
		if err := definitions.AddWording("mood.en-GB.yaml", []byte(strings.Replace(moodWording, "glad", "happy", 1))); err != nil {
			t.Fatal(err)
		}
		if !load(t, s, source, definitions) {
			t.Error("a new wording pack is no change")
		}
		if got := question(s); got != "Were you happy?" {
			t.Errorf("question on the server that loaded the pack = %q", got)
		}
		// Another server looks for new packs once a second.
		for deadline := time.Now().Add(10 * time.Second); question(other) != "Were you happy?"; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("after ten seconds the question on another server is %q", question(other))
			}
		}
	})
}

// TestLicensedWording takes a study whose instrument's wording somebody else owns through all that it lacks to go live.
func TestLicensedWording(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		ctx := t.Context()
		s := db.Open(t, storetest.Clock(func() time.Time { return time.Date(2027, 3, 31, 22, 59, 0, 0, time.UTC) }))
		source, definitions := studyFiles(t)
		source = strings.NewReplacer("[mood, alarm]", "[mood]", "  alarm: \"1\"\n", "", "    - {name: age, bands: [16, 40, 65]}\n", "", "[alarm_1]", "[]").Replace(source)
		mood := string(readFile(t, "..", "testdata", "study", "mood.yaml"))
		add := func(add func(string, []byte) error, text string) {
			t.Helper()
			if err := add("mood.yaml", []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		add(definitions.AddInstrument, strings.Replace(mood, "{wording: own}", "{wording: neutral, holder: The owner, terms: Ask first}", 1))
		licensed := func(expires string) string {
			return strings.Replace(source, "primary: mood", "licences:\n  mood: {holder: Us, reference: A1, scope: Both waves"+expires+"}\nprimary: mood", 1)
		}
		neutral := strings.Replace(moodWording, "reviewed: {by: A reviewer, on: 2026-01-31}", "neutral: true", 1)

		add(definitions.AddWording, neutral)
		load(t, s, source, definitions)
		wantConflict(t, s.SetStudyState(ctx, "", "trial", surveys.Live), "The wording of the instrument mood belongs to The owner")
		load(t, s, licensed(", expires: 2027-03-30"), definitions)
		wantConflict(t, s.SetStudyState(ctx, "", "trial", surveys.Live), "The licence of the instrument mood ended on 30 March 2027.")
		load(t, s, licensed(", expires: 2027-04-01"), definitions) // in London it is midnight already
		wantConflict(t, s.SetStudyState(ctx, "", "trial", surveys.Live), "The instrument mood has only neutral labels")
		add(definitions.AddWording, strings.Replace(moodWording, "reviewed: {by: A reviewer, on: 2026-01-31}\n", "", 1))
		load(t, s, licensed(", expires: 2027-04-01"), definitions)
		wantConflict(t, s.SetStudyState(ctx, "", "trial", surveys.Live), "no wording pack that somebody has reviewed")
		add(definitions.AddWording, moodWording)
		load(t, s, licensed(", expires: 2027-04-01"), definitions)

		// The neutral labels of the library come again with every file; they change nothing now.
		add(definitions.AddWording, neutral)
		load(t, s, licensed(""), definitions)
		if err := s.SetStudyState(ctx, "", "trial", surveys.Live); err != nil {
			t.Fatal(err)
		}
		study, _, err := s.Study(ctx, "trial")
		if err != nil {
			t.Fatal(err)
		}
		if record, ok := study.Licence("mood"); !ok || record.Sentence(study.Zone) != "Licence A1 to Us: Both waves" {
			t.Errorf("Licence() = %v, %v", record, ok)
		}
	})
}

func TestSetStudyState(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.Database) {
		s, ctx := db.Open(t), t.Context()
		source, definitions := studyFiles(t)
		load(t, s, source, definitions)
		wantConflict(t, s.SetStudyState(ctx, "", "trial", surveys.Pilot), "The instrument mood has no complete wording pack.")
		for _, pack := range []string{moodWording, alarmWording} {
			if err := definitions.AddWording("pack.yaml", []byte(pack)); err != nil {
				t.Fatal(err)
			}
		}
		load(t, s, source, definitions)
		wantConflict(t, s.SetStudyState(ctx, "", "trial", surveys.Live), "The instrument alarm holds a safety item")
		if err := s.SetStudyState(ctx, "", "trial", surveys.Pilot); err != nil {
			t.Errorf("a pilot may hold a safety item, got %v", err)
		}
		wantConflict(t, s.SetStudyState(ctx, "", "trial", surveys.Draft), "The study is pilot and cannot become draft from there.")
		if err := s.SetStudyState(ctx, "", "trail", surveys.Live); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("SetStudyState() of an unknown study = %v, want not found", err)
		}

		// Without the instrument that raises alerts the study can go live, and is fixed from there on.
		plain := strings.NewReplacer("[mood, alarm]", "[mood]", "  alarm: \"1\"\n", "", "    - {name: age, bands: [16, 40, 65]}\n", "", "[alarm_1]", "[]").Replace(source)
		load(t, s, plain, definitions)
		if err := s.SetStudyState(ctx, "", "trial", surveys.Live); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.LoadStudy(ctx, "", "study.yaml", []byte(strings.Replace(plain, "before: 7", "before: 9", 1)), definitions)
		wantConflict(t, err, "- the window of the wave second changes")
		if !load(t, s, strings.Replace(plain, "staff: 9", "staff: 11", 1), definitions) {
			t.Error("a live study does not take another headcount")
		}
		for _, to := range []surveys.StudyState{surveys.Ended, surveys.Locked} {
			if err := s.SetStudyState(ctx, "", "trial", to); err != nil {
				t.Fatalf("SetStudyState(%s) = %v", to, err)
			}
		}
		_, _, err = s.LoadStudy(ctx, "", "study.yaml", []byte(plain), definitions)
		wantConflict(t, err, "The study is locked")
	})
}
