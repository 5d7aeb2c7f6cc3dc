package server

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"wellwave/surveys"
)

func TestBundleHoldsNoAnswerOfAnotherDevice(t *testing.T) {
	r := newRoom(t)
	link := r.invite(r.enrol("P1"), "baseline").Link
	phone := r.browser()
	phone.begin(link).send()
	phone.send("ease_1", "3").send("ease_2", "9").send("happy", "0").wants(200, "/5")
	phone.send("why", "A secret reason").wants(200, "/6")

	own := phone.bundle()
	if got := string(own.item(t, "why").Own); got != `"A secret reason"` {
		t.Errorf("own answer to why = %s, want the text", got)
	}
	if when := own.item(t, "why").When; when.Conditions[0].Holds {
		t.Error("a condition on an answer of this device needs no verdict")
	}
	tablet := r.browser()
	tablet.get("/s/" + link)
	other := tablet.bundle()
	tablet.lacks("A secret reason")
	if item := other.item(t, "why"); item.Own != nil || item.Elsewhere != "given" || !item.When.Conditions[0].Holds {
		t.Errorf("why on another device = %+v, want only that it is given and that its condition holds", item)
	}
	if item := other.item(t, "thermometer"); item.Elsewhere != "" {
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
	r := newRoom(t)
	b := r.atPractice()
	b.begin(r.invite(r.enrol("P1"), "baseline").Link).send()
	b.send("ease_1", "3").wants(200, "/3")
	kept := b.bundle()
	if item := kept.item(t, "ease_1"); !kept.Shared || item.Own != nil || item.Elsewhere != "given" {
		t.Errorf("shared %v, ease_1 = %+v, want no answer on a device with an account", kept.Shared, item)
	}
}

func TestBundlePagesAreTheServersPages(t *testing.T) {
	r := newRoom(t)
	b := r.browser()
	b.begin(r.invite(r.enrol("P1"), "baseline").Link).wants(200, "/1")
	response := b.response()
	kept := b.bundle()
	words := map[int]string{int(slotHandle): strings.Split(response, "/")[2], int(slotBack): "1", int(slotPosition): "1", int(slotTotal): "10", int(slotSeq): "1"}
	var page strings.Builder
	for _, piece := range kept.Pages["2"] {
		switch piece := piece.(type) {
		case string:
			page.WriteString(piece)
		case float64:
			page.WriteString(words[int(piece)])
		}
	}
	if b.get(response + "2"); page.String() != b.html {
		t.Errorf("from the bundle: %s\nfrom the server: %s", &page, b.html)
	}
}

func TestDeliverExactlyOnce(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link).wants(200, "/1")
	response, token := b.response(), b.bundle().Token

	for range 2 {
		status, said := b.deliver(b.client, response, queued(token, 1, `{"ease_1":3}`))
		if status != 200 || len(said.Receipts) != 1 || said.Receipts[0].State != "received" || said.Receipts[0].Seq != 1 {
			t.Fatalf("deliver = %d %+v, want one receipt", status, said)
		}
	}
	_, said := b.deliver(b.client, response, queued(token, 1, `{"ease_1":2}`))
	if said.Receipts[0].State != "kept" || said.Receipts[0].Message == "" {
		t.Errorf("other content under the same number = %+v, want it kept beside the first", said.Receipts[0])
	}
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Number(3) {
		t.Errorf("ease_1 = %#v, want 3", got)
	}
	receipt, err := r.store.Submit(context.Background(), surveys.Submission{Study: "kinds", Wave: "baseline", Enrolment: person,
		Sitting: strings.Repeat("f", 32), Seq: 1, Answers: []surveys.ItemAnswer{{Code: "happy", Value: surveys.Number(1)}}})
	if err != nil || receipt.Revision != 2 {
		t.Errorf("the next submission is number %d, %v, want 2: the delivered one counts once", receipt.Revision, err)
	}
	b.get(response+"2").wants(200, "/2", "You answered this earlier").lacks("checked")
	from := func(secret string) *browser {
		request, err := http.NewRequest(http.MethodGet, r.url+response+"2", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Wellwave-Sitting", secret)
		return b.read(b.client.Do(request))
	}
	from(testSecret).wants(200, "/2", `value="3" checked`) // the same device
	from(testSitting).lacks("checked")                     // somebody who knows the id
	_, said = b.deliver(b.client, response, queued(token, 2, `{"ease_2":11,"nothing":1}`))
	if said.Receipts[0].State != "received" || said.Receipts[0].Message == "" {
		t.Errorf("answers that cannot stand = %+v, want a receipt that says why", said.Receipts[0])
	}
}

func TestDeliverOutlivesTheSession(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link)
	response, token := b.response(), b.bundle().Token
	r.now = r.now.Add(20 * 24 * time.Hour)
	if status, said := b.deliver(http.DefaultClient, response, queued(token, 1, `{"ease_1":3}`)); status != 200 || said.Receipts[0].State != "received" {
		t.Errorf("20 days later, without a cookie: %d %+v, want it received", status, said)
	}
	b.get(response+"2").wants(401, "/2", "Open your link again") // the token opens no page
	r.now = r.now.Add(60 * 24 * time.Hour)
	if _, said := b.deliver(http.DefaultClient, response, queued(token, 2, `{"ease_2":3}`)); said.Receipts[0].State != "late" {
		t.Errorf("after the window: %+v, want it received as late", said.Receipts[0])
	}
	if got := r.answer(person, "baseline", "ease_2"); got != surveys.Number(3) {
		t.Errorf("ease_2 = %#v, want the late answer kept", got)
	}
	leave := surveys.Withdrawal{Enrolment: person, Level: surveys.StopCollection, Channel: surveys.ByCode}
	if err := r.store.Withdraw(context.Background(), leave); err != nil {
		t.Fatal(err)
	}
	_, said := b.deliver(http.DefaultClient, response, queued(token, 3, `{"ease_1":1}`))
	if said.Receipts[0].State != "refused" || !strings.Contains(said.Receipts[0].Message, "has left the study") {
		t.Errorf("of somebody who has left: %+v, want a refusal that says so", said.Receipts[0])
	}
}

func TestDeliverRefusesForeignTokens(t *testing.T) {
	r := newRoom(t)
	one, two := r.browser(), r.browser()
	one.begin(r.invite(r.enrol("P1"), "baseline").Link)
	two.begin(r.invite(r.enrol("P2"), "baseline").Link)
	token := one.bundle().Token
	cookie := one.client.Jar.Cookies(mustURL(t, r.url))[0].Value
	for name, tt := range map[string]struct{ response, body, says string }{
		"another response": {two.response(), queued(token, 1, `{}`), "Open your link again"},
		"a cookie":         {one.response(), queued(cookie, 1, `{}`), "Open your link again"},
		"nothing":          {one.response(), queued("", 1, `{}`), "Open your link again"},
		"no JSON":          {one.response(), "token", "could not be read"},
		"a newer protocol": {one.response(), strings.Replace(queued(token, 1, `{}`), `"protocol":1`, `"protocol":2`, 1), "newer page"},
	} {
		status, said := one.deliver(http.DefaultClient, tt.response, tt.body)
		if status < 400 || status >= 500 || len(said.Receipts) > 0 || !strings.Contains(said.Message, tt.says) {
			t.Errorf("%s: %d %+v, want a refusal with %q", name, status, said, tt.says)
		}
	}
	request, err := http.NewRequest(http.MethodGet, r.url+one.response()+"check", nil)
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

// A page saves a text while it is written, so without a network an outbox fills with ever longer versions of it. Were it
// too much for one request, it and all that waits behind it would never arrive.
func TestDeliverTakesManySavesOfALongText(t *testing.T) {
	r := newRoom(t)
	b := r.browser()
	b.begin(r.invite(r.enrol("P1"), "baseline").Link).send()
	longest := strings.Repeat("😀", 5000)
	var sent []any
	for seq := range 50 {
		sent = append(sent, map[string]any{"sitting": testSitting, "seq": seq + 1, "answers": map[string]string{"why": longest}})
	}
	body, _ := json.Marshal(map[string]any{"protocol": 1, "token": b.bundle().Token, "submissions": sent}) // always marshals
	status, said := b.deliver(http.DefaultClient, b.response(), string(body))
	if status != 200 || len(said.Receipts) != 50 {
		t.Errorf("status %d with %d receipts, want 200 with 50", status, len(said.Receipts))
	}
}

// TestOldQueuesAreTaken delivers what pages of every protocol so far have queued. A file here is never changed: a device
// may hold one for months.
func TestOldQueuesAreTaken(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link)
	response, token := b.response(), b.bundle().Token
	queue, err := os.ReadFile("testdata/offline/queue-1.json")
	if err != nil {
		t.Fatal(err)
	}
	status, said := b.deliver(http.DefaultClient, response, strings.Replace(string(queue), "TOKEN", token, 1))
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
		if got := r.answer(person, "baseline", code); got != want {
			t.Errorf("%s = %#v, want %#v", code, got, want)
		}
	}
	b.get(response).wants(200, "/thanks")
}

func TestPagesSaveByThemselves(t *testing.T) {
	r := newRoom(t)
	person := r.enrol("P1")
	b := r.browser()
	b.begin(r.invite(person, "baseline").Link)
	response := b.response()
	b.post(response+"2/save", "seq", "1", "ease_1", "3").wants(200, "/save", `"received":true`, `"seq":"2"`)
	b.post(response+"2", "seq", "2", "ease_1", "3").wants(200, "/3") // Continue brings nothing new
	b.post(response+"6/save", "seq", "2", "thermometer", "101").wants(400, "/save", "out of range")
	b.post(response+"7/save", "seq", "2").wants(200, "/save").lacks(`"received":true`)
	b.post(response+"2/save", "seq", "2").wants(200, "/save", `"received":true`)
	if got := r.answer(person, "baseline", "ease_1"); got != surveys.Absent(surveys.Cleared) {
		t.Errorf("ease_1 = %#v, want it taken back", got)
	}
	if got := r.answer(person, "baseline", "age"); got.Kind != surveys.Untouched {
		t.Errorf("age = %#v, want it untouched: a page that saves by itself skips nothing", got)
	}
	b.get("/q/sw.js").wants(200, "/q/sw.js", `addEventListener("fetch"`).lacks("\nimport ", "\nexport ")
	script, err := http.NewRequest(http.MethodGet, r.url+"/q/sw.js", nil)
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
	b.get("/q/queue").wants(200, "/q/queue", "no answers wait on this device")
}
