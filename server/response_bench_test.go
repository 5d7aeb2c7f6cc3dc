package server

import (
	"context"
	"fmt"
	"html/template"
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

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	_ "github.com/mattn/go-sqlite3"

	"wellwave/surveys/store/storetest"
)

// The benchmark of this file walks whole responses over HTTP on the loopback: open the link, read the page of fourteen
// questions, post the answers, read the thanks. That is four requests, a session sealed with a key that every
// server on the database shares, scoring and a durable commit. The floor, in turns in the same run, is the least that
// anybody could build: a bare Echo pair that renders fourteen items with html/template and commits one row to a table
// with one column, in SQLite with the same settings. Both run in this process with 16 clients.

const (
	respondents   = 16
	responses     = 400 // of one turn
	responseTurns = 8   // of each kind
)

func BenchmarkWholeResponse(b *testing.B) {
	links, base := responseServer(b, responses*responseTurns)
	floor := bareServer(b)
	walk := func(i int) error { return walkResponse(base, links[i]) }
	pair := func(i int) error { return walkBare(floor, i) }
	var mine, theirs time.Duration
	for turn := range responseTurns {
		theirs += crowd(b, turn, pair)
		mine += crowd(b, turn, walk)
	}
	n := float64(responses * responseTurns)
	b.ReportMetric(n/mine.Seconds(), "responses/s")
	b.ReportMetric(n/theirs.Seconds(), "floor/s")
	b.ReportMetric(theirs.Seconds()/mine.Seconds(), "×floor")
	b.ReportMetric(0, "ns/op")
}

// crowd lets the clients walk one turn of responses and returns how long that took.
func crowd(b *testing.B, turn int, walk func(int) error) time.Duration {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	start := time.Now()
	for range respondents {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < responses; i = int(next.Add(1)) - 1 {
				if err := walk(turn*responses + i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

// responseServer returns a server with the links of n people whose questionnaire on one page is due.
func responseServer(b *testing.B, n int) (links []string, base string) {
	b.Helper()
	now := storetest.Start
	s := storetest.New(b, storetest.Clock(func() time.Time { return now }))
	storetest.LoadStudy(b, s)
	people := storetest.Enrol(b, s, benchPeople)
	links = make([]string, n)
	for i := range links {
		made, err := s.Invite(context.Background(), "", people[i*7919%len(people)], storetest.Later) // 7919 is prime
		if err != nil {
			b.Fatal(err)
		}
		links[i] = "/s/" + made.Link
	}
	now = now.AddDate(0, 0, 90)
	ours, err := New(Config{Store: s, BaseURL: "http://localhost", Now: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(ours.Handler())
	b.Cleanup(web.Close)
	return links, web.URL
}

var mood = func() string {
	form := url.Values{}
	for _, a := range storetest.Answers(3) {
		form.Set(a.Code, a.Value.String())
	}
	return form.Encode()
}()

// walker follows no redirects and keeps no cookies: walkResponse does both by hand, which costs less than a jar.
var walker = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{MaxIdleConnsPerHost: respondents},
}

// ask sends one request and returns where it leads, and the cookie that it was given.
func ask(method, address, form, cookie string, want int) (location, given string, err error) {
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
	text, err := io.ReadAll(reply.Body)
	_ = reply.Body.Close() // it was read
	if err != nil {
		return "", "", err
	}
	if reply.StatusCode != want {
		return "", "", fmt.Errorf("%s %s: status %d, want %d:\n%s", method, address, reply.StatusCode, want, text)
	}
	given, _, _ = strings.Cut(reply.Header.Get("Set-Cookie"), ";")
	return reply.Header.Get("Location"), given, nil
}

func walkResponse(base, link string) error {
	next, cookie, err := ask(http.MethodGet, base+link, "", "", http.StatusSeeOther)
	if err != nil {
		return err
	}
	next = strings.TrimSuffix(next, "welcome") + "all"
	if _, _, err = ask(http.MethodGet, base+next, "", cookie, http.StatusOK); err != nil {
		return err
	}
	if next, _, err = ask(http.MethodPost, base+next, mood, cookie, http.StatusSeeOther); err != nil {
		return err
	}
	_, _, err = ask(http.MethodGet, base+next, "", cookie, http.StatusOK)
	return err
}

// bareItem is an item of the floor's page.
type bareItem struct {
	Code, Text string
	Options    []string
}

var barePage = template.Must(template.New("bare").Parse(`<!doctype html><title>Mood</title><form method="post">{{range .}}
<fieldset><legend>{{.Text}}</legend>{{$code := .Code}}{{range $i, $o := .Options}}
<label><input type="radio" name="{{$code}}" value="{{$i}}"> {{$o}}</label>{{end}}</fieldset>{{end}}<button>Send</button></form>`))

// bareServer returns the address of the floor.
func bareServer(b *testing.B) string {
	b.Helper()
	db, err := sqlx.Open("sqlite3", "file:"+b.TempDir()+"/floor.db?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	db.MustExec("CREATE TABLE responses (content TEXT NOT NULL)")
	var items []bareItem
	for _, a := range storetest.Answers(1) {
		items = append(items, bareItem{a.Code, "How often is statement " + a.Code + " true of you today?",
			[]string{"Never", "Rarely", "Sometimes", "Often", "Always"}})
	}
	e := echo.New()
	e.GET("/", func(c echo.Context) error { return barePage.Execute(c.Response(), items) })
	e.POST("/", func(c echo.Context) error {
		form, err := c.FormParams()
		if err != nil {
			return err
		}
		if _, err := db.Exec("INSERT INTO responses (content) VALUES (?)", form.Encode()); err != nil {
			return err
		}
		return c.String(http.StatusOK, "Thanks")
	})
	web := httptest.NewServer(e)
	b.Cleanup(web.Close)
	return web.URL + "/"
}

func walkBare(base string, _ int) error {
	if _, _, err := ask(http.MethodGet, base, "", "", http.StatusOK); err != nil {
		return err
	}
	_, _, err := ask(http.MethodPost, base, mood, "", http.StatusOK)
	return err
}
