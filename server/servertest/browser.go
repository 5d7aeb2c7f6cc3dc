package servertest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"wellwave/surveys"
)

// Browser walks through pages as a browser without script does, and looks at the HTML of each.
type Browser struct {
	t      *testing.T
	room   *Room
	Client *http.Client

	Status int
	Path   string // of the page that it is at
	HTML   string
}

func (b *Browser) Get(path string) *Browser {
	b.t.Helper()
	return b.Read(b.Client.Get(b.room.URL + path))
}

// Post sends fields to a path, given as name, value, name, value.
func (b *Browser) Post(path string, fields ...string) *Browser {
	b.t.Helper()
	form := make(url.Values)
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.Read(b.Client.PostForm(b.room.URL+path, form))
}

// Send posts to the page that the browser is at.
func (b *Browser) Send(fields ...string) *Browser {
	b.t.Helper()
	return b.Post(b.Path, fields...)
}

func (b *Browser) Read(reply *http.Response, err error) *Browser {
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
	b.Status, b.Path, b.HTML = reply.StatusCode, reply.Request.URL.Path, string(body)
	checkHTML(b.t, b.Path, b.HTML)
	return b
}

// Wants fails the test unless the page has the status, an address with the ending, and each of the texts.
func (b *Browser) Wants(status int, ending string, texts ...string) *Browser {
	b.t.Helper()
	if b.Status != status || !strings.HasSuffix(b.Path, ending) {
		b.t.Fatalf("got %d at %s, want %d at …%s:\n%s", b.Status, b.Path, status, ending, b.HTML)
	}
	for _, text := range texts {
		if !strings.Contains(b.HTML, text) {
			b.t.Errorf("%s: the page lacks %q:\n%s", b.Path, text, b.HTML)
		}
	}
	return b
}

// Lacks fails the test if the page has one of the texts.
func (b *Browser) Lacks(texts ...string) *Browser {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.HTML, text) {
			b.t.Errorf("%s: the page shows %q", b.Path, text)
		}
	}
	return b
}

// Begin opens a link and consents.
func (b *Browser) Begin(link string) *Browser {
	b.t.Helper()
	b.Get("/s/"+link).Wants(200, "/welcome", "Study of every kind")
	return b.Post(strings.Replace(b.Path, "welcome", "consent", 1), "version", "2", "clause", "take-part")
}

func MustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// HandTo types the PIN and hands the kiosk to somebody.
func (b *Browser) HandTo(person surveys.EnrolmentID, wave surveys.WaveID, fields ...string) *Browser {
	b.t.Helper()
	b.Get(KioskPath).Post(KioskPath, "pin", PIN).Wants(200, "/people", "Who is next?")
	b.Get(HandOverPath(person, wave)).Wants(200, "/"+string(wave), "Hand the tablet over", "An interpreter helps")
	if len(fields) == 0 {
		fields = []string{"helper", "nobody"}
	}
	return b.Send(append([]string{"initials", "mb"}, fields...)...)
}

// On returns the address of another page of the response that the browser is at.
func (b *Browser) On(page string) string {
	b.t.Helper()
	parts := strings.SplitN(b.Path, "/", 4)
	return "/q/" + parts[2] + "/" + page
}
