package bulk

import (
	"testing"
	"time"

	"wellwave/surveys"
)

// questionnaire asks one question.
func questionnaire(t *testing.T) *surveys.Questionnaire {
	t.Helper()
	instrument, err := surveys.ParseInstrument("short.yaml", []byte(`
id: short
version: "1"
title: Short
citation: Made for this test.
licence: {holder: wellwave, wording: own}
items:
  - {code: w_1, kind: likert, options: [0, 1, 2, 3, 4]}
scales: []
`))
	if err != nil {
		t.Fatal(err)
	}
	q, err := surveys.NewQuestionnaire("trial", "baseline", []*surveys.Instrument{instrument}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// What is wrong with the facts of a row is told where it stands.
func TestFacts(t *testing.T) {
	q := questionnaire(t)
	tests := []struct {
		name, give string
		want       surveys.Collection
		wantError  string
	}{
		{"all of them", `{"participant":"P1","mode":"paper","language":"en","helper":"family","place":"home","aids":"listened large-print","answers":{"w_1":1}}`,
			surveys.Collection{Mode: surveys.Paper, Language: "en", Helper: "family", Place: "home", Aids: "large-print listened"}, ""},
		{"a helper in capitals", `{"participant":"P1","helper":"Proxy","answers":{"w_1":1}}`, surveys.Collection{Mode: surveys.Bulk, Helper: surveys.ProxyHelper}, ""},
		{"a place in capitals", `{"participant":"P1","place":"Elsewhere","answers":{"w_1":1}}`, surveys.Collection{Mode: surveys.Bulk, Place: surveys.Elsewhere}, ""},
		{"a helper that is none", `{"participant":"P1","helper":"Mrs-Brown","answers":{"w_1":1}}`, surveys.Collection{},
			"line 4, column helper: “mrs-brown” is nobody who helps: write family, staff, interpreter, links-practitioner, interviewer or proxy, or nothing where nobody helped"},
		{"a place that is none", `{"participant":"P1","place":"Elm-Street","answers":{"w_1":1}}`, surveys.Collection{},
			"line 4, column place: “elm-street” is not a place: write home, practice or elsewhere, or nothing where it is not known"},
		{"a mode that is none", `{"participant":"P1","mode":"fax","answers":{"w_1":1}}`, surveys.Collection{},
			"line 4, column mode: “fax” is not a mode: write web, kiosk, paper, telephone or bulk"},
		{"an aid that is none", `{"participant":"P1","aids":"large-print telescope","answers":{"w_1":1}}`, surveys.Collection{},
			"line 4, column aids: “telescope” is no aid to reading: write easy-read, large-print or listened, parted by blanks"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			row, err := ParseObject([]byte(tt.give), 4, q, time.UTC)
			switch {
			case tt.wantError != "":
				if err == nil || err.Error() != tt.wantError {
					t.Errorf("ParseObject() = %v, want %s", err, tt.wantError)
				}
			case err != nil || row.How != tt.want:
				t.Errorf("ParseObject() = %+v, %v, want %+v", row.How, err, tt.want)
			}
		})
	}
}
