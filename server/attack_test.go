package server_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/store/storetest"
)

// secret is what the person whom everybody is after wrote.
const secret = "What nobody else may read"

// siege is a server with a person of the site south who has answered, and everybody who might want to know what, or change
// it: the team, a practice of the other site, participants, staff, tablets and programs.
type siege struct {
	*servertest.Office
	t      *testing.T
	victim surveys.EnrolmentID
	handle string // of the victim's response
	actors []actor
	fill   []string // pairs of a parameter and what the victim has there
}

// actor is somebody with what they have: a browser's cookies, or a key.
type actor struct {
	name   string
	role   surveys.Role // 0 for whoever has no account
	key    string
	client *servertest.Client
}

// ask sends one request as the actor.
func (a actor) ask(r *http.Request) servertest.Reply {
	if a.key != "" {
		r.Header.Set("Authorization", "Bearer "+a.key)
	}
	return a.client.Do(r)
}

func newSiege(t *testing.T) *siege {
	t.Helper()
	began := time.Now()
	o := servertest.NewOfficeAt(t, func() time.Time { return storetest.Start.Add(time.Since(began)) }, server.Config{}) // when the staff round is open
	storetest.LoadStudy(t, o.Store)
	people := storetest.Enrol(t, o.Store, 4) // north, south, north, south
	s := &siege{Office: o, t: t, victim: people[1]}
	ctx := t.Context()

	begin := func(name string, person surveys.EnrolmentID) (handle string) {
		made, err := o.Store.Invite(ctx, "", person, storetest.Baseline)
		if err != nil {
			t.Fatal(err)
		}
		a := actor{name: name, client: o.Client()}
		to := strings.Split(a.client.Get("/s/"+made.Link).Header.Get("Location"), "/")
		if len(to) != 4 {
			t.Fatalf("%s: the link leads to %v", name, to)
		}
		s.actors = append(s.actors, a)
		return to[2]
	}
	begin("a participant of the same site", people[3])
	begin("a participant of another site", people[0])
	s.handle = begin("the victim", s.victim)
	victim := s.actors[len(s.actors)-1].client
	s.actors = s.actors[:len(s.actors)-1]
	q, err := o.Store.CurrentQuestionnaire(ctx, storetest.Study, storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	note, _ := q.Item("about_note")
	at := fmt.Sprintf("/q/%s/%d", s.handle, note.Index+1)
	servertest.WantStatus(t, "the victim's answer", victim.Post(at, url.Values{"seq": {"1"}, "about_note": {secret}}), http.StatusSeeOther)
	servertest.WantText(t, "the victim's own page", victim.Get(at), secret)

	s.actors = append(s.actors, actor{name: "nobody", client: o.Client()})
	for _, role := range surveys.Roles() {
		s.actors = append(s.actors, actor{name: role.String(), role: role, client: o.As(role)})
	}
	cards, err := o.Store.MakeStaffCodes(ctx, "", storetest.Study, storetest.Round, "south", 1)
	if err != nil {
		t.Fatal(err)
	}
	colleague := o.Client()
	servertest.WantStatus(t, "a card", colleague.Post("/", url.Values{"code": {cards[0]}}), http.StatusSeeOther)
	s.actors = append(s.actors, actor{name: "staff with a card", client: colleague})
	keeper := surveys.NewAccount{Email: "keeper@example.org", Name: "Keeper", Role: surveys.Practice, Study: storetest.Study, Site: "north"}
	if _, err := o.Store.AddAccount(ctx, "", keeper, servertest.Password); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a locked tablet", "an open tablet"} {
		tablet := o.Client()
		tablet.SignIn(keeper.Email, servertest.Password)
		made := tablet.Post("/desk/sites/trial/north/kiosks", url.Values{"name": {name}, "pin": {servertest.PIN}})
		servertest.WantStatus(t, name, made, http.StatusSeeOther)
		if name == "an open tablet" {
			servertest.WantStatus(t, name, tablet.Post(servertest.KioskPath, url.Values{"pin": {servertest.PIN}}), http.StatusSeeOther)
		}
		s.actors = append(s.actors, actor{name: name, client: tablet})
	}
	for name, scope := range map[string]surveys.KeyScope{"a program that may read": surveys.ReadScope, "a program that may submit": surveys.SubmitScope} {
		_, key, err := o.Store.AddKey(ctx, "", storetest.Study, name, scope)
		if err != nil {
			t.Fatal(err)
		}
		s.actors = append(s.actors, actor{name: name, key: key, client: o.Client()})
	}
	slices.SortFunc(s.actors, func(a, b actor) int { return strings.Compare(a.name, b.name) })
	s.fill = []string{":handle", s.handle, ":number", "1", ":study", string(storetest.Study), ":site", "south", ":enrolment", string(s.victim), ":wave", string(storetest.Baseline),
		":mode", "paper", ":file", "en.pdf", ":state", "closed", ":change", "disable", ":name", "participant.css"}
	return s
}

// standing is what must not change: the victim's answers, how far they have left, and what is audited besides signing in and wrong PINs.
func (s *siege) standing() string {
	s.t.Helper()
	occasion, err := s.Store.Occasion(s.t.Context(), s.victim, storetest.Baseline)
	if err != nil {
		s.t.Fatal(err)
	}
	entries, err := s.Store.ListAudit(s.t.Context(), "", "", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	entries = slices.DeleteFunc(entries, func(e surveys.AuditEntry) bool {
		return slices.Contains([]string{"account.sign-in", "kiosk.wait", "access.refuse", "key.refuse"}, e.Action) || strings.HasPrefix(e.Action, "session.") // a wrong PIN leads to a wait
	})
	return fmt.Sprint(occasion.Answers.Origins(), occasion.Answers.Value("about_note"), occasion.Left, occasion.State, occasion.Finished, len(entries))
}

// junk is what stands in forms and addresses that nobody's page sends.
var junk = []string{"", "'; DROP TABLE responses; --", `"><script>alert(1)</script>`, "../../../etc/passwd", "\x00", "\xff\xfe", "-1", "999999999999999999999", "{}", "%s%n", "\u202e", strings.Repeat("a", 5000)}

// attack is one request of somebody who may not make it, or makes it in a way that nobody may.
func (s *siege) attack(random *rand.Rand, r server.Line, a actor) (request *http.Request, crossed bool) {
	pick := func() string { return junk[random.IntN(len(junk))] }
	fill := slices.Clone(s.fill)
	if random.IntN(3) == 0 {
		at := 2*random.IntN(len(fill)/2) + 1
		fill[at] = url.PathEscape(pick())
	}
	fill = append(fill, ":token", "none", ":code", "none", ":account", "none", ":paper", "none", ":kiosk", "none", ":alert", "none")
	path := strings.NewReplacer(fill...).Replace(r.Path)
	if random.IntN(4) == 0 {
		path += "?" + url.Values{"next": {pick()}, "wave": {pick()}, "correct": {"true"}}.Encode()
	}
	if r.Method == http.MethodGet {
		return a.client.Request(r.Method, path, nil), false
	}
	form := url.Values{"seq": {"2"}, "about_note": {"changed"}, "version": {"1"}, "clause": {"take-part"}, "level": {"erasure"}, "reason": {"refusal/declined"}, "handle": {s.handle},
		"form": {"none"}, "pin": {"000001"}, "person": {string(s.victim) + "/baseline"}}
	for name := range form {
		if random.IntN(4) == 0 {
			form.Set(name, pick())
		}
	}
	request = a.client.Request(r.Method, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if random.IntN(5) == 0 {
		request.Header.Set("Content-Type", []string{"application/json", "text/plain", "multipart/form-data; boundary=x", ""}[random.IntN(4)])
	}
	if crossed = random.IntN(4) == 0; crossed {
		request.Header.Set("Sec-Fetch-Site", "cross-site")
	}
	return request, crossed
}

// TestSiege lets everybody ask for everything that is the victim's, in ways that pages ask and in ways that they do not.
// Nobody reads what the victim wrote, nobody who may not changes anything, a page of another site changes nothing for
// anybody, and no request makes the server fail.
func TestSiege(t *testing.T) {
	s := newSiege(t)
	each := storetest.Times(t, "attacks of each of some fifteen kinds of actor at each route", 1, 20)
	random := rand.New(rand.NewPCG(11, 13))
	before, asked := s.standing(), 0
	ends := []string{"/sign-out", "/q/:handle/leave", servertest.KioskPath} // of what actors are
	for _, r := range s.Server.Table() {
		for _, a := range s.actors {
			if each == 1 && random.IntN(6) > 0 { // a part of them, another at each route
				continue
			}
			may := a.role != 0 && slices.Contains(r.Roles, a.role)
			for range each {
				request, crossed := s.attack(random, r, a)
				if r.Method == http.MethodPost && !crossed && (may || slices.Contains(ends, r.Path)) {
					continue // it is theirs to do
				}
				what := fmt.Sprintf("%s: %s %s", a.name, r.Method, request.URL)
				got := a.ask(request)
				asked++
				if got.Status >= 500 {
					t.Errorf("%s: status %d", what, got.Status)
				}
				if strings.Contains(got.Body, secret) {
					t.Errorf("%s shows what the victim wrote", what)
				}
				if len(r.Roles) > 0 && !may && got.Status < 300 {
					t.Errorf("%s: status %d, want it refused", what, got.Status)
				}
				if crossed && a.key == "" && got.Status < 400 {
					t.Errorf("%s from another site's page: status %d, want it refused", what, got.Status)
				}
			}
		}
		if now := s.standing(); now != before {
			t.Fatalf("after attacks at %s %s there is %q, want %q", r.Method, r.Path, now, before)
		}
	}
	for _, a := range s.actors {
		if to := a.client.Get("/home").Header.Get("Location"); a.role != 0 && (to == "" || strings.HasPrefix(to, "/sign-in")) {
			t.Errorf("%s is sent to %q in the end, and so was nobody for some of it", a.name, to)
		}
	}
	if asked < 200*each {
		t.Errorf("%d attacks, want more", asked)
	}
	t.Logf("%d attacks on %d routes by %d actors", asked, len(s.Server.Table()), len(s.actors))
}
