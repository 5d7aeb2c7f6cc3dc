package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

// stolen is what somebody took from a browser while it was good: its cookies, and the token with which it delivers.
type stolen struct {
	*servertest.Browser
	room     *servertest.Room
	person   surveys.EnrolmentID
	response string // where its pages are
	token    string
}

// steal copies what a browser at a question of baseline holds.
func steal(r *servertest.Room, b *servertest.Browser, person surveys.EnrolmentID) stolen {
	r.T.Helper()
	copied, at := r.Browser(), servertest.MustURL(r.T, r.URL)
	copied.Client.Jar.SetCookies(at, b.Client.Jar.Cookies(at))
	return stolen{copied, r, person, b.Response(), b.Bundle().Token}
}

// tries does everything that a participant can do, and returns what of it somebody got away with.
func (s stolen) tries() (got []string) {
	s.room.T.Helper()
	if strings.Contains(s.Get(s.response+"2").HTML, `name="ease_1"`) {
		got = append(got, "reads")
	}
	if strings.Contains(s.Get(s.response+"offline.json").HTML, `"token":"`) {
		got = append(got, "takes a bundle")
	}
	answer := func() surveys.Value { return s.room.Answer(s.person, "baseline", "ease_1") }
	if s.Post(s.response+"2", "seq", "2", "ease_1", "1"); answer() == surveys.Number(1) {
		got = append(got, "writes")
	}
	if s.Deliver(http.DefaultClient, s.response, servertest.Queued(s.token, 1, `{"ease_1":2}`)); answer() == surveys.Number(2) {
		got = append(got, "delivers")
	}
	if s.Post(s.response+"withdraw", "level", "erasure"); s.room.Left(s.person) != 0 {
		got = append(got, "erases")
	}
	return got
}

// answered returns a browser whose person has answered the first question, by a link of their own.
func answered(r *servertest.Room, label string) (b *servertest.Browser, person surveys.EnrolmentID, link string) {
	r.T.Helper()
	person = r.Enrol(label)
	link = r.Invite(person, "baseline").Link
	b = r.Browser()
	b.Begin(link).Send().Wants(200, "/2")
	return b.Send("ease_1", "3").Wants(200, "/3"), person, link
}

// lent returns a tablet whose person has answered the first question.
func lent(r *servertest.Room, tablet *servertest.Browser, label string) (b *servertest.Browser, person surveys.EnrolmentID) {
	r.T.Helper()
	person = r.Enrol(label)
	b = tablet.HandTo(person, "baseline").Wants(200, "/welcome")
	b.Post(b.On("consent"), "version", "2", "clause", "take-part").Wants(200, "/1")
	b.Get(b.On("2")).Send("ease_1", "3").Wants(200, "/3")
	return b, person
}

// revoke takes every tablet of the north out of use.
func revoke(r *servertest.Room) {
	r.T.Helper()
	devices, err := r.Store.ListKiosks(r.T.Context(), "kinds", "north")
	if err != nil {
		r.T.Fatal(err)
	}
	for _, device := range devices {
		if err := r.Store.RevokeKiosk(r.T.Context(), device.By, "kinds", "north", device.ID); err != nil {
			r.T.Fatal(err)
		}
	}
}

// TestWhatWasTakenBack has somebody with a copy of what a browser holds try everything after it was taken back. That each way
// is one that gets in is shown by trying it first with what was not taken back.
func TestWhatWasTakenBack(t *testing.T) {
	r := servertest.NewRoom(t)
	tablet := r.Kiosk("north")
	tests := []struct {
		name string
		take func(label string) stolen // and takes it back
		may  []string
	}{
		{"nothing was", func(label string) stolen {
			b, person, _ := answered(r, label)
			return steal(r, b, person)
		}, []string{"reads", "takes a bundle", "writes", "delivers", "erases"}},
		{"the link was replaced", func(label string) stolen {
			b, person, _ := answered(r, label)
			taken := steal(r, b, person)
			r.Invite(person, "baseline")
			return taken
		}, nil},
		{"the person finished on this device", func(label string) stolen {
			b, person, link := answered(r, label)
			taken := steal(r, b, person)
			b.Post(b.On("leave")).Wants(200, "/")
			b.Get("/s/"+link).Wants(200, "/3") // the link goes on, and so does what waits on the device
			taken.token = ""
			return taken
		}, nil},
		{"somebody signed in on the device", func(label string) stolen {
			b, person, _ := answered(r, label)
			taken := steal(r, b, person)
			r.AtPractice()
			b.Post("/sign-in", "email", "practice@example.org", "password", servertest.Password).Wants(200, "/desk/sites/kinds/north")
			taken.token = ""
			return taken
		}, nil},
		{"the tablet was given back", func(label string) stolen {
			b, person := lent(r, tablet, label)
			taken := steal(r, b, person)
			b.Post(b.On("leave")).Wants(200, servertest.KioskPath)
			taken.token = "" // what waits on the tablet is sent later
			return taken
		}, nil},
		{"the tablet was locked, with its ticket hidden", func(label string) stolen {
			b, person := lent(r, tablet, label)
			taken := steal(r, b, person)
			at := servertest.MustURL(r.T, r.URL)
			jar, err := cookiejar.New(nil)
			if err != nil {
				r.T.Fatal(err)
			}
			jar.SetCookies(at, slices.DeleteFunc(b.Client.Jar.Cookies(at), func(c *http.Cookie) bool { return c.Name == "ww_link" }))
			b.Client.Jar = jar
			b.Get(servertest.KioskPath).Wants(200, servertest.KioskPath, "was not given back")
			b.Post(servertest.KioskPath+"lock").Wants(200, servertest.KioskPath, "Enter the PIN").Lacks("was not given back")
			taken.token = ""
			return taken
		}, nil},
		{"the tablet was handed to the next", func(label string) stolen {
			b, person := lent(r, tablet, label)
			taken := steal(r, b, person)
			b.HandTo(r.Enrol(label+"N"), "baseline").Wants(200, "/welcome")
			taken.token = ""
			return taken
		}, nil},
		{"the tablet was given back, and its cookie is adopted", func(label string) stolen {
			b, person := lent(r, tablet, label)
			taken := steal(r, b, person)
			b.Post(b.On("leave")).Wants(200, servertest.KioskPath)
			for _, cookie := range taken.Client.Jar.Cookies(servertest.MustURL(r.T, r.URL)) {
				if cookie.Name == "ww_link" {
					taken.Post(servertest.KioskPath+"adopt", "ticket", cookie.Value, "initials", "mb", "helper", "nobody")
				}
			}
			taken.token = ""
			return taken
		}, nil},
		{"the tablet was revoked", func(label string) stolen {
			b, person := lent(r, tablet, label)
			taken := steal(r, b, person)
			revoke(r)
			return taken
		}, nil},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.take(fmt.Sprintf("P%d", i)).tries(); !slices.Equal(got, tt.may) {
				t.Errorf("somebody %q, want %q", got, tt.may)
			}
		})
	}
}

// A ticket that was adopted once comes back to nobody once the tablet was locked.
func TestAdoptedTicketIsNotAdoptedAgain(t *testing.T) {
	r := servertest.NewRoom(t)
	b, person := lent(r, r.Kiosk("north"), "P1")
	b.Post(b.On("leave")).Wants(200, servertest.KioskPath)
	b.Post(servertest.KioskPath, "pin", servertest.PIN).Wants(200, "/people")
	var loaded struct {
		People []struct{ Ticket, Handle string }
	}
	b.Post(servertest.KioskPath+"load", "person", string(person)+"/baseline")
	if err := json.Unmarshal([]byte(b.HTML), &loaded); err != nil || len(loaded.People) != 1 {
		t.Fatalf("loaded %s, %v, want one person", b.HTML, err)
	}
	adopt := []string{"ticket", loaded.People[0].Ticket, "initials", "mb", "helper", "nobody"}
	for range 2 { // the reply may be lost
		b.Post(servertest.KioskPath+"adopt", adopt...).Wants(204, "/adopt")
	}
	at := "/q/" + loaded.People[0].Handle + "/"
	b.Get(at+"3").Wants(200, "/3")
	b.Post(servertest.KioskPath+"lock").Wants(200, servertest.KioskPath)
	b.Post(servertest.KioskPath+"adopt", adopt...).Wants(401, "/adopt")
	b.Get(at+"3").Wants(200, servertest.KioskPath)
}

// What was typed under a link that was replaced stays on the page and on the device, and arrives with the new one.
func TestReplacedLinkLosesNothing(t *testing.T) {
	r := servertest.NewRoom(t)
	b, person, _ := answered(r, "P1")
	response, bundle := b.Response(), b.Bundle()
	b.Get(response + "3")
	made := r.Invite(person, "baseline")
	b.Send("seq", "2", "ease_2", "4").Wants(401, "/3", "replaced by a newer one", `name="ease_2" type="hidden" value="4"`)
	queued := servertest.Queued(bundle.Token, 1, `{"ease_2":4}`)
	status, said := b.Deliver(http.DefaultClient, response, queued)
	if status != http.StatusUnauthorized || len(said.Receipts) != 0 || !strings.Contains(said.Message, "Open your link again") {
		t.Errorf("delivered by the replaced link: %d %+v, want it to stay on the device", status, said)
	}
	b.Get("/s/"+made.Link).Wants(200, "/3")
	queued = strings.Replace(queued, bundle.Token, b.Bundle().Token, 1)
	if status, said = b.Deliver(http.DefaultClient, response, queued); status != http.StatusOK || said.Receipts[0].State != "received" {
		t.Errorf("delivered by the new link: %d %+v, want it received", status, said)
	}
	if got := r.Answer(person, "baseline", "ease_2"); got != surveys.Number(4) {
		t.Errorf("ease_2 = %+v, want 4", got)
	}
}
