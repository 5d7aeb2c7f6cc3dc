// Package servertest walks through a server's pages as participants' browsers do, for benchmarks that need many of them and
// must cost as little as possible themselves.
package servertest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

// Clients is how many walk at once in the benchmarks of whole responses.
const Clients = 16

// maxClients is the most of a Crowd.
const maxClients = 500

// walker follows no redirects and keeps no cookies: Walk does both by hand, which costs less than a jar.
var walker = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{MaxIdleConnsPerHost: maxClients},
}

// Answers is the form of the tests' fourteen questions.
var Answers = func() string {
	form := url.Values{"seq": {"1"}}
	for _, a := range storetest.Answers(3) {
		form.Set(a.Code, a.Value.String())
	}
	return form.Encode()
}()

// Due enrols people in the tests' study and returns links to the questionnaire on one page of the first n of them, for a
// server whose clock stands 90 days after the store's.
func Due(tb testing.TB, s *store.Store, people, n int) []string {
	tb.Helper()
	storetest.LoadStudy(tb, s)
	enrolled := storetest.Enrol(tb, s, people)
	links := make([]string, n)
	for i := range links {
		made, err := s.Invite(context.Background(), "", enrolled[i*7919%people], storetest.Later) // 7919 is prime
		if err != nil {
			tb.Fatalf("invite: %v", err)
		}
		links[i] = "/s/" + made.Link
	}
	return links
}

// Walk opens a link, reads the page of questions that it leads to, posts the answers and reads the thanks.
func Walk(base, link string) error {
	p, err := Begin(base, link)
	if err != nil {
		return err
	}
	next, _, err := Ask(http.MethodPost, p.page, Answers, p.cookie, http.StatusSeeOther)
	if err != nil {
		return err
	}
	_, _, err = Ask(http.MethodGet, base+next, "", p.cookie, http.StatusOK)
	return err
}

// Ask sends one request and returns where the reply leads, and the cookie that it gave.
func Ask(method, address, form, cookie string, want int) (location, given string, err error) {
	request, err := http.NewRequest(method, address, strings.NewReader(form))
	if err != nil {
		return "", "", err
	}
	if form != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	reply, err := walker.Do(request)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = reply.Body.Close() }() // it is read to its end
	if reply.StatusCode != want {
		text, _ := io.ReadAll(reply.Body) // for whoever looks into the failure
		return "", "", fmt.Errorf("%s %s: status %d, want %d:\n%s", method, address, reply.StatusCode, want, text)
	}
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		return "", "", err
	}
	given, _, _ = strings.Cut(reply.Header.Get("Set-Cookie"), ";")
	return reply.Header.Get("Location"), given, nil
}

// Saver is somebody whose page of questions is open.
type Saver struct{ page, cookie string }

// Begin opens a link and reads the page of questions that it leads to.
func Begin(base, link string) (Saver, error) {
	next, cookie, err := Ask(http.MethodGet, base+link, "", "", http.StatusSeeOther)
	if err != nil {
		return Saver{}, err
	}
	p := Saver{base + strings.TrimSuffix(next, "welcome") + "all", cookie}
	_, _, err = Ask(http.MethodGet, p.page, "", cookie, http.StatusOK)
	return p, err
}

// Save saves one answer as the page does by itself while somebody answers: the seq-th of the tests' fourteen questions, all
// of which their answers number i answer.
func (p Saver) Save(seq, i int) error {
	a := storetest.Answers(i)[seq-1]
	form := url.Values{"seq": {strconv.Itoa(seq)}, a.Code: {a.Value.String()}}
	_, _, err := Ask(http.MethodPost, p.page+"/save", form.Encode(), p.cookie, http.StatusOK)
	return err
}

// Finish sends the page with all answers number i.
func (p Saver) Finish(seq, i int) error {
	form := url.Values{"seq": {strconv.Itoa(seq)}}
	for _, a := range storetest.Answers(i) {
		form.Set(a.Code, a.Value.String())
	}
	_, _, err := Ask(http.MethodPost, p.page, form.Encode(), p.cookie, http.StatusSeeOther)
	return err
}

// Crowd takes n walks with that many clients at once and returns how long it took.
func Crowd(tb testing.TB, clients, n int, walk func(i int) error) time.Duration {
	tb.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range min(clients, maxClients) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := walk(i); err != nil {
					tb.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}
