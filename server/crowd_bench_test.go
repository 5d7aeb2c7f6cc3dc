package server_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// front is a server as it is in use, passwords included, behind a proxy that says who asks.
type front struct {
	url    string
	client *http.Client
}

func newFront(b *testing.B) (front, *store.Store) {
	b.Helper()
	config := behindProxy()
	config.Store = storetest.SQLite(b).Open(b, func(o *store.Options) { o.PasswordMemory = 0 })
	config.BaseURL, config.Logger = "http://localhost", slog.New(slog.DiscardHandler)
	s, err := server.New(config)
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(s.Handler())
	b.Cleanup(web.Close)
	transport := &http.Transport{MaxIdleConnsPerHost: 500}
	b.Cleanup(transport.CloseIdleConnections)
	return front{web.URL, &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, config.Store
}

// signIn tries to sign in from an address and returns the status and what the browser knows itself by afterwards.
func (f front) signIn(b *testing.B, address, email, password, known string) (status int, knownNow string) {
	form := url.Values{"email": {email}, "password": {password}}
	r, err := http.NewRequest(http.MethodPost, f.url+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		b.Error(err)
		return 0, ""
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	if known != "" {
		r.AddCookie(&http.Cookie{Name: "ww_known", Value: known})
	}
	reply, err := f.client.Do(r)
	if err != nil {
		b.Error(err)
		return 0, ""
	}
	_, _ = io.Copy(io.Discard, reply.Body) // a status is all that is wanted
	_ = reply.Body.Close()
	for _, cookie := range reply.Cookies() {
		if cookie.Name == "ww_known" {
			knownNow = cookie.Value
		}
	}
	return reply.StatusCode, knownNow
}

// BenchmarkSignInUnderAttack measures how long somebody waits who signs in while 240 connections, each from an address of its
// own, try passwords without a pause: in a browser that has signed in before, and in a new one, where a refusal that says when
// to try again counts as a reply. Passwords cost what they do in use. Every reply is to come within two seconds where a sign-in
// alone takes some 0.4; a machine that is busy otherwise takes longer for that one, too, so it stands beside.
func BenchmarkSignInUnderAttack(b *testing.B) {
	const hostile = 240
	f, s := newFront(b)
	account, err := s.AddAccount(b.Context(), "", surveys.NewAccount{Email: "rona@example.org", Name: "Rona", Role: surveys.Researcher}, servertest.Password)
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	_, known := f.signIn(b, "192.0.2.1", account.Email, servertest.Password, "")
	alone := time.Since(began)
	var stopped atomic.Bool
	var all sync.WaitGroup
	for n := range hostile {
		all.Go(func() {
			for i := 0; !stopped.Load(); i++ {
				f.signIn(b, fmt.Sprintf("10.1.%d.%d", n, i%250+1), fmt.Sprintf("victim-%d-%d@example.org", n, i), "a guess of mine", "")
			}
		})
	}
	time.Sleep(time.Second) // until all are under way
	browsers := []struct{ name, known string }{{"known", known}, {"new", ""}}
	worst, in := make(map[string]time.Duration), make(map[string]int)
	for b.Loop() {
		for _, browser := range browsers {
			began := time.Now()
			status, _ := f.signIn(b, "192.0.2.1", account.Email, servertest.Password, browser.known)
			took := time.Since(began)
			worst[browser.name] = max(worst[browser.name], took)
			switch status {
			case http.StatusSeeOther:
				in[browser.name]++
			case http.StatusServiceUnavailable:
			default:
				b.Errorf("a %s browser: status %d", browser.name, status)
			}
		}
	}
	stopped.Store(true)
	all.Wait()
	for _, browser := range browsers {
		b.ReportMetric(worst[browser.name].Seconds(), "worst-s-"+browser.name)
		b.ReportMetric(float64(in[browser.name])/float64(b.N), "signed-in-"+browser.name)
	}
	b.ReportMetric(alone.Seconds(), "alone-s")
	b.ReportMetric(0, "ns/op")
}
