package participant

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/locale"
	"wellwave/surveys/store"
)

// A browser that supports it keeps a whole questionnaire. A worker (templates/static/worker.js) stands between the pages and
// the network. From one bundle per response it shows the same pages as the server, decides what comes next by the same
// rules, and keeps answers in an outbox until the study has them. The bundle holds no answers given on other devices.

// Offline gives browsers what they need to go on without a network, and takes what they send later.
type Offline struct {
	store    *store.Store
	pages    *page.Renderer
	sessions *access.Sessions
	sealer   *tickets.Sealer
	visits   *Visits
	kiosks   *kiosks
	now      func() time.Time
}

// protocol is the version of bundles and of what workers deliver. What an older worker queued is still taken.
const protocol = 1

// sittingHeader carries the secret of a worker's sitting when it asks for a page, so that what was given on its device is
// shown there. The secret is 128 random bits and the sitting's id is their hash, so knowing the id is not enough.
const sittingHeader = "Wellwave-Sitting"

// deviceSitting returns the id of the sitting that a request proves to hold, or nothing.
func deviceSitting(c echo.Context) string {
	secret := c.Request().Header.Get(sittingHeader)
	if secret == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:16])
}

// bundle is all that a worker needs to go on with one response.
type bundle struct {
	Protocol int                    `json:"protocol"`
	Version  string                 `json:"version"` // of everything but the answers so far
	Token    string                 `json:"token"`   // for delivering
	Until    int64                  `json:"until"`   // when the ticket ends, in Unix milliseconds
	Shared   bool                   `json:"shared"`  // an account is signed in in this browser: show no answers
	Finished bool                   `json:"finished"`
	Headers  map[string]string      `json:"headers"` // of every page
	Assets   []string               `json:"assets"`
	Items    []bundleItem           `json:"items"`
	Sheets   map[string][2]int      `json:"sheets,omitempty"`   // pages of several questions: the index of their first question, and of the first after them
	Sections []page.Pieces          `json:"sections,omitempty"` // of the page of all questions
	Blocks   []string               `json:"blocks,omitempty"`   // the questions in them, by item
	Pages    map[string]page.Pieces `json:"pages"`
	Parts    map[string]page.Pieces `json:"parts"`
	Words    map[string]string      `json:"words"` // sentences; % stands for what was typed, or a number
	Language string                 `json:"language"`
	Proxy    bool                   `json:"proxy,omitempty"` // somebody answers in the person's place
}

// bundleItem is an item as a worker knows it.
type bundleItem struct {
	Code     string              `json:"code"`
	Kind     string              `json:"kind"`
	Field    string              `json:"field"` // the id of the first input
	Options  []float64           `json:"options,omitempty"`
	Min      float64             `json:"min"`
	Max      float64             `json:"max"`
	Length   int                 `json:"length,omitempty"`
	Required bool                `json:"required,omitempty"`
	Safety   bool                `json:"safety,omitempty"` // an answer may lead to the safety plan's text
	When     *surveys.EnableWhen `json:"when,omitempty"`
	Text     string              `json:"text"`
	Labels   map[string]string   `json:"labels,omitempty"`
	Heading  string              `json:"heading,omitempty"`
	First    bool                `json:"first,omitempty"`
	// The answer if it was given on this device, or else only whether the question was asked elsewhere, and not even that
	// where the question is veiled.
	Own       json.RawMessage `json:"own,omitempty"`
	Elsewhere bool            `json:"elsewhere,omitempty"`
}

// ServeBundle handles GET /q/:handle/offline.json.
func (h *Offline) ServeBundle(c echo.Context, v *visit) error {
	b, err := h.bundleOf(v)
	if err != nil {
		return err
	}
	text, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	return sendJSON(c, text)
}

// bundleOf returns the bundle of a response.
func (h *Offline) bundleOf(v *visit) (bundle, error) {
	b := bundle{Protocol: protocol, Version: h.bundleVersion(v), Until: v.ticket.Issued.Add(v.ticket.Life()).UnixMilli(), Shared: v.shared,
		Finished: v.Finished, Headers: page.Headers, Assets: h.bundleAssets(v), Items: v.bundleItems(), Words: offlineWords(v.words.Pack), Language: v.words.Language, Proxy: v.ticket.How("", "").Proxy(),
		Token: h.sealer.SealDelivery(v.ticket.Delivery(v.words.Language))}
	var err error
	if b.Pages, err = h.bundlePages(v); err != nil {
		return b, err
	}
	if b.Parts, err = h.bundleParts(v); err != nil {
		return b, err
	}
	return b, h.bundleSheets(v, &b)
}

// sendJSON compresses a reply if the browser accepts that. The reply holds nothing that an attacker could choose, so its
// length gives nothing away.
func sendJSON(c echo.Context, text []byte) error {
	header := c.Response().Header()
	header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	if !strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
		return c.JSONBlob(http.StatusOK, text)
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(text) // a bytes.Buffer never fails
	_ = w.Close()
	header.Set(echo.HeaderContentEncoding, "gzip")
	return c.JSONBlob(http.StatusOK, b.Bytes())
}

// bundleVersion changes with everything that the fixed part of a bundle is made of.
func (h *Offline) bundleVersion(v *visit) string {
	return page.VersionHash(strconv.Itoa(protocol), h.pages.Version, v.Study.Hash, v.Questionnaire.Hash, v.words.Language, v.reader.Codes(), v.State.String(), v.ticket.Helper, v.ticket.Place)
}

// bundleAssets lists the files that the pages ask for.
func (h *Offline) bundleAssets(v *visit) []string {
	var list []string
	names := []string{"atkinson-400.woff2", "atkinson-700.woff2", "participant.css", "answers.css", "questionnaire.js"}
	if v.ticket.Lent() {
		names = append(names, "kiosk.css", "kiosk.js")
	}
	if slices.ContainsFunc(v.Questionnaire.Items, func(item surveys.QuestionItem) bool { return item.Kind == surveys.KindVAS }) {
		names = append(names, "scale.js")
	}
	for _, name := range names {
		list = append(list, h.pages.Assets.MustAddress(name))
	}
	if colour := page.BarColour(v.Study.Colour); colour != "" {
		list = append(list, "/static/bar/"+colour+".css")
	}
	return list
}

func (v *visit) bundleItems() []bundleItem {
	items := make([]bundleItem, len(v.Questionnaire.Items))
	for i, item := range v.Questionnaire.Items {
		view := v.words.Question(item)
		items[i] = bundleItem{Code: item.Code, Kind: item.Kind.String(), Field: view.FieldID(), Options: question.ChoicesOf(item.Item), Min: item.Min, Max: item.Max,
			Length: item.MaxLength, Required: item.Required, Safety: item.Safety && v.Study.Safety != nil, When: item.EnableWhen, Text: view.Text,
			Heading: v.words.Heading(v.Questionnaire, item.Instrument), First: item.First}
		if item.Kind.Chosen() {
			items[i].Labels = make(map[string]string, len(view.Options))
			for _, option := range view.Options {
				items[i].Labels[option.Value] = option.Label
			}
		}
		switch value := v.value(item.Code); {
		case value.Kind == surveys.Untouched:
		case v.shows(item.Code):
			items[i].Own = surveys.JSONValue(value)
		default:
			items[i].Elsewhere = v.hides(item.Code) && v.listed(i)
		}
	}
	return items
}

// bundlePages cuts up every page that somebody may need.
func (h *Offline) bundlePages(v *visit) (map[string]page.Pieces, error) {
	pages := make(map[string]page.Pieces, len(v.Questionnaire.Items)+6)
	var failed error
	add := func(name string, key page.CacheKey, fixed func(page.Words) page.Page) {
		cut, err := h.pages.Cached(key, fixed)
		if err != nil {
			failed = err
			return
		}
		pages[name] = cut.List()
	}
	if v.Wave.Layout == surveys.OnePage {
		key, fixed := v.cutAll()
		add("all", key, fixed)
	} else {
		for i := range v.Questionnaire.Items {
			key, fixed := v.cutQuestion(i)
			add(strconv.Itoa(i+1), key, fixed)
		}
		for in := range v.grids() {
			key, fixed := v.cutGrid(in)
			add(gridAddress(in), key, fixed)
		}
	}
	key, fixed := v.cutWelcome()
	add("welcome", key, fixed)
	key, fixed = v.cutThanks(false, true, false)
	add("thanks", key, fixed)
	key, fixed = v.cutThanks(false, true, true)
	add("waiting", key, fixed)
	add("check", v.cutKey((&checkPage{}).Template(), ""), func(words page.Words) page.Page {
		v := v.withHandle(words[page.SlotHandle])
		p := &checkPage{Base: v.base(v.words.Say("Check your answers")), Action: v.path("check"), Seq: words[page.SlotSeq],
			BackURL: v.path(words[page.SlotBack]), List: words[page.SlotList]}
		p.Script, p.Notice = true, words[page.SlotNotice]
		return p
	})
	// These belong to no study, so they are the same for all of them.
	anywhere := page.CacheKey{Lent: v.ticket.Lent(), Language: v.words.Language, Reading: v.reader.Reading}
	queue, left := anywhere, anywhere
	queue.Page, left.Page = (&queuePage{}).Template(), (&leftPage{}).Template()
	add("queue", queue, func(words page.Words) page.Page {
		return newQueuePage(v.publicBase(queueTitle), v.ticket.Lent(), words[page.SlotText], words[page.SlotList])
	})
	add("left", left, func(words page.Words) page.Page {
		return &leftPage{Base: v.publicBase("You have finished on this device"), Text: words[page.SlotText]}
	})
	return pages, failed
}

// bundleParts cuts up the parts that a worker puts into pages.
func (h *Offline) bundleParts(v *visit) (map[string]page.Pieces, error) {
	words := h.pages.Markers()
	row := checkRow{Question: words[page.SlotText], Answer: words[page.SlotNote], URL: "/q/" + words[page.SlotHandle] + "/" + words[page.SlotPosition], Given: true}
	blank := row
	blank.Given = false
	parts := make(map[string]page.Pieces)
	for _, part := range []struct {
		name, page, block string
		data              any
	}{
		{"missed", "participant/question", "missed", nil},
		{"earlier", "participant/question", "earlier", nil},
		{"skip", "participant/question", "skip", nil},
		{"missedSome", "participant/all", "missed-some", allPage{MissedTitle: v.words.Say("Some questions have no answer yet"),
			Missed: []page.FieldError{{Field: words[page.SlotNote], Text: words[page.SlotText]}}}},
		{"earlierSome", "participant/all", "earlier-some", nil},
		{"wrong", "participant/question", "error-summary", page.Base{Errors: []page.FieldError{{Field: words[page.SlotNote], Text: words[page.SlotText]}}}},
		{"section", "participant/check", "check-section", checkSection{Heading: words[page.SlotText], List: words[page.SlotList]}},
		{"list", "participant/check", "check-section", checkSection{List: words[page.SlotList]}},
		{"row", "participant/check", "check-row", row},
		{"blank", "participant/check", "check-row", blank},
		{"offline", "participant/queue", "offline", nil},
		{"network", "participant/queue", "network", nil},
		{"keepless", "participant/queue", "keepless", nil},
		{"moved", "participant/queue", "moved", nil},
		{"goOn", "participant/queue", "go-on", fragment{Text: words[page.SlotHandle]}},
		{"refused", "participant/queue", "queue-refused", fragment{Text: words[page.SlotText]}},
	} {
		cut, err := h.pages.Part(v.words.Pack, part.page, part.block, part.data)
		if err != nil {
			return nil, err
		}
		parts[part.name] = cut.List()
	}
	return parts, nil
}

const queueTitle = "Answers that wait on this device"

// offlineWords are the sentences of a worker. They have no plural forms, because the worker does not know those of each
// language.
func offlineWords(pack *locale.Pack) map[string]string {
	return map[string]string{
		"none":     pack.Say(question.NotAnswered),
		"earlier":  pack.Say(askedEarlier),
		"number":   pack.Say("“%s” is not a number.", "%"),
		"long":     pack.Say("“%s” has more digits than can be kept.", "%"),
		"whole":    pack.Say("“%s” is not a whole number.", "%"),
		"range":    pack.Say("“%s” is out of range. The answer is between %s and %s.", "%", "%1", "%2"),
		"option":   pack.Say(question.NotAnAnswer, "%"),
		"day":      pack.Say(question.NotADay),
		"year":     pack.Say(question.NotAYear, "%"),
		"length":   pack.Say("The text is too long: its characters are %s, and the most that can be stored is %s.", "%", "%1"),
		"empty":    pack.Say("No answers wait on this device."),
		"waits":    pack.Say("Answers that wait on this device: %s. The oldest waits since %s.", "%", "%1"),
		"leftWait": pack.Say("What has not been sent yet is kept here, encrypted, and is sent when there is a network."),
	}
}

// ShowQueue handles GET /q/queue if no worker answers it in the browser.
func (h *Offline) ShowQueue(c echo.Context) error {
	_, kiosk := h.kiosks.here(c)
	r := page.ReaderOf(c)
	return h.pages.Send(c, http.StatusOK, newQueuePage(page.PublicBase(r, queueTitle), kiosk,
		r.Spoken().Say("As far as this page can see, no answers wait on this device: each one is sent when it is given."), ""))
}

// newQueuePage returns the queue page, on a kiosk with the way back to its PIN.
func newQueuePage(base page.Base, kiosk bool, intro, list string) *queuePage {
	p := &queuePage{Base: base, Intro: intro, List: list}
	p.Kiosk = page.KioskFrame{On: kiosk, ForStaff: kiosk}
	return p
}

// ServeWorker handles GET /q/sw.js: the worker, which answers for the addresses below its own. A kiosk gets one that does
// more. A kiosk that was revoked gets the ordinary one, which still sends what waits.
func (h *Offline) ServeWorker(c echo.Context) error {
	c.Response().Header().Add(echo.HeaderVary, "Cookie")
	if _, ok := h.kiosks.here(c); ok {
		return h.pages.Assets.Send(c, page.KioskWorkerName)
	}
	return h.pages.Assets.Send(c, page.WorkerName)
}
