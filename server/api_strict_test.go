package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A scheme is a word in any case, and blanks part it from the key.
func TestAPIKeySchemeInAnyCase(t *testing.T) {
	p := newProgram(t)
	for header, want := range map[string]int{"Bearer ": 200, "bearer ": 200, "BEARER ": 200, "bEaReR    ": 200, " Bearer ": 200, "Basic ": 401, "Bearer": 401, "": 401, "Bearer Bearer ": 401} {
		r := httptest.NewRequest("GET", "/api/v1/studies/trial/monitor", nil)
		r.Header.Set("Authorization", header+p.read)
		w := httptest.NewRecorder()
		p.server.Handler().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("a key behind %q: %d, want %d", header, w.Code, want)
		}
	}
}

// Programs write a byte order mark before JSON.
func TestAPIReadsBehindAMark(t *testing.T) {
	p := newProgram(t)
	if got := p.send("POST", submissions, p.submit, "application/json", "\ufeff"+object(1, 0)); got.Code != http.StatusCreated {
		t.Errorf("an object behind a mark: %d %s", got.Code, got.Body)
	}
	many := "\ufeff" + object(2, 0) + "\r\n\ufeff" + object(3, 0) + "\n"
	got := p.send("POST", submissions, p.submit, "application/x-ndjson", many)
	if got.Code != http.StatusOK || strings.Count(got.Body.String(), `"verdict":"accepted"`) != 2 {
		t.Errorf("lines behind marks: %d %s", got.Code, got.Body)
	}
}

// What would be stored as something else than was sent is refused, with the place.
func TestAPIRefusesWhatWouldChange(t *testing.T) {
	p := newProgram(t)
	put := func(name, value string) string {
		return strings.Replace(object(1, 0), `"mode": "paper"`, `"mode": "paper", "`+name+`": `+value, 1)
	}
	first := func(value string) string { return strings.Replace(object(1, 0), `"mood_1": 2`, `"mood_1": `+value, 1) }
	on := func(day string) string { return strings.Replace(object(1, 0), "2026-02-02", day, 1) }
	tests := []struct{ name, body, wantText string }{
		{"half a character in an answer", first(`"\ud800"`), `half of a surrogate pair`},
		{"the other half", first(`"x\udc00"`), `half of a surrogate pair`},
		{"the halves the wrong way round", first(`"\udc00\ud800"`), `half of a surrogate pair`},
		{"half a character and a letter", first(`"\uD83Dx"`), `half of a surrogate pair`},
		{"half a character behind a stroke", first(`"\\\ud800"`), `half of a surrogate pair`},
		{"half a character in a name", put(`\ud800`, "1"), `half of a surrogate pair`},
		{"half a character in a study number", strings.Replace(object(1, 0), "P00001", `P00001\udfff`, 1), `half of a surrogate pair`},
		{"the day that programs write for none", on("0001-01-01T00:00:00Z"), "the year 1 cannot be meant"},
		{"that day without a time", on("0001-01-01"), "the year 1 cannot be meant"},
		{"a slip of the finger", on("1026-02-02"), "the year 1026 cannot be meant"},
		{"consent of somebody who is enrolled", put("consented_on", `"2026-01-02"`), "consented_on and consent_version are of files that enrol"},
		{"a version of consent", put("consent_version", `"1"`), "consented_on and consent_version are of files that enrol"},
		{"a far day", on("9999-12-31T23:59:59Z"), "which has not come yet"},
		{"a number that would be another", first("9007199254740993"), "the number 9007199254740993 has more digits than can be kept"},
		{"a number with too many digits", first("1.00000000000000000001"), "more digits than can be kept"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := p.send("POST", submissions, p.submit, "application/json", tt.body); got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), strings.ReplaceAll(tt.wantText, `\`, `\\`)) {
				t.Errorf("%s: %d %s, want it refused with %q", tt.body, got.Code, got.Body, tt.wantText)
			}
		})
	}
	whole := strings.Replace(object(1, 0), `"mood_1": 2`, `"mood_1": 2, "note": "\ud83d\ude00 \\ud800"`, 1)
	if got := p.send("POST", submissions, p.submit, "application/json", whole); strings.Contains(got.Body.String(), "surrogate") {
		t.Errorf("a whole pair, and the letters of an escape: %s", got.Body)
	}
}

// Whatever can be fetched can be asked about, and the answer is the same without its body.
func TestHeadWhereGetIs(t *testing.T) {
	p := newProgram(t)
	live := httptest.NewServer(p.server.Handler())
	defer live.Close()
	for _, path := range []string{"/", "/healthz", "/readyz", "/api/v1/openapi.json", "/api/v1/studies/trial/monitor", "/sign-in", "/q/sw.js", "/q/queue", "/staff/thanks", "/nowhere", "/static/participant.css", submissions} {
		var replies [2]*http.Response
		for i, method := range []string{"GET", "HEAD"} {
			r, err := http.NewRequest(method, live.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+p.read)
			if replies[i], err = live.Client().Do(r); err != nil {
				t.Fatal(err)
			}
			_ = replies[i].Body.Close() // nothing of it is read
		}
		if get, head := replies[0], replies[1]; get.StatusCode != head.StatusCode || get.Header.Get("Content-Type") != head.Header.Get("Content-Type") || get.ContentLength != head.ContentLength {
			t.Errorf("%s: HEAD %d %s %d, want as GET %d %s %d", path, head.StatusCode, head.Header.Get("Content-Type"), head.ContentLength,
				get.StatusCode, get.Header.Get("Content-Type"), get.ContentLength)
		}
	}
}

// A client that asks what it may do at an address is told of HEAD, too.
func TestAllowNamesHead(t *testing.T) {
	p := newProgram(t)
	for _, tt := range []struct{ method, path, want string }{{"PUT", "/healthz", "GET, HEAD"}, {"OPTIONS", "/healthz", "GET, HEAD"},
		{"DELETE", "/api/v1/studies/trial/monitor", "GET, HEAD"}, {"POST", "/healthz", "GET, HEAD"}, {"GET", submissions, "POST"}} {
		got := p.send(tt.method, tt.path, p.read, "", "")
		if allow := got.Header().Get("Allow"); !strings.Contains(allow, tt.want) || strings.Contains(allow, "HEAD") != strings.Contains(tt.want, "HEAD") {
			t.Errorf("%s %s: %d, Allow: %q, want %q in it", tt.method, tt.path, got.Code, allow, tt.want)
		}
	}
}
