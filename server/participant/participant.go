// Package participant has the pages of whoever answers: the link, consent, questions and thanks, with and without a
// network, on a device of their own or a kiosk; and the anonymous survey of practice staff.
package participant

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/server/question"
	"wellwave/server/sealed"
	"wellwave/surveys"
	"wellwave/surveys/locale"
	"wellwave/surveys/store"
)

// A participant's way: a code or link opens a session in a sealed cookie (sealed.go) and leads to /q/:handle/, which
// sends the browser on to whatever comes next. Every page of a response carries its handle in the address; a page whose
// handle is not the session's writes nothing and keeps what was typed (participant_moved.go).

// Handlers answer whoever answers a questionnaire, and the tablets that practices hand over.
type Handlers struct {
	Store    *store.Store
	Pages    *page.Renderer
	Sessions *access.Sessions
	Cookies  *sealed.Cookies
	Sealer   *sealed.Sealer
	Now      func() time.Time
	Secure   bool // people reach the server over https
	// FindLink finds what a link or typed code leads to, and slows down whoever guesses.
	FindLink func(c echo.Context, typed string) (surveys.Opened, error)
	// LogTrouble logs what failed on our side and is answered here.
	LogTrouble func(echo.Context, page.Trouble, error)
}

// ShowStart handles GET /.
func (h *Handlers) ShowStart(c echo.Context) error {
	if _, ok := h.kioskPass(c); ok {
		return c.Redirect(http.StatusSeeOther, KioskPath)
	}
	r := page.ReaderOf(c)
	return h.Pages.Send(c, http.StatusOK, &startPage{Base: page.PublicBase(r, "Enter your code"), Code: codeField(r.Spoken(), ""),
		Left: c.QueryParam("left") != ""})
}

// EnterCode handles POST /.
func (h *Handlers) EnterCode(c echo.Context) error {
	code := strings.TrimSpace(c.FormValue("code"))
	if code == "" {
		r := page.ReaderOf(c)
		p := &startPage{Base: page.PublicBase(r, "Enter your code"), Code: codeField(r.Spoken(), "Enter the code from your letter or card")}
		p.Errors = []page.FieldError{{Field: "code", Text: p.Code.Error}}
		return h.Pages.Send(c, http.StatusBadRequest, p)
	}
	return h.openCode(c, code)
}

// OpenLink handles GET /s/:code. It changes nothing, because mail and message scanners open links too; the code leaves
// the address bar with the redirect.
func (h *Handlers) OpenLink(c echo.Context) error { return h.openCode(c, c.Param("code")) }

func (h *Handlers) openCode(c echo.Context, code string) error {
	opened, err := h.FindLink(c, code)
	if surveys.KindOf(err) == surveys.NotFound {
		r := page.ReaderOf(c)
		return h.Pages.Send(c, http.StatusNotFound, &unknownPage{Base: page.PublicBase(r, "This code or link does not work"), Code: codeField(r.Spoken(), "")})
	}
	if err != nil {
		return err
	}
	if pass, ok := h.kioskPass(c); ok && opened.Audience == surveys.Patients {
		return h.kioskOpens(c, pass, opened)
	}
	sess := sealed.Ticket{Audience: opened.Audience, Study: opened.Study, Wave: opened.Wave, Enrolment: opened.Enrolment,
		Card: opened.StaffCode, Site: opened.Site, Sitting: sealed.NewSitting(), Issued: h.Now()}
	if before, ok := h.Cookies.Ticket(c); ok && before.SameResponse(sess) && !h.Sessions.OnDevice(c) {
		sess.Sitting = before.Sitting // the same person on the same device: what they answered here stays visible
	}
	h.Cookies.SetTicket(c, sess)
	if sess.Audience == surveys.Staff {
		return c.Redirect(http.StatusSeeOther, "/staff/")
	}
	v := newVisit(*opened.Sitting, sess, h.Sealer.Handle(sess), page.ReaderOf(c))
	return c.Redirect(http.StatusSeeOther, v.path(v.nextPage())) // at once: every further round trip is slow on a phone
}

func codeField(pack *locale.Pack, problem string) page.TextField {
	return page.TextField{ID: "code", Label: pack.Say("Code"), Hint: pack.Say("Letters and digits, for example ABC‑DEF‑GHJK. Capitals and spaces do not matter."),
		Error: pack.Say(problem), Class: "ww-input--code", Autocomplete: "off"}
}

// visit is one request to a response: whose it is, and all that its pages need to know.
type visit struct {
	surveys.Sitting
	sess   sealed.Ticket
	handle string
	device string // the sitting that the browser's own worker holds, if it proved one
	shared bool   // with an account, which must not see what a participant answered
	words  question.Wording
	reader page.Reader
	saved  map[string]surveys.Value // by this request, after Sitting was read
}

// path returns the address of one of the response's pages.
func (v *visit) path(page string) string { return "/q/" + v.handle + "/" + page }

// base is the frame of the response's pages.
func (v *visit) base(title string) page.Base {
	base := v.words.Base(title, v.Study, v.State, v.reader.Reading)
	base.Own = v.ownLinks()
	base.Aids = v.reader.Aids(v.words.Pack, !v.sess.Lent())
	if v.sess.Lent() {
		base.Kiosk = page.KioskFrame{On: true, LeaveAction: v.path("leave")}
	}
	return base
}

// PublicBase is the frame of a page that belongs to no study, in the language of the response's pages.
func (v *visit) publicBase(title string) page.Base {
	return page.PublicIn(v.words.Pack, v.reader.Reading, title)
}

type visitHandler func(echo.Context, *visit) error

// Visitor lets a handler see the response that the session and the handle in the address agree on.
func (h *Handlers) Visitor(next visitHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		sess, ok := h.Cookies.Ticket(c)
		if !ok || sess.Audience == surveys.Staff || !h.Sealer.Owns(sess, c.Param("handle")) {
			return h.moved(c, sess, ok)
		}
		v, err := h.visit(c.Request().Context(), sess, c.Param("handle"), page.ReaderOf(c))
		if err == nil {
			v.device, v.shared = deviceSitting(c), h.Sessions.OnDevice(c)
			err = next(c, v)
		}
		if err != nil && c.Request().Method == http.MethodPost && page.TroubleOf(err).Status >= http.StatusInternalServerError {
			return h.unsaved(c, v, err)
		}
		return err
	}
}

func (h *Handlers) visit(ctx context.Context, sess sealed.Ticket, handle string, r page.Reader) (*visit, error) {
	sitting, err := h.Store.Sitting(ctx, sess.Enrolment, sess.Wave)
	if err != nil {
		return nil, err
	}
	return newVisit(sitting, sess, handle, r), nil
}

func newVisit(sitting surveys.Sitting, sess sealed.Ticket, handle string, r page.Reader) *visit {
	words := question.WordingFor(r, sitting.Study, sitting.Questionnaire, sitting.State)
	words.Listen = words.Say(surveys.AidLabel(surveys.AidListened))
	sitting.Study = sitting.Study.In(words.Language)
	sitting.Wave = sitting.Study.WaveIn(sitting.Wave, words.Language)
	return &visit{Sitting: sitting, sess: sess, handle: handle, words: words, reader: r}
}

// WhileOpen answers with a page that says why where the response takes no answers now. What is posted goes through: the
// store keeps what arrives late, and of somebody who has left what was still on its way, if they did not forbid it.
func (h *Handlers) WhileOpen(next visitHandler) visitHandler {
	return func(c echo.Context, v *visit) error {
		if p := v.closed(); p != nil && (c.Request().Method != http.MethodPost || v.Left >= surveys.StopCollection) {
			return h.Pages.Send(c, http.StatusGone, p)
		}
		return next(c, v)
	}
}

// Consented sends whoever has not agreed yet to what comes before the questions. What they typed stays on the page.
func (h *Handlers) Consented(next visitHandler) visitHandler {
	return func(c echo.Context, v *visit) error {
		if !v.Consented && c.Request().Method == http.MethodPost {
			return h.beforeConsent(c, v)
		}
		if !v.Consented {
			return c.Redirect(http.StatusSeeOther, v.path(""))
		}
		return next(c, v)
	}
}

// closed returns the page that says why nothing can be answered, or nil.
func (v *visit) closed() *closedPage {
	say := v.words.Say
	page := func(title, reason, advice string) *closedPage {
		return &closedPage{Base: v.base(say(title)), Reason: reason, Advice: advice}
	}
	ask := say("If you have a question, ask the study team: %s", v.Study.Contact)
	switch {
	case v.Left != 0:
		return page("You have left the study", say("You asked to leave this study, so there is nothing more to answer."), ask)
	case v.State == surveys.Draft:
		return page("This study has not opened yet", say("Nothing can be answered yet."), ask)
	case !v.HasWindow:
		return page("This questionnaire is not open yet", say("It follows some months after the first questionnaire, which has not been answered yet."), ask)
	case !v.Now.Before(v.Window.Closes):
		return page("This questionnaire has closed", say("It could be answered until %s. Everything that you sent is kept; what arrived after that day is marked as received after closing.",
			v.day(v.Window.Closes.Add(-time.Second))), ask)
	case !v.State.Takes():
		return page("This study has closed", say("No more answers are taken. Everything that you sent is kept."), ask)
	case v.Now.Before(v.Window.Opens):
		return page("This questionnaire is not open yet", say("You can answer it from %s. Keep your link until then.", v.day(v.Window.Opens)), ask)
	default:
		return nil
	}
}

// day writes a moment as a day in the study's zone.
func (v *visit) day(t time.Time) string { return v.words.Day(t.In(v.Study.Zone)) }

// GoOn handles GET /q/:handle/ and sends the browser to whatever comes next.
func (h *Handlers) GoOn(c echo.Context, v *visit) error {
	return c.Redirect(http.StatusSeeOther, v.path(v.nextPage()))
}

func (v *visit) nextPage() string {
	switch {
	case v.Finished:
		return "thanks"
	case !v.Consented, v.Answers.Given() == 0:
		return "welcome"
	default:
		return v.nextQuestion(-1)
	}
}

// ShowWelcome handles GET /q/:handle/welcome.
func (h *Handlers) ShowWelcome(c echo.Context, v *visit) error {
	key, fixed := v.cutWelcome()
	return h.Pages.SendCached(c, key, page.Words{page.SlotHandle: v.handle}, fixed)
}

func (v *visit) cutWelcome() (page.CacheKey, func(page.Words) page.Page) {
	until := v.day(v.Window.Closes.Add(-time.Second))
	next := "consent"
	if v.Consented {
		next = v.nextQuestion(-1)
	}
	return v.cutKey((&welcomePage{}).Template(), until+" "+next), func(words page.Words) page.Page {
		v := v.withHandle(words[page.SlotHandle])
		p := &welcomePage{Base: v.base(v.Study.Title), Wave: v.Wave.Title, Length: v.words.LengthSentence(v.Questionnaire),
			Until: v.words.Say("You can answer until %s.", until), Next: v.words.Say("Start"), NextURL: v.path(next)}
		p.Notice = words[page.SlotNotice]
		if !v.sess.Lent() {
			p.HelpURL = v.path("help")
		}
		return p
	}
}

// ShowThanks handles GET /q/:handle/thanks.
func (h *Handlers) ShowThanks(c echo.Context, v *visit) error {
	if !v.Finished {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	key, fixed := v.cutThanks(v.LateDays > 0, v.closed() == nil, false)
	return h.Pages.SendCached(c, key, page.Words{page.SlotHandle: v.handle}, fixed)
}

func (v *visit) cutThanks(late, open, waiting bool) (page.CacheKey, func(page.Words) page.Page) {
	return v.cutKey((&thanksPage{}).Template(), fmt.Sprint(late, open, waiting, v.Consented, v.Left)), func(words page.Words) page.Page {
		v := v.withHandle(words[page.SlotHandle])
		p := &thanksPage{Base: v.base(v.words.Say("Thank you")), Waiting: waiting, LeaveAction: v.path("leave"),
			Next: v.words.Say("The study team counts your answers together with everybody else’s. You do not need to do anything else now.")}
		p.Script, p.Notice = true, words[page.SlotNotice]
		p.Kiosk.Done = true
		if waiting {
			p.Next = v.words.Say("Once they have arrived, the study team counts your answers together with everybody else’s.")
		}
		if late {
			p.Late = v.words.Say("What was received after closing is kept with a note of that.")
		}
		if open {
			p.ChangeURL = v.path(v.reviewPage())
		}
		return p
	}
}

// Leave handles POST /q/:handle/leave: it takes the session off the device. Pressed twice it is as good as once.
func (h *Handlers) Leave(c echo.Context) error {
	if sess, ok := h.Cookies.Ticket(c); ok && !h.Sealer.Owns(sess, c.Param("handle")) {
		return h.moved(c, sess, ok)
	}
	h.Cookies.DropTicket(c)
	if _, ok := h.kioskPass(c); ok {
		return c.Redirect(http.StatusSeeOther, KioskPath)
	}
	return c.Redirect(http.StatusSeeOther, "/?left=yes")
}

// withHandle returns the same visit as pages show it under another handle.
func (v *visit) withHandle(handle string) *visit {
	other := *v
	other.handle = handle
	return &other
}
