package server

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

	"wellwave/surveys"
)

func TestTabletIsHandedFromOneToTheNext(t *testing.T) {
	r, last := newLedgerRoom(t)
	first, second := r.enrol("P1"), r.enrol("P2")
	b := r.tablet("north")
	if n := len(r.auditOf("kiosk.create")); n != 1 {
		t.Errorf("%d tablets in the audit trail, want one", n)
	}
	// The account does not stay.
	b.get("/desk").wants(200, "/sign-in")
	b.get("/office").wants(200, "/sign-in")

	b.get(testKiosk).post(testKiosk, "pin", testPIN).wants(200, "/people", "<strong>P1</strong>", "<strong>P2</strong>")
	b.get(handOverTo(first, "baseline")).send("initials", "Maria Brown", "helper", "nobody").wants(400, "", "1 to 6 letters or digits", `value="Maria Brown"`)
	b.send("initials", "mb").wants(400, "", "Choose who helps with the answers.")
	b.send("initials", "mb", "helper", "a neighbour").wants(400, "", "Choose one of the options.")
	b.send("initials", "mb", "helper", "links-practitioner").wants(403, "", "links practitioners do not hand the tablet over")
	b.send("initials", "mb", "helper", "nobody", "colleague", "links-practitioner").wants(403, "")
	b.send("initials", "mb", "helper", "interpreter").wants(200, "/welcome", "Stop here and give the tablet back", "kiosk.js", `role="alertdialog"`).
		lacks("keep a copy")
	handle := strings.Split(b.path, "/")[2]
	b.post("/q/"+handle+"/consent", "version", "2", "clause", "take-part").wants(200, "/1")
	b.get("/q/"+handle+"/2").send("ease_1", "3").wants(200, "/3")
	b.get("/q/"+handle+"/2").wants(200, "/2", `value="3" checked`)
	b.get("/q/"+handle+"/agreed.pdf").wants(200, "/3") // nothing to keep on somebody else's device

	// What stands with the answers: the tablet, who helped, and who handed it over.
	entry := last()
	for _, want := range []string{`"mode":"kiosk"`, `"helper":"interpreter"`, `"place":"practice"`, `"hand_over":"`} {
		if !strings.Contains(entry, want) {
			t.Errorf("the ledger has %s, want %s in it", entry, want)
		}
	}
	overs, err := r.store.ListHandOvers(context.Background(), first)
	if err != nil || len(overs) != 1 || overs[0].Initials != "MB" || overs[0].Helper != "interpreter" || overs[0].Colleague != surveys.PracticeColleague ||
		!strings.Contains(entry, `"hand_over":"`+string(overs[0].ID)+`"`) {
		t.Errorf("ListHandOvers() = %+v, %v, want the one that the ledger names", overs, err)
	}
	if audit := r.auditOf("kiosk.hand-over"); len(audit) != 1 || strings.Contains(audit[0].Detail, "MB") {
		t.Errorf("handing over left %+v in the audit trail, want one entry without initials", audit)
	}

	// Whoever has the tablet cannot reach the practice's pages, and is led back to their own.
	b.get(testKiosk+"people").wants(403, "/people", "This page is for the practice", "/q/"+handle+"/").lacks("P2", "P1")
	b.get(handOverTo(second, "baseline")).wants(403, "/baseline").lacks("P2")
	b.get("/").wants(200, testKiosk)                                   // which ends the session
	b.get("/q/"+handle+"/3").wants(200, testKiosk).lacks("getting up") // and nothing is left of it
	b.post("/q/"+handle+"/3", "ease_2", "4").wants(401, "/3", "Open your link again")
	b.get(testKiosk+"people").wants(200, testKiosk) // locked

	b.handTo(second, "baseline").wants(200, "/welcome")
	other := strings.Split(b.path, "/")[2]
	b.post("/q/"+handle+"/2", "ease_1", "1").wants(409, "/2", "This page belongs to another link")
	b.get("/q/"+handle+"/2").wants(200, "/q/"+other+"/welcome")
	if got := r.answer(first, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v, want 3: nobody else may write there", got)
	}
	b.post("/q/"+other+"/leave").wants(200, testKiosk)

	// The first goes on where they stopped, and sees nothing of before.
	b.handTo(first, "baseline", "helper", "family").wants(200, "/3")
	b.get("/q/"+handle+"/2").wants(200, "/2", "You answered this earlier").lacks("checked")
	b.post("/q/"+handle+"/check").wants(200, "/thanks", "Please give the tablet back now.").lacks("Stop here", "You can close this page")
	b.post("/q/"+handle+"/leave").wants(200, testKiosk)
	b.post(testKiosk, "pin", testPIN).wants(200, "/people", "<strong>P2</strong>").lacks("<strong>P1</strong>")
}

func TestPINsCannotBeGuessed(t *testing.T) {
	r := newRoom(t)
	b := r.tablet("north")
	for range 4 {
		b.post(testKiosk, "pin", "000001").wants(403, testKiosk, "This is not the PIN")
	}
	b.post(testKiosk, "pin", "000001").wants(403, testKiosk, "looked at from 09:01:01")
	b.post(testKiosk, "pin", testPIN).wants(429, testKiosk, "was not looked at")
	if n := len(r.auditOf("kiosk.wait")); n != 1 {
		t.Errorf("%d waits in the audit trail, want one", n)
	}
	r.now = r.now.Add(61 * time.Second)
	b.post(testKiosk, "pin", "000002").wants(403, testKiosk)
	r.now = r.now.Add(61 * time.Second)
	b.post(testKiosk, "pin", testPIN).wants(429, testKiosk) // each wait is twice as long
	r.now = r.now.Add(60 * time.Second)
	b.post(testKiosk, "pin", testPIN).wants(200, "/people")
	r.now = r.now.Add(surveys.KioskUnlockLife)
	b.get(testKiosk+"people").wants(200, testKiosk) // nobody came
}

func TestTabletKeepsToItsSite(t *testing.T) {
	r := newRoom(t)
	own := r.enrol("P1")
	stranger, err := r.store.Enrol(context.Background(), "", surveys.NewEnrolment{Study: "kinds", Site: "south", Label: "S1"})
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours := r.invite(stranger.ID, "baseline"), r.invite(own, "baseline")
	b := r.tablet("north").post(testKiosk, "pin", testPIN).wants(200, "/people").lacks("S1")
	b.get(handOverTo(stranger.ID, "baseline")).wants(404, "").lacks("S1")
	b.post(handOverTo(stranger.ID, "baseline"), "initials", "mb", "helper", "nobody").wants(404, "")
	b.get(handOverTo(own, "round-1")).wants(404, "")
	for _, code := range []string{theirs.Code, theirs.Link, "ABC", ""} {
		b.post(testKiosk+"people", "code", code).wants(404, "/people", "not one of somebody at this practice")
	}
	b.post(testKiosk+"people", "code", strings.ToLower(ours.Code)).wants(200, "/baseline", "P1", "Hand the tablet over")
	b.post(testKiosk+"people", "code", "https://study.example.org/s/"+ours.Link).wants(200, "/baseline", "P1")
	b.get("/s/"+ours.Link).wants(200, "/baseline", "P1") // the camera opens it
	b.get(testKiosk).get("/s/"+ours.Link).wants(200, testKiosk)

	// A practice sets up and revokes its own tablets alone, and other roles none.
	other := r.signedIn(surveys.Practice, "south")
	other.get("/desk/sites/kinds/north/kiosks").wants(404, "")
	other.post("/desk/sites/kinds/north/kiosks", "name", "Theirs", "pin", testPIN).wants(404, "")
	devices, err := r.store.ListKiosks(context.Background(), "kinds", "north")
	if err != nil || len(devices) != 1 {
		t.Fatalf("ListKiosks() = %+v, %v, want one", devices, err)
	}
	for _, site := range []string{"north", "south"} {
		other.post("/desk/sites/kinds/"+site+"/kiosks/"+string(devices[0].ID)+"/revoke").wants(404, "")
	}
	r.signedIn(surveys.Interviewer, "").get("/desk/sites/kinds/north/kiosks").wants(403, "")
	b.get(testKiosk).wants(200, testKiosk, "Enter the PIN")

	// One site's cookie under another's name is nobody's.
	for _, cookie := range b.client.Jar.Cookies(mustURL(t, r.url)) {
		if cookie.Name != "ww_kiosk" {
			continue
		}
		cookie.Value = cookie.Value[:len(cookie.Value)-2] + "xx"
		b.client.Jar.SetCookies(mustURL(t, r.url), []*http.Cookie{cookie})
	}
	b.get(testKiosk).wants(401, testKiosk, "This tablet is not set up")
}

func TestTabletEnds(t *testing.T) {
	r, last := newLedgerRoom(t)
	b := r.tablet("north").handTo(r.enrol("P1"), "baseline").wants(200, "/welcome")
	handle := strings.Split(b.path, "/")[2]
	b.post("/q/"+handle+"/consent", "version", "2", "clause", "take-part").wants(200, "/1")
	bundle, response := b.bundle(), b.response()
	account := r.signedIn(surveys.Administrator, "")
	account.get("/desk/sites/kinds/north/kiosks").wants(200, "/kiosks", "Waiting room", "in use")
	devices, _ := r.store.ListKiosks(context.Background(), "kinds", "north")
	account.post("/desk/sites/kinds/north/kiosks/"+string(devices[0].ID)+"/revoke").wants(200, "/kiosks", "revoked on")
	if n := len(r.auditOf("kiosk.revoke")); n != 1 {
		t.Errorf("%d revocations in the audit trail, want one", n)
	}
	b.get(testKiosk).wants(401, testKiosk, "This tablet is not set up", "are not lost")
	b.post(testKiosk, "pin", testPIN).wants(401, testKiosk)

	// What waited on it is delivered all the same, as answers from a tablet.
	status, said := b.deliver(http.DefaultClient, response, queued(bundle.Token, 1, `{"ease_1":2}`))
	if status != 200 || said.Receipts[0].State != "received" || !strings.Contains(last(), `"mode":"kiosk"`) {
		t.Errorf("deliver: %d %+v, %s, want it received as a tablet's", status, said, last())
	}

	old := r.tablet("south")
	r.now = r.now.Add(surveys.KioskLife)
	old.get(testKiosk).wants(401, testKiosk)
}

func TestSetUpOfATablet(t *testing.T) {
	r := newRoom(t)
	b := r.signedIn(surveys.Practice, "north")
	at := "/desk/sites/kinds/north/kiosks"
	b.get("/desk/sites/kinds/north").wants(200, "", at)
	b.get(at).wants(200, "/kiosks", "Set this device up")
	for pin, want := range map[string]string{"": "6 to 12 digits", "12a456": "6 to 12 digits", "12345": "6 to 12 digits",
		"123456": "too easy", "987654": "too easy", "777777": "too easy"} {
		b.post(at, "name", "Desk", "pin", pin).wants(400, "/kiosks", want).lacks(`value="` + pin + `6`)
	}
	b.post(at, "name", "", "pin", testPIN).wants(400, "/kiosks", "Give the tablet a name")
	if n := len(r.auditOf("kiosk.create")); n != 0 {
		t.Errorf("%d tablets were set up, want none", n)
	}
	// Another site's page cannot make a browser send the PIN screen's form.
	tablet := r.tablet("south")
	request, err := http.NewRequest(http.MethodPost, r.url+testKiosk, strings.NewReader(url.Values{"pin": {testPIN}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	tablet.read(tablet.client.Do(request))
	tablet.wants(403, testKiosk, "sent from another website")
}

// An account that signs in on the tablet is signed out when it is handed over.
func TestHandingOverSignsOut(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.tablet("north")
	b.post("/sign-in", "email", "practicenorth@example.org", "password", testPassword).wants(200, "/desk/sites/kinds/north")
	b.handTo(person, "baseline").wants(200, "/welcome")
	b.get("/desk/sites/kinds/north").wants(200, "/sign-in")
}

func TestLentSessionIsShort(t *testing.T) {
	r := newRoom(t)
	b := r.tablet("north").handTo(r.enrol("P1"), "baseline").wants(200, "/welcome")
	question := b.path
	r.now = r.now.Add(surveys.HandOverLife + time.Second)
	b.get(question).wants(200, testKiosk)
}

// A tablet hands somebody over without a network, and tells so with the answers or when it can ask for pages again.
func TestLoadedPeople(t *testing.T) {
	r, last := newLedgerRoom(t)
	agreed, undecided := r.enrol("P1"), r.enrol("P2")
	r.browser().begin(r.invite(agreed, "baseline").Link)
	b := r.tablet("north")
	ask := []string{"person", string(agreed) + "/baseline", "person", string(undecided) + "/baseline", "person", string(agreed) + "/sheet"}
	b.post(testKiosk+"load", ask...).wants(200, testKiosk) // locked
	b.post(testKiosk, "pin", testPIN).post(testKiosk+"load", ask...)
	var loaded struct {
		People []struct {
			Label, Title, Handle, Ticket string
			Bundle                       workerBundle
		}
		Skipped int
	}
	if err := json.Unmarshal([]byte(b.html), &loaded); err != nil {
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
	stranger, err := r.store.Enrol(context.Background(), "", surveys.NewEnrolment{Study: "kinds", Site: "south", Label: "S1"})
	if err != nil {
		t.Fatal(err)
	}
	b.post(testKiosk+"load", "person", string(stranger.ID)+"/baseline").wants(404, "")
	b.get(testKiosk+"offline.json").wants(200, "/offline.json", `"pin":`, `"people":`, `"hand":`).lacks("P1", testPIN)

	// The answers come first, with how the tablet was handed over an hour before.
	at := r.now.Add(-time.Hour)
	note, err := json.Marshal(map[string]any{"initials": "mb", "colleague": "", "helper": "family", "at": at.UnixMilli()})
	if err != nil {
		t.Fatal(err)
	}
	token := one.Bundle.Token + "~" + base64.StdEncoding.EncodeToString(note)
	response := "/q/" + one.Handle + "/"
	for seq, answers := range []string{`{"ease_1":2}`, `{"ease_2":4}`} {
		body := strings.Replace(queued(token, seq+1, answers), `"token"`, `"now":`+strconv.FormatInt(r.now.UnixMilli(), 10)+`,"token"`, 1)
		if status, said := b.deliver(http.DefaultClient, response, body); status != 200 || said.Receipts[0].State != "received" {
			t.Fatalf("deliver: %d %+v", status, said)
		}
	}
	overs, err := r.store.ListHandOvers(context.Background(), agreed)
	if err != nil || len(overs) != 1 || overs[0].Initials != "MB" || !overs[0].At.Equal(at) {
		t.Fatalf("ListHandOvers() = %+v, %v, want one, an hour ago", overs, err)
	}
	for _, want := range []string{`"helper":"family"`, `"hand_over":"` + string(overs[0].ID) + `"`} {
		if !strings.Contains(last(), want) {
			t.Errorf("the ledger has %s, want %s in it", last(), want)
		}
	}

	// What it tells wrongly is left out; the answers count.
	liar := one.Bundle.Token + "~" + base64.StdEncoding.EncodeToString([]byte(`{"initials":"Maria Brown","helper":"a neighbour"}`))
	if status, said := b.deliver(http.DefaultClient, response, queued(liar, 3, `{"happy":1}`)); status != 200 || said.Receipts[0].State != "received" || !strings.Contains(last(), `"mode":"kiosk"`) || strings.Contains(last(), "neighbour") {
		t.Errorf("deliver: %d %+v, %s", status, said, last())
	}

	// The session becomes theirs, on this tablet alone.
	adopt := []string{"ticket", one.Ticket, "initials", "mb", "helper", "family", "at", strconv.FormatInt(at.UnixMilli(), 10), "now", strconv.FormatInt(r.now.UnixMilli(), 10)}
	r.tablet("south").post(testKiosk+"adopt", adopt...).wants(403, "/adopt")
	r.browser().post(testKiosk+"adopt", adopt...).wants(401, "/adopt")
	b.post(testKiosk+"adopt", "ticket", "forged", "initials", "mb", "helper", "family").wants(403, "/adopt")
	b.post("/no/such/page?reading", "read-large", "on") // by whoever had the tablet before
	b.post(testKiosk+"adopt", adopt...).wants(204, "/adopt")
	b.get(response+"check").wants(200, "/check", "Answered earlier").lacks("ww-page--large")
	if n := len(r.auditOf("kiosk.hand-over")); n != 1 {
		t.Errorf("%d handings-over in the audit trail, want one however often it is told", n)
	}
}

// Whoever gives the tablet back without a network leaves how they read in a cookie that the worker cannot take away.
func TestTabletForgetsHowTheOneBeforeReads(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.tablet("north")
	b.post("/no/such/page?reading", "read-large", "on", "language", "ar").wants(404, "/no/such/page", "ww-page--large")
	b.post(testKiosk, "pin", testPIN).wants(200, "/people")
	b.get(handOverTo(person, "baseline")).send("initials", "mb", "helper", "nobody").wants(200, "/welcome", `lang="en-GB"`).lacks("ww-page--large")
}

// Nobody else's pages grow by what a tablet needs.
func TestOnlyTabletsGetTheirScript(t *testing.T) {
	r := newRoom(t)
	link := r.invite(r.enrol("P1"), "baseline").Link
	b := r.browser().begin(link)
	b.lacks("kiosk")
	plain := b.get("/q/sw.js").wants(200, "/sw.js").html
	tablet := r.tablet("north")
	if lent := tablet.get("/q/sw.js").html; len(lent) <= len(plain) || !strings.Contains(lent, testKiosk) || strings.Contains(plain, testKiosk) {
		t.Error("the tablet's worker must be the ordinary one and more, and only the tablet's")
	}
}
