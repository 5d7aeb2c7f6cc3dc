package servertest

import (
	"bytes"
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"wellwave/server"
	"wellwave/surveys"
	"wellwave/surveys/store"
	"wellwave/surveys/store/storetest"
)

const Password = "three unrelated words"

// EntryPath is where somebody's answers are entered.
func EntryPath(person surveys.EnrolmentID) string { return "/entry/people/" + string(person) }

// Office is a running server that makes an account for each role that a test asks for.
type Office struct {
	T      *testing.T
	Store  *store.Store
	Server *server.Server
	HTTP   *httptest.Server
	Host   string // what its clients call it, where that is not its address
	Log    *Log
}

func NewOffice(t *testing.T) *Office {
	t.Helper()
	return NewOfficeAt(t, time.Now, server.Config{})
}

// NewOfficeAt returns an office whose clock is now, on a server that is configured so but for its store, address and log.
func NewOfficeAt(t *testing.T, now func() time.Time, config server.Config) *Office {
	t.Helper()
	o := &Office{T: t, Store: storetest.New(t, storetest.Clock(now)), Host: "study.example.org", Log: new(Log)}
	config.Store, config.BaseURL, config.Now, config.Logger = o.Store, "http://"+o.Host, now, slog.New(slog.NewTextHandler(o.Log, nil))
	var err error
	if o.Server, err = server.New(config); err != nil {
		t.Fatal(err)
	}
	o.HTTP = httptest.NewServer(o.Server.Handler())
	t.Cleanup(o.HTTP.Close)
	return o
}

func (o *Office) Client() *Client {
	o.T.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.T.Fatal(err)
	}
	return &Client{o.T, o.HTTP.URL, &http.Client{Jar: jar, Transport: askingFor(o.Host), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Account adds an account with the tests' password; a practice belongs to the site north.
func (o *Office) Account(role surveys.Role) surveys.Account {
	o.T.Helper()
	n := surveys.NewAccount{Email: role.String() + "@example.org", Name: "The " + role.String(), Role: role, Grant: surveys.Grant{Every: true}}
	if role == surveys.Practice {
		n.Study, n.Site = storetest.Study, "north"
	}
	account, err := o.Store.AddAccount(o.T.Context(), "", n, Password)
	if err != nil {
		o.T.Fatal(err)
	}
	return account
}

// As returns a browser that is signed in to a new account.
func (o *Office) As(role surveys.Role) *Client {
	o.T.Helper()
	b := o.Client()
	b.SignIn(o.Account(role).Email, Password)
	return b
}

// Audited counts the entries of an action in the audit trail.
func (o *Office) Audited(action string) int {
	o.T.Helper()
	entries, err := o.Store.ListAudit(context.Background(), "", "", 1000)
	if err != nil {
		o.T.Fatal(err)
	}
	n := 0
	for _, e := range entries {
		if e.Action == action {
			n++
		}
	}
	return n
}

func WantStatus(t *testing.T, what string, r Reply, want int) {
	t.Helper()
	if r.Status != want {
		t.Errorf("%s: status %d, want %d\n%s", what, r.Status, want, Excerpt(r.Body))
	}
}

func WantText(t *testing.T, what string, r Reply, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.Body, text) && !strings.Contains(html.UnescapeString(r.Body), text) {
			t.Errorf("%s: the page lacks %q\n%s", what, text, Excerpt(r.Body))
		}
	}
}

// Excerpt is the main part of a page.
func Excerpt(body string) string {
	if _, main, ok := strings.Cut(body, `<main`); ok {
		body, _, _ = strings.Cut(main, "</main>")
	}
	return body[:min(len(body), 3000)]
}

// clerk is a browser of one more account for data entry.
func (o *Office) clerk(name string) *Client {
	o.T.Helper()
	n := surveys.NewAccount{Email: name + "@example.org", Name: name, Role: surveys.DataEntry, Grant: surveys.Grant{Every: true}}
	if _, err := o.Store.AddAccount(o.T.Context(), "", n, Password); err != nil {
		o.T.Fatal(err)
	}
	b := o.Client()
	b.SignIn(n.Email, Password)
	return b
}

// Differing returns a paper of which two clerks have made entries that differ.
func (o *Office) Differing(person surveys.EnrolmentID) string {
	o.T.Helper()
	storetest.EnterTwice(o.T, o.Store)
	return o.enteredTwice(person, "clerk-")
}

// EnteredTwice is Differing, by two more clerks, of somebody whose study enters papers twice already.
func (o *Office) EnteredTwice(person surveys.EnrolmentID) string {
	o.T.Helper()
	return o.enteredTwice(person, "another-clerk-")
}

func (o *Office) enteredTwice(person surveys.EnrolmentID, clerks string) string {
	o.T.Helper()
	at := EntryPath(person) + "/baseline/paper"
	for i, answer := range []string{"4", "5"} {
		o.clerk(clerks+strconv.Itoa(i)).Enter(at, url.Values{"mood_1": {answer}, "about_note": {"the same"}})
	}
	papers, err := o.Store.ListPapers(o.T.Context())
	i := slices.IndexFunc(papers, func(p surveys.EnteredPaper) bool { return p.Enrolment == person })
	if err != nil || i < 0 || papers[i].State != surveys.EntriesDiffer {
		o.T.Fatalf("ListPapers() = %+v, %v, want one whose entries differ", papers, err)
	}
	return papers[i].ID
}

// Answered enrols n people and has all of them answer the baseline.
func (o *Office) Answered(n int) []surveys.EnrolmentID {
	o.T.Helper()
	people := storetest.Enrol(o.T, o.Store, n)
	for i, id := range people {
		answers := append(storetest.Answers(i), surveys.ItemAnswer{Code: "about_age", Value: surveys.Number(30)})
		if _, err := o.Store.Submit(context.Background(), surveys.Submission{By: surveys.Themselves(), Basis: surveys.Operator(), Study: storetest.Study, Enrolment: id, Wave: storetest.Baseline,
			Sitting: storetest.SittingID(i + 1), Seq: 1, Finish: true, Answers: answers, How: surveys.Collection{Mode: surveys.Web, Language: "en"}}); err != nil {
			o.T.Fatal(err)
		}
	}
	return people
}

// Log keeps what a server logs, which it may still do once a client has its reply.
type Log struct {
	mu      sync.Mutex
	written bytes.Buffer
}

// Write keeps a line.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.Write(line)
}

// String returns what was logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.String()
}
