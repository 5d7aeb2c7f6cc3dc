package outbox_test

import (
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

	"wellwave/server"
	"wellwave/server/outbox"
	"wellwave/server/outbox/mail"
	"wellwave/server/outbox/mail/mailtest"
	"wellwave/server/servertest"
	"wellwave/surveys"
	"wellwave/surveys/library"
	"wellwave/surveys/store/storetest"
)

const item9 = "phq9_9"

// ward is a server with a pilot that asks the PHQ-9 and has a safety plan, and a mail server beside it.
type ward struct {
	servertest.Office
	servertest.Room
	inbox  *mailtest.Server
	outbox outbox.Alerts
	people []surveys.EnrolmentID
	number string // of the safety item in addresses
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{inbox: mailtest.New(t, mailtest.TLS)}
	w.Room.T, w.Office.T, w.Room.Now = t, t, storetest.Start
	clock := func() time.Time { return w.Room.Now }
	s := storetest.New(t, storetest.Clock(clock))
	w.Room.Store, w.Office.Store = s, s
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
	w.Log = new(servertest.Log)
	logger := slog.New(slog.NewTextHandler(w.Log, nil))
	w.outbox = outbox.Alerts{Store: s, Mail: sender, Log: logger, AlertURL: func(_ surveys.StudyID, id surveys.AlertID) string {
		return "http://localhost" + alertsURL + "/" + string(id)
	}}
	w.Server, err = server.New(server.Config{Store: s, BaseURL: "http://localhost", Now: clock, Mail: sender, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	w.HTTP = httptest.NewServer(w.Server.Handler())
	t.Cleanup(w.HTTP.Close)
	w.URL = w.HTTP.URL
	q, err := s.CurrentQuestionnaire(t.Context(), storetest.Study, storetest.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	item, _ := q.Item(item9)
	w.number = strconv.Itoa(item.Index + 1)
	return w
}

// at opens a person's link and goes to the safety item.
func (w *ward) at(person int) *servertest.Browser {
	w.Room.T.Helper()
	made, err := w.Room.Store.Invite(context.Background(), "", w.people[person], storetest.Baseline)
	if err != nil {
		w.Room.T.Fatal(err)
	}
	b := w.Browser()
	b.Get("/s/"+made.Link).Wants(200, "/welcome")
	return b.Get(b.Response()+w.number).Wants(200, "/"+w.number)
}

// named returns somebody of the safety plan, signed in.
func (w *ward) named(email string, role surveys.Role) *servertest.Client {
	w.Room.T.Helper()
	if _, err := w.Room.Store.AddAccount(context.Background(), "", surveys.NewAccount{Email: email, Name: "Named " + role.String(), Role: role, Grant: surveys.Grant{Every: true}}, servertest.Password); err != nil {
		w.Room.T.Fatal(err)
	}
	b := w.Client()
	b.SignIn(email, servertest.Password)
	return b
}

func (w *ward) alerts() []surveys.Alert {
	w.Room.T.Helper()
	list, err := w.Room.Store.ListAlerts(context.Background(), storetest.Study)
	if err != nil {
		w.Room.T.Fatal(err)
	}
	return list
}

const alertsURL = "/office/studies/trial/alerts"

// TestAlertFromPageToTelephone walks the whole route: answer, page with the plan's text, e-mail, page of alerts, action.
func TestAlertFromPageToTelephone(t *testing.T) {
	w := newWard(t)
	b := w.at(0)
	b.Send(item9, "2").Wants(200, "/care", "Thank you for telling us", "Somebody from the study may ring you.", "Nobody is watching this page", "tel:116123", "tel:999").
		Lacks("Several days", "More than half the days", "better off dead", "PHQ")
	b.Get(b.Response()+"").Wants(200, "/1") // the way on
	b.Get(b.Response()+w.number).Send(item9, "3").Wants(200, "/"+after(w.number))
	b.Get(b.Response()+w.number).Send(item9, "3").Wants(200, "/"+after(w.number))
	w.at(1).Send(item9, "0").Wants(200, "/"+after(w.number))

	w.outbox.CheckMail(t.Context())
	w.outbox.SendDue(t.Context())
	w.outbox.SendDue(t.Context())
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
	page := "http://localhost" + alertsURL + "/" + string(alert.ID)
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
		if strings.Contains(strings.ToLower(string(body)), strings.ToLower(told)) || strings.Contains(w.Log.String(), told) {
			t.Errorf("the message or the log says %q:\n%s\n%s", told, body, w.Log)
		}
	}

	duty := w.named(storetest.DutyHolder, surveys.Researcher)
	servertest.WantText(t, "any page of the office", duty.Get("/office"), "1 open safety alert in “Trial of the tests”.", `href="`+alertsURL+`"`)
	servertest.WantText(t, "the list", duty.Get(alertsURL), "Open alerts", "P00001", "North Practice", "Dr Duty", "trial")
	own := alertsURL + "/" + string(alert.ID)
	servertest.WantText(t, "the alert", duty.Get(own), "Call under the protocol.", "Take it on", "Dr Duty, "+storetest.DutyHolder, "planned")
	servertest.WantStatus(t, "nothing chosen", duty.Post(own, url.Values{}), http.StatusBadRequest)
	servertest.WantStatus(t, "free text", duty.Post(own, url.Values{"code": {"she said that"}}), http.StatusBadRequest)
	for range 2 {
		servertest.WantStatus(t, "taken on", duty.Post(own, url.Values{"code": {"taken-on"}}), http.StatusSeeOther)
	}
	servertest.WantText(t, "the alert then", duty.Get(own), "I have taken this on", "Named researcher", "not needed", "What was done since?")
	if r := duty.Get("/office"); strings.Contains(r.Body, "open safety alert") {
		t.Error("the banner stays when the alert is taken on")
	}
	if n := w.Audited("alert.action"); n != 1 {
		t.Errorf("the audit trail holds %d actions, want 1", n)
	}
	w.Room.Now = w.Room.Now.Add(5 * time.Hour)
	w.outbox.SendDue(t.Context())
	if n := len(w.inbox.Mails()); n != 1 {
		t.Errorf("%d messages went out, want none after the alert was taken on", n-1)
	}
	admin := w.As(surveys.Administrator)
	for _, path := range []string{alertsURL, own, "/office/audit"} {
		page := admin.Get(path)
		servertest.WantStatus(t, path, page, http.StatusOK)
		for _, told := range []string{"better off dead", "Several days", "More than half the days", item9} {
			if strings.Contains(page.Body, told) {
				t.Errorf("%s says %q", path, told)
			}
		}
	}
}

// TestDraftRaisesNothing has a page save by itself, and somebody confirm that.
func TestDraftRaisesNothing(t *testing.T) {
	w := newWard(t)
	b := w.at(0)
	at := b.Path
	b.Post(at+"/save", item9, "3", "seq", "1").Wants(200, "/save", `"received":true`)
	if n := len(w.alerts()); n != 0 {
		t.Fatalf("a page that saves by itself raised %d alerts", n)
	}
	b.Post(at, item9, "3", "seq", "1").Wants(200, "/care")
	if n := len(w.alerts()); n != 1 {
		t.Fatalf("%d alerts, want 1", n)
	}
	other := w.at(1)
	at = other.Path
	other.Post(at+"/save", item9, "3", "seq", "1").Wants(200, "/save")
	other.Get(strings.TrimSuffix(at, w.number)+"check").Wants(200, "/check")
	other.Send().Wants(200, "/care")
	other.Get(other.Response()).Wants(200, "/thanks")
	if n := len(w.alerts()); n != 2 {
		t.Errorf("%d alerts, want one for what finishing confirmed", n)
	}
}

// TestAlertOnArrival delivers what a device kept for three days.
func TestAlertOnArrival(t *testing.T) {
	w := newWard(t)
	b := w.at(0)
	token := b.Bundle().Token
	send := func(seq int, draft bool) servertest.DeliverReceipt {
		t.Helper()
		text := strings.Replace(servertest.Queued(token, seq, `{"`+item9+`": 1}`), `"at":1772442000000`, `"at":`+strconv.FormatInt(w.Room.Now.Add(-75*time.Hour).UnixMilli(), 10), 1)
		if draft {
			text = strings.Replace(text, `"seq":`, `"draft":true,"seq":`, 1)
		}
		status, reply := b.Deliver(http.DefaultClient, b.Response(), text)
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
	if !b.Bundle().Item(t, item9).Safety || b.Bundle().Item(t, "phq9_1").Safety {
		t.Error("the bundle does not say which item may lead to the safety plan's text")
	}
}

func TestWhoSeesAlerts(t *testing.T) {
	w := newWard(t)
	w.at(0).Send(item9, "1").Wants(200, "/care")
	own := alertsURL + "/" + string(w.alerts()[0].ID)
	act := url.Values{"code": {"reached"}}
	tests := []struct {
		who          *servertest.Client
		name         string
		list, action int
		banner       bool
	}{
		{w.As(surveys.Auditor), "an auditor", http.StatusOK, http.StatusForbidden, true},
		{w.As(surveys.Practice), "a practice", http.StatusNotFound, http.StatusNotFound, false},
		{w.As(surveys.Interviewer), "an interviewer", http.StatusForbidden, http.StatusForbidden, false},
		{w.named(storetest.Deputy, surveys.Interviewer), "an interviewer who is the deputy", http.StatusOK, http.StatusSeeOther, true},
		{w.As(surveys.DataManager), "a data manager", http.StatusOK, http.StatusSeeOther, false},
		{w.Client(), "nobody", http.StatusSeeOther, http.StatusUnauthorized, false},
	}
	for _, tt := range tests {
		servertest.WantStatus(t, tt.name+" at the list", tt.who.Get(alertsURL), tt.list)
		servertest.WantStatus(t, tt.name+" at the alert", tt.who.Get(own), tt.list)
		home := tt.who.Get("/home")
		if page := tt.who.Get(home.Header.Get("Location")); strings.Contains(page.Body, "open safety alert") != tt.banner && home.Status == http.StatusSeeOther && tt.name != "nobody" {
			t.Errorf("%s: the banner is there: %v, want %v", tt.name, !tt.banner, tt.banner)
		}
		servertest.WantStatus(t, tt.name+" acting", tt.who.Post(own, act), tt.action)
	}
	servertest.WantStatus(t, "an unknown alert", w.As(surveys.Researcher).Get(alertsURL+"/0"), http.StatusNotFound)
}

// TestAlertMailSurvives has the mail server refuse messages, and two servers send what waits.
func TestAlertMailSurvives(t *testing.T) {
	w := newWard(t)
	w.at(0).Send(item9, "1").Wants(200, "/care")
	w.inbox.Refuse(true)
	w.outbox.SendDue(t.Context())
	if !strings.Contains(w.Log.String(), "send the message of an alert") || strings.Contains(w.Log.String(), storetest.DutyHolder) {
		t.Errorf("the log says:\n%s", w.Log)
	}
	servertest.WantText(t, "the alert", w.As(surveys.Researcher).Get(alertsURL+"/"+string(w.alerts()[0].ID)), "not sent yet", "1 try")
	w.inbox.Refuse(false)
	w.Room.Now = w.Room.Now.Add(31 * time.Second)
	second := w.outbox
	done := make(chan struct{})
	go func() { second.SendDue(context.Background()); close(done) }()
	w.outbox.SendDue(t.Context())
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
