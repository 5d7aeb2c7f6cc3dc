package participant

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/locale"
)

// Links opens a response on a device, by a link or a typed code, and takes it off the device again.
type Links struct {
	pages    *page.Renderer
	sessions *access.Sessions
	cookies  *tickets.Cookies
	sealer   *tickets.Sealer
	visits   *Visits
	kiosks   *kiosks
	now      func() time.Time
	findLink func(c echo.Context, typed string) (surveys.Opened, error)
}

// ShowStart handles GET /.
func (h *Links) ShowStart(c echo.Context) error {
	if _, ok := h.kiosks.here(c); ok {
		return c.Redirect(http.StatusSeeOther, KioskPath)
	}
	r := page.ReaderOf(c)
	return h.pages.Send(c, http.StatusOK, &startPage{Base: page.PublicBase(r, "Enter your code"), Code: codeField(r.Spoken(), ""),
		Left: c.QueryParam("left") != ""})
}

type codeForm struct {
	Code string `form:"code"` // as typed
}

// EnterCode handles POST /.
func (h *Links) EnterCode(c echo.Context) error {
	var form codeForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	code := strings.TrimSpace(form.Code)
	if code == "" {
		r := page.ReaderOf(c)
		p := &startPage{Base: page.PublicBase(r, "Enter your code"), Code: codeField(r.Spoken(), "Enter the code from your letter or card")}
		p.Errors = []page.FieldError{{Field: "code", Text: p.Code.Error}}
		return h.pages.Send(c, http.StatusBadRequest, p)
	}
	return h.open(c, code)
}

// OpenLink handles GET /s/:code. It changes nothing, because mail and message scanners open links too; the code leaves
// the address bar with the redirect.
func (h *Links) OpenLink(c echo.Context) error { return h.open(c, c.Param("code")) }

func (h *Links) open(c echo.Context, code string) error {
	opened, err := h.findLink(c, code)
	if surveys.KindOf(err) == surveys.NotFound {
		r := page.ReaderOf(c)
		return h.pages.Send(c, http.StatusNotFound, &unknownPage{Base: page.PublicBase(r, "This code or link does not work"), Code: codeField(r.Spoken(), "")})
	}
	if err != nil {
		return err
	}
	if _, ok := h.kiosks.here(c); ok && opened.Audience == surveys.Patients {
		return c.Redirect(http.StatusSeeOther, handOverPath(opened.Enrolment, opened.Wave))
	}
	ticket := tickets.Ticket{Audience: opened.Audience, Study: opened.Study, Wave: opened.Wave, Enrolment: opened.Enrolment,
		Invitation: opened.Invitation, Card: opened.StaffCode, Site: opened.Site, Sitting: tickets.NewSitting(), Issued: h.now()}
	if before, ok := h.cookies.Ticket(c); ok && before.SameResponse(ticket) && !h.sessions.OnDevice(c) && h.visits.stands(c, before) {
		ticket.Sitting = before.Sitting // the same person on the same device: what they answered here stays visible
	}
	h.cookies.SetTicket(c, ticket)
	if ticket.Audience == surveys.Staff {
		return c.Redirect(http.StatusSeeOther, "/staff/")
	}
	v := newVisit(*opened.Occasion, ticket, h.sealer.Handle(ticket), page.ReaderOf(c))
	return c.Redirect(http.StatusSeeOther, v.path(v.nextPage())) // directly, because each further round trip is slow on a phone
}

func codeField(pack *locale.Pack, problem string) page.TextField {
	return page.TextField{ID: "code", Label: pack.Say("Code"), Hint: pack.Say("Letters and digits, for example ABC‑DEF‑GHJK. Capitals and spaces do not matter."),
		Error: pack.Say(problem), Class: "ww-input--code", Autocomplete: "off"}
}

// Leave handles POST /q/:handle/leave: it takes the ticket off the device and ends it. Doing it twice changes nothing more.
func (h *Links) Leave(c echo.Context) error {
	if ticket, ok := h.cookies.Ticket(c); ok && !h.sealer.Owns(ticket, c.Param("handle")) {
		return h.visits.moved(c, ticket, ok)
	}
	if _, ok := h.kiosks.here(c); ok {
		if err := h.kiosks.clear(c); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, KioskPath)
	}
	if err := h.cookies.DropTicket(c); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/?left=yes")
}
