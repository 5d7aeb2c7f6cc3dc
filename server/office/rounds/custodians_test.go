package rounds_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"wellwave/server"
	"wellwave/server/servertest"
	"wellwave/surveys"
)

var keyGroup = regexp.MustCompile(`<span class="ww-key__group">([^<]+)</span>`)

// shownKey returns the key on the page that shows it once.
func shownKey(t *testing.T, r servertest.Reply) string {
	t.Helper()
	key := ""
	for _, group := range keyGroup.FindAllStringSubmatch(r.Body, -1) {
		key += group[1]
	}
	if len(key) != 74 || !strings.HasPrefix(key, "AGE-SECRET-KEY-1") {
		t.Fatalf("the page shows a key of %d letters (status %d)\n%s", len(key), r.Status, servertest.Excerpt(r.Body))
	}
	return key
}

// newKey makes a key on the pages of the office and returns it.
func newKey(t *testing.T, b *servertest.Client, number int, name string) string {
	t.Helper()
	at := fmt.Sprintf("%s/%d", custodiansAt, number)
	asked := b.Get(at).Body
	return shownKey(t, b.Post(at, url.Values{"name": {name}, "replace": {toReplace(asked)}, "form": {servertest.HiddenValue(t, asked, "form")}}))
}

// toReplace returns the value of the box that says that a key is to be replaced, empty where the page has none.
func toReplace(body string) string {
	if found := regexp.MustCompile(`id="replace"[^>]*value="([^"]+)"`).FindStringSubmatch(body); found != nil {
		return found[1]
	}
	return ""
}

func TestMakeCustodians(t *testing.T) {
	o := newRoundOffice(t, server.Config{})
	b := o.As(surveys.Researcher)
	r := b.Get(custodiansAt)
	servertest.WantText(t, "none yet", r, "no key yet", "Make a key", "If two of the three keys are lost, nobody can ever read the answers", "Nobody can alone")
	at := custodiansAt + "/1"
	r = b.Get(at)
	servertest.WantText(t, "the question", r, "Make a key for custodian 1", "shown once")
	form := url.Values{"name": {" "}, "form": {servertest.HiddenValue(t, r.Body, "form")}}
	r = b.Post(at, form)
	servertest.WantStatus(t, "no name", r, http.StatusBadRequest)
	servertest.WantText(t, "no name", r, "Write who keeps this key.", `href="#name"`)
	form.Set("name", strings.Repeat("x", 121))
	servertest.WantText(t, "a long name", b.Post(at, form), "more than 120 characters")
	servertest.WantStatus(t, "a form without its id", b.Post(at, url.Values{"name": {"Ailsa"}}), http.StatusBadRequest)
	wantAudited(t, o, "custodian.create", 0)

	form.Set("name", "Ailsa")
	r = b.Post(at, form)
	servertest.WantStatus(t, "the key", r, http.StatusOK)
	servertest.WantText(t, "the key", r, "The key of Ailsa", "shown now and never again", "apart from the other two keys", "Any two of the three keys", "nobody can ever read",
		`aria-label="QR code of the key"`, "Made on 2 February 2026")
	wantNot(t, "the key", r, "This key replaces an older one")
	if got := r.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the key is sent with Cache-Control %q, want no-store", got)
	}
	first := shownKey(t, r)
	wantAudited(t, o, "custodian.create", 1)
	again := b.Post(at, form)
	servertest.WantStatus(t, "the button pressed twice", again, http.StatusConflict)
	servertest.WantText(t, "the button pressed twice", again, "nothing was done the second time")
	wantNoKey(t, "the page after the button was pressed twice", again.Body, first)
	servertest.WantText(t, "the list", b.Get(custodiansAt), "Ailsa", "not read back yet", "Replace the key")

	r = b.Get(at)
	servertest.WantText(t, "a key in place of another", r, "Replace the key of Ailsa?", "does not open rounds that were set up with the key of Ailsa", `id="replace"`)
	form = url.Values{"name": {"Anna"}, "form": {servertest.HiddenValue(t, r.Body, "form")}}
	r = b.Post(at, form)
	servertest.WantStatus(t, "without the tick", r, http.StatusConflict)
	servertest.WantText(t, "without the tick", r, `href="#replace"`, "Tick the box if it is to be replaced", `value="Anna"`)
	wantAudited(t, o, "custodian.create", 1)
	shown := toReplace(r.Body)
	form.Set("replace", "age1another")
	r = b.Post(at, form)
	servertest.WantStatus(t, "ticked on a page about another key", r, http.StatusConflict)
	servertest.WantText(t, "ticked on a page about another key", r, "Somebody else has replaced this key since the page was opened", `href="#replace"`)
	wantAudited(t, o, "custodian.create", 1)
	form.Set("replace", shown)
	r = b.Post(at, form)
	servertest.WantText(t, "replaced", r, "This key replaces an older one", "The key of Anna")
	if shownKey(t, r) == first {
		t.Error("the new key is the old one")
	}
	wantAudited(t, o, "custodian.create", 2)
	for _, number := range []string{"0", "4", "one", "-1"} {
		servertest.WantStatus(t, "custodian "+number, b.Get(custodiansAt+"/"+number), http.StatusNotFound)
		servertest.WantStatus(t, "custodian "+number, b.Post(custodiansAt+"/"+number, form), http.StatusNotFound)
		servertest.WantStatus(t, "custodian "+number, b.Post(custodiansAt+"/"+number+"/proof", nil), http.StatusNotFound)
	}
	r = o.As(surveys.Auditor).Get(custodiansAt)
	servertest.WantText(t, "for an auditor", r, "Anna")
	wantNot(t, "for an auditor", r, `/custodians/1"`, "Replace the key", "Read the key back")
}

func TestProveCustodians(t *testing.T) {
	o := newRoundOffice(t, server.Config{})
	b := o.As(surveys.Researcher)
	at := custodiansAt + "/2/proof"
	wantRedirect(t, "without a key", b.Get(at), custodiansAt)
	wantRedirect(t, "without a key", b.Post(at, url.Values{"first": {"x"}}), custodiansAt)
	key, other := newKey(t, b, 2, "Bashir"), newKey(t, b, 3, "Catriona")
	servertest.WantText(t, "the question", b.Get(at), "The key of Bashir", "from the paper", `spellcheck="false"`)
	for _, tt := range []struct{ name, give, want string }{
		{"nothing", "", "No key was given."},
		{"another’s", other, "not the one that was made for custodian 2"},
		{"cut short", key[:60], "A letter of this key is wrong or missing"},
		{"something else", "Bashir’s key", "this is not a custodian’s key"},
	} {
		r := b.PostFiles(at, url.Values{"first": {tt.give}}, map[string]string{"first-file": ""})
		servertest.WantStatus(t, tt.name, r, http.StatusBadRequest)
		servertest.WantText(t, tt.name, r, tt.want, `href="#first"`, `id="first-error"`)
		wantNoKey(t, tt.name+": the page", r.Body, key, other)
	}
	wantAudited(t, o, "custodian.prove", 0)
	servertest.WantText(t, "the list", b.Get(custodiansAt), "not read back yet")
	wantRedirect(t, "typed", b.Post(at, url.Values{"first": {strings.ToLower(key[:16]) + " " + key[16:]}}), custodiansAt)
	wantAudited(t, o, "custodian.prove", 1)
	servertest.WantText(t, "the list", b.Get(custodiansAt), `ww-badge--good">read back`)
	servertest.WantText(t, "once more", b.Get(at), "was read back before")
	wantRedirect(t, "as a file", b.PostFiles(at, url.Values{"first": {""}}, map[string]string{"first-file": key + "\n"}), custodiansAt)
	wantNoKey(t, "the log", o.Log.String(), key, other)
	wantNoKey(t, "the audit trail", o.As(surveys.Auditor).Get("/office/audit").Body, key, other)

	replaced := newKey(t, b, 2, "Bashir")
	servertest.WantText(t, "after a key was replaced", b.Get(custodiansAt), "not read back yet")
	servertest.WantText(t, "the old key", b.Post(at, url.Values{"first": {key}}), "not the one that was made for custodian 2")
	wantRedirect(t, "the new key", b.Post(at, url.Values{"first": {replaced}}), custodiansAt)
}
