package participant

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
)

// Without a network a kiosk can be handed to people whom colleagues loaded earlier. For each of them the kiosk's worker
// keeps the bundle of their questionnaire and a sealed ticket, which becomes valid once the server can be reached. How the
// kiosk was handed over is reported with the first answers, under an id that was made when the person was loaded. Somebody
// who has not consented yet needs the network.

// Bounds of what is loaded: how many people at once, and for how long they may be handed the kiosk.
const (
	maxLoaded  = 20
	loadedLife = 12 * time.Hour
)

// helperUnknown takes the place of the helper until the kiosk is handed over. It is never stored.
const helperUnknown = "?"

// kioskBundle is what a kiosk's worker shows colleagues without a network.
type kioskBundle struct {
	Headers map[string]string      `json:"headers"`
	Assets  []string               `json:"assets"`
	Pages   map[string]page.Pieces `json:"pages"`
	Row     page.Pieces            `json:"row"`
	Notice  page.Pieces            `json:"notice"`
	Words   map[kioskState]string  `json:"words"`
}

type kioskState string

// kioskWords are the sentences of a kiosk's worker.
var kioskWords = map[kioskState]string{
	"network": "There is no network, and nobody is loaded who could be handed this tablet without it. What waits here is kept and sent later.",
	"loaded":  "There is no network. With the PIN you can hand the tablet to people who were loaded before.",
	"wrong":   "There is no network, and this is not the PIN that was typed when people were loaded.",
	"people":  "There is no network. % people are loaded on this tablet. Anybody else needs the network, and so does somebody who has been handed this tablet since they were loaded.",
	"said":    "Type your initials, 1 to 6 letters or digits, and choose who helps with the answers.",
}

// ServeBundle handles GET /q/kiosk/offline.json.
func (h *Kiosk) ServeBundle(c echo.Context, pass kioskPass) error {
	base, study, err := h.base(c, pass, "Enter the PIN of this tablet")
	if err != nil {
		return err
	}
	words := h.pages.Markers()
	base.Notice = words[page.SlotNotice]
	site, _ := study.Site(pass.Site)
	pin := &kioskPINPage{Base: base, Site: site.Title, Device: pass.Name, PIN: pinField()}
	hand := newHandOverPage(base, study, handOverForm{})
	hand.Title, hand.Person, hand.Wave, hand.Action, hand.BackURL = handOverTitle, words[page.SlotText], words[page.SlotNote], KioskPath+"ready/"+words[page.SlotHandle], peoplePath
	people := &kioskReadyPage{Base: base, List: words[page.SlotList]}
	people.Title = "Who is next?"
	b := kioskBundle{Headers: page.Headers, Words: kioskWords, Pages: make(map[string]page.Pieces)}
	for name, p := range map[string]page.Page{"pin": pin, "people": people, "hand": hand} {
		cut, err := h.pages.CutUp(p)
		if err != nil {
			return err
		}
		b.Pages[name] = cut.List()
	}
	for block, into := range map[string]*page.Pieces{"ready-row": &b.Row, "ready-notice": &b.Notice} {
		cut, err := h.pages.Part(base.Pack(), people.Template(), block, kioskReadyRow{words[page.SlotText], words[page.SlotNote], KioskPath + "ready/" + words[page.SlotHandle]})
		if err != nil {
			return err
		}
		*into = cut.List()
	}
	for _, name := range []string{"atkinson-400.woff2", "atkinson-700.woff2", "participant.css", "answers.css", "kiosk.css", "kiosk.js"} {
		b.Assets = append(b.Assets, h.pages.Assets.MustAddress(name))
	}
	if base.Colour != "" {
		b.Assets = append(b.Assets, "/static/bar/"+base.Colour+".css")
	}
	text, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("write a tablet's pages: %w", err)
	}
	return sendJSON(c, text)
}

// loadedPerson is somebody whom a kiosk can be handed to without a network.
type loadedPerson struct {
	Label  string `json:"label"`
	Title  string `json:"title"`
	Handle string `json:"handle"`
	Ticket string `json:"ticket"` // sealed
	Bundle bundle `json:"bundle"`
}

type loadedReply struct {
	People  []loadedPerson `json:"people"`
	Skipped int            `json:"skipped"` // people who need the network
}

type loadForm struct {
	People []string `form:"person"` // enrolment and wave of each, with a slash between
}

// LoadPeople handles POST /q/kiosk/load.
func (h *Kiosk) LoadPeople(c echo.Context, pass kioskPass) error {
	var form loadForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	reply := loadedReply{People: []loadedPerson{}}
	for _, one := range form.People {
		if len(reply.People) == maxLoaded {
			reply.Skipped++
			continue
		}
		enrolment, wave, _ := strings.Cut(one, "/")
		person, ok, err := h.loadPerson(c, pass, surveys.EnrolmentID(enrolment), surveys.WaveID(wave))
		if err != nil {
			return err
		}
		if !ok {
			reply.Skipped++
			continue
		}
		reply.People = append(reply.People, person)
	}
	text, err := json.Marshal(reply)
	if err != nil {
		return fmt.Errorf("write loaded people: %w", err)
	}
	return sendJSON(c, text)
}

// loadPerson returns what a kiosk needs of one person; ok is false if they need the network.
func (h *Kiosk) loadPerson(c echo.Context, pass kioskPass, id surveys.EnrolmentID, wave surveys.WaveID) (loaded loadedPerson, ok bool, err error) {
	enrolment, err := h.store.FindEnrolment(c.Request().Context(), id)
	if err != nil {
		return loadedPerson{}, false, err
	}
	if enrolment.Study != pass.Study || enrolment.Site != pass.Site {
		return loadedPerson{}, false, echo.ErrNotFound
	}
	ticket := tickets.Ticket{Audience: surveys.Patients, Study: enrolment.Study, Wave: wave, Enrolment: id, Site: enrolment.Site, Sitting: tickets.NewSitting(),
		Issued: h.now(), Assistance: tickets.Assistance{Kiosk: pass.ID, HandOver: surveys.HandOverID(tickets.NewSitting()), Helper: helperUnknown, Place: surveys.AtPractice}}
	v, err := h.visits.foresee(c.Request().Context(), ticket, h.sealer.Handle(ticket), page.ReaderOf(c))
	if err != nil {
		return loadedPerson{}, false, err
	}
	if v.Wave.Audience != surveys.Patients || !v.Consented || v.closed() != nil || v.Finished {
		return loadedPerson{}, false, nil
	}
	kept, err := h.offline.bundleOf(v)
	if err != nil {
		return loadedPerson{}, false, err
	}
	kept.Until = h.now().Add(loadedLife).UnixMilli()
	return loadedPerson{Label: enrolment.Label, Title: v.Wave.Title, Handle: v.handle, Ticket: h.sealer.SealLoaded(ticket), Bundle: kept}, true, nil
}

type adoptForm struct {
	Ticket    string `form:"ticket"`
	Initials  string `form:"initials"`
	Colleague string `form:"colleague"`
	Helper    string `form:"helper"`
	At        int64  `form:"at"`  // when it was handed over, by the device's clock, in Unix milliseconds
	Now       int64  `form:"now"` // when it says so, by the same clock
}

// AdoptHandOver handles POST /q/kiosk/adopt: the kiosk was handed over without a network, and now there is one. The browser
// gets the ticket of the person who has the kiosk. Once the kiosk was locked or handed on, the same ticket is refused.
func (h *Kiosk) AdoptHandOver(c echo.Context, pass kioskPass) error {
	var form adoptForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	ticket, ok := h.sealer.OpenLoaded(form.Ticket, h.now())
	if !ok || ticket.Kiosk != pass.ID {
		return surveys.Errorf(surveys.Forbidden, "These were not loaded on this tablet.")
	}
	note := handOverNote{Initials: form.Initials, Colleague: form.Colleague, Helper: form.Helper, At: form.At}
	// The kiosk may have been unlocked when the network failed, and is with a participant now, so this locks it.
	made, err := reportHandOver(c, h.store.AdoptHandOver, h.now(), ticket.Delivery(""), note, form.Now)
	if err != nil {
		return err
	}
	h.cookies.SetKiosk(c, pass.KioskDevice, "")
	ticket.Helper, ticket.Issued = made.Helper, h.now()
	h.cookies.SetTicket(c, ticket)
	c.SetCookie(page.ForgottenReading(h.kiosks.secure))
	return c.NoContent(http.StatusNoContent)
}

// handOverNote is how a kiosk was handed over, as its worker tells it.
type handOverNote struct {
	Initials  string `json:"initials"`
	Colleague string `json:"colleague"`
	Helper    string `json:"helper"`
	At        int64  `json:"at"` // by the device's clock, in Unix milliseconds
}

// noted splits a delivery token from the note on how the kiosk was handed over, which the kiosk's worker appends.
func noted(token string) (sealed string, note *handOverNote) {
	sealed, encoded, found := strings.Cut(token, "~")
	if !found {
		return token, nil
	}
	text, err := base64.StdEncoding.DecodeString(encoded)
	note = new(handOverNote)
	if err != nil || json.Unmarshal(text, note) != nil {
		return sealed, nil
	}
	return sealed, note
}

// reportHandOver has a handing-over recorded that a kiosk reports afterwards. sent is the time of the report by the kiosk's
// clock.
func reportHandOver(c echo.Context, record func(context.Context, surveys.HandOver) (surveys.HandOver, error), now time.Time, to tickets.Delivery, note handOverNote, sent int64) (surveys.HandOver, error) {
	form := deliverForm{Now: sent}
	at := form.moment(note.At, now)
	if at.IsZero() || at.After(now) {
		at = now
	}
	given := handOverForm{note.Initials, note.Colleague, note.Helper}.handedOver(to.Kiosk, to.Enrolment, to.Wave)
	given.ID, given.At = to.HandOver, at
	return record(c.Request().Context(), given)
}
