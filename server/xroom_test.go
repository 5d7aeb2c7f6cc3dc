package server

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

//go:embed kinds
var kinds embed.FS

// room is a server with the study of every kind on it and a clock that a test can move.
type room struct {
	t     *testing.T
	store *store.Store
	url   string
	now   time.Time
}

func newRoom(t *testing.T) *room {
	t.Helper()
	return newRoomOn(t, func(clock func() time.Time) *store.Store { return storetest.New(t, storetest.Clock(clock)) })
}

// newRoomOn returns a room on the store that open returns.
func newRoomOn(t *testing.T, open func(clock func() time.Time) *store.Store) *room {
	t.Helper()
	r := &room{t: t, now: time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return r.now }
	r.store = open(clock)
	var definitions surveys.Definitions
	for _, id := range []string{"kinds", "round"} {
		if err := definitions.AddInstrument(id+".yaml", r.file(id+".yaml")); err != nil {
			t.Fatal(err)
		}
		if err := definitions.AddWording(id+".en.yaml", r.file(id+".en.yaml")); err != nil {
			t.Fatal(err)
		}
	}
	if err := definitions.AddWording("kinds.ar.yaml", r.file("kinds.ar.yaml")); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, _, err := r.store.LoadStudy(ctx, "", "study.yaml", r.file("study.yaml"), &definitions); err != nil {
		t.Fatal(err)
	}
	if err := r.store.SetStudyState(ctx, "", "kinds", surveys.Live); err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Store: r.store, BaseURL: "http://localhost", Now: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	httpServer := httptest.NewServer(s.Handler())
	t.Cleanup(httpServer.Close)
	r.url = httpServer.URL
	return r
}

func (r *room) file(name string) []byte {
	r.t.Helper()
	data, err := kinds.ReadFile("kinds/" + name)
	if err != nil {
		r.t.Fatal(err)
	}
	return data
}

// enrol returns somebody new.
func (r *room) enrol(label string) surveys.EnrolmentID {
	r.t.Helper()
	person, err := r.store.Enrol(context.Background(), "", surveys.NewEnrolment{Study: "kinds", Site: "north", Label: label})
	if err != nil {
		r.t.Fatal(err)
	}
	return person.ID
}

// invite returns an invitation of somebody to a wave.
func (r *room) invite(person surveys.EnrolmentID, wave surveys.WaveID) surveys.Invitation {
	r.t.Helper()
	made, err := r.store.Invite(context.Background(), "", person, wave)
	if err != nil {
		r.t.Fatal(err)
	}
	return made
}

// answer returns what stands in an item.
func (r *room) answer(person surveys.EnrolmentID, wave surveys.WaveID, code string) surveys.Value {
	r.t.Helper()
	sitting, err := r.store.Sitting(context.Background(), person, wave)
	if err != nil {
		r.t.Fatal(err)
	}
	return sitting.Answers.Value(code)
}

func (r *room) browser() *browser {
	r.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &browser{t: r.t, room: r, client: &http.Client{Jar: jar}}
}

// atPractice returns a browser that a practice is signed in with.
func (r *room) atPractice() *browser {
	r.t.Helper()
	account := surveys.NewAccount{Email: "practice@example.org", Name: "The practice", Role: surveys.Practice, Study: "kinds", Site: "north"}
	if _, err := r.store.AddAccount(context.Background(), "", account, testPassword); err != nil {
		r.t.Fatal(err)
	}
	b := r.browser()
	return b.post("/sign-in", "email", account.Email, "password", testPassword).wants(200, "/desk/sites/kinds/north")
}

// ledger returns how many submissions a response of one sitting has: its numbers leave no gap.
func (r *room) ledger(person surveys.EnrolmentID, wave surveys.WaveID) int {
	r.t.Helper()
	sitting, err := r.store.Sitting(context.Background(), person, wave)
	if err != nil {
		r.t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.Fields(sitting.Answers.Origins())[1])
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// openRoomStore returns a store that the test itself closes.
func openRoomStore(t *testing.T, clock func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{DSN: storetest.SQLite(t).DSN, Create: true, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const testPIN = "739104"

// testKiosk is where a tablet asks for its PIN.
const testKiosk = "/q/kiosk/"

// handOverTo is where a tablet is handed to somebody.
func handOverTo(person surveys.EnrolmentID, wave surveys.WaveID) string {
	return testKiosk + "people/" + string(person) + "/" + string(wave)
}

// account adds an account of the room's study with the tests' password.
func (r *room) newAccount(role surveys.Role, site surveys.SiteID) surveys.Account {
	r.t.Helper()
	n := surveys.NewAccount{Email: role.String() + string(site) + "@example.org", Name: "Somebody", Role: role}
	if role == surveys.Practice {
		n.Study, n.Site = "kinds", site
	}
	made, err := r.store.AddAccount(context.Background(), "", n, testPassword)
	if err != nil {
		r.t.Fatal(err)
	}
	return made
}

// signedIn returns a browser that is signed in to a new account.
func (r *room) signedIn(role surveys.Role, site surveys.SiteID) *browser {
	r.t.Helper()
	b := r.browser()
	b.post("/sign-in", "email", r.newAccount(role, site).Email, "password", testPassword)
	if b.status != 200 {
		r.t.Fatalf("sign in: status %d", b.status)
	}
	return b
}

// tablet returns a browser that the practice of a site has set up as a tablet.
func (r *room) tablet(site surveys.SiteID) *browser {
	r.t.Helper()
	b := r.signedIn(surveys.Practice, site)
	return b.post("/desk/sites/kinds/"+string(site)+"/kiosks", "name", "Waiting room", "pin", testPIN).wants(200, testKiosk, "Enter the PIN", "Waiting room",
		"<noscript>", "does not notice when somebody walks away")
}

func (r *room) auditOf(action string) (entries []surveys.AuditEntry) {
	r.t.Helper()
	all, err := r.store.ListAudit(context.Background(), "", "", 1000)
	if err != nil {
		r.t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(e surveys.AuditEntry) bool { return e.Action != action })
}

// newLedgerRoom returns a room and a way to see what arrived there last.
func newLedgerRoom(t *testing.T) (r *room, last func() string) {
	t.Helper()
	db := storetest.SQLite(t)
	r = newRoomOn(t, func(clock func() time.Time) *store.Store { return db.Open(t, storetest.Clock(clock)) })
	return r, func() string {
		t.Helper()
		contents := db.Contents(t)
		if len(contents) == 0 {
			t.Fatal("nothing arrived")
		}
		return contents[len(contents)-1]
	}
}

// atTable returns a browser at the first question of the wave whose questions stand in a table, and who is asked.
func (r *room) atTable() (*browser, surveys.EnrolmentID) {
	r.t.Helper()
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link).send()
	b.send("ease_1", "3").wants(200, "/3")
	r.now = r.now.Add(48 * time.Hour)
	b.get("/s/"+r.invite(person, "table").Link).wants(200, "/welcome")
	return b.get(strings.Replace(b.path, "welcome", "1", 1)).wants(200, "/1", "Question 1 of 2", "We talk about mistakes.", `/grid-1" data-other="single">Show these questions in a table`), person
}

// left returns how far somebody has left.
func (r *room) left(person surveys.EnrolmentID) surveys.WithdrawalLevel {
	r.t.Helper()
	found, err := r.store.FindEnrolment(context.Background(), person)
	if err != nil {
		r.t.Fatal(err)
	}
	return found.Left
}
