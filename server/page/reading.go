package page

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// How somebody wants to read the pages for participants is kept in a cookie on their device; which aids a page had goes
// with the answers that were given on it. Every such page has a form that changes it: the form is sent to the page's own
// address with ?reading after it, by the buttons of the page's questions too, so that what was typed goes along.

// Reading is how somebody wants to read. The zero value is what their browser asks for, in ordinary print.
type Reading struct {
	Language string // one of the interface's; empty where nobody chose
	Large    bool   // large print
	Easy     bool   // easy read
}

// readingQuery marks a request that changes how somebody reads.
const readingQuery = "reading"

// switches are the aids that a reader turns on and off, with the words of the cookie and of the buttons.
var switches = []struct {
	word, code string
	of         func(*Reading) *bool
}{
	{"large", surveys.AidLargePrint, func(r *Reading) *bool { return &r.Large }},
	{"easy", surveys.AidEasyRead, func(r *Reading) *bool { return &r.Easy }},
}

// readingLife is how long a device remembers.
const readingLife = 400 * 24 * 3600 // seconds; no browser keeps a cookie for longer

// readingOf reads the request's cookie. Words that it does not know are passed over.
func readingOf(c echo.Context) Reading {
	var r Reading
	cookie, err := c.Cookie(readingCookieName(true))
	if err != nil {
		cookie, err = c.Cookie(readingCookieName(false))
	}
	if err != nil {
		return r
	}
	for word := range strings.SplitSeq(cookie.Value, ".") {
		known := false
		for _, aid := range switches {
			if word == aid.word {
				*aid.of(&r), known = true, true
			}
		}
		if !known && isLanguage(word) {
			r.Language = word
		}
	}
	return r
}

// languageForm is the shape of a language code that a cookie can hold.
var languageForm = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// isLanguage reports whether a word may be a language of the interface. Which there are depends on the study, whose page asks
// for one of those that it offers.
func isLanguage(word string) bool { return len(word) <= 35 && languageForm.MatchString(word) }

// readingCookieName carries the __Host- prefix where it may.
func readingCookieName(secure bool) string {
	if secure {
		return "__Host-ww_reading"
	}
	return "ww_reading"
}

// cookie returns the cookie that readingOf reads.
func (r Reading) cookie(secure bool) *http.Cookie {
	words := []string{r.Language}
	for _, aid := range switches {
		if *aid.of(&r) {
			words = append(words, aid.word)
		}
	}
	return &http.Cookie{Name: readingCookieName(secure), Value: strings.Join(words, "."), Path: "/", MaxAge: readingLife, Secure: secure,
		HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// ForgottenReading takes the cookie off a device that somebody else reads on next.
func ForgottenReading(secure bool) *http.Cookie {
	cookie := Reading{}.cookie(secure)
	cookie.Value, cookie.MaxAge = "", -1
	return cookie
}

// changed returns the reading after what a form asks for.
func (r Reading) changed(c echo.Context) Reading {
	if wanted := c.FormValue("language"); isLanguage(wanted) {
		r.Language = wanted
	}
	for _, aid := range switches {
		switch c.FormValue(readField + aid.word) {
		case "on":
			*aid.of(&r) = true
		case "off":
			*aid.of(&r) = false
		}
	}
	return r
}

// ReadsAnew reports whether the request changes how somebody reads. Its cookie has been answered by then.
func ReadsAnew(c echo.Context) bool {
	return c.Request().Method == http.MethodPost && c.QueryParams().Has(readingQuery)
}

const readingKey = "reading"

// ChangeReading takes what a form asks for as how somebody reads, from this reply on.
func ChangeReading(c echo.Context, secure bool) {
	changed := readingOf(c).changed(c)
	c.SetCookie(changed.cookie(secure))
	c.Set(readingKey, changed)
}

// Reader is how a request wants to be answered.
type Reader struct {
	Reading
	accept string // the Accept-Language header
}

func ReaderOf(c echo.Context) Reader {
	r, changed := c.Get(readingKey).(Reading)
	if !changed {
		r = readingOf(c)
	}
	return Reader{r, c.Request().Header.Get("Accept-Language")}
}

// FindPack returns the pack in exactly a language.
type FindPack func(language string) (*locale.Pack, bool)

// Among returns the pack of the offered languages that suits the reader best: the one chosen, else what the browser
// prefers, else the first.
func (r Reader) Among(offered []string, find FindPack) *locale.Pack {
	best := offered[0]
	if slices.Contains(offered, r.Language) {
		best = r.Language
	} else if len(offered) > 1 && r.accept != "" {
		tags := make([]language.Tag, len(offered))
		for i, name := range offered {
			tags[i] = language.Make(name)
		}
		_, i := language.MatchStrings(language.NewMatcher(tags), r.accept)
		best = offered[i]
	}
	pack, ok := find(best)
	if !ok {
		pack = locale.English()
	}
	if r.Easy {
		return pack.Easy()
	}
	return pack
}

// Spoken returns the pack for a page that belongs to no study.
func (r Reader) Spoken() *locale.Pack { return r.Among(r.everywhere(), locale.Find) }

// everywhere lists what a page that belongs to no study may come in: any language of the interface that somebody has
// reviewed, or that the reader chose.
func (r Reader) everywhere() []string {
	var offered []string
	for _, pack := range locale.Packs() {
		if pack.Ready() || pack.Language == r.Language {
			offered = append(offered, pack.Language)
		}
	}
	return offered
}

// Aid is a button that changes how somebody reads, or leads to where they say who helps.
type Aid struct {
	Name, Value, Label string
	Switch, On         bool // it is on or off, and not a way to somewhere
}

// Aids lists the buttons of a page in a language. helps says that the reader can say who helps.
func (r Reading) Aids(pack *locale.Pack, helps bool) []Aid {
	var views []Aid
	for _, aid := range switches {
		view := Aid{Name: readField + aid.word, Value: "on", Label: pack.Say(surveys.AidLabel(aid.code)), Switch: true, On: *aid.of(&r)}
		if view.On {
			view.Value = "off"
		}
		views = append(views, view)
	}
	if helps {
		views = append(views, Aid{Name: helpField, Value: "yes", Label: pack.Say("Somebody helps me")})
	}
	return views
}

// Codes are the aids as they are stored with answers.
func (r Reading) Codes() string {
	var used []string
	for _, aid := range switches {
		if *aid.of(&r) {
			used = append(used, aid.code)
		}
	}
	return surveys.JoinAids(used...)
}

// Buttons that stand among questions have names that no item can have.
const (
	readField = "read-"
	helpField = "read-help" // leads to where somebody says who helps
)

// Language is one language to choose.
type Language struct {
	Code, Name, Direction string
}

// OtherLanguages lists the offered languages that a page in pack's is not in.
func OtherLanguages(offered []string, pack *locale.Pack, find FindPack) []Language {
	var views []Language
	for _, name := range offered {
		if other, ok := find(name); ok && other.Language != pack.Language {
			views = append(views, Language{other.Language, other.Name, other.Direction})
		}
	}
	return views
}

// AsksForHelp reports whether helpField was pressed.
func AsksForHelp(c echo.Context) bool { return c.FormValue(helpField) != "" }

// TypedForm returns the form of a request without the button that changes how somebody reads.
func TypedForm(c echo.Context) (url.Values, error) {
	form, err := c.FormParams()
	if err != nil || !ReadsAnew(c) {
		return form, err
	}
	typed := maps.Clone(form)
	typed.Del("language")
	typed.Del(helpField)
	for _, aid := range switches {
		typed.Del(readField + aid.word)
	}
	return typed, nil
}
