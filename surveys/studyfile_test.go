package surveys_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wellwave/surveys"
)

// testDefinitions returns the instruments in testdata/study.
func testDefinitions(tb testing.TB) *surveys.Definitions {
	tb.Helper()
	var definitions surveys.Definitions
	for _, name := range []string{"mood.yaml", "alarm.yaml", "echo.yaml"} {
		if err := definitions.AddInstrument(name, readTestStudy(tb, name)); err != nil {
			tb.Fatal(err)
		}
	}
	return &definitions
}

func readTestStudy(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "study", name))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestParseStudyGrids(t *testing.T) {
	file := strings.Replace(string(readTestStudy(t, "study.yaml")), "layout: one-page", "grids: true", 1)
	study, err := surveys.ParseStudy("study.yaml", []byte(file), testDefinitions(t).Find)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := study.Wave("first")
	if second, _ := study.Wave("second"); !second.Grids || second.Layout != surveys.OneAScreen || first.Grids {
		t.Errorf("Grids of the second wave = %v with layout %v, of the first %v", second.Grids, second.Layout, first.Grids)
	}
}

func TestParseStudy(t *testing.T) {
	study, err := surveys.ParseStudy("study.yaml", readTestStudy(t, "study.yaml"), testDefinitions(t).Find)
	if err != nil {
		t.Fatal(err)
	}
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	if study.Zone.String() != london.String() || study.Colour != "#1f4e79" {
		t.Errorf("defaults are zone %s and colour %s", study.Zone, study.Colour)
	}
	second, _ := study.Wave("second")
	if want := (surveys.Wave{ID: "second", Title: "Second", Audience: surveys.Patients, DueAfter: 90, Before: 7, After: 30,
		Layout: surveys.OnePage, Instruments: []surveys.InstrumentID{"mood"}, Questionnaire: surveys.QuestionnaireHash(study.ID,
			"second", study.InstrumentHashes(second))}); !cmp.Equal(second, want) {
		t.Errorf("second wave: %s", cmp.Diff(second, want))
	}
	if study.ErasureDays != surveys.DefaultErasureDays {
		t.Errorf("erasure waits %d days where the file does not say, want %d", study.ErasureDays, surveys.DefaultErasureDays)
	}
	if study.StaffSurvey.Sealing != surveys.ByCustodians || study.StaffSurvey.Margin != nil {
		t.Errorf("a study that says nothing of its staff survey has %+v, want it sealed by custodians", study.StaffSurvey)
	}
	// The last Sunday of March 2026 is the 29th: the round spans the change to summer time, and both ends are midnights
	// of the zone.
	round, _ := study.Wave("round")
	if got, want := round.Opens.UTC(), time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the round opens %s, want %s", got, want)
	}
	if got, want := round.Closes.UTC(), time.Date(2026, 3, 31, 23, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the round closes %s, want %s", got, want)
	}
	want := surveys.Target{ID: "main", Title: "Mood at three months", Wave: "second", Scale: "mood", Delta: 2.5, SD: 2,
		Alpha: 0.05, Power: 0.9, ICC: 0.02, Correlation: 0.4, Arms: []surveys.TargetArm{
			{Arm: "new", N: 80}, {Arm: "usual", N: 90, Clusters: 3, CV: 0.2, Loss: 0.1}}}
	if diff := cmp.Diff(study.Targets, []surveys.Target{want}); diff != "" {
		t.Errorf("targets: %s", diff)
	}
	if len(study.Instruments) != 2 || study.Instruments[0].ID != "alarm" || len(study.Instruments[1].Hash) != 32 {
		t.Errorf("instruments = %v", study.Instruments)
	}
}

// TestParseStudyMistakes changes one thing of a good file at a time and looks for the line, the column and the sentence.
func TestParseStudyMistakes(t *testing.T) {
	good := string(readTestStudy(t, "study.yaml"))
	definitions := testDefinitions(t)
	tests := []struct {
		name, old, new string
		want           string
	}{
		{"misspelt key", "title: A small trial", "titel: A small trial", "study.yaml:2:1: “titel” is not a key here. Did you mean “title”?"},
		{"key of a wave misspelt", "    before: 7", "    befor: 7", "study.yaml:31:5: “befor” is not a key here. Did you mean “before”?"},
		{"number for a text", `version: "1"`, `version: 1`, "study.yaml:5:12: Here stands “1” where a text is expected; write it in quotes: \"1\"."},
		{"fraction of a day", "due: 90", "due: 90.5", "study.yaml:30:10: Here stands “90.5” where a whole number is expected."},
		{"id in capitals", "id: trial", "id: Trial", "study.yaml:1:5: The id “Trial” is not a lower-case word"},
		{"no title", "title: A small trial", "title: \"\"", "study.yaml:2:8: The title of the study is missing."},
		{"zone", "title: A small trial", "title: A small trial\nzone: Glasgow", "study.yaml:3:7: “Glasgow” is not a time zone"},
		{"pale colour", "title: A small trial", "title: A small trial\ncolour: \"#66aaff\"", "study.yaml:3:9: White text on #66aaff has a contrast of 2.4 to 1"},
		{"not a colour", "title: A small trial", "title: A small trial\ncolour: blue", "study.yaml:3:9: “blue” is not a colour"},
		{"paper plan misspelt", "title: A small trial", "title: A small trial\npaper: {double_entri: true}", "study.yaml:3:9: “double_entri” is not a key here. Did you mean “double_entry”?"},
		{"paper plan in words", "title: A small trial", "title: A small trial\npaper: {double_entry: twice}", "study.yaml:3:23: Here stands “twice” where true or false is expected."},
		{"erasure before it was asked for", "title: A small trial", "title: A small trial\nerasure_delay: -1", "study.yaml:3:16: The number of days that erasure waits is -1; it must be from 0 to 30."},
		{"erasure too late", "title: A small trial", "title: A small trial\nerasure_delay: 31", "study.yaml:3:16: The number of days that erasure waits is 31; it must be from 0 to 30."},
		{"erasure in part of a day", "title: A small trial", "title: A small trial\nerasure_delay: 0.5", "study.yaml:3:16: Here stands “0.5” where a whole number is expected."},
		{"sealing unknown", "title: A small trial", "title: A small trial\nstaff_survey: {sealing: nobody}", "study.yaml:3:25: “nobody” is not a way of sealing; write custodians or server"},
		{"programme of no arm", "title: A small trial", "title: A small trial\nstaff_survey: {programme: newer}", "study.yaml:3:27: The arm “newer” is not declared under arms"},
		{"margin of 0", "title: A small trial", "title: A small trial\nstaff_survey: {margin: 0}", "study.yaml:3:24: The margin is 0; it must be above 0 and at most 6"},
		{"margin too wide", "title: A small trial", "title: A small trial\nstaff_survey: {margin: 7}", "study.yaml:3:24: The margin is 7; it must be above 0 and at most 6"},
		{"attribute unknown", "title: A small trial", "title: A small trial\nstaff_survey: {attributes: [role, age]}", "study.yaml:3:35: “age” is nothing that staff may be asked about themselves; write role or tenure, or both"},
		{"attribute twice", "title: A small trial", "title: A small trial\nstaff_survey: {attributes: [role, tenure, role]}", "study.yaml:3:43: “role” stands twice; staff are asked at most two things about themselves, role and tenure"},
		{"attributes in words", "title: A small trial", "title: A small trial\nstaff_survey: {attributes: role}", "study.yaml:3:28: "},
		{"kiosk plan misspelt", "title: A small trial", "title: A small trial\nkiosk: {links_practitioner: true}", "study.yaml:3:9: “links_practitioner” is not a key here. Did you mean “links_practitioners”?"},
		{"clause twice", "{id: later", "{id: agree", "study.yaml:9:12: The id “agree” is used twice."},
		{"nothing to agree to", "required: true", "required: false", "study.yaml:7:3: No clause of the consent text is required"},
		{"unknown arm", "arm: usual, staff", "arm: usal, staff", "study.yaml:15:36: The arm “usal” of site “south” is not declared under arms."},
		{"site twice", "{id: south", "{id: north", "study.yaml:15:10: The id “north” is used twice."},
		{"staff below zero", "staff: 9", "staff: -9", "study.yaml:15:50: The headcount of staff is -9; it must be from 0 to 5000."},
		{"unknown instrument", "  mood: \"1\"", "  mod: \"1\"", "study.yaml:17:8: There is no instrument “mod”. Did you mean “mood”?"},
		{"unknown version", "  mood: \"1\"", "  mood: \"7\"", "study.yaml:17:9: There is no version “7” of the instrument “mood”. There is 1."},
		{"instrument not used", "  alarm: \"1\"", "  alarm: \"1\"\n  echo: \"2\"", "study.yaml:19:9: No wave uses the instrument “echo”."},
		{"instrument not declared", "[mood, alarm]", "[mood, alarm, gad7]", "study.yaml:26:32: The instrument “gad7” is not declared under instruments with its version."},
		{"instrument twice", "[mood, alarm]", "[mood, alarm, mood]", "study.yaml:26:32: The instrument “mood” stands twice in this wave."},
		{"clash of items", "  alarm: \"1\"\nprimary: mood\nwaves:\n  - id: first\n    title: First\n    audience: patients\n    baseline: true\n    after: 30\n    instruments: [mood, alarm]",
			"  alarm: \"1\"\n  echo: \"2\"\nprimary: mood\nwaves:\n  - id: first\n    title: First\n    audience: patients\n    baseline: true\n    after: 30\n    instruments: [mood, alarm, echo]",
			"study.yaml:27:32: The instruments “mood” and “echo” both have an item “mood_1”, so they cannot stand in one wave.\nstudy.yaml:27:32: The instruments “mood” and “echo” both have a scale “mood”"},
		{"safety item for staff", "    closes: 2026-03-31\n    instruments: [mood]", "    closes: 2026-03-31\n    instruments: [alarm]", "study.yaml:40:19: The item “alarm_1” of “alarm” is a safety item"},
		{"no baseline", "    baseline: true\n", "    due: 3\n", "study.yaml:20:1: No wave is the baseline"},
		{"second baseline", "    due: 90\n    before: 7", "    baseline: true", "The study has a second baseline wave; all others count from one."},
		{"baseline with a due day", "    after: 30\n    instruments: [mood, alarm]", "    due: 3\n    instruments: [mood, alarm]", "study.yaml:25:10: The baseline is the day that the others count from"},
		{"no due day", "    due: 90\n", "", "study.yaml:27:5: This wave does not say how many days after the baseline it is due."},
		{"window before baseline", "before: 7", "before: 90", "study.yaml:31:13: The window would open before the baseline"},
		{"dates for patients", "    due: 90", "    due: 90\n    opens: 2026-03-01", "study.yaml:31:12: Only a round of the staff has fixed dates"},
		{"unknown audience", "audience: staff", "audience: stuff", "study.yaml:37:15: “stuff” is not an audience; write patients or staff."},
		{"organisations", "audience: staff", "audience: organisations", "study.yaml:37:15: Waves for organisations cannot be held yet"},
		{"grids that are neither yes nor no", "layout: one-page", "grids: wide", "study.yaml:33:12: "},
		{"unknown layout", "layout: one-page", "layout: wide", "study.yaml:33:13: “wide” is not a layout; write one-a-screen or one-page."},
		{"days for staff", "    opens: 2026-03-20", "    due: 5\n    opens: 2026-03-20", "A round of the staff has fixed dates (opens, closes) and neither"},
		{"no opening day", "    opens: 2026-03-20\n", "", "study.yaml:35:5: A round of the staff needs a date here"},
		{"no such day", "2026-03-31", "2026-02-30", "study.yaml:39:13: “2026-02-30” is not a date"},
		{"closes first", "2026-03-31", "2026-03-19", "study.yaml:39:13: The round closes on 2026-03-19, before it opens on 2026-03-20."},
		{"wave twice", "id: second", "id: first", "study.yaml:27:9: The id “first” is used twice."},
		{"licence for an instrument of nobody's", "primary: mood\n", "licences:\n  gloom: {holder: Us, reference: A1, scope: All}\nprimary: mood\n",
			"study.yaml:20:3: The study does not use the instrument “gloom”."},
		{"licence without a reference", "primary: mood\n", "licences:\n  mood: {holder: Us, scope: All}\nprimary: mood\n",
			"study.yaml:20:3: The licence's reference is missing."},
		{"licence until no day", "primary: mood\n", "licences:\n  mood: {holder: Us, reference: A1, scope: All, expires: soon}\nprimary: mood\n",
			"study.yaml:20:58: “soon” is not a date"},
		{"no primary", "primary: mood\n", "", "study.yaml:1:1: The study does not name its primary scale"},
		{"unknown primary", "primary: mood", "primary: moods", "study.yaml:19:10: No instrument of the patients' waves has the scale “moods”."},
		{"primary not first", "    instruments: [mood]\n  - id: round", "    instruments: [alarm, mood]\n  - id: round", "The first instrument of wave “second” must have the primary scale “mood”"},
		{"target of no wave", "wave: second", "wave: third", "study.yaml:44:11: The wave “third” is not declared under waves."},
		{"target for staff", "wave: second", "wave: round", "study.yaml:44:11: The wave “round” is not for patients"},
		{"target of no scale", "    difference: 2.5", "    scale: phq8\n    difference: 2.5", "study.yaml:45:12: No instrument of wave “second” has the scale “phq8”."},
		{"difference of nothing", "difference: 2.5", "difference: 0", "study.yaml:45:17: The smallest difference worth finding is 0; it must be greater than 0."},
		{"power of one", "power: 0.9", "power: 1", "study.yaml:48:12: The wanted power is 1; it must be greater than 0 and less than 1."},
		{"icc of one", "icc: 0.02", "icc: 1", "study.yaml:49:10: The intracluster correlation is 1"},
		{"one arm", "      - {arm: new, people: 80}\n", "", "study.yaml:51:5: A target compares two arms; this one names 1."},
		{"arm twice", "{arm: new, people", "{arm: usual, people", "The arm “usual” stands twice in this target."},
		{"fewer people than clusters", "people: 90, clusters: 3", "people: 2, clusters: 3", "2 people cannot come from 3 sites."},
		{"unknown key column", "{name: age,", "{name: agge,", "study.yaml:57:14: No instrument of the patients' waves has an item “agge”."},
		{"bands that do not ascend", "[16, 40, 65]", "[16, 65, 40]", "study.yaml:57:19: The lower bounds of the bands of “age” must ascend."},
		{"free text released", "items: [mood_1, mood_2]", "items: [mood_1, mood_more]", "study.yaml:58:19: The item “mood_more” is free text"},
		{"column twice", "sensitive: [alarm_1]", "sensitive: [mood_1]", "study.yaml:61:15: The column “mood_1” stands in the release plan twice."},
		{"unknown paradata", "paradata: [mode]", "paradata: [address]", "study.yaml:60:14: “address” is not known about an answer; choose from mode, language, helper, place, aids, proxy, day and late."},
		{"unknown released scale", "scales: [mood]", "scales: [gloom]", "study.yaml:59:12: No instrument of the patients' waves has the scale “gloom”."},
		{"tab", "title: A small trial", "title: A small trial\n\tzone: x", "study.yaml:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(good, tt.old) {
				t.Fatalf("the good file does not hold %q", tt.old)
			}
			_, err := surveys.ParseStudy("study.yaml", []byte(strings.Replace(good, tt.old, tt.new, 1)), definitions.Find)
			if err == nil {
				t.Fatalf("no error, want %q", tt.want)
			}
			if surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("kind = %v, want invalid", surveys.KindOf(err))
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error:\n%v\nwant in it:\n%s", err, tt.want)
			}
		})
	}
}

func TestParseStudyListsEveryMistake(t *testing.T) {
	bad := strings.NewReplacer("id: trial", "id: Trial", "due: 90", "due: 0", "power: 0.9", "power: 9").
		Replace(string(readTestStudy(t, "study.yaml")))
	_, err := surveys.ParseStudy("study.yaml", []byte(bad), testDefinitions(t).Find)
	if err == nil {
		t.Fatal("no error, want three mistakes and what follows from them")
	}
	lines := strings.Split(err.Error(), "\n")
	for i, start := range []string{"study.yaml:1:5:", "study.yaml:30:10:"} {
		if !strings.HasPrefix(lines[i], start) {
			t.Errorf("line %d is %q, want it to begin with %s", i+1, lines[i], start)
		}
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "study.yaml:48:12:") {
		t.Errorf("the last line is %q, want it to begin with study.yaml:48:12:", last)
	}
}

func TestCheckAdditions(t *testing.T) {
	good := string(readTestStudy(t, "study.yaml"))
	definitions := testDefinitions(t)
	parse := func(t *testing.T, text string) *surveys.Study {
		t.Helper()
		study, err := surveys.ParseStudy("study.yaml", []byte(text), definitions.Find)
		if err != nil {
			t.Fatal(err)
		}
		return study
	}
	tests := []struct {
		name, old, new string
		want           string // empty where it is an addition
	}{
		{"new site", "instruments:\n  mood", "  - {id: west, title: West, arm: new, staff: 3}\ninstruments:\n  mood", ""},
		{"new wave", "targets:", "  - {id: third, title: Third, audience: patients, due: 180, after: 30, instruments: [mood]}\ntargets:", ""},
		{"other title", "title: A small trial", "title: A small trial of care", ""},
		{"new headcount", "staff: 9", "staff: 10", ""},
		{"site moves", "arm: usual, staff: 9", "arm: new, staff: 9", "the site south moves from arm usual to new"},
		{"window", "before: 7", "before: 8", "the window of the wave second changes"},
		{"round", "2026-03-31", "2026-04-30", "the window of the wave round changes"},
		{"instruments", "[mood, alarm]", "[alarm, mood]", "the instruments of the wave first, their versions or their order change"},
		{"target", "difference: 2.5", "difference: 2.6", "the target main is changed or gone"},
		{"clauses", "text: I agree.", "text: I agree to all.", "the clauses of consent 1 change under the same version"},
		{"another delay of erasure", "title: A small trial", "title: A small trial\nerasure_delay: 0", ""},
		{"masked from now on", "title: A small trial", "title: A small trial\nmasked: true", ""},
		{"zone", "title: A small trial", "title: A small trial\nzone: Europe/Paris", "the time zone changes from Europe/London to Europe/Paris"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed := strings.Replace(good, tt.old, tt.new, 1)
			if changed == good {
				t.Fatalf("the good file does not hold %q", tt.old)
			}
			err := parse(t, good).CheckAdditions(parse(t, changed))
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("CheckAdditions() = %v, want none", err)
			case tt.want != "" && (surveys.KindOf(err) != surveys.Conflict || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("CheckAdditions() = %v, want a conflict with %q", err, tt.want)
			}
		})
	}
}

func TestCheckState(t *testing.T) {
	tests := []struct {
		from, to surveys.StudyState
		wantOK   bool
	}{
		{surveys.Draft, surveys.Pilot, true},
		{surveys.Draft, surveys.Live, true},
		{surveys.Pilot, surveys.Live, true},
		{surveys.Live, surveys.Ended, true},
		{surveys.Ended, surveys.Live, true},
		{surveys.Ended, surveys.Locked, true},
		{surveys.Locked, surveys.Ended, true},
		{surveys.Live, surveys.Live, false},
		{surveys.Live, surveys.Pilot, false},
		{surveys.Pilot, surveys.Draft, false},
		{surveys.Locked, surveys.Live, false},
		{surveys.Draft, surveys.Locked, false},
	}
	for _, tt := range tests {
		err := surveys.CheckState(tt.from, tt.to)
		if (err == nil) != tt.wantOK || err != nil && surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("CheckState(%s, %s) = %v, want ok %v", tt.from, tt.to, err, tt.wantOK)
		}
	}
}
