package server_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
)

// The tests of this file are of attackers who want to shut others out, or to guess where guessing is counted.

// behindProxy is the configuration of a server that believes this machine's X-Forwarded-For, so that a test can come from any
// address.
func behindProxy() server.Config {
	return server.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
}

// anotherServer serves the same database.
func anotherServer(t *testing.T, o *servertest.Office) *servertest.Office {
	t.Helper()
	config := behindProxy()
	config.Store, config.BaseURL, config.Logger = o.Store, "http://"+o.Host, slog.New(slog.DiscardHandler)
	other, err := server.New(config)
	if err != nil {
		t.Fatal(err)
	}
	second := *o
	second.Server, second.HTTP = other, httptest.NewServer(other.Handler())
	t.Cleanup(second.HTTP.Close)
	return &second
}

// trySignIn asks to sign in from an address.
func trySignIn(b *servertest.Client, address, email, password string) servertest.Reply {
	r := b.Request(http.MethodPost, "/sign-in", strings.NewReader(url.Values{"email": {email}, "password": {password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	return b.Do(r)
}

// Forms that never end hold no place: behind the address from which they come others open links and sign in.
func TestUnfinishedFormsShutNobodyOut(t *testing.T) {
	o := servertest.NewOffice(t)
	account := o.Account(surveys.Researcher)
	for i := range 160 {
		conn, err := net.Dial("tcp", o.HTTP.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		path := []string{"/", "/sign-in"}[i%2]
		if _, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\ncode=", path, o.Host); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(200 * time.Millisecond) // until the server waits for the rest of each
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := o.Client()
		if r := b.Post("/", url.Values{"code": {"ABC-DEF-GHJK"}}); r.Status == http.StatusTooManyRequests {
			t.Errorf("a code is refused with %d", r.Status)
		}
		b.SignIn(account.Email, servertest.Password)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal("nobody behind the address gets a reply")
	}
}

// Guesses at one account are counted together wherever they come from, and on every server; whoever it belongs to signs in
// where they have before.
func TestGuessesAtAnAccountAreCountedTogether(t *testing.T) {
	o := servertest.NewOfficeAt(t, time.Now, behindProxy())
	account := o.Account(surveys.Researcher)
	own := o.Client()
	own.SignIn(account.Email, servertest.Password)
	second := anotherServer(t, o)
	looked := 0
	for i := range 120 {
		b := o.Client()
		if i%2 == 1 {
			b = second.Client()
		}
		switch r := trySignIn(b, fmt.Sprintf("192.0.2.%d", i%5+1), account.Email, fmt.Sprintf("a guess of mine %d", i)); r.Status {
		case http.StatusUnauthorized:
			looked++
		case http.StatusTooManyRequests:
			if r.Header.Get("Retry-After") == "" {
				t.Error("a guess too many is not told when to come back")
			}
		default:
			t.Fatalf("a guess: status %d", r.Status)
		}
	}
	if looked < 8 || looked > 12 {
		t.Errorf("%d of 120 guesses from five addresses at two servers were looked at, want some ten", looked)
	}
	stranger := trySignIn(o.Client(), "192.0.2.77", account.Email, servertest.Password)
	servertest.WantStatus(t, "the right password in a new browser, meanwhile", stranger, http.StatusTooManyRequests)
	servertest.WantText(t, "the refusal", stranger, "sign in with a browser in which you have signed in before")
	servertest.WantStatus(t, "the right password where it was right before", trySignIn(own, "192.0.2.78", account.Email, servertest.Password), http.StatusSeeOther)
	servertest.WantStatus(t, "another account", trySignIn(o.Client(), "192.0.2.79", "nobody@example.org", "whatever it may be"), http.StatusUnauthorized)
}

// Guesses at codes that begin alike are counted together wherever they come from.
func TestGuessesAtACodeAreCountedTogether(t *testing.T) {
	o := servertest.NewOfficeAt(t, time.Now, behindProxy())
	second := anotherServer(t, o)
	codes := alike(t, 150)
	looked := 0
	for i, code := range codes {
		b := o.Client()
		if i%2 == 1 {
			b = second.Client()
		}
		r := b.Request(http.MethodPost, "/", strings.NewReader(url.Values{"code": {code}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i%50+1))
		if got := b.Do(r); got.Status != http.StatusTooManyRequests {
			looked++
		}
	}
	if looked < 30 || looked > 40 {
		t.Errorf("%d of %d codes that begin alike were looked at, want the allowance of 30 and a few slips", looked, len(codes))
	}
}

// alike returns codes that begin alike and that nobody has.
func alike(t *testing.T, n int) (codes []string) {
	t.Helper()
	for len(codes) < n {
		code := "234" + surveys.NewTypedCode()[3:]
		for _, check := range "23456789ABCDEFGHJKMNPQRTUVWXY" {
			if guess := code[:9] + string(check); len(codes) < n {
				if _, ok := surveys.ReadCode(guess); ok {
					codes = append(codes, guess)
				}
			}
		}
	}
	return codes
}

// Only the base URL's host is answered for, but for who watches over the machine; headers have a bound.
func TestOtherHostsAndLongHeadersAreRefused(t *testing.T) {
	o := servertest.NewOffice(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	running := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() { running <- o.Server.Run(ctx, listener) }()
	defer func() {
		stop()
		if err := <-running; err != nil {
			t.Error(err)
		}
	}()
	tests := []struct {
		path, host, header string
		want               int
	}{
		{"/sign-in", o.Host, "", http.StatusOK},
		{"/sign-in", o.Host + ":80", "", http.StatusOK},
		{"/sign-in", "STUDY.example.org.", "", http.StatusOK},
		{"/sign-in", o.Host + ":8080", "", http.StatusMisdirectedRequest},
		{"/sign-in", "evil.example", "", http.StatusMisdirectedRequest},
		{"/", "study.example.org.evil.example", "", http.StatusMisdirectedRequest},
		{"/static/participant.css", "127.0.0.1", "", http.StatusMisdirectedRequest},
		{"/api/v1/openapi.json", "localhost", "", http.StatusMisdirectedRequest},
		{"/nowhere", "evil.example", "", http.StatusMisdirectedRequest},
		{"/healthz", "10.0.0.7:9100", "", http.StatusOK},
		{"/readyz", "probe", "", http.StatusOK},
		{"/metrics", "localhost", "", http.StatusOK},
		{"/sign-in", o.Host, strings.Repeat("x", 10_000), http.StatusOK},
		{"/sign-in", o.Host, strings.Repeat("x", 17_000), http.StatusRequestHeaderFieldsTooLarge},
	}
	for _, tt := range tests {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nX-Long: %s\r\n\r\n", tt.path, tt.host, tt.header); err != nil {
			t.Fatal(err)
		}
		reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s of %s: %v", tt.path, tt.host, err)
		}
		if reply.StatusCode != tt.want {
			t.Errorf("%s of %s with %d bytes more: status %d, want %d", tt.path, tt.host, len(tt.header), reply.StatusCode, tt.want)
		}
		_ = reply.Body.Close()
		_ = conn.Close()
	}
}
