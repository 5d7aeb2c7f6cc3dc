package server

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

func TestHeaders(t *testing.T) {
	b := newOffice(t).client()
	want := map[string]string{
		"Content-Security-Policy":    contentPolicy,
		"Referrer-Policy":            "same-origin",
		"X-Content-Type-Options":     "nosniff",
		"Cache-Control":              "no-store",
		"Cross-Origin-Opener-Policy": "same-origin",
		"Strict-Transport-Security":  "", // over plain http it would lock people out
	}
	for _, path := range []string{"/", "/sign-in", "/nowhere", "/api/v1/nowhere", "/q/none/"} {
		r := b.get(path)
		for name, value := range want {
			if got := r.header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
		if r.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: no request id", path)
		}
	}
}

func TestSecureServer(t *testing.T) {
	st := storetest.New(t)
	s, err := New(Config{Store: st, BaseURL: "https://study.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/sign-in", nil))
	if w.Header().Get("Strict-Transport-Security") == "" {
		t.Error("https without Strict-Transport-Security")
	}
	if got := s.sessions.Cookie; got.Name != "__Host-ww_account" || !got.Secure || got.Path != "/" || got.Domain != "" {
		t.Errorf("session cookie over https = %+v, want __Host- and Secure, for the host alone", got)
	}
	w = httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, "/?reading", strings.NewReader("read-large=on"))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.Handler().ServeHTTP(w, request)
	set := w.Result().Cookies()
	if len(set) != 1 || set[0].Name != "__Host-ww_reading" || !set[0].Secure || set[0].Path != "/" || set[0].Domain != "" {
		t.Fatalf("how somebody reads over https = %v, want one cookie with __Host- and Secure", set)
	}
	request = httptest.NewRequest(http.MethodGet, "/", nil)
	request.AddCookie(set[0])
	w = httptest.NewRecorder()
	if s.Handler().ServeHTTP(w, request); !strings.Contains(w.Body.String(), "ww-page--large") {
		t.Error("a page over https forgets the large print")
	}
	for _, address := range []string{"", "study.example.org", "ftp://study.example.org", "http://"} {
		if _, err := New(Config{Store: st, BaseURL: address}); surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("New() with the base URL %q = %v, want Invalid", address, err)
		}
	}
}

func TestCrossOriginPostsAreRefused(t *testing.T) {
	b := newOffice(t).client()
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
			req := b.request(http.MethodPost, "/sign-out", nil)
			req.Header.Set(tt.header, tt.value)
			wantStatus(t, tt.name, b.do(req), tt.want)
		})
	}
}

func TestBodiesAreBounded(t *testing.T) {
	o := newOffice(t)
	large := "email=" + strings.Repeat("x", defaultBody)
	for _, length := range []int64{int64(len(large)), -1} { // announced, or only found out
		req := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(large))
		req.ContentLength = length
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		o.srv.Handler().ServeHTTP(w, req)
		if w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("a large form of announced length %d: status %d, want 413", length, w.Code)
		}
	}
}

func TestFormsThatCannotBeRead(t *testing.T) {
	r := newRoom(t)
	var log bytes.Buffer
	s, err := New(Config{Store: r.store, BaseURL: "http://localhost", Now: func() time.Time { return r.now }, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	account := surveys.NewAccount{Email: "team@example.org", Name: "The team", Role: surveys.Administrator}
	if _, err := r.store.AddAccount(t.Context(), "", account, testPassword); err != nil {
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
	patient := send("/", urlencoded, url.Values{"code": {r.invite(r.enrol("P1"), "baseline").Code}}.Encode())
	question := strings.Replace(patient.Header().Get("Location"), "welcome", "2", 1)
	in := send("/sign-in", urlencoded, url.Values{"email": {account.Email}, "password": {testPassword}}.Encode())
	cookies = append(in.Result().Cookies(), patient.Result().Cookies()...)
	large := "code=" + strings.Repeat("x", defaultBody)
	tests := []struct {
		name, path, kind, body string
		want                   int
	}{
		{"an escape that is none", question, urlencoded, "ease_1=secret%zz", 400},
		{"the same at the sign-in", "/sign-in", urlencoded, "email=secret%zz", 400},
		{"the same with a code", "/", urlencoded, "code=secret%zz", 400},
		{"a study file in a form without files", "/office/load", urlencoded, "source=secret", 400},
		{"parts without an end", "/office/load", "multipart/form-data; boundary=b", "--b\r\nsecret", 400},
		{"parts without a boundary", question, "multipart/form-data", "secret", 400},
		{"a large code", "/", urlencoded, large, 413},
		{"large answers", question, urlencoded, large, 413},
		{"a large study file", "/office/load", "multipart/form-data; boundary=b",
			"--b\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\n" + strings.Repeat("x", fileBody) + "\r\n--b--\r\n", 413},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := send(tt.path, tt.kind, tt.body)
			if w.Code != tt.want || !strings.Contains(w.Body.String(), "<h1>") {
				t.Errorf("got %d, want a page with %d:\n%s", w.Code, tt.want, excerpt(w.Body.String()))
			}
			if strings.Contains(w.Body.String()+log.String(), "secret") {
				t.Errorf("what was typed is on the page or in the log:\n%s", log.String())
			}
		})
	}
}

func TestStaffSurveyLeavesNoTraceInLogAndMetrics(t *testing.T) {
	r := newRoomOn(t, func(clock func() time.Time) *store.Store { return openRoomStore(t, clock) })
	var log bytes.Buffer
	s, err := New(Config{Store: r.store, BaseURL: "http://localhost", Now: func() time.Time { return r.now }, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	codes, err := r.store.MakeStaffCodes(t.Context(), "", "kinds", "round-1", "north", 1)
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
	ask(get, "/", nil, 200)
	ask(post, "/", url.Values{"code": {codes[0]}}, 303)
	cookies = ask(get, "/s/"+codes[0], nil, 303).Result().Cookies()
	ask(get, "/staff/", nil, 200)
	page := ask(get, "/staff/survey", nil, 200).Body.String()
	ask(post, "/staff/survey", url.Values{"handle": {hiddenValue(t, page, "handle")}, "open_1": {"1"}, "open_2": {"2"}}, 303)
	ask(get, "/staff/thanks", nil, 200)
	if log.Len() > 0 {
		t.Errorf("the log says when staff answered:\n%s", log.String())
	}
	if metrics := ask(get, "/metrics", nil, 200).Body.String(); strings.Contains(metrics, "/staff/") || strings.Contains(metrics, "/s/:code") {
		t.Error("the metrics count when staff answered")
	}
	if err := r.store.Close(); err != nil {
		t.Fatal(err)
	}
	log.Reset()
	failed := ask(get, "/staff/", nil, 500)
	if text := log.String(); !strings.Contains(text, failed.Header().Get("X-Request-Id")) || !strings.Contains(text, "database is closed") || strings.Contains(text, "staff") {
		t.Errorf("a failure is logged as %q, want its cause and id and not the page", text)
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	b := newOffice(t).client()
	for range 60 {
		if r := b.post("/", url.Values{"code": {"ABC-DEF-GHJK"}}); r.status != http.StatusNotFound {
			t.Fatalf("an unknown code: status %d, want 404", r.status)
		}
	}
	r := b.post("/", url.Values{"code": {"ABC-DEF-GHJK"}})
	wantStatus(t, "the 61st guess", r, http.StatusTooManyRequests)
	wantText(t, "the 61st guess", r, "Wait a minute", "Samaritans")
	if r.header.Get("Retry-After") == "" {
		t.Error("429 without Retry-After")
	}
	wantStatus(t, "links of the same address", b.get("/s/ABCDEFGHJK"), http.StatusTooManyRequests)
	wantStatus(t, "the page itself", b.get("/"), http.StatusOK)
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

// Whoever knows how a code begins gets no further from many addresses than from one.
func TestCodesAreGuardedByHowTheyBegin(t *testing.T) {
	r := newRoom(t)
	s, err := New(Config{Store: r.store, BaseURL: "http://localhost", Logger: slog.New(slog.DiscardHandler)})
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
	for n := range 10 { // one after the other
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
	if got := found.Load(); got != 20 {
		t.Errorf("%d attempts at one moment were answered, want the 20 that were left", got)
	}
	if got := open(codeFrom(t, "ABC", 1), 100); got != http.StatusTooManyRequests {
		t.Errorf("one more attempt from a new address: status %d, want 429", got)
	}
	if got := open(codeFrom(t, "ABD", 1), 100); got != http.StatusNotFound {
		t.Errorf("a code that begins in another way: status %d, want 404", got)
	}
	if got := open(r.invite(r.enrol("P1"), "baseline").Link, 101); got != http.StatusSeeOther {
		t.Errorf("a link: status %d, want 303", got)
	}
}

func TestAddresses(t *testing.T) {
	tests := []struct {
		name, remote, forwarded string
		proxies                 []netip.Prefix
		want                    string
	}{
		{"no proxy", "203.0.113.9:5000", "198.51.100.1", nil, "203.0.113.9"},
		{"our proxy", "10.0.0.2:5000", "198.51.100.1", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "198.51.100.1"},
		{"a made-up header before our proxy's", "10.0.0.2:5000", "1.1.1.1, 198.51.100.1", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "198.51.100.1"},
		{"somebody else's proxy", "203.0.113.9:5000", "198.51.100.1", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "203.0.113.9"},
		{"this machine, not named as a proxy", "127.0.0.1:5000", "198.51.100.1", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "127.0.0.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = tt.remote
			r.Header.Set("X-Forwarded-For", tt.forwarded)
			if got := addressExtractor(tt.proxies)(r); got != tt.want {
				t.Errorf("address = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestErrorsTellNoSecrets(t *testing.T) {
	o := newOffice(t)
	fail := func(err error) route {
		return route{method: get, path: "/fails", who: everybody, handle: func(echo.Context) error { return err }}
	}
	tests := []struct {
		name       string
		give       error
		wantStatus int
		wantText   string
	}{
		{"ours", fmt.Errorf("open account: %w", errors.New("dial 10.0.0.9: secret")), 500, "Something went wrong on our side"},
		{"refused by the engine", surveys.Refuse(surveys.Conflict, "this is already there", errors.New("UNIQUE secret")), 409, "This is already there."},
		{"disk full", surveys.Refuse(surveys.Unavailable, "please try again", errors.New("disk secret")), 503, "Please try again."},
		{"closed", surveys.Errorf(surveys.Closed, "the wave has closed"), 410, "The wave has closed."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o.log.Reset()
			e := echo.New()
			e.HTTPErrorHandler = o.srv.handleError
			e.Use(requestID, o.srv.observeRequests)
			if err := o.srv.register(e, fail(tt.give)); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{"/fails"} {
				w := httptest.NewRecorder()
				e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				r := reply{w.Code, w.Header(), w.Body.String()}
				wantStatus(t, path, r, tt.wantStatus)
				wantText(t, path, r, tt.wantText)
				if strings.Contains(r.body, "secret") {
					t.Errorf("the page tells the cause: %s", r.body)
				}
				if tt.wantStatus >= 500 {
					wantText(t, path, r, w.Header().Get("X-Request-Id"))
					if !strings.Contains(o.log.String(), "secret") {
						t.Errorf("the log lacks the cause: %s", o.log)
					}
				}
			}
		})
	}
}

func TestPanicsBecomeErrors(t *testing.T) {
	o := newOffice(t)
	e := echo.New()
	e.HTTPErrorHandler = o.srv.handleError
	e.Use(requestID, o.srv.observeRequests, o.srv.recoverPanics)
	e.GET("/", func(echo.Context) error { panic("oh no") })
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "oh no") {
		t.Errorf("a panic answers %d %s, want 500 without its words", w.Code, w.Body)
	}
	if !strings.Contains(o.log.String(), "oh no") {
		t.Error("the panic is not in the log")
	}
}

func TestProgramsGetProblems(t *testing.T) {
	r := newOffice(t).client().get("/api/v1/nowhere")
	wantStatus(t, "an unknown address", r, http.StatusNotFound)
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q, want application/problem+json", got)
	}
	wantText(t, "an unknown address", r, `"status":404`, `"kind":"not-found"`, r.header.Get("X-Request-Id"))
}

func TestHealth(t *testing.T) {
	o := newOffice(t)
	b := o.client()
	wantText(t, "/healthz", b.get("/healthz"), "ok")
	wantText(t, "/readyz", b.get("/readyz"), "ready")
	b.get("/q/ABCDEFGHJK/welcome")
	r := b.get("/metrics")
	wantText(t, "/metrics", r, `wellwave_requests_total{method="GET",route="/q/:handle/welcome",status="401"} 1`)
	if strings.Contains(r.body, "ABCDEFGHJK") {
		t.Error("the metrics name a handle")
	}
	if strings.Contains(o.log.String(), "ABCDEFGHJK") {
		t.Error("the log names a handle")
	}
	for _, tt := range []struct{ remote, header string }{{"203.0.113.9:1", ""}, {"127.0.0.1:1", "X-Forwarded-For"}, {"[::1]:1", "Forwarded"}} {
		req := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		req.RemoteAddr = tt.remote
		if tt.header != "" {
			req.Header.Set(tt.header, "203.0.113.9")
		}
		w := httptest.NewRecorder()
		o.srv.Handler().ServeHTTP(w, req)
		if w.Code != http.StatusNotFound {
			t.Errorf("/metrics from %+v: status %d, want 404", tt, w.Code)
		}
	}
}

func TestNotReadyWithoutADatabase(t *testing.T) {
	st, err := store.Open(t.Context(), store.Options{DSN: storetest.SQLite(t).DSN, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Store: st, BaseURL: "http://localhost"})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/readyz": http.StatusServiceUnavailable, "/healthz": http.StatusOK} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want {
			t.Errorf("%s = %d, want %d", path, w.Code, want)
		}
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	b := newOffice(t).client()
	r := b.do(b.request(http.MethodHead, "/", nil))
	wantStatus(t, "HEAD /", r, http.StatusOK)
	if r.body != "" {
		t.Errorf("HEAD answers a body of %d bytes", len(r.body))
	}
}

func TestOwnPath(t *testing.T) {
	for give, want := range map[string]string{
		"/office": "/office", "/desk?x=1": "/desk?x=1", "": "", "office": "", "//evil.example": "", "/\\evil.example": "",
		"https://evil.example/": "", "/\tevil": "", "javascript:alert(1)": "",
	} {
		if got := ownPath(give); got != want {
			t.Errorf("ownPath(%q) = %q, want %q", give, got, want)
		}
	}
}
