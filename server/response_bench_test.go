package server_test

import (
	"html/template"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	_ "github.com/mattn/go-sqlite3"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys/store/storetest"
)

// The benchmark of this file walks whole responses over HTTP on the loopback: open the link, read the page of fourteen
// questions, post the answers, read the thanks. That is four requests, a session sealed with a key that every
// server on the database shares, scoring and a durable commit. The floor, in turns in the same run, is the least that
// anybody could build: a bare Echo pair that renders fourteen items with html/template and commits one row to a table
// with one column, in SQLite with the same settings. Both run in this process with 16 clients.

const (
	enrolled      = 10_000
	responses     = 400 // of one turn
	responseTurns = 8   // of each kind
)

func BenchmarkWholeResponse(b *testing.B) {
	now := storetest.Start
	clock := func() time.Time { return now }
	s := storetest.New(b, storetest.Clock(clock))
	links := servertest.Due(b, s, enrolled, responses*responseTurns)
	now = now.AddDate(0, 0, 90)
	ours, err := server.New(server.Config{Store: s, BaseURL: "http://localhost", Now: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	web := httptest.NewServer(ours.Handler())
	b.Cleanup(web.Close)
	bare := bareServer(b)
	var mine, theirs time.Duration
	for turn := range responseTurns {
		theirs += servertest.Crowd(b, servertest.Clients, responses, func(int) error { return walkBare(bare) })
		mine += servertest.Crowd(b, servertest.Clients, responses, func(i int) error { return servertest.Walk(web.URL, links[turn*responses+i]) })
	}
	n := float64(responses * responseTurns)
	b.ReportMetric(n/mine.Seconds(), "responses/s")
	b.ReportMetric(n/theirs.Seconds(), "floor/s")
	b.ReportMetric(theirs.Seconds()/mine.Seconds(), "×floor")
	b.ReportMetric(0, "ns/op")
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

func walkBare(base string) error {
	if _, _, err := servertest.Ask(http.MethodGet, base, "", "", http.StatusOK); err != nil {
		return err
	}
	_, _, err := servertest.Ask(http.MethodPost, base, servertest.Answers, "", http.StatusOK)
	return err
}
