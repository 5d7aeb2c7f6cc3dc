package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
	"wellwave/surveys/locale"
	"wellwave/surveys/store"
)

// A participant's way: a code or link opens a session in a sealed cookie (sealed.go) and leads to /q/:handle/, which
// sends the browser on to whatever comes next. Every page of a response carries its handle in the address; a page whose
// handle is not the session's writes nothing and keeps what was typed (participant_moved.go).

// participantHandlers answer whoever answers a questionnaire, and the tablets that practices hand over.
type participantHandlers struct {
	store    *store.Store
	pages    *Renderer
	sessions *accountSessions
	cookies  *cookies
	sealer   *sealer
	now      func() time.Time
	secure   bool // people reach the server over https
	// findLink finds what a link or typed code leads to, and slows down whoever guesses.
	findLink func(c echo.Context, typed string) (surveys.Opened, error)
	// logTrouble logs what failed on our side and is answered here.
	logTrouble func(echo.Context, trouble, error)
}

// start handles GET /.
func (h *participantHandlers) start(c echo.Context) error {
	if _, ok := h.kioskPass(c); ok {
		return c.Redirect(http.StatusSeeOther, kioskPath)
	}
	r := readerOf(c)
	return h.pages.page(c, http.StatusOK, &startPage{basePage: publicBase(r, "Enter your code"), Code: codeField(r.spoken(), ""),
		Left: c.QueryParam("left") != ""})
}

// enterCode handles POST /.
func (h *participantHandlers) enterCode(c echo.Context) error {
	code := strings.TrimSpace(c.FormValue("code"))
	if code == "" {
		r := readerOf(c)
		p := &startPage{basePage: publicBase(r, "Enter your code"), Code: codeField(r.spoken(), "Enter the code from your letter or card")}
		p.Errors = []fieldError{{"code", p.Code.Error}}
		return h.pages.page(c, http.StatusBadRequest, p)
	}
	return h.openCode(c, code)
}

// openLink handles GET /s/:code. It changes nothing, because mail and message scanners open links too; the code leaves
// the address bar with the redirect.
func (h *participantHandlers) openLink(c echo.Context) error { return h.openCode(c, c.Param("code")) }

func (h *participantHandlers) openCode(c echo.Context, code string) error {
	opened, err := h.findLink(c, code)
	if surveys.KindOf(err) == surveys.NotFound {
		r := readerOf(c)
		return h.pages.page(c, http.StatusNotFound, &unknownPage{basePage: publicBase(r, "This code or link does not work"), Code: codeField(r.spoken(), "")})
	}
	if err != nil {
		return err
	}
	if pass, ok := h.kioskPass(c); ok && opened.Audience == surveys.Patients {
		return h.kioskOpens(c, pass, opened)
	}
	sess := session{Audience: opened.Audience, Study: opened.Study, Wave: opened.Wave, Enrolment: opened.Enrolment,
		Card: opened.StaffCode, Site: opened.Site, Sitting: newSitting(), Issued: h.now()}
	if before, ok := h.cookies.session(c); ok && before.sameResponse(sess) && !h.sessions.onDevice(c) {
		sess.Sitting = before.Sitting // the same person on the same device: what they answered here stays visible
	}
	h.cookies.setSession(c, sess)
	if sess.Audience == surveys.Staff {
		return c.Redirect(http.StatusSeeOther, "/staff/")
	}
	v := newVisit(*opened.Sitting, sess, h.sealer.handle(sess), readerOf(c))
	return c.Redirect(http.StatusSeeOther, v.path(v.nextPage())) // at once: every further round trip is slow on a phone
}

func codeField(pack *locale.Pack, problem string) textField {
	return textField{ID: "code", Label: pack.Say("Code"), Hint: pack.Say("Letters and digits, for example ABC‑DEF‑GHJK. Capitals and spaces do not matter."),
		Error: pack.Say(problem), Class: "ww-input--code", Autocomplete: "off"}
}

// visit is one request to a response: whose it is, and all that its pages need to know.
type visit struct {
	surveys.Sitting
	sess   session
	handle string
	device string // the sitting that the browser's own worker holds, if it proved one
	shared bool   // with an account, which must not see what a participant answered
	words  wording
	reader reader
	saved  map[string]surveys.Value // by this request, after Sitting was read
}

// path returns the address of one of the response's pages.
func (v *visit) path(page string) string { return "/q/" + v.handle + "/" + page }

// base is the frame of the response's pages.
func (v *visit) base(title string) basePage {
	base := v.words.base(title, v.Study, v.State, v.reader.reading)
	base.Own = v.ownLinks()
	base.Aids = v.reader.aids(v.words.Pack, !v.sess.lent())
	if v.sess.lent() {
		base.Kiosk = kioskFrame{On: true, LeaveAction: v.path("leave")}
	}
	return base
}

// publicBase is the frame of a page that belongs to no study, in the language of the response's pages.
func (v *visit) publicBase(title string) basePage {
	return publicIn(v.words.Pack, v.reader.reading, title)
}

type visitHandler func(echo.Context, *visit) error

// visitor lets a handler see the response that the session and the handle in the address agree on.
func (h *participantHandlers) visitor(next visitHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		sess, ok := h.cookies.session(c)
		if !ok || sess.Audience == surveys.Staff || !h.sealer.owns(sess, c.Param("handle")) {
			return h.moved(c, sess, ok)
		}
		v, err := h.visit(c.Request().Context(), sess, c.Param("handle"), readerOf(c))
		if err == nil {
			v.device, v.shared = deviceSitting(c), h.sessions.onDevice(c)
			err = next(c, v)
		}
		if err != nil && c.Request().Method == http.MethodPost && troubleOf(err).status >= http.StatusInternalServerError {
			return h.unsaved(c, v, err)
		}
		return err
	}
}

func (h *participantHandlers) visit(ctx context.Context, sess session, handle string, r reader) (*visit, error) {
	sitting, err := h.store.Sitting(ctx, sess.Enrolment, sess.Wave)
	if err != nil {
		return nil, err
	}
	return newVisit(sitting, sess, handle, r), nil
}

func newVisit(sitting surveys.Sitting, sess session, handle string, r reader) *visit {
	words := wordsFor(r, sitting.Study, sitting.Questionnaire, sitting.State)
	words.listen = words.Say("Listen")
	sitting.Study = sitting.Study.In(words.Language)
	sitting.Wave = sitting.Study.WaveIn(sitting.Wave, words.Language)
	return &visit{Sitting: sitting, sess: sess, handle: handle, words: words, reader: r}
}

// whileOpen answers with a page that says why where the response takes no answers now. What is posted goes through: the
// store keeps what arrives late, and of somebody who has left what was still on its way, if they did not forbid it.
func (h *participantHandlers) whileOpen(next visitHandler) visitHandler {
	return func(c echo.Context, v *visit) error {
		if p := v.closed(); p != nil && (c.Request().Method != http.MethodPost || v.Left >= surveys.StopCollection) {
			return h.pages.page(c, http.StatusGone, p)
		}
		return next(c, v)
	}
}

// consented sends whoever has not agreed yet to what comes before the questions. What they typed stays on the page.
func (h *participantHandlers) consented(next visitHandler) visitHandler {
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
		return &closedPage{basePage: v.base(say(title)), Reason: reason, Advice: advice}
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

// next handles GET /q/:handle/ and sends the browser to whatever comes next.
func (h *participantHandlers) next(c echo.Context, v *visit) error {
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

// welcome handles GET /q/:handle/welcome.
func (h *participantHandlers) welcome(c echo.Context, v *visit) error {
	key, fixed := v.cutWelcome()
	return h.pages.cutPage(c, key, slotWords{slotHandle: v.handle}, fixed)
}

func (v *visit) cutWelcome() (cutKey, func(slotWords) page) {
	until := v.day(v.Window.Closes.Add(-time.Second))
	next := "consent"
	if v.Consented {
		next = v.nextQuestion(-1)
	}
	return v.cutKey((&welcomePage{}).template(), until+" "+next), func(words slotWords) page {
		v := v.withHandle(words[slotHandle])
		p := &welcomePage{basePage: v.base(v.Study.Title), Wave: v.Wave.Title, Length: v.words.lengthSentence(v.Questionnaire),
			Until: v.words.Say("You can answer until %s.", until), Next: v.words.Say("Start"), NextURL: v.path(next)}
		p.Notice = words[slotNotice]
		if !v.sess.lent() {
			p.HelpURL = v.path("help")
		}
		return p
	}
}

// thanks handles GET /q/:handle/thanks.
func (h *participantHandlers) thanks(c echo.Context, v *visit) error {
	if !v.Finished {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	key, fixed := v.cutThanks(v.LateDays > 0, v.closed() == nil, false)
	return h.pages.cutPage(c, key, slotWords{slotHandle: v.handle}, fixed)
}

func (v *visit) cutThanks(late, open, waiting bool) (cutKey, func(slotWords) page) {
	return v.cutKey((&thanksPage{}).template(), fmt.Sprint(late, open, waiting, v.Consented, v.Left)), func(words slotWords) page {
		v := v.withHandle(words[slotHandle])
		p := &thanksPage{basePage: v.base(v.words.Say("Thank you")), Waiting: waiting, LeaveAction: v.path("leave"),
			Next: v.words.Say("The study team counts your answers together with everybody else’s. You do not need to do anything else now.")}
		p.Script, p.Notice = true, words[slotNotice]
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

// leave handles POST /q/:handle/leave: it takes the session off the device. Pressed twice it is as good as once.
func (h *participantHandlers) leave(c echo.Context) error {
	if sess, ok := h.cookies.session(c); ok && !h.sealer.owns(sess, c.Param("handle")) {
		return h.moved(c, sess, ok)
	}
	h.cookies.dropSession(c)
	if _, ok := h.kioskPass(c); ok {
		return c.Redirect(http.StatusSeeOther, kioskPath)
	}
	return c.Redirect(http.StatusSeeOther, "/?left=yes")
}

// withHandle returns the same visit as pages show it under another handle.
func (v *visit) withHandle(handle string) *visit {
	other := *v
	other.handle = handle
	return &other
}
