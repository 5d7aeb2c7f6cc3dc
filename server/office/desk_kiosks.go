package office

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"wellwave/server/access"
	"wellwave/server/page"
	"wellwave/surveys"
)

// ListKiosks handles GET /desk/sites/:study/:site/kiosks.
func (h *Handlers) ListKiosks(c echo.Context) error {
	study, state, site, err := h.findSite(c)
	if err != nil {
		return err
	}
	return h.kiosksPage(c, http.StatusOK, study, state, site, "", nil)
}

func (h *Handlers) kiosksPage(c echo.Context, status int, study *surveys.Study, state surveys.StudyState, site surveys.Site, name string, refused error) error {
	devices, err := h.Store.ListKiosks(c.Request().Context(), study.ID, site.ID)
	if err != nil {
		return err
	}
	p := &kiosksPage{frame: h.deskFrame(c, "Tablets to hand over", study, state, site), Action: sitePath(study.ID, site.ID) + "/kiosks"}
	p.Tablet = page.TextField{ID: "name", Label: "What you call this tablet", Value: name, Autocomplete: "off", Class: "ww-input--medium",
		Hint: "For example Waiting room. Never the name of a person."}
	p.PIN = page.TextField{ID: "pin", Label: "PIN for this tablet", Type: "password", InputMode: "numeric", Autocomplete: "new-password", Class: "ww-input--medium",
		Hint: "6 to 12 digits. Everybody of the practice who hands the tablet over types it; patients must not learn it."}
	now := h.Now()
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
		p.Errors = page.ShowErrors(refused, &p.Tablet, &p.PIN)
	}
	return h.Pages.Send(c, status, p)
}

type kioskForm struct {
	Name string `form:"name"`
	PIN  string `form:"pin"`
}

// SetUpKiosk handles POST /desk/sites/:study/:site/kiosks: it makes this very browser a tablet and signs the account out of
// it, so that nobody to whom it is handed finds the desk open.
func (h *Handlers) SetUpKiosk(c echo.Context) error {
	study, state, site, err := h.findSite(c)
	if err != nil {
		return err
	}
	var form kioskForm
	if err := page.Bind(c, &form); err != nil {
		return err
	}
	ctx := c.Request().Context()
	device, err := h.Store.CreateKiosk(ctx, access.Account(c).ID, surveys.NewKiosk{Study: study.ID, Site: site.ID, Name: form.Name, PIN: form.PIN})
	if surveys.KindOf(err) == surveys.Invalid {
		return h.kiosksPage(c, http.StatusBadRequest, study, state, site, form.Name, err)
	}
	if err != nil {
		return err
	}
	if err := h.Sessions.Destroy(ctx); err != nil {
		return err
	}
	h.Cookies.SetKiosk(c, device, "")
	h.Cookies.DropTicket(c)
	c.Response().Header().Set("Clear-Site-Data", `"cache"`) // pages of the desk that Back would bring up again; no outbox
	return c.Redirect(http.StatusSeeOther, h.KioskPath)
}

// RevokeKiosk handles POST /desk/sites/:study/:site/kiosks/:kiosk/revoke.
func (h *Handlers) RevokeKiosk(c echo.Context) error {
	study, _, site, err := h.findSite(c)
	if err != nil {
		return err
	}
	if err := h.Store.RevokeKiosk(c.Request().Context(), access.Account(c).ID, study.ID, site.ID, surveys.KioskID(c.Param("kiosk"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, sitePath(study.ID, site.ID)+"/kiosks")
}
