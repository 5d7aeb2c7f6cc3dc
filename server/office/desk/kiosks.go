package desk

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/office/signedin"
	"wellwave/server/page"
	"wellwave/server/tickets"
	"wellwave/surveys"
	"wellwave/surveys/store"
)

// Kiosks are the tablets of a site that the desk sets up and revokes.
type Kiosks struct {
	frames   *signedin.Frames
	store    *store.Store
	pages    *page.Renderer
	sessions *access.Sessions
	cookies  *tickets.Cookies
	now      func() time.Time
	path     string // where a browser goes that has become one
}

// List handles GET /desk/sites/:study/:site/kiosks.
func (h *Kiosks) List(c echo.Context) error {
	study, state, site, err := signedin.FindSite(c, h.store)
	if err != nil {
		return err
	}
	return h.page(c, http.StatusOK, study, state, site, "", nil)
}

func (h *Kiosks) page(c echo.Context, status int, study *surveys.Study, state surveys.StudyState, site surveys.Site, name string, refused error) error {
	devices, err := h.store.ListKiosks(c.Request().Context(), study.ID, site.ID)
	if err != nil {
		return err
	}
	p := &kiosksPage{Frame: h.frames.Site(c, "Tablets to hand over", study, state, site), Action: signedin.SitePath(study.ID, site.ID) + "/kiosks"}
	p.Device = page.TextField{ID: "name", Label: "What you call this tablet", Value: name, Autocomplete: "off", Class: "ww-input--medium",
		Hint: "For example Waiting room. Never the name of a person."}
	p.PIN = page.TextField{ID: "pin", Label: "PIN for this tablet", Type: "password", InputMode: "numeric", Autocomplete: "new-password", Class: "ww-input--medium",
		Hint: "6 to 12 digits. Everybody of the practice who hands the tablet over types it; patients must not learn it."}
	now := h.now()
	for _, d := range devices {
		view := kioskView{Name: d.Name, Made: page.SayDay(d.MadeAt, study.Zone), Ends: page.SayDay(d.EndsAt, study.Zone)}
		switch {
		case !d.RevokedAt.IsZero():
			view.State, view.Kind = "revoked on "+page.SayDay(d.RevokedAt, study.Zone), "plain"
		case !d.Works(now):
			view.State, view.Kind = "has come to its end", "plain"
		default:
			view.State, view.Kind, view.RevokeAction = "in use", "good", p.Action+"/"+string(d.ID)+"/revoke"
		}
		p.Devices = append(p.Devices, view)
	}
	if refused != nil {
		p.Errors = page.ShowErrors(refused, &p.Device, &p.PIN)
	}
	return h.pages.Send(c, status, p)
}

type kioskForm struct {
	Name string `form:"name"`
	PIN  string `form:"pin"`
}

// SetUp handles POST /desk/sites/:study/:site/kiosks: it makes this browser a kiosk and signs the account out, so that the
// desk is not open for the people who get the kiosk.
func (h *Kiosks) SetUp(c echo.Context) error {
	study, state, site, err := signedin.FindSite(c, h.store)
	if err != nil {
		return err
	}
	var form kioskForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	ctx := c.Request().Context()
	device, err := h.store.CreateKiosk(ctx, access.Account(c).ID, surveys.NewKiosk{Study: study.ID, Site: site.ID, Name: form.Name, PIN: form.PIN})
	if surveys.KindOf(err) == surveys.Invalid {
		return h.page(c, http.StatusBadRequest, study, state, site, form.Name, err)
	}
	if err != nil {
		return err
	}
	if err := h.sessions.SignOut(c); err != nil {
		return err
	}
	if err := h.cookies.DropTicket(c); err != nil {
		return err
	}
	h.cookies.SetKiosk(c, device, "")
	c.Response().Header().Set("Clear-Site-Data", `"cache"`) // drops pages of the desk that Back would show, but keeps the outbox
	return c.Redirect(http.StatusSeeOther, h.path)
}

// Revoke handles POST /desk/sites/:study/:site/kiosks/:kiosk/revoke.
func (h *Kiosks) Revoke(c echo.Context) error {
	study, _, site, err := signedin.FindSite(c, h.store)
	if err != nil {
		return err
	}
	if err := h.store.RevokeKiosk(c.Request().Context(), access.Account(c).ID, study.ID, site.ID, surveys.KioskID(c.Param("kiosk"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, signedin.SitePath(study.ID, site.ID)+"/kiosks")
}
