package server_test

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wellwave/server"
	"wellwave/server/page"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// TestEveryReplySaysWhatItIs asks for every line of the table, a change always from another site's page, and for what is not
// there. Every reply says what a browser may do with it, and what it is; none is for scripts of another origin.
func TestEveryReplySaysWhatItIs(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	person := storetest.Enrol(t, o.Store, 1)[0]
	b := o.As(surveys.Administrator)
	fill := strings.NewReplacer(":study", string(storetest.Study), ":site", "north", ":enrolment", string(person), ":wave", string(storetest.Baseline),
		":file", "en.pdf", ":mode", "paper", ":state", "closed", ":number", "1", ":name", "participant.css").Replace
	ask := func(method, path string) servertest.Reply {
		t.Helper()
		request := b.Request(method, path, nil)
		request.Header.Set("Origin", "https://evil.example")
		if method != http.MethodGet {
			request.Header.Set("Sec-Fetch-Site", "cross-site")
		}
		got := b.Do(request)
		what := method + " " + path
		if got.Status >= 500 && got.Status != http.StatusNotImplemented {
			t.Errorf("%s: status %d", what, got.Status)
		}
		for name, want := range page.Headers {
			if value := got.Header.Get(name); value != want && (name != "Cache-Control" || !strings.HasPrefix(path, "/static/") && path != "/q/sw.js" && path != "/api/v1/openapi.json") {
				t.Errorf("%s: %s is %q, want %q", what, name, value, want)
			}
		}
		if value := got.Header.Get("Access-Control-Allow-Origin"); value != "" {
			t.Errorf("%s: scripts of %q may read it", what, value)
		}
		checkKind(t, what, got)
		return got
	}
	for _, line := range o.Server.Table() {
		if line.Path == "/sign-out" {
			continue
		}
		got := ask(line.Method, fill(line.Path))
		if len(line.Roles) > 0 && strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") && got.Status == http.StatusOK && !strings.Contains(got.Body, `action="/sign-out"`) {
			t.Errorf("%s %s: the page has no way to sign out", line.Method, line.Path)
		}
	}
	for _, path := range []string{"/nowhere", "/static/", "/static/bar/", "/static/..%2fgo.mod", "/static/%2e%2e/go.mod", "/.git/config", "/wellwave.db", "/debug/pprof/", "/api/v1/nowhere"} {
		servertest.WantStatus(t, path, ask(http.MethodGet, path), http.StatusNotFound)
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect, "DEBUG"} {
		request := b.Request(method, "/office", nil)
		request.Header.Set("X-Secret", "come back")
		want := http.StatusMethodNotAllowed
		if method == http.MethodOptions {
			want = http.StatusNoContent // which says what may be asked
		}
		if got := b.Do(request); got.Status != want || strings.Contains(got.Body, "come back") {
			t.Errorf("%s: status %d, want %d and nothing of the request", method, got.Status, want)
		}
	}
}

// checkKind compares what a reply is said to be with what it is.
func checkKind(t *testing.T, what string, got servertest.Reply) {
	t.Helper()
	if got.Body == "" {
		return
	}
	kind, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil {
		t.Errorf("%s: content type %q: %v", what, got.Header.Get("Content-Type"), err)
		return
	}
	if strings.HasPrefix(kind, "text/") && !strings.EqualFold(parameters["charset"], "utf-8") {
		t.Errorf("%s: %s in %q, want UTF-8", what, kind, parameters["charset"])
	}
	is := map[string]bool{"text/html": strings.HasPrefix(got.Body, "<!DOCTYPE html>"), "application/pdf": strings.HasPrefix(got.Body, "%PDF-"),
		"application/json": json.Valid([]byte(got.Body)), "application/problem+json": json.Valid([]byte(got.Body)), "application/zip": strings.HasPrefix(got.Body, "PK")}
	for name, fits := range is {
		if fits != (kind == name) && !strings.HasSuffix(kind, "json") {
			t.Errorf("%s: said to be %s, and is it %s: %v", what, kind, name, fits)
		}
		if kind == name && !fits {
			t.Errorf("%s: said to be %s and is not", what, kind)
		}
	}
}

// TestContentPolicy reads the policy as a browser does: scripts come from here alone and none stands in a page, plug-ins and
// frames from nowhere, and no page sends its forms elsewhere.
func TestContentPolicy(t *testing.T) {
	policy := make(map[string]string)
	for _, directive := range strings.Split(page.ContentPolicy, ";") {
		name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
		policy[name] = sources
	}
	for name, want := range map[string]string{"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "worker-src": "'self'",
		"base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self'"} {
		if policy[name] != want {
			t.Errorf("%s is %q, want %q", name, policy[name], want)
		}
	}
	for _, name := range []string{"object-src", "frame-src", "child-src", "script-src-elem", "script-src-attr", "media-src"} { // default-src and script-src stand for these
		if value, given := policy[name]; given && value != "'none'" {
			t.Errorf("%s is %q", name, value)
		}
	}
	if strings.Contains(page.ContentPolicy, "unsafe-") || strings.Contains(page.ContentPolicy, "*") {
		t.Errorf("the policy is %q", page.ContentPolicy)
	}
}

// httpsVisitor is a browser at a server that people reach over https. It keeps cookies, and what was set.
type httpsVisitor struct {
	t       *testing.T
	handler http.Handler
	cookies map[string]*http.Cookie
}

func (v *httpsVisitor) ask(method, path string, form url.Values, want int) *httptest.ResponseRecorder {
	v.t.Helper()
	request := httptest.NewRequest(method, "https://study.example.org"+path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, cookie := range v.cookies {
		request.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, request)
	if w.Code != want {
		v.t.Fatalf("%s %s: status %d, want %d\n%s", method, path, w.Code, want, servertest.Excerpt(w.Body.String()))
	}
	for _, cookie := range w.Result().Cookies() {
		if cookie.MaxAge < 0 {
			delete(v.cookies, cookie.Name)
			continue
		}
		if !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
			v.t.Errorf("%s %s sets %v, want it for this host alone, over https, out of the reach of scripts and other sites", method, path, cookie)
		}
		if strings.Contains(w.Body.String(), cookie.Value) && len(cookie.Value) > 20 {
			v.t.Errorf("%s %s: what is in the cookie %s stands on the page, too", method, path, cookie.Name)
		}
		v.cookies[cookie.Name] = cookie
	}
	return w
}

// TestCookiesOverHTTPS gets every cookie that the server sets, over https. A copy of one opens nothing once somebody has signed out.
func TestCookiesOverHTTPS(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	invited, err := o.Store.Invite(t.Context(), "", storetest.Enrol(t, o.Store, 1)[0], storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	account := o.Account(surveys.Practice)
	s, err := server.New(server.Config{Store: o.Store, BaseURL: "https://study.example.org", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	v := &httpsVisitor{t, s.Handler(), make(map[string]*http.Cookie)}
	v.ask("GET", "/s/"+invited.Link, nil, http.StatusSeeOther)
	v.ask("POST", "/?reading", url.Values{"read-large": {"on"}}, http.StatusSeeOther)
	seen := v.names()
	signIn := url.Values{"email": {account.Email}, "password": {servertest.Password}}
	v.ask("POST", "/sign-in", signIn, http.StatusSeeOther)
	v.ask("GET", "/desk/sites/trial/north", nil, http.StatusOK)
	session := v.cookies["__Host-ww_account"]
	copied := &httpsVisitor{t, s.Handler(), map[string]*http.Cookie{session.Name: session}}
	copied.ask("GET", "/desk/sites/trial/north", nil, http.StatusOK)
	if len(session.Value) < 22 { // 128 bits, six a letter
		t.Errorf("the token of a session has %d letters", len(session.Value))
	}
	v.ask("POST", "/sign-out", nil, http.StatusSeeOther)
	copied.ask("GET", "/desk/sites/trial/north", nil, http.StatusSeeOther)
	v.ask("POST", "/sign-in", signIn, http.StatusSeeOther)
	if v.cookies["__Host-ww_account"].Value == session.Value {
		t.Error("the next sign-in has the same token")
	}
	seen = append(seen, v.names()...)
	v.ask("POST", "/desk/sites/trial/north/kiosks", url.Values{"name": {"Desk"}, "pin": {servertest.PIN}}, http.StatusSeeOther)
	seen = append(seen, v.names()...)
	for _, name := range []string{"account", "known", "link", "kiosk", "reading"} {
		if !slices.Contains(seen, "__Host-ww_"+name) {
			t.Errorf("the cookie of %s was not set, so nothing is known of it", name)
		}
	}
}

func (v *httpsVisitor) names() (names []string) {
	for name := range v.cookies {
		names = append(names, name)
	}
	return names
}

// TestAddressesFillNoForms puts what belongs into a form into the address, beside a form and in place of one.
func TestAddressesFillNoForms(t *testing.T) {
	o := servertest.NewOffice(t)
	account := o.Account(surveys.Researcher)
	signIn := url.Values{"email": {account.Email}, "password": {servertest.Password}}
	b := o.Client()
	servertest.WantStatus(t, "all in the address", b.Post("/sign-in?"+signIn.Encode(), nil), http.StatusBadRequest)
	servertest.WantStatus(t, "the password in the address", b.Post("/sign-in?"+signIn.Encode(), url.Values{"email": {account.Email}}), http.StatusBadRequest)
	servertest.WantStatus(t, "another account in the address", b.Post("/sign-in?email=nobody@example.org", signIn), http.StatusSeeOther)
	servertest.WantText(t, "who is signed in", b.Get("/account"), account.Name)
}

// TestMessagesHaveOneEnd sends requests that say twice where they end. Either they are refused, or what comes after is read as
// net/http reads it: nothing of a body is ever taken for a request.
func TestMessagesHaveOneEnd(t *testing.T) {
	o := servertest.NewOffice(t)
	const smuggled = "GET /healthz HTTP/1.1\r\nHost: study.example.org\r\n\r\n"
	for name, headers := range map[string]string{
		"two lengths":                      fmt.Sprintf("Content-Length: 5\r\nContent-Length: %d\r\n\r\ncode=%s", 5+len(smuggled), smuggled),
		"a length that is no number":       "Content-Length: +5\r\n\r\ncode=" + smuggled,
		"an encoding that nobody knows":    "Transfer-Encoding: xchunked\r\n\r\n" + smuggled,
		"two encodings":                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + smuggled,
		"chunks that are broken":           "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + smuggled,
		"a length beside chunks that hold": fmt.Sprintf("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(smuggled), smuggled),
	} {
		conn, err := net.Dial("tcp", o.HTTP.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: study.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"+headers); err != nil {
			t.Fatal(err)
		}
		if half, ok := conn.(*net.TCPConn); ok {
			_ = half.CloseWrite() // all was sent
		}
		replies := bufio.NewReader(conn)
		for {
			reply, err := http.ReadResponse(replies, nil)
			if err != nil {
				break // the server has closed the connection
			}
			body, _ := io.ReadAll(reply.Body) // cut or not, it tells whose it is
			if reply.StatusCode == http.StatusOK && strings.Contains(string(body), "ok") {
				t.Errorf("%s: what stood in the body was answered", name)
			}
		}
		_ = conn.Close()
	}
}

// cookieByGet are the addresses at which asking may set a cookie, and why.
var cookieByGet = map[string]string{
	"/s/:code":   "a link is what somebody has to open their questionnaire, also without a form",
	"/s/:code/*": "the same link, as a message mangled it",
	// The session's cookie comes again, as it was.
	"/account/second-step": "the session keeps what a passkey is asked, until it answers",
	"/confirm":             "the same",
	"/entry":               "the session forgets what was entered, once it was said",
}

// TestAskingChangesNothing has another site's page, and then a page of ours, lead browsers of everybody who may to every line of
// the table that is a GET, and compares the databases before and after. When somebody was here last is written down, what their
// session holds, and a secret that becomes a second step only once they prove that they have it; nothing else is. No cookie is
// set or taken away either, but where a link is opened.
func TestAskingChangesNothing(t *testing.T) {
	o := servertest.NewOffice(t)
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 2)
	invited, err := o.Store.Invite(t.Context(), "", people[0], storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer(":study", string(storetest.Study), ":site", "north", ":enrolment", string(people[1]), ":wave", string(storetest.Baseline), ":code", invited.Link,
		":file", "en.pdf", ":mode", "paper", ":state", "closed", ":number", "1", ":change", "disable", ":account", string(o.Account(surveys.Auditor).ID)).Replace
	participant, keeper := o.Client(), o.Account(surveys.Practice)
	visitors := map[surveys.Role]*servertest.Client{surveys.Administrator: o.As(surveys.Administrator), surveys.Interviewer: o.As(surveys.Interviewer)}
	begun := participant.Get("/s/" + invited.Link).Header.Get("Location")
	handle := begun[:strings.LastIndexByte(begun, '/')+1]
	tablets := map[string]*servertest.Client{"locked": o.Client(), "open": o.Client(), "lent": o.Client(), "revoked": o.Client()}
	for name, tablet := range tablets {
		tablet.SignIn(keeper.Email, servertest.Password)
		servertest.WantStatus(t, name, tablet.Post("/desk/sites/trial/north/kiosks", url.Values{"name": {name}, "pin": {servertest.PIN}}), http.StatusSeeOther)
		if name == "open" || name == "lent" {
			servertest.WantStatus(t, name, tablet.Post(servertest.KioskPath, url.Values{"pin": {servertest.PIN}}), http.StatusSeeOther)
		}
	}
	servertest.WantStatus(t, "lent", tablets["lent"].Post(servertest.HandOverPath(people[0], storetest.Baseline), url.Values{"initials": {"mb"}, "helper": {"nobody"}}), http.StatusSeeOther)
	kiosks, err := o.Store.ListKiosks(t.Context(), storetest.Study, "north")
	if err != nil {
		t.Fatal(err)
	}
	for _, kiosk := range kiosks {
		if kiosk.Name == "revoked" {
			if err := o.Store.RevokeKiosk(t.Context(), "", storetest.Study, "north", kiosk.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	before := rowsOf(t, o)
	for _, line := range o.Server.Table() {
		if line.Method != http.MethodGet {
			continue
		}
		path := fill(line.Path)
		if rest, ok := strings.CutPrefix(path, "/q/:handle/"); ok {
			path = handle + rest
		}
		asking := map[string]*servertest.Client{"a participant": participant}
		for role, visitor := range visitors {
			if slices.Contains(line.Roles, role) {
				asking = map[string]*servertest.Client{role.String(): visitor}
			}
		}
		if len(line.Roles) == 0 {
			for name, tablet := range tablets {
				asking["a tablet that is "+name] = tablet
			}
		}
		for who, visitor := range asking {
			for _, from := range []string{"cross-site", "same-origin"} {
				request := visitor.Request(http.MethodGet, path, nil)
				request.Header.Set("Sec-Fetch-Site", from)
				set := visitor.Do(request).Header.Values("Set-Cookie")
				if cookieByGet[line.Path] == "" && len(set) > 0 {
					t.Errorf("GET %s, %s, by %s sets the cookies %q", line.Path, from, who, set)
				}
			}
		}
	}
	for table, rows := range rowsOf(t, o) {
		if before[table] != rows && !slices.Contains([]string{"account_sessions", "sign_ins", "authenticators"}, table) {
			t.Errorf("asking changed the table %s from\n%s\nto\n%s", table, before[table], rows)
		}
	}
}

// rowsOf reads every table of an office's database from a copy of it.
func rowsOf(t *testing.T, o *servertest.Office) map[string]string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := o.Store.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", "file:"+copied+"?mode=ro&immutable=1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // it was only read
	var names []string
	list := func(query string, each func(cells []any)) {
		found, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = found.Close() }() // Err tells
		columns, err := found.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for found.Next() {
			cells, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := found.Scan(into...); err != nil {
				t.Fatal(err)
			}
			each(cells)
		}
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
	}
	list("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", func(cells []any) { names = append(names, fmt.Sprint(cells[0])) })
	rows := make(map[string]string, len(names))
	for _, name := range names {
		list("SELECT * FROM "+name, func(cells []any) { rows[name] += fmt.Sprintln(cells...) })
	}
	return rows
}
