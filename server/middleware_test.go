package server

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// newLogged returns a server and what it logs.
func newLogged(t *testing.T) (*Server, *bytes.Buffer) {
	t.Helper()
	log := new(bytes.Buffer)
	s, err := New(Config{Store: storetest.New(t), BaseURL: "http://example.com", Logger: slog.New(slog.NewTextHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return s, log
}

func TestSecureServer(t *testing.T) {
	st := storetest.New(t)
	s, err := New(Config{Store: st, BaseURL: "https://example.com"})
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

func TestBodiesAreBounded(t *testing.T) {
	s, _ := newLogged(t)
	large := "email=" + strings.Repeat("x", heldBody)
	for _, length := range []int64{int64(len(large)), -1} { // announced, or only found out
		req := httptest.NewRequest(http.MethodPost, "/sign-in", strings.NewReader(large))
		req.ContentLength = length
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, req)
		if w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("a large form of announced length %d: status %d, want 413", length, w.Code)
		}
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
	s, log := newLogged(t)
	fail := func(err error) route {
		return route{method: get, path: "/fails", who: access.Everybody, handle: func(echo.Context) error { return err }}
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
			log.Reset()
			e := echo.New()
			e.HTTPErrorHandler = s.handleError
			e.Use(requestID, s.observeRequests)
			if err := s.register(e, fail(tt.give)); err != nil {
				t.Fatal(err)
			}
			for _, path := range []string{"/fails"} {
				w := httptest.NewRecorder()
				e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
				body := w.Body.String()
				if w.Code != tt.wantStatus || !strings.Contains(body, tt.wantText) {
					t.Errorf("%s answers %d, want %d with %q:\n%s", path, w.Code, tt.wantStatus, tt.wantText, body)
				}
				if strings.Contains(body, "secret") {
					t.Errorf("the page tells the cause: %s", body)
				}
				if tt.wantStatus >= 500 {
					if !strings.Contains(body, w.Header().Get("X-Request-Id")) {
						t.Errorf("the page lacks the request's id: %s", body)
					}
					if !strings.Contains(log.String(), "secret") {
						t.Errorf("the log lacks the cause: %s", log)
					}
				}
			}
		})
	}
}

// logLine is a line of the log: pairs of key and value, the first of them a time with its offset.
var logLine = regexp.MustCompile(`^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|[+-]\d\d:\d\d) level=(INFO|ERROR) msg="?[a-z ]+"?( [a-z_]+=("(\\.|[^"\\])*"|[^\s"=]+))+\n$`)

// An error with what somebody sent in it stays one line of the log, in which nothing passes for a line of ours.
func TestLogLinesAreNotForged(t *testing.T) {
	s, log := newLogged(t)
	e := echo.New()
	e.HTTPErrorHandler = s.handleError
	e.Use(requestID, s.observeRequests)
	forged := "half\r\ntime=2026-03-01T09:00:00Z level=INFO msg=request route=/sign-in status=200\n\x1b[2J\u2028\u202e"
	if err := s.register(e, route{method: get, path: "/fails", who: access.Everybody, handle: func(echo.Context) error { return errors.New(forged) }}); err != nil {
		t.Fatal(err)
	}
	e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/fails", nil))
	for line := range strings.Lines(log.String()) {
		if !logLine.MatchString(line) || strings.Contains(line, "half") && !strings.Contains(line, "level=ERROR") || strings.HasPrefix(line, "time=2026-03-01T09:00:00Z") {
			t.Errorf("a line of the log is %q", line)
		}
	}
	if strings.Count(log.String(), "\n") != 2 || strings.ContainsAny(log.String(), "\r\x1b\u2028\u202e") {
		t.Errorf("the log is %q, want two lines and nothing that a terminal obeys", log)
	}
}

func TestPanicsBecomeErrors(t *testing.T) {
	s, log := newLogged(t)
	e := echo.New()
	e.HTTPErrorHandler = s.handleError
	e.Use(requestID, s.observeRequests, s.recoverPanics)
	e.GET("/", func(echo.Context) error { panic("oh no") })
	w := httptest.NewRecorder()
	e.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "oh no") {
		t.Errorf("a panic answers %d %s, want 500 without its words", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "oh no") {
		t.Error("the panic is not in the log")
	}
}

func TestNotReadyWithoutADatabase(t *testing.T) {
	st, err := store.Open(t.Context(), store.Options{DSN: storetest.SQLite(t).DSN, Create: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Store: st, BaseURL: "http://example.com"})
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
