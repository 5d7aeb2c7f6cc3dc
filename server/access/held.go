package access

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/surveys"
)

// Held is a form that somebody sent when they first had to prove who they are. It travels, unseen, through the pages on which
// they do, and is then sent as it was: nothing of it is kept on the server, and a time-out costs nothing that was typed. Only
// the account that sent it can go on with it.
type Held struct {
	Action   string // the address, and what follows it
	Account  surveys.AccountID
	Fields   []page.HiddenField
	HasFiles bool // of which nothing can be held: they have to be chosen again
	InParts  bool // how the form is sent, as one with fields for files is
}

// heldPrefix begins the names of the fields of a form that is held, on the pages that it travels through.
const heldPrefix = "held."

const (
	heldAction  = "held-action"
	heldAccount = "held-account"
	heldInParts = "held-in-parts"
)

// neverHeld are fields whose value must not come back on a page. A form with one of them is not held.
var neverHeld = []string{"password", "present", "pin", "first", "second", "one-time", "credential"}

// longestHeld bounds what is held, in bytes.
const longestHeld = 192 << 10

// hold returns the form of a request. It fails for one that is too large to travel, or that has a secret in it.
func hold(c echo.Context, account surveys.AccountID) (Held, bool) {
	form, err := c.FormParams()
	if err != nil || account == "" {
		return Held{}, false
	}
	h, size := Held{Action: c.Request().URL.RequestURI(), Account: account}, 0
	for _, name := range sortedNames(form) {
		for _, value := range form[name] {
			if slices.Contains(neverHeld, name) && value != "" {
				return Held{}, false
			}
			h.Fields = append(h.Fields, page.HiddenField{Name: name, Value: value})
			size += len(name) + len(value)
		}
	}
	if files := c.Request().MultipartForm; files != nil {
		h.InParts = true
		for _, chosen := range files.File {
			for _, file := range chosen {
				h.HasFiles = h.HasFiles || file.Size > 0
			}
		}
	}
	return h, size <= longestHeld
}

// ReadHeld returns the form that travels through the page which was sent, if there is one.
func ReadHeld(c echo.Context) (Held, bool) {
	form, err := c.FormParams()
	if err != nil || form.Get(heldAction) == "" {
		return Held{}, false
	}
	h := Held{Action: form.Get(heldAction), Account: surveys.AccountID(form.Get(heldAccount)), InParts: form.Get(heldInParts) != ""}
	for _, name := range sortedNames(form) {
		if of, ok := strings.CutPrefix(name, heldPrefix); ok {
			for _, value := range form[name] {
				h.Fields = append(h.Fields, page.HiddenField{Name: of, Value: value})
			}
		}
	}
	return h, OwnPath(h.Action) != ""
}

// Travelling are the fields with which the form travels through one more page.
func (h Held) Travelling() []page.HiddenField {
	if h.Action == "" {
		return nil
	}
	fields := []page.HiddenField{{Name: heldAction, Value: h.Action}, {Name: heldAccount, Value: string(h.Account)}}
	if h.InParts {
		fields = append(fields, page.HiddenField{Name: heldInParts, Value: "yes"})
	}
	for _, f := range h.Fields {
		fields = append(fields, page.HiddenField{Name: heldPrefix + f.Name, Value: f.Value})
	}
	return fields
}

func sortedNames(form url.Values) []string {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// OwnPath returns the path if it is one of this server that may be led to, or else an empty string.
func OwnPath(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t") {
		return ""
	}
	return path
}

// askToSignIn leads to the sign-in page, and from there back to the page that was asked for. A form is held where the browser
// was signed in not long ago.
func (s *Sessions) askToSignIn(c echo.Context, before surveys.SignIn) error {
	if c.Request().Method == http.MethodGet {
		return c.Redirect(http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(c.Request().URL.RequestURI()))
	}
	if held, ok := hold(c, before.Account); ok && s.Ask != nil {
		return s.Ask(c, held, false)
	}
	return surveys.Errorf(surveys.Unauthenticated, "You are no longer signed in, so nothing was changed. Sign in again in another tab, then send this page once more.")
}

// WantFresh reports whether the person proved within ten minutes who they are, for what cannot be undone. If they did not,
// it asks them and the handler is done: a form is held meanwhile, and a page comes after.
func (s *Sessions) WantFresh(c echo.Context) (fresh bool, err error) {
	signIn := SignInOf(c)
	if signIn.Fresh(s.Now()) {
		return true, nil
	}
	if c.Request().Method == http.MethodGet {
		return false, c.Redirect(http.StatusSeeOther, "/confirm?next="+url.QueryEscape(c.Request().URL.RequestURI()))
	}
	if held, ok := hold(c, signIn.Account); ok && s.Ask != nil {
		return false, s.Ask(c, held, true)
	}
	return false, surveys.Errorf(surveys.Forbidden, "This needs you to have signed in within ten minutes, so nothing was done. Open /confirm in another tab and say that it is you, then send this page once more.")
}
