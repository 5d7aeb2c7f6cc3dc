package server

import (
	"net/http"
	"strings"
	"testing"

	"wellwave/surveys/store/storetest"
)

// A program that may only send answers cannot put others in the place of those that stand, and one that may leaves who it was
// and why in the trail.
func TestOnlyAKeyForItCorrects(t *testing.T) {
	p := newProgram(t)
	const asJSON = "application/json"
	if got := p.send("POST", submissions, p.submit, asJSON, object(1, 0)); got.Code != http.StatusCreated {
		t.Fatalf("the answers: %d %s", got.Code, got.Body)
	}
	corrections := func() (said []string) {
		t.Helper()
		entries, err := p.store.ListAudit(t.Context(), storetest.Study, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Action == "response.correct" {
				said = append(said, e.From.Kind.String()+" "+e.From.ID+": "+e.Detail)
			}
		}
		return said
	}
	for _, kind := range []string{asJSON, "application/x-ndjson"} {
		for name, key := range map[string]string{"a key to submit": p.submit, "a key to read": p.read, "no key": ""} {
			got := p.send("POST", submissions+"?correct=true", key, kind, object(1, 1))
			if got.Code != http.StatusForbidden && got.Code != http.StatusUnauthorized {
				t.Errorf("%s corrects (%s): %d %s", name, kind, got.Code, got.Body)
			}
		}
	}
	if got := p.send("POST", submissions, p.submit, asJSON, object(1, 0)); !strings.Contains(got.Body.String(), `"revision":1`) || corrections() != nil {
		t.Errorf("refused corrections left %s and %q", got.Body, corrections())
	}
	if got := p.send("POST", submissions+"?correct=true&reason=because+of+Mrs+Smith", p.correct, asJSON, object(1, 1)); got.Code != http.StatusBadRequest {
		t.Errorf("a reason of one's own: %d %s", got.Code, got.Body)
	}
	if got := p.send("POST", submissions+"?correct=true&reason=typed", p.correct, asJSON, object(1, 1)); got.Code != http.StatusCreated {
		t.Fatalf("a correction: %d %s", got.Code, got.Body)
	}
	keys, err := p.store.ListKeys(t.Context(), storetest.Study)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if want := "key " + key.ID + ": baseline: 14 replaced, 0 cleared; typed"; key.Scope.String() == "correct" && (len(corrections()) != 1 || corrections()[0] != want) {
			t.Errorf("the trail says %q, want %q", corrections(), want)
		}
	}
}

// What a program is told about somebody's site and arm is nothing: neither where they are, nor that they are anywhere.
func TestRefusalsToAKeyTellNoPlace(t *testing.T) {
	p := newProgram(t)
	refusal := func(person, place string) string {
		t.Helper()
		body := `{"participant": "` + person + `", ` + place + `, "answers": {"mood_1": 1}}`
		got := p.send("POST", submissions, p.submit, "application/json", body)
		if got.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", body, got.Code)
		}
		_, detail, _ := strings.Cut(got.Body.String(), `"detail":`)
		detail, _, _ = strings.Cut(detail, `,"`)
		return strings.ReplaceAll(detail, person, "somebody")
	}
	unknown := refusal("P00099", `"site": "south"`)
	for _, place := range []string{`"site": "south"`, `"arm": "comparison"`, `"site": "nowhere"`} {
		got := refusal("P00001", place)
		if got != unknown || strings.Contains(got, "north") || strings.Contains(got, "intervention") {
			t.Errorf("somebody with %s is refused with %q, want what is said of somebody unknown: %q", place, got, unknown)
		}
	}
}
