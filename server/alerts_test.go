package server

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"wellwave/server/mail"
	"wellwave/server/mail/mailtest"
	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/storetest"
)

const item9 = "phq9_9"

// ward is a server with a pilot that asks the PHQ-9 and has a safety plan, and a mail server beside it.
type ward struct {
	office
	room
	inbox  *mailtest.Server
	outbox alertOutbox
	people []surveys.EnrolmentID
	number string // of the safety item in addresses
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{inbox: mailtest.New(t, mailtest.TLS)}
	w.room.t, w.office.t, w.room.now = t, t, storetest.Start
	clock := func() time.Time { return w.room.now }
	s := storetest.New(t, storetest.Clock(clock))
	w.room.store, w.office.store = s, s
	definitions, err := library.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	storetest.LoadSafety(t, s, definitions)
	w.people = storetest.Enrol(t, s, 3)
	sender, err := mail.New(mail.Config{URL: "smtps://" + mailtest.User + "@" + w.inbox.Host, Password: mailtest.Password, From: "alerts@example.org", Roots: w.inbox.Roots})
	if err != nil {
		t.Fatal(err)
	}
	w.log = new(bytes.Buffer)
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	w.outbox = alertOutbox{store: s, mail: sender, log: logger, alertURL: func(_ surveys.StudyID, id surveys.AlertID) string {
		return "http://study.example.org" + alertsURL + "/" + string(id)
	}}
	w.srv, err = New(Config{Store: s, BaseURL: "http://study.example.org", Now: clock, Mail: sender, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	w.http = httptest.NewServer(w.srv.Handler())
	t.Cleanup(w.http.Close)
	w.url = w.http.URL
	q, err := s.CurrentQuestionnaire(t.Context(), storetest.Study, storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	item, _ := q.Item(item9)
	w.number = strconv.Itoa(item.Index + 1)
	return w
}

// at opens a person's link and goes to the safety item.
func (w *ward) at(person int) *browser {
	w.room.t.Helper()
	made, err := w.room.store.Invite(context.Background(), "", w.people[person], storetest.Baseline)
	if err != nil {
		w.room.t.Fatal(err)
	}
	b := w.browser()
	b.get("/s/"+made.Link).wants(200, "/welcome")
	return b.get(b.response()+w.number).wants(200, "/"+w.number)
}

// named returns somebody of the safety plan, signed in.
func (w *ward) named(email string, role surveys.Role) *client {
	w.room.t.Helper()
	if _, err := w.room.store.AddAccount(context.Background(), "", surveys.NewAccount{Email: email, Name: "Named " + role.String(), Role: role}, testPassword); err != nil {
		w.room.t.Fatal(err)
	}
	b := w.client()
	b.signIn(email, testPassword)
	return b
}

func (w *ward) alerts() []surveys.Alert {
	w.room.t.Helper()
	list, err := w.room.store.ListAlerts(context.Background(), storetest.Study)
	if err != nil {
		w.room.t.Fatal(err)
	}
	return list
}

const alertsURL = "/office/studies/trial/alerts"

// TestAlertFromPageToTelephone walks the whole route: answer, page with the plan's text, e-mail, page of alerts, action.
func TestAlertFromPageToTelephone(t *testing.T) {
	w := newWard(t)
	b := w.at(0)
	b.send(item9, "2").wants(200, "/care", "Thank you for telling us", "Somebody from the study may ring you.", "Nobody is watching this page", "tel:116123", "tel:999").
		lacks("Several days", "More than half the days", "better off dead", "PHQ")
	b.get(b.response()+"").wants(200, "/1") // the way on
	b.get(b.response()+w.number).send(item9, "3").wants(200, "/"+after(w.number))
	b.get(b.response()+w.number).send(item9, "3").wants(200, "/"+after(w.number))
	w.at(1).send(item9, "0").wants(200, "/"+after(w.number))

	w.outbox.checkMail(t.Context())
	w.outbox.sendDueAlerts(t.Context())
	w.outbox.sendDueAlerts(t.Context())
	mails := w.inbox.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d messages arrived, want 1", len(mails))
	}
	alert := w.alerts()[0]
	got := mails[0]
	body, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(got.Raw[strings.Index(got.Raw, "\r\n\r\n"):])))
	if err != nil {
		t.Fatal(err)
	}
	page := "http://study.example.org" + alertsURL + "/" + string(alert.ID)
	for _, want := range []string{"This is a trial", "P00001", "North Practice", "Call under the protocol.", "duty holder", page} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the message lacks %q:\n%s", want, body)
		}
	}
	if got.To != storetest.DutyHolder || got.Header.Get("Subject") != "TRIAL: Safety alert: please act now" ||
		got.Header.Get("Message-ID") != "<"+string(alert.ID)+".duty-holder@example.org>" {
		t.Errorf("the message is %s", got.Raw)
	}
	for _, told := range []string{item9, "better off dead", "More than half", "Nearly every day", "PHQ", "score"} {
		if strings.Contains(strings.ToLower(string(body)), strings.ToLower(told)) || strings.Contains(w.log.String(), told) {
			t.Errorf("the message or the log says %q:\n%s\n%s", told, body, w.log)
		}
	}

	duty := w.named(storetest.DutyHolder, surveys.Researcher)
	wantText(t, "any page of the office", duty.get("/office"), "1 open safety alert in “Trial of the tests”.", `href="`+alertsURL+`"`)
	wantText(t, "the list", duty.get(alertsURL), "Open alerts", "P00001", "North Practice", "Dr Duty", "trial")
	own := alertsURL + "/" + string(alert.ID)
	wantText(t, "the alert", duty.get(own), "Call under the protocol.", "Take it on", "Dr Duty, "+storetest.DutyHolder, "planned")
	wantStatus(t, "nothing chosen", duty.post(own, url.Values{}), http.StatusBadRequest)
	wantStatus(t, "free text", duty.post(own, url.Values{"code": {"she said that"}}), http.StatusBadRequest)
	for range 2 {
		wantStatus(t, "taken on", duty.post(own, url.Values{"code": {"taken-on"}}), http.StatusSeeOther)
	}
	wantText(t, "the alert then", duty.get(own), "I have taken this on", "Named researcher", "not needed", "What was done since?")
	if r := duty.get("/office"); strings.Contains(r.body, "open safety alert") {
		t.Error("the banner stays when the alert is taken on")
	}
	if n := w.audited("alert.action"); n != 1 {
		t.Errorf("the audit trail holds %d actions, want 1", n)
	}
	w.room.now = w.room.now.Add(5 * time.Hour)
	w.outbox.sendDueAlerts(t.Context())
	if n := len(w.inbox.Mails()); n != 1 {
		t.Errorf("%d messages went out, want none after the alert was taken on", n-1)
	}
	admin := w.as(surveys.Administrator)
	for _, path := range []string{alertsURL, own, "/office/audit"} {
		page := admin.get(path)
		wantStatus(t, path, page, http.StatusOK)
		for _, told := range []string{"better off dead", "Several days", "More than half the days", item9} {
			if strings.Contains(page.body, told) {
				t.Errorf("%s says %q", path, told)
			}
		}
	}
}

// TestDraftRaisesNothing has a page save by itself, and somebody confirm that.
func TestDraftRaisesNothing(t *testing.T) {
	w := newWard(t)
	b := w.at(0)
	at := b.path
	b.post(at+"/save", item9, "3", "seq", "1").wants(200, "/save", `"received":true`)
	if n := len(w.alerts()); n != 0 {
		t.Fatalf("a page that saves by itself raised %d alerts", n)
	}
	b.post(at, item9, "3", "seq", "1").wants(200, "/care")
	if n := len(w.alerts()); n != 1 {
		t.Fatalf("%d alerts, want 1", n)
	}
	other := w.at(1)
	at = other.path
	other.post(at+"/save", item9, "3", "seq", "1").wants(200, "/save")
	other.get(strings.TrimSuffix(at, w.number)+"check").wants(200, "/check")
	other.send().wants(200, "/care")
	other.get(other.response()).wants(200, "/thanks")
	if n := len(w.alerts()); n != 2 {
		t.Errorf("%d alerts, want one for what finishing confirmed", n)
	}
}

// TestAlertOnArrival delivers what a device kept for three days.
func TestAlertOnArrival(t *testing.T) {
	w := newWard(t)
	b := w.at(0)
	token := b.bundle().Token
	send := func(seq int, draft bool) workerReceipt {
		t.Helper()
		text := strings.Replace(queued(token, seq, `{"`+item9+`": 1}`), `"at":1772442000000`, `"at":`+strconv.FormatInt(w.room.now.Add(-75*time.Hour).UnixMilli(), 10), 1)
		if draft {
			text = strings.Replace(text, `"seq":`, `"draft":true,"seq":`, 1)
		}
		status, reply := b.deliver(http.DefaultClient, b.response(), text)
		if status != 200 || len(reply.Receipts) != 1 || reply.Receipts[0].State != "received" {
			t.Fatalf("delivered with %d %+v", status, reply)
		}
		return reply.Receipts[0]
	}
	if r := send(1, true); r.Care || len(w.alerts()) != 0 {
		t.Errorf("a draft leads to %+v and %d alerts", r, len(w.alerts()))
	}
	if r := send(2, false); !r.Care {
		t.Error("the worker is not told of the safety plan's text")
	}
	if r := send(3, false); r.Care || len(w.alerts()) != 1 {
		t.Errorf("the same again leads to %+v and %d alerts", r, len(w.alerts()))
	}
	if got := w.alerts()[0].Arrival(); got != "Answered 3 days before it arrived." {
		t.Errorf("the alert says %q", got)
	}
	if !b.bundle().item(t, item9).Safety || b.bundle().item(t, "phq9_1").Safety {
		t.Error("the bundle does not say which item may lead to the safety plan's text")
	}
}

func TestWhoSeesAlerts(t *testing.T) {
	w := newWard(t)
	w.at(0).send(item9, "1").wants(200, "/care")
	own := alertsURL + "/" + string(w.alerts()[0].ID)
	act := url.Values{"code": {"reached"}}
	tests := []struct {
		who          *client
		name         string
		list, action int
		banner       bool
	}{
		{w.as(surveys.Auditor), "an auditor", http.StatusOK, http.StatusForbidden, true},
		{w.as(surveys.Practice), "a practice", http.StatusNotFound, http.StatusNotFound, false},
		{w.as(surveys.Interviewer), "an interviewer", http.StatusForbidden, http.StatusForbidden, false},
		{w.named(storetest.Deputy, surveys.Interviewer), "an interviewer who is the deputy", http.StatusOK, http.StatusSeeOther, true},
		{w.as(surveys.DataManager), "a data manager", http.StatusOK, http.StatusSeeOther, false},
		{w.client(), "nobody", http.StatusSeeOther, http.StatusUnauthorized, false},
	}
	for _, tt := range tests {
		wantStatus(t, tt.name+" at the list", tt.who.get(alertsURL), tt.list)
		wantStatus(t, tt.name+" at the alert", tt.who.get(own), tt.list)
		home := tt.who.get("/home")
		if page := tt.who.get(home.header.Get("Location")); strings.Contains(page.body, "open safety alert") != tt.banner && home.status == http.StatusSeeOther && tt.name != "nobody" {
			t.Errorf("%s: the banner is there: %v, want %v", tt.name, !tt.banner, tt.banner)
		}
		wantStatus(t, tt.name+" acting", tt.who.post(own, act), tt.action)
	}
	wantStatus(t, "an alert that is none", w.as(surveys.Researcher).get(alertsURL+"/0"), http.StatusNotFound)
}

// TestAlertMailSurvives has the mail server refuse messages, and two servers send what waits.
func TestAlertMailSurvives(t *testing.T) {
	w := newWard(t)
	w.at(0).send(item9, "1").wants(200, "/care")
	w.inbox.Refuse(true)
	w.outbox.sendDueAlerts(t.Context())
	if !strings.Contains(w.log.String(), "send the message of an alert") || strings.Contains(w.log.String(), storetest.DutyHolder) {
		t.Errorf("the log says:\n%s", w.log)
	}
	wantText(t, "the alert", w.as(surveys.Researcher).get(alertsURL+"/"+string(w.alerts()[0].ID)), "not sent yet", "1 try")
	w.inbox.Refuse(false)
	w.room.now = w.room.now.Add(31 * time.Second)
	second := w.outbox
	done := make(chan struct{})
	go func() { second.sendDueAlerts(context.Background()); close(done) }()
	w.outbox.sendDueAlerts(t.Context())
	<-done
	if n := len(w.inbox.Wait(t, 1)); n != 1 {
		t.Errorf("%d messages arrived, want 1", n)
	}
}

// after returns the number of the next question.
func after(number string) string {
	n, _ := strconv.Atoi(number) // made by newWard
	return strconv.Itoa(n + 1)
}
