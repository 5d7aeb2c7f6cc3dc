package participant_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/server/page"
	"wellwave/server/servertest"
	"wellwave/surveys"
)

func TestBundleHoldsNoAnswerOfAnotherDevice(t *testing.T) {
	r := servertest.NewRoom(t)
	link := r.Invite(r.Enrol("P1"), "baseline").Link
	phone := r.Browser()
	phone.Begin(link).Send()
	phone.Send("ease_1", "3").Send("ease_2", "9").Send("happy", "0").Wants(200, "/5")
	phone.Send("why", "A secret reason").Wants(200, "/6")

	own := phone.Bundle()
	if got := string(own.Item(t, "why").Own); got != `"A secret reason"` {
		t.Errorf("own answer to why = %s, want the text", got)
	}
	kiosk := r.Browser()
	kiosk.Get("/s/" + link)
	other := kiosk.Bundle()
	kiosk.Lacks("A secret reason")
	if item := other.Item(t, "happy"); item.Own != nil || !item.Elsewhere {
		t.Errorf("happy on another device = %+v, want only that it was asked", item)
	}
	if item := other.Item(t, "why"); item.Own != nil || item.Elsewhere {
		t.Errorf("why on another device = %+v, want nothing of what follows from happy", item)
	}
	if item := other.Item(t, "thermometer"); item.Elsewhere {
		t.Errorf("thermometer on another device = %+v, want it open", item)
	}
	for _, name := range []string{"participant.css", "answers.css", "questionnaire.js", "scale.js"} {
		if !slices.ContainsFunc(other.Assets, func(address string) bool { return strings.HasPrefix(address, "/static/"+name+"?") }) {
			t.Errorf("the bundle lacks the file %s", name)
		}
	}
	for _, name := range []string{"1", "12", "welcome", "check", "thanks", "waiting", "queue", "left"} {
		if len(other.Pages[name]) == 0 {
			t.Errorf("the bundle lacks the page %s", name)
		}
	}
}

func TestBundleShowsNothingWhereAnAccountIsSignedIn(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.AtPractice()
	b.Begin(r.Invite(r.Enrol("P1"), "baseline").Link).Send()
	b.Send("ease_1", "3").Wants(200, "/3")
	kept := b.Bundle()
	if item := kept.Item(t, "ease_1"); !kept.Shared || item.Own != nil || !item.Elsewhere {
		t.Errorf("shared %v, ease_1 = %+v, want no answer on a device with an account", kept.Shared, item)
	}
}

func TestBundlePagesAreTheServersPages(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.Browser()
	b.Begin(r.Invite(r.Enrol("P1"), "baseline").Link).Wants(200, "/1")
	response := b.Response()
	kept := b.Bundle()
	words := map[int]string{int(page.SlotHandle): strings.Split(response, "/")[2], int(page.SlotBack): "1", int(page.SlotPosition): "1", int(page.SlotTotal): "10", int(page.SlotSeq): "1"}
	var page strings.Builder
	for _, piece := range kept.Pages["2"] {
		switch piece := piece.(type) {
		case string:
			page.WriteString(piece)
		case float64:
			page.WriteString(words[int(piece)])
		}
	}
	if b.Get(response + "2"); page.String() != b.HTML {
		t.Errorf("from the bundle: %s\nfrom the server: %s", &page, b.HTML)
	}
}

func TestDeliverExactlyOnce(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link).Wants(200, "/1")
	response, token := b.Response(), b.Bundle().Token

	for range 2 {
		status, said := b.Deliver(b.Client, response, servertest.Queued(token, 1, `{"ease_1":3}`))
		if status != 200 || len(said.Receipts) != 1 || said.Receipts[0].State != "received" || said.Receipts[0].Seq != 1 {
			t.Fatalf("deliver = %d %+v, want one receipt", status, said)
		}
	}
	_, said := b.Deliver(b.Client, response, servertest.Queued(token, 1, `{"ease_1":2}`))
	if said.Receipts[0].State != "kept" || said.Receipts[0].Message == "" {
		t.Errorf("other content under the same number = %+v, want it kept beside the first", said.Receipts[0])
	}
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v, want 3", got)
	}
	receipt, err := r.Store.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: "kinds", Wave: "baseline", Enrolment: person,
		Sitting: strings.Repeat("f", 32), Seq: 1, Answers: []surveys.ItemAnswer{{Code: "happy", Value: surveys.Number(1)}}})
	if err != nil || receipt.Revision != 2 {
		t.Errorf("the next submission is number %d, %v, want 2: the delivered one counts once", receipt.Revision, err)
	}
	b.Get(response+"2").Wants(200, "/2", "You were asked this earlier").Lacks("checked")
	from := func(secret string) *servertest.Browser {
		request, err := http.NewRequest(http.MethodGet, r.URL+response+"2", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Wellwave-Sitting", secret)
		return b.Read(b.Client.Do(request))
	}
	from(servertest.SittingSecret).Wants(200, "/2", `value="3" checked`) // the same device
	from(servertest.Sitting).Lacks("checked")                            // somebody who knows the id
	_, said = b.Deliver(b.Client, response, servertest.Queued(token, 2, `{"ease_2":11,"nothing":1}`))
	if said.Receipts[0].State != "received" || said.Receipts[0].Message == "" {
		t.Errorf("answers that cannot stand = %+v, want a receipt that says why", said.Receipts[0])
	}
}

func TestDeliverOutlivesTheSession(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link)
	response, token := b.Response(), b.Bundle().Token
	r.Now = r.Now.Add(20 * 24 * time.Hour)
	if status, said := b.Deliver(http.DefaultClient, response, servertest.Queued(token, 1, `{"ease_1":3}`)); status != 200 || said.Receipts[0].State != "received" {
		t.Errorf("20 days later, without a cookie: %d %+v, want it received", status, said)
	}
	b.Get(response+"2").Wants(401, "/2", "Open your link again") // the token opens no page
	r.Now = r.Now.Add(60 * 24 * time.Hour)
	if _, said := b.Deliver(http.DefaultClient, response, servertest.Queued(token, 2, `{"ease_2":3}`)); said.Receipts[0].State != "late" {
		t.Errorf("after the window: %+v, want it received as late", said.Receipts[0])
	}
	if got := r.Answer(person, "baseline", "ease_2"); got != surveys.Number(3) {
		t.Errorf("ease_2 = %#v, want the late answer kept", got)
	}
	leave := surveys.Withdrawal{Enrolment: person, Level: surveys.StopCollection, Channel: surveys.ByCode}
	if err := r.Store.Withdraw(context.Background(), leave); err != nil {
		t.Fatal(err)
	}
	_, said := b.Deliver(http.DefaultClient, response, servertest.Queued(token, 3, `{"ease_1":1}`))
	if said.Receipts[0].State != "refused" || !strings.Contains(said.Receipts[0].Message, "has left the study") {
		t.Errorf("of somebody who has left: %+v, want a refusal that says so", said.Receipts[0])
	}
}

func TestDeliverRefusesForeignTokens(t *testing.T) {
	r := servertest.NewRoom(t)
	one, two := r.Browser(), r.Browser()
	one.Begin(r.Invite(r.Enrol("P1"), "baseline").Link)
	two.Begin(r.Invite(r.Enrol("P2"), "baseline").Link)
	token := one.Bundle().Token
	cookie := one.Client.Jar.Cookies(servertest.MustURL(t, r.URL))[0].Value
	for name, tt := range map[string]struct{ response, body, says string }{
		"another response": {two.Response(), servertest.Queued(token, 1, `{}`), "Open your link again"},
		"a cookie":         {one.Response(), servertest.Queued(cookie, 1, `{}`), "Open your link again"},
		"nothing":          {one.Response(), servertest.Queued("", 1, `{}`), "Open your link again"},
		"no JSON":          {one.Response(), "token", "could not be read"},
		"a newer protocol": {one.Response(), strings.Replace(servertest.Queued(token, 1, `{}`), `"protocol":1`, `"protocol":2`, 1), "newer page"},
	} {
		status, said := one.Deliver(http.DefaultClient, tt.response, tt.body)
		if status < 400 || status >= 500 || len(said.Receipts) > 0 || !strings.Contains(said.Message, tt.says) {
			t.Errorf("%s: %d %+v, want a refusal with %q", name, status, said, tt.says)
		}
	}
	request, err := http.NewRequest(http.MethodGet, r.URL+one.Response()+"check", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: "ww_link", Value: token})
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }() // of no interest
	if reply.StatusCode != http.StatusUnauthorized {
		t.Errorf("a token in the place of a cookie opens a page: %d", reply.StatusCode)
	}
}

// A page saves a text while it is written, so without a network an outbox fills with ever longer versions of it. If it were
// too much for one request, it and everything behind it would never arrive.
func TestDeliverTakesManySavesOfALongText(t *testing.T) {
	r := servertest.NewRoom(t)
	b := r.Browser()
	b.Begin(r.Invite(r.Enrol("P1"), "baseline").Link).Send()
	longest := strings.Repeat("😀", 5000)
	var sent []any
	for seq := range 50 {
		sent = append(sent, map[string]any{"sitting": servertest.Sitting, "seq": seq + 1, "answers": map[string]string{"why": longest}})
	}
	body, _ := json.Marshal(map[string]any{"protocol": 1, "token": b.Bundle().Token, "submissions": sent}) // always marshals
	status, said := b.Deliver(http.DefaultClient, b.Response(), string(body))
	if status != 200 || len(said.Receipts) != 50 {
		t.Errorf("status %d with %d receipts, want 200 with 50", status, len(said.Receipts))
	}
}

// TestOldQueuesAreTaken delivers what pages of every protocol so far have queued. A file here is never changed: a device
// may hold one for months.
func TestOldQueuesAreTaken(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link)
	response, token := b.Response(), b.Bundle().Token
	queue, err := os.ReadFile("testdata/offline/queue-1.json")
	if err != nil {
		t.Fatal(err)
	}
	status, said := b.Deliver(http.DefaultClient, response, strings.Replace(string(queue), "TOKEN", token, 1))
	if status != 200 || len(said.Receipts) != 5 {
		t.Fatalf("deliver = %d %+v, want five receipts", status, said)
	}
	for i, receipt := range said.Receipts {
		if receipt.State != "received" || receipt.Seq != i+1 || receipt.Message != "" {
			t.Errorf("receipt %d = %+v, want it received", i+1, receipt)
		}
	}
	for code, want := range map[string]surveys.Value{"ease_1": surveys.Number(3), "with": surveys.Set(1, 3), "name_of_pet": surveys.Text("Mróz"),
		"met": surveys.Text("2026-02-28"), "age": surveys.Absent(surveys.Cleared), "height": surveys.Absent(surveys.Skipped)} {
		if got := r.Answer(person, "baseline", code); got != want {
			t.Errorf("%s = %#v, want %#v", code, got, want)
		}
	}
	b.Get(response).Wants(200, "/thanks")
}

func TestPagesSaveByThemselves(t *testing.T) {
	r := servertest.NewRoom(t)
	person := r.Enrol("P1")
	b := r.Browser()
	b.Begin(r.Invite(person, "baseline").Link)
	response := b.Response()
	b.Post(response+"2/save", "seq", "1", "ease_1", "3").Wants(200, "/save", `"received":true`, `"seq":"2"`)
	b.Post(response+"2", "seq", "2", "ease_1", "3").Wants(200, "/3") // Continue brings nothing new
	b.Post(response+"6/save", "seq", "2", "thermometer", "101").Wants(400, "/save", "out of range")
	b.Post(response+"7/save", "seq", "2").Wants(200, "/save").Lacks(`"received":true`)
	b.Post(response+"2/save", "seq", "2").Wants(200, "/save", `"received":true`)
	if got := r.Answer(person, "baseline", "ease_1"); got != surveys.Absent(surveys.Cleared) {
		t.Errorf("ease_1 = %#v, want it taken back", got)
	}
	if got := r.Answer(person, "baseline", "age"); got.Kind != surveys.Untouched {
		t.Errorf("age = %#v, want it untouched: a page that saves by itself skips nothing", got)
	}
	b.Get("/q/sw.js").Wants(200, "/q/sw.js", `addEventListener("fetch"`).Lacks("\nimport ", "\nexport ")
	script, err := http.NewRequest(http.MethodGet, r.URL+"/q/sw.js", nil)
	if err != nil {
		t.Fatal(err)
	}
	first, err := http.DefaultClient.Do(script)
	if err != nil {
		t.Fatal(err)
	}
	_ = first.Body.Close() // of no interest
	script.Header.Set("If-None-Match", first.Header.Get("ETag"))
	again, err := http.DefaultClient.Do(script)
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Body.Close() // empty
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("the worker that the browser has = %d, want that it has not changed", again.StatusCode)
	}
	b.Get("/q/queue").Wants(200, "/q/queue", "no answers wait on this device")
}
