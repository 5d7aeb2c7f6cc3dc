package servertest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Client is one browser with its cookies, signed in or not. It does not follow redirects, so that a test sees them.
type Client struct {
	t    *testing.T
	base string
	http *http.Client
}

// askingFor sends requests to wherever a test's server listens, as for the host of this name if there is one.
type askingFor string

func (a askingFor) RoundTrip(r *http.Request) (*http.Response, error) {
	if a != "" {
		r = r.Clone(r.Context())
		r.Host = string(a)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Reply is what came back, read whole.
type Reply struct {
	Status int
	Header http.Header
	Body   string
}

func (b *Client) Do(req *http.Request) Reply {
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
	return Reply{res.StatusCode, res.Header, string(body)}
}

func (b *Client) Request(method, path string, body io.Reader) *http.Request {
	b.t.Helper()
	req, err := http.NewRequest(method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	return req
}

func (b *Client) Get(path string) Reply { return b.Do(b.Request(http.MethodGet, path, nil)) }

func (b *Client) Post(path string, form url.Values) Reply {
	req := b.Request(http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(req)
}

func (b *Client) SignIn(email, password string) {
	b.t.Helper()
	if r := b.Post("/sign-in", url.Values{"email": {email}, "password": {password}}); r.Status != http.StatusSeeOther {
		b.t.Fatalf("sign in as %s: status %d, want %d\n%s", email, r.Status, http.StatusSeeOther, r.Body)
	}
}

// Enter opens the page of an entry and sends it with these answers.
func (b *Client) Enter(at string, answers url.Values) Reply {
	b.t.Helper()
	page := b.Get(at)
	WantStatus(b.t, "the page of an entry", page, http.StatusOK)
	answers.Set("form", HiddenValue(b.t, page.Body, "form"))
	return b.Post(at, answers)
}

// PostFiles sends a form as a page with fields for files does: an empty file where none is chosen.
func (b *Client) PostFiles(path string, form url.Values, files map[string]string) Reply {
	b.t.Helper()
	var body bytes.Buffer
	sent := multipart.NewWriter(&body)
	for name, values := range form {
		_ = sent.WriteField(name, values[0]) // a bytes.Buffer never fails
	}
	for name, content := range files {
		called := "key.txt"
		if content == "" {
			called = ""
		}
		file, _ := sent.CreateFormFile(name, called)
		_, _ = file.Write([]byte(content))
	}
	_ = sent.Close()
	req := b.Request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", sent.FormDataContentType())
	return b.Do(req)
}

// UploadAll sends several files as a page with a field for many does.
func (b *Client) UploadAll(path, do, source string, files ...[2]string) Reply {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("do", do) // a bytes.Buffer never fails
	_ = form.WriteField("source", source)
	for _, file := range files {
		part, _ := form.CreateFormFile("file", file[0])
		_, _ = part.Write([]byte(file[1]))
	}
	_ = form.Close()
	req := b.Request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return b.Do(req)
}

// Upload sends a study file: as a chosen file if it has a name, or else written into the page.
func (b *Client) Upload(path, do, name, source string) Reply {
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
	req := b.Request(http.MethodPost, path, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	return b.Do(req)
}
