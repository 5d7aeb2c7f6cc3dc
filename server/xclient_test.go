package server

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// client is one browser with its cookies, signed in or not. It does not follow redirects, so that a test sees them.
type client struct {
	t    *testing.T
	base string
	http *http.Client
}

// reply is what came back, read whole.
type reply struct {
	status int
	header http.Header
	body   string
}

func (b *client) do(req *http.Request) reply {
	b.t.Helper()
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	checkHTML(b.t, req.Method+" "+req.URL.Path, string(body))
	return reply{res.StatusCode, res.Header, string(body)}
}

func (b *client) request(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	req, err := http.NewRequest(method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	return req
}

func (b *client) get(path string) reply { return b.do(b.request(http.MethodGet, path, nil)) }

func (b *client) post(path string, form url.Values) reply {
	req := b.request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

func (b *client) signIn(email, password string) {
	b.t.Helper()
	if r := b.post("/sign-in", url.Values{"email": {email}, "password": {password}}); r.status != http.StatusSeeOther {
		b.t.Fatalf("sign in as %s: status %d, want %d\n%s", email, r.status, http.StatusSeeOther, r.body)
	}
}

// enter opens the page of an entry and sends it with these answers.
func (b *client) enter(at string, answers url.Values) reply {
	b.t.Helper()
	page := b.get(at)
	wantStatus(b.t, "the page of an entry", page, http.StatusOK)
	answers.Set("form", hiddenValue(b.t, page.body, "form"))
	return b.post(at, answers)
}

// upload sends a study file: chosen where it has a name, else written into the page.
func (b *client) upload(path, do, name, source string) reply {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("do", do) // a bytes.Buffer never fails
	if name == "" {
		_ = form.WriteField("source", strings.ReplaceAll(source, "\n", "\r\n"))
		_, _ = form.CreateFormFile("file", "")
	} else {
		file, _ := form.CreateFormFile("file", name)
		_, _ = file.Write([]byte(source))
	}
	_ = form.Close()
	req := b.request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return b.do(req)
}
