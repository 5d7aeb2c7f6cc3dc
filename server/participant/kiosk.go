package participant

import (
	"net/http"
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
// says that the device is lent. Giving the kiosk back and locking it end that ticket: the answers are with the study or in the
// browser's outbox, and the next handing-over goes on from there. The PIN screen itself changes nothing, and is shown only
// where nothing is left open.

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
	findLink func(c echo.Context, typed string) (surveys.Opened, error)
}

// KioskPath is where the PIN is typed. It lies below /q/, where the browser's worker can answer for it.
const KioskPath = "/q/kiosk/"

// peoplePath is where colleagues pick who is next.
const peoplePath = KioskPath + "people"

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
			if c.Request().Method == http.MethodPost {
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
		p, err := h.stillOpen(c)
		if err != nil {
			return err
		}
		if p == nil {
			return c.Redirect(http.StatusSeeOther, KioskPath)
		}
		return h.pages.Send(c, http.StatusForbidden, p)
	}
}

// stillOpen returns the page for whoever has a questionnaire open on the kiosk, or nil where nobody has.
func (h *Kiosk) stillOpen(c echo.Context) (*kioskOpenPage, error) {
	const forPractice = "This page is for the practice"
	ticket, ok := h.cookies.Ticket(c)
	if !ok {
		return nil, nil
	}
	r := page.ReaderOf(c)
	if ticket.Audience == surveys.Staff { // a colleague's card is no handing-over, so their pages have no button to give it back
		return &kioskOpenPage{Base: page.PublicBase(r, forPractice), GoOnURL: "/staff/", Locks: true}, nil
	}
	v, err := h.visits.open(c.Request().Context(), ticket, h.sealer.Handle(ticket), r)
	if surveys.KindOf(err) == surveys.Unauthenticated {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &kioskOpenPage{Base: v.base(v.words.Say(forPractice)), GoOnURL: v.path("")}, nil
}

// GoTo handles GET /kiosk and GET /q/kiosk.
func (h *Kiosk) GoTo(c echo.Context) error {
	return c.Redirect(http.StatusSeeOther, KioskPath)
}

func handOverPath(enrolment surveys.EnrolmentID, wave surveys.WaveID) string {
	return peoplePath + "/" + string(enrolment) + "/" + string(wave)
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

// ShowPIN handles GET /q/kiosk/. It changes nothing, because another website's page can lead a browser here: where a
// questionnaire or the colleagues' list is still open, that is shown instead. Whoever had the kiosk may have hidden their ticket
// to come back with it, so one that was not given back is said to be so.
func (h *Kiosk) ShowPIN(c echo.Context, pass kioskPass) error {
	open, err := h.store.KioskUnlocked(c.Request().Context(), pass.ID, pass.proof)
	if err != nil {
		return err
	}
	if open {
		return c.Redirect(http.StatusSeeOther, peoplePath)
	}
	p, err := h.stillOpen(c)
	if err != nil {
		return err
	}
	if p != nil {
		return h.pages.Send(c, http.StatusForbidden, p)
	}
	return h.pinPage(c, pass, http.StatusOK, nil)
}

// Lock handles POST /q/kiosk/lock. It locks the kiosk and takes away the ticket of whoever had it, so that nothing of theirs
// can be reached any more. Doing it twice changes nothing more.
func (h *Kiosk) Lock(c echo.Context, pass kioskPass) error {
	if err := h.kiosks.clear(c); err != nil {
		return err
	}
	if pass.proof != "" || pass.LentTo != "" {
		if err := h.store.LockKiosk(c.Request().Context(), pass.ID); err != nil {
			return err
		}
		h.cookies.SetKiosk(c, pass.KioskDevice, "")
	}
	return c.Redirect(http.StatusSeeOther, KioskPath)
}

// pinPage asks for the PIN, with the refusal of the last one if there was one.
func (h *Kiosk) pinPage(c echo.Context, pass kioskPass, status int, refused error) error {
	base, study, err := h.base(c, pass, "Enter the PIN of this tablet")
	if err != nil {
		return err
	}
	site, _ := study.Site(pass.Site)
	p := &kioskPINPage{Base: base, Site: site.Title, Device: pass.Name, Lent: pass.LentTo != ""}
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
	if err := h.kiosks.clear(c); err != nil { // the person before may have given the kiosk back without a network
		return err
	}
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
	return c.Redirect(http.StatusSeeOther, peoplePath)
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
