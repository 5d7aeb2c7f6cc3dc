package surveys_test

import (
	"slices"
	"strings"
	"testing"

	"wellwave/surveys"
)

const namesHead = "id: y1\nversion: \"1\"\ntitle: T\ncitation: c\nlicence: {wording: own}\nitems:\n"

// Names that others have trouble with are told and refused by nobody: the instrument may be in use.
func TestInstrumentRemarks(t *testing.T) {
	tests := []struct {
		name, items string
		want        []string // the start of each
	}{
		{"ordinary", "  - {code: q1, kind: yes-no}\n  - {code: q2, kind: yes-no}\n", nil},
		{"letters of two sizes", "  - {code: Q1, kind: yes-no}\n  - {code: q1, kind: yes-no}\n", []string{"y1.yaml:8:12: “Q1” and “q1” differ by capital letters alone"}},
		{"words of programs", "  - {code: ALL, kind: yes-no}\n  - {code: with, kind: yes-no}\n  - {code: Byte, kind: yes-no}\n  - {code: TRUE1, kind: yes-no}\n  - {code: \"NULL\", kind: yes-no}\n",
			[]string{"y1.yaml:7:12: “ALL” is a word of SPSS", "y1.yaml:8:12: “with” is a word of SPSS", "y1.yaml:9:12: “Byte” is a word of Stata", "y1.yaml:11:12: “NULL” is a word of R"}},
		{"types of programs", "  - {code: str12, kind: yes-no}\n  - {code: NA_integer_, kind: yes-no}\n  - {code: str, kind: yes-no}\n  - {code: str1x, kind: yes-no}\n",
			[]string{"y1.yaml:7:12: “str12” is a word of Stata", "y1.yaml:8:12: “NA_integer_” is a word of R", "y1.yaml:9:12: “str” is a word of Stata"}},
		{"columns of waves", "  - {code: timing, kind: yes-no}\n  - {code: due, kind: date}\n  - {code: r_prorated, kind: yes-no}\n",
			[]string{"y1.yaml:7:12: “timing” is a column of releases themselves", "y1.yaml:8:12: “due” is", "y1.yaml:9:12: “r_prorated” ends as"}},
		{"columns of a release", "  - {code: id, kind: yes-no}\n  - {code: day, kind: date}\n  - {code: late, kind: yes-no}\n  - {code: simd_decile, kind: yes-no}\n  - {code: r_answered, kind: yes-no}\n",
			[]string{"y1.yaml:7:12: “id” is a column of releases themselves", "y1.yaml:8:12: “day” is", "y1.yaml:9:12: “late” is", "y1.yaml:10:12: “simd_decile” is", "y1.yaml:11:12: “r_answered” ends as"}},
		{"too long for Stata", "  - {code: a_question_of_some_length, kind: yes-no}\n", []string{"y1.yaml:7:12: The column “a_question_of_some_length_missing” of a release has 33 characters"}},
		{"a text to read is no column", "  - {code: all, kind: display}\n  - {code: q1, kind: yes-no}\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			instrument, err := surveys.ParseInstrument("y1.yaml", []byte(namesHead+tt.items))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(instrument.Remarks, tt.want, strings.HasPrefix) {
				t.Errorf("Remarks = %q, want %q", instrument.Remarks, tt.want)
			}
		})
	}
}

// foreseenStudy returns the good study with a change, as a new file and as one that was stored.
func foreseenStudy(t *testing.T, old, changed string) (study *surveys.Study, err, storedErr error) {
	t.Helper()
	good := string(readTestStudy(t, "study.yaml"))
	file := strings.Replace(good, old, changed, 1)
	if file == good {
		t.Fatalf("the good file does not hold %q", old)
	}
	definitions := testDefinitions(t)
	for _, name := range []string{"day", "mood_answered"} {
		if !strings.Contains(changed, name) {
			continue
		}
		instrument := strings.ReplaceAll(string(readTestStudy(t, "mood.yaml")), "mood_3", name)
		if err := definitions.AddInstrument("mood.yaml", []byte(instrument)); err != nil {
			t.Fatal(err)
		}
	}
	study, err = surveys.ParseStudy("study.yaml", []byte(file), definitions.Find)
	_, storedErr = surveys.ParseStoredStudy("study.yaml", []byte(file), definitions.Find)
	return study, err, storedErr
}

// A file that can only go wrong later is refused when it comes, and read where it is in use.
func TestParseStudyForesees(t *testing.T) {
	tests := []struct{ name, old, changed, want string }{
		{"a column of the release itself", "items: [mood_1, mood_2]", "items: [mood_1, day]", "study.yaml:58:19: The release cannot carry “day”, because the name is a column of releases themselves"},
		{"a column of the release itself as a key", "{name: age, ", "{name: day, ", "study.yaml:57:7: The release cannot carry “day”"},
		{"the ending of a second column", "items: [mood_1, mood_2]", "items: [mood_1, mood_answered]", "study.yaml:58:19: The release cannot carry “mood_answered”, because the name ends as"},
		{"out of reach", "difference: 2.5", "difference: 0.5", "study.yaml:48:12: The target “main” cannot be reached: however many people answer in these sites, the power comes to 0.170 at most and 0.9 is wanted; at least 5 and 15 sites"},
		{"sizes that vary too much", "cv: 0.2", "cv: 1.5", "study.yaml:53:51: The sizes of 3 clusters cannot vary so much: their coefficient of variation is at most 1.41"},
		{"braces", "text: I agree.", "text: \"I agree at {{site}}.\"", "“{{site}}” would be shown as it stands"},
		{"braces of one kind", "title: A small trial", "title: A small trial in {place}", "study.yaml:2:8: “{place}” would be shown as it stands"},
		{"a direction that is turned", "title: A small trial", `title: "A small \u202elairt"`, "study.yaml:2:8: The text holds the character U+202E, which turns the direction"},
		{"an isolate that is turned", "text: I agree.", `text: "I \u2067agree."`, "The text holds the character U+2067"},
		{"a character that controls a device", "text: I agree.", `text: "I agree.\e[2J"`, "The text holds the character U+001B"},
		{"a title of two lines", "title: A small trial", `title: "A small\ntrial"`, "study.yaml:2:8: The title of the study goes over more than one line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err, storedErr := foreseenStudy(t, tt.old, tt.changed)
			if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("ParseStudy() = %v, want %q", err, tt.want)
			}
			if storedErr != nil {
				t.Errorf("ParseStoredStudy() = %v, want none", storedErr)
			}
		})
	}
}

func TestStudyRemarks(t *testing.T) {
	study, err, _ := foreseenStudy(t, "people: 80", "people: 8")
	if err != nil {
		t.Fatal(err)
	}
	if len(study.Remarks) != 1 || !strings.HasPrefix(study.Remarks[0], "study.yaml:48:12: With the people that are planned the power of the target “main” is 0.") {
		t.Errorf("Remarks = %q, want one of the power", study.Remarks)
	}
}

func TestWordingBraces(t *testing.T) {
	const pack = "instrument: small\nversion: \"1\"\nlanguage: en-GB\ntitle: T\nitems:\n  a: {text: \"%\", options: {1: \"No\"}}\n"
	for text, refused := range map[string]bool{
		"Did {{site}} help?": true, "Did {{ site }} help?": true, "Did {site} help?": true, "Did ${name} help?": true, "Did {{help": true, "Did help}}?": true, "{practice.name}": true,
		"A set {1, 2}?": false, "In {braces of some words}.": false, "Choose { or }": false, "No braces": false, "{} nothing": false, "a } b { c": false,
	} {
		file := []byte(strings.Replace(pack, "%", text, 1))
		_, err := surveys.ParseWording("small.en-GB.yaml", file)
		if got := err != nil; got != refused || refused && !strings.HasPrefix(err.Error(), "small.en-GB.yaml:6:") {
			t.Errorf("the text %q: %v, want it refused: %v", text, err, refused)
		}
		if _, err := surveys.ParseStoredWording("small.en-GB.yaml", file); err != nil {
			t.Errorf("the stored text %q: %v", text, err)
		}
	}
}
