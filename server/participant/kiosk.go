package participant

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/page"
	"wellwave/server/sealed"
	"wellwave/surveys"
)

// A tablet that a practice hands over holds a sealed cookie that says which tablet it is, and no account. Colleagues open
// it with its PIN, pick who is next, say who hands it over and who helps, and with that the tablet is locked again and holds
// a participant's session like any other, which also knows that it was lent. Whenever the PIN screen is shown, that session
// is over: what was answered is with the study or in the browser's outbox, and the next handing-over goes on from there.

// KioskPath is where the PIN is typed. It lies below /q/, where the browser's worker can answer for it.
const KioskPath = "/q/kiosk/"

// kioskPass is what a request proves: which tablet it comes from and, where the PIN was typed, that.
type kioskPass struct {
	surveys.KioskDevice
	proof string
}

// findKiosk returns the tablet of a request. It fails with NotFound where the browser is none, or one that was revoked or
// has come to its end.
func (h *Handlers) findKiosk(c echo.Context) (kioskPass, error) {
	notFound := surveys.Errorf(surveys.NotFound, "this tablet is not set up")
	claim, ok := h.Cookies.Kiosk(c)
	if !ok {
		return kioskPass{}, notFound
	}
	device, err := h.Store.FindKiosk(c.Request().Context(), claim.Kiosk)
	if err != nil {
		return kioskPass{}, err
	}
	if !device.Works(h.Now()) || device.Study != claim.Study || device.Site != claim.Site {
		return kioskPass{}, notFound
	}
	return kioskPass{device, claim.Proof}, nil
}

// kioskPass returns the tablet of a request that need not come from one.
func (h *Handlers) kioskPass(c echo.Context) (kioskPass, bool) {
	pass, err := h.findKiosk(c)
	return pass, err == nil
}

// kioskNoneBase is the frame of what a browser is told that is no tablet.
func kioskNoneBase() page.Base {
	base := page.PlainBase("This tablet is not set up")
	base.HelpLines = true
	return base
}

type kioskHandler func(echo.Context, kioskPass) error

// OnKiosk lets tablets that work pass, and tells any other browser what to do.
func (h *Handlers) OnKiosk(next kioskHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		pass, err := h.findKiosk(c)
		if surveys.KindOf(err) == surveys.NotFound {
			h.Cookies.DropKiosk(c)
			return h.Pages.Send(c, http.StatusUnauthorized, &kioskNonePage{Base: kioskNoneBase()})
		}
		if err != nil {
			return err
		}
		return next(c, pass)
	}
}

// Unlocked lets colleagues pass who have typed the PIN. Whoever has the tablet at the moment and went back too far is led
// on to their questionnaire.
func (h *Handlers) Unlocked(next kioskHandler) kioskHandler {
	return func(c echo.Context, pass kioskPass) error {
		open, err := h.Store.KioskUnlocked(c.Request().Context(), pass.ID, pass.proof)
		if err != nil {
			return err
		}
		if open {
			return next(c, pass)
		}
		if sess, ok := h.Cookies.Ticket(c); ok && sess.Kiosk == pass.ID {
			v, err := h.visit(c.Request().Context(), sess, h.Sealer.Handle(sess), page.ReaderOf(c))
			if err != nil {
				return err
			}
			return h.Pages.Send(c, http.StatusForbidden, &kioskOpenPage{Base: v.base("This page is for the practice"), GoOnURL: v.path("")})
		}
		return c.Redirect(http.StatusSeeOther, KioskPath)
	}
}

// kioskWay returns where a tablet goes that asks for a page of somebody who had it before.
func (h *Handlers) kioskWay(c echo.Context, sess sealed.Ticket, open bool) (path string, ok bool) {
	if _, ok := h.kioskPass(c); !ok {
		return "", false
	}
	if open && sess.Lent() {
		return "/q/" + h.Sealer.Handle(sess) + "/", true
	}
	return KioskPath, true
}

// GoToKiosk handles GET /kiosk and GET /q/kiosk.
func (h *Handlers) GoToKiosk(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, KioskPath)
}

// kioskOpens leads from a personal link or code that was opened on a tablet to the page that hands it over.
func (h *Handlers) kioskOpens(c echo.Context, _ kioskPass, opened surveys.Opened) error {
	return c.Redirect(http.StatusSeeOther, handOverPath(opened.Enrolment, opened.Wave))
}

func handOverPath(enrolment surveys.EnrolmentID, wave surveys.WaveID) string {
	return KioskPath + "people/" + string(enrolment) + "/" + string(wave)
}

// kioskBase is the frame of a tablet's pages for colleagues.
func (h *Handlers) kioskBase(c echo.Context, pass kioskPass, title string) (page.Base, *surveys.Study, error) {
	study, state, err := h.Store.Study(c.Request().Context(), pass.Study)
	if err != nil {
		return page.Base{}, nil, err
	}
	base := page.StudyBase(title, study, state, false)
	base.HelpLines, base.Kiosk = true, page.KioskFrame{On: true, ForStaff: true}
	return base, study, nil
}

// ShowPIN handles GET /q/kiosk/. It ends whatever went on, so that nothing of it can be reached from here.
func (h *Handlers) ShowPIN(c echo.Context) error {
	h.Cookies.DropTicket(c)
	c.SetCookie(page.ForgottenReading(h.Secure))
	return h.OnKiosk(func(c echo.Context, pass kioskPass) error {
		if pass.proof != "" {
			if err := h.Store.LockKiosk(c.Request().Context(), pass.ID); err != nil {
				return err
			}
			h.Cookies.SetKiosk(c, pass.KioskDevice, "")
		}
		return h.pinPage(c, pass, http.StatusOK, nil)
	})(c)
}

// pinPage asks for the PIN, after a refusal once more.
func (h *Handlers) pinPage(c echo.Context, pass kioskPass, status int, refused error) error {
	base, study, err := h.kioskBase(c, pass, "Enter the PIN of this tablet")
	if err != nil {
		return err
	}
	site, _ := study.Site(pass.Site)
	p := &kioskPINPage{Base: base, Site: site.Title, Tablet: pass.Name}
	p.PIN = pinField()
	if h.Now().Before(pass.RetryAt) {
		p.Wait = "After wrong PINs the next one is looked at from " + pass.RetryAt.In(study.Zone).Add(time.Second).Format("15:04:05") + "."
	}
	if refused != nil {
		p.Errors = page.ShowErrors(page.AboutField(refused, "pin"), &p.PIN)
	}
	return h.Pages.Send(c, status, p)
}

func pinField() page.TextField {
	return page.TextField{ID: "pin", Label: "PIN", Type: "password", InputMode: "numeric", Autocomplete: "off", Class: "ww-input--code"}
}

// EnterPIN handles POST /q/kiosk/.
func (h *Handlers) EnterPIN(c echo.Context, pass kioskPass) error {
	h.Cookies.DropTicket(c)
	c.SetCookie(page.ForgottenReading(h.Secure)) // whoever had the tablet before may have given it back without a network
	proof, err := h.Store.UnlockKiosk(c.Request().Context(), pass.ID, strings.TrimSpace(c.FormValue("pin")))
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
	h.Cookies.SetKiosk(c, pass.KioskDevice, proof)
	return c.Redirect(http.StatusSeeOther, KioskPath+"people")
}

// ShowKioskPeople handles GET /q/kiosk/people.
func (h *Handlers) ShowKioskPeople(c echo.Context, pass kioskPass) error {
	return h.peoplePage(c, pass, http.StatusOK, "")
}

func (h *Handlers) peoplePage(c echo.Context, pass kioskPass, status int, problem string) error {
	base, study, err := h.kioskBase(c, pass, "Who is next?")
	if err != nil {
		return err
	}
	now := h.Now()
	list, err := h.Store.ListDue(c.Request().Context(), study.ID, pass.Site, now)
	if err != nil {
		return err
	}
	p := &kioskPeoplePage{Base: base, Search: strings.TrimSpace(c.QueryParam("label"))}
	p.Code = page.TextField{ID: "code", Label: "Scan or type a code", Autocomplete: "off", Class: "ww-input--code", Error: problem,
		Hint: "From the letter or card, with a scanner, the camera or by hand. The link of the QR code works as well."}
	if problem != "" {
		p.Errors = []page.FieldError{{Field: "code", Text: problem}}
	}
	list = slices.DeleteFunc(list, func(d surveys.Due) bool {
		return d.Urgency(now) > surveys.DueNow || !strings.Contains(strings.ToUpper(d.Label), strings.ToUpper(p.Search))
	})
	slices.SortFunc(list, surveys.Due.CompareLabels)
	for _, d := range list {
		wave, _ := study.Wave(d.Wave)
		p.People = append(p.People, kioskPerson{Label: d.Label, Wave: wave.Title, Begun: d.Begun, URL: handOverPath(d.Enrolment, d.Wave)})
	}
	return h.Pages.Send(c, status, p)
}

// PickByCode handles POST /q/kiosk/people.
func (h *Handlers) PickByCode(c echo.Context, pass kioskPass) error {
	const unknown = "This code is not one of somebody at this practice."
	typed := strings.TrimSpace(c.FormValue("code"))
	if _, code, found := strings.Cut(typed, "/s/"); found {
		typed = code
	}
	opened, err := h.FindLink(c, typed)
	if surveys.KindOf(err) == surveys.NotFound || err == nil && opened.Audience != surveys.Patients {
		return h.peoplePage(c, pass, http.StatusNotFound, unknown)
	}
	if err != nil {
		return err
	}
	person, err := h.Store.FindEnrolment(c.Request().Context(), opened.Enrolment)
	if err != nil {
		return err
	}
	if person.Study != pass.Study || person.Site != pass.Site {
		return h.peoplePage(c, pass, http.StatusNotFound, unknown)
	}
	return c.Redirect(http.StatusSeeOther, handOverPath(opened.Enrolment, opened.Wave))
}

// kioskPersonOf returns the person and wave of the address, of the tablet's own site.
func (h *Handlers) kioskPersonOf(c echo.Context, pass kioskPass, study *surveys.Study) (surveys.Enrolment, surveys.Wave, error) {
	person, err := h.Store.FindEnrolment(c.Request().Context(), surveys.EnrolmentID(c.Param("enrolment")))
	if err != nil {
		return person, surveys.Wave{}, err
	}
	wave, ok := study.Wave(surveys.WaveID(c.Param("wave")))
	if !ok || wave.Audience != surveys.Patients || person.Study != pass.Study || person.Site != pass.Site {
		return person, wave, echo.ErrNotFound
	}
	return person, wave, nil
}
