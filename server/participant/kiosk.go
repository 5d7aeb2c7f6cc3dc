package participant

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// A kiosk holds a sealed cookie that says which kiosk it is, and no account. Colleagues open it with its PIN, pick who is
// next, and say who hands it over and who helps. That locks the kiosk again and gives it a participant's ticket, which also
// says that the device is lent. Showing the PIN screen ends that ticket: the answers are with the study or in the browser's
// outbox, and the next handing-over goes on from there.

// Kiosk answers the tablets that a practice hands over.
type Kiosk struct {
	store    *store.Store
	pages    *page.Renderer
	sessions *access.Sessions
	cookies  *tickets.Cookies
	sealer   *tickets.Sealer
	visits   *Visits
	offline  *Offline
	kiosks   *kiosks
	now      func() time.Time
	secure   bool // people reach the server over https
	findLink func(c echo.Context, typed string) (surveys.Opened, error)
}

// KioskPath is where the PIN is typed. It lies below /q/, where the browser's worker can answer for it.
const KioskPath = "/q/kiosk/"

// kioskNoneBase is the frame of the page for a browser that is not a kiosk.
func kioskNoneBase() page.Base {
	base := page.PlainBase("This tablet is not set up")
	base.HelpLines = true
	return base
}

type kioskHandler func(echo.Context, kioskPass) error

// OnKiosk lets kiosks that work pass, and tells any other browser what to do.
func (h *Kiosk) OnKiosk(next kioskHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		pass, err := h.kiosks.find(c)
		if surveys.KindOf(err) == surveys.NotFound {
			if !fromElsewhere(c) {
				h.cookies.DropKiosk(c)
			}
			return h.pages.Send(c, http.StatusUnauthorized, &kioskNonePage{Base: kioskNoneBase()})
		}
		if err != nil {
			return err
		}
		return next(c, pass)
	}
}

// Unlocked lets colleagues pass who have typed the PIN. A participant who has the kiosk and went back too far is led to
// their questionnaire.
func (h *Kiosk) Unlocked(next kioskHandler) kioskHandler {
	return func(c echo.Context, pass kioskPass) error {
		open, err := h.store.KioskUnlocked(c.Request().Context(), pass.ID, pass.proof)
		if err != nil {
			return err
		}
		if open {
			return next(c, pass)
		}
		if ticket, ok := h.cookies.Ticket(c); ok && ticket.Kiosk == pass.ID {
			v, err := h.visits.open(c.Request().Context(), ticket, h.sealer.Handle(ticket), page.ReaderOf(c))
			if surveys.KindOf(err) == surveys.Unauthenticated {
				return c.Redirect(http.StatusSeeOther, KioskPath)
			}
			if err != nil {
				return err
			}
			return h.pages.Send(c, http.StatusForbidden, &kioskOpenPage{Base: v.base("This page is for the practice"), GoOnURL: v.path("")})
		}
		return c.Redirect(http.StatusSeeOther, KioskPath)
	}
}

// GoTo handles GET /kiosk and GET /q/kiosk.
func (h *Kiosk) GoTo(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, KioskPath)
}

func handOverPath(enrolment surveys.EnrolmentID, wave surveys.WaveID) string {
	return KioskPath + "people/" + string(enrolment) + "/" + string(wave)
}

// base is the frame of a kiosk's pages for colleagues.
func (h *Kiosk) base(c echo.Context, pass kioskPass, title string) (page.Base, *surveys.Study, error) {
	study, state, err := h.store.Study(c.Request().Context(), pass.Study)
	if err != nil {
		return page.Base{}, nil, err
	}
	base := page.StudyBase(title, study, state, false)
	base.HelpLines, base.Kiosk = true, page.KioskFrame{On: true, ForStaff: true}
	return base, study, nil
}

// fromElsewhere reports whether another website's page sent the browser here. Whoever types an address, opens a bookmark or
// follows a link of ours comes from nowhere else.
func fromElsewhere(c echo.Context) bool {
	r := c.Request()
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	case "same-origin", "none":
		return false
	}
	from, err := url.Parse(r.Referer()) // browsers from before that header
	return err != nil || from.Host != "" && from.Host != r.Host
}

// ShowPIN handles GET /q/kiosk/. It locks the tablet and takes the participant's ticket away, so that nothing of theirs can be
// reached from here. Another website's page that sends the browser here changes nothing.
func (h *Kiosk) ShowPIN(c echo.Context) error {
	elsewhere := fromElsewhere(c)
	if !elsewhere {
		if err := h.cookies.DropTicket(c); err != nil {
			return err
		}
		c.SetCookie(page.ForgottenReading(h.secure))
	}
	return h.OnKiosk(func(c echo.Context, pass kioskPass) error {
		if (pass.proof != "" || pass.LentTo != "") && !elsewhere {
			if err := h.store.LockKiosk(c.Request().Context(), pass.ID); err != nil {
				return err
			}
			h.cookies.SetKiosk(c, pass.KioskDevice, "")
		}
		return h.pinPage(c, pass, http.StatusOK, nil)
	})(c)
}

// pinPage asks for the PIN, with the refusal of the last one if there was one.
func (h *Kiosk) pinPage(c echo.Context, pass kioskPass, status int, refused error) error {
	base, study, err := h.base(c, pass, "Enter the PIN of this tablet")
	if err != nil {
		return err
	}
	site, _ := study.Site(pass.Site)
	p := &kioskPINPage{Base: base, Site: site.Title, Device: pass.Name}
	p.PIN = pinField()
	if h.now().Before(pass.RetryAt) {
		p.Wait = "After wrong PINs the next one is looked at from " + pass.RetryAt.In(study.Zone).Add(time.Second).Format("15:04:05") + "."
	}
	if refused != nil {
		p.Errors = page.ShowErrors(page.AboutField(refused, "pin"), &p.PIN)
	}
	return h.pages.Send(c, status, p)
}

func pinField() page.TextField {
	return page.TextField{ID: "pin", Label: "PIN", Type: "password", InputMode: "numeric", Autocomplete: "off", Class: "ww-input--code"}
}

type pinForm struct {
	PIN string `form:"pin"`
}

// EnterPIN handles POST /q/kiosk/.
func (h *Kiosk) EnterPIN(c echo.Context, pass kioskPass) error {
	if err := h.cookies.DropTicket(c); err != nil {
		return err
	}
	c.SetCookie(page.ForgottenReading(h.secure)) // the person before may have given the kiosk back without a network
	var form pinForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	proof, err := h.store.UnlockKiosk(c.Request().Context(), pass.ID, strings.TrimSpace(form.PIN))
	switch kind := surveys.KindOf(err); kind {
	case 0:
	case surveys.Unauthenticated, surveys.Closed:
		status := http.StatusForbidden
		if kind == surveys.Closed {
			status = http.StatusTooManyRequests
		}
		refused := err
		if pass, err = h.kiosks.find(c); err != nil { // read again for the time at which the next PIN is accepted
			return err
		}
		return h.pinPage(c, pass, status, refused)
	}
	if err != nil {
		return err
	}
	h.cookies.SetKiosk(c, pass.KioskDevice, proof)
	return c.Redirect(http.StatusSeeOther, KioskPath+"people")
}

// ShowPeople handles GET /q/kiosk/people.
func (h *Kiosk) ShowPeople(c echo.Context, pass kioskPass) error {
	return h.peoplePage(c, pass, http.StatusOK, "")
}

func (h *Kiosk) peoplePage(c echo.Context, pass kioskPass, status int, problem string) error {
	base, study, err := h.base(c, pass, "Who is next?")
	if err != nil {
		return err
	}
	now := h.now()
	list, err := h.store.ListDue(c.Request().Context(), study.ID, pass.Site, now)
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
		return d.Urgency(now) > surveys.DueNow || !strings.Contains(surveys.StudyNumber(d.Label), surveys.StudyNumber(p.Search))
	})
	slices.SortFunc(list, surveys.Due.CompareLabels)
	for _, d := range list {
		wave, _ := study.Wave(d.Wave)
		p.People = append(p.People, kioskPerson{Label: d.Label, Wave: wave.Title, Begun: d.Begun, URL: handOverPath(d.Enrolment, d.Wave)})
	}
	return h.pages.Send(c, status, p)
}

// PickByCode handles POST /q/kiosk/people.
func (h *Kiosk) PickByCode(c echo.Context, pass kioskPass) error {
	const unknown = "This code is not one of somebody at this practice."
	var form codeForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	opened, err := h.findLink(c, form.Code)
	if surveys.KindOf(err) == surveys.NotFound || err == nil && opened.Audience != surveys.Patients {
		return h.peoplePage(c, pass, http.StatusNotFound, unknown)
	}
	if err != nil {
		return err
	}
	enrolment, err := h.store.FindEnrolment(c.Request().Context(), opened.Enrolment)
	if err != nil {
		return err
	}
	if enrolment.Study != pass.Study || enrolment.Site != pass.Site {
		return h.peoplePage(c, pass, http.StatusNotFound, unknown)
	}
	return c.Redirect(http.StatusSeeOther, handOverPath(opened.Enrolment, opened.Wave))
}

// personOf returns the person and wave of the address, of the kiosk's own site.
func (h *Kiosk) personOf(c echo.Context, pass kioskPass, study *surveys.Study) (surveys.Enrolment, surveys.Wave, error) {
	enrolment, err := h.store.FindEnrolment(c.Request().Context(), surveys.EnrolmentID(c.Param("enrolment")))
	if err != nil {
		return enrolment, surveys.Wave{}, err
	}
	wave, ok := study.Wave(surveys.WaveID(c.Param("wave")))
	if !ok || wave.Audience != surveys.Patients || enrolment.Study != pass.Study || enrolment.Site != pass.Site {
		return enrolment, wave, echo.ErrNotFound
	}
	return enrolment, wave, nil
}
