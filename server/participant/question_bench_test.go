package participant_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server"
	"wellwave/server/page"
	"wellwave/server/participant"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// The benchmark of this file asks for the first question page with a ticket, each time as another of benchPeople, and
// compares the rate with its floor: Echo executing the same page's template anew each time, without ticket, database
// or middleware. Turns of both alternate, because a machine is not as fast in one second as in the next.

const (
	benchPeople = 10_000
	benchTurns  = 20 // of each kind
	benchPages  = 2_000
)

func BenchmarkQuestionPage(b *testing.B) {
	ours, requests := questionServer(b)
	floor := questionFloor(b)
	plain := httptest.NewRequest(http.MethodGet, "/q", nil)
	at := 0
	for b.Loop() {
		var mine, theirs time.Duration
		for range benchTurns {
			theirs += pages(b, floor, func() *http.Request { return plain })
			mine += pages(b, ours, func() *http.Request {
				at++
				return requests[at%len(requests)]
			})
		}
		n := float64(benchTurns * benchPages)
		b.ReportMetric(n/mine.Seconds(), "pages/s")
		b.ReportMetric(n/theirs.Seconds(), "floor/s")
		b.ReportMetric(theirs.Seconds()/mine.Seconds(), "×floor")
		b.ReportMetric(0, "ns/op")
	}
}

// pages asks for benchPages pages and returns how long that took.
func pages(b *testing.B, handler http.Handler, request func() *http.Request) time.Duration {
	b.Helper()
	start := time.Now()
	for range benchPages {
		reply := httptest.NewRecorder()
		handler.ServeHTTP(reply, request())
		if reply.Code != http.StatusOK {
			b.Fatalf("got %d, want a page:\n%s", reply.Code, reply.Body)
		}
	}
	return time.Since(start)
}

// questionServer returns a server and for each person a request for their first question with a ticket.
func questionServer(b *testing.B) (http.Handler, []*http.Request) {
	b.Helper()
	db := storetest.New(b)
	storetest.LoadStudy(b, db)
	people := storetest.Enrol(b, db, benchPeople)
	s, err := server.New(server.Config{Store: db, BaseURL: "http://example.com", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	sealer, err := tickets.NewSealer(context.Background(), db.SealingKeys)
	if err != nil {
		b.Fatal(err)
	}
	requests := make([]*http.Request, len(people))
	for i, person := range people {
		ticket := tickets.Ticket{Audience: surveys.Patients, Study: storetest.Study, Wave: storetest.Baseline, Enrolment: person,
			Sitting: tickets.NewSitting(), Issued: time.Now()}
		requests[i] = httptest.NewRequest(http.MethodGet, "/q/"+sealer.Handle(ticket)+"/1", nil)
		requests[i].AddCookie(&http.Cookie{Name: "ww_link", Value: sealer.Seal(ticket)})
	}
	return s.Handler(), requests
}

// questionFloor returns an Echo whose only handler executes the template of the page that the other server sends.
func questionFloor(b *testing.B) http.Handler {
	b.Helper()
	db := storetest.New(b)
	storetest.LoadStudy(b, db)
	sitting, err := db.Occasion(context.Background(), storetest.Enrol(b, db, 1)[0], storetest.Baseline)
	if err != nil {
		b.Fatal(err)
	}
	p := participant.FirstQuestion(sitting)
	r, err := page.NewRenderer(participant.Pages(), false)
	if err != nil {
		b.Fatal(err)
	}
	e := echo.New()
	e.GET("/q", func(c echo.Context) error { return r.Send(c, http.StatusOK, p) })
	return e
}
