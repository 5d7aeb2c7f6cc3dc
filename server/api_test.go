package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// program is a test's other system: it holds keys of the tests' study, in which four people are enrolled.
type program struct {
	t                     *testing.T
	store                 *store.Store
	server                *Server
	submit, read, correct string
}

func newProgram(t *testing.T) *program {
	t.Helper()
	now := storetest.Start
	clock := func() time.Time { return now }
	s := storetest.New(t, storetest.Clock(clock))
	storetest.LoadStudy(t, s)
	storetest.Enrol(t, s, 4)
	srv, err := New(Config{Store: s, BaseURL: "http://example.com", Now: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, store: s, server: srv}
	for scope, into := range map[surveys.KeyScope]*string{surveys.SubmitScope: &p.submit, surveys.ReadScope: &p.read, surveys.CorrectScope: &p.correct} {
		if _, *into, err = s.AddKey(t.Context(), "", storetest.Study, "a test", scope); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

const submissions = "/api/v1/studies/trial/waves/baseline/submissions"

// send sends a body with a key and returns the reply.
func (p *program) send(method, path, key, contentType, body string) *httptest.ResponseRecorder {
	p.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	p.server.Handler().ServeHTTP(w, r)
	return w
}

// object returns a submission of all fourteen items by the n-th participant.
func object(n int, first int) string {
	var answers []string
	for i := 1; i <= 14; i++ {
		answers = append(answers, fmt.Sprintf(`"mood_%d": %d`, i, (first+i)%5+1))
	}
	return fmt.Sprintf(`{"participant": "P%05d", "completed_at": "2026-02-02", "mode": "paper", "answers": {%s}}`, n, strings.Join(answers, ", "))
}

func TestAPISubmitOne(t *testing.T) {
	p := newProgram(t)
	first := p.send("POST", submissions, p.submit, "application/json", object(1, 0))
	var receipt receiptLine
	if err := json.Unmarshal(first.Body.Bytes(), &receipt); err != nil || first.Code != http.StatusCreated {
		t.Fatalf("first: %d %s", first.Code, first.Body)
	}
	if receipt.Verdict != "accepted" || !receipt.Finished || receipt.Repeated || receipt.Disposition != "complete" || len(receipt.Sitting) != 32 {
		t.Errorf("receipt = %+v", receipt)
	}
	again := p.send("POST", submissions, p.submit, "application/json; charset=utf-8", object(1, 0))
	if again.Code != http.StatusOK || !strings.Contains(again.Body.String(), `"repeated":true`) {
		t.Errorf("the same content again: %d %s", again.Code, again.Body)
	}
	other := p.send("POST", submissions, p.submit, "application/json", object(1, 1))
	if other.Code != http.StatusConflict || other.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("other content: %d %s", other.Code, other.Body)
	}
	corrected := p.send("POST", submissions+"?correct=true", p.correct, "application/json", object(1, 1))
	if corrected.Code != http.StatusCreated || !strings.Contains(corrected.Body.String(), `"revision":2`) {
		t.Errorf("corrected: %d %s", corrected.Code, corrected.Body)
	}
}

// revoking is the body of a request under way: its first byte comes once its key has been looked at, and then was revoked.
type revoking struct {
	io.Reader
	revoke func()
}

func (r *revoking) Read(into []byte) (int, error) {
	r.revoke()
	r.revoke = func() {}
	return r.Reader.Read(into)
}

// A request may take minutes. What a key has not stored when it is revoked, it does not store.
func TestAPIRevokedKeyUnderWay(t *testing.T) {
	p := newProgram(t)
	for kind, body := range map[string]string{"application/json": object(1, 0), "application/x-ndjson": object(2, 0) + "\n" + object(3, 0)} {
		key, secret, err := p.store.AddKey(t.Context(), "", storetest.Study, kind, surveys.SubmitScope)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", submissions, &revoking{strings.NewReader(body), func() {
			if err := p.store.RevokeKey(t.Context(), "", key.ID); err != nil {
				t.Error(err)
			}
		}})
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		p.server.Handler().ServeHTTP(w, r)
		if strings.Contains(w.Body.String(), "sitting") || !strings.Contains(w.Body.String(), "was revoked") {
			t.Errorf("%s: %d %s, want nothing stored", kind, w.Code, w.Body)
		}
	}
}

func TestAPIRefusals(t *testing.T) {
	p := newProgram(t)
	const asJSON = "application/json"
	tests := []struct {
		name                   string
		path, key, contentType string
		body                   string
		want                   int
		wantText               string
	}{
		{"no key", submissions, "", asJSON, object(1, 0), 401, "Authorization: Bearer"},
		{"unknown key", submissions, "nonsense", asJSON, object(1, 0), 401, "not known or was revoked"},
		{"key to read", submissions, p.read, asJSON, object(1, 0), 403, "this needs one that may submit"},
		{"another study", "/api/v1/studies/other/waves/baseline/submissions", p.submit, asJSON, object(1, 0), 403, "another study"},
		{"no such wave", "/api/v1/studies/trial/waves/never/submissions", p.submit, asJSON, object(1, 0), 404, "no wave never"},
		{"staff wave", "/api/v1/studies/trial/waves/round-1/submissions", p.submit, asJSON, object(1, 0), 404, "named answers"},
		{"no such participant", submissions, p.submit, asJSON, object(99, 0), 404, "P00099"},
		{"other type", submissions, p.submit, "text/csv", "participant", 415, "could not be read"},
		{"no type", submissions, p.submit, "", object(1, 0), 415, "could not be read"},
		{"not JSON", submissions, p.submit, asJSON, `{"participant"`, 400, "This is not"},
		{"two objects", submissions, p.submit, asJSON, object(1, 0) + object(2, 0), 400, "one object a line"},
		{"unknown part", submissions, p.submit, asJSON, `{"participant": "P00001", "answer": {}}`, 400, "no part of a submission"},
		{"unknown item", submissions, p.submit, asJSON, `{"participant": "P00001", "answers": {"moood_1": 1}}`, 400, "no item"},
		{"true of a scale", submissions, p.submit, asJSON, `{"participant": "P00001", "answers": {"mood_1": true}}`, 400, "yes or no alone"},
		{"an answer twice", submissions, p.submit, asJSON, `{"participant": "P00001", "answers": {"mood_1": 1, "mood_1": 2}}`, 400, "“mood_1” stands twice"},
		{"a part twice", submissions, p.submit, asJSON, `{"participant": "P00001", "Participant": "P00002", "answers": {"mood_1": 1}}`, 400, "stands twice"},
		{"a list", submissions, p.submit, asJSON, `[1]`, 400, "This is a JSON array; write an object"},
		{"a list of answers", submissions, p.submit, asJSON, `{"participant": "P00001", "answers": [1]}`, 400, "“answers” must not be a JSON array"},
		{"no option", submissions, p.submit, asJSON, `{"participant": "P00001", "answers": {"mood_1": 9}}`, 400, `"fields":{"mood_1"`},
		{"no answers", submissions, p.submit, asJSON, `{"participant": "P00001", "answers": {}}`, 400, "no answers"},
		{"other site", submissions, p.submit, asJSON, `{"participant": "P00001", "site": "south", "answers": {"mood_1": 1}}`, 404, "or not at the site"},
		{"sequence alone", submissions, p.submit, asJSON, `{"participant": "P00001", "seq": 2, "answers": {"mood_1": 1}}`, 400, "belongs to a sitting"},
		{"too large for one", submissions, p.submit, asJSON, object(1, 0) + strings.Repeat(" ", maxObject), 413, "larger than"},
		{"too large", submissions, p.submit, asJSON, strings.Repeat(" ", bulkBody+1), 413, "larger than"},
		{"later wave before the baseline's window", "/api/v1/studies/trial/waves/later/submissions", p.submit, asJSON,
			`{"participant": "P00001", "completed_at": "2026-02-02", "answers": {"mood_1": 1}}`, 410, "opens on"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := p.send("POST", tt.path, tt.key, tt.contentType, tt.body)
			if got.Code != tt.want || !strings.Contains(got.Body.String(), tt.wantText) {
				t.Errorf("%d %s, want %d with %q", got.Code, got.Body, tt.want, tt.wantText)
			}
			var problem problem
			if err := json.Unmarshal(got.Body.Bytes(), &problem); err != nil || problem.Status != tt.want || problem.Kind == "" ||
				problem.Title != problemTitles[problem.Kind] || problem.Title == "" {
				t.Errorf("not a problem document: %s", got.Body)
			}
		})
	}
	if err := p.store.SetStudyState(t.Context(), "", storetest.Study, surveys.Ended); err != nil {
		t.Fatal(err)
	}
	if got := p.send("POST", submissions, p.submit, asJSON, object(1, 0)); got.Code != http.StatusGone {
		t.Errorf("a closed study: %d %s, want 410", got.Code, got.Body)
	}
}

// A helper, a place, a language, a mode or an aid that is on no list is refused, and not stored as if it said nothing: answers of
// a proxy who was spelt otherwise would count as the person's own.
func TestAPIRefusesWhatIsOnNoList(t *testing.T) {
	p := newProgram(t)
	for _, fact := range surveys.CollectionNames() {
		for _, word := range []string{"proxie", "pro\u200bxy", "pr\u043exy", "-99"} { // the third has a Cyrillic letter
			object := fmt.Sprintf(`{"participant": "P00001", "%s": "%s", "answers": {"mood_1": 1}}`, fact, word)
			one := p.send("POST", submissions, p.submit, "application/json", object)
			if one.Code != http.StatusBadRequest || !strings.Contains(one.Body.String(), `"fields":{"`+fact+`"`) {
				t.Errorf("%s: %d %s", object, one.Code, one.Body)
			}
			lines := p.send("POST", submissions, p.submit, "application/x-ndjson", object+"\n")
			if !strings.Contains(lines.Body.String(), `"status":400`) || !strings.Contains(lines.Body.String(), fact) {
				t.Errorf("a line %s: %d %s", object, lines.Code, lines.Body)
			}
		}
	}
	if got := p.send("POST", submissions, p.submit, "application/json", `{"participant": "P00001", "helper": " Proxy ", "answers": {"mood_1": 1}}`); got.Code != http.StatusCreated ||
		strings.Contains(got.Body.String(), "complete") {
		t.Errorf("a proxy: %d %s", got.Code, got.Body)
	}
}

// Refused keys are recorded by their id where they have one, and no flood of them fills the audit trail.
func TestAPIRecordsRefusedKeys(t *testing.T) {
	p := newProgram(t)
	for range 40 {
		p.send("GET", "/api/v1/studies/trial/monitor", "made up", "", "")
	}
	p.send("GET", "/api/v1/studies/trial/monitor", p.submit, "", "")
	all, err := p.store.ListAudit(t.Context(), "", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	rows := slices.DeleteFunc(all, func(e surveys.AuditEntry) bool { return e.Action != "key.refuse" })
	if n := len(rows); n < 5 || n > 10 {
		t.Errorf("40 refused keys from one network left %d entries, want some and at most 10", n)
	}
	for _, row := range rows {
		if text := fmt.Sprint(row); strings.Contains(text, "made up") || strings.Contains(text, "192.0.2.1 ") || !strings.Contains(row.Detail, "192.0.2.0/24") {
			t.Errorf("an entry says %q, want the network and no key", text)
		}
	}
}

func TestAPISubmitMany(t *testing.T) {
	p := newProgram(t)
	body := strings.Join([]string{object(1, 0), "", `{"participant": "P00002", "answers": {"mood_1": 9}}`, object(3, 2), object(1, 0), object(9, 0), "nonsense", object(2, 1)}, "\n")
	got := p.send("POST", submissions, p.submit, "application/x-ndjson", body)
	if got.Code != http.StatusOK {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	lines := bytes.Split(bytes.TrimSpace(got.Body.Bytes()), []byte("\n"))
	want := []struct {
		line int
		text string
	}{{1, `"verdict":"accepted"`}, {3, `"status":400`}, {4, `"verdict":"accepted"`}, {5, `"repeated":true`}, {6, `"status":404`}, {7, `"status":400`}, {8, `"verdict":"accepted"`}}
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), got.Body)
	}
	for i, w := range want {
		var reply struct{ Line int }
		if err := json.Unmarshal(lines[i], &reply); err != nil || reply.Line != w.line || !bytes.Contains(lines[i], []byte(w.text)) {
			t.Errorf("line %d of the reply is %s, want line %d with %s", i+1, lines[i], w.line, w.text)
		}
	}
}

func TestAPITooManyLines(t *testing.T) {
	p := newProgram(t)
	got := p.send("POST", submissions, p.submit, "application/x-ndjson", strings.Repeat("{}\n", maxLines+5))
	lines := bytes.Split(bytes.TrimSpace(got.Body.Bytes()), []byte("\n"))
	if len(lines) != maxLines+1 || !bytes.Contains(lines[maxLines], []byte(`"status":413`)) {
		t.Errorf("%d lines, the last %s; want %d and a 413", len(lines), lines[len(lines)-1], maxLines+1)
	}
}

func TestAPIMonitor(t *testing.T) {
	p := newProgram(t)
	got := p.send("GET", "/api/v1/studies/trial/monitor", p.read, "", "")
	var monitor struct {
		Study surveys.StudyID
		Waves []struct{ Wave surveys.WaveID }
	}
	if err := json.Unmarshal(got.Body.Bytes(), &monitor); err != nil || got.Code != http.StatusOK {
		t.Fatalf("status %d, %v, want the monitor as JSON", got.Code, err)
	}
	if len(monitor.Waves) != 2 || monitor.Study != storetest.Study || monitor.Waves[0].Wave != storetest.Baseline || monitor.Waves[1].Wave != storetest.Later {
		t.Errorf("the monitor is of %+v, want both waves of %s", monitor, storetest.Study)
	}
	if got := p.send("GET", "/api/v1/studies/trial/monitor", p.submit, "", ""); got.Code != http.StatusForbidden {
		t.Errorf("with a key to submit: %d, want 403", got.Code)
	}
}

// schema is what the tests read of a JSON schema.
type schema struct {
	Ref        string            `json:"$ref"`
	Required   []string          `json:"required"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Additional any               `json:"additionalProperties"`
}

// TestAPIMonitorSchema holds the reply against the document: every name in it is described and in snake case.
func TestAPIMonitorSchema(t *testing.T) {
	p := newProgram(t)
	var document struct {
		Components struct {
			Schemas map[string]schema `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(openAPI, &document); err != nil {
		t.Fatal(err)
	}
	snake := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	seen := map[string]bool{}
	var check func(at string, value any, s schema)
	check = func(at string, value any, s schema) {
		if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
			seen[name] = true
			s = document.Components.Schemas[name]
		}
		switch value := value.(type) {
		case []any:
			for _, element := range value {
				if s.Items == nil {
					t.Errorf("%s holds a list that is not described", at)
					return
				}
				check(at+"[]", element, *s.Items)
			}
		case map[string]any:
			for name, part := range value {
				if !snake.MatchString(name) {
					t.Errorf("%s.%s is not in snake case", at, name)
				}
				described, ok := s.Properties[name]
				if _, open := s.Additional.(map[string]any); !ok && !open {
					t.Errorf("%s.%s is not described", at, name)
				}
				check(at+"."+name, part, described)
			}
			for _, name := range s.Required {
				if _, ok := value[name]; !ok {
					t.Errorf("%s lacks %s", at, name)
				}
			}
		}
	}
	p.send("POST", submissions, p.submit, "application/json", object(1, 0))
	var reply any
	if err := json.Unmarshal(p.send("GET", "/api/v1/studies/trial/monitor", p.read, "", "").Body.Bytes(), &reply); err != nil {
		t.Fatal(err)
	}
	check("monitor", reply, schema{Ref: "#/components/schemas/Monitor"})
	for _, name := range []string{"WaveMonitor", "Edition", "Row", "Share", "Gap", "Interval", "Curve", "TargetProgress"} {
		if !seen[name] {
			t.Errorf("the reply holds no %s", name)
		}
	}
}

// TestOpenAPI holds the document against the table of routes: every path and method of one is in the other.
func TestOpenAPI(t *testing.T) {
	p := newProgram(t)
	got := p.send("GET", "/api/v1/openapi.json", "", "", "")
	var document struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(got.Body.Bytes(), &document); err != nil || got.Code != http.StatusOK || document.OpenAPI != "3.1.0" {
		t.Fatalf("%d %v", got.Code, err)
	}
	described := map[string]bool{}
	for path, methods := range document.Paths {
		for method := range methods {
			if method != "parameters" {
				described[strings.ToUpper(method)+" "+path] = true
			}
		}
	}
	for _, r := range p.server.routes(Config{}) {
		if !strings.HasPrefix(r.path, "/api/") {
			continue
		}
		parts := strings.Split(r.path, "/")
		for i, part := range parts {
			if name, ok := strings.CutPrefix(part, ":"); ok {
				parts[i] = "{" + name + "}"
			}
		}
		route := r.method + " " + strings.Join(parts, "/")
		if !described[route] {
			t.Errorf("the document lacks %s", route)
		}
		delete(described, route)
	}
	for route := range described {
		t.Errorf("the document describes %s, which is not there", route)
	}
}

// TestOpenAPICodes holds the codes that the document lists against those that can be stored.
func TestOpenAPICodes(t *testing.T) {
	type listed struct {
		Enum        []string `json:"enum"`
		Description string   `json:"description"`
	}
	var document struct {
		Components struct {
			Schemas struct {
				Submission struct {
					Properties map[string]listed `json:"properties"`
				} `json:"Submission"`
				Answer struct {
					OneOf []struct {
						Properties map[string]listed `json:"properties"`
					} `json:"oneOf"`
				} `json:"Answer"`
			} `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(openAPI, &document); err != nil {
		t.Fatal(err)
	}
	codes := func(described []surveys.Choice, first ...string) []string {
		for _, one := range described {
			first = append(first, one.Code)
		}
		return first
	}
	submission := document.Components.Schemas.Submission.Properties
	for name, want := range map[string][]string{"mode": codes(surveys.DescribedModes()), "helper": codes(surveys.DescribedHelpers(), ""),
		"place": codes(surveys.DescribedPlaces(), "")} {
		if got := submission[name].Enum; !slices.Equal(got, want) {
			t.Errorf("%s may be %q, want %q", name, got, want)
		}
	}
	if list := strings.Join(codes(surveys.DescribedAids()), ", ") + "."; !strings.HasSuffix(submission["aids"].Description, list) {
		t.Errorf("aids are described as %q, want %q", submission["aids"].Description, list)
	}
	var missing []string
	for _, reason := range append(surveys.SaidMissing(), surveys.Cleared) {
		missing = append(missing, reason.String())
	}
	answers := document.Components.Schemas.Answer.OneOf
	if got := answers[len(answers)-1].Properties["missing"].Enum; !slices.Equal(got, missing) {
		t.Errorf("missing may be %q, want %q", got, missing)
	}
}
