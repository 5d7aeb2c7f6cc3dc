package server

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/surveys"
)

// browser walks through pages as a browser without script does, and looks at the HTML of each.
type browser struct {
	t      *testing.T
	room   *room
	client *http.Client

	status int
	path   string // of the page that it is at
	html   string
}

func (b *browser) get(path string) *browser {
	b.t.Helper()
	return b.read(b.client.Get(b.room.url + path))
}

// post sends fields to a path, given as name, value, name, value.
func (b *browser) post(path string, fields ...string) *browser {
	b.t.Helper()
	form := make(url.Values)
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.read(b.client.PostForm(b.room.url+path, form))
}

// send posts to the page that the browser is at.
func (b *browser) send(fields ...string) *browser {
	b.t.Helper()
	return b.post(b.path, fields...)
}

func (b *browser) read(reply *http.Response, err error) *browser {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := reply.Body.Close(); err != nil {
		b.t.Fatal(err)
	}
	b.status, b.path, b.html = reply.StatusCode, reply.Request.URL.Path, string(body)
	checkHTML(b.t, b.path, b.html)
	return b
}

// wants fails the test unless the page has the status, an address with the ending, and each of the texts.
func (b *browser) wants(status int, ending string, texts ...string) *browser {
	b.t.Helper()
	if b.status != status || !strings.HasSuffix(b.path, ending) {
		b.t.Fatalf("got %d at %s, want %d at …%s:\n%s", b.status, b.path, status, ending, b.html)
	}
	for _, text := range texts {
		if !strings.Contains(b.html, text) {
			b.t.Errorf("%s: the page lacks %q:\n%s", b.path, text, b.html)
		}
	}
	return b
}

// lacks fails the test if the page has one of the texts.
func (b *browser) lacks(texts ...string) *browser {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.html, text) {
			b.t.Errorf("%s: the page shows %q", b.path, text)
		}
	}
	return b
}

// begin opens a link and consents.
func (b *browser) begin(link string) *browser {
	b.t.Helper()
	b.get("/s/"+link).wants(200, "/welcome", "Study of every kind")
	return b.post(strings.Replace(b.path, "welcome", "consent", 1), "version", "2", "clause", "take-part")
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// handTo types the PIN and hands the tablet to somebody.
func (b *browser) handTo(person surveys.EnrolmentID, wave surveys.WaveID, fields ...string) *browser {
	b.t.Helper()
	b.get(testKiosk).post(testKiosk, "pin", testPIN).wants(200, "/people", "Who is next?")
	b.get(handOverTo(person, wave)).wants(200, "/"+string(wave), "Hand the tablet over", "An interpreter helps")
	if len(fields) == 0 {
		fields = []string{"helper", "nobody"}
	}
	return b.send(append([]string{"initials", "mb"}, fields...)...)
}

// on returns the address of another page of the response that the browser is at.
func (b *browser) on(page string) string {
	b.t.Helper()
	parts := strings.SplitN(b.path, "/", 4)
	return "/q/" + parts[2] + "/" + page
}
