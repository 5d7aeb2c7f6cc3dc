package storetest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/storetest"
)

// TestDump reads the database of a store that is open, in a folder whose name means something in a URI.
func TestDump(t *testing.T) {
	path := filepath.Join(t.TempDir(), "50% of #1?", "wellwave.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	now := storetest.Start
	s := storetest.Database{DSN: "sqlite:" + path}.Open(t, storetest.Clock(func() time.Time { return now }))
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadSafety(t, s, definitions)
	people := storetest.Enrol(t, s, 2)
	for i, person := range people {
		now = storetest.Start.Add(time.Duration(i) * time.Hour)
		sub := surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: person, Wave: storetest.Baseline, Sitting: storetest.SittingID(i + 1), Seq: 1,
			Answers: []surveys.ItemAnswer{{Code: "phq9_9", Value: surveys.Number(2)}},
			How:     surveys.Collection{Mode: surveys.Web, Language: "en", Helper: "family"}}
		if _, err := s.Submit(t.Context(), sub); err != nil {
			t.Fatal(err)
		}
	}

	tests := []struct {
		name  string
		since time.Time
		want  string
	}{
		{"all", time.Time{}, "P00001 P00002"},
		{"what came last", storetest.Start.Add(time.Hour), "P00002"},
		{"nothing", storetest.Start.Add(2 * time.Hour), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got struct {
				Responses []struct {
					Label, Helper string
					Answers       map[string]float64
				}
				Submissions []struct {
					Label, Verdict string
					Content        struct{ Answers map[string]float64 }
				}
				Alerts []struct{ Label, Item string }
			}
			var b bytes.Buffer
			if err := storetest.Dump(t.Context(), path, tt.since.UnixMilli(), &b); err != nil {
				t.Fatalf("Dump() = %v", err)
			}
			if err := json.Unmarshal(b.Bytes(), &got); err != nil {
				t.Fatalf("Dump() wrote no JSON: %v\n%s", err, &b)
			}
			var responses, submissions, alerts []string
			for _, r := range got.Responses {
				if r.Helper != "family" || r.Answers["phq9_9"] != 2 {
					t.Errorf("response %+v", r)
				}
				responses = append(responses, r.Label)
			}
			for _, s := range got.Submissions {
				if s.Verdict != "accepted" || s.Content.Answers["phq9_9"] != 2 {
					t.Errorf("submission %+v", s)
				}
				submissions = append(submissions, s.Label)
			}
			for _, a := range got.Alerts {
				alerts = append(alerts, a.Label)
			}
			for _, labels := range [][]string{responses, submissions, alerts} {
				if joined := strings.Join(labels, " "); joined != tt.want {
					t.Errorf("Dump(since %v) = %q, want %q\n%s", tt.since, joined, tt.want, &b)
				}
			}
		})
	}
}

// TestDumpMakesNothing holds it to reading.
func TestDumpMakesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wellwave.db")
	if err := storetest.Dump(t.Context(), path, 0, new(bytes.Buffer)); err == nil {
		t.Error("Dump() of no file = nil, want an error")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("Dump() made a file: %v", err)
	}
}
