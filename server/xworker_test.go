package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The sitting of a device and its secret: the first half of the secret's SHA-256, as sha256sum prints it.
const (
	testSecret  = "0123456789abcdef0123456789abcdef"
	testSitting = "3eb1bd439947eb762998e566ccc2e099"
)

// workerBundle is as much of what a worker is given as tests look at.
type workerBundle struct {
	Token    string
	Shared   bool
	Assets   []string
	Items    []workerItem
	Sheets   map[string][2]int
	Sections []json.RawMessage
	Blocks   []string
	Pages    map[string][]any
}

// workerItem is an item as a worker knows it.
type workerItem struct {
	Code, Elsewhere string
	Own             json.RawMessage
	Safety          bool
	When            struct{ Conditions []struct{ Holds bool } }
}

// workerReply is what a worker is told of what it delivered.
type workerReply struct {
	Message  string
	Receipts []workerReceipt
}

// workerReceipt is what became of one submission.
type workerReceipt struct {
	Sitting        string
	Seq            int
	State, Message string
	Care           bool
}

// bundle returns what a worker is given at the response that the browser is at.
func (b *browser) bundle() workerBundle {
	b.t.Helper()
	b.get(b.response()+"offline.json").wants(200, "/offline.json")
	var kept workerBundle
	if err := json.Unmarshal([]byte(b.html), &kept); err != nil {
		b.t.Fatal(err)
	}
	return kept
}

// response returns the address of the response that the browser is at.
func (b *browser) response() string { return b.path[:strings.LastIndex(b.path, "/")+1] }

// deliver sends the body of a delivery, without cookies where client is the default one.
func (b *browser) deliver(client *http.Client, response, body string) (int, workerReply) {
	b.t.Helper()
	reply, err := client.Post(b.room.url+response+"deliver", "application/json", strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }() // it is read to its end
	var said workerReply
	if err := json.NewDecoder(reply.Body).Decode(&said); err != nil {
		b.t.Fatal(err)
	}
	return reply.StatusCode, said
}

// queued writes a delivery of one submission.
func queued(token string, seq int, answers string) string {
	text, _ := json.Marshal(map[string]any{"protocol": 1, "token": token, "submissions": []any{map[string]any{ // always marshals
		"sitting": testSitting, "seq": seq, "at": 1772442000000, "answers": json.RawMessage(answers)}}})
	return string(text)
}

// item returns an item of the bundle.
func (b workerBundle) item(t *testing.T, code string) workerItem {
	t.Helper()
	for _, item := range b.Items {
		if item.Code == code {
			return item
		}
	}
	t.Fatalf("the bundle has no item %s", code)
	return workerItem{}
}
