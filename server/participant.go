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
)

// A participant's way: a code or link opens a session in a sealed cookie (sealed.go) and leads to /q/:handle/, which
// sends the browser on to whatever comes next. Every page of a response carries its handle in the address; a page whose
// handle is not the session's writes nothing and keeps what was typed (participant_moved.go).

// start handles GET /.
func (s *Server) start(c echo.Context) error {
	if _, ok := s.kioskPass(c); ok {
		return c.Redirect(http.StatusSeeOther, kioskPath)
	}
	r := readerOf(c)
	return s.pages.page(c, http.StatusOK, &startPage{basePage: publicBase(r, "Enter your code"), Code: codeField(r.spoken(), ""),
		Left: c.QueryParam("left") != ""})
}

// enterCode handles POST /.
func (s *Server) enterCode(c echo.Context) error {
	code := strings.TrimSpace(c.FormValue("code"))
	if code == "" {
		r := readerOf(c)
		p := &startPage{basePage: publicBase(r, "Enter your code"), Code: codeField(r.spoken(), "Enter the code from your letter or card")}
		p.Errors = []fieldError{{"code", p.Code.Error}}
		return s.pages.page(c, http.StatusBadRequest, p)
	}
	return s.openCode(c, code)
}

// openLink handles GET /s/:code. It changes nothing, because mail and message scanners open links too; the code leaves
// the address bar with the redirect.
func (s *Server) openLink(c echo.Context) error { return s.openCode(c, c.Param("code")) }

func (s *Server) openCode(c echo.Context, code string) error {
	opened, err := s.findLink(c, code)
	if surveys.KindOf(err) == surveys.NotFound {
		r := readerOf(c)
		return s.pages.page(c, http.StatusNotFound, &unknownPage{basePage: publicBase(r, "This code or link does not work"), Code: codeField(r.spoken(), "")})
	}
	if err != nil {
		return err
	}
	if pass, ok := s.kioskPass(c); ok && opened.Audience == surveys.Patients {
		return s.kioskOpens(c, pass, opened)
	}
	sess := session{Audience: opened.Audience, Study: opened.Study, Wave: opened.Wave, Enrolment: opened.Enrolment,
		Card: opened.StaffCode, Site: opened.Site, Sitting: newSitting(), Issued: s.now()}
	if before, ok := s.session(c); ok && before.sameResponse(sess) && !s.accountsDevice(c) {
		sess.Sitting = before.Sitting // the same person on the same device: what they answered here stays visible
	}
	c.SetCookie(s.sessionCookie(s.sealer.seal(sess)))
	if sess.Audience == surveys.Staff {
		return c.Redirect(http.StatusSeeOther, "/staff/")
	}
	v := newVisit(*opened.Sitting, sess, s.sealer.handle(sess), readerOf(c))
	return c.Redirect(http.StatusSeeOther, v.path(v.nextPage())) // at once: every further round trip is slow on a phone
}

// sameResponse reports whether two sessions are at the same response.
func (sess session) sameResponse(other session) bool {
	return sess.Study == other.Study && sess.Wave == other.Wave && sess.Enrolment == other.Enrolment && sess.Card == other.Card
}

func codeField(pack *locale.Pack, problem string) textField {
	return textField{ID: "code", Label: pack.Say("Code"), Hint: pack.Say("Letters and digits, for example ABC‑DEF‑GHJK. Capitals and spaces do not matter."),
		Error: pack.Say(problem), Class: "ww-input--code", Autocomplete: "off"}
}

// publicBase is the frame of a participant's page before we know their study. Its title is a message.
func publicBase(r reader, title string) basePage {
	pack := r.spoken()
	base := publicIn(pack, r.reading, title)
	base.Languages = otherLanguages(r.everywhere(), pack)
	return base
}

// publicIn is publicBase in a language that is known already.
func publicIn(pack *locale.Pack, r reading, title string) basePage {
	base := baseIn(pack, pack.Say(title))
	base.HelpLines, base.Reading, base.Aids = true, r, r.aids(pack, false)
	return base
}

// sessionCookieName carries the __Host- prefix where it may, so that no neighbouring host can plant one.
func (s *Server) sessionCookieName() string {
	if s.secure() {
		return "__Host-ww_link"
	}
	return "ww_link"
}

func (s *Server) sessionCookie(value string) *http.Cookie {
	return &http.Cookie{Name: s.sessionCookieName(), Value: value, Path: "/", Secure: s.secure(), HttpOnly: true,
		SameSite: http.SameSiteLaxMode}
}

// endedCookie takes the session off the device.
func (s *Server) endedCookie() *http.Cookie {
	cookie := s.sessionCookie("")
	cookie.MaxAge = -1
	return cookie
}

// session returns the session in the request's cookie.
func (s *Server) session(c echo.Context) (session, bool) {
	cookie, err := c.Cookie(s.sessionCookieName())
	if err != nil {
		return session{}, false
	}
	sess, ok := s.sealer.open(cookie.Value, s.now())
	if !ok || s.now().Sub(sess.Issued) > sess.life() {
		return session{}, false
	}
	return sess, true
}

// accountsDevice reports whether an account is signed in in this browser. One whose time has run out counts, until it
// signs out: the device is still the practice's.
func (s *Server) accountsDevice(c echo.Context) bool {
	cookie, err := c.Cookie(s.sessions.Cookie.Name)
	return err == nil && cookie.Value != ""
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
func (s *Server) visitor(next visitHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		sess, ok := s.session(c)
		if !ok || sess.Audience == surveys.Staff || !s.sealer.owns(sess, c.Param("handle")) {
			return s.moved(c, sess, ok)
		}
		v, err := s.visit(c.Request().Context(), sess, c.Param("handle"), readerOf(c))
		if err == nil {
			v.device, v.shared = deviceSitting(c), s.accountsDevice(c)
			err = next(c, v)
		}
		if err != nil && c.Request().Method == http.MethodPost && troubleOf(err).status >= http.StatusInternalServerError {
			return s.unsaved(c, v, err)
		}
		return err
	}
}

func (s *Server) visit(ctx context.Context, sess session, handle string, r reader) (*visit, error) {
	sitting, err := s.store.Sitting(ctx, sess.Enrolment, sess.Wave)
	if err != nil {
		return nil, err
	}
	return newVisit(sitting, sess, handle, r), nil
}

func newVisit(sitting surveys.Sitting, sess session, handle string, r reader) *visit {
	words := r.wordsOf(sitting.Study, sitting.Questionnaire, sitting.State)
	words.listen = words.Say("Listen")
	sitting.Study = sitting.Study.In(words.Language)
	sitting.Wave = sitting.Study.WaveIn(sitting.Wave, words.Language)
	return &visit{Sitting: sitting, sess: sess, handle: handle, words: words, reader: r}
}

// whileOpen answers with a page that says why where the response takes no answers now. What is posted goes through: the
// store keeps what arrives late, and of somebody who has left what was still on its way, if they did not forbid it.
func (s *Server) whileOpen(next visitHandler) visitHandler {
	return func(c echo.Context, v *visit) error {
		if p := v.closed(); p != nil && (c.Request().Method != http.MethodPost || v.Left >= surveys.StopCollection) {
			return s.pages.page(c, http.StatusGone, p)
		}
		return next(c, v)
	}
}

// consented sends whoever has not agreed yet to what comes before the questions. What they typed stays on the page.
func (s *Server) consented(next visitHandler) visitHandler {
	return func(c echo.Context, v *visit) error {
		if !v.Consented && c.Request().Method == http.MethodPost {
			return s.beforeConsent(c, v)
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
func (s *Server) next(c echo.Context, v *visit) error {
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
func (s *Server) welcome(c echo.Context, v *visit) error {
	key, fixed := v.cutWelcome()
	return s.pages.cutPage(c, key, slotWords{slotHandle: v.handle}, fixed)
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
func (s *Server) thanks(c echo.Context, v *visit) error {
	if !v.Finished {
		return c.Redirect(http.StatusSeeOther, v.path(""))
	}
	key, fixed := v.cutThanks(v.LateDays > 0, v.closed() == nil, false)
	return s.pages.cutPage(c, key, slotWords{slotHandle: v.handle}, fixed)
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
func (s *Server) leave(c echo.Context) error {
	if sess, ok := s.session(c); ok && !s.sealer.owns(sess, c.Param("handle")) {
		return s.moved(c, sess, ok)
	}
	c.SetCookie(s.endedCookie())
	if _, ok := s.kioskPass(c); ok {
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
