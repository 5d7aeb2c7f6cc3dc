package release

import (
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

const lifeInstrument = `
id: life
version: "1"
title: Life
citation: Made up for the tests of wellwave.
licence: {wording: own, holder: The wellwave authors, terms: Apache-2.0}
recall: now
items:
  - {code: life_age, kind: integer, min: 16, max: 110}
  - {code: life_work, kind: yes-no}
  - code: life_hours
    kind: decimal
    min: 0
    max: 168
    enable_when: {behaviour: all, conditions: [{question: life_work, operator: "=", answer: 1}]}
  - {code: life_help, kind: multiple, options: [1, 2, 3]}
  - {code: life_moved, kind: date}
  - {code: life_note, kind: long-text}
scales:
  - {id: life_time, title: Hours, rule: sum, items: [life_hours], range: [0, 168], direction: neutral, source: none}
`

func life(t *testing.T) (*surveys.Study, *surveys.Questionnaire) {
	t.Helper()
	instrument, err := surveys.ParseInstrument("life.yaml", []byte(lifeInstrument))
	if err != nil {
		t.Fatal(err)
	}
	q, err := surveys.NewQuestionnaire("s", "w", []*surveys.Instrument{instrument}, nil)
	if err != nil {
		t.Fatal(err)
	}
	study := &surveys.Study{ID: "s", Waves: []surveys.Wave{{ID: "w", Audience: surveys.Patients}},
		Release: surveys.ReleasePlan{
			Keys:     []surveys.KeyColumn{{Name: "simd_quintile"}, {Name: "simd_decile", Bands: []float64{1, 3}}, {Name: "life_age", Bands: []float64{40}}},
			Items:    []string{"life_work", "life_hours", "life_help", "life_moved"},
			Paradata: []string{"day", "language", "helper", "late"},
			Classes:  []surveys.DeclaredClass{ordinary("life_work"), ordinary("life_hours"), ordinary("life_help"), ordinary("life_moved")},
		}}
	return study, q
}

func ordinary(item string) surveys.DeclaredClass {
	return surveys.DeclaredClass{Item: item, Class: surveys.ClassOrdinary, Reason: "made up for the tests"}
}

func TestEncode(t *testing.T) {
	study, q := life(t)
	plan, err := NewPlan(study, surveys.Live, map[surveys.WaveID]*surveys.Questionnaire{"w": q}, surveys.TeamRelease, false)
	if err != nil {
		t.Fatal(err)
	}
	file := &plan.Files[0]
	e := newEncoder(file, false, []byte("key"), func(string) (*layout, error) { return newLayout(file, q), nil })
	moved := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	baseline := int(moved.Unix()/86400) + 10
	tests := []struct {
		name string
		give surveys.ReleasedResponse
		want string // age; mode, day, language, helper, late; items; what is missing in brackets
	}{
		{"everything", surveys.ReleasedResponse{SIMDDecile: 3, Baseline: baseline, HasBaseline: true, Day: baseline + 270, HasDay: true, How: surveys.Collection{Mode: surveys.Web, Language: "en", Helper: "family"}, LateDays: 3,
			Answers: `{"life_age":40,"life_work":1,"life_hours":37.5,"life_help":[1,3],"life_moved":"2026-03-01","life_note":"x, y"}`},
			"40 and over|web|270|en|family|3|1|37.5|1 3|-10|"},
		{"hours no longer asked", surveys.ReleasedResponse{SIMDDecile: 2, Finished: true, Baseline: 5, HasBaseline: true, Day: 5, HasDay: true,
			Answers: `{"life_age":39,"life_work":0,"life_hours":20,"life_help":{"missing":"not-applicable"}}`},
			"under 40||0|||0|0|(not-asked)|(not-applicable)|(skipped)|"},
		{"nothing known", surveys.ReleasedResponse{Answers: `{"life_work":{"missing":"prefer-not-to-say"},"life_moved":"2026-03-01"}`},
			"(not-reached)|||||0|(prefer-not-to-say)|(not-asked)|(not-reached)|(not-recorded)|"},
		{"written in another order", surveys.ReleasedResponse{SIMDDecile: 10, Answers: `{"life_help":[2],"life_gone":3,"life_age":16}`},
			"under 40|||||0|(not-reached)|(not-asked)|2|(not-reached)|"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.give.Questionnaire = q.Hash
			if _, _, err := e.read(&tt.give); err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, cell := range splitCells(e.appendCells(nil, &tt.give), nil) {
				if m, missing := unpack(cell); missing {
					cell = []byte("(" + m.String() + ")")
				}
				got.Write(append(cell, '|'))
			}
			if got.String() != tt.want {
				t.Errorf("cells = %q\n    want %q", got.String(), tt.want)
			}
		})
	}
}

// The ids of a release are the first 128 bits of HMAC-SHA-256. Expected value from Python 3.11:
// hmac.new(b"key", b"The quick brown fox jumps over the lazy dog", "sha256").hexdigest()[:32].
func TestIDs(t *testing.T) {
	_, q := life(t)
	e := newEncoder(&File{}, false, []byte("key"), func(string) (*layout, error) { return newLayout(&File{}, q), nil })
	id, ok, err := e.read(&surveys.ReleasedResponse{Enrolment: "The quick brown fox jumps over the lazy dog", Questionnaire: q.Hash,
		Answers: `{"life_age":{"missing":"skipped"}}`})
	if want := "\xf7\xbc\x83\xf4\x30\x53\x84\x24\xb1\x32\x98\xe6\xaa\x6f\xb1\x43"; err != nil || string(id) != want {
		t.Errorf("read() = %x, %v, want %x", id, err, want)
	}
	if ok {
		t.Error("a response in which nothing was answered is released")
	}
}

func TestPlanRefusesFreeText(t *testing.T) {
	study, q := life(t)
	study.Release.Items = append(study.Release.Items, "life_note")
	_, err := NewPlan(study, surveys.Live, map[surveys.WaveID]*surveys.Questionnaire{"w": q}, surveys.TeamRelease, false)
	if surveys.KindOf(err) != surveys.Invalid {
		t.Errorf("NewPlan() with a long text = %v, want Invalid", err)
	}
}

func TestPlanRefusesTwoColumnsOfOneName(t *testing.T) {
	study, q := life(t)
	study.Release.Keys = append(study.Release.Keys, surveys.KeyColumn{Name: "life_work"}) // also an item
	_, err := NewPlan(study, surveys.Live, map[surveys.WaveID]*surveys.Questionnaire{"w": q}, surveys.TeamRelease, false)
	if surveys.KindOf(err) != surveys.Invalid || !strings.Contains(err.Error(), "two columns life_work") {
		t.Errorf("NewPlan() with life_work twice = %v, want Invalid", err)
	}
}

// A study that was loaded before there were classes may have a plan that no file could have now.
func TestPlanAsksTheClass(t *testing.T) {
	tests := []struct {
		name string
		give surveys.ReleasePlan
		want string // empty where the plan is in order
	}{
		{"an age as it is", surveys.ReleasePlan{Items: []string{"life_age"}}, "“life_age” is a key"},
		{"an age as sensitive", surveys.ReleasePlan{Sensitive: []string{"life_age"}}, "“life_age” is a key"},
		{"work as it is", surveys.ReleasePlan{Items: []string{"life_work"}}, "“life_work” is a key"},
		{"a text as a key", surveys.ReleasePlan{Keys: []surveys.KeyColumn{{Name: "life_note"}}}, "“life_note” is free text"},
		{"a text called ordinary", surveys.ReleasePlan{Items: []string{"life_note"}, Classes: []surveys.DeclaredClass{ordinary("life_note")}}, "“life_note” is free text"},
		{"a score made from a key", surveys.ReleasePlan{Scales: []surveys.ScaleID{"life_time"}}, "the score “life_time” is made from “life_hours”, which is key"},
		{"a key called sensitive, as it is", surveys.ReleasePlan{Items: []string{"life_age"}, Classes: []surveys.DeclaredClass{{Item: "life_age", Class: surveys.ClassSensitive}}}, "“life_age” is sensitive"},
		{"a key called sensitive", surveys.ReleasePlan{Sensitive: []string{"life_age"}, Classes: []surveys.DeclaredClass{{Item: "life_age", Class: surveys.ClassSensitive}}}, ""},
		{"keys as keys", surveys.ReleasePlan{Keys: []surveys.KeyColumn{{Name: "life_age", Bands: []float64{40}}, {Name: "life_work"}}}, ""},
		{"what is ordinary as a key", surveys.ReleasePlan{Keys: []surveys.KeyColumn{{Name: "life_work"}}, Classes: []surveys.DeclaredClass{ordinary("life_work")}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			study, q := life(t)
			study.Release = tt.give
			_, err := NewPlan(study, surveys.Live, map[surveys.WaveID]*surveys.Questionnaire{"w": q}, surveys.SharedRelease, false)
			if refused := surveys.KindOf(err) == surveys.Invalid; refused != (tt.want != "") || refused && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("NewPlan() = %v, want %q", err, tt.want)
			}
		})
	}
}

// The team gets what nobody has given a class, and not what somebody has called a key.
func TestPlanForTheTeam(t *testing.T) {
	study, q := life(t)
	for _, tt := range []struct {
		classes []surveys.DeclaredClass
		want    surveys.Kind
	}{{nil, 0}, {[]surveys.DeclaredClass{{Item: "life_age", Class: surveys.ClassKey, Reason: "neighbours know it"}}, surveys.Invalid}} {
		study.Release = surveys.ReleasePlan{Items: []string{"life_age"}, Classes: tt.classes}
		_, err := NewPlan(study, surveys.Live, map[surveys.WaveID]*surveys.Questionnaire{"w": q}, surveys.TeamRelease, false)
		if tt.want == 0 && err != nil || tt.want != 0 && surveys.KindOf(err) != tt.want {
			t.Errorf("with the classes %v: %v", tt.classes, err)
		}
	}
}

func TestScoresOfWhatIsSensitive(t *testing.T) {
	study, q := life(t)
	study.Release = surveys.ReleasePlan{Scales: []surveys.ScaleID{"life_time"}, Classes: []surveys.DeclaredClass{{Item: "life_hours", Class: surveys.ClassSensitive}}}
	plan, err := NewPlan(study, surveys.Live, map[surveys.WaveID]*surveys.Questionnaire{"w": q}, surveys.TeamRelease, false)
	if err != nil || plan.Files[0].Columns[len(plan.Files[0].Columns)-1].Class != surveys.ClassSensitive {
		t.Errorf("NewPlan() = %+v, %v, want a sensitive score", plan, err)
	}
}

// Every fact of how answers were collected has a column, and is found by its place among them.
func TestCollectionColumns(t *testing.T) {
	for i, name := range surveys.CollectionNames() {
		if c := paradataColumn(name); c.From != FromMode+From(i) || c.Name != name || c.Type == 0 || c.Label == "" {
			t.Errorf("the column of %s is %+v, want it to be the %d. from %v", name, c, i+1, FromMode)
		}
	}
}
