package surveys_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wellwave/surveys"
)

// declaring is the tests' study file with changes: old, new and so on.
func declaring(t *testing.T, changes ...string) string {
	t.Helper()
	return strings.NewReplacer(changes...).Replace(string(readTestStudy(t, "study.yaml")))
}

// findWith finds the tests' instruments with one change to the first.
func findWith(t *testing.T, old, changed string) surveys.FindInstrument {
	t.Helper()
	mood, err := surveys.ParseInstrument("mood.yaml", []byte(strings.Replace(string(readTestStudy(t, "mood.yaml")), old, changed, 1)))
	if err != nil {
		t.Fatal(err)
	}
	others := testDefinitions(t)
	return func(id surveys.InstrumentID, version string) (*surveys.Instrument, error) {
		if id == mood.ID {
			return mood, nil
		}
		return others.Find(id, version)
	}
}

// Of a copy of an instrument that means the same the classes do not count.
func TestAddInstrumentKeepsClasses(t *testing.T) {
	definitions := testDefinitions(t)
	lax := strings.Replace(string(readTestStudy(t, "alarm.yaml")), "safety: true", "safety: true, class: ordinary", 1)
	if err := definitions.AddInstrument("alarm.yaml", []byte(lax)); err != nil {
		t.Fatal(err)
	}
	instrument, err := definitions.Find("alarm", "1")
	if err != nil || instrument.Items[0].Class != 0 {
		t.Errorf("Find() = %+v, %v, want the first of the two", instrument, err)
	}
}

func TestStudyFileClassesRefused(t *testing.T) {
	const classes = "sensitive: [alarm_1]\n  classes:\n    - "
	tests := []struct{ name, give, want string }{
		{"unknown item", "{item: mod_1, class: key, reason: rare}", "study.yaml:63:14: No instrument of the patients' waves has an item “mod_1”."},
		{"unknown word", "{item: mood_1, class: secret, reason: rare}", "study.yaml:63:29: “secret” is not a class of items; write direct-identifier, key, sensitive, ordinary or free-text."},
		{"a class of columns alone", "{item: mood_1, class: paradata, reason: rare}", "study.yaml:63:29: “paradata” is not a class of items"},
		{"no class", "{item: mood_1, reason: rare}", "study.yaml:63:7: “” is not a class of items"},
		{"no reason", "{item: age, class: ordinary}", "study.yaml:63:7: The reason for this class is missing."},
		{"a blank reason", "{item: age, class: ordinary, reason: \" \"}", "study.yaml:63:44: The reason for this class is missing."},
		{"twice", "{item: age, class: ordinary, reason: made up}\n    - {item: age, class: key, reason: rare}", "study.yaml:64:14: The item “age” is given a class twice."},
		{"free text let out", "{item: mood_more, class: key, reason: they are short}", "study.yaml:63:32: What people write themselves is never key: it is free-text or direct-identifier."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := []byte(declaring(t, "sensitive: [alarm_1]\n", classes+tt.give+"\n"))
			_, err := surveys.ParseStudy("study.yaml", file, testDefinitions(t).Find)
			_, storedErr := surveys.ParseStoredStudy("study.yaml", file, testDefinitions(t).Find)
			for _, err := range []error{err, storedErr} { // no file of before has classes, so a stored one is held to this as well
				if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("error:\n%v\nwant in it:\n%s", err, tt.want)
				}
			}
		})
	}
}

// What is not to leave as a plan has it is refused when the file comes. A study that runs with such a file is read on, and its
// releases are refused instead.
func TestStudyFilePlansRefused(t *testing.T) {
	const (
		first = "{code: mood_1, kind: likert, options: [0, 1, 2]}"
		noted = "{code: mood_1, kind: likert, options: [0, 1, 2], class: direct-identifier}"
		ages  = "    - {name: age, bands: [16, 40, 65]}\n"
		items = "items: [mood_1, mood_2]"
		last  = "sensitive: [alarm_1]\n"
	)
	tests := []struct {
		name    string
		mood    string   // the first item of the instrument
		changes []string // of the study file: old, new and so on
		want    string
	}{
		{"what is sensitive as ordinary", first, []string{ages, "", last, "", items, "items: [alarm_1]"},
			"study.yaml:57:11: The item “alarm_1” is sensitive, by its kind: it can leave only under sensitive."},
		{"what is sensitive as a key", first, []string{last, "", "{name: arm}", "{name: alarm_1}"}, "study.yaml:56:14: The item “alarm_1” is sensitive, by its kind"},
		{"what names people", noted, nil, "study.yaml:58:11: The item “mood_1” names people by itself, as its instrument says; it cannot be released."},
		{"a score that tells it", noted, []string{items, "items: [mood_2]"},
			"study.yaml:59:12: The score “mood” is made from “mood_1”, which is direct-identifier, as its instrument says, so it tells that and cannot be released."},
		{"what names people, declared harmless", noted, []string{last, last + "  classes: [{item: mood_1, class: ordinary, reason: so we think}]\n"},
			"study.yaml:62:35: The instrument “mood” says that “mood_1” is direct-identifier, which no study can let out."},
		{"what the study calls a key", first, []string{last, last + "  classes: [{item: mood_2, class: key, reason: neighbours can tell}]\n"},
			"study.yaml:58:19: The item “mood_2” is a key, as the study file says"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			find := findWith(t, first, tt.mood)
			file := []byte(declaring(t, tt.changes...))
			_, err := surveys.ParseStudy("study.yaml", file, find)
			if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error:\n%v\nwant in it:\n%s", err, tt.want)
			}
			if _, err := surveys.ParseStoredStudy("study.yaml", file, find); err != nil {
				t.Errorf("ParseStoredStudy() = %v, want none", err)
			}
		})
	}
}

// What nobody has given a class may stand in a plan, and is noted.
func TestStudyFileNotesWhatHasNoClass(t *testing.T) {
	file := []byte(declaring(t, "    - {name: age, bands: [16, 40, 65]}\n", "", "items: [mood_1, mood_2]", "items: [mood_1, mood_2, age]"))
	study, err := surveys.ParseStudy("study.yaml", file, testDefinitions(t).Find)
	if err != nil {
		t.Fatal(err)
	}
	want := "study.yaml:57:27: Nobody has said what this gives away, and the item “age” is a key, by its kind"
	if !strings.Contains(strings.Join(study.Remarks, "\n"), want) {
		t.Errorf("remarks %q, want %q", study.Remarks, want)
	}
}

func TestStudyClassOf(t *testing.T) {
	file := declaring(t, "items: [mood_1, mood_2]", "items: [mood_1, age]", "    - {name: age, bands: [16, 40, 65]}\n", "",
		"sensitive: [alarm_1]\n", "sensitive: [alarm_1, mood_2]\n  classes:\n    - {item: age, class: ordinary, reason: \"made up, 🙂\"}\n    - {item: mood_3, class: direct-identifier, reason: named}\n")
	study, err := surveys.ParseStoredStudy("study.yaml", []byte(file), findWith(t, "{code: mood_2, ", "{code: mood_2, class: sensitive, "))
	if err != nil {
		t.Fatal(err)
	}
	stored := testDefinitions(t) // what a database that knows of no classes has
	for code, want := range map[string]surveys.ItemClass{
		"mood_1":    {Class: surveys.ClassOrdinary, By: surveys.ClassByKind},
		"mood_2":    {Class: surveys.ClassSensitive, By: surveys.ClassByInstrument},
		"mood_3":    {Class: surveys.ClassIdentifier, By: surveys.ClassByStudy, Reason: "named"},
		"mood_more": {Class: surveys.ClassFreeText, By: surveys.ClassByKind},
		"alarm_1":   {Class: surveys.ClassSensitive, By: surveys.ClassByKind},
		"age":       {Class: surveys.ClassOrdinary, By: surveys.ClassByStudy, Reason: "made up, 🙂"},
	} {
		for _, id := range []surveys.InstrumentID{"mood", "alarm"} {
			instrument, err := stored.Find(id, "1")
			if err != nil {
				t.Fatal(err)
			}
			if item, ok := instrument.Item(code); ok {
				if got := study.ClassOf(instrument, item); got != want {
					t.Errorf("ClassOf(%s) = %+v, want %+v", code, got, want)
				}
			}
		}
	}
}

func TestOutlook(t *testing.T) {
	file := declaring(t, "{name: arm}", "{name: arm}\n    - {name: site}", "sensitive: [alarm_1]\n", "sensitive: []\n")
	study, err := surveys.ParseStudy("study.yaml", []byte(file), testDefinitions(t).Find)
	if err != nil {
		t.Fatal(err)
	}
	want := []surveys.Outlook{
		{Class: surveys.ClassKey, Columns: []string{"arm", "age in bands from 16, 40, 65"}},
		{Class: surveys.ClassOrdinary, Columns: []string{"mood_1", "mood_2", "mood"}},
		{Class: surveys.ClassParadata, Columns: []string{"mode"}},
		{Class: surveys.ClassKey, Columns: []string{"site"}, Why: "no release holds it"},
		{Class: surveys.ClassOrdinary, Columns: []string{"mood_3"}, Why: "not under items, by its kind"},
		{Class: surveys.ClassFreeText, Columns: []string{"mood_more"}, Why: "never released"},
		{Class: surveys.ClassSensitive, Columns: []string{"alarm_1"}, Why: "not under sensitive, by its kind"},
	}
	if got := study.Outlook(); !cmp.Equal(got, want) {
		t.Errorf("Outlook():\n%s", cmp.Diff(want, got))
	}
	instrument, err := testDefinitions(t).Find("alarm", "1")
	if err != nil || !cmp.Equal(instrument.Unclassed(), []string{"No class is said of age: key by kind.", "No class is said of alarm_1: sensitive by kind."}) {
		t.Errorf("Unclassed() = %q, %v", instrument.Unclassed(), err)
	}
}
