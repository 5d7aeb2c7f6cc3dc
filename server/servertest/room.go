package servertest

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

	"wellwave/server"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

//go:embed kinds
var kinds embed.FS

// Room is a server with the study of every kind on it and a clock that a test can move.
type Room struct {
	T     *testing.T
	Store *store.Store
	URL   string
	Now   time.Time

	// HandOvers returns the times that a tablet was given to somebody; a room of NewLedgerRoom has it.
	HandOvers func(surveys.EnrolmentID) []surveys.HandOver
}

func NewRoom(t *testing.T) *Room {
	t.Helper()
	return NewRoomOn(t, func(clock func() time.Time) *store.Store { return storetest.New(t, storetest.Clock(clock)) })
}

// NewRoomOn returns a room on the store that open returns.
func NewRoomOn(t *testing.T, open func(clock func() time.Time) *store.Store) *Room {
	t.Helper()
	r := &Room{T: t, Now: time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return r.Now }
	r.Store = open(clock)
	ctx := context.Background()
	if _, _, err := r.Store.LoadStudy(ctx, "", "study.yaml", r.file("study.yaml"), r.definitions()); err != nil {
		t.Fatal(err)
	}
	if err := r.Store.SetStudyState(ctx, "", "kinds", surveys.Live); err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Store: r.Store, BaseURL: "http://localhost", Now: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	httpServer := httptest.NewServer(s.Handler())
	t.Cleanup(httpServer.Close)
	r.URL = httpServer.URL
	return r
}

// Reload loads the room's study again with texts of its file replaced by others.
func (r *Room) Reload(oldnew ...string) {
	r.T.Helper()
	source := strings.NewReplacer(oldnew...).Replace(string(r.file("study.yaml")))
	if _, _, err := r.Store.LoadStudy(r.T.Context(), "", "study.yaml", []byte(source), r.definitions()); err != nil {
		r.T.Fatal(err)
	}
}

// definitions are the room's instruments and their wording.
func (r *Room) definitions() *surveys.Definitions {
	r.T.Helper()
	definitions := new(surveys.Definitions)
	for _, id := range []string{"kinds", "round"} {
		if err := definitions.AddInstrument(id+".yaml", r.file(id+".yaml")); err != nil {
			r.T.Fatal(err)
		}
		if err := definitions.AddWording(id+".en.yaml", r.file(id+".en.yaml")); err != nil {
			r.T.Fatal(err)
		}
	}
	if err := definitions.AddWording("kinds.ar.yaml", r.file("kinds.ar.yaml")); err != nil {
		r.T.Fatal(err)
	}
	return definitions
}

func (r *Room) file(name string) []byte {
	r.T.Helper()
	data, err := kinds.ReadFile("kinds/" + name)
	if err != nil {
		r.T.Fatal(err)
	}
	return data
}

// Enrol returns somebody new.
func (r *Room) Enrol(label string) surveys.EnrolmentID {
	r.T.Helper()
	person, err := r.Store.Enrol(context.Background(), "", surveys.NewEnrolment{Study: "kinds", Site: "north", Label: label})
	if err != nil {
		r.T.Fatal(err)
	}
	return person.ID
}

// Invite returns an invitation of somebody to a wave.
func (r *Room) Invite(person surveys.EnrolmentID, wave surveys.WaveID) surveys.Invitation {
	r.T.Helper()
	made, err := r.Store.Invite(context.Background(), "", person, wave)
	if err != nil {
		r.T.Fatal(err)
	}
	return made
}

// Answer returns the current answer to an item.
func (r *Room) Answer(person surveys.EnrolmentID, wave surveys.WaveID, code string) surveys.Value {
	r.T.Helper()
	sitting, err := r.Store.Occasion(context.Background(), person, wave)
	if err != nil {
		r.T.Fatal(err)
	}
	return sitting.Answers.Value(code)
}

func (r *Room) Browser() *Browser {
	r.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.T.Fatal(err)
	}
	return &Browser{t: r.T, room: r, Client: &http.Client{Jar: jar}}
}

// AtPractice returns a browser that a practice is signed in with.
func (r *Room) AtPractice() *Browser {
	r.T.Helper()
	account := surveys.NewAccount{Email: "practice@example.org", Name: "The practice", Role: surveys.Practice, Study: "kinds", Site: "north"}
	if _, err := r.Store.AddAccount(context.Background(), "", account, Password); err != nil {
		r.T.Fatal(err)
	}
	b := r.Browser()
	return b.Post("/sign-in", "email", account.Email, "password", Password).Wants(200, "/desk/sites/kinds/north")
}

// Ledger returns how many submissions a response of one sitting has. They are numbered without gaps, so it is the last number.
func (r *Room) Ledger(person surveys.EnrolmentID, wave surveys.WaveID) int {
	r.T.Helper()
	sitting, err := r.Store.Occasion(context.Background(), person, wave)
	if err != nil {
		r.T.Fatal(err)
	}
	n, err := strconv.Atoi(strings.Fields(sitting.Answers.Origins())[1])
	if err != nil {
		r.T.Fatal(err)
	}
	return n
}

// OpenRoomStore returns a store that the test itself closes.
func OpenRoomStore(t *testing.T, clock func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), store.Options{DSN: storetest.SQLite(t).DSN, Create: true, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const PIN = "739104"

// KioskPath is where a kiosk asks for its PIN.
const KioskPath = "/q/kiosk/"

// HandOverPath is where a kiosk is handed to somebody.
func HandOverPath(person surveys.EnrolmentID, wave surveys.WaveID) string {
	return KioskPath + "people/" + string(person) + "/" + string(wave)
}

// account adds an account of the room's study with the tests' password.
func (r *Room) newAccount(role surveys.Role, site surveys.SiteID) surveys.Account {
	r.T.Helper()
	n := surveys.NewAccount{Email: role.String() + string(site) + "@example.org", Name: "Somebody", Role: role, Grant: surveys.Grant{Every: true}}
	if role == surveys.Practice {
		n.Study, n.Site = "kinds", site
	}
	made, err := r.Store.AddAccount(context.Background(), "", n, Password)
	if err != nil {
		r.T.Fatal(err)
	}
	return made
}

// SignedIn returns a browser that is signed in to a new account.
func (r *Room) SignedIn(role surveys.Role, site surveys.SiteID) *Browser {
	r.T.Helper()
	b := r.Browser()
	b.Post("/sign-in", "email", r.newAccount(role, site).Email, "password", Password)
	if b.Status != 200 {
		r.T.Fatalf("sign in: status %d", b.Status)
	}
	return b
}

// Kiosk returns a browser that the practice of a site has set up as a kiosk.
func (r *Room) Kiosk(site surveys.SiteID) *Browser {
	r.T.Helper()
	b := r.SignedIn(surveys.Practice, site)
	return b.Post("/desk/sites/kinds/"+string(site)+"/kiosks", "name", "Waiting room", "pin", PIN).Wants(200, KioskPath, "Enter the PIN", "Waiting room",
		"<noscript>", "does not notice when somebody walks away")
}

func (r *Room) AuditOf(action string) (entries []surveys.AuditEntry) {
	r.T.Helper()
	all, err := r.Store.ListAudit(context.Background(), "", "", 1000)
	if err != nil {
		r.T.Fatal(err)
	}
	return slices.DeleteFunc(all, func(e surveys.AuditEntry) bool { return e.Action != action })
}

// NewLedgerRoom returns a room that tells of hand-overs, and a way to see what arrived there last.
func NewLedgerRoom(t *testing.T) (r *Room, last func() string) {
	t.Helper()
	db := storetest.SQLite(t)
	r = NewRoomOn(t, func(clock func() time.Time) *store.Store { return db.Open(t, storetest.Clock(clock)) })
	r.HandOvers = func(person surveys.EnrolmentID) []surveys.HandOver { return db.HandOvers(t, person) }
	return r, func() string {
		t.Helper()
		contents := db.Contents(t)
		if len(contents) == 0 {
			t.Fatal("nothing arrived")
		}
		return contents[len(contents)-1]
	}
}

// AtTable returns a browser at the first question of the wave whose questions stand in a table, and who is asked.
func (r *Room) AtTable() (*Browser, surveys.EnrolmentID) {
	r.T.Helper()
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link).Send()
	b.Send("ease_1", "3").Wants(200, "/3")
	r.Now = r.Now.Add(48 * time.Hour)
	b.Get("/s/"+r.Invite(person, "table").Link).Wants(200, "/welcome")
	return b.Get(strings.Replace(b.Path, "welcome", "1", 1)).Wants(200, "/1", "Question 1 of 2", "We talk about mistakes.", `/grid-1" data-other="single">Show these questions in a table`), person
}

// Left returns how far somebody has left.
func (r *Room) Left(person surveys.EnrolmentID) surveys.WithdrawalLevel {
	r.T.Helper()
	found, err := r.Store.FindEnrolment(context.Background(), person)
	if err != nil {
		r.T.Fatal(err)
	}
	return found.Left
}
