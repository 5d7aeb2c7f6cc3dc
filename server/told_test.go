package server

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/bulk"
	"wellwave/surveys/store/storetest"
)

// moving is what of a reply is another each time.
var moving = regexp.MustCompile(`"(received_at|sitting|request)":"[^"]*"`)

// TestKeysLearnNothing has somebody answer whether they work, by themselves or in a file of the team, and programs try to find
// out what they said, from what they are refused and what their receipts say. Whatever it was, they hear the same.
func TestKeysLearnNothing(t *testing.T) {
	own, files := storetest.SittingID(900), bulk.Sitting(storetest.Study, storetest.Baseline, "P00001")
	answer := func(p *program, by surveys.Author, sitting string, v float64) {
		t.Helper()
		person, err := p.store.FindEnrolmentByLabel(t.Context(), storetest.Study, "P00001")
		if err != nil {
			t.Fatal(err)
		}
		sub := surveys.Submission{By: by, Basis: surveys.Operator(), Bulk: by.Kind == surveys.ByCommand, Study: storetest.Study, Enrolment: person.ID, Wave: storetest.Baseline, Sitting: sitting,
			Answers: []surveys.ItemAnswer{{Code: "about_work", Value: surveys.Number(v)}}}
		if _, err := p.store.Submit(t.Context(), sub); err != nil {
			t.Fatal(err)
		}
	}
	themselves := func(p *program, v float64) { answer(p, surveys.Themselves(), storetest.SittingID(901), v) }
	file := func(p *program, v float64) {
		answer(p, surveys.Author{Kind: surveys.ByCommand, ID: "team"}, files, v)
	}
	say := func(rest string) string { return `{"participant": "P00001", ` + rest + `}` }
	tests := []struct {
		name  string
		first string // sent before the others answer
		there func(*program, float64)
		then  []string
		path  string
	}{
		{"skip logic, in a sitting of its own", say(`"sitting": "` + own + `", "seq": 1, "finish": false, "answers": {"about_age": 40}`), themselves,
			[]string{say(`"sitting": "` + own + `", "seq": 2, "finish": false, "answers": {"about_hours": 30}`),
				say(`"sitting": "` + own + `", "seq": 2, "finish": false, "answers": {"about_hours": 30}`), // again
				say(`"sitting": "` + own + `", "seq": 3, "answers": {"about_age": 41}`)}, submissions},
		{"skip logic, by a correction", "", themselves, []string{say(`"answers": {"about_hours": 30}`), say(`"answers": {"about_hours": 30}`)}, submissions + "?correct=true"},
		{"what is a repeat of a file", "", file, []string{say(`"finish": false, "answers": {"about_work": 1}`)}, submissions},
		{"the sitting of a file gone on with", "", file, []string{say(`"sitting": "` + files + `", "seq": 2, "finish": false, "answers": {"about_hours": 30}`),
			say(`"sitting": "` + files + `", "seq": 1, "finish": false, "answers": {"about_work": 1}`)}, submissions},
		{"what is a repeat of a file, by a correction", "", file, []string{say(`"finish": false, "answers": {"about_work": 1}`)}, submissions + "?correct=true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var said []string
			for _, v := range []float64{0, 1} {
				p := newProgram(t)
				key := p.submit
				if strings.Contains(tt.path, "correct") {
					key = p.correct
				}
				var replies strings.Builder
				send := func(body string) {
					got := p.send("POST", tt.path, key, "application/json", body)
					replies.WriteString(http.StatusText(got.Code) + " " + moving.ReplaceAllString(got.Body.String(), "…") + "\n")
				}
				if tt.first != "" {
					send(tt.first)
				}
				tt.there(p, v)
				for _, body := range tt.then {
					send(body)
				}
				if stands := p.standing("P00001", "about_work"); stands != surveys.Number(v) && !strings.Contains(tt.path, "correct") {
					t.Errorf("about_work = %v after a key that may submit, want %v as it was", stands, v)
				}
				said = append(said, replies.String())
			}
			if said[0] != said[1] {
				t.Errorf("programs hear\n%sof somebody who works, and\n%sof somebody who does not", said[1], said[0])
			}
		})
	}
}

// What a program sends that does not apply is kept, and changes nothing.
func TestKeysSendWhatDoesNotApply(t *testing.T) {
	p := newProgram(t)
	const asJSON = "application/json"
	if got := p.send("POST", submissions, p.submit, asJSON, `{"participant": "P00001", "answers": {"about_work": 0, "about_hours": 30}}`); got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), "about_hours") {
		t.Errorf("a question that the key's own answer does not lead to: %d %s, want it refused", got.Code, got.Body)
	}
	if got := p.send("POST", submissions, p.submit, asJSON, `{"participant": "P00001", "answers": {"about_work": 0}}`); got.Code != http.StatusCreated || !strings.Contains(got.Body.String(), `"disposition":`) {
		t.Fatalf("answers: %d %s, want them stored", got.Code, got.Body)
	}
	got := p.send("POST", submissions+"?correct=true", p.correct, asJSON, `{"participant": "P00001", "answers": {"about_hours": 30, "about_age": 50}}`)
	if got.Code != http.StatusCreated || !strings.Contains(got.Body.String(), `"verdict":"accepted"`) || strings.Contains(got.Body.String(), "disposition") {
		t.Errorf("a correction of what others answered: %d %s, want it accepted, and no word of what comes of it", got.Code, got.Body)
	}
	if hours, age := p.standing("P00001", "about_hours"), p.standing("P00001", "about_age"); hours.Given() || age != surveys.Number(50) {
		t.Errorf("about_hours = %v and about_age = %v, want the one set aside and the other 50", hours, age)
	}
	if got := p.send("POST", submissions+"?correct=true", p.correct, asJSON, `{"participant": "P00001", "answers": {"about_hours": 30, "about_age": 50}}`); got.Code != http.StatusOK {
		t.Errorf("the correction again: %d %s, want a repeat", got.Code, got.Body)
	}
	if got := p.send("POST", submissions+"?correct=true", p.correct, asJSON, `{"participant": "P00001", "answers": {"about_hours": 30, "about_work": 0}}`); got.Code != http.StatusBadRequest {
		t.Errorf("a correction that contradicts itself: %d %s, want it refused", got.Code, got.Body)
	}
}

// standing returns what stands in an item of somebody's baseline.
func (p *program) standing(person, code string) surveys.Value {
	p.t.Helper()
	enrolment, err := p.store.FindEnrolmentByLabel(p.t.Context(), storetest.Study, person)
	if err != nil {
		p.t.Fatal(err)
	}
	occasion, err := p.store.Occasion(p.t.Context(), enrolment.ID, storetest.Baseline)
	if err != nil {
		p.t.Fatal(err)
	}
	return occasion.Answers.Value(code)
}
