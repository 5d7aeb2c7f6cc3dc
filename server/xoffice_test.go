package server

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

const testPassword = "three unrelated words"

// entryOf is where somebody's answers are entered.
func entryOf(person surveys.EnrolmentID) string { return "/entry/people/" + string(person) }

// office is a running server with a study, and an account for whoever a test wants to be.
type office struct {
	t     *testing.T
	store *store.Store
	srv   *Server
	http  *httptest.Server
	log   *bytes.Buffer
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, store: storetest.New(t), log: new(bytes.Buffer)}
	var err error
	o.srv, err = New(Config{Store: o.store, BaseURL: "http://study.example.org", Logger: slog.New(slog.NewTextHandler(o.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	o.http = httptest.NewServer(o.srv.Handler())
	t.Cleanup(o.http.Close)
	return o
}

func (o *office) client() *client {
	o.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return &client{o.t, o.http.URL, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// account adds an account with the tests' password; a practice belongs to the site north.
func (o *office) account(role surveys.Role) surveys.Account {
	o.t.Helper()
	n := surveys.NewAccount{Email: role.String() + "@example.org", Name: "The " + role.String(), Role: role}
	if role == surveys.Practice {
		n.Study, n.Site = storetest.Study, "north"
	}
	account, err := o.store.AddAccount(o.t.Context(), "", n, testPassword)
	if err != nil {
		o.t.Fatal(err)
	}
	return account
}

// as returns a browser that is signed in to a new account.
func (o *office) as(role surveys.Role) *client {
	o.t.Helper()
	b := o.client()
	b.signIn(o.account(role).Email, testPassword)
	return b
}

// audited reports how often an action stands in the audit trail.
func (o *office) audited(action string) int {
	o.t.Helper()
	entries, err := o.store.ListAudit(context.Background(), "", "", 1000)
	if err != nil {
		o.t.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Action == action {
			n++
		}
	}
	return n
}

func wantStatus(t *testing.T, what string, r reply, want int) {
	t.Helper()
	if r.status != want {
		t.Errorf("%s: status %d, want %d\n%s", what, r.status, want, excerpt(r.body))
	}
}

func wantText(t *testing.T, what string, r reply, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.body, text) && !strings.Contains(html.UnescapeString(r.body), text) {
			t.Errorf("%s: the page lacks %q\n%s", what, text, excerpt(r.body))
		}
	}
}

// excerpt is the main part of a page.
func excerpt(body string) string {
	if _, main, ok := strings.Cut(body, `<main`); ok {
		body, _, _ = strings.Cut(main, "</main>")
	}
	return body[:min(len(body), 3000)]
}

// clerk is a browser of one more account for data entry.
func (o *office) clerk(name string) *client {
	o.t.Helper()
	n := surveys.NewAccount{Email: name + "@example.org", Name: name, Role: surveys.DataEntry}
	if _, err := o.store.AddAccount(o.t.Context(), "", n, testPassword); err != nil {
		o.t.Fatal(err)
	}
	b := o.client()
	b.signIn(n.Email, testPassword)
	return b
}

// differing returns a paper of somebody of which two clerks have made entries that differ.
func (o *office) differing(person surveys.EnrolmentID) string {
	o.t.Helper()
	storetest.EnterTwice(o.t, o.store)
	at := entryOf(person) + "/baseline/paper"
	for i, answer := range []string{"4", "5"} {
		o.clerk(fmt.Sprintf("clerk-%d", i)).enter(at, url.Values{"mood_1": {answer}, "about_note": {"the same"}})
	}
	papers, err := o.store.ListPapers(o.t.Context())
	if err != nil || len(papers) != 1 || papers[0].State != surveys.EntriesDiffer {
		o.t.Fatalf("ListPapers() = %+v, %v, want one whose entries differ", papers, err)
	}
	return papers[0].ID
}

// answered enrols n people and has all of them answer the baseline.
func (o *office) answered(n int) []surveys.EnrolmentID {
	o.t.Helper()
	people := storetest.Enrol(o.t, o.store, n)
	for i, id := range people {
		answers := append(storetest.Answers(i), surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(30)})
		if _, err := o.store.Submit(context.Background(), surveys.Submission{Study: storetest.Study, Enrolment: id, Wave: storetest.Baseline,
			Sitting: storetest.SittingID(i + 1), Seq: 1, Finish: true, Answers: answers, How: surveys.Collection{Mode: surveys.Web, Language: "en"}}); err != nil {
			o.t.Fatal(err)
		}
	}
	return people
}
