package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/surveys"
)

// A tablet that a practice hands over holds a sealed cookie that says which tablet it is, and no account. Colleagues open
// it with its PIN, pick who is next, say who hands it over and who helps, and with that the tablet is locked again and holds
// a participant's session like any other, which also knows that it was lent. Whenever the PIN screen is shown, that session
// is over: what was answered is with the study or in the browser's outbox, and the next handing-over goes on from there.

// kioskPath is where the PIN is typed. It lies below /q/, where the browser's worker can answer for it.
const kioskPath = "/q/kiosk/"

// kioskPass is what a request proves: which tablet it comes from and, where the PIN was typed, that.
type kioskPass struct {
	surveys.KioskDevice
	proof string
}

// findKiosk returns the tablet of a request. It fails with NotFound where the browser is none, or one that was revoked or
// has come to its end.
func (h *participantHandlers) findKiosk(c echo.Context) (kioskPass, error) {
	notFound := surveys.Errorf(surveys.NotFound, "this tablet is not set up")
	claim, ok := h.cookies.kiosk(c)
	if !ok {
		return kioskPass{}, notFound
	}
	device, err := h.store.FindKiosk(c.Request().Context(), claim.Kiosk)
	if err != nil {
		return kioskPass{}, err
	}
	if !device.Works(h.now()) || device.Study != claim.Study || device.Site != claim.Site {
		return kioskPass{}, notFound
	}
	return kioskPass{device, claim.Proof}, nil
}

// kioskPass returns the tablet of a request that need not come from one.
func (h *participantHandlers) kioskPass(c echo.Context) (kioskPass, bool) {
	pass, err := h.findKiosk(c)
	return pass, err == nil
}

// kioskNoneBase is the frame of what a browser is told that is no tablet.
func kioskNoneBase() basePage {
	base := plainBase("This tablet is not set up")
	base.HelpLines = true
	return base
}

type kioskHandler func(echo.Context, kioskPass) error

// onKiosk lets tablets that work pass, and tells any other browser what to do.
func (h *participantHandlers) onKiosk(next kioskHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		pass, err := h.findKiosk(c)
		if surveys.KindOf(err) == surveys.NotFound {
			h.cookies.dropKiosk(c)
			return h.pages.page(c, http.StatusUnauthorized, &kioskNonePage{basePage: kioskNoneBase()})
		}
		if err != nil {
			return err
		}
		return next(c, pass)
	}
}

// unlocked lets colleagues pass who have typed the PIN. Whoever has the tablet at the moment and went back too far is led
// on to their questionnaire.
func (h *participantHandlers) unlocked(next kioskHandler) kioskHandler {
	return func(c echo.Context, pass kioskPass) error {
		open, err := h.store.KioskUnlocked(c.Request().Context(), pass.ID, pass.proof)
		if err != nil {
			return err
		}
		if open {
			return next(c, pass)
		}
		if sess, ok := h.cookies.session(c); ok && sess.Kiosk == pass.ID {
			v, err := h.visit(c.Request().Context(), sess, h.sealer.handle(sess), readerOf(c))
			if err != nil {
				return err
			}
			return h.pages.page(c, http.StatusForbidden, &kioskOpenPage{basePage: v.base("This page is for the practice"), GoOnURL: v.path("")})
		}
		return c.Redirect(http.StatusSeeOther, kioskPath)
	}
}

// kioskWay returns where a tablet goes that asks for a page of somebody who had it before.
func (h *participantHandlers) kioskWay(c echo.Context, sess session, open bool) (path string, ok bool) {
	if _, ok := h.kioskPass(c); !ok {
		return "", false
	}
	if open && sess.lent() {
		return "/q/" + h.sealer.handle(sess) + "/", true
	}
	return kioskPath, true
}

// goKiosk handles GET /kiosk and GET /q/kiosk.
func (h *participantHandlers) goKiosk(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, kioskPath)
}

// kioskOpens leads from a personal link or code that was opened on a tablet to the page that hands it over.
func (h *participantHandlers) kioskOpens(c echo.Context, _ kioskPass, opened surveys.Opened) error {
	return c.Redirect(http.StatusSeeOther, handOverPath(opened.Enrolment, opened.Wave))
}

func handOverPath(enrolment surveys.EnrolmentID, wave surveys.WaveID) string {
	return kioskPath + "people/" + string(enrolment) + "/" + string(wave)
}

// kioskBase is the frame of a tablet's pages for colleagues.
func (h *participantHandlers) kioskBase(c echo.Context, pass kioskPass, title string) (basePage, *surveys.Study, error) {
	study, state, err := h.store.Study(c.Request().Context(), pass.Study)
	if err != nil {
		return basePage{}, nil, err
	}
	base := studyBase(title, study, state, false)
	base.HelpLines, base.Kiosk = true, kioskFrame{On: true, ForStaff: true}
	return base, study, nil
}

// showPIN handles GET /q/kiosk/. It ends whatever went on, so that nothing of it can be reached from here.
func (h *participantHandlers) showPIN(c echo.Context) error {
	h.cookies.dropSession(c)
	c.SetCookie(forgottenReading(h.secure))
	return h.onKiosk(func(c echo.Context, pass kioskPass) error {
		if pass.proof != "" {
			if err := h.store.LockKiosk(c.Request().Context(), pass.ID); err != nil {
				return err
			}
			h.cookies.setKiosk(c, pass.KioskDevice, "")
		}
		return h.pinPage(c, pass, http.StatusOK, nil)
	})(c)
}

// pinPage asks for the PIN, after a refusal once more.
func (h *participantHandlers) pinPage(c echo.Context, pass kioskPass, status int, refused error) error {
	base, study, err := h.kioskBase(c, pass, "Enter the PIN of this tablet")
	if err != nil {
		return err
	}
	site, _ := study.Site(pass.Site)
	p := &kioskPINPage{basePage: base, Site: site.Title, Tablet: pass.Name}
	p.PIN = pinField()
	if h.now().Before(pass.RetryAt) {
		p.Wait = "After wrong PINs the next one is looked at from " + pass.RetryAt.In(study.Zone).Add(time.Second).Format("15:04:05") + "."
	}
	if refused != nil {
		p.Errors = showErrors(aboutField(refused, "pin"), &p.PIN)
	}
	return h.pages.page(c, status, p)
}

func pinField() textField {
	return textField{ID: "pin", Label: "PIN", Type: "password", InputMode: "numeric", Autocomplete: "off", Class: "ww-input--code"}
}

// enterPIN handles POST /q/kiosk/.
func (h *participantHandlers) enterPIN(c echo.Context, pass kioskPass) error {
	h.cookies.dropSession(c)
	c.SetCookie(forgottenReading(h.secure)) // whoever had the tablet before may have given it back without a network
	proof, err := h.store.UnlockKiosk(c.Request().Context(), pass.ID, strings.TrimSpace(c.FormValue("pin")))
	switch kind := surveys.KindOf(err); kind {
	case 0:
	case surveys.Unauthenticated, surveys.Closed:
		status := http.StatusForbidden
		if kind == surveys.Closed {
			status = http.StatusTooManyRequests
		}
		refused := err
		if pass, err = h.findKiosk(c); err != nil { // for when the next PIN is looked at
			return err
		}
		return h.pinPage(c, pass, status, refused)
	}
	if err != nil {
		return err
	}
	h.cookies.setKiosk(c, pass.KioskDevice, proof)
	return c.Redirect(http.StatusSeeOther, kioskPath+"people")
}

// showKioskPeople handles GET /q/kiosk/people.
func (h *participantHandlers) showKioskPeople(c echo.Context, pass kioskPass) error {
	return h.peoplePage(c, pass, http.StatusOK, "")
}

func (h *participantHandlers) peoplePage(c echo.Context, pass kioskPass, status int, problem string) error {
	base, study, err := h.kioskBase(c, pass, "Who is next?")
	if err != nil {
		return err
	}
	now := h.now()
	list, err := h.store.ListDue(c.Request().Context(), study.ID, pass.Site, now)
	if err != nil {
		return err
	}
	p := &kioskPeoplePage{basePage: base, Search: strings.TrimSpace(c.QueryParam("label"))}
	p.Code = textField{ID: "code", Label: "Scan or type a code", Autocomplete: "off", Class: "ww-input--code", Error: problem,
		Hint: "From the letter or card, with a scanner, the camera or by hand. The link of the QR code works as well."}
	if problem != "" {
		p.Errors = []fieldError{{"code", problem}}
	}
	list = slices.DeleteFunc(list, func(d surveys.Due) bool {
		return d.Urgency(now) > surveys.DueNow || !strings.Contains(strings.ToUpper(d.Label), strings.ToUpper(p.Search))
	})
	slices.SortFunc(list, surveys.Due.CompareLabels)
	for _, d := range list {
		wave, _ := study.Wave(d.Wave)
		p.People = append(p.People, kioskPerson{Label: d.Label, Wave: wave.Title, Begun: d.Begun, URL: handOverPath(d.Enrolment, d.Wave)})
	}
	return h.pages.page(c, status, p)
}

// pickByCode handles POST /q/kiosk/people.
func (h *participantHandlers) pickByCode(c echo.Context, pass kioskPass) error {
	const unknown = "This code is not one of somebody at this practice."
	typed := strings.TrimSpace(c.FormValue("code"))
	if _, code, found := strings.Cut(typed, "/s/"); found {
		typed = code
	}
	opened, err := h.findLink(c, typed)
	if surveys.KindOf(err) == surveys.NotFound || err == nil && opened.Audience != surveys.Patients {
		return h.peoplePage(c, pass, http.StatusNotFound, unknown)
	}
	if err != nil {
		return err
	}
	person, err := h.store.FindEnrolment(c.Request().Context(), opened.Enrolment)
	if err != nil {
		return err
	}
	if person.Study != pass.Study || person.Site != pass.Site {
		return h.peoplePage(c, pass, http.StatusNotFound, unknown)
	}
	return c.Redirect(http.StatusSeeOther, handOverPath(opened.Enrolment, opened.Wave))
}

// kioskPersonOf returns the person and wave of the address, of the tablet's own site.
func (h *participantHandlers) kioskPersonOf(c echo.Context, pass kioskPass, study *surveys.Study) (surveys.Enrolment, surveys.Wave, error) {
	person, err := h.store.FindEnrolment(c.Request().Context(), surveys.EnrolmentID(c.Param("enrolment")))
	if err != nil {
		return person, surveys.Wave{}, err
	}
	wave, ok := study.Wave(surveys.WaveID(c.Param("wave")))
	if !ok || wave.Audience != surveys.Patients || person.Study != pass.Study || person.Site != pass.Site {
		return person, wave, echo.ErrNotFound
	}
	return person, wave, nil
}
