package server_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/page"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

func TestHeaders(t *testing.T) {
	b := servertest.NewOffice(t).Client()
	want := map[string]string{
		"Content-Security-Policy":    page.ContentPolicy,
		"Referrer-Policy":            "same-origin",
		"X-Content-Type-Options":     "nosniff",
		"Cache-Control":              "no-store",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Strict-Transport-Security":  "", // over plain http it would lock people out
	}
	for _, path := range []string{"/", "/sign-in", "/nowhere", "/api/v1/nowhere", "/q/none/"} {
		r := b.Get(path)
		for name, value := range want {
			if got := r.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
		if r.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
	}
}

func TestCrossOriginPostsAreRefused(t *testing.T) {
	b := servertest.NewOffice(t).Client()
	tests := []struct {
		name   string
		header string
		value  string
		want   int
	}{
		{"another site", "Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		{"a neighbouring host", "Sec-Fetch-Site", "same-site", http.StatusForbidden},
		{"an old browser on another site", "Origin", "https://evil.example", http.StatusForbidden},
		{"our own page", "Sec-Fetch-Site", "same-origin", http.StatusSeeOther},
		{"our own page behind a proxy", "Origin", "http://study.example.org", http.StatusSeeOther},
		{"a program", "Accept", "*/*", http.StatusSeeOther},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := b.Request(http.MethodPost, "/sign-out", nil)
			req.Header.Set(tt.header, tt.value)
			servertest.WantStatus(t, tt.name, b.Do(req), tt.want)
		})
	}
}

func TestFormsThatCannotBeRead(t *testing.T) {
	r := servertest.NewRoom(t)
	var log bytes.Buffer
	s, err := server.New(server.Config{Store: r.Store, BaseURL: "http://example.com", Now: func() time.Time { return r.Now }, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	account := surveys.NewAccount{Email: "team@example.org", Name: "The team", Role: surveys.Administrator}
	if _, err := r.Store.AddAccount(t.Context(), "", account, servertest.Password); err != nil {
		t.Fatal(err)
	}
	const urlencoded = "application/x-www-form-urlencoded"
	var cookies []*http.Cookie
	send := func(path, kind, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		req.ContentLength = -1 // chunked
		req.Header.Set("Content-Type", kind)
		for _, cookie := range cookies {
			req.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, req)
		return w
	}
	patient := send("/", urlencoded, url.Values{"code": {r.Invite(r.Enrol("P1"), "baseline").Code}}.Encode())
	question := strings.Replace(patient.Header().Get("Location"), "welcome", "2", 1)
	in := send("/sign-in", urlencoded, url.Values{"email": {account.Email}, "password": {servertest.Password}}.Encode())
	cookies = append(in.Result().Cookies(), patient.Result().Cookies()...)
	large := "code=" + strings.Repeat("x", 256<<10)
	tests := []struct {
		name, path, kind, body string
		want                   int
	}{
		{"a broken escape", question, urlencoded, "ease_1=secret%zz", 400},
		{"the same at the sign-in", "/sign-in", urlencoded, "email=secret%zz", 400},
		{"the same with a code", "/", urlencoded, "code=secret%zz", 400},
		{"a study file in a form without files", "/office/load", urlencoded, "source=secret", 400},
		{"parts without an end", "/office/load", "multipart/form-data; boundary=b", "--b\r\nsecret", 400},
		{"parts without a boundary", question, "multipart/form-data", "secret", 400},
		{"a large code", "/", urlencoded, large, 413},
		{"large answers", question, urlencoded, large, 413},
		{"a large study file", "/office/load", "multipart/form-data; boundary=b",
			"--b\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\n" + strings.Repeat("x", 4<<20) + "\r\n--b--\r\n", 413},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := send(tt.path, tt.kind, tt.body)
			if w.Code != tt.want || !strings.Contains(w.Body.String(), "<h1>") {
				t.Errorf("got %d, want a page with %d:\n%s", w.Code, tt.want, servertest.Excerpt(w.Body.String()))
			}
			if strings.Contains(w.Body.String()+log.String(), "secret") {
				t.Errorf("what was typed is on the page or in the log:\n%s", log.String())
			}
		})
	}
}

func TestStaffSurveyLeavesNoTraceInLogAndMetrics(t *testing.T) {
	r := servertest.NewRoomOn(t, func(clock func() time.Time) *store.Store { return servertest.OpenRoomStore(t, clock) })
	var log bytes.Buffer
	s, err := server.New(server.Config{Store: r.Store, BaseURL: "http://example.com", Now: func() time.Time { return r.Now }, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	codes, err := r.Store.MakeStaffCodes(t.Context(), "", "kinds", "round-1", "north", 1)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []*http.Cookie
	ask := func(method, path string, form url.Values, want int) *httptest.ResponseRecorder {
		t.Helper()
		req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.RemoteAddr = "127.0.0.1:1"
		for _, cookie := range cookies {
			req.AddCookie(cookie)
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, req)
		if w.Code != want {
			t.Fatalf("%s %s answers %d, want %d", method, path, w.Code, want)
		}
		return w
	}
	watched := func() string { // all that somebody reads who watches the metrics
		told := ask(http.MethodGet, "/metrics", nil, 200).Body.String()
		return regexp.MustCompile(`(?m)^.*route="/metrics".*\n`).ReplaceAllString(told, "")
	}
	seen := 0
	for range 8 {
		before := watched()
		ask(http.MethodPost, "/", url.Values{"code": {codes[0]}}, 303)
		if watched() != before {
			seen++
		}
	}
	if seen > 2 { // a step of the process may fall in between by chance
		t.Errorf("the metrics show %d of 8 openings of a card", seen)
	}
	log.Reset() // of the readings
	ask(http.MethodGet, "/", nil, 200)
	ask(http.MethodPost, "/", url.Values{"code": {codes[0]}}, 303)
	cookies = ask(http.MethodGet, "/s/"+codes[0], nil, 303).Result().Cookies()
	ask(http.MethodGet, "/staff/", nil, 200)
	page := ask(http.MethodGet, "/staff/survey", nil, 200).Body.String()
	ask(http.MethodPost, "/staff/survey", url.Values{"handle": {servertest.HiddenValue(t, page, "handle")}, "open_1": {"1"}, "open_2": {"2"}}, 303)
	ask(http.MethodGet, "/staff/thanks", nil, 200)
	if log.Len() > 0 {
		t.Errorf("the log says when staff answered:\n%s", log.String())
	}
	if metrics := ask(http.MethodGet, "/metrics", nil, 200).Body.String(); strings.Contains(metrics, "/staff/") || strings.Contains(metrics, "/s/:code") {
		t.Error("the metrics count when staff answered")
	}
	if err := r.Store.Close(); err != nil {
		t.Fatal(err)
	}
	log.Reset()
	failed := ask(http.MethodGet, "/staff/", nil, 500)
	if text := log.String(); !strings.Contains(text, failed.Header().Get("X-Request-Id")) || !strings.Contains(text, "database is closed") || strings.Contains(text, "staff") {
		t.Errorf("a failure is logged as %q, want its cause and id and not the page", text)
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	b := servertest.NewOffice(t).Client()
	for range 60 {
		if r := b.Post("/", url.Values{"code": {"not a code"}}); r.Status != http.StatusNotFound {
			t.Fatalf("an unknown code: status %d, want 404", r.Status)
		}
	}
	r := b.Post("/", url.Values{"code": {"not a code"}})
	servertest.WantStatus(t, "the 61st guess", r, http.StatusTooManyRequests)
	servertest.WantText(t, "the 61st guess", r, "Wait a minute", "Samaritans")
	if r.Header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	servertest.WantStatus(t, "links of the same address", b.Get("/s/ABCDEFGHJK"), http.StatusTooManyRequests)
	servertest.WantStatus(t, "the page itself", b.Get("/"), http.StatusOK)
}

// codeFrom returns a code that looks right and begins as given.
func codeFrom(t *testing.T, beginning string, n int) string {
	t.Helper()
	for _, last := range "23456789ABCDEFGHJKMNPQRTUVWXY" {
		code := fmt.Sprintf("%s%06d%c", beginning, 222222+n%8, last)
		if _, ok := surveys.ReadCode(code); ok {
			return code
		}
	}
	t.Fatal("no character checks the code")
	return ""
}

// Somebody who knows how a code begins gets no further from many addresses than from one.
func TestCodesAreGuardedByHowTheyBegin(t *testing.T) {
	r := servertest.NewRoom(t)
	s, err := server.New(server.Config{Store: r.Store, BaseURL: "http://example.com", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	open := func(code string, n int) int {
		req := httptest.NewRequest(http.MethodGet, "/s/"+code, nil)
		req.RemoteAddr = fmt.Sprintf("192.0.2.%d:4000", n)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, req)
		return w.Code
	}
	for n := range 10 { // one by one
		if got := open(codeFrom(t, "ABC", n), n); got != http.StatusNotFound {
			t.Fatalf("attempt %d: status %d, want 404", n, got)
		}
	}
	var found atomic.Int32
	var wg sync.WaitGroup
	for n := range 90 { // at one moment
		wg.Go(func() {
			if open(codeFrom(t, "ABC", n), n) == http.StatusNotFound {
				found.Add(1)
			}
		})
	}
	wg.Wait()
	if got := found.Load(); got != 23 {
		t.Errorf("%d attempts at one moment were answered, want the 23 that were left of 30, and of 3 before those are counted", got)
	}
	if got := open(codeFrom(t, "ABC", 1), 100); got != http.StatusTooManyRequests {
		t.Errorf("one more attempt from a new address: status %d, want 429", got)
	}
	if got := open(codeFrom(t, "ABD", 1), 100); got != http.StatusNotFound {
		t.Errorf("a code that begins in another way: status %d, want 404", got)
	}
	if got := open(r.Invite(r.Enrol("P1"), "baseline").Link, 101); got != http.StatusSeeOther {
		t.Errorf("a link: status %d, want 303", got)
	}
}

func TestProgramsGetProblems(t *testing.T) {
	r := servertest.NewOffice(t).Client().Get("/api/v1/nowhere")
	servertest.WantStatus(t, "an unknown address", r, http.StatusNotFound)
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q, want application/problem+json", got)
	}
	servertest.WantText(t, "an unknown address", r, `"status":404`, `"kind":"not-found"`, r.Header.Get("X-Request-Id"))
}

func TestHealth(t *testing.T) {
	o := servertest.NewOffice(t)
	b := o.Client()
	servertest.WantText(t, "/healthz", b.Get("/healthz"), "ok")
	servertest.WantText(t, "/readyz", b.Get("/readyz"), "ready")
	b.Get("/q/ABCDEFGHJK/welcome")
	r := b.Get("/metrics")
	servertest.WantText(t, "/metrics", r, `wellwave_requests_total{method="GET",route="/q/:handle/welcome",status="401"} 1`)
	if strings.Contains(r.Body, "ABCDEFGHJK") {
		t.Error("the metrics name a handle")
	}
	if strings.Contains(o.Log.String(), "ABCDEFGHJK") {
		t.Error("the log names a handle")
	}
	for _, tt := range []struct{ remote, header string }{{"203.0.113.9:1", ""}, {"127.0.0.1:1", "X-Forwarded-For"}, {"[::1]:1", "Forwarded"}} {
		req := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		req.RemoteAddr = tt.remote
		if tt.header != "" {
			req.Header.Set(tt.header, "203.0.113.9")
		}
		w := httptest.NewRecorder()
		o.Server.Handler().ServeHTTP(w, req)
		if w.Code != http.StatusNotFound {
			t.Errorf("/metrics from %+v: status %d, want 404", tt, w.Code)
		}
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	b := servertest.NewOffice(t).Client()
	r := b.Do(b.Request(http.MethodHead, "/", nil))
	servertest.WantStatus(t, "HEAD /", r, http.StatusOK)
	if r.Body != "" {
		t.Errorf("HEAD answers a body of %d bytes", len(r.Body))
	}
}
