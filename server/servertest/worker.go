package servertest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The sitting of a device and its secret: the first half of the secret's SHA-256, as sha256sum prints it.
const (
	SittingSecret = "0123456789abcdef0123456789abcdef"
	Sitting       = "3eb1bd439947eb762998e566ccc2e099"
)

// Bundle is the part of a worker's bundle that tests look at.
type Bundle struct {
	Token    string
	Shared   bool
	Assets   []string
	Items    []BundleItem
	Sheets   map[string][2]int
	Sections []json.RawMessage
	Blocks   []string
	Pages    map[string][]any
}

// BundleItem is an item as a worker knows it.
type BundleItem struct {
	Code      string
	Elsewhere bool
	Own       json.RawMessage
	Safety    bool
	When      *struct{ Conditions []struct{ Question string } }
}

// DeliverReply is what a worker is told of what it delivered.
type DeliverReply struct {
	Message  string
	Receipts []DeliverReceipt
}

// DeliverReceipt is what became of one submission.
type DeliverReceipt struct {
	Sitting        string
	Seq            int
	State, Message string
	Care           bool
}

// Bundle returns the worker's bundle of the response that the browser is at.
func (b *Browser) Bundle() Bundle {
	b.t.Helper()
	b.Get(b.Response()+"offline.json").Wants(200, "/offline.json")
	var kept Bundle
	if err := json.Unmarshal([]byte(b.HTML), &kept); err != nil {
		b.t.Fatal(err)
	}
	return kept
}

// Response returns the address of the response that the browser is at.
func (b *Browser) Response() string { return b.Path[:strings.LastIndex(b.Path, "/")+1] }

// Deliver sends the body of a delivery, without cookies where client is the default one.
func (b *Browser) Deliver(client *http.Client, response, body string) (int, DeliverReply) {
	b.t.Helper()
	reply, err := client.Post(b.room.URL+response+"deliver", "application/json", strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }() // it is read to its end
	var said DeliverReply
	if err := json.NewDecoder(reply.Body).Decode(&said); err != nil {
		b.t.Fatal(err)
	}
	return reply.StatusCode, said
}

// Queued writes a delivery of one submission.
func Queued(token string, seq int, answers string) string {
	text, _ := json.Marshal(map[string]any{"protocol": 1, "token": token, "submissions": []any{map[string]any{ // always marshals
		"sitting": Sitting, "seq": seq, "at": 1772442000000, "answers": json.RawMessage(answers)}}})
	return string(text)
}

// Item returns an item of the bundle.
func (b Bundle) Item(t *testing.T, code string) BundleItem {
	t.Helper()
	for _, item := range b.Items {
		if item.Code == code {
			return item
		}
	}
	t.Fatalf("the bundle has no item %s", code)
	return BundleItem{}
}
