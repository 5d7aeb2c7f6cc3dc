package participant_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"wellwave/server/servertest"
	"wellwave/surveys"
)

func TestKioskIsHandedFromOneToTheNext(t *testing.T) {
	r, last := servertest.NewLedgerRoom(t)
	first, second := r.Enrol("P1"), r.Enrol("P2")
	b := r.Kiosk("north")
	if n := len(r.AuditOf("kiosk.create")); n != 1 {
		t.Errorf("%d tablets in the audit trail, want one", n)
	}
	// The account does not stay.
	b.Get("/desk").Wants(200, "/sign-in")
	b.Get("/office").Wants(200, "/sign-in")

	b.Get(servertest.KioskPath).Post(servertest.KioskPath, "pin", servertest.PIN).Wants(200, "/people", "<strong>P1</strong>", "<strong>P2</strong>")
	b.Get(servertest.HandOverPath(first, "baseline")).Send("initials", "Maria Brown", "helper", "nobody").Wants(400, "", "1 to 6 letters or digits", `value="Maria Brown"`)
	b.Send("initials", "mb").Wants(400, "", "Choose who helps with the answers.")
	b.Send("initials", "mb", "helper", "a neighbour").Wants(400, "", "Choose one of the options.")
	b.Send("initials", "mb", "helper", "links-practitioner").Wants(403, "", "links practitioners do not hand the tablet over")
	b.Send("initials", "mb", "helper", "nobody", "colleague", "links-practitioner").Wants(403, "")
	b.Send("initials", "mb", "helper", "interpreter").Wants(200, "/welcome", "Stop here and give the tablet back", "kiosk.js", `role="alertdialog"`).
		Lacks("keep a copy")
	handle := strings.Split(b.Path, "/")[2]
	b.Post("/q/"+handle+"/consent", "version", "2", "clause", "take-part").Wants(200, "/1")
	b.Get("/q/"+handle+"/2").Send("ease_1", "3").Wants(200, "/3")
	b.Get("/q/"+handle+"/2").Wants(200, "/2", `value="3" checked`)
	b.Get("/q/"+handle+"/agreed.pdf").Wants(200, "/3") // nothing to keep on somebody else's device

	// What is stored with the answers: the kiosk, who helped, and who handed it over.
	entry := last()
	for _, want := range []string{`"mode":"kiosk"`, `"helper":"interpreter"`, `"place":"practice"`, `"hand_over":"`} {
		if !strings.Contains(entry, want) {
			t.Errorf("the ledger has %s, want %s in it", entry, want)
		}
	}
	overs := r.HandOvers(first)
	if len(overs) != 1 || overs[0].Initials != "MB" || overs[0].Helper != "interpreter" || overs[0].Colleague != surveys.PracticeColleague ||
		!strings.Contains(entry, `"hand_over":"`+string(overs[0].ID)+`"`) {
		t.Errorf("handed over %+v, want the one time that the ledger names", overs)
	}
	if audit := r.AuditOf("kiosk.hand-over"); len(audit) != 1 || strings.Contains(audit[0].Detail, "MB") {
		t.Errorf("handing over left %+v in the audit trail, want one entry without initials", audit)
	}

	// A participant who has the kiosk cannot reach the practice's pages, and is led back to their own.
	b.Get(servertest.KioskPath+"people").Wants(403, "/people", "This page is for the practice", "/q/"+handle+"/").Lacks("P2", "P1")
	b.Get(servertest.HandOverPath(second, "baseline")).Wants(403, "/baseline").Lacks("P2")
	b.Get("/").Wants(403, servertest.KioskPath, "This page is for the practice", "/q/"+handle+"/", "Stop here and give the tablet back").Lacks("PIN")
	b.Get("/q/"+handle+"/3").Wants(200, "/3", "How easy") // asking has changed nothing
	b.Post("/no/such/page?reading", "read-large", "on").Wants(404, "")
	b.Post("/q/"+handle+"/leave").Wants(200, servertest.KioskPath, "PIN").Lacks("ww-page--large") // which ends the ticket
	b.Get("/q/"+handle+"/3").Wants(200, servertest.KioskPath).Lacks("How easy")                   // and nothing is left of it
	b.Post("/q/"+handle+"/3", "ease_2", "4").Wants(401, "/3", "Open your link again")
	b.Get(servertest.KioskPath+"people").Wants(200, servertest.KioskPath) // locked

	b.HandTo(second, "baseline").Wants(200, "/welcome")
	other := strings.Split(b.Path, "/")[2]
	b.Post("/q/"+handle+"/2", "ease_1", "1").Wants(409, "/2", "This page belongs to another link")
	b.Get("/q/"+handle+"/2").Wants(200, "/q/"+other+"/welcome")
	if got := r.Answer(first, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v, want 3: nobody else may write there", got)
	}
	b.Post("/q/"+other+"/leave").Wants(200, servertest.KioskPath)

	// The first goes on where they stopped, and sees nothing of before.
	b.HandTo(first, "baseline", "helper", "family").Wants(200, "/3")
	b.Get("/q/"+handle+"/2").Wants(200, "/2", "You were asked this earlier").Lacks("checked")
	b.Post("/q/"+handle+"/check").Wants(200, "/thanks", "Please give the tablet back now.").Lacks("Stop here", "You can close this page")
	b.Post("/q/"+handle+"/leave").Wants(200, servertest.KioskPath)
	b.Post(servertest.KioskPath, "pin", servertest.PIN).Wants(200, "/people", "<strong>P2</strong>").Lacks("<strong>P1</strong>")
}

func TestPINsCannotBeGuessed(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.Kiosk("north")
	for range 4 {
		b.Post(servertest.KioskPath, "pin", "000001").Wants(403, servertest.KioskPath, "This is not the PIN")
	}
	b.Post(servertest.KioskPath, "pin", "000001").Wants(403, servertest.KioskPath, "looked at from 09:01:01")
	b.Post(servertest.KioskPath, "pin", servertest.PIN).Wants(429, servertest.KioskPath, "was not looked at")
	if n := len(r.AuditOf("kiosk.wait")); n != 1 {
		t.Errorf("%d waits in the audit trail, want one", n)
	}
	r.Now = r.Now.Add(61 * time.Second)
	b.Post(servertest.KioskPath, "pin", "000002").Wants(403, servertest.KioskPath)
	r.Now = r.Now.Add(61 * time.Second)
	b.Post(servertest.KioskPath, "pin", servertest.PIN).Wants(429, servertest.KioskPath) // each wait is twice as long
	r.Now = r.Now.Add(60 * time.Second)
	b.Post(servertest.KioskPath, "pin", servertest.PIN).Wants(200, "/people")
	r.Now = r.Now.Add(surveys.KioskUnlockLife)
	b.Get(servertest.KioskPath+"people").Wants(200, servertest.KioskPath) // nobody came
}

func TestKioskKeepsToItsSite(t *testing.T) {
	r := servertest.NewRoom(t)
	own := r.Enrol("P1")
	stranger, err := r.Store.Enrol(context.Background(), "", surveys.NewEnrolment{Study: "kinds", Site: "south", Label: "S1"})
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours := r.Invite(stranger.ID, "baseline"), r.Invite(own, "baseline")
	b := r.Kiosk("north").Post(servertest.KioskPath, "pin", servertest.PIN).Wants(200, "/people").Lacks("S1")
	b.Get(servertest.HandOverPath(stranger.ID, "baseline")).Wants(404, "").Lacks("S1")
	b.Post(servertest.HandOverPath(stranger.ID, "baseline"), "initials", "mb", "helper", "nobody").Wants(404, "")
	b.Get(servertest.HandOverPath(own, "round-1")).Wants(404, "")
	for _, code := range []string{theirs.Code, theirs.Link, "ABC", ""} {
		b.Post(servertest.KioskPath+"people", "code", code).Wants(404, "/people", "not one of somebody at this practice")
	}
	b.Post(servertest.KioskPath+"people", "code", strings.ToLower(ours.Code)).Wants(200, "/baseline", "P1", "Hand the tablet over")
	b.Post(servertest.KioskPath+"people", "code", "https://study.example.org/s/"+ours.Link).Wants(200, "/baseline", "P1")
	b.Get("/s/"+ours.Link).Wants(200, "/baseline", "P1")                 // the camera opens it
	b.Get(servertest.KioskPath).Wants(200, "/people", "Lock the tablet") // what is open is shown, and locked by a button
	for range 2 {
		b.Post(servertest.KioskPath+"lock").Wants(200, servertest.KioskPath, "Enter the PIN")
	}
	b.Get("/s/"+ours.Link).Wants(200, servertest.KioskPath)

	// A practice sets up and revokes its own kiosks alone, and other roles none.
	other := r.SignedIn(surveys.Practice, "south")
	other.Get("/desk/sites/kinds/north/kiosks").Wants(404, "")
	other.Post("/desk/sites/kinds/north/kiosks", "name", "Theirs", "pin", servertest.PIN).Wants(404, "")
	devices, err := r.Store.ListKiosks(context.Background(), "kinds", "north")
	if err != nil || len(devices) != 1 {
		t.Fatalf("ListKiosks() = %+v, %v, want one", devices, err)
	}
	for _, site := range []string{"north", "south"} {
		other.Post("/desk/sites/kinds/"+site+"/kiosks/"+string(devices[0].ID)+"/revoke").Wants(404, "")
	}
	r.SignedIn(surveys.Interviewer, "").Get("/desk/sites/kinds/north/kiosks").Wants(403, "")
	b.Get(servertest.KioskPath).Wants(200, servertest.KioskPath, "Enter the PIN")

	// One site's cookie under another's name is nobody's.
	for _, cookie := range b.Client.Jar.Cookies(servertest.MustURL(t, r.URL)) {
		if cookie.Name != "ww_kiosk" {
			continue
		}
		cookie.Value = cookie.Value[:len(cookie.Value)-2] + "xx"
		b.Client.Jar.SetCookies(servertest.MustURL(t, r.URL), []*http.Cookie{cookie})
	}
	b.Get(servertest.KioskPath).Wants(401, servertest.KioskPath, "This tablet is not set up")
}

func TestKioskEnds(t *testing.T) {
	r, last := servertest.NewLedgerRoom(t)
	person := r.Enrol("P1")
	b := r.Kiosk("north").HandTo(person, "baseline").Wants(200, "/welcome")
	handle := strings.Split(b.Path, "/")[2]
	b.Post("/q/"+handle+"/consent", "version", "2", "clause", "take-part").Wants(200, "/1")
	bundle, response := b.Bundle(), b.Response()
	account := r.SignedIn(surveys.Administrator, "")
	account.Get("/desk/sites/kinds/north/kiosks").Wants(200, "/kiosks", "Waiting room", "in use")
	devices, _ := r.Store.ListKiosks(context.Background(), "kinds", "north")
	account.Post("/desk/sites/kinds/north/kiosks/"+string(devices[0].ID)+"/revoke").Wants(200, "/kiosks", "revoked on")
	if n := len(r.AuditOf("kiosk.revoke")); n != 1 {
		t.Errorf("%d revocations in the audit trail, want one", n)
	}
	b.Get(servertest.KioskPath).Wants(401, servertest.KioskPath, "This tablet is not set up", "are not lost")
	b.Post(servertest.KioskPath, "pin", servertest.PIN).Wants(401, servertest.KioskPath)

	// What waited on it is delivered anyway, as answers from a kiosk, and kept aside: it changes nothing, and the team hears of it.
	status, said := b.Deliver(http.DefaultClient, response, servertest.Queued(bundle.Token, 1, `{"ease_1":2}`))
	if status != 200 || said.Receipts[0].State != "received" || !strings.Contains(said.Receipts[0].Message, "no longer in use") || !strings.Contains(last(), `"mode":"kiosk"`) {
		t.Errorf("deliver: %d %+v, %s, want it kept as a tablet's", status, said, last())
	}
	if got, told := r.Answer(person, "baseline", "ease_1"), r.AuditOf("response.keep-aside"); got.Given() || len(told) != 1 || told[0].Object != string(person) {
		t.Errorf("ease_1 = %+v with entries %+v, want it unanswered and one entry", got, told)
	}

	old := r.Kiosk("south")
	r.Now = r.Now.Add(surveys.KioskLife)
	old.Get(servertest.KioskPath).Wants(401, servertest.KioskPath)
}

func TestSetUpOfAKiosk(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.SignedIn(surveys.Practice, "north")
	at := "/desk/sites/kinds/north/kiosks"
	b.Get("/desk/sites/kinds/north").Wants(200, "", at)
	b.Get(at).Wants(200, "/kiosks", "Set this device up")
	for pin, want := range map[string]string{"": "6 to 12 digits", "12a456": "6 to 12 digits", "12345": "6 to 12 digits",
		"123456": "too easy", "987654": "too easy", "777777": "too easy"} {
		b.Post(at, "name", "Desk", "pin", pin).Wants(400, "/kiosks", want).Lacks(`value="` + pin + `6`)
	}
	b.Post(at, "name", "", "pin", servertest.PIN).Wants(400, "/kiosks", "Give the tablet a name")
	if n := len(r.AuditOf("kiosk.create")); n != 0 {
		t.Errorf("%d tablets were set up, want none", n)
	}
	// Another site's page cannot make a browser send the PIN screen's form.
	kiosk := r.Kiosk("south")
	request, err := http.NewRequest(http.MethodPost, r.URL+servertest.KioskPath, strings.NewReader(url.Values{"pin": {servertest.PIN}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	kiosk.Read(kiosk.Client.Do(request))
	kiosk.Wants(403, servertest.KioskPath, "sent from another website")
	// Nor can it lock the tablet.
	kiosk.Post(servertest.KioskPath, "pin", servertest.PIN).Wants(200, "/people")
	request.URL.Path, request.Body = servertest.KioskPath+"lock", http.NoBody
	kiosk.Read(kiosk.Client.Do(request))
	kiosk.Wants(403, "/lock", "sent from another website")
	kiosk.Get(servertest.KioskPath+"people").Wants(200, "/people", "Who is next?")
}

// An account that signs in on the kiosk is signed out when it is handed over.
func TestHandingOverSignsOut(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Kiosk("north")
	b.Post("/sign-in", "email", "practicenorth@example.org", "password", servertest.Password).Wants(200, "/desk/sites/kinds/north")
	b.HandTo(person, "baseline").Wants(200, "/welcome")
	b.Get("/desk/sites/kinds/north").Wants(200, "/sign-in")
}

func TestLentSessionIsShort(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.Kiosk("north").HandTo(r.Enrol("P1"), "baseline").Wants(200, "/welcome")
	question := b.Path
	r.Now = r.Now.Add(surveys.HandOverLife + time.Second)
	b.Get(question).Wants(200, servertest.KioskPath)
}

// A kiosk hands somebody over without a network, and tells so with the answers or when it can ask for pages again.
func TestLoadedPeople(t *testing.T) {
	r, last := servertest.NewLedgerRoom(t)
	agreed, undecided := r.Enrol("P1"), r.Enrol("P2")
	r.Browser().Begin(r.Invite(agreed, "baseline").Link)
	b := r.Kiosk("north")
	ask := []string{"person", string(agreed) + "/baseline", "person", string(undecided) + "/baseline", "person", string(agreed) + "/sheet"}
	b.Post(servertest.KioskPath+"load", ask...).Wants(200, servertest.KioskPath) // locked
	b.Post(servertest.KioskPath, "pin", servertest.PIN).Post(servertest.KioskPath+"load", ask...)
	var loaded struct {
		People []struct {
			Label, Title, Handle, Ticket string
			Bundle                       servertest.Bundle
		}
		Skipped int
	}
	if err := json.Unmarshal([]byte(b.HTML), &loaded); err != nil {
		t.Fatal(err)
	}
	if len(loaded.People) != 1 || loaded.People[0].Label != "P1" || loaded.Skipped != 2 {
		t.Fatalf("loaded %d people and skipped %d, want P1 and two who need the network", len(loaded.People), loaded.Skipped)
	}
	one := loaded.People[0]
	for _, name := range []string{"kiosk.js", "kiosk.css"} {
		if !slices.ContainsFunc(one.Bundle.Assets, func(a string) bool { return strings.Contains(a, name) }) {
			t.Errorf("the bundle's assets %v lack %s", one.Bundle.Assets, name)
		}
	}
	stranger, err := r.Store.Enrol(context.Background(), "", surveys.NewEnrolment{Study: "kinds", Site: "south", Label: "S1"})
	if err != nil {
		t.Fatal(err)
	}
	b.Post(servertest.KioskPath+"load", "person", string(stranger.ID)+"/baseline").Wants(404, "")
	b.Get(servertest.KioskPath+"offline.json").Wants(200, "/offline.json", `"pin":`, `"people":`, `"hand":`).Lacks("P1", servertest.PIN)

	// The answers come first, with how the kiosk was handed over an hour before.
	at := r.Now.Add(-time.Hour)
	note, err := json.Marshal(map[string]any{"initials": "mb", "colleague": "", "helper": "family", "at": at.UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	token := one.Bundle.Token + "~" + base64.StdEncoding.EncodeToString(note)
	response := "/q/" + one.Handle + "/"
	for seq, answers := range []string{`{"ease_1":2}`, `{"ease_2":4}`} {
		body := strings.Replace(servertest.Queued(token, seq+1, answers), `"token"`, `"now":`+strconv.FormatInt(r.Now.UnixMilli(), 10)+`,"token"`, 1)
		if status, said := b.Deliver(http.DefaultClient, response, body); status != 200 || said.Receipts[0].State != "received" {
			t.Fatalf("deliver: %d %+v", status, said)
		}
	}
	overs := r.HandOvers(agreed)
	if len(overs) != 1 || overs[0].Initials != "MB" || !overs[0].At.Equal(at) {
		t.Fatalf("handed over %+v, want once, an hour ago", overs)
	}
	for _, want := range []string{`"helper":"family"`, `"hand_over":"` + string(overs[0].ID) + `"`} {
		if !strings.Contains(last(), want) {
			t.Errorf("the ledger has %s, want %s in it", last(), want)
		}
	}

	// A wrong report is left out; the answers count.
	liar := one.Bundle.Token + "~" + base64.StdEncoding.EncodeToString([]byte(`{"initials":"Maria Brown","helper":"a neighbour"}`))
	if status, said := b.Deliver(http.DefaultClient, response, servertest.Queued(liar, 3, `{"happy":1}`)); status != 200 || said.Receipts[0].State != "received" || !strings.Contains(last(), `"mode":"kiosk"`) || strings.Contains(last(), "neighbour") {
		t.Errorf("deliver: %d %+v, %s", status, said, last())
	}

	// The ticket becomes theirs, on this kiosk only.
	adopt := []string{"ticket", one.Ticket, "initials", "mb", "helper", "family", "at", strconv.FormatInt(at.UnixMilli(), 10), "now", strconv.FormatInt(r.Now.UnixMilli(), 10)}
	r.Kiosk("south").Post(servertest.KioskPath+"adopt", adopt...).Wants(403, "/adopt")
	r.Browser().Post(servertest.KioskPath+"adopt", adopt...).Wants(401, "/adopt")
	b.Post(servertest.KioskPath+"adopt", "ticket", "forged", "initials", "mb", "helper", "family").Wants(403, "/adopt")
	b.Post("/no/such/page?reading", "read-large", "on") // by the person before
	b.Post(servertest.KioskPath+"adopt", adopt...).Wants(204, "/adopt")
	b.Get(response+"check").Wants(200, "/check", "Asked earlier").Lacks("ww-page--large")
	if n := len(r.AuditOf("kiosk.hand-over")); n != 1 {
		t.Errorf("%d handings-over in the audit trail, want one however often it is told", n)
	}
}

// Somebody who gives the kiosk back without a network leaves their way of reading in a cookie that the worker cannot take away.
func TestKioskForgetsHowTheOneBeforeReads(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Kiosk("north")
	b.Post("/no/such/page?reading", "read-large", "on", "language", "ar").Wants(404, "/no/such/page", "ww-page--large")
	b.Post(servertest.KioskPath, "pin", servertest.PIN).Wants(200, "/people")
	b.Get(servertest.HandOverPath(person, "baseline")).Send("initials", "mb", "helper", "nobody").Wants(200, "/welcome", `lang="en-GB"`).Lacks("ww-page--large")
}

// A colleague's card that was opened on a kiosk is no handing-over, and is given back from where the PIN would be.
func TestKioskIsNotShownLockedWithAStaffCardOpen(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.Kiosk("north")
	cards, err := r.Store.MakeStaffCodes(t.Context(), "", "kinds", "round-1", "north", 1)
	if err != nil {
		t.Fatal(err)
	}
	b.Post("/", "code", cards[0]).Wants(200, "/staff/")
	b.Get("/").Wants(403, servertest.KioskPath, "This page is for the practice", `href="/staff/"`, `action="/q/kiosk/lock"`).Lacks("PIN")
	b.Post(servertest.KioskPath+"lock").Wants(200, servertest.KioskPath, "Enter the PIN")
	b.Get("/staff/").Wants(200, servertest.KioskPath)
}

// Nobody else's pages grow by what a kiosk needs.
func TestOnlyKiosksGetTheirScript(t *testing.T) {
	r := servertest.NewRoom(t)
	link := r.Invite(r.Enrol("P1"), "baseline").Link
	b := r.Browser().Begin(link)
	b.Lacks("kiosk")
	plain := b.Get("/q/sw.js").Wants(200, "/sw.js").HTML
	kiosk := r.Kiosk("north")
	if lent := kiosk.Get("/q/sw.js").HTML; len(lent) <= len(plain) || !strings.Contains(lent, servertest.KioskPath) || strings.Contains(plain, servertest.KioskPath) {
		t.Error("the tablet's worker must be the ordinary one and more, and only the tablet's")
	}
}
